#include "log_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AROUND = 200, SHOWN = 500 };

const char *log_from_env(const char *name, const char *otherwise)
{
	const char *value = getenv(name);
	return value ? value : otherwise;
}

static bool ends(const char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);
	return len >= tail && strcmp(text + len - tail, end) == 0;
}

bool log_file_read(const char *path, struct buffer *bytes)
{
	char block[65536], command[LOG_PATH_BYTES + 32];
	const char *tool = ends(path, ".gz") ? "gzip" : ends(path, ".bz2") ? "bzip2" : ends(path, ".xz") ? "xz" : NULL;
	if (access(path, R_OK) != 0)
		return false;
	snprintf(command, sizeof command, "%s -dc '%s'", tool ? tool : "", path);
	FILE *file = tool ? popen(command, "r") : fopen(path, "rb");
	if (!file)
		return false;
	for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;)
		buffer_add(bytes, block, got);
	return (tool ? pclose(file) : fclose(file)) == 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t log_files(const char *folder, const char *end, char **paths)
{
	size_t count = 0;
	DIR *dir = opendir(folder);
	for (const struct dirent *entry; dir && (entry = readdir(dir)) && count < LOG_FILES_MOST;) {
		char path[LOG_PATH_BYTES];
		if (!ends(entry->d_name, end))
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		paths[count++] = strdup(path);
	}
	if (dir)
		closedir(dir);
	qsort(paths, count, sizeof *paths, compare_names);
	return count;
}

struct buffer log_told(const struct dbperf_driver *driver, struct slice bytes, const struct log_feed *feed, bool has_skips,
		       const char *path)
{
	struct log_host host = { 0 };
	if (!log_host_read(&host, driver, bytes.ptr, bytes.len, feed))
		fail_msg("%s: %s", path, host.problem);
	if (has_skips)
		log_host_skips(&host);
	struct buffer lines = host.lines;
	host.lines = (struct buffer){ 0 };
	log_host_close(&host);
	return lines;
}

void log_expect_same(const char *path, const char *how, struct slice is, struct slice should)
{
	size_t at = 0;
	while (at < is.len && at < should.len && is.ptr[at] == should.ptr[at])
		at++;
	if (at == is.len && at == should.len)
		return;
	size_t from = at > AROUND ? at - AROUND : 0;
	fail_msg("%s, %s, byte %zu:\n--- should be\n%.*s\n--- is\n%.*s", path, how, at,
		 (int)(should.len - from > SHOWN ? SHOWN : should.len - from), should.ptr + from,
		 (int)(is.len - from > SHOWN ? SHOWN : is.len - from), is.ptr + from);
}

void log_check_sample(const struct dbperf_driver *driver, const char *path, const struct log_feed *feed)
{
	SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "file");
	SCOPED_BUFFER should = BUFFER(LOG_FILE_BYTES, "file");
	SCOPED_BUFFER is = BUFFER(LOG_FILE_BYTES, "lines");
	struct log_host host = { 0 };
	char expected[LOG_PATH_BYTES];
	assert_true(log_file_read(path, &bytes));
	if (!log_host_read(&host, driver, buffer_view(&bytes).ptr, bytes.len, feed))
		fail_msg("%s: %s", path, host.problem);
	log_host_skips(&host);
	buffer_printf(&is, "%s %s\n", host.about.format, host.about.detail);
	buffer_slice(&is, buffer_view(&host.lines));
	log_host_close(&host);
	snprintf(expected, sizeof expected, "%.*s.entries", (int)(strlen(path) - 4), path);
	if (getenv("UPDATE")) {
		FILE *out = fopen(expected, "wb");
		assert_non_null(out);
		fwrite(buffer_view(&is).ptr, 1, is.len, out);
		assert_int_equal(fclose(out), 0);
	}
	if (!log_file_read(expected, &should))
		fail_msg("%s is missing", expected);
	log_expect_same(path, "whole", buffer_view(&is), buffer_view(&should));
}

void log_check_cuts(const struct dbperf_driver *driver, const char *path, struct slice bytes, const struct log_feed *feed,
		    const size_t *blocks, size_t count)
{
	SCOPED_BUFFER whole = log_told(driver, bytes, feed, true, path);
	for (size_t i = 0; i < count; i++) {
		for (int how = 0; how < 4; how++) {
			struct log_feed cut = *feed;
			char text[80];
			cut.block = blocks[i];
			cut.is_ragged = how & 1;
			cut.has_parts = how & 2;
			snprintf(text, sizeof text, "blocks of %zu%s%s", cut.block, cut.is_ragged ? " anywhere" : "",
				 cut.has_parts ? " in parts" : "");
			SCOPED_BUFFER is = log_told(driver, bytes, &cut, true, path);
			log_expect_same(path, text, buffer_view(&is), buffer_view(&whole));
		}
	}
}

