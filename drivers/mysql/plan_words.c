/*
 * The words of the tree form: what a node does ("Single-row index lookup on c using PRIMARY (id = o.customer_id)") becomes what
 * the other forms say by names and values. JSON of version 2 repeats these words.
 */
#include "plan.h"

/* What stands behind the words of an operation. */
enum rest {
	REST_NONE,     /* remarks in brackets, or nothing: kept as they are */
	REST_TABLE,    /* "T using K (condition) over (ranges), with index condition: …" */
	REST_FILTER,   /* a condition */
	REST_JOIN,     /* "(condition), extra conditions: …" */
	REST_SORT,     /* a key, and how many rows */
	REST_LIST,     /* functions or columns */
	REST_LIMIT,    /* "10 row(s)", "10/20 row(s)" */
	REST_NAME,     /* "CTE x if needed", or nothing */
	REST_CHANGE,   /* "t1 (immediate), t2 (buffered)" */
	REST_SUBQUERY, /* "2 (subquery in condition; dependent)" */
	REST_GROUP,    /* columns that rows are grouped or told apart by */
};

/* The first that fits counts: longer ones stand before those that they begin with. */
static const struct operation {
	const char *words, *operation, *label, *strategy, *join;
	uint8_t class, rest;
	bool is_covering;
} OPERATIONS[] = {
	{ "Table scan on ", "ALL", "Table scan", 0, 0, DBPERF_PLAN_SCAN, REST_TABLE, 0 },
	{ "Parallel scan on ", "ALL", "Parallel table scan", 0, 0, DBPERF_PLAN_SCAN, REST_TABLE, 0 },
	{ "Sample scan on ", "ALL", "Sample scan", 0, 0, DBPERF_PLAN_SCAN, REST_TABLE, 0 },
	{ "Scan new records on ", "ALL", "Scan new records", 0, 0, DBPERF_PLAN_DERIVED_SCAN, REST_TABLE, 0 },
	{ "Covering index scan on ", "index", 0, 0, 0, DBPERF_PLAN_INDEX_FULL_SCAN, REST_TABLE, 1 },
	{ "Index scan on ", "index", 0, 0, 0, DBPERF_PLAN_INDEX_FULL_SCAN, REST_TABLE, 0 },
	{ "Covering index range scan on ", "range", 0, 0, 0, DBPERF_PLAN_INDEX_ONLY_SCAN, REST_TABLE, 1 },
	{ "Index range scan on ", "range", 0, 0, 0, DBPERF_PLAN_INDEX_SCAN, REST_TABLE, 0 },
	{ "Covering index skip scan for deduplication on ", "range", 0, "skip scan", 0, DBPERF_PLAN_INDEX_ONLY_SCAN, REST_TABLE,
	  1 },
	{ "Covering index skip scan for grouping on ", "range", 0, "skip scan", 0, DBPERF_PLAN_INDEX_ONLY_SCAN, REST_TABLE, 1 },
	{ "Covering index skip scan on ", "range", 0, "skip scan", 0, DBPERF_PLAN_INDEX_ONLY_SCAN, REST_TABLE, 1 },
	{ "Index skip scan for deduplication on ", "range", 0, "skip scan", 0, DBPERF_PLAN_INDEX_SCAN, REST_TABLE, 0 },
	{ "Index skip scan for grouping on ", "range", 0, "skip scan", 0, DBPERF_PLAN_INDEX_SCAN, REST_TABLE, 0 },
	{ "Index skip scan on ", "range", 0, "skip scan", 0, DBPERF_PLAN_INDEX_SCAN, REST_TABLE, 0 },
	{ "Single-row covering index lookup on ", "eq_ref", 0, 0, 0, DBPERF_PLAN_INDEX_ONLY_SCAN, REST_TABLE, 1 },
	{ "Single-row index lookup on ", "eq_ref", 0, 0, 0, DBPERF_PLAN_INDEX_SCAN, REST_TABLE, 0 },
	{ "Covering index lookup on ", "ref", 0, 0, 0, DBPERF_PLAN_INDEX_ONLY_SCAN, REST_TABLE, 1 },
	{ "Multi-range index lookup on ", "ref", 0, "multi-range", 0, DBPERF_PLAN_INDEX_SCAN, REST_TABLE, 0 },
	{ "Index lookup on ", "ref", 0, 0, 0, DBPERF_PLAN_INDEX_SCAN, REST_TABLE, 0 },
	{ "Full-text index search on ", "fulltext", 0, 0, 0, DBPERF_PLAN_INDEX_SCAN, REST_TABLE, 0 },
	{ "Constant row from ", "const", "Constant row", 0, 0, DBPERF_PLAN_CONSTANT, REST_TABLE, 0 },
	{ "Count rows in ", "count", "Count rows", 0, 0, DBPERF_PLAN_SCAN, REST_TABLE, 0 },
	{ "Intersect rows sorted by row ID", "index_merge", 0, "intersect", 0, DBPERF_PLAN_BITMAP_SCAN, REST_NONE, 0 },
	{ "Deduplicate rows sorted by row ID", "index_merge", 0, "union", 0, DBPERF_PLAN_BITMAP_SCAN, REST_NONE, 0 },
	{ "Sort-deduplicate by row ID", "index_merge", 0, "sort_union", 0, DBPERF_PLAN_BITMAP_SCAN, REST_NONE, 0 },
	{ "Clustered primary key", "Clustered primary key", 0, 0, 0, DBPERF_PLAN_BITMAP_INDEX, REST_NONE, 0 },
	{ "Nested loop inner join", "Nested loop", "Nested loop inner join", 0, "inner", DBPERF_PLAN_NESTED_LOOP, REST_JOIN, 0 },
	{ "Nested loop left join", "Nested loop", "Nested loop left join", 0, "left", DBPERF_PLAN_NESTED_LOOP, REST_JOIN, 0 },
	{ "Nested loop antijoin", "Nested loop", "Nested loop antijoin", 0, "anti", DBPERF_PLAN_NESTED_LOOP, REST_JOIN, 0 },
	{ "Nested loop semijoin", "Nested loop", "Nested loop semijoin", 0, "semi", DBPERF_PLAN_NESTED_LOOP, REST_JOIN, 0 },
	{ "Inner hash join", "Hash join", "Inner hash join", 0, "inner", DBPERF_PLAN_HASH_JOIN, REST_JOIN, 0 },
	{ "Left hash join", "Hash join", "Left hash join", 0, "left", DBPERF_PLAN_HASH_JOIN, REST_JOIN, 0 },
	{ "Hash antijoin", "Hash join", "Hash antijoin", 0, "anti", DBPERF_PLAN_HASH_JOIN, REST_JOIN, 0 },
	{ "Hash semijoin", "Hash join", "Hash semijoin", 0, "semi", DBPERF_PLAN_HASH_JOIN, REST_JOIN, 0 },
	{ "Batched key access inner join", "Nested loop", "Batched key access inner join", "batched key access", "inner",
	  DBPERF_PLAN_NESTED_LOOP, REST_JOIN, 0 },
	{ "Batched key access left join", "Nested loop", "Batched key access left join", "batched key access", "left",
	  DBPERF_PLAN_NESTED_LOOP, REST_JOIN, 0 },
	{ "Batched key access semijoin", "Nested loop", "Batched key access semijoin", "batched key access", "semi",
	  DBPERF_PLAN_NESTED_LOOP, REST_JOIN, 0 },
	{ "Batched key access antijoin", "Nested loop", "Batched key access antijoin", "batched key access", "anti",
	  DBPERF_PLAN_NESTED_LOOP, REST_JOIN, 0 },
	{ "Batch input rows", "Batch input rows", 0, 0, 0, DBPERF_PLAN_MATERIALIZE, REST_NONE, 0 },
	{ "Filter: ", "Filter", "Filter", 0, 0, DBPERF_PLAN_FILTER, REST_FILTER, 0 },
	{ "Sort row IDs: ", "Sort", "Sort row IDs", "row IDs", 0, DBPERF_PLAN_SORT, REST_SORT, 0 },
	{ "Sort with duplicate removal: ", "Sort", "Sort with duplicate removal", "unique", 0, DBPERF_PLAN_SORT, REST_SORT, 0 },
	{ "Sort: ", "Sort", "Sort", 0, 0, DBPERF_PLAN_SORT, REST_SORT, 0 },
	{ "Limit/Offset: ", "Limit", "Limit/Offset", 0, 0, DBPERF_PLAN_LIMIT, REST_LIMIT, 0 },
	{ "Limit table size: ", "Limit", "Limit table size", 0, 0, DBPERF_PLAN_LIMIT, REST_LIMIT, 0 },
	{ "Limit: ", "Limit", "Limit", 0, 0, DBPERF_PLAN_LIMIT, REST_LIMIT, 0 },
	{ "Aggregate using temporary table", "Aggregate", "Aggregate using temporary table", "temporary table", 0,
	  DBPERF_PLAN_AGGREGATE, REST_NONE, 0 },
	{ "Aggregate: ", "Aggregate", "Aggregate", 0, 0, DBPERF_PLAN_AGGREGATE, REST_LIST, 0 },
	{ "Group aggregate with rollup: ", "Aggregate", "Group aggregate with rollup", "rollup", 0, DBPERF_PLAN_AGGREGATE,
	  REST_LIST, 0 },
	{ "Group aggregate: ", "Aggregate", "Group aggregate", "grouped", 0, DBPERF_PLAN_AGGREGATE, REST_LIST, 0 },
	{ "Group ", "Aggregate", "Group", "grouped", 0, DBPERF_PLAN_AGGREGATE, REST_NONE, 0 },
	{ "Window aggregate with buffering: ", "Window", "Window aggregate with buffering", "buffered", 0, DBPERF_PLAN_WINDOW,
	  REST_LIST, 0 },
	{ "Window multi-pass aggregate with buffering: ", "Window", "Window multi-pass aggregate with buffering", "buffered", 0,
	  DBPERF_PLAN_WINDOW, REST_LIST, 0 },
	{ "Window multi-pass aggregate: ", "Window", "Window multi-pass aggregate", 0, 0, DBPERF_PLAN_WINDOW, REST_LIST, 0 },
	{ "Window aggregate: ", "Window", "Window aggregate", 0, 0, DBPERF_PLAN_WINDOW, REST_LIST, 0 },
	{ "Union all materialize", "Set", "Union all materialize", "union all", 0, DBPERF_PLAN_SET, REST_NAME, 0 },
	{ "Union materialize", "Set", "Union materialize", "union", 0, DBPERF_PLAN_SET, REST_NAME, 0 },
	{ "Intersect all materialize", "Set", "Intersect all materialize", "intersect all", 0, DBPERF_PLAN_SET, REST_NAME, 0 },
	{ "Intersect materialize", "Set", "Intersect materialize", "intersect", 0, DBPERF_PLAN_SET, REST_NAME, 0 },
	{ "Except all materialize", "Set", "Except all materialize", "except all", 0, DBPERF_PLAN_SET, REST_NAME, 0 },
	{ "Except materialize", "Set", "Except materialize", "except", 0, DBPERF_PLAN_SET, REST_NAME, 0 },
	{ "Materialize recursive ", "Recursion", "Materialize recursive CTE", 0, 0, DBPERF_PLAN_RECURSION, REST_NAME, 0 },
	{ "Repeat until convergence", "Repeat until convergence", 0, 0, 0, DBPERF_PLAN_RECURSION, REST_NONE, 0 },
	{ "Materialize table function", "Function", "Table function", 0, 0, DBPERF_PLAN_FUNCTION, REST_NONE, 0 },
	{ "Materialize", "Materialize", 0, 0, 0, DBPERF_PLAN_MATERIALIZE, REST_NAME, 0 },
	{ "Temporary table", "Temporary table", 0, 0, 0, DBPERF_PLAN_MATERIALIZE, REST_NAME, 0 },
	{ "Invalidate materialized tables", "Invalidate materialized tables", 0, 0, 0, DBPERF_PLAN_OTHER, REST_NONE, 0 },
	{ "Stream results", "Stream results", 0, 0, 0, DBPERF_PLAN_OTHER, REST_NONE, 0 },
	{ "Append", "Append", 0, 0, 0, DBPERF_PLAN_APPEND, REST_NONE, 0 },
	{ "Rows fetched before execution", "Rows fetched before execution", 0, 0, 0, DBPERF_PLAN_CONSTANT, REST_NONE, 0 },
	{ "Zero input rows", "No table", "Zero input rows", 0, 0, DBPERF_PLAN_VALUES, REST_NONE, 0 },
	{ "Zero rows", "No table", "Zero rows", 0, 0, DBPERF_PLAN_VALUES, REST_NONE, 0 },
	{ "Remove duplicates from input sorted on ", "Unique", "Remove duplicates from sorted input", "sorted", 0,
	  DBPERF_PLAN_UNIQUE, REST_GROUP, 0 },
	{ "Remove duplicates from input grouped on ", "Unique", "Remove duplicates from grouped input", "grouped", 0,
	  DBPERF_PLAN_UNIQUE, REST_GROUP, 0 },
	{ "Remove duplicate ", "Unique", "Remove duplicate rows", "temporary table", 0, DBPERF_PLAN_UNIQUE, REST_NONE, 0 },
	{ "Weedout", "Unique", "Weedout", "temporary table", 0, DBPERF_PLAN_UNIQUE, REST_NONE, 0 },
	{ "Hash", "Hash", 0, 0, 0, DBPERF_PLAN_HASH, REST_NONE, 0 },
	{ "Update ", "Modify", "Update", 0, 0, DBPERF_PLAN_MODIFY, REST_CHANGE, 0 },
	{ "Delete from ", "Modify", "Delete", 0, 0, DBPERF_PLAN_MODIFY, REST_CHANGE, 0 },
	{ "Delete rows from ", "Modify", "Delete", 0, 0, DBPERF_PLAN_MODIFY, REST_CHANGE, 0 },
	{ "Insert into ", "Modify", "Insert", 0, 0, DBPERF_PLAN_MODIFY, REST_CHANGE, 0 },
	{ "Replace into ", "Modify", "Replace", 0, 0, DBPERF_PLAN_MODIFY, REST_CHANGE, 0 },
	{ "Select #", "Subquery", 0, 0, 0, DBPERF_PLAN_DERIVED_SCAN, REST_SUBQUERY, 0 },
	{ "Alternative plans for IN subquery", "Alternative plans", 0, 0, 0, DBPERF_PLAN_OTHER, REST_NONE, 0 },
	{ "<not executable by iterator executor>", "Modify", "Not told in this form", 0, 0, DBPERF_PLAN_MODIFY, REST_NONE, 0 },
};

