#include "source/log/prefetch.h"

#include <pthread.h>
#include <stdlib.h>

struct block {
	size_t len, given;
	int rc; /* of the read that brought it; len 0: the end */
	struct err failure;
	char bytes[LOG_AHEAD_BYTES];
};

struct prefetch {
	struct log_input *in;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t news;
	size_t filled, taken; /* blocks so far */
	bool is_closing;
	struct block blocks[LOG_AHEAD_BLOCKS];
};

/* Waits for a block that may be filled; NULL when nobody wants more. */
static struct block *wait_for_room(struct prefetch *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->filled - p->taken == LOG_AHEAD_BLOCKS && !p->is_closing)
		pthread_cond_wait(&p->news, &p->lock);
	struct block *b = p->is_closing ? NULL : &p->blocks[p->filled % LOG_AHEAD_BLOCKS];
	pthread_mutex_unlock(&p->lock);
	return b;
}

static void *run(void *context)
{
	struct prefetch *p = context;
	struct block *b;
	bool is_end = false;
	while (!is_end && (b = wait_for_room(p))) {
		b->given = 0;
		b->failure = (struct err){ 0 };
		b->rc = input_read(p->in, b->bytes, sizeof b->bytes, &b->len, &b->failure);
		is_end = b->rc || !b->len;
		pthread_mutex_lock(&p->lock);
		p->filled++;
		pthread_cond_signal(&p->news);
		pthread_mutex_unlock(&p->lock);
	}
	return NULL;
}

struct prefetch *prefetch_open(struct log_input *in)
{
	struct prefetch *p = calloc(1, sizeof *p);
	if (!p)
		err_no_memory(sizeof *p);
	p->in = in;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->news, NULL);
	if (pthread_create(&p->thread, NULL, run, p) == 0)
		return p;
	free(p);
	return NULL;
}

int prefetch_read(struct prefetch *p, char *bytes, size_t size, size_t *len, struct err *e)
{
	pthread_mutex_lock(&p->lock);
	while (p->filled == p->taken)
		pthread_cond_wait(&p->news, &p->lock);
	pthread_mutex_unlock(&p->lock);
	struct block *b = &p->blocks[p->taken % LOG_AHEAD_BLOCKS];
	if (b->rc || !b->len) { /* the last block stays: the end is said each time */
		int rc = b->rc;
		*len = 0;
		*e = rc ? b->failure : *e;
		b->rc = 0;
		b->len = 0;
		return rc;
	}
	*len = b->len - b->given < size ? b->len - b->given : size;
	memcpy(bytes, b->bytes + b->given, *len);
	b->given += *len;
	if (b->given < b->len)
		return ERR_OK;
	pthread_mutex_lock(&p->lock);
	p->taken++;
	pthread_cond_signal(&p->news);
	pthread_mutex_unlock(&p->lock);
	return ERR_OK;
}

void prefetch_close(struct prefetch *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->is_closing = true;
	pthread_cond_signal(&p->news);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	pthread_cond_destroy(&p->news);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
