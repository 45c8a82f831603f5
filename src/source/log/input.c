#include "source/log/input.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "source/log/gzip.h"

enum { CHUNK_BYTES = 256 * 1024 };

struct log_input {
	int fd;
	struct gzip *gzip;       /* NULL: another compression, or none */
	struct archive *archive; /* NULL: gzip, or none */
	const char *compression;
	int64_t size; /* of a plain file; -1 a stream */
	int64_t modified;
	int64_t begin;    /* bytes of a byte order mark */
	int64_t inflated; /* bytes that came out of the archive */
	char *raw;        /* the first bytes as they lie on disk, given to whoever reads the stream */
	size_t raw_len, raw_given;
	char tail[64]; /* the last bytes of the chunk before */
	char *head;
	size_t head_len, head_given;
	bool is_end;
	struct err failure; /* why the stream ended early */
};

/* What compressed files begin with. */
static const struct {
	const char *name, *bytes;
	size_t len;
} MAGICS[] = {
	{ "gzip", "\x1f\x8b\x08", 3 },    { "bzip2", "BZh", 3 }, { "xz", "\xfd\x37zXZ", 6 }, { "zstd", "\x28\xb5\x2f\xfd", 4 },
	{ "lz4", "\x04\x22\x4d\x18", 4 },
};

void input_close(struct log_input *in)
{
	if (!in)
		return;
	gzip_close(in->gzip);
	if (in->archive)
		archive_read_free(in->archive);
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	free(in->raw);
	free(in->head);
	free(in);
}

const char *input_compression(const struct log_input *in)
{
	return in->compression;
}

int64_t input_modified(const struct log_input *in)
{
	return in->modified;
}

int64_t input_size(const struct log_input *in)
{
	return in->size;
}

int64_t input_begin(const struct log_input *in)
{
	return in->begin;
}

static int refuse(const char *path, mode_t mode, struct err *e)
{
	if (S_ISDIR(mode))
		return err_set(e, ERR_SOURCE, "it is a folder");
	if (!S_ISFIFO(mode) && !S_ISSOCK(mode))
		return err_set(e, ERR_SOURCE, "it is a device, no file");
	err_hint(e, "dbperf digest - <%s", path);
	return err_set(e, ERR_SOURCE, "it is a pipe or socket, no file");
}

