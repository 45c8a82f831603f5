/*
 * Times and numbers of a log, read in place. A numeric offset is applied; an abbreviation cannot be (CST is three zones),
 * so the time stays local and the abbreviation goes to the host.
 */
#include "log.h"

enum { DAYS_TO_1970 = 719468, MS_DIGITS_MOST = 12 };

static const int64_t SECOND_US = 1000000;

/* Days since 1970 of a date of the Gregorian calendar: years begin in March, so that the leap day is the last. */
static int64_t days_of(int64_t year, unsigned month, unsigned day)
{
	int64_t y = year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	unsigned of_era = (unsigned)(y - era * 400);
	unsigned of_year = (153 * (month + (month > 2 ? -3u : 9u)) + 2) / 5 + day - 1;
	return era * 146097 + (int64_t)(of_era * 365 + of_era / 4 - of_era / 100 + of_year) - DAYS_TO_1970;
}

/* Two digits up to `most`, else 255. */
static unsigned two(const char *at, unsigned most)
{
	unsigned tens = (unsigned)(unsigned char)at[0] - '0', ones = (unsigned)(unsigned char)at[1] - '0';
	unsigned value = tens * 10 + ones;
	return tens > 9 || ones > 9 || value > most ? 255 : value;
}

/* ".405", if it stands here. */
static const char *fraction_read(const char *at, const char *end, int64_t *us)
{
	if (end - at < 2 || *at != '.' || !is_digit(at[1]))
		return at;
	if (end - at > 4 && is_digit(at[2]) && is_digit(at[3]) && !is_digit(at[4])) {
		*us += ((at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0')) * 1000;
		return at + 4;
	}
	int64_t unit = SECOND_US;
	for (at++; at < end && is_digit(*at); at++) {
		unit /= 10;
		*us += (*at - '0') * unit;
	}
	return at;
}

/* "14:23:49[.405]": µs of the day; NULL when it is none. A leap second counts as the next one. */
static const char *clock_read(const char *at, const char *end, int64_t *us)
{
	if (end - at < 8 || at[2] != ':' || at[5] != ':')
		return NULL;
	unsigned hour = two(at, 24), minute = two(at + 3, 59), second = two(at + 6, 60);
	if (hour == 255 || minute == 255 || second == 255)
		return NULL;
	*us = (int64_t)(hour * 3600 + minute * 60 + second) * SECOND_US;
	return fraction_read(at + 8, end, us);
}

/* "+02", "-0330", "+05:30": minutes east. */
static const char *offset_read(const char *at, const char *end, int64_t *minutes)
{
	if (end - at < 3 || (*at != '+' && *at != '-'))
		return NULL;
	int64_t sign = *at == '-' ? -1 : 1;
	unsigned hours = two(at + 1, 15), rest = 0;
	if (hours == 255)
		return NULL;
	at += 3;
	const char *more = at < end && *at == ':' ? at + 1 : at;
	if (end - more >= 2 && (rest = two(more, 59)) != 255)
		at = more + 2;
	else
		rest = 0;
	*minutes = sign * (int64_t)(hours * 60 + rest);
	return at;
}

/* The zone behind a time; where none stands, `at` itself. */
static const char *zone_read(const char *at, const char *end, struct head *head)
{
	const char *word = at, *text = NULL;
	int64_t minutes = 0;
	if (word < end && *word == ' ')
		word++;
	const char *last = offset_read(word, end, &minutes);
	if (last) {
		head->at_us -= minutes * 60 * SECOND_US;
		return last;
	}
	for (last = word; last < end && *last >= 'A' && *last <= 'Z'; last++)
		;
	size_t len = (size_t)(last - word);
	bool is_zone = len >= 1 && len <= 6 && !(last < end && *last == ':' && label_read(word, end, &text));
	if (is_zone && ((len == 3 && (memcmp(word, "UTC", 3) == 0 || memcmp(word, "GMT", 3) == 0)) || (len == 1 && *word == 'Z')))
		return last;
	head->flags |= DBPERF_LOG_IS_LOCAL;
	if (!is_zone || (len == 1 && word == at))
		return at;
	head->fields[FIELD_ZONE] = text_of(word, len);
	return last;
}

__attribute__((noinline)) void clear(void *at, size_t len)
{
	memset(at, 0, len);
}

void head_reset(struct head *head)
{
	struct minute *minute = head->minute;
	clear(head, sizeof *head);
	head->at_us = INT64_MIN;
	head->minute = minute;
}

/* "2026-11-22 14:23:" or with T: µs since 1970. */
static bool minute_read(const char *at, int64_t *us)
{
	if (at[4] != '-' || at[7] != '-' || (at[10] != ' ' && at[10] != 'T') || at[13] != ':' || at[16] != ':')
		return false;
	unsigned century = two(at, 99), year = two(at + 2, 99), month = two(at + 5, 12), day = two(at + 8, 31);
	unsigned hour = two(at + 11, 24), minute = two(at + 14, 59);
	if (century == 255 || year == 255 || month == 255 || month == 0 || day == 255 || day == 0 || hour == 255 || minute == 255)
		return false;
	*us = (days_of(century * 100 + year, month, day) * 86400 + hour * 3600 + minute * 60) * SECOND_US;
	return true;
}

const char *time_read(const char *at, const char *end, struct head *head)
{
	struct minute *known = head->minute;
	int64_t us;
	if (end - at < MINUTE_BYTES + 2)
		return NULL;
	if (known && memcmp(at, known->text, MINUTE_BYTES) == 0) {
		us = known->us;
	} else {
		if (!minute_read(at, &us))
			return NULL;
		if (known) {
			memcpy(known->text, at, MINUTE_BYTES);
			known->us = us;
		}
	}
	unsigned second = two(at + MINUTE_BYTES, 60);
	if (second == 255)
		return NULL;
	at = fraction_read(at + MINUTE_BYTES + 2, end, &us);
	head->at_us = us + second * SECOND_US;
	if (end - at > 4 && memcmp(at, " UTC", 4) == 0 && !(at[4] >= 'A' && at[4] <= 'Z'))
		return at + 4;
	return zone_read(at, end, head);
}

const char *time_read_epoch(const char *at, const char *end, struct head *head)
{
	size_t len;
	int64_t seconds = number_read(text_of(at, (size_t)(end - at)), &len), unit = SECOND_US;
	if (len < 9 || len > 11)
		return NULL;
	at += len;
	head->at_us = seconds * SECOND_US;
	if (end - at < 2 || *at != '.' || !is_digit(at[1]))
		return at;
	for (at++; at < end && is_digit(*at); at++) {
		unit /= 10;
		head->at_us += (*at - '0') * unit;
	}
	return at;
}

static unsigned month_read(const char *at, const char *end)
{
	static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	for (unsigned i = 0; end - at >= 4 && i < 12; i++)
		if (memcmp(at, MONTHS + (size_t)3 * i, 3) == 0 && at[3] == ' ')
			return i + 1;
	return 0;
}

/* The year of a moment. */
static int64_t year_of(int64_t us)
{
	int64_t year = 1970 + us / SECOND_US / 86400 / 365;
	while (days_of(year, 1, 1) * 86400 * SECOND_US > us)
		year--;
	return year;
}

/* The year that brings month and day nearest to `near_us`. */
static int64_t nearest_year(unsigned month, unsigned day, int64_t near_us)
{
	int64_t best = year_of(near_us), least = INT64_MAX;
	for (int64_t year = best - 1, last = best + 1; year <= last; year++) {
		int64_t apart = days_of(year, month, day) * 86400 - near_us / SECOND_US;
		if (apart < 0)
			apart = -apart;
		if (apart < least) {
			least = apart;
			best = year;
		}
	}
	return best;
}

const char *time_read_syslog(const char *at, const char *end, int64_t near_us, struct head *head)
{
	int64_t us, year = 0;
	if (end - at > 5 && is_digit(*at) && at[4] == ' ') {
		size_t len;
		year = number_read(text_of(at, 4), &len);
		if (len != 4)
			return NULL;
		at += 5;
	}
	unsigned month = month_read(at, end), day;
	if (!month || end - at < 15 || at[6] != ' ')
		return NULL;
	day = at[4] == ' ' && is_digit(at[5]) ? (unsigned)(at[5] - '0') : two(at + 4, 31);
	at = day && day != 255 ? clock_read(at + 7, end, &us) : NULL;
	if (!at)
		return NULL;
	if (!year)
		year = nearest_year(month, day, near_us);
	head->at_us = days_of(year, month, day) * 86400 * SECOND_US + us;
	head->flags |= DBPERF_LOG_IS_LOCAL;
	return at;
}

bool milliseconds_read(struct dbperf_text text, int64_t *us)
{
	const char *at = text.text, *end = at + text.len;
	int64_t value = 0, unit = 1000;
	if (at == end || !is_digit(*at) || text.len > MS_DIGITS_MOST + 7)
		return false;
	for (; at < end && is_digit(*at) && at - text.text < MS_DIGITS_MOST; at++)
		value = value * 10 + (*at - '0');
	value *= 1000;
	if (at < end && *at == '.' && at + 1 < end)
		for (at++; at < end && is_digit(*at); at++) {
			unit /= 10;
			value += (*at - '0') * unit;
		}
	*us = value;
	return at == end && value <= INT64_C(315576000) * SECOND_US;
}

int64_t number_read(struct dbperf_text text, size_t *len)
{
	int64_t value = 0;
	size_t i = 0;
	for (; i < text.len && is_digit(text.text[i]); i++)
		value = value > (INT64_MAX - 9) / 10 ? INT64_MAX : value * 10 + (text.text[i] - '0');
	*len = i;
	return value;
}
