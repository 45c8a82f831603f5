/* Reads section files. document.c writes them. */
#include "rules/section.h"

#include <stdlib.h>

#include "rules/folder.h"
#include "rules/header.h"
#include "rules/history.h"

enum { SECTIONS_MAX = 500, COLUMNS_MAX = 96 };

/* A section's head as it stands in the file. */
struct section_text {
	struct slice id, title, kind, used_for, scope, window, empty, order, inside;
};

static const struct header_key KEYS[] = {
	{ "id", offsetof(struct section_text, id), true },          { "title", offsetof(struct section_text, title), true },
	{ "for", offsetof(struct section_text, used_for), true },   { "kind", offsetof(struct section_text, kind), true },
	{ "scope", offsetof(struct section_text, scope), false },   { "window", offsetof(struct section_text, window), false },
	{ "empty", offsetof(struct section_text, empty), false },   { "order", offsetof(struct section_text, order), false },
	{ "inside", offsetof(struct section_text, inside), false },
};

static const char *const OTHER_KEYS[] = { "column", NULL };

static int columns_parse(const char *path, const struct header *header, struct section *out, struct err *e)
{
	for (size_t i = 0; i < header->count; i++) {
		const struct header_line *line = &header->lines[i];
		if (!slice_equal(line->key, SLICE("column")))
			continue;
		if (out->column_count == COLUMNS_MAX)
			return err_set(e, ERR_USAGE, "%s:%d: more than %d columns", path, line->line, COLUMNS_MAX);
		struct report_column *column = &out->columns[out->column_count];
		if (!report_column_parse(line->value, column))
			return err_set(e, ERR_USAGE, "%s:%d: '%.*s' is not NAME UNIT", path, line->line, SLICE_ARG(line->value));
		for (size_t c = 0; c < out->column_count; c++)
			if (slice_equal(out->columns[c].name, column->name))
				return err_set(e, ERR_USAGE, "%s:%d: column '%.*s' stands here a second time", path, line->line,
					       SLICE_ARG(column->name));
		out->column_count++;
	}
	return out->column_count ? ERR_OK : err_set(e, ERR_USAGE, "%s:1: the line '-- column: NAME UNIT' is missing", path);
}

static int settle(const char *path, const struct header *header, const struct section_text *text, struct section *out,
		  struct err *e)
{
	enum report_kind kind;
	int64_t number = 0;
	if (!header_is_name(text->id))
		return err_set(e, ERR_USAGE, "%s:%d: id '%.*s' is not of a-z, 0-9, - and _", path, header_line_of(header, "id"),
			       SLICE_ARG(text->id));
	if (!report_kind_parse(text->kind, &kind))
		return err_set(e, ERR_USAGE, "%s:%d: there is no kind '%.*s'", path, header_line_of(header, "kind"),
			       SLICE_ARG(text->kind));
	if (text->scope.len && !slice_equal(text->scope, SLICE("target")) && !slice_equal(text->scope, SLICE("run")))
		return err_set(e, ERR_USAGE, "%s:%d: scope '%.*s' is neither target nor run", path, header_line_of(header, "scope"),
			       SLICE_ARG(text->scope));
	out->window = text->window.len ? text->window : SLICE("now");
	if (!history_window_read(out->window, &out->window_us))
		return err_set(e, ERR_USAGE, "%s:%d: window '%.*s' is none of now, reset, 1d, 7d …", path,
			       header_line_of(header, "window"), SLICE_ARG(text->window));
	if (text->order.len && (!slice_int64(text->order, &number) || number < -10000 || number > 10000))
		return err_set(e, ERR_USAGE, "%s:%d: order '%.*s' is no number", path, header_line_of(header, "order"),
			       SLICE_ARG(text->order));
	out->order = (int)number;
	out->id = text->id;
	out->title = text->title;
	out->kind = text->kind;
	out->used_for = text->used_for;
	out->empty = text->empty;
	out->inside = text->inside;
	out->is_per_target = !slice_equal(text->scope, SLICE("run"));
	return ERR_OK;
}

int section_parse(const char *path, struct slice text, struct arena *a, struct section *out, struct err *e)
{
	struct header header;
	struct section_text head = { 0 };
	*out = (struct section){ .path = path, .columns = arena_array(a, COLUMNS_MAX, sizeof *out->columns) };
	int rc = header_read(path, text, a, &header, e);
	if (!rc)
		rc = header_store(path, &header, KEYS, sizeof KEYS / sizeof *KEYS, OTHER_KEYS, &head, e);
	if (!rc)
		rc = settle(path, &header, &head, out, e);
	out->about = header.about;
	out->sql = header.sql;
	return rc ? rc : columns_parse(path, &header, out, e);
}

static int compare_text(struct slice a, struct slice b)
{
	int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
	return order ? order : a.len < b.len ? -1 : a.len > b.len;
}

static int compare(const void *a, const void *b)
{
	const struct section *x = a, *y = b;
	return x->order != y->order ? (x->order < y->order ? -1 : 1) : compare_text(x->id, y->id);
}

/* Two sections of one id in one document would be one key twice. */
static int check_ids(const struct sections *all, struct err *e)
{
	for (size_t i = 0; i < all->count; i++)
		for (size_t k = 0; k < i; k++) {
			const struct section *x = &all->items[k], *y = &all->items[i];
			struct slice rest = y->used_for;
			if (!slice_equal(x->id, y->id))
				continue;
			while (rest.len) {
				struct slice name = slice_trim(slice_cut(&rest, ','));
				if (list_has(x->used_for, name))
					return err_set(e, ERR_USAGE, "%s: section '%.*s' of '%.*s' stands in '%s' already", y->path,
						       SLICE_ARG(y->id), SLICE_ARG(name), x->path);
			}
		}
	return ERR_OK;
}

int sections_load(const char *const *folders, size_t count, struct arena *a, struct sections *out, struct err *e)
{
	struct folder files = { 0 };
	*out = (struct sections){ 0 };
	for (size_t i = 0; i < count; i++) {
		int rc = folder_load(folders[i], FOLDER_FLAT, i > 0, a, &files, e);
		if (rc)
			return rc;
	}
	if (files.count > SECTIONS_MAX)
		return err_set(e, ERR_USAGE, "there are more than %d sections", SECTIONS_MAX);
	out->items = arena_array(a, files.count + 1, sizeof *out->items);
	for (size_t i = 0; i < files.count; i++) {
		int rc = section_parse(files.files[i].path, files.files[i].text, a, &out->items[out->count++], e);
		if (rc)
			return rc;
	}
	int rc = check_ids(out, e);
	if (!rc && out->count > 1)
		qsort(out->items, out->count, sizeof *out->items, compare);
	return rc;
}
