/*
 * Probes without a server: each recorded answer drivers/?/test/NAME.answer goes through its probe, and what comes out is
 * compared with NAME.facts beside it (drivers/template/README.md has the format). UPDATE=1 writes those files anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "drivers/template/recording.h"
#include "rules/folder.h"
#include "source/answer.h"

enum { FACTS_MAX = 1 << 20, PROBLEM_BYTES = 256, LEXICAL = DBPERF_DOLLAR_QUOTES | DBPERF_NESTED_COMMENTS | DBPERF_E_STRINGS };

static void put_value(struct buffer *out, const struct fact_value *value)
{
	if (value->type == FACT_INTEGER)
		buffer_printf(out, "%lld", (long long)value->integer);
	else if (value->type == FACT_REAL)
		buffer_printf(out, "%.9g", value->real);
	for (size_t i = 0; value->type == FACT_TEXT && i < value->text.len; i++) {
		char c = value->text.ptr[i];
		if (c == '\n' || c == '\t' || c == '\\')
			buffer_printf(out, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : c);
		else
			buffer_char(out, c);
	}
}

static void take_row(void *context, const struct fact_table *table, int look, const struct fact_value *values)
{
	struct buffer *out = context;
	(void)look;
	buffer_slice(out, table->name);
	for (size_t i = 0; i < table->column_count; i++) {
		if (values[i].type == FACT_NULL)
			continue;
		buffer_printf(out, "\t%.*s=", SLICE_ARG(table->columns[i].name));
		put_value(out, &values[i]);
	}
	buffer_char(out, '\n');
}

/* All rows of a recorded answer, as a driver would give them. */
static void give(struct recording_answer *recorded, struct answer *answer)
{
	struct dbperf_value values[RECORDING_COLUMNS_MAX];
	char *at = recorded->rows;
	int found = 1;
	if (answer_columns(answer, recorded->column_count, recorded->columns))
		return;
	while ((found = recording_row(recorded, &at, values)) > 0)
		if (answer_row(answer, recorded->column_count, values))
			return;
	assert_int_equal(found, 0);
	answer_end(answer);
}

/* What the probe makes of the recording: its facts, then what it says of itself. */
static void replay(const struct probe *probe, struct recording *recording, struct buffer *out)
{
	SCOPED_ARENA arena = { 0 };
	const struct sink sink = { .context = out, .row = take_row };
	struct texts *texts = texts_open(LEXICAL);
	struct answer answer = {
		.probe = probe, .sink = &sink, .texts = texts, .database = probe->is_per_database ? SLICE("shop") : SLICE("")
	};
	for (size_t i = 0; i < recording->answer_count; i++) {
		answer.sample = probe->samples > 1 ? (int64_t)i + 1 : 0;
		give(&recording->answers[i], &answer);
	}
	if (answer.problem.code)
		buffer_printf(out, "problem\t%s\n", answer.problem.text);
	else if (answer_lack(&answer, &arena))
		buffer_printf(out, "lack\t%s\n", answer_lack(&answer, &arena));
	answer_close(&answer);
	texts_close(texts);
}

/* "probe NAME", a line of the recording. */
static struct slice probe_name(struct slice text)
{
	while (text.len) {
		struct slice line = slice_cut(&text, '\n');
		if (slice_starts(line, SLICE("probe ")))
			return slice_trim((struct slice){ line.ptr + 6, line.len - 6 });
	}
	return (struct slice){ 0 };
}

static void check(const char *path)
{
	SCOPED_ARENA arena = { 0 };
	SCOPED_BUFFER out = BUFFER(FACTS_MAX, "facts");
	struct err e = { 0 };
	struct probes probes;
	struct slice text, wanted = { 0 };
	char problem[PROBLEM_BYTES];
	struct recording *recording = arena_alloc(&arena, sizeof *recording);
	const char *slash = strrchr(path, '/');
	const char *folder = arena_printf(&arena, "%.*s/../probes", (int)(slash - path), path);
	const char *facts = arena_printf(&arena, "%.*s.facts", (int)(strlen(path) - strlen(".answer")), path);
	if (folder_read_file(path, &arena, &text, &e) || probes_load(folder, &arena, &probes, &e))
		fail_msg("%s", e.text);
	const struct probe *probe = probe_find(&probes, probe_name(text));
	if (!probe || probe->problem)
		fail_msg("%s: no probe '%.*s'", path, SLICE_ARG(probe_name(text)));
	if (recording_open(path, recording, problem, sizeof problem))
		fail_msg("%s: %s", path, problem);
	replay(probe, recording, &out);
	recording_close(recording);
	if (getenv("UPDATE")) {
		FILE *file = fopen(facts, "w");
		assert_non_null(file);
		fwrite(out.data, 1, out.len, file);
		assert_int_equal(fclose(file), 0);
		return;
	}
	if (folder_read_file(facts, &arena, &wanted, &e))
		fail_msg("%s", e.text);
	if (!slice_equal(wanted, buffer_view(&out)))
		fail_msg("%s: the facts are not those of %s:\n%.*s", path, facts, SLICE_ARG(buffer_view(&out)));
}

static void test_answers(void **state)
{
	(void)state;
	SCOPED_ARENA arena = { 0 };
	glob_t found = { 0 };
	assert_int_equal(glob(arena_printf(&arena, "%s/drivers/*/test/*.answer", getenv("DBPERF_SOURCE")), 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check(found.gl_pathv[i]);
	printf("# %zu recorded answers\n", found.gl_pathc);
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_answers) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
