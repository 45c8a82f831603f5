/* What the store keeps of looks: differences, latest values, definitions, moments, failover, loading back. */
#include "store_run.h"

static void test_differences(void **state)
{
	(void)state;
	struct store *s = open_store();
	look(s,
	     SNAPSHOT(1, 1000, "s", "e") PROBE(1, "statement", "complete") STATEMENTS(
		     1,
		     "(1, 100, 'd', 10, 100, 1.0, 5), (2, 100, 'd', 5, 50, 1.0, 5), (3, 300, 'd', 9, 90, 1.0, 5), (4, 400, 'd', 9, "
		     "90, 1.0, 5), (6, 600, 'd', 7, 70, 1.0, 5)"));
	assert_string_equal(ask("SELECT count(*) FROM statement"), "0"); /* a first look has no difference */
	look(s,
	     SNAPSHOT(2, 1300, "s", "e") PROBE(2, "statement", "complete") STATEMENTS(
		     2,
		     "(1, 100, 'd', 13, 160, 2.0, 5), (2, 100, 'd', 7, 60, 1.0, 5), (3, 300, 'd', 12, 80, 1.0, 5), (4, 400, 'd', 19, "
		     "190, 1.0, 6), (5, 500, 'd', 4, 40, 1.0, 5), (6, 600, 'd', 7, 70, 1.0, 5)"));
	/* folded by fingerprint; fell; began anew; new after a complete look; unchanged */
	assert_string_equal(ask("SELECT fingerprint, calls, total_us, square_us, window_us FROM statement ORDER BY fingerprint"),
			    "100:5:70:1.0:300000000 500:4:40:1.0:300000000");
	assert_string_equal(ask("SELECT row_count, dropped FROM look_fact WHERE snapshot = 2"), "2:2");
	look(s, SNAPSHOT(2, 1300, "s", "e") PROBE(2, "statement", "complete") STATEMENTS(2, "(1, 100, 'd', 99, 999, 2.0, 5)"));
	assert_string_equal(ask("SELECT count(*), (SELECT count(*) FROM raw_snapshot) FROM statement"),
			    "2:2"); /* the same look again */
	assert_string_equal(ask("SELECT calls FROM counter_statement WHERE native_id = 1"), "13");

	/* An incomplete look: keys that it did not see stay, and a key that comes back has its whole difference. */
	look(s, SNAPSHOT(3, 1600, "s", "e") PROBE(3, "statement", "partial") STATEMENTS(3, "(1, 100, 'd', 14, 161, 2.0, 5)"));
	assert_string_equal(ask("SELECT count(*) FROM counter_statement"), "6");
	look(s, SNAPSHOT(4, 1900, "s", "e") PROBE(4, "statement", "complete")
			STATEMENTS(4, "(1, 100, 'd', 14, 161, 2.0, 5), (6, 600, 'd', 8, 75, 1.0, 5), (7, 700, 'd', 1, 1, 1.0, 5)"));
	assert_string_equal(ask("SELECT fingerprint, calls FROM statement WHERE snapshot = 4"),
			    "600:1"); /* 700: not known to be new */
	assert_string_equal(ask("SELECT group_concat(native_id) FROM (SELECT native_id FROM counter_statement ORDER BY 1)"),
			    "1,6,7");

	/* A restart: no difference, and none dropped silently. */
	look(s, SNAPSHOT(5, 2200, "s", "e2") PROBE(5, "statement", "complete") STATEMENTS(5, "(1, 100, 'd', 20, 200, 2.0, 5)"));
	assert_string_equal(ask("SELECT count(*) FROM statement WHERE snapshot = 5"), "0");
	assert_string_equal(ask("SELECT dropped FROM look_fact WHERE snapshot = 5"), "1");
	look(s, SNAPSHOT(6, 2500, "s", "e2") PROBE(6, "statement", "complete") STATEMENTS(6, "(1, 100, 'd', 21, 210, 2.0, 5)"));
	assert_string_equal(ask("SELECT calls, total_us FROM statement WHERE snapshot = 6"), "1:10");

	/* An older capture changes nothing that is newer. */
	look(s, SNAPSHOT(7, 1000, "other", "e") PROBE(7, "statement", "complete") STATEMENTS(7, "(1, 100, 'd', 1, 1, 2.0, 5)"));
	assert_string_equal(ask("SELECT calls FROM counter_statement"), "21");
	store_close(s);
}

