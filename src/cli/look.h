/* Looking and judging, as now, audit, collect, doctor and sql do it. */
#ifndef CLI_LOOK_H
#define CLI_LOOK_H

#include "cli/session.h"

/** How a command looks. */
struct look_way {
	bool is_full, is_server_only, wants_texts, needs_lock;
	bool is_scheduled;   /* often, by a timer */
	int64_t interval_us; /* without --interval; -1: each target's own */
	int64_t budget_us;
};

/** Looks at the session's targets; targets that failed become notes. *looked counts those that were looked at. */
int look_session(struct session *s, const struct look_way *way, size_t *looked, struct err *e) MUST_CHECK;

/** How many rows of target_run have one of the comma-separated states. */
int look_count(struct session *s, const char *states, size_t *count, struct err *e) MUST_CHECK;

/** Turns failed targets into notes: one clear line each, with what to do. */
int look_notes(struct session *s, struct err *e) MUST_CHECK;

/** Runs the rules of one nature ("moment") and folder ("plan") on what was seen; NULL: all. */
int judge(struct session *s, const char *nature, const char *folder, struct err *e) MUST_CHECK;

/**
 * Notes each target of whose rules more than half could not be judged: nothing found says nothing there. Not with --rule;
 * what one look cannot tell is not counted, for who asks for one (--interval 0) knows.
 */
int judge_blind(struct session *s, struct err *e) MUST_CHECK;

/** Raises the status to 1 when findings of --fail-on (or `missing`) stand; muted and acknowledged ones never count. */
int judge_status(struct session *s, const char *missing, struct err *e) MUST_CHECK;

#endif
