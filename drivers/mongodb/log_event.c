/*
 * Classes of events: what no slow operation is. By the id that 4.4 and later write, by words of earlier logs, else by the
 * component in small letters.
 */
#include "log.h"

struct class_id {
	int64_t id;
	const char *class;
};

static const struct class_id IDS[] = {
	{ 22943, "connection" },      { 22944, "session" },        { 51800, "client_metadata" },  { 22942, "too_many_connections" },
	{ 20883, "connection_lost" }, { 20249, "authentication" }, { 5286307, "authentication" }, { 20436, "permission" },
	{ 4615611, "startup" },       { 20721, "startup" },        { 20565, "shutdown" },         { 23138, "shutdown" },
	{ 4615660, "election" },      { 21444, "election" },       { 21392, "replication" },      { 20345, "index_build" },
	{ 20440, "index_build" },     { 20447, "index_build" },    { 20384, "index_build" },      { 5479200, "ttl" },
};

struct class_words {
	bool is_begin; /* the message begins with them; else it holds them */
	const char *words, *class;
};

/* The first that fits counts. */
static const struct class_words WORDS[] = {
	{ true, "connection accepted", "connection" },
	{ true, "end connection", "session" },
	{ true, "received client metadata", "client_metadata" },
	{ false, "too many open connections", "too_many_connections" },
	{ false, "WT_SESSION.checkpoint", "checkpoint" },
	{ false, "WT_VERB_CHECKPOINT", "checkpoint" },
	{ false, "uthentication failed", "authentication" },
	{ true, "Failed to authenticate", "authentication" },
	{ true, "Successfully authenticated", "authenticated" },
	{ true, "MongoDB starting", "startup" },
	{ true, "dbexit", "shutdown" },
	{ true, "build index", "index_build" },
	{ true, "Starting an election", "election" },
	{ true, "election succeeded", "election" },
	{ false, "transition to primary complete", "election" },
};

enum { CLASS_BYTES = 32 };

static const char *class_of_words(struct slice message)
{
	for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
		struct slice words = slice_of(WORDS[i].words);
		if (WORDS[i].is_begin ? slice_starts(message, words)
				      : memmem(message.ptr, message.len, words.ptr, words.len) != NULL)
			return WORDS[i].class;
	}
	return NULL;
}

static struct dbperf_text class_of(struct slice component, int64_t id, struct slice message, char text[CLASS_BYTES])
{
	for (size_t i = 0; i < sizeof IDS / sizeof *IDS; i++)
		if (id == IDS[i].id)
			return text_from(IDS[i].class);
	struct slice looked = { message.ptr, message.len > 300 ? 300 : message.len };
	const char *words = looked.len ? class_of_words(looked) : NULL;
	if (words)
		return text_from(words);
	if (!component.len || slice_equal(component, SLICE("-")))
		return text_from("server");
	size_t len = component.len < CLASS_BYTES ? component.len : CLASS_BYTES;
	for (size_t i = 0; i < len; i++)
		text[i] = (char)(component.ptr[i] >= 'A' && component.ptr[i] <= 'Z' ? component.ptr[i] | 0x20 : component.ptr[i]);
	return (struct dbperf_text){ text, len };
}

void tell_event(struct parser *p, struct slice component, int64_t id, struct slice message)
{
	char class[CLASS_BYTES];
	p->entry.kind = DBPERF_LOG_EVENT;
	p->entry.class = class_of(component, id, message, class);
	p->host->text(p->host, DBPERF_TEXT_MESSAGE, message.ptr ? message.ptr : "", message.len, 1, 1);
	p->host->entry(p->host, &p->entry);
}

const char *event_severity(struct slice letter)
{
	if (!letter.len || letter.len > 2)
		return NULL;
	switch (*letter.ptr) {
	case 'F':
		return "FATAL";
	case 'E':
		return "ERROR";
	case 'W':
		return "WARNING";
	case 'I':
		return "INFO";
	case 'D':
		return "DEBUG";
	default:
		return NULL;
	}
}

const char *event_failure(struct slice name)
{
	static const struct {
		const char *name, *class;
	} FAILURES[] = {
		{ "MaxTimeMSExpired", "statement_timeout" },
		{ "ExceededTimeLimit", "statement_timeout" },
		{ "LockTimeout", "lock_timeout" },
		{ "WriteConflict", "serialization" },
		{ "DuplicateKey", "constraint" },
		{ "DocumentValidationFailure", "constraint" },
		{ "ClientDisconnect", "connection_lost" },
		{ "Interrupted", "cancelled" },
		{ "Unauthorized", "permission" },
	};
	for (size_t i = 0; i < sizeof FAILURES / sizeof *FAILURES; i++)
		if (slice_equal(name, slice_of(FAILURES[i].name)))
			return FAILURES[i].class;
	return "error";
}

struct slice client_of(struct slice remote)
{
	const char *colon = remote.len ? memrchr(remote.ptr, ':', remote.len) : NULL;
	const char *other = colon ? memchr(remote.ptr, ':', (size_t)(colon - remote.ptr)) : NULL;
	if (!colon || (other && *remote.ptr != '[')) /* an IPv6 address without a port */
		return remote;
	return (struct slice){ remote.ptr, (size_t)(colon - remote.ptr) };
}
