/*
 * The normaliser for tests that are not written in C. Each line of standard input is a dialect (standard or backtick), a tab
 * and a text in which \\ \n \t \r are escaped; each line of standard output its fingerprint, a tab, and the normalised text
 * escaped likewise.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "tests/dialects.h"
#include "tests/escapes.h"

int main(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	while ((len = getline(&line, &size, stdin)) > 0) {
		SCOPED_ARENA a = { 0 };
		struct slice text = { line, (size_t)len - (line[len - 1] == '\n') }, dialect = slice_cut(&text, '\t');
		struct statement s;
		statement_normalise(slice_equal(dialect, SLICE("standard")) ? DIALECT_STANDARD : DIALECT_BACKTICK,
				    escapes_read(&a, text), &a, &s);
		printf("%016" PRIx64 "\t%s\n", s.fingerprint, escapes_write(&a, s.text));
	}
	free(line);
	return 0;
}
