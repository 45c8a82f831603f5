/* Life of a finding: what becomes of it look by look, what a person marked, what was told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/store.h"

static char folder[64], path[96];
static struct store *store;
static int looks; /* so far; look n is at n * 1000 s */

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/dbperf-life-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/store.db", folder);
	looks = 0;
	struct err e = { 0 };
	return store_open(&(struct store_options){ .path = path, .wait_us = 200000 }, &store, &e);
}

static int teardown(void **state)
{
	(void)state;
	static const char *const ends[] = { "", ".lock", "-wal", "-shm" };
	store_close(store);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		char name[128];
		snprintf(name, sizeof name, "%s%s", path, ends[i]);
		unlink(name);
	}
	rmdir(folder);
	return 0;
}

static void sql(struct rundb *run, const char *text)
{
	char *error = NULL;
	if (sqlite3_exec(rundb_connection(run), text, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", text, error);
}

/* A run at time `at` with a snapshot and the rule `r`, judged (or as `rule_run` says). */
static struct rundb *begin(int at, const char *rule_run)
{
	struct rundb *run;
	struct err e = { 0 };
	char text[512];
	if (rundb_open(&run, &e) || rundb_attach_history(run, store_path(store), NULL, &e))
		fail_msg("%s", e.text);
	snprintf(
		text, sizeof text,
		"INSERT INTO main.snapshot (snapshot, look, target, taken_at, source, server_id) VALUES (%d, 0, 't', %d000000000, 'live', 's');"
		"INSERT INTO main.rule_run (rule, snapshot, target, state, is_complete) VALUES ('r', %d, 't', %s);",
		at, at, at, rule_run);
	sql(run, text);
	return run;
}

/* "ID nature severity": a finding that this run's rule raised. */
static void raise(struct rundb *run, int at, int id, const char *nature, const char *severity)
{
	char text[512];
	snprintf(
		text, sizeof text,
		"INSERT INTO main.finding (id, snapshot, target, rule, rule_hash, nature, object, severity, summary, is_raised) VALUES "
		"(%d, %d, 't', 'r', 5, '%s', 'o%d', '%s', 'at %d', 1)",
		id, at, nature, id, severity, at);
	sql(run, text);
}

static const char *write_and_ask(struct rundb *run, const char *query)
{
	static char out[1024];
	struct err e = { 0 };
	SCOPED_STMT *stmt = NULL;
	if (store_write(store, run, true, &e))
		fail_msg("%s", e.text);
	if (sqlite3_prepare_v2(rundb_connection(run), query, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(rundb_connection(run)));
	size_t used = 0;
	out[0] = 0;
	while (sqlite3_step(stmt) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			const char *value = (const char *)sqlite3_column_text(stmt, i);
			used += (size_t)snprintf(out + used, sizeof out - used, "%s%s",
						 i      ? ":"
						 : used ? " "
							: "",
						 value ? value : "-");
		}
	return out;
}

/* One look in which finding 1 was raised ("s" state, "m" moment; "W", "C" its severity) or not ("."), or not looked for ("?"). */
static const char *step(const char *nature, char what)
{
	static char out[64];
	int at = ++looks;
	struct rundb *run = begin(at, what == '?' ? "'judged', 0" : "'judged', 1");
	if (what == 'W' || what == 'C')
		raise(run, at, 1, nature, what == 'C' ? "critical" : "warning");
	snprintf(out, sizeof out, "%s", write_and_ask(run, "SELECT state FROM main.finding WHERE id = 1"));
	rundb_close(run);
	return out;
}

/* A story: one letter a look, and the states it leads to, parted by blanks. */
static void story(const char *nature, const char *letters, const char *states)
{
	char out[1024] = "";
	size_t used = 0;
	for (const char *letter = letters; *letter; letter++) {
		const char *state = step(nature, *letter);
		used += (size_t)snprintf(out + used, sizeof out - used, "%s%s", used ? " " : "", *state ? state : "-");
	}
	assert_string_equal(out, states);
}

static void test_state(void **state)
{
	(void)state;
	story("state", "WW?W..W?.", "new ongoing unseen ongoing resolved - reopened unseen resolved");
}

static void test_moment(void **state)
{
	(void)state;
	story("moment", "W.WW", "pending - pending new");
	story("moment", "W..W...", "ongoing unseen unseen ongoing unseen unseen resolved");
	story("moment", "WWW", "pending pending reopened");
}

static void test_moment_passes(void **state)
{
	(void)state;
	story("moment", "W.....W.", "pending - - - - - pending -"); /* once in a while is nothing */
}

static void test_moment_critical(void **state)
{
	(void)state;
	story("moment", "C..?.", "new unseen unseen unseen resolved"); /* at once; a look that was not one does not count */
}

static const char *ask_at(int at, const char *rule_run, int raised, const char *query)
{
	static char out[1024];
	struct rundb *run = begin(at, rule_run);
	if (raised)
		raise(run, at, 1, "state", "warning");
	snprintf(out, sizeof out, "%s", write_and_ask(run, query));
	rundb_close(run);
	return out;
}

static void test_times(void **state)
{
	(void)state;
	static const char times[] =
		"SELECT first_seen / 1000000000, last_seen / 1000000000, times_seen, summary, is_raised FROM main.finding";
	assert_string_equal(ask_at(1, "'judged', 1", 1, times), "1:1:1:at 1:1");
	assert_string_equal(ask_at(2, "'judged', 1", 1, times), "1:2:2:at 2:1");
	assert_string_equal(ask_at(3, "'failed', NULL", 0, times), "1:2:2:at 2:0");
	/* the same snapshot again, and an older one, change nothing */
	assert_string_equal(ask_at(3, "'judged', 1", 0, "SELECT state FROM main.finding"), "unseen");
	assert_string_equal(ask_at(2, "'judged', 1", 1, times), "1:2:2:at 2:1");
	assert_string_equal(ask_at(0, "'judged', 1", 0, "SELECT count(*) FROM main.finding"), "0");
	assert_string_equal(ask_at(4, "'judged', 1", 0, "SELECT state, times_seen FROM main.finding"), "resolved:2");
	assert_string_equal(ask_at(4, "'judged', 1", 0, "SELECT state, times_seen FROM main.finding"), "resolved:2");
	assert_string_equal(ask_at(5, "'judged', 1", 0, "SELECT count(*) FROM main.finding"), "0");
}

/* Its rule was judged, and could tell nothing about its object. */
static void test_unjudged(void **state)
{
	(void)state;
	ask_at(1, "'judged', 1", 1, "SELECT 1");
	struct rundb *run = begin(2, "'judged', 1");
	sql(run, "INSERT INTO main.finding_unjudged VALUES (1)");
	assert_string_equal(write_and_ask(run, "SELECT state, is_raised FROM main.finding"), "unseen:0");
	rundb_close(run);
	assert_string_equal(ask_at(3, "'judged', 1", 0, "SELECT state FROM main.finding"), "resolved");
}

/* A finding whose rule this run did not run is left alone. */
static void test_other_rule(void **state)
{
	(void)state;
	ask_at(1, "'judged', 1", 1, "SELECT 1");
	struct rundb *run = begin(2, "'judged', 1");
	sql(run, "UPDATE main.rule_run SET rule = 'q'");
	assert_string_equal(write_and_ask(run, "SELECT count(*) FROM main.finding"), "0");
	rundb_close(run);
	assert_string_equal(ask_at(3, "'judged', 1", 1, "SELECT state FROM main.finding"), "ongoing");
}

static void test_flapping(void **state)
{
	(void)state;
	char flapping[32] = "";
	for (int i = 1; i <= 8; i++) {
		const char *is = ask_at(i, "'judged', 1", i % 2, "SELECT is_flapping FROM main.finding");
		strncat(flapping, *is ? is : "-", 2);
	}
	assert_string_equal(flapping, "00011111");
}

static void test_severity_and_marks(void **state)
{
	(void)state;
	struct err e = { 0 };
	ask_at(1, "'judged', 1", 1, "SELECT 1");
	assert_int_equal(store_finding_mark(store, "0000000000000001", "ack", "ticket 7", 0, &e), ERR_OK);
	assert_non_null(strstr(ask_at(2, "'judged', 1", 1, "SELECT acknowledged FROM main.finding"), ": ticket 7"));
	struct rundb *run = begin(3, "'judged', 1");
	raise(run, 3, 1, "state", "critical"); /* worse than what was acknowledged */
	raise(run, 3, 2, "state", "warning");
	assert_string_equal(write_and_ask(run, "SELECT id, acknowledged, state FROM main.finding ORDER BY id"),
			    "1:-:ongoing 2:-:new");
	rundb_close(run);
	assert_int_equal(store_finding_mark(store, "00000000000000", "mute", "x", 0, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "2 findings begin with"));
	e = (struct err){ 0 };
	assert_int_equal(store_finding_mark(store, "ffff", "mute", "x", 0, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "no finding 'ffff'"));
	e = (struct err){ 0 };
	assert_int_equal(store_finding_mark(store, "%' OR 1", "mute", "x", 0, &e), ERR_USAGE);
	e = (struct err){ 0 };
	setenv("DBPERF_NOW", "4000000000", 1);
	assert_int_equal(store_finding_mark(store, "0000000000000001", "mute", "night job", 5500000000, &e), ERR_OK);
	assert_string_equal(ask_at(4, "'judged', 1", 1, "SELECT muted_by, acknowledged IS NULL FROM main.finding WHERE id = 1"),
			    "night job:0");
	setenv("DBPERF_NOW", "6000000000", 1);
	assert_string_equal(ask_at(6, "'judged', 1", 1, "SELECT muted_by FROM main.finding WHERE id = 1"), "-"); /* over */
	unsetenv("DBPERF_NOW");
	assert_int_equal(store_finding_mark(store, "0000000000000001", "unmute", NULL, 0, &e), ERR_OK);
	assert_string_equal(ask_at(7, "'judged', 1", 1, "SELECT muted_by, acknowledged FROM main.finding WHERE id = 1"), "-:-");
	/* an acknowledgement ends with the finding */
	assert_int_equal(store_finding_mark(store, "0000000000000001", "ack", "again", 0, &e), ERR_OK);
	ask_at(8, "'judged', 1", 0, "SELECT 1");
	assert_string_equal(ask_at(9, "'judged', 1", 1, "SELECT state, acknowledged FROM main.finding WHERE id = 1"), "reopened:-");
}

/* One look of `audit --notify`: "STATE:IS_TOLD"; afterwards it counts as told. */
static const char *notify(int at, const char *name, const char *severity, bool tells)
{
	static char out[256];
	char text[128];
	struct err e = { 0 };
	struct rundb *run = begin(at, "'judged', 1");
	if (severity)
		raise(run, at, 1, "state", severity);
	if (name) {
		snprintf(text, sizeof text, "INSERT INTO main.run_setting VALUES ('notify', '%s')", name);
		sql(run, text);
	}
	snprintf(out, sizeof out, "%s", write_and_ask(run, "SELECT state, is_told FROM main.finding"));
	if (name && tells && store_told(store, run, name, &e))
		fail_msg("%s", e.text);
	rundb_close(run);
	return out;
}

static void test_told(void **state)
{
	(void)state;
	assert_string_equal(notify(1, NULL, "warning", false), "new:-"); /* an interactive audit neither reads nor moves it */
	assert_string_equal(notify(2, "ops", "warning", true), "ongoing:0");
	assert_string_equal(notify(3, "ops", "warning", true), "ongoing:1");
	assert_string_equal(notify(4, "dev", "warning", true), "ongoing:0"); /* each NAME has its own mark */
	assert_string_equal(notify(5, "ops", "critical", true), "ongoing:0");
	assert_string_equal(notify(6, "ops", "warning", true), "ongoing:1"); /* better is no news */
	assert_string_equal(notify(7, "ops", "critical", true), "ongoing:0");
	assert_string_equal(notify(8, NULL, NULL, false), "resolved:-");
	assert_string_equal(notify(9, "ops", NULL, true), "resolved:0"); /* it resolved while nobody was told */
	assert_string_equal(notify(10, "ops", NULL, true), "");
	assert_string_equal(notify(11, "ops", "critical", true), "reopened:0");
	assert_string_equal(notify(12, "dev", "warning", true), "ongoing:1"); /* dev never heard that it was gone */
}

/* The first look at a target has no new rules; later ones do, and changed ones. */
static void test_new_rules(void **state)
{
	(void)state;
	static const char query[] = "SELECT rule_is_new FROM main.finding WHERE is_raised";
	assert_string_equal(ask_at(1, "'judged', 1", 1, query), "0");
	assert_string_equal(ask_at(2, "'judged', 1", 1, query), "0");
	struct rundb *run = begin(3, "'judged', 1");
	raise(run, 3, 1, "state", "warning");
	sql(run, "UPDATE main.finding SET rule_hash = 6");
	assert_string_equal(write_and_ask(run, query), "1");
	rundb_close(run);
	run = begin(4, "'judged', 1");
	raise(run, 4, 9, "state", "warning");
	sql(run, "UPDATE main.finding SET rule = 'q'; UPDATE main.rule_run SET rule = 'q', rule_hash = 5");
	assert_string_equal(write_and_ask(run, query), "1");
	rundb_close(run);
	run = begin(5, "'judged', 1");
	raise(run, 5, 9, "state", "warning");
	sql(run, "UPDATE main.finding SET rule = 'q'; UPDATE main.rule_run SET rule = 'q', rule_hash = 5");
	assert_string_equal(write_and_ask(run, query), "0");
	rundb_close(run);
}

/* collect keeps no findings: nothing of their life moves. */
static void test_collect(void **state)
{
	(void)state;
	struct err e = { 0 };
	ask_at(1, "'judged', 1", 1, "SELECT 1");
	struct rundb *run = begin(2, "'judged', 1");
	assert_int_equal(store_write(store, run, false, &e), ERR_OK);
	rundb_close(run);
	assert_string_equal(ask_at(3, "'judged', 1", 1, "SELECT state, times_seen FROM main.finding"), "ongoing:2");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_state), TEST(test_moment),     TEST(test_moment_passes), TEST(test_moment_critical),
		TEST(test_times), TEST(test_other_rule), TEST(test_flapping),      TEST(test_severity_and_marks),
		TEST(test_told),  TEST(test_new_rules),  TEST(test_collect),       TEST(test_unjudged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
