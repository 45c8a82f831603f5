#include "statement/words.h"

#define R WORD_RESERVED
#define O WORD_OPENS
#define S WORD_SPACED
#define F WORD_FIELD
#define C WORD_CALLS
#define B WORD_BEHIND
#define K WORD_KNOWN
#define W(text, word, standard, backtick)                                                                                          \
	{                                                                                                                          \
		text, NULL, sizeof(text) - 1, WORD_##word,                                                                         \
		{                                                                                                                  \
			standard, backtick                                                                                         \
		}                                                                                                                  \
	}
#define IS(text, same, word, standard, backtick)                                                                                   \
	{                                                                                                                          \
		text, same, sizeof(text) - 1, WORD_##word,                                                                         \
		{                                                                                                                  \
			standard, backtick                                                                                         \
		}                                                                                                                  \
	}

/*
 * Sorted; a family that gives a word no flags does not know it. Reserved words are those that the SQL standard or a server
 * (PostgreSQL 18: all but its unreserved ones; MySQL 9 and MariaDB 11: those that both reserve) reserves. Words that are
 * spelled as another one are those that MySQL's and MariaDB's digests do not tell apart.
 */
/* clang-format off */
static const struct word_entry WORDS[] = {
	W("all", ALL, R | O | S, R | O | S),
	W("analyse", VERBOSE, R, 0),
	W("analyze", VERBOSE, R, R),
	W("and", AND, R | O | S, R | O | S),
	W("any", ANY, R, K),
	W("array", ARRAY, R, 0),
	W("as", AS, R | O | S, R | O | S),
	W("asc", OTHER, R, R),
	W("asymmetric", OTHER, R | O, 0),
	W("authorization", OTHER, R, 0),
	W("begin", OTHER, S, S),
	W("between", BETWEEN, R | O | S, R | O | S),
	W("bigint", OTHER, R, R),
	W("binary", OTHER, R, R | O),
	W("bit", CHARACTER, R, 0),
	W("boolean", OTHER, R, 0),
	W("both", OTHER, R | O, R | O),
	W("by", BY, O | S, R | O | S),
	W("case", CASE, R | O | S, R | O | S),
	W("cast", CAST, R, K),
	IS("char", "character", CHARACTER, R, R),
	W("character", CHARACTER, R, R),
	W("check", OTHER, R | S, R | S),
	W("coalesce", OTHER, R, 0),
	W("collate", OTHER, R | O, R | O),
	W("collation", OTHER, R, 0),
	W("column", OTHER, R, R),
	IS("columns", "fields", OTHER, 0, K),
	W("concurrently", OTHER, R, 0),
	W("conflict", OTHER, S, 0),
	W("constraint", OTHER, R, R),
	W("create", OTHER, R, R),
	W("cross", OTHER, R, R),
	W("current_catalog", OTHER, R, 0),
	IS("current_date", "curdate", OTHER, R, R),
	W("current_role", OTHER, R, 0),
	W("current_schema", OTHER, R, 0),
	IS("current_time", "curtime", OTHER, R, R),
	IS("current_timestamp", "now", OTHER, R, R),
	W("current_user", OTHER, R, R),
	W("date", DATE, 0, K),
	W("day", OTHER, F, 0),
	IS("dec", "decimal", OTHER, R, R),
	W("decimal", OTHER, R, R),
	W("default", DEFAULT, R | O, R | O),
	W("deferrable", OTHER, R, 0),
	W("delete", DELETE, O, R | O),
	W("desc", OTHER, R, R),
	IS("describe", "explain", OTHER, 0, R),
	W("distinct", DISTINCT, R | O | S, R | O | S),
	IS("distinctrow", "distinct", DISTINCT, 0, R | O | S),
	W("div", OTHER, 0, R | O),
	W("do", DO, R | O | S, 0),
	W("double", DOUBLE, K, R),
	W("else", OTHER, R | O | S, R | O | S),
	W("end", END, R, K),
	W("escape", OTHER, O, O | B),
	W("except", UNION, R | O | S, R | O | S),
	W("exists", OTHER, R | S, R | S),
	W("extract", EXTRACT, R, K),
	W("false", TRUE, R, R),
	W("fetch", FETCH, R | S, R | S),
	W("filter", OTHER, S, S),
	W("first", FIRST, K, K),
	W("float", OTHER, R, R),
	IS("float4", "float", OTHER, 0, R),
	IS("float8", "double", OTHER, 0, R),
	W("for", FOR, R | O | S, R | O | S),
	W("force", OTHER, 0, R),
	W("foreign", OTHER, R, R),
	W("freeze", OTHER, R, 0),
	W("from", FROM, R | O | S, R | O | S),
	W("full", OTHER, R, 0),
	W("fulltext", OTHER, 0, R),
	IS("geomcollection", "geometrycollection", OTHER, 0, K),
	W("grant", OTHER, R, R),
	W("greatest", OTHER, R, 0),
	W("group", GROUP, R | S, R | S),
	W("grouping", OTHER, R, 0),
	W("groups", ROWS, K, K),
	W("having", HAVING, R | O | S, R | O | S),
	W("hour", OTHER, F, 0),
	W("ignore", OTHER, 0, R),
	W("ilike", LIKE, R | O | S, 0),
	W("in", IN, R | O | S, R | O | S),
	W("index", OTHER, 0, R),
	W("initially", OTHER, R, 0),
	W("inner", OTHER, R | S, R | S),
	W("inout", OTHER, R, R),
	W("insert", INSERT, O | S, R | O | S),
	W("int", OTHER, R, R),
	IS("int1", "tinyint", OTHER, 0, R),
	IS("int2", "smallint", OTHER, 0, R),
	IS("int3", "mediumint", OTHER, 0, R),
	IS("int4", "int", OTHER, 0, R),
	IS("int8", "bigint", OTHER, 0, R),
	IS("integer", "int", OTHER, R, R),
	W("intersect", UNION, R | O | S, R | O | S),
	W("interval", INTERVAL, R, R | O),
	W("into", INTO, R | O | S, R | O | S),
	W("is", IS, R | O | S, R | O | S),
	W("isnull", OTHER, R, 0),
	W("join", JOIN, R | O | S, R | O | S),
	W("json", OTHER, R, 0),
	W("json_array", OTHER, R, 0),
	W("json_arrayagg", OTHER, R, 0),
	W("json_exists", OTHER, R, 0),
	W("json_object", OTHER, R, 0),
	W("json_objectagg", OTHER, R, 0),
	W("json_query", OTHER, R, 0),
	W("json_scalar", OTHER, R, 0),
	W("json_serialize", OTHER, R, 0),
	W("json_table", OTHER, R, 0),
	W("json_value", OTHER, R, 0),
	W("key", KEY, S, R | S),
	W("keys", OTHER, 0, R),
	W("lateral", LATERAL, R | O | S, R | O | S),
	W("leading", OTHER, R | O, R | O),
	W("least", OTHER, R, 0),
	W("left", OTHER, R, R),
	W("like", LIKE, R | O | S, R | O | S),
	W("limit", LIMIT, R | O | S, R | O | S),
	IS("localtime", "now", OTHER, R, R),
	IS("localtimestamp", "now", OTHER, R, R),
	W("lock", LIMIT, 0, R),
	W("materialized", OTHER, S, 0),
	W("mediumint", OTHER, 0, R),
	W("merge", MERGE, O, 0),
	W("merge_action", OTHER, R, 0),
	IS("mid", "substring", CALLED, 0, C),
	IS("middleint", "mediumint", OTHER, 0, R),
	W("minute", OTHER, F, 0),
	W("mod", OTHER, 0, R | O | B),
	W("month", OTHER, F, 0),
	W("national", NATIONAL, R, 0),
	W("natural", OTHER, R, R),
	W("nchar", CHARACTER, R, 0),
	IS("ndb", "ndbcluster", OTHER, 0, K),
	W("next", FIRST, K, K),
	W("none", OTHER, R, 0),
	W("normalize", OTHER, R, 0),
	W("not", NOT, R | O | S, R | O | S),
	W("notnull", OTHER, R, 0),
	W("null", NULL, R, R),
	W("nullif", OTHER, R, 0),
	W("numeric", OTHER, R, R),
	W("offset", LIMIT, R | O | S, O | S | B),
	W("on", ON, R | O | S, R | O | S),
	W("only", ONLY, R | S, 0),
	W("or", OR, R | O | S, R | O | S),
	W("order", ORDER, R | S, R | S),
	W("out", OTHER, R, R),
	W("outer", OTHER, R, R),
	W("over", OVER, S, S),
	W("overlaps", OTHER, R | S, 0),
	W("overlay", OTHER, R, 0),
	W("partition", OTHER, S, R | S),
	W("placing", OTHER, R | O, 0),
	W("position", OTHER, R, 0),
	W("precision", OTHER, R, 0),
	W("primary", OTHER, R | S, R | S),
	W("procedure", LIMIT, 0, R),
	W("range", ROWS, K, K),
	W("read", OTHER, 0, R),
	W("real", OTHER, R, R),
	W("references", OTHER, R | S, R | S),
	W("regexp", LIKE, 0, R | O),
	IS("relay_thread", "io_thread", OTHER, 0, K),
	W("replace", REPLACE, 0, R),
	W("returning", RETURNING, R | O | S, R | O | S),
	W("right", OTHER, R, R),
	IS("rlike", "regexp", LIKE, 0, R | O),
	W("row", ROW, R, K),
	W("rows", ROWS, K, K),
	IS("schema", "database", OTHER, 0, R),
	IS("schemas", "databases", OTHER, 0, R),
	W("second", OTHER, F, 0),
	W("select", SELECT, R | O | S, R | O | S),
	W("separator", OTHER, 0, R | O),
	IS("session_user", "user", CALLED, R, C),
	W("set", SET, O | S, R | O | S),
	W("setof", OTHER, R, 0),
	W("sets", OTHER, S, 0),
	W("similar", LIKE, R | O | S, 0),
	IS("slave", "replica", OTHER, 0, K),
	IS("slave_pos", "replica_pos", OTHER, 0, K),
	IS("slaves", "replicas", OTHER, 0, K),
	W("smallint", OTHER, R, R),
	IS("some", "any", ANY, R | O, K),
	W("sounds", OTHER, 0, O | B),
	IS("sql_tsi_day", "day", OTHER, 0, K),
	IS("sql_tsi_hour", "hour", OTHER, 0, K),
	IS("sql_tsi_minute", "minute", OTHER, 0, K),
	IS("sql_tsi_month", "month", OTHER, 0, K),
	IS("sql_tsi_quarter", "quarter", OTHER, 0, K),
	IS("sql_tsi_second", "second", OTHER, 0, K),
	IS("sql_tsi_week", "week", OTHER, 0, K),
	IS("sql_tsi_year", "year", OTHER, 0, K),
	IS("std", "stddev_pop", CALLED, 0, C),
	IS("stddev", "stddev_pop", CALLED, 0, C),
	W("straight_join", JOIN, 0, R | O | S | B),
	IS("substr", "substring", CALLED, 0, C),
	W("substring", OTHER, R, 0),
	W("symmetric", OTHER, R | O, 0),
	IS("system_user", "user", OTHER, R, K),
	W("table", TABLE, R | O, R | O),
	W("tablesample", OTHER, R, 0),
	W("then", THEN, R | O | S, R | O | S),
	W("time", TIME, R, K),
	W("timestamp", TIME, R, K),
	W("tinyint", OTHER, 0, R),
	W("to", TO, R | O | S | F, R | O | S),
	W("trailing", OTHER, R | O, R | O),
	W("treat", OTHER, R, 0),
	W("trim", OTHER, R, 0),
	W("true", TRUE, R, R),
	W("uescape", UESCAPE, K, 0),
	W("union", UNION, R | O | S, R | O | S),
	W("unique", OTHER, R | S, R | S),
	W("update", UPDATE, O, R | O),
	W("usage", OTHER, 0, R),
	W("use", OTHER, 0, R),
	W("user", OTHER, R, 0),
	W("using", USING, R | O | S, R | O | S),
	W("value", VALUES, 0, O | S | B),
	W("values", VALUES, R | O | S, R | O | S),
	W("varchar", OTHER, R, R),
	IS("varcharacter", "varchar", OTHER, 0, R),
	W("variadic", OTHER, R | O, 0),
	IS("variance", "var_pop", CALLED, 0, C),
	W("varying", VARYING, K, 0),
	W("verbose", VERBOSE, R, 0),
	W("when", WHEN, R | O | S, R | O | S),
	W("where", WHERE, R | O | S, R | O | S),
	W("window", LIMIT, R | S, S),
	W("with", WITH, R | O | S, R | O | S),
	W("without", WITHOUT, S, 0),
	W("write", OTHER, 0, R),
	W("xmlattributes", OTHER, R, 0),
	W("xmlconcat", OTHER, R, 0),
	W("xmlelement", OTHER, R, 0),
	W("xmlexists", OTHER, R, 0),
	W("xmlforest", OTHER, R, 0),
	W("xmlnamespaces", OTHER, R, 0),
	W("xmlparse", OTHER, R, 0),
	W("xmlpi", OTHER, R, 0),
	W("xmlroot", OTHER, R, 0),
	W("xmlserialize", OTHER, R, 0),
	W("xmltable", OTHER, R, 0),
	W("xor", OTHER, 0, R | O),
	W("year", OTHER, F, 0),
	W("zone", ZONE, K, 0),
};
/* clang-format on */

