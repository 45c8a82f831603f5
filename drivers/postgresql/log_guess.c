/*
 * Finds a log's line prefix from its lines. Every line with a label is a sample; a draft is made of one (times, pids,
 * session ids, addresses, names behind "user=" and its like are known by their shape) and judged by how many samples it
 * fits. A name without a key is known by what "connection authorized" says of the same line, else read over.
 */
#include "log.h"

#include <strings.h>

enum { SAMPLES_MOST = 512, DRAFTS_MOST = 16, LABEL_WITHIN = 1024, WORDS_MOST = 6, SESSIONS_MOST = 16 };

struct sample {
	const char *line, *label, *text, *end; /* end of the line */
};

static bool is_name_char(char c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

enum label label_find(const char *line, const char *end, const char **at, const char **text)
{
	const char *last = end - line > LABEL_WITHIN ? line + LABEL_WITHIN : end;
	for (*at = line; *at < last; ++*at) {
		char c = **at;
		bool may = (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0xc0;
		bool is_inside = *at > line &&
				 (((*at)[-1] >= 'A' && (*at)[-1] <= 'Z') || (*at)[-1] == '_' || (unsigned char)(*at)[-1] >= 0x80);
		enum label label = may && !is_inside ? label_read(*at, end, text) : LABEL_NONE;
		if (label)
			return label;
	}
	return LABEL_NONE;
}

struct draft {
	char text[PREFIX_BYTES];
	size_t len, time; /* time: where the letter of a %t stands, or 0 */
	bool has_time, has_pid, has_line, is_full;
	int64_t pid; /* as the line's session id says it; 0 unknown */
};

static void put(struct draft *draft, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		size_t takes = text[i] == '%' ? 2 : 1;
		if (draft->len + takes >= PREFIX_BYTES) {
			draft->is_full = true;
			return;
		}
		if (text[i] == '%')
			draft->text[draft->len++] = '%';
		draft->text[draft->len++] = text[i];
	}
}

static const char *put_escape(struct draft *draft, char letter, const char *behind)
{
	if (draft->len + 2 >= PREFIX_BYTES) {
		draft->is_full = true;
		return behind;
	}
	draft->text[draft->len++] = '%';
	draft->text[draft->len++] = letter;
	draft->has_pid |= letter == 'p';
	draft->has_line |= letter == 'l';
	return behind;
}

struct key {
	const char *name;
	char letter; /* T: a time; H: an address */
};

static const struct key KEYS[] = {
	{ "user", 'u' },
	{ "usr", 'u' },
	{ "u", 'u' },
	{ "user_name", 'u' },
	{ "username", 'u' },
	{ "db", 'd' },
	{ "database", 'd' },
	{ "dbname", 'd' },
	{ "d", 'd' },
	{ "app", 'a' },
	{ "application", 'a' },
	{ "application_name", 'a' },
	{ "appname", 'a' },
	{ "a", 'a' },
	{ "client", 'H' },
	{ "host", 'H' },
	{ "h", 'H' },
	{ "remote", 'H' },
	{ "ip", 'H' },
	{ "addr", 'H' },
	{ "r", 'H' },
	{ "connection_source", 'H' },
	{ "pid", 'p' },
	{ "p", 'p' },
	{ "session", 'c' },
	{ "session_id", 'c' },
	{ "sess", 'c' },
	{ "c", 'c' },
	{ "sid", 'c' },
	{ "s", 'c' },
	{ "line", 'l' },
	{ "l", 'l' },
	{ "log_line", 'l' },
	{ "xid", 'x' },
	{ "tid", 'x' },
	{ "trx_id", 'x' },
	{ "tx", 'x' },
	{ "x", 'x' },
	{ "vxid", 'v' },
	{ "vtid", 'v' },
	{ "v", 'v' },
	{ "e", 'e' },
	{ "code", 'e' },
	{ "err", 'e' },
	{ "sqlstate", 'e' },
	{ "state", 'e' },
	{ "sql_error_code", 'e' },
	{ "error", 'e' },
	{ "query_id", 'Q' },
	{ "queryid", 'Q' },
	{ "qid", 'Q' },
	{ "cmd", 'i' },
	{ "tag", 'i' },
	{ "command", 'i' },
	{ "backend", 'b' },
	{ "backend_type", 'b' },
	{ "bt", 'b' },
	{ "type", 'b' },
	{ "time", 'T' },
	{ "time_ms", 'T' },
	{ "ts", 'T' },
	{ "t", 'T' },
	{ "start", 'T' },
	{ "session_start", 'T' },
	{ "proc_start_time", 'T' },
	{ "leader", 'P' },
};

static char key_letter(const char *at, size_t len)
{
	for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
		if (strlen(KEYS[i].name) == len && strncasecmp(KEYS[i].name, at, len) == 0)
			return KEYS[i].letter;
	return 0;
}

/* A time: %m with a fraction, %t without, %s when it is the second one. */
static const char *draft_time(struct draft *draft, const char *at, const char *end)
{
	struct head head = { 0 };
	const char *behind = time_read(at, end, &head);
	if (!behind)
		return NULL;
	bool has_fraction = behind - at > 19 && at[19] == '.';
	char letter = draft->has_time && !(has_fraction && draft->time) ? 's' : has_fraction ? 'm' : 't';
	if (has_fraction && draft->time)
		draft->text[draft->time] = 's'; /* the one before was when the session began */
	draft->has_time = true;
	draft->time = letter == 't' ? draft->len + 1 : 0;
	return put_escape(draft, letter, behind);
}

static const char *token_end(const char *at, const char *end, const char *stops)
{
	while (at < end && !strchr(stops, *at))
		at++;
	return at;
}

/* "host(port)": %r, else %h. */
static const char *draft_host(struct draft *draft, const char *at, const char *end)
{
	const char *open = memchr(at, '(', (size_t)(end - at));
	bool has_port = open && open + 1 < end && is_digit(open[1]);
	return put_escape(draft, has_port ? 'r' : 'h', end);
}

/* A word of hex digits, 8 of them, a dot and more: a session id. */
static const char *session_end(const char *at, const char *end)
{
	const char *dot = at, *last;
	while (dot < end && dot - at < 9 && (is_digit(*dot) || (*dot >= 'a' && *dot <= 'f')))
		dot++;
	if (dot - at != 8 || dot == end || *dot != '.')
		return NULL;
	for (last = dot + 1; last < end && (is_digit(*last) || (*last >= 'a' && *last <= 'f')); last++)
		;
	return last - dot > 1 && (last == end || !is_name_char(*last)) ? last : NULL;
}

/* The letter, or ? where the value has not its shape. */
static char shaped(char letter, const char *value, const char *end)
{
	size_t len;
	number_read(text_of(value, (size_t)(end - value)), &len);
	bool is_number = value + len == end;
	if (letter == 'c')
		return session_end(value, end) == end ? 'c' : is_number && len ? 'p' : '?';
	if (letter == 'e')
		return end - value == 5 ? 'e' : '?';
	return strchr("plxP", letter) && (!is_number || (letter == 'p' && !len)) ? '?' : letter;
}

/* "user=", with its value: NULL when no known key stands here. */
static const char *draft_key(struct draft *draft, const char *at, const char *end)
{
	const char *name_end = at;
	while (name_end < end && (is_name_char(*name_end)))
		name_end++;
	char letter = key_letter(at, (size_t)(name_end - at));
	const char *value = name_end;
	while (value < end && *value == ' ')
		value++;
	if (!letter || value == end || !strchr("=:-", *value))
		return NULL;
	bool is_spaced = value > name_end;
	value++;
	if (is_spaced && value < end && *value == ' ')
		value++; /* "sql_error_code = 00000" */
	char quote = value < end && (*value == '"' || *value == '\'') ? *value : 0;
	value += quote != 0;
	const char stops[2] = { quote, 0 };
	const char *stop = token_end(value, end, quote ? stops : ",;|)> ");
	long open = 0;
	for (const char *c = value; c < stop; c++)
		open += *c == '[' ? 1 : *c == ']' ? -1 : 0;
	if (!quote && open < 0 && stop[-1] == ']')
		stop--; /* "[user=a,app=b]" */
	put(draft, at, (size_t)(value - at));
	if (letter == 'T')
		return draft_time(draft, value, end);
	return letter == 'H' ? draft_host(draft, value, stop) : put_escape(draft, shaped(letter, value, stop), stop);
}

/* "127.0.0.1", "::1", "[local]", each with or without "(port)". */
static const char *address_end(const char *at, const char *end)
{
	size_t dots = 0, colons = 0, digits = 0;
	const char *last = at;
	bool is_short = end - at > 2 && at[0] == ':' && at[1] == ':';
	if (end - at >= 7 && memcmp(at, "[local]", 7) == 0)
		return at + 7;
	if (*at == ':' && !is_short)
		return NULL;
	for (; last < end && (is_digit(*last) || ((*last | 0x20) >= 'a' && (*last | 0x20) <= 'f') || *last == '.' || *last == ':');
	     last++) {
		dots += *last == '.';
		colons += *last == ':';
		digits += *last != '.' && *last != ':';
	}
	if (!digits || (dots != 3 && colons < 2))
		return NULL;
	if (last[-1] == ':')
		last--;
	if (last < end && *last == '(') {
		const char *close = memchr(last, ')', (size_t)(end - last));
		if (close)
			last = close + 1;
	}
	return last;
}

static const char *draft_number(struct draft *draft, const char *at, const char *end)
{
	const char *last = at + (*at == '-');
	size_t len;
	int64_t value = number_read(text_of(last, (size_t)(end - last)), &len);
	bool may_be_pid = !draft->has_pid && value && (!draft->pid || value == draft->pid);
	last += len;
	bool is_word = last < end && is_name_char(*last);
	if (!len || (is_word && len < 5))
		return NULL;
	if (len == 5 && memcmp(last - len, "00000", 5) == 0)
		return put_escape(draft, 'e', last);
	if (is_word)
		return NULL;
	if (len == 10 && last < end && *last == '.') {
		struct head head = { 0 };
		draft->has_time = true;
		return put_escape(draft, 'n', time_read_epoch(at, end, &head));
	}
	if (last < end && *last == '/' && last + 1 < end && is_digit(last[1])) {
		number_read(text_of(last + 1, (size_t)(end - last - 1)), &len);
		return put_escape(draft, 'v', last + 1 + len);
	}
	if (len > 11 || *at == '-')
		return put_escape(draft, 'Q', last);
	if (end - last >= 2 && memcmp(last, "-1", 2) == 0 && draft->has_pid && !draft->has_line &&
	    !(end - last > 2 && is_digit(last[2]))) {
		put_escape(draft, 'l', last);
		put(draft, "-1", 2); /* as syslog counts its pieces */
		return last + 2;
	}
	return put_escape(draft, may_be_pid ? 'p' : !draft->has_line && value ? 'l' : 'x', last);
}

/* "postgres@lab": user and database. */
static const char *draft_pair(struct draft *draft, const char *at, const char *end)
{
	const char *sign = token_end(at, end, " @,;|()=");
	const char *last = sign < end && *sign == '@' ? token_end(sign + 1, end, " ,;|/:@()=") : sign;
	if (last - sign < 2 || *sign != '@' || (!is_name_char(*at) && *at != '['))
		return NULL;
	put_escape(draft, 'u', at);
	put(draft, "@", 1);
	return put_escape(draft, 'd', last);
}

static const char *const BACKENDS[] = {
	"client backend",
	"not initialized",
	"checkpointer",
	"background writer",
	"autovacuum launcher",
	"autovacuum worker",
	"walwriter",
	"walsender",
	"walreceiver",
	"logical replication launcher",
	"logical replication worker",
	"parallel worker",
	"background worker",
	"postmaster",
	"startup",
	"archiver",
	"logger",
	"io worker",
};

static const char *draft_backend(struct draft *draft, const char *at, const char *end)
{
	for (size_t i = 0; i < sizeof BACKENDS / sizeof *BACKENDS; i++) {
		size_t len = strlen(BACKENDS[i]);
		if ((size_t)(end - at) >= len && memcmp(at, BACKENDS[i], len) == 0 && (at + len == end || !is_name_char(at[len])))
			return put_escape(draft, 'b', at + len);
	}
	return NULL;
}

static const char *draft_word(struct draft *draft, const char *at, const char *end)
{
	const char *last = at;
	if (end - at >= 9 && memcmp(at, "[unknown]", 9) == 0)
		return put_escape(draft, '?', at + 9);
	while (last < end && (is_name_char(*last) || *last == '.'))
		last++;
	if (last == at)
		return NULL;
	if (draft->has_time || draft->has_pid)
		return put_escape(draft, '?', last);
	put(draft, at, (size_t)(last - at)); /* a name before all else is the host's or the service's */
	return last;
}

/* The pid in the line's session id, or 0. */
static int64_t session_pid(const char *at, const char *end)
{
	for (bool is_inside = false; at < end; is_inside = is_name_char(*at++)) {
		const char *last = is_inside ? NULL : session_end(at, end);
		int64_t pid = 0;
		for (const char *digit = at + 9; last && digit < last; digit++)
			pid = pid * 16 + (is_digit(*digit) ? *digit - '0' : *digit - 'a' + 10);
		if (pid)
			return pid;
	}
	return 0;
}

/* Makes a draft of one line's prefix. */
static void draft_line(struct draft *draft, const char *at, const char *end)
{
	const char *last, *begin = at;
	*draft = (struct draft){ .pid = session_pid(at, end) };
	while (at < end && !draft->is_full) {
		if (*at == '-' && at > begin && !strchr(" =[(:\"'", at[-1])) {
			put(draft, at++, 1); /* no sign */
		} else if ((last = draft_key(draft, at, end)) || (last = draft_time(draft, at, end))) {
			at = last;
		} else if ((last = session_end(at, end))) {
			at = put_escape(draft, 'c', last);
		} else if ((last = address_end(at, end))) {
			at = draft_host(draft, at, last);
		} else if ((last = draft_number(draft, at, end)) || (last = draft_backend(draft, at, end)) ||
			   (last = draft_pair(draft, at, end)) || (last = draft_word(draft, at, end))) {
			at = last;
		} else {
			put(draft, at++, 1);
		}
	}
}

bool prefix_guess_line(struct prefix *prefix, const char *line, const char *end)
{
	const char *at, *text;
	struct draft draft;
	if (!label_find(line, end, &at, &text))
		return false;
	draft_line(&draft, line, at);
	return !draft.is_full && prefix_read(prefix, text_of(draft.text, draft.len));
}

static size_t samples_collect(const char *bytes, size_t len, struct sample *samples)
{
	size_t count = 0;
	const char *end = bytes + len;
	for (const char *line = bytes, *next; line < end && count < SAMPLES_MOST; line = next) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		struct sample *sample = &samples[count];
		next = stop ? stop + 1 : end;
		*sample = (struct sample){ .line = line, .end = stop ? stop : end };
		if (*line != '\t' && label_find(line, sample->end, &sample->label, &sample->text))
			count++;
	}
	return count;
}

