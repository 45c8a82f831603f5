#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const int64_t YEAR_10000_US = 253402300800 * 1000000LL;

int64_t clock_now(void)
{
	int64_t fixed;
	const char *set = getenv("DBPERF_NOW");
	if (set && slice_int64(slice_of(set), &fixed) && fixed >= 0 && fixed < YEAR_10000_US)
		return fixed;
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_monotonic(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Seconds rounded down also before 1970; a moment whose year has no four digits prints as "-". */
static bool split(int64_t us, struct tm *tm, int *fraction, bool local)
{
	int64_t seconds = us / 1000000;
	int64_t rest = us % 1000000;
	if (rest < 0) {
		rest += 1000000;
		seconds--;
	}
	*fraction = (int)rest;
	time_t t = (time_t)seconds;
	return (local ? localtime_r(&t, tm) : gmtime_r(&t, tm)) && tm->tm_year >= -900 && tm->tm_year < 8100;
}

char *clock_text(char text[CLOCK_TEXT], int64_t us)
{
	struct tm tm;
	int fraction;
	if (!split(us, &tm, &fraction, true)) {
		snprintf(text, CLOCK_TEXT, "-");
		return text;
	}
	long offset = tm.tm_gmtoff / 60;
	char sign = offset < 0 ? '-' : '+';
	offset = labs(offset);
	snprintf(text, CLOCK_TEXT, "%04d-%02d-%02d %02d:%02d:%02d %c%02ld:%02ld", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		 tm.tm_hour, tm.tm_min, tm.tm_sec, sign, offset / 60, offset % 60);
	return text;
}

char *clock_iso(char text[CLOCK_TEXT], int64_t us)
{
	struct tm tm;
	int fraction;
	if (!split(us, &tm, &fraction, false)) {
		snprintf(text, CLOCK_TEXT, "-");
		return text;
	}
	snprintf(text, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		 tm.tm_min, tm.tm_sec, fraction);
	return text;
}

char *clock_short(char text[CLOCK_TEXT], int64_t us, int64_t now)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct tm tm, today;
	int fraction;
	if (!split(us, &tm, &fraction, true) || !split(now, &today, &fraction, true))
		snprintf(text, CLOCK_TEXT, "-");
	else if (tm.tm_year == today.tm_year && tm.tm_yday == today.tm_yday)
		snprintf(text, CLOCK_TEXT, "%02d:%02d", tm.tm_hour, tm.tm_min);
	else if (tm.tm_year == today.tm_year)
		snprintf(text, CLOCK_TEXT, "%d %s", tm.tm_mday, months[tm.tm_mon]);
	else
		snprintf(text, CLOCK_TEXT, "%d %s %d", tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900);
	return text;
}

static size_t count_of(struct slice s, char c)
{
	size_t count = 0;
	for (size_t i = 0; i < s.len; i++)
		count += s.ptr[i] == c;
	return count;
}

bool clock_parse(struct slice s, int64_t *us)
{
	char text[32];
	s = slice_trim(s);
	if (s.len == 0 || s.len >= sizeof text)
		return false;
	memcpy(text, s.ptr, s.len);
	text[s.len] = 0;
	struct tm tm = { .tm_isdst = -1, .tm_mday = 1 };
	int used = 0;
	int n = sscanf(text, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &used);
	if (n != 3)
		return false;
	if (text[used]) {
		char separator;
		int end = 0;
		const char *rest = text + used;
		n = sscanf(rest, "%c%2d:%2d%n:%2d%n", &separator, &tm.tm_hour, &tm.tm_min, &end, &tm.tm_sec, &end);
		if (n < 3 || rest[end] || (separator != ' ' && separator != 'T'))
			return false;
	}
	if (count_of(s, '-') != 2 || count_of(s, '+') || tm.tm_year < 1970 || tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 59)
		return false; /* sscanf takes signs */
	tm.tm_year -= 1900;
	tm.tm_mon--;
	struct tm given = tm;
	*us = (int64_t)mktime(&tm) * 1000000;
	return tm.tm_mday == given.tm_mday && tm.tm_mon == given.tm_mon &&
	       tm.tm_year == given.tm_year; /* 30 February is another day */
}
