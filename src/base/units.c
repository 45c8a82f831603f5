#include "base/units.h"

#include <math.h>
#include <stdio.h>

static const int64_t MS = 1000, SECOND = 1000000, MINUTE = 60000000, HOUR = 3600000000, DAY = 86400000000;

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit DURATIONS[] = {
	{ "us", 1 },         { "µs", 1 },         { "ms", 1000 },       { "s", 1000000 },      { "m", 60000000 },
	{ "min", 60000000 }, { "h", 3600000000 }, { "d", 86400000000 }, { "w", 604800000000 },
};

static const struct unit SIZES[] = {
	{ "", 1 }, { "B", 1 }, { "kB", 1024 }, { "KB", 1024 }, { "MB", 1048576 }, { "GB", 1073741824 }, { "TB", 1099511627776 },
};

static bool parse_with_unit(struct slice s, const struct unit *units, size_t count, int64_t *value)
{
	s = slice_trim(s);
	size_t digits = 0;
	while (digits < s.len && ((s.ptr[digits] >= '0' && s.ptr[digits] <= '9') || s.ptr[digits] == '.'))
		digits++;
	double n;
	if (!slice_double((struct slice){ s.ptr, digits }, &n))
		return false;
	struct slice unit = slice_trim((struct slice){ s.ptr + digits, s.len - digits });
	for (size_t i = 0; i < count; i++) {
		if (!slice_equal(unit, slice_of(units[i].name)))
			continue;
		double result = n * (double)units[i].factor;
		if (result > 9.0e18)
			return false;
		*value = llround(result);
		return true;
	}
	return false;
}

bool units_parse_duration(struct slice s, int64_t *us)
{
	if (slice_equal(slice_trim(s), SLICE("0"))) {
		*us = 0;
		return true;
	}
	return parse_with_unit(s, DURATIONS, sizeof DURATIONS / sizeof *DURATIONS, us);
}

bool units_parse_size(struct slice s, int64_t *bytes)
{
	return parse_with_unit(s, SIZES, sizeof SIZES / sizeof *SIZES, bytes);
}

bool units_parse_share(struct slice s, double *share)
{
	s = slice_trim(s);
	bool percent = s.len && s.ptr[s.len - 1] == '%';
	if (percent)
		s = slice_trim((struct slice){ s.ptr, s.len - 1 });
	if (!slice_double(s, share))
		return false;
	if (percent)
		*share /= 100;
	return true;
}

/* Three leading digits: "0.25", "1.5", "12", "340". */
static int put_short(char *text, size_t size, double n)
{
	if (n == floor(n) || n >= 99.95)
		return snprintf(text, size, "%.0f", n);
	return snprintf(text, size, n < 0.995 ? "%.2g" : n < 9.95 ? "%.1f" : "%.0f", n);
}

char *units_duration(char text[UNITS_TEXT], int64_t us)
{
	const char *sign = us < 0 ? "-" : "";
	uint64_t n = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;
	char number[24];
	if (n < (uint64_t)MS) {
		snprintf(text, UNITS_TEXT, "%s%llu µs", sign, (unsigned long long)n);
	} else if (n < (uint64_t)SECOND) {
		put_short(number, sizeof number, (double)n / (double)MS);
		snprintf(text, UNITS_TEXT, "%s%s ms", sign, number);
	} else if (n < (uint64_t)MINUTE) {
		put_short(number, sizeof number, (double)n / (double)SECOND);
		snprintf(text, UNITS_TEXT, "%s%s s", sign, number);
	} else {
		bool days = n >= (uint64_t)DAY, hours = n >= (uint64_t)HOUR;
		uint64_t big = (uint64_t)(days    ? DAY
					  : hours ? HOUR
						  : MINUTE),
			 small = (uint64_t)(days    ? HOUR
					    : hours ? MINUTE
						    : SECOND);
		uint64_t a = n / big, b = n % big / small;
		const char *big_name = days ? "d" : hours ? "h" : "min", *small_name = days ? "h" : hours ? "min" : "s";
		if (b == 0 || a >= 10)
			snprintf(text, UNITS_TEXT, "%s%llu %s", sign, (unsigned long long)a, big_name);
		else
			snprintf(text, UNITS_TEXT, "%s%llu %s %llu %s", sign, (unsigned long long)a, big_name,
				 (unsigned long long)b, small_name);
	}
	return text;
}

char *units_bytes(char text[UNITS_TEXT], int64_t bytes)
{
	static const char *const names[] = { "B", "kB", "MB", "GB", "TB", "PB" };
	double n = fabs((double)bytes);
	size_t unit = 0;
	while (n >= 1023.5 && unit < 5) {
		n /= 1024;
		unit++;
	}
	char number[24];
	put_short(number, sizeof number, n);
	snprintf(text, UNITS_TEXT, "%s%s %s", bytes < 0 ? "-" : "", number, names[unit]);
	return text;
}

char *units_count(char text[UNITS_TEXT], double n)
{
	static const char *const names[] = { "", " k", " M", " G", " T" };
	double a = fabs(n);
	size_t unit = 0;
	if (a >= 99950)
		while (a >= 999.5 && unit < 4) {
			a /= 1000;
			unit++;
		}
	char number[24];
	if (unit == 0 && a >= 1000)
		snprintf(number, sizeof number, "%d,%03d", (int)(a + 0.5) / 1000, (int)(a + 0.5) % 1000);
	else if (unit > 0)
		snprintf(number, sizeof number, a < 99.95 ? "%.1f" : "%.0f", a);
	else
		put_short(number, sizeof number, a);
	snprintf(text, UNITS_TEXT, "%s%s%s", n < 0 ? "-" : "", number, names[unit]);
	return text;
}

char *units_percent(char text[UNITS_TEXT], double share)
{
	double p = share * 100;
	snprintf(text, UNITS_TEXT, (p != 0 && fabs(p) < 9.95) || (p >= 99.5 && p < 99.95) ? "%.1f %%" : "%.0f %%", p);
	return text;
}