static const struct operation *find_operation(struct slice words)
{
	for (size_t i = 0; i < sizeof OPERATIONS / sizeof *OPERATIONS; i++)
		if (slice_starts(words, slice_of(OPERATIONS[i].words)))
			return &OPERATIONS[i];
	return NULL;
}

bool words_are_known(struct slice words)
{
	return find_operation(words) != NULL;
}

static struct slice from(struct slice text, size_t at)
{
	return (struct slice){ text.ptr + at, text.len - at };
}

/* Where the mark stands first; the text's length for nowhere. */
static size_t place(struct slice text, const char *mark)
{
	const char *at = text.len ? memmem(text.ptr, text.len, mark, strlen(mark)) : NULL;
	return at ? (size_t)(at - text.ptr) : text.len;
}

/* The bracket at the start of the text, with what is in it: its length; 0 where it does not end. Brackets in quotes are text. */
static size_t bracket(struct slice text)
{
	size_t depth = 0;
	char quote = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (quote) {
			if (c == '\\' && quote != '`')
				i++;
			else if (c == quote)
				quote = 0;
		} else if (c == '\'' || c == '"' || c == '`') {
			quote = c;
		} else if (c == '(') {
			depth++;
		} else if (c == ')' && --depth == 0) {
			return i + 1;
		}
	}
	return 0;
}

