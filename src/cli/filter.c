#include "cli/filter.h"

#include "base/units.h"

enum { DIGITS_LEAST = 4, DIGITS_MOST = 16 };

static const enum option_id FILTERS[] = { OPTION_LOG_SINCE, OPTION_LOG_UNTIL, OPTION_DATABASE,    OPTION_USER,
					  OPTION_HOST,      OPTION_MIN_TIME,  OPTION_FINGERPRINT, OPTION_GREP };

/* The first digits of a fingerprint, as reports print it. */
static int read_fingerprint(struct session *s, struct log_filter *f, struct err *e)
{
	const char *text = session_text(s, OPTION_FINGERPRINT, "");
	size_t len = strlen(text);
	bool is_good = len >= DIGITS_LEAST && len <= DIGITS_MOST && strspn(text, "0123456789abcdefABCDEF") == len;
	if (!len)
		return ERR_OK;
	if (!is_good)
		return err_set(e, ERR_USAGE, "--fingerprint takes %d to %d hexadecimal digits, not '%s'", DIGITS_LEAST, DIGITS_MOST,
			       options_quote(s->arena, text));
	for (size_t i = 0; i < len; i++) {
		unsigned digit = text[i] <= '9' ? (unsigned)(text[i] - '0') : ((unsigned)text[i] | 0x20) - 'a' + 10;
		f->fingerprint |= (uint64_t)digit << (60 - 4 * i);
	}
	f->digits = (unsigned)len;
	return ERR_OK;
}

static int read_min_time(struct session *s, struct log_filter *f, struct err *e)
{
	const char *text = session_text(s, OPTION_MIN_TIME, "0");
	if (units_parse_duration(slice_of(text), &f->min_us))
		return ERR_OK;
	return err_set(e, ERR_USAGE, "--min-time takes a duration, for example 100ms or 2s, not '%s'",
		       options_quote(s->arena, text));
}

static const char *describe(const struct session *s)
{
	const char *words = NULL;
	for (size_t i = 0; i < sizeof FILTERS / sizeof *FILTERS; i++)
		if (session_has(s, FILTERS[i]))
			words = arena_printf(s->arena, "%s%s--%s %s", words ? words : "", words ? " " : "",
					     option_specs()[FILTERS[i]].name, session_text(s, FILTERS[i], ""));
	return words;
}

int filter_options(struct session *s, struct log_filter *out, const char **words, struct err *e)
{
	const struct options *o = s->options;
	bool has_since = session_has(s, OPTION_LOG_SINCE), has_until = session_has(s, OPTION_LOG_UNTIL);
	*out = (struct log_filter){
		.since = has_since ? o->values[OPTION_LOG_SINCE].number : LOG_NO_MOMENT,
		.until = has_until ? o->values[OPTION_LOG_UNTIL].number : LOG_NO_MOMENT,
		.database = session_text(s, OPTION_DATABASE, NULL),
		.user = session_text(s, OPTION_USER, NULL),
		.host = session_text(s, OPTION_HOST, NULL),
		.grep = session_text(s, OPTION_GREP, NULL),
	};
	*words = describe(s);
	if (has_since && has_until && out->since >= out->until)
		return err_set(e, ERR_USAGE, "--since %s is not before --until %s",
			       options_quote(s->arena, session_text(s, OPTION_LOG_SINCE, "")),
			       options_quote(s->arena, session_text(s, OPTION_LOG_UNTIL, "")));
	int rc = read_fingerprint(s, out, e);
	if (!rc)
		rc = read_min_time(s, out, e);
	return rc ? rc : filter_compile(out, e);
}
