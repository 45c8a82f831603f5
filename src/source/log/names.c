#include "source/log/names.h"

#include <pthread.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/keymap.h"
#include "source/log/filter.h"

const struct log_name log_name_inherited = { .hash = 1 }, log_name_unwanted = { .hash = 2 };
const struct log_client log_client_unwanted = { .hash = 2 };
const struct log_statement log_statement_unwanted = { .fingerprint = 0 };

/* One kind of things. */
struct kind {
	struct keymap map;
	unsigned level;
	size_t cap;
};

struct log_names {
	const struct log_filter *filter;
	pthread_mutex_t lock;
	struct arena arena;
	struct kind statements, databases, clients;
};

struct log_names *names_open(const struct log_filter *filter)
{
	struct log_names *n = calloc(1, sizeof *n);
	if (!n)
		err_no_memory(sizeof *n);
	n->filter = filter;
	pthread_mutex_init(&n->lock, NULL);
	n->statements.cap = LOG_STATEMENTS_MAX;
	n->databases.cap = n->clients.cap = LOG_NAMES_MAX;
	return n;
}

void names_close(struct log_names *n)
{
	if (!n)
		return;
	keymap_close(&n->statements.map);
	keymap_close(&n->databases.map);
	keymap_close(&n->clients.map);
	arena_close(&n->arena);
	pthread_mutex_destroy(&n->lock);
	free(n);
}

static bool gives_up(const struct kind *kind, uint64_t hash)
{
	return kind->level && hash >> (64 - kind->level) != 0;
}

/* Past the cap another half goes. Rows that hold what went are folded when they are written out. */
static void halve(struct kind *kind)
{
	while (kind->map.count > kind->cap && kind->level < 63) {
		struct keymap kept = { 0 };
		kind->level++;
		for (size_t i = 0; i < kind->map.size; i++)
			if (kind->map.slots[i].item && !gives_up(kind, kind->map.slots[i].key))
				*keymap_place(&kept, kind->map.slots[i].key) = kind->map.slots[i].item;
		keymap_close(&kind->map);
		kind->map = kept;
	}
}

uint64_t names_hash(struct slice a, struct slice b, struct slice c)
{
	const struct slice texts[] = { a, b, c };
	uint64_t hash = 0;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		hash = XXH3_64bits_withSeed(texts[i].ptr ? texts[i].ptr : "", texts[i].len, hash + (texts[i].ptr ? 2 : 1));
	return hash;
}

int names_compare(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = (a.ptr != NULL) - (b.ptr != NULL);
	if (!order && len)
		order = memcmp(a.ptr, b.ptr, len);
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static struct slice cut(struct slice text)
{
	if (text.len > LOG_NAME_BYTES)
		text.len = LOG_NAME_BYTES;
	return text;
}

static struct slice keep(struct arena *a, struct slice text)
{
	return text.ptr ? arena_slice(a, text) : text;
}

const struct log_name *names_database(struct log_names *n, struct slice text)
{
	if (!text.ptr)
		return NULL;
	text = cut(text);
	if (!filter_database(n->filter, text))
		return &log_name_unwanted;
	uint64_t hash = names_hash(text, (struct slice){ 0 }, (struct slice){ 0 });
	pthread_mutex_lock(&n->lock);
	struct log_name *name = NULL;
	if (!gives_up(&n->databases, hash)) {
		void **place = keymap_place(&n->databases.map, hash);
		if (!*place) {
			name = *place = arena_alloc(&n->arena, sizeof *name);
			*name = (struct log_name){ hash, keep(&n->arena, text) };
			halve(&n->databases);
		} else {
			name = *place;
		}
	}
	pthread_mutex_unlock(&n->lock);
	return name;
}

const struct log_client *names_client(struct log_names *n, struct slice user, struct slice application, struct slice host)
{
	if (!user.ptr && !application.ptr && !host.ptr)
		return NULL;
	user = cut(user);
	application = cut(application);
	host = cut(host);
	if (!filter_client(n->filter, user, host))
		return &log_client_unwanted;
	uint64_t hash = names_hash(user, application, host);
	pthread_mutex_lock(&n->lock);
	struct log_client *client = NULL;
	if (!gives_up(&n->clients, hash)) {
		void **place = keymap_place(&n->clients.map, hash);
		if (!*place) {
			client = *place = arena_alloc(&n->arena, sizeof *client);
			*client = (struct log_client){ hash, keep(&n->arena, user), keep(&n->arena, application),
						       keep(&n->arena, host) };
			halve(&n->clients);
		} else {
			client = *place;
		}
	}
	pthread_mutex_unlock(&n->lock);
	return client;
}

/* The longest start of a text of at most LOG_TEXT_BYTES that ends with a word. */
static struct slice cut_text(struct slice text)
{
	if (text.len <= LOG_TEXT_BYTES)
		return text;
	text.len = LOG_TEXT_BYTES;
	while (text.len && text.ptr[text.len] != ' ')
		text.len--;
	return text;
}

static struct log_statement *add_statement(struct log_names *n, void **place, const struct statement *s)
{
	struct log_statement *statement = *place = arena_alloc(&n->arena, sizeof *statement);
	*statement = (struct log_statement){
		.fingerprint = s->fingerprint,
		.text = arena_slice(&n->arena, cut_text(s->text)),
		.verb = s->verb,
		.is_query = s->verb != STATEMENT_UTILITY && s->verb != STATEMENT_EMPTY && !s->is_broken,
		.tags_at = UINT64_MAX,
	};
	halve(&n->statements);
	return statement;
}

const struct log_statement *names_statement(struct log_names *n, const struct statement *s, struct slice tags, uint64_t at)
{
	if (!filter_statement(n->filter, s->fingerprint, s->text))
		return &log_statement_unwanted;
	pthread_mutex_lock(&n->lock);
	struct log_statement *statement = NULL;
	if (!gives_up(&n->statements, s->fingerprint)) {
		void **place = keymap_place(&n->statements.map, s->fingerprint);
		statement = *place ? *place : add_statement(n, place, s);
		if (at < statement->tags_at) {
			statement->tags_at = at;
			statement->tags = tags.len && tags.len <= LOG_TAGS_BYTES ? arena_slice(&n->arena, tags) : SLICE("");
		}
	}
	pthread_mutex_unlock(&n->lock);
	return statement;
}

bool names_gives_up_statement(const struct log_names *n, uint64_t fingerprint)
{
	return gives_up(&n->statements, fingerprint);
}

bool names_gives_up_database(const struct log_names *n, uint64_t hash)
{
	return gives_up(&n->databases, hash);
}

bool names_gives_up_client(const struct log_names *n, uint64_t hash)
{
	return gives_up(&n->clients, hash);
}

struct log_levels names_levels(const struct log_names *n)
{
	return (struct log_levels){ n->statements.level, n->databases.level, n->clients.level };
}

static void raise(struct kind *kind, unsigned level)
{
	kind->level = level > kind->level && level < 64 ? level : kind->level;
}

void names_raise(struct log_names *n, struct log_levels levels)
{
	raise(&n->statements, levels.statements);
	raise(&n->databases, levels.databases);
	raise(&n->clients, levels.clients);
}
