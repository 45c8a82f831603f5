/* Moments of logs: digits only, no locale, no zone but one that is written. */
#include "log.h"
#include "base/calendar.h"

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
	int hours = calendar_two(at + 1), minutes = has_colon && end - at < 6 ? -1 : calendar_two(at + 3 + has_colon);
	if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59)
		return NULL;
	*us = (*at == '-' ? -1 : 1) * (hours * 3600 + minutes * 60) * CALENDAR_SECOND;
	return at + 5 + has_colon;
}

const char *time_iso(const char *at, const char *end, int64_t *us, bool *is_local)
{
	int64_t wall, east = 0;
	at = calendar_moment(at, end, &wall);
	at = at ? offset(at, end, &east, is_local) : NULL;
	if (at)
		*us = wall - east;
	return at;
}

const char *time_ctime(const char *at, const char *end, int64_t modified_us, int64_t *us)
{
	static const char DAYS[] = "MonTueWedThuFriSatSun";
	int64_t of_day;
	if (end - at < 19 || at[3] != ' ' || at[7] != ' ' || at[10] != ' ')
		return NULL;
	int weekday = 0;
	while (weekday < 7 && memcmp(at, DAYS + 3 * (size_t)weekday, 3) != 0)
		weekday++;
	int month = calendar_month(at + 4);
	int day = at[8] == ' ' ? at[9] - '0' : calendar_two(at + 8);
	if (weekday == 7 || !month || day < 1 || day > 31)
		return NULL;
	at = calendar_time(at + 11, end, &of_day);
	if (at)
		*us = calendar_without_year(month, day, weekday, of_day, modified_us);
	return at;
}
