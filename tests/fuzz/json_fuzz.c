/* The reader of JSON: levels close as they open, what is read whole can be read again from what was read. */
#include <stdlib.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads all events and writes them as JSON again; false where the text is refused. */
static bool copy(struct slice text, unsigned options, struct arena *a, struct buffer *out)
{
	struct json r;
	struct json_event event, last = { .kind = JSON_END };
	struct err e = { 0 };
	unsigned odd = 0;
	json_begin(&r, text, options);
	for (;;) {
		if (json_next(&r, &event, &e)) {
			if (!e.text[0])
				abort();
			return false;
		}
		bool is_end = event.kind == JSON_OBJECT_END || event.kind == JSON_ARRAY_END;
		bool is_first = last.kind == JSON_OBJECT || last.kind == JSON_ARRAY || last.kind == JSON_END;
		if (event.kind == JSON_END)
			return r.depth == 0;
		if (!is_end && !is_first)
			buffer_char(out, ',');
		if (event.has_name) {
			buffer_json(out, json_text(event.name, event.name_has_escapes, a, &odd));
			buffer_char(out, ':');
		}
		if (event.kind == JSON_STRING)
			buffer_json(out, json_text(event.text, event.has_escapes, a, &odd));
		else if (event.kind <= JSON_ARRAY_END)
			buffer_char(out, "?{}[]"[event.kind]);
		else
			buffer_slice(out, event.text);
		if (event.kind == JSON_NUMBER && !(json_double(event.text, &odd) * 0 == 0))
			abort();
		last = event;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA a = { 0 };
	SCOPED_BUFFER first = BUFFER(1 << 20, "first");
	SCOPED_BUFFER second = BUFFER(1 << 20, "second");
	if (size < 1)
		return 0;
	struct slice text = { (const char *)data + 1, size - 1 };
	if (!copy(text, data[0] & JSON_COMMENTS, &a, &first) || first.is_full)
		return 0;
	if (!copy(buffer_view(&first), 0, &a, &second) || !slice_equal(buffer_view(&first), buffer_view(&second)))
		abort();
	return 0;
}
