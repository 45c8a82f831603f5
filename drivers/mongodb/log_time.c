/* Moments of logs: digits only, no locale, no zone but one that is written. */
#include "log.h"

static const int64_t SECOND = 1000000, DAY = 86400 * (int64_t)1000000;

static int two(const char *at)
{
	bool is_number = at[0] >= '0' && at[0] <= '9' && at[1] >= '0' && at[1] <= '9';
	return is_number ? (at[0] - '0') * 10 + (at[1] - '0') : -1;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar, the year counted from March. */
static int64_t civil_days(int year, int month, int day)
{
	int y = month > 2 ? year : year - 1;
	int m = month > 2 ? month - 3 : month + 9;
	return 365 * (int64_t)y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* `15:20:19.328` or without a fraction; the place behind it. */
static const char *time_of_day(const char *at, const char *end, int64_t *us)
{
	if (end - at < 8 || at[2] != ':' || at[5] != ':')
		return NULL;
	int hour = two(at), minute = two(at + 3), second = two(at + 6);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return NULL;
	*us = (hour * 3600 + minute * 60 + second) * SECOND;
	at += 8;
	if (at == end || *at != '.')
		return at;
	int64_t unit = SECOND;
	for (at++; at < end && *at >= '0' && *at <= '9'; at++) {
		unit /= 10;
		*us += (*at - '0') * unit;
	}
	return at;
}

/* `Z`, `+08:00`, `+0800`, or nothing: then it is local. */
static const char *offset(const char *at, const char *end, int64_t *us, bool *is_local)
{
	*us = 0;
	*is_local = false;
	if (at < end && *at == 'Z')
		return at + 1;
	if (end - at < 5 || (*at != '+' && *at != '-')) {
		*is_local = true;
		return at;
	}
	bool has_colon = at[3] == ':';
	int hours = two(at + 1), minutes = has_colon && end - at < 6 ? -1 : two(at + 3 + has_colon);
	if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59)
		return NULL;
	*us = (*at == '-' ? -1 : 1) * (hours * 3600 + minutes * 60) * SECOND;
	return at + 5 + has_colon;
}

const char *time_iso(const char *at, const char *end, int64_t *us, bool *is_local)
{
	int64_t of_day, east;
	if (end - at < 19 || at[4] != '-' || at[7] != '-' || (at[10] != 'T' && at[10] != ' '))
		return NULL;
	int century = two(at), of_century = two(at + 2), month = two(at + 5), day = two(at + 8);
	if (century < 0 || of_century < 0 || month < 1 || month > 12 || day < 1 || day > 31)
		return NULL;
	int64_t days = civil_days(century * 100 + of_century, month, day);
	at = time_of_day(at + 11, end, &of_day);
	at = at ? offset(at, end, &east, is_local) : NULL;
	if (at)
		*us = days * DAY + of_day - east;
	return at;
}

/* 1 to 12; 0 none. */
static int month_of(const char *at)
{
	static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	for (int i = 0; i < 12; i++)
		if (memcmp(at, MONTHS + 3 * (size_t)i, 3) == 0)
			return i + 1;
	return 0;
}

/* The latest moment of this day and month that is not a day after `modified_us`. */
static int64_t with_year(int month, int day, int64_t of_day, int64_t modified_us)
{
	int year = (int)(1970 + modified_us / DAY / 365); /* or one less */
	for (int y = year + 1; y > year - 3; y--) {
		int64_t us = civil_days(y, month, day) * DAY + of_day;
		if (us < modified_us + DAY)
			return us;
	}
	return INT64_MIN;
}

const char *time_ctime(const char *at, const char *end, int64_t modified_us, int64_t *us)
{
	static const char DAYS[] = "MonTueWedThuFriSatSun";
	int64_t of_day;
	if (end - at < 19 || at[3] != ' ' || at[7] != ' ' || at[10] != ' ')
		return NULL;
	bool is_day = false;
	for (int i = 0; i < 7; i++)
		is_day |= memcmp(at, DAYS + 3 * (size_t)i, 3) == 0;
	int month = month_of(at + 4);
	int day = at[8] == ' ' ? at[9] - '0' : two(at + 8);
	if (!is_day || !month || day < 1 || day > 31)
		return NULL;
	at = time_of_day(at + 11, end, &of_day);
	if (at)
		*us = modified_us > 0 ? with_year(month, day, of_day, modified_us) : INT64_MIN;
	return at;
}
