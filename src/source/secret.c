#include "source/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/trusted.h"
#include "source/url.h"

extern char **environ;

enum { SECRET_SHORTEST = 3 /* shorter ones would mask half of every text */, WAIT_NS = 5000000 };
static const int64_t COMMAND_US = 10 * 1000000LL;

void secret_wipe(struct secret *secret)
{
	explicit_bzero(secret, sizeof *secret);
}

/* Reads up to the end, the cap or the moment `until`; 0, or what went wrong. */
static const char *read_some(int fd, int64_t until, char *text, size_t size)
{
	size_t len = 0;
	while (len + 1 < size) {
		int64_t left = until - clock_monotonic();
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int ready = left > 0 ? poll(&p, 1, (int)(left / 1000) + 1) : 0;
		if (ready == 0)
			return "it took longer than 10 s";
		ssize_t n = ready > 0 ? read(fd, text + len, size - 1 - len) : -1;
		if (n < 0 && errno != EINTR)
			return "it cannot be read";
		if (n == 0)
			break;
		len += n > 0 ? (size_t)n : 0;
	}
	text[len] = 0;
	return NULL;
}

/* Keeps the first line. */
static const char *first_line(struct secret *out)
{
	size_t len = strcspn(out->text, "\r\n");
	if (len + 2 >= sizeof out->text)
		return "its first line is too long";
	if (len == 0)
		return "its first line is empty";
	explicit_bzero(out->text + len, sizeof out->text - len);
	out->is_set = true;
	return NULL;
}

static int from_file(const char *path, struct secret *out, struct err *e)
{
	struct stat st;
	SCOPED_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_set(e, ERR_SOURCE, "password_file '%s': %s", path, strerror(errno));
	if (trusted_is_readable_by_others(&st)) {
		err_hint(e, "chmod 600 '%s'", path);
		return err_set(e, ERR_SOURCE, "password_file '%s' can be read by others", path);
	}
	const char *wrong = read_some(fd, clock_monotonic() + COMMAND_US, out->text, sizeof out->text);
	wrong = wrong ? wrong : first_line(out);
	return wrong ? err_set(e, ERR_SOURCE, "password_file '%s': %s", path, wrong) : ERR_OK;
}

/* Starts /bin/sh -c COMMAND with its output in a pipe and without input. */
static int start(const char *command, int *output, pid_t *pid)
{
	int ends[2];
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	char *argv[] = { "sh", "-c", (char *)(uintptr_t)command, NULL };
	if (pipe2(ends, O_CLOEXEC) != 0)
		return errno;
	sigemptyset(&none);
	sigfillset(&defaults);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	int rc = posix_spawn(pid, "/bin/sh", &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(ends[1]);
	if (rc)
		close(ends[0]);
	else
		*output = ends[0];
	return rc;
}

/* Waits for the command until the moment `until`, then kills it and what it started. */
static int wait_for(pid_t pid, int64_t until)
{
	const struct timespec pause = { .tv_nsec = WAIT_NS };
	int status = 0;
	pid_t ended;
	while ((ended = waitpid(pid, &status, WNOHANG)) == 0 && clock_monotonic() < until)
		nanosleep(&pause, NULL);
	if (ended == 0) {
		kill(-pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	return status;
}

static int from_command(const char *command, struct secret *out, struct err *e)
{
	pid_t pid = 0;
	SCOPED_FD output = -1;
	int64_t until = clock_monotonic() + COMMAND_US;
	int rc = start(command, &output, &pid);
	if (rc)
		return err_set(e, ERR_SOURCE, "password_command: cannot start it: %s", strerror(rc));
	const char *wrong = read_some(output, until, out->text, sizeof out->text);
	int status = wait_for(pid, wrong ? 0 : until);
	if (!wrong && WIFEXITED(status) && WEXITSTATUS(status) != 0)
		return err_set(e, ERR_SOURCE, "password_command: it ended with status %d", WEXITSTATUS(status));
	if (!wrong && !WIFEXITED(status))
		wrong = "it was ended by a signal";
	wrong = wrong ? wrong : first_line(out);
	return wrong ? err_set(e, ERR_SOURCE, "password_command: %s", wrong) : ERR_OK;
}

int secret_read(const struct target *target, struct secret *out, struct err *e)
{
	*out = (struct secret){ 0 };
	int rc = target->password_file      ? from_file(target->password_file, out, e)
		 : target->password_command ? from_command(target->password_command, out, e)
					    : ERR_OK;
	if (rc)
		secret_wipe(out);
	return rc;
}

static void mask(char *text, struct slice secret)
{
	char *at = text;
	size_t len = strlen(text);
	if (secret.len < SECRET_SHORTEST)
		return;
	while ((at = memmem(at, len - (size_t)(at - text), secret.ptr, secret.len))) {
		size_t behind = len - (size_t)(at - text) - secret.len;
		memcpy(at, "***", 3);
		memmove(at + 3, at + secret.len, behind + 1);
		len = (size_t)(at - text) + 3 + behind;
		at += 3;
	}
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void secret_scrub(const struct secret *secret, const char *url, char *text)
{
	struct slice written;
	char decoded[SECRET_BYTES];
	if (secret && secret->is_set)
		mask(text, slice_of(secret->text));
	for (size_t place = 0; url && url_next_secret(slice_of(url), &place, &written);) {
		size_t len = 0;
		for (size_t i = 0; i < written.len && len < sizeof decoded; i++) {
			bool is_escape = written.ptr[i] == '%' && i + 2 < written.len && hex_digit(written.ptr[i + 1]) >= 0 &&
					 hex_digit(written.ptr[i + 2]) >= 0;
			decoded[len++] = is_escape ? (char)(hex_digit(written.ptr[i + 1]) * 16 + hex_digit(written.ptr[i + 2]))
						   : written.ptr[i];
			i += is_escape ? 2 : 0;
		}
		mask(text, written);
		mask(text, (struct slice){ decoded, len });
		explicit_bzero(decoded, sizeof decoded);
	}
}
