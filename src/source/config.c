#include "source/config.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "base/trusted.h"
#include "source/url.h"

enum {
	FILE_MAX = 1024 * 1024,
	LINES_MAX = 20000,
	LINE_MAX_BYTES = 4000,
	SECTIONS_MAX = 4000,
	ENTRIES_MAX = 64, /* of one section */
	NAME_MAX_BYTES = 100,
	HIDDEN = 1, /* stands for a ';' inside quotes while inih reads the line: it knows no quotes */
};
static const int64_t INTERVAL_MOST_US = 24 * 3600 * 1000000LL;

/* Where inih lets its line buffer be set (Debian's does), it takes our lines; else longer ones are refused. */
extern int ini_max_line __attribute__((weak));

/* inih splits lines into names and values; sections, comments, quotes and all strictness are read here, line by line. */
struct reading {
	struct slice rest;
	const char *shown;
	struct arena *a;
	struct err *e;
	int line;
	struct config_section *sections, *section; /* section: the one that is read; NULL before the first */
	size_t count;
	struct config_entry *entries; /* of that section */
	bool had_entry;               /* inih took the line for a setting */
};

static int fail(struct reading *r, const char *what, struct slice subject)
{
	err_set(r->e, ERR_USAGE, "%.*s%s", SLICE_ARG(subject), what);
	return err_set(r->e, ERR_USAGE, "%s:%d", r->shown, r->line);
}

static bool is_kind(struct slice kind, bool *has_name)
{
	static const char *const plain[] = { "defaults", "mute", "maintenance", "files" }, *const named[] = { "target", "rule" };
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (slice_equal(kind, slice_of(plain[i])))
			return true;
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (slice_equal(kind, slice_of(named[i])))
			return *has_name = true;
	return false;
}

static bool is_name(struct slice name)
{
	if (!name.len || name.len > NAME_MAX_BYTES || name.ptr[0] == '-')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("._-", c)))
			return false;
	}
	return true;
}

/* "kind", "kind name" or "kind name @scope". */
static int read_heading(struct reading *r, struct slice text, struct config_section *out)
{
	bool has_name = false;
	struct slice rest = text;
	*out = (struct config_section){ .line = r->line };
	out->kind = slice_cut(&rest, ' ');
	rest = slice_trim(rest);
	if (!is_kind(out->kind, &has_name))
		return fail(r, ": no section of that name; there are defaults, target, rule, mute, maintenance and files", text);
	out->name = slice_trim(slice_cut(&rest, '@'));
	out->scope = slice_trim(rest);
	bool is_rule = slice_equal(out->kind, SLICE("rule"));
	if (!has_name && (out->name.len || out->scope.len || memchr(text.ptr, '@', text.len)))
		return fail(r, ": this section takes no name", text);
	if (has_name && !is_name(out->name))
		return fail(r, ": a name is letters, digits, '.', '_' and '-'", text);
	if (memchr(text.ptr, '@', text.len) && (!is_rule || !out->scope.len))
		return fail(r, ": only rules have '@TARGET'", text);
	return ERR_OK;
}

static int begin_section(struct reading *r, struct slice line)
{
	struct config_section found;
	if (line.ptr[line.len - 1] != ']')
		return fail(r, ": something stands behind the section's ']', or it is missing", line);
	int rc = read_heading(r, slice_trim((struct slice){ line.ptr + 1, line.len - 2 }), &found);
	if (rc)
		return rc;
	bool may_repeat = slice_equal(found.kind, SLICE("mute")) || slice_equal(found.kind, SLICE("maintenance"));
	for (size_t i = 0; i < r->count && !may_repeat; i++) {
		const struct config_section *old = &r->sections[i];
		if (slice_equal(old->kind, found.kind) && slice_equal(old->name, found.name) &&
		    slice_equal(old->scope, found.scope)) {
			err_set(r->e, ERR_USAGE, "%.*s stands in line %d already", SLICE_ARG(line), old->line);
			return err_set(r->e, ERR_USAGE, "%s:%d", r->shown, r->line);
		}
	}
	if (r->count == SECTIONS_MAX)
		return fail(r, "more than 4000 sections", (struct slice){ "", 0 });
	r->entries = arena_array(r->a, ENTRIES_MAX, sizeof *r->entries);
	found.entries = r->entries;
	r->section = &r->sections[r->count++];
	*r->section = found;
	return ERR_OK;
}

