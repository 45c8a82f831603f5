/* The scanner of JSON lines, shared by the kinds of log that are made of them. */
#ifndef POSTGRESQL_LOG_JSON_H
#define POSTGRESQL_LOG_JSON_H

#include "log.h"

/** A key that a kind of log reads. */
struct json_key {
	const char *name;
	uint8_t len;
	bool is_inner; /* a member of the object under `scope` */
	bool is_text;  /* of any length: given in pieces */
	uint8_t what, field;
};

/** One kind of JSON log. At most 64 keys. */
struct json_kind {
	const struct json_key *keys;
	size_t count;
	const char *scope; /* key of the object that holds the inner keys, or NULL */
	void (*begin)(struct parser *parser);
	/** A short value; good until the call returns, or until the block ends where it stands in it. */
	void (*value)(struct parser *parser, const struct json_key *key, struct dbperf_text value);
	void (*text)(struct parser *parser, const struct json_key *key, const char *bytes, size_t len, bool is_first, bool is_last);
	void (*end)(struct parser *parser, bool is_cut);
};

#define JSON_KEY(name, is_inner, is_text, what, field)                                                                             \
	{                                                                                                                          \
		name, sizeof(name) - 1, is_inner, is_text, what, field                                                             \
	}

/** Reads bytes that may be cut anywhere. */
void json_lines(struct parser *parser, struct json *json, const struct json_kind *kind, const char *bytes, size_t len);

/** Nothing follows. */
void json_finish(struct parser *parser, struct json *json, const struct json_kind *kind);

/** Whether it stands inside a line. */
bool json_is_open(const struct json *json);

/** The first line that an object begins, of the first few lines; NULL when none does. */
const char *json_first(const char *bytes, size_t len);

/** Whether the bytes hold all of the words (NULL at the end). */
bool json_has(const char *bytes, size_t len, const char *const *words);

#endif
