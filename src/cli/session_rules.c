/* What the config says about rules, as the rules' runner wants it. */
#include <stdio.h>

#include "base/clock.h"
#include "cli/session.h"
#include "rules/settings.h"

/* Room for one setting per line of the config. */
static size_t count_entries(const struct config *c)
{
	size_t n = 0;
	for (size_t i = 0; i < c->section_count; i++)
		n += c->sections[i].entry_count;
	return n;
}

/* "replication-lag < 500ms": the rule's parameter warn, for that target. */
static int read_objective(const struct session *s, const struct config_section *section, const struct config_entry *entry,
			  struct rule_setting *out, struct err *e)
{
	struct slice rest = entry->value;
	struct slice rule = slice_trim(slice_cut(&rest, '<'));
	struct slice value = slice_trim(rest);
	if (value.len && value.ptr[0] == '=')
		value = slice_trim((struct slice){ value.ptr + 1, value.len - 1 });
	if (!rule.len || !value.len) {
		err_hint(e, "objective = replication-lag < 500ms");
		return err_set(e, ERR_USAGE, "%s line %d: '%.*s' is not RULE < VALUE", s->config.path, entry->line,
			       SLICE_ARG(entry->value));
	}
	*out = (struct rule_setting){
		.rule = rule, .target = section->name, .key = SLICE("warn"), .value = value, .line = entry->line
	};
	return ERR_OK;
}

static int read_settings(struct session *s, struct err *e)
{
	const struct config *c = &s->config;
	struct rule_setting *settings = arena_array(s->arena, count_entries(c) + 1, sizeof *settings);
	size_t n = 0;
	for (size_t i = 0; i < c->section_count; i++) {
		const struct config_section *section = &c->sections[i];
		bool is_rule = slice_equal(section->kind, SLICE("rule"));
		bool is_target = slice_equal(section->kind, SLICE("target"));
		for (size_t k = 0; k < section->entry_count; k++) {
			const struct config_entry *entry = &section->entries[k];
			if (is_rule)
				settings[n++] = (struct rule_setting){ section->name, section->scope, entry->key, entry->value,
								       entry->line };
			if (!is_target || !slice_equal(entry->key, SLICE("objective")))
				continue;
			int rc = read_objective(s, section, entry, &settings[n++], e);
			if (rc)
				return rc;
		}
	}
	s->context.settings = settings;
	s->context.setting_count = n;
	return ERR_OK;
}

static int read_mute(struct session *s, const struct config_section *section, struct rule_mute *out, struct err *e)
{
	struct slice none = { 0 };
	struct slice until = config_value(section, "until", none);
	*out = (struct rule_mute){
		.rule = config_value(section, "rule", none),
		.target = config_value(section, "target", none),
		.object = config_value(section, "object", none),
		.reason = config_value(section, "reason", SLICE("muted in the config")),
		.line = section->line,
	};
	if (until.len && !clock_parse(until, &out->until))
		return err_set(e, ERR_USAGE, "%s line %d: until = %.*s is no date (2027-01-31)", s->config.path, section->line,
			       SLICE_ARG(until));
	return ERR_OK;
}

static int read_mutes(struct session *s, struct err *e)
{
	const struct config *c = &s->config;
	struct slice none = { 0 };
	struct rule_mute *mutes = arena_array(s->arena, c->section_count + 1, sizeof *mutes);
	struct rule_maintenance *windows = arena_array(s->arena, c->section_count + 1, sizeof *windows);
	size_t mute_count = 0, window_count = 0;
	for (size_t i = 0; i < c->section_count; i++) {
		const struct config_section *section = &c->sections[i];
		int rc = ERR_OK;
		if (slice_equal(section->kind, SLICE("mute")))
			rc = read_mute(s, section, &mutes[mute_count++], e);
		else if (slice_equal(section->kind, SLICE("maintenance")))
			windows[window_count++] = (struct rule_maintenance){ config_value(section, "target", none),
									     config_value(section, "daily", none) };
		if (rc)
			return rc;
	}
	s->context.mutes = mutes;
	s->context.mute_count = mute_count;
	s->context.maintenance = windows;
	s->context.maintenance_count = window_count;
	return ERR_OK;
}

/* Whether a target can be meant: one of the config, or what has no name there (a URL, a capture, a group). */
static bool is_target(const struct config *c, struct slice glob)
{
	bool has_targets = false;
	if (!glob.len || memchr(glob.ptr, '/', glob.len) || slice_starts(glob, SLICE("group:")))
		return true;
	for (size_t i = 0; i < c->section_count; i++) {
		bool is_here = slice_equal(c->sections[i].kind, SLICE("target"));
		if (is_here && slice_glob(glob, c->sections[i].name))
			return true;
		has_targets |= is_here;
	}
	return !has_targets;
}

/* A rule's setting, a mute or a maintenance window for a target that is misspelled would silently do nothing. */
static int check_targets(const struct session *s, struct err *e)
{
	const struct config *c = &s->config;
	for (size_t i = 0; i < c->section_count; i++) {
		const struct config_section *section = &c->sections[i];
		bool is_own = slice_equal(section->kind, SLICE("mute")) || slice_equal(section->kind, SLICE("maintenance"));
		struct slice glob = is_own ? config_value(section, "target", (struct slice){ 0 }) : section->scope;
		if (!is_target(c, glob))
			return err_set(e, ERR_USAGE, "%s:%d: [%.*s] is for no target of this file: '%.*s'", c->path, section->line,
				       SLICE_ARG(section->kind), SLICE_ARG(glob));
	}
	return ERR_OK;
}

int session_rules(struct session *s, struct err *e)
{
	if (s->rules.items)
		return ERR_OK;
	int rc = session_config(s, e);
	if (!rc)
		rc = rules_load(s->folders.rules, s->folders.rule_count, s->arena, &s->rules, e);
	if (!rc)
		rc = read_settings(s, e);
	if (!rc)
		rc = read_mutes(s, e);
	if (!rc)
		rc = check_targets(s, e);
	if (!rc && (rc = settings_check(&s->rules, &s->context, e)) == ERR_OK)
		rc = settings_check_mutes(&s->rules, &s->context, e);
	s->context.only = session_text(s, OPTION_RULE, NULL);
	return rc;
}

int session_sections(struct session *s, struct err *e)
{
	int rc = session_config(s, e);
	if (!rc && !s->sections.items)
		rc = sections_load(s->folders.sections, s->folders.section_count, s->arena, &s->sections, e);
	return rc;
}
