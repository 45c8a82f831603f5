/* Reads the head of rule and section files; the only place that knows how a head looks. */
#include "rules/header.h"

enum { HEADER_LINES_MAX = 200, NAME_MAX_BYTES = 64 };

static bool is_key_letter(char c, bool is_first)
{
	return (c >= 'a' && c <= 'z') || (!is_first && (c == '_' || (c >= '0' && c <= '9')));
}

bool header_line_read(struct slice line, struct slice *key, struct slice *value)
{
	if (!slice_starts(line, SLICE("--")))
		return false;
	struct slice rest = slice_trim((struct slice){ line.ptr + 2, line.len - 2 });
	size_t len = 0;
	while (len < rest.len && is_key_letter(rest.ptr[len], len == 0))
		len++;
	if (len == 0 || len >= rest.len || rest.ptr[len] != ':')
		return false;
	if (len + 1 < rest.len && rest.ptr[len + 1] != ' ' && rest.ptr[len + 1] != '\t')
		return false;
	*key = (struct slice){ rest.ptr, len };
	*value = slice_trim((struct slice){ rest.ptr + len + 1, rest.len - len - 1 });
	return true;
}

/* The words of a comment line, without its dashes and the blank behind them. */
static struct slice comment_words(struct slice line)
{
	struct slice words = { line.ptr + 2, line.len - 2 };
	if (words.len && words.ptr[0] == ' ')
		words = (struct slice){ words.ptr + 1, words.len - 1 };
	return words;
}

int header_read(const char *path, struct slice text, struct arena *a, struct header *out, struct err *e)
{
	*out = (struct header){ .lines = arena_array(a, HEADER_LINES_MAX, sizeof *out->lines) };
	SCOPED_BUFFER about = BUFFER(text.len + 1, "description");
	struct slice rest = text;
	bool has_words = false;
	if (memchr(text.ptr ? text.ptr : "", 0, text.len))
		return err_set(e, ERR_USAGE, "%s: holds a NUL byte", path);
	for (int number = 1; rest.len; number++) {
		struct slice before = rest;
		struct slice line = slice_trim(slice_cut(&rest, '\n'));
		struct header_line *next = &out->lines[out->count];
		if (line.len && !slice_starts(line, SLICE("--"))) {
			out->sql = slice_trim(before);
			out->sql_line = number;
			break;
		}
		if (!line.len || (has_words && line.len == 2))
			continue;
		if (!has_words && header_line_read(line, &next->key, &next->value)) {
			next->line = number;
			if (++out->count == HEADER_LINES_MAX)
				return err_set(e, ERR_USAGE, "%s:%d: more than %d lines in the head", path, number,
					       HEADER_LINES_MAX - 1);
			continue;
		}
		if (has_words)
			buffer_char(&about, '\n');
		buffer_slice(&about, comment_words(line));
		has_words = true;
	}
	out->about = arena_slice(a, buffer_view(&about));
	if (!out->sql.len)
		return err_set(e, ERR_USAGE, "%s: there is no SQL in it", path);
	return ERR_OK;
}

static const struct header_key *key_find(const struct header_key *keys, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(slice_of(keys[i].name), name))
			return &keys[i];
	return NULL;
}

static bool is_one_of(const char *const *names, struct slice name)
{
	for (; *names; names++)
		if (slice_equal(slice_of(*names), name))
			return true;
	return false;
}

int header_store(const char *path, const struct header *header, const struct header_key *keys, size_t count,
		 const char *const *others, void *target, struct err *e)
{
	for (size_t i = 0; i < header->count; i++) {
		const struct header_line *line = &header->lines[i];
		if (!line->value.len)
			return err_set(e, ERR_USAGE, "%s:%d: '%.*s' has no value", path, line->line, SLICE_ARG(line->key));
		if (is_one_of(others, line->key))
			continue;
		const struct header_key *key = key_find(keys, count, line->key);
		if (!key)
			return err_set(e, ERR_USAGE, "%s:%d: unknown key '%.*s'", path, line->line, SLICE_ARG(line->key));
		struct slice *value = (struct slice *)(void *)((char *)target + key->offset);
		if (value->len)
			return err_set(e, ERR_USAGE, "%s:%d: '%s' stands here a second time", path, line->line, key->name);
		*value = line->value;
	}
	for (size_t i = 0; i < count; i++) {
		const struct slice *value = (const struct slice *)(const void *)((const char *)target + keys[i].offset);
		if (keys[i].is_needed && !value->len)
			return err_set(e, ERR_USAGE, "%s:1: the line '-- %s: …' is missing", path, keys[i].name);
	}
	return ERR_OK;
}

int header_line_of(const struct header *header, const char *key)
{
	for (size_t i = 0; i < header->count; i++)
		if (slice_equal(header->lines[i].key, slice_of(key)))
			return header->lines[i].line;
	return 1;
}

bool header_is_name(struct slice text)
{
	if (!text.len || text.len > NAME_MAX_BYTES || text.ptr[0] == '-' || text.ptr[0] == '_')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return true;
}

bool list_has(struct slice list, struct slice word)
{
	while (list.len)
		if (slice_equal(slice_trim(slice_cut(&list, ',')), word))
			return true;
	return false;
}
