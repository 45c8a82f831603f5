/* Any bytes as what a worker sends: the reader refuses or decodes, and what it decoded is encoded to the same bytes again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "source/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_reader reader = { 0 };
	struct wire_writer writer = { .fd = -1 };
	struct wire_frame frame;
	struct err e = { 0 };
	bool has_frame = true;
	wire_feed(&reader, data, size);
	while (has_frame && reader.begin < reader.end && wire_next(&reader, &frame, &has_frame, &e) == ERR_OK) {
		if (!has_frame || frame.kind != WIRE_ROW)
			continue;
		writer.len = 0;
		wire_row(&writer, frame.table, frame.look, frame.values);
		if (writer.len > reader.begin || memcmp(reader.data + reader.begin - writer.len, writer.data, writer.len) != 0)
			abort();
	}
	wire_writer_close(&writer);
	wire_reader_close(&reader);
	return 0;
}
