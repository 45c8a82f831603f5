/*
 * Logs of PostgreSQL: the small logs beside the driver give what is written beside them, however they are cut; the corpus
 * gives the totals of its manifest, but for the differences that are explained here; logs of one run in several formats
 * tell the same.
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

/* 2026-03-02: for times without a year. */
static const struct log_feed FEED = { .modified_us = INT64_C(1772409600000000) };

static size_t samples(char **paths)
{
	char folder[LOG_PATH_BYTES];
	snprintf(folder, sizeof folder, "%s/drivers/postgresql/test", log_from_env("DBPERF_SOURCE", "."));
	size_t count = log_files(folder, ".log", paths);
	assert_true(count >= 30);
	return count;
}

static void for_samples(void (*check)(const char *path, struct slice bytes))
{
	char *paths[LOG_FILES_MOST];
	size_t count = samples(paths);
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
	log_check_sample(driver, path, &FEED);
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
	log_check_cuts(driver, path, bytes, &FEED, BLOCKS, sizeof BLOCKS / sizeof *BLOCKS);
}

static void test_cuts(void **state)
{
	(void)state;
	for_samples(cuts);
}

static void line_ends(const char *path, struct slice bytes)
{
	log_check_line_ends(driver, path, bytes, &FEED);
}

static void test_line_ends(void **state)
{
	(void)state;
	for_samples(line_ends);
}

/* The prefix that was found, out of the description. */
static const char *prefix_of(char *detail)
{
	char *prefix = strstr(detail, "prefix '") + 8, *end = strrchr(prefix, '\'');
	*end = 0;
	return prefix;
}

/* Logs of lines that may stand apart have no order between sessions at their end. */
static void torn(const char *path, struct slice bytes)
{
	struct log_host host = { .is_quiet = true };
	struct log_feed feed = FEED;
	assert_true(log_host_read(&host, driver, bytes.ptr, bytes.len, &FEED));
	feed.format = host.about.format;
	feed.prefix = strstr(host.about.detail, "prefix '") ? prefix_of(host.about.detail) : NULL;
	if (!host.about.is_sequential)
		log_check_torn(driver, path, bytes, &feed);
	log_host_close(&host);
}

static void test_torn(void **state)
{
	(void)state;
	for_samples(torn);
}

struct totals {
	double durations, milliseconds, records, executions, milliseconds_of_executions, connections, sessions, checkpoints,
		autovacuum, autoanalyze;
};

static size_t count_class(struct slice lines, const char *class)
{
	char wanted[80];
	size_t count = 0;
	int len = snprintf(wanted, sizeof wanted, " class=\"%s\" ", class);
	for (const char *at = lines.ptr, *end = lines.ptr + lines.len;
	     lines.len && (at = memmem(at, (size_t)(end - at), wanted, (size_t)len)); at++)
		count++;
	return count;
}

static struct totals totals_of(const struct log_host *host)
{
	static const int TIMED[] = { DBPERF_LOG_EXECUTION, DBPERF_LOG_CLOSING, DBPERF_LOG_STEP, DBPERF_LOG_PLAN };
	struct slice lines = buffer_view(&host->lines);
	struct totals t = { .records = (double)(host->entries + host->skip_lines[DBPERF_SKIP_KNOWN]) };
	for (size_t i = 0; i < sizeof TIMED / sizeof *TIMED; i++) {
		t.durations += (double)host->kind_timed[TIMED[i]];
		t.milliseconds += (double)host->kind_us[TIMED[i]] / 1e3;
	}
	t.executions = (double)(host->kinds[DBPERF_LOG_EXECUTION] + host->kinds[DBPERF_LOG_OPENING]);
	t.milliseconds_of_executions = (double)(host->kind_us[DBPERF_LOG_EXECUTION] + host->kind_us[DBPERF_LOG_CLOSING]) / 1e3;
	t.connections = (double)count_class(lines, "connection_received");
	t.sessions = (double)count_class(lines, "session");
	t.checkpoints = (double)count_class(lines, "checkpoint");
	t.autovacuum = (double)count_class(lines, "autovacuum");
	t.autoanalyze = (double)count_class(lines, "autoanalyze");
	return t;
}

