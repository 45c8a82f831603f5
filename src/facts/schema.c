/* Reads facts.sql: a line at a time, since the file is ours and has one column a line. */
#include "facts/schema.h"

extern const char facts_facts_sql[];
extern const size_t facts_facts_sql_len;

enum { MAX_TABLES = 64, MAX_COLUMNS = 96 };

static const char *const FACT_KINDS[] = { "counter", "level", "state", "event" };
static const char *const COLUMN_KINDS[] = { "key", "native", "sum", "max", "min", "last", "text", "since", "sketch" };
static const char *const TYPES[] = { "INTEGER", "REAL", "TEXT", "BLOB" };

static int name_find(const char *const *names, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(slice_of(names[i]), name))
			return (int)i;
	return -1;
}

#define NAME_FIND(names, name) name_find(names, sizeof(names) / sizeof *(names), name)

const char *fact_kind_name(enum fact_kind kind)
{
	return FACT_KINDS[kind];
}

const char *column_type_name(enum column_type type)
{
	return TYPES[type];
}

const char *column_kind_name(enum column_kind kind)
{
	return COLUMN_KINDS[kind];
}

/* "NAME, KIND. What one row is." */
static bool parse_table(struct slice line, struct fact_table *table)
{
	struct slice rest = line;
	table->name = slice_trim(slice_cut(&rest, ','));
	struct slice kind = slice_trim(slice_cut(&rest, '.'));
	int k = NAME_FIND(FACT_KINDS, kind);
	table->comment = slice_trim(rest);
	table->kind = k < 0 ? FACT_EVENT : (enum fact_kind)k;
	return k >= 0 && table->name.len;
}

/* "NAME TYPE, -- KIND. meaning, unit. source" */
static bool parse_column(struct slice line, struct fact_column *column)
{
	struct slice rest = line;
	column->name = slice_cut(&rest, ' ');
	rest = slice_trim(rest);
	size_t len = 0;
	while (len < rest.len && rest.ptr[len] >= 'A' && rest.ptr[len] <= 'Z')
		len++;
	int type = NAME_FIND(TYPES, ((struct slice){ rest.ptr, len }));
	slice_cut(&rest, '-');
	if (!rest.len || rest.ptr[0] != '-')
		return false;
	rest = slice_trim((struct slice){ rest.ptr + 1, rest.len - 1 });
	int kind = NAME_FIND(COLUMN_KINDS, slice_cut(&rest, '.'));
	if (type < 0 || kind < 0)
		return false;
	column->type = (enum column_type)type;
	column->kind = (enum column_kind)kind;
	column->comment = slice_trim(rest);
	return true;
}

int facts_parse(struct slice sql, struct arena *a, struct facts *out, struct err *e)
{
	struct fact_table *tables = arena_array(a, MAX_TABLES, sizeof *tables);
	struct fact_column *columns = NULL;
	size_t count = 0;
	bool is_inside = false;
	int number = 0;
	while (sql.len) {
		struct slice line = slice_trim(slice_cut(&sql, '\n'));
		number++;
		bool is_good = true;
		if (slice_starts(line, SLICE("-- table: ")) && memchr(line.ptr, ',', line.len) &&
		    !slice_starts(line, SLICE("-- table: NAME"))) {
			if (count == MAX_TABLES)
				return err_set(e, ERR_INTERNAL, "facts: more than %d tables", MAX_TABLES);
			struct fact_table *table = &tables[count];
			is_good = parse_table((struct slice){ line.ptr + 10, line.len - 10 }, table);
			columns = arena_array(a, MAX_COLUMNS, sizeof *columns);
			table->columns = columns;
			table->index = count++;
		} else if (slice_starts(line, SLICE("CREATE TABLE "))) {
			is_inside = true;
		} else if (slice_starts(line, SLICE(");"))) {
			is_inside = false;
		} else if (is_inside && line.len) {
			struct fact_table *table = count ? &tables[count - 1] : NULL;
			is_good = table && table->column_count < MAX_COLUMNS && parse_column(line, &columns[table->column_count++]);
		}
		if (!is_good)
			return err_set(e, ERR_INTERNAL, "facts: line %d is neither a table nor a column", number);
	}
	*out = (struct facts){ tables, count };
	return ERR_OK;
}

const struct facts *facts_builtin(void)
{
	static struct facts facts; /* a constant after the first call, which main makes before any thread starts */
	static struct arena arena;
	if (!facts.tables) {
		struct err e = { 0 };
		if (facts_parse((struct slice){ facts_facts_sql, facts_facts_sql_len }, &arena, &facts, &e) != ERR_OK)
			facts = (struct facts){ arena_alloc(&arena, sizeof(struct fact_table)), 0 };
	}
	return &facts;
}

const struct fact_table *facts_table(const struct facts *facts, struct slice name)
{
	for (size_t i = 0; i < facts->table_count; i++)
		if (slice_equal(facts->tables[i].name, name))
			return &facts->tables[i];
	return NULL;
}

int fact_column_find(const struct fact_table *table, struct slice name)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (slice_equal(table->columns[i].name, name))
			return (int)i;
	return -1;
}

size_t facts_columns(struct buffer *sql, const struct fact_table *table, unsigned kinds, const char *before, bool is_more)
{
	size_t count = 0;
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *column = &table->columns[i];
		if (!(kinds & KIND(column->kind)))
			continue;
		buffer_printf(sql, "%s%s\"%.*s\"", count || is_more ? ", " : "", before, SLICE_ARG(column->name));
		count++;
	}
	return count;
}
