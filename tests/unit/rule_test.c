/* Rule files: what a head may say, whose files are read, and the runner of rules' own tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/rule.h"

#define HEAD "-- id: lag\n-- title: Behind\n-- category: replication\n-- nature: moment\n-- reads: replica\n"
#define QUERY "SELECT peer AS object, 'late' AS summary FROM replica WHERE lag_us > :warn"

static struct arena arena;

/* The error of reading the text as rules/common/lag.sql, "" for none. */
static const char *parse(const char *text, struct rule *rule)
{
	static struct err e;
	struct rule other;
	e = (struct err){ 0 };
	return rule_parse("rules/common/lag.sql", SLICE("common"), slice_of(text), &arena, rule ? rule : &other, &e) ? e.text : "";
}

static void test_parse(void **state)
{
	(void)state;
	struct rule rule;
	assert_string_equal(parse(HEAD
				  "-- window: 7d\n-- param: warn = 30s\r\n-- param: size = 64MB\n-- param: share = 40%\n"
				  "-- param: n = 1000\n-- param: half = 0.5\n-- source: the manual\n-- Why it matters: much.\n--\n"
				  "-- id: words may look like this now.\n\n" QUERY ";\n",
				  &rule),
			    "");
	assert_true(slice_equal(rule.title, SLICE("Behind")));
	assert_true(slice_equal(rule.scope, SLICE("target")));
	assert_true(slice_equal(rule.about, SLICE("Why it matters: much.\nid: words may look like this now.")));
	assert_true(slice_equal(rule.sql, SLICE(QUERY ";")));
	assert_int_equal(rule.window_us, 7 * 86400000000);
	assert_int_equal(rule.param_count, 5);
	static const struct {
		enum param_type type;
		double value;
	} params[] = { { PARAM_DURATION, 30000000 },
		       { PARAM_SIZE, 67108864 },
		       { PARAM_SHARE, 0.4 },
		       { PARAM_NUMBER, 1000 },
		       { PARAM_NUMBER, 0.5 } };
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(rule.params[i].type, params[i].type);
		assert_true(rule.params[i].value == params[i].value);
	}
}

static void test_parse_wrong(void **state)
{
	(void)state;
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "", "rules/common/lag.sql: there is no SQL in it" },
		{ HEAD, "rules/common/lag.sql: there is no SQL in it" },
		{ "SELECT 1", "rules/common/lag.sql:1: the line '-- id: …' is missing" },
		{ "-- titel: x\n" HEAD QUERY, "rules/common/lag.sql:1: unknown key 'titel'" },
		{ HEAD "-- id: lag\n" QUERY, "rules/common/lag.sql:6: 'id' stands here a second time" },
		{ HEAD "-- window:\n" QUERY, "rules/common/lag.sql:6: 'window' has no value" },
		{ HEAD "-- window: soon\n" QUERY, "rules/common/lag.sql:6: window 'soon' is none of now, any, reset, 1d, 7d …" },
		{ HEAD "-- window: 0\n" QUERY, "rules/common/lag.sql:6: window '0' is none of now, any, reset, 1d, 7d …" },
		{ HEAD "-- scope: world\n" QUERY, "rules/common/lag.sql:6: scope 'world' is none of target, group" },
		{ HEAD "-- param: warn 30s\n" QUERY, "rules/common/lag.sql:6: 'warn 30s' is not NAME = VALUE" },
		{ HEAD "-- param: severity = 1\n" QUERY, "rules/common/lag.sql:6: no parameter may be called 'severity'" },
		{ HEAD "-- param: a = 1\n-- param: a = 2\n" QUERY,
		  "rules/common/lag.sql:7: parameter 'a' stands here a second time" },
		{ HEAD "-- param: a = soon\n" QUERY,
		  "rules/common/lag.sql:6: 'soon' is no duration (30s), size (64MB), share (40%) or number" },
		{ "-- id: other\n-- title: t\n-- category: c\n-- nature: state\n-- reads: setting\n" QUERY,
		  "rules/common/lag.sql:1: id 'other' is not the file's name" },
		{ "-- id: ../lag\n-- title: t\n-- category: c\n-- nature: state\n-- reads: setting\n" QUERY,
		  "rules/common/lag.sql:1: id '../lag' is not of a-z, 0-9, - and _" },
		{ "-- id: lag\n-- title: t\n-- category: c\n-- nature: mood\n-- reads: setting\n" QUERY,
		  "rules/common/lag.sql:4: nature 'mood' is none of state, moment" },
		{ "-- id: lag\n-- title: t\n-- category: c\n-- nature: state\n-- reads: setting, nonsense\n" QUERY,
		  "rules/common/lag.sql:5: there is no fact table 'nonsense'" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(parse(cases[i].text, NULL), cases[i].error);
	struct rule rule;
	struct err e = { 0 };
	assert_int_equal(rule_parse("lag.sql", SLICE("common"), SLICE("SELECT\0 1"), &arena, &rule, &e), ERR_USAGE);
	assert_string_equal(e.text, "lag.sql: holds a NUL byte");
}

static char folder[] = "/tmp/dbperf-rule-test-XXXXXX";