/* Two looks in one run: the newer counts; a key that only the first brought is not lost when the second is incomplete. */
static void test_two_looks(void **state)
{
	(void)state;
	struct store *s = open_store();
	look(s,
	     SNAPSHOT(1, 1000, "s", "e") PROBE(1, "statement", "complete") STATEMENTS(
		     1,
		     "(1, 100, 'd', 10, 100, 1.0, 5), (2, 200, 'd', 10, 100, 1.0, 5)") "UPDATE main.statement SET look = 1 WHERE "
										       "native_id = 1;" STATEMENTS(
											       1, "(1, 100, 'd', 4, 40, 1.0, 5)"));
	assert_string_equal(ask("SELECT native_id, calls FROM counter_statement ORDER BY 1"), "1:10 2:10");
	store_close(s);
}

static void test_failover(void **state)
{
	(void)state;
	struct store *s = open_store();
	look(s, SNAPSHOT(1, 1000, "a", "e") PROBE(1, "statement", "complete") STATEMENTS(1, "(1, 100, 'd', 10, 100, 1.0, 5)"));
	look(s, SNAPSHOT(2, 1300, "b", "e") PROBE(2, "statement", "complete") STATEMENTS(2, "(1, 100, 'd', 50, 500, 1.0, 5)"));
	assert_string_equal(ask("SELECT count(*) FROM statement"), "0"); /* never across servers */
	look(s, SNAPSHOT(3, 1600, "a", "e") PROBE(3, "statement", "complete") STATEMENTS(3, "(1, 100, 'd', 12, 120, 1.0, 5)"));
	assert_string_equal(ask("SELECT calls, window_us FROM statement"), "2:600000000");
	assert_string_equal(ask("SELECT snapshot, is_other_server FROM snapshot ORDER BY taken_at"), "1:0 2:1 3:1");
	store_close(s);
}

static void test_late_text(void **state)
{
	(void)state;
	struct store *s = open_store();
	look(s, SNAPSHOT(1, 1000, "s", "e") PROBE(1, "statement", "complete") STATEMENTS(1, "(1, 1, 'd', 10, 100, 1.0, 5)"));
	look(s, SNAPSHOT(2, 1300, "s", "e") PROBE(2, "statement", "complete")
			STATEMENTS(2, "(1, 1, 'd', 12, 120, 1.0, 5), (2, 200, 'd', 12, 120, 1.0, 5)"));
	assert_string_equal(ask("SELECT fingerprint, calls FROM statement ORDER BY 1"), "1:2 200:12");
	look(s, SNAPSHOT(3, 1600, "s", "e") PROBE(3, "statement", "complete")
			STATEMENTS(3, "(1, 100, 'd', 15, 150, 1.0, 5), (2, 2, 'd', 13, 130, 1.0, 5)"));
	assert_string_equal(ask("SELECT snapshot, fingerprint, calls FROM statement ORDER BY 1, 2"),
			    "2:100:2 2:200:12 3:100:3 3:200:1");
	assert_string_equal(ask("SELECT native_id, fingerprint FROM counter_statement ORDER BY 1"), "1:100 2:200");
	store_close(s);
}

