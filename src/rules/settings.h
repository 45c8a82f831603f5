/* What the config says about rules: parameters, severities, mutes, maintenance windows. */
#ifndef RULES_SETTINGS_H
#define RULES_SETTINGS_H

#include "rules/rule.h"

/** A [maintenance] window, read. */
struct maintenance {
	struct slice target;
	int from, to;     /* minutes of the day; from > to: over midnight */
	const char *zone; /* NULL: that of TZ */
};

/** Every setting names a rule and one of its parameters, and has a value of its type. ERR_USAGE with the config's line. */
int settings_check(const struct rules *rules, const struct rule_context *context, struct err *e) MUST_CHECK;

/** Whether each mute of the config names a rule that there is: one with a typing error would mute nothing. ERR_USAGE. */
int settings_check_mutes(const struct rules *rules, const struct rule_context *context, struct err *e) MUST_CHECK;

/** Whether the rule is to be run on the target: --rule, enabled. */
bool settings_enabled(const struct rule_context *context, const struct rule *rule, struct slice target);

/** The severity that the config gives to the rule's findings, or empty. */
struct slice settings_severity(const struct rule_context *context, const struct rule *rule, struct slice target);

/**
 * Binds the rule's parameters, as the config has them for the target, and :target and :group. ERR_USAGE when the SQL
 * has a parameter that the rule does not declare, or does not use one that it does.
 */
int settings_bind(sqlite3_stmt *stmt, const struct rule_context *context, const struct rule *rule, struct slice target,
		  struct slice group, struct err *e) MUST_CHECK;

/** The reason of the mute that covers the finding at that moment; empty: none does. */
struct slice settings_muted(const struct rule_context *context, struct slice rule, struct slice target, struct slice object,
			    int64_t now);

/** Reads all maintenance windows. ERR_USAGE. */
int maintenance_read(const struct rule_context *context, struct arena *a, struct maintenance **out, struct err *e) MUST_CHECK;

/** Whether the moment lies in one of the target's windows. Sets TZ for a moment: for processes of one thread. */
bool maintenance_holds(const struct maintenance *windows, size_t count, struct slice target, int64_t now);

#endif