static const struct config_key *find_key(struct slice kind, struct slice key)
{
	size_t count;
	const struct config_key *keys = config_keys(&count);
	for (size_t i = 0; i < count; i++)
		if (slice_equal(slice_of(keys[i].section), kind) &&
		    (slice_equal(slice_of(keys[i].key), key) || slice_equal(slice_of(keys[i].key), SLICE("*"))))
			return &keys[i];
	return NULL;
}

/* What the value should have been; NULL: it is. */
static const char *check_value(enum config_type type, struct slice value)
{
	int64_t n;
	switch (type) {
	case CONFIG_TEXT:
		return value.len ? NULL : "a value";
	case CONFIG_DURATION:
		return units_parse_duration(value, &n) && n >= 0 ? NULL : "a duration (30s, 5m, 35d)";
	case CONFIG_INTERVAL:
		return units_parse_duration(value, &n) && (n == 0 || (n >= 1000000 && n <= INTERVAL_MOST_US))
			       ? NULL
			       : "0 or a duration from 1s to 24h";
	case CONFIG_SIZE:
		return units_parse_size(value, &n) && n >= 0 ? NULL : "a size (64MB, 5GB)";
	case CONFIG_COUNT:
		return slice_int64(value, &n) && n > 0 && n < 1000000 ? NULL : "a number";
	case CONFIG_DATE:
		return clock_parse(value, &n) ? NULL : "a date (2027-01-31)";
	case CONFIG_PATH:
		return value.len && value.ptr[0] == '/' ? NULL : "an absolute path";
	case CONFIG_URL:
		if (!url_parse(value, &(struct url){ 0 }))
			return "a URL (scheme://host/database)";
		return url_is_torn(value) ? "a URL: in a user or password / ? # @ are written %2F %3F %23 %40" : NULL;
	}
	return NULL;
}

/* Takes the quotes off. */
static int unquote(struct reading *r, struct slice *value)
{
	if (!value->len || value->ptr[0] != '"')
		return ERR_OK;
	if (value->len < 2 || value->ptr[value->len - 1] != '"' || memchr(value->ptr + 1, '"', value->len - 2))
		return fail(r, "a value in quotes has one at its begin and one at its end", (struct slice){ "", 0 });
	*value = (struct slice){ value->ptr + 1, value->len - 2 };
	return ERR_OK;
}

static int add_entry(struct reading *r, struct slice key, struct slice value)
{
	struct config_section *section = r->section;
	if (!section)
		return fail(r, " stands before the first section", key);
	int rc = unquote(r, &value);
	if (rc)
		return rc;
	const struct config_key *known = find_key(section->kind, key);
	if (!known) {
		err_set(r->e, ERR_USAGE, "unknown key '%.*s' in [%.*s]", SLICE_ARG(key), SLICE_ARG(section->kind));
		return err_set(r->e, ERR_USAGE, "%s:%d", r->shown, r->line);
	}
	for (size_t i = 0; i < section->entry_count && !known->may_repeat; i++)
		if (slice_equal(r->entries[i].key, key))
			return fail(r, " stands twice in this section", key);
	const char *expected = check_value(known->type, value);
	if (expected) {
		bool is_shown = known->type != CONFIG_URL && !slice_starts(key, SLICE("password")); /* it may be one */
		err_set(r->e, ERR_USAGE, "%.*s%s%.*s is not %s", SLICE_ARG(key), is_shown ? " = " : ": its value",
			is_shown ? (int)value.len : 0, value.ptr ? value.ptr : "", expected);
		return err_set(r->e, ERR_USAGE, "%s:%d", r->shown, r->line);
	}
	if (section->entry_count == ENTRIES_MAX)
		return fail(r, "more than 64 keys in one section", (struct slice){ "", 0 });
	r->entries[section->entry_count++] = (struct config_entry){ arena_slice(r->a, key), arena_slice(r->a, value), r->line };
	return ERR_OK;
}