/* Where the manifest says something else than is read, and why. */
static const struct {
	const char *file, *fact;
	double ours;
	const char *why;
} DIFFERENCES[] = {
	{ "pg-cloud/pganalyze__otel-vector-test-logs.log", "reference", 1,
	  "the tool of that version does not know the format; one duration stands in the file" },
	{ "pg-cloud/pgbadger__cnpg.log.gz", "reference", 400,
	  "the tool of that version does not know the format; 13.2 gives 326: it leaves out 74 that are a semicolon only" },
	{ "pg-cloud/pgbadger__rds.log.bz2", "reference", 114594, "the tool leaves out three statements of white space only" },
	{ "pg-csvlog/pgreplay__csvlog", "reference", 23,
	  "23 lines begin with 'statement:' or 'execute NAME:'; the tool gives one less" },
	{ "pg-csvlog/quellog-autoexplain__csvlog.csv", "reference", 11, "the tool counts an execution and its plan as two" },
	{ "pg-csvlog/quellog-autoexplain__csvlog.csv", "reference time", 80.244,
	  "the tool counts an execution and its plan as two" },
	{ "pg-jsonlog/quellog-autoexplain__jsonlog.json", "reference", 11, "the tool counts an execution and its plan as two" },
	{ "pg-jsonlog/quellog-autoexplain__jsonlog.json", "reference time", 80.244,
	  "the tool counts an execution and its plan as two" },
	{ "pg-stderr/quellog-autoexplain__stderr.log", "reference", 11, "the tool counts an execution and its plan as two" },
	{ "pg-stderr/quellog-autoexplain__stderr.log", "reference time", 80.244,
	  "the tool counts an execution and its plan as two" },
	{ "pg-stderr/beats__postgresql-11.4.log", "reference time", 2.663, "the tool leaves out durations on a line of their own" },
	{ "pg-stderr/beats__postgresql-13-log-statement-all.log", "reference time", 1461.176,
	  "the tool leaves out durations on a line of their own" },
	{ "pg-stderr/beats__postgresql-9-log-statement-all.log", "reference time", 1649.568,
	  "the tool leaves out durations on a line of their own" },
	{ "pg-stderr/pgreplay__errlog", "reference", 23,
	  "23 lines begin with 'statement:' or 'execute NAME:'; the tool gives one less" },
	{ "pg-stderr/ptk2013__pg-log-003.txt", "reference", 3, "the tool needs a prefix; three durations stand in the file" },
	{ "pg-stderr/ptk2013__pg-log-007.txt", "reference", 1, "the tool needs a prefix; one duration stands in the file" },
	{ "pg-stderr/ptk2013__pg-log-010.txt.gz", "reference", 884, "the tool needs a prefix; 884 durations stand in the file" },
	{ "pg-syslog/ptk2013__pg-syslog-009.txt.gz", "reference", 1003, "1003 lines begin with 'query:'; the tool gives ten less" },
	{ "pg-syslog/ptk2013__pg-syslog-010.txt", "reference", 2,
	  "the tool does not know this time; two durations with a text stand in the file" },
	{ "pg-syslog/quellog__syslog.log.gz", "reference", 1385, "the tool gives 30 less than of the same run's stderr" },
	{ "pg-syslog/quellog__syslog_bsd.log.gz", "reference", 1385,
	  "the tool gives 30 less than of the same run's stderr, or none" },
	{ "pg-syslog/quellog__syslog_rfc5424.log.gz", "reference", 1385, "the tool does not know this header" },
	{ "pg-stderr/pgbadger__pg_rawcsv.log", "unknown lines", 2, "two lines are of pg_ctl" },
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
	if (fabs(is - should) > 0.0011)
		fail_msg("%s: %s is %.6f, should be %.6f", file, what, is, should);
}

/* NAME=NUMBER in a list of facts parted by `;`. */
static bool fact(const char *facts, const char *name, double *value)
{
	for (const char *at = facts; (at = strstr(at, name)); at += strlen(name))
		if (at[strlen(name)] == '=' && (at == facts || at[-1] == ' ')) {
			*value = strtod(at + strlen(name) + 1, NULL);
			return true;
		}
	return false;
}

/* "cnt:levels=ERROR=9,FATAL=4,LOG=7238": how many entries begin. */
static bool levels(const char *facts, double *count)
{
	static const char *const WORDS[] = { "LOG=", "ERROR=", "FATAL=", "PANIC=", "WARNING=", "NOTICE=" };
	const char *at = strstr(facts, "cnt:levels");
	const char *end = at ? strchr(at, ';') : NULL;
	size_t len = at ? end ? (size_t)(end - at) : strlen(at) : 0;
	*count = 0;
	for (size_t i = 0; at && i < sizeof WORDS / sizeof *WORDS; i++) {
		const char *word = memmem(at, len, WORDS[i], strlen(WORDS[i]));
		if (word)
			*count += strtod(word + strlen(WORDS[i]), NULL);
	}
	return at != NULL;
}

