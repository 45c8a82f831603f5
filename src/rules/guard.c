/* What guarded SQL may do is the tables of this file: functions, actions, limits. */
#include "rules/guard.h"

#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "facts/functions.h"

/*
 * Functions of SQLite's that give the same answer for the same arguments, and cost what their arguments do. Not among
 * them: load_extension, readfile, random, the clock (date, strftime, current_timestamp …: rules have now()).
 */
static const char *const FUNCTIONS[] = {
	"->",
	"->>",
	"abs",
	"avg",
	"ceil",
	"ceiling",
	"char",
	"coalesce",
	"concat",
	"concat_ws",
	"count",
	"cume_dist",
	"dense_rank",
	"exp",
	"first_value",
	"floor",
	"format",
	"glob",
	"group_concat",
	"hex",
	"ifnull",
	"iif",
	"instr",
	"json",
	"json_array",
	"json_array_length",
	"json_extract",
	"json_group_array",
	"json_group_object",
	"json_insert",
	"json_object",
	"json_patch",
	"json_quote",
	"json_remove",
	"json_replace",
	"json_set",
	"json_type",
	"json_valid",
	"lag",
	"last_value",
	"lead",
	"length",
	"like",
	"likelihood",
	"likely",
	"ln",
	"log",
	"log10",
	"log2",
	"lower",
	"ltrim",
	"max",
	"min",
	"mod",
	"nth_value",
	"ntile",
	"nullif",
	"octet_length",
	"percent_rank",
	"pow",
	"power",
	"printf",
	"quote",
	"rank",
	"replace",
	"round",
	"row_number",
	"rtrim",
	"sign",
	"sqrt",
	"string_agg",
	"substr",
	"substring",
	"sum",
	"total",
	"trim",
	"trunc",
	"typeof",
	"unhex",
	"unicode",
	"unlikely",
	"upper",
};

/* Virtual tables that are always there; all others (pragma_…, dbstat, sqlite_stmt …) are closed. */
static const char *const CLOSED_TABLES[] = { "dbstat", "bytecode", "tables_used", "completion", "generate_series", "fts3tokenize" };

