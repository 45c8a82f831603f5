/*
 * The tree form: a line for each node, "-> words  (cost=… rows=…) (actual time=… rows=… loops=…)", indentation is the tree. What
 * a line tells of executions is an average of them: it is told on as the sum, with the rounding that it may hold.
 */
#include "plan.h"

#include <math.h>

/* The columns of the nodes on the way to the one at hand. */
struct level {
	size_t column;
	struct node *node;
};

struct lines {
	struct plan_reader *r;
	struct level *levels;
	size_t count, size;
	struct node *root;
	bool is_cut; /* the last line ends in the middle of its numbers */
};

bool plan_is_arrow(struct slice line, size_t *column, struct slice *words)
{
	static const char *const heads[] = { "EXPLAIN: ", "| ", "\xe2\x94\x82 ", "\"", "'", "EXPLAIN:", "<pre>", "<code>", "<td>" };
	size_t i = 0, head = 0;
	while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'))
		i++;
	for (size_t k = 0; k < sizeof heads / sizeof *heads && i + 2 < line.len; k++)
		if (slice_starts((struct slice){ line.ptr + i, line.len - i }, slice_of(heads[k]))) {
			head = i + strlen(heads[k]);
			for (i = head; i < line.len && line.ptr[i] == ' ';)
				i++;
			break;
		}
	if (i + 3 > line.len || line.ptr[i] != '-' || line.ptr[i + 1] != '>' || line.ptr[i + 2] != ' ')
		return false;
	*column = i - head;
	*words = slice_trim((struct slice){ line.ptr + i + 3, line.len - i - 3 });
	return true;
}

/* Without the border or quote at the end of the line, where it began with one. */
static struct slice without_tail(struct slice words)
{
	for (size_t i = words.len; i-- > 1 && words.ptr[words.len - 1] == '>' && words.len - i < 10;)
		if (words.ptr[i - 1] == '<' && words.ptr[i] == '/')
			words.len = i - 1;
	size_t len = words.len;
	while (len &&
	       (words.ptr[len - 1] == ' ' || words.ptr[len - 1] == '|' || words.ptr[len - 1] == '"' || words.ptr[len - 1] == ','))
		len--;
	return len && words.ptr[len - 1] == ')' ? (struct slice){ words.ptr, len } : words;
}

/* Brackets and quotes that a line leaves open: the next line goes on with it. */
static bool is_open(struct slice words)
{
	size_t depth = 0;
	char quote = 0;
	for (size_t i = 0; i < words.len; i++) {
		char c = words.ptr[i];
		if (quote && c == '\\' && quote != '`')
			i++;
		else if (quote && c == quote)
			quote = 0;
		else if (!quote && (c == '\'' || c == '`' || c == '"'))
			quote = c;
		else if (!quote && c == '(')
			depth++;
		else if (!quote && c == ')' && depth)
			depth--;
	}
	return quote || depth;
}

/* A number and half of its last digit: "1e+6", "0.0783", "636e-6", "13599" (whole numbers of one loop are exact). */
static double read_average(struct slice text, double *unit)
{
	double value = plan_read_number(text);
	double exponent = 0;
	size_t end = text.len, decimals = 0;
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == 'e' || text.ptr[i] == 'E') {
			struct slice digits = { text.ptr + i + 1, text.len - i - 1 };
			if (digits.len && digits.ptr[0] == '+')
				digits = (struct slice){ digits.ptr + 1, digits.len - 1 };
			exponent = plan_read_number(digits);
			end = i;
			break;
		}
	for (size_t i = 0; i < end; i++)
		if (text.ptr[i] == '.')
			decimals = end - i - 1;
	*unit = isfinite(exponent) && fabs(exponent) < 300 ? 0.5 * pow(10, exponent - (double)decimals) : 0;
	if (!decimals && end == text.len)
		*unit = 0.5;
	return value;
}

/* What stands behind a name, up to the next blank or bracket; empty for nothing. */
static struct slice value_behind(struct slice group, const char *name)
{
	const char *at = memmem(group.ptr, group.len, name, strlen(name));
	if (!at)
		return (struct slice){ 0 };
	at += strlen(name);
	const char *end = at;
	while (end < group.ptr + group.len && *end != ' ' && *end != ')')
		end++;
	return (struct slice){ at, (size_t)(end - at) };
}

/* "a..b" or "b": the last, and the first where it is told. */
static bool cut_range(struct slice text, struct slice *first, struct slice *last)
{
	const char *dots = text.len ? memmem(text.ptr, text.len, "..", 2) : NULL;
	*first = dots ? (struct slice){ text.ptr, (size_t)(dots - text.ptr) } : (struct slice){ 0 };
	*last = dots ? (struct slice){ dots + 2, (size_t)(text.ptr + text.len - dots - 2) } : text;
	return last->len > 0;
}

static void set_estimates(struct plan_reader *r, struct node *n, struct slice group)
{
	struct slice first, last, rows = value_behind(group, "rows=");
	if (cut_range(value_behind(group, "cost="), &first, &last)) {
		node_number(r, n, DBPERF_PLAN_TOTAL_COST, plan_read_number(last));
		if (first.len)
			node_number(r, n, DBPERF_PLAN_STARTUP_COST, plan_read_number(first));
	}
	if (rows.len)
		node_number(r, n, DBPERF_PLAN_ESTIMATED_ROWS, plan_read_number(rows));
}

