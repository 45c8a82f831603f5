/* Reads rule files: head, parameters, SQL. What a rule means is settled here; runner.c executes it. */
#include "rules/rule.h"

#include <math.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/units.h"
#include "rules/folder.h"
#include "rules/header.h"
#include "rules/history.h"

enum { RULES_MAX = 2000, PARAMS_MAX = 32 };

static const struct header_key KEYS[] = {
	{ "id", offsetof(struct rule, id), true },
	{ "title", offsetof(struct rule, title), true },
	{ "category", offsetof(struct rule, category), true },
	{ "nature", offsetof(struct rule, nature), true },
	{ "reads", offsetof(struct rule, reads), true },
	{ "window", offsetof(struct rule, window), false },
	{ "scope", offsetof(struct rule, scope), false },
	{ "source", offsetof(struct rule, source), false },
};

static const char *const OTHER_KEYS[] = { "param", NULL };

/* Names of settings, and parameters that the runner binds. */
static const char *const RESERVED[] = { "severity", "enabled", "group", "target" };

static const char *const TYPE_NAMES[] = { "duration", "size", "share", "number" };

const char *rule_param_type_name(enum param_type type)
{
	return TYPE_NAMES[type];
}

bool rule_param_read(enum param_type type, struct slice text, double *value)
{
	int64_t integer = 0;
	bool is_read = false;
	switch (type) {
	case PARAM_DURATION:
		is_read = units_parse_duration(text, &integer);
		*value = (double)integer;
		break;
	case PARAM_SIZE:
		is_read = units_parse_size(text, &integer);
		*value = (double)integer;
		break;
	case PARAM_SHARE:
		is_read = units_parse_share(text, value);
		break;
	case PARAM_NUMBER:
		is_read = slice_double(slice_trim(text), value);
		break;
	}
	return is_read && isfinite(*value);
}

/* By how it is written: 40% is a share, 1000 a number, 30s a duration, 64MB a size. */
static bool param_detect(struct rule_param *param)
{
	double number;
	if (param->text.len && param->text.ptr[param->text.len - 1] == '%')
		param->type = PARAM_SHARE;
	else if (slice_double(param->text, &number))
		param->type = PARAM_NUMBER;
	else if (rule_param_read(PARAM_DURATION, param->text, &number))
		param->type = PARAM_DURATION;
	else
		param->type = PARAM_SIZE;
	return rule_param_read(param->type, param->text, &param->value);
}

static int param_parse(const char *path, const struct header_line *line, struct rule *rule, struct err *e)
{
	struct slice value = line->value;
	struct rule_param param = { .name = slice_trim(slice_cut(&value, '=')), .text = slice_trim(value) };
	if (!header_is_name(param.name) || memchr(param.name.ptr, '-', param.name.len) || !param.text.len)
		return err_set(e, ERR_USAGE, "%s:%d: '%.*s' is not NAME = VALUE", path, line->line, SLICE_ARG(line->value));
	for (size_t i = 0; i < sizeof RESERVED / sizeof *RESERVED; i++)
		if (slice_equal(param.name, slice_of(RESERVED[i])))
			return err_set(e, ERR_USAGE, "%s:%d: no parameter may be called '%s'", path, line->line, RESERVED[i]);
	for (size_t i = 0; i < rule->param_count; i++)
		if (slice_equal(param.name, rule->params[i].name))
			return err_set(e, ERR_USAGE, "%s:%d: parameter '%.*s' stands here a second time", path, line->line,
				       SLICE_ARG(param.name));
	if (!param_detect(&param))
		return err_set(e, ERR_USAGE, "%s:%d: '%.*s' is no duration (30s), size (64MB), share (40%%) or number", path,
			       line->line, SLICE_ARG(param.text));
	if (rule->param_count == PARAMS_MAX)
		return err_set(e, ERR_USAGE, "%s:%d: more than %d parameters", path, line->line, PARAMS_MAX);
	rule->params[rule->param_count++] = param;
	return ERR_OK;
}

/* What a key's value may be: one of the words, NULL at the end. */
static int check_word(const char *path, const struct header *header, const char *key, struct slice value, const char *const *words,
		      struct err *e)
{
	SCOPED_BUFFER all = BUFFER(256, "words");
	for (size_t i = 0; words[i]; i++) {
		if (slice_equal(value, slice_of(words[i])))
			return ERR_OK;
		buffer_printf(&all, "%s%s", i ? ", " : "", words[i]);
	}
	return err_set(e, ERR_USAGE, "%s:%d: %s '%.*s' is none of %s", path, header_line_of(header, key), key, SLICE_ARG(value),
		       buffer_view(&all).ptr);
}

