/* Reading a command line by the table. */
#include "cli/options.h"

#include <stdio.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/units.h"

enum {
	QUOTE_COLUMNS = 60,
	ARGUMENTS_MAX = 10000,
	NAME_MAX_LENGTH = 32, /* of commands and options; what is longer is near none */
};

static const int64_t DURATION_LEAST_US = 1000000, DURATION_MOST_US = 24 * 3600 * 1000000LL; /* as the config has them */

const char *options_quote(struct arena *a, const char *text)
{
	SCOPED_BUFFER safe = BUFFER(4 * QUOTE_COLUMNS * 8, "quoted argument");
	struct slice s = slice_of(text);
	bool is_cut = s.len > QUOTE_COLUMNS * 4;
	s.len = is_cut ? QUOTE_COLUMNS * 4 : s.len;
	buffer_terminal(&safe, s);
	struct slice fit = text_fit(buffer_view(&safe), QUOTE_COLUMNS);
	is_cut = is_cut || fit.len < buffer_view(&safe).len;
	return arena_printf(a, "%.*s%s", SLICE_ARG(fit), is_cut ? "…" : "");
}

static size_t least_of(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;
	return c < least ? c : least;
}

/* Levenshtein's distance of two short names. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_LENGTH + 1];
	size_t n = strlen(a), m = strlen(b);
	for (size_t j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t above = row[j];
			row[j] = least_of(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[m];
}

const char *options_nearest(const char *typed, const char *const *names, size_t count)
{
	const char *nearest = NULL;
	size_t length = strlen(typed), best = 3;
	if (!length || length > NAME_MAX_LENGTH)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (strlen(names[i]) > NAME_MAX_LENGTH)
			continue;
		size_t d = strncmp(typed, names[i], length) == 0 && length > 1 ? 1 : distance(typed, names[i]);
		if (d < best && d < length) {
			best = d;
			nearest = names[i];
		}
	}
	return nearest;
}

static int unknown_command(const char *word, struct arena *a, struct err *e)
{
	const char *names[COMMAND_COUNT];
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		names[i] = command_specs()[i].name;
	const char *nearest = options_nearest(word, names, COMMAND_COUNT);
	if (nearest)
		err_hint(e, "did you mean '%s'? dbperf help lists the commands", nearest);
	else
		err_hint(e, "dbperf help lists the commands");
	return err_set(e, ERR_USAGE, "unknown command '%s'", options_quote(a, word));
}

static int unknown_action(const struct command_spec *c, const char *word, struct arena *a, struct err *e)
{
	const char *names[16];
	size_t count = 0;
	SCOPED_BUFFER list = BUFFER(256, "list of actions");
	for (; c->actions[count].name && count < 16; count++) {
		names[count] = c->actions[count].name;
		buffer_printf(&list, "%s%s", count ? ", " : "", names[count]);
	}
	const char *nearest = options_nearest(word, names, count);
	if (nearest)
		err_hint(e, "did you mean '%s %s'?", c->name, nearest);
	return err_set(e, ERR_USAGE, "%s takes %s, not '%s'", c->name, buffer_view(&list).ptr, options_quote(a, word));
}

/* The commands that take an option, for the message of one that does not. */
static int wrong_place(const struct option_spec *o, const struct command_spec *c, struct err *e)
{
	SCOPED_BUFFER list = BUFFER(512, "list of commands");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (o->commands & 1u << i)
			buffer_printf(&list, "%s%s", list.len ? ", " : "", command_specs()[i].name);
	err_hint(e, "it belongs to: %s", buffer_view(&list).ptr);
	return err_set(e, ERR_USAGE, "%s has no option --%s", c->name, o->name);
}

static int unknown_option(const char *word, const struct command_spec *c, enum command_id command, struct arena *a, struct err *e)
{
	const char *names[OPTION_COUNT];
	size_t count = 0;
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (option_specs()[i].commands & 1u << command)
			names[count++] = option_specs()[i].name;
	const char *name = word;
	while (*name == '-')
		name++;
	char *typed = arena_text(a, slice_of(name));
	typed[strcspn(typed, "=")] = 0;
	const char *nearest = options_nearest(typed, names, count);
	if (nearest)
		err_hint(e, "did you mean --%s? dbperf help %s lists the options", nearest, c->name);
	else
		err_hint(e, "dbperf help %s lists the options", c->name);
	return err_set(e, ERR_USAGE, "unknown option '%s'", options_quote(a, word));
}