/* Masked numbers of test suites are none. */
static bool is_masked(struct slice text)
{
	return text.len && (text.ptr[0] == 'N' || text.ptr[0] == '#');
}

static void set_actuals(struct plan_reader *r, struct node *n, struct slice group)
{
	struct slice first, last, rows = value_behind(group, "rows="), count = value_behind(group, "loops=");
	double unit, loops = count.len && !is_masked(count) ? read_average(count, &unit) : 1;
	if (count.len)
		node_number(r, n, DBPERF_PLAN_LOOPS, loops);
	if (!isfinite(loops) || loops < 0)
		return;
	if (rows.len && !is_masked(rows)) {
		double value = read_average(rows, &unit);
		bool is_exact = loops <= 1 && unit == 0.5;
		node_number(r, n, DBPERF_PLAN_ROWS, value * loops);
		if (!is_exact)
			node_number(r, n, DBPERF_PLAN_ROWS_ERROR, unit * loops);
	}
	if (!cut_range(value_behind(group, "time="), &first, &last) || is_masked(last))
		return;
	double value = read_average(last, &unit);
	node_number(r, n, DBPERF_PLAN_TOTAL_US, value * loops * 1000);
	node_number(r, n, DBPERF_PLAN_TOTAL_ERROR_US, unit * loops * 1000);
	if (first.len)
		node_number(r, n, DBPERF_PLAN_FIRST_US, read_average(first, &unit) * 1000);
}

/* Cuts the groups of numbers off the end of the words; one that does not end says nothing, for its last number may be half. */
static struct slice cut_groups(struct plan_reader *r, struct node *n, struct slice words, bool *is_cut)
{
	static const struct {
		const char *mark;
		void (*set)(struct plan_reader *r, struct node *n, struct slice group);
	} groups[] = { { " (never executed)", NULL },
		       { " (actual ", set_actuals },
		       { " (cost=", set_estimates },
		       { " (rows=", set_estimates } };
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		size_t len = strlen(groups[i].mark), at = words.len;
		for (size_t k = words.len >= len ? words.len - len + 1 : 0; k-- > 0 && words.len - k < 400;)
			if (memcmp(words.ptr + k, groups[i].mark, len) == 0) {
				at = k;
				break;
			}
		if (at == words.len)
			continue;
		struct slice group = { words.ptr + at, words.len - at };
		if (group.ptr[group.len - 1] != ')') {
			node_note(r, n, "its line ends in the middle of its numbers");
			*is_cut = true;
		} else if (groups[i].set)
			groups[i].set(r, n, group);
		else
			node_number(r, n, DBPERF_PLAN_LOOPS, 0);
		words = slice_trim((struct slice){ words.ptr, at });
	}
	return words;
}

static void add_node(struct lines *l, size_t column, struct slice words)
{
	struct node *n = node_new(l->r, DBPERF_PLAN_OTHER, NULL, NULL);
	l->is_cut = false;
	words = cut_groups(l->r, n, without_tail(words), &l->is_cut);
	words_set(l->r, n, words);
	while (l->count && l->levels[l->count - 1].column >= column)
		l->count--;
	if (l->count)
		node_add(l->levels[l->count - 1].node, n);
	else
		l->root = n;
	if (l->count == l->size)
		l->levels = arena_grow(&l->r->arena, l->levels, l->count, &l->size, sizeof *l->levels);
	l->levels[l->count++] = (struct level){ column, n };
}

/* Takes the lines that go on with one that has an open bracket or quote: a condition with a line break, a narrow terminal. */
static struct slice take_more(struct plan_reader *r, struct slice words, struct slice *rest)
{
	SCOPED_BUFFER whole = BUFFER(1 << 20, "line of a plan");
	size_t column;
	struct slice ignored;
	if (!is_open(words))
		return words;
	struct slice after = *rest;
	buffer_slice(&whole, words);
	for (int lines = 0; lines < 100 && after.len; lines++) {
		struct slice line = slice_cut(&after, '\n');
		if (plan_is_arrow(line, &column, &ignored) || !slice_trim(line).len)
			break;
		buffer_char(&whole, ' ');
		buffer_slice(&whole, slice_trim(line));
		if (is_open(buffer_view(&whole)))
			continue;
		*rest = after;
		return arena_slice(&r->arena, buffer_view(&whole));
	}
	return words;
}

/* A line between nodes that is nobody's ends the plan; blank ones and borders too. */
int plan_read_lines(struct plan_reader *r, struct slice text, size_t *used)
{
	struct lines l = { .r = r };
	struct slice rest = text;
	*used = text.len;
	while (rest.len && !r->is_full) {
		struct slice before = rest, line = slice_cut(&rest, '\n'), words;
		size_t column;
		if (!plan_is_arrow(line, &column, &words)) {
			if (l.root) {
				*used = (size_t)(before.ptr - text.ptr);
				break;
			}
			continue;
		}
		if (l.root && column <= l.levels[0].column) {
			*used = (size_t)(before.ptr - text.ptr);
			break;
		}
		words = take_more(r, words, &rest);
		add_node(&l, column, words);
	}
	if (!l.root)
		return 0;
	words_finish(r, l.root);
	return plan_tell(r, l.root, "tree", l.is_cut ? DBPERF_PLAN_CUT : DBPERF_PLAN_WHOLE);
}
