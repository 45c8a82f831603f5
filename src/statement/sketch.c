#include "statement/sketch.h"

#include <math.h>
#include <stdlib.h>

enum { OCTAVE = 35, GRAIN = 32 /* buckets that the range grows by */, VERSION = 1 };

/* 2 * gamma / (1 + gamma). */
static const double MIDDLE = 1.00990177895300304517;

/* 2^63 * 2^(i / 35), rounded up: where bucket i of an octave begins. */
static const uint64_t BEGIN[OCTAVE] = {
	0x8000000000000000, 0x828f69a92a6bd402, 0x852bef4e0b5e38bc, 0x87d5d40ea72ef913, 0x8a8d5c62b775133f, 0x8d52ce208af3eb23,
	0x9026708408bc0932, 0x93088c35d733a4b6, 0x95f96b52a7bed348, 0x98f95972a7c2e49f, 0x9c08a3b117c43215, 0x9f2798b409617cbd,
	0xa25688b444f3dbd0, 0xa595c585579e3855, 0xa8e5a29dca9b622c, 0xac46751f849deee5, 0xafb893e056194c24, 0xb33c5772b14fbe47,
	0xb6d21a2e8f056939, 0xba7a383a80bcfcbc, 0xbe350f94f1673025, 0xc203001d9572e35d, 0xc5e46b9f0b307cd0, 0xc9d9b5d8ac7ff620,
	0xcde3448892c5fc7e, 0xd2017f75ce2995d4, 0xd634d07ad120e231, 0xda7da3901158d184, 0xdedc66d6df09010b, 0xe3518aa473ca6ae3,
	0xe7dd818d3a0d24f8, 0xec80c0704e4f1c07, 0xf13bbe833b3b83db, 0xf60ef55df1e0a045, 0xfafae106ff2f92bd,
};

/* The bucket in which the 64th parts of an octave begin; the next one begins in the same part at the earliest. */
static const uint8_t FIRST[64] = {
	0,  0,  1,  2,  3,  3,  4,  5,  5,  6,  7,  8,  8,  9,  9,  10, 11, 11, 12, 13, 13, 14,
	14, 15, 16, 16, 17, 17, 18, 18, 19, 19, 20, 20, 21, 22, 22, 23, 23, 24, 24, 24, 25, 25,
	26, 26, 27, 27, 28, 28, 29, 29, 30, 30, 30, 31, 31, 32, 32, 32, 33, 33, 34, 34,
};

static unsigned bucket_of(uint64_t us)
{
	if (!us)
		return 0;
	unsigned zeros = (unsigned)__builtin_clzll(us);
	uint64_t scaled = us << zeros;
	unsigned i = FIRST[scaled >> 57 & 63];
	i += i + 1 < OCTAVE && scaled >= BEGIN[i + 1];
	return 1 + (63 - zeros) * OCTAVE + i;
}

/* The first whole number in a bucket or behind it. */
static uint64_t begin_of(unsigned bucket)
{
	if (bucket >= SKETCH_BUCKETS)
		return (uint64_t)1 << 63;
	unsigned shift = 63 - (bucket - 1) / OCTAVE;
	uint64_t scaled = BEGIN[(bucket - 1) % OCTAVE];
	return (scaled >> shift) + ((scaled & (((uint64_t)1 << shift) - 1)) != 0);
}

/* What a bucket stands for: its one whole number, or its middle. */
static double value_of(unsigned bucket)
{
	if (!bucket)
		return 0;
	uint64_t first = begin_of(bucket), next = begin_of(bucket + 1);
	if (next - first <= 1)
		return (double)first;
	return ldexp((double)BEGIN[(bucket - 1) % OCTAVE] * MIDDLE, (int)((bucket - 1) / OCTAVE) - 63);
}

static uint64_t get(const struct sketch *s, size_t i)
{
	switch (s->width) {
	case 0:
		return ((const uint8_t *)s->counts)[i];
	case 1:
		return ((const uint16_t *)s->counts)[i];
	case 2:
		return ((const uint32_t *)s->counts)[i];
	default:
		return ((const uint64_t *)s->counts)[i];
	}
}

static void set(struct sketch *s, size_t i, uint64_t count)
{
	switch (s->width) {
	case 0:
		((uint8_t *)s->counts)[i] = (uint8_t)count;
		return;
	case 1:
		((uint16_t *)s->counts)[i] = (uint16_t)count;
		return;
	case 2:
		((uint32_t *)s->counts)[i] = (uint32_t)count;
		return;
	default:
		((uint64_t *)s->counts)[i] = count;
	}
}

/* Moves the counts into memory for the given buckets, which hold all in use, and width. */
static void reshape(struct sketch *s, unsigned base, unsigned size, unsigned width)
{
	struct sketch grown = { .base = (uint16_t)base, .size = (uint16_t)size, .width = (uint8_t)width, .square = s->square };
	grown.counts = calloc(size, (size_t)1 << width);
	if (!grown.counts)
		err_no_memory((size_t)size << width);
	for (size_t i = 0; i < s->size; i++) {
		uint64_t count = get(s, i);
		if (count)
			set(&grown, i + s->base - base, count);
	}
	free(s->counts);
	*s = grown;
}