static bool is_choice(const char *choices, const char *text)
{
	struct slice rest = slice_of(choices);
	while (rest.len)
		if (slice_equal(slice_cut(&rest, '|'), slice_of(text)))
			return true;
	return false;
}

static bool read_moment(struct slice text, int64_t now, int64_t direction, int64_t *moment)
{
	int64_t duration;
	if (clock_parse(text, moment))
		return true;
	if (text.len && (text.ptr[0] == '-' || text.ptr[0] == '+'))
		text = (struct slice){ text.ptr + 1, text.len - 1 };
	if (!units_parse_duration(text, &duration) || duration > INT64_MAX / 4)
		return false;
	*moment = now + direction * duration;
	return true;
}

/* Reads the argument of an option as its type has it. */
static int read_value(const struct option_spec *o, const char *text, int64_t now, struct arena *a, struct option_value *v,
		      struct err *e)
{
	struct slice s = slice_of(text);
	const char *wanted = NULL;
	v->text = text;
	switch (o->type) {
	case OPTION_DURATION:
		if (!units_parse_duration(s, &v->number))
			wanted = "a duration, for example 30s, 5m or 7d";
		else if (v->number && (v->number < DURATION_LEAST_US || v->number > DURATION_MOST_US))
			wanted = "0 or a duration from 1s to 24h";
		break;
	case OPTION_PAST:
	case OPTION_FUTURE:
		if (!read_moment(s, now, o->type == OPTION_PAST ? -1 : 1, &v->number))
			wanted = "a moment (2026-01-31, '2026-01-31 14:00') or a duration (7d)";
		break;
	case OPTION_NUMBER:
		if (!slice_int64(s, &v->number) || v->number < 1 || v->number > 1000)
			wanted = "a number from 1 to 1000";
		break;
	case OPTION_CHOICE:
		if (!is_choice(o->choices, text))
			wanted = arena_printf(a, "one of %s", o->choices);
		break;
	case OPTION_TEXT:
	case OPTION_FILE:
	case OPTION_FLAG:
		if (!s.len)
			wanted = "something";
		break;
	}
	if (wanted)
		return err_set(e, ERR_USAGE, "--%s takes %s, not '%s'", o->name, wanted, options_quote(a, text));
	return ERR_OK;
}

/* What a parse needs at hand. */
struct parse {
	int argc, at;
	char **argv;
	int64_t now;
	struct arena *a;
	struct options *out;
	char **words;
};

static bool is_option(const struct option_spec *o, const char *word)
{
	size_t length = strlen(o->name);
	if (word[1] != '-')
		return o->letter && word[1] == o->letter && !word[2];
	return strncmp(word + 2, o->name, length) == 0 && (word[2 + length] == 0 || word[2 + length] == '=');
}

/* The option that argv[at] names, of several with one name the command's; *value is what stands behind its '=', or NULL. */
static const struct option_spec *find_option(const char *word, enum command_id command, const char **value)
{
	const struct option_spec *found = NULL;
	const char *equals = word[1] == '-' ? strchr(word, '=') : NULL;
	*value = equals ? equals + 1 : NULL;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_spec *o = &option_specs()[i];
		if (is_option(o, word) && (!found || o->commands & 1u << command))
			found = o;
	}
	return found;
}

static int parse_option(struct parse *p, struct err *e)
{
	const char *word = p->argv[p->at], *text;
	const struct command_spec *c = p->out->spec;
	const struct option_spec *o = find_option(word, p->out->command, &text);
	if (!o)
		return unknown_option(word, c, p->out->command, p->a, e);
	if (!(o->commands & 1u << p->out->command))
		return wrong_place(o, c, e);
	struct option_value *v = &p->out->values[o - option_specs()];
	if (v->is_set)
		return err_set(e, ERR_USAGE, "--%s is given twice", o->name);
	v->is_set = true;
	if (o->type == OPTION_FLAG) {
		if (text)
			return err_set(e, ERR_USAGE, "--%s takes no argument", o->name);
		return ERR_OK;
	}
	if (!text) {
		if (p->at + 1 >= p->argc)
			return err_set(e, ERR_USAGE, "--%s needs %s", o->name, o->argument);
		text = p->argv[++p->at];
	}
	return read_value(o, text, p->now, p->a, v, e);
}

