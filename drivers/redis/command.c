/*
 * The shape of a command: its name in capitals, its subcommand, each key as a pattern, each other argument as ?. What is no
 * name in a key (numbers, ids, addresses, anything long) is *. Commands that are not in the table may hold a secret anywhere:
 * all their arguments are ?.
 */
#include "log.h"

enum keys {
	NO_KEYS,
	FIRST,        /* the first argument */
	SECOND,       /* the second */
	TWO,          /* the first two */
	ALL,          /* all arguments */
	ALL_BUT_LAST, /* a timeout ends them */
	PAIRS,        /* every other */
	SCRIPT,       /* a script, how many keys, keys */
	COUNTED,      /* how many keys, keys */
	STORED,       /* a key, how many keys, keys */
	TIMED,        /* a timeout, how many keys, keys */
	STREAMS,      /* those behind STREAMS, and as many ids */
	SUBCOMMAND,   /* a subcommand */
	SUBKEY,       /* a subcommand and a key */
};

/* Names in capitals; one list a kind, by blanks. */
static const struct {
	enum keys keys;
	const char *names;
} COMMANDS[] = {
	{ FIRST,
	  " GET SET SETEX PSETEX SETNX GETSET GETDEL GETEX APPEND STRLEN GETRANGE SUBSTR SETRANGE INCR DECR INCRBY DECRBY INCRBYFLOAT "
	  "TYPE TTL PTTL EXPIRE PEXPIRE EXPIREAT PEXPIREAT EXPIRETIME PEXPIRETIME PERSIST DUMP RESTORE MOVE SORT SORT_RO KEYS "
	  "HGET HSET HMSET HSETNX HMGET HGETALL HDEL HEXISTS HINCRBY HINCRBYFLOAT HKEYS HVALS HLEN HSTRLEN HSCAN HRANDFIELD HEXPIRE HPEXPIRE HTTL "
	  "LPUSH RPUSH LPUSHX RPUSHX LPOP RPOP LLEN LRANGE LINDEX LSET LINSERT LREM LTRIM LPOS "
	  "SADD SREM SPOP SCARD SMEMBERS SISMEMBER SMISMEMBER SRANDMEMBER SSCAN "
	  "ZADD ZREM ZINCRBY ZSCORE ZMSCORE ZCARD ZCOUNT ZRANGE ZREVRANGE ZRANGEBYSCORE ZREVRANGEBYSCORE ZRANGEBYLEX ZREVRANGEBYLEX ZRANK "
	  "ZREVRANK ZPOPMIN ZPOPMAX ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREMRANGEBYLEX ZLEXCOUNT ZSCAN ZRANDMEMBER "
	  "PFADD SETBIT GETBIT BITCOUNT BITPOS BITFIELD BITFIELD_RO GEOADD GEODIST GEOHASH GEOPOS GEORADIUS GEORADIUSBYMEMBER GEOSEARCH "
	  "XADD XLEN XRANGE XREVRANGE XDEL XTRIM XACK XPENDING XCLAIM XAUTOCLAIM PUBLISH SPUBLISH "
	  "JSON.GET JSON.SET JSON.DEL TS.ADD TS.RANGE BF.ADD BF.EXISTS FT.SEARCH " },
	{ SECOND, " BITOP " },
	{ TWO, " RENAME RENAMENX COPY LMOVE BLMOVE RPOPLPUSH BRPOPLPUSH SMOVE ZRANGESTORE GEOSEARCHSTORE " },
	{ ALL,
	  " DEL UNLINK EXISTS TOUCH MGET SINTER SUNION SDIFF SINTERSTORE SUNIONSTORE SDIFFSTORE PFCOUNT PFMERGE WATCH SUBSCRIBE PSUBSCRIBE "
	  "SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE " },
	{ ALL_BUT_LAST, " BLPOP BRPOP BZPOPMIN BZPOPMAX JSON.MGET " },
	{ PAIRS, " MSET MSETNX " },
	{ SCRIPT, " EVAL EVALSHA EVAL_RO EVALSHA_RO FCALL FCALL_RO " },
	{ COUNTED, " ZUNION ZINTER ZDIFF SINTERCARD ZINTERCARD LMPOP ZMPOP " },
	{ STORED, " ZUNIONSTORE ZINTERSTORE ZDIFFSTORE " },
	{ TIMED, " BLMPOP BZMPOP " },
	{ STREAMS, " XREAD XREADGROUP " },
	{ SUBCOMMAND,
	  " ACL CLIENT CLUSTER COMMAND COMMANDLOG CONFIG DEBUG FUNCTION LATENCY MODULE PUBSUB SCRIPT SENTINEL SLOWLOG INFO " },
	{ SUBKEY, " MEMORY OBJECT XGROUP XINFO " },
};

