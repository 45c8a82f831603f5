/*
 * A fast key of a statement's text, for a cache in front of the normaliser. Texts that differ in what never matters
 * (literals, the amount of white space, comments, case, the length of IN lists and of runs of equal VALUES rows) mostly
 * get one key. The law: equal keys mean equal normalised text and fingerprint. The other way round nothing is promised.
 */
#ifndef STATEMENT_PREHASH_H
#define STATEMENT_PREHASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PREHASH_TEXT_MAX = 16 * 1024 /* bytes of folded text; a longer one gets no key */ };

/** Which code folds: PREHASH_BEST is the fastest that this processor has. The keys are the same. */
enum prehash_path { PREHASH_BEST, PREHASH_SCALAR, PREHASH_VECTOR };

/** Whether the processor has what PREHASH_VECTOR needs. */
bool prehash_has_vector(void);

/**
 * Gives the key of a text that is at hand as a whole. `flags` are of enum statement_flag. False where the text has
 * what only the normaliser can tell apart (dollar quotes, nested or version comments, unterminated strings …).
 */
bool prehash_text(enum prehash_path path, unsigned flags, const char *text, size_t len, uint64_t *key);

#endif
