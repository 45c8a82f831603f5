/* From the command line to what a command needs: config, folders, targets, run database, store. */
#include "cli/session.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/trusted.h"
#include "base/units.h"
#include "cli/output.h"
#include "dbperf-paths.h"
#include "source/driver.h"

static const int64_t STORE_WAIT_US = 30 * 1000000LL;
static const int64_t DAY_US = 86400 * 1000000LL;
static const int64_t RETENTION_US = 35 * 86400 * 1000000LL;
static const int64_t STORE_BYTES = 5 * 1024 * 1024 * 1024LL;

const char *session_text(const struct session *s, enum option_id id, const char *missing)
{
	return s->options && s->options->values[id].text ? s->options->values[id].text : missing;
}

bool session_has(const struct session *s, enum option_id id)
{
	return s->options && s->options->values[id].is_set;
}

void session_status(struct session *s, int status)
{
	s->status = status > s->status ? status : s->status;
}

void session_note(struct session *s, const struct err *e)
{
	session_status(s, e->code);
	if (s->note_count < NOTES_MAX)
		s->notes[s->note_count++] = *e;
	else
		s->notes_left_out++;
}

/* A compiled zone (RFC 8536), not a folder or a list beside it. */
static bool is_zone_file(const char *path)
{
	char magic[4];
	SCOPED_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return fd >= 0 && read(fd, magic, sizeof magic) == (ssize_t)sizeof magic && memcmp(magic, "TZif", sizeof magic) == 0;
}

/* TZ is what every local time hangs on; one that does not exist would silently be UTC. */
static int set_zone(const struct session *s, struct err *e)
{
	const char *zone = session_text(s, OPTION_TZ, NULL);
	char path[256];
	if (!zone)
		return ERR_OK;
	snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone);
	bool is_name = zone[0] != '/' && zone[0] != ':' && !strstr(zone, "..") && strlen(zone) < 64;
	if (strcmp(zone, "UTC") != 0 && (!is_name || !is_zone_file(path))) {
		err_hint(e, "a name such as UTC or Europe/Berlin; /usr/share/zoneinfo has them all");
		return err_set(e, ERR_USAGE, "--tz: no time zone '%s'", options_quote(s->arena, zone));
	}
	if (setenv("TZ", zone, 1) != 0)
		return err_set(e, ERR_INTERNAL, "cannot set the time zone");
	tzset();
	return ERR_OK;
}

void session_run(struct session *s, int argc, char **argv)
{
	struct err e = { 0 };
	struct options *o = arena_alloc(s->arena, sizeof *o);
	s->now = clock_now();
	int rc = options_parse(argc, argv, s->now, s->arena, o, &e);
	if (!rc) {
		s->options = o;
		output_look(s);
		rc = set_zone(s, &e);
	}
	if (!rc && session_has(s, OPTION_OUTPUT))
		rc = output_check("output", session_text(s, OPTION_OUTPUT, NULL), &e);
	if (!rc && session_has(s, OPTION_CAPTURE))
		rc = output_check("capture", session_text(s, OPTION_CAPTURE, NULL), &e);
	if (!rc)
		rc = (o->action ? o->action->run : o->spec->run)(s, &e);
	if (!rc)
		return;
	buffer_reset(s->out); /* no half report */
	session_note(s, &e);
}

int session_told(struct session *s, struct err *e)
{
	if (!s->is_telling || !s->store)
		return ERR_OK;
	return store_told(s->store, s->run, session_text(s, OPTION_NOTIFY, ""), e);
}

void session_close(struct session *s)
{
	rundb_close(s->run);
	if (s->store) { /* the last to close the file is one that may write, so that no log of it stays behind */
		store_run_end(s->store, s->status);
		store_close(s->store);
	}
	s->run = NULL;
	s->store = NULL;
}

/* Whether this program stands in the folder that it was built in. */
static bool is_uninstalled(void)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	if (n <= 0)
		return false;
	self[n] = 0;
	return slice_starts(slice_of(self), slice_of(DBPERF_BUILD_ROOT "/"));
}

static void add_folder(const char **folders, size_t *count, const char *folder)
{
	if (*count < FOLDERS_MAX)
		folders[(*count)++] = folder;
}

/* The folders of [files]: keys may repeat. */
static void add_own_folders(struct session *s)
{
	struct session_folders *f = &s->folders;
	for (size_t i = 0; i < s->config.section_count; i++) {
		const struct config_section *section = &s->config.sections[i];
		if (!slice_equal(section->kind, SLICE("files")))
			continue;
		for (size_t k = 0; k < section->entry_count; k++) {
			const struct config_entry *entry = &section->entries[k];
			const char *folder = arena_text(s->arena, entry->value);
			if (slice_equal(entry->key, SLICE("rules")))
				add_folder(f->rules, &f->rule_count, folder);
			else if (slice_equal(entry->key, SLICE("sections")))
				add_folder(f->sections, &f->section_count, folder);
			else if (slice_equal(entry->key, SLICE("drivers")))
				add_folder(f->drivers, &f->driver_count, folder);
		}
	}
}

