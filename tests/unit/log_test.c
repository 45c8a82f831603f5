/*
 * Reading logs: what entries add up to, on the template driver's format; that neither threads nor cuts show; damaged,
 * hostile and compressed files; digests merged. A run is told by all its fact rows as text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "source/log/look.h"
#include "source/log/logs.h"
#include "source/log/redact.h"
#include "store/store.h"

enum { TEXT_MAX = 64 << 20 };

static struct drivers *drivers;
static struct arena lasting;
static char folder[] = "/tmp/dbperf-log-XXXXXX";

static const char *write_file(const char *name, struct slice bytes)
{
	static char path[8][256];
	static int next;
	char *to = path[next++ % 8];
	snprintf(to, sizeof path[0], "%s/%s", folder, name);
	FILE *file = fopen(to, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
	assert_int_equal(fclose(file), 0);
	return to;
}

/* Rows as "TABLE column=value …"; what does not speak of the log itself is left out. */
static void put_row(void *context, const struct fact_table *table, int look, const struct fact_value *values)
{
	struct buffer *out = context;
	(void)look;
	buffer_slice(out, table->name);
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_value *v = &values[i];
		if (v->type == FACT_NULL)
			continue;
		buffer_printf(out, " %.*s=", SLICE_ARG(table->columns[i].name));
		if (v->type == FACT_INTEGER)
			buffer_printf(out, "%lld", (long long)v->integer);
		else if (v->type == FACT_REAL)
			buffer_printf(out, "%.17g", v->real);
		else if (v->type == FACT_TEXT)
			buffer_terminal(out, v->text);
		for (size_t k = 0; v->type == FACT_BLOB && k < v->text.len; k++)
			buffer_printf(out, "%02x", (unsigned char)v->text.ptr[k]);
	}
	buffer_char(out, '\n');
}

static void no_row(void *context, const struct fact_table *table, int look, const struct fact_value *values)
{
	(void)context, (void)table, (void)look, (void)values;
}

static void no_probe(void *context, struct slice name, struct slice database)
{
	(void)context, (void)name, (void)database;
}

static void no_end(void *context, bool is_kept)
{
	(void)context, (void)is_kept;
}

/* Reads the task's logs into text. */
static void read_logs(struct logs_task *task, struct buffer *out)
{
	const struct sink sink = { .context = out, .row = put_row, .probe = no_probe, .probe_end = no_end };
	struct err e = { 0 };
	task->drivers = drivers;
	task->target = task->target ? task->target : "logs";
	if (logs_read(task, &sink, &e))
		fail_msg("%s", e.text);
	assert_false(out->is_full);
}

static void read_one(const char *path, unsigned threads, size_t block, int64_t part, struct buffer *out)
{
	char *paths[] = { (char *)path };
	struct logs_task task = { .paths = paths, .path_count = 1, .threads = threads, .block_bytes = block, .part_bytes = part };
	buffer_reset(out);
	read_logs(&task, out);
}

/* The first row of the table that has the text; "" when there is none. */
static const char *row_with(const struct buffer *rows, const char *table, const char *text)
{
	static char found[4096];
	const char *at = rows->data ? rows->data : "";
	found[0] = 0;
	while (*at && !found[0]) {
		size_t len = strcspn(at, "\n"), name = strlen(table);
		snprintf(found, sizeof found, "%.*s", (int)len, at);
		if (strncmp(found, table, name) != 0 || found[name] != ' ' || !strstr(found, text))
			found[0] = 0;
		at += len + (at[len] == '\n');
	}
	return found;
}

static void assert_row(const struct buffer *rows, const char *table, const char *text, const char *const *parts)
{
	const char *row = row_with(rows, table, text);
	for (; *parts; parts++)
		if (!strstr(row, *parts))
			fail_msg("'%s' is not in the row of '%s' with '%s': %s", *parts, table, text, row);
}

#define ASSERT_ROW(rows, table, text, ...) assert_row(rows, table, text, (const char *const[]){ __VA_ARGS__, NULL })

