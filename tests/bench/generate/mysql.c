/* Slow logs as servers write them: MySQL 8 (and with log_slow_extra), MariaDB 10.11, Percona Server 8. */
#include "generate.h"

#include <time.h>

static void seconds(struct out *out, int64_t us)
{
	out_number(out, (uint64_t)us / 1000000, 1, '0');
	OUT(out, ".");
	out_number(out, (uint64_t)us % 1000000, 6, '0');
}

static struct tm broken_down(int64_t us)
{
	struct tm tm;
	time_t at = (time_t)(us / 1000000);
	gmtime_r(&at, &tm);
	return tm;
}

static void iso(struct out *out, int64_t us)
{
	struct tm tm = broken_down(us);
	out_number(out, (uint64_t)tm.tm_year + 1900, 4, '0');
	OUT(out, "-");
	out_number(out, (uint64_t)tm.tm_mon + 1, 2, '0');
	OUT(out, "-");
	out_number(out, (uint64_t)tm.tm_mday, 2, '0');
	OUT(out, "T");
	out_number(out, (uint64_t)tm.tm_hour, 2, '0');
	OUT(out, ":");
	out_number(out, (uint64_t)tm.tm_min, 2, '0');
	OUT(out, ":");
	out_number(out, (uint64_t)tm.tm_sec, 2, '0');
	OUT(out, ".");
	out_number(out, (uint64_t)us % 1000000, 6, '0');
	OUT(out, "Z");
}

/* MariaDB writes the time only when the second is another. */
static void old_time(struct out *out, const struct event *e, const struct event *before)
{
	if (before && before->at_us / 1000000 == e->at_us / 1000000)
		return;
	struct tm tm = broken_down(e->at_us);
	OUT(out, "# Time: ");
	out_number(out, (uint64_t)tm.tm_year % 100, 2, '0');
	out_number(out, (uint64_t)tm.tm_mon + 1, 2, '0');
	out_number(out, (uint64_t)tm.tm_mday, 2, '0');
	OUT(out, " ");
	out_number(out, (uint64_t)tm.tm_hour, 2, ' ');
	OUT(out, ":");
	out_number(out, (uint64_t)tm.tm_min, 2, '0');
	OUT(out, ":");
	out_number(out, (uint64_t)tm.tm_sec, 2, '0');
	OUT(out, "\n");
}

static void new_time(struct out *out, const struct event *e)
{
	OUT(out, "# Time: ");
	iso(out, e->at_us);
	OUT(out, "\n");
}

static void user(struct out *out, const struct event *e, bool has_id)
{
	const char *name = USERS[e->shape->user];
	OUT(out, "# User@Host: ");
	out_text(out, name);
	OUT(out, "[");
	out_text(out, name);
	OUT(out, "] @  [");
	out_text(out, HOSTS[(e->shape->user + e->host) % HOST_COUNT]);
	OUT(out, "]");
	if (has_id) {
		OUT(out, "  Id: ");
		out_number(out, e->session, 5, ' ');
	}
	OUT(out, "\n");
}

static void body(struct out *out, const struct event *e, const struct event *before, int64_t stamp_us, const char *quote)
{
	if (!before || before->shape->database != e->shape->database) {
		OUT(out, "use ");
		out_text(out, quote);
		out_text(out, DATABASES[e->shape->database]);
		out_text(out, quote);
		OUT(out, ";\n");
	}
	OUT(out, "SET timestamp=");
	out_number(out, (uint64_t)stamp_us / 1000000, 1, '0');
	OUT(out, ";\n");
	out_bytes(out, e->text, e->len);
	OUT(out, ";\n");
}

static void times(struct out *out, const struct event *e, const char *gap)
{
	OUT(out, "# Query_time: ");
	seconds(out, e->total_us);
	OUT(out, "  Lock_time: ");
	seconds(out, e->lock_us);
	out_text(out, gap);
	OUT(out, "Rows_sent: ");
	out_number(out, e->rows_returned, 1, '0');
	OUT(out, "  Rows_examined: ");
	out_number(out, e->rows_examined, 1, '0');
}

static void mysql_begin(struct out *out)
{
	OUT(out, "/usr/sbin/mysqld, Version: 8.0.36 (MySQL Community Server - GPL). started with:\n"
		 "Tcp port: 3306  Unix socket: /var/run/mysqld/mysqld.sock\n"
		 "Time                 Id Command    Argument\n");
}

static void mysql_event(struct out *out, struct dice *dice, const struct event *e, const struct event *before)
{
	(void)dice;
	new_time(out, e);
	user(out, e, true);
	times(out, e, " ");
	OUT(out, "\n");
	body(out, e, before, e->at_us - e->total_us, "");
}

