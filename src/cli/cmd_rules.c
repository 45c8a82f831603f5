/* rules list, show and test. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/session.h"
#include "rules/folder.h"

/* A TEMP table for the rows that a command made itself, so that they are shown like all others. */
static int make_rows(struct session *s, const char *sql, struct err *e)
{
	int rc = session_database(s, e);
	return rc ? rc : rundb_exec(rundb_connection(s->run), sql, "rows", e);
}

static void bind_slice(sqlite3_stmt *stmt, int place, struct slice text)
{
	if (text.ptr)
		sqlite3_bind_text64(stmt, place, text.ptr, text.len, SQLITE_TRANSIENT, SQLITE_UTF8);
	else
		sqlite3_bind_null(stmt, place);
}

/* "warn = 30s, critical = 300s" */
static struct slice param_words(struct session *s, const struct rule *rule)
{
	SCOPED_BUFFER words = BUFFER(4096, "parameters of a rule");
	for (size_t i = 0; i < rule->param_count; i++)
		buffer_printf(&words, "%s%.*s = %.*s", i ? ", " : "", SLICE_ARG(rule->params[i].name),
			      SLICE_ARG(rule->params[i].text));
	return arena_slice(s->arena, buffer_view(&words));
}

static int add_rules(struct session *s, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = make_rows(s,
			   "CREATE TEMP TABLE rule_row (id TEXT, engine TEXT, title TEXT, category TEXT, nature TEXT, window TEXT,"
			   " scope TEXT, reads TEXT, parameters TEXT, source TEXT, about TEXT, sql TEXT, path TEXT)",
			   e);
	if (!rc)
		rc = rundb_prepare(rundb_connection(s->run),
				   SLICE("INSERT INTO rule_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"), "rows", &stmt, e);
	for (size_t i = 0; !rc && i < s->rules.count; i++) {
		const struct rule *r = &s->rules.items[i];
		const struct slice values[] = { r->id,     r->engine, r->title,         r->category,       r->nature,
						r->window, r->scope,  r->reads,         param_words(s, r), r->source,
						r->about,  r->sql,    slice_of(r->path) };
		sqlite3_reset(stmt);
		for (int k = 0; k < (int)(sizeof values / sizeof *values); k++)
			bind_slice(stmt, k + 1, values[k]);
		if (sqlite3_step(stmt) != SQLITE_DONE)
			rc = err_set(e, ERR_INTERNAL, "rows: %s", sqlite3_errmsg(rundb_connection(s->run)));
	}
	return rc;
}

int rules_list(struct session *s, struct err *e)
{
	static const char *const columns[] = { "rule text",       "engine text", "nature text",        "window text",
					       "parameters text", "title text",  "category text data", NULL };
	int rc = session_rules(s, e);
	if (!rc)
		rc = add_rules(s, e);
	if (rc)
		return rc;
	const char *glob = s->options->word_count ? s->options->words[0] : "*";
	char *sql = sqlite3_mprintf("SELECT id, engine, nature, window, parameters, title, category FROM temp.rule_row"
				    " WHERE id GLOB %Q ORDER BY engine, id",
				    glob);
	if (!sql)
		err_no_memory(0);
	const char *query = arena_text(s->arena, slice_of(sql));
	sqlite3_free(sql);
	return session_query(s, "rules", "", KIND_TABLE, columns, query, "no such rule", e);
}

static int unknown_rule(struct session *s, const char *id, struct err *e)
{
	const char **names = arena_array(s->arena, s->rules.count + 1, sizeof *names);
	for (size_t i = 0; i < s->rules.count; i++)
		names[i] = arena_text(s->arena, s->rules.items[i].id);
	const char *nearest = options_nearest(id, names, s->rules.count);
	if (nearest)
		err_hint(e, "did you mean '%s'? dbperf rules list has them all", nearest);
	else
		err_hint(e, "dbperf rules list has them all");
	return err_set(e, ERR_USAGE, "no rule '%s'", options_quote(s->arena, id));
}

int rules_show(struct session *s, struct err *e)
{
	static const char *const columns[] = { "rule text",   "title text", "category text", "nature text",
					       "window text", "scope text", "reads text",    "parameters text",
					       "source text", "about text", "file text",     "sql sql",
					       NULL };
	int rc = session_rules(s, e);
	if (rc)
		return rc;
	const char *id = s->options->words[0];
	const struct rule *rule = rule_find(&s->rules, slice_of(id));
	if (!rule)
		return unknown_rule(s, id, e);
	rc = add_rules(s, e);
	if (rc)
		return rc;
	/* an id is [a-z0-9-]: it needs no quoting */
	char *sql =
		arena_printf(s->arena,
			     "SELECT id, title, category, nature, window, scope, reads, nullif(parameters, ''), nullif(source, ''),"
			     " nullif(replace(about, char(10), ' '), ''), path, sql FROM temp.rule_row WHERE id = '%.*s'",
			     SLICE_ARG(rule->id));
	return session_query(s, "rule", "", KIND_RECORD, columns, sql, "", e);
}

