/*
 * Slow logs, MONITOR and server logs of Redis: the small logs beside the driver give what is written beside them, however they
 * are cut; the corpus gives the totals of its manifest.
 */
#include "log_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct dbperf_driver *driver;
static const int64_t MODIFIED = INT64_C(1709300000) * 1000000; /* 2024-03-01, for logs without a year */

static void test_samples(void **state)
{
	(void)state;
	log_check_folder(driver, 8, &(struct log_feed){ .modified_us = MODIFIED });
}

/* What the manifest counts: cnt:entries, cnt:sum_us; cnt:commands; src:events. */
static const struct fact {
	const char *name;
	uint64_t executions, events;
	int64_t sum_us;
} FACTS[] = {
	{ "gen-redis7-r1__slowlog_json.txt", 50, 0, 1889 },
	{ "gen-redis7-r1__slowlog_tty.txt", 200, 0, 1052 },
	{ "gen-redis7-r1__slowlog_csv.txt", 50, 0, 1833 },   /* not in the manifest: counted by a CSV reader */
	{ "gen-redis7-r1__slowlog_raw.txt", 1000, 0, 2545 }, /* SLOWLOG GET 1000 */
	{ "gen-redis7-r1__monitor.txt.gz", 3005, 0, 0 },
	{ "beats__redis-darwin-3.0.2.log", 0, 18, 0 },
	{ "beats__test.log", 0, 4, 0 },
	{ "beats__redis-debian-1.2.6.log.gz", 0, 7978, 0 }, /* the source stops at 100 events; cnt:lines */
	{ "gen-redis7-r1__redis-server.log", 0, 10, 0 },
};

static void test_corpus(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof FACTS / sizeof *FACTS; i++) {
		const struct fact *f = &FACTS[i];
		SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "file");
		struct log_host host = { 0 };
		char path[LOG_PATH_BYTES];
		snprintf(path, sizeof path, "%s/../shared/corpus/redis/%s", log_from_env("DBPERF_SOURCE", "."), f->name);
		if (!log_file_read(path, &bytes)) {
			print_message("SKIP: '%s' is not there\n", path);
			skip();
		}
		if (!log_host_read(&host, driver, buffer_view(&bytes).ptr, bytes.len,
				   &(struct log_feed){ .modified_us = MODIFIED }))
			fail_msg("%s: %s", path, host.problem);
		if (host.kinds[DBPERF_LOG_EXECUTION] != f->executions || host.kinds[DBPERF_LOG_EVENT] != f->events ||
		    host.sums[DBPERF_LOG_TOTAL_US] != f->sum_us || host.skip_lines[DBPERF_SKIP_UNKNOWN])
			fail_msg("%s: %" PRIu64 " executions, %" PRIu64 " events, %" PRId64 " us", f->name,
				 host.kinds[DBPERF_LOG_EXECUTION], host.kinds[DBPERF_LOG_EVENT], host.sums[DBPERF_LOG_TOTAL_US]);
		log_host_close(&host);
	}
}

/* `"cmd" "argument"…` as MONITOR writes it, and its shape. */
static const char *const SHAPES[][2] = {
	{ "\"get\" \"user:1001:profile\"", "GET user:*:profile" },
	{ "\"GET\" \"3f2504e0-4f89-11d3-9a0c-0305e82c3301\"", "GET *" },
	{ "\"GET\" \"session:8f14e45fceea167a5a36dedd4bea2543:data\"", "GET session:*:data" },
	{ "\"GET\" \"mail:alice@example.com\"", "GET mail:*" },
	{ "\"GET\" \"deadbeef\"", "GET *" },
	{ "\"GET\" \"key with space:x\"", "GET *:x" },
	{ "\"GET\" \"shop.cart.55\"", "GET shop.cart.*" },
	{ "\"GET\" \"cache01:x\"", "GET cache*:x" },
	{ "\"GET\" \"{order-77}:x\"", "GET {order-*}:x" },
	{ "\"GET\" \"\"", "GET \\\"\\\"" },
	{ "\"SET\" \"a:5\" \"secret\" \"EX\" \"60\" \"NX\"", "SET a:* ? ? ? ..." },
	{ "\"HSET\" \"cart:9\" \"f\" \"v\"", "HSET cart:* ? ?" },
	{ "\"MGET\" \"a:1\" \"a:2\" \"b:1\"", "MGET a:* ... b:*" },
	{ "\"MSET\" \"a:1\" \"x\" \"a:2\" \"y\"", "MSET a:* ? ..." },
	{ "\"DEL\" \"a:1\"", "DEL a:*" },
	{ "\"BITOP\" \"AND\" \"d:1\" \"s:1\"", "BITOP ? d:* ?" },
	{ "\"EVAL\" \"return 1\" \"1\" \"a:1\" \"secret\"", "EVAL ? ? a:* ?" },
	{ "\"ZUNIONSTORE\" \"d:1\" \"2\" \"s:1\" \"s:2\" \"WEIGHTS\" \"1\" \"2\"", "ZUNIONSTORE d:* ? s:* ..." },
	{ "\"XREADGROUP\" \"GROUP\" \"g\" \"c\" \"STREAMS\" \"s:1\" \"0-0\"", "XREADGROUP ? ? ? ... s:* ?" },
	{ "\"OBJECT\" \"ENCODING\" \"a:1\"", "OBJECT ENCODING a:*" },
	{ "\"CONFIG\" \"SET\" \"requirepass\" \"secret\"", "CONFIG SET ? ?" },
	{ "\"AUTH\" \"secret\"", "AUTH ?" },
	{ "\"MIGRATE\" \"h\" \"6379\" \"k\" \"0\" \"5\" \"AUTH\" \"secret\"", "MIGRATE ? ? ? ..." },
	{ "\"MODULE.DO\" \"secret\"", "MODULE.DO ?" },
	{ "\"\\x00\\xff\" \"secret\"", "? ?" },
};

