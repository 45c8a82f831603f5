/* Any bytes as a plan of MySQL or MariaDB; the first byte puts the beginning of a form in front. Seeds: plans in all of them. */
#include "plan_fuzz_any.h"

int mysql_plan_detect(const char *bytes, size_t len);
int mysql_plan_parse(const struct dbperf_plan_host *host, const char *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const beginnings[] = {
		"{\"query_block\": {\"select_id\": 1, ",
		"{\"query_plan\": {\"operation\": \"Table scan on t\", ",
		"-> Nested loop inner join  (cost=1 rows=2) (actual time=0.1..0.2 rows=2 loops=1)\n",
		"id\tselect_type\ttable\ttype\tpossible_keys\tkey\tkey_len\tref\trows\tr_rows\tfiltered\tr_filtered\tExtra\n1\tPRIMARY\t<derived2>\tALL\t",
		"*************************** 1. row ***************************\n           id: 1\n  select_type: SIMPLE\n",
	};
	static const struct dbperf_driver plugin = {
		.name = "mysql",
		.lexical = DBPERF_BACKSLASH_ESCAPES | DBPERF_HASH_COMMENTS | DBPERF_BACKTICK_IDENTIFIERS | DBPERF_VERSION_COMMENTS |
			   DBPERF_SPACED_DASH_COMMENTS | DBPERF_CHARSET_STRINGS | DBPERF_VARIABLES,
		.plan_detect = mysql_plan_detect,
		.plan_parse = mysql_plan_parse,
	};
	return plan_fuzz_any(&plugin, data, size, beginnings[size ? (data[0] >> 2) % 5 : 0]);
}
