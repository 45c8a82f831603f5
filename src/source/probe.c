#include "source/probe.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "base/trusted.h"

enum { TIMEOUT_US = 5 * 1000000, TIMEOUT_MOST_US = 600 * 1000000, ORDER = 50, SAMPLES_MOST_US = 60 * 1000000 };

/* What a header key's value is read into; a name of what it should have been when it cannot be read. */
struct header {
	struct probe *probe;
	struct slice fact, looks;
};

static bool read_scope(struct header *h, struct slice value)
{
	h->probe->is_per_database = slice_equal(value, SLICE("database"));
	return h->probe->is_per_database || slice_equal(value, SLICE("server"));
}

static bool read_depth(struct header *h, struct slice value)
{
	h->probe->is_full = slice_equal(value, SLICE("full"));
	return h->probe->is_full || slice_equal(value, SLICE("quick"));
}

static bool read_looks(struct header *h, struct slice value)
{
	h->looks = value;
	return slice_equal(value, SLICE("both")) || slice_equal(value, SLICE("first"));
}

static bool read_samples(struct header *h, struct slice value)
{
	struct slice word = SLICE(" in ");
	const char *at = memmem(value.ptr, value.len, word.ptr, word.len);
	int64_t count, us;
	if (!at)
		return false;
	struct slice head = { value.ptr, (size_t)(at - value.ptr) };
	struct slice rest = { at + word.len, value.len - head.len - word.len };
	if (!slice_int64(slice_trim(head), &count) || !units_parse_duration(slice_trim(rest), &us) || count < 1 ||
	    count > PROBE_SAMPLES_MAX || us < 0 || us > SAMPLES_MOST_US)
		return false;
	h->probe->samples = (size_t)count;
	h->probe->samples_us = us;
	return true;
}

static struct probe_need split_need(struct slice value)
{
	struct slice first = slice_trim(slice_cut(&value, '|'));
	return (struct probe_need){ first, slice_trim(value) };
}

static bool read_needs(struct header *h, struct slice value)
{
	const char *problem = NULL;
	struct probe_need need = split_need(value);
	if (h->probe->need_count == PROBE_NEEDS_MAX || !condition_check(need.condition, &problem))
		return false;
	h->probe->needs[h->probe->need_count++] = need;
	return true;
}

static bool read_hidden(struct header *h, struct slice value)
{
	struct probe_need need = split_need(value);
	h->probe->hidden_reason = need.condition;
	h->probe->hidden_remedy = need.remedy;
	return need.condition.len > 0;
}

static bool read_once(struct header *h, struct slice value)
{
	h->probe->once_table = slice_cut(&value, '.');
	h->probe->once_column = value;
	const struct fact_table *table = facts_table(facts_builtin(), h->probe->once_table);
	return table && fact_column_find(table, value) >= 0;
}

static bool read_timeout(struct header *h, struct slice value)
{
	return units_parse_duration(value, &h->probe->timeout_us) && h->probe->timeout_us > 0 &&
	       h->probe->timeout_us <= TIMEOUT_MOST_US;
}

static bool read_memory(struct header *h, struct slice value)
{
	return units_parse_size(value, &h->probe->memory_bytes) && h->probe->memory_bytes > 0;
}

static bool read_order(struct header *h, struct slice value)
{
	return slice_int64(value, &h->probe->order);
}

static bool read_name(struct header *h, struct slice value)
{
	return slice_equal(value, h->probe->name);
}

static bool read_fact(struct header *h, struct slice value)
{
	h->fact = value;
	h->probe->table = facts_table(facts_builtin(), value);
	return h->probe->table && !slice_equal(value, SLICE("probe_run")) && !slice_equal(value, SLICE("trait"));
}

static const struct {
	const char *key;
	bool (*read)(struct header *h, struct slice value);
	const char *expected;
	bool may_repeat;
} KEYS[] = {
	{ "probe", read_name, "the file's name", false },
	{ "fact", read_fact, "a fact table", false },
	{ "scope", read_scope, "server or database", false },
	{ "depth", read_depth, "quick or full", false },
	{ "looks", read_looks, "both or first", false },
	{ "samples", read_samples, "as in: 10 in 1s", false },
	{ "needs", read_needs, "CONDITION | REMEDY, at most 8", true },
	{ "once", read_once, "TABLE.COLUMN of a fact", false },
	{ "timeout", read_timeout, "a duration up to 10m", false },
	{ "memory", read_memory, "a size", false },
	{ "hidden", read_hidden, "REASON | REMEDY", false },
	{ "order", read_order, "a number", false },
};

enum { KEY_COUNT = sizeof KEYS / sizeof *KEYS };

/* Whether a comment line is `key: value`, with a key of lower-case letters. */
static bool split_header(struct slice line, struct slice *key, struct slice *value)
{
	struct slice rest = line;
	*key = slice_cut(&rest, ':');
	*value = slice_trim(rest);
	if (key->len == line.len || key->len == 0 || key->len > 16)
		return false;
	for (size_t i = 0; i < key->len; i++)
		if (key->ptr[i] < 'a' || key->ptr[i] > 'z')
			return false;
	return true;
}

static int read_key(struct header *h, unsigned *seen, struct slice key, struct slice value, int line, struct err *e)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (!slice_equal(slice_of(KEYS[i].key), key))
			continue;
		if ((*seen & 1u << i) && !KEYS[i].may_repeat)
			return err_set(e, ERR_USAGE, "line %d: '%s' stands twice", line, KEYS[i].key);
		*seen |= 1u << i;
		if (!KEYS[i].read(h, value))
			return err_set(e, ERR_USAGE, "line %d: %s: '%.*s' is not %s", line, KEYS[i].key, SLICE_ARG(value),
				       KEYS[i].expected);
		return ERR_OK;
	}
	return err_set(e, ERR_USAGE, "line %d: unknown key '%.*s'", line, SLICE_ARG(key));
}