/* What a run of tests gathers. */
struct testing {
	struct session *s;
	sqlite3_stmt *insert;
	struct slice rule;
	size_t blocks, failed;
};

static void report_block(void *context, struct slice block, const char *wrong)
{
	struct testing *t = context;
	t->blocks++;
	t->failed += wrong != NULL;
	sqlite3_reset(t->insert);
	bind_slice(t->insert, 1, t->rule);
	bind_slice(t->insert, 2, block);
	bind_slice(t->insert, 3, slice_of(wrong ? wrong : "ok"));
	sqlite3_bind_int(t->insert, 4, wrong != NULL);
	sqlite3_step(t->insert);
}

static int test_rule(struct testing *t, const struct rule *rule, struct err *e)
{
	size_t failed = 0;
	struct slice tests = { 0 };
	t->rule = rule->id;
	int rc = rule_test_read(rule, t->s->arena, &tests, e);
	if (rc)
		return rc;
	if (!tests.ptr) {
		report_block(t, SLICE(""), "has no tests beside it");
		return ERR_OK;
	}
	return rule_test(rule, tests, report_block, t, &failed, e);
}

/* A word that names a file: the rule in it. */
static int test_file(struct testing *t, const char *path, struct err *e)
{
	struct slice text = { 0 };
	struct rule rule = { 0 };
	int rc = folder_read_file(path, t->s->arena, &text, e);
	if (rc)
		return rc;
	if (!text.ptr)
		return err_set(e, ERR_USAGE, "no file '%s'", options_quote(t->s->arena, path));
	const char *slash = strrchr(path, '/');
	const char *from = path;
	for (const char *p = path; slash && p < slash; p++)
		from = *p == '/' ? p + 1 : from;
	struct slice engine = slash ? (struct slice){ from, (size_t)(slash - from) } : SLICE("common");
	rc = rule_parse(path, engine, text, t->s->arena, &rule, e);
	return rc ? rc : test_rule(t, &rule, e);
}

static int test_all(struct testing *t, struct err *e)
{
	struct session *s = t->s;
	int rc = ERR_OK;
	for (size_t i = 0; !rc && !s->options->word_count && i < s->rules.count; i++)
		rc = test_rule(t, &s->rules.items[i], e);
	for (size_t i = 0; !rc && i < s->options->word_count; i++) {
		const char *word = s->options->words[i];
		const struct rule *rule = rule_find(&s->rules, slice_of(word));
		if (rule)
			rc = test_rule(t, rule, e);
		else if (strchr(word, '/') || strstr(word, ".sql"))
			rc = test_file(t, word, e);
		else
			rc = unknown_rule(s, word, e);
	}
	return rc;
}

int rules_test(struct session *s, struct err *e)
{
	static const char *const columns[] = { "rule text", "block text", "result text", "failed boolean data", NULL };
	struct testing t = { .s = s };
	int rc = session_rules(s, e);
	if (!rc)
		rc = make_rows(s, "CREATE TEMP TABLE test_row (rule TEXT, block TEXT, result TEXT, failed INTEGER)", e);
	if (!rc)
		rc = rundb_prepare(rundb_connection(s->run), SLICE("INSERT INTO test_row VALUES (?, ?, ?, ?)"), "rows", &t.insert,
				   e);
	if (!rc)
		rc = test_all(&t, e);
	sqlite3_finalize(t.insert);
	if (rc)
		return rc;
	if (t.failed) {
		s->found = arena_printf(s->arena, "%zu tests failed", t.failed);
		session_status(s, ERR_FOUND);
	}
	bool shows_all = session_has(s, OPTION_VERBOSE) || strcmp(session_text(s, OPTION_FORMAT, "text"), "text") != 0;
	rc = session_query(s, "tests", "", KIND_TABLE, columns,
			   shows_all ? "SELECT rule, block, result, failed FROM temp.test_row"
				     : "SELECT rule, block, result, failed FROM temp.test_row WHERE failed",
			   "", e);
	if (!rc && !shows_all)
		buffer_printf(s->out, "%zu blocks: %zu passed, %zu failed\n", t.blocks, t.blocks - t.failed, t.failed);
	return rc;
}
