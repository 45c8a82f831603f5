/* The host's half of the border for plans. The only file that hears what drivers say of them. */
#include "source/plan.h"

#include <stdlib.h>

#include "statement/statement.h"

enum {
	EXPRESSION_MAX = 64 * 1024, /* bytes of one condition that are kept */
};

/* What one text's reading holds together. */
struct reading {
	const struct driver *driver;
	struct slice text;
	struct plan_builder *builder;
	struct statement_normaliser *normaliser;
	struct arena *arena;
	struct arena scratch; /* tags of expressions */
	struct plan_list *out;
	size_t size;
	bool is_unescaped; /* the text was HTML */
	struct err *e;
};

static struct reading *reading_of(const struct dbperf_plan_host *host)
{
	return host->context;
}

static const char *cut_out(const char *text)
{
	return text ? text : "";
}

/*
 * An expression without its literals: what the normaliser makes of `select EXPRESSION`. Text that it finds broken (a
 * condition that was cut, a name in a quoting that is not the engine's) is not shown at all.
 */
static struct slice redact(struct reading *r, struct slice text)
{
	static const char select[] = "select ";
	struct statement s;
	statement_begin(r->normaliser, r->driver->plugin->lexical, EXPRESSION_MAX);
	statement_feed(r->normaliser, select, sizeof select - 1);
	statement_feed(r->normaliser, text.ptr, text.len);
	statement_end(r->normaliser, &r->scratch, &s);
	arena_reset(&r->scratch);
	if (s.is_broken || !slice_starts(s.text, SLICE("select ")))
		return SLICE("?");
	return (struct slice){ s.text.ptr + sizeof select - 1, s.text.len - (sizeof select - 1) };
}

/* A statement, whole. */
static struct slice redact_query(struct reading *r, struct slice text)
{
	struct statement s;
	statement_begin(r->normaliser, r->driver->plugin->lexical, STATEMENT_TEXT_CAP);
	statement_feed(r->normaliser, text.ptr, text.len);
	statement_end(r->normaliser, &r->scratch, &s);
	arena_reset(&r->scratch);
	return s.text;
}

static bool is_expression(uint32_t which)
{
	switch (which) {
	case DBPERF_PLAN_FILTER_SQL:
	case DBPERF_PLAN_INDEX_SQL:
	case DBPERF_PLAN_RECHECK_SQL:
	case DBPERF_PLAN_JOIN_SQL:
	case DBPERF_PLAN_JOIN_FILTER_SQL:
	case DBPERF_PLAN_SORT_SQL:
	case DBPERF_PLAN_GROUP_SQL:
		return true;
	default:
		return false;
	}
}

static int hear_plan(const struct dbperf_plan_host *host, const char *format)
{
	struct reading *r = reading_of(host);
	if (r->out->count == PLANS_MAX) {
		(void)err_set(r->e, ERR_SOURCE, "more than %d plans in one text (PLANS_MAX)", PLANS_MAX);
		return 1;
	}
	plan_build_begin(r->builder, cut_out(format));
	if (r->is_unescaped)
		plan_build_note(r->builder, "its text was HTML: read with &gt; as >");
	return 0;
}

static int hear_begin(const struct dbperf_plan_host *host, uint32_t kind)
{
	struct reading *r = reading_of(host);
	return plan_build_node(r->builder, (enum dbperf_plan_kind)kind, r->e);
}

static void hear_number(const struct dbperf_plan_host *host, uint32_t which, double value)
{
	plan_build_number(reading_of(host)->builder, which, value);
}

static void hear_text(const struct dbperf_plan_host *host, uint32_t which, const char *bytes, size_t len)
{
	struct reading *r = reading_of(host);
	struct slice text = { bytes, len };
	if (is_expression(which))
		text = redact(r, text);
	else if (which == DBPERF_PLAN_QUERY_SQL)
		text = redact_query(r, text);
	plan_build_text(r->builder, which, text);
}

static void hear_detail(const struct dbperf_plan_host *host, uint32_t what, struct dbperf_text name, struct dbperf_text value)
{
	struct reading *r = reading_of(host);
	struct slice text = { value.text, value.len };
	if (what != DBPERF_PLAN_WORD)
		text = redact(r, text);
	plan_build_detail(r->builder, (struct slice){ name.text, name.len }, text);
}

static void hear_end(const struct dbperf_plan_host *host)
{
	plan_build_end(reading_of(host)->builder);
}

static void hear_finish(const struct dbperf_plan_host *host, uint32_t how)
{
	struct reading *r = reading_of(host);
	if (how == DBPERF_PLAN_ABANDONED) {
		plan_build_abandon(r->builder);
		return;
	}
	struct plan *plan = plan_build_finish(r->builder, how == DBPERF_PLAN_CUT);
	if (!plan || r->out->count == PLANS_MAX)
		return;
	if (r->out->count == r->size) {
		r->size = r->size ? r->size * 2 : 8;
		struct plan **grown = arena_array(r->arena, r->size, sizeof *grown);
		if (r->out->count)
			memcpy(grown, r->out->items, r->out->count * sizeof *grown);
		r->out->items = grown;
	}
	r->out->items[r->out->count++] = plan;
}

static void hear_note(const struct dbperf_plan_host *host, const char *text)
{
	plan_build_note(reading_of(host)->builder, cut_out(text));
}

