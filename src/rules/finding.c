#include "rules/finding.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/buffer.h"

/* Caps: of one rule on one target, and of one text. */
enum {
	FINDINGS_MAX = 20000,
	FINDINGS_BYTES_MAX = 32 * 1024 * 1024,
	OBJECT_BYTES_MAX = 1024,
	SUMMARY_BYTES_MAX = 2048,
	FIX_BYTES_MAX = 16 * 1024,
	EVIDENCE_BYTES_MAX = 64 * 1024,
};

static const char *const NAMES[FINDING_COLUMNS] = { "object", "summary", "severity",   "evidence",
						    "fix",    "impact",  "confidence", "database" };

int severity_rank(struct slice severity)
{
	static const char *const words[] = { "info", "warning", "critical" };
	for (int i = 0; i < 3; i++)
		if (slice_equal(severity, slice_of(words[i])))
			return i + 1;
	return 0;
}

int finding_columns(sqlite3_stmt *stmt, int places[FINDING_COLUMNS], struct err *e)
{
	for (size_t i = 0; i < FINDING_COLUMNS; i++)
		places[i] = -1;
	for (int column = 0; column < sqlite3_column_count(stmt); column++) {
		const char *name = sqlite3_column_name(stmt, column);
		size_t i = 0;
		while (i < FINDING_COLUMNS && strcmp(name, NAMES[i]) != 0)
			i++;
		if (i == FINDING_COLUMNS)
			return err_set(e, ERR_USAGE, "the SQL returns a column '%s', which findings do not have", name);
		if (places[i] >= 0)
			return err_set(e, ERR_USAGE, "the SQL returns the column '%s' twice", name);
		places[i] = column;
	}
	for (size_t i = FINDING_OBJECT; i <= FINDING_SUMMARY; i++)
		if (places[i] < 0)
			return err_set(e, ERR_USAGE, "the SQL returns no column '%s'", NAMES[i]);
	return ERR_OK;
}

static struct slice text_of(sqlite3_stmt *stmt, int place)
{
	const char *text = place < 0 ? NULL : (const char *)sqlite3_column_text(stmt, place);
	return (struct slice){ text, text ? (size_t)sqlite3_column_bytes(stmt, place) : 0 };
}

/* At most `max` bytes; what is cut off ends in "…", and no character is cut. */
static struct slice bounded(struct arena *a, struct slice text, size_t max)
{
	if (text.len <= max)
		return arena_slice(a, text);
	size_t len = max - strlen("…");
	while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
		len--;
	return slice_of(arena_printf(a, "%.*s…", (int)len, text.ptr));
}

static int64_t finding_id(struct slice target, struct slice rule, struct slice object)
{
	XXH3_state_t state;
	XXH3_INITSTATE(&state);
	XXH3_64bits_reset(&state);
	XXH3_64bits_update(&state, target.ptr, target.len);
	XXH3_64bits_update(&state, "", 1);
	XXH3_64bits_update(&state, rule.ptr, rule.len);
	XXH3_64bits_update(&state, "", 1);
	XXH3_64bits_update(&state, object.ptr, object.len);
	return (int64_t)XXH3_64bits_digest(&state);
}

void findings_close(struct findings *findings)
{
	sqlite3_finalize(findings->json);
	findings->json = NULL;
}

/* SQLite's own functions judge the JSON, on the rule's connection. */
static bool is_json_object(struct findings *all, sqlite3 *db, struct slice text)
{
	static const char sql[] = "SELECT CASE WHEN json_valid(?1) THEN json_type(?1) = 'object' END";
	if (!all->json && sqlite3_prepare_v2(db, sql, -1, &all->json, NULL) != SQLITE_OK)
		return false;
	sqlite3_bind_text64(all->json, 1, text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8);
	bool is_object = sqlite3_step(all->json) == SQLITE_ROW && sqlite3_column_int(all->json, 0) == 1;
	sqlite3_reset(all->json);
	return is_object;
}

static int read_evidence(struct findings *all, sqlite3_stmt *stmt, int place, struct arena *a, struct finding *f, struct err *e)
{
	struct slice text = text_of(stmt, place);
	if (!text.ptr)
		return ERR_OK;
	if (!is_json_object(all, sqlite3_db_handle(stmt), text))
		return err_set(e, ERR_USAGE, "the evidence of '%.*s' is no JSON object", SLICE_ARG(f->object));
	if (text.len > EVIDENCE_BYTES_MAX)
		f->evidence = slice_of(arena_printf(a, "{\"left_out\":\"evidence of %zu bytes\"}", text.len));
	else
		f->evidence = arena_slice(a, text);
	return ERR_OK;
}

