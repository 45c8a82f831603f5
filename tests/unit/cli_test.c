/* The table of options and its parser, help, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cli/help.h"
#include "cli/options.h"
#include "reports/report.h"

enum { WORDS = 12 };

static const int64_t NOW = 1772331130000000, DAY = 86400000000;

struct parse_case {
	const char *words[WORDS]; /* behind "dbperf" */
	const char *wrong;        /* the error, or NULL */
	const char *hint;         /* part of it, or NULL */
};

static int parse(const char *const *words, struct arena *a, struct options *o, struct err *e)
{
	char *argv[WORDS + 2] = { (char *)(uintptr_t) "dbperf" };
	int argc = 1;
	for (; words[argc - 1]; argc++)
		argv[argc] = (char *)(uintptr_t)words[argc - 1];
	return options_parse(argc, argv, NOW, a, o, e);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct parse_case cases[] = {
		{ { NULL }, "no command", "dbperf help" },
		{ { "Audit" }, "unknown command 'Audit'", "audit" },
		{ { "" }, "unknown command ''", NULL },
		{ { "audit", "-x" }, "unknown option '-x'", "dbperf help audit" },
		{ { "audit", "--=" }, "unknown option '--='", NULL },
		{ { "audit", "--jobs", "0" }, "--jobs takes a number from 1 to 1000, not '0'", NULL },
		{ { "audit", "--jobs=-1" }, "--jobs takes a number from 1 to 1000, not '-1'", NULL },
		{ { "audit", "--config", "" }, "--config takes something, not ''", NULL },
		{ { "audit", "--interval" }, "--interval needs TIME", NULL },
		{ { "audit", "--fail-on", "criticl" },
		  "--fail-on takes one of critical|warning|info|new|new-critical|none, not 'criticl'",
		  NULL },
		{ { "audit", "--notify" }, "--notify needs NAME", NULL },
		{ { "store", "backup" }, "store backup needs FILE", "dbperf store backup FILE" },
		{ { "store", "chek" }, "store takes check, size, prune, backup, migrate, not 'chek'", "store check" },
		{ { "label", "set", "a" }, "label set needs TARGET NAME [--at MOMENT]", NULL },
		{ { "now", "a", "b" }, "now: 'b' is one word too many", NULL },
		{ { "findings", "mute", "a", "--until", "never" },
		  "--until takes a moment (2026-01-31, '2026-01-31 14:00') or a duration (7d), not 'never'",
		  NULL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_ARENA a = { 0 };
		struct options o;
		struct err e = { 0 };
		assert_int_equal(parse(cases[i].words, &a, &o, &e), ERR_USAGE);
		assert_string_equal(e.text, cases[i].wrong);
		if (cases[i].hint && !strstr(e.hint, cases[i].hint))
			fail_msg("%s: hint '%s'", e.text, e.hint);
	}
}

static void test_taken(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	struct options o;
	struct err e = { 0 };
	static const char *const audit[] = { "audit", "shop-*", "--interval=5m", "-j", "3", "--", "--odd", NULL };
	assert_int_equal(parse(audit, &a, &o, &e), 0);
	assert_int_equal(o.command, COMMAND_AUDIT);
	assert_int_equal(o.values[OPTION_INTERVAL].number, 300000000);
	assert_int_equal(o.values[OPTION_JOBS].number, 3);
	assert_int_equal(o.word_count, 2);
	assert_string_equal(o.words[1], "--odd");
	assert_null(o.action);

	static const char *const mute[] = { "findings", "mute", "a3f9", "--until", "7d", "--reason", "x", NULL };
	assert_int_equal(parse(mute, &a, &o, &e), 0);
	assert_string_equal(o.action->name, "mute");
	assert_int_equal(o.values[OPTION_UNTIL].number, NOW + 7 * DAY);
	assert_int_equal(o.word_count, 1);

	static const char *const prune[] = { "store", "prune", "--before", "-90d", NULL };
	assert_int_equal(parse(prune, &a, &o, &e), 0);
	assert_int_equal(o.values[OPTION_BEFORE].number, NOW - 90 * DAY);

	static const char *const list[] = { "findings", NULL };
	assert_int_equal(parse(list, &a, &o, &e), 0);
	assert_string_equal(o.action->name, "list");

	static const char *const help[] = { "audit", "--help", NULL };
	assert_int_equal(parse(help, &a, &o, &e), 0);
	assert_int_equal(o.command, COMMAND_HELP);
	assert_string_equal(o.words[0], "audit");

	static const char *const version[] = { "-V", NULL };
	assert_int_equal(parse(version, &a, &o, &e), 0);
	assert_true(o.values[OPTION_VERSION].is_set);
}

/* Arguments that nobody means: the parser ends with a message, whatever they are. */
static void test_nonsense(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	char *huge = calloc(1, (1 << 20) + 1);
	assert_non_null(huge);
	memset(huge, 'x', 1 << 20);
	memcpy(huge, "--", 2);
	char byte[2] = { 0 };
	for (int c = 1; c < 256; c++) {
		struct options o;
		struct err e = { 0 };
		byte[0] = (char)c;
		const char *words[] = { "now", byte, byte, huge, NULL };
		assert_int_equal(parse(words, &a, &o, &e), ERR_USAGE);
		for (const char *p = e.text; *p; p++)
			assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
	}
	free(huge);
}

static void test_table(void **state)
{
	(void)state;
	SCOPED_BUFFER formats = BUFFER(100, "formats");
	for (size_t i = 0; renderer_names()[i]; i++)
		buffer_printf(&formats, "%s%s", i ? "|" : "", renderer_names()[i]);
	assert_string_equal(option_specs()[OPTION_FORMAT].choices, buffer_view(&formats).ptr);
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_spec *o = &option_specs()[i];
		assert_non_null(o->name);
		assert_non_null(o->meaning);
		assert_int_not_equal(o->commands, 0);
		assert_int_equal(o->type == OPTION_FLAG, o->argument == NULL);
		assert_int_equal(o->type == OPTION_CHOICE, o->choices != NULL);
		for (size_t k = 0; k < i; k++) {
			if (o->commands & option_specs()[k].commands)
				assert_string_not_equal(o->name, option_specs()[k].name);
			assert_true(!o->letter || o->letter != option_specs()[k].letter);
		}
	}
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct command_spec *c = &command_specs()[i];
		assert_non_null(c->name);
		assert_non_null(c->about);
		assert_int_equal(c->run == NULL, c->actions != NULL);
		for (const struct action_spec *x = c->actions; x && x->name; x++) {
			assert_non_null(x->run);
			assert_true(x->least <= x->most);
		}
	}
}

