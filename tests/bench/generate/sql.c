/* Shapes of statements, with the lengths and oddities of real ones, and executions of them with values that vary. */
#include "generate.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of a shape's text that stand for values. */
enum value {
	NUMBER = 1,
	STRING = 2,
	LIST = 3,    /* (1, 2, 3) */
	STRINGS = 4, /* ('a', 'b') */
	MOMENT = 5,
	DECIMAL = 6,
	HEX = 7,
	ANY = 8,      /* number, string or NULL */
	COMMENT = 11, /* in front: one of several, or none */
	ROW = 12,     /* a value of a row; ROWS repeats the row */
	ROWS = 14,    /* behind a row */
};

static const char *const NOUNS[] = { "customer", "order",   "invoice",  "item",    "price",   "stock",  "visit",
				     "session",  "article", "comment",  "payment", "address", "coupon", "event",
				     "message",  "track",   "shipment", "vendor",  "rating",  "basket" };
static const char *const PARTS[] = { "id",        "name",      "state",   "created_at", "updated_at", "amount",
				     "currency",  "parent_id", "email",   "position",   "quantity",   "is_active",
				     "kind",      "note",      "country", "due_at",     "weight",     "colour",
				     "reference", "score",     "locale",  "payload",    "version",    "source" };
enum { NOUN_COUNT = sizeof NOUNS / sizeof *NOUNS, PART_COUNT = sizeof PARTS / sizeof *PARTS, TEXT_MOST = 8192 };

struct draft {
	char text[TEXT_MOST];
	size_t len;
	const struct dialect *dialect;
	struct dice *dice;
	bool is_quoted, is_upper, has_lines;
};

static void add(struct draft *d, const char *text)
{
	size_t len = strlen(text);
	if (d->len + len + 1 < TEXT_MOST)
		memcpy(d->text + d->len, text, len + 1), d->len += len;
}

static void add_value(struct draft *d, enum value value)
{
	add(d, (char[]){ (char)value, 0 });
}

/* A keyword, in the shape's case. */
static void word(struct draft *d, const char *keyword)
{
	char text[40];
	size_t len = strlen(keyword);
	for (size_t i = 0; i <= len; i++)
		text[i] = d->is_upper ? (char)toupper((unsigned char)keyword[i]) : keyword[i];
	add(d, text);
}

static void gap(struct draft *d)
{
	add(d, d->has_lines ? "\n  " : " ");
}

static void name(struct draft *d, const char *text)
{
	const char quote[2] = { d->dialect->quote, 0 };
	add(d, d->is_quoted ? quote : "");
	add(d, text);
	add(d, d->is_quoted ? quote : "");
}

static const char *noun(struct draft *d)
{
	return NOUNS[dice_below(d->dice, NOUN_COUNT)];
}

static void table(struct draft *d, char *into, size_t size)
{
	if (dice_chance(d->dice, 4000))
		snprintf(into, size, "%s_%s", noun(d), noun(d));
	else
		snprintf(into, size, "%s%s", noun(d), dice_chance(d->dice, 1500) ? "_2024" : "");
	name(d, into);
}

/* alias.part */
static void column(struct draft *d, const char *alias)
{
	if (*alias) {
		name(d, alias);
		add(d, ".");
	}
	name(d, PARTS[dice_below(d->dice, PART_COUNT)]);
}

static void condition(struct draft *d, const char *alias)
{
	column(d, alias);
	uint32_t kind = dice_below(d->dice, 100);
	if (kind < 40) {
		add(d, kind & 1 ? " = " : "=");
		add_value(d, kind < 22 ? NUMBER : kind < 36 ? STRING : HEX);
	} else if (kind < 58) {
		word(d, " in ");
		add_value(d, kind < 52 ? LIST : STRINGS);
	} else if (kind < 70) {
		word(d, " between ");
		add_value(d, MOMENT);
		word(d, " and ");
		add_value(d, MOMENT);
	} else if (kind < 80) {
		word(d, " like ");
		add_value(d, STRING);
	} else if (kind < 90) {
		add(d, kind & 1 ? " >= " : " < ");
		add_value(d, DECIMAL);
	} else {
		word(d, kind & 1 ? " is null" : " is not null");
	}
}

static void where(struct draft *d, const char *alias, uint32_t most)
{
	uint32_t count = 1 + dice_below(d->dice, most);
	gap(d);
	word(d, "where ");
	for (uint32_t i = 0; i < count; i++) {
		if (i) {
			gap(d);
			word(d, dice_chance(d->dice, 8000) ? "and " : "or ");
		}
		condition(d, alias);
	}
}

static void columns(struct draft *d, const char *alias)
{
	uint32_t count = 1 + dice_below(d->dice, 14);
	for (uint32_t i = 0; i < count; i++) {
		add(d, i ? ", " : "");
		column(d, alias);
		if (d->is_quoted && dice_chance(d->dice, 3000)) { /* as object mappers do */
			char text[40];
			snprintf(text, sizeof text, "col_%u_0_", i);
			word(d, " as ");
			name(d, text);
		}
	}
}

