/*
 * Logs of MongoDB: the small logs beside the driver give what is written beside them, however they are cut; the corpus gives
 * the totals of its manifest, but for the differences that are explained here.
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
	log_check_folder(driver, 5, &(struct log_feed){ .modified_us = MODIFIED });
}

static char corpus[LOG_PATH_BYTES];

/* A file of the corpus that lives beside the project; skips the test where there is none. */
static void corpus_file(const char *name, struct log_host *host)
{
	SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "file");
	char path[2 * LOG_PATH_BYTES];
	snprintf(path, sizeof path, "%s/%s", corpus, name);
	if (!log_file_read(path, &bytes)) {
		print_message("SKIP: '%s' is not there\n", path);
		skip();
	}
	if (!log_host_read(host, driver, buffer_view(&bytes).ptr, bytes.len, &(struct log_feed){ .modified_us = MODIFIED }))
		fail_msg("%s: %s", path, host->problem);
}

static bool told(const struct log_host *host, struct slice words)
{
	return memmem(host->lines.data, host->lines.len, words.ptr, words.len) != NULL;
}

/* What the manifest counts in a file, and how much of it is no slow operation. */
struct fact {
	const char *name;
	uint64_t slow;     /* cnt:slow_queries, cnt:lines_ending_ms */
	int64_t sum_ms;    /* cnt:sum_duration_ms, cnt:sum_ms */
	int64_t others;    /* lines that end in ms and are messages: "took 4ms", "sleeping for 30000ms" */
	int64_t others_ms; /* and theirs, as the manifest adds them up */
	uint64_t lines;    /* cnt:lines, without empty ones; those that are no entry are skipped */
};

static const struct fact FACTS[] = {
	{ "mongodb/hatchet__sample-mongod.log.gz", 27429, 3040585, 0, 0, 27995 },
	{ "mongodb/hatchet_legacy__inline.log", 6, 2875, 0, 0, 9 },
	{ "mongodb/hatchet_slow__inline.log", 8, 40295, 0, 0, 8 },
	/* The manifest leaves out one that says "slow query" in small letters; its id is that of all others. */
	{ "mongodb/keyhole_v2__inline.log", 3, 499, -1, -148, 4 },
	{ "mongodb/honeytail__lines.log", 16, 1349, 0, 0, 21 },
	{ "mongodb/mtools__mongod-2411.log", 2, 2201, 0, 0, 179 },
	/* "version was loaded …, took 4ms", "sleeping for 30000ms" */
	{ "mongodb/mtools__mongod_26.log", 16, 485033, 9, 180007, 653 },
	{ "mongodb/mtools__mongod_26_corrupt.log", 42, 485927, 9, 180007, 677 },
	{ "mongodb/mtools__mongod_306_ctime.log", 1, 220, 0, 0, 1 },
	{ "mongodb/mtools__sharding_360_CSRS.log", 22, 19579, 0, 0, 475 },
	/* "no PRIMARY in the past 10000ms", "took 236ms" */
	{ "mongodb/mtools__sharding_360_shard.log", 15, 43059, 2, 10236, 393 },
	/* "took 0ms" */
	{ "mongodb/mtools__client_mongod_3.6.23.log.gz", 1, 0, 1, 0, 1479 },
	{ "mongodb/mtools__client_mongod_3.0.5_noclientmetadata.log", 0, 0, 0, 0, 219 },
	{ "mongodb/mtools__mongod_328.log", 0, 0, 0, 0, 29 },
	{ "mongodb/mtools__year_rollover.log.gz", 0, 0, 0, 0, 1836 },
	{ "mongodb/beats__mongodb-debian-3.2.11.log", 0, 0, 0, 0, 37 },
	{ "mongodb/mtools__rsinfo_36.log", 0, 0, 0, 0, 1 },
	{ "mongodb/mtools__mongod_3_4-9_connection_stats.log", 0, 0, 0, 0, 26 },
};

static void test_corpus(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof FACTS / sizeof *FACTS; i++) {
		const struct fact *f = &FACTS[i];
		struct log_host host = { 0 };
		corpus_file(f->name, &host);
		uint64_t skipped = 0, slow = host.kinds[DBPERF_LOG_EXECUTION] + host.kinds[DBPERF_LOG_FAILURE];
		for (size_t why = 0; why < LOG_SKIPS; why++)
			skipped += why == DBPERF_SKIP_KNOWN ? 0 : host.skip_lines[why]; /* empty lines */
		if ((int64_t)slow != (int64_t)f->slow - f->others ||
		    host.sums[DBPERF_LOG_TOTAL_US] != (f->sum_ms - f->others_ms) * 1000 || host.entries + skipped != f->lines)
			fail_msg("%s: %" PRIu64 " slow, %" PRId64 " us, %" PRIu64 " entries, %" PRIu64 " lines skipped", f->name,
				 slow, host.sums[DBPERF_LOG_TOTAL_US], host.entries, skipped);
		log_host_close(&host);
	}
}

