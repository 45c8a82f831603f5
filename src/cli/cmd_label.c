/* label set and list. */
#include "cli/commands.h"
#include "cli/session.h"

enum { LABEL_MAX = 200 };

int label_set(struct session *s, struct err *e)
{
	const struct option_value *at = &s->options->values[OPTION_AT];
	const char *name = s->options->words[1];
	for (const char *p = name; *p; p++)
		if ((unsigned char)*p < 0x20 || strchr("@~", *p) || p - name > LABEL_MAX)
			return err_set(e, ERR_USAGE, "label '%s': at most %d characters, none of them @ or ~",
				       options_quote(s->arena, name), LABEL_MAX);
	int rc = session_targets(s, s->options->words, 1, e);
	if (!rc)
		rc = session_store(s, false, e);
	for (size_t i = 0; !rc && i < s->target_count; i++)
		rc = store_label_set(s->store, s->targets[i].name, name, at->is_set ? at->number : s->now, e);
	return rc;
}

int label_list(struct session *s, struct err *e)
{
	static const char *const columns[] = { "target text", "label text", "begin moment", "end moment", "looks count", NULL };
	static const char sql[] =
		"WITH part AS (SELECT target, name, begin_at,"
		"  lead(begin_at) OVER (PARTITION BY target ORDER BY begin_at) AS end_at FROM history.label)"
		" SELECT p.target, p.name, p.begin_at, p.end_at,"
		"  (SELECT count(*) FROM history.snapshot h WHERE h.target = p.target AND h.taken_at >= p.begin_at"
		"     AND (p.end_at IS NULL OR h.taken_at < p.end_at))"
		"  FROM part p WHERE p.name IS NOT NULL"
		"   AND (NOT EXISTS (SELECT 1 FROM temp.word) OR EXISTS (SELECT 1 FROM temp.word w WHERE p.target GLOB w.text))"
		" ORDER BY p.target, p.begin_at";
	int rc = session_config(s, e);
	if (!rc)
		rc = session_store(s, true, e);
	if (!rc)
		rc = session_database(s, e);
	if (!rc)
		rc = session_words(s, e);
	return rc ? rc : session_query(s, "labels", "", KIND_TABLE, columns, sql, "no labels", e);
}
