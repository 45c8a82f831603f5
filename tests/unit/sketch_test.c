/* The latency sketch against exact quantiles, merged in any order, and as bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "statement/sketch.h"

enum { VALUES = 20000 };

/* xorshift64*: the same numbers everywhere. */
static uint64_t next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1d;
}

static double unit(uint64_t *state)
{
	return (double)(next(state) >> 11) / 9007199254740992.0;
}

static int64_t shape(int which, uint64_t *state)
{
	double u = unit(state);
	switch (which) {
	case 0:
		return (int64_t)(u * 100); /* small whole numbers */
	case 1:
		return (int64_t)(1000 + u * 9000);
	case 2:
		return (int64_t)exp(u * 30); /* thirteen decades */
	case 3:
		return (int64_t)(500 / pow(1 - u, 1.3)); /* a long tail */
	default:
		return u < 0.9 ? 200 : 3000000; /* two peaks */
	}
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void test_quantiles(void **state)
{
	(void)state;
	static const double shares[] = { 0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1 };
	static int64_t values[VALUES];
	for (int which = 0; which < 5; which++) {
		SCOPED_SKETCH sketch = { 0 };
		uint64_t random = 88172645463325252u + (uint64_t)which;
		for (size_t i = 0; i < VALUES; i++) {
			values[i] = shape(which, &random);
			sketch_add(&sketch, values[i], 1);
		}
		qsort(values, VALUES, sizeof *values, compare);
		assert_int_equal(sketch_count(&sketch), VALUES);
		for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
			double exact = (double)values[shares[i] > 0 ? (size_t)ceil(shares[i] * VALUES) - 1 : 0], found = -1;
			assert_true(sketch_quantile(&sketch, shares[i], &found));
			if (fabs(found - exact) > exact * 0.01)
				fail_msg("shape %d, quantile %g: %g instead of %g", which, shares[i], found, exact);
		}
	}
}

/* Every boundary between two buckets, and the ends of the range. */
static void test_each_value(void **state)
{
	(void)state;
	for (int shift = 0; shift < 63; shift++)
		for (int64_t step = -3; step <= 67; step++) {
			int64_t base = (int64_t)1 << shift, us = (int64_t)((uint64_t)base + (uint64_t)((base >> 6) * step));
			SCOPED_SKETCH sketch = { 0 };
			double found;
			us = us < 0 ? INT64_MAX : us;
			sketch_add(&sketch, us, 3);
			assert_true(sketch_quantile(&sketch, 0.5, &found));
			assert_true(fabs(found - (double)us) <= (double)us * 0.01);
		}
	SCOPED_SKETCH small = { 0 };
	double found;
	assert_false(sketch_quantile(&small, 0.5, &found));
	sketch_add(&small, -5, 1);
	sketch_add(&small, 7, 0);
	assert_true(sketch_quantile(&small, 1, &found) && found == 0);
	assert_false(sketch_quantile(&small, 1.5, &found));
	assert_false(sketch_quantile(&small, NAN, &found));
}

static void fill(struct sketch *sketch, uint64_t seed, int count)
{
	for (int i = 0; i < count; i++)
		sketch_add(sketch, shape(i % 5, &seed), 1 + next(&seed) % 300);
}

static void assert_same(struct buffer *a, struct buffer *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->data, b->data, a->len);
}

static void test_merge(void **state)
{
	(void)state;
	SCOPED_BUFFER whole = BUFFER(SKETCH_BYTES_MAX, "sketch");
	SCOPED_BUFFER forward = BUFFER(SKETCH_BYTES_MAX, "sketch");
	SCOPED_BUFFER backward = BUFFER(SKETCH_BYTES_MAX, "sketch");
	SCOPED_BUFFER part = BUFFER(SKETCH_BYTES_MAX, "sketch");
	SCOPED_SKETCH all = { 0 }, up = { 0 }, down = { 0 };
	for (int i = 0; i < 6; i++) {
		SCOPED_SKETCH one = { 0 }, other = { 0 };
		fill(&all, 1000 + (uint64_t)i, 50 << i);
		fill(&one, 1000 + (uint64_t)i, 50 << i);
		fill(&other, 1005 - (uint64_t)i, 50 << (5 - i));
		buffer_reset(&part);
		sketch_write(&one, &part);
		assert_true(sketch_merge_bytes(&up, buffer_view(&part)));
		sketch_merge(&down, &other);
	}
	sketch_write(&all, &whole);
	sketch_write(&up, &forward);
	sketch_write(&down, &backward);
	assert_same(&whole, &forward);
	assert_same(&whole, &backward);
	assert_true(all.square == up.square && all.square == down.square && all.square >> 64 > 0);
}

static void test_size(void **state)
{
	(void)state;
	SCOPED_SKETCH sketch = { 0 };
	SCOPED_BUFFER bytes = BUFFER(SKETCH_BYTES_MAX, "sketch");
	uint64_t random = 5;
	for (int i = 0; i < 1000000; i++)
		sketch_add(&sketch, (int64_t)(1000 * exp(2.3 * unit(&random))), 1); /* a decade */
	sketch_write(&sketch, &bytes);
	assert_in_range(bytes.len, 100, 300);
}

/* What is no sketch, or one written another way, is refused and changes nothing. */
static void test_bad_bytes(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {
		{ "", 0 },
		{ "\0\0\0", 3 },
		{ "\2\0\0", 3 },
		{ "\1", 1 },
		{ "\1\0", 2 },
		{ "\1\0\0\1", 4 },
		{ "\1\0\0\1\1", 5 },
		{ "\1\0\0\1\1\0", 6 },
		{ "\1\0\0\1\0", 5 },
		{ "\1\0\0\1\1\x80\0", 7 },
		{ "\1\0\0\1\1\1\0\1\1", 9 }, /* a run behind a run */
		{ "\1\0\0\xff\x7f\1\1", 7 },
		{ "\1\0\0\1\xff\x7f\1", 7 },
		{ "\1\x80\x80\x80\x80\x80\x80\x80\x80\x80\2\0", 12 },
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		SCOPED_SKETCH sketch = { 0 };
		if (sketch_merge_bytes(&sketch, (struct slice){ bad[i].bytes, bad[i].len }))
			fail_msg("taken: %zu", i);
		assert_true(!sketch.size && !sketch.square);
	}
	SCOPED_SKETCH good = { 0 };
	assert_true(sketch_merge_bytes(&good, SLICE("\1\5\0\1\2\1\x80\1")));
	assert_int_equal(sketch_count(&good), 129);
	assert_true(sketch_merge_bytes(&good, SLICE("\1\0\0")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quantiles), cmocka_unit_test(test_each_value), cmocka_unit_test(test_merge),
		cmocka_unit_test(test_size),      cmocka_unit_test(test_bad_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