/* Each document is one event; its shape names what another tool's fingerprint names: collection and keys. */
static void test_profiles(void **state)
{
	(void)state;
	static const struct {
		const char *name, *shape;
	} PROFILES[] = {
		{ "count_with_query_3.6.2", "count test.coll {fields: {}, query: {a: {$gt: ?}}}" },
		{ "delete_2.6.12", "delete test.coll {q: {a: {$gte: ?}, b: {$gte: ?}}}" },
		{ "find_with_sort_2.6.12", "find test.coll {filter: {c: ?}, sort: {b: -1}}" },
		{ "find_with_sort_3.6.2", "find test.coll {filter: {c: ?}, sort: {b: -1}}" },
		{ "findandmodify_3.0.15", "findandmodify test.coll {query: {a: ?}, update: {$inc: {b: ?}}}" },
		{ "getmore_3.4.12", "getMore find test.coll {filter: {a: {$gt: ?}}, sort: {a: 1}}" },
		{ "mapreduce_3.6.2", "mapreduce test.coll {map: ?, query: {a: {$gte: ?}}, reduce: ?}" },
		{ "find_andrii_3.4.12",
		  "find test.coll {filter: {$and: [{k: {$gt: ?}}, {k: {$lt: ?}}, {$or: [{c: {$in: [?]}}, {pad: "
		  "{$in: [?]}}]}]}, limit: ?, sort: {k: -1}}" },
	};
	char folder[LOG_PATH_BYTES + 32], *paths[LOG_FILES_MOST];
	snprintf(folder, sizeof folder, "%s/mongodb-profile", corpus);
	size_t count = log_files(folder, ".json", paths);
	for (size_t i = 0; i < count; i++) {
		struct log_host host = { 0 };
		corpus_file(paths[i] + strlen(corpus) + 1, &host);
		if (host.entries != 1 || host.kinds[DBPERF_LOG_EXECUTION] != 1 || host.sums[DBPERF_LOG_TOTAL_US] != 42000)
			fail_msg("%s: %" PRIu64 " entries", paths[i], host.entries);
		log_host_close(&host);
		free(paths[i]);
	}
	if (!count)
		skip();
	assert_int_equal(count, 45);
	for (size_t i = 0; i < sizeof PROFILES / sizeof *PROFILES; i++) {
		struct log_host host = { 0 };
		char name[200];
		snprintf(name, sizeof name, "mongodb-profile/ptk__%s.json", PROFILES[i].name);
		corpus_file(name, &host);
		if (!told(&host, slice_of(PROFILES[i].shape)))
			fail_msg("%s: %.*s", name, (int)host.lines.len, host.lines.data);
		log_host_close(&host);
	}
}

/* The same statement, as three generations of servers write it, is one shape. */
static void test_one_shape(void **state)
{
	(void)state;
	static const char *const LINES[] = {
		"{\"t\":{\"$date\":\"2024-02-29T10:00:00.000Z\"},\"s\":\"I\",\"c\":\"COMMAND\",\"id\":51803,\"ctx\":\"conn1\",\"msg\":\"Slow "
		"query\",\"attr\":{\"type\":\"command\",\"ns\":\"shop.item\",\"command\":{\"find\":\"item\",\"sort\":{\"at\":-1},\"filter\":{"
		"\"b\":{\"$in\":[1,2,3]},\"a\":\"x\"}},\"durationMillis\":5}}\n",
		"2019-05-01T10:00:00.000+0200 I COMMAND  [conn1] command shop.item command: find { find: \"item\", filter: { a: \"y\", b: { $in: "
		"[ ObjectId('5cc000000000000000000001') ] } }, sort: { at: -1.0 } } planSummary: COLLSCAN 5ms\n",
		"2014-05-01T10:00:00.000+0200 [conn1] query shop.item query: { $query: { a: \"z\", b: { $in: [ 1.0, 2.0 ] } }, $orderby: { at: "
		"-1.0 } } ntoreturn:0 5ms\n",
		"{ \"op\" : \"query\", \"ns\" : \"shop.item\", \"command\" : { \"find\" : \"item\", \"filter\" : { \"b\" : { \"$in\" : [ NumberLong(1) ] }, "
		"\"a\" : null }, \"sort\" : { \"at\" : NumberInt(-1) } }, \"millis\" : 5, \"ts\" : ISODate(\"2024-02-29T10:00:00Z\") }\n",
	};
	for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
		struct log_host host = { 0 };
		if (!log_host_read(&host, driver, LINES[i], strlen(LINES[i]), &(struct log_feed){ 0 }))
			fail_msg("line %zu: %s", i, host.problem);
		if (!told(&host, SLICE("shape \"find shop.item {filter: {a: ?, b: {$in: [?]}}, sort: {at: -1}}\"")))
			fail_msg("line %zu: %.*s", i, (int)host.lines.len, host.lines.data);
		log_host_close(&host);
	}
}