static int check_reads(const char *path, const struct header *header, const struct rule *rule, struct err *e)
{
	struct slice rest = rule->reads;
	while (rest.len) {
		struct slice name = slice_trim(slice_cut(&rest, ','));
		if (name.len && name.ptr[name.len - 1] == '?')
			name.len--;
		if (slice_equal(name, SLICE("history.finding")))
			continue;
		if (slice_starts(name, SLICE("history.")))
			name = (struct slice){ name.ptr + strlen("history."), name.len - strlen("history.") };
		if (!facts_table(facts_builtin(), name))
			return err_set(e, ERR_USAGE, "%s:%d: there is no fact table '%.*s'", path, header_line_of(header, "reads"),
				       SLICE_ARG(name));
	}
	return ERR_OK;
}

static int check_window(const char *path, const struct header *header, struct rule *rule, struct err *e)
{
	rule->needs_no_look = slice_equal(rule->window, SLICE("any"));
	if (rule->needs_no_look)
		rule->window = SLICE("now");
	if (history_window_read(rule->window, &rule->window_us))
		return ERR_OK;
	return err_set(e, ERR_USAGE, "%s:%d: window '%.*s' is none of now, any, reset, 1d, 7d …", path,
		       header_line_of(header, "window"), SLICE_ARG(rule->window));
}

static int check_rule(const char *path, const struct header *header, struct rule *rule, struct err *e)
{
	const char *last = strrchr(path, '/');
	struct slice file = slice_of(last ? last + 1 : path);
	if (!header_is_name(rule->id))
		return err_set(e, ERR_USAGE, "%s:%d: id '%.*s' is not of a-z, 0-9, - and _", path, header_line_of(header, "id"),
			       SLICE_ARG(rule->id));
	if (file.len != rule->id.len + strlen(".sql") || !slice_starts(file, rule->id))
		return err_set(e, ERR_USAGE, "%s:%d: id '%.*s' is not the file's name", path, header_line_of(header, "id"),
			       SLICE_ARG(rule->id));
	int rc = check_word(path, header, "nature", rule->nature, (const char *const[]){ "state", "moment", NULL }, e);
	if (!rc)
		rc = check_word(path, header, "scope", rule->scope, (const char *const[]){ "target", "group", NULL }, e);
	if (!rc)
		rc = check_window(path, header, rule, e);
	return rc ? rc : check_reads(path, header, rule, e);
}

int rule_parse(const char *path, struct slice engine, struct slice text, struct arena *a, struct rule *out, struct err *e)
{
	struct header header;
	*out = (struct rule){ .path = path, .engine = engine, .hash = XXH3_64bits(text.ptr ? text.ptr : "", text.len) };
	out->params = arena_array(a, PARAMS_MAX, sizeof *out->params);
	int rc = header_read(path, text, a, &header, e);
	if (!rc)
		rc = header_store(path, &header, KEYS, sizeof KEYS / sizeof *KEYS, OTHER_KEYS, out, e);
	if (rc)
		return rc;
	out->about = header.about;
	out->sql = header.sql;
	if (!out->window.len)
		out->window = SLICE("now");
	if (!out->scope.len)
		out->scope = SLICE("target");
	for (size_t i = 0; !rc && i < header.count; i++)
		if (slice_equal(header.lines[i].key, SLICE("param")))
			rc = param_parse(path, &header.lines[i], out, e);
	return rc ? rc : check_rule(path, &header, out, e);
}

const struct rule *rule_find(const struct rules *rules, struct slice id)
{
	for (size_t i = 0; i < rules->count; i++)
		if (slice_equal(rules->items[i].id, id))
			return &rules->items[i];
	return NULL;
}

int rules_load(const char *const *folders, size_t count, struct arena *a, struct rules *out, struct err *e)
{
	struct folder files = { 0 };
	*out = (struct rules){ 0 };
	for (size_t i = 0; i < count; i++) {
		int rc = folder_load(folders[i], FOLDER_NESTED, i > 0, a, &files, e);
		if (rc)
			return rc;
	}
	if (files.count > RULES_MAX)
		return err_set(e, ERR_USAGE, "there are more than %d rules", RULES_MAX);
	out->items = arena_array(a, files.count + 1, sizeof *out->items);
	for (size_t i = 0; i < files.count; i++) {
		struct rule *rule = &out->items[out->count];
		int rc = rule_parse(files.files[i].path, files.files[i].folder, files.files[i].text, a, rule, e);
		if (rc)
			return rc;
		const struct rule *other = rule_find(out, rule->id);
		if (other)
			return err_set(e, ERR_USAGE, "%s: rule '%.*s' stands in '%s' already", rule->path, SLICE_ARG(rule->id),
				       other->path);
		out->count++;
	}
	return ERR_OK;
}