static void expect_totals(const char *file, const char *facts, const char *events, const char *time, const struct totals *is)
{
	const struct {
		const char *name;
		double is;
	} FACTS[] = {
		{ "cnt:durations", is->durations },     { "cnt:sum_duration_ms", is->milliseconds },
		{ "cnt:csv_records", is->records },     { "cnt:json_records", is->records },
		{ "src:queries", is->executions },      { "src:query_total", is->executions },
		{ "src:connections", is->connections }, { "src:disconnections", is->sessions },
		{ "src:checkpoints", is->checkpoints }, { "src:autovacuum", is->autovacuum },
		{ "src:autoanalyze", is->autoanalyze },
	};
	double value;
	for (size_t i = 0; i < sizeof FACTS / sizeof *FACTS; i++)
		if (fact(facts, FACTS[i].name, &value))
			expect_total(file, FACTS[i].name, FACTS[i].is, value);
	if (fact(facts, "src:sum_query_time_s", &value))
		expect_total(file, "src:sum_query_time_s", is->milliseconds, value * 1e3);
	if (*events)
		expect_total(file, "reference", is->executions, strtod(events, NULL));
	if (*events && strtod(events, NULL) == is->executions)
		expect_total(file, "reference time", is->milliseconds_of_executions, strtod(time, NULL));
}

static void read_corpus_file(const char *root, const char *file, const char *facts, const char *events, const char *time)
{
	static const size_t BLOCKS[] = { 1, 64, 4096, 65536 };
	SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "file");
	struct log_host host = { 0 };
	char path[LOG_PATH_BYTES];
	double count;
	snprintf(path, sizeof path, "%s/corpus/%s", root, file);
	if (!log_file_read(path, &bytes))
		fail_msg("cannot read %s", path);
	if (!log_host_read(&host, driver, buffer_view(&bytes).ptr, bytes.len, &FEED))
		fail_msg("%s: %s", file, host.problem);
	struct totals totals = totals_of(&host);
	expect_totals(file, facts, events, time, &totals);
	if (levels(facts, &count) && !strstr(facts, "json_records"))
		expect_total(file, "cnt:levels", (double)host.entries, count);
	expect_total(file, "unknown lines", (double)host.skip_lines[DBPERF_SKIP_UNKNOWN], 0);
	log_host_close(&host);
	bool is_big = bytes.len > 200000;
	if (bytes.len < 4000000)
		log_check_cuts(driver, file, buffer_view(&bytes), &FEED, BLOCKS + (is_big ? 2 : 0), is_big ? 2 : 4);
}

static void test_corpus(void **state)
{
	(void)state;
	static const char *const KINDS[] = { "pg-stderr/", "pg-csvlog/", "pg-jsonlog/", "pg-syslog/", "pg-cloud/" };
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
		char columns[16][2048] = { "" };
		bool is_ours = false;
		for (size_t i = 0; i < 16; i++) {
			struct slice column = slice_cut(&line, '\t');
			snprintf(columns[i], sizeof columns[i], "%.*s", SLICE_ARG(column));
		}
		for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
			is_ours |= strncmp(columns[0], KINDS[i], strlen(KINDS[i])) == 0;
		if (!is_ours || strstr(columns[0], "_cases_")) /* lists of cases for other tools, no logs */
			continue;
		read_corpus_file(root, columns[0], columns[8], columns[11], columns[13]);
		count++;
	}
	assert_int_equal(count, 45);
}

