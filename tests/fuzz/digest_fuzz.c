/*
 * Any bytes as a log in the template's format, through all of the host's side of log reading: blocks and parts of any
 * size, on two threads, give the rows that one parser gives that reads all at once.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "drivers/template/log.h"
#include "source/log/logs.h"

enum { ROWS_MAX = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct dbperf_driver PLUGIN = {
	.name = "template",
	.lexical = DBPERF_DOLLAR_QUOTES | DBPERF_NESTED_COMMENTS | DBPERF_E_STRINGS | DBPERF_DOUBLE_QUOTE_IDENTIFIERS,
	.log_detect = template_log_detect,
	.log_open = template_log_open,
	.log_cut = template_log_cut,
	.log_parser = template_log_parser,
	.log_parse = template_log_parse,
	.log_parser_close = template_log_parser_close,
	.log_close = template_log_close,
};

static void put_row(void *context, const struct fact_table *table, int look, const struct fact_value *values)
{
	struct buffer *out = context;
	(void)look;
	buffer_slice(out, table->name);
	for (size_t i = 0; i < table->column_count; i++) {
		buffer_printf(out, "|%d:", values[i].type);
		if (values[i].type == FACT_INTEGER)
			buffer_printf(out, "%lld", (long long)values[i].integer);
		else if (values[i].type == FACT_REAL)
			buffer_printf(out, "%.17g", values[i].real);
		else
			buffer_slice(out, values[i].text);
	}
	buffer_char(out, '\n');
}

static void no_probe(void *context, struct slice name, struct slice database)
{
	(void)context, (void)name, (void)database;
}

static void no_end(void *context, bool is_kept)
{
	(void)context, (void)is_kept;
}

static void read_log(char *path, unsigned threads, size_t block, int64_t part, struct buffer *rows)
{
	static struct drivers drivers = { .count = 1 };
	const struct sink sink = { .context = rows, .row = put_row, .probe = no_probe, .probe_end = no_end };
	struct logs_task task = {
		.drivers = &drivers,
		.paths = &path,
		.path_count = 1,
		.threads = threads,
		.block_bytes = block,
		.part_bytes = part,
	};
	struct err e = { 0 };
	drivers.items[0] = (struct driver){ .name = "template", .plugin = &PLUGIN };
	if (logs_read(&task, &sink, &e))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char mark[] = "# template log\n";
	SCOPED_BUFFER whole = BUFFER(ROWS_MAX, "rows");
	SCOPED_BUFFER cut = BUFFER(ROWS_MAX, "rows");
	char path[40];
	if (size < 2)
		return 0;
	int fd = memfd_create("log", MFD_CLOEXEC);
	if (fd < 0 || write(fd, mark, sizeof mark - 1) < 0 || write(fd, data + 2, size - 2) < 0)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	setenv("DBPERF_NOW", "1772331130000000", 1); /* what tells no moment is of now */
	read_log(path, 1, 0, 0, &whole);
	read_log(path, 2, 1 + data[0], 1 + data[1], &cut);
	close(fd);
	if (whole.len != cut.len || memcmp(whole.data, cut.data, whole.len) != 0)
		abort();
	return 0;
}