int session_config(struct session *s, struct err *e)
{
	struct session_folders *f = &s->folders;
	if (f->rule_count)
		return ERR_OK;
	bool is_built = is_uninstalled();
	add_folder(f->rules, &f->rule_count, is_built ? DBPERF_SOURCE_ROOT "/rules" : DBPERF_DATA_DIR "/rules");
	add_folder(f->sections, &f->section_count, is_built ? DBPERF_SOURCE_ROOT "/reports/sections" : DBPERF_DATA_DIR "/sections");
	add_folder(f->drivers, &f->driver_count, is_built ? DBPERF_BUILD_ROOT "/drivers" : DBPERF_DRIVER_DIR);
	int rc = config_load(session_text(s, OPTION_CONFIG, NULL), s->arena, &s->config, e);
	if (!rc)
		add_own_folders(s);
	return rc;
}

int session_drivers(struct session *s, struct err *e)
{
	int rc = session_config(s, e);
	return rc || s->drivers ? rc : drivers_load(s->folders.drivers, s->folders.driver_count, s->arena, &s->drivers, e);
}

int session_targets(struct session *s, char *const *words, size_t count, struct err *e)
{
	int rc = session_drivers(s, e);
	if (!rc)
		rc = targets_resolve(&s->config, s->drivers, words, count, s->arena, &s->targets, &s->target_count, e);
	return rc;
}

/* One row of run_setting, which sections read. */
static int set_run(struct session *s, const char *name, const char *value, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(s->run), SLICE("INSERT OR REPLACE INTO main.run_setting VALUES (?, ?)"),
			       "run_setting", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, value, -1, SQLITE_STATIC);
	if (sqlite3_step(stmt) != SQLITE_DONE)
		return err_set(e, ERR_INTERNAL, "run_setting: %s", sqlite3_errmsg(rundb_connection(s->run)));
	return ERR_OK;
}

int session_database(struct session *s, struct err *e)
{
	if (s->run)
		return ERR_OK;
	int rc = rundb_open(&s->run, e);
	if (!rc)
		rc = rundb_attach_history(s->run, s->store ? store_path(s->store) : NULL, store_schema(), e);
	if (!rc)
		rc = set_run(s, "command", s->options->spec->name, e);
	if (!rc)
		rc = set_run(s, "now", arena_printf(s->arena, "%lld", (long long)s->now), e);
	if (!rc && session_has(s, OPTION_ALL))
		rc = set_run(s, "all", "1", e);
	if (!rc && session_has(s, OPTION_NOTIFY))
		rc = set_run(s, "notify", session_text(s, OPTION_NOTIFY, ""), e);
	return rc;
}

static int read_number(struct session *s, const char *key, bool (*parse)(struct slice, int64_t *), int64_t *value, struct err *e)
{
	struct slice text = config_default(&s->config, key, (struct slice){ 0 });
	if (text.len && !parse(text, value))
		return err_set(e, ERR_USAGE, "%s: %s = %.*s cannot be read", s->config.path, key, SLICE_ARG(text));
	return ERR_OK;
}

int session_store(struct session *s, bool must_exist, struct err *e)
{
	struct store_options o = {
		.wait_us = STORE_WAIT_US,
		.retention_us = RETENTION_US,
		.max_bytes = STORE_BYTES,
		.must_exist = must_exist,
	};
	struct slice path = config_default(&s->config, "store", (struct slice){ 0 });
	struct slice group = config_default(&s->config, "store_group", (struct slice){ 0 });
	if (s->store)
		return ERR_OK;
	int rc = read_number(s, "retention", units_parse_duration, &o.retention_us, e);
	if (!rc)
		rc = read_number(s, "max_store", units_parse_size, &o.max_bytes, e);
	if (rc)
		return rc;
	if (o.retention_us && o.retention_us < DAY_US)
		return err_set(e, ERR_USAGE, "%s: retention is less than a day", s->config.path);
	o.path = session_text(s, OPTION_STORE, path.len ? arena_text(s->arena, path) : NULL);
	o.group = group.len ? arena_text(s->arena, group) : NULL;
	rc = store_open(&o, &s->store, e);
	if (!rc && store_warning(s->store) && !session_has(s, OPTION_QUIET)) {
		struct err note = { 0 };
		snprintf(note.text, sizeof note.text, "%s", store_warning(s->store));
		session_note(s, &note); /* its code is 0: no failure */
	}
	return rc;
}
