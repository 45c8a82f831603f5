#include "source/target.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/units.h"
#include "facts/rundb.h"
#include "source/driver.h"
#include "source/url.h"

enum { TARGETS_MAX = 2000, URL_MAX = 4096 };
static const int64_t INTERVAL_US = 10 * 1000000LL;

/* One call of targets_resolve. */
struct resolving {
	const struct config *config;
	const struct drivers *drivers;
	struct arena *a;
	struct target *found;
	size_t count;
};

static const char *text_or_null(struct resolving *r, struct slice s)
{
	return s.len ? arena_text(r->a, s) : NULL;
}

/* A key of the section, else of [defaults]. */
static struct slice key_of(const struct resolving *r, const struct config_section *section, const char *key)
{
	return config_value(section, key, config_default(r->config, key, (struct slice){ 0 }));
}

static const char *identity(struct resolving *r, struct slice url, const struct driver *driver)
{
	SCOPED_BUFFER text = BUFFER(URL_MAX, "URL");
	url_identity(url, driver ? driver->plugin->identifying : NULL, &text);
	return arena_text(r->a, buffer_view(&text));
}

static bool is_section_of(const struct config_section *section, const char *kind)
{
	return slice_equal(section->kind, slice_of(kind));
}

/* Adds the target unless one of its name is there. */
static int add(struct resolving *r, const struct target *target, struct err *e)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->found[i].name, target->name) == 0)
			return ERR_OK;
	if (r->count == TARGETS_MAX)
		return err_set(e, ERR_USAGE, "more than %d targets", TARGETS_MAX);
	r->found[r->count++] = *target;
	return ERR_OK;
}

/* What stands between a URL and its driver: a missing driver, or a form that the driver does not take. */
static void check_url(struct resolving *r, struct slice url, struct target *target)
{
	const char *problem = NULL;
	target->driver = driver_for_url(r->drivers, url);
	if (!target->driver) {
		target->problem = arena_printf(r->a, "no driver for '%.*s'", (int)(strcspn(target->url, ":")), target->url);
		target->remedy = arena_printf(r->a, "drivers here take: %s; dbperf doctor says which were not loaded",
					      drivers_schemes(r->drivers, r->a));
		return;
	}
	if (!target->driver->plugin->connect) {
		target->problem = arena_printf(r->a, "driver '%s' reads logs and plans only", target->driver->name);
		target->remedy = "dbperf digest FILE, dbperf explain FILE";
	} else if (!target->driver->plugin->match(target->url, &problem))
		target->problem = arena_printf(r->a, "its URL: %s", problem ? problem : "the driver does not take it");
}

static int add_section(struct resolving *r, const struct config_section *section, struct err *e)
{
	struct slice none = { 0 }, url = config_value(section, "url", none);
	struct target target = {
		.name = arena_text(r->a, section->name),
		.url = arena_text(r->a, url),
		.section = section,
		.group = text_or_null(r, config_value(section, "group", none)),
		.tags = text_or_null(r, config_value(section, "tags", none)),
		.databases = text_or_null(r, key_of(r, section, "databases")),
		.password_file = text_or_null(r, config_value(section, "password_file", none)),
		.password_command = text_or_null(r, config_value(section, "password_command", none)),
		.interval_us = INTERVAL_US,
		.is_local = url_is_local(url),
	};
	struct slice interval = key_of(r, section, "interval"), cpus = config_value(section, "cpus", none);
	struct slice memory = config_value(section, "memory", none);
	/* The config has checked them. */
	(void)(!interval.len || units_parse_duration(interval, &target.interval_us));
	(void)(!cpus.len || slice_int64(cpus, &target.cpus));
	(void)(!memory.len || units_parse_size(memory, &target.memory_bytes));
	check_url(r, url, &target);
	return add(r, &target, e);
}

/* Whether a comma-separated list has an item that the glob matches. */
static bool list_matches(struct slice list, struct slice glob)
{
	while (list.len)
		if (slice_glob(glob, slice_trim(slice_cut(&list, ','))))
			return true;
	return false;
}

/* Adds every configured target whose name, tag or group the glob matches; *hits counts them. */
static int add_matching(struct resolving *r, const char *key, struct slice glob, size_t *hits, struct err *e)
{
	int rc = ERR_OK;
	*hits = 0;
	for (size_t i = 0; i < r->config->section_count && !rc; i++) {
		const struct config_section *section = &r->config->sections[i];
		if (!is_section_of(section, "target"))
			continue;
		bool is_hit =
			key ? list_matches(config_value(section, key, (struct slice){ 0 }), glob) : slice_glob(glob, section->name);
		if (is_hit) {
			++*hits;
			rc = add_section(r, section, e);
		}
	}
	return rc;
}

/* What a URL on the command line may not hold; none of it is repeated, for any part may be the password. */
static int check_argument(struct slice url, struct err *e)
{
	if (url.len > URL_MAX)
		return err_set(e, ERR_USAGE, "a URL is longer than %d bytes", URL_MAX);
	if (url_has_password(url)) {
		err_hint(e, "put it into a password file of the engine, or password_file = … in the config");
		return err_set(e, ERR_USAGE, "a URL with a password on the command line is seen by everybody on this machine");
	}
	if (!url_is_torn(url))
		return ERR_OK;
	err_hint(e, "a password does not belong on the command line: put it into a password file of the engine");
	return err_set(e, ERR_USAGE, "the URL cannot be read: in a user or password / ? # @ are written %%2F %%3F %%23 %%40");
}