static void without_cr(struct buffer *lines)
{
	size_t to = 0;
	for (size_t from = 0; from < lines->len; from++) {
		if (lines->len - from >= 6 && memcmp(lines->data + from, "\\u000d", 6) == 0)
			from += 5;
		else
			lines->data[to++] = lines->data[from];
	}
	lines->len = to;
}

/* `which`: 1 every line, 2 every other. */
static void with_cr(struct slice bytes, struct buffer *out, size_t which)
{
	size_t line = 0;
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] == '\n' && line++ % which == 0)
			buffer_char(out, '\r');
		buffer_char(out, bytes.ptr[i]);
	}
}

void log_check_line_ends(const struct dbperf_driver *driver, const char *path, struct slice bytes, const struct log_feed *feed)
{
	SCOPED_BUFFER plain = log_told(driver, bytes, feed, false, path);
	for (size_t which = 1; which <= 2; which++) {
		SCOPED_BUFFER more = BUFFER(LOG_FILE_BYTES, "file");
		struct log_feed cut = *feed;
		cut.block = 50;
		cut.is_ragged = true;
		with_cr(bytes, &more, which);
		SCOPED_BUFFER is = log_told(driver, buffer_view(&more), &cut, false, path);
		without_cr(&is);
		log_expect_same(path, which == 1 ? "all \\r\\n" : "some \\r\\n", buffer_view(&is), buffer_view(&plain));
	}
}

/* Where the last line that stands in the first column begins: an entry's line, its texts are behind blanks. */
static size_t last_entry(struct slice lines)
{
	size_t at = 0;
	for (size_t i = 0; i < lines.len; i++)
		if ((i == 0 || lines.ptr[i - 1] == '\n') && lines.ptr[i] != ' ')
			at = i;
	return at;
}

void log_check_torn(const struct dbperf_driver *driver, const char *path, struct slice bytes, const struct log_feed *feed)
{
	SCOPED_BUFFER whole = log_told(driver, bytes, feed, false, path);
	for (size_t len = 0; len < bytes.len; len++) {
		SCOPED_BUFFER is = log_told(driver, (struct slice){ bytes.ptr, len }, feed, false, path);
		size_t sure = last_entry(buffer_view(&is));
		if (sure > whole.len || memcmp(buffer_view(&is).ptr, buffer_view(&whole).ptr, sure) != 0)
			fail_msg("%s ending at byte %zu has other entries before its last", path, len);
	}
}

/* The format that the driver found, for the checks that a part of the log may be too little to recognise. */
static void found_format(const struct dbperf_driver *driver, struct slice bytes, const struct log_feed *feed, const char *path,
			 char *format, size_t size)
{
	struct log_host host = { .is_quiet = true };
	if (!log_host_read(&host, driver, bytes.ptr, bytes.len, feed))
		fail_msg("%s: %s", path, host.problem);
	snprintf(format, size, "%s", host.about.format);
	log_host_close(&host);
}

static void check_file(const struct dbperf_driver *driver, const char *path, const struct log_feed *feed)
{
	SCOPED_BUFFER bytes = BUFFER(LOG_FILE_BYTES, "file");
	char format[sizeof((struct dbperf_log_about *)NULL)->format];
	size_t blocks[50], count = 0;
	assert_true(log_file_read(path, &bytes));
	log_check_sample(driver, path, feed);
	found_format(driver, buffer_view(&bytes), feed, path, format, sizeof format);
	struct log_feed known = *feed;
	known.format = format;
	for (size_t i = 1; i <= 40; i++)
		blocks[count++] = i;
	for (size_t i = 64; i <= 16384; i *= 4)
		blocks[count++] = i + 1;
	log_check_cuts(driver, path, buffer_view(&bytes), &known, blocks, count);
	log_check_line_ends(driver, path, buffer_view(&bytes), &known);
	log_check_torn(driver, path, buffer_view(&bytes), &known);
}

void log_check_folder(const struct dbperf_driver *driver, size_t least, const struct log_feed *feed)
{
	char folder[LOG_PATH_BYTES], *paths[LOG_FILES_MOST];
	snprintf(folder, sizeof folder, "%s/drivers/%s/test", log_from_env("DBPERF_SOURCE", "."), driver->name);
	size_t count = log_files(folder, ".log", paths);
	assert_true(count >= least);
	for (size_t i = 0; i < count; i++) {
		check_file(driver, paths[i], feed);
		free(paths[i]);
	}
}
