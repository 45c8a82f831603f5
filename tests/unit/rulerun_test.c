/* Rules on the targets of a run: completeness, windows, settings, mutes, groups; and rules that mean harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "rules/rule.h"

/* As much of the store's shape as windows ask for is made from the facts. */
static struct arena arena;
static struct rundb *run;
static struct rules rules;

static const int64_t NOW = 1767268800000000; /* 2026-01-01 12:00 UTC */

static void must(int rc, const struct err *e)
{
	if (rc)
		fail_msg("%s", e->text);
}

static void sql(const char *text)
{
	struct err e = { 0 };
	must(rundb_exec(rundb_connection(run), text, text, &e), &e);
}

/* All columns of all rows: values by blanks, rows by newlines. */
static const char *ask(const char *text)
{
	struct err e = { 0 };
	SCOPED_STMT *stmt = NULL;
	SCOPED_BUFFER out = BUFFER(65536, "answer");
	must(rundb_prepare(rundb_connection(run), slice_of(text), text, &stmt, &e), &e);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		if (out.len)
			buffer_char(&out, '\n');
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			const char *value = (const char *)sqlite3_column_text(stmt, i);
			buffer_printf(&out, "%s%s", i ? " " : "", value ? value : "-");
		}
	}
	return arena_text(&arena, buffer_view(&out));
}

static const char *const DERIVED_HISTORY =
	"CREATE TABLE history.statement_text (target, native_id, fingerprint, text, verb, native_text, tables, tags, valid_to);"
	"CREATE TABLE history.statement_column (target, fingerprint, schema, relation, column, usage, is_expression, position, "
	"valid_to); CREATE TABLE history.snapshot (target, server_id, taken_at, window_us);";

/* What rundb_window reads of counters. */
static void history(void)
{
	const struct facts *facts = facts_builtin();
	SCOPED_BUFFER schema = BUFFER(262144, "schema");
	buffer_text(&schema, DERIVED_HISTORY);
	for (size_t i = 0; i < facts->table_count; i++) {
		const struct fact_table *table = &facts->tables[i];
		if (table->kind != FACT_COUNTER)
			continue;
		buffer_printf(&schema, "CREATE TABLE history.\"%.*s\" (target, taken_at, window_us", SLICE_ARG(table->name));
		facts_columns(&schema, table, KINDS_ALL, "", true);
		buffer_printf(&schema,
			      "); CREATE TABLE history.\"counter_%.*s\" (target, server_id, cluster_id, epoch, is_current_epoch",
			      SLICE_ARG(table->name));
		facts_columns(&schema, table, KINDS_ALL, "", true);
		buffer_text(&schema, ");\n");
	}
	struct err e = { 0 };
	must(rundb_attach_history(run, NULL, schema.data, &e), &e);
}

/* Two targets, a and b, of the engine `test`, in group g; replica is complete on both. */
static int setup(void **state)
{
	(void)state;
	struct err e = { 0 };
	must(rundb_open(&run, &e), &e);
	history();
	rules = (struct rules){ .items = arena_array(&arena, 100, sizeof(struct rule)) };
	sql("INSERT INTO main.snapshot (snapshot, look, target, taken_at, window_us, server_id) VALUES (11, 0, 'a', 1767268800000000, "
	    "10000000, 'sa'), (12, 0, 'b', 1767268800000000, 0, 'sb');"
	    "INSERT INTO main.target_run (target, position, snapshot, engine, state, \"group\") VALUES ('a', 0, 11, 'test', 'looked', 'g'), "
	    "('b', 1, 12, 'test', 'looked', 'g'), ('c', 2, NULL, 'test', 'failed', 'g'), ('d', 3, NULL, NULL, 'busy', NULL);"
	    "INSERT INTO main.probe_run (snapshot, look, probe, fact, state) VALUES (11, 0, 'replica', 'replica', 'complete'), "
	    "(12, 0, 'replica', 'replica', 'complete'), (11, 0, 'setting', 'setting', 'complete');"
	    "INSERT INTO main.replica (snapshot, look, peer, lag_us) VALUES (11, 0, 'x', 31000000), (11, 0, 'y', 40000000), "
	    "(12, 0, 'z', 31000000)");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rundb_close(run);
	return 0;
}

