/*
 * The table form: a row for each table, in the order in which they are read. In borders, with tabs or commas, or as rows of
 * `key: value` lines. Here they become rows; plan_row.c makes nodes of these, and plan_blocks.c a tree.
 */
#include "plan_table.h"

static const char *const NAMES[COLUMNS] = { "id",      "select_type", "table", "partitions", "type",     "possible_keys", "key",
					    "key_len", "ref",         "rows",  "r_rows",     "filtered", "r_filtered",    "Extra" };

/* A table that is being read. */
struct table {
	struct plan_reader *r;
	uint8_t order[COLUMNS_MAX]; /* of a header: column + 1, 0 for one not known */
	size_t width;
	char delimiter;
	struct row *first, *last;
	size_t rows;
};

static int column_of(struct slice name)
{
	name = slice_trim(name);
	for (int i = 0; i < COLUMNS; i++)
		if (slice_equal_nocase(name, slice_of(NAMES[i])))
			return i;
	return -1;
}

static bool is_border(struct slice line)
{
	size_t marks = 0;
	for (size_t i = 0; i < line.len; i++) {
		if (!strchr("+- \t\r", line.ptr[i]) || !line.ptr[i])
			return false;
		marks += line.ptr[i] == '-';
	}
	return marks > 2;
}

/* The next field: up to the delimiter, or in quotes. */
static struct slice cut_field(struct slice *line, char delimiter)
{
	if (delimiter == ',' && line->len && line->ptr[0] == '"') {
		const char *end = memchr(line->ptr + 1, '"', line->len - 1);
		if (end) {
			struct slice field = { line->ptr + 1, (size_t)(end - line->ptr) - 1 };
			*line = (struct slice){ end + 1, (size_t)(line->ptr + line->len - end) - 1 };
			slice_cut(line, ',');
			return field;
		}
	}
	return slice_cut(line, delimiter);
}

/* Without the borders at both ends. */
static struct slice inside(struct slice line, char delimiter)
{
	if (delimiter != '|')
		return line;
	line = slice_trim(line);
	if (line.len && line.ptr[0] == '|')
		line = (struct slice){ line.ptr + 1, line.len - 1 };
	if (line.len && line.ptr[line.len - 1] == '|')
		line.len--;
	return line;
}

static char delimiter_of(struct slice line)
{
	static const char delimiters[] = "|\t,";
	for (const char *d = delimiters; *d; d++)
		if (memchr(line.ptr, *d, line.len))
			return *d;
	return 0;
}

static bool read_header(struct table *t, struct slice line)
{
	bool has_type = false, has_table = false;
	t->delimiter = line.len ? delimiter_of(line) : 0;
	t->width = 0;
	if (!t->delimiter)
		return false;
	line = inside(line, t->delimiter);
	while (line.len && t->width < COLUMNS_MAX) {
		int column = column_of(cut_field(&line, t->delimiter));
		has_type = has_type || column == COLUMN_SELECT_TYPE;
		has_table = has_table || column == COLUMN_TABLE;
		t->order[t->width++] = (uint8_t)(column + 1);
	}
	return has_type && has_table;
}

/* Rows without a header, as mysql -N prints them: their number of fields says which columns they are. */
static bool guess_header(struct table *t, struct slice line)
{
	static const char *const types[] = { "SIMPLE", "PRIMARY", "UPDATE", "DELETE", "INSERT", "REPLACE", "UNION" };
	static const char *const headers[] = {
		"id\tselect_type\ttable\ttype\tpossible_keys\tkey\tkey_len\tref\trows\tExtra",
		"id\tselect_type\ttable\ttype\tpossible_keys\tkey\tkey_len\tref\trows\tfiltered\tExtra",
		"id\tselect_type\ttable\tpartitions\ttype\tpossible_keys\tkey\tkey_len\tref\trows\tfiltered\tExtra",
		"id\tselect_type\ttable\ttype\tpossible_keys\tkey\tkey_len\tref\trows\tr_rows\tfiltered\tr_filtered\tExtra",
	};
	struct slice rest = line, id = slice_cut(&rest, '\t'), type = slice_cut(&rest, '\t');
	size_t tabs = 0, k = 0;
	bool is_row = !slice_trim(id).len || plan_read_number(slice_trim(id)) > 0 || slice_equal(id, SLICE("NULL"));
	while (k < sizeof types / sizeof *types && !slice_equal(type, slice_of(types[k])))
		k++;
	for (size_t i = 0; i < line.len; i++)
		tabs += line.ptr[i] == '\t';
	if (!is_row || k == sizeof types / sizeof *types || tabs < 9 || tabs > 12)
		return false;
	return read_header(t, slice_of(headers[tabs - 9]));
}