static const char KINDS[] =
	"# template log\n"
	"left over\n"
	"@ kind=execution at=1000000 db=shop user=u app=a host=h session=1 total=1500 rows=3 lock=7 lines=1\n"
	"select * from a where x = 1\n"
	"@ kind=execution at=inherit db=inherit user=u app=a host=h session=1 total=2500 rows=5 weight=10 lines=2\n"
	"select *\n"
	"  from a where x = 'two'\n"
	"@ kind=opening at=2000000 db=shop session=2 lines=1\n" /* a pair */
	"update b set y = 5\n"
	"@ kind=opening at=2000001 db=shop session=3 lines=1\n" /* nobody closes it */
	"delete from c where id in (1, 2, 3)\n"
	"@ kind=closing at=2000500 session=2 total=500\n"
	"@ kind=closing at=2000600 session=9 total=70\n"               /* nobody opened it */
	"@ kind=plan at=3000000 db=shop session=4 total=900 lines=1\n" /* beside its execution */
	"select count(*) from d\n"
	"@ kind=execution at=3000000 db=shop session=4 total=910 lines=1\n"
	"select count(*) from d\n"
	"@ kind=plan at=3000002 db=shop session=4 total=40 lines=1\n" /* by itself */
	"select nested from e\n"
	"@ kind=step at=3000003 db=shop session=4 plan_us=33 lines=1\n"
	"select count(*) from d\n"
	"@ kind=failure at=3000004 db=shop session=5 class=error code=42P01 severity=ERROR lines=1\n"
	"select * from missing\n"
	"@ kind=event at=3000005 class=temp_file bytes=4096 what=message lines=1\n"
	"temporary file: path \"base/pgsql_tmp/x1.2\", size 4096\n"
	"@ kind=event at=3000006 class=temp_file bytes=8192\n"
	"@ kind=execution at=3000007 db=shop total=x1 lines=1\n" /* a number that is none */
	"select 1\n"
	"what is this\n"
	"# known\n";

static void test_kinds(void **state)
{
	(void)state;
	SCOPED_BUFFER rows = BUFFER(TEXT_MAX, "rows");
	read_one(write_file("kinds.log", slice_of(KINDS)), 1, 0, 0, &rows);
	ASSERT_ROW(&rows, "log", "kinds.log", " engine=template format=template state=partial", " lines=30 ", " events=9 ",
		   " total_us=5520 ", " skipped_lines=1 ", " first_at=1000000 last_at=3000007");
	const char *a = "select * from a where x = ?";
	ASSERT_ROW(&rows, "statement_text", a, " verb=select");
	char fingerprint[64];
	snprintf(fingerprint, sizeof fingerprint, "%s", strstr(row_with(&rows, "statement_text", a), "fingerprint="));
	*strchr(fingerprint, ' ') = 0;
	ASSERT_ROW(&rows, "statement", fingerprint, " database=shop user=u application=a client_host=h calls=11 total_us=26500 ",
		   " rows_returned=53 ", " lock_us=7 ",
		   " timed_calls=11 min_us=1500 max_us=2500 first_at=1000000 last_at=1000000 ");
	assert_true(strlen(row_with(&rows, "statement_text", "text=select nested from e")) > 0);
	ASSERT_ROW(&rows, "log_event", "class=temp_file", " count=2 bytes=12288 max_bytes=8192 ",
		   " message=temporary file: path ?, size ? ");
	ASSERT_ROW(&rows, "log_event", "class=error", " code=42P01 severity=ERROR database=shop ", " fingerprint=", " count=1 ");
	ASSERT_ROW(&rows, "unread", "reason=unknown", " count=1 lines=1 bytes=13 first_line=29 ");
	ASSERT_ROW(&rows, "unread", "reason=partial first", " first_line=2 first_offset=15");
	ASSERT_ROW(&rows, "unread", "reason=number", " count=1 ");
	ASSERT_ROW(&rows, "snapshot", "target=logs", " taken_at=3000007 window_us=2000007 source=log engine=template");
	ASSERT_ROW(&rows, "statement_column", "relation=b", " column=y usage=set");
}

