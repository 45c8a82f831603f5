#include "cli/help.h"

#include <stdio.h>

#include "base/err.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "dbperf-paths.h"

enum { HELP_WIDTH = 100, HELP_MEANING = 30 };

static const char SHORT[] = "find out why a database is slow";

static const struct {
	int status;
	const char *meaning;
} STATUSES[] = {
	{ 0, "nothing at or above --fail-on" },           { 1, "findings at or above --fail-on" },
	{ 2, "the command line or the config is wrong" }, { 3, "a target or an input could not be read" },
	{ 4, "the store could not be read or written" },  { 5, "dbperf itself failed" },
};

/* Adds words wrapped at HELP_WIDTH; the first line begins at column `at`, the next ones at `indent`. */
static void add_wrapped(struct buffer *out, struct slice words, size_t at, size_t indent)
{
	while (words.len) {
		struct slice word = slice_cut(&words, ' ');
		size_t columns = text_columns(word);
		if (at > indent && at + 1 + columns > HELP_WIDTH) {
			buffer_printf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > indent) {
			buffer_char(out, ' ');
			at++;
		}
		buffer_slice(out, word);
		at += columns;
	}
	buffer_char(out, '\n');
}

/* "  left          meaning" */
static void add_entry(struct buffer *out, const char *left, const char *meaning)
{
	buffer_printf(out, "  %s", left);
	size_t at = 2 + text_columns(slice_of(left));
	if (at + 2 > HELP_MEANING) {
		buffer_char(out, '\n');
		at = 0;
	}
	buffer_printf(out, "%*s", (int)(HELP_MEANING - at), "");
	add_wrapped(out, slice_of(meaning), HELP_MEANING, HELP_MEANING);
}

/* "-o, --output FILE" */
static void add_option_name(struct buffer *out, const struct option_spec *o)
{
	if (o->letter)
		buffer_printf(out, "-%c, ", o->letter);
	buffer_printf(out, "--%s", o->name);
	if (o->argument)
		buffer_printf(out, " %s", o->argument);
}

/* The meaning with choices and default. */
static void add_option_meaning(struct buffer *out, const struct option_spec *o)
{
	buffer_text(out, o->meaning);
	if (o->choices)
		buffer_printf(out, ": %s", o->choices);
	if (o->missing)
		buffer_printf(out, " (default: %s)", o->missing);
}

void help_overview(struct buffer *out)
{
	buffer_printf(out, "dbperf %s: %s\n\nCommands:\n", DBPERF_VERSION, SHORT);
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct command_spec *c = &command_specs()[i];
		SCOPED_BUFFER left = BUFFER(1024, "help");
		buffer_printf(&left, "%s ", c->name);
		if (!c->actions)
			buffer_text(&left, c->arguments);
		for (const struct action_spec *x = c->actions; x && x->name; x++)
			buffer_printf(&left, "%s%s", x == c->actions ? "" : "|", x->name);
		add_entry(out, buffer_view(&left).ptr, c->meaning);
	}
	buffer_text(out, "\nA TARGET is a name of the config, a glob, tag:NAME, group:NAME, a URL (engine://user@host/database)\n"
			 "or a capture. dbperf help COMMAND says all about one command.\n\nExit status:\n");
	for (size_t i = 0; i < sizeof STATUSES / sizeof *STATUSES; i++)
		buffer_printf(out, "  %d  %s\n", STATUSES[i].status, STATUSES[i].meaning);
}