/* A value, wherever it stands, is in no shape; @ stands for it. */
static void test_canaries(void **state)
{
	(void)state;
	static const char HEAD[] =
		"{\"t\":{\"$date\":\"2024-02-29T10:00:00.000Z\"},\"s\":\"I\",\"c\":\"COMMAND\",\"id\":51803,\"ctx\":\"conn1\","
		"\"msg\":\"Slow query\",\"attr\":{\"type\":\"command\",\"ns\":\"shop.item\",\"command\":";
	static const char *const COMMANDS[] = {
		"{\"find\":\"item\",\"filter\":{\"a\":@,\"b\":{\"$in\":[@,@]},\"c\":{\"$not\":{\"$elemMatch\":{\"d\":@}}},\"e\":{\"f\":@}},\"sort\":{\"a\":@},"
		"\"limit\":@,\"skip\":@,\"projection\":{\"a\":{\"$slice\":@}},\"hint\":@,\"comment\":@,\"let\":{\"x\":@},\"collation\":{\"locale\":@}}",
		"{\"aggregate\":\"item\",\"pipeline\":[{\"$match\":{\"a\":@}},{\"$project\":{\"x\":{\"$concat\":[\"$a\",@]},\"y\":{\"$literal\":{\"z\":@}}}},"
		"{\"$group\":{\"_id\":@,\"n\":{\"$sum\":@}}},{\"$facet\":{\"f\":[{\"$match\":{\"b\":@}}]}},{\"$limit\":@},{\"$documents\":[{\"a\":@}]},"
		"{\"$lookup\":{\"from\":\"other\",\"let\":{\"v\":@},\"pipeline\":[{\"$match\":{\"c\":@}}],\"as\":\"o\"}}]}",
		"{\"update\":\"item\",\"updates\":[{\"q\":{\"a\":@},\"u\":{\"$set\":{\"b\":@,\"c\":[{\"d\":@},@]}}},{\"q\":{},\"u\":[{\"$set\":{\"e\":@}}],"
		"\"arrayFilters\":[{\"x.y\":@}]}]}",
		"{\"insert\":\"item\",\"documents\":[{\"a\":@}]}",
		"{\"findAndModify\":\"item\",\"query\":{\"a\":@},\"update\":{\"b\":@,\"c\":{\"d\":@}}}",
		"{\"createUser\":@,\"pwd\":@,\"customData\":{\"a\":@}}",
		"{\"mapReduce\":\"item\",\"map\":@,\"reduce\":{\"$code\":@},\"query\":{\"a\":@}}",
		"{\"ping\":@}",
	};
	static const char *const VALUES[] = { "\"canary\"",
					      "\"canary 'with' $words\"",
					      "\"$5 canary\"",
					      "\"canary@example.com\"",
					      "{\"$oid\":\"canary\"}",
					      "{\"$regularExpression\":{\"pattern\":\"canary\",\"options\":\"\"}}",
					      "{\"$binary\":{\"base64\":\"canary\",\"subType\":\"0\"}}",
					      "{\"$code\":\"canary\",\"$scope\":{\"a\":\"canary\"}}",
					      "4711471147",
					      "{\"$numberDecimal\":\"4711471147\"}",
					      "[\"canary\",{\"a\":\"canary\"}]" };
	for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
		for (size_t v = 0; v < sizeof VALUES / sizeof *VALUES; v++) {
			SCOPED_BUFFER line = BUFFER(1 << 16, "line");
			struct log_host host = { 0 };
			buffer_text(&line, HEAD);
			for (const char *at = COMMANDS[i]; *at; at++) {
				if (*at == '@')
					buffer_text(&line, VALUES[v]);
				else
					buffer_char(&line, *at);
			}
			buffer_text(&line, ",\"durationMillis\":5}}\n");
			assert_true(log_host_read(&host, driver, line.data, line.len, &(struct log_feed){ .format = "json" }));
			assert_int_equal(host.shapes, 1);
			if (told(&host, SLICE("canary")) || told(&host, SLICE("4711")))
				fail_msg("%s in %s: %.*s", VALUES[v], COMMANDS[i], (int)host.lines.len, host.lines.data);
			log_host_close(&host);
		}
	}
}