/* https://www.sqlite.org/security.html names most of these; columns and arguments are what the longest rules need, thrice. */
static const struct {
	int id, value;
} LIMITS[] = {
	{ SQLITE_LIMIT_LENGTH, GUARD_TEXT_BYTES },
	{ SQLITE_LIMIT_SQL_LENGTH, 256 * 1024 },
	{ SQLITE_LIMIT_COLUMN, 600 },
	{ SQLITE_LIMIT_EXPR_DEPTH, 200 },
	{ SQLITE_LIMIT_COMPOUND_SELECT, 50 },
	{ SQLITE_LIMIT_VDBE_OP, 250000 },
	{ SQLITE_LIMIT_FUNCTION_ARG, 100 },
	{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
	{ SQLITE_LIMIT_VARIABLE_NUMBER, 100 },
	{ SQLITE_LIMIT_WORKER_THREADS, 0 },
};

#define LENGTH(array) (sizeof(array) / sizeof *(array))
_Static_assert(LENGTH(LIMITS) <= GUARD_LIMITS_MAX, "every limit is kept");

static const int64_t GRACE_US = 5000000;

enum { PROGRESS_STEPS = 4000 /* some 100 µs of the virtual machine between two looks at the clock */ };

/*
 * The last resort: SQLite looks at the clock between two steps of its machine, but one call of a function (replace,
 * json_patch on megabytes) is one step. The handler may only write and end.
 */
static void give_up(int number)
{
	static const char line[] = "dbperf: SQL of a rule, a section or a query does not come back from one call, long after its "
				   "time: given up\nhint: --rule NAME runs one rule alone\n";
	(void)number;
	if (write(STDERR_FILENO, line, sizeof line - 1) < 0)
		_exit(ERR_INTERNAL);
	_exit(ERR_INTERNAL);
}

/* Ends the process after so much CPU time; 0: not any more. */
static void set_last_resort(int64_t us)
{
	const struct itimerval once = { .it_value = { us / 1000000, us % 1000000 } };
	setitimer(ITIMER_VIRTUAL, &once, NULL);
}

static int64_t cpu_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int refuse(struct guard *guard, const char *what, const char *name)
{
	if (!guard->refused[0])
		snprintf(guard->refused, sizeof guard->refused, "%s%s%s%s", what, name ? " '" : "", name ? name : "",
			 name ? "'" : "");
	return SQLITE_DENY;
}

static bool is_in(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (sqlite3_stricmp(names[i], name) == 0)
			return true;
	return false;
}

static int allow_function(struct guard *guard, const char *name)
{
	if (name && (is_in(FUNCTIONS, LENGTH(FUNCTIONS), name) || functions_has(name)))
		return SQLITE_OK;
	return refuse(guard, "may not call", name ? name : "?");
}

/* Notes the fact that stands behind a table of the run database (relation, window_relation) or a view of that name. */
static void note_fact(struct guard *guard, const char *name, const char *column, bool is_view)
{
	struct slice bare = slice_of(name);
	if (slice_equal(bare, SLICE("class"))) { /* made of these (facts/views.sql) */
		guard->has_classes = true;
		note_fact(guard, "statement", "calls", true);
		note_fact(guard, "statement_text", "text", true);
		return;
	}
	if (slice_starts(bare, SLICE("window_")))
		bare = (struct slice){ bare.ptr + strlen("window_"), bare.len - strlen("window_") };
	const struct fact_table *table = facts_table(facts_builtin(), bare);
	if (!table || table->index >= 64)
		return;
	int place = fact_column_find(table, slice_of(column));
	guard->reads |= 1ull << table->index;
	if (is_view && place >= 0 && table->columns[place].kind == COLUMN_SUM) /* behind the view, all columns are read */
		guard->sums |= 1ull << table->index;
}

/* With an empty column, the table is named but none of its columns read: then it may be a name from WITH. */
static int allow_read(struct guard *guard, const char *table, const char *column, const char *database)
{
	if (!table || sqlite3_strnicmp(table, "sqlite_", 7) == 0 || sqlite3_strnicmp(table, "pragma_", 7) == 0 ||
	    is_in(CLOSED_TABLES, LENGTH(CLOSED_TABLES), table))
		return refuse(guard, "may not read", table ? table : "?");
	if (!database || strcmp(database, "history") != 0)
		note_fact(guard, table, column, database && strcmp(database, "temp") == 0);
	return SQLITE_OK;
}

static int allow_write(struct guard *guard, const char *table, const char *database)
{
	bool is_ours = database && (strcmp(database, "temp") == 0 || strcmp(database, "history") == 0);
	bool is_finding = table && database && strcmp(database, "history") == 0 && strcmp(table, "finding") == 0;
	if (guard->use == GUARD_WRITE && (is_finding || (is_ours && table && facts_table(facts_builtin(), slice_of(table)))))
		return SQLITE_OK;
	/* Changes of the schema are writes too, and so is the first use of a virtual table. */
	if (table && sqlite3_strnicmp(table, "sqlite_", 7) == 0)
		return refuse(guard, "may only SELECT from facts, history and json_each", NULL);
	return refuse(guard, guard->use == GUARD_WRITE ? "may not write" : "may only SELECT, not change", table);
}

static const char *action_name(int action)
{
	switch (action) {
	case SQLITE_ATTACH:
		return "ATTACH";
	case SQLITE_DETACH:
		return "DETACH";
	case SQLITE_PRAGMA:
		return "PRAGMA";
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
		return "transactions";
	default:
		return "changing the schema";
	}
}

static int authorize(void *context, int action, const char *first, const char *second, const char *database, const char *inner)
{
	struct guard *guard = context;
	(void)inner;
	if (!guard->is_inside)
		return SQLITE_OK;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_READ:
		return allow_read(guard, first, second, database);
	case SQLITE_FUNCTION:
		return allow_function(guard, second);
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		return allow_write(guard, first, database);
	default:
		return refuse(guard, "may only SELECT:", action_name(action));
	}
}

static int progress(void *context)
{
	const struct guard *guard = context;
	return guard->is_inside && cpu_now() > guard->cpu_end;
}

/* json_each and json_tree declare themselves at first use, which a guarded statement could not. */
static void declare_tables(sqlite3 *db)
{
	static const char *const uses[] = { "SELECT 1 FROM json_each('[]')", "SELECT 1 FROM json_tree('[]')" };
	for (size_t i = 0; i < LENGTH(uses); i++) {
		SCOPED_STMT *stmt = NULL;
		(void)sqlite3_prepare_v2(db, uses[i], -1, &stmt, NULL);
	}
}

void guard_open(struct guard *guard, struct rundb *run)
{
	*guard = (struct guard){ .db = rundb_connection(run) };
	declare_tables(guard->db);
	sqlite3_set_authorizer(guard->db, authorize, guard);
	sqlite3_progress_handler(guard->db, PROGRESS_STEPS, progress, guard);
	signal(SIGVTALRM, give_up);
}

void guard_close(struct guard *guard)
{
	if (!guard->db)
		return;
	guard_leave(guard);
	sqlite3_set_authorizer(guard->db, NULL, NULL);
	sqlite3_progress_handler(guard->db, 0, NULL, NULL);
	guard->db = NULL;
}

