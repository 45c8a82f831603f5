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

int main(void)
{
	driver = log_driver("postgresql");
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_samples), cmocka_unit_test(test_cuts),
					    cmocka_unit_test(test_line_ends) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
