#include "reports/text_layout.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/units.h"

enum { LAYOUT_MAX = 1 << 20 /* bytes of one text shown */ };

void layout_style(struct report *r, enum style style)
{
	static const char *const codes[] = {
		[STYLE_PLAIN] = "\033[0m",       [STYLE_BOLD] = "\033[1m",     [STYLE_DIM] = "\033[2m",
		[STYLE_CRITICAL] = "\033[1;31m", [STYLE_WARNING] = "\033[33m", [STYLE_INFO] = "\033[36m",
		[STYLE_COMMAND] = "\033[1m",
	};
	if (r->has_colour)
		buffer_text(r->out, codes[style]);
}

enum style layout_severity(struct slice severity)
{
	if (slice_equal(severity, SLICE("critical")))
		return STYLE_CRITICAL;
	return slice_equal(severity, SLICE("warning")) ? STYLE_WARNING : STYLE_INFO;
}

void layout_text(struct report *r, enum style style, struct slice text)
{
	if (style != STYLE_PLAIN)
		layout_style(r, style);
	buffer_terminal(r->out, text);
	if (style != STYLE_PLAIN)
		layout_style(r, STYLE_PLAIN);
}

void layout_blanks(struct report *r, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buffer_char(r->out, ' ');
}

/* The longest start that fits and ends before a blank; a word longer than the line stays whole. */
static struct slice line_of(struct slice text, size_t columns)
{
	struct slice fit = text_fit(text, columns);
	size_t end = fit.len;
	if (end == text.len)
		return fit;
	while (end && text.ptr[end] != ' ' && text.ptr[end - 1] != ' ')
		end--;
	while (end && text.ptr[end - 1] == ' ')
		end--;
	if (end)
		return (struct slice){ text.ptr, end };
	end = fit.len;
	while (end < text.len && text.ptr[end] != ' ')
		end++;
	return (struct slice){ text.ptr, end };
}

void layout_wrap(struct report *r, struct slice text, size_t at, size_t indent)
{
	enum { NARROW = 20 };
	SCOPED_BUFFER safe = BUFFER(LAYOUT_MAX, "one line of a report");
	buffer_terminal(&safe, text);
	struct slice rest = slice_trim(buffer_view(&safe));
	bool is_first = true;
	do {
		size_t column = is_first ? at : indent;
		size_t room = r->width > column + NARROW ? r->width - column : NARROW;
		struct slice line = r->width ? line_of(rest, room) : rest;
		if (!is_first)
			layout_blanks(r, indent);
		buffer_slice(r->out, line);
		buffer_char(r->out, '\n');
		rest = slice_trim((struct slice){ rest.ptr + line.len, rest.len - line.len });
		is_first = false;
	} while (rest.len);
}

bool layout_is_comment(struct slice line)
{
	return slice_starts(slice_trim(line), SLICE("--"));
}

/* Whether there is a line to type, or only words. */
static bool has_command(struct slice commands)
{
	while (commands.len) {
		struct slice line = slice_cut(&commands, '\n');
		if (slice_trim(line).len && !layout_is_comment(line))
			return true;
	}
	return false;
}

/* One line of words: with its dashes between commands, since it is copied with them. */
static void add_comment(struct report *r, struct slice line, size_t indent, bool is_alone)
{
	line = slice_trim(line);
	if (is_alone)
		line = slice_trim((struct slice){ line.ptr + 2, line.len - 2 });
	layout_wrap(r, line, indent + 4, indent + (is_alone ? 4 : 7));
}

void layout_commands(struct report *r, struct slice commands, size_t indent)
{
	commands = slice_trim(commands);
	bool is_alone = !has_command(commands), is_said = false;
	while (commands.len) {
		struct slice line = slice_cut(&commands, '\n');
		while (line.len && (line.ptr[line.len - 1] == '\r' || line.ptr[line.len - 1] == ' '))
			line.len--;
		if (!slice_trim(line).len)
			continue;
		bool is_first = !is_said && (is_alone || !layout_is_comment(line));
		is_said = is_said || is_first;
		layout_blanks(r, indent);
		buffer_text(r->out, is_first ? "do: " : "    ");
		if (layout_is_comment(line)) {
			add_comment(r, line, indent, is_alone);
		} else {
			layout_text(r, STYLE_COMMAND, line);
			buffer_char(r->out, '\n');
		}
	}
}