static void draft_select(struct draft *d)
{
	static const char *const ALIASES[] = { "a", "b", "c", "d", "e" };
	uint32_t joins = dice_below(d->dice, 5);
	char text[64];
	word(d, "select ");
	if (dice_chance(d->dice, 1200))
		word(d, "count(*)");
	else
		columns(d, "a");
	gap(d);
	word(d, "from ");
	table(d, text, sizeof text);
	add(d, " a");
	for (uint32_t i = 1; i <= joins; i++) {
		gap(d);
		word(d, dice_chance(d->dice, 6000) ? "join " : "left join ");
		table(d, text, sizeof text);
		snprintf(text, sizeof text, " %s on %s.parent_id = %s.id", ALIASES[i], ALIASES[i], ALIASES[dice_below(d->dice, i)]);
		word(d, text);
	}
	where(d, "a", 5);
	if (dice_chance(d->dice, 3500)) {
		gap(d);
		word(d, "order by ");
		column(d, "a");
		word(d, dice_chance(d->dice, 5000) ? " desc" : "");
	}
	if (dice_chance(d->dice, 3500)) {
		word(d, " limit ");
		add_value(d, NUMBER);
	}
}

static void draft_update(struct draft *d)
{
	char text[64];
	uint32_t count = 1 + dice_below(d->dice, 5);
	word(d, "update ");
	table(d, text, sizeof text);
	gap(d);
	word(d, "set ");
	for (uint32_t i = 0; i < count; i++) {
		add(d, i ? ", " : "");
		column(d, "");
		add(d, " = ");
		add_value(d, ANY);
	}
	where(d, "", 3);
}

static void draft_insert(struct draft *d)
{
	char text[64];
	uint32_t count = 2 + dice_below(d->dice, 10);
	word(d, "insert into ");
	table(d, text, sizeof text);
	add(d, " (");
	for (uint32_t i = 0; i < count; i++) {
		add(d, i ? ", " : "");
		name(d, PARTS[(i * 7 + dice_below(d->dice, 3)) % PART_COUNT]);
	}
	add(d, ")");
	gap(d);
	word(d, "values (");
	for (uint32_t i = 0; i < count; i++) {
		add(d, i ? ", " : "");
		add_value(d, ROW);
	}
	add(d, ")");
	add_value(d, ROWS);
}

static void draft_delete(struct draft *d)
{
	char text[64];
	word(d, "delete from ");
	table(d, text, sizeof text);
	where(d, "", 4);
}

static void draft(struct draft *d)
{
	uint32_t kind = dice_below(d->dice, 100);
	d->len = 0;
	d->is_quoted = dice_chance(d->dice, 4500);
	d->is_upper = dice_chance(d->dice, 5500);
	d->has_lines = dice_chance(d->dice, 3500);
	if (dice_chance(d->dice, 2500))
		add_value(d, COMMENT);
	if (kind < 58)
		draft_select(d);
	else if (kind < 78)
		draft_update(d);
	else if (kind < 94)
		draft_insert(d);
	else
		draft_delete(d);
}

/* Two shapes are one when nothing but values, case, quotes and white space tells them apart. */
static void key(const char *text, char quote, char *into)
{
	for (; *text; text++) {
		if ((unsigned char)*text <= ' ' || *text == quote) {
			if (*text > 0 && *text < 9)
				*into++ = '?';
			continue;
		}
		*into++ = (char)tolower((unsigned char)*text);
	}
	*into = 0;
}

static bool is_known(char **keys, size_t size, const char *text)
{
	size_t at = 5381;
	for (const char *c = text; *c; c++)
		at = at * 33 ^ (unsigned char)*c;
	for (at %= size; keys[at]; at = (at + 1) % size)
		if (strcmp(keys[at], text) == 0)
			return true;
	keys[at] = strdup(text);
	return false;
}

struct shape *shapes_make(struct dice *dice, const struct dialect *dialect, uint32_t count)
{
	struct shape *shapes = calloc(count, sizeof *shapes);
	size_t size = 4 * (size_t)count;
	char **keys = calloc(size, sizeof *keys), text[TEXT_MOST];
	struct draft *d = calloc(1, sizeof *d);
	if (!shapes || !keys || !d)
		abort();
	d->dialect = dialect;
	d->dice = dice;
	shapes[0].text = strdup("BEGIN");
	shapes[1].text = strdup("COMMIT");
	for (uint32_t i = 2; i < count;) {
		draft(d);
		key(d->text, dialect->quote, text);
		if (is_known(keys, size, text))
			continue;
		shapes[i].text = strdup(d->text);
		shapes[i].user = (uint8_t)dice_below(dice, USER_COUNT);
		shapes[i].database = (uint8_t)dice_below(dice, DATABASE_COUNT);
		i++;
	}
	for (size_t i = 0; i < size; i++)
		free(keys[i]);
	free(keys);
	free(d);
	return shapes;
}

