#include "source/condition.h"

enum operation { OP_NONE, OP_AT_LEAST, OP_AT_MOST, OP_EQUAL_NOT, OP_ABOVE, OP_BELOW, OP_EQUAL };

/* Two-character ones first: "<=" also begins with "<". */
static const struct {
	const char *text;
	enum operation operation;
} OPERATIONS[] = {
	{ ">=", OP_AT_LEAST }, { "<=", OP_AT_MOST }, { "!=", OP_EQUAL_NOT },
	{ ">", OP_ABOVE },     { "<", OP_BELOW },    { "=", OP_EQUAL },
};

struct term {
	bool is_not;
	struct slice trait, version;
	enum operation operation;
};

static struct trait *find(const struct traits *traits, struct slice name)
{
	for (size_t i = 0; i < traits->count; i++)
		if (slice_equal(traits->items[i].name, name))
			return &traits->items[i];
	return NULL;
}

void traits_set(struct traits *traits, struct arena *a, struct slice name, struct slice value)
{
	struct trait *old = find(traits, name);
	if (old) {
		old->value = arena_slice(a, value);
		return;
	}
	if (traits->count == TRAITS_MAX)
		return;
	traits->items = arena_grow(a, traits->items, traits->count, &traits->size, sizeof *traits->items);
	traits->items[traits->count++] = (struct trait){ arena_slice(a, name), arena_slice(a, value) };
}

struct slice traits_value(const struct traits *traits, struct slice name)
{
	const struct trait *trait = find(traits, name);
	return trait ? trait->value : (struct slice){ NULL, 0 };
}

