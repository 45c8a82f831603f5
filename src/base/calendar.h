/* Dates and times of day as digits in logs: no locale, no zone. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include "base/slice.h"

#define CALENDAR_SECOND INT64_C(1000000)
#define CALENDAR_DAY (86400 * CALENDAR_SECOND)

/** Days from 1970-01-01 to a date of the Gregorian calendar; month from 1. */
int64_t calendar_days(int year, int month, int day);

/** Two digits as a number; -1 when they are none. */
int calendar_two(const char *at);

/** Reads "15:20:19", with a fraction behind a point or comma or without, into µs; the place behind it, NULL none. */
const char *calendar_time(const char *at, const char *end, int64_t *us);

/** Reads "2024-02-29 15:20:19.328", with a T too, into µs as if in UTC; the place behind it, NULL none. */
const char *calendar_moment(const char *at, const char *end, int64_t *us);

/** The month whose English name begins with these three bytes, from 1; 0 none. */
int calendar_month(const char *at);

/**
 * A moment of a day whose year is not told: the latest that is not a day after `not_after_us`, and on this day of the week (0
 * Monday; -1 not told). INT64_MIN when there is none, or `not_after_us` is not positive.
 */
int64_t calendar_without_year(int month, int day, int weekday, int64_t of_day_us, int64_t not_after_us);

#endif
