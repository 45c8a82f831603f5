/* The list of renderers, and the words that section files use for units and kinds: the only place that knows them all. */
#include "reports/report.h"

#include "reports/render.h"

static const struct renderer *const RENDERERS[] = { &renderer_text, &renderer_json, &renderer_csv };

static const char *const NAMES[] = { "text", "json", "csv", NULL };

static const struct {
	const char *name;
	enum report_unit unit;
} UNITS[] = {
	{ "text", UNIT_TEXT },
	{ "count", UNIT_COUNT },
	{ "duration", UNIT_DURATION },
	{ "bytes", UNIT_BYTES },
	{ "share", UNIT_SHARE },
	{ "rate", UNIT_RATE },
	{ "moment", UNIT_MOMENT },
	{ "severity", UNIT_SEVERITY },
	{ "sql", UNIT_SQL },
	{ "json", UNIT_JSON },
	{ "id", UNIT_ID },
	{ "depth", UNIT_DEPTH },
	{ "boolean", UNIT_BOOLEAN },
	{ "hidden", UNIT_HIDDEN },
	{ "line", UNIT_LINE },
	{ "bar", UNIT_BAR },
	{ "mark", UNIT_MARK },
};

static const struct {
	const char *name;
	enum report_kind kind;
} KINDS[] = {
	{ "record", KIND_RECORD }, { "table", KIND_TABLE },     { "series", KIND_SERIES },
	{ "tree", KIND_TREE },     { "heatmap", KIND_HEATMAP }, { "findings", KIND_FINDINGS },
};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

bool report_column_parse(struct slice text, struct report_column *out)
{
	text = slice_trim(text);
	struct slice name = slice_cut(&text, ' ');
	text = slice_trim(text);
	struct slice unit = slice_cut(&text, ' ');
	struct slice show = slice_trim(text);
	*out = (struct report_column){ .name = name };
	if (!name.len)
		return false;
	if (slice_equal(show, SLICE("data")))
		out->show = SHOW_DATA;
	else if (slice_equal(show, SLICE("extra")))
		out->show = SHOW_EXTRA;
	else if (slice_equal(show, SLICE("wide")))
		out->show = SHOW_WIDE;
	else if (slice_equal(show, SLICE("text")))
		out->show = SHOW_TEXT;
	else if (show.len)
		return false;
	for (size_t i = 0; i < LENGTH(UNITS); i++) {
		if (!slice_equal(unit, slice_of(UNITS[i].name)))
			continue;
		out->unit = UNITS[i].unit;
		if (out->unit == UNIT_HIDDEN)
			out->show = SHOW_DATA;
		if (out->unit == UNIT_LINE)
			out->show = SHOW_TEXT;
		return true;
	}
	return false;
}

bool report_kind_parse(struct slice text, enum report_kind *out)
{
	text = slice_trim(text);
	for (size_t i = 0; i < LENGTH(KINDS); i++) {
		if (!slice_equal(text, slice_of(KINDS[i].name)))
			continue;
		*out = KINDS[i].kind;
		return true;
	}
	return false;
}

const struct renderer *renderer_find(const char *name)
{
	for (size_t i = 0; i < LENGTH(RENDERERS); i++)
		if (strcmp(RENDERERS[i]->name, name) == 0)
			return RENDERERS[i];
	return NULL;
}

const char *const *renderer_names(void)
{
	return NAMES;
}

int report_column_find(const struct report_section *s, const char *name)
{
	for (size_t i = 0; i < s->column_count; i++)
		if (slice_equal(s->columns[i].name, slice_of(name)))
			return (int)i;
	return -1;
}