/* A name at the start: up to the next blank, but for those in <…>, which have blanks, and in `…`. */
static struct slice cut_name(struct slice *text)
{
	size_t end = 0;
	if (text->len && text->ptr[0] == '<')
		end = place(*text, ">") + 1;
	else if (text->len && text->ptr[0] == '`')
		end = 1 + place(from(*text, 1), "`") + 1;
	while (end < text->len && text->ptr[end] != ' ' && text->ptr[end] != ',')
		end++;
	if (end > text->len)
		end = text->len;
	struct slice name = { text->ptr, end };
	*text = slice_trim(from(*text, end));
	return name;
}

static void set_remarks(struct plan_reader *r, struct node *n, struct slice rest)
{
	rest = slice_trim(rest);
	if (rest.len > 2 && rest.ptr[0] == '(' && bracket(rest) == rest.len)
		rest = (struct slice){ rest.ptr + 1, rest.len - 2 };
	if (rest.len)
		node_detail(r, n, DBPERF_PLAN_EXPRESSION, SLICE("remarks"), rest);
}

/* "(condition)" behind an index's name, "over (…) OR (…)", ", with index condition: …" and remarks like "(reverse)". */
static void set_conditions(struct plan_reader *r, struct node *n, struct slice rest)
{
	static const char pushed[] = "with index condition: ", reverse[] = "(reverse)",
			  planned[] = "(re-planned for each iteration)";
	size_t at = place(rest, pushed);
	struct slice condition = { 0 };
	if (at < rest.len) {
		condition = slice_trim(from(rest, at + sizeof pushed - 1));
		rest = slice_trim((struct slice){ rest.ptr, at });
		if (rest.len && rest.ptr[rest.len - 1] == ',')
			rest = slice_trim((struct slice){ rest.ptr, rest.len - 1 });
	}
	if (place(rest, planned) < rest.len)
		node_text(r, n, DBPERF_PLAN_STRATEGY, SLICE("planned again for each row"));
	if (place(rest, reverse) < rest.len)
		node_text(r, n, DBPERF_PLAN_STRATEGY, SLICE("backward"));
	rest = slice_trim((struct slice){ rest.ptr, place(rest, reverse) });
	if (slice_starts(rest, SLICE("over "))) {
		struct slice ranges = slice_trim(from(rest, 5));
		if (condition.len)
			node_detail(r, n, DBPERF_PLAN_EXPRESSION, SLICE("ranges"), ranges);
		else
			node_text(r, n, DBPERF_PLAN_INDEX_SQL, ranges);
	} else if (rest.len && rest.ptr[0] == '(' && !slice_starts(rest, slice_of(planned))) {
		size_t len = bracket(rest);
		len = len ? len : rest.len;
		if (condition.len)
			node_detail(r, n, DBPERF_PLAN_EXPRESSION, SLICE("lookup"), (struct slice){ rest.ptr, len });
		else
			node_text(r, n, DBPERF_PLAN_INDEX_SQL, (struct slice){ rest.ptr, len });
	}
	node_text(r, n, DBPERF_PLAN_INDEX_SQL, condition);
}

