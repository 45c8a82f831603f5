/* The pre-hash's middle: what becomes of the bytes that need a look, the same on every path. */
#include "statement/prehash.h"

#include <string.h>
#include <xxhash.h>

#include "statement/prehash_fold.h"

enum {
	ROWS_MAX = 6,         /* rows of VALUES that are kept in a row: fewer than the normaliser knows again (SEEN_MAX) */
	ROW_BYTES_MAX = 4096, /* of a folded row that is compared with the one before */
	DEPTH_MAX = 60, /* parentheses inside of each other: in deeper ones the normaliser leaves lists as they are (LEVEL_MAX) */
};

/* A number, where one begins; NULL where it is none that folds (1abc, 1_000, 1e5). Hexadecimal ones fold. */
static const char *number_end(const char *p, const char *end)
{
	const char *begin = p;
	while (p < end && fold_is_digit(*p))
		p++;
	if (p - begin == 1 && *begin == '0' && p < end && (*p | 0x20) == 'x') {
		const char *digits = ++p;
		while (p < end && (fold_is_digit(*p) || ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'f')))
			p++;
		return p > digits && (p == end || (!fold_is_word(*p) && *p != '.')) ? p : NULL;
	}
	if (p < end && *p == '.') {
		p++;
		while (p < end && fold_is_digit(*p))
			p++;
	}
	return p == end || (!fold_is_word(*p) && *p != '.') ? p : NULL;
}

/* Behind the string whose quote stands before p; NULL where it has no end. */
static const char *string_end(const struct fold_path *path, const char *p, const char *end, char quote, bool has_escapes)
{
	char escape = has_escapes ? '\\' : quote;
	for (;;) {
		p = path->find(p, end, quote, escape);
		if (p >= end)
			return NULL;
		if (*p != quote) {
			p += 2; /* \ and what it escapes */
			if (p > end)
				return NULL;
		} else if (p + 1 < end && p[1] == quote) {
			p += 2;
		} else {
			return p + 1;
		}
	}
}

static bool take_number(struct fold *f)
{
	/* @1 is a variable's name to some, and so is what stands behind a point. */
	bool is_name = f->out[-1] == '@' || (f->out[-1] == '.' && f->flags & STATEMENT_DIGIT_NAMES);
	const char *end = is_name ? NULL : number_end(f->p, f->end);
	if (end) {
		*f->out++ = '0';
		f->p = end;
		return true;
	}
	/* As it stands: what looks like a number and a name at once. */
	while (f->p < f->end && (fold_is_word(*f->p) || *f->p == '.') && f->out < f->limit) {
		char c = *f->p++;
		*f->out++ = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
	}
	return true;
}

/* Whether the folded text ends in the word, and it is a keyword there: no part of a name, a variable or a bind. */
static bool ends_in(const struct fold *f, const char *base, const char *word, size_t len)
{
	if ((size_t)(f->out - base) <= len || memcmp(f->out - len, word, len) != 0)
		return false;
	const char *before = f->out - len - 1;
	if (fold_is_blank(*before))
		return before == base || before[-1] != '.'; /* behind a point it is a name */
	return memchr(")]`\"'", *before, 5);
}

static bool take_string(struct fold *f, const struct fold_path *path)
{
	bool has_escapes = f->flags & STATEMENT_BACKSLASH_ESCAPES;
	if (f->out[-1] == '@')
		return false;
	if (f->flags & STATEMENT_E_STRINGS) {
		if (f->out[-1] == '&' || (has_escapes && fold_is_word(f->out[-1])) || (f->was_escaped && fold_is_blank(f->out[-1])))
			return false;
		if (f->out[-1] == 'e' && !fold_is_word(f->out[-2]))
			has_escapes = f->was_escaped = true;
	}
	const char *end = string_end(path, f->p + 1, f->end, *f->p, has_escapes);
	if (!end)
		return false;
	*f->out++ = '\'';
	f->p = end;
	return true;
}

/* A name in quotes is copied as it stands. */
static bool take_name(struct fold *f, const struct fold_path *path)
{
	const char *end = string_end(path, f->p + 1, f->end, *f->p, false);
	if (!end || end - f->p > f->limit - f->out)
		return false;
	memcpy(f->out, f->p, (size_t)(end - f->p));
	f->out += end - f->p;
	f->p = end;
	return true;
}

