/* Moments and seconds, as digits: no locale, no floating point, no time zone but one that is written. */
#include "log.h"

#include <string.h>

static const int64_t SECOND = 1000000, DAY = 86400 * SECOND;

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Behind a point: digits as µs; more than six are dropped. */
static const char *fraction(const char *at, const char *end, int64_t *us)
{
	int64_t unit = SECOND / 10;
	for (*us = 0; at < end && is_digit(*at); at++, unit /= 10)
		*us += (*at - '0') * unit;
	return at;
}

const char *time_seconds(const char *at, const char *end, int64_t most, int64_t *us)
{
	const char *begin = at;
	int64_t whole = 0, part = 0;
	for (; at < end && is_digit(*at) && whole <= most; at++)
		whole = whole * 10 + (*at - '0');
	if (at == begin || whole > most)
		return NULL;
	if (at < end && *at == '.')
		at = fraction(at + 1, end, &part);
	*us = whole * SECOND + part;
	return at;
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
	if (len == day->len && memcmp(at, day->text, len) == 0)
		return at + len;
	bool is_long = len == 10;
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
static const char *clock(const char *at, const char *end, int64_t *us)
{
	while (at < end && *at == ' ')
		at++;
	int width = end - at > 1 && at[1] == ':' ? 1 : 2;
	int hour = digits(at, end, width, 0, 23);
	at += width;
	if (hour < 0 || end - at < 6 || at[0] != ':' || at[3] != ':')
		return NULL;
	int minute = digits(at + 1, end, 2, 0, 59), second = digits(at + 4, end, 2, 0, 60);
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
	int hours = digits(at + 1, end, 2, 0, 23), minutes = digits(at + 4, end, 2, 0, 59);
	if (hours < 0 || minutes < 0)
		return NULL;
	*us = (*at == '-' ? -1 : 1) * (hours * 3600 + minutes * 60) * SECOND;
	return at + 6;
}

const char *time_moment(const char *at, const char *end, struct time_day *day, int64_t *us, bool *is_local)
{
	int64_t of_day, east;
	while (at < end && *at == ' ')
		at++;
	at = date(at, end, day);
	if (!at || (*at != 'T' && *at != ' '))
		return NULL;
	at = clock(at + 1, end, &of_day);
	if (!at)
		return NULL;
	const char *behind = offset(at, end, &east);
	*is_local = !behind;
	*us = day->us + of_day - east;
	return behind ? behind : at;
}
