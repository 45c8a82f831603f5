#include "statement/output.h"

#include <xxhash.h>

#include "statement/lexer.h"
#include "statement/statement.h"

/* What XXH3_createState asks for, about. */
enum { HASH_BYTES = 640 };

/* Sets of enum piece. */
#define BIT(piece) (1u << PIECE_##piece)
#define ANY ((1u << PIECE_COUNT) - 1)
#define UNSPACED (BIT(START) | BIT(DOT) | BIT(CAST) | BIT(COLON) | BIT(OPEN) | BIT(BRACKET) | BIT(SIGN))

/* For each piece those behind which it stands without a blank; each reads back as the same two tokens. */
static const uint16_t GLUED[PIECE_COUNT] = {
	[PIECE_START] = ANY,
	[PIECE_WORD] = UNSPACED,
	[PIECE_KEYWORD] = UNSPACED,
	[PIECE_LITERAL] = UNSPACED,
	[PIECE_MORE] = BIT(START) | BIT(OPEN) | BIT(BRACKET),
	[PIECE_OPERATOR] = UNSPACED & ~(BIT(SIGN) | BIT(COLON)),
	[PIECE_SIGN] = UNSPACED & ~(BIT(SIGN) | BIT(COLON)),
	[PIECE_COMMA] = ANY,
	[PIECE_DOT] = ANY & ~(BIT(DOT) | BIT(MORE)),
	[PIECE_CAST] = ANY & ~(BIT(COLON) | BIT(OPERATOR)),
	[PIECE_COLON] = BIT(START) | BIT(WORD) | BIT(LITERAL) | BIT(CLOSE) | BIT(OPEN) | BIT(BRACKET),
	[PIECE_OPEN] = UNSPACED | BIT(WORD),
	[PIECE_BRACKET] = UNSPACED | BIT(WORD) | BIT(LITERAL) | BIT(CLOSE),
	[PIECE_CLOSE] = ANY,
	[PIECE_SEMICOLON] = ANY,
};

void output_begin(struct output *o, size_t cap, char quote)
{
	buffer_reset(&o->text);
	o->text.cap = cap + OUTPUT_SLACK + 4 * LEXER_WORD_MAX;
	o->text.cap_name = "normalised text";
	o->cap = cap;
	o->cut = 0;
	o->epoch++;
	o->is_long = false;
	o->last = PIECE_START;
	o->quote = quote;
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

/* Whether the piece has a blank before it; makes room for it. */
static bool begin_piece(struct output *o, enum piece piece)
{
	if (o->text.len >= o->cap + OUTPUT_SLACK)
		let_go(o);
	if (!o->is_long && o->text.len <= o->cap)
		o->cut = o->text.len;
	bool is_spaced = !(GLUED[piece] >> o->last & 1);
	o->last = (uint8_t)piece;
	return is_spaced;
}

void output_put(struct output *o, enum piece piece, struct slice text)
{
	bool is_spaced = begin_piece(o, piece);
	struct buffer *b = &o->text;
	if (b->len + text.len + 2 > b->size) {
		if (is_spaced)
			buffer_char(b, ' ');
		buffer_slice(b, text);
		return;
	}
	char *to = b->data + b->len;
	*to = ' ';
	to += is_spaced;
	memcpy(to, text.ptr, text.len);
	b->len += text.len + is_spaced;
}

void output_put_quoted(struct output *o, struct slice text, bool is_unicode)
{
	char quote = is_unicode ? '"' : o->quote;
	if (begin_piece(o, PIECE_WORD))
		buffer_char(&o->text, ' ');
	buffer_text(&o->text, is_unicode ? "u&" : "");
	buffer_char(&o->text, quote);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == quote)
			buffer_char(&o->text, quote);
		buffer_char(&o->text, text.ptr[i]);
	}
	buffer_char(&o->text, quote);
}

void output_put_more(struct output *o)
{
	if (o->last == PIECE_MORE)
		return;
	output_put(o, PIECE_COMMA, SLICE(","));
	output_put(o, PIECE_MORE, SLICE("..."));
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
