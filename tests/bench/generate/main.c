#include "generate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const USERS[] = { "shop", "report", "billing", "search", "mailer", "import", "admin", "mobile" };
const char *const DATABASES[] = { "shop", "warehouse", "billing", "archive" };
const char *const HOSTS[] = { "192.0.2.11", "192.0.2.12", "192.0.2.13", "198.51.100.7", "198.51.100.8", "203.0.113.99" };

static const struct format *const FORMATS[] = { &MYSQL, &MYSQL_EXTRA, &MARIADB, &PERCONA };
enum { FORMAT_COUNT = sizeof FORMATS / sizeof *FORMATS };

static const uint64_t MEGABYTE = 1000000, HUGE_EVERY = 32 * 1000000; /* one statement of a megabyte in so many bytes */
enum { LONG_CHANCE = 12, PAUSE_US = 1500, BOUND_CHANCE = 1900 };     /* of 10,000: lists of 10 kB; BEGIN and COMMIT */

static void die(const char *what)
{
	fprintf(stderr, "generate_log: %s\n", what);
	exit(2);
}

static void flush(struct out *out)
{
	for (size_t at = 0; at < out->len;) {
		ssize_t done = write(1, out->data + at, out->len - at);
		if (done <= 0)
			die("cannot write");
		at += (size_t)done;
	}
	out->written += out->len;
	out->len = 0;
}

char *out_room(struct out *out, size_t len)
{
	if (out->size - out->len < len) {
		out->size = 2 * (out->len + len) + 65536;
		out->data = realloc(out->data, out->size);
		if (!out->data)
			die("no memory");
	}
	return out->data + out->len;
}

void out_bytes(struct out *out, const char *bytes, size_t len)
{
	memcpy(out_room(out, len), bytes, len);
	out->len += len;
}

void out_text(struct out *out, const char *text)
{
	out_bytes(out, text, strlen(text));
}