/* Other servers' logs are not taken. */
static void test_detect(void **state)
{
	(void)state;
	static const char *const OTHERS[] = {
		"{\"timestamp\":\"2024-02-29 10:00:00.000 UTC\",\"pid\":5,\"error_severity\":\"LOG\",\"message\":\"duration: 5 ms\"}\n",
		"2024-02-29 10:00:00.000 UTC [5] LOG:  duration: 5.0 ms  statement: SELECT 1\n",
		"# Time: 2024-02-29T10:00:00.000000Z\n# User@Host: a[a] @ b []\n# Query_time: 1 Lock_time: 0\nSELECT 1;\n",
		"5:M 29 Feb 2024 10:00:00.000 * Ready to accept connections\n",
		"2024-02-29 10:00:00.000 UTC [5] LOG process up: PgBouncer 1.18.0\n",
		"[{\"Plan\": {\"Node Type\": \"Result\"}}]\n",
		"",
	};
	struct dbperf_log_options options = { .size = sizeof options };
	for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
		if (driver->log_detect(OTHERS[i], strlen(OTHERS[i]), &options))
			fail_msg("taken: %s", OTHERS[i]);
}

static void test_bad_format(void **state)
{
	(void)state;
	struct dbperf_log_options options = { .size = sizeof options, .format = "csv" };
	struct dbperf_log_about about = { .size = sizeof about };
	const char *problem = NULL;
	void *log = NULL;
	assert_int_not_equal(driver->log_open(&options, "", 0, &log, &about, &problem), 0);
	assert_non_null(strstr(problem, "profile"));
}

/* Deep and long documents: no recursion, no more memory than the caps. */
static void test_limits(void **state)
{
	(void)state;
	static const char HEAD[] =
		"{\"t\":{\"$date\":\"2024-02-29T10:00:00Z\"},\"s\":\"I\",\"c\":\"COMMAND\",\"id\":51803,\"ctx\":\"conn1\",\"msg\":\"Slow "
		"query\",\"attr\":{\"type\":\"command\",\"ns\":\"a.b\",\"command\":{\"find\":\"b\",\"filter\":";
	SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "log");
	buffer_text(&bytes, HEAD);
	for (int i = 0; i < 100000; i++)
		buffer_text(&bytes, "{\"a\":");
	buffer_text(&bytes, "\n");
	buffer_text(&bytes, HEAD);
	buffer_text(&bytes, "{");
	for (int i = 0; i < 20000; i++)
		buffer_printf(&bytes, "\"f%c%c\":{\"$in\":[1,2]},", 'a' + i % 26, 'a' + i / 26 % 26);
	buffer_text(&bytes, "\"z\":1}},\"durationMillis\":5}}\n");
	for (int i = 0; i < 3000000; i++)
		buffer_char(&bytes, 'x');
	buffer_text(&bytes, "\n");
	struct log_host host = { 0 };
	assert_true(log_host_read(&host, driver, buffer_view(&bytes).ptr, bytes.len,
				  &(struct log_feed){ .format = "json", .block = 65536, .is_ragged = true }));
	assert_int_equal(host.entries, 1);
	assert_int_equal(host.cut, 1); /* its shape is over the cap */
	assert_int_equal(host.skip_lines[DBPERF_SKIP_CUT], 1);
	assert_int_equal(host.skip_lines[DBPERF_SKIP_LONG], 1);
	log_host_close(&host);
}

int main(void)
{
	driver = log_driver("mongodb");
	snprintf(corpus, sizeof corpus, "%s/../shared/corpus", log_from_env("DBPERF_SOURCE", "."));
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),    cmocka_unit_test(test_corpus),   cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_one_shape),  cmocka_unit_test(test_canaries), cmocka_unit_test(test_detect),
		cmocka_unit_test(test_bad_format), cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