static const char *put(const char *name, const char *text)
{
	const char *path = arena_printf(&arena, "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return path;
}

static const char *load(const char *const *folders, size_t count, struct rules *rules)
{
	static struct err e;
	e = (struct err){ 0 };
	return rules_load(folders, count, &arena, rules, &e) ? e.text : "";
}

/* Below /tmp, which is sticky: everything above the folder is as it has to be. */
static void test_load(void **state)
{
	(void)state;
	struct rules rules;
	assert_non_null(mkdtemp(folder));
	const char *own = arena_printf(&arena, "%s/own", folder), *site = arena_printf(&arena, "%s/site", folder);
	const char *both[] = { own, site };
	mkdir(own, 0755);
	mkdir(site, 0755);
	mkdir(arena_printf(&arena, "%s/common", own), 0755);
	mkdir(arena_printf(&arena, "%s/common", site), 0755);
	put("own/common/lag.sql", HEAD QUERY);
	put("own/common/lag.test.sql", "-- quiet: x\n");
	put("own/common/.hidden.sql", "nonsense");
	put("own/common/notes.txt", "nonsense");
	assert_string_equal(load(both, 2, &rules), "");
	assert_int_equal(rules.count, 1);
	assert_true(slice_equal(rules.items[0].engine, SLICE("common")));
	assert_ptr_equal(rule_find(&rules, SLICE("lag")), &rules.items[0]);
	assert_null(rule_find(&rules, SLICE("la")));

	const char *second = put("site/common/lag.sql", HEAD QUERY);
	assert_string_equal(load(both, 2, &rules),
			    arena_printf(&arena, "%s: rule 'lag' stands in '%s/common/lag.sql' already", second, own));
	chmod(second, 0664);
	assert_string_equal(load(both, 2, &rules), arena_printf(&arena, "'%s' can be written by others", second));
	const char *own_first[] = { site };
	assert_string_equal(load(own_first, 1, &rules), ""); /* the first folder is taken as found */
	unlink(second);
	chmod(site, 0777);
	assert_string_equal(load(both, 2, &rules), arena_printf(&arena, "'%s' can be written by others", site));
	chmod(site, 0755);
	mkfifo(second, 0644);
	assert_string_equal(load(both, 2, &rules), arena_printf(&arena, "'%s' is no regular file", second));
	unlink(second);
	const char *stray = put("site/lag.sql", HEAD QUERY);
	assert_string_equal(load(both, 2, &rules),
			    arena_printf(&arena, "'%s' lies outside an engine's folder (%s/common, …)", stray, site));
	both[1] = "/nonexistent/rules";
	assert_string_equal(load(both, 2, &rules), "cannot open the folder '/nonexistent/rules': No such file or directory");
	if (system(arena_printf(&arena, "rm -r '%s'", folder)) != 0)
		fail();
}

struct seen {
	struct buffer text;
	size_t blocks;
};

static void report(void *context, struct slice block, const char *wrong)
{
	struct seen *seen = context;
	seen->blocks++;
	if (wrong)
		buffer_printf(&seen->text, "%.*s: %s\n", SLICE_ARG(block), wrong);
}

/* What the tests of the rule say that is wrong. */
static const char *wrong_in(const char *text, const char *tests, size_t *blocks)
{
	struct rule rule;
	struct err e = { 0 };
	struct seen seen = { .text = BUFFER(65536, "text") };
	size_t failed;
	assert_string_equal(parse(text, &rule), "");
	assert_int_equal(rule_test(&rule, slice_of(tests), report, &seen, &failed, &e), ERR_OK);
	assert_int_equal(failed > 0, seen.text.len > 0);
	if (blocks)
		*blocks = seen.blocks;
	const char *result = arena_text(&arena, buffer_view(&seen.text));
	buffer_close(&seen.text);
	return result;
}

#define LAG HEAD "-- param: warn = 30s\n" QUERY
#define ROW "INSERT INTO replica (peer, lag_us) VALUES ('standby 1', 40000000);\n"

static void test_blocks(void **state)
{
	(void)state;
	size_t blocks;
	assert_string_equal(wrong_in(LAG,
				     "-- words before the first block\n\n-- raises: standby 1 warning\n" ROW
				     "-- quiet: there is no replica\n"
				     "-- raises: a warning\n-- raises: b warning\n-- two at once\n"
				     "INSERT INTO replica (peer, lag_us) VALUES ('a', 31000000);\n"
				     "INSERT INTO replica (peer, lag_us) VALUES ('b', 31000000); -- one more\n"
				     "-- quiet: with another threshold\n-- param: warn = 1m\n" ROW,
				     &blocks),
			    "");
	assert_int_equal(blocks, 4);
	assert_string_equal(wrong_in(LAG, "-- quiet: no\n" ROW, NULL), "quiet: no: raises 'standby 1 warning' (late)\n");
	assert_string_equal(wrong_in(LAG, "-- raises: x critical\n" ROW, NULL),
			    "raises: x critical: raises 'standby 1 warning' (late); does not raise 'x critical'\n");
	assert_string_equal(wrong_in(LAG, "-- raises: standby 1 warning\n" ROW ROW, NULL),
			    "raises: standby 1 warning: raises 'standby 1 warning' (late)\n"); /* two rows of one object */
	assert_string_equal(wrong_in(LAG, "-- quiet: x\nINSERT INTO replica (pear) VALUES (1);", NULL),
			    "quiet: x: the block's SQL: table replica has no column named pear\n");
	assert_string_equal(wrong_in(LAG, "-- quiet: x\nATTACH '/tmp/x' AS y;", NULL),
			    "quiet: x: the block's SQL: may only SELECT: 'ATTACH'\n");
	assert_string_equal(wrong_in(LAG, "-- quiet: x\nDELETE FROM main.finding;", NULL),
			    "quiet: x: the block's SQL: may not write 'finding'\n");
	assert_string_equal(wrong_in(LAG, "-- quiet: x\n-- param: wran = 1m\n", NULL),
			    "lag: line 2: the rule has no parameter 'wran'\n");
	assert_string_equal(wrong_in(LAG, "-- raises: x bad\n", NULL),
			    "lag: line 1: '-- raises: OBJECT SEVERITY' is not 'x bad'\n");
	assert_string_equal(wrong_in(LAG, "INSERT INTO x VALUES (1);\n", NULL),
			    "lag: line 1: SQL before the first '-- raises:' or '-- quiet:': 'INSERT INTO x VALUES (1);'\n");
	struct rule_test_count n = rule_test_count(SLICE("-- raises: a warning\n-- raises: b info\n-- quiet: x\n"));
	assert_int_equal(n.raises, 2);
	assert_int_equal(n.quiet, 1);
}

/* The rule's own mistakes are said once, before any block. */
static void test_rule_wrong(void **state)
{
	(void)state;
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ HEAD "SELECT peer AS object, 'x' AS summary FROM replica, setting",
		  "lag: the SQL reads 'setting', which '-- reads:' does not name\n" },
		{ HEAD "SELECT 'x' AS object, 'x' AS summary", "lag: '-- reads:' names 'replica', which the SQL does not read\n" },
		{ HEAD "SELECT peer AS object, 'x' AS summary FROM replica WHERE lag_us > :warn",
		  "lag: the SQL uses ':warn', which is no '-- param:' of it\n" },
		{ HEAD "-- param: warn = 1s\nSELECT peer AS object, 'x' AS summary FROM replica",
		  "lag: the SQL does not use the parameter ':warn'\n" },
		{ HEAD "SELECT peer FROM replica", "lag: the SQL returns a column 'peer', which findings do not have\n" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(wrong_in(cases[i].text, "-- quiet: x\n", NULL), cases[i].error);
}

/* Time, window, snapshot, group and history in blocks. */
static void test_block_world(void **state)
{
	(void)state;
	assert_string_equal(
		wrong_in(
			"-- id: lag\n-- title: t\n-- category: c\n-- nature: state\n-- reads: snapshot, database\n"
			"SELECT 'world' AS object, now() || ' ' || window_us() || ' ' || (SELECT group_concat(target || ' ' ||"
			" coalesce(cpus, 0) || ' ' || role) FROM snapshot) || ' ' || sum(commits) AS summary FROM database",
			"-- quiet: default\nINSERT INTO database (database, commits) VALUES ('a', 7);\n"
			"-- quiet: said\n-- now: 2026-01-02\n-- window: 1h\nINSERT INTO snapshot (cpus, role) VALUES (8, 'standby');"
			"INSERT INTO database (commits) VALUES (1);",
			NULL),
		"quiet: default: raises 'world warning' (1767268800000000 10000000 test 0 primary 7)\n"
		"quiet: said: raises 'world warning' (1767312000000000 3600000000 test 8 standby 1)\n");
	assert_string_equal(
		wrong_in("-- id: lag\n-- title: t\n-- category: c\n-- nature: state\n-- reads: replica\n-- scope: group\n"
			 "SELECT :group AS object, (SELECT group_concat(t.target || r.peer) FROM replica r JOIN target_run t"
			 " ON t.snapshot = r.snapshot WHERE t.\"group\" = :group) AS summary",
			 "-- quiet: two\nINSERT INTO snapshot (snapshot, target) VALUES (1, 'a'), (2, 'b');\n"
			 "INSERT INTO replica (snapshot, peer) VALUES (1, 'x'), (2, 'y');",
			 NULL),
		"quiet: two: raises 'test warning' (ax,by)\n");
	assert_string_equal(
		wrong_in("-- id: lag\n-- title: t\n-- category: c\n-- nature: state\n-- reads: history.replica, snapshot\n"
			 "SELECT h.peer AS object, h.target AS summary FROM history.replica h JOIN snapshot s USING (target)",
			 "-- raises: p warning\nINSERT INTO history.replica (peer, taken_at) VALUES ('p', 1);", NULL),
		"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),  cmocka_unit_test(test_parse_wrong), cmocka_unit_test(test_load),
		cmocka_unit_test(test_blocks), cmocka_unit_test(test_rule_wrong),  cmocka_unit_test(test_block_world),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_close(&arena);
	return failed;
}