/* Adds a rule NAME of that folder; the head is completed. */
static void add(const char *engine, const char *name, const char *head, const char *query)
{
	struct err e = { 0 };
	const char *path = arena_printf(&arena, "rules/%s/%s.sql", engine, name);
	const char *text = arena_printf(&arena, "-- id: %s\n-- title: Title of %s\n-- category: test\n%s%s\n%s\n%s", name, name,
					strstr(head, "nature:") ? "" : "-- nature: state\n",
					strstr(head, "reads:") ? "" : "-- reads: replica", head, query);
	must(rule_parse(path, slice_of(engine), slice_of(text), &arena, &rules.items[rules.count++], &e), &e);
}

static void judge(const struct rule_context *context)
{
	static const struct rule_context nothing;
	struct err e = { 0 };
	must(rules_run(run, &rules, context ? context : &nothing, &e), &e);
}

#define LAG "SELECT peer AS object, 'late' AS summary, lag_us >= :warn AS impact FROM replica WHERE lag_us >= :warn"
#define VERDICTS "SELECT rule, target, state, is_complete, findings, reason, remedy FROM rule_run ORDER BY rule, target"
#define FOUND "SELECT target, object, severity FROM finding ORDER BY 1, 2"

static size_t quote_in_ticks(const char *name, size_t len, char *text, size_t size)
{
	int n = snprintf(text, size, "`%.*s`", (int)len, name);
	return n > 0 ? (size_t)n : 0;
}

static rundb_quote quote_of(void *context, struct slice engine)
{
	(void)context;
	return slice_equal(engine, SLICE("test")) ? quote_in_ticks : NULL;
}

/* Names in a fix are quoted as the target's engine has it. */
static void test_quote(void **state)
{
	(void)state;
	sql("UPDATE main.target_run SET engine = 'other' WHERE target = 'b'");
	add("common", "quoted", "", "SELECT peer AS object, 'late' AS summary, quote_ident(peer) AS fix FROM replica WHERE peer <> 'y'");
	struct rule_context context = { .quote_of = quote_of };
	judge(&context);
	assert_string_equal(ask("SELECT target, fix FROM finding ORDER BY 1"), "a `x`\nb \"z\"");
}

static void test_run(void **state)
{
	(void)state;
	add("common", "lag", "-- param: warn = 30s", LAG);
	add("test", "own", "",
	    "SELECT 'o' AS object, 's' AS summary, 'info' AS severity, '{\"n\":1}' AS evidence, 'do' AS fix, 0.5 AS "
	    "confidence, 'shop' AS database FROM replica LIMIT 1");
	add("other", "foreign", "", "SELECT 'o' AS object, 's' AS summary FROM replica");
	add("common", "nobody", "-- reads: sequence", "SELECT sequence AS object, 's' AS summary FROM sequence");
	judge(NULL);
	assert_string_equal(ask(VERDICTS),
			    "lag a judged 1 2 - -\nlag b judged 1 1 - -\nown a judged 1 1 - -\nown b judged 1 1 - -");
	assert_string_equal(ask(FOUND), "a shop.o info\na x warning\na y warning\nb shop.o info\nb z warning");
	assert_string_equal(
		ask("SELECT rule, snapshot, title, nature, summary, evidence, fix, impact, confidence, is_raised, muted_by, "
		    "is_maintenance, rule_hash <> 0, state FROM finding WHERE target = 'b' ORDER BY rule"),
		"lag 12 Title of lag state late - - 1.0 - 1 - 0 1 -\nown 12 Title of own state s {\"n\":1} do - 0.5 1 - 0 1 -");
	/* Ids are stored for ever: these may not change. */
	assert_string_equal(ask("SELECT hex16(id) FROM finding WHERE object = 'x'"), "a22c383a86b2d834");
}

