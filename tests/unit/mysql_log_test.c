/*
 * Slow logs of MySQL, MariaDB and Percona Server: the small logs beside the driver give what is written beside them,
 * however they are cut; the corpus gives the totals of its manifest, but for the differences that are explained here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "log_check.h"

static const struct dbperf_driver *driver;

static void for_samples(void (*check)(const char *path, struct slice bytes))
{
	char folder[LOG_PATH_BYTES], *paths[LOG_FILES_MOST];
	snprintf(folder, sizeof folder, "%s/drivers/mysql/test", log_from_env("DBPERF_SOURCE", "."));
	size_t count = log_files(folder, ".log", paths);
	assert_true(count >= 14);
	for (size_t i = 0; i < count; i++) {
		SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "file");
		assert_true(log_file_read(paths[i], &bytes));
		check(paths[i], buffer_view(&bytes));
		free(paths[i]);
	}
}

static void sample(const char *path, struct slice bytes)
{
	(void)bytes;
	log_check_sample(driver, path, &(struct log_feed){ 0 });
}

static void test_samples(void **state)
{
	(void)state;
	for_samples(sample);
}

static void cuts(const char *path, struct slice bytes)
{
	static const size_t BLOCKS[] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,  13,  14,  15,  16,  17,
					 18, 19, 20, 21, 22, 23, 29, 31, 37, 41, 53, 61, 100, 127, 200, 333, 500, 1000 };
	log_check_cuts(driver, path, bytes, &(struct log_feed){ 0 }, BLOCKS, sizeof BLOCKS / sizeof *BLOCKS);
}

static void test_cuts(void **state)
{
	(void)state;
	for_samples(cuts);
}

static void line_ends(const char *path, struct slice bytes)
{
	log_check_line_ends(driver, path, bytes, &(struct log_feed){ 0 });
}

static void test_line_ends(void **state)
{
	(void)state;
	for_samples(line_ends);
}

static void torn(const char *path, struct slice bytes)
{
	log_check_torn(driver, path, bytes, &(struct log_feed){ .format = "slow" });
}

static void test_torn(void **state)
{
	(void)state;
	for_samples(torn);
}

/* Files of the server that are no slow log are refused by what they are; others are not taken. */
static void test_others(void **state)
{
	(void)state;
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "2024-01-01T10:00:00.000001Z 0 [System] [MY-010116] [Server] mysqld (mysqld 8.0.36) starting\n", "error log" },
		{ "240101 10:00:00 [Note] InnoDB: starting\n", "error log" },
		{ "240101 10:00:00 mysqld_safe Starting mysqld daemon\n", "error log" },
		{ "2024-01-01T10:00:00.000001Z\t    8 Connect\troot@localhost on  using Socket\n2024-01-01T10:00:00.000002Z\t    8 Query\tSELECT 1\n",
		  "general log" },
		{ "/*!50530 SET @@SESSION.PSEUDO_SLAVE_MODE=1*/;\nDELIMITER /*!*/;\n# at 4\n#240101 10:00:00 server id 1\n",
		  "mysqlbinlog" },
		{ "", "not recognised" },
		{ "2024-01-01 10:00:00 UTC [77] LOG:  duration: 3.1 ms  statement: SELECT 1\n", "not recognised" },
		{ "{\"t\":{\"$date\":\"2024-01-01T10:00:00Z\"},\"s\":\"I\"}\n", "not recognised" },
		{ "# Overall: 7 total, 4 unique\n# Time range: 2017 to 2018\nCOMMIT\n", "not recognised" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct log_host host = { 0 };
		assert_false(log_host_read(&host, driver, cases[i].text, strlen(cases[i].text), &(struct log_feed){ 0 }));
		if (!strstr(host.problem, cases[i].says))
			fail_msg("case %zu: '%s' does not say '%s'", i, host.problem, cases[i].says);
		log_host_close(&host);
	}
}

static void expect_cut(const char *text, const char *place)
{
	size_t should = place ? (size_t)(strstr(text, place) - text) : 0;
	assert_int_equal(driver->log_cut(NULL, text, strlen(text)), should);
}

static void test_places(void **state)
{
	(void)state;
	expect_cut("# Time: 200101  0:00:00\n# User@Host: a[a] @ b []\n# Query_time: 1\nSELECT 1;\n", NULL);
	expect_cut("SELECT 1;\n# User@Host: a[a] @ b []\n# Query_time: 1\nSELECT 1;\n", "# User");
	expect_cut("SELECT 1;\n# Time: 200101  0:00:00\n# User@Host: a[a] @ b []\n", "# Time");
	expect_cut("SELECT 1;\r\n# Time: 200101  0:00:00\r\n", "# Time");
	expect_cut("SELECT 1\n# Time: 200101  0:00:00\n", NULL); /* it may go on */
	expect_cut("SELECT 1;\n# Time: 200101  0:00:00", NULL);  /* the line may go on */
	expect_cut("SELECT 1;\n# Time: yesterday\n", NULL);      /* a comment, for all that is known */
	expect_cut("# Time: 200101  0:00:00\n# x;\n# User@Host: a[a] @ b []\n", NULL);
	expect_cut("# x\n# administrator command: Quit;\n# User@Host: a[a] @ b []\n", "# User");
}

