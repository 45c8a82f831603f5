#include "rules/settings.h"

#include <math.h>

static const char *const SEVERITIES[] = { "critical", "warning", "info" };
static const char *const SWITCHES[] = { "yes", "no", "true", "false" };

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static bool is_word(struct slice value, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(value, slice_of(words[i])))
			return true;
	return false;
}

static const struct rule_param *param_find(const struct rule *rule, struct slice name)
{
	for (size_t i = 0; i < rule->param_count; i++)
		if (slice_equal(rule->params[i].name, name))
			return &rule->params[i];
	return NULL;
}

static int check_one(const struct rules *rules, const struct rule_setting *s, struct err *e)
{
	const struct rule *rule = rule_find(rules, s->rule);
	double value;
	if (!rule) {
		err_hint(e, "dbperf rules list");
		return err_set(e, ERR_USAGE, "config line %d: there is no rule '%.*s'", s->line, SLICE_ARG(s->rule));
	}
	if (slice_equal(s->key, SLICE("severity")))
		return is_word(s->value, SEVERITIES, LENGTH(SEVERITIES))
			       ? ERR_OK
			       : err_set(e, ERR_USAGE, "config line %d: severity '%.*s' is none of critical, warning, info",
					 s->line, SLICE_ARG(s->value));
	if (slice_equal(s->key, SLICE("enabled")))
		return is_word(s->value, SWITCHES, LENGTH(SWITCHES))
			       ? ERR_OK
			       : err_set(e, ERR_USAGE, "config line %d: enabled '%.*s' is neither yes nor no", s->line,
					 SLICE_ARG(s->value));
	const struct rule_param *param = param_find(rule, s->key);
	if (!param) {
		err_hint(e, "dbperf rules show %.*s", SLICE_ARG(rule->id));
		return err_set(e, ERR_USAGE, "config line %d: rule '%.*s' has no parameter '%.*s'", s->line, SLICE_ARG(rule->id),
			       SLICE_ARG(s->key));
	}
	if (!rule_param_read(param->type, s->value, &value))
		return err_set(e, ERR_USAGE, "config line %d: '%.*s' is no %s as '%.*s' of rule '%.*s' is (%.*s)", s->line,
			       SLICE_ARG(s->value), rule_param_type_name(param->type), SLICE_ARG(s->key), SLICE_ARG(rule->id),
			       SLICE_ARG(param->text));
	return ERR_OK;
}

int settings_check(const struct rules *rules, const struct rule_context *context, struct err *e)
{
	for (size_t i = 0; i < context->setting_count; i++) {
		int rc = check_one(rules, &context->settings[i], e);
		if (rc)
			return rc;
	}
	return ERR_OK;
}

int settings_check_mutes(const struct rules *rules, const struct rule_context *context, struct err *e)
{
	for (size_t i = 0; i < context->mute_count; i++) {
		struct slice glob = context->mutes[i].rule;
		bool is_there = glob.len == 0;
		for (size_t k = 0; k < rules->count && !is_there; k++)
			is_there = slice_glob(glob, rules->items[k].id);
		if (is_there)
			continue;
		err_hint(e, "dbperf rules list");
		return err_set(e, ERR_USAGE, "config line %d: the mute is for no rule that there is: '%.*s'",
			       context->mutes[i].line, SLICE_ARG(glob));
	}
	return ERR_OK;
}

/* The value of the last setting that fits; one that names targets wins over one for all. Empty: none. */
static struct slice setting_find(const struct rule_context *context, const struct rule *rule, struct slice key, struct slice target)
{
	struct slice found = { NULL, 0 };
	bool is_named = false;
	for (size_t i = 0; i < context->setting_count; i++) {
		const struct rule_setting *s = &context->settings[i];
		if (!slice_equal(s->rule, rule->id) || !slice_equal(s->key, key) || (s->target.len == 0 && is_named))
			continue;
		if (s->target.len && !slice_glob(s->target, target))
			continue;
		found = s->value;
		is_named = s->target.len > 0;
	}
	return found;
}

bool settings_enabled(const struct rule_context *context, const struct rule *rule, struct slice target)
{
	if (context->only && !slice_glob(slice_of(context->only), rule->id))
		return false;
	struct slice value = setting_find(context, rule, SLICE("enabled"), target);
	return !slice_equal(value, SLICE("no")) && !slice_equal(value, SLICE("false"));
}

struct slice settings_severity(const struct rule_context *context, const struct rule *rule, struct slice target)
{
	return setting_find(context, rule, SLICE("severity"), target);
}

static void bind_param(sqlite3_stmt *stmt, int place, const struct rule_param *param, double value)
{
	bool is_integer = param->type == PARAM_DURATION || param->type == PARAM_SIZE ||
			  (param->type == PARAM_NUMBER && value == floor(value) && fabs(value) <= 0x1p53);
	if (is_integer)
		sqlite3_bind_int64(stmt, place, (int64_t)value);
	else
		sqlite3_bind_double(stmt, place, value);
}

static void bind_text(sqlite3_stmt *stmt, int place, struct slice text)
{
	sqlite3_bind_text64(stmt, place, text.ptr ? text.ptr : "", text.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

int settings_bind(sqlite3_stmt *stmt, const struct rule_context *context, const struct rule *rule, struct slice target,
		  struct slice group, struct err *e)
{
	size_t used = 0;
	for (int place = 1; place <= sqlite3_bind_parameter_count(stmt); place++) {
		const char *name = sqlite3_bind_parameter_name(stmt, place);
		const struct rule_param *param = name && name[0] == ':' ? param_find(rule, slice_of(name + 1)) : NULL;
		double value = 0;
		if (param) {
			struct slice text = setting_find(context, rule, param->name, target);
			if (!text.len || !rule_param_read(param->type, text, &value))
				value = param->value;
			bind_param(stmt, place, param, value);
			used++;
		} else if (name && strcmp(name, ":target") == 0) {
			bind_text(stmt, place, target);
		} else if (name && strcmp(name, ":group") == 0) {
			bind_text(stmt, place, group);
		} else {
			return err_set(e, ERR_USAGE, "the SQL uses '%s', which is no '-- param:' of it", name ? name : "?");
		}
	}
	for (size_t i = 0; used < rule->param_count && i < rule->param_count; i++) {
		char name[80] = ":";
		memcpy(name + 1, rule->params[i].name.ptr, rule->params[i].name.len);
		if (!sqlite3_bind_parameter_index(stmt, name))
			return err_set(e, ERR_USAGE, "the SQL does not use the parameter '%s'", name);
	}
	return ERR_OK;
}

static bool glob_fits(struct slice glob, struct slice text)
{
	return glob.len == 0 || slice_glob(glob, text);
}

struct slice settings_muted(const struct rule_context *context, struct slice rule, struct slice target, struct slice object,
			    int64_t now)
{
	for (size_t i = 0; i < context->mute_count; i++) {
		const struct rule_mute *mute = &context->mutes[i];
		if (mute->until && mute->until <= now)
			continue;
		if (glob_fits(mute->rule, rule) && glob_fits(mute->target, target) && glob_fits(mute->object, object))
			return mute->reason.len ? mute->reason : SLICE("muted");
	}
	return (struct slice){ NULL, 0 };
}