/* Logs of one run in two formats; `more`: events that the second has beside. */
static const struct {
	const char *a, *b;
	uint64_t more;
} TWINS[] = {
	{ "capture/pg12/log/pg.log", "capture/pg12/log/pg.csv", 0 },
	{ "capture/pg16/log/pg.log", "capture/pg16/log/pg.csv", 0 },
	{ "capture/pg16/log/pg.csv", "capture/pg16/log/pg.json", 0 },
	{ "capture/pg18/log/pg.log", "capture/pg18/log/pg.csv", 0 },
	{ "capture/pg18/log/pg.csv", "capture/pg18/log/pg.json", 0 },
	{ "capture/pg16/log/var_ae_text.log", "capture/pg16/log/var_ae_text.json", 0 },
	{ "capture/pg16/log/var_ae_xml.log", "capture/pg16/log/var_ae_xml.csv", 0 },
	{ "capture/pg16/log/var_ae_yaml.log", "capture/pg16/log/var_ae_yaml.csv", 0 },
	{ "capture/pg16/log/var_debian_default.log", "capture/pg16/log/var_debian_default.csv", 0 },
	{ "capture/pg16/log/var_epoch_queryid.log", "capture/pg16/log/var_epoch_queryid.csv", 0 },
	{ "capture/pg16/log/var_pgbadger.log", "capture/pg16/log/var_pgbadger.csv", 0 },
	{ "capture/pg16/log/var_rds.log", "capture/pg16/log/var_rds.csv", 0 },
	{ "capture/pg16/log/var_samp.log", "capture/pg16/log/var_samp.json", 0 },
	{ "capture/pg16/log/var_verbose.log", "capture/pg16/log/var_verbose.csv", 0 },
	{ "corpus/pg-stderr/quellog__stderr.log.gz", "corpus/pg-csvlog/quellog__csvlog.csv.gz", 0 },
	{ "corpus/pg-csvlog/quellog__csvlog.csv.gz", "corpus/pg-jsonlog/quellog__jsonlog.json.gz", 0 },
	{ "corpus/pg-stderr/quellog__stderr.log.gz", "corpus/pg-syslog/quellog__syslog.log.gz", 2 },
	{ "corpus/pg-stderr/quellog__stderr.log.gz", "corpus/pg-syslog/quellog__syslog_bsd.log.gz", 2 },
	{ "corpus/pg-stderr/quellog__stderr.log.gz", "corpus/pg-syslog/quellog__syslog_rfc5424.log.gz", 2 },
	{ "corpus/pg-stderr/pgbadger__pg_vacuums.log.gz", "corpus/pg-jsonlog/pgbadger__pg_vacuums.json.gz", 0 },
	{ "corpus/pg-stderr/quellog-autoexplain__stderr.log", "corpus/pg-csvlog/quellog-autoexplain__csvlog.csv", 0 },
	{ "corpus/pg-csvlog/quellog-autoexplain__csvlog.csv", "corpus/pg-jsonlog/quellog-autoexplain__jsonlog.json", 0 },
};

static bool read_twin(const char *file, struct log_host *host)
{
	SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "file");
	char path[LOG_PATH_BYTES];
	snprintf(path, sizeof path, "%s/%s", log_from_env("DBPERF_SHARED", "../shared"), file);
	host->is_quiet = true;
	if (!log_file_read(path, &bytes))
		return false;
	if (!log_host_read(host, driver, buffer_view(&bytes).ptr, bytes.len, &FEED))
		fail_msg("%s: %s", file, host->problem);
	return true;
}

static void test_twins(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof TWINS / sizeof *TWINS; i++) {
		struct log_host a = { 0 }, b = { 0 };
		if (!read_twin(TWINS[i].a, &a) || !read_twin(TWINS[i].b, &b)) {
			print_message("# SKIP no %s\n", TWINS[i].a);
			skip();
		}
		for (size_t kind = 0; kind < 7; kind++) {
			uint64_t more = kind == DBPERF_LOG_EVENT ? TWINS[i].more : 0;
			if (a.kinds[kind] + more != b.kinds[kind] || a.kind_us[kind] != b.kind_us[kind])
				fail_msg("%s, %s: kind %zu: %" PRIu64 " of %" PRId64 " us, %" PRIu64 " of %" PRId64 " us",
					 TWINS[i].a, TWINS[i].b, kind, a.kinds[kind], a.kind_us[kind], b.kinds[kind],
					 b.kind_us[kind]);
		}
		for (size_t number = 0; number < DBPERF_LOG_NUMBERS; number++)
			if (a.sums[number] != b.sums[number])
				fail_msg("%s, %s: number %zu: %" PRId64 ", %" PRId64, TWINS[i].a, TWINS[i].b, number,
					 a.sums[number], b.sums[number]);
		assert_int_equal(a.plans, b.plans);
		assert_int_equal(a.texts, b.texts);
		log_host_close(&a);
		log_host_close(&b);
	}
}