static void test_help(void **state)
{
	(void)state;
	for (size_t i = 0; i <= COMMAND_COUNT; i++) {
		SCOPED_BUFFER out = BUFFER(1 << 20, "help");
		if (i < COMMAND_COUNT)
			help_command(&out, (enum command_id)i);
		else
			help_overview(&out);
		struct slice rest = buffer_view(&out);
		while (rest.len) {
			struct slice line = slice_cut(&rest, '\n');
			if (text_columns(line) > 110 || (line.len && line.ptr[line.len - 1] == ' '))
				fail_msg("'%.*s'", SLICE_ARG(line));
		}
		buffer_reset(&out);
		help_man(&out, (enum command_id)i);
		assert_true(slice_starts(buffer_view(&out), SLICE(".TH DBPERF")));
		assert_non_null(strstr(out.data, "\n.SH EXIT STATUS\n"));
	}
}

static void test_quote(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	assert_string_equal(options_quote(&a, "plain"), "plain");
	assert_string_equal(options_quote(&a, "a\nb\033"), "a\\nb\\x1b");
	char text[500];
	memset(text, 'y', sizeof text - 1);
	text[sizeof text - 1] = 0;
	assert_true(text_columns(slice_of(options_quote(&a, text))) == 61);
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused), cmocka_unit_test(test_taken), cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_table),   cmocka_unit_test(test_help),  cmocka_unit_test(test_quote),
	};
	return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