static void test_complete(void **state)
{
	(void)state;
	sql("INSERT INTO main.probe_run (snapshot, look, probe, database, fact, state, reason, remedy) VALUES "
	    "(11, 0, 'relation', 'x', 'relation', 'complete', NULL, NULL), (11, 0, 'relation', 'y', 'relation', 'failed', 'lock', 'wait'),"
	    "(11, 0, 'relation', 'z', 'relation', 'failed', 'lock', 'wait'),"
	    "(11, 0, 'text', NULL, 'statement_text', 'skipped', 'no extension', 'CREATE EXTENSION e'),"
	    "(11, 0, 'sequence', NULL, 'sequence', 'partial', '3 hidden', NULL)");
	add("common", "column", "-- reads: statement_column, replica",
	    "SELECT 'o' AS object, 's' AS summary FROM statement_column, replica");
	add("common", "optional", "-- reads: statement_text?, trait?, blocking?, replica",
	    "SELECT 'o' AS object, 's' AS summary FROM replica, statement_text, blocking, trait");
	add("common", "partial", "-- reads: sequence", "SELECT sequence AS object, 's' AS summary FROM sequence");
	add("common", "some", "-- reads: relation\n-- window: reset", "SELECT relation AS object, 's' AS summary FROM relation");
	judge(NULL);
	assert_string_equal(ask(VERDICTS), "column a not checked 0 0 text: no extension CREATE EXTENSION e\n"
					   "optional a judged 0 0 text: no extension CREATE EXTENSION e\n"
					   "optional b judged 1 0 - -\n"
					   "partial a judged 0 0 sequence: 3 hidden -\n"
					   "some a judged 0 0 relation in y: lock (and 1 more) wait");
}

/* What an earlier look brought stands in, and resolves nothing. */
static void test_stand_in(void **state)
{
	(void)state;
	sql("INSERT INTO main.probe_run (snapshot, look, probe, fact, state, reason) VALUES "
	    "(11, 0, 'text', 'statement_text', 'skipped', 'at most once an hour'), (12, 0, 'text', 'statement_text', 'skipped', 'likewise');"
	    "INSERT INTO main.statement_text (snapshot, look, fingerprint, text) VALUES (11, 0, 1, 'SELECT ?')");
	add("common", "text", "-- reads: statement_text", "SELECT fingerprint AS object, text AS summary FROM statement_text");
	judge(NULL);
	assert_string_equal(ask("SELECT target, state, is_complete, findings, reason FROM rule_run ORDER BY 1"),
			    "a judged 0 1 text: at most once an hour\nb not checked 0 0 text: likewise");
}