void out_number(struct out *out, uint64_t number, int width, char fill)
{
	char digits[24];
	int len = 0;
	do {
		digits[sizeof digits - (size_t)++len] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	while (len < width && len < (int)sizeof digits)
		digits[sizeof digits - (size_t)++len] = fill;
	out_bytes(out, digits + sizeof digits - len, (size_t)len);
}

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
uint64_t dice_next(struct dice *dice)
{
	uint64_t z = dice->state += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint32_t dice_below(struct dice *dice, uint32_t below)
{
	return (uint32_t)((dice_next(dice) >> 32) * below >> 32);
}

bool dice_chance(struct dice *dice, uint32_t share)
{
	return dice_below(dice, 10000) < share;
}

/* How often each shape is executed: the k-th in proportion to k^-1.05. Filled so that a 16-bit number picks one. */
static uint32_t *popularity(uint32_t shapes, uint32_t *count)
{
	double sum = 0, at = 0;
	uint32_t *picks = malloc(sizeof *picks * (*count = 1 << 20));
	if (!picks)
		die("no memory");
	for (uint32_t i = 2; i < shapes; i++)
		sum += pow(i - 1, -1.05);
	uint32_t filled = 0;
	for (uint32_t i = 2; i < shapes; i++) {
		at += pow(i - 1, -1.05) / sum;
		do
			picks[filled++] = i;
		while (filled < *count && filled < at * *count);
		if (filled == *count)
			break;
	}
	*count = filled;
	return picks;
}

/* Most take some hundred microseconds, few take seconds. */
static int64_t duration(struct dice *dice)
{
	int64_t us = 40 + dice_below(dice, 400);
	while (us < 4000000 && dice_chance(dice, 3300))
		us *= 3;
	return us + dice_below(dice, 97);
}

static void roll(struct event *event, struct dice *dice)
{
	event->total_us = duration(dice);
	event->lock_us = dice_chance(dice, 500) ? event->total_us / 3 : dice_below(dice, 120);
	event->rows_returned = dice_below(dice, dice_chance(dice, 1000) ? 5000 : 20);
	event->rows_examined = event->rows_returned + (uint64_t)event->total_us / 3;
	event->rows_affected = dice_below(dice, 4);
	event->bytes_sent = 52 + event->rows_returned * 61;
	event->session = 100 + dice_below(dice, 60);
	event->host = dice_below(dice, 3);
	event->at_us += dice_below(dice, 2 * PAUSE_US);
}

/* What a reader has to find. */
struct truth {
	uint64_t events, shapes, rows_returned, rows_examined, total_us, lock_us;
	uint8_t *seen;
};

static void note(struct truth *truth, const struct event *event, uint32_t shape)
{
	truth->events++;
	truth->shapes += !truth->seen[shape];
	truth->seen[shape] = 1;
	truth->rows_returned += event->rows_returned;
	truth->rows_examined += event->rows_examined;
	truth->total_us += (uint64_t)event->total_us;
	truth->lock_us += (uint64_t)event->lock_us;
}

static void generate(const struct format *format, uint64_t bytes, uint32_t count, uint64_t seed)
{
	struct dice dice = { seed };
	struct shape *shapes = shapes_make(&dice, &format->dialect, count);
	uint32_t pick_count, *picks = popularity(count, &pick_count);
	struct out out = { 0 }, text = { 0 };
	struct truth truth = { .seen = calloc(count, 1) };
	struct event event = { .at_us = 1772704800000000 }, before;
	uint64_t huge = HUGE_EVERY / 2;
	uint32_t bound = 0;
	if (format->begin)
		format->begin(&out);
	for (bool is_first = true; out.written + out.len < bytes; is_first = false) {
		bool is_bound = dice_chance(&dice, BOUND_CHANCE);
		uint32_t shape = is_bound ? bound ^= 1 : picks[dice_below(&dice, pick_count)];
		bool is_huge = out.written + out.len > huge && strchr(shapes[shape].text, '\x0e'); /* rows */
		before = event;
		event.shape = &shapes[shape];
		roll(&event, &dice);
		text.len = 0;
		shape_write(&text, &dice, &format->dialect, event.shape,
			    is_huge                           ? MEGABYTE
			    : dice_chance(&dice, LONG_CHANCE) ? 10000
							      : 0);
		event.text = text.data;
		event.len = text.len;
		format->event(&out, &dice, &event, is_first ? NULL : &before);
		note(&truth, &event, shape);
		huge += is_huge ? HUGE_EVERY : 0;
		if (out.len > MEGABYTE)
			flush(&out);
	}
	flush(&out);
	fprintf(stderr,
		"{\"format\": \"%s\", \"bytes\": %llu, \"events\": %llu, \"shapes\": %llu, \"total_us\": %llu, \"lock_us\": %llu, "
		"\"rows_returned\": %llu, \"rows_examined\": %llu}\n",
		format->name, (unsigned long long)out.written, (unsigned long long)truth.events, (unsigned long long)truth.shapes,
		(unsigned long long)truth.total_us, (unsigned long long)truth.lock_us, (unsigned long long)truth.rows_returned,
		(unsigned long long)truth.rows_examined);
}

static uint64_t number(const char *text, uint64_t least, uint64_t most)
{
	char *end;
	uint64_t value = strtoull(text, &end, 10);
	if (end == text || *end || value < least || value > most)
		die("a number is none, or out of range");
	return value;
}

int main(int argc, char **argv)
{
	const struct format *format = NULL;
	uint64_t megabytes = 256, shapes = 1000, seed = 1;
	for (int option; (option = getopt(argc, argv, "m:n:s:")) != -1;) {
		if (option == 'm')
			megabytes = number(optarg, 1, 1000000);
		else if (option == 'n')
			shapes = number(optarg, 10, SHAPES_MOST);
		else if (option == 's')
			seed = number(optarg, 0, UINT64_MAX);
		else
			die("usage: generate_log [-m MEGABYTES] [-n SHAPES] [-s SEED] FORMAT");
	}
	for (size_t i = 0; i < FORMAT_COUNT && optind + 1 == argc; i++)
		if (strcmp(FORMATS[i]->name, argv[optind]) == 0)
			format = FORMATS[i];
	if (!format) {
		fprintf(stderr, "generate_log: usage: generate_log [-m MEGABYTES] [-n SHAPES] [-s SEED] FORMAT; formats:");
		for (size_t i = 0; i < FORMAT_COUNT; i++)
			fprintf(stderr, " %s", FORMATS[i]->name);
		fprintf(stderr, "\n");
		return 2;
	}
	generate(format, megabytes * MEGABYTE, (uint32_t)shapes, seed);
	_exit(0); /* all is written; memory lives as long as the process, and nobody has to count it as lost */
}
