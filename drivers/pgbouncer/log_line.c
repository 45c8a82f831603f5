/* A line's parts: `MOMENT [ZONE] PID|[PID] LEVEL [SOCKET: DATABASE/USER@ADDRESS] TEXT`. */
#include "log.h"
#include "base/calendar.h"

static const char *const LEVELS[] = { "LOG", "WARNING", "ERROR", "FATAL", "DEBUG", "NOISE" };

static struct slice cut_word(struct slice *rest)
{
	struct slice word = slice_cut(rest, ' ');
	while (rest->len && *rest->ptr == ' ') {
		rest->ptr++;
		rest->len--;
	}
	return word;
}

/* `+03`, `-0330`: east of UTC in µs; false when the zone is a name. */
static bool read_offset(struct slice zone, int64_t *east)
{
	if ((zone.len != 3 && zone.len != 5) || (*zone.ptr != '+' && *zone.ptr != '-'))
		return false;
	int hours = calendar_two(zone.ptr + 1), minutes = zone.len == 5 ? calendar_two(zone.ptr + 3) : 0;
	*east = (*zone.ptr == '-' ? -1 : 1) * (hours * 60 + minutes) * 60 * CALENDAR_SECOND;
	return hours >= 0 && hours < 16 && minutes >= 0 && minutes < 60;
}

/* `3392` of old versions, `[3392]` with a zone in front of later ones. */
static bool read_pid(struct slice *rest, struct pooler_line *line)
{
	struct slice word = cut_word(rest);
	if (word.len && *word.ptr != '[' && !is_digit(*word.ptr)) {
		line->zone = word;
		word = cut_word(rest);
	}
	if (word.len > 2 && *word.ptr == '[' && word.ptr[word.len - 1] == ']')
		word = (struct slice){ word.ptr + 1, word.len - 2 };
	for (size_t i = 0; i < word.len; i++)
		if (!is_digit(word.ptr[i]))
			return false;
	line->pid = word;
	return word.len > 0 && word.len < 12 && line->zone.len < 8;
}

static bool is_level(struct slice word)
{
	for (size_t i = 0; i < sizeof LEVELS / sizeof *LEVELS; i++)
		if (slice_equal(word, slice_of(LEVELS[i])))
			return true;
	return false;
}

/* `C-0x5a: shop/app@192.0.2.7:5000 `; nothing where the line is the pooler's own. A user may hold an @: the last counts. */
static void read_socket(struct pooler_line *line)
{
	struct slice rest = line->text, text = rest;
	bool is_socket = text.len > 6 && (text.ptr[0] == 'C' || text.ptr[0] == 'S') && memcmp(text.ptr + 1, "-0x", 3) == 0;
	struct slice socket = is_socket ? slice_cut(&rest, ':') : (struct slice){ 0 };
	if (!socket.len || socket.len > 24 || !rest.len || *rest.ptr != ' ')
		return;
	rest = (struct slice){ rest.ptr + 1, rest.len - 1 };
	struct slice who = slice_cut(&rest, ' ');
	const char *at = who.len ? memrchr(who.ptr, '@', who.len) : NULL;
	if (!at)
		return;
	struct slice pool = { who.ptr, (size_t)(at - who.ptr) };
	line->side = text.ptr[0];
	line->socket = socket;
	line->database = slice_cut(&pool, '/');
	line->user = pool;
	line->address = (struct slice){ at + 1, (size_t)(who.ptr + who.len - at - 1) };
	line->text = rest;
	if (slice_equal(line->database, SLICE("(nodb)")))
		line->database = (struct slice){ 0 };
	if (slice_equal(line->user, SLICE("(nouser)")))
		line->user = (struct slice){ 0 };
}

bool pooler_line_read(struct slice text, struct pooler_line *line)
{
	const char *end = text.ptr + text.len;
	int64_t east;
	*line = (struct pooler_line){ .is_local = true };
	const char *at = text.len > 24 ? calendar_moment(text.ptr, end, &line->at_us) : NULL;
	if (!at || at == end || *at != ' ' || text.ptr[10] != ' ')
		return false;
	struct slice rest = { at + 1, (size_t)(end - at - 1) };
	if (!read_pid(&rest, line))
		return false;
	line->level = slice_cut(&rest, ' ');
	if (!is_level(line->level))
		return false;
	line->text = rest;
	if (line->zone.len && read_offset(line->zone, &east)) {
		line->at_us -= east;
		line->is_local = false;
	}
	read_socket(line);
	return true;
}