static void set_table(struct plan_reader *r, struct node *n, const struct operation *o, struct slice rest)
{
	struct slice name = cut_name(&rest);
	if (!o->label) {
		access_set(r, n, slice_of(o->operation));
		if (o->is_covering)
			access_set_covering(r, n);
		n->class = o->class;
	}
	access_set_table(r, n, name);
	if (slice_starts(rest, SLICE("using "))) {
		rest = from(rest, 6);
		node_text(r, n, DBPERF_PLAN_INDEX, cut_name(&rest));
	}
	set_conditions(r, n, rest);
}

/* "(a = b), extra conditions: (c)", "(no condition)", "(FirstMatch)" */
static void set_join(struct plan_reader *r, struct node *n, struct slice rest)
{
	static const char extra[] = "extra conditions: ";
	rest = slice_trim(rest);
	size_t len = rest.len && rest.ptr[0] == '(' ? bracket(rest) : 0;
	struct slice condition = { rest.ptr, len };
	struct slice more = from(rest, len);
	size_t at = place(more, extra);
	if (at < more.len) {
		node_text(r, n, DBPERF_PLAN_JOIN_FILTER_SQL, slice_trim(from(more, at + sizeof extra - 1)));
		more.len = at;
	}
	if (slice_equal(condition, SLICE("(no condition)")))
		node_flag(r, n, "no_condition");
	else if (n->class == DBPERF_PLAN_HASH_JOIN)
		node_text(r, n, DBPERF_PLAN_JOIN_SQL, condition);
	else
		set_remarks(r, n, condition);
	while (more.len && (more.ptr[0] == ',' || more.ptr[0] == ' '))
		more = from(more, 1);
	while (more.len && (more.ptr[more.len - 1] == ',' || more.ptr[more.len - 1] == ' '))
		more.len--;
	if (more.len)
		node_detail(r, n, DBPERF_PLAN_EXPRESSION, SLICE("more"), more);
}