void traits_reset(struct traits *traits)
{
	*traits = (struct traits){ 0 };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Cuts the next number off "15.20beta1"; false when no number follows. Numbers past 18 digits count as the largest. */
static bool next_number(struct slice *rest, int64_t *number)
{
	if (!rest->len || !is_digit(rest->ptr[0]))
		return false;
	int64_t n = 0;
	while (rest->len && is_digit(rest->ptr[0])) {
		n = n > INT64_MAX / 100 ? n : n * 10 + (rest->ptr[0] - '0');
		rest->ptr++;
		rest->len--;
	}
	*number = n;
	if (rest->len && rest->ptr[0] == '.') {
		rest->ptr++;
		rest->len--;
	} else {
		rest->len = 0; /* "beta1", "-log": no further part of the version */
	}
	return true;
}

bool version_compare(struct slice left, struct slice right, int *order)
{
	int64_t a = 0, b = 0;
	bool has_left = next_number(&left, &a), has_right = next_number(&right, &b);
	*order = 0;
	if (!has_left || !has_right)
		return false;
	while (has_left || has_right) {
		if (a != b) {
			*order = a < b ? -1 : 1;
			return true;
		}
		a = b = 0;
		has_left = next_number(&left, &a);
		has_right = next_number(&right, &b);
	}
	return true;
}

/* Cuts the next term off at " and ". */
static struct slice next_term(struct slice *rest)
{
	struct slice word = SLICE(" and ");
	const char *at = rest->len ? memmem(rest->ptr, rest->len, word.ptr, word.len) : NULL;
	struct slice term = { rest->ptr, at ? (size_t)(at - rest->ptr) : rest->len };
	size_t used = at ? term.len + word.len : rest->len;
	rest->ptr += used;
	rest->len -= used;
	return slice_trim(term);
}

static bool term_parse(struct slice text, struct term *out, const char **problem)
{
	*out = (struct term){ .trait = text };
	if (slice_starts(text, SLICE("not "))) {
		out->is_not = true;
		out->trait = slice_trim((struct slice){ text.ptr + 4, text.len - 4 });
	}
	const char *at = NULL;
	for (size_t i = 0; i < out->trait.len && !at; i++)
		if (memchr("<>=!", out->trait.ptr[i], 4))
			at = out->trait.ptr + i;
	for (size_t i = 0; at && i < sizeof OPERATIONS / sizeof *OPERATIONS; i++) {
		struct slice rest = { at, out->trait.len - (size_t)(at - out->trait.ptr) }, sign = slice_of(OPERATIONS[i].text);
		if (!slice_starts(rest, sign))
			continue;
		out->operation = OPERATIONS[i].operation;
		out->version = slice_trim((struct slice){ rest.ptr + sign.len, rest.len - sign.len });
		out->trait = slice_trim((struct slice){ out->trait.ptr, (size_t)(at - out->trait.ptr) });
		break;
	}
	*problem = !out->trait.len                               ? "a trait is missing"
		   : at && !out->operation                       ? "'!' without '='"
		   : out->operation && !out->version.len         ? "a version is missing behind the operator"
		   : memchr(out->trait.ptr, '|', out->trait.len) ? "'|' in a condition"
								 : NULL;
	return !*problem;
}

bool condition_check(struct slice text, const char **problem)
{
	struct slice rest = slice_trim(text);
	struct term term;
	*problem = rest.len ? NULL : "it is empty";
	for (size_t count = 0; rest.len && !*problem; count++) {
		if (count == CONDITION_TERMS_MAX)
			*problem = "it has more than 16 terms";
		else
			term_parse(next_term(&rest), &term, problem);
	}
	return !*problem;
}

static bool is_set(struct slice value)
{
	return value.ptr && !slice_equal(value, SLICE("0"));
}

/* "role primary" as the trait `role` with the value `primary`. */
static bool holds_as_value(const struct traits *traits, struct slice name)
{
	const char *at = memrchr(name.ptr, ' ', name.len);
	if (!at)
		return false;
	struct slice value = { at + 1, name.len - (size_t)(at + 1 - name.ptr) };
	return slice_equal(traits_value(traits, slice_trim((struct slice){ name.ptr, (size_t)(at - name.ptr) })), value);
}

static bool compare_holds(const struct term *term, struct slice value)
{
	int order = 0;
	if (!version_compare(value, term->version, &order)) {
		bool is_same = slice_equal(value, term->version);
		return term->operation == OP_EQUAL ? is_same : term->operation == OP_EQUAL_NOT && !is_same;
	}
	switch (term->operation) {
	case OP_AT_LEAST:
		return order >= 0;
	case OP_AT_MOST:
		return order <= 0;
	case OP_ABOVE:
		return order > 0;
	case OP_BELOW:
		return order < 0;
	case OP_EQUAL:
		return order == 0;
	case OP_EQUAL_NOT:
		return order != 0;
	case OP_NONE:
		break;
	}
	return false;
}

static bool term_holds(const struct term *term, const struct traits *traits)
{
	struct slice value = traits_value(traits, term->trait);
	bool holds;
	if (term->operation == OP_NONE)
		holds = is_set(value) || (!value.ptr && holds_as_value(traits, term->trait));
	else
		holds = value.ptr && compare_holds(term, value);
	return holds != term->is_not;
}

bool condition_holds(struct slice text, const struct traits *traits)
{
	struct slice rest = slice_trim(text);
	const char *problem = NULL;
	struct term term;
	for (size_t count = 0; rest.len; count++)
		if (count == CONDITION_TERMS_MAX || !term_parse(next_term(&rest), &term, &problem) || !term_holds(&term, traits))
			return false;
	return true;
}

char *condition_reason(struct slice text, const struct traits *traits, struct arena *a)
{
	struct slice rest = slice_trim(text);
	const char *problem = NULL;
	for (size_t count = 0; rest.len && count < CONDITION_TERMS_MAX; count++) {
		struct slice whole = next_term(&rest);
		struct term term;
		if (!term_parse(whole, &term, &problem))
			return arena_printf(a, "its condition '%.*s' cannot be read: %s", SLICE_ARG(whole), problem);
		if (term_holds(&term, traits))
			continue;
		struct slice value = traits_value(traits, term.trait);
		if (term.is_not)
			return arena_printf(a, "not where there is %.*s", SLICE_ARG(term.trait));
		if (term.operation && value.ptr)
			return arena_printf(a, "needs %.*s, it is %.*s", SLICE_ARG(whole), SLICE_ARG(value));
		return arena_printf(a, "needs %.*s", SLICE_ARG(whole));
	}
	return arena_text(a, (struct slice){ "", 0 });
}