/* Cuts a comment off: at the line's begin, or behind a blank outside of quotes. */
static struct slice cut_comment(struct slice line)
{
	bool is_quoted = false;
	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];
		is_quoted ^= c == '"';
		bool is_start = i == 0 || line.ptr[i - 1] == ' ' || line.ptr[i - 1] == '\t';
		if (!is_quoted && is_start && (c == ';' || c == '#'))
			return slice_trim((struct slice){ line.ptr, i });
	}
	return line;
}

static int check_line(struct reading *r, struct slice line)
{
	if (line.len > LINE_MAX_BYTES)
		return fail(r, "line longer than 4000 bytes", (struct slice){ "", 0 });
	for (size_t i = 0; i < line.len; i++)
		if (((unsigned char)line.ptr[i] < 0x20 && line.ptr[i] != '\t' && line.ptr[i] != '\r') || line.ptr[i] == 0x7f)
			return fail(r, line.ptr[i] ? "a control character" : "a NUL byte", (struct slice){ "", 0 });
	if (r->line > LINES_MAX)
		return fail(r, "more than 20000 lines", (struct slice){ "", 0 });
	return ERR_OK;
}

/* Gives inih the next line that can be a setting, without indentation, comment and what it would take for one. */
static char *next_line(char *text, int size, void *context)
{
	struct reading *r = context;
	while (!r->e->code && r->rest.len) {
		if (!r->had_entry) {
			fail(r, "neither a section nor KEY = VALUE", (struct slice){ "", 0 });
			break;
		}
		r->had_entry = true;
		struct slice line = slice_cut(&r->rest, '\n');
		r->line++;
		if (check_line(r, line))
			break;
		line = cut_comment(slice_trim(line));
		if (!line.len)
			continue;
		if (line.ptr[0] == '[') {
			begin_section(r, line);
			continue;
		}
		if (line.len + 3 > (size_t)size) {
			fail(r, "line too long for this system's libinih", (struct slice){ "", 0 });
			break;
		}
		r->had_entry = false;
		for (size_t i = 0; i < line.len; i++)
			text[i] = line.ptr[i] == ';' ? HIDDEN : line.ptr[i];
		memcpy(text + line.len, "\n", 2);
		return text;
	}
	return NULL;
}

static int take_setting(void *context, const char *section, const char *name, const char *value)
{
	struct reading *r = context;
	(void)section; /* kept here: inih cuts long names */
	char *whole = arena_text(r->a, slice_of(value));
	for (char *p = whole; *p; p++)
		*p = *p == HIDDEN ? ';' : *p;
	r->had_entry = true;
	if (!r->e->code)
		add_entry(r, slice_of(name), slice_of(whole));
	return 1;
}

/* What is missing from a section as a whole. */
static int check_sections(const struct config *config, const char *shown, struct err *e)
{
	for (size_t i = 0; i < config->section_count; i++) {
		const struct config_section *s = &config->sections[i];
		const char *missing = NULL;
		if (slice_equal(s->kind, SLICE("target")) && !config_value(s, "url", (struct slice){ 0 }).len)
			missing = "url";
		if (slice_equal(s->kind, SLICE("maintenance")) && !config_value(s, "daily", (struct slice){ 0 }).len)
			missing = "daily";
		if (missing)
			return err_set(e, ERR_USAGE, "%s:%d: [%.*s%s%.*s] has no '%s'", shown, s->line, SLICE_ARG(s->kind),
				       s->name.len ? " " : "", SLICE_ARG(s->name), missing);
		if (config_value(s, "password_file", (struct slice){ 0 }).len &&
		    config_value(s, "password_command", (struct slice){ 0 }).len)
			return err_set(e, ERR_USAGE, "%s:%d: password_file and password_command exclude each other", shown,
				       s->line);
	}
	return ERR_OK;
}

