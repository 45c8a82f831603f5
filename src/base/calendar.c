#include "base/calendar.h"

int64_t calendar_days(int year, int month, int day)
{
	int y = month > 2 ? year : year - 1; /* counted from March, so that the leap day is the last */
	int m = month > 2 ? month - 3 : month + 9;
	return 365 * (int64_t)y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

int calendar_two(const char *at)
{
	bool is_number = at[0] >= '0' && at[0] <= '9' && at[1] >= '0' && at[1] <= '9';
	return is_number ? (at[0] - '0') * 10 + (at[1] - '0') : -1;
}

const char *calendar_time(const char *at, const char *end, int64_t *us)
{
	if (end - at < 8 || at[2] != ':' || at[5] != ':')
		return NULL;
	int hour = calendar_two(at), minute = calendar_two(at + 3), second = calendar_two(at + 6);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return NULL;
	*us = (hour * 3600 + minute * 60 + second) * CALENDAR_SECOND;
	at += 8;
	if (end - at < 2 || (*at != '.' && *at != ',') || at[1] < '0' || at[1] > '9')
		return at;
	int64_t unit = CALENDAR_SECOND;
	for (at++; at < end && *at >= '0' && *at <= '9'; at++) {
		unit /= 10;
		*us += (*at - '0') * unit;
	}
	return at;
}

const char *calendar_moment(const char *at, const char *end, int64_t *us)
{
	int64_t of_day;
	if (end - at < 19 || at[4] != '-' || at[7] != '-' || (at[10] != 'T' && at[10] != ' '))
		return NULL;
	int century = calendar_two(at), of_century = calendar_two(at + 2), month = calendar_two(at + 5), day = calendar_two(at + 8);
	if (century < 0 || of_century < 0 || month < 1 || month > 12 || day < 1 || day > 31)
		return NULL;
	int64_t days = calendar_days(century * 100 + of_century, month, day);
	at = calendar_time(at + 11, end, &of_day);
	if (at)
		*us = days * CALENDAR_DAY + of_day;
	return at;
}

int calendar_month(const char *at)
{
	static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	for (int i = 0; i < 12; i++)
		if (memcmp(at, MONTHS + 3 * (size_t)i, 3) == 0)
			return i + 1;
	return 0;
}

enum { YEARS_BACK = 40, THURSDAY = 3 }; /* 1970-01-01 was one; days of the week come again within 40 years, and no log is older */

static bool is_date(int year, int month, int day)
{
	static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1] + (month == 2 && is_leap);
}

int64_t calendar_without_year(int month, int day, int weekday, int64_t of_day_us, int64_t not_after_us)
{
	if (not_after_us <= 0)
		return INT64_MIN;
	int year = (int)(1970 + not_after_us / CALENDAR_DAY / 365); /* or the one before */
	for (int y = year + 1; y > year - YEARS_BACK; y--) {
		int64_t days = calendar_days(y, month, day), us = days * CALENDAR_DAY + of_day_us;
		bool is_weekday = weekday < 0 || (days >= 0 && (days + THURSDAY) % 7 == weekday);
		if (is_date(y, month, day) && is_weekday && us < not_after_us + CALENDAR_DAY)
			return us;
	}
	return INT64_MIN;
}