static void test_windows(void **state)
{
	(void)state;
	sql("INSERT INTO main.probe_run (snapshot, look, probe, fact, state) VALUES (11, 0, 'd', 'database', 'complete'), "
	    "(12, 0, 'd', 'database', 'complete');"
	    "INSERT INTO main.database (snapshot, look, database, commits, connections) VALUES (11, 0, 'x', 5, 9), (11, 1, 'x', 8, 9), (12, 0, "
	    "'x', 8, 9);"
	    "INSERT INTO history.snapshot VALUES ('a', 'sa', 1767268800000000 - 7200000000, 0);");
	struct err e = { 0 };
	must(rundb_complete(run, 11, &e), &e);
	must(rundb_complete(run, 12, &e), &e);
	add("common", "now", "-- reads: database",
	    "SELECT database AS object, commits || ' in ' || window_us() AS summary FROM database");
	add("common", "level", "-- reads: database", "SELECT database AS object, connections AS summary FROM database");
	add("common", "reset", "-- reads: database\n-- window: reset",
	    "SELECT database AS object, commits || coalesce(window_us(), '') AS summary FROM database");
	add("common", "two", "-- reads: database\n-- window: 2h",
	    "SELECT database AS object, window_us() AS summary FROM database");
	add("common", "week", "-- reads: database\n-- window: 7d", "SELECT database AS object, commits AS summary FROM database");
	judge(NULL);
	judge(NULL); /* windows are made once */
	assert_string_equal(
		ask("SELECT rule, target, state, reason FROM rule_run ORDER BY rule, target"),
		"level a judged -\nlevel b judged -\nnow a judged -\nnow b not checked counters need a second look\n"
		"reset a judged -\nreset b judged -\ntwo a judged -\ntwo b not checked there is no history of the last 2 h\n"
		"week a not checked history covers 2 h of 7 d\nweek b not checked there is no history of the last 7 d");
	assert_string_equal(ask("SELECT rule, target, summary FROM finding ORDER BY rule, target"),
			    "level a 9\nlevel b 9\nnow a 3 in 10000000\nreset a 8\nreset b 8\ntwo a 7200000000");
	assert_string_equal(ask("SELECT count(*) FROM window_database WHERE snapshot = 11 AND \"window\" = '2h'"), "1");
}

#define SETTING(r, t, k, v)                                                                                                        \
	{                                                                                                                          \
		SLICE(r), SLICE(t), SLICE(k), SLICE(v), 7                                                                          \
	}

static void test_settings(void **state)
{
	(void)state;
	const struct rule_setting settings[] = {
		SETTING("lag", "b*", "warn", "20s"), SETTING("lag", "", "warn", "35s"),     SETTING("lag", "a", "severity", "info"),
		SETTING("off", "", "enabled", "no"), SETTING("some", "b", "enabled", "no"),
	};
	struct rule_context context = { .settings = settings, .setting_count = 5 };
	add("common", "lag", "-- param: warn = 30s", LAG);
	add("common", "off", "", "SELECT 'o' AS object, 's' AS summary FROM replica");
	add("common", "some", "", "SELECT 'o' AS object, 's' AS summary FROM replica");
	judge(&context);
	assert_string_equal(ask("SELECT rule, target FROM rule_run ORDER BY 1, 2"), "lag a\nlag b\nsome a");
	assert_string_equal(ask("SELECT object, severity FROM finding WHERE rule = 'lag' ORDER BY 1"), "y info\nz warning");
	sql("DELETE FROM rule_run; DELETE FROM finding");
	context.only = "s*";
	judge(&context);
	assert_string_equal(ask("SELECT rule, target FROM rule_run ORDER BY 1, 2"), "some a");
}

static void test_settings_wrong(void **state)
{
	(void)state;
	const struct {
		struct rule_setting setting;
		const char *error;
	} cases[] = {
		{ SETTING("lug", "", "warn", "1s"), "config line 7: there is no rule 'lug'" },
		{ SETTING("lag", "", "wran", "1s"), "config line 7: rule 'lag' has no parameter 'wran'" },
		{ SETTING("lag", "", "warn", "1MB"), "config line 7: '1MB' is no duration as 'warn' of rule 'lag' is (30s)" },
		{ SETTING("lag", "", "severity", "high"), "config line 7: severity 'high' is none of critical, warning, info" },
		{ SETTING("lag", "", "enabled", "maybe"), "config line 7: enabled 'maybe' is neither yes nor no" },
	};
	add("common", "lag", "-- param: warn = 30s", LAG);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = { 0 };
		struct rule_context context = { .settings = &cases[i].setting, .setting_count = 1 };
		assert_int_equal(rules_run(run, &rules, &context, &e), ERR_USAGE);
		assert_string_equal(e.text, cases[i].error);
	}
}