static size_t score(const struct prefix *prefix, const struct sample *samples, size_t count)
{
	size_t fits = 0;
	for (size_t i = 0; i < count; i++) {
		struct head head = { 0 };
		const char *text;
		bool is_ambiguous;
		fits += prefix_match(prefix, samples[i].line, samples[i].end, &head, &text, &is_ambiguous) != LABEL_NONE;
	}
	return fits;
}

/* With %q where most samples fit; lines of server processes end there. */
static size_t best_stop(struct prefix *prefix, size_t fits, const struct sample *samples, size_t count)
{
	size_t len = strlen(prefix->text);
	const struct prefix plain = *prefix;
	for (size_t at = 1; at < len && len + 2 < PREFIX_BYTES; at++) {
		char text[PREFIX_BYTES + 2];
		struct prefix tried;
		if (plain.text[at - 1] == '%')
			continue;
		memcpy(text, plain.text, at);
		memcpy(text + at, "%q", 2);
		memcpy(text + at + 2, plain.text + at, len - at);
		size_t now = prefix_read(&tried, text_of(text, len + 2)) ? score(&tried, samples, count) : 0;
		if (now > fits) {
			fits = now;
			*prefix = tried;
		}
	}
	return fits;
}

/* How often the field says what the message says of it: +1 each time, far below zero once it says something else. */
static long agreement(const struct prefix *prefix, enum field field, const char *key, const struct sample *samples, size_t count)
{
	long agrees = 0;
	for (size_t i = 0; i < count; i++) {
		struct head head = { 0 };
		const char *text;
		bool is_ambiguous;
		struct dbperf_text message = text_of(samples[i].text, (size_t)(samples[i].end - samples[i].text));
		const char *said = text_begins(message, "connection authorized: ") || text_begins(message, "disconnection: ")
					   ? text_find(message, key)
					   : NULL;
		if (!said || !prefix_match(prefix, samples[i].line, samples[i].end, &head, &text, &is_ambiguous))
			continue;
		said += strlen(key);
		const char *stop = token_end(said, samples[i].end, " \r");
		struct dbperf_text value = head.fields[field];
		bool is_same = value.len && value.len == (size_t)(stop - said) && memcmp(value.text, said, value.len) == 0;
		agrees += is_same ? 1 : -SAMPLES_MOST;
	}
	return agrees;
}