/* A statement of 100 MB, lines without end, lines of one byte: every byte is accounted for, and time stays linear. */
static void test_huge(void **state)
{
	(void)state;
	static const char HEAD[] = "# Time: 2020-01-01T00:00:00.000000Z\n# User@Host: a[a] @ b []  Id:     1\n# Query_time: 0.1\n"
				   "SET timestamp=1577836800;\n";
	static const char *const FILLS[] = {
		"x", "#", "# ", "\n#", "\n", "\n# ", "\n# Time: ", "# User@Host: ", ";\n# ", "Time\n"
	};
	enum { BYTES = 100 << 20 };
	for (size_t i = 0; i < sizeof FILLS / sizeof *FILLS; i++) {
		struct log_host host = { .is_quiet = true };
		SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "file");
		buffer_text(&bytes, HEAD);
		buffer_text(&bytes, FILLS[i][0] == '#' ? "" : "SELECT 1");
		while (bytes.len < (size_t)(i ? BYTES / 25 : BYTES))
			buffer_text(&bytes, FILLS[i]);
		buffer_text(&bytes, ";\n");
		if (!log_host_read(&host, driver, bytes.data, bytes.len,
				   &(struct log_feed){ .block = 256 << 10, .is_ragged = true }))
			fail_msg("filled with '%s': %s", FILLS[i], host.problem);
		if (host.entries != 1 || host.texts != 1)
			fail_msg("filled with '%s': %" PRIu64 " entries, %" PRIu64 " texts", FILLS[i], host.entries, host.texts);
		log_host_close(&host);
	}
}

struct totals {
	double events, seconds, examined;
};

/* NAME=NUMBER in a list of facts parted by `;`. */
static bool fact(const char *facts, const char *name, double *value)
{
	for (const char *at = facts; (at = strstr(at, name)); at += strlen(name))
		if (at[strlen(name)] == '=') {
			*value = strtod(at + strlen(name) + 1, NULL);
			return true;
		}
	return false;
}

/* Where the manifest says something else than is read, and why. */
static const struct {
	const char *file, *fact;
	double ours;
	const char *why;
} DIFFERENCES[] = {
	{ "mariadb-slow/gen-mdb1011__explain.log.gz", "reference", 1606, "the tool drops statements that are comments only" },
	{ "mariadb-slow/gen-mdb1011__plain.log.gz", "reference", 4490, "the tool drops statements that are comments only" },
	{ "mysql-slow/gomysql__slow023.log", "reference", 8, "the tool drops `SET NAMES` and `use` that are statements" },
	{ "mysql-slow/honeytail__sqds.log", "reference", 10,
	  "the tool drops two headers without a statement; ten lines have a Query_time" },
	{ "mysql-slow/pmm__fuzz-empty-admin.log", "reference", 3, "the tool drops an administrator command without a name" },
	{ "mysql-slow/preetam__rds.txt", "reference", 231, "the tool drops a `use` that is a statement" },
	{ "mysql-slow/ptk__slow017.txt", "reference", 1, "the tool fails on this file: a Query_time with two points" },
	{ "percona-slow/gomysql__slow017.log", "reference", 1,
	  "the tool drops the first entry of a rotated file with what is before it" },
};

static double expected(const char *file, const char *what, double manifest)
{
	for (size_t i = 0; i < sizeof DIFFERENCES / sizeof *DIFFERENCES; i++)
		if (strcmp(DIFFERENCES[i].file, file) == 0 && strcmp(DIFFERENCES[i].fact, what) == 0) {
			if (DIFFERENCES[i].ours == manifest)
				fail_msg("%s, %s: no difference any more", file, what);
			return DIFFERENCES[i].ours;
		}
	return manifest;
}

static void expect_total(const char *file, const char *what, double is, double manifest)
{
	double should = expected(file, what, manifest);
	if (fabs(is - should) > 1e-6)
		fail_msg("%s: %s is %.6f, should be %.6f", file, what, is, should);
}

static void expect_totals(const char *file, const char *facts, const char *reference, const struct totals *is)
{
	static const char *const EVENTS[] = { "src:events", "src:agg_total_queries", "cnt:cnt_query_time_lines" };
	static const char *const SECONDS[] = { "src:sum_query_time", "src:agg_sum_query_time", "cnt:sum_query_time_lines" };
	double value;
	for (size_t i = 0; i < 3; i++) {
		if (fact(facts, EVENTS[i], &value))
			expect_total(file, EVENTS[i], is->events, value);
		if (fact(facts, SECONDS[i], &value))
			expect_total(file, SECONDS[i], is->seconds, value);
	}
	if (fact(facts, "cnt:sum_rows_examined", &value))
		expect_total(file, "cnt:sum_rows_examined", is->examined, value);
	if (*reference)
		expect_total(file, "reference", is->events, strtod(reference, NULL));
}

