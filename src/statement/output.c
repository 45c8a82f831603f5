#include "statement/output.h"

#include <xxhash.h>

#include "statement/lexer.h"
#include "statement/statement.h"

/* What XXH3_createState asks for, about. */
enum { HASH_BYTES = 640 };

void output_begin(struct output *o, size_t cap)
{
	buffer_reset(&o->text);
	o->text.cap = cap + OUTPUT_SLACK + 4 * LEXER_WORD_MAX;
	o->text.cap_name = "normalised text";
	o->cap = cap;
	o->cut = 0;
	o->epoch++;
	o->is_long = false;
	o->last = PIECE_START;
}

/* Whether the word or literal has a blank before it. */
static bool is_spaced_word(enum piece last)
{
	switch (last) {
	case PIECE_START:
	case PIECE_DOT:
	case PIECE_CAST:
	case PIECE_COLON:
	case PIECE_OPEN:
	case PIECE_BRACKET:
	case PIECE_SIGN:
		return false;
	default:
		return true;
	}
}

/* Whether a blank stands between what was last written and the piece; each "false" reads back as the same two tokens. */
static bool is_spaced(enum piece last, enum piece piece)
{
	switch (piece) {
	case PIECE_COMMA:
	case PIECE_CLOSE:
	case PIECE_SEMICOLON:
	case PIECE_DOT:
	case PIECE_START:
		return false;
	case PIECE_CAST:
		return last == PIECE_COLON;
	case PIECE_COLON:
		return last != PIECE_WORD && last != PIECE_LITERAL && last != PIECE_CLOSE && last != PIECE_OPEN &&
		       last != PIECE_BRACKET;
	case PIECE_OPERATOR:
	case PIECE_SIGN:
		return is_spaced_word(last) || last == PIECE_SIGN || last == PIECE_COLON;
	case PIECE_OPEN:
		return last != PIECE_WORD && is_spaced_word(last);
	case PIECE_BRACKET:
		return last != PIECE_WORD && last != PIECE_LITERAL && last != PIECE_CLOSE && is_spaced_word(last);
	default:
		return is_spaced_word(last);
	}
}

static void hash_add(struct output *o, size_t from)
{
	XXH3_state_t *state = o->hash;
	if (!state) {
		o->hash = state = XXH3_createState();
		if (!state)
			err_no_memory(HASH_BYTES);
	}
	if (!o->is_long)
		XXH3_64bits_reset_withSeed(state, STATEMENT_VERSION);
	XXH3_64bits_update(state, o->text.data + from, o->text.len - from);
	o->is_long = true;
}

/* Lets go what is written behind the cap, to make room. */
static void let_go(struct output *o)
{
	hash_add(o, o->is_long ? o->cap : 0);
	o->text.len = o->cap;
	o->epoch++;
}

static void begin_piece(struct output *o, enum piece piece)
{
	if (o->text.len >= o->cap + OUTPUT_SLACK)
		let_go(o);
	if (!o->is_long && o->text.len <= o->cap)
		o->cut = o->text.len;
	if (is_spaced((enum piece)o->last, piece))
		buffer_char(&o->text, ' ');
	o->last = (uint8_t)piece;
}

void output_put(struct output *o, enum piece piece, struct slice text)
{
	begin_piece(o, piece);
	buffer_slice(&o->text, text);
}

void output_put_quoted(struct output *o, struct slice text, bool is_unicode)
{
	begin_piece(o, PIECE_WORD);
	buffer_text(&o->text, is_unicode ? "u&\"" : "\"");
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buffer_char(&o->text, '"');
		buffer_char(&o->text, text.ptr[i]);
	}
	buffer_char(&o->text, '"');
}

struct mark output_mark(const struct output *o)
{
	return (struct mark){ o->text.len, o->epoch, o->last };
}

bool output_is_alive(const struct output *o, struct mark m)
{
	return m.epoch == o->epoch && m.len <= o->text.len;
}

void output_rollback(struct output *o, struct mark m)
{
	o->text.len = m.len;
	o->last = m.last;
}

struct slice output_since(const struct output *o, struct mark m)
{
	struct slice s = { o->text.data + m.len, o->text.len - m.len };
	if (s.len > 0 && s.ptr[0] == ' ')
		s = (struct slice){ s.ptr + 1, s.len - 1 };
	return s;
}

uint64_t statement_fingerprint(struct slice text, int version)
{
	return XXH3_64bits_withSeed(text.ptr, text.len, (XXH64_hash_t)version);
}

uint64_t output_end(struct output *o, struct slice *text, bool *is_cut)
{
	struct slice all = buffer_view(&o->text);
	uint64_t fingerprint;
	if (o->is_long) {
		hash_add(o, o->cap);
		fingerprint = XXH3_64bits_digest(o->hash);
	} else {
		fingerprint = statement_fingerprint(all, STATEMENT_VERSION);
	}
	*is_cut = o->is_long || all.len > o->cap;
	*text = (struct slice){ all.ptr, *is_cut ? o->cut : all.len };
	if (o->text.data)
		o->text.data[text->len] = 0;
	return fingerprint;
}

void output_close(struct output *o)
{
	buffer_close(&o->text);
	XXH3_freeState(o->hash);
	o->hash = NULL;
}
