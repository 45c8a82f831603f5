/* Maintenance windows: "01:00-04:30 Europe/Berlin". The only place that knows other time zones than the one of TZ. */
#include "rules/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { MINUTES_A_DAY = 24 * 60, ZONE_MAX = 64 };

/* Names of the time zone database: letters, digits, + - _ and /, no way out of its folder. */
static bool is_zone(const char *zone)
{
	char path[ZONE_MAX + 64];
	const char *folder = getenv("TZDIR");
	if (strcmp(zone, "UTC") == 0)
		return true;
	if (strlen(zone) > ZONE_MAX || zone[0] == '/' || strstr(zone, "..") ||
	    strspn(zone, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-_/") != strlen(zone))
		return false;
	if (!folder || strlen(folder) > 40)
		folder = "/usr/share/zoneinfo";
	snprintf(path, sizeof path, "%s/%s", folder, zone);
	return access(path, R_OK) == 0;
}

/* "01:00" as minutes, up to 24:00. */
static bool clock_minutes(struct slice text, int *minutes)
{
	int64_t hour, minute;
	struct slice rest = slice_trim(text);
	struct slice first = slice_cut(&rest, ':');
	if (!first.len || first.len > 2 || rest.len != 2 || !slice_int64(first, &hour) || !slice_int64(rest, &minute))
		return false;
	if (hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > MINUTES_A_DAY)
		return false;
	*minutes = (int)(hour * 60 + minute);
	return true;
}

static int window_read(const struct rule_maintenance *in, struct arena *a, struct maintenance *out, struct err *e)
{
	struct slice rest = slice_trim(in->daily);
	struct slice span = slice_cut(&rest, ' ');
	struct slice zone = slice_trim(rest);
	struct slice end = span;
	struct slice begin = slice_cut(&end, '-');
	*out = (struct maintenance){ .target = in->target };
	if (!clock_minutes(begin, &out->from) || !clock_minutes(end, &out->to) || out->from == out->to)
		return err_set(e, ERR_USAGE, "maintenance: daily '%.*s' is not like '01:00-04:30 Europe/Berlin'",
			       SLICE_ARG(in->daily));
	if (!zone.len)
		return ERR_OK;
	out->zone = arena_text(a, zone);
	if (!is_zone(out->zone))
		return err_set(e, ERR_USAGE, "maintenance: there is no time zone '%s' (package tzdata)", out->zone);
	return ERR_OK;
}

int maintenance_read(const struct rule_context *context, struct arena *a, struct maintenance **out, struct err *e)
{
	*out = arena_array(a, context->maintenance_count + 1, sizeof **out);
	for (size_t i = 0; i < context->maintenance_count; i++) {
		int rc = window_read(&context->maintenance[i], a, &(*out)[i], e);
		if (rc)
			return rc;
	}
	return ERR_OK;
}

/* The minute of the day in the zone. */
static int minute_of_day(const char *zone, int64_t us)
{
	struct tm tm = { 0 };
	time_t t = (time_t)(us / 1000000);
	const char *set = getenv("TZ");
	char *before = set ? strdup(set) : NULL;
	if (set && !before)
		err_no_memory(strlen(set));
	if (zone) {
		setenv("TZ", zone, 1);
		tzset();
	}
	localtime_r(&t, &tm);
	if (zone) {
		if (before)
			setenv("TZ", before, 1);
		else
			unsetenv("TZ");
		tzset();
	}
	free(before);
	return tm.tm_hour * 60 + tm.tm_min;
}

bool maintenance_holds(const struct maintenance *windows, size_t count, struct slice target, int64_t now)
{
	for (size_t i = 0; i < count; i++) {
		const struct maintenance *w = &windows[i];
		if (w->target.len && !slice_glob(w->target, target))
			continue;
		int minute = minute_of_day(w->zone, now);
		bool is_inside = w->from < w->to ? minute >= w->from && minute < w->to : minute >= w->from || minute < w->to;
		if (is_inside)
			return true;
	}
	return false;
}
