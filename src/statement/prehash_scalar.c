/* The pre-hash's portable path: byte by byte. */
#include "statement/prehash_fold.h"

static bool needs_look(const struct fold *f, unsigned char c, char before)
{
	if (c < 0x20 || c == '`')
		return true;
	if (c == ' ')
		return fold_is_blank(before);
	if (c < 0x30)
		return f->stops[c & 15];
	return fold_is_digit((char)c) && !fold_is_word(before);
}

static void copy(struct fold *f)
{
	const char *p = f->p;
	char *out = f->out, before = out[-1];
	for (; p < f->end && out < f->limit; p++) {
		char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + 'a' - 'A') : *p;
		if (needs_look(f, (unsigned char)c, before))
			break;
		before = *out++ = c;
	}
	f->p = p;
	f->out = out;
}

static const char *find(const char *p, const char *end, char quote, char escape)
{
	while (p < end && *p != quote && *p != escape)
		p++;
	return p;
}

const struct fold_path FOLD_SCALAR = { copy, find };