/* Whether the field ever says the application that a session's "connection authorized" named. */
static bool says_application(const struct prefix *prefix, const struct sample *samples, size_t count)
{
	static const char KEY[] = " application_name=";
	size_t tried = 0;
	for (size_t i = 0; i < count && tried < SESSIONS_MOST; i++) {
		struct dbperf_text message = text_of(samples[i].text, (size_t)(samples[i].end - samples[i].text));
		const char *said = text_begins(message, "connection authorized: ") ? text_find(message, KEY) : NULL, *text;
		struct head session = { 0 }, head = { 0 };
		bool is_ambiguous;
		if (!said || !prefix_match(prefix, samples[i].line, samples[i].end, &session, &text, &is_ambiguous))
			continue;
		tried++;
		said += sizeof KEY - 1;
		size_t len = (size_t)(token_end(said, samples[i].end, "\r") - said);
		for (size_t j = i + 1; j < count; j++) {
			if (!prefix_match(prefix, samples[j].line, samples[j].end, &head, &text, &is_ambiguous))
				continue;
			struct dbperf_text name = head.fields[FIELD_APPLICATION], pid = head.fields[FIELD_PID];
			if (name.len == len && memcmp(name.text, said, len) == 0 && pid.len == session.fields[FIELD_PID].len &&
			    memcmp(pid.text, session.fields[FIELD_PID].text, pid.len) == 0)
				return true;
		}
	}
	return false;
}

