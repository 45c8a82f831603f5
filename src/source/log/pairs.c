#include "source/log/pairs.h"

#include <stdlib.h>

/* A record that is kept. */
struct kept {
	struct log_record record;
	int64_t numbers[DBPERF_LOG_NUMBERS];
};

/* What a part did in a session before it knew its state: resolved when the part is joined. */
struct note {
	struct note *next;
	uint32_t kind;
	uint64_t position;
	const struct log_statement *statement;
	struct kept *closing, *plan; /* of a CLOSING: itself, and the plan that stood before it */
};

struct session {
	struct kept *opening, *plan; /* NULL: none is waiting */
	bool is_known;               /* what waits is all that waits */
	struct note *notes, **notes_end;
};

static struct kept *keep(const struct log_record *r)
{
	struct kept *k = malloc(sizeof *k);
	if (!k)
		err_no_memory(sizeof *k);
	k->record = *r;
	if (r->numbers)
		memcpy(k->numbers, r->numbers, sizeof k->numbers);
	k->record.numbers = k->numbers;
	return k;
}

/* Counts a kept record, unless it is NULL, and lets it go. */
static void flush(struct kept **k, log_counter count, void *context)
{
	if (*k)
		count(context, &(*k)->record);
	free(*k);
	*k = NULL;
}

static void drop(struct kept **k)
{
	free(*k);
	*k = NULL;
}

static void session_free(struct session *s)
{
	for (struct note *n = s->notes; n;) {
		struct note *next = n->next;
		free(n->closing);
		free(n->plan);
		free(n);
		n = next;
	}
	free(s->opening);
	free(s->plan);
	free(s);
}

static struct session *session_new(bool is_known)
{
	struct session *s = calloc(1, sizeof *s);
	if (!s)
		err_no_memory(sizeof *s);
	s->is_known = is_known;
	s->notes_end = &s->notes;
	return s;
}

void pairs_close(struct log_pairs *p)
{
	for (size_t i = 0; i < p->sessions.size; i++)
		if (p->sessions.slots[i].item)
			session_free(p->sessions.slots[i].item);
	keymap_close(&p->sessions);
}

static bool is_late(const struct kept *k, uint64_t position)
{
	return k && position - k->record.position > LOG_PAIR_ENTRIES;
}

/* What waited for too long does not wait any longer. */
static void expire(struct session *s, uint64_t position, log_counter count, void *context)
{
	if (is_late(s->opening, position))
		flush(&s->opening, count, context);
	if (is_late(s->plan, position))
		flush(&s->plan, count, context);
}

/* A plan's execution came, or something else. */
static void settle_plan(struct session *s, const struct log_statement *statement, log_counter count, void *context)
{
	if (s->plan && statement && s->plan->record.statement == statement)
		drop(&s->plan);
	flush(&s->plan, count, context);
}

/* What waits in a session when an entry of that kind and statement comes that is no closing. */
static void settle(struct session *s, uint32_t kind, const struct log_statement *statement, log_counter count, void *context)
{
	if (kind == DBPERF_LOG_PLAN) {
		flush(&s->plan, count, context);
		return;
	}
	settle_plan(s, statement, count, context);
	if (kind == DBPERF_LOG_FAILURE && s->opening && s->opening->record.statement == statement)
		drop(&s->opening);
	flush(&s->opening, count, context);
}

/* The text and the names of the first half with the time of the second. */
static void count_pair(const struct log_record *first, const struct log_record *closing, log_counter count, void *context)
{
	struct log_record r = *closing;
	r.statement = first->statement;
	r.database = first->database ? first->database : r.database;
	r.client = first->client ? first->client : r.client;
	count(context, &r);
}

static void take_closing(struct session *s, const struct log_record *r, log_counter count, void *context)
{
	if (s->opening && r->statement && r->statement != s->opening->record.statement)
		flush(&s->opening, count, context);
	if (s->opening) {
		settle_plan(s, s->opening->record.statement, count, context);
		count_pair(&s->opening->record, r, count, context);
		drop(&s->opening);
	} else if (s->plan && !r->statement) {
		count_pair(&s->plan->record, r, count, context);
		drop(&s->plan);
	} else {
		settle_plan(s, r->statement, count, context);
		count(context, r);
	}
}

/* An entry that is no closing: what waited is settled, and it waits or counts itself. */
static void take_other(struct session *s, const struct log_record *r, log_counter count, void *context)
{
	settle(s, r->kind, r->statement, count, context);
	if (r->kind == DBPERF_LOG_OPENING)
		s->opening = keep(r);
	else if (r->kind == DBPERF_LOG_PLAN)
		s->plan = keep(r);
	else
		count(context, r);
}

