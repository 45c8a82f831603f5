#include "log.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_MAX = 4096, WORDS_MAX = 64 };

static const char MARK[] = "# template log\n";

/* What is left of a part between two blocks. */
struct parser {
	char head[HEAD_MAX]; /* a line that begins an entry or belongs to none, as far as it came */
	size_t head_len;
	int is_long;       /* the line at hand passed HEAD_MAX */
	int is_seen;       /* an entry came */
	size_t text_lines; /* that still come */
	int is_first;      /* the next piece is the text's first */
	uint32_t what;
	struct dbperf_log_entry entry;
	char words[HEAD_MAX]; /* what the entry's texts point into */
	const char *block;
	size_t block_len;
	const struct dbperf_log_host *host;
};

int template_log_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	if (options->format && strcmp(options->format, "template") != 0)
		return 0;
	return len >= sizeof MARK - 1 && memcmp(bytes, MARK, sizeof MARK - 1) == 0 ? 100 : 0;
}

int template_log_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
		      struct dbperf_log_about *about, const char **problem)
{
	static char nothing;
	(void)bytes, (void)len;
	if (options->format && strcmp(options->format, "template") != 0) {
		*problem = "the template driver reads the format 'template'";
		return 1;
	}
	*log = &nothing;
	memcpy(about->format, "template", sizeof "template");
	about->is_sequential = options->prefix != NULL; /* so that tests can ask for it */
	return 0;
}

void template_log_close(void *log)
{
	(void)log;
}

/* Any line that begins as an entry does, though it may stand inside of a text: then the cut is wrong. */
size_t template_log_cut(const void *log, const char *bytes, size_t len)
{
	(void)log;
	for (size_t i = len; i-- > 1;)
		if (bytes[i] == '@' && bytes[i - 1] == '\n')
			return i;
	return 0;
}

void *template_log_parser(const void *log)
{
	(void)log;
	return calloc(1, sizeof(struct parser));
}

void template_log_parser_close(void *parser)
{
	free(parser);
}

static const struct {
	const char *name;
	uint32_t kind;
} KINDS[] = {
	{ "execution", DBPERF_LOG_EXECUTION }, { "opening", DBPERF_LOG_OPENING }, { "closing", DBPERF_LOG_CLOSING },
	{ "step", DBPERF_LOG_STEP },           { "plan", DBPERF_LOG_PLAN },       { "event", DBPERF_LOG_EVENT },
	{ "failure", DBPERF_LOG_FAILURE },
};

static const struct {
	const char *name;
	uint32_t number;
} NUMBERS[] = {
	{ "total", DBPERF_LOG_TOTAL_US },         { "plan_us", DBPERF_LOG_PLAN_US }, { "lock", DBPERF_LOG_LOCK_US },
	{ "rows", DBPERF_LOG_ROWS_RETURNED },     { "errors", DBPERF_LOG_ERRORS },   { "bytes", DBPERF_LOG_BYTES },
	{ "examined", DBPERF_LOG_ROWS_EXAMINED },
};

static void skip(struct parser *p, uint32_t why, const char *line, uint64_t bytes)
{
	int is_here = line >= p->block && line < p->block + p->block_len;
	p->host->skip(p->host, why, is_here ? (size_t)(line - p->block) : p->block_len, 1, bytes);
}

static int read_number(const char *text, int64_t *n)
{
	*n = 0;
	if (!*text)
		return 0;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || *n > INT64_MAX / 10 - 1)
			return 0;
		*n = 10 * *n + (*text - '0');
	}
	return 1;
}

static void set_text(struct parser *p, const char *key, const char *value)
{
	struct dbperf_log_entry *e = &p->entry;
	const struct {
		const char *name;
		struct dbperf_text *text;
	} texts[] = {
		{ "db", &e->database },       { "user", &e->user },     { "app", &e->application }, { "host", &e->client_host },
		{ "session", &e->session },   { "zone", &e->zone },     { "class", &e->class },     { "code", &e->code },
		{ "severity", &e->severity }, { "object", &e->object },
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(key, texts[i].name) == 0)
			*texts[i].text = (struct dbperf_text){ value, strlen(value) };
}

static void set_number(struct parser *p, const char *key, const char *value, const char *line)
{
	for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++) {
		int64_t n;
		if (strcmp(key, NUMBERS[i].name) != 0)
			continue;
		if (!read_number(value, &n)) {
			skip(p, DBPERF_SKIP_NUMBER, line, strlen(value));
			return;
		}
		p->entry.numbers[NUMBERS[i].number] = n;
		p->entry.present |= (uint64_t)1 << NUMBERS[i].number;
	}
}

