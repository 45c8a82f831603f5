#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/session.h"

enum { WIDTH_UNKNOWN = 80, WIDTH_LEAST = 40, WIDTH_MOST = 1000, SHOWN_SQL_MAX = 4 << 20 };

void output_guard(void)
{
	signal(SIGPIPE, SIG_IGN); /* a reader that went away, and a file at its limit, are errors and no deaths */
	signal(SIGXFSZ, SIG_IGN);
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			continue;
		/* The lowest free number is fd. Opened the wrong way round, so that its use fails as it would when closed. */
		if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			_exit(ERR_INTERNAL);
	}
}

static size_t terminal_width(void)
{
	struct winsize size;
	int64_t columns = 0;
	const char *set = getenv("COLUMNS");
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		columns = size.ws_col;
	else if (!set || !slice_int64(slice_of(set), &columns))
		columns = WIDTH_UNKNOWN;
	if (columns < WIDTH_LEAST)
		return WIDTH_LEAST;
	return columns > WIDTH_MOST ? WIDTH_MOST : (size_t)columns;
}

void output_look(struct session *s)
{
	const char *terminal = getenv("TERM"), *no_colour = getenv("NO_COLOR");
	bool is_terminal = !session_has(s, OPTION_OUTPUT) && isatty(STDOUT_FILENO);
	bool is_dumb = !terminal || !*terminal || strcmp(terminal, "dumb") == 0;
	struct slice when = slice_of(session_text(s, OPTION_COLOR, "auto"));
	s->width = is_terminal ? terminal_width() : 0;
	s->has_colour = is_terminal && !is_dumb && !(no_colour && *no_colour);
	if (!slice_equal(when, SLICE("auto")))
		s->has_colour = slice_equal(when, SLICE("always"));
	s->has_progress = isatty(STDERR_FILENO) && !is_dumb && !session_has(s, OPTION_QUIET) && !session_has(s, OPTION_SHOW_SQL);
}

/* The folder that the path lies in. */
static void folder_of(const char *path, char folder[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		snprintf(folder, PATH_MAX, ".");
	else
		snprintf(folder, PATH_MAX, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

int output_check(const char *option, const char *path, struct err *e)
{
	struct stat st;
	char folder[PATH_MAX];
	if (strlen(path) > PATH_MAX - 32)
		return err_set(e, ERR_USAGE, "--%s: the path is too long", option);
	bool exists = stat(path, &st) == 0;
	if (exists && S_ISDIR(st.st_mode))
		return err_set(e, ERR_USAGE, "--%s '%s' is a folder", option, path);
	if (exists && !S_ISREG(st.st_mode)) /* a device or a pipe is written to where it is */
		return access(path, W_OK) == 0 ? ERR_OK : err_set(e, ERR_USAGE, "--%s '%s': %s", option, path, strerror(errno));
	folder_of(path, folder);
	if (access(folder, W_OK) != 0)
		return err_set(e, ERR_USAGE, "--%s '%s': cannot write in '%s': %s", option, path, folder, strerror(errno));
	return ERR_OK;
}

static int write_all(int fd, const char *name, struct slice bytes, struct err *e)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EPIPE) {
			e->code = e->code ? e->code : ERR_INTERNAL; /* without a text */
			return e->code;
		}
		if (n < 0)
			return err_set(e, ERR_INTERNAL, "cannot write to %s: %s", name, strerror(errno));
		bytes.ptr += n;
		bytes.len -= (size_t)n;
	}
	return ERR_OK;
}

static int write_and_sync(int fd, const char *path, struct slice report, struct err *e)
{
	int rc = write_all(fd, path, report, e);
	if (!rc && fsync(fd) != 0)
		rc = err_set(e, ERR_INTERNAL, "cannot write to %s: %s", path, strerror(errno));
	if (close(fd) != 0 && !rc)
		rc = err_set(e, ERR_INTERNAL, "cannot write to %s: %s", path, strerror(errno));
	return rc;
}

static int replace_file(const char *path, struct slice report, struct err *e)
{
	char folder[PATH_MAX], temporary[PATH_MAX + 32];
	struct stat st;
	folder_of(path, folder);
	snprintf(temporary, sizeof temporary, "%s/.dbperf-XXXXXX", folder);
	int fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_INTERNAL, "cannot write in '%s': %s", folder, strerror(errno));
	mode_t mask = umask(0);
	umask(mask);
	mode_t mode = stat(path, &st) == 0 ? st.st_mode & 0777 : 0666 & ~mask;
	if (fchmod(fd, mode) != 0)
		mode = 0600;
	int rc = write_and_sync(fd, path, report, e);
	if (!rc && rename(temporary, path) != 0)
		rc = err_set(e, ERR_INTERNAL, "cannot replace '%s': %s", path, strerror(errno));
	if (rc)
		unlink(temporary);
	return rc;
}

int output_write(const char *path, struct slice report, struct err *e)
{
	struct stat st;
	if (!path)
		return write_all(STDOUT_FILENO, "standard output", report, e);
	if (stat(path, &st) != 0 || S_ISREG(st.st_mode))
		return replace_file(path, report, e);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_INTERNAL, "cannot open '%s': %s", path, strerror(errno));
	int rc = write_all(fd, path, report, e);
	close(fd);
	return rc;
}

void output_progress(void *context, const char *target, const char *probe)
{
	const struct session *s = context;
	if (!s->has_progress)
		return;
	SCOPED_BUFFER line = BUFFER(512, "progress");
	SCOPED_BUFFER safe = BUFFER(512, "progress");
	buffer_terminal(&line, slice_of(target));
	buffer_text(&line, ": ");
	buffer_terminal(&line, slice_of(probe));
	buffer_text(&safe, "\r\033[K");
	buffer_slice(&safe, text_fit(buffer_view(&line), WIDTH_UNKNOWN - 1));
	if (write(STDERR_FILENO, safe.data, safe.len) < 0)
		return;
}

void output_sql(void *context, const char *target, struct slice probe, struct slice database, struct slice sql)
{
	(void)context;
	SCOPED_BUFFER out = BUFFER(SHOWN_SQL_MAX, "statements shown");
	buffer_text(&out, "-- ");
	buffer_terminal(&out, slice_of(target));
	buffer_text(&out, probe.len ? ", probe " : ", connecting");
	buffer_terminal(&out, probe);
	buffer_text(&out, database.len ? " in " : "");
	buffer_terminal(&out, database);
	buffer_char(&out, '\n');
	while (sql.len) {
		buffer_terminal(&out, slice_cut(&sql, '\n'));
		buffer_char(&out, '\n');
	}
	buffer_char(&out, '\n');
	if (write(STDERR_FILENO, out.data, out.len) < 0)
		return; /* nobody listens */
}

void output_progress_end(struct session *s)
{
	static const char clear[] = "\r\033[K";
	if (s->has_progress && write(STDERR_FILENO, clear, sizeof clear - 1) < 0)
		s->has_progress = false;
}