/* Names the words without a key where messages tell what they are. */
static void name_words(struct prefix *prefix, const struct sample *samples, size_t count)
{
	static const struct {
		char letter;
		uint8_t field;
		const char *key;
	} NAMES[] = { { 'u', FIELD_USER, "user=" }, { 'd', FIELD_DATABASE, "database=" } };
	char *words[WORDS_MOST];
	size_t found = 0;
	char text[PREFIX_BYTES];
	memcpy(text, prefix->text, sizeof text);
	for (char *at = text; (at = strstr(at, "%?")) && found < WORDS_MOST; at++)
		words[found++] = at + 1;
	for (size_t i = 0; i < found; i++)
		for (size_t j = 0; j < 2 && *words[i] == '?'; j++) {
			struct prefix tried;
			*words[i] = NAMES[j].letter;
			prefix_read(&tried, text_of(text, strlen(text)));
			if (agreement(&tried, NAMES[j].field, NAMES[j].key, samples, count) <= 0)
				*words[i] = '?';
		}
	for (size_t i = 0; i < found; i++) {
		struct prefix tried;
		if (*words[i] != '?')
			continue;
		*words[i] = 'a';
		prefix_read(&tried, text_of(text, strlen(text)));
		if (says_application(&tried, samples, count))
			break;
		*words[i] = '?';
	}
	prefix_read(prefix, text_of(text, strlen(text)));
}

bool prefix_guess(struct prefix *prefix, const char *bytes, size_t len)
{
	struct sample samples[SAMPLES_MOST];
	size_t count = samples_collect(bytes, len, samples), best = 0;
	long best_quality = 0;
	for (size_t i = 0; i < DRAFTS_MOST && i < count; i++) {
		size_t at = i < DRAFTS_MOST / 2 ? i : i * count / DRAFTS_MOST;
		struct draft draft;
		struct prefix tried;
		draft_line(&draft, samples[at].line, samples[at].label);
		if (draft.is_full || !prefix_read(&tried, text_of(draft.text, draft.len)))
			continue;
		size_t fits = score(&tried, samples, count);
		if (fits < count)
			fits = best_stop(&tried, fits, samples, count);
		long quality = -(long)tried.count; /* many fields, few words between them */
		for (size_t j = 0; j < tried.count; j++)
			quality += tried.items[j].field < FIELDS ? PREFIX_ITEMS : 0;
		if (fits > best || (fits == best && quality > best_quality)) {
			*prefix = tried;
			best = fits;
			best_quality = quality;
		}
		if (best == count && i >= 3)
			break;
	}
	if (best)
		name_words(prefix, samples, count);
	return best > 0;
}
