#include "rules/blocks.h"

#include "base/clock.h"
#include "base/units.h"
#include "rules/finding.h"
#include "rules/header.h"

enum { BLOCKS_MAX = 200 };

/* Where the reading stands. */
struct reader {
	const struct rule *rule;
	struct block *blocks;
	size_t count;
	bool has_sql; /* the last block has SQL already: another heading begins the next */
	const char *sql_begin;
	int line;
};

static int wrong(const struct reader *r, struct err *e, const char *what, struct slice value)
{
	return err_set(e, ERR_USAGE, "line %d: %s '%.*s'", r->line, what, SLICE_ARG(value));
}

static int begin_block(struct reader *r, struct slice key, struct slice value, const char *at, struct err *e)
{
	struct block *block = &r->blocks[r->count];
	if (r->count == BLOCKS_MAX)
		return err_set(e, ERR_USAGE, "line %d: more than %d blocks", r->line, BLOCKS_MAX);
	if (r->count)
		block[-1].sql = slice_trim((struct slice){ r->sql_begin, (size_t)(at - r->sql_begin) });
	*block = (struct block){ .line = r->line };
	block->heading = (struct slice){ key.ptr, (size_t)(value.ptr + value.len - key.ptr) };
	r->count++;
	r->has_sql = false;
	return ERR_OK;
}

/* OBJECT SEVERITY, or OBJECT unjudged; an object may hold blanks. */
static int add_raise(struct reader *r, struct slice value, struct err *e)
{
	struct block *block = &r->blocks[r->count - 1];
	size_t end = value.len;
	while (end > 0 && value.ptr[end - 1] != ' ')
		end--;
	struct block_raise raise = { .object = slice_trim((struct slice){ value.ptr, end }),
				     .severity = { value.ptr + end, value.len - end } };
	if (!raise.object.len || !(severity_rank(raise.severity) || slice_equal(raise.severity, SLICE("unjudged"))))
		return wrong(r, e, "'-- raises: OBJECT SEVERITY' is not", value);
	if (block->raise_count == BLOCK_RAISES_MAX)
		return wrong(r, e, "too many findings at", value);
	block->raises[block->raise_count++] = raise;
	return ERR_OK;
}

static int add_param(struct reader *r, struct slice value, struct err *e)
{
	struct block *block = &r->blocks[r->count - 1];
	struct slice text = value;
	struct slice name = slice_trim(slice_cut(&text, '='));
	double number;
	if (block->param_count == BLOCK_PARAMS_MAX)
		return wrong(r, e, "too many parameters at", value);
	for (size_t i = 0; i < r->rule->param_count; i++) {
		const struct rule_param *param = &r->rule->params[i];
		if (!slice_equal(param->name, name))
			continue;
		if (!rule_param_read(param->type, slice_trim(text), &number))
			return wrong(r, e, "not a value of the parameter's type:", value);
		block->params[block->param_count++] =
			(struct rule_setting){ .rule = r->rule->id, .key = name, .value = slice_trim(text), .line = r->line };
		return ERR_OK;
	}
	return wrong(r, e, "the rule has no parameter", name);
}

/* A line inside a block's comments that says something about it; others are only comments. */
static int add_line(struct reader *r, struct slice key, struct slice value, struct err *e)
{
	struct block *block = r->count ? &r->blocks[r->count - 1] : NULL;
	bool is_param = slice_equal(key, SLICE("param")), is_now = slice_equal(key, SLICE("now"));
	if (!is_param && !is_now && !slice_equal(key, SLICE("window")))
		return ERR_OK;
	if (!block || r->has_sql)
		return wrong(r, e, "stands outside the head of a block:", key);
	if (is_param)
		return add_param(r, value, e);
	if (is_now)
		return clock_parse(value, &block->now) ? ERR_OK : wrong(r, e, "not a moment (2026-01-01 00:00):", value);
	return units_parse_duration(value, &block->window_us) ? ERR_OK : wrong(r, e, "not a duration:", value);
}

static int read_line(struct reader *r, struct slice line, const char *at, struct err *e)
{
	struct slice key, value;
	if (!line.len)
		return ERR_OK;
	if (!slice_starts(line, SLICE("--"))) {
		if (!r->count)
			return wrong(r, e, "SQL before the first '-- raises:' or '-- quiet:':", line);
		r->has_sql = true;
		return ERR_OK;
	}
	if (!header_line_read(line, &key, &value))
		return ERR_OK;
	bool is_raise = slice_equal(key, SLICE("raises")), is_quiet = slice_equal(key, SLICE("quiet"));
	if (!is_raise && !is_quiet)
		return add_line(r, key, value, e);
	if (!value.len)
		return wrong(r, e, "says nothing:", line);
	bool continues = is_raise && r->count && !r->has_sql && r->blocks[r->count - 1].raise_count;
	int rc = continues ? ERR_OK : begin_block(r, key, value, at, e);
	r->sql_begin = line.ptr + line.len;
	return rc || is_quiet ? rc : add_raise(r, value, e);
}

int blocks_read(const struct rule *rule, struct slice tests, struct arena *a, struct block **out, size_t *count, struct err *e)
{
	struct reader r = { .rule = rule, .blocks = arena_array(a, BLOCKS_MAX, sizeof *r.blocks) };
	struct slice rest = tests;
	while (rest.len) {
		const char *at = rest.ptr;
		r.line++;
		int rc = read_line(&r, slice_trim(slice_cut(&rest, '\n')), at, e);
		if (rc)
			return rc;
	}
	if (r.count)
		r.blocks[r.count - 1].sql =
			slice_trim((struct slice){ r.sql_begin, (size_t)(tests.ptr + tests.len - r.sql_begin) });
	*out = r.blocks;
	*count = r.count;
	return ERR_OK;
}

struct rule_test_count rule_test_count(struct slice tests)
{
	struct rule_test_count n = { 0 };
	struct slice key, value;
	while (tests.len) {
		if (!header_line_read(slice_trim(slice_cut(&tests, '\n')), &key, &value))
			continue;
		n.raises += slice_equal(key, SLICE("raises"));
		n.quiet += slice_equal(key, SLICE("quiet"));
	}
	return n;
}
