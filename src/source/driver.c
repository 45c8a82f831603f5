#include "source/driver.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "dbperf-paths.h"
#include "base/trusted.h"

enum { NAME_MOST = 32, SCHEMES_MOST = 16, ENTRIES_MOST = 500 };

static bool is_name(struct slice s, const char *more)
{
	if (!s.len || s.len > NAME_MOST || s.ptr[0] < 'a' || s.ptr[0] > 'z')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || strchr(more, c)))
			return false;
	}
	return true;
}

static struct slice scheme_of(struct slice url)
{
	struct slice mark = SLICE("://");
	const char *at = url.len ? memmem(url.ptr, url.len, mark.ptr, mark.len) : NULL;
	return (struct slice){ url.ptr, at ? (size_t)(at - url.ptr) : 0 };
}

static const struct driver *by_scheme(const struct drivers *drivers, struct slice scheme)
{
	for (size_t i = 0; i < drivers->count; i++)
		for (const char *const *s = drivers->items[i].plugin->schemes; *s; s++)
			if (slice_equal_nocase(slice_of(*s), scheme))
				return &drivers->items[i];
	return NULL;
}

const struct driver *driver_for_url(const struct drivers *drivers, struct slice url)
{
	struct slice scheme = scheme_of(url);
	return scheme.len ? by_scheme(drivers, scheme) : NULL;
}

const struct driver *driver_find(const struct drivers *drivers, struct slice name)
{
	for (size_t i = 0; i < drivers->count; i++)
		if (slice_equal(slice_of(drivers->items[i].name), name))
			return &drivers->items[i];
	return NULL;
}

const char *drivers_schemes(const struct drivers *drivers, struct arena *a)
{
	SCOPED_BUFFER text = BUFFER(4096, "schemes");
	for (size_t i = 0; i < drivers->count; i++)
		for (const char *const *s = drivers->items[i].plugin->schemes; *s && drivers->items[i].plugin->connect; s++)
			buffer_printf(&text, "%s%s://", text.len ? ", " : "", *s);
	return arena_text(a, buffer_view(&text));
}

/* Magic first: nothing behind it is believed before. */
static int check_abi(const struct dbperf_driver *plugin, struct err *e)
{
	if (plugin->magic != DBPERF_DRIVER_MAGIC)
		return err_set(e, ERR_USAGE, "its symbol dbperf_driver is no driver of dbperf (magic %08x)", plugin->magic);
	if (plugin->major != DBPERF_DRIVER_MAJOR || plugin->minor > DBPERF_DRIVER_MINOR) {
		err_hint(e, "build it anew with this dbperf's drivers/driver.h");
		return err_set(e, ERR_USAGE, "it was built for driver interface %u.%u, this dbperf has %d.%d", plugin->major,
			       plugin->minor, DBPERF_DRIVER_MAJOR, DBPERF_DRIVER_MINOR);
	}
	if (plugin->size < sizeof *plugin)
		return err_set(e, ERR_USAGE, "its description has %u bytes, interface %d.%d has %zu", plugin->size,
			       DBPERF_DRIVER_MAJOR, DBPERF_DRIVER_MINOR, sizeof *plugin);
	return ERR_OK;
}

enum { LOG_CALLS = 7, PLAN_CALLS = 2 };

/* How many of the calls that read logs it has. */
static size_t log_calls(const struct dbperf_driver *plugin)
{
	return (size_t)(!!plugin->log_detect + !!plugin->log_open + !!plugin->log_cut + !!plugin->log_parser + !!plugin->log_parse +
			!!plugin->log_parser_close + !!plugin->log_close);
}

/* How many of the calls that read plans it has. */
static size_t plan_calls(const struct dbperf_driver *plugin)
{
	return (size_t)(!!plugin->plan_detect + !!plugin->plan_parse);
}

static int check_calls(const struct dbperf_driver *plugin, struct slice name, struct err *e)
{
	if (!plugin->name || !slice_equal(slice_of(plugin->name), name))
		return err_set(e, ERR_USAGE, "it calls itself '%s', its file says '%.*s'", plugin->name ? plugin->name : "",
			       SLICE_ARG(name));
	size_t logs = log_calls(plugin), plans = plan_calls(plugin);
	bool is_live = (!logs && !plans) || plugin->connect || plugin->ask || plugin->close;
	const char *missing = !plugin->match                ? "match"
			      : is_live && !plugin->connect ? "connect"
			      : is_live && !plugin->ask     ? "ask"
			      : is_live && !plugin->close   ? "close"
			      : logs % LOG_CALLS            ? "log_"
			      : plans % PLAN_CALLS          ? "plan_"
			      : !plugin->schemes            ? "schemes"
			      : !*plugin->schemes           ? "schemes"
							    : NULL;
	if (missing)
		return err_set(e, ERR_USAGE, "it lacks '%s'", missing);
	return ERR_OK;
}

/* That neither its name nor one of its schemes is taken. */
static int check_clash(const struct dbperf_driver *plugin, const struct drivers *drivers, struct err *e)
{
	const struct driver *other = driver_find(drivers, slice_of(plugin->name));
	if (other)
		return err_set(e, ERR_USAGE, "driver '%s' is loaded already, from '%s'", plugin->name, other->path);
	size_t count = 0;
	for (const char *const *s = plugin->schemes; *s; s++) {
		if (!is_name(slice_of(*s), "+-.") || ++count > SCHEMES_MOST)
			return err_set(e, ERR_USAGE, "its scheme '%.40s' is none, or it has more than %d", *s, SCHEMES_MOST);
		other = by_scheme(drivers, slice_of(*s));
		if (other)
			return err_set(e, ERR_USAGE, "its scheme '%s' is taken by driver '%s'", *s, other->name);
	}
	return ERR_OK;
}