/* Latest values: kept when they change, at 1 % for big numbers; sums are NULL where there is no difference. */
static void test_latest(void **state)
{
	(void)state;
#define DATABASES(id, rows)                                                                                                        \
	"INSERT INTO main.database (snapshot, look, database, size_bytes, connections, xid_age, commits) SELECT " #id              \
	", 0, * FROM (VALUES " rows ");"
	struct store *s = open_store();
	look(s, SNAPSHOT(1, 1000, "s", "e") PROBE(1, "database", "complete") DATABASES(1, "('d', 1000000, 5, 200000000, 7)"));
	assert_string_equal(ask("SELECT database, size_bytes, commits FROM database"), "d:1000000:-");
	look(s, SNAPSHOT(2, 1300, "s", "e") PROBE(2, "database", "complete") DATABASES(2, "('d', 1000001, 5, 200100000, 7)"));
	look(s, SNAPSHOT(3, 1600, "s", "e") PROBE(3, "database", "complete") DATABASES(3, "('d', NULL, 5, 200200000, 7)"));
	assert_string_equal(ask("SELECT count(*) FROM database"), "1");
	look(s, SNAPSHOT(4, 1900, "s", "e") PROBE(4, "database", "complete") DATABASES(4, "('d', 1000002, 6, 200300000, 7)"));
	assert_string_equal(ask("SELECT snapshot, size_bytes, connections, commits FROM database WHERE snapshot = 4"),
			    "4:1000002:6:0");
	look(s, SNAPSHOT(5, 2200, "s", "e") PROBE(5, "database", "complete") DATABASES(5, "('d', 1000002, 6, 202400000, 7)"));
	assert_string_equal(ask("SELECT xid_age FROM database WHERE snapshot = 5"), "202400000");
	/* numbers as big as they get are no error */
	look(s, SNAPSHOT(6, 2500, "s", "e") PROBE(6, "database", "complete")
			DATABASES(6, "('d', 9223372036854775807, -9223372036854775807 - 1, 9e999, 9223372036854775807)"));
	look(s, SNAPSHOT(7, 2800, "s", "e") PROBE(7, "database", "complete")
			DATABASES(7, "('d', -9223372036854775807 - 1, 0, -9e999, 7)"));
	store_close(s);
}

static void test_overflow(void **state)
{
	(void)state;
	struct store *s = open_store();
	look(s, SNAPSHOT(1, 1000, "s", "e") PROBE(1, "statement", "complete") STATEMENTS(1, "(1, 100, 'd', 0, 0, 0.0, 5)"));
	look(s,
	     SNAPSHOT(2, 1300, "s", "e") PROBE(2, "statement", "complete") STATEMENTS(
		     2,
		     "(1, 100, 'd', 9223372036854775807, 1, 9e999, 5), (2, 100, 'd', 9223372036854775807, 1, -9e999, 5), (2, 100, "
		     "'d', 9223372036854775807, 1, 1.0, 5)"));
	assert_string_equal(ask("SELECT calls, total_us FROM statement"), "9223372036854775807:3");
	store_close(s);
}

/* Keys with NULLs, other types and hostile bytes are told apart. */
static void test_keys(void **state)
{
	(void)state;
	struct store *s = open_store();
	static const char rows[] =
		"(1, 100, NULL, 10, 100, 1.0, 5), (1, 100, '', 10, 100, 1.0, 5), (NULL, 100, 'd', 10, 100, 1.0, 5), (NULL, 101, "
		"'d', 10, 100, 1.0, 5), (1, 100, '1', 10, 100, 1.0, 5), (1, 100, 'a''\";--', 10, 100, 1.0, 5)";
	char text[2048];
	for (int i = 1; i <= 2; i++) {
		snprintf(
			text, sizeof text,
			"INSERT INTO main.snapshot (snapshot, look, target, taken_at, source) VALUES (%d, 0, 't''\"', %d000000, 'live');"
			"INSERT INTO main.probe_run (snapshot, look, probe, fact, state) VALUES (%d, 0, 'statement', 'statement', 'complete');"
			"INSERT INTO main.statement (snapshot, look, native_id, fingerprint, database, calls, total_us, square_us, since_at) SELECT "
			"%d, 0, * FROM (VALUES %s); UPDATE main.statement SET calls = %d;",
			i, i * 1000, i, i, rows, i * 10);
		look(s, text);
	}
	assert_string_equal(
		ask("SELECT count(*), sum(calls), count(DISTINCT coalesce(database, 'null') || fingerprint) FROM statement"),
		"6:60:6");
	store_close(s);
}

