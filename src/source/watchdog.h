/*
 * The one thread of a worker (DESIGN 4, G2): when a call into a driver passes its deadline, the driver's socket is shut
 * down, so that whatever blocks on it returns; a second later the worker ends itself, and its parent says why.
 */
#ifndef SOURCE_WATCHDOG_H
#define SOURCE_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

/** Exit status of a worker whose driver did not come back from a call that was cut off. */
enum { WATCHDOG_HUNG = 64, WATCHDOG_GRACE_MS = 1000 };

struct watchdog;

/** Starts the thread; NULL when there is none to be had. It runs until the process ends or watchdog_close. */
struct watchdog *watchdog_open(void);

/** Ends the thread; for tests. NULL is fine. */
void watchdog_close(struct watchdog *w);

/** A call into the driver begins and may take `ms`. With a NULL watchdog these three do nothing. */
void watchdog_begin(struct watchdog *w, uint32_t ms);

/** The driver's own deadline for its socket, within that of the call; ms 0: none any more. */
void watchdog_socket(struct watchdog *w, int fd, uint32_t ms);

/** The call is over; true when the socket was shut down, or should have been: the connection is not used again. */
bool watchdog_end(struct watchdog *w);

#endif