static void write_string(struct out *out, struct dice *dice, const struct dialect *dialect)
{
	static const char *const TEXTS[] = { "open",
					     "de_DE",
					     "a@example.com",
					     "M\xc3\xbcller & S\xc3\xb6hne",
					     "it''s here",
					     "/* no comment */",
					     "-- nor this",
					     "{\"a\": [1, 2.5, null], \"b\": \"c\"}",
					     "%cup%",
					     "2024-01-31",
					     "550e8400-e29b-41d4-a716-446655440000",
					     "\xe6\x9d\xb1\xe4\xba\xac # 5",
					     "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor" };
	enum { TEXT_COUNT = sizeof TEXTS / sizeof *TEXTS };
	OUT(out, "'");
	out_text(out, TEXTS[dice_below(dice, TEXT_COUNT)]);
	if (dialect->has_backslash && dice_chance(dice, 800))
		OUT(out, " \\' \\\\ ");
	if (dice_chance(dice, 3000))
		out_number(out, dice_below(dice, 100000), 1, '0');
	OUT(out, "'");
}

static void write_number(struct out *out, struct dice *dice)
{
	uint32_t digits = dice_below(dice, 20);
	if (digits == 0)
		OUT(out, "-");
	out_number(out, dice_below(dice, digits < 10 ? 1000 : 100000000), 1, '0');
}

static void write_decimal(struct out *out, struct dice *dice)
{
	write_number(out, dice);
	OUT(out, ".");
	out_number(out, dice_below(dice, 100), 2, '0');
	if (dice_chance(dice, 500))
		OUT(out, "e-3");
}

static void write_moment(struct out *out, struct dice *dice)
{
	OUT(out, "'2026-");
	out_number(out, 1 + dice_below(dice, 12), 2, '0');
	OUT(out, "-");
	out_number(out, 1 + dice_below(dice, 28), 2, '0');
	OUT(out, " 00:00:00'");
}

static void write_value(struct out *out, struct dice *dice, const struct dialect *dialect)
{
	uint32_t kind = dice_below(dice, 10);
	if (kind < 5)
		write_number(out, dice);
	else if (kind < 9)
		write_string(out, dice, dialect);
	else
		OUT(out, "NULL");
}

static void write_list(struct out *out, struct dice *dice, const struct dialect *dialect, bool is_text, size_t size)
{
	size_t begin = out->len;
	uint32_t count = 1 + dice_below(dice, dice_chance(dice, 2000) ? 50 : 8);
	OUT(out, "(");
	for (uint32_t i = 0; i < count || out->len - begin < size; i++) {
		if (i)
			OUT(out, ", ");
		if (is_text)
			write_string(out, dice, dialect);
		else
			out_number(out, dice_below(dice, 10000000), 1, '0');
	}
	OUT(out, ")");
}

/* More rows of the values that stand behind the last bracket of the shape. */
static void write_rows(struct out *out, struct dice *dice, const struct dialect *dialect, uint32_t values, size_t size)
{
	size_t begin = out->len;
	uint32_t rows = dice_chance(dice, 1500) ? dice_below(dice, 20) : 0;
	for (uint32_t row = 0; row < rows || (size > 100000 && out->len - begin < size); row++) {
		OUT(out, ", (");
		for (uint32_t i = 0; i < values; i++) {
			if (i)
				OUT(out, ", ");
			write_value(out, dice, dialect);
		}
		OUT(out, ")");
	}
}

static void write_comment(struct out *out, struct dice *dice, const struct dialect *dialect)
{
	uint32_t kind = dice_below(dice, 10);
	if (kind < 4) {
		OUT(out, "/* controller='cart',action='show',request='");
		out_number(out, dice_next(dice), 1, '0');
		OUT(out, "' */ ");
	} else if (kind < 6) {
		OUT(out, "-- it's a query's name\n");
	} else if (kind < 7 && dialect->has_hash) {
		OUT(out, "# it's another\n");
	}
}

void shape_write(struct out *out, struct dice *dice, const struct dialect *dialect, const struct shape *shape, size_t size)
{
	uint32_t values = 0;
	for (const char *at = shape->text; *at; at++) {
		switch ((enum value) * at) {
		case NUMBER:
			write_number(out, dice);
			break;
		case STRING:
			write_string(out, dice, dialect);
			break;
		case LIST:
		case STRINGS:
			write_list(out, dice, dialect, *at == STRINGS, size > 100000 ? 0 : size);
			break;
		case MOMENT:
			write_moment(out, dice);
			break;
		case DECIMAL:
			write_decimal(out, dice);
			break;
		case HEX:
			OUT(out, "x'");
			out_number(out, dice_below(dice, 100000000), 8, '0');
			OUT(out, "'");
			break;
		case ROW:
			values++;
			write_value(out, dice, dialect);
			break;
		case ANY:
			write_value(out, dice, dialect);
			break;
		case ROWS:
			write_rows(out, dice, dialect, values, size);
			break;
		case COMMENT:
			write_comment(out, dice, dialect);
			break;
		default:
			out_bytes(out, at, 1);
		}
	}
}
