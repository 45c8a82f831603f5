/*
 * What is known of a server, as traits (name, version), and the conditions that probes put on them:
 *
 *   CONDITION := TERM [" and " TERM]…        TERM := ["not "] TRAIT [OP VERSION]        OP := >= <= > < = !=
 *
 * `server >= 14`, `extension pg_stat_statements >= 1.8`, `grant pg_monitor`, `not function a.b`, `depth full`. A trait
 * holds when it is there and its value is not "0"; `role primary` also holds when the trait `role` is `primary`.
 * Versions are compared number by number (15.20 >= 14, 15.3 < 15.20); what is no version only as = and !=.
 */
#ifndef SOURCE_CONDITION_H
#define SOURCE_CONDITION_H

#include "base/arena.h"

enum { TRAITS_MAX = 2000, CONDITION_TERMS_MAX = 16 };

/** One thing known of a server. */
struct trait {
	struct slice name, value;
};

/** Zero-initialised is empty; the arena holds names and values. */
struct traits {
	struct trait *items;
	size_t count, size;
};

/** Says a trait; a later call replaces an earlier one of the same name. Past TRAITS_MAX new ones are forgotten. */
void traits_set(struct traits *traits, struct arena *a, struct slice name, struct slice value);

/** The trait's value; a NULL ptr when there is none. */
struct slice traits_value(const struct traits *traits, struct slice name);

/** Forgets all. */
void traits_reset(struct traits *traits);

/** Whether the text is a condition; *problem (static text) says what is wrong with it. */
bool condition_check(struct slice text, const char **problem);

/** Whether the condition holds; false for a text that is none. An empty condition holds. */
bool condition_holds(struct slice text, const struct traits *traits);

/** Says why the condition does not hold: "needs server >= 14, it is 13.4"; "" when it holds. */
char *condition_reason(struct slice text, const struct traits *traits, struct arena *a);

/** Compares versions number by number: below 0, 0, above 0. False when either does not begin with a digit. */
bool version_compare(struct slice left, struct slice right, int *order);

#endif
