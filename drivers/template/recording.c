#include "recording.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is being read; the file's lines are cut in place. */
struct reading {
	struct recording *r;
	char *rest;
	const char *database;
	struct recording_answer *answer; /* the one whose lines come */
	int line;
};

static char *next_line(struct reading *g)
{
	char *line = g->rest;
	if (!line || !*line)
		return NULL;
	char *end = strchr(line, '\n');
	g->rest = end ? end + 1 : NULL;
	if (end)
		*end = 0;
	g->line++;
	return line;
}

static char *skip_blanks(char *s)
{
	while (*s == ' ')
		s++;
	return s;
}

/* Cuts off and returns what stands before `end`; *s moves behind it, without blanks on either side. */
static char *cut(char **s, char end)
{
	char *head = skip_blanks(*s), *at = strchr(head, end);
	*s = at ? at + 1 : head + strlen(head);
	if (!at)
		at = *s;
	else
		*at = 0;
	while (at > head && at[-1] == ' ')
		*--at = 0;
	*s = skip_blanks(*s);
	return head;
}

static const struct {
	const char *word;
	enum dbperf_result result;
} RESULTS[] = {
	{ "failed", DBPERF_FAILED }, { "soft", DBPERF_SOFT },	    { "denied", DBPERF_DENIED },
	{ "lost", DBPERF_LOST },     { "refused", DBPERF_REFUSED }, { "unreachable", DBPERF_UNREACHABLE },
};

/* "failed CODE TEXT | HINT" */
static int read_result(char *line, enum dbperf_result *result, const char **code, const char **text, const char **hint)
{
	char *rest = line, *word = cut(&rest, ' ');
	for (size_t i = 0; i < sizeof RESULTS / sizeof *RESULTS; i++) {
		if (strcmp(word, RESULTS[i].word) != 0)
			continue;
		*result = RESULTS[i].result;
		*code = cut(&rest, ' ');
		*text = cut(&rest, '|');
		*hint = rest;
		return 0;
	}
	return -1;
}

static int read_pair(struct reading *g, char *rest, int is_trait)
{
	struct recording *r = g->r;
	if (r->pair_count == RECORDING_PAIRS_MAX || !strstr(rest, " = "))
		return -1;
	char *value = strstr(rest, " = ");
	*value = 0;
	r->pairs[r->pair_count++] = (struct recording_pair){ g->database, skip_blanks(rest), skip_blanks(value + 3), is_trait };
	return 0;
}

static int read_columns(struct recording_answer *answer, char *rest)
{
	while (*rest) {
		char *name = cut(&rest, ' '), *type = strchr(name, ':');
		if (answer->column_count == RECORDING_COLUMNS_MAX)
			return -1;
		if (type)
			*type++ = 0;
		answer->types[answer->column_count] = !type			  ? DBPERF_TEXT :
						      strcmp(type, "integer") == 0 ? DBPERF_INTEGER :
						      strcmp(type, "real") == 0	  ? DBPERF_REAL :
										    DBPERF_TEXT;
		answer->columns[answer->column_count++] = name;
	}
	return answer->column_count ? 0 : -1;
}

static int begin_answer(struct reading *g, char *name)
{
	struct recording *r = g->r;
	if (r->answer_count == RECORDING_ANSWERS_MAX || !*name)
		return -1;
	g->answer = &r->answers[r->answer_count++];
	*g->answer = (struct recording_answer){ .database = g->database, .name = name };
	return 0;
}

/* A line inside an answer: `columns` is followed by the rows, up to the line "\.". */
static int read_answer_line(struct reading *g, char *line)
{
	struct recording_answer *a = g->answer;
	char *rest = line, *word = cut(&rest, ' ');
	if (strcmp(word, "\\.") == 0) {
		g->answer = NULL;
		return 0;
	}
	if (strcmp(word, "delay") == 0) {
		a->delay_ms = (uint32_t)strtoul(rest, NULL, 10);
		return 0;
	}
	if (strcmp(word, "columns") != 0) {
		*(word + strlen(word)) = *rest ? ' ' : 0; /* whole again */
		return read_result(line, &a->result, &a->code, &a->text, &a->hint);
	}
	if (read_columns(a, rest))
		return -1;
	a->rows = g->rest;
	for (char *row; (row = next_line(g));) {
		if (strcmp(row, "\\.") == 0) {
			a->rows_end = row;
			g->answer = NULL;
			return 0;
		}
		row[strlen(row)] = '\n'; /* rows are cut when they are asked for */
	}
	return -1;
}

static int read_line(struct reading *g, char *line)
{
	if (g->answer)
		return read_answer_line(g, line);
	if (!*line || *line == '#')
		return 0;
	char *rest = line, *word = cut(&rest, ' ');
	if (strcmp(word, "recording") == 0)
		return strcmp(rest, "1") == 0 ? 0 : -1;
	if (strcmp(word, "trait") == 0 || strcmp(word, "identity") == 0)
		return read_pair(g, rest, *word == 't');
	if (strcmp(word, "database") == 0) {
		g->database = rest;
		return *rest ? 0 : -1;
	}
	if (strcmp(word, "connect") == 0)
		return read_result(rest, &g->r->connect, &g->r->connect_code, &g->r->connect_text, &g->r->connect_hint);
	return strcmp(word, "answer") == 0 ? begin_answer(g, rest) : strcmp(word, "probe") == 0 ? 0 : -1;
}