void guard_enter(struct guard *guard, enum guard_use use, int64_t cpu_us)
{
	guard_leave(guard);
	guard->use = use;
	guard->refused[0] = 0;
	guard->cpu_us = cpu_us;
	guard->cpu_end = cpu_now() + cpu_us;
	guard->heap_before = sqlite3_hard_heap_limit64(sqlite3_memory_used() + GUARD_HEAP_BYTES);
	for (size_t i = 0; i < LENGTH(LIMITS); i++)
		guard->limits[i] = sqlite3_limit(guard->db, LIMITS[i].id, LIMITS[i].value);
	guard->is_inside = true;
	set_last_resort(cpu_us + GRACE_US);
}

void guard_leave(struct guard *guard)
{
	if (!guard->is_inside)
		return;
	guard->is_inside = false;
	set_last_resort(0);
	for (size_t i = 0; i < LENGTH(LIMITS); i++)
		sqlite3_limit(guard->db, LIMITS[i].id, guard->limits[i]);
	sqlite3_hard_heap_limit64(guard->heap_before);
}

int64_t guard_used(const struct guard *guard)
{
	return cpu_now() - (guard->cpu_end - guard->cpu_us);
}

/* One line that says why SQLite gave up. */
static int guard_failed(const struct guard *guard, int code, struct err *e)
{
	if (guard->refused[0])
		return err_set(e, ERR_USAGE, "%s", guard->refused);
	switch (code & 0xff) {
	case SQLITE_INTERRUPT:
		return err_set(e, ERR_USAGE, "takes longer than %lld ms of CPU time", (long long)guard->cpu_us / 1000);
	case SQLITE_NOMEM:
		return err_set(e, ERR_USAGE, "needs more than %d MB of memory", GUARD_HEAP_BYTES / 1024 / 1024);
	case SQLITE_TOOBIG:
		return err_set(e, ERR_USAGE, "makes a text longer than %d MB", GUARD_TEXT_BYTES / 1024 / 1024);
	default:
		return err_set(e, ERR_USAGE, "%s", sqlite3_errmsg(guard->db));
	}
}

/* Whether nothing but comments and blanks follows: SQLite gives no statement for them. */
static bool is_end(struct guard *guard, struct slice rest)
{
	sqlite3_stmt *more = NULL;
	int code = sqlite3_prepare_v2(guard->db, rest.ptr, (int)rest.len, &more, NULL);
	bool is_nothing = code == SQLITE_OK && !more;
	sqlite3_finalize(more);
	return is_nothing;
}

static int prepare_inside(struct guard *guard, struct slice sql, sqlite3_stmt **out, struct err *e)
{
	const char *tail = sql.ptr;
	*out = NULL;
	if (sql.len > INT32_MAX)
		return err_set(e, ERR_USAGE, "SQL too long");
	int code = sqlite3_prepare_v2(guard->db, sql.ptr, (int)sql.len, out, &tail);
	if (code != SQLITE_OK)
		return guard_failed(guard, code, e);
	if (!*out)
		return err_set(e, ERR_USAGE, "there is no SQL in it");
	if (sqlite3_stmt_isexplain(*out) || !sqlite3_stmt_readonly(*out) || !sqlite3_column_count(*out))
		return err_set(e, ERR_USAGE, "is not one SELECT");
	if (!is_end(guard, (struct slice){ tail, sql.len - (size_t)(tail - sql.ptr) }))
		return err_set(e, ERR_USAGE, "is more than one statement");
	return ERR_OK;
}

int guard_prepare(struct guard *guard, struct slice sql, sqlite3_stmt **out, struct err *e)
{
	guard->reads = guard->sums = 0;
	guard->has_classes = false;
	guard_enter(guard, GUARD_READ, GUARD_RULE_US);
	int rc = prepare_inside(guard, sql, out, e);
	guard_leave(guard);
	if (rc) {
		sqlite3_finalize(*out);
		*out = NULL;
	}
	return rc;
}

int guard_step(struct guard *guard, sqlite3_stmt *stmt, bool *has_row, struct err *e)
{
	int code = sqlite3_step(stmt);
	*has_row = code == SQLITE_ROW;
	return code == SQLITE_ROW || code == SQLITE_DONE ? ERR_OK : guard_failed(guard, code, e);
}

int guard_exec(struct guard *guard, const char *sql, int64_t cpu_us, struct err *e)
{
	guard_enter(guard, GUARD_WRITE, cpu_us);
	int code = sqlite3_exec(guard->db, sql, NULL, NULL, NULL);
	guard_leave(guard);
	return code == SQLITE_OK ? ERR_OK : guard_failed(guard, code, e);
}
