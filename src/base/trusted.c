#include "base/trusted.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

enum { GROUPS_MAX = 256 };

void trusted_fd_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void free_text(char **text)
{
	free(*text);
}

#define SCOPED_TEXT __attribute__((cleanup(free_text))) char

/* `may_be_sticky`: in a sticky folder nobody renames what is another's, so it may lie above what we trust. */
static int check(const struct stat *st, const char *path, bool may_be_sticky, struct err *e)
{
	if (st->st_uid != 0 && st->st_uid != geteuid()) {
		err_hint(e, "chown root '%s'", path);
		return err_set(e, ERR_USAGE, "'%s' belongs to another user (uid %u)", path, (unsigned)st->st_uid);
	}
	bool is_sticky = may_be_sticky && S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX);
	if ((st->st_mode & 022) && !is_sticky) {
		err_hint(e, "chmod go-w '%s'", path);
		return err_set(e, ERR_USAGE, "'%s' can be written by others", path);
	}
	return ERR_OK;
}

/* Opens the folder `name` below the open one, in place of it; `path` is how errors name it. */
static int step(int *fd, const char *name, const char *path, bool is_last, struct err *e)
{
	struct stat st;
	int next = openat(*fd, name, (is_last ? O_RDONLY : O_PATH) | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (next < 0)
		return err_set(e, ERR_USAGE, "cannot open the folder '%s': %s", path, strerror(errno));
	if (*fd >= 0)
		close(*fd);
	*fd = next;
	if (fstat(next, &st) != 0)
		return err_set(e, ERR_USAGE, "cannot read '%s': %s", path, strerror(errno));
	return check(&st, path, !is_last, e);
}

int trusted_folder(const char *path, int *fd, struct err *e)
{
	SCOPED_TEXT *real = realpath(path, NULL);
	SCOPED_FD at = -1;
	*fd = -1;
	if (!real)
		return err_set(e, ERR_USAGE, "cannot open the folder '%s': %s", path, strerror(errno));
	int rc = step(&at, "/", "/", real[1] == 0, e);
	for (char *name = real + 1; !rc && *name;) {
		char *end = strchrnul(name, '/');
		char kept = *end;
		*end = 0;
		rc = step(&at, name, real, kept == 0, e);
		*end = kept;
		name = kept ? end + 1 : end;
	}
	if (rc)
		return rc;
	*fd = at;
	at = -1;
	return ERR_OK;
}

void trusted_dir_close(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

int trusted_dir(const char *path, DIR **dir, struct err *e)
{
	SCOPED_FD fd = -1;
	*dir = NULL;
	int rc = trusted_folder(path, &fd, e);
	if (rc)
		return rc;
	*dir = fdopendir(fd);
	if (!*dir)
		return err_set(e, ERR_USAGE, "cannot read the folder '%s': %s", path, strerror(errno));
	fd = -1; /* the stream owns it */
	return ERR_OK;
}

int trusted_file(int folder, const char *name, const char *shown, int *fd, struct err *e)
{
	struct stat st;
	*fd = -1;
	SCOPED_FD opened = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (opened < 0 && errno == ELOOP)
		return err_set(e, ERR_USAGE, "'%s' is a symbolic link", shown);
	if (opened < 0)
		return err_set(e, ERR_USAGE, "cannot open '%s': %s", shown, strerror(errno));
	if (fstat(opened, &st) != 0)
		return err_set(e, ERR_USAGE, "cannot read '%s': %s", shown, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_USAGE, "'%s' is no regular file", shown);
	int rc = check(&st, shown, false, e);
	if (rc)
		return rc;
	*fd = opened;
	opened = -1;
	return ERR_OK;
}

int trusted_read_fd(int fd, const char *shown, size_t max, struct arena *a, struct slice *text, struct err *e)
{
	SCOPED_BUFFER all = BUFFER(max, "file");
	char chunk[16384];
	ssize_t n;
	while (!all.is_full && (n = read(fd, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_USAGE, "cannot read '%s': %s", shown, strerror(errno));
		buffer_add(&all, chunk, (size_t)n);
	}
	if (all.is_full)
		return err_set(e, ERR_USAGE, "'%s' is longer than %zu kB", shown, max / 1024);
	*text = arena_slice(a, buffer_view(&all));
	return ERR_OK;
}

int trusted_read(int folder, const char *name, const char *shown, size_t max, struct arena *a, struct slice *text, struct err *e)
{
	SCOPED_FD fd = -1;
	int rc = trusted_file(folder, name, shown, &fd, e);
	return rc ? rc : trusted_read_fd(fd, shown, max, a, text, e);
}

bool trusted_is_readable_by_others(const struct stat *st)
{
	if (st->st_mode & S_IROTH)
		return true;
	if (!(st->st_mode & S_IRGRP) || st->st_gid == getegid())
		return false;
	gid_t groups[GROUPS_MAX];
	int count = getgroups(GROUPS_MAX, groups);
	for (int i = 0; i < count; i++)
		if (groups[i] == st->st_gid)
			return false;
	return true;
}
