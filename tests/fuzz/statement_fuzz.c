/* The normaliser: normalised text stays as it is, and where the pieces are cut changes nothing. */
#include <stdio.h>
#include <stdlib.h>

#include "statement/predicate.h"
#include "tests/dialects.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is_right, const char *what, const struct statement *a, const struct statement *b)
{
	if (is_right)
		return;
	fprintf(stderr, "%s:\n%.*s\n%.*s\n", what, SLICE_ARG(a->text), SLICE_ARG(b->text));
	abort();
}

/* Normalises in pieces of so many bytes. */
static struct statement normalise(unsigned flags, struct slice text, size_t piece, struct arena *a)
{
	static struct statement_normaliser *n; /* opened once: that is what takes time */
	struct statement s;
	n = n ? n : statement_open();
	statement_begin(n, flags, STATEMENT_TEXT_CAP);
	for (size_t at = 0; at < text.len; at += piece)
		statement_feed(n, text.ptr + at, text.len - at < piece ? text.len - at : piece);
	statement_end(n, a, &s);
	s.text = arena_slice(a, s.text);
	return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned dialects[] = { DIALECT_STANDARD,
					     DIALECT_BACKTICK,
					     DIALECT_STANDARD | STATEMENT_BACKSLASH_ESCAPES,
					     DIALECT_BACKTICK | STATEMENT_DOUBLE_QUOTE_IDENTIFIERS,
					     DIALECT_BACKTICK & ~(unsigned)STATEMENT_BACKSLASH_ESCAPES,
					     0 };
	if (size < 2)
		return 0;
	unsigned flags = dialects[data[0] % (sizeof dialects / sizeof *dialects)];
	struct slice text = { (const char *)data + 2, size - 2 };
	SCOPED_ARENA a = { 0 };
	struct statement whole = normalise(flags, text, text.len + 1, &a),
			 again = normalise(flags, whole.text, whole.text.len + 1, &a);
	struct statement pieces = normalise(flags, text, data[1] % 7 + 1u, &a);
	check(pieces.fingerprint == whole.fingerprint && pieces.is_broken == whole.is_broken &&
		      slice_equal(pieces.text, whole.text),
	      "pieces are not as the whole", &whole, &pieces);
	check(whole.is_cut || slice_equal(whole.text, again.text), "not stable", &whole, &again);
	struct predicates predicates;
	predicates_read(flags, whole.text, &a, &predicates);
	predicates_read(flags, text, &a, &predicates);
	return 0;
}
