/*
 * The shape of a command: its names, operators and stages, each literal as ?. Members of filters, updates and the command
 * itself are sorted, as their order says nothing; sort keys, stages and expressions stay as they stand. Lists of literals, and
 * equal neighbours in an array, are one.
 */
#ifndef DRIVERS_MONGODB_SHAPE_H
#define DRIVERS_MONGODB_SHAPE_H

#include "base/buffer.h"
#include "doc.h"

enum { SHAPE_BYTES_MAX = 16384, SHAPE_MEMBERS_MAX = 1024 };

/** What a value is, for what of it is shape. */
enum shape_mode {
	SHAPE_COMMAND,    /* members by the table of what belongs to a command's shape */
	SHAPE_WRAPPED,    /* as a command: {query: …, orderby: …} of clients before 3.2 */
	SHAPE_FILTER,     /* names and operators; sorted */
	SHAPE_ORDER,      /* sort keys: 1 and -1 stay */
	SHAPE_PROJECTION, /* 1, 0, true and false stay */
	SHAPE_PIPELINE,   /* stages, or an update */
	SHAPE_STAGE,      /* by the table of stages */
	SHAPE_EXPRESSION, /* field paths stay: "$name" */
	SHAPE_NAMES,      /* a stage whose texts are names: $lookup */
	SHAPE_FACET,      /* names of pipelines */
	SHAPE_WRITES,     /* an array of commands: updates, deletes */
	SHAPE_LITERAL,    /* one ?, whatever it is */
};

/** An object or array that is open. */
struct shape_level {
	uint8_t mode;
	bool is_array;
	size_t begin;   /* in the text, behind its bracket */
	size_t last;    /* where its last member or element begins */
	size_t before;  /* where the one before that begins; SIZE_MAX none */
	uint32_t first; /* its first place in `members` */
};

/** Memory of a maker of shapes; zero-initialise, close with shape_close. */
struct shape {
	struct buffer text, sorted;
	uint32_t member_count, open;       /* of open objects; levels that are open */
	size_t members[SHAPE_MEMBERS_MAX]; /* where the members of open objects begin */
	struct shape_level levels[DOC_DEPTH_MAX + 1];
};

/** Forgets the text. */
void shape_begin(struct shape *s);

/** Adds the shape of a document; false when it is bad or cut: what was read of it stands. */
bool shape_add(struct shape *s, struct slice document, enum shape_mode mode);

/** Adds a name (of a collection, a field) with what looks like data taken out: digits, hashes, addresses become `*`. */
void shape_name(struct shape *s, struct slice name);

void shape_close(struct shape *s);

#endif