static void hear_fail(const struct dbperf_plan_host *host, size_t offset, const char *text, const char *hint)
{
	struct reading *r = reading_of(host);
	size_t line = 1, start = 0;
	if (hint && *hint)
		err_hint(r->e, "%s", hint);
	for (size_t i = 0; i < offset && i < r->text.len; i++)
		if (r->text.ptr[i] == '\n') {
			line++;
			start = i + 1;
		}
	if (offset == SIZE_MAX)
		(void)err_set(r->e, ERR_SOURCE, "%s", cut_out(text));
	else
		(void)err_set(r->e, ERR_SOURCE, "line %zu column %zu: %s", line, offset - start + 1, cut_out(text));
}

static int read_with(const struct driver *driver, struct slice text, bool is_unescaped, struct arena *a, struct plan_list *out,
		     struct err *e)
{
	struct reading r = { .driver = driver, .text = text, .arena = a, .out = out, .is_unescaped = is_unescaped, .e = e };
	const struct dbperf_plan_host host = {
		.size = sizeof host,
		.context = &r,
		.plan = hear_plan,
		.begin = hear_begin,
		.number = hear_number,
		.text = hear_text,
		.detail = hear_detail,
		.end = hear_end,
		.finish = hear_finish,
		.note = hear_note,
		.fail = hear_fail,
	};
	r.builder = plan_builder_open(a);
	r.normaliser = statement_open();
	*out = (struct plan_list){ .driver = driver };
	int failed = driver->plugin->plan_parse(&host, text.ptr, text.len);
	statement_close(r.normaliser);
	plan_builder_close(r.builder);
	arena_close(&r.scratch);
	if (!failed)
		return ERR_OK;
	return e->code ? e->code : err_set(e, ERR_SOURCE, "driver '%s' cannot read it, and does not say why", driver->name);
}

/* The driver that is surest of the text. */
static const struct driver *detect(const struct drivers *drivers, struct slice text)
{
	const struct driver *best = NULL;
	int most = 0;
	for (size_t i = 0; i < drivers->count; i++) {
		const struct dbperf_driver *plugin = drivers->items[i].plugin;
		int sure = plugin->plan_detect ? plugin->plan_detect(text.ptr, text.len) : 0;
		if (sure > most) {
			most = sure;
			best = &drivers->items[i];
		}
	}
	return best;
}

/* Whether what every plan has stands in the text as HTML has it. */
static bool looks_escaped(struct slice text)
{
	static const char *const marks[] = { "-&gt;", "&quot;Plan&quot;", "&lt;Plan&gt;", "&quot;query_block&quot;" };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (text.len && memmem(text.ptr, text.len, marks[i], strlen(marks[i])))
			return true;
	return false;
}

/* The text as a browser would show it. */
static struct slice unescape_html(struct slice text, struct arena *a)
{
	static const struct {
		const char *entity;
		char character;
	} known[] = { { "&gt;", '>' }, { "&lt;", '<' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&#39;", '\'' }, { "&nbsp;", ' ' } };
	char *plain = arena_alloc(a, text.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < text.len;) {
		struct slice rest = { text.ptr + i, text.len - i };
		size_t k = 0, count = sizeof known / sizeof *known;
		while (rest.ptr[0] == '&' && k < count && !slice_starts(rest, slice_of(known[k].entity)))
			k++;
		if (rest.ptr[0] == '&' && k < count) {
			plain[len++] = known[k].character;
			i += strlen(known[k].entity);
		} else {
			plain[len++] = text.ptr[i++];
		}
	}
	return (struct slice){ plain, len };
}

static int refuse(const struct drivers *drivers, struct arena *a, struct err *e)
{
	SCOPED_BUFFER names = BUFFER(4096, "names of drivers");
	for (size_t i = 0; i < drivers->count; i++)
		if (drivers->items[i].plugin->plan_detect)
			buffer_printf(&names, "%s%s", names.len ? ", " : "", drivers->items[i].name);
	err_hint(e, "plans of %s can be read: what EXPLAIN or EXPLAIN ANALYZE printed, in any of its formats",
		 names.len ? arena_text(a, buffer_view(&names)) : "no engine");
	return err_set(e, ERR_SOURCE, "no plan is in it");
}

int plans_read(const struct drivers *drivers, const char *driver, struct slice text, struct arena *a, struct plan_list *out,
	       struct err *e)
{
	*out = (struct plan_list){ 0 };
	if (text.len > PLAN_INPUT_MAX)
		return err_set(e, ERR_SOURCE, "more than %zu bytes (PLAN_INPUT_MAX)", PLAN_INPUT_MAX);
	const struct driver *found = driver ? driver_find(drivers, slice_of(driver)) : detect(drivers, text);
	if (driver && (!found || !found->plugin->plan_parse))
		return err_set(e, ERR_USAGE, "no driver '%s' reads plans", driver);
	bool is_html = looks_escaped(text);
	if (is_html) {
		text = unescape_html(text, a);
		found = driver ? found : detect(drivers, text);
	}
	struct err first = { 0 };
	int rc = found ? read_with(found, text, is_html, a, out, &first) : ERR_OK;
	if (out->count) {
		*e = first;
		return rc;
	}
	if (first.code) {
		*e = first;
		return first.code;
	}
	return refuse(drivers, a, e);
}