static void test_mutes(void **state)
{
	(void)state;
	const struct rule_mute mutes[] = {
		{ .rule = SLICE("lag"), .target = SLICE("a"), .object = SLICE("x*"), .reason = SLICE("past"), .until = NOW },
		{ .rule = SLICE("lag"), .object = SLICE("y"), .reason = SLICE("ETL, ticket 412"), .until = NOW + 1 },
		{ .target = SLICE("b") },
	};
	struct rule_context context = { .mutes = mutes, .mute_count = 3 };
	add("common", "lag", "-- param: warn = 30s", LAG);
	judge(&context);
	assert_string_equal(ask("SELECT object, muted_by FROM finding ORDER BY 1"), "x -\ny ETL, ticket 412\nz muted");
}

static void test_maintenance(void **state)
{
	(void)state;
	static const struct {
		const char *daily;
		int holds; /* at 12:00 UTC on 1 January: 13:00 in Berlin, 07:00 in New York; -1: an error */
	} cases[] = {
		{ "12:00-12:30", 1 },
		{ "11:00-12:00 UTC", 0 },
		{ "13:00-14:00 Europe/Berlin", 1 },
		{ "22:00-13:01 Europe/Berlin", 1 },
		{ "22:00-13:00 Europe/Berlin", 0 },
		{ "06:59-24:00 America/New_York", 1 },
		{ "07:01-24:00 America/New_York", 0 },
		{ "12:00-12:00", -1 },
		{ "12-13", -1 },
		{ "25:00-26:00", -1 },
		{ "01:00-02:00 Europe/Atlantis", -1 },
		{ "01:00-02:00 ../../../etc/passwd", -1 },
		{ "", -1 },
	};
	const char *zone = getenv("TZ");
	add("common", "moment", "-- nature: moment", "SELECT 'o' AS object, 's' AS summary FROM replica");
	add("common", "state", "", "SELECT 'o' AS object, 's' AS summary FROM replica");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = { 0 };
		const struct rule_maintenance window = { SLICE("a"), slice_of(cases[i].daily) };
		struct rule_context context = { .maintenance = &window, .maintenance_count = 1 };
		int rc = rules_run(run, &rules, &context, &e);
		assert_int_equal(rc != ERR_OK, cases[i].holds < 0);
		if (!rc)
			assert_string_equal(ask("SELECT rule, target, is_maintenance FROM finding ORDER BY 1, 2"),
					    cases[i].holds ? "moment a 1\nmoment b 0\nstate a 0\nstate b 0"
							   : "moment a 0\nmoment b 0\nstate a 0\nstate b 0");
	}
	assert_true(zone == getenv("TZ") || strcmp(zone, getenv("TZ")) == 0);
}

static void test_group(void **state)
{
	(void)state;
	add("common", "group", "-- scope: group",
	    "SELECT :group AS object, (SELECT group_concat(peer) FROM (SELECT peer FROM replica ORDER BY peer)) || ' of ' || :target AS summary");
	judge(NULL);
	assert_string_equal(ask("SELECT target, snapshot, object, summary FROM finding"), "group:g 11 g x,y,z of group:g");
	assert_string_equal(ask("SELECT target, state, is_complete FROM rule_run"), "group:g judged 1");
}

