#include "source/watchdog.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

static const int64_t NEVER = INT64_MAX;
static const int64_t LONG_US = 3600 * 1000000LL;

struct watchdog {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool is_closing, is_expired;
	int fd;
	int64_t socket_at; /* when the socket is shut down */
	int64_t call_at;   /* when the call is over: its socket is shut down, if it is known */
	int64_t end_at;    /* when the process ends */
};

/* What has passed; the mutex is held. */
static void act(struct watchdog *w, int64_t now)
{
	if (now >= w->end_at)
		_exit(WATCHDOG_HUNG);
	if (now < w->socket_at && now < w->call_at)
		return;
	w->is_expired = true;
	if (w->fd >= 0)
		shutdown(w->fd, SHUT_RDWR);
	w->socket_at = w->call_at = NEVER;
	if (w->end_at > now + WATCHDOG_GRACE_MS * 1000LL)
		w->end_at = now + WATCHDOG_GRACE_MS * 1000LL;
}

static int64_t next_event(const struct watchdog *w)
{
	int64_t at = w->socket_at < w->call_at ? w->socket_at : w->call_at;
	return at < w->end_at ? at : w->end_at;
}

static void *watch(void *context)
{
	struct watchdog *w = context;
	pthread_mutex_lock(&w->mutex);
	while (!w->is_closing) {
		int64_t now = clock_monotonic(), at = next_event(w);
		act(w, now);
		at = next_event(w);
		if (at > now + LONG_US)
			at = now + LONG_US;
		struct timespec until = { .tv_sec = (time_t)(at / 1000000), .tv_nsec = (long)(at % 1000000) * 1000 };
		pthread_cond_timedwait(&w->changed, &w->mutex, &until);
	}
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}

struct watchdog *watchdog_open(void)
{
	struct watchdog *w = calloc(1, sizeof *w);
	pthread_condattr_t attributes;
	if (!w)
		return NULL;
	w->fd = -1;
	w->socket_at = w->call_at = w->end_at = NEVER;
	pthread_mutex_init(&w->mutex, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&w->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	if (pthread_create(&w->thread, NULL, watch, w) != 0) {
		free(w);
		return NULL;
	}
	return w;
}

void watchdog_close(struct watchdog *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->mutex);
	w->is_closing = true;
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->mutex);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->mutex);
	free(w);
}

void watchdog_begin(struct watchdog *w, uint32_t ms)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->mutex);
	w->call_at = clock_monotonic() + ms * 1000LL;
	w->end_at = w->call_at + WATCHDOG_GRACE_MS * 1000LL;
	w->is_expired = false;
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->mutex);
}

void watchdog_socket(struct watchdog *w, int fd, uint32_t ms)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->mutex);
	w->fd = ms ? fd : -1;
	w->socket_at = ms ? clock_monotonic() + ms * 1000LL : NEVER;
	if (w->is_expired && w->fd >= 0)
		shutdown(w->fd, SHUT_RDWR); /* a new socket in a call that is over */
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->mutex);
}

bool watchdog_end(struct watchdog *w)
{
	if (!w)
		return false;
	pthread_mutex_lock(&w->mutex);
	bool is_expired = w->is_expired;
	w->socket_at = w->call_at = w->end_at = NEVER;
	w->fd = -1;
	w->is_expired = false;
	pthread_mutex_unlock(&w->mutex);
	return is_expired;
}
