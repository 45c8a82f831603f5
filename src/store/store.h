/*
 * The store: the only writer of SQLite files (DESIGN 4, 5). History of every target, counters as they were last seen,
 * findings' life, labels. The file has application_id STORE_APPLICATION_ID and user_version STORE_VERSION.
 *
 * What readers find under `history`: snapshot (with snapshot = its id, target, is_other_server); a view by the name of
 * each fact, with target in front, and for states valid_from and valid_to (NULL: holds), for the others snapshot,
 * taken_at and window_us (counters: what the difference covers); several rows of a look may share a key, so add up.
 * Sums are NULL where there is no difference. counter_T (target, server_id, cluster_id, epoch, is_current_epoch, then
 * the fact's columns but texts) is what counters said last. finding, finding_mark, told, label, run: store.sql.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "facts/rundb.h"

enum { STORE_VERSION = 1, STORE_APPLICATION_ID = 0x64627073 /* "dbps" */ };

struct store; /* owns path, lock file, options */

struct store_options {
	const char *path;     /* NULL: $XDG_STATE_HOME/dbperf/dbperf.db, for root and system users /var/lib/dbperf/dbperf.db */
	const char *group;    /* store_group: that group may read and write (0660, folder 02770); NULL: 0600 and 0700 */
	int64_t wait_us;      /* for another run to finish; then the error says which pid holds it */
	int64_t retention_us; /* older rows are pruned after a write; 0: never */
	int64_t max_bytes;    /* the oldest rows are pruned until it fits; 0: no limit */
	bool must_exist;      /* for commands that only read */
};

/**
 * Checks the file (mode, owner, application_id, version, normaliser; migrates and re-keys an older one after a backup) or
 * makes it. ERR_STORE.
 */
int store_open(const struct store_options *options, struct store **out, struct err *e) MUST_CHECK;
void store_close(struct store *s);
const char *store_path(const struct store *s);

/** What the user should know of the file (a network file system), one line; NULL nothing. */
const char *store_warning(const struct store *s);

/** Ends this run's row in the store with its exit status; without one (nothing was written) or on failure: nothing. */
void store_run_end(struct store *s, int status);

/** SQL that makes a database of the store's shape (for rundb_attach_history when there is no store). */
const char *store_schema(void);

/**
 * Copies the run into the store, one transaction per snapshot: differences against counter_state, states that
 * changed, texts, findings' life; puts each finding's state, first_seen … back into the run's `finding` table, and
 * adds those that are remembered (resolved now, or unseen). The run's `history` is attached again afterwards.
 * A capture older than the target's last look changes no state. Prunes by retention. When run_setting has `notify`,
 * is_told speaks of that NAME, and what resolved since it was told is added. On failure the store is as it was.
 */
int store_write(struct store *s, struct rundb *run, bool keeps_findings, struct err *e) MUST_CHECK;

/** Native statement ids with a stored text for the target, sorted; *texts_due is false when texts came within the hour. */
const int64_t *store_known_ids(struct store *s, const char *target, struct arena *a, size_t *count, bool *texts_due);

/** Takes the target's lock (an OFD lock on a byte of PATH.lock; freed by the kernel with the process); false: *pid has it. */
bool store_try_lock(struct store *s, const char *target, int *pid);

/** Loads the newest stored look of the target into the run, as target_run.state `stored`; false when there is none. */
bool store_load_last(struct store *s, struct rundb *run, const char *target);

/*
 * store check and size: rows go into the run's TEMP table store_report (position, name, state, rows, bytes, first_at,
 * last_at, detail); of check, a state other than `ok` is damage.
 */
int store_check(struct store *s, struct rundb *run, struct err *e) MUST_CHECK;
int store_size(struct store *s, struct rundb *run, struct err *e) MUST_CHECK;
/** Removes looks before that moment (0: past the retention), and what passes max_bytes. */
int store_prune(struct store *s, int64_t before, struct err *e) MUST_CHECK;

/** Copies the store to a file, written beside it and renamed, while runs go on. */
int store_backup(struct store *s, const char *path, struct err *e) MUST_CHECK;

/** label set: from `at` on, snapshots of the target carry `name`, until another is set. */
int store_label_set(struct store *s, const char *target, const char *name, int64_t at, struct err *e) MUST_CHECK;

/** findings ack|mute|unmute of one id or id prefix; `until` 0: for ever. ERR_USAGE when no or several findings match. */
int store_finding_mark(struct store *s, const char *id, const char *action, const char *reason, int64_t until,
		       struct err *e) MUST_CHECK;

/** audit --notify NAME: afterwards the findings that stand count as told to NAME. */
int store_told(struct store *s, struct rundb *run, const char *notify, struct err *e) MUST_CHECK;

#endif