/* A line prefix with what it has for a session, or for a process of the server. */
static void put_prefix(struct buffer *out, const char *prefix, int second, bool is_session, bool is_known)
{
	for (const char *at = prefix; *at; at++) {
		if (*at != '%') {
			buffer_char(out, *at);
			continue;
		}
		switch (*++at) {
		case 'm':
			buffer_printf(out, "2026-03-01 10:00:%02d.123 UTC", second);
			break;
		case 't':
			buffer_printf(out, "2026-03-01 10:00:%02d UTC", second);
			break;
		case 's':
			buffer_text(out, "2026-03-01 09:59:00 UTC");
			break;
		case 'n':
			buffer_printf(out, "17723592%02d.123", second);
			break;
		case 'p':
			buffer_text(out, is_session ? "4711" : "99");
			break;
		case 'c':
			buffer_text(out, is_session ? "69a3fb90.1267" : "69a3fb80.63");
			break;
		case 'l':
			buffer_printf(out, "%d", second + 1);
			break;
		case 'u':
			buffer_text(out, !is_session ? "" : is_known ? "anna" : "[unknown]");
			break;
		case 'd':
			buffer_text(out, !is_session ? "" : is_known ? "shop" : "[unknown]");
			break;
		case 'a':
			buffer_text(out, !is_session ? "" : is_known && second > 1 ? "till" : "[unknown]");
			break;
		case 'h':
			buffer_text(out, is_session ? "10.0.0.7" : "");
			break;
		case 'r':
			buffer_text(out, is_session ? "10.0.0.7(51514)" : "");
			break;
		case 'x':
			buffer_text(out, "0");
			break;
		case 'v':
			buffer_text(out, is_session ? "3/17" : "");
			break;
		case 'e':
			buffer_text(out, "00000");
			break;
		case 'Q':
			buffer_text(out, is_session ? "-5823746193847561923" : "0");
			break;
		case 'b':
			buffer_text(out, is_session ? "client backend" : "checkpointer");
			break;
		case 'i':
			buffer_text(out, is_session ? "SELECT" : "");
			break;
		case 'q':
			if (!is_session)
				return;
			break;
		default:
			buffer_char(out, *at);
		}
	}
}

static void put_line(struct buffer *out, const char *prefix, int second, bool is_session, bool is_known, const char *text)
{
	put_prefix(out, prefix, second, is_session, is_known);
	buffer_printf(out, "%s\n", text);
}

/* Every prefix is found by itself, and tells what it has. */
static void test_prefixes(void **state)
{
	(void)state;
	static const char *const PREFIXES[] = {
		"%m [%p] ",
		"%m [%p] %q%u@%d ",
		"%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
		"%t:%r:%u@%d:[%p]:",
		"%m [%p]: [%l-1] db=%d,user=%u ",
		"%t-%c-",
		"%m|%u|%d|%c|",
		"%m %r %u %a [%c] [%p] ",
		"pid=%p,user=%u,db=%d,app=%a,client=%h ",
		"%p-%s-%c-%l-%h-%u-%d-%m ",
		"%m [%p] [user=%u,db=%d,app=%a] ",
		"%t [%p]: [%l-1] user=%u,db=%d - PG-%e ",
		"%t [%p]: [%l-1] [trx_id=%x] user=%u,db=%d ",
		"%n %Q %c %l %x %e %b ",
		"%m [%p] %q[user=%u,db=%d,app=%a] ",
		" sql_error_code = %e time_ms = \"%m\" pid=\"%p\" proc_start_time=\"%s\" session_id=\"%c\" vtid=\"%v\" tid=\"%x\" log_line=\"%l\" %qdatabase=\"%d\" connection_source=\"%r\" user=\"%u\" application_name=\"%a\" ",
		"%m [%p] %q%u %d ",
		"%t %u %d %p ",
		"<%m %p %u %d %h> ",
		"%m;%p;%u;%d;%a;%h;%e;",
		"[%p]: [%l-1] db=%d,user=%u,app=%a,client=%h ",
		"%m [%p] %e: db=%d,user=%u,app=%a,client=%h ",
		"%t [%p] %q%u@%d/%a ",
		"db1 %m [%p] %q%u@%d ",
		"%m [%p] %d %u %r ",
		"%m %p %i %e ",
		"%m [%p:%l] %Q %q%u@%d(%a) ",
	};
	for (size_t i = 0; i < sizeof PREFIXES / sizeof *PREFIXES; i++) {
		const char *prefix = PREFIXES[i];
		SCOPED_BUFFER bytes = BUFFER(1 << 20, "log");
		struct log_host host = { 0 };
		put_line(&bytes, prefix, 0, false, true, "LOG:  checkpoint starting: time");
		put_line(&bytes, prefix, 0, true, false, "LOG:  connection received: host=10.0.0.7 port=51514");
		put_line(&bytes, prefix, 1, true, true,
			 "LOG:  connection authorized: user=anna database=shop application_name=till");
		for (int second = 2; second < 8; second++)
			put_line(&bytes, prefix, second, true, true, "LOG:  duration: 1.000 ms  statement: SELECT 1");
		put_line(&bytes, prefix, 8, false, true, "LOG:  checkpoint starting: wal");
		if (!log_host_read(&host, driver, bytes.data, bytes.len, &FEED))
			fail_msg("'%s': %s", prefix, host.problem);
		const char *said = buffer_view(&host.lines).ptr, *last = strstr(said, "execution ");
		const struct {
			const char *escapes, *text;
		} SAYS[] = { { "u", " user=\"anna\"" },
			     { "d", " database=\"shop\"" },
			     { "a", " application=\"till\"" },
			     { "hr", " host=\"10.0.0.7\"" },
			     { "pc", " session=\"4711\"" },
			     { "Q", " id=\"-5823746193847561923\"" },
			     { "mtn", "T" } };
		assert_int_equal(host.kinds[DBPERF_LOG_EXECUTION], 6);
		assert_int_equal(host.kinds[DBPERF_LOG_EVENT], 4);
		for (size_t j = 0; j < sizeof SAYS / sizeof *SAYS; j++)
			for (const char *escape = SAYS[j].escapes; *escape; escape++) {
				char wanted[3] = { '%', *escape, 0 };
				if (strstr(prefix, wanted) && !strstr(last, SAYS[j].text))
					fail_msg("'%s', found as %s, does not say%s:\n%s", prefix, host.about.detail, SAYS[j].text,
						 last);
			}
		log_host_close(&host);
	}
}