static void test_states(void **state)
{
	(void)state;
#define SETTINGS(id, rows)                                                                                                         \
	"INSERT INTO main.setting (snapshot, look, name, value, unit) SELECT " #id ", 0, * FROM (VALUES " rows ");"
#define INDEXES(id, rows)                                                                                                          \
	"INSERT INTO main.index_stat (snapshot, look, database, schema, relation, name, method, bloat_method, scans) SELECT " #id  \
	", 0, 'd', 'public', 't', * FROM (VALUES " rows ");"
	struct store *s = open_store();
	look(s, SNAPSHOT(1, 1000, "s", "e") PROBE(1, "setting", "complete") SETTINGS(1, "('a', '1', 'MB'), ('b', '1', NULL)") PROBE(
			1, "index_stat", "complete") INDEXES(1, "('i', 'btree', 'estimate', 5), ('j', 'btree', 'estimate', 5)"));
	look(s, SNAPSHOT(2, 2000, "s", "e") PROBE(2, "setting", "complete") SETTINGS(2, "('a', '2', 'MB')")
			PROBE(2, "index_stat", "complete") INDEXES(2, "('i', 'btree', NULL, 5), ('j', 'hash', NULL, 7)"));
	look(s, SNAPSHOT(3, 3000, "s", "e") PROBE(3, "setting", "partial") SETTINGS(3, "('c', '3', 'MB')"));
	assert_string_equal(
		ask("SELECT name, value, valid_from / 1000000, valid_to / 1000000 FROM setting ORDER BY name, valid_from"),
		"a:1:1000:2000 a:2:2000:- b:1:1000:2000 c:3:3000:-");
	/* A column that was not asked in a quick look keeps what it was. */
	assert_string_equal(
		ask("SELECT name, method, bloat_method, valid_from / 1000000 FROM state_index_stat ORDER BY name, valid_from"),
		"i:btree:estimate:1000 j:btree:estimate:1000 j:hash:estimate:2000");
	/* The view shows the text of its own time. */
	assert_string_equal(ask("SELECT snapshot, name, scans, method FROM index_stat ORDER BY 1, 2"), "2:j:2:hash");
	/* Texts of statements stay though a look does not bring them. */
	look(s,
	     SNAPSHOT(4, 4000, "s", "e") PROBE(
		     4, "statement_text",
		     "complete") "INSERT INTO main.statement_text (snapshot, look, native_id, fingerprint, text) VALUES (4, 0, 7, 70, 'select'), (4, 0, -3, 30, 'x');");
	look(s, SNAPSHOT(5, 5000, "s", "e") PROBE(5, "statement_text", "complete"));
	assert_string_equal(ask("SELECT count(*) FROM statement_text WHERE valid_to IS NULL"), "2");
	SCOPED_ARENA a = { 0 };
	size_t count;
	bool is_due;
	const int64_t *ids = store_known_ids(s, "t", &a, &count, &is_due);
	assert_int_equal(count, 2);
	assert_int_equal(ids[0], -3);
	assert_int_equal(ids[1], 7);
	assert_true(is_due);
	store_known_ids(s, "nobody", &a, &count, &is_due);
	assert_int_equal(count, 0);
	store_close(s);
}