/* Help and version asked for in passing: dbperf --version, dbperf audit --help. */
static void turn_into_help(struct options *o)
{
	if (!o->values[OPTION_HELP].is_set && !o->values[OPTION_VERSION].is_set)
		return;
	if (o->command != COMMAND_HELP) {
		char **words = (char **)o->words;
		words[0] = (char *)(uintptr_t)o->spec->name;
		o->word_count = 1;
	}
	o->command = COMMAND_HELP;
	o->spec = &command_specs()[COMMAND_HELP];
	o->action = NULL;
}

/* An action, and whether there are as many words as it or the command takes. */
static int check_words(struct parse *p, struct err *e)
{
	struct options *o = p->out;
	const struct command_spec *c = o->spec;
	size_t least = c->least, most = c->most;
	const char *arguments = c->arguments, *action = "";
	if (c->actions) {
		o->action = c->actions;
		if (o->word_count) {
			while (o->action->name && strcmp(o->action->name, o->words[0]) != 0)
				o->action++;
			if (!o->action->name)
				return unknown_action(c, o->words[0], p->a, e);
			o->words++;
			o->word_count--;
		}
		least = o->action->least;
		most = o->action->most;
		arguments = o->action->arguments;
		action = o->action->name;
	}
	const char *blank = *action ? " " : "";
	if (o->word_count >= least && o->word_count <= most)
		return ERR_OK;
	err_hint(e, "dbperf %s%s%s %s", c->name, blank, action, arguments);
	if (o->word_count < least)
		return err_set(e, ERR_USAGE, "%s%s%s needs %s", c->name, blank, action, arguments);
	return err_set(e, ERR_USAGE, "%s%s%s: '%s' is one word too many", c->name, blank, action,
		       options_quote(p->a, o->words[most]));
}

static int parse_words(struct parse *p, struct err *e)
{
	bool is_over = false; /* behind "--" everything is a word */
	for (; p->at < p->argc; p->at++) {
		char *word = p->argv[p->at];
		if (!is_over && strcmp(word, "--") == 0) {
			is_over = true;
		} else if (!is_over && word[0] == '-' && word[1]) {
			int rc = parse_option(p, e);
			if (rc)
				return rc;
		} else if (!*word) {
			return err_set(e, ERR_USAGE, "an argument is empty");
		} else {
			p->words[p->out->word_count++] = word;
		}
	}
	return ERR_OK;
}

int options_parse(int argc, char **argv, int64_t now, struct arena *a, struct options *out, struct err *e)
{
	*out = (struct options){ .command = COMMAND_HELP, .spec = &command_specs()[COMMAND_HELP] };
	if (argc < 2) {
		err_hint(e, "dbperf help; dbperf now URL; dbperf audit [TARGET…]");
		return err_set(e, ERR_USAGE, "no command");
	}
	if (argc > ARGUMENTS_MAX)
		return err_set(e, ERR_USAGE, "more than %d arguments", ARGUMENTS_MAX);
	struct parse p = { .argc = argc, .at = 1, .argv = argv, .now = now, .a = a, .out = out };
	p.words = arena_array(a, (size_t)argc + 1, sizeof *p.words);
	out->words = p.words;
	if (argv[1][0] != '-') {
		size_t i = 0;
		while (i < COMMAND_COUNT && strcmp(command_specs()[i].name, argv[1]) != 0)
			i++;
		if (i == COMMAND_COUNT)
			return unknown_command(argv[1], a, e);
		out->command = (enum command_id)i;
		out->spec = &command_specs()[i];
		p.at = 2;
	}
	int rc = parse_words(&p, e);
	if (rc)
		return rc;
	turn_into_help(out);
	return check_words(&p, e);
}