static int read_file(const char *path, char **bytes, char *problem, size_t size)
{
	FILE *file = fopen(path, "rb");
	size_t room = RECORDING_BYTES_MAX + 1;
	if (!file) {
		snprintf(problem, size, "cannot open the recording '%s': %s", path, strerror(errno));
		return -1;
	}
	*bytes = malloc(room);
	size_t n = *bytes ? fread(*bytes, 1, room, file) : room;
	int is_bad = ferror(file) || n == room || memchr(*bytes, 0, n);
	fclose(file);
	if (is_bad) {
		snprintf(problem, size, "recording '%s' cannot be read, is too long, or holds a NUL byte", path);
		return -1;
	}
	(*bytes)[n] = 0;
	return 0;
}

int recording_open(const char *path, struct recording *out, char *problem, size_t size)
{
	*out = (struct recording){ .connect = DBPERF_OK };
	if (read_file(path, &out->bytes, problem, size))
		return -1;
	struct reading g = { .r = out, .rest = out->bytes };
	for (char *line; (line = next_line(&g));)
		if (read_line(&g, line)) {
			snprintf(problem, size, "recording '%s': line %d cannot be read", path, g.line);
			return -1;
		}
	if (g.answer) {
		snprintf(problem, size, "recording '%s': its last answer has no end", path);
		return -1;
	}
	return 0;
}

void recording_close(struct recording *r)
{
	for (size_t i = 0; i < r->answer_count; i++)
		free(r->answers[i].row);
	free(r->bytes);
	r->answer_count = 0;
	r->bytes = NULL;
}

/* The text without blanks at its ends. */
static const char *trim(const char *text, size_t *len)
{
	while (*text == ' ' || *text == '\n' || *text == '\t' || *text == '\r')
		text++;
	*len = strlen(text);
	while (*len && strchr(" \n\t\r", text[*len - 1]))
		--*len;
	return text;
}

void recording_hash(const char *ask, char text[17])
{
	size_t len;
	uint64_t hash = 0xcbf29ce484222325u;
	ask = trim(ask, &len);
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)ask[i]) * 0x100000001b3u;
	snprintf(text, 17, "%016llx", (unsigned long long)hash);
}

static int is_for(const struct recording_answer *a, const char *database, const char *ask, size_t len, const char *hash)
{
	static const char word[] = "REPLAY ";
	const size_t skip = sizeof word - 1;
	if (a->database && (!database || strcmp(a->database, database) != 0))
		return 0;
	if (strcmp(a->name, "*") == 0 || strcmp(a->name, hash) == 0)
		return 1;
	return len > skip && memcmp(ask, word, skip) == 0 && strlen(a->name) == len - skip && memcmp(ask + skip, a->name, len - skip) == 0;
}

struct recording_answer *recording_find(struct recording *r, const char *database, const char *ask)
{
	struct recording_answer *last = NULL;
	char hash[17];
	size_t len;
	recording_hash(ask, hash);
	ask = trim(ask, &len);
	for (size_t i = 0; i < r->answer_count; i++) {
		if (!is_for(&r->answers[i], database, ask, len, hash))
			continue;
		last = &r->answers[i];
		if (!last->asked)
			break;
	}
	if (last)
		last->asked++;
	return last;
}

/* One value on its way from the line to the row's own bytes. */
struct cutting {
	const char *in, *end;
	char *out;
};

/* Cuts one value off, its escapes undone; false when there is none. */
static int next_value(struct cutting *c, struct dbperf_value *value)
{
	if (!c->in)
		return 0;
	char *text = c->out;
	int is_null = c->end - c->in >= 2 && c->in[0] == '\\' && c->in[1] == 'N' && (c->in + 2 == c->end || c->in[2] == '\t');
	while (c->in < c->end && *c->in != '\t') {
		char letter = *c->in++;
		if (letter == '\\' && c->in < c->end) {
			letter = *c->in++;
			letter = letter == 't' ? '\t' : letter == 'n' ? '\n' : letter == 'r' ? '\r' : letter;
		}
		*c->out++ = letter;
	}
	*value = (struct dbperf_value){ .type = DBPERF_TEXT, .text = text, .len = (size_t)(c->out - text) };
	if (is_null)
		*value = (struct dbperf_value){ .type = DBPERF_NULL };
	*c->out++ = 0;
	c->in = c->in < c->end ? c->in + 1 : NULL;
	return 1;
}

static void convert(struct dbperf_value *value, enum dbperf_type type)
{
	if (value->type == DBPERF_NULL || type == DBPERF_TEXT)
		return;
	const char *text = value->text; /* ends with a NUL: next_value puts it there */
	if (type == DBPERF_INTEGER)
		*value = (struct dbperf_value){ .type = DBPERF_INTEGER, .integer = strtoll(text, NULL, 10) };
	else
		*value = (struct dbperf_value){ .type = DBPERF_REAL, .real = strtod(text, NULL) };
}

/* Room for a line's values and the NUL behind each. */
static int reserve(struct recording_answer *answer, size_t need)
{
	if (need <= answer->row_size)
		return 0;
	char *more = realloc(answer->row, need);
	if (!more)
		return -1;
	answer->row = more;
	answer->row_size = need;
	return 0;
}

int recording_row(struct recording_answer *answer, char **at, struct dbperf_value *values)
{
	if (!*at || *at >= answer->rows_end)
		return 0;
	char *end = memchr(*at, '\n', (size_t)(answer->rows_end - *at));
	end = end ? end : answer->rows_end;
	if (reserve(answer, (size_t)(end - *at) + answer->column_count + 1))
		return -1;
	struct cutting c = { .in = *at, .end = end, .out = answer->row };
	for (size_t i = 0; i < answer->column_count; i++) {
		if (!next_value(&c, &values[i]))
			return -1;
		convert(&values[i], answer->types[i]);
	}
	*at = end < answer->rows_end ? end + 1 : answer->rows_end;
	return c.in ? -1 : 1;
}
