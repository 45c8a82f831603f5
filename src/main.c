/*
 * Arguments in, report and errors out, exit status: the only place that prints an error. All else returns what went
 * wrong; a report is written whole, at the end, or not at all.
 */
#include <stdlib.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/session.h"

/* "dbperf: TEXT" and "hint: …" on standard error, safe for a terminal; one write each, so that runs do not mix lines. */
static void print_error(const struct err *e)
{
	SCOPED_BUFFER line = BUFFER(16384, "error");
	if (!e->text[0])
		return;
	buffer_text(&line, "dbperf: ");
	buffer_terminal(&line, slice_of(e->text));
	buffer_char(&line, '\n');
	if (e->hint[0]) {
		buffer_text(&line, "hint: ");
		buffer_terminal(&line, slice_of(e->hint));
		buffer_char(&line, '\n');
	}
	if (write(STDERR_FILENO, line.data, line.len) < 0)
		return; /* nobody listens */
}

static void print_notes(const struct session *s)
{
	for (size_t i = 0; i < s->note_count; i++)
		print_error(&s->notes[i]);
	if (!s->notes_left_out)
		return;
	struct err more = { 0 };
	err_set(&more, ERR_INTERNAL, "and %zu more errors", s->notes_left_out);
	print_error(&more);
}

/* The report goes out; only then does it count as told. */
static int deliver(struct session *s, struct err *e)
{
	int rc = output_write(session_text(s, OPTION_OUTPUT, NULL), buffer_view(s->out), e);
	return rc ? rc : session_told(s, e);
}

int main(int argc, char **argv)
{
	output_guard();
	struct arena arena = { 0 };
	struct buffer out = BUFFER(REPORT_BYTES_MAX, "report");
	struct session *s = calloc(1, sizeof *s);
	if (!s)
		err_no_memory(sizeof *s);
	s->arena = &arena;
	s->out = &out;
	session_run(s, argc, argv);

	struct err e = { 0 };
	session_status(s, out.len ? deliver(s, &e) : ERR_OK);
	print_notes(s);
	print_error(&e);
	int status = s->status;
	session_close(s);
	free(s);
	buffer_close(&out);
	arena_close(&arena);
	return status;
}