#undef R
#undef O
#undef S
#undef F
#undef C
#undef B
#undef K
#undef W
#undef IS

static const struct word_entry NONE = { "", NULL, 0, WORD_NONE, { 0, 0 } };
static const struct word_entry CHARSET = { "_", NULL, 1, WORD_CHARSET, { WORD_KNOWN, WORD_KNOWN } };

static unsigned slot_of(struct slice text)
{
	unsigned hash = (unsigned)text.len;
	hash = hash * 37 + (unsigned char)text.ptr[0];
	hash = hash * 37 + (unsigned char)text.ptr[text.len - 1];
	hash = hash * 37 + (unsigned char)text.ptr[text.len / 2];
	return hash % WORD_SLOTS;
}

void words_make(struct words *words, enum word_family family)
{
	*words = (struct words){ .family = family };
	for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
		if (!WORDS[i].flags[family])
			continue;
		unsigned slot = slot_of((struct slice){ WORDS[i].text, WORDS[i].len });
		while (words->slots[slot])
			slot = (slot + 1) % WORD_SLOTS;
		words->slots[slot] = (uint16_t)(i + 1);
	}
}

const struct word_entry *word_find(const struct words *words, struct slice text)
{
	enum { LONGEST = 17 };
	if (text.len == 0 || text.len > LONGEST)
		return &NONE;
	for (unsigned slot = slot_of(text); words->slots[slot]; slot = (slot + 1) % WORD_SLOTS) {
		const struct word_entry *entry = &WORDS[words->slots[slot] - 1];
		if (entry->len == text.len && memcmp(entry->text, text.ptr, text.len) == 0)
			return entry;
	}
	return words->family == WORDS_BACKTICK && text.ptr[0] == '_' ? &CHARSET : &NONE;
}