/* Rows of one object are one finding, the worst; texts are bounded; a report of no row is judged. */
static void test_rows(void **state)
{
	(void)state;
	add("common", "same", "",
	    "SELECT 'o' AS object, column1 AS severity, column2 AS summary FROM replica, (VALUES ('info', 'i'), ('critical', 'c1'), "
	    "('critical', 'c2'), ('warning', 'w')) WHERE peer <> 'y'");
	add("common", "long", "",
	    "SELECT printf('%.*c', 5000, 'o') AS object, 'x' || replace(printf('%.*c', 3000, 'o'), 'o', 'µ') AS summary, "
	    "json_object('a', printf('%.*c', 70000, 'o')) AS evidence, 7 AS impact FROM replica WHERE peer = 'x'");
	add("common", "mixed", "",
	    "SELECT column1 AS object, column2 AS severity, 's' AS summary FROM replica, (VALUES ('o', NULL), ('p', 'info'), ('p', NULL)) "
	    "WHERE peer = 'x'");
	judge(NULL);
	assert_string_equal(ask("SELECT object FROM finding WHERE rule = 'mixed'"), "p");
	assert_string_equal(ask("SELECT findings FROM rule_run WHERE rule = 'mixed' AND target = 'a'"), "1");
	assert_string_equal(ask("SELECT count(*) FROM finding_unjudged WHERE id NOT IN (SELECT id FROM finding)"), "1");
	assert_string_equal(ask("SELECT target, severity, summary FROM finding WHERE rule = 'same' ORDER BY 1"),
			    "a critical c1\nb critical c1");
	assert_string_equal(
		ask("SELECT length(CAST(object AS BLOB)), length(CAST(summary AS BLOB)), substr(summary, -2), evidence, impact "
		    "FROM finding WHERE rule = 'long'"),
		"1024 2048 µ… {\"left_out\":\"evidence of 70008 bytes\"} 1.0");
	assert_string_equal(ask("SELECT target, state, findings FROM rule_run WHERE rule = 'long' ORDER BY 1"),
			    "a judged 1\nb judged 0");
}