static int add_url(struct resolving *r, const char *word, struct err *e)
{
	struct slice url = slice_of(word);
	int rc = check_argument(url, e);
	if (rc)
		return rc;
	struct target target = { .url = arena_text(r->a, url), .interval_us = INTERVAL_US, .is_local = url_is_local(url) };
	check_url(r, url, &target);
	target.name = identity(r, url, target.driver);
	if (target.problem) {
		if (target.remedy)
			err_hint(e, "%s", target.remedy);
		return err_set(e, ERR_USAGE, "'%.200s': %s", target.name, target.problem);
	}
	for (size_t i = 0; i < r->config->section_count; i++) {
		const struct config_section *section = &r->config->sections[i];
		if (!is_section_of(section, "target"))
			continue;
		struct slice other = config_value(section, "url", (struct slice){ 0 });
		if (strcmp(identity(r, other, driver_for_url(r->drivers, other)), target.name) == 0)
			return add_section(r, section, e);
	}
	struct slice interval = config_default(r->config, "interval", (struct slice){ 0 });
	target.databases = text_or_null(r, config_default(r->config, "databases", (struct slice){ 0 }));
	(void)(!interval.len || units_parse_duration(interval, &target.interval_us));
	return add(r, &target, e);
}

static int add_capture(struct resolving *r, const char *path, struct err *e)
{
	struct target target = { .name = arena_text(r->a, slice_of(path)) };
	target.capture = target.name;
	return add(r, &target, e);
}

/* A word that is nothing of what a target can be; a long one is cut, for its end says what is wrong. */
static int unknown(const struct resolving *r, const char *word, bool is_file, struct err *e)
{
	if (is_file)
		return err_set(e, ERR_USAGE, "'%.200s' is a file, but no capture of dbperf", word);
	if (r->config->path)
		return err_set(e, ERR_USAGE, "'%.200s' is no target in %s, no URL and no capture", word, r->config->path);
	return err_set(e, ERR_USAGE, "'%.200s' is no URL and no capture, and there is no config with targets", word);
}

static int resolve_word(struct resolving *r, const char *word, struct err *e)
{
	struct slice text = slice_of(word);
	struct stat st;
	size_t hits = 0;
	const struct config_section *section = text.len ? config_find(r->config, "target", text) : NULL;
	if (section)
		return add_section(r, section, e);
	if (memmem(text.ptr, text.len, "://", 3))
		return add_url(r, word, e);
	bool is_file = stat(word, &st) == 0;
	if (is_file && capture_is(word))
		return add_capture(r, word, e);
	bool is_tag = slice_starts(text, SLICE("tag:")), is_group = slice_starts(text, SLICE("group:"));
	size_t skip = is_tag ? strlen("tag:") : is_group ? strlen("group:") : 0;
	struct slice glob = { text.ptr + skip, text.len - skip };
	if (!is_tag && !is_group && !strpbrk(word, "*?"))
		return unknown(r, word, is_file, e);
	int rc = add_matching(r, is_tag ? "tags" : is_group ? "group" : NULL, glob, &hits, e);
	if (!rc && !hits)
		return err_set(e, ERR_USAGE, "'%.200s' matches no target in %s", word,
			       r->config->path ? r->config->path : "the config: there is none");
	return rc;
}

/* Without config and words: what to type. */
static int nothing(struct resolving *r, struct err *e)
{
	const char *scheme = NULL;
	for (size_t i = 0; i < r->drivers->count && !scheme; i++)
		scheme = r->drivers->items[i].plugin->connect ? r->drivers->items[i].plugin->schemes[0] : NULL; /* not for logs only */
	scheme = scheme ? scheme : "SCHEME";
	err_hint(e, "dbperf doctor %s://USER@HOST/DATABASE, then dbperf now … or dbperf audit … with the same URL", scheme);
	if (r->config->path)
		return err_set(e, ERR_USAGE, "no target is named, and there is none in %s", r->config->path);
	return err_set(e, ERR_USAGE, "no target is named, and there is no config with targets");
}

int targets_resolve(const struct config *config, const struct drivers *drivers, char *const *words, size_t count, struct arena *a,
		    struct target **out, size_t *out_count, struct err *e)
{
	struct resolving r = { .config = config, .drivers = drivers, .a = a };
	size_t hits = 0;
	int rc = ERR_OK;
	r.found = arena_array(a, TARGETS_MAX, sizeof *r.found);
	if (!count) {
		rc = add_matching(&r, NULL, SLICE("*"), &hits, e);
		if (!rc && !hits)
			rc = nothing(&r, e);
	}
	for (size_t i = 0; i < count && !rc; i++)
		rc = resolve_word(&r, words[i], e);
	*out = r.found;
	*out_count = r.count;
	return rc;
}