void help_command(struct buffer *out, enum command_id command)
{
	const struct command_spec *c = &command_specs()[command];
	if (!c->actions)
		buffer_printf(out, "dbperf %s %s\n\n", c->name, c->arguments);
	for (const struct action_spec *x = c->actions; x && x->name; x++) {
		SCOPED_BUFFER left = BUFFER(1024, "help");
		buffer_printf(&left, "dbperf %s %s%s%s", c->name, x->name, *x->arguments ? " " : "", x->arguments);
		buffer_printf(out, "%s\n", buffer_view(&left).ptr);
		buffer_text(out, "      ");
		add_wrapped(out, slice_of(x->meaning), 6, 6);
	}
	buffer_text(out, c->actions ? "\n" : "");
	add_wrapped(out, slice_of(c->about), 0, 0);
	buffer_text(out, "\nOptions:\n");
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_spec *o = &option_specs()[i];
		if (!(o->commands & 1u << command))
			continue;
		SCOPED_BUFFER left = BUFFER(256, "help");
		SCOPED_BUFFER meaning = BUFFER(2048, "help");
		add_option_name(&left, o);
		add_option_meaning(&meaning, o);
		add_entry(out, buffer_view(&left).ptr, buffer_view(&meaning).ptr);
	}
}

/* Text for roff: backslashes and hyphens escaped, no line begins with a control character. */
static void add_roff(struct buffer *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		buffer_text(out, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			buffer_text(out, "\\e");
		else if (*text == '-')
			buffer_text(out, "\\-");
		else
			buffer_char(out, *text);
	}
}

static void man_synopsis(struct buffer *out, const struct command_spec *c)
{
	const struct action_spec none = { .name = "", .arguments = c->arguments };
	for (const struct action_spec *x = c->actions ? c->actions : &none; x->name; x++) {
		buffer_printf(out, ".B dbperf %s%s%s\n", c->name, *x->name ? " " : "", x->name);
		if (x->arguments && *x->arguments) {
			add_roff(out, x->arguments);
			buffer_char(out, '\n');
		}
		buffer_text(out, ".br\n");
		if (x == &none)
			break;
	}
}

static void man_options(struct buffer *out, enum command_id command)
{
	buffer_text(out, ".SH OPTIONS\n");
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_spec *o = &option_specs()[i];
		if (!(o->commands & 1u << command))
			continue;
		SCOPED_BUFFER name = BUFFER(256, "help");
		SCOPED_BUFFER meaning = BUFFER(2048, "help");
		add_option_name(&name, o);
		add_option_meaning(&meaning, o);
		buffer_text(out, ".TP\n.B ");
		add_roff(out, buffer_view(&name).ptr);
		buffer_char(out, '\n');
		add_roff(out, buffer_view(&meaning).ptr);
		buffer_char(out, '\n');
	}
}

static void man_statuses(struct buffer *out)
{
	buffer_text(out, ".SH EXIT STATUS\nThe largest that applies.\n");
	for (size_t i = 0; i < sizeof STATUSES / sizeof *STATUSES; i++) {
		buffer_printf(out, ".TP\n.B %d\n", STATUSES[i].status);
		add_roff(out, STATUSES[i].meaning);
		buffer_char(out, '\n');
	}
}

static void man_overview(struct buffer *out)
{
	buffer_printf(out, ".TH DBPERF 1 \"\" \"dbperf %s\" \"User Commands\"\n.SH NAME\ndbperf \\- %s\n.SH SYNOPSIS\n",
		      DBPERF_VERSION, SHORT);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		man_synopsis(out, &command_specs()[i]);
	buffer_text(out, ".SH COMMANDS\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct command_spec *c = &command_specs()[i];
		buffer_printf(out, ".TP\n.BR dbperf\\-%s (1)\n", c->name);
		add_roff(out, c->meaning);
		buffer_char(out, '\n');
	}
	man_statuses(out);
}

void help_man(struct buffer *out, enum command_id command)
{
	if (command == COMMAND_COUNT) {
		man_overview(out);
		return;
	}
	const struct command_spec *c = &command_specs()[command];
	buffer_text(out, ".TH DBPERF\\-");
	for (const char *p = c->name; *p; p++)
		buffer_char(out, (char)(*p - 'a' + 'A'));
	buffer_printf(out, " 1 \"\" \"dbperf %s\" \"User Commands\"\n.SH NAME\ndbperf\\-%s \\- ", DBPERF_VERSION, c->name);
	add_roff(out, c->meaning);
	buffer_text(out, "\n.SH SYNOPSIS\n");
	man_synopsis(out, c);
	buffer_text(out, ".SH DESCRIPTION\n");
	add_roff(out, c->about);
	buffer_char(out, '\n');
	for (const struct action_spec *x = c->actions; x && x->name; x++) {
		buffer_printf(out, ".TP\n.B %s\n", x->name);
		add_roff(out, x->meaning);
		buffer_char(out, '\n');
	}
	man_options(out, command);
	man_statuses(out);
	buffer_text(out, ".SH SEE ALSO\n.BR dbperf (1)\n");
}

