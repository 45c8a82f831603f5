#define PCRE2_CODE_UNIT_WIDTH 8
#include "source/log/filter.h"

#include <pcre2.h>

enum { MATCH_LIMIT = 100000 /* steps of a pattern on one text; a statement that needs more does not pass */ };

int filter_compile(struct log_filter *f, struct err *e)
{
	int code;
	PCRE2_SIZE at;
	if (!f->grep)
		return ERR_OK;
	f->pattern = pcre2_compile((PCRE2_SPTR)f->grep, PCRE2_ZERO_TERMINATED, PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C, &code,
				   &at, NULL);
	if (f->pattern)
		return ERR_OK;
	char words[120] = "";
	pcre2_get_error_message(code, (PCRE2_UCHAR *)words, sizeof words);
	return err_set(e, ERR_USAGE, "--grep is no regular expression: %s at character %zu", words, (size_t)at + 1);
}

void filter_close(struct log_filter *f)
{
	pcre2_code_free(f->pattern);
	f->pattern = NULL;
}

static bool matches(const struct log_filter *f, struct slice text)
{
	pcre2_match_data *match = pcre2_match_data_create(1, NULL);
	pcre2_match_context *limits = pcre2_match_context_create(NULL);
	if (!match || !limits)
		err_no_memory(0);
	pcre2_set_match_limit(limits, MATCH_LIMIT);
	int rc = pcre2_match(f->pattern, (PCRE2_SPTR)(text.ptr ? text.ptr : ""), text.len, 0, 0, match, limits);
	pcre2_match_data_free(match);
	pcre2_match_context_free(limits);
	return rc >= 0;
}

bool filter_statement(const struct log_filter *f, uint64_t fingerprint, struct slice text)
{
	if (!f)
		return true;
	if (f->digits && fingerprint >> (64 - 4 * f->digits) != f->fingerprint >> (64 - 4 * f->digits))
		return false;
	return !f->pattern || matches(f, text);
}

static bool fits(const char *glob, struct slice name)
{
	return !glob || (name.ptr && slice_glob(slice_of(glob), name));
}

bool filter_database(const struct log_filter *f, struct slice database)
{
	return !f || fits(f->database, database);
}

bool filter_client(const struct log_filter *f, struct slice user, struct slice host)
{
	return !f || (fits(f->user, user) && fits(f->host, host));
}

bool filter_record(const struct log_filter *f, const struct log_record *r, bool is_execution)
{
	if (!f)
		return true;
	if (f->since != LOG_NO_MOMENT && (r->at == LOG_NO_MOMENT || r->at < f->since))
		return false;
	if (f->until != LOG_NO_MOMENT && (r->at == LOG_NO_MOMENT || r->at >= f->until))
		return false;
	if (f->database && (!r->database || r->database == &log_name_unwanted))
		return false;
	if ((f->user || f->host) && (!r->client || r->client == &log_client_unwanted))
		return false;
	if ((f->digits || f->pattern) && (!r->statement || r->statement == &log_statement_unwanted))
		return false;
	return !is_execution || !f->min_us ||
	       (r->present & 1u << DBPERF_LOG_TOTAL_US && r->numbers[DBPERF_LOG_TOTAL_US] >= f->min_us);
}

bool filter_needs_order(const struct log_filter *f)
{
	return f && (f->since != LOG_NO_MOMENT || f->until != LOG_NO_MOMENT || f->database);
}