/* How often and how long each statement of the sample ran, by text. */
static void test_pairs(void **state)
{
	(void)state;
	static const struct {
		const char *text, *calls;
	} wanted[] = {
		{ "update b set y = ?", " calls=1 total_us=500 " },
		{ "delete from c where id in (?)", " calls=1 timed_calls=0 " },
		{ "select count(*) from d", " calls=1 total_us=910 " },
		{ "select nested from e", " calls=1 total_us=40 " },
		{ "select * from missing", " calls=1 errors=1 timed_calls=0 " },
	};
	SCOPED_BUFFER rows = BUFFER(TEXT_MAX, "rows");
	read_one(write_file("kinds.log", slice_of(KINDS)), 1, 0, 0, &rows);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		char text[128], id[64];
		snprintf(text, sizeof text, " text=%s ", wanted[i].text);
		const char *row = row_with(&rows, "statement_text", text);
		if (sscanf(row, "statement_text native_id=%*s fingerprint=%40s", id) != 1)
			fail_msg("no text '%s'", text);
		char key[80];
		snprintf(key, sizeof key, " fingerprint=%.40s ", id);
		const char *found = row_with(&rows, "statement", strstr(key, "fingerprint"));
		if (!strstr(found, wanted[i].calls))
			fail_msg("'%s': '%s' is not in %s", wanted[i].text, wanted[i].calls, found);
	}
	ASSERT_ROW(&rows, "statement", "statement calls=1 total_us=70", " timed_calls=1"); /* the closing that nobody opened */
}

static uint64_t next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1d;
}

/* A log with everything in it: halves, plans, inheritance, garbage, texts with lines that look like entries. */
static void make_log(struct buffer *out, uint64_t seed, size_t entries)
{
	static const char *const kinds[] = { "execution", "execution", "opening", "closing", "closing",
					     "plan",      "step",      "event",   "failure" };
	static const char *const texts[] = {
		"select * from a where x = %d", "update b set y = %d where z = 'q'", "insert into c values (%d)",
		"select 1 from d -- %d\n@ kind=execution at=5 db=false total=1\n@ kind=opening session=1"
	};
	uint64_t at = 1700000000000000, random = seed;
	buffer_text(out, "# template log\n");
	for (size_t i = 0; i < entries; i++) {
		const char *kind = kinds[next(&random) % 9], *text = texts[next(&random) % 4];
		uint64_t session = next(&random) % 4;
		at += next(&random) % 3000000;
		buffer_printf(out, "@ kind=%s", kind);
		if (next(&random) % 3)
			buffer_text(out, " at=inherit");
		else
			buffer_printf(out, " at=%llu", (unsigned long long)at);
		if (next(&random) % 3)
			buffer_text(out, " db=inherit");
		else
			buffer_printf(out, " db=db%llu", (unsigned long long)(next(&random) % 3));
		if (session)
			buffer_printf(out, " session=%llu", (unsigned long long)session);
		buffer_printf(out, " user=u%llu class=c%llu total=%llu weight=%llu", (unsigned long long)(next(&random) % 2),
			      (unsigned long long)(next(&random) % 2), (unsigned long long)(next(&random) % 100000),
			      (unsigned long long)(1 + next(&random) % 2));
		if (strcmp(kind, "closing") == 0) {
			buffer_text(out, "\n");
			continue;
		}
		buffer_printf(out, " lines=%d\n", strchr(text, '\n') ? 3 : 1);
		const char *number = strstr(text, "%d");
		buffer_add(out, text, (size_t)(number - text));
		buffer_printf(out, "%llu%s\n", (unsigned long long)(next(&random) % 1000), number + 2);
		if (next(&random) % 10 == 0)
			buffer_text(out, "garbage\n");
	}
}

static void assert_same(const struct buffer *wanted, const struct buffer *got, size_t cut)
{
	if (wanted->len == got->len && memcmp(wanted->data, got->data, got->len) == 0)
		return;
	const char *a = wanted->data, *b = got->data;
	while (*a && *b) {
		size_t m = strcspn(a, "\n"), n = strcspn(b, "\n");
		if (m != n || memcmp(a, b, n) != 0)
			fail_msg("cut at %zu:\nwanted %.*s\ngot    %.*s", cut, (int)m, a, (int)n, b);
		a += m + 1;
		b += n + 1;
	}
	fail_msg("cut at %zu: one has more rows", cut);
}

/* Blocks and parts that end at every byte, on several threads, give what one parser gives that reads all at once. */
static void test_cuts(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 2; seed++) {
		SCOPED_BUFFER log = BUFFER(TEXT_MAX, "log");
		SCOPED_BUFFER whole = BUFFER(TEXT_MAX, "rows");
		SCOPED_BUFFER cut = BUFFER(TEXT_MAX, "rows");
		make_log(&log, seed * 7919, 16);
		const char *path = write_file("cuts.log", buffer_view(&log));
		read_one(path, 1, 0, 0, &whole);
		for (size_t n = 1; n <= log.len; n++) {
			read_one(path, 1, n, 0, &cut);
			assert_same(&whole, &cut, n);
			read_one(path, 2 + n % 2, 100000, (int64_t)n, &cut);
			assert_same(&whole, &cut, n);
		}
	}
}