/* Each fails alone: on every target that it concerns, with these words, while the good one is judged. */
static const struct {
	const char *name, *query, *reason;
} HOSTILE[] = {
	{ "endless",
	  "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT 'o' AS object, max(n) AS summary FROM c, "
	  "replica",
	  NULL }, /* time or memory, whichever ends first */
	{ "cross",
	  "WITH v (n) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) SELECT 'o' AS object, count(*) AS summary FROM "
	  "replica, v a, v b, v c, v d, v e, v f, v g, v h, v i, v j, v k WHERE a.n + b.n + c.n + d.n + e.n + f.n + k.n > 1",
	  "takes longer than 2000 ms of CPU time" },
	{ "rows",
	  "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 1000000000) SELECT n AS object, 's' AS summary "
	  "FROM c WHERE (SELECT count(*) FROM replica) > 0",
	  "raises more than 20000 findings" },
	{ "memory",
	  "WITH RECURSIVE c (n, t) AS (SELECT 1, replace(printf('%.*c', 100000, 'x'), 'x', 'yz') FROM replica UNION ALL SELECT "
	  "n + 1, t || n FROM c LIMIT 1000000) SELECT 'o' AS object, t AS summary FROM c ORDER BY t",
	  "needs more than 128 MB of memory" },
	{ "text", "SELECT 'o' AS object, replace(printf('%.*c', 1000000, 'x'), 'x', 'yyyyyyyyyy') AS summary FROM replica",
	  "makes a text longer than 8 MB" },
	{ "blob", "SELECT 'o' AS object, zeroblob(1000000000) AS summary FROM replica", "may not call 'zeroblob'" },
	{ "insert", "INSERT INTO main.finding (object) VALUES ('o')", "may only SELECT, not change 'finding'" },
	{ "update", "UPDATE main.replica SET peer = 'o'", "may only SELECT, not change 'replica'" },
	{ "delete", "DELETE FROM main.replica", "may only SELECT, not change 'replica'" },
	{ "drop", "DROP TABLE main.replica", "may only SELECT from facts, history and json_each" },
	{ "create", "CREATE TEMP TABLE x AS SELECT peer FROM replica", "may only SELECT from facts, history and json_each" },
	{ "trigger", "CREATE TEMP TRIGGER x AFTER INSERT ON main.finding BEGIN SELECT 1; END",
	  "may only SELECT: 'changing the schema'" },
	{ "attach", "ATTACH '/tmp/dbperf-hostile' AS x", "may only SELECT: 'ATTACH'" },
	{ "detach", "DETACH history", "may only SELECT: 'DETACH'" },
	{ "vacuum", "VACUUM INTO '/tmp/dbperf-hostile'", "is not one SELECT" },
	{ "pragma", "PRAGMA writable_schema = 1", "may only SELECT: 'PRAGMA'" },
	{ "pragma-table", "SELECT name AS object, 's' AS summary FROM pragma_table_info('replica'), replica",
	  "may only SELECT from facts, history and json_each|may not read 'pragma_table_info'" },
	{ "begin", "BEGIN", "may only SELECT: 'transactions'" },
	{ "savepoint", "SAVEPOINT x", "may only SELECT: 'transactions'" },
	{ "reindex", "REINDEX", "may only SELECT: 'changing the schema'" },
	{ "explain", "EXPLAIN SELECT peer FROM replica", "is not one SELECT" },
	{ "two", "SELECT peer AS object, 's' AS summary FROM replica; DELETE FROM main.replica", "is more than one statement" },
	{ "two-reads", "SELECT peer AS object, 's' AS summary FROM replica; SELECT 1", "is more than one statement" },
	{ "schema", "SELECT name AS object, sql AS summary FROM sqlite_master, replica", "may not read 'sqlite_master'" },
	{ "schema-count", "SELECT 'o' AS object, count(*) AS summary FROM sqlite_temp_schema, replica",
	  "may not read 'sqlite_temp_schema'" },
	{ "dbstat", "SELECT name AS object, 's' AS summary FROM dbstat, replica",
	  "may only SELECT from facts, history and json_each|may not read 'dbstat'" },
	{ "extension", "SELECT 'o' AS object, load_extension('/tmp/x.so') AS summary FROM replica",
	  "may not call 'load_extension'" },
	{ "readfile", "SELECT 'o' AS object, readfile('/etc/passwd') AS summary FROM replica", "no such function: readfile" },
	{ "writefile", "SELECT 'o' AS object, writefile('/tmp/x', 'y') AS summary FROM replica", "no such function: writefile" },
	{ "tokenizer", "SELECT 'o' AS object, fts3_tokenizer('simple', x'00') AS summary FROM replica",
	  "may not call 'fts3_tokenizer'" },
	{ "clock", "SELECT 'o' AS object, datetime('now') AS summary FROM replica", "may not call 'datetime'" },
	{ "clock-2", "SELECT 'o' AS object, current_timestamp AS summary FROM replica", "may not call 'current_timestamp'" },
	{ "random", "SELECT 'o' AS object, random() AS summary FROM replica", "may not call 'random'" },
	{ "syntax", "SELEC peer FROM replica", "near \"SELEC\": syntax error" },
	{ "no-table", "SELECT 'o' AS object, 's' AS summary FROM nonsense", "no such table: nonsense" },
	{ "no-column", "SELECT nonsense AS object, 's' AS summary FROM replica", "no such column: nonsense" },
	{ "other-table", "SELECT name AS object, 's' AS summary FROM setting, replica",
	  "the SQL reads 'setting', which '-- reads:' does not name" },
	{ "columns", "SELECT peer AS objekt, 's' AS summary FROM replica",
	  "the SQL returns a column 'objekt', which findings do not have" },
	{ "columns-2", "SELECT peer AS object FROM replica", "the SQL returns no column 'summary'" },
	{ "columns-3", "SELECT peer AS object, peer AS object, 's' AS summary FROM replica",
	  "the SQL returns the column 'object' twice" },
	{ "null", "SELECT NULL AS object, 's' AS summary FROM replica", "a row has no object" },
	{ "null-2", "SELECT 'o' AS object, NULL AS summary FROM replica", "'o' has no summary" },
	{ "severity", "SELECT 'o' AS object, 's' AS summary, 'fatal' AS severity FROM replica",
	  "the severity of 'o' is 'fatal', not critical, warning or info" },
	{ "json", "SELECT 'o' AS object, 's' AS summary, '{\"a\":' AS evidence FROM replica",
	  "the evidence of 'o' is no JSON object" },
	{ "json-2", "SELECT 'o' AS object, 's' AS summary, '[1]' AS evidence FROM replica",
	  "the evidence of 'o' is no JSON object" },
	{ "impact", "SELECT 'o' AS object, 's' AS summary, 'much' AS impact FROM replica", "impact is no number" },
	{ "param", "SELECT 'o' AS object, 's' AS summary FROM replica WHERE lag_us > :nonsense",
	  "the SQL uses ':nonsense', which is no '-- param:' of it" },
	{ "param-2", "SELECT 'o' AS object, 's' AS summary FROM replica WHERE lag_us > ?",
	  "the SQL uses '?', which is no '-- param:' of it" },
	{ "regexp", "SELECT 'o' AS object, regexp('(((a+)+)+)+$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!') AS summary FROM replica",
	  "regexp: pattern takes too long" },
	{ "depth", "", NULL }, /* made in the test: 5,000 nested parentheses */
};

