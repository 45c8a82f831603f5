/* What each command runs. All take the session that main opened; reports go into its output, errors go up. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "base/err.h"

struct session;

/** Prints help, a man page or completion. */
int command_help(struct session *s, struct err *e) MUST_CHECK;

/** Looks at one server for seconds and shows what is going on. */
int command_now(struct session *s, struct err *e) MUST_CHECK;

/** Looks, judges, remembers, reports. */
int command_audit(struct session *s, struct err *e) MUST_CHECK;

/** Looks and remembers. */
int command_collect(struct session *s, struct err *e) MUST_CHECK;

/** Reads plans, says where the time goes and what is wrong. */
int command_explain(struct session *s, struct err *e) MUST_CHECK;

/** Says what cannot be seen, and the script that mends it. */
int command_doctor(struct session *s, struct err *e) MUST_CHECK;

/** Runs a query on facts. */
int command_sql(struct session *s, struct err *e) MUST_CHECK;

/** Reads logs and says what is in them. */
int command_digest(struct session *s, struct err *e) MUST_CHECK;

/* findings list|show|ack|mute|unmute */
int findings_list(struct session *s, struct err *e) MUST_CHECK;
int findings_show(struct session *s, struct err *e) MUST_CHECK;
int findings_ack(struct session *s, struct err *e) MUST_CHECK;
int findings_mute(struct session *s, struct err *e) MUST_CHECK;
int findings_unmute(struct session *s, struct err *e) MUST_CHECK;

/* rules list|show|test */
int rules_list(struct session *s, struct err *e) MUST_CHECK;
int rules_show(struct session *s, struct err *e) MUST_CHECK;
int rules_test(struct session *s, struct err *e) MUST_CHECK;

/* label list|set */
int label_list(struct session *s, struct err *e) MUST_CHECK;
int label_set(struct session *s, struct err *e) MUST_CHECK;

/* store check|size|prune|backup|migrate */
int store_check_command(struct session *s, struct err *e) MUST_CHECK;
int store_size_command(struct session *s, struct err *e) MUST_CHECK;
int store_prune_command(struct session *s, struct err *e) MUST_CHECK;
int store_backup_command(struct session *s, struct err *e) MUST_CHECK;
int store_migrate_command(struct session *s, struct err *e) MUST_CHECK;

#endif