/* Large parts, small parts, many threads. */
static void test_threads(void **state)
{
	(void)state;
	SCOPED_BUFFER log = BUFFER(TEXT_MAX, "log");
	SCOPED_BUFFER whole = BUFFER(TEXT_MAX, "rows");
	SCOPED_BUFFER cut = BUFFER(TEXT_MAX, "rows");
	make_log(&log, 42, 20000);
	const char *path = write_file("threads.log", buffer_view(&log));
	read_one(path, 1, 0, 0, &whole);
	for (unsigned threads = 2; threads <= 8; threads += 3)
		for (int64_t part = 1000; part < 3000000; part *= 20) {
			read_one(path, threads, 4096, part, &cut);
			assert_same(&whole, &cut, (size_t)part);
		}
}

static struct rundb *open_run(void)
{
	struct rundb *run;
	struct err e = { 0 };
	if (rundb_open(&run, &e) || rundb_attach_history(run, NULL, store_schema(), &e))
		fail_msg("%s", e.text);
	return run;
}

/* Two logs read together are two digests merged. */
static void test_merge(void **state)
{
	(void)state;
	SCOPED_BUFFER a = BUFFER(TEXT_MAX, "log");
	SCOPED_BUFFER b = BUFFER(TEXT_MAX, "log");
	struct rundb *runs[2];
	struct err e = { 0 };
	char saved[2][128];
	make_log(&a, 11, 300);
	make_log(&b, 12, 500);
	char *paths[] = { (char *)write_file("a.log", buffer_view(&a)), (char *)write_file("b.log", buffer_view(&b)) };
	for (int i = 0; i < 2; i++) {
		struct rundb *run = open_run();
		struct logs_task task = { .drivers = drivers, .paths = &paths[i], .path_count = 1, .threads = 2 };
		snprintf(saved[i], sizeof saved[i], "%s/%d.digest", folder, i);
		if (logs_look(run, &task, &e))
			fail_msg("%s", e.text);
		assert_int_equal(rundb_save(run, saved[i], &e), 0);
		rundb_close(run);
	}
	for (int i = 0; i < 2; i++)
		runs[i] = open_run();
	struct logs_task both = { .drivers = drivers, .paths = paths, .path_count = 2, .threads = 2 };
	if (logs_look(runs[0], &both, &e) || logs_load(runs[1], saved[0], &e) || logs_load(runs[1], saved[1], &e) ||
	    logs_merge(runs[1], NULL, drivers, &e))
		fail_msg("%s", e.text);
	const struct facts *facts = facts_builtin();
	for (size_t i = 0; i < facts->table_count; i++) {
		SCOPED_BUFFER sql = BUFFER(8192, "SQL");
		sqlite3_stmt *rows[2];
		buffer_printf(&sql, "SELECT * FROM main.\"%.*s\" ORDER BY rowid", SLICE_ARG(facts->tables[i].name));
		for (int k = 0; k < 2; k++)
			assert_int_equal(rundb_prepare(rundb_connection(runs[k]), buffer_view(&sql), "rows", &rows[k], &e), 0);
		int step;
		while ((step = sqlite3_step(rows[0])) == SQLITE_ROW) {
			assert_int_equal(sqlite3_step(rows[1]), SQLITE_ROW);
			for (int c = 0; c < sqlite3_column_count(rows[0]); c++) {
				const void *x = sqlite3_column_blob(rows[0], c), *y = sqlite3_column_blob(rows[1], c);
				int n = sqlite3_column_bytes(rows[0], c);
				if (n != sqlite3_column_bytes(rows[1], c) || (n && memcmp(x, y, (size_t)n) != 0))
					fail_msg("%.*s.%s: '%s' and '%s'", SLICE_ARG(facts->tables[i].name),
						 sqlite3_column_name(rows[0], c), (const char *)sqlite3_column_text(rows[0], c),
						 (const char *)sqlite3_column_text(rows[1], c));
			}
		}
		assert_int_equal(sqlite3_step(rows[1]), SQLITE_DONE);
		sqlite3_finalize(rows[0]);
		sqlite3_finalize(rows[1]);
	}
	rundb_close(runs[0]);
	rundb_close(runs[1]);
}