/*
 * Loads what the checked descriptor holds, whatever its name becomes meanwhile. The descriptor of a loaded plugin is
 * never closed: the dynamic linker knows it as /proc/self/fd/N and would take another file of that N for the same.
 */
static int open_plugin(int fd, const struct dbperf_driver **plugin, struct err *e)
{
	char path[40];
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	dlerror();
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		const char *why = dlerror();
		int kept = why && strstr(why, path) == why ? (int)strlen(path) + 2 : 0; /* "/proc/self/fd/N: " says nothing */
		int rc = err_set(e, ERR_USAGE, "it cannot be loaded: %s", why ? why + kept : "unknown error");
		close(fd);
		return rc;
	}
	*plugin = dlsym(handle, "dbperf_driver");
	if (!*plugin)
		return err_set(e, ERR_USAGE, "it has no symbol dbperf_driver");
	return ERR_OK;
}

/* NAME of ".../NAME.so". */
static struct slice plugin_name(const char *path)
{
	const char *last = strrchr(path, '/');
	struct slice name = slice_of(last ? last + 1 : path), end = SLICE(".so");
	if (name.len > end.len && memcmp(name.ptr + name.len - end.len, end.ptr, end.len) == 0)
		name.len -= end.len;
	return name;
}

int driver_load(const char *path, const char *data, struct arena *a, struct drivers *drivers, struct err *e)
{
	struct slice name = arena_slice(a, plugin_name(path));
	const char *last = strrchr(path, '/');
	const struct dbperf_driver *plugin = NULL;
	SCOPED_FD folder = -1;
	SCOPED_FD fd = -1;
	if (drivers->count == DRIVERS_MAX)
		return err_set(e, ERR_USAGE, "there are more than %d drivers", DRIVERS_MAX);
	if (!last || !is_name(name, "_"))
		return err_set(e, ERR_USAGE, "its name is not NAME.so with a name of [a-z][a-z0-9_]*");
	int rc = trusted_folder(arena_text(a, (struct slice){ path, (size_t)(last - path) }), &folder, e);
	if (!rc)
		rc = trusted_file(folder, last + 1, path, &fd, e);
	if (rc)
		return rc;
	int kept = fd;
	fd = -1;
	rc = open_plugin(kept, &plugin, e);
	if (!rc)
		rc = check_abi(plugin, e);
	if (!rc)
		rc = check_calls(plugin, name, e);
	if (!rc)
		rc = check_clash(plugin, drivers, e);
	if (rc)
		return rc;
	drivers->items[drivers->count++] = (struct driver){
		.name = name.ptr,
		.path = arena_text(a, slice_of(path)),
		.probes = arena_printf(a, "%s/probes", data),
		.doctor = arena_printf(a, "%s/doctor.sql", data),
		.plugin = plugin,
	};
	return ERR_OK;
}

static void add_problem(struct drivers *drivers, const char *path, const struct err *e, struct arena *a)
{
	if (drivers->problem_count == DRIVERS_MAX)
		return;
	drivers->problems[drivers->problem_count++] = (struct driver_problem){ .path = arena_text(a, slice_of(path)),
									       .text = arena_text(a, slice_of(e->text)),
									       .hint = arena_text(a, slice_of(e->hint)) };
}

static int compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

/* The plain names in a folder, sorted. */
static int list(const char *path, struct arena *a, const char ***names, size_t *count, struct err *e)
{
	SCOPED_DIR *dir = NULL;
	*count = 0;
	int rc = trusted_dir(path, &dir, e);
	if (rc)
		return rc;
	*names = arena_array(a, ENTRIES_MOST, sizeof **names);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		if (*count == ENTRIES_MOST)
			return err_set(e, ERR_USAGE, "the folder '%s' holds more than %d files", path, ENTRIES_MOST);
		(*names)[(*count)++] = arena_text(a, slice_of(entry->d_name));
	}
	qsort(*names, *count, sizeof **names, compare_names);
	return ERR_OK;
}

static void load_folder(struct drivers *drivers, const char *folder, struct arena *a)
{
	struct err e = { 0 };
	const char **names;
	size_t count;
	bool is_build = slice_equal(slice_of(folder), SLICE(DBPERF_BUILD_ROOT "/drivers"));
	if (list(folder, a, &names, &count, &e)) {
		add_problem(drivers, folder, &e, a);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct slice name = plugin_name(names[i]);
		const char *path = is_build ? arena_printf(a, "%s/%s/%s.so", folder, names[i], names[i])
					    : arena_printf(a, "%s/%s", folder, names[i]);
		const char *data = is_build ? arena_printf(a, DBPERF_SOURCE_ROOT "/drivers/%s", names[i])
					    : arena_printf(a, "%s/%.*s", folder, SLICE_ARG(name));
		if (is_build ? access(path, F_OK) != 0 : name.len == strlen(names[i]))
			continue; /* no plugin */
		struct err wrong = { 0 };
		if (driver_load(path, data, a, drivers, &wrong))
			add_problem(drivers, path, &wrong, a);
	}
}

int drivers_load(const char *const *folders, size_t count, struct arena *a, struct drivers **out, struct err *e)
{
	(void)e;
	*out = arena_alloc(a, sizeof **out);
	for (size_t i = 0; i < count; i++)
		load_folder(*out, folders[i], a);
	return ERR_OK;
}
