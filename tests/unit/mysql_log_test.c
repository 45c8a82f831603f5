/*
 * Slow logs of MySQL, MariaDB and Percona Server: the small logs beside the driver give what is written beside them,
 * however they are cut; the corpus gives the totals of its manifest, but for the differences that are explained here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "log_host.h"

enum { FILE_BYTES = 256 << 20, NAMES_MOST = 200 };

static const struct dbperf_driver *driver;

static const char *from_env(const char *name, const char *otherwise)
{
	const char *value = getenv(name);
	return value ? value : otherwise;
}

static bool read_file(const char *path, struct buffer *bytes)
{
	char block[65536];
	char command[4200];
	bool is_packed = strlen(path) > 3 && strcmp(path + strlen(path) - 3, ".gz") == 0;
	if (access(path, R_OK) != 0)
		return false;
	snprintf(command, sizeof command, "gzip -dc '%s'", path);
	FILE *file = is_packed ? popen(command, "r") : fopen(path, "rb");
	if (!file)
		return false;
	for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;)
		buffer_add(bytes, block, got);
	return (is_packed ? pclose(file) : fclose(file)) == 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The paths of a folder's files that end so, sorted; the caller frees each. */
static size_t list(const char *folder, const char *end, char **paths)
{
	size_t count = 0;
	DIR *dir = opendir(folder);
	for (const struct dirent *entry; dir && (entry = readdir(dir)) && count < NAMES_MOST;) {
		size_t len = strlen(entry->d_name);
		if (len < strlen(end) || strcmp(entry->d_name + len - strlen(end), end) != 0)
			continue;
		char path[4096];
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		paths[count++] = strdup(path);
	}
	if (dir)
		closedir(dir);
	qsort(paths, count, sizeof *paths, compare_names);
	return count;
}

static size_t samples(char **paths)
{
	char folder[4096];
	snprintf(folder, sizeof folder, "%s/drivers/mysql/test", from_env("DBPERF_SOURCE", "."));
	return list(folder, ".log", paths);
}

/* Everything that is told of the bytes, as text. */
static struct buffer told(struct slice bytes, const struct log_feed *feed, bool has_skips, const char *path)
{
	struct log_host host = { 0 };
	if (!log_host_read(&host, driver, bytes.ptr, bytes.len, feed))
		fail_msg("%s: %s", path, host.problem);
	if (has_skips)
		log_host_skips(&host);
	struct buffer lines = host.lines;
	host.lines = (struct buffer){ 0 };
	log_host_close(&host);
	return lines;
}

static void expect_same(const char *path, const char *how, struct slice is, struct slice should)
{
	size_t at = 0;
	while (at < is.len && at < should.len && is.ptr[at] == should.ptr[at])
		at++;
	if (at == is.len && at == should.len)
		return;
	size_t from = at > 200 ? at - 200 : 0;
	fail_msg("%s, %s, byte %zu:\n--- should be\n%.*s\n--- is\n%.*s", path, how, at,
		 (int)(should.len - from > 500 ? 500 : should.len - from), should.ptr + from,
		 (int)(is.len - from > 500 ? 500 : is.len - from), is.ptr + from);
}

static void test_samples(void **state)
{
	(void)state;
	char *paths[NAMES_MOST];
	size_t count = samples(paths);
	assert_true(count >= 10);
	for (size_t i = 0; i < count; i++) {
		SCOPED_BUFFER bytes = BUFFER(FILE_BYTES, "file");
		SCOPED_BUFFER should = BUFFER(FILE_BYTES, "file");
		char expected[4096];
		assert_true(read_file(paths[i], &bytes));
		SCOPED_BUFFER is = told(buffer_view(&bytes), &(struct log_feed){ 0 }, true, paths[i]);
		snprintf(expected, sizeof expected, "%.*s.entries", (int)(strlen(paths[i]) - 4), paths[i]);
		if (getenv("UPDATE")) {
			FILE *out = fopen(expected, "wb");
			assert_non_null(out);
			fwrite(buffer_view(&is).ptr, 1, is.len, out);
			assert_int_equal(fclose(out), 0);
		}
		if (!read_file(expected, &should))
			fail_msg("%s is missing", expected);
		expect_same(paths[i], "whole", buffer_view(&is), buffer_view(&should));
		free(paths[i]);
	}
}

