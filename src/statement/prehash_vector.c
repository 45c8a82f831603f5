/* The pre-hash's path for processors with AVX2: 32 bytes at once. */
#include <string.h>

#include "statement/prehash_fold.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi")))

bool prehash_has_vector(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
}

AVX2 static inline uint32_t mask_of(__m256i v)
{
	return (uint32_t)_mm256_movemask_epi8(v);
}

/* All bits of each byte that lies between, signed. */
AVX2 static inline __m256i between(__m256i v, char low, char high)
{
	return _mm256_and_si256(_mm256_cmpgt_epi8(v, _mm256_set1_epi8((char)(low - 1))),
				_mm256_cmpgt_epi8(_mm256_set1_epi8((char)(high + 1)), v));
}

/* Which of the 32 bytes, in lower case, need a look; `before` is the folded byte before them. */
AVX2 static inline uint32_t looks(__m256i v, __m256i stops, char before)
{
	uint32_t high = mask_of(v);
	uint32_t space = mask_of(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(' ')));
	uint32_t digit = mask_of(between(v, '0', '9'));
	uint32_t word =
		mask_of(_mm256_or_si256(between(v, 'a', 'z'), _mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('_')),
									      _mm256_cmpeq_epi8(v, _mm256_set1_epi8('$'))))) |
		digit | high;
	uint32_t control = mask_of(_mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), v)) & ~high;
	__m256i is_twenty = _mm256_cmpeq_epi8(_mm256_and_si256(v, _mm256_set1_epi8((char)0xf0)), _mm256_set1_epi8(0x20));
	uint32_t stop = mask_of(_mm256_and_si256(is_twenty, _mm256_shuffle_epi8(stops, v)));
	uint32_t tick = mask_of(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('`')));
	uint32_t blank_before = space << 1 | (uint32_t)fold_is_blank(before);
	uint32_t word_before = word << 1 | (uint32_t)fold_is_word(before);
	return control | stop | tick | (space & blank_before) | (digit & ~word_before);
}

AVX2 static void copy(struct fold *f)
{
	__m256i stops = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)f->stops));
	stops = _mm256_cmpgt_epi8(stops, _mm256_setzero_si256());
	while (f->p < f->end && f->out < f->limit) {
		size_t left = (size_t)(f->end - f->p);
		char tail[FOLD_STRIDE];
		const char *from = f->p;
		if (left < FOLD_STRIDE) {
			memset(tail, 0, sizeof tail);
			memcpy(tail, f->p, left);
			from = tail;
		}
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)from);
		v = _mm256_add_epi8(v, _mm256_and_si256(between(v, 'A', 'Z'), _mm256_set1_epi8(0x20)));
		uint32_t mask = looks(v, stops, f->out[-1]);
		size_t count = mask ? (size_t)__builtin_ctz(mask) : FOLD_STRIDE;
		_mm256_storeu_si256((__m256i *)(void *)f->out, v);
		count = count < left ? count : left;
		f->p += count;
		f->out += count;
		if (count < FOLD_STRIDE)
			return;
	}
}

AVX2 static const char *find(const char *p, const char *end, char quote, char escape)
{
	__m256i quotes = _mm256_set1_epi8(quote), escapes = _mm256_set1_epi8(escape);
	for (; end - p >= FOLD_STRIDE; p += FOLD_STRIDE) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
		uint32_t mask = mask_of(_mm256_or_si256(_mm256_cmpeq_epi8(v, quotes), _mm256_cmpeq_epi8(v, escapes)));
		if (mask)
			return p + __builtin_ctz(mask);
	}
	return FOLD_SCALAR.find(p, end, quote, escape);
}

const struct fold_path FOLD_VECTOR = { copy, find };

#else

bool prehash_has_vector(void)
{
	return false;
}

const struct fold_path FOLD_VECTOR = { NULL, NULL };

#endif