static void run_command(const char *format, ...) PRINTF_LIKE(1, 2);
static void run_command(const char *format, ...)
{
	char command[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(command, sizeof command, format, args);
	va_end(args);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_int_equal(pclose(pipe), 0);
}

static bool has_command(const char *name)
{
	char command[64];
	snprintf(command, sizeof command, "command -v %s >/dev/null", name);
	FILE *pipe = popen(command, "r");
	return pipe && pclose(pipe) == 0;
}

/* The rows but for those that tell the file's name and how it is packed. */
static void strip(struct buffer *rows)
{
	SCOPED_BUFFER kept = BUFFER(TEXT_MAX, "rows");
	for (const char *at = rows->data; *at;) {
		size_t len = strcspn(at, "\n") + 1;
		if (strncmp(at, "log ", 4) != 0 && strncmp(at, "unread ", 7) != 0)
			buffer_add(&kept, at, len);
		at += len;
	}
	buffer_reset(rows);
	buffer_slice(rows, buffer_view(&kept));
}

static void test_compressed(void **state)
{
	(void)state;
	static const char *const tools[] = { "gzip", "bzip2", "xz", "zstd", "lz4" };
	SCOPED_BUFFER log = BUFFER(TEXT_MAX, "log");
	SCOPED_BUFFER plain = BUFFER(TEXT_MAX, "rows");
	SCOPED_BUFFER packed = BUFFER(TEXT_MAX, "rows");
	make_log(&log, 5, 8000);
	const char *path = write_file("plain.log", buffer_view(&log));
	read_one(path, 1, 0, 0, &plain);
	strip(&plain);
	for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
		char other[256];
		snprintf(other, sizeof other, "%s/packed.%zu", folder, i); /* told by content, not by name */
		if (!has_command(tools[i]))
			continue;
		run_command("%s -c <'%s' >'%s'", tools[i], path, other);
		read_one(other, 2, 0, 0, &packed);
		ASSERT_ROW(&packed, "log", "packed", " state=", tools[i]);
		strip(&packed);
		assert_same(&plain, &packed, i);
	}
	/* Two members of gzip one behind the other. */
	run_command("cd '%s' && head -c 1000 plain.log | gzip >two.gz && tail -c +1001 plain.log | gzip >>two.gz", folder);
	char two[256];
	snprintf(two, sizeof two, "%s/two.gz", folder);
	read_one(two, 2, 0, 0, &packed);
	strip(&packed);
	assert_same(&plain, &packed, 1000);
}

/* What inflates is used, and what is wrong is said. */
static void test_damaged(void **state)
{
	(void)state;
	SCOPED_BUFFER log = BUFFER(TEXT_MAX, "log");
	SCOPED_BUFFER rows = BUFFER(TEXT_MAX, "rows");
	char path[256];
	make_log(&log, 6, 20000);
	write_file("whole.log", buffer_view(&log));
	run_command("cd '%s' && gzip -c whole.log | head -c 100000 >cut.gz", folder);
	snprintf(path, sizeof path, "%s/cut.gz", folder);
	read_one(path, 2, 0, 0, &rows);
	ASSERT_ROW(&rows, "log", "cut.gz", " state=partial reason=its gzip data is damaged at byte ", " engine=template");
	assert_true(strlen(row_with(&rows, "statement", "calls=")) > 0);
	/* A bomb: what it holds is not read to its end. */
	run_command("cd '%s' && (echo '# template log'; head -c 1500000000 /dev/zero) | gzip -1 >bomb.gz", folder);
	run_command("cd '%s' && gzip -9 <bomb.gz >/dev/null", folder);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *path, *what;
	} cases[] = {
		{ "/nowhere/at.all", "cannot open it: No such file or directory" },
		{ "/dev/zero", "it is a device, no file" },
	};
	SCOPED_BUFFER rows = BUFFER(TEXT_MAX, "rows");
	char path[256];
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		read_one(cases[i].path, 1, 0, 0, &rows);
		ASSERT_ROW(&rows, "log", cases[i].path, " state=failed", cases[i].what);
	}
	snprintf(path, sizeof path, "%s/pipe", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	read_one(path, 1, 0, 0, &rows);
	ASSERT_ROW(&rows, "log", "pipe", " state=failed reason=it is a pipe or socket, no file remedy=dbperf digest - <");
	unlink(path);
	read_one(write_file("utf16.log", (struct slice){ "\xff\xfe#\0 \0", 6 }), 1, 0, 0, &rows);
	ASSERT_ROW(&rows, "log", "utf16", " state=failed reason=it is in UTF-16 remedy=iconv");
	read_one(write_file("words.log", SLICE("some words\nthat are no log\n")), 1, 0, 0, &rows);
	ASSERT_ROW(&rows, "log", "words", " state=failed reason=no log of a known format remedy=--log-format ENGINE/FORMAT");
	read_one(write_file("empty.log", SLICE("")), 1, 0, 0, &rows);
	ASSERT_ROW(&rows, "log", "empty", " state=partial reason=it is empty");
	/* A byte order mark is no part of the log. */
	SCOPED_BUFFER marked = BUFFER(TEXT_MAX, "log");
	buffer_text(&marked, "\xef\xbb\xbf");
	buffer_text(&marked, KINDS);
	read_one(write_file("marked.log", buffer_view(&marked)), 2, 0, 64, &rows);
	ASSERT_ROW(&rows, "log", "marked", " events=9 ");
}

