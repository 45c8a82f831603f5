/* Moments and seconds, as digits: no locale, no floating point, no time zone but one that is written. */
#include "log.h"
#include "log_digits.h"

#include <string.h>

static const int64_t SECOND = 1000000, DAY = 86400 * SECOND;

/* Behind a point: digits as µs; more than six are dropped. */
static const char *fraction(const char *at, const char *end, int64_t *us)
{
	static const int32_t UNITS[] = { 1000000, 100000, 10000, 1000, 100, 10, 1 };
	const char *begin = at, *six = end - at > 6 ? at + 6 : end;
	uint32_t ten_times = 0;
	int32_t value = 0;
	if (end - at > 6 && eight_digits(at - 1, POINT_SIX_DIGITS, 0x00ffffffffffffffu, &ten_times)) {
		*us = ten_times / 10;
		at += 6;
	} else {
		for (; at < six && is_digit(*at); at++)
			value = value * 10 + (*at - '0');
		*us = (int64_t)value * UNITS[at - begin];
	}
	while (at < end && is_digit(*at))
		at++;
	return at;
}

const char *time_seconds(const char *at, const char *end, int64_t most, int64_t *us)
{
	const char *begin = at;
	int64_t whole = 0, part = 0;
	uint32_t eight;
	if (end - at >= 8 && eight_digits(at, EIGHT_DIGITS, UINT64_MAX, &eight)) {
		whole = eight;
		at += 8;
	}
	for (; at < end && is_digit(*at) && whole <= most; at++)
		whole = whole * 10 + (*at - '0');
	if (at == begin || whole > most)
		return NULL;
	if (at < end && *at == '.')
		at = fraction(at + 1, end, &part);
	*us = whole * SECOND + part;
	return at;
}

/* Two digits as a number of at most `most`; -1: not so. */
static int two(const char *at, int most)
{
	int value = (at[0] - '0') * 10 + (at[1] - '0');
	return is_digit(at[0]) && is_digit(at[1]) && value <= most ? value : -1;
}

/* `count` digits as a number in [least, most]; -1: not so. */
static int digits(const char *at, const char *end, int count, int least, int most)
{
	int value = 0;
	if (end - at < count)
		return -1;
	for (int i = 0; i < count; i++) {
		if (!is_digit(at[i]))
			return -1;
		value = value * 10 + (at[i] - '0');
	}
	return value < least || value > most ? -1 : value;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar, the year counted from March. */
static int64_t civil_days(int year, int month, int day)
{
	int y = month > 2 ? year : year - 1;
	int m = month > 2 ? month - 3 : month + 9;
	int64_t leap = y / 4 - y / 100 + y / 400;
	return 365 * (int64_t)y + leap + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* `2016-07-20` or `160720`: into µs at its midnight. */
static const char *date(const char *at, const char *end, struct time_day *day)
{
	uint32_t len = end - at > 10 && at[4] == '-' ? 10 : 6;
	if (end - at <= (ptrdiff_t)len)
		return NULL;
	bool is_long = len == 10;
	if (len == day->len && (is_long ? memcmp(at, day->text, 10) : memcmp(at, day->text, 6)) == 0)
		return at + len;
	int year = is_long ? digits(at, end, 4, 1, 9999) : digits(at, end, 2, 0, 99);
	int month = digits(at + (is_long ? 5 : 2), end, 2, 1, 12);
	int of_month = digits(at + (is_long ? 8 : 4), end, 2, 1, 31);
	if (year < 0 || month < 0 || of_month < 0 || (is_long && at[7] != '-'))
		return NULL;
	if (!is_long)
		year += year < 70 ? 2000 : 1900;
	day->us = civil_days(year, month, of_month) * DAY;
	day->len = len;
	memcpy(day->text, at, len);
	return at + len;
}

/* `21:43:52`, ` 1:23:34`, `5:11:01`, with a fraction or without. */
static const char *time_of_day(const char *at, const char *end, int64_t *us)
{
	while (at < end && *at == ' ')
		at++;
	if (end - at < 7)
		return NULL;
	int hour = at[1] == ':' ? is_digit(*at) ? *at - '0' : -1 : two(at, 23);
	at += at[1] == ':' ? 1 : 2;
	if (hour < 0 || end - at < 6 || at[0] != ':' || at[3] != ':')
		return NULL;
	int minute = two(at + 1, 59), second = two(at + 4, 60);
	if (minute < 0 || second < 0)
		return NULL;
	int64_t part = 0;
	at += 6;
	if (at < end && *at == '.')
		at = fraction(at + 1, end, &part);
	*us = (hour * 3600 + minute * 60 + second) * SECOND + part;
	return at;
}

/* `Z` or `+08:00`. */
static const char *offset(const char *at, const char *end, int64_t *us)
{
	*us = 0;
	if (at < end && *at == 'Z')
		return at + 1;
	if (end - at < 6 || (*at != '+' && *at != '-') || at[3] != ':')
		return NULL;
	int hours = two(at + 1, 23), minutes = two(at + 4, 59);
	if (hours < 0 || minutes < 0)
		return NULL;
	*us = (*at == '-' ? -1 : 1) * (hours * 3600 + minutes * 60) * SECOND;
	return at + 6;
}

/* `2016-07-20T18:13:25.698433Z` in the second of the moment before. */
static bool is_same_second(const char *at, const char *end, const struct time_day *day, int64_t *us)
{
	uint32_t ten_times;
	if (end - at < 27 || !day->has_second || !same(at, day->second, sizeof day->second) || at[19] != '.' || at[26] != 'Z' ||
	    !eight_digits(at + 19, POINT_SIX_DIGITS, 0x00ffffffffffffffu, &ten_times))
		return false;
	*us = day->second_us + ten_times / 10;
	return true;
}

const char *time_moment(const char *at, const char *end, struct time_day *day, int64_t *us, bool *is_local)
{
	int64_t of_day, east;
	while (at < end && *at == ' ')
		at++;
	*is_local = false;
	if (is_same_second(at, end, day, us))
		return at + 27;
	const char *begin = at;
	at = date(at, end, day);
	if (!at || (*at != 'T' && *at != ' '))
		return NULL;
	at = time_of_day(at + 1, end, &of_day);
	if (!at)
		return NULL;
	const char *behind = offset(at, end, &east);
	*is_local = !behind;
	*us = day->us + of_day - east;
	if (behind - begin == 27 && behind[-1] == 'Z' && begin[19] == '.') {
		memcpy(day->second, begin, sizeof day->second);
		day->second_us = *us - of_day % SECOND;
		day->has_second = true;
	}
	return behind ? behind : at;
}