enum { NAME_MOST = 32, SHOWN_MOST = 3 };

/* A command's name in capitals, with blanks around it; empty when it is none. */
static struct slice name_of(const struct value *v, char text[NAME_MOST + 2])
{
	if (v->len == 0 || v->len > NAME_MOST)
		return (struct slice){ 0 };
	text[0] = ' ';
	for (uint32_t i = 0; i < v->len; i++) {
		char c = v->bytes[i], lower = (char)(c | 0x20);
		bool is_letter = lower >= 'a' && lower <= 'z';
		if (!is_letter && (i == 0 || (!is_digit(c) && c != '.' && c != '_' && c != '-')))
			return (struct slice){ 0 };
		text[i + 1] = (char)(is_letter ? lower & ~0x20 : c);
	}
	text[v->len + 1] = ' ';
	return (struct slice){ text, v->len + 2 };
}

static enum keys keys_of(struct slice name)
{
	for (size_t i = 0; name.len && i < sizeof COMMANDS / sizeof *COMMANDS; i++)
		if (memmem(COMMANDS[i].names, strlen(COMMANDS[i].names), name.ptr, name.len))
			return COMMANDS[i].keys;
	return NO_KEYS;
}

static bool is_letter(char c)
{
	char lower = (char)(c | 0x20);
	return (lower >= 'a' && lower <= 'z') || c == '_';
}

/* Adds a part of a key: a name as it is, a name with a short number as `name*`, anything else as `*`. */
static void add_part(struct buffer *b, struct slice part)
{
	size_t letters = 0, digits = 0, turns = 0, hex = 0;
	for (; letters < part.len && (is_letter(part.ptr[letters]) || part.ptr[letters] == '-'); letters++) {
		char c = part.ptr[letters], lower = (char)(c | 0x20);
		bool is_upper = c >= 'A' && c <= 'Z';
		turns += letters && is_upper && part.ptr[letters - 1] >= 'a' && part.ptr[letters - 1] <= 'z';
		hex += lower >= 'a' && lower <= 'f';
	}
	while (letters + digits < part.len && is_digit(part.ptr[letters + digits]))
		digits++;
	bool is_name = letters + digits == part.len && letters <= 32 && turns <= 3 && !(hex == letters && letters + digits >= 8);
	if (is_name && !digits)
		buffer_slice(b, part);
	else if (is_name && letters >= 2 && digits <= 3 && hex < letters)
		buffer_add(b, part.ptr, letters), buffer_char(b, '*');
	else
		buffer_char(b, '*');
}

static bool is_between_parts(char c)
{
	return c == ':' || c == '.' || c == '/' || c == '|' || c == '#' || c == '{' || c == '}' || c == ',' || c == ';' || c == '=';
}

/* A piece between colons that holds an address, blanks or bytes of any kind is data as a whole. */
static bool is_data(struct slice piece)
{
	for (size_t i = 0; i < piece.len; i++) {
		unsigned char c = (unsigned char)piece.ptr[i];
		if (c == '@' || c <= ' ' || c >= 0x7f || c == '"' || c == '\\')
			return true;
	}
	return false;
}

static void add_piece(struct buffer *b, struct slice piece)
{
	if (is_data(piece)) {
		buffer_char(b, '*');
		return;
	}
	for (size_t at = 0; at < piece.len;) {
		size_t len = 0;
		while (at + len < piece.len && !is_between_parts(piece.ptr[at + len]))
			len++;
		if (len)
			add_part(b, (struct slice){ piece.ptr + at, len });
		else
			buffer_char(b, piece.ptr[at]);
		at += len ? len : 1;
	}
}

/* What the server writes for what it cut: "... (23 more bytes)", "... (5 more arguments)". */
static bool cut_mark(struct slice *text, const char *what)
{
	const char *mark = text->len ? memmem(text->ptr, text->len, "... (", 5) : NULL;
	struct slice end = slice_of(what);
	if (!mark || text->len < end.len || memcmp(text->ptr + text->len - end.len, end.ptr, end.len) != 0)
		return false;
	text->len = (size_t)(mark - text->ptr);
	return true;
}

/* A key as a pattern; *is_cut: the log has not all of it. */
static void add_key(struct buffer *b, const struct value *v, bool *is_cut)
{
	struct slice rest = value_view(v);
	bool is_marked = cut_mark(&rest, " more bytes)") || v->is_cut;
	*is_cut |= is_marked;
	buffer_char(b, ' ');
	if (!rest.len)
		buffer_text(b, "\"\"");
	while (rest.len) {
		size_t before = rest.len;
		struct slice piece = slice_cut(&rest, ':');
		if (is_marked && !rest.len)
			buffer_char(b, '*');
		else
			add_piece(b, piece);
		if (piece.len < before) /* there was a colon */
			buffer_char(b, ':');
	}
}