/* Behind the comment that begins at p, or p where none does; NULL where the text has no key. */
static const char *comment_end(const struct fold *f, const char *p)
{
	size_t left = (size_t)(f->end - p);
	if (left < 2)
		return p;
	bool is_hash = *p == '#' && f->flags & STATEMENT_HASH_COMMENTS;
	bool is_dashes = p[0] == '-' && p[1] == '-';
	if (is_dashes && f->flags & STATEMENT_SPACED_DASH_COMMENTS && (left == 2 || (unsigned char)p[2] > ' '))
		is_dashes = false;
	if (is_hash || is_dashes) {
		while (p < f->end && *p != '\n' && *p != '\r')
			p++;
		return p;
	}
	if (p[0] != '/' || p[1] != '*')
		return p;
	if (left > 3 && (p[2] == '!' || p[2] == '+' || (p[2] == 'M' && p[3] == '!')))
		return NULL; /* code, as some have it */
	for (p += 2; f->end - p >= 2; p++) {
		if (p[0] == '*' && p[1] == '/')
			return p + 2;
		if (p[0] == '/' && p[1] == '*')
			return NULL;
	}
	return NULL;
}

/* A run of white space and comments becomes one byte that says of which kinds it was. */
static bool take_blanks(struct fold *f)
{
	static const char codes[] = { ' ', '\n', FOLD_COMMENT, FOLD_COMMENT_LINE };
	unsigned kinds = 0;
	if (fold_is_blank(f->out[-1])) {
		f->out--;
		while (codes[kinds] != *f->out)
			kinds++;
	}
	for (;;) {
		while (f->p < f->end && (*f->p == ' ' || (*f->p >= '\t' && *f->p <= '\r'))) {
			kinds |= *f->p == '\n' || *f->p == '\r';
			f->p++;
		}
		if (f->p == f->end || (*f->p != '/' && *f->p != '-' && *f->p != '#'))
			break;
		const char *end = comment_end(f, f->p);
		if (!end)
			return false;
		if (end == f->p)
			break;
		kinds |= 2;
		f->p = end;
	}
	*f->out++ = codes[kinds];
	return true;
}

/* - / # that begins no comment stands for itself. */
static bool take_dash(struct fold *f)
{
	const char *end = comment_end(f, f->p);
	if (!end)
		return false;
	if (end != f->p)
		return take_blanks(f);
	*f->out++ = *f->p++;
	return true;
}

static bool take_dollar(struct fold *f)
{
	const char *p = f->p + 1;
	bool is_inside = fold_is_word(f->out[-1]) || (f->out[-1] == '.' && f->flags & STATEMENT_DIGIT_NAMES);
	if (is_inside || (!(f->flags & STATEMENT_DOLLAR_QUOTES) && !(p < f->end && fold_is_digit(*p)))) {
		*f->out++ = *f->p++;
		return true;
	}
	while (p < f->end && fold_is_digit(*p))
		p++;
	if (p == f->p + 1 || (p < f->end && fold_is_word(*p)))
		return false;
	*f->out++ = '$';
	*f->out++ = '0';
	f->p = p;
	return true;
}

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || (*p >= '\t' && *p <= '\r')))
		p++;
	return p;
}

/* Behind a word that stands for a value in a row of VALUES. */
static const char *value_word_end(const char *p, const char *end)
{
	static const char *const words[] = { "null", "default", "true", "false" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t len = strlen(words[i]), k = 0;
		while (k < len && p + k < end && (p[k] | 0x20) == words[i][k])
			k++;
		if (k == len && p + k < end && !fold_is_word(p[k]))
			return p + k;
	}
	return NULL;
}

