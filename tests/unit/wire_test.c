/* The pipe between worker and parent: what is written is read again, whatever the pieces; what no worker sends is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

#include "source/wire.h"

static const struct fact_table *pool(void)
{
	return facts_table(facts_builtin(), SLICE("pool"));
}

/* A row of pool with that text and number; all else NULL. */
static void fill(struct fact_value *values, struct slice text, int64_t number)
{
	memset(values, 0, WIRE_COLUMNS_MAX * sizeof *values);
	values[fact_column_find(pool(), SLICE("name"))] = (struct fact_value){ .type = FACT_TEXT, .text = text };
	values[fact_column_find(pool(), SLICE("used"))] = (struct fact_value){ .type = FACT_INTEGER, .integer = number };
}

/* Everything that a writer has, through a pipe's ends into a reader, `piece` bytes at a time. */
static void feed(struct wire_reader *reader, const struct wire_writer *writer, size_t piece)
{
	for (size_t at = 0; at < writer->len; at += piece)
		wire_feed(reader, writer->data + at, writer->len - at < piece ? writer->len - at : piece);
}

static void test_values(void **state)
{
	(void)state;
	static const int64_t numbers[] = { 0,     -1,     127,       128,       -128,      -129,      32767,
					   32768, -32769, INT32_MAX, INT32_MIN, 1LL << 32, INT64_MAX, INT64_MIN };
	char text[300];
	memset(text, 'x', sizeof text);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		for (size_t len = 0; len <= 300; len += len > 2 && len < 250 ? 51 : 1) {
			struct fact_value values[WIRE_COLUMNS_MAX];
			struct wire_writer writer = { .fd = -1 };
			struct wire_reader reader = { 0 };
			struct wire_frame frame;
			struct err e = { 0 };
			bool has_frame = false;
			fill(values, (struct slice){ text, len }, numbers[i]);
			wire_row(&writer, pool(), 1, values);
			feed(&reader, &writer, i % 7 + 1);
			assert_int_equal(wire_next(&reader, &frame, &has_frame, &e), ERR_OK);
			assert_true(has_frame && frame.kind == WIRE_ROW && frame.table == pool() && frame.look == 1);
			for (size_t c = 0; c < pool()->column_count; c++) {
				assert_int_equal(frame.values[c].type, values[c].type);
				assert_true(values[c].type != FACT_INTEGER || frame.values[c].integer == values[c].integer);
				assert_true(values[c].type != FACT_TEXT || slice_equal(frame.values[c].text, values[c].text));
			}
			assert_int_equal(wire_next(&reader, &frame, &has_frame, &e), ERR_OK);
			assert_false(has_frame);
			wire_writer_close(&writer);
			wire_reader_close(&reader);
		}
}

/* A text that is too long for a field is cut, and the row still is one frame. */
static void test_cut(void **state)
{
	(void)state;
	struct fact_value values[WIRE_COLUMNS_MAX];
	struct wire_reader reader = { 0 };
	struct wire_frame frame;
	struct err e = { 0 };
	bool has_frame = false;
	int ends[2];
	char *text = malloc((size_t)2 * WIRE_FIELD_MAX), chunk[4096];
	assert_non_null(text);
	memset(text, 'x', (size_t)2 * WIRE_FIELD_MAX);
	fill(values, (struct slice){ text, (size_t)2 * WIRE_FIELD_MAX }, 7);
	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct wire_writer writer = { .fd = ends[1] };
		wire_row(&writer, pool(), 0, values);
		wire_end(&writer);
		_exit(writer.is_broken);
	}
	close(ends[1]);
	for (ssize_t n; (n = read(ends[0], chunk, sizeof chunk)) > 0;)
		wire_feed(&reader, chunk, (size_t)n);
	close(ends[0]);
	assert_int_equal(wire_next(&reader, &frame, &has_frame, &e), ERR_OK);
	assert_true(has_frame);
	int name = fact_column_find(pool(), SLICE("name")), used = fact_column_find(pool(), SLICE("used"));
	assert_true(frame.values[name].text.len > WIRE_FIELD_MAX / 2 && frame.values[name].text.len <= WIRE_FIELD_MAX);
	assert_int_equal(frame.values[used].integer, 7);
	assert_int_equal(wire_next(&reader, &frame, &has_frame, &e), ERR_OK);
	assert_true(has_frame && frame.kind == WIRE_END);
	wire_reader_close(&reader);
	free(text);
}

/* Bytes that no worker sends. Each is refused in words, and none reads behind its frame. */
static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t len;
	} cases[] = {
		{ "\0\0\0\0", 4 },               /* an empty frame */
		{ "\xff\xff\xff\xff", 4 },       /* longer than any */
		{ "\1\0\0\0\0", 5 },             /* no kind */
		{ "\1\0\0\0\x63", 5 },           /* an unknown one */
		{ "\3\0\0\0\1\xff\0", 7 },       /* no such table */
		{ "\3\0\0\0\1\0\2", 7 },         /* a third look */
		{ "\3\0\0\0\1\0\0", 7 },         /* a row without values */
		{ "\2\0\0\0\3\2", 6 },           /* neither kept nor not */
		{ "\2\0\0\0\6\0", 6 },           /* something behind the end */
		{ "\5\0\0\0\4\6\xc8hi", 9 },     /* a text that is longer than its frame */
		{ "\7\0\0\0\4\7\1\0\0\0x", 11 }, /* a short text with a long head */
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct wire_reader reader = { 0 };
		struct wire_frame frame;
		struct err e = { 0 };
		bool has_frame = false;
		wire_feed(&reader, cases[i].bytes, cases[i].len);
		if (wire_next(&reader, &frame, &has_frame, &e) == ERR_OK || has_frame || !strstr(e.text, "worker sent a frame"))
			fail_msg("case %zu: '%s'", i, e.text);
		wire_reader_close(&reader);
	}
}

/* A worker that has gone mad sends rows without end: the count is of one probe. */
static void test_rows_cap(void **state)
{
	(void)state;
	struct wire_reader reader = { 0 };
	struct wire_writer writer = { .fd = -1 };
	struct wire_frame frame;
	struct err e = { 0 };
	struct fact_value values[WIRE_COLUMNS_MAX];
	bool has_frame = false;
	size_t rows = 0;
	fill(values, SLICE(""), 0);
	for (int i = 0; i < 500; i++)
		wire_row(&writer, pool(), 0, values);
	int rc = ERR_OK;
	while (!rc && rows <= (size_t)WIRE_ROWS_MAX + 500) {
		wire_feed(&reader, writer.data, writer.len);
		while (!(rc = wire_next(&reader, &frame, &has_frame, &e)) && has_frame)
			rows++;
	}
	assert_int_equal(rc, ERR_INTERNAL);
	assert_int_equal(rows, WIRE_ROWS_MAX);
	assert_non_null(strstr(e.text, "more than 1000000 rows"));
	wire_reader_close(&reader);
	wire_writer_close(&writer);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_values), cmocka_unit_test(test_cut),
					    cmocka_unit_test(test_refused), cmocka_unit_test(test_rows_cap) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