/* Bounded memory and linear time for what no log is. */
static void test_hostile(void **state)
{
	(void)state;
	SCOPED_BUFFER log = BUFFER(TEXT_MAX, "log");
	SCOPED_BUFFER rows = BUFFER(TEXT_MAX, "rows");
	buffer_text(&log, "# template log\n@ kind=execution at=1 total=5 lines=1\nselect '");
	for (int i = 0; i < 4000000; i++)
		buffer_char(&log, 'x');
	buffer_text(&log, "' from a\n");
	for (int i = 0; i < 1000; i++)
		buffer_add(&log, "\0\0\0\0\0\0\0\0\n", 9);
	for (int i = 0; i < 5000000; i++)
		buffer_char(&log, 'y');
	buffer_text(&log, "\n@ kind=execution at=2 total=7 lines=3\nselect 1\n");
	for (unsigned threads = 1; threads <= 4; threads += 3) {
		read_one(write_file("hostile.log", buffer_view(&log)), threads, 0, 1000000, &rows);
		ASSERT_ROW(&rows, "log", "hostile", " state=partial", " events=2 ", " skipped_lines=1001 ");
		ASSERT_ROW(&rows, "unread", "reason=nul", " lines=1000 ", " first_line=4 ");
		ASSERT_ROW(&rows, "unread", "reason=long", " count=1 ");
		ASSERT_ROW(&rows, "unread", "reason=unfinished last", " count=1 ");
		ASSERT_ROW(&rows, "statement_text", "text=select ? from a", " verb=select");
	}
}

