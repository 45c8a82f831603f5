/* Which databases a full look visits: those that the target's globs take, the largest first. */
#include <stdlib.h>

#include "source/visit_internal.h"

enum { NOTES_MAX = 200 /* databases named one by one among those left out */ };

bool databases_match(const char *globs, struct slice name)
{
	struct slice rest = slice_of(globs ? globs : "*");
	bool has_plain = false, is_taken = false;
	while (rest.len) {
		struct slice glob = slice_trim(slice_cut(&rest, ' '));
		if (!glob.len)
			continue;
		bool is_not = glob.ptr[0] == '!';
		struct slice pattern = { glob.ptr + is_not, glob.len - is_not };
		if (is_not && slice_glob(pattern, name))
			return false;
		has_plain |= !is_not;
		is_taken |= !is_not && slice_glob(pattern, name);
	}
	return is_taken || !has_plain;
}

static const struct fact_value *value_of(const struct visit *v, const struct fact_value *values, struct slice column)
{
	static const struct fact_value nothing = { .type = FACT_NULL };
	int place = fact_column_find(v->database_table, column);
	return place < 0 ? &nothing : &values[place];
}

void databases_take(struct visit *v, const struct fact_value *values)
{
	const struct fact_value *name = value_of(v, values, SLICE("database"));
	const struct fact_value *size = value_of(v, values, SLICE("size_bytes"));
	const struct fact_value *allows = value_of(v, values, SLICE("allows_connections"));
	const struct fact_value *may = value_of(v, values, SLICE("may_connect"));
	if (name->type != FACT_TEXT || !name->text.len || v->database_count == DATABASES_SEEN_MAX)
		return;
	v->databases = arena_grow(v->a, v->databases, v->database_count, &v->database_size, sizeof *v->databases);
	v->databases[v->database_count++] = (struct database){
		.name = arena_slice(v->a, name->text),
		.size = size->type == FACT_INTEGER ? size->integer : -1,
		.allows_connections = allows->type != FACT_INTEGER || allows->integer,
		.may_connect = may->type != FACT_INTEGER || may->integer,
	};
}

/* Largest first, then by name. */
static int compare(const void *a, const void *b)
{
	const struct database *x = a, *y = b;
	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return strcmp(x->name.ptr, y->name.ptr);
}

/* One row for each probe that asks databases. */
static void note_left_out(struct visit *v, struct slice database, const char *reason)
{
	for (size_t i = 0; i < v->o->probes->count; i++) {
		const struct probe *probe = &v->o->probes->items[i];
		if (probe->is_per_database && !probe->problem)
			ask_note(v, probe, database, "skipped", reason, NULL, NULL, 0);
	}
}

void databases_choose(struct visit *v)
{
	struct slice own = visit_database(v);
	size_t left_out = 0;
	if (v->database_count)
		qsort(v->databases, v->database_count, sizeof *v->databases, compare);
	for (size_t i = 0; i < v->database_count; i++) {
		const struct database *d = &v->databases[i];
		if (slice_equal(d->name, own) || !d->allows_connections || !databases_match(v->o->target->databases, d->name))
			continue;
		if (d->may_connect && v->stop_count < VISIT_DATABASES_MAX) {
			v->stops[v->stop_count++] = d->name.ptr;
			continue;
		}
		if (left_out++ < NOTES_MAX)
			note_left_out(v, d->name,
				      d->may_connect ? "not among the 50 largest databases" : "the role may not connect to it");
	}
	if (left_out > NOTES_MAX)
		note_left_out(v, (struct slice){ NULL, 0 },
			      arena_printf(v->a, "%zu more databases were not looked at", left_out - NOTES_MAX));
}