/* "a|b|c" as words. */
static void add_words(struct buffer *out, const char *choices)
{
	for (; *choices; choices++)
		buffer_char(out, *choices == '|' ? ' ' : *choices);
}

static void completion_values(struct buffer *out)
{
	buffer_text(out, "\tcase $previous in\n");
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_spec *o = &option_specs()[i];
		if (o->type == OPTION_FLAG)
			continue;
		buffer_printf(out, "\t--%s", o->name);
		if (o->letter)
			buffer_printf(out, "|-%c", o->letter);
		buffer_text(out, ") ");
		if (o->choices) {
			buffer_text(out, "COMPREPLY=($(compgen -W '");
			add_words(out, o->choices);
			buffer_text(out, "' -- \"$word\"));");
		} else if (o->type == OPTION_FILE) {
			buffer_text(out, "COMPREPLY=($(compgen -f -- \"$word\"));");
		}
		buffer_text(out, " return ;;\n");
	}
	buffer_text(out, "\tesac\n");
}

void help_completion(struct buffer *out)
{
	buffer_text(out, "# Completion of dbperf for bash: . <(dbperf help --completion bash)\n_dbperf()\n{\n"
			 "\tlocal word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words\n");
	completion_values(out);
	buffer_text(out, "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords='");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		buffer_printf(out, "%s ", command_specs()[i].name);
	buffer_text(out, "--help --version'\n\telse\n\t\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		buffer_printf(out, "\t\t%s) words='", command_specs()[i].name);
		for (const struct action_spec *x = command_specs()[i].actions; x && x->name; x++)
			buffer_printf(out, "%s ", x->name);
		for (size_t k = 0; i == COMMAND_HELP && k < COMMAND_COUNT; k++)
			buffer_printf(out, "%s ", command_specs()[k].name);
		for (size_t k = 0; k < OPTION_COUNT; k++)
			if (option_specs()[k].commands & 1u << i)
				buffer_printf(out, "--%s ", option_specs()[k].name);
		buffer_text(out, "' ;;\n");
	}
	buffer_text(out, "\t\tesac\n\tfi\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
			 "\t[ -n \"${COMPREPLY[*]}\" ] || COMPREPLY=($(compgen -f -- \"$word\"))\n}\ncomplete -o filenames -F "
			 "_dbperf dbperf\n");
}

int command_help(struct session *s, struct err *e)
{
	const struct options *o = s->options;
	if (o->values[OPTION_VERSION].is_set) {
		buffer_printf(s->out, "dbperf %s\n", DBPERF_VERSION);
		return ERR_OK;
	}
	if (o->values[OPTION_COMPLETION].is_set) {
		help_completion(s->out);
		return ERR_OK;
	}
	size_t command = COMMAND_COUNT;
	if (o->word_count) {
		command = 0;
		const char *names[COMMAND_COUNT];
		for (size_t i = 0; i < COMMAND_COUNT; i++)
			names[i] = command_specs()[i].name;
		while (command < COMMAND_COUNT && strcmp(names[command], o->words[0]) != 0)
			command++;
		if (command == COMMAND_COUNT) {
			const char *nearest = options_nearest(o->words[0], names, COMMAND_COUNT);
			if (nearest)
				err_hint(e, "did you mean '%s'?", nearest);
			return err_set(e, ERR_USAGE, "unknown command '%s'", options_quote(s->arena, o->words[0]));
		}
	}
	if (o->values[OPTION_MAN].is_set)
		help_man(s->out, (enum command_id)command);
	else if (command == COMMAND_COUNT)
		help_overview(s->out);
	else
		help_command(s->out, (enum command_id)command);
	return ERR_OK;
}
