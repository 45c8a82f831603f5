#include "rules/reads.h"

/* What every look brings, whoever is looked at. */
static const char *const ALWAYS[] = { "snapshot", "trait", "probe_run" };

/* Tables that dbperf derives, where no probe says that it fills them. */
static const struct {
	const char *table, *from;
} DERIVED[] = {
	{ "wait", "session" },
	{ "statement_column", "statement_text" },
};

/* One name of `reads:`. */
struct read_name {
	struct slice table;
	bool is_optional, is_history;
};

static bool next_name(struct slice *rest, struct read_name *out)
{
	if (!rest->len)
		return false;
	*out = (struct read_name){ .table = slice_trim(slice_cut(rest, ',')) };
	if (out->table.len && out->table.ptr[out->table.len - 1] == '?') {
		out->is_optional = true;
		out->table.len--;
	}
	if (slice_starts(out->table, SLICE("history."))) {
		out->is_history = true;
		out->table.ptr += strlen("history.");
		out->table.len -= strlen("history.");
	}
	return true;
}

static bool is_always(struct slice table)
{
	for (size_t i = 0; i < sizeof ALWAYS / sizeof *ALWAYS; i++)
		if (slice_equal(table, slice_of(ALWAYS[i])))
			return true;
	return false;
}

struct reads_state reads_state_full(void)
{
	return (struct reads_state){ .is_applicable = true, .is_judged = true, .is_complete = true };
}

/* The probes of one table: how many there are, how many brought rows, and why the worst did not. */
struct probes {
	int count, useful, wanting;
	struct slice reason, remedy;
};

static struct slice column_text(sqlite3_stmt *stmt, int place, struct arena *a)
{
	const char *text = (const char *)sqlite3_column_text(stmt, place);
	return text ? arena_slice(a, (struct slice){ text, (size_t)sqlite3_column_bytes(stmt, place) }) : (struct slice){ NULL, 0 };
}

/* "relation in shop: lock timeout", and how many others. */
static struct slice explain(sqlite3_stmt *stmt, struct arena *a)
{
	struct slice probe = column_text(stmt, 3, a), database = column_text(stmt, 4, a), reason = column_text(stmt, 1, a);
	if (!reason.len)
		reason = column_text(stmt, 0, a);
	return slice_of(arena_printf(a, "%.*s%s%.*s: %.*s", SLICE_ARG(probe), database.len ? " in " : "", SLICE_ARG(database),
				     SLICE_ARG(reason)));
}

static int probes_read(sqlite3_stmt *stmt, int64_t snapshot, struct slice table, struct arena *a, struct probes *out, struct err *e)
{
	int code;
	*out = (struct probes){ 0 };
	sqlite3_reset(stmt);
	sqlite3_bind_int64(stmt, 1, snapshot);
	sqlite3_bind_text64(stmt, 2, table.ptr, table.len, SQLITE_STATIC, SQLITE_UTF8);
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct slice state = column_text(stmt, 0, a);
		out->count++;
		if (slice_equal(state, SLICE("complete")) || slice_equal(state, SLICE("partial")))
			out->useful++;
		if (slice_equal(state, SLICE("complete")))
			continue;
		if (out->wanting++ == 0) {
			out->reason = explain(stmt, a);
			out->remedy = column_text(stmt, 2, a);
		}
	}
	if (out->wanting > 1)
		out->reason = slice_of(arena_printf(a, "%.*s (and %d more)", SLICE_ARG(out->reason), out->wanting - 1));
	return code == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "probe_run: %s", sqlite3_errmsg(sqlite3_db_handle(stmt)));
}

static struct slice derived_from(struct slice table)
{
	for (size_t i = 0; i < sizeof DERIVED / sizeof *DERIVED; i++)
		if (slice_equal(table, slice_of(DERIVED[i].table)))
			return slice_of(DERIVED[i].from);
	return (struct slice){ NULL, 0 };
}

/* Rows of an earlier look stand in where this one did not ask (texts, at most hourly). */
static bool has_rows(sqlite3 *db, int64_t snapshot, struct slice table, struct arena *a)
{
	SCOPED_STMT *stmt = NULL;
	const char *sql = arena_printf(a, "SELECT 1 FROM main.\"%.*s\" WHERE snapshot = ?1 LIMIT 1", SLICE_ARG(table));
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return false;
	sqlite3_bind_int64(stmt, 1, snapshot);
	return sqlite3_step(stmt) == SQLITE_ROW;
}

static void note(struct reads_state *state, const struct probes *probes, bool is_fatal)
{
	if (!state->reason.len || (is_fatal && state->is_judged)) {
		state->reason = probes->reason;
		state->remedy = probes->remedy;
	}
	state->is_complete = false;
	if (is_fatal)
		state->is_judged = false;
}

int reads_check(sqlite3 *db, const struct rule *rule, int64_t snapshot, struct arena *a, struct reads_state *state, struct err *e)
{
	static const char sql[] =
		"SELECT state, reason, remedy, probe, database FROM main.probe_run "
		"WHERE snapshot = ?1 AND fact = ?2 ORDER BY state = 'failed' DESC, state = 'skipped' DESC, probe, "
		"database, look";
	SCOPED_STMT *stmt = NULL;
	struct read_name name;
	struct slice rest = rule->reads;
	int rc = rundb_prepare(db, slice_of(sql), "probe_run", &stmt, e);
	while (!rc && next_name(&rest, &name)) {
		struct probes probes;
		if (name.is_history || is_always(name.table))
			continue;
		rc = probes_read(stmt, snapshot, name.table, a, &probes, e);
		if (!rc && !probes.count && derived_from(name.table).len)
			rc = probes_read(stmt, snapshot, derived_from(name.table), a, &probes, e);
		if (rc)
			break;
		if (!probes.count && !name.is_optional)
			state->is_applicable = false;
		else if (probes.count && !probes.useful && !name.is_optional)
			note(state, &probes, !has_rows(db, snapshot, name.table, a));
		else if (probes.wanting)
			note(state, &probes, false);
	}
	return rc;
}

bool reads_need_window(const struct rule *rule, uint64_t sums)
{
	struct slice rest = rule->reads;
	struct read_name name;
	while (next_name(&rest, &name)) {
		const struct fact_table *table = facts_table(facts_builtin(), name.table);
		if (table && table->index < 64 && !name.is_optional && !name.is_history && (sums >> table->index & 1))
			return true;
	}
	return false;
}

void reads_compare(const struct rule *rule, uint64_t prepared, bool is_exact, struct arena *a, const char **wrong)
{
	const struct facts *facts = facts_builtin();
	struct slice rest = rule->reads;
	struct read_name name;
	uint64_t named = 0;
	*wrong = NULL;
	while (next_name(&rest, &name)) {
		const struct fact_table *table = facts_table(facts, name.table);
		if (table && !name.is_history && table->index < 64)
			named |= 1ull << table->index;
	}
	for (size_t i = 0; !*wrong && i < facts->table_count && i < 64; i++) {
		struct slice table = facts->tables[i].name;
		bool is_named = named >> i & 1, is_read = prepared >> i & 1;
		if (is_read && !is_named && !is_always(table))
			*wrong = arena_printf(a, "the SQL reads '%.*s', which '-- reads:' does not name", SLICE_ARG(table));
		else if (is_exact && is_named && !is_read)
			*wrong = arena_printf(a, "'-- reads:' names '%.*s', which the SQL does not read", SLICE_ARG(table));
	}
}