/* Blocks that end behind lines, blocks that end anywhere, and every place where the file may be cut. */
static void expect_cut_never_shows(const char *path, struct slice bytes, const size_t *blocks, size_t count)
{
	SCOPED_BUFFER whole = told(bytes, &(struct log_feed){ 0 }, true, path);
	for (size_t i = 0; i < count; i++) {
		for (int how = 0; how < 4; how++) {
			struct log_feed feed = { .block = blocks[i], .is_ragged = how & 1, .has_parts = how & 2 };
			char text[80];
			snprintf(text, sizeof text, "blocks of %zu%s%s", feed.block, feed.is_ragged ? " anywhere" : "",
				 feed.has_parts ? " in parts" : "");
			SCOPED_BUFFER is = told(bytes, &feed, true, path);
			expect_same(path, text, buffer_view(&is), buffer_view(&whole));
		}
	}
}

static void test_blocks(void **state)
{
	(void)state;
	static const size_t BLOCKS[] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,  13,  14,  15,  16,  17,
					 18, 19, 20, 21, 22, 23, 29, 31, 37, 41, 53, 61, 100, 127, 200, 333, 500, 1000 };
	char *paths[NAMES_MOST];
	size_t count = samples(paths);
	for (size_t i = 0; i < count; i++) {
		SCOPED_BUFFER bytes = BUFFER(FILE_BYTES, "file");
		assert_true(read_file(paths[i], &bytes));
		expect_cut_never_shows(paths[i], buffer_view(&bytes), BLOCKS, sizeof BLOCKS / sizeof *BLOCKS);
		free(paths[i]);
	}
}

/* `which`: 1 every line, 2 every other. A log of one line's end cannot say which it has. */
static void with_cr(struct slice bytes, struct buffer *out, size_t which)
{
	size_t line = 0;
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] == '\n' && line++ % which == 0)
			buffer_char(out, '\r');
		buffer_char(out, bytes.ptr[i]);
	}
}

static void test_cr(void **state)
{
	(void)state;
	char *paths[NAMES_MOST];
	size_t count = samples(paths);
	for (size_t i = 0; i < count; i++) {
		SCOPED_BUFFER bytes = BUFFER(FILE_BYTES, "file");
		assert_true(read_file(paths[i], &bytes));
		SCOPED_BUFFER plain = told(buffer_view(&bytes), &(struct log_feed){ 0 }, false, paths[i]);
		for (size_t which = 1; which <= 2; which++) {
			SCOPED_BUFFER more = BUFFER(FILE_BYTES, "file");
			with_cr(buffer_view(&bytes), &more, which);
			SCOPED_BUFFER is =
				told(buffer_view(&more), &(struct log_feed){ .block = 50, .is_ragged = true }, false, paths[i]);
			log_host_without_cr(&is);
			expect_same(paths[i], which == 1 ? "all \\r\\n" : "some \\r\\n", buffer_view(&is), buffer_view(&plain));
		}
		free(paths[i]);
	}
}

/* Where a line that stands in the first column begins before `len`: an entry's line, its texts are behind blanks. */
static size_t last_entry(struct slice lines)
{
	size_t at = 0;
	for (size_t i = 0; i < lines.len; i++)
		if ((i == 0 || lines.ptr[i - 1] == '\n') && lines.ptr[i] != ' ')
			at = i;
	return at;
}

