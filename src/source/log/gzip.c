#include "source/log/gzip.h"

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_ONLY = 16 + MAX_WBITS };

struct gzip {
	z_stream z;
	gzip_source source;
	void *context;
	long long consumed, inflated;
	size_t members;
	bool is_between; /* a member has ended, or none has begun */
	bool is_end;
};

struct gzip *gzip_open(gzip_source source, void *context)
{
	struct gzip *g = calloc(1, sizeof *g);
	if (!g || inflateInit2(&g->z, GZIP_ONLY) != Z_OK)
		err_no_memory(sizeof *g);
	g->source = source;
	g->context = context;
	g->is_between = true;
	return g;
}

void gzip_close(struct gzip *g)
{
	if (!g)
		return;
	inflateEnd(&g->z);
	free(g);
}

long long gzip_consumed(const struct gzip *g)
{
	return g->consumed - g->z.avail_in;
}

static int fill(struct gzip *g, struct err *e)
{
	const char *bytes;
	size_t len;
	int rc = g->source(g->context, &bytes, &len, e);
	if (rc)
		return rc;
	g->z.next_in = (unsigned char *)(uintptr_t)bytes;
	g->z.avail_in = (uInt)len;
	g->consumed += (long long)len;
	g->is_end = !len;
	return ERR_OK;
}

/* Between members: zeros are padding, what is no member is said. */
static int begin_member(struct gzip *g, struct err *e)
{
	while (g->members && g->z.avail_in && !*g->z.next_in) {
		g->z.next_in++;
		g->z.avail_in--;
	}
	if (!g->z.avail_in)
		return ERR_OK;
	if (g->members && *g->z.next_in != 0x1f)
		return err_set(e, ERR_SOURCE, "behind its gzip data stand bytes that are none, from byte %lld of the file on",
			       gzip_consumed(g));
	if (g->members)
		inflateReset(&g->z);
	g->is_between = false;
	return ERR_OK;
}

static int damaged(const struct gzip *g, const char *what, struct err *e)
{
	return err_set(e, ERR_SOURCE, "its gzip data is damaged at byte %lld of the file, behind byte %lld of what it holds: %s",
		       gzip_consumed(g), g->inflated, what);
}

/* One step of inflating into the room that is left. */
static int inflate_some(struct gzip *g, struct err *e)
{
	unsigned before = g->z.avail_out;
	int result = inflate(&g->z, Z_NO_FLUSH);
	g->inflated += before - g->z.avail_out;
	if (result == Z_STREAM_END) {
		g->members++;
		g->is_between = true;
	} else if (result != Z_OK && result != Z_BUF_ERROR) {
		return damaged(g, g->z.msg ? g->z.msg : "unknown error", e);
	}
	return ERR_OK;
}

int gzip_read(struct gzip *g, char *bytes, size_t size, size_t *len, struct err *e)
{
	int rc = ERR_OK;
	g->z.next_out = (unsigned char *)bytes;
	g->z.avail_out = (uInt)size;
	while (!rc && g->z.avail_out && !g->is_end) {
		if (!g->z.avail_in)
			rc = fill(g, e);
		if (!rc && g->is_end && !g->is_between)
			rc = damaged(g, "the file ends too early", e);
		if (!rc && g->is_between)
			rc = begin_member(g, e);
		if (!rc && !g->is_between && g->z.avail_in)
			rc = inflate_some(g, e);
	}
	*len = size - g->z.avail_out;
	return rc;
}