/* The digits at the start of the text. */
static struct slice cut_digits(struct slice *text)
{
	size_t i = 0;
	while (i < text->len && i < 20 && text->ptr[i] >= '0' && text->ptr[i] <= '9')
		i++;
	struct slice digits = { text->ptr, i };
	*text = from(*text, i);
	return digits;
}

static void set_sort(struct plan_reader *r, struct node *n, struct slice rest)
{
	static const char limit[] = ", limit input to ";
	size_t at = place(rest, limit);
	if (at < rest.len) {
		struct slice number = from(rest, at + sizeof limit - 1);
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("limit"), cut_digits(&number));
		node_text(r, n, DBPERF_PLAN_STRATEGY, SLICE("top-N"));
	}
	node_text(r, n, DBPERF_PLAN_SORT_SQL, (struct slice){ rest.ptr, at });
}

/* "10 row(s)", "10/1000 row(s)": rows, and how many are skipped before. */
static void set_limit(struct plan_reader *r, struct node *n, struct slice rest)
{
	struct slice number = cut_digits(&rest);
	if (number.len)
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("limit"), number);
	if (rest.len && rest.ptr[0] == '/') {
		rest = from(rest, 1);
		number = cut_digits(&rest);
		if (number.len)
			node_detail(r, n, DBPERF_PLAN_WORD, SLICE("offset"), number);
	}
}