/* Logs of others are not taken. */
static void test_others(void **state)
{
	(void)state;
	static const char *const CASES[] = {
		"",
		"\n\n\n",
		"2026-03-01 10:00:00.000 UTC [123] LOG C-0x55d0: shop/anna@10.0.0.7:51514 login attempt: db=shop user=anna tls=no\n",
		"2026-03-01 10:00:00.000 UTC [123] LOG stats: 12 xacts/s, 24 queries/s, in 3 B/s, out 4 B/s, xact 5 us, query 6 us, wait 7 us\n",
		"# Time: 2026-03-01T10:00:00.000000Z\n# User@Host: a[a] @ b []  Id:     1\n# Query_time: 0.1\nSELECT 1;\n",
		"{\"t\":{\"$date\":\"2026-03-01T10:00:00Z\"},\"s\":\"I\",\"c\":\"COMMAND\",\"id\":51803,\"msg\":\"Slow query\"}\n",
		"123:M 01 Mar 2026 10:00:00.000 * Ready to accept connections tcp\n",
		"2026-03-01 10:00:00 INFO: the application started\n2026-03-01 10:00:01 ERROR: it broke\n",
		"Mar  1 10:00:00 db1 sshd[44]: Accepted publickey for root\n",
		"2026-03-01T10:00:00.000001Z 0 [System] [MY-010116] [Server] mysqld (mysqld 8.0.36) starting\n",
		"SELECT 1;\n",
	};
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct log_host host = { .is_quiet = true };
		if (log_host_read(&host, driver, CASES[i], strlen(CASES[i]), &FEED))
			fail_msg("case %zu is taken as %s", i, host.about.format);
		assert_string_equal(host.problem, "not recognised");
		log_host_close(&host);
	}
	struct log_host host = { .is_quiet = true };
	assert_false(log_host_read(&host, driver, "\xff\xfeL\0O\0G\0", 8, &(struct log_feed){ .format = "stderr" }));
	assert_non_null(strstr(host.problem, "UTF-16"));
	log_host_close(&host);
}