/* Behind one literal, its blanks before and behind too; NULL where something else stands there. */
static const char *item_end(const struct fold *f, const struct fold_path *path, const char *p, bool has_words)
{
	p = skip_blanks(p, f->end);
	if (p == f->end)
		return NULL;
	bool is_string = *p == '\'' || (*p == '"' && !(f->flags & STATEMENT_DOUBLE_QUOTE_IDENTIFIERS));
	if (is_string)
		p = string_end(path, p + 1, f->end, *p, f->flags & STATEMENT_BACKSLASH_ESCAPES);
	else if (has_words && ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z'))
		p = value_word_end(p, f->end);
	else {
		p += *p == '-' || *p == '+';
		p = p < f->end && fold_is_digit(*p) ? number_end(p, f->end) : NULL;
	}
	return p ? skip_blanks(p, f->end) : NULL;
}

/* Behind a list (…) of literals that begins at p; `count` is how many; NULL where it holds anything else. */
static const char *list_end(const struct fold *f, const struct fold_path *path, const char *p, bool has_words, size_t *count)
{
	for (*count = 0; p && p < f->end; ++*count) {
		p = item_end(f, path, p + 1, has_words);
		if (p && p < f->end && *p == ')') {
			++*count;
			return p + 1;
		}
		if (!p || p == f->end || *p != ',')
			return NULL;
	}
	return NULL;
}

static bool put_row(struct fold *f, size_t count)
{
	if (2 * count + 1 > (size_t)(f->limit - f->out))
		return false;
	*f->out++ = '(';
	for (size_t i = 0; i < count; i++) {
		*f->out++ = FOLD_LITERAL;
		*f->out++ = i + 1 < count ? ',' : ')';
	}
	return true;
}

/* Rows of VALUES: one that reads like the one before goes. */
static bool take_rows(struct fold *f, const struct fold_path *path)
{
	size_t last = 0, count = 0, kept = 0;
	const char *p = f->p, *next;
	while ((next = list_end(f, path, p, true, &count)) != NULL) {
		if (count != last) {
			if (kept++ == ROWS_MAX)
				return false;
			if (last)
				*f->out++ = ',';
			if (!put_row(f, count))
				return false;
			last = count;
		}
		f->p = next;
		next = skip_blanks(next, f->end);
		if (next == f->end || *next != ',')
			return true;
		p = skip_blanks(next + 1, f->end);
		if (p == f->end || *p != '(')
			return true;
	}
	if (f->p == p && !last) {
		f->opens++;
		*f->out++ = *f->p++;
	}
	return true;
}

/* ( behind IN or VALUES begins a list that may fold. */
static bool take_open(struct fold *f, const struct fold_path *path, const char *base)
{
	size_t count;
	char *out = f->out;
	const char *end = NULL;
	if (fold_is_blank(f->out[-1]))
		f->out--;
	bool is_in = ends_in(f, base, "in", 2);
	bool is_values =
		!is_in && ends_in(f, base, "values", 6) &&
		(memcmp(base, "insert", 6) == 0 || (f->flags & STATEMENT_BACKTICK_IDENTIFIERS && memcmp(base, "replace", 7) == 0));
	f->out = out;
	if (is_values)
		return take_rows(f, path);
	if (is_in)
		end = list_end(f, path, f->p, false, &count);
	if (!end) {
		f->opens++;
		*f->out++ = *f->p++;
		return true;
	}
	f->p = end;
	return put_row(f, 1);
}

static bool take(struct fold *f, const struct fold_path *path, const char *base)
{
	switch (*f->p) {
	case '\'':
		return take_string(f, path);
	case '"':
		return f->flags & STATEMENT_DOUBLE_QUOTE_IDENTIFIERS ? take_name(f, path) : take_string(f, path);
	case '`':
		return f->flags & STATEMENT_BACKTICK_IDENTIFIERS && take_name(f, path);
	case '(':
		return take_open(f, path, base);
	case '$':
		return take_dollar(f);
	case '-':
	case '/':
	case '#':
		return take_dash(f);
	case ' ':
	case '\t':
	case '\n':
	case '\v':
	case '\f':
	case '\r':
		return take_blanks(f);
	default:
		return fold_is_digit(*f->p) && take_number(f);
	}
}

/* White space and semicolons at the ends say nothing. */
static void trim(struct fold *f)
{
	f->p = skip_blanks(f->p, f->end);
	while (f->end > f->p && (f->end[-1] == ';' || f->end[-1] == ' ' || (f->end[-1] >= '\t' && f->end[-1] <= '\r')))
		f->end--;
}

/* Whether parentheses and brackets of the folded text are inside of each other too deep. */
static bool is_deep(const struct fold *f, const char *folded)
{
	unsigned depth = 0;
	if (f->opens < DEPTH_MAX && !memchr(folded, '[', (size_t)(f->out - folded)))
		return false;
	for (const char *p = folded; p < f->out; p++) {
		if (*p == '"' || *p == '`') { /* a name in quotes */
			const char *end = memchr(p + 1, *p, (size_t)(f->out - p - 1));
			p = end ? end : p;
		} else if (*p == '(' || *p == '[') {
			if (++depth > DEPTH_MAX)
				return true;
		} else if ((*p == ')' || *p == ']') && depth > 0) {
			depth--;
		}
	}
	return false;
}

bool prehash_text(enum prehash_path choice, unsigned flags, const char *text, size_t len, uint64_t *key)
{
	char buffer[PREHASH_TEXT_MAX + 2 * FOLD_STRIDE + 8];
	struct fold f = { .p = text, .end = text + len, .out = buffer + 1, .limit = buffer + PREHASH_TEXT_MAX, .flags = flags };
	bool is_vector = choice == PREHASH_VECTOR || (choice == PREHASH_BEST && prehash_has_vector());
	const struct fold_path *path = is_vector ? &FOLD_VECTOR : &FOLD_SCALAR;
	for (const char *c = "\"$'(-/"; *c; c++)
		f.stops[*c & 15] = 1;
	f.stops['#' & 15] = (flags & STATEMENT_HASH_COMMENTS) != 0;
	buffer[0] = FOLD_BEGIN;
	trim(&f);
	while (f.p < f.end) {
		path->copy(&f);
		if (f.out >= f.limit)
			return false;
		if (f.p < f.end && !take(&f, path, buffer + 1))
			return false;
	}
	if (is_deep(&f, buffer))
		return false;
	*key = XXH3_64bits_withSeed(buffer, (size_t)(f.out - buffer), flags);
	return true;
}