static void cover(struct sketch *s, unsigned bucket)
{
	unsigned low = bucket, high = bucket + 1;
	if (s->size) {
		low = low < s->base ? low : s->base;
		high = high > (unsigned)s->base + s->size ? high : (unsigned)s->base + s->size;
	}
	low -= low % GRAIN;
	high += (GRAIN - high % GRAIN) % GRAIN;
	reshape(s, low, high - low, s->width);
}

static unsigned width_for(uint64_t count)
{
	return count <= UINT8_MAX ? 0 : count <= UINT16_MAX ? 1 : count <= UINT32_MAX ? 2 : 3;
}

static void add_to_bucket(struct sketch *s, unsigned bucket, uint64_t count)
{
	if (bucket < s->base || bucket >= (unsigned)s->base + s->size)
		cover(s, bucket);
	uint64_t before = get(s, bucket - s->base), after = before + count;
	after = after < before ? UINT64_MAX : after;
	if (width_for(after) > s->width)
		reshape(s, s->base, s->size, width_for(after));
	set(s, bucket - s->base, after);
}

void sketch_add(struct sketch *s, int64_t us, uint64_t count)
{
	uint64_t n = us < 0 ? 0 : (uint64_t)us;
	if (!count)
		return;
	s->square += (uint128)n * n * count;
	add_to_bucket(s, bucket_of(n), count);
}

void sketch_merge(struct sketch *s, const struct sketch *other)
{
	s->square += other->square;
	for (size_t i = 0; i < other->size; i++) {
		uint64_t count = get(other, i);
		if (count)
			add_to_bucket(s, other->base + (unsigned)i, count);
	}
}

uint64_t sketch_count(const struct sketch *s)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < s->size; i++)
		if (__builtin_add_overflow(sum, get(s, i), &sum))
			return UINT64_MAX;
	return sum;
}

bool sketch_quantile(const struct sketch *s, double q, double *us)
{
	uint64_t count = sketch_count(s), seen = 0;
	if (!count || !(q >= 0 && q <= 1))
		return false;
	double wanted = ceil(q * (double)count); /* nearest rank: so many do not pass it */
	size_t last = 0;
	for (size_t i = 0; i < s->size; i++) {
		uint64_t more = get(s, i);
		if (!more)
			continue;
		last = i;
		seen += more;
		if ((double)seen >= wanted)
			break;
	}
	*us = value_of(s->base + (unsigned)last);
	return true;
}

double sketch_share(const struct sketch *s, double us)
{
	double seen = 0, count = (double)sketch_count(s);
	for (size_t i = 0; i < s->size && value_of(s->base + (unsigned)i) <= us; i++)
		seen += (double)get(s, i);
	return count > 0 ? seen / count : 0;
}

static void put_number(struct buffer *out, uint64_t n)
{
	for (; n >= 0x80; n >>= 7)
		buffer_char(out, (char)(n | 0x80));
	buffer_char(out, (char)n);
}

void sketch_write(const struct sketch *s, struct buffer *out)
{
	size_t written = 0; /* buckets that are told */
	buffer_char(out, VERSION);
	put_number(out, (uint64_t)s->square);
	put_number(out, (uint64_t)(s->square >> 64));
	for (size_t i = 0; i < s->size; i++) {
		size_t end = i;
		while (end < s->size && get(s, end))
			end++;
		if (end == i)
			continue;
		put_number(out, i + s->base - written);
		put_number(out, end - i);
		for (; i < end; i++)
			put_number(out, get(s, i));
		written = end + s->base;
	}
}

/* Takes a number off the front; false when there is none or it could be shorter. */
static bool take_number(struct slice *bytes, uint64_t *n)
{
	*n = 0;
	for (unsigned shift = 0; bytes->len && shift < 64; shift += 7) {
		unsigned char c = (unsigned char)*bytes->ptr++;
		bytes->len--;
		if (shift == 63 && c > 1)
			return false;
		*n |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80)
			return c || !shift;
	}
	return false;
}

/* Reads the buckets; into nothing when s is NULL, to see whether they are good. */
static bool take_buckets(struct sketch *s, struct slice bytes)
{
	uint64_t bucket = 0, skipped, run, count;
	for (bool is_first = true; bytes.len; is_first = false) {
		if (!take_number(&bytes, &skipped) || !take_number(&bytes, &run) || !run || (!is_first && !skipped) ||
		    skipped > SKETCH_BUCKETS || run > SKETCH_BUCKETS || bucket + skipped + run > SKETCH_BUCKETS)
			return false;
		bucket += skipped;
		for (uint64_t end = bucket + run; bucket < end; bucket++) {
			if (!take_number(&bytes, &count) || !count)
				return false;
			if (s)
				add_to_bucket(s, (unsigned)bucket, count);
		}
	}
	return true;
}

bool sketch_merge_bytes(struct sketch *s, struct slice bytes)
{
	uint64_t low, high;
	if (!bytes.len || bytes.len > SKETCH_BYTES_MAX || bytes.ptr[0] != VERSION)
		return false;
	bytes = (struct slice){ bytes.ptr + 1, bytes.len - 1 };
	if (!take_number(&bytes, &low) || !take_number(&bytes, &high) || !take_buckets(NULL, bytes))
		return false;
	s->square += (uint128)high << 64 | low;
	return take_buckets(s, bytes);
}

void sketch_close(struct sketch *s)
{
	free(s->counts);
	*s = (struct sketch){ 0 };
}
