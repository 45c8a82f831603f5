/*
 * Logs of PgBouncer: the small logs beside the driver give what is written beside them, however they are cut; the corpus gives
 * what its manifest counts.
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

static void test_samples(void **state)
{
	(void)state;
	log_check_folder(driver, 3, &(struct log_feed){ 0 });
}

static uint64_t count(const struct log_host *host, const char *words)
{
	uint64_t found = 0;
	const char *end = host->lines.data + host->lines.len;
	for (const char *at = host->lines.data; (at = memmem(at, (size_t)(end - at), words, strlen(words))); at++)
		found++;
	return found;
}

static void test_corpus(void **state)
{
	(void)state;
	SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "file");
	struct log_host host = { 0 };
	char path[LOG_PATH_BYTES];
	snprintf(path, sizeof path, "%s/../shared/corpus/pgbouncer/pgbadger__pgbouncer.log.gz", log_from_env("DBPERF_SOURCE", "."));
	if (!log_file_read(path, &bytes)) {
		print_message("SKIP: '%s' is not there\n", path);
		skip();
	}
	assert_true(log_host_read(&host, driver, bytes.data, bytes.len, &(struct log_feed){ 0 }));
	assert_int_equal(host.kinds[DBPERF_LOG_EVENT], 127910); /* cnt:lines */
	/* src:connections in the hour of 16: those of the log, as all of it lies in this hour but the lines behind 17:00. */
	assert_int_equal(count(&host, "at=2018-09-12T16:") > 0, 1);
	uint64_t logins = count(&host, "class=\"connection\"");
	assert_int_equal(logins, 63943);
	assert_int_equal(count(&host, "class=\"session\""), 63943);
	assert_int_equal(count(&host, "class=\"stats\""), 5);
	assert_int_equal(count(&host, "class=\"server_connection\""), 15);
	log_host_close(&host);
}

/* Other servers' logs are not taken, above all not that of the server behind the pooler. */
static void test_detect(void **state)
{
	(void)state;
	static const char *const OTHERS[] = {
		"2024-02-29 10:00:00.000 UTC [5] LOG:  duration: 5.0 ms  statement: SELECT 1\n",
		"2024-02-29 10:00:00.000 UTC [5] app@shop LOG:  connection authorized: user=app database=shop\n",
		"2024-02-29 10:00:00.000 UTC 5 LOG:  checkpoint starting: time\n",
		"5:M 29 Feb 2024 10:00:00.000 * Ready to accept connections\n",
		"2019-05-01T10:00:00.100+0200 I CONTROL  [initandlisten] MongoDB starting\n",
		"2024-02-29 10:00:00 5 [Note] mysqld: ready for connections\n",
		"",
	};
	struct dbperf_log_options options = { .size = sizeof options };
	for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
		if (driver->log_detect(OTHERS[i], strlen(OTHERS[i]), &options))
			fail_msg("taken: %s", OTHERS[i]);
}

int main(void)
{
	driver = log_driver("pgbouncer");
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_samples), cmocka_unit_test(test_corpus),
					    cmocka_unit_test(test_detect) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