/* Where arguments were added, so that lists are shown by their beginning. */
struct list {
	size_t begin, len; /* the last key in the text */
	uint32_t shown;    /* literals in a row */
	bool is_over;      /* "..." stands there */
};

static void add_more(struct buffer *b, struct list *l)
{
	if (!l->is_over)
		buffer_text(b, " ...");
	l->is_over = true;
}

static void add_listed_key(struct buffer *b, struct list *l, const struct value *v, bool *is_cut)
{
	size_t begin = b->len;
	l->shown = 0;
	add_key(b, v, is_cut);
	size_t len = b->len - begin;
	if (l->len && len == l->len && memcmp(b->data + l->begin, b->data + begin, len) == 0) {
		b->len = begin;
		b->data[begin] = 0;
		add_more(b, l);
		return;
	}
	l->begin = begin;
	l->len = len;
	l->is_over = false;
}

static void add_literal(struct buffer *b, struct list *l)
{
	if (l->shown < SHOWN_MOST && !l->is_over) {
		buffer_text(b, " ?");
		l->shown++;
	} else {
		add_more(b, l);
	}
}

/* How many keys an argument says there are. */
static uint32_t counted(const struct value *arguments, uint32_t count, uint32_t at)
{
	int64_t value = 0;
	if (at >= count || !is_number(value_view(&arguments[at])) || !slice_int64(value_view(&arguments[at]), &value))
		return 0;
	return value > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uint32_t)value;
}

/* The keys: from `first` to before `end`, each `step`. */
struct range {
	uint32_t first, end, step;
};

static struct range streams(const struct value *arguments, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++)
		if (slice_equal_nocase(value_view(&arguments[i]), SLICE("STREAMS")))
			return (struct range){ i + 1, i + 1 + (count - i - 1) / 2, 1 };
	return (struct range){ 0, 0, 1 };
}

static struct range range_of(enum keys keys, const struct value *arguments, uint32_t count)
{
	switch (keys) {
	case FIRST:
		return (struct range){ 1, 2, 1 };
	case SECOND:
		return (struct range){ 2, 3, 1 };
	case TWO:
		return (struct range){ 1, 3, 1 };
	case ALL:
		return (struct range){ 1, count, 1 };
	case ALL_BUT_LAST:
		return (struct range){ 1, count - 1, 1 };
	case PAIRS:
		return (struct range){ 1, count, 2 };
	case SCRIPT:
	case STORED:
	case TIMED:
		return (struct range){ 3, 3 + counted(arguments, count, 2), 1 };
	case COUNTED:
		return (struct range){ 2, 2 + counted(arguments, count, 1), 1 };
	case STREAMS:
		return streams(arguments, count);
	case SUBKEY:
		return (struct range){ 2, 3, 1 };
	default:
		return (struct range){ 0, 0, 1 };
	}
}

static bool is_key(const struct range *r, uint32_t at)
{
	return at >= r->first && at < r->end && (at - r->first) % r->step == 0;
}

void command_shape(struct buffer *shape, const struct value *arguments, uint32_t count, bool *is_cut)
{
	char text[NAME_MOST + 2], sub[NAME_MOST + 2];
	uint32_t known = count > ARGUMENTS_MOST ? ARGUMENTS_MOST : count;
	struct slice last = value_view(&arguments[known - 1]);
	bool has_more = known > 1 && cut_mark(&last, " more arguments)");
	known -= has_more;
	struct slice name = name_of(&arguments[0], text);
	enum keys keys = keys_of(name);
	struct range range = range_of(keys, arguments, known);
	struct list list = { 0 };
	uint32_t at = 1;
	buffer_reset(shape);
	if (name.len)
		buffer_add(shape, name.ptr + 1, name.len - 2);
	else
		buffer_char(shape, '?');
	if ((keys == SUBCOMMAND || keys == SUBKEY) && known > 1 && name_of(&arguments[1], sub).len) {
		buffer_add(shape, sub, arguments[1].len + 1);
		at = 2;
	}
	for (; at < known; at++) {
		if (is_key(&range, at) || (keys == STORED && at == 1))
			add_listed_key(shape, &list, &arguments[at], is_cut);
		else if (!list.is_over || keys != PAIRS)
			add_literal(shape, &list);
	}
	if (has_more || known < count)
		add_more(shape, &list);
	*is_cut |= has_more || shape->is_full;
}
