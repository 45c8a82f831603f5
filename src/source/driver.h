/*
 * Loaded plugins (DESIGN 10; driver.h is the border itself). The only file of dbperf that knows dlopen.
 *
 * Two layouts: installed, FOLDER/NAME.so beside FOLDER/NAME/; and that of the build folder, FOLDER/NAME/NAME.so with
 * probes and doctor.sql in the source tree. One bad driver is a problem that `doctor` shows; the others load.
 */
#ifndef SOURCE_DRIVER_H
#define SOURCE_DRIVER_H

#include "base/arena.h"
#include "drivers/driver.h"

enum { DRIVERS_MAX = 32 };

/** One loaded plugin; it stays loaded for the life of the process. */
struct driver {
	const char *name, *path;
	const char *probes; /* folder of its probe files */
	const char *doctor; /* path of its doctor.sql; the file may be absent */
	const struct dbperf_driver *plugin;
};

/** A plugin that was not loaded, and why. */
struct driver_problem {
	const char *path, *text, *hint; /* hint: "" for none */
};

struct drivers {
	struct driver items[DRIVERS_MAX];
	size_t count;
	struct driver_problem problems[DRIVERS_MAX];
	size_t problem_count;
};

/**
 * Loads every driver of the folders, in order of their names. Folders and files have to belong to root or this user and
 * be writable by nobody else; files are opened without following links. What is wrong with one stands in `problems`.
 */
int drivers_load(const char *const *folders, size_t count, struct arena *a, struct drivers **out, struct err *e) MUST_CHECK;

/** Loads one plugin from a file named NAME.so; `data` is the folder with its probes and doctor.sql. */
int driver_load(const char *path, const char *data, struct arena *a, struct drivers *drivers, struct err *e) MUST_CHECK;

/** The driver whose scheme the URL has, or NULL. */
const struct driver *driver_for_url(const struct drivers *drivers, struct slice url);

/** The driver of that name, or NULL. */
const struct driver *driver_find(const struct drivers *drivers, struct slice name);

/** Every scheme of a loaded driver that can connect, as "a://, b://"; for messages. */
const char *drivers_schemes(const struct drivers *drivers, struct arena *a);

#endif