bool plan_is_bare_row(struct slice line)
{
	struct table t = { 0 };
	return line.len > 20 && line.len < 8192 && guess_header(&t, line);
}

bool plan_is_header(struct slice line)
{
	struct table t = { 0 };
	return line.len < 4096 && line.len > 10 && memmem(line.ptr, line.len, "select_type", 11) && read_header(&t, line);
}

static struct row *row_new(struct table *t)
{
	struct row *row = arena_alloc(&t->r->arena, sizeof *row);
	if (t->last)
		t->last->next = row;
	else
		t->first = row;
	t->last = row;
	t->rows++;
	return row;
}

static void set_value(struct row *row, int column, struct slice value)
{
	value = slice_trim(value);
	if (!slice_equal(value, SLICE("NULL")))
		row->values[column] = value;
}

/* A row has an id (or none, of a union's result) and a select_type; all else is no row. The last column takes what is over. */
static bool read_row(struct table *t, struct slice line)
{
	struct slice values[COLUMNS_MAX];
	size_t count = 0;
	if (!memchr(line.ptr ? line.ptr : "", t->delimiter, line.len))
		return false;
	line = inside(line, t->delimiter);
	while (count + 1 < t->width && line.len)
		values[count++] = cut_field(&line, t->delimiter);
	if (count + 1 < t->width && count + 2 < t->width)
		return false;
	if (count < t->width)
		values[count++] = t->delimiter == ',' ? cut_field(&line, ',') : line;
	struct row *row = row_new(t);
	for (size_t i = 0; i < count; i++)
		if (t->order[i])
			set_value(row, t->order[i] - 1, values[i]);
	return true;
}

static int finish(struct table *t)
{
	struct node *root = t->first ? blocks_arrange(t->r, t->first) : NULL;
	return plan_tell(t->r, root, "table", DBPERF_PLAN_WHOLE);
}

/* From the header on; a line that is no row ends it. */
int plan_read_table(struct plan_reader *r, struct slice text, size_t *used)
{
	struct table t = { .r = r };
	struct slice rest = text;
	*used = text.len;
	while (rest.len) {
		struct slice before = rest, line = slice_cut(&rest, '\n');
		if (!t.width) {
			if (!plan_is_header(line) || !read_header(&t, line))
				t.width = 0;
			if (!t.width && plan_is_bare_row(line) && guess_header(&t, line))
				(void)read_row(&t, line);
			continue;
		}
		if (is_border(line))
			continue;
		if (t.rows == NODES_MAX || plan_is_header(line) || !read_row(&t, line)) {
			*used = (size_t)(before.ptr - text.ptr);
			break;
		}
	}
	return finish(&t);
}

/* "*************************** 1. row ***************************" */
bool plan_is_row_mark(struct slice line)
{
	return line.len > 12 && line.len < 200 && memmem(line.ptr, line.len, "*** ", 4) &&
	       memmem(line.ptr, line.len, ". row ***", 9);
}

static bool read_pair(struct row *row, struct slice line, bool *is_known)
{
	struct slice value = line, name = slice_cut(&value, ':');
	if (name.len == line.len)
		return false;
	int column = column_of(name);
	*is_known = column >= 0;
	if (column >= 0)
		set_value(row, column, value);
	return true;
}

/* Row marks with `key: value` lines below. Rows without a select_type are of another statement: they are no plan. */
int plan_read_rows(struct plan_reader *r, struct slice text, size_t *used)
{
	struct table t = { .r = r };
	struct slice rest = text;
	bool has_type = false, is_known = false;
	*used = text.len;
	while (rest.len && t.rows <= NODES_MAX) {
		struct slice before = rest, line = slice_cut(&rest, '\n');
		if (plan_is_row_mark(line)) {
			if (t.first && memmem(line.ptr, line.len, " 1. row", 7)) { /* of another result */
				*used = (size_t)(before.ptr - text.ptr);
				break;
			}
			row_new(&t);
			continue;
		}
		if (!t.last)
			continue;
		if (!read_pair(t.last, line, &is_known) || !is_known) {
			*used = (size_t)(before.ptr - text.ptr);
			break;
		}
		has_type = has_type || t.last->values[COLUMN_SELECT_TYPE].len;
	}
	return has_type ? finish(&t) : 0;
}