/* " CTE x if needed (query plan printed elsewhere)", " with deduplication" */
static void set_name(struct plan_reader *r, struct node *n, struct slice rest)
{
	rest = slice_trim(rest);
	if (slice_starts(rest, SLICE("CTE "))) {
		rest = from(rest, 4);
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("cte"), cut_name(&rest));
	}
	if (slice_starts(rest, SLICE("with deduplication")))
		node_text(r, n, DBPERF_PLAN_STRATEGY, n->class == DBPERF_PLAN_SET ? (struct slice){ 0 } : SLICE("unique"));
	if (place(rest, "query plan printed elsewhere") < rest.len)
		node_flag(r, n, "is_elsewhere");
	set_remarks(r, n, rest);
}

static void set_change(struct plan_reader *r, struct node *n, struct slice rest)
{
	static const struct {
		const char *label, *command;
	} commands[] = { { "Update", "update" }, { "Delete", "delete" }, { "Insert", "insert" }, { "Replace", "insert" } };
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(n->label, commands[i].label) == 0)
			node_text(r, n, DBPERF_PLAN_COMMAND, slice_of(commands[i].command));
	node_text(r, n, DBPERF_PLAN_RELATION, cut_name(&rest));
	set_remarks(r, n, rest);
}

/* "2 (subquery in projection; dependent)" */
static void set_subquery(struct plan_reader *r, struct node *n, struct slice rest)
{
	static const char in[] = "subquery in ";
	struct slice id = cut_digits(&rest);
	node_text(r, n, DBPERF_PLAN_RELATIONSHIP, SLICE("subplan"));
	node_text(r, n, DBPERF_PLAN_LABEL, slice_of(arena_printf(&r->arena, "Select #%.*s", SLICE_ARG(id))));
	node_detail(r, n, DBPERF_PLAN_WORD, SLICE("select_id"), id);
	if (place(rest, "dependent") < rest.len)
		node_flag(r, n, "dependent");
	if (place(rest, "run only once") < rest.len)
		node_flag(r, n, "cacheable");
	size_t at = place(rest, in);
	if (at < rest.len) {
		rest = from(rest, at + sizeof in - 1);
		size_t end = 0;
		while (end < rest.len && rest.ptr[end] != ';' && rest.ptr[end] != ')')
			end++;
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("location"), (struct slice){ rest.ptr, end });
	}
}

