/* Plans as JSON: events of the one reader of JSON become levels and values. */
#include "base/json.h"
#include "plan.h"

/* A value as text: as it is written, without its escapes; null says nothing. */
static struct slice value_of(struct plan_reader *r, const struct json_event *event, unsigned *odd)
{
	if (event->kind == JSON_NULL)
		return (struct slice){ "", 0 };
	return json_text(event->text, event->has_escapes, &r->arena, odd);
}

static void tell_oddities(struct plan_reader *r, unsigned odd)
{
	if (odd & JSON_LONE_SURROGATE)
		r->host->note(r->host, "half a character (a lone surrogate) was replaced");
	if (odd & JSON_NUL)
		r->host->note(r->host, "a text holds \\u0000");
}

static int take(struct plan_reader *r, const struct json_event *event)
{
	unsigned odd = 0;
	struct slice name = json_text(event->name, event->name_has_escapes, &r->arena, &odd);
	int rc = 0;
	switch (event->kind) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		rc = level_open(r, name, "json");
		break;
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
		level_close(r);
		break;
	case JSON_END:
		break;
	default:
		level_value(r, name, value_of(r, event, &odd));
	}
	if (odd)
		tell_oddities(r, odd);
	return rc;
}

/* The error's place is counted from the start of this text: told again from the start of the input. */
static int refuse(struct plan_reader *r, const struct json *json, const struct err *e)
{
	const char *reason = strstr(e->text, ": ");
	return plan_fail(r, json->at, reason ? reason + 2 : e->text, "up to there the plan reads as JSON");
}

int plan_read_json(struct plan_reader *r, struct slice text, size_t *used)
{
	struct json json;
	struct json_event event;
	struct err e = { 0 };
	int rc = 0;
	json_begin(&json, text, 0);
	r->level_count = 0;
	do {
		if (json_next(&json, &event, &e)) {
			*used = (size_t)(json.at - text.ptr);
			plan_finish(r, json.is_cut ? DBPERF_PLAN_CUT : DBPERF_PLAN_ABANDONED);
			if (json.is_cut)
				return 0;
			return refuse(r, &json, &e);
		}
		rc = take(r, &event);
	} while (!rc && event.kind != JSON_END);
	*used = (size_t)(json.at - text.ptr);
	plan_finish(r, rc ? DBPERF_PLAN_ABANDONED : DBPERF_PLAN_WHOLE);
	return rc;
}