static void test_hostile(void **state)
{
	(void)state;
	SCOPED_BUFFER deep = BUFFER(65536, "SQL");
	size_t count = sizeof HOSTILE / sizeof *HOSTILE;
	buffer_text(&deep, "SELECT 'o' AS object, ");
	for (int i = 0; i < 5000; i++)
		buffer_text(&deep, "(1+");
	buffer_text(&deep, "1");
	for (int i = 0; i < 5000; i++)
		buffer_char(&deep, ')');
	buffer_text(&deep, " AS summary FROM replica");
	sql("UPDATE target_run SET state = 'failed' WHERE target = 'b'"); /* the slow ones need not run twice */
	for (size_t i = 0; i < count; i++)
		add("common", HOSTILE[i].name, "", HOSTILE[i].query[0] ? HOSTILE[i].query : deep.data);
	add("common", "zz-good", "-- param: warn = 30s", LAG);
	judge(NULL);
	assert_string_equal(ask("SELECT rule, state, findings FROM rule_run WHERE state <> 'failed'"), "zz-good judged 2");
	assert_string_equal(ask("SELECT DISTINCT rule FROM finding"), "zz-good");
	assert_string_equal(ask("SELECT count(*) FROM rule_run"), arena_printf(&arena, "%zu", count + 1));
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		const char *why = ask(arena_printf(&arena, "SELECT reason FROM rule_run WHERE rule = '%s'", HOSTILE[i].name));
		struct slice rest =
			slice_of(HOSTILE[i].reason); /* one of those parted by |: SQLite's versions ask in different orders */
		bool is_one = !HOSTILE[i].reason;
		while (rest.len && !is_one)
			is_one = slice_equal(slice_cut(&rest, '|'), slice_of(why));
		if (is_one)
			continue;
		print_error("%s: '%s', not '%s'\n", HOSTILE[i].name, why, HOSTILE[i].reason);
		wrong++;
	}
	assert_int_equal(wrong, 0);
	assert_string_equal(ask("SELECT count(*) FROM main.replica"), "3");
	/* Nothing of the guard stays on the connection. */
	sql("CREATE TABLE main.after (a); DROP TABLE main.after; PRAGMA user_version");
	assert_int_equal(sqlite3_hard_heap_limit64(-1), 0);
	assert_true(sqlite3_limit(rundb_connection(run), SQLITE_LIMIT_LENGTH, -1) > 8 * 1024 * 1024);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_run),      TEST(test_complete),       TEST(test_stand_in), TEST(test_windows),
		TEST(test_settings), TEST(test_settings_wrong), TEST(test_mutes),    TEST(test_maintenance),
		TEST(test_group),    TEST(test_rows),           TEST(test_hostile),
		TEST(test_quote),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_close(&arena);
	return failed;
}