/* A zone of the log itself, then the one that was told. */
static void test_zones(void **state)
{
	(void)state;
	static const struct {
		const char *at, *told, *moment, *zone;
	} cases[] = {
		{ "at=1700000000000000", NULL, "first_at=1700000000000000 last_at=1700000000000000\n", "" },
		{ "at=1700000000000000 local=1 zone=CET", "Asia/Tokyo", "first_at=1699996400000000", " zone=CET zone_source=log" },
		{ "at=1700000000000000 local=1", "Asia/Tokyo", "first_at=1699967600000000", " zone=Asia/Tokyo zone_source=option" },
		{ "at=1690000000000000 local=1", "Europe/Berlin", "first_at=1689992800000000",
		  " zone=Europe/Berlin zone_source=option" },
		{ "at=1700000000000000 local=1 zone=XYZ", NULL, "first_at=1700000000000000", " zone=UTC zone_source=assumed" },
		{ "at=1700000000000000 local=1", "-03:30", "first_at=1700012600000000", " zone=-03:30 zone_source=option" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_BUFFER log = BUFFER(TEXT_MAX, "log");
		SCOPED_BUFFER rows = BUFFER(TEXT_MAX, "rows");
		buffer_printf(&log, "# template log\n@ kind=execution %s total=5 lines=1\nselect 1\n", cases[i].at);
		char *paths[] = { (char *)write_file("zone.log", buffer_view(&log)) };
		struct logs_task task = {
			.paths = paths, .path_count = 1, .threads = 1, .zone = cases[i].told, .zone_source = "option"
		};
		read_logs(&task, &rows);
		buffer_char(&rows, '\n');
		char row[4096];
		snprintf(row, sizeof row, "%s\n", row_with(&rows, "log", "zone.log"));
		if (!strstr(row, cases[i].moment) || !strstr(row, cases[i].zone))
			fail_msg("%s: %s", cases[i].at, row);
	}
}

/* No literal survives in a message. */
static void test_redaction(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ "relation \"orders\" does not exist", "relation \"orders\" does not exist" },
		{ "invalid input syntax for type integer: \"secret\"", "invalid input syntax for type integer: ?" },
		{ "Key (email)=(bob@example.com) already exists.", "Key (email)=(?) already exists." },
		{ "Key (a, b)=(x(1), y) is not", "Key (a, b)=(?) is not" },
		{ "Duplicate entry 'bob' for key 'users.email'", "Duplicate entry ? for key ?" },
		{ "it's 'a ''quoted'' one', doesn't and \"more", "it's ?, doesn't and ?" },
		{ "E'abc' near 'x'", "E? near ?" },
		{ "size 4096 of pid 17, took 3.25 ms at 2026-01-01 10:11:12", "size ? of pid ?, took ? ms at ? ?" },
		{ "encoding \"UTF8\": 0xc3 in utf8mb4", "encoding \"UTF8\": ? in utf?" },
		{ "column \"1bad\" and column \"a b\"", "column ? and column ?" },
		{ "two\nlines\tand", "two lines and" },
		{ "uuid a1b2c3d4-aa11-bb22", "uuid a?-aa?-bb?" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_BUFFER out = BUFFER(1000, "message");
		redact_message(slice_of(cases[i][0]), &out);
		if (!slice_equal(buffer_view(&out), slice_of(cases[i][1])))
			fail_msg("%s\n%s\ninstead of\n%s", cases[i][0], out.data, cases[i][1]);
	}
}

/* An example is the slowest execution as written; it is in no fact. */
static void take_example(void *context, uint64_t fingerprint, struct slice text)
{
	(void)fingerprint;
	buffer_printf(context, "[%.*s]", SLICE_ARG(text));
}

static void test_examples(void **state)
{
	(void)state;
	char *paths[] = { (char *)write_file("examples.log", SLICE("# template log\n"
								   "@ kind=execution at=1 total=5 lines=1\nselect 'first'\n"
								   "@ kind=execution at=1 total=9 lines=2\nselect\n  'slow'\n"
								   "@ kind=execution at=1 total=9 lines=1\nselect 'late'\n")) };
	for (unsigned threads = 1; threads <= 2; threads++) {
		SCOPED_BUFFER rows = BUFFER(TEXT_MAX, "rows");
		SCOPED_BUFFER examples = BUFFER(TEXT_MAX, "examples");
		struct sink sink = { .context = &rows, .row = put_row, .probe = no_probe, .probe_end = no_end };
		struct err e = { 0 };
		struct logs_task task = {
			.drivers = drivers,
			.paths = paths,
			.path_count = 1,
			.threads = threads,
			.part_bytes = 50,
			.wants_examples = true,
		};
		assert_int_equal(logs_read(&task, &sink, &e), 0);
		assert_null(strstr(rows.data, "slow'"));
		sink = (struct sink){
			.context = &examples, .row = no_row, .probe = no_probe, .probe_end = no_end, .example = take_example
		};
		assert_int_equal(logs_read(&task, &sink, &e), 0);
		assert_string_equal(examples.data, "[select\n  'slow']");
	}
}

static int open_drivers(void **state)
{
	(void)state;
	struct err e = { 0 };
	char path[4096];
	drivers = arena_alloc(&lasting, sizeof *drivers);
	snprintf(path, sizeof path, "%s/drivers/template/template.so", getenv("DBPERF_BUILD"));
	if (!mkdtemp(folder) || driver_load(path, folder, &lasting, drivers, &e)) {
		print_error("%s\n", e.text);
		return -1;
	}
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	run_command("rm -r '%s'", folder);
	arena_close(&lasting);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),   cmocka_unit_test(test_pairs),     cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_threads), cmocka_unit_test(test_merge),     cmocka_unit_test(test_compressed),
		cmocka_unit_test(test_damaged), cmocka_unit_test(test_refused),   cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_zones),   cmocka_unit_test(test_redaction), cmocka_unit_test(test_examples),
	};
	return cmocka_run_group_tests(tests, open_drivers, remove_folder);
}