static void set_rest(struct plan_reader *r, struct node *n, const struct operation *o, struct slice rest)
{
	switch ((enum rest)o->rest) {
	case REST_NONE:
		set_remarks(r, n, rest);
		break;
	case REST_TABLE:
		set_table(r, n, o, rest);
		break;
	case REST_FILTER:
		node_text(r, n, DBPERF_PLAN_FILTER_SQL, rest);
		break;
	case REST_JOIN:
		set_join(r, n, rest);
		break;
	case REST_SORT:
		set_sort(r, n, rest);
		break;
	case REST_LIST:
		node_detail(r, n, DBPERF_PLAN_EXPRESSION, SLICE("functions"), rest);
		break;
	case REST_LIMIT:
		set_limit(r, n, rest);
		break;
	case REST_NAME:
		set_name(r, n, rest);
		break;
	case REST_CHANGE:
		set_change(r, n, rest);
		break;
	case REST_SUBQUERY:
		set_subquery(r, n, rest);
		break;
	case REST_GROUP:
		node_text(r, n, DBPERF_PLAN_GROUP_SQL, rest);
		break;
	}
}

void words_set(struct plan_reader *r, struct node *n, struct slice words)
{
	words = slice_trim(words);
	const struct operation *o = find_operation(words);
	if (!o) { /* kept by its name, without what may hold literals */
		size_t end = 0;
		while (end < words.len && end < 60 && !strchr(":('\"`", words.ptr[end]))
			end++;
		node_text(r, n, DBPERF_PLAN_OPERATION, slice_trim((struct slice){ words.ptr, end }));
		if (end < words.len)
			node_detail(r, n, DBPERF_PLAN_EXPRESSION, SLICE("remarks"), from(words, end));
		return;
	}
	n->class = o->class;
	n->operation = o->operation;
	n->label = o->label;
	if (o->strategy)
		node_text(r, n, DBPERF_PLAN_STRATEGY, slice_of(o->strategy));
	if (o->join)
		node_text(r, n, DBPERF_PLAN_JOIN, slice_of(o->join));
	if (o->rest == REST_NONE && strcmp(o->operation, "index_merge") == 0)
		access_set(r, n, slice_of("index_merge"));
	set_rest(r, n, o, slice_trim(from(words, strlen(o->words))));
}

