#include "source/log/span.h"

void sum_close(struct log_sum *sum)
{
	rows_close(&sum->rows);
	activity_close(&sum->activity);
	events_close(&sum->events);
	examples_close(&sum->examples);
}

void span_begin(struct log_span *s, bool is_part)
{
	*s = (struct log_span){ .is_part = is_part, .first_at = LOG_NO_MOMENT, .last_at = LOG_NO_MOMENT };
	s->last.at = LOG_NO_MOMENT;
	s->has_time = s->has_database = !is_part;
	s->pairs.is_part = is_part;
}

void span_close(struct log_span *s)
{
	pairs_close(&s->pairs);
}

void span_moment(struct log_span *s, int64_t at)
{
	if (at == LOG_NO_MOMENT)
		return;
	s->first_at = log_earlier(s->first_at, at);
	s->last_at = log_later(s->last_at, at);
}

void span_count(struct log_span *s, struct log_sum *sum, const struct log_record *r)
{
	if (!filter_record(s->filter, r, true))
		return;
	if (s->filter)
		span_moment(s, r->at);
	rows_count(&sum->rows, r);
	activity_count(&sum->activity, r);
	s->events++;
	if (r->present & 1u << DBPERF_LOG_TOTAL_US)
		s->total_us = log_add(s->total_us, r->numbers[DBPERF_LOG_TOTAL_US]);
}

void span_skip(struct log_span *s, unsigned reason, uint64_t lines, uint64_t bytes, uint64_t line, uint64_t offset)
{
	if (reason >= LOG_UNREAD_REASONS)
		reason = DBPERF_SKIP_UNKNOWN;
	struct log_unread *u = &s->unread[reason];
	if (!u->count++) {
		u->first_line = line;
		u->first_offset = offset;
	}
	u->lines += lines;
	u->bytes += bytes;
}

/* Where a joined part's executions go. */
struct joining {
	struct log_span *span;
	struct log_sum *sum;
};

static void count_joined(void *context, const struct log_record *r)
{
	const struct joining *j = context;
	span_count(j->span, j->sum, r);
}

static void join_unread(struct log_span *s, const struct log_span *part)
{
	for (size_t i = 0; i < LOG_UNREAD_REASONS; i++) {
		const struct log_unread *from = &part->unread[i];
		struct log_unread *to = &s->unread[i];
		if (from->count && !to->count) {
			to->first_line = from->first_line + s->lines;
			to->first_offset = from->first_offset;
		}
		to->count += from->count;
		to->lines += from->lines;
		to->bytes += from->bytes;
	}
}

/* Whether a moment of a joined part is inherited: then the part's first and last moments are those of all it has. */
static void join_moments(struct log_span *s, const struct log_span *part)
{
	s->first_at = log_earlier(s->first_at, part->first_at);
	s->last_at = log_later(s->last_at, part->last_at);
	if (part->has_time)
		s->last.at = part->last.at;
	if (part->has_database)
		s->last.database = part->last.database;
}

void span_join(struct log_span *s, struct log_sum *sum, struct log_span *part, struct log_sum *part_sum)
{
	const struct log_inheritance from = s->last;
	struct joining joining = { s, sum };
	rows_merge(&sum->rows, &part_sum->rows, &from);
	activity_merge(&sum->activity, &part_sum->activity, &from);
	events_merge(&sum->events, &part_sum->events, &from);
	examples_merge(&sum->examples, &part_sum->examples);
	join_unread(s, part);
	s->bytes += part->bytes;
	s->lines += part->lines;
	s->events += part->events;
	s->total_us = log_add(s->total_us, part->total_us);
	s->has_local |= part->has_local;
	s->is_zone_unknown |= part->is_zone_unknown;
	if (!s->zone[0])
		memcpy(s->zone, part->zone, sizeof s->zone);
	pairs_join(&s->pairs, &part->pairs, s->entries, &from, count_joined, &joining);
	s->entries += part->entries;
	join_moments(s, part);
	span_close(part);
	sum_close(part_sum);
}

void span_end(struct log_span *s, struct log_sum *sum)
{
	struct joining joining = { s, sum };
	pairs_end(&s->pairs, count_joined, &joining);
}

uint64_t span_skipped(const struct log_span *s)
{
	return s->unread[DBPERF_SKIP_UNKNOWN].lines + s->unread[DBPERF_SKIP_NUL].lines + s->unread[DBPERF_SKIP_CUT].lines +
	       s->unread[DBPERF_SKIP_LONG].lines;
}

const char *span_reason_name(unsigned reason)
{
	static const char *const names[LOG_UNREAD_REASONS] = {
		[DBPERF_SKIP_PARTIAL_FIRST] = "partial first",
		[DBPERF_SKIP_UNKNOWN] = "unknown",
		[DBPERF_SKIP_NUL] = "nul",
		[DBPERF_SKIP_NUMBER] = "number",
		[DBPERF_SKIP_CUT] = "cut",
		[DBPERF_SKIP_LONG] = "long",
		[LOG_SKIP_UNFINISHED] = "unfinished last",
		[DBPERF_SKIP_CHANGED] = "changed",
		[DBPERF_SKIP_AMBIGUOUS] = "ambiguous",
	};
	return names[reason];
}