int config_parse(struct slice text, const char *shown, struct arena *a, struct config *out, struct err *e)
{
	struct slice mark = SLICE("\xef\xbb\xbf");
	struct slice rest = slice_starts(text, mark) ? (struct slice){ text.ptr + mark.len, text.len - mark.len } : text;
	size_t headings = 0;
	for (size_t i = 0; i < rest.len; i++)
		headings += rest.ptr[i] == '[' && headings < SECTIONS_MAX;
	struct reading r = { .rest = rest, .shown = shown, .a = a, .e = e, .had_entry = true };
	r.sections = arena_array(a, headings + 1, sizeof *r.sections);
	if (&ini_max_line)
		ini_max_line = LINE_MAX_BYTES + 3;
	int line = ini_parse_stream(next_line, &r, take_setting, &r);
	if (e->code)
		return e->code;
	if (line != 0 || !r.had_entry)
		return fail(&r, "neither a section nor KEY = VALUE", (struct slice){ "", 0 });
	*out = (struct config){ .path = shown, .sections = r.sections, .section_count = r.count };
	return check_sections(out, shown, e);
}

/* The file to read: the user's own, or the machine's; NULL when there is none. */
static const char *find_file(struct arena *a)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const char *own = xdg && xdg[0] == '/'     ? arena_printf(a, "%s/dbperf/dbperf.conf", xdg)
			  : home && home[0] == '/' ? arena_printf(a, "%s/.config/dbperf/dbperf.conf", home)
						   : NULL;
	if (own && access(own, F_OK) == 0)
		return own;
	return access("/etc/dbperf/dbperf.conf", F_OK) == 0 ? "/etc/dbperf/dbperf.conf" : NULL;
}

/* A file that others may change can run commands as us; one that they may read must hold no password. */
static int check_file(const struct config *config, const struct stat *st, const char *path, struct err *e)
{
	if ((st->st_mode & 022) || (st->st_uid != 0 && st->st_uid != geteuid())) {
		err_hint(e, "chmod go-w '%s'; it has to be root's or yours", path);
		return err_set(e, ERR_USAGE, "config '%s' can be written by others", path);
	}
	for (size_t i = 0; i < config->section_count && trusted_is_readable_by_others(st); i++) {
		struct slice url = config_value(&config->sections[i], "url", (struct slice){ 0 });
		if (!url_has_password(url))
			continue;
		err_hint(e, "chmod 600 '%s', or put the password into password_file", path);
		return err_set(e, ERR_USAGE, "%s:%d: the url holds a password, and others can read this file", path,
			       config->sections[i].line);
	}
	return ERR_OK;
}

int config_load(const char *path, struct arena *a, struct config *out, struct err *e)
{
	struct stat st;
	struct slice text;
	*out = (struct config){ 0 };
	path = path ? path : find_file(a);
	if (!path)
		return ERR_OK;
	SCOPED_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_set(e, ERR_USAGE, "cannot open config '%s': %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_USAGE, "config '%s' is no regular file", path);
	int rc = trusted_read_fd(fd, path, FILE_MAX, a, &text, e);
	if (!rc)
		rc = config_parse(text, arena_text(a, slice_of(path)), a, out, e);
	return rc ? rc : check_file(out, &st, path, e);
}

struct slice config_value(const struct config_section *section, const char *key, struct slice missing)
{
	for (size_t i = 0; section && i < section->entry_count; i++)
		if (slice_equal(section->entries[i].key, slice_of(key)))
			return section->entries[i].value;
	return missing;
}

const struct config_section *config_find(const struct config *config, const char *kind, struct slice name)
{
	for (size_t i = 0; i < config->section_count; i++) {
		const struct config_section *s = &config->sections[i];
		if (slice_equal(s->kind, slice_of(kind)) && (!name.len || slice_equal(s->name, name)))
			return s;
	}
	return NULL;
}

struct slice config_default(const struct config *config, const char *key, struct slice missing)
{
	return config_value(config_find(config, "defaults", (struct slice){ 0 }), key, missing);
}
