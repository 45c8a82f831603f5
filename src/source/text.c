#include "source/text.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "source/idset.h"
#include "statement/predicate.h"
#include "statement/statement.h"

enum { TAGS_MAX = 64 * 1024, NAME_MAX_BYTES = 1024, COLUMNS_MAX = 64 };

/* Places of the columns in statement_text. */
struct texts {
	unsigned lexical;
	struct statement_normaliser *normaliser;
	struct arena scratch;
	const struct fact_table *table;
	int native_id, fingerprint, text, verb, native_text, tables, tags;
	const struct fact_table *column_table; /* statement_column */
	int column_places[7];                  /* as in COLUMNS */
	struct idset given;                    /* fingerprints whose columns went on: several texts of a server can have one */
};

enum { COLUMN_FINGERPRINT, COLUMN_SCHEMA, COLUMN_RELATION, COLUMN_NAME, COLUMN_USAGE, COLUMN_IS_EXPRESSION, COLUMN_POSITION };

static const char *const COLUMNS[] = { "fingerprint", "schema", "relation", "column", "usage", "is_expression", "position" };

struct texts *texts_open(unsigned lexical)
{
	struct texts *t = calloc(1, sizeof *t);
	if (!t)
		err_no_memory(sizeof *t);
	t->lexical = lexical;
	t->normaliser = statement_open();
	t->table = facts_table(facts_builtin(), SLICE("statement_text"));
	if (t->table) {
		t->native_id = fact_column_find(t->table, SLICE("native_id"));
		t->fingerprint = fact_column_find(t->table, SLICE("fingerprint"));
		t->text = fact_column_find(t->table, SLICE("text"));
		t->verb = fact_column_find(t->table, SLICE("verb"));
		t->native_text = fact_column_find(t->table, SLICE("native_text"));
		t->tables = fact_column_find(t->table, SLICE("tables"));
		t->tags = fact_column_find(t->table, SLICE("tags"));
	}
	t->column_table = facts_table(facts_builtin(), SLICE("statement_column"));
	for (size_t i = 0; t->column_table && i < sizeof COLUMNS / sizeof *COLUMNS; i++)
		t->column_places[i] = fact_column_find(t->column_table, slice_of(COLUMNS[i]));
	return t;
}

void texts_close(struct texts *t)
{
	if (!t)
		return;
	statement_close(t->normaliser);
	idset_close(&t->given);
	arena_close(&t->scratch);
	free(t);
}

bool texts_takes(const struct fact_table *table)
{
	return slice_equal(table->name, SLICE("statement_text"));
}

static struct fact_value text_value(struct slice s)
{
	return (struct fact_value){ .type = FACT_TEXT, .text = s };
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || (c & 0x80);
}

/*
 * Whether the server itself took every literal out: it left no string, and either a parameter or no number. A server
 * that runs out of memory for its statistics keeps texts as they came.
 */
static bool has_no_literal(struct slice s)
{
	bool has_number = false, has_parameter = false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i], next = i + 1 < s.len ? s.ptr[i + 1] : 0;
		if (c == '\'' || (c == '$' && next == '$'))
			return false;
		has_parameter |= c == '$' && next >= '0' && next <= '9';
		has_number |= c >= '0' && c <= '9' && (i == 0 || !is_word(s.ptr[i - 1]));
	}
	return has_parameter || !has_number;
}

/* The text without its comments, in which anything may stand; names in quotes stay. Strings are out already. */
static struct slice without_comments(struct slice s, struct arena *a)
{
	char *text = arena_text(a, s);
	size_t used = 0, depth = 0;
	bool is_quoted = false, is_line = false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i], next = i + 1 < s.len ? s.ptr[i + 1] : 0;
		bool opens = c == '/' && next == '*', closes = depth && c == '*' && next == '/';
		if (!is_quoted && !is_line && (opens || closes)) {
			depth = opens ? depth + 1 : depth - 1;
			i++;
			continue;
		}
		is_line = !is_quoted && !depth && (is_line ? c != '\n' : c == '-' && next == '-');
		if (depth || is_line)
			continue;
		is_quoted ^= c == '"';
		text[used++] = c;
	}
	return slice_trim((struct slice){ text, used });
}

/* ["schema.relation", …] */
static void put_tables(const struct predicates *predicates, struct buffer *out)
{
	SCOPED_BUFFER name = BUFFER(NAME_MAX_BYTES, "name");
	for (size_t i = 0; i < predicates->table_count; i++) {
		const struct predicate_table *table = &predicates->tables[i];
		buffer_reset(&name);
		buffer_slice(&name, table->schema);
		buffer_text(&name, table->schema.len ? "." : "");
		buffer_slice(&name, table->name);
		buffer_text(out, i ? ", " : "[");
		buffer_json(out, buffer_view(&name));
	}
	buffer_text(out, predicates->table_count ? "]" : "");
}

