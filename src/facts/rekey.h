/*
 * Fingerprints that an older normaliser made, brought to those of this one: every fingerprint is seeded with the version
 * of the rules (statement/normalise.md), so that a store or a capture of another version would show each statement twice.
 * Where the kept text is the one that the old fingerprint was made of, and so whole, the new one is made of it too. A text
 * that the new rules normalise otherwise gets its own fingerprint when the server tells it again.
 */
#ifndef FACTS_REKEY_H
#define FACTS_REKEY_H

#include "facts/rundb.h"

/**
 * Makes temp.rekey_map (old, new) from the columns fingerprint and text of `texts`, which is quoted and may be followed by
 * a condition (WHERE …), for fingerprints of version `from`.
 */
int rekey_begin(sqlite3 *db, const char *texts, int64_t from, struct err *e) MUST_CHECK;

/** Adds UPDATE of the table's fingerprints, with its semicolon; `table` is quoted, `more` is "" or " AND …". */
void rekey_put(struct buffer *sql, const char *table, const char *more);

/** Drops the map. */
int rekey_end(sqlite3 *db, struct err *e) MUST_CHECK;

#endif
