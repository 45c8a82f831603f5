#include "base/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/trusted.h"

enum { FILE_MAX_BYTES = 256 * 1024, NAME_MAX_BYTES = 64, HEADER_BYTES = 44, TRANSITIONS_MAX = 10000 };

static const int64_t SECOND_US = 1000000;

/* Offsets from `begin` on; the first holds before all of them too. */
struct change {
	int64_t begin;  /* s since 1970 UTC */
	int32_t offset; /* s east of Greenwich */
};

struct zone {
	const struct change *changes;
	size_t count;
};

/* As servers print them; where two zones share one, the one with more people in it that use the letters. */
static const struct {
	char name[5];
	int16_t minutes;
} ABBREVIATIONS[] = {
	{ "UTC", 0 },    { "GMT", 0 },    { "Z", 0 },      { "WET", 0 },    { "WEST", 60 },  { "BST", 60 },    { "CET", 60 },
	{ "MET", 60 },   { "CEST", 120 }, { "MEST", 120 }, { "EET", 120 },  { "EEST", 180 }, { "MSK", 180 },   { "IDT", 180 },
	{ "SAST", 120 }, { "CAT", 120 },  { "EAT", 180 },  { "WAT", 60 },   { "IST", 330 },  { "PKT", 300 },   { "HKT", 480 },
	{ "SGT", 480 },  { "WIB", 420 },  { "JST", 540 },  { "KST", 540 },  { "AWST", 480 }, { "ACST", 570 },  { "ACDT", 630 },
	{ "AEST", 600 }, { "AEDT", 660 }, { "NZST", 720 }, { "NZDT", 780 }, { "EST", -300 }, { "EDT", -240 },  { "CST", -360 },
	{ "CDT", -300 }, { "MST", -420 }, { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 }, { "AKST", -540 }, { "AKDT", -480 },
	{ "HST", -600 }, { "AST", -240 }, { "ADT", -180 }, { "NST", -210 }, { "NDT", -150 },
};

static const struct zone *fixed(int32_t offset, struct arena *a)
{
	struct change *change = arena_alloc(a, sizeof *change);
	struct zone *zone = arena_alloc(a, sizeof *zone);
	*change = (struct change){ INT64_MIN, offset };
	*zone = (struct zone){ change, 1 };
	return zone;
}

const struct zone *zone_utc(void)
{
	static const struct change change = { INT64_MIN, 0 };
	static const struct zone utc = { &change, 1 };
	return &utc;
}

/* "+05:30", "-0330", "+02": at most 15 hours. */
static bool read_offset(struct slice s, int32_t *offset)
{
	int32_t digits[4] = { 0 };
	size_t n = 0;
	if (s.len < 3 || (s.ptr[0] != '+' && s.ptr[0] != '-'))
		return false;
	for (size_t i = 1; i < s.len; i++) {
		bool is_digit = s.ptr[i] >= '0' && s.ptr[i] <= '9';
		if (s.ptr[i] == ':' && i == 3)
			continue;
		if (!is_digit || n == 4)
			return false;
		digits[n++] = s.ptr[i] - '0';
	}
	int32_t hours = 10 * digits[0] + digits[1], minutes = 10 * digits[2] + digits[3];
	if ((n != 2 && n != 4) || hours > 15 || minutes > 59)
		return false;
	*offset = (s.ptr[0] == '-' ? -1 : 1) * (3600 * hours + 60 * minutes);
	return true;
}

static int64_t big_endian(const char *at, size_t bytes)
{
	uint64_t n = at[0] & 0x80 ? ~(uint64_t)0 : 0;
	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | (unsigned char)at[i];
	return (int64_t)n;
}