static void extra_event(struct out *out, struct dice *dice, const struct event *e, const struct event *before)
{
	new_time(out, e);
	user(out, e, true);
	times(out, e, " ");
	OUT(out, " Thread_id: ");
	out_number(out, e->session, 1, '0');
	OUT(out, " Errno: 0 Killed: 0 Bytes_received: ");
	out_number(out, e->len, 1, '0');
	OUT(out, " Bytes_sent: ");
	out_number(out, e->bytes_sent, 1, '0');
	OUT(out, " Read_first: 0 Read_last: 0 Read_key: ");
	out_number(out, dice_below(dice, 100), 1, '0');
	OUT(out, " Read_next: ");
	out_number(out, e->rows_examined, 1, '0');
	OUT(out,
	    " Read_prev: 0 Read_rnd: 0 Read_rnd_next: 0 Sort_merge_passes: 0 Sort_range_count: 0 Sort_rows: 0 Sort_scan_count: 0 "
	    "Created_tmp_disk_tables: 0 Created_tmp_tables: ");
	out_number(out, dice_below(dice, 3), 1, '0');
	OUT(out, " Count_hit_tmp_table_size: 0  Start: ");
	iso(out, e->at_us - e->total_us);
	OUT(out, " End: ");
	iso(out, e->at_us);
	OUT(out, "\n");
	body(out, e, before, e->at_us - e->total_us, "");
}

static void maria_begin(struct out *out)
{
	OUT(out, "/usr/sbin/mariadbd, Version: 10.11.9-MariaDB-log (mariadb.org binary distribution). started with:\n"
		 "Tcp port: 3306  Unix socket: /run/mysqld/mysqld.sock\n"
		 "Time\t\t    Id Command\tArgument\n");
}

static void maria_event(struct out *out, struct dice *dice, const struct event *e, const struct event *before)
{
	old_time(out, e, before);
	user(out, e, false);
	OUT(out, "# Thread_id: ");
	out_number(out, e->session, 1, '0');
	OUT(out, "  Schema: ");
	out_text(out, DATABASES[e->shape->database]);
	OUT(out, "  QC_hit: No\n");
	times(out, e, "  ");
	OUT(out, "\n# Rows_affected: ");
	out_number(out, e->rows_affected, 1, '0');
	OUT(out, "  Bytes_sent: ");
	out_number(out, e->bytes_sent, 1, '0');
	OUT(out, "\n");
	if (dice_chance(dice, 3000))
		OUT(out, "# Full_scan: Yes  Full_join: No  Tmp_table: No  Tmp_table_on_disk: No\n"
			 "# Filesort: Yes  Filesort_on_disk: No  Merge_passes: 0  Priority_queue: Yes\n");
	body(out, e, before, e->at_us, "`");
}

static void percona_begin(struct out *out)
{
	OUT(out, "/usr/sbin/mysqld, Version: 8.0.36-28 (Percona Server (GPL), Release '28', Revision '47601f19'). started with:\n"
		 "Tcp port: 3306  Unix socket: /var/run/mysqld/mysqld.sock\n"
		 "Time                 Id Command    Argument\n");
}

static void percona_event(struct out *out, struct dice *dice, const struct event *e, const struct event *before)
{
	new_time(out, e);
	user(out, e, true);
	OUT(out, "# Schema: ");
	out_text(out, DATABASES[e->shape->database]);
	OUT(out, "  Last_errno: 0  Killed: 0\n");
	times(out, e, "  ");
	OUT(out, "  Rows_affected: ");
	out_number(out, e->rows_affected, 1, '0');
	OUT(out, "  Bytes_sent: ");
	out_number(out, e->bytes_sent, 1, '0');
	OUT(out, "\n# Tmp_tables: ");
	out_number(out, dice_below(dice, 3), 1, '0');
	OUT(out, "  Tmp_disk_tables: 0  Tmp_table_sizes: 0\n# InnoDB_trx_id: ");
	out_number(out, dice_next(dice) >> 40, 1, '0');
	OUT(out, "\n# Full_scan: No  Full_join: No  Tmp_table: No  Tmp_table_on_disk: No\n"
		 "# Filesort: No  Filesort_on_disk: No  Merge_passes: 0\n"
		 "#   InnoDB_IO_r_ops: 0  InnoDB_IO_r_bytes: 0  InnoDB_IO_r_wait: 0.000000\n"
		 "#   InnoDB_rec_lock_wait: 0.000000  InnoDB_queue_wait: 0.000000\n#   InnoDB_pages_distinct: ");
	out_number(out, dice_below(dice, 900), 1, '0');
	OUT(out, "\n");
	body(out, e, before, e->at_us - e->total_us, "");
}

#define DIALECT                                                                                                                    \
	{                                                                                                                          \
		.quote = '`', .has_backslash = true, .has_hash = true                                                              \
	}

const struct format MYSQL = { "mysql", DIALECT, mysql_begin, mysql_event };
const struct format MYSQL_EXTRA = { "mysql-extra", DIALECT, mysql_begin, extra_event };
const struct format MARIADB = { "mariadb", DIALECT, maria_begin, maria_event };
const struct format PERCONA = { "percona", DIALECT, percona_begin, percona_event };
