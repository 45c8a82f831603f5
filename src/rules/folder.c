#include "rules/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/trusted.h"

enum { FILE_BYTES_MAX = 256 * 1024, FOLDER_FILES_MAX = 2000 };

/* Reads a file of a folder that was found safe, or as it is found. */
static int read_at(int folder, const char *name, const char *path, bool is_checked, struct arena *a, struct slice *text,
		   struct err *e)
{
	struct stat st;
	if (is_checked)
		return trusted_read(folder, name, path, FILE_BYTES_MAX, a, text, e);
	SCOPED_FD fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_set(e, ERR_USAGE, "cannot open '%s': %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_USAGE, "'%s' is no regular file", path);
	return trusted_read_fd(fd, path, FILE_BYTES_MAX, a, text, e);
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
	out->files = arena_grow(a, out->files, out->count, &out->size, sizeof *out->files);
	out->files[out->count++] = file;
}

static int open_folder(const char *path, bool is_checked, DIR **dir, struct err *e)
{
	if (is_checked)
		return trusted_dir(path, dir, e);
	*dir = opendir(path);
	return *dir ? ERR_OK : err_set(e, ERR_USAGE, "cannot open the folder '%s': %s", path, strerror(errno));
}

/* One folder's own files; for a nested one, `below` gets its folders instead. */
static int load_one(const char *path, bool is_nested, bool is_checked, struct arena *a, struct folder *out, const char ***below,
		    size_t *below_count, struct err *e)
{
	const char **names;
	size_t count;
	struct stat st;
	SCOPED_DIR *dir = NULL;
	int rc = open_folder(path, is_checked, &dir, e);
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
	int rc = load_one(path, depth == FOLDER_NESTED, is_checked, a, out, &below, &count, e);
	for (size_t i = 0; !rc && i < count; i++)
		rc = load_one(below[i], false, is_checked, a, out, NULL, &none, e);
	return rc;
}