static struct fact_value name_value(struct slice s)
{
	return s.len ? text_value(s) : (struct fact_value){ .type = FACT_NULL };
}

/* One row of statement_column for each column that the statement uses. */
static void put_columns(const struct texts *t, const struct predicates *predicates, int64_t fingerprint, int look,
			const struct sink *sink)
{
	int64_t positions[PREDICATE_SET + 1] = { 0 };
	for (size_t i = 0; i < predicates->column_count; i++) {
		const struct predicate_column *c = &predicates->columns[i];
		struct fact_value values[sizeof COLUMNS / sizeof *COLUMNS] = { 0 };
		const int *place = t->column_places;
		values[place[COLUMN_FINGERPRINT]] = (struct fact_value){ .type = FACT_INTEGER, .integer = fingerprint };
		values[place[COLUMN_SCHEMA]] = name_value(c->schema);
		values[place[COLUMN_RELATION]] = name_value(c->table);
		values[place[COLUMN_NAME]] = text_value(c->column);
		values[place[COLUMN_USAGE]] = text_value(slice_of(predicate_usage_name(c->usage)));
		values[place[COLUMN_IS_EXPRESSION]] = (struct fact_value){ .type = FACT_INTEGER, .integer = c->is_expression };
		values[place[COLUMN_POSITION]] = (struct fact_value){ .type = FACT_INTEGER, .integer = ++positions[c->usage] };
		sink->row(sink->context, t->column_table, look, values);
	}
}

/* The row, with what the text says, and those of the columns that it uses. */
static void put_rows(struct texts *t, const struct texts_normalised *s, int look, struct fact_value *values,
		     const struct sink *sink)
{
	SCOPED_BUFFER tables = BUFFER(TAGS_MAX, "tables");
	struct predicates predicates = { 0 };
	if (s->is_query)
		predicates_read(t->lexical, s->text, &t->scratch, &predicates);
	put_tables(&predicates, &tables);
	values[t->fingerprint] = (struct fact_value){ .type = FACT_INTEGER, .integer = (int64_t)s->fingerprint };
	values[t->text] = text_value(s->text);
	values[t->verb] = text_value(slice_of(statement_verb_name(s->verb)));
	values[t->tags] = s->tags.len ? text_value(s->tags) : (struct fact_value){ .type = FACT_NULL };
	values[t->tables] =
		tables.len && !tables.is_full ? text_value(buffer_view(&tables)) : (struct fact_value){ .type = FACT_NULL };
	sink->row(sink->context, t->table, look, values);
	if (predicates.column_count && idset_add(&t->given, (int64_t)s->fingerprint))
		put_columns(t, &predicates, (int64_t)s->fingerprint, look, sink);
	arena_reset(&t->scratch);
}

void texts_put(struct texts *t, const struct texts_normalised *s, int look, const struct sink *sink)
{
	struct fact_value values[COLUMNS_MAX] = { 0 };
	values[t->native_id] = (struct fact_value){ .type = FACT_INTEGER, .integer = (int64_t)s->fingerprint };
	put_rows(t, s, look, values, sink);
}

void texts_row(struct texts *t, const struct fact_table *table, int look, struct fact_value *values, const struct sink *sink)
{
	SCOPED_BUFFER tags = BUFFER(TAGS_MAX, "tags");
	struct statement statement;
	struct slice native = values[t->text].text;
	(void)table;
	if (values[t->text].type != FACT_TEXT || !native.len)
		return; /* a text that the role may not see */
	statement_begin(t->normaliser, t->lexical, STATEMENT_TEXT_CAP);
	statement_feed(t->normaliser, native.ptr, native.len);
	statement_end(t->normaliser, &t->scratch, &statement);
	statement_put_tags(&statement, &tags);
	struct texts_normalised s = {
		.fingerprint = statement.fingerprint,
		.text = statement.text,
		.verb = statement.verb,
		.is_query = statement.verb != STATEMENT_UTILITY && statement.verb != STATEMENT_EMPTY && !statement.is_broken,
		.tags = tags.is_full ? SLICE("") : buffer_view(&tags),
	};
	values[t->native_text] = s.is_query && has_no_literal(native) ? text_value(without_comments(native, &t->scratch))
								      : (struct fact_value){ .type = FACT_NULL };
	put_rows(t, &s, look, values, sink);
}
