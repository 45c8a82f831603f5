#define PCRE2_CODE_UNIT_WIDTH 8
#include "facts/functions.h"

#include <inttypes.h>
#include <pcre2.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/units.h"
#include "facts/sketches.h"

enum { REGEXP_MATCH_LIMIT = 100000, QUOTED_MAX = 1024 };

static struct slice text_argument(sqlite3_value *value)
{
	const char *text = (const char *)sqlite3_value_text(value);
	return (struct slice){ text, text ? (size_t)sqlite3_value_bytes(value) : 0 };
}

static void result_text(sqlite3_context *context, const char *text)
{
	sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

static bool is_null(sqlite3_value *value)
{
	return sqlite3_value_type(value) == SQLITE_NULL;
}

static void sql_duration(sqlite3_context *context, int count, sqlite3_value **values)
{
	char text[UNITS_TEXT];
	(void)count;
	if (!is_null(values[0]))
		result_text(context, units_duration(text, sqlite3_value_int64(values[0])));
}

static void sql_bytes(sqlite3_context *context, int count, sqlite3_value **values)
{
	char text[UNITS_TEXT];
	(void)count;
	if (!is_null(values[0]))
		result_text(context, units_bytes(text, sqlite3_value_int64(values[0])));
}

static void sql_percent(sqlite3_context *context, int count, sqlite3_value **values)
{
	char text[UNITS_TEXT];
	(void)count;
	if (!is_null(values[0]))
		result_text(context, units_percent(text, sqlite3_value_double(values[0])));
}

static void sql_count_text(sqlite3_context *context, int count, sqlite3_value **values)
{
	char text[UNITS_TEXT];
	(void)count;
	if (!is_null(values[0]))
		result_text(context, units_count(text, sqlite3_value_double(values[0])));
}

static void sql_hex16(sqlite3_context *context, int count, sqlite3_value **values)
{
	char text[24];
	(void)count;
	if (is_null(values[0]))
		return;
	snprintf(text, sizeof text, "%016" PRIx64, (uint64_t)sqlite3_value_int64(values[0]));
	result_text(context, text);
}

static void sql_moment(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct focus *focus = sqlite3_user_data(context);
	char text[CLOCK_TEXT];
	(void)count;
	if (!is_null(values[0]))
		result_text(context, clock_short(text, sqlite3_value_int64(values[0]), focus->now));
}

/* moment_text(us): "2026-03-01 03:12:07 +01:00". */
static void sql_moment_text(sqlite3_context *context, int count, sqlite3_value **values)
{
	char text[CLOCK_TEXT];
	(void)count;
	if (!is_null(values[0]))
		result_text(context, clock_text(text, sqlite3_value_int64(values[0])));
}

/* A name that its engine cannot quote, as far as it can be shown: no command finds it, and none does harm. */
static void result_shown(sqlite3_context *context, struct slice name)
{
	SCOPED_BUFFER shown = BUFFER(QUOTED_MAX, "name");
	buffer_char(&shown, '"');
	for (struct slice rest = name; rest.len;) {
		bool is_quote = memchr(rest.ptr, '"', rest.len) != NULL;
		buffer_terminal(&shown, slice_cut(&rest, '"'));
		buffer_text(&shown, is_quote ? "\"\"" : "");
	}
	buffer_char(&shown, '"');
	sqlite3_result_text(context, shown.data, (int)shown.len, SQLITE_TRANSIENT);
}

/* Of standard SQL, where no driver says how its engine has it. */
static size_t quote_standard(const char *name, size_t len, char *text, size_t size)
{
	size_t used = 0;
	if (2 * len + 3 > size)
		return 0;
	text[used++] = '"';
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
			return 0; /* no command that a person pastes may hold these */
		if (name[i] == '"')
			text[used++] = '"';
		text[used++] = name[i];
	}
	text[used++] = '"';
	text[used] = 0;
	return used;
}

static void sql_quote_ident(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct focus *focus = sqlite3_user_data(context);
	char text[QUOTED_MAX];
	(void)count;
	if (is_null(values[0]))
		return;
	struct slice name = text_argument(values[0]);
	rundb_quote quote = focus->quote ? focus->quote : quote_standard;
	size_t len = quote(name.ptr, name.len, text, sizeof text);
	if (len && len < sizeof text)
		sqlite3_result_text(context, text, (int)len, SQLITE_TRANSIENT);
	else
		result_shown(context, name);
}

static void pattern_free(void *pattern)
{
	pcre2_code_free(pattern);
}