/* An entry of a session of which a part does not know yet what waits in it. */
static void take_first(struct session *s, const struct log_record *r, log_counter count, void *context)
{
	struct note *n = calloc(1, sizeof *n);
	if (!n)
		err_no_memory(sizeof *n);
	n->kind = r->kind;
	n->position = r->position;
	n->statement = r->statement;
	*s->notes_end = n;
	s->notes_end = &n->next;
	s->is_known = r->kind != DBPERF_LOG_PLAN;
	if (r->kind == DBPERF_LOG_CLOSING) {
		n->closing = keep(r);
		n->plan = s->plan;
		s->plan = NULL;
	} else {
		take_other(s, r, count, context);
	}
}

static bool is_idle(const struct log_pairs *p, const struct session *s)
{
	return !p->is_part && !s->opening && !s->plan;
}

/* Lets go sessions that waited for too long. */
static void sweep(struct log_pairs *p, uint64_t position, log_counter count, void *context)
{
	struct keymap kept = { 0 };
	p->swept_at = position;
	for (size_t i = 0; i < p->sessions.size; i++) {
		struct session *s = p->sessions.slots[i].item;
		if (!s)
			continue;
		expire(s, position, count, context);
		if (is_idle(p, s))
			session_free(s);
		else
			*keymap_place(&kept, p->sessions.slots[i].key) = s;
	}
	keymap_close(&p->sessions);
	p->sessions = kept;
}

void pairs_take(struct log_pairs *p, const struct log_record *r, log_counter count, void *context)
{
	bool waits = r->kind == DBPERF_LOG_OPENING || r->kind == DBPERF_LOG_PLAN;
	struct session *s = r->session ? keymap_find(&p->sessions, r->session) : NULL;
	if (!r->session || (!s && !p->is_part && !waits)) {
		count(context, r);
		return;
	}
	if (!s)
		*keymap_place(&p->sessions, r->session) = s = session_new(!p->is_part);
	expire(s, r->position, count, context);
	if (!s->is_known)
		take_first(s, r, count, context);
	else if (r->kind == DBPERF_LOG_CLOSING)
		take_closing(s, r, count, context);
	else
		take_other(s, r, count, context);
	if (is_idle(p, s)) {
		keymap_remove(&p->sessions, r->session);
		session_free(s);
	}
	if (!p->is_part && r->position - p->swept_at > LOG_PAIR_ENTRIES)
		sweep(p, r->position, count, context);
}

/* What a part kept, as it reads behind all before it. */
static void place(struct kept *k, uint64_t position, const struct log_inheritance *from)
{
	if (!k)
		return;
	k->record.position += position;
	record_inherit(&k->record, from);
}

/* What waited before the part meets what the part noted. */
static void replay(struct session *s, struct note *n, uint64_t position, const struct log_inheritance *from, log_counter count,
		   void *context)
{
	expire(s, position + n->position, count, context);
	if (n->kind != DBPERF_LOG_CLOSING) {
		settle(s, n->kind, n->statement, count, context);
		return;
	}
	place(n->closing, position, from);
	place(n->plan, position, from);
	if (n->plan) {
		flush(&s->plan, count, context);
		s->plan = n->plan;
		n->plan = NULL;
	}
	take_closing(s, &n->closing->record, count, context);
}

static void join_session(struct log_pairs *p, uint64_t key, struct session *part, uint64_t position,
			 const struct log_inheritance *from, log_counter count, void *context)
{
	struct session *s = keymap_find(&p->sessions, key);
	bool is_new = !s;
	s = s ? s : session_new(true);
	for (struct note *n = part->notes; n; n = n->next)
		replay(s, n, position, from, count, context);
	place(part->opening, position, from);
	place(part->plan, position, from);
	if (part->opening) {
		s->opening = part->opening;
		part->opening = NULL;
	}
	if (part->plan) {
		s->plan = part->plan;
		part->plan = NULL;
	}
	session_free(part);
	if (is_idle(p, s)) {
		if (!is_new)
			keymap_remove(&p->sessions, key);
		session_free(s);
	} else if (is_new) {
		*keymap_place(&p->sessions, key) = s;
	}
}

void pairs_join(struct log_pairs *p, struct log_pairs *part, uint64_t position, const struct log_inheritance *from,
		log_counter count, void *context)
{
	for (size_t i = 0; i < part->sessions.size; i++)
		if (part->sessions.slots[i].item)
			join_session(p, part->sessions.slots[i].key, part->sessions.slots[i].item, position, from, count, context);
	keymap_close(&part->sessions);
	if (position - p->swept_at > LOG_PAIR_ENTRIES)
		sweep(p, position, count, context);
}

void pairs_end(struct log_pairs *p, log_counter count, void *context)
{
	for (size_t i = 0; i < p->sessions.size; i++) {
		struct session *s = p->sessions.slots[i].item;
		if (!s)
			continue;
		flush(&s->opening, count, context);
		flush(&s->plan, count, context);
		session_free(s);
	}
	keymap_close(&p->sessions);
}
