#include "source/log/activity.h"

static const int64_t SECOND_US = 1000000;

/* Seconds: up to a day as clocks part it, then each four times as many days. */
static int64_t seconds_of(unsigned step)
{
	static const int64_t parts[] = { 1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600 };
	enum { PARTS = sizeof parts / sizeof *parts, DAY = 24 * 3600 };
	return step < PARTS ? parts[step] : (int64_t)DAY << 2 * (step - PARTS);
}

/* Rounded down, also before 1970. */
static int64_t divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static void add(struct log_slice *to, const struct log_slice *from)
{
	to->events = log_add(to->events, from->events);
	to->total_us = log_add(to->total_us, from->total_us);
	to->errors = log_add(to->errors, from->errors);
	sketch_merge(&to->latency, &from->latency);
}

void activity_close(struct log_activity *a)
{
	for (size_t i = 0; i < a->count; i++)
		sketch_close(&a->slices[i].latency);
	sketch_close(&a->timeless.latency);
	*a = (struct log_activity){ 0 };
}

/* The slices of the next length. */
static void lengthen(struct log_activity *a)
{
	int64_t times = seconds_of(a->step + 1) / seconds_of(a->step), base = divide(a->base, times);
	size_t count = 0;
	for (size_t i = 0; i < a->count; i++) {
		size_t to = (size_t)(divide(a->base + (int64_t)i, times) - base);
		if (to != i && to < count) {
			add(&a->slices[to], &a->slices[i]);
			sketch_close(&a->slices[i].latency);
		} else if (to != i) {
			a->slices[to] = a->slices[i];
		}
		if (to != i)
			a->slices[i] = (struct log_slice){ 0 };
		count = to + 1;
	}
	a->base = base;
	a->count = count;
	a->step++;
}

static int64_t number_of(const struct log_activity *a, int64_t at)
{
	return divide(at, activity_length(a));
}

/* Makes room for the slice of that moment. */
static struct log_slice *slice_of_moment(struct log_activity *a, int64_t at)
{
	int64_t number = number_of(a, at);
	if (!a->count) {
		a->base = number;
		a->count = 1;
	}
	while (a->step + 1 < LOG_SLICE_STEPS &&
	       (number < a->base ? a->base + (int64_t)a->count - number : number - a->base + 1) > LOG_SLICES_MAX) {
		lengthen(a);
		number = number_of(a, at);
	}
	if (number < a->base) {
		size_t more = (size_t)(a->base - number);
		memmove(a->slices + more, a->slices, a->count * sizeof *a->slices);
		memset(a->slices, 0, more * sizeof *a->slices);
		a->base = number;
		a->count += more;
	}
	size_t i = (size_t)(number - a->base);
	a->count = i + 1 > a->count ? i + 1 : a->count;
	return &a->slices[i];
}

void activity_count(struct log_activity *a, const struct log_record *r)
{
	struct log_slice *slice = &a->timeless;
	if (!r->is_timeless && r->at == LOG_NO_MOMENT)
		return;
	if (!r->is_timeless)
		slice = slice_of_moment(a, r->at);
	slice->events = log_add(slice->events, r->weight);
	if (r->kind == DBPERF_LOG_FAILURE || (r->present & 1u << DBPERF_LOG_ERRORS && r->numbers[DBPERF_LOG_ERRORS] > 0))
		slice->errors = log_add(slice->errors, r->weight);
	if (r->present & 1u << DBPERF_LOG_TOTAL_US) {
		int64_t us = r->numbers[DBPERF_LOG_TOTAL_US];
		slice->total_us = log_add(slice->total_us, log_times(us, r->weight));
		sketch_add(&slice->latency, us, r->weight);
	}
}

void activity_add(struct log_activity *a, int64_t begin_us, int64_t length_us, const struct log_slice *slice)
{
	while (activity_length(a) < length_us && a->step + 1 < LOG_SLICE_STEPS)
		lengthen(a);
	add(slice_of_moment(a, begin_us), slice);
}

void activity_merge(struct log_activity *a, const struct log_activity *part, const struct log_inheritance *from)
{
	for (size_t i = 0; i < part->count; i++)
		if (part->slices[i].events)
			activity_add(a, activity_begin(part, i), activity_length(part), &part->slices[i]);
	if (part->timeless.events && from->at != LOG_NO_MOMENT)
		add(slice_of_moment(a, from->at), &part->timeless);
}

int64_t activity_begin(const struct log_activity *a, size_t i)
{
	return (a->base + (int64_t)i) * activity_length(a);
}

int64_t activity_length(const struct log_activity *a)
{
	return SECOND_US * seconds_of(a->step);
}