/* A file that is the report of another tool, and is refused. */
static const char NO_LOG[] = "mysql-slow/ptk-pqd__pt-234.log";

static void read_corpus(const char *root, const char *file, const char *facts, const char *reference)
{
	static const size_t BLOCKS[] = { 1, 64, 4096, 65536 };
	SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "file");
	struct log_host host = { .is_quiet = true };
	char path[LOG_PATH_BYTES];
	snprintf(path, sizeof path, "%s/corpus/%s", root, file);
	if (!log_file_read(path, &bytes))
		fail_msg("cannot read %s", path);
	bool is_read = log_host_read(&host, driver, buffer_view(&bytes).ptr, bytes.len, &(struct log_feed){ 0 });
	if (is_read != (strcmp(file, NO_LOG) != 0))
		fail_msg("%s: %s", file, host.problem);
	struct totals totals = { (double)host.entries, (double)host.sums[DBPERF_LOG_TOTAL_US] / 1e6,
				 (double)host.sums[DBPERF_LOG_ROWS_EXAMINED] };
	expect_totals(file, facts, reference, &totals);
	log_host_close(&host);
	if (is_read)
		log_check_cuts(driver, file, buffer_view(&bytes), &(struct log_feed){ 0 }, BLOCKS + (bytes.len > 200000 ? 2 : 0),
			       bytes.len > 200000 ? 2 : 4);
}

static void test_corpus(void **state)
{
	(void)state;
	const char *root = log_from_env("DBPERF_SHARED", "../shared");
	SCOPED_BUFFER manifest = BUFFER(LOG_FILE_BYTES, "manifest");
	char path[LOG_PATH_BYTES];
	size_t count = 0;
	snprintf(path, sizeof path, "%s/corpus/MANIFEST.tsv", root);
	if (!log_file_read(path, &manifest)) {
		print_message("# SKIP no corpus at %s\n", path);
		skip();
	}
	for (struct slice rest = buffer_view(&manifest); rest.len;) {
		struct slice line = slice_cut(&rest, '\n');
		if (!slice_starts(line, SLICE("mysql-slow/")) && !slice_starts(line, SLICE("mariadb-slow/")) &&
		    !slice_starts(line, SLICE("percona-slow/")))
			continue;
		char columns[16][1024] = { "" };
		for (size_t i = 0; i < 16; i++) {
			struct slice column = slice_cut(&line, '\t');
			snprintf(columns[i], sizeof columns[i], "%.*s", SLICE_ARG(column));
		}
		read_corpus(root, columns[0], columns[8], columns[11]);
		count++;
	}
	assert_int_equal(count, 63);
}

static size_t count_lines(struct slice bytes, const char *begin)
{
	size_t count = 0;
	while (bytes.len)
		count += slice_starts(slice_cut(&bytes, '\n'), slice_of(begin));
	return count;
}

/* Logs of the lab's servers: an entry for each Query_time, nothing else left over but the servers' openings. */
static void test_capture(void **state)
{
	(void)state;
	static const char *const FOLDERS[] = { "capture/mariadb10.11/slowlog", "capture/mysql9.7/slowlog" };
	char folder[LOG_PATH_BYTES], *paths[LOG_FILES_MOST];
	for (size_t i = 0; i < 2; i++) {
		snprintf(folder, sizeof folder, "%s/%s", log_from_env("DBPERF_SHARED", "../shared"), FOLDERS[i]);
		size_t count = log_files(folder, ".log", paths);
		if (!count) {
			print_message("# SKIP no captures at %s\n", folder);
			skip();
		}
		for (size_t j = 0; j < count; j++) {
			SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "file");
			struct log_host host = { .is_quiet = true };
			assert_true(log_file_read(paths[j], &bytes));
			assert_true(log_host_read(&host, driver, bytes.data, bytes.len, &(struct log_feed){ 0 }));
			assert_int_equal(host.entries, count_lines(buffer_view(&bytes), "# Query_time: "));
			assert_int_equal(host.plans, count_lines(buffer_view(&bytes), "# explain: id\tselect_type"));
			assert_int_equal(host.texts + host.shapes, host.entries);
			assert_int_equal(host.cut, 0);
			for (size_t why = 0; why < DBPERF_SKIP_KNOWN; why++)
				assert_int_equal(host.skip_bytes[why], 0);
			log_host_close(&host);
			free(paths[j]);
		}
	}
}

int main(void)
{
	driver = log_driver("mysql");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples), cmocka_unit_test(test_cuts),   cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_torn),    cmocka_unit_test(test_others), cmocka_unit_test(test_places),
		cmocka_unit_test(test_huge),    cmocka_unit_test(test_corpus), cmocka_unit_test(test_capture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