/* Reads the leading comment lines; *rest is what follows them, *line the number of its first line. */
static int read_head(struct header *h, struct slice *rest, int *line, struct buffer *about, struct err *e)
{
	unsigned seen = 0;
	*line = 1;
	while (rest->len) {
		struct slice after = *rest, key, value, text = slice_trim(slice_cut(&after, '\n'));
		if (text.len && !slice_starts(text, SLICE("--")))
			break;
		text = slice_trim((struct slice){ text.ptr + (text.len ? 2 : 0), text.len - (text.len ? 2 : 0) });
		if (!about->len && split_header(text, &key, &value)) {
			int rc = read_key(h, &seen, key, value, *line, e);
			if (rc)
				return rc;
		} else if (text.len) {
			buffer_text(about, about->len ? " " : "");
			buffer_slice(about, text);
		}
		*rest = after;
		++*line;
	}
	if (!(seen & 1u))
		return err_set(e, ERR_USAGE, "has no '-- probe: %.*s'", SLICE_ARG(h->probe->name));
	if (!h->fact.len)
		return err_set(e, ERR_USAGE, "has no '-- fact: TABLE'");
	return ERR_OK;
}

static void split_map(struct slice rest, struct probe *out)
{
	struct slice all = rest;
	while (rest.len) {
		const char *begin = rest.ptr;
		if (!slice_equal(slice_trim(slice_cut(&rest, '\n')), SLICE("-- map")))
			continue;
		all.len = (size_t)(begin - all.ptr);
		out->map = slice_trim(rest);
		break;
	}
	out->ask = all;
}

static bool asks_twice(const struct header *h)
{
	if (h->looks.len)
		return slice_equal(h->looks, SLICE("both"));
	return h->probe->table->kind == FACT_COUNTER || slice_equal(h->fact, SLICE("replica")) ||
	       slice_equal(h->fact, SLICE("pool"));
}

int probe_parse(struct slice name, struct slice text, struct arena *a, struct probe *out, struct err *e)
{
	*out = (struct probe){ .name = arena_slice(a, name), .samples = 1, .timeout_us = TIMEOUT_US, .order = ORDER };
	struct header h = { .probe = out };
	SCOPED_BUFFER about = BUFFER(PROBE_FILE_MAX, "description");
	struct slice rest = arena_slice(a, text);
	int line;
	if (memchr(rest.ptr, 0, rest.len))
		return err_set(e, ERR_USAGE, "holds a NUL byte");
	int rc = read_head(&h, &rest, &line, &about, e);
	if (rc)
		return rc;
	out->about = arena_slice(a, buffer_view(&about));
	out->is_both = asks_twice(&h);
	split_map(rest, out);
	if (!slice_trim(out->ask).len)
		return err_set(e, ERR_USAGE, "asks nothing");
	return script_check(out->ask, line, e);
}

static int compare_probes(const void *a, const void *b)
{
	const struct probe *x = a, *y = b;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return strcmp(x->name.ptr, y->name.ptr);
}

static void load_one(int folder, const char *shown, struct slice name, struct arena *a, struct probe *out)
{
	struct err e = { 0 };
	struct slice text;
	char file[300];
	snprintf(file, sizeof file, "%.*s.sql", SLICE_ARG(name));
	int rc = trusted_read(folder, file, shown, PROBE_FILE_MAX, a, &text, &e);
	if (!rc)
		rc = probe_parse(name, text, a, out, &e);
	if (rc)
		*out = (struct probe){ .name = arena_slice(a, name),
				       .order = ORDER,
				       .problem = arena_printf(a, "its file '%s': %s", shown, e.text) };
}

int probes_load(const char *folder, struct arena *a, struct probes *out, struct err *e)
{
	SCOPED_DIR *dir = NULL;
	int rc = trusted_dir(folder, &dir, e);
	if (rc)
		return rc;
	struct probe *items = arena_array(a, PROBES_MAX, sizeof *items);
	size_t count = 0;
	for (const struct dirent *entry; (entry = readdir(dir));) {
		struct slice name = slice_of(entry->d_name), end = SLICE(".sql");
		if (name.ptr[0] == '.' || name.len <= end.len || memcmp(name.ptr + name.len - end.len, end.ptr, end.len) != 0)
			continue;
		if (count == PROBES_MAX)
			return err_set(e, ERR_USAGE, "'%s' holds more than %d probes", folder, PROBES_MAX);
		name.len -= end.len;
		load_one(dirfd(dir), arena_printf(a, "%s/%s", folder, entry->d_name), name, a, &items[count++]);
	}
	if (!count)
		return err_set(e, ERR_USAGE, "'%s' holds no probes", folder);
	qsort(items, count, sizeof *items, compare_probes);
	*out = (struct probes){ items, count };
	return ERR_OK;
}

const struct probe *probe_find(const struct probes *probes, struct slice name)
{
	for (size_t i = 0; i < probes->count; i++)
		if (slice_equal(probes->items[i].name, name))
			return &probes->items[i];
	return NULL;
}

const struct probe_need *probe_unmet(const struct probe *probe, const struct traits *traits)
{
	for (size_t i = 0; i < probe->need_count; i++)
		if (!condition_holds(probe->needs[i].condition, traits))
			return &probe->needs[i];
	return NULL;
}