static int open_path(struct log_input *in, const char *path, struct err *e)
{
	struct stat st;
	in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (in->fd < 0) {
		if (errno == EACCES)
			err_hint(e, "run dbperf as a user that may read it");
		return err_set(e, ERR_SOURCE, "cannot open it: %s", strerror(errno));
	}
	if (fstat(in->fd, &st))
		return err_set(e, ERR_SOURCE, "cannot read it: %s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return refuse(path, st.st_mode, e);
	in->modified = (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000;
	in->size = st.st_size > 0 ? st.st_size : -1; /* files of /proc do not say */
	return ERR_OK;
}

/* Reads as much as there is up to `size`; at < 0: from where the last read ended. */
static int read_fd(const struct log_input *in, char *bytes, size_t size, int64_t at, size_t *len, struct err *e)
{
	*len = 0;
	while (*len < size) {
		ssize_t n = at < 0 ? read(in->fd, bytes + *len, size - *len)
				   : pread(in->fd, bytes + *len, size - *len, (off_t)(at + (int64_t)*len));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_SOURCE, "cannot read on: %s", strerror(errno));
		if (n == 0)
			break;
		*len += (size_t)n;
	}
	return ERR_OK;
}

int input_read_at(const struct log_input *in, char *bytes, size_t size, int64_t at, size_t *len, struct err *e)
{
	return read_fd(in, bytes, size, at, len, e);
}

/* What decoders read: the first bytes that were looked at already, then the rest. */
static int feed(void *context, const char **bytes, size_t *len, struct err *e)
{
	struct log_input *in = context;
	if (in->raw_len >= sizeof in->tail)
		memcpy(in->tail, in->raw + in->raw_len - sizeof in->tail, sizeof in->tail);
	int rc = in->raw_given ? read_fd(in, in->raw, CHUNK_BYTES, -1, &in->raw_len, e) : ERR_OK;
	in->raw_given = 1;
	*bytes = in->raw;
	*len = in->raw_len;
	return rc;
}

static la_ssize_t feed_archive(struct archive *archive, void *context, const void **bytes)
{
	struct err e = { 0 };
	const char *chunk;
	size_t len;
	if (feed(context, &chunk, &len, &e)) {
		archive_set_error(archive, EIO, "%s", e.text);
		return -1;
	}
	*bytes = chunk;
	return (la_ssize_t)len;
}

static int fail(const struct log_input *in, struct err *e)
{
	const char *why = archive_error_string(in->archive);
	return err_set(e, ERR_SOURCE, "its %s data is damaged behind byte %lld of what it holds: %s", in->compression,
		       (long long)in->inflated, why ? why : "unknown error");
}

static int open_archive(struct log_input *in, struct err *e)
{
	static int (*const filters[])(struct archive *) = {
		archive_read_support_filter_bzip2, archive_read_support_filter_xz,  archive_read_support_filter_zstd,
		archive_read_support_filter_lz4,   archive_read_support_format_raw,
	};
	struct archive_entry *entry;
	in->archive = archive_read_new();
	if (!in->archive)
		err_no_memory(0);
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
		if (filters[i](in->archive) != ARCHIVE_OK)
			return err_set(e, ERR_SOURCE, "this libarchive cannot read %s", in->compression);
	if (archive_read_open(in->archive, in, NULL, feed_archive, NULL) != ARCHIVE_OK ||
	    archive_read_next_header(in->archive, &entry) != ARCHIVE_OK)
		return fail(in, e);
	return ERR_OK;
}

static int check_bomb(const struct log_input *in, struct err *e)
{
	int64_t consumed = in->gzip ? gzip_consumed(in->gzip) : archive_filter_bytes(in->archive, -1);
	if (in->inflated > LOG_INFLATED_MAX)
		return err_set(e, ERR_SOURCE, "it holds more than %lld GB (LOG_INFLATED_MAX)", (long long)(LOG_INFLATED_MAX >> 30));
	if (in->inflated > LOG_INFLATED_MIN && consumed > 0 && in->inflated / consumed > LOG_RATIO_MAX)
		return err_set(e, ERR_SOURCE,
			       "it holds %lld times what it takes on disk, more than a log would (LOG_RATIO_MAX, %d)",
			       (long long)(in->inflated / consumed), LOG_RATIO_MAX);
	return ERR_OK;
}

/* An xz file ends with its mark (and zeros); libarchive takes one that is cut for whole. */
static int check_end(const struct log_input *in, struct err *e)
{
	const char *raw = in->raw_len ? in->raw : in->tail;
	size_t len = in->raw_len ? in->raw_len : sizeof in->tail;
	while (len && !raw[len - 1])
		len--;
	if (strcmp(in->compression, "xz") != 0 || (len >= 2 && memcmp(raw + len - 2, "YZ", 2) == 0))
		return ERR_OK;
	return err_set(e, ERR_SOURCE, "its xz data is damaged behind byte %lld of what it holds: the file ends too early",
		       (long long)in->inflated);
}

static int read_archive(struct log_input *in, char *bytes, size_t size, size_t *len, struct err *e)
{
	la_ssize_t n = archive_read_data(in->archive, bytes, size);
	if (n < 0)
		return fail(in, e);
	*len = (size_t)n;
	return n ? ERR_OK : check_end(in, e);
}

static int read_packed(struct log_input *in, char *bytes, size_t size, size_t *len, struct err *e)
{
	int rc = check_bomb(in, e);
	if (!rc)
		rc = in->gzip ? gzip_read(in->gzip, bytes, size, len, e) : read_archive(in, bytes, size, len, e);
	in->inflated += (int64_t)*len;
	return rc;
}

/* A stream that is not compressed. */
static int read_plain(struct log_input *in, char *bytes, size_t size, size_t *len, struct err *e)
{
	size_t left = in->raw_len - in->raw_given;
	if (!left)
		return read_fd(in, bytes, size, -1, len, e);
	*len = left < size ? left : size;
	memcpy(bytes, in->raw + in->raw_given, *len);
	in->raw_given += *len;
	return ERR_OK;
}

/* Reads the stream behind the head; a failure is kept until all that came before it was given. */
static void read_more(struct log_input *in, char *bytes, size_t size, size_t *len)
{
	*len = 0;
	while (*len < size && !in->is_end) {
		size_t n = 0;
		int rc = in->compression ? read_packed(in, bytes + *len, size - *len, &n, &in->failure)
					 : read_plain(in, bytes + *len, size - *len, &n, &in->failure);
		in->is_end = rc || !n;
		*len += n;
	}
}

int input_read(struct log_input *in, char *bytes, size_t size, size_t *len, struct err *e)
{
	size_t left = in->head_len - in->head_given;
	*len = left < size ? left : size;
	memcpy(bytes, in->head + in->head_given, *len);
	in->head_given += *len;
	if (*len)
		return ERR_OK;
	read_more(in, bytes, size, len);
	if (*len || !in->failure.code)
		return ERR_OK;
	*e = in->failure;
	in->failure.code = 0;
	return e->code;
}

static int read_head(struct log_input *in, struct err *e)
{
	if (in->size < 0)
		read_more(in, in->head, LOG_HEAD_BYTES, &in->head_len);
	else if (read_fd(in, in->head, LOG_HEAD_BYTES, 0, &in->head_len, e))
		return e->code;
	const unsigned char *h = (const unsigned char *)in->head;
	if (in->head_len >= 2 && ((h[0] == 0xff && h[1] == 0xfe) || (h[0] == 0xfe && h[1] == 0xff))) {
		err_hint(e, "iconv -f UTF-16 -t UTF-8");
		return err_set(e, ERR_SOURCE, "it is in UTF-16");
	}
	if (in->head_len >= 3 && memcmp(h, "\xef\xbb\xbf", 3) == 0)
		in->begin = 3;
	in->head_given = (size_t)in->begin;
	return ERR_OK;
}

struct slice input_head(const struct log_input *in)
{
	return (struct slice){ in->head + in->begin, in->head_len - (size_t)in->begin };
}

static int open_stream(struct log_input *in, const char *path, struct err *e)
{
	int rc = ERR_OK;
	in->modified = clock_now();
	if (strcmp(path, "-") == 0) {
		in->fd = STDIN_FILENO;
		in->size = -1;
	} else {
		rc = open_path(in, path, e);
	}
	if (!rc)
		rc = read_fd(in, in->raw, CHUNK_BYTES, in->size < 0 ? -1 : 0, &in->raw_len, e);
	for (size_t i = 0; !rc && !in->compression && i < sizeof MAGICS / sizeof *MAGICS; i++)
		if (in->raw_len >= MAGICS[i].len && memcmp(in->raw, MAGICS[i].bytes, MAGICS[i].len) == 0)
			in->compression = MAGICS[i].name;
	if (rc || !in->compression)
		return rc;
	if (in->size >= 0 && lseek(in->fd, (off_t)in->raw_len, SEEK_SET) < 0)
		return err_set(e, ERR_SOURCE, "cannot read it: %s", strerror(errno));
	in->size = -1;
	if (strcmp(in->compression, "gzip") != 0)
		return open_archive(in, e);
	in->gzip = gzip_open(feed, in);
	return ERR_OK;
}

int input_open(const char *path, struct log_input **out, struct err *e)
{
	struct log_input *in = calloc(1, sizeof *in);
	char *raw = malloc(CHUNK_BYTES), *head = malloc(LOG_HEAD_BYTES);
	if (!in || !raw || !head)
		err_no_memory(CHUNK_BYTES + LOG_HEAD_BYTES);
	in->fd = -1;
	in->raw = raw;
	in->head = head;
	int rc = open_stream(in, path, e);
	if (!rc)
		rc = read_head(in, e);
	if (rc) {
		input_close(in);
		return rc;
	}
	*out = in;
	return ERR_OK;
}
