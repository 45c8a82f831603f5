/*
 * Prints what a driver reads of a log: log_dump DRIVER FILE [BLOCK [FORMAT [r|p|rp]]]; for people, and for the tests of the lab.
 * Blocks end behind lines, or anywhere (r); the file may be cut into parts (p).
 */
#include <stdio.h>
#include <stdlib.h>

#include "log_host.h"

int main(int argc, char **argv)
{
	SCOPED_BUFFER file = BUFFER((size_t)2 << 30, "file");
	struct log_host host = { 0 };
	char block[65536];
	FILE *in = argc > 2 ? fopen(argv[2], "rb") : NULL;
	if (!in) {
		fprintf(stderr, "usage: log_dump DRIVER FILE [BLOCK [FORMAT [r|p|rp]]]\n");
		return 2;
	}
	for (size_t got; (got = fread(block, 1, sizeof block, in)) > 0;)
		buffer_add(&file, block, got);
	fclose(in);
	struct log_feed feed = { .block = argc > 3 ? strtoul(argv[3], NULL, 10) : 0, .format = argc > 4 ? argv[4] : NULL };
	feed.is_ragged = argc > 5 && strchr(argv[5], 'r');
	feed.has_parts = argc > 5 && strchr(argv[5], 'p');
	bool is_good = log_host_read(&host, log_driver(argv[1]), buffer_view(&file).ptr, file.len, &feed);
	log_host_skips(&host);
	printf("# %s: %s\n", host.about.format, host.about.detail);
	fwrite(buffer_view(&host.lines).ptr, 1, host.lines.len, stdout);
	if (!is_good)
		fprintf(stderr, "log_dump: %s\n", host.problem);
	log_host_close(&host);
	return !is_good;
}
