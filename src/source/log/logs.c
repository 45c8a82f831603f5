#include "source/log/logs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "source/log/emit.h"
#include "source/log/read.h"

enum { SKIPPED_SHARE = 100 /* over one line in so many that were not recognised: not all was read */ };

/* All of one call. */
struct reading_all {
	const struct logs_task *task;
	struct arena arena;
	const struct zone *zone;
	struct log_engine engines[DRIVERS_MAX + 1];
	size_t engine_count;
	uint64_t position;
	size_t file_count;
};

/* Which driver, and what it was told and said. */
struct detected {
	const struct driver *driver;
	void *log;
	struct dbperf_log_options options;
	struct dbperf_log_about about;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* The engine's part of --log-format, and the format's; both may be empty. */
static void split_format(const struct logs_task *task, struct slice *engine, struct slice *format)
{
	struct slice all = slice_of(task->format);
	const char *slash = all.len ? memchr(all.ptr, '/', all.len) : NULL;
	*engine = *format = (struct slice){ "", 0 };
	if (slash) {
		*engine = (struct slice){ all.ptr, (size_t)(slash - all.ptr) };
		*format = (struct slice){ slash + 1, all.len - engine->len - 1 };
	} else if (driver_find(task->drivers, all)) {
		*engine = all;
	} else {
		*format = all;
	}
}

static bool opens(struct detected *d, const struct driver *driver, struct slice head, const char **problem)
{
	const struct dbperf_driver *plugin = driver->plugin;
	d->about = (struct dbperf_log_about){ .size = sizeof d->about };
	*problem = NULL;
	if (plugin->log_open(&d->options, head.ptr, head.len, &d->log, &d->about, problem))
		return false;
	d->driver = driver;
	return true;
}

static const char *engines_that_read(const struct drivers *drivers, struct arena *a)
{
	const char *names = "";
	for (size_t i = 0; i < drivers->count; i++)
		if (drivers->items[i].plugin->log_detect)
			names = arena_printf(a, "%s%s%s", names, *names ? ", " : "", drivers->items[i].name);
	return names;
}

/* The driver that is surest; with a format that was told, the first that takes it. */
static int detect(const struct reading_all *all, struct slice head, struct detected *d, struct arena *a, struct err *e)
{
	const struct drivers *drivers = all->task->drivers;
	const struct driver *best = NULL;
	const char *problem = NULL;
	struct slice engine, format;
	int sure = 0;
	split_format(all->task, &engine, &format);
	d->options.format = format.len ? arena_text(a, format) : NULL;
	for (size_t i = 0; i < drivers->count; i++) {
		const struct driver *driver = &drivers->items[i];
		if (!driver->plugin->log_detect || (engine.len && !slice_equal(engine, slice_of(driver->name))))
			continue;
		int n = driver->plugin->log_detect(head.ptr, head.len, &d->options);
		if (n > sure) {
			sure = n;
			best = driver;
		}
	}
	if (best && opens(d, best, head, &problem))
		return ERR_OK;
	for (size_t i = 0; !best && all->task->format && i < drivers->count; i++)
		if (drivers->items[i].plugin->log_detect &&
		    (!engine.len || slice_equal(engine, slice_of(drivers->items[i].name))) &&
		    opens(d, &drivers->items[i], head, &problem))
			return ERR_OK;
	err_hint(e, "--log-format ENGINE/FORMAT says what it is; logs of these engines are read: %s",
		 engines_that_read(drivers, a));
	if (problem)
		return err_set(e, ERR_SOURCE, "%s", problem);
	return err_set(e, ERR_SOURCE, "no log of a known format");
}

static struct log_engine *engine_of(struct reading_all *all, const struct driver *driver)
{
	const char *name = driver ? driver->name : NULL;
	for (size_t i = 0; i < all->engine_count; i++)
		if (name ? all->engines[i].name && strcmp(all->engines[i].name, name) == 0 : !all->engines[i].name)
			return &all->engines[i];
	struct log_engine *engine = &all->engines[all->engine_count++];
	*engine = (struct log_engine){ .name = name, .lexical = driver ? driver->plugin->lexical : 0 };
	engine->names = names_open(all->task->filter);
	engine->sum.rows.is_capped = engine->sum.events.is_capped = true;
	engine->files = arena_array(&all->arena, LOG_FILES_MAX, sizeof *engine->files);
	return engine;
}

static void fail(struct reading_all *all, struct log_file *file, const char *state, const struct err *e)
{
	file->state = state;
	file->reason = arena_text(&all->arena, slice_of(e->text));
	file->remedy = e->hint[0] ? arena_text(&all->arena, slice_of(e->hint)) : NULL;
}

/* Which zone its local times were taken for. */
static void tell_zone(struct reading_all *all, struct log_file *file)
{
	const struct log_span *s = &file->span;
	if (!s->has_local)
		return;
	bool is_told = s->zone[0] && !s->is_zone_unknown;
	file->zone = is_told ? arena_text(&all->arena, slice_of(s->zone)) : all->task->zone ? all->task->zone : "UTC";
	file->zone_source = is_told ? "log" : all->task->zone ? all->task->zone_source : "assumed";
}

static void read_detected(struct reading_all *all, struct log_input *in, struct detected *d, struct log_file *file)
{
	struct err e = { 0 };
	struct log_engine *engine = engine_of(all, d->driver);
	const struct log_file_facts facts = {
		.names = engine->names,
		.zone = all->zone,
		.lexical = engine->lexical,
		.position = all->position,
		.filter = all->task->filter,
		.wants_examples = all->task->wants_examples,
	};
	const struct log_way way = {
		.plugin = d->driver->plugin,
		.log = d->log,
		.is_sequential = d->about.is_sequential || filter_needs_order(all->task->filter),
		.facts = &facts,
		.threads = all->task->threads,
		.block_bytes = all->task->block_bytes,
		.part_bytes = all->task->part_bytes,
	};
	d->about.format[sizeof d->about.format - 1] = d->about.detail[sizeof d->about.detail - 1] = 0;
	file->engine = d->driver->name;
	file->format = arena_text(&all->arena, slice_of(d->about.format));
	file->detail = arena_text(&all->arena, slice_of(d->about.detail));
	file->span.filter = all->task->filter;
	if (log_read(&way, in, &file->span, &engine->sum, &e))
		fail(all, file, "partial", &e);
	uint64_t skipped = span_skipped(&file->span);
	if (!file->reason && skipped > file->span.lines / SKIPPED_SHARE) {
		file->state = "partial";
		file->reason = arena_printf(&all->arena, "%llu of its %llu lines were not recognised", (unsigned long long)skipped,
					    (unsigned long long)file->span.lines);
	}
	all->position += file->span.bytes + 1;
	tell_zone(all, file);
	engine->files[engine->file_count++] = file;
}

static struct slice whole_lines(struct slice head)
{
	const char *end = head.len >= LOG_HEAD_BYTES - 3 ? memrchr(head.ptr, '\n', head.len) : NULL;
	return end ? (struct slice){ head.ptr, (size_t)(end + 1 - head.ptr) } : head;
}

/* Opens, detects and reads; what could not be read has no engine. */
static int read_open(struct reading_all *all, struct log_input *in, struct log_file *file, struct err *e)
{
	SCOPED_ARENA a = { 0 };
	struct slice head = whole_lines(input_head(in));
	struct detected d = { .options = { .size = sizeof d.options } };
	d.options.prefix = all->task->prefix;
	d.options.modified_us = input_modified(in);
	d.options.name = base_name(file->path);
	file->compression = input_compression(in);
	if (!head.len) {
		struct err damaged = { 0 };
		char byte;
		size_t len;
		if (input_size(in) < 0 && input_read(in, &byte, 1, &len, &damaged)) {
			*e = damaged;
			return e->code;
		}
		file->state = "partial";
		file->reason = "it is empty";
		struct log_engine *engine = engine_of(all, NULL);
		engine->files[engine->file_count++] = file;
		return ERR_OK;
	}
	int rc = detect(all, head, &d, &a, e);
	if (rc)
		return rc;
	read_detected(all, in, &d, file);
	d.driver->plugin->log_close(d.log);
	return ERR_OK;
}

static void read_file(struct reading_all *all, const char *path)
{
	struct err e = { 0 };
	struct log_input *in = NULL;
	struct log_file *file = arena_alloc(&all->arena, sizeof *file);
	if (all->file_count++ >= LOG_FILES_MAX)
		return;
	*file = (struct log_file){ .path = path, .state = "complete" };
	span_begin(&file->span, false);
	int rc = input_open(path, &in, &e);
	if (!rc)
		rc = read_open(all, in, file, &e);
	input_close(in);
	if (!rc)
		return;
	fail(all, file, "failed", &e);
	struct log_engine *engine = engine_of(all, NULL);
	engine->files[engine->file_count++] = file;
}

static int compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

/* The regular files of a folder, sorted by name; false when it is none. */
static bool read_folder(struct reading_all *all, const char *path)
{
	struct stat st;
	if (strcmp(path, "-") == 0 || stat(path, &st) || !S_ISDIR(st.st_mode))
		return false;
	DIR *dir = opendir(path);
	if (!dir)
		return false;
	const char **names = arena_array(&all->arena, LOG_FOLDER_MAX, sizeof *names);
	size_t count = 0;
	for (const struct dirent *entry; (entry = readdir(dir)) && count < LOG_FOLDER_MAX;) {
		const char *file =
			arena_printf(&all->arena, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", entry->d_name);
		if (entry->d_name[0] != '.' && stat(file, &st) == 0 && S_ISREG(st.st_mode))
			names[count++] = file;
	}
	closedir(dir);
	qsort(names, count, sizeof *names, compare_names);
	for (size_t i = 0; i < count; i++)
		read_file(all, names[i]);
	return true;
}

/* Files that nobody could read stand beside those of the first engine, if there is one. */
static void place_unread(struct reading_all *all)
{
	struct log_engine *nobody = NULL, *first = NULL;
	for (size_t i = 0; i < all->engine_count; i++) {
		if (!all->engines[i].name)
			nobody = &all->engines[i];
		else if (!first)
			first = &all->engines[i];
	}
	if (!nobody || !first)
		return;
	for (size_t i = 0; i < nobody->file_count; i++)
		first->files[first->file_count++] = nobody->files[i];
	nobody->file_count = 0;
}

int logs_read(const struct logs_task *task, const struct sink *sink, struct err *e)
{
	struct reading_all *all = calloc(1, sizeof *all);
	if (!all)
		err_no_memory(sizeof *all);
	all->task = task;
	all->zone = task->zone ? zone_find(slice_of(task->zone), &all->arena) : zone_utc();
	int rc = ERR_OK;
	if (!all->zone) {
		err_hint(e, "Europe/Berlin, CET or +01:00");
		rc = err_set(e, ERR_USAGE, "'%s' is no time zone", task->zone);
	}
	for (size_t i = 0; !rc && i < task->path_count; i++)
		if (!read_folder(all, task->paths[i]))
			read_file(all, task->paths[i]);
	place_unread(all);
	for (size_t i = 0; i < all->engine_count; i++) {
		struct log_engine *engine = &all->engines[i];
		if (engine->file_count) {
			engine->target = task->target ? task->target : log_target(engine, &all->arena);
			log_emit(engine, sink);
		}
		names_close(engine->names);
		sum_close(&engine->sum);
		for (size_t k = 0; k < engine->file_count; k++)
			span_close(&engine->files[k]->span);
	}
	arena_close(&all->arena);
	free(all);
	return rc;
}