static int read_number(sqlite3_stmt *stmt, int place, const char *name, double *value, bool *has_value, struct err *e)
{
	int type = place < 0 ? SQLITE_NULL : sqlite3_column_type(stmt, place);
	*has_value = type != SQLITE_NULL;
	if (!*has_value)
		return ERR_OK;
	if (type != SQLITE_INTEGER && type != SQLITE_FLOAT)
		return err_set(e, ERR_USAGE, "%s is no number", name);
	double n = sqlite3_column_double(stmt, place);
	*value = n < 0 ? 0 : n > 1 ? 1 : n;
	return ERR_OK;
}

static int read_severity(sqlite3_stmt *stmt, int place, struct slice instead, struct arena *a, struct finding *f, struct err *e)
{
	struct slice own = text_of(stmt, place);
	if (place < 0)
		own = SLICE("warning");
	if (!severity_rank(own))
		return err_set(e, ERR_USAGE, "the severity of '%.*s' is '%.*s', not critical, warning or info",
			       SLICE_ARG(f->object), SLICE_ARG(own));
	f->severity = arena_slice(a, instead.len ? instead : own);
	return ERR_OK;
}

static int read_object(sqlite3_stmt *stmt, const int places[FINDING_COLUMNS], struct arena *a, struct slice *full, struct err *e)
{
	struct slice object = text_of(stmt, places[FINDING_OBJECT]);
	struct slice database = text_of(stmt, places[FINDING_DATABASE]);
	if (!object.ptr || !object.len)
		return err_set(e, ERR_USAGE, "a row has no object");
	if (object.len + database.len > EVIDENCE_BYTES_MAX)
		return err_set(e, ERR_USAGE, "an object's name is longer than %d kB", EVIDENCE_BYTES_MAX / 1024);
	*full = object;
	if (database.len)
		*full = slice_of(arena_printf(a, "%.*s.%.*s", SLICE_ARG(database), SLICE_ARG(object)));
	return ERR_OK;
}

static struct finding *next_finding(struct findings *all, struct arena *a, struct err *e)
{
	if (all->count >= FINDINGS_MAX) {
		err_set(e, ERR_USAGE, "raises more than %d findings", FINDINGS_MAX);
		return NULL;
	}
	if (all->bytes > FINDINGS_BYTES_MAX) {
		err_set(e, ERR_USAGE, "raises findings of more than %d MB", FINDINGS_BYTES_MAX / 1024 / 1024);
		return NULL;
	}
	all->items = arena_grow(a, all->items, all->count, &all->size, sizeof *all->items);
	return &all->items[all->count];
}

int finding_read(sqlite3_stmt *stmt, const int places[FINDING_COLUMNS], const struct rule *rule, struct slice target,
		 struct slice severity, struct arena *a, struct findings *out, struct err *e)
{
	struct slice object = { NULL, 0 };
	struct finding *f = next_finding(out, a, e);
	int rc = f ? read_object(stmt, places, a, &object, e) : ERR_USAGE;
	if (rc)
		return rc;
	f->id = finding_id(target, rule->id, object);
	f->object = bounded(a, object, OBJECT_BYTES_MAX);
	f->place = out->count;
	if (places[FINDING_SEVERITY] >= 0 && sqlite3_column_type(stmt, places[FINDING_SEVERITY]) == SQLITE_NULL) {
		f->severity = (struct slice){ 0 };
		out->bytes += f->object.len + sizeof *f;
		out->count++;
		return ERR_OK;
	}
	struct slice summary = text_of(stmt, places[FINDING_SUMMARY]);
	if (!summary.len)
		return err_set(e, ERR_USAGE, "'%.*s' has no summary", SLICE_ARG(f->object));
	f->summary = bounded(a, summary, SUMMARY_BYTES_MAX);
	f->fix = bounded(a, text_of(stmt, places[FINDING_FIX]), FIX_BYTES_MAX);
	rc = read_severity(stmt, places[FINDING_SEVERITY], severity, a, f, e);
	if (!rc)
		rc = read_evidence(out, stmt, places[FINDING_EVIDENCE], a, f, e);
	if (!rc)
		rc = read_number(stmt, places[FINDING_IMPACT], "impact", &f->impact, &f->has_impact, e);
	if (!rc)
		rc = read_number(stmt, places[FINDING_CONFIDENCE], "confidence", &f->confidence, &f->has_confidence, e);
	if (rc)
		return rc;
	out->bytes += f->object.len + f->summary.len + f->fix.len + f->evidence.len + sizeof *f;
	out->count++;
	return ERR_OK;
}

static int compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int rank = severity_rank(y->severity) - severity_rank(x->severity);
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return rank ? rank : x->place < y->place ? -1 : 1;
}

void findings_fold(struct findings *findings)
{
	size_t kept = 0;
	findings->raised = 0;
	if (findings->count)
		qsort(findings->items, findings->count, sizeof *findings->items, compare);
	for (size_t i = 0; i < findings->count; i++) {
		if (i > 0 && findings->items[i].id == findings->items[kept - 1].id)
			continue;
		findings->items[kept++] = findings->items[i];
		findings->raised += findings->items[i].severity.len > 0;
	}
	findings->count = kept;
}