/* Statements of 100 MB, lines without end, lines of one byte: memory stays bounded, time linear, every entry is there. */
static void test_huge(void **state)
{
	(void)state;
	static const char STDERR
		[] = "2026-03-01 10:00:00.000 UTC [7] LOG:  duration: 1.000 ms  statement: SELECT '",
	  CSV[] = "2026-03-01 10:00:00.000 UTC,\"anna\",\"shop\",7,\"[local]\",69a3fb90.7,1,\"SELECT\",2026-03-01 09:00:00 UTC,3/17,0,LOG,00000,\"duration: 1.000 ms  statement: SELECT '",
	  JSON[] =
		  "{\"timestamp\":\"2026-03-01 10:00:00.000 UTC\",\"pid\":7,\"session_id\":\"69a3fb90.7\",\"error_severity\":\"LOG\",\"message\":\"duration: 1.000 ms  statement: SELECT '",
	  SYSLOG[] = "Mar  1 10:00:00 db1 postgres[7]: [1-1] LOG:  duration: 1.000 ms  statement: SELECT '",
	  DOCKER[] = "{\"log\":\"2026-03-01 10:00:00.000 UTC [7] LOG:  duration: 1.000 ms  statement: SELECT '";
	static const struct {
		const char *head, *fill, *tail;
		uint64_t entries;
	} CASES[] = {
		{ STDERR, "x", "'\n", 1 },
		{ STDERR, "\n\t", "'\n", 1 },
		{ STDERR, "\n", "\n", 1 },
		{ STDERR, "\r\n\tx", "\n", 1 },
		{ STDERR, "LOG:  ", "'\n", 1 },
		{ STDERR, "\nx", "\n", 1 },
		{ STDERR, "\n2026-03-01 10:00:00.000 UTC [7] ", "\n", 1 },
		{ CSV, "x", "'\",,,,,,,,,\"psql\"\n", 1 },
		{ CSV, "\"\"", "'\",,,,,,,,,\"psql\"\n", 1 },
		{ CSV, "\n", "'\",,,,,,,,,\"psql\"\n", 1 },
		{ CSV, "\n2026-03-01 10:00:00.000 UTC,", "'\",,,,,,,,,\"psql\"\n", 1 },
		{ JSON, "x", "'\"}\n", 1 },
		{ JSON, "\\n", "'\"}\n", 1 },
		{ JSON, "\\ud83d\\ude00", "'\"}\n", 1 },
		{ JSON, "'\",\"x\":[[{\"y\":\"z", "'\"}\n", 1 },
		{ SYSLOG, "x", "'\n", 1 },
		{ SYSLOG, "\nMar  1 10:00:00 db1 postgres[7]: [1-2] x", "'\n", 1 },
		{ DOCKER, "x", "'\\n\",\"stream\":\"stderr\",\"time\":\"2026-03-01T10:00:00Z\"}\n", 1 },
		{ DOCKER, "\\n", "'\\n\",\"stream\":\"stderr\",\"time\":\"2026-03-01T10:00:00Z\"}\n", 1 },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct log_host host = { .is_quiet = true };
		SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "file");
		static const char *const FORMATS[] = { "stderr", "csvlog", "jsonlog", "syslog", "docker" };
		const char *const heads[] = { STDERR, CSV, JSON, SYSLOG, DOCKER };
		struct log_feed feed = { .block = 256 << 10, .is_ragged = true, .modified_us = FEED.modified_us };
		for (size_t j = 0; j < sizeof heads / sizeof *heads; j++)
			if (CASES[i].head == heads[j])
				feed.format = FORMATS[j];
		buffer_text(&bytes, CASES[i].head);
		bool is_one_line = CASES[i].fill[0] == 'x' && CASES[i].head != SYSLOG && CASES[i].head != DOCKER;
		size_t bytes_wanted = is_one_line ? 100 << 20 : 10 << 20;
		while (bytes.len < bytes_wanted)
			buffer_text(&bytes, CASES[i].fill);
		buffer_text(&bytes, CASES[i].tail);
		if (!log_host_read(&host, driver, bytes.data, bytes.len, &feed))
			fail_msg("case %zu: %s", i, host.problem);
		if (host.entries != CASES[i].entries)
			fail_msg("case %zu: %" PRIu64 " entries", i, host.entries);
		log_host_close(&host);
	}
}

int main(void)
{
	driver = log_driver("postgresql");
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_samples),   cmocka_unit_test(test_cuts),
					    cmocka_unit_test(test_line_ends), cmocka_unit_test(test_torn),
					    cmocka_unit_test(test_corpus),    cmocka_unit_test(test_twins),
					    cmocka_unit_test(test_prefixes),  cmocka_unit_test(test_others),
					    cmocka_unit_test(test_huge) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