/* A log that ends anywhere: all that came before its last entry is as it was. */
static void test_torn(void **state)
{
	(void)state;
	char *paths[NAMES_MOST];
	size_t count = samples(paths);
	for (size_t i = 0; i < count; i++) {
		SCOPED_BUFFER bytes = BUFFER(FILE_BYTES, "file");
		assert_true(read_file(paths[i], &bytes));
		const struct log_feed feed = { .format = "slow" };
		SCOPED_BUFFER whole = told(buffer_view(&bytes), &feed, false, paths[i]);
		for (size_t len = 0; len < bytes.len; len++) {
			SCOPED_BUFFER is = told((struct slice){ bytes.data, len }, &feed, false, paths[i]);
			size_t sure = last_entry(buffer_view(&is));
			if (sure > whole.len || memcmp(buffer_view(&is).ptr, buffer_view(&whole).ptr, sure) != 0)
				fail_msg("%s ending at byte %zu has other entries before its last", paths[i], len);
		}
		free(paths[i]);
	}
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

static void test_cut(void **state)
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
		SCOPED_BUFFER bytes = BUFFER(FILE_BYTES, "file");
		buffer_text(&bytes, HEAD);
		buffer_text(&bytes, FILLS[i][0] == '#' ? "" : "SELECT 1");
		while (bytes.len < (size_t)(i ? BYTES / 10 : BYTES))
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

static void read_corpus_file(const char *root, const char *file, const char *facts, const char *reference)
{
	static const size_t BLOCKS[] = { 1, 64, 4096, 65536 };
	SCOPED_BUFFER bytes = BUFFER(FILE_BYTES, "file");
	struct log_host host = { .is_quiet = true };
	char path[4096];
	snprintf(path, sizeof path, "%s/corpus/%s", root, file);
	if (!read_file(path, &bytes))
		fail_msg("cannot read %s", path);
	bool is_read = log_host_read(&host, driver, buffer_view(&bytes).ptr, bytes.len, &(struct log_feed){ 0 });
	if (is_read != (strcmp(file, NO_LOG) != 0))
		fail_msg("%s: %s", file, host.problem);
	struct totals totals = { (double)host.entries, (double)host.sums[DBPERF_LOG_TOTAL_US] / 1e6,
				 (double)host.sums[DBPERF_LOG_ROWS_EXAMINED] };
	expect_totals(file, facts, reference, &totals);
	log_host_close(&host);
	if (is_read)
		expect_cut_never_shows(file, buffer_view(&bytes), BLOCKS + (bytes.len > 200000 ? 2 : 0),
				       bytes.len > 200000 ? 2 : 4);
}

static void test_corpus(void **state)
{
	(void)state;
	const char *root = from_env("DBPERF_SHARED", "../shared");
	SCOPED_BUFFER manifest = BUFFER(FILE_BYTES, "manifest");
	char path[4096];
	size_t count = 0;
	snprintf(path, sizeof path, "%s/corpus/MANIFEST.tsv", root);
	if (!read_file(path, &manifest)) {
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
		read_corpus_file(root, columns[0], columns[8], columns[11]);
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
	char folder[4096], *paths[NAMES_MOST];
	for (size_t i = 0; i < 2; i++) {
		snprintf(folder, sizeof folder, "%s/%s", from_env("DBPERF_SHARED", "../shared"), FOLDERS[i]);
		size_t count = list(folder, ".log", paths);
		if (!count) {
			print_message("# SKIP no captures at %s\n", folder);
			skip();
		}
		for (size_t j = 0; j < count; j++) {
			SCOPED_BUFFER bytes = BUFFER(FILE_BYTES, "file");
			struct log_host host = { .is_quiet = true };
			assert_true(read_file(paths[j], &bytes));
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
		cmocka_unit_test(test_samples), cmocka_unit_test(test_blocks), cmocka_unit_test(test_cr),
		cmocka_unit_test(test_torn),    cmocka_unit_test(test_others), cmocka_unit_test(test_cut),
		cmocka_unit_test(test_huge),    cmocka_unit_test(test_corpus), cmocka_unit_test(test_capture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
