/* Any bytes as a capture: read or refused, and what was read can be stored. Seeds: captures of samples/, whole and cut. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char capture[] = "/tmp/dbperf-fuzz-XXXXXX", path[64];
	static int fd = -1;
	static struct store *store;
	struct err e = { 0 };
	if (fd < 0) {
		fd = mkstemp(capture);
		snprintf(path, sizeof path, "/tmp/dbperf-fuzz-%d.db", (int)getpid());
		if (fd < 0 || store_open(&(struct store_options){ .path = path }, &store, &e))
			abort();
	}
	if (ftruncate(fd, 0) < 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	struct rundb *run;
	int64_t snapshots[16];
	size_t count = 0;
	e = (struct err){ 0 };
	if (rundb_open(&run, &e) || rundb_attach_history(run, path, NULL, &e))
		abort();
	if (rundb_load(run, capture, "fuzz", snapshots, 16, &count, &e) == ERR_OK) {
		for (size_t i = 0; i < count; i++)
			if (rundb_complete(run, snapshots[i], &e))
				e = (struct err){ 0 };
		if (store_write(store, run, true, &e))
			e = (struct err){ 0 };
	}
	rundb_close(run);
	return 0;
}