/* A merge of indexes is a way to read one table: it gets that table's name and the indexes. */
static void finish_merge(struct plan_reader *r, struct node *n)
{
	SCOPED_BUFFER keys = BUFFER(LIST_BYTES_MAX, "indexes of a plan");
	for (struct node *c = n->child; c; c = c->sibling) {
		struct node *read = c->class == DBPERF_PLAN_BITMAP_INDEX && c->child ? c->child : c;
		struct slice key = node_get_text(read, DBPERF_PLAN_INDEX);
		node_text(r, n, DBPERF_PLAN_RELATION, node_get_text(read, DBPERF_PLAN_RELATION));
		if (key.len && keys.len)
			buffer_char(&keys, ',');
		buffer_slice(&keys, key);
		if (read->class == DBPERF_PLAN_INDEX_SCAN || read->class == DBPERF_PLAN_INDEX_ONLY_SCAN)
			read->class = DBPERF_PLAN_BITMAP_INDEX;
	}
	if (!node_get_text(n, DBPERF_PLAN_INDEX).len)
		node_text(r, n, DBPERF_PLAN_INDEX, arena_slice(&r->arena, buffer_view(&keys)));
}

static void finish_join(struct plan_reader *r, struct node *n)
{
	struct node *outer = n->child, *inner = outer ? outer->sibling : NULL;
	if (outer && !node_get_text(outer, DBPERF_PLAN_RELATIONSHIP).len)
		node_text(r, outer, DBPERF_PLAN_RELATIONSHIP, SLICE("outer"));
	if (inner && !node_get_text(inner, DBPERF_PLAN_RELATIONSHIP).len)
		node_text(r, inner, DBPERF_PLAN_RELATIONSHIP, SLICE("inner"));
}

/*
 * A subquery of the select list runs while rows go out, which no node's time covers, or while a node makes them. Where it and
 * the others take longer than the node it stands under, it can only be the former.
 */
static void finish_subquery(struct plan_reader *r, struct node *n)
{
	double inside = 0, spread = 0, own = node_get_number(n, DBPERF_PLAN_TOTAL_US, -1);
	for (struct node *c = n->child; c; c = c->sibling) {
		struct node *timed = strcmp(c->operation ? c->operation : "", "Subquery") == 0 && c->child ? c->child : c;
		inside += node_get_number(timed, DBPERF_PLAN_TOTAL_US, 0);
		spread += node_get_number(timed, DBPERF_PLAN_TOTAL_ERROR_US, 0);
	}
	if (own < 0 || inside <= own + spread + node_get_number(n, DBPERF_PLAN_TOTAL_ERROR_US, 0))
		return;
	for (struct node *c = n->child; c; c = c->sibling)
		if (slice_equal(node_get_detail(c, "location"), SLICE("projection"))) {
			node_text(r, c, DBPERF_PLAN_RELATIONSHIP, SLICE("output"));
			node_text(r, c, DBPERF_PLAN_PRODUCES, node_get_text(c, DBPERF_PLAN_LABEL));
		}
}

/* The place of a subquery runs as often and as long as what stands in it. */
static void finish_place(struct plan_reader *r, struct node *n)
{
	static const uint32_t numbers[] = { DBPERF_PLAN_LOOPS, DBPERF_PLAN_TOTAL_US, DBPERF_PLAN_TOTAL_ERROR_US };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		double value = node_get_number(n->child, numbers[i], -1);
		if (value >= 0)
			node_number(r, n, numbers[i], value);
	}
}

static void finish_node(struct plan_reader *r, struct node *n)
{
	if (n->child && !n->child->sibling && n->operation && strcmp(n->operation, "Subquery") == 0)
		finish_place(r, n);
	if (n->class == DBPERF_PLAN_BITMAP_SCAN && n->child)
		finish_merge(r, n);
	if (n->class == DBPERF_PLAN_NESTED_LOOP || n->class == DBPERF_PLAN_HASH_JOIN)
		finish_join(r, n);
	if (n->class == DBPERF_PLAN_SCAN && n->child && n->child->class != DBPERF_PLAN_DERIVED_SCAN)
		n->class = DBPERF_PLAN_DERIVED_SCAN;
	if (n->child)
		finish_subquery(r, n);
}

void words_finish(struct plan_reader *r, struct node *root)
{
	struct node *n = root;
	while (n) {
		finish_node(r, n);
		if (n->child) {
			n = n->child;
			continue;
		}
		while (n != root && !n->sibling)
			n = n->parent;
		n = n == root ? NULL : n->sibling;
	}
}
