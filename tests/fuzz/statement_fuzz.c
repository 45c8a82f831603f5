/* The normaliser: normalised text stays as it is, and where the pieces are cut changes nothing. */
#include <stdlib.h>

#include "statement/predicate.h"
#include "statement/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	unsigned flags = data[0] & 0x7f, piece = data[1] % 7 + 1u;
	struct slice text = { (const char *)data + 2, size - 2 };
	SCOPED_ARENA a = { 0 };
	struct statement whole, again, pieces;
	statement_normalise(flags, text, &a, &whole);
	statement_normalise(flags | STATEMENT_DOUBLE_QUOTE_IDENTIFIERS, whole.text, &a, &again);
	struct statement_normaliser *n = statement_open();
	statement_begin(n, flags, STATEMENT_TEXT_CAP);
	for (size_t at = 0; at < text.len; at += piece)
		statement_feed(n, text.ptr + at, text.len - at < piece ? text.len - at : piece);
	statement_end(n, &a, &pieces);
	if (pieces.fingerprint != whole.fingerprint || pieces.is_broken != whole.is_broken || !slice_equal(pieces.text, whole.text))
		abort();
	if (!whole.is_cut && !slice_equal(whole.text, again.text))
		abort();
	statement_close(n);
	struct predicates predicates;
	predicates_read(whole.text, &a, &predicates);
	predicates_read(text, &a, &predicates);
	return 0;
}