int64_t layout_integer(const struct fact_value *v, int64_t missing)
{
	if (v->type == FACT_INTEGER)
		return v->integer;
	return v->type == FACT_REAL && fabs(v->real) < 9e18 ? (int64_t)v->real : missing;
}

static double number_of(const struct fact_value *v)
{
	return v->type == FACT_INTEGER ? (double)v->integer : v->real;
}

/* A bar of eighths of BAR_CELLS columns, and the percentage behind it. */
static void add_bar(struct buffer *out, double share)
{
	enum { BAR_CELLS = 8 };
	static const char *const parts[] = { " ", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	char percent[UNITS_TEXT];
	double whole = share > 1 ? 1 : share > 0 ? share : 0;
	int eighths = (int)(whole * BAR_CELLS * 8 + 0.5);
	for (int i = 0; i < BAR_CELLS; i++) {
		int here = eighths - i * 8;
		buffer_text(out, here >= 8 ? "█" : parts[here > 0 ? here : 0]);
	}
	buffer_printf(out, " %6s", units_percent(percent, share));
}

static void add_number(struct buffer *out, enum report_unit unit, const struct fact_value *v, int64_t now)
{
	char text[UNITS_TEXT], moment[CLOCK_TEXT];
	switch (unit) {
	case UNIT_DURATION:
		buffer_text(out, units_duration(text, layout_integer(v, INT64_MAX)));
		break;
	case UNIT_BYTES:
		buffer_text(out, units_bytes(text, layout_integer(v, INT64_MAX)));
		break;
	case UNIT_SHARE:
		buffer_text(out, units_percent(text, number_of(v)));
		break;
	case UNIT_RATE:
		buffer_text(out, units_count(text, number_of(v)));
		buffer_text(out, "/s");
		break;
	case UNIT_COUNT:
		buffer_text(out, units_count(text, number_of(v)));
		break;
	case UNIT_MOMENT:
		buffer_text(out, clock_short(moment, layout_integer(v, 0), now));
		break;
	case UNIT_ID:
		buffer_printf(out, "%016llx", (unsigned long long)layout_integer(v, 0));
		break;
	case UNIT_BOOLEAN:
		buffer_text(out, layout_integer(v, 0) ? "yes" : "no");
		break;
	case UNIT_MARK:
		buffer_text(out, layout_integer(v, 0) ? "▸" : "");
		break;
	case UNIT_BAR:
		add_bar(out, number_of(v));
		break;
	default:
		if (v->type == FACT_INTEGER)
			buffer_printf(out, "%lld", (long long)v->integer);
		else
			json_number(out, v->real);
	}
}

/* SQL on one line: every run of white space becomes one blank. */
static void add_flat(struct buffer *out, struct slice text)
{
	SCOPED_BUFFER flat = BUFFER(LAYOUT_MAX, "one statement of a report");
	bool is_blank = false;
	text = slice_trim(text);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
		if (!is_space || !is_blank)
			buffer_char(&flat, is_space ? ' ' : c);
		is_blank = is_space;
	}
	buffer_terminal(out, buffer_view(&flat));
}

void layout_value(struct buffer *out, enum report_unit unit, const struct fact_value *v, int64_t now)
{
	if (v->type == FACT_NULL)
		return;
	if (v->type != FACT_TEXT) {
		add_number(out, unit, v, now);
	} else if (unit == UNIT_SQL) {
		add_flat(out, v->text);
	} else if (unit == UNIT_JSON) {
		SCOPED_BUFFER prose = BUFFER(LAYOUT_MAX, "one JSON value of a report");
		json_prose(&prose, v->text, now);
		buffer_terminal(out, buffer_view(&prose));
	} else {
		buffer_terminal(out, v->text);
	}
}