/* One key=value of an entry's line. */
static void set_word(struct parser *p, const char *key, const char *value, const char *line)
{
	int64_t n = 0;
	struct dbperf_log_entry *e = &p->entry;
	int is_number = read_number(value, &n);
	if (strcmp(key, "kind") == 0) {
		for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
			if (strcmp(value, KINDS[i].name) == 0)
				e->kind = KINDS[i].kind;
	} else if (strcmp(key, "at") == 0 && strcmp(value, "inherit") == 0) {
		e->flags |= DBPERF_LOG_INHERITS_TIME;
	} else if (strcmp(key, "at") == 0) {
		e->at_us = is_number ? n : INT64_MIN;
	} else if (strcmp(key, "local") == 0) {
		e->flags |= DBPERF_LOG_IS_LOCAL;
	} else if (strcmp(key, "db") == 0 && strcmp(value, "inherit") == 0) {
		e->flags |= DBPERF_LOG_INHERITS_DATABASE;
	} else if (strcmp(key, "weight") == 0) {
		e->weight = is_number ? (uint32_t)n : 0;
	} else if (strcmp(key, "lines") == 0) {
		p->text_lines = is_number ? (size_t)n : 0;
	} else if (strcmp(key, "what") == 0) {
		p->what = strcmp(value, "shape") == 0     ? DBPERF_TEXT_SHAPE
			  : strcmp(value, "message") == 0 ? DBPERF_TEXT_MESSAGE
							  : DBPERF_TEXT_SQL;
	} else {
		set_text(p, key, value);
		set_number(p, key, value, line);
	}
}

static void give(struct parser *p, uint32_t flags)
{
	p->entry.flags |= flags;
	p->host->entry(p->host, &p->entry);
}

/* "@ key=value key=value …". */
static void begin_entry(struct parser *p, const char *line, size_t len)
{
	p->entry = (struct dbperf_log_entry){ .size = sizeof p->entry, .at_us = INT64_MIN };
	p->text_lines = 0;
	p->what = DBPERF_TEXT_SQL;
	p->is_first = p->is_seen = 1;
	memcpy(p->words, line, len);
	p->words[len] = 0;
	char *at = p->words + 1;
	for (size_t i = 0; i < WORDS_MAX && *at; i++) {
		at += strspn(at, " ");
		char *end = at + strcspn(at, " "), *equal = memchr(at, '=', (size_t)(end - at));
		int is_last = !*end;
		*end = 0;
		if (equal) {
			*equal = 0;
			set_word(p, at, equal + 1, line);
		}
		at = is_last ? end : end + 1;
	}
	if (!p->text_lines)
		give(p, 0);
}

/* A whole line that is no text; without its newline. */
static void take_line(struct parser *p, const char *line, size_t len, const char *where)
{
	if (len && line[len - 1] == '\r')
		len--;
	if (p->is_long)
		skip(p, DBPERF_SKIP_LONG, where, len);
	else if (len && *line == '@' && len < HEAD_MAX)
		begin_entry(p, line, len);
	else if (len && *line == '#')
		skip(p, DBPERF_SKIP_KNOWN, where, len + 1);
	else if (len && !memchr(line, 0, len) && !p->is_seen)
		skip(p, DBPERF_SKIP_PARTIAL_FIRST, where, len + 1);
	else if (len)
		skip(p, memchr(line, 0, len) ? DBPERF_SKIP_NUL : DBPERF_SKIP_UNKNOWN, where, len + 1);
	p->is_long = 0;
}

/* A piece of a line that is no text. */
static void take_head(struct parser *p, const char *bytes, size_t len, int is_whole)
{
	if (!p->head_len && is_whole && !p->is_long) {
		take_line(p, bytes, len, bytes);
		return;
	}
	size_t room = HEAD_MAX - p->head_len, use = len < room ? len : room;
	memcpy(p->head + p->head_len, bytes, use);
	p->head_len += use;
	p->is_long |= use < len;
	if (!is_whole)
		return;
	size_t whole = p->head_len;
	p->head_len = 0;
	take_line(p, p->head, whole, NULL);
}

/* A piece of the text, its newlines included but for the last. */
static void take_text(struct parser *p, const char *bytes, size_t len, int is_whole, int is_end)
{
	int is_last = is_whole && p->text_lines == 1;
	size_t use = is_whole && !is_last && !is_end ? len + 1 : len;
	p->host->text(p->host, p->what, bytes, use, p->is_first, is_last);
	p->is_first = 0;
	if (is_whole && --p->text_lines == 0)
		give(p, 0);
}

int template_log_parse(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut, int is_end)
{
	struct parser *p = parser;
	const char *at = bytes, *end = bytes + len;
	p->host = host;
	p->block = bytes;
	p->block_len = len;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)((newline ? newline : end) - at);
		int is_whole = newline || !is_line_cut;
		if (p->text_lines)
			take_text(p, at, n, is_whole, !newline);
		else
			take_head(p, at, n, is_whole);
		at = newline ? newline + 1 : end;
	}
	if (is_end && p->head_len)
		take_head(p, "", 0, 1);
	int is_between = !p->text_lines && !p->head_len;
	if (is_end && p->text_lines) {
		host->text(host, p->what, "", 0, p->is_first, 1);
		skip(p, DBPERF_SKIP_CUT, NULL, 0);
		p->text_lines = 0;
		give(p, DBPERF_LOG_IS_CUT);
	}
	return is_between;
}