static void test_shapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof SHAPES / sizeof *SHAPES; i++) {
		SCOPED_BUFFER line = BUFFER(4096, "line");
		SCOPED_BUFFER expected = BUFFER(4096, "line");
		struct log_host host = { 0 };
		buffer_printf(&line, "1709200800.000001 [0 192.0.2.7:50000] %s\n", SHAPES[i][0]);
		buffer_printf(&expected, "  shape \"%s\"\n", SHAPES[i][1]);
		assert_true(log_host_read(&host, driver, line.data, line.len, &(struct log_feed){ 0 }));
		if (!memmem(host.lines.data, host.lines.len, expected.data, expected.len))
			fail_msg("%s should be %s: %.*s", SHAPES[i][0], SHAPES[i][1], (int)host.lines.len, host.lines.data);
		log_host_close(&host);
	}
}

/* COMMANDLOG GET … large-reply: the third number is bytes, which only the user knows. */
static void test_sizes(void **state)
{
	(void)state;
	static const char LOG[] = "9,1709200800,123456,\"GET\",\"a:5\",\"192.0.2.7:50000\",\"\"\n";
	struct log_host reply = { 0 }, request = { 0 };
	assert_true(log_host_read(&reply, driver, LOG, sizeof LOG - 1, &(struct log_feed){ .format = "large-reply" }));
	assert_true(log_host_read(&request, driver, LOG, sizeof LOG - 1, &(struct log_feed){ .format = "large-request" }));
	assert_int_equal(reply.sums[DBPERF_LOG_BYTES_SENT], 123456);
	assert_int_equal(request.sums[DBPERF_LOG_BYTES], 123456);
	assert_int_equal(reply.sums[DBPERF_LOG_TOTAL_US] + request.sums[DBPERF_LOG_TOTAL_US], 0);
	log_host_close(&reply);
	log_host_close(&request);
}

/* Other servers' logs are not taken. */
static void test_detect(void **state)
{
	(void)state;
	static const char *const OTHERS[] = {
		"2024-02-29 10:00:00.000 UTC [5] LOG:  duration: 5.0 ms  statement: SELECT 1\n",
		"# Time: 2024-02-29T10:00:00.000000Z\n# User@Host: a[a] @ b []\n# Query_time: 1 Lock_time: 0\nSELECT 1;\n",
		"2024-02-29 10:00:00.000 UTC [5] LOG process up: PgBouncer 1.18.0\n",
		"[{\"Plan\": {\"Node Type\": \"Result\"}}]\n",
		"2024-02-29 10:00:00.000 UTC,\"app\",\"shop\",5,\"\",65e0,1,\"SELECT\"\n",
		"[\n  1,\n  2\n]\n",
		"1\n2\n3\n4\n",
		"",
	};
	struct dbperf_log_options options = { .size = sizeof options };
	for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
		if (driver->log_detect(OTHERS[i], strlen(OTHERS[i]), &options))
			fail_msg("taken: %s", OTHERS[i]);
}

/* A command of 100,000 arguments and one of 3 MB: bounded. */
static void test_limits(void **state)
{
	(void)state;
	SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "log");
	buffer_text(&bytes, "1709200800.000001 [0 192.0.2.7:50000] \"MSET\"");
	for (int i = 0; i < 50000; i++)
		buffer_printf(&bytes, " \"a:%d\" \"v\"", i);
	buffer_text(&bytes, "\n1709200801.000001 [0 192.0.2.7:50000] \"SET\" \"a:5\" \"");
	for (int i = 0; i < 3000000; i++)
		buffer_char(&bytes, 'x');
	buffer_text(&bytes, "\"\n");
	struct log_host host = { 0 };
	assert_true(log_host_read(&host, driver, bytes.data, bytes.len, &(struct log_feed){ .block = 65536, .is_ragged = true }));
	assert_int_equal(host.entries, 2);
	assert_non_null(memmem(host.lines.data, host.lines.len, "\"MSET a:* ? ...\"", 16));
	assert_non_null(memmem(host.lines.data, host.lines.len, "\"SET a:* ?\"", 11));
	log_host_close(&host);
}

int main(void)
{
	driver = log_driver("redis");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples), cmocka_unit_test(test_corpus), cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_sizes),   cmocka_unit_test(test_detect), cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
