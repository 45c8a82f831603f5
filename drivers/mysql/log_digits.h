/* Digits, eight at a time where they stand so: most of a slow log's header is numbers. */
#ifndef DRIVERS_MYSQL_LOG_DIGITS_H
#define DRIVERS_MYSQL_LOG_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/** Whether eight bytes at `at` of both are the same. */
static inline bool same_8(const char *a, const char *b, size_t at)
{
	uint64_t x, y;
	memcpy(&x, a + at, 8);
	memcpy(&y, b + at, 8);
	return x == y;
}

/** memcmp without its call, of which a header would need many. */
static inline bool same(const char *a, const char *b, size_t len)
{
	size_t at = 0;
	if (len >= 8) {
		for (; at + 8 < len; at += 8)
			if (!same_8(a, b, at))
				return false;
		return same_8(a, b, len - 8);
	}
	while (at < len && a[at] == b[at])
		at++;
	return at == len;
}

/* What the eight bytes are when each digit is 0, first byte lowest. A point, which the caller knows to be one, is a 0. */
#define EIGHT_DIGITS 0x3030303030303030u     /* 00000000 */
#define POINT_SIX_DIGITS 0x303030303030302eu /* .000000? */
#define DIGIT_POINT_SIX 0x3030303030302e30u  /* 0.000000 */

/**
 * Reads eight bytes as one decimal number. `zero`: above. `kept`: bytes that count; others are 0. 0: they are no digits, or
 * the machine's order of bytes is not that of these constants. Digits are added up in pairs within one word.
 */
static inline bool eight_digits(const char *at, uint64_t zero, uint64_t kept, uint32_t *value)
{
	uint64_t x;
	memcpy(&x, at, 8);
	x = (x ^ zero) & kept;
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ || ((x + 0x7676767676767676u) | x) & 0x8080808080808080u)
		return false;
	x = (x * (1 + (10 << 8))) >> 8;
	x = ((x & 0x00ff00ff00ff00ffu) * (1 + (100ull << 16))) >> 16;
	x = ((x & 0x0000ffff0000ffffu) * (1 + (10000ull << 32))) >> 32;
	*value = (uint32_t)x;
	return true;
}

#endif
