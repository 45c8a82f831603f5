#include "rules/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

enum { FILE_BYTES_MAX = 256 * 1024, FOLDER_FILES_MAX = 2000 };

static void fd_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void dir_close(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static void free_text(char **text)
{
	free(*text);
}

#define SCOPED_FD __attribute__((cleanup(fd_close))) int
#define SCOPED_DIR __attribute__((cleanup(dir_close))) DIR
#define SCOPED_TEXT __attribute__((cleanup(free_text))) char

/* A sticky folder (as /tmp) lets nobody rename what is another's, so it may lie above ours. */
static int check_owner(const struct stat *st, const char *path, bool may_be_sticky, struct err *e)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		err_set(e, ERR_USAGE, "'%s' belongs to another user (uid %u)", path, (unsigned)st->st_uid);
	else if ((st->st_mode & 022) && !(may_be_sticky && S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX)))
		err_set(e, ERR_USAGE, "'%s' can be written by others", path);
	else
		return ERR_OK;
	err_hint(e, "rules and sections are read only from files of root's or your own: chown root and chmod go-w '%s'", path);
	return ERR_USAGE;
}

/* Every folder above the path, and itself. */
static int check_components(const char *path, struct err *e)
{
	SCOPED_TEXT *real = realpath(path, NULL);
	struct stat st;
	if (!real)
		return err_set(e, ERR_USAGE, "cannot open '%s': %s", path, strerror(errno));
	for (char *p = real; *p;) {
		p += strcspn(p + 1, "/") + 1;
		char kept = *p;
		*p = 0;
		int rc = stat(real, &st) != 0 ? err_set(e, ERR_USAGE, "cannot read '%s': %s", real, strerror(errno))
					      : check_owner(&st, real, true, e);
		*p = kept;
		if (rc)
			return rc;
	}
	return ERR_OK;
}

static int read_all(int fd, const char *path, struct arena *a, struct slice *text, struct err *e)
{
	SCOPED_BUFFER all = BUFFER(FILE_BYTES_MAX, path);
	char chunk[16384];
	ssize_t n;
	while (!all.is_full && (n = read(fd, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_USAGE, "cannot read '%s': %s", path, strerror(errno));
		buffer_add(&all, chunk, (size_t)n);
	}
	if (all.is_full)
		return err_set(e, ERR_USAGE, "'%s' is longer than %d kB", path, FILE_BYTES_MAX / 1024);
	*text = arena_slice(a, buffer_view(&all));
	return ERR_OK;
}

static int read_at(int folder, const char *name, const char *path, bool is_checked, struct arena *a, struct slice *text,
		   struct err *e)
{
	struct stat st;
	SCOPED_FD fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_set(e, ERR_USAGE, "cannot open '%s': %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_USAGE, "'%s' is no regular file", path);
	int rc = is_checked ? check_owner(&st, path, false, e) : ERR_OK;
	return rc ? rc : read_all(fd, path, a, text, e);
}

int folder_read_file(const char *path, struct arena *a, struct slice *text, struct err *e)
{
	*text = (struct slice){ NULL, 0 };
	if (access(path, F_OK) != 0)
		return ERR_OK;
	return read_at(AT_FDCWD, path, path, false, a, text, e);
}

static int compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

static bool ends_with(struct slice text, struct slice end)
{
	return text.len > end.len && memcmp(text.ptr + text.len - end.len, end.ptr, end.len) == 0;
}

/* Names in the open folder, sorted; hidden ones left out. */
static int list_names(DIR *dir, const char *path, struct arena *a, const char ***names, size_t *count, struct err *e)
{
	*names = arena_array(a, FOLDER_FILES_MAX, sizeof **names);
	*count = 0;
	errno = 0;
	for (const struct dirent *entry; (entry = readdir(dir)); errno = 0) {
		if (entry->d_name[0] == '.')
			continue;
		if (*count == FOLDER_FILES_MAX)
			return err_set(e, ERR_USAGE, "'%s' holds more than %d files", path, FOLDER_FILES_MAX);
		(*names)[(*count)++] = arena_text(a, slice_of(entry->d_name));
	}
	if (errno)
		return err_set(e, ERR_USAGE, "cannot read '%s': %s", path, strerror(errno));
	qsort(*names, *count, sizeof **names, compare_names);
	return ERR_OK;
}

static void add_file(struct folder *out, struct arena *a, struct folder_file file)
{
	if (out->count == out->size) {
		size_t size = out->size ? out->size * 2 : 64;
		struct folder_file *files = arena_array(a, size, sizeof *files);
		if (out->count)
			memcpy(files, out->files, out->count * sizeof *files);
		out->files = files;
		out->size = size;
	}
	out->files[out->count++] = file;
}

/* One folder's own files; for a nested one, `below` gets its folders instead. */
static int load_one(const char *path, bool is_nested, bool is_checked, struct arena *a, struct folder *out, const char ***below,
		    size_t *below_count, struct err *e)
{
	const char **names;
	size_t count;
	struct stat st;
	SCOPED_DIR *dir = opendir(path);
	if (!dir)
		return err_set(e, ERR_USAGE, "cannot open the folder '%s': %s", path, strerror(errno));
	if (fstat(dirfd(dir), &st) != 0)
		return err_set(e, ERR_USAGE, "cannot read '%s': %s", path, strerror(errno));
	int rc = is_checked ? check_owner(&st, path, false, e) : ERR_OK;
	if (!rc)
		rc = list_names(dir, path, a, &names, &count, e);
	const char *last = strrchr(path, '/');
	for (size_t i = 0; !rc && i < count; i++) {
		struct slice name = slice_of(names[i]);
		const char *full = arena_printf(a, "%s/%.*s", path, SLICE_ARG(name));
		if (is_nested && fstatat(dirfd(dir), names[i], &st, 0) == 0 && S_ISDIR(st.st_mode)) {
			(*below)[(*below_count)++] = full;
			continue;
		}
		if (!ends_with(name, SLICE(".sql")) || ends_with(name, SLICE(".test.sql")))
			continue;
		if (is_nested)
			return err_set(e, ERR_USAGE, "'%s' lies outside an engine's folder (%s/common, …)", full, path);
		struct folder_file file = { .path = full,
					    .folder = slice_of(last ? last + 1 : path),
					    .name = { name.ptr, name.len - strlen(".sql") } };
		rc = read_at(dirfd(dir), names[i], full, is_checked, a, &file.text, e);
		if (!rc)
			add_file(out, a, file);
	}
	return rc;
}

int folder_load(const char *path, enum folder_depth depth, bool is_checked, struct arena *a, struct folder *out, struct err *e)
{
	const char **below = arena_array(a, FOLDER_FILES_MAX, sizeof *below);
	size_t count = 0, none = 0;
	int rc = is_checked ? check_components(path, e) : ERR_OK;
	if (!rc)
		rc = load_one(path, depth == FOLDER_NESTED, is_checked, a, out, &below, &count, e);
	for (size_t i = 0; !rc && i < count; i++)
		rc = load_one(below[i], false, is_checked, a, out, NULL, &none, e);
	return rc;
}