/* The counts of a header, in the order that the file has them; the body's length. */
static size_t read_header(const char *at, size_t time_bytes, int64_t counts[6])
{
	for (size_t i = 0; i < 6; i++) { /* isutcnt isstdcnt leapcnt timecnt typecnt charcnt */
		counts[i] = big_endian(at + 20 + 4 * i, 4);
		if (counts[i] < 0 || counts[i] > TRANSITIONS_MAX)
			counts[i] = 0;
	}
	return (size_t)counts[3] * (time_bytes + 1) + (size_t)counts[4] * 6 + (size_t)counts[5] +
	       (size_t)counts[2] * (time_bytes + 4) + (size_t)counts[1] + (size_t)counts[0];
}

/* Reads a file of version 2 or later: its second body has 64-bit times. */
static const struct zone *read_file(struct slice file, struct arena *a)
{
	int64_t counts[6];
	if (file.len < HEADER_BYTES || memcmp(file.ptr, "TZif", 4) != 0 || file.ptr[4] < '2')
		return NULL;
	size_t skip = HEADER_BYTES + read_header(file.ptr, 4, counts);
	if (file.len < skip + HEADER_BYTES || memcmp(file.ptr + skip, "TZif", 4) != 0)
		return NULL;
	const char *body = file.ptr + skip + HEADER_BYTES;
	if (file.len - skip - HEADER_BYTES < read_header(file.ptr + skip, 8, counts) || counts[4] < 1)
		return NULL;
	size_t times = (size_t)counts[3];
	const char *types = body + 8 * times, *offsets = types + times;
	struct change *changes = arena_array(a, times + 1, sizeof *changes);
	changes[0] = (struct change){ INT64_MIN, (int32_t)big_endian(offsets, 4) };
	for (size_t i = 0; i < times; i++) {
		unsigned type = (unsigned char)types[i];
		if (type >= (unsigned)counts[4])
			return NULL;
		changes[i + 1] = (struct change){ big_endian(body + 8 * i, 8), (int32_t)big_endian(offsets + 6 * (size_t)type, 4) };
	}
	struct zone *zone = arena_alloc(a, sizeof *zone);
	*zone = (struct zone){ changes, times + 1 };
	return zone;
}

/* Letters, digits and _+- in parts told apart by /: nothing that leaves the folder. */
static bool is_name(struct slice name)
{
	if (!name.len || name.len > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i], before = i ? name.ptr[i - 1] : '/';
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!is_letter && before == '/')
			return false;
		if (!is_letter && !(c >= '0' && c <= '9') && !strchr("/_+-", c))
			return false;
	}
	return true;
}

static const struct zone *load(struct slice name, struct arena *a)
{
	char path[NAME_MAX_BYTES + 32];
	struct err ignored = { 0 };
	struct slice file;
	if (!is_name(name))
		return NULL;
	snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", SLICE_ARG(name));
	SCOPED_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || trusted_read_fd(fd, path, FILE_MAX_BYTES, a, &file, &ignored))
		return NULL;
	return read_file(file, a);
}

const struct zone *zone_find(struct slice name, struct arena *a)
{
	int32_t offset;
	if (read_offset(name, &offset))
		return fixed(offset, a);
	for (size_t i = 0; i < sizeof ABBREVIATIONS / sizeof *ABBREVIATIONS; i++)
		if (slice_equal(name, slice_of(ABBREVIATIONS[i].name)))
			return fixed(60 * ABBREVIATIONS[i].minutes, a);
	return load(name, a);
}

int64_t zone_moment(const struct zone *zone, int64_t wall_us)
{
	int64_t wall = wall_us / SECOND_US - (wall_us % SECOND_US < 0);
	size_t low = 0, high = zone->count;
	/* The last change whose new offset is in force at that wall-clock time. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		const struct change *c = &zone->changes[middle];
		int32_t before = zone->changes[middle - 1].offset;
		int32_t least = c->offset > before ? c->offset : before; /* the gap counts as before, the fold too */
		if (wall - least >= c->begin)
			low = middle;
		else
			high = middle;
	}
	return wall_us - (int64_t)zone->changes[low].offset * SECOND_US;
}
