/* Passwords from files and commands: the first line, or one error that names the thing and never what was read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "source/secret.h"

static char path[64];

static int setup(void **state)
{
	(void)state;
	snprintf(path, sizeof path, "/tmp/dbperf-secret-XXXXXX");
	int fd = mkstemp(path);
	return fd < 0 || close(fd);
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

static void put(const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void check(const char *file, const char *command, const char *password, const char *error)
{
	struct err e = { 0 };
	struct secret secret;
	struct target target = { .password_file = file, .password_command = command };
	int rc = secret_read(&target, &secret, &e);
	assert_int_equal(rc, error ? ERR_SOURCE : ERR_OK);
	assert_int_equal(secret.is_set, password != NULL);
	assert_string_equal(secret.text, password ? password : "");
	if (error && (!strstr(e.text, error) || strstr(e.text, "hunter2")))
		fail_msg("'%s' does not say '%s'", e.text, error);
	secret_wipe(&secret);
	assert_int_equal(secret.text[0], 0);
}

static void test_file(void **state)
{
	(void)state;
	check(NULL, NULL, NULL, NULL);
	put("hunter2\nsecond line\n", 0600);
	check(path, NULL, "hunter2", NULL);
	put("hunter2\r\n", 0600);
	check(path, NULL, "hunter2", NULL);
	put("hunter2", 0640); /* of this user's own group */
	check(path, NULL, "hunter2", NULL);
	put("hunter2\n", 0644);
	check(path, NULL, NULL, "can be read by others");
	put("", 0600);
	check(path, NULL, NULL, "first line is empty");
	put("\nhunter2\n", 0600);
	check(path, NULL, NULL, "first line is empty");
	check("/nonexistent/file", NULL, NULL, "No such file");
	check("/", NULL, NULL, "password_file '/'");

	char *text = malloc(3 * SECRET_BYTES);
	assert_non_null(text);
	memset(text, 'x', 3 * SECRET_BYTES);
	text[3 * SECRET_BYTES - 1] = 0;
	put(text, 0600);
	check(path, NULL, NULL, "too long");
	free(text);
}

static void test_command(void **state)
{
	(void)state;
	check(NULL, "echo hunter2", "hunter2", NULL);
	check(NULL, "echo hunter2; echo more; exit 0", "hunter2", NULL);
	check(NULL, "echo hunter2; exit 3", NULL, "ended with status 3");
	check(NULL, "echo hunter2; kill -9 $$", NULL, "ended by a signal");
	check(NULL, "true", NULL, "first line is empty");
	check(NULL, "cat", NULL, "first line is empty"); /* it has no input to wait for */
	check(NULL, "no such command 2>/dev/null", NULL, "ended with status 127");
}

/* One that hangs is ended with all that it started, after its 10 s and not much more. */
static void test_hanging(void **state)
{
	(void)state;
	char command[200];
	snprintf(command, sizeof command, "(sleep 60; echo late >'%s') & sleep 60", path);
	int64_t begin = clock_monotonic();
	check(NULL, command, NULL, "longer than 10 s");
	int64_t took = clock_monotonic() - begin;
	assert_true(took >= 9900000 && took < 20000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(test_file, setup, teardown),
					    cmocka_unit_test_setup_teardown(test_command, setup, teardown),
					    cmocka_unit_test_setup_teardown(test_hanging, setup, teardown) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