/* regexp(PATTERN, TEXT): 1 or 0; the compiled pattern stays with the statement. */
static void sql_regexp(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	if (is_null(values[0]) || is_null(values[1]))
		return;
	pcre2_code *pattern = sqlite3_get_auxdata(context, 0);
	if (!pattern) {
		int code;
		PCRE2_SIZE at;
		struct slice text = text_argument(values[0]);
		pattern = pcre2_compile((PCRE2_SPTR)text.ptr, text.len, PCRE2_NEVER_UTF, &code, &at, NULL);
		if (!pattern) {
			sqlite3_result_error(context, "regexp: pattern is not valid", -1);
			return;
		}
		sqlite3_set_auxdata(context, 0, pattern, pattern_free);
		pattern = sqlite3_get_auxdata(context, 0);
		if (!pattern)
			return;
	}
	struct slice subject = text_argument(values[1]);
	pcre2_match_data *match = pcre2_match_data_create(1, NULL);
	pcre2_match_context *limits = pcre2_match_context_create(NULL);
	if (!match || !limits)
		err_no_memory(0);
	pcre2_set_match_limit(limits, REGEXP_MATCH_LIMIT);
	int rc = pcre2_match(pattern, (PCRE2_SPTR)subject.ptr, subject.len, 0, 0, match, limits);
	pcre2_match_data_free(match);
	pcre2_match_context_free(limits);
	if (rc >= 0 || rc == PCRE2_ERROR_NOMATCH)
		sqlite3_result_int(context, rc >= 0);
	else
		sqlite3_result_error(context, "regexp: pattern takes too long", -1);
}

static void sql_now(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct focus *focus = sqlite3_user_data(context);
	(void)count, (void)values;
	sqlite3_result_int64(context, focus->now);
}

static void sql_window_us(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct focus *focus = sqlite3_user_data(context);
	(void)count, (void)values;
	if (focus->window_us >= 0)
		sqlite3_result_int64(context, focus->window_us);
}

static void sql_current_snapshot(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct focus *focus = sqlite3_user_data(context);
	(void)count, (void)values;
	sqlite3_result_int64(context, focus->snapshot);
}

static void sql_current_window(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct focus *focus = sqlite3_user_data(context);
	(void)count, (void)values;
	sqlite3_result_text(context, focus->window, -1, SQLITE_TRANSIENT);
}

/* The views take a range, so that "all snapshots" uses the same index: [low, high]. */
static void sql_snapshot_low(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct focus *focus = sqlite3_user_data(context);
	(void)count, (void)values;
	sqlite3_result_int64(context, focus->snapshot ? focus->snapshot : INT64_MIN);
}

static void sql_snapshot_high(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct focus *focus = sqlite3_user_data(context);
	(void)count, (void)values;
	sqlite3_result_int64(context, focus->snapshot ? focus->snapshot : INT64_MAX);
}

/* Rows of one window of one snapshot lie together, so a view takes a range of rowids: no index that joins could prefer. */
static void sql_focus_low(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct focus *focus = sqlite3_user_data(context);
	int table = sqlite3_value_int(values[0]);
	(void)count;
	sqlite3_result_int64(context, table >= 0 && table < FOCUS_TABLES_MAX ? focus->rows[table].low : 0);
}

static void sql_focus_high(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct focus *focus = sqlite3_user_data(context);
	int table = sqlite3_value_int(values[0]);
	(void)count;
	sqlite3_result_int64(context, table >= 0 && table < FOCUS_TABLES_MAX ? focus->rows[table].high : -1);
}

/*
 * "Deterministic" to SQLite means: the same within one execution of a statement. So the focus is read once an
 * execution, and views that compare with it can use an index.
 */
static const struct {
	const char *name;
	int arguments;
	void (*call)(sqlite3_context *, int, sqlite3_value **);
} FUNCTIONS[] = {
	{ "duration", 1, sql_duration },
	{ "bytes", 1, sql_bytes },
	{ "percent", 1, sql_percent },
	{ "count_text", 1, sql_count_text },
	{ "hex16", 1, sql_hex16 },
	{ "moment", 1, sql_moment },
	{ "moment_text", 1, sql_moment_text },
	{ "quote_ident", 1, sql_quote_ident },
	{ "regexp", 2, sql_regexp },
	{ "now", 0, sql_now },
	{ "window_us", 0, sql_window_us },
	{ "current_snapshot", 0, sql_current_snapshot },
	{ "current_window", 0, sql_current_window },
	{ "focus_low", 1, sql_focus_low },
	{ "focus_high", 1, sql_focus_high },
	{ "snapshot_low", 0, sql_snapshot_low },
	{ "snapshot_high", 0, sql_snapshot_high },
};

enum { FUNCTION_COUNT = sizeof FUNCTIONS / sizeof *FUNCTIONS };

int functions_register(sqlite3 *db, struct focus *focus, struct err *e)
{
	for (size_t i = 0; i < FUNCTION_COUNT; i++)
		if (sqlite3_create_function(db, FUNCTIONS[i].name, FUNCTIONS[i].arguments,
					    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, focus, FUNCTIONS[i].call, NULL,
					    NULL) != SQLITE_OK)
			return err_set(e, ERR_INTERNAL, "cannot register function '%s': %s", FUNCTIONS[i].name, sqlite3_errmsg(db));
	return sketches_register(db, e);
}

bool functions_has(const char *name)
{
	for (size_t i = 0; i < FUNCTION_COUNT; i++)
		if (slice_equal_nocase(slice_of(FUNCTIONS[i].name), slice_of(name)))
			return true;
	return sketches_has(name);
}