/* Databases are looked at one by one: what was not visited stays. */
static void test_databases(void **state)
{
	(void)state;
#define VISIT(id, database, state)                                                                                                 \
	"INSERT INTO main.probe_run (snapshot, look, probe, database, fact, state) VALUES (" #id ", 0, 'foreign_key', '" database  \
	"', 'foreign_key', '" state "');"
#define KEYS(id, rows)                                                                                                             \
	"INSERT INTO main.foreign_key (snapshot, look, database, schema, relation, name, columns) SELECT " #id                     \
	", 0, * FROM (VALUES " rows ");"
	struct store *s = open_store();
	look(s, SNAPSHOT(1, 1000, "s", "e") VISIT(1, "a", "complete") VISIT(1, "b", "complete")
			KEYS(1, "('a', 'p', 'r', 'k1', '[]'), ('a', 'p', 'r', 'k2', '[]'), ('b', 'p', 'r', 'k1', '[]')"));
	look(s,
	     SNAPSHOT(2, 2000, "s", "e") VISIT(2, "a", "complete") VISIT(2, "b", "failed") KEYS(2, "('a', 'p', 'r', 'k1', '[]')"));
	assert_string_equal(ask("SELECT database, name, valid_to IS NULL FROM foreign_key ORDER BY 1, 2"), "a:k1:1 a:k2:0 b:k1:1");
	store_close(s);
}

static void test_moments(void **state)
{
	(void)state;
	struct store *s = open_store();
	look(s,
	     SNAPSHOT(
		     1, 1000, "s",
		     "e") "INSERT INTO main.session (snapshot, look, sample, pid) VALUES (1, 0, 1, 11), (1, 0, 2, 12), (1, 0, 2, 13);"
			  "INSERT INTO main.pool (snapshot, look, name, used) VALUES (1, 0, 'c', 1), (1, 1, 'c', 2);"
			  "INSERT INTO main.run_setting VALUES ('command', 'dbperf audit t');");
	assert_string_equal(ask("SELECT sample, pid FROM session ORDER BY pid"), "2:12 2:13");
	assert_string_equal(ask("SELECT name, used, taken_at FROM pool"), "c:2:1000000000");
	assert_string_equal(ask("SELECT command FROM run"), "dbperf audit t");
	store_run_end(s, 3);
	assert_string_equal(ask("SELECT status FROM run"), "3");
	store_close(s);
}

static void test_load_last(void **state)
{
	(void)state;
	struct store *s = open_store();
	look(s, SNAPSHOT(1, 1000, "s", "e") PROBE(1, "statement", "complete") STATEMENTS(1, "(1, 100, 'd', 10, 100, 1.0, 5)")
			PROBE(1, "index_stat", "complete") INDEXES(1, "('i', 'btree', 'estimate', 5)") SETTINGS(
				1, "('a', '1', 'MB')") "INSERT INTO main.pool (snapshot, look, name, used) VALUES (1, 0, 'c', 1);");
	struct rundb *run =
		open_run(s, "INSERT INTO main.target_run (target, state, reason) VALUES ('t', 'failed', 'too many clients')");
	assert_false(store_load_last(s, run, "nobody"));
	assert_true(store_load_last(s, run, "t"));
	sqlite3 *db = rundb_connection(run);
	SCOPED_STMT *stmt = NULL;
	assert_int_equal(
		sqlite3_prepare_v2(
			db,
			"SELECT r.state || r.reason || s.snapshot || s.taken_at || i.method || i.scans || p.used || c.calls || e.value "
			"FROM main.target_run r, main.snapshot s, main.index_stat i, main.pool p, main.statement c, main.setting e",
			-1, &stmt, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "storedtoo many clients11000000000btree51101");
	sqlite3_reset(stmt);
	write_run(s, run); /* what came from the store is not written again */
	assert_string_equal(ask("SELECT count(*) FROM raw_snapshot"), "1");
	rundb_close(run);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_differences), TEST(test_two_looks), TEST(test_failover),  TEST(test_late_text),
		TEST(test_latest),      TEST(test_overflow),  TEST(test_keys),      TEST(test_states),
		TEST(test_databases),   TEST(test_moments),   TEST(test_load_last),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
