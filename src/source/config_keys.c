/* Which keys the config has: one table of data. */
#include "source/config.h"

static const struct config_key KEYS[] = {
	{ "defaults", "databases", "* !template*", "databases to look at in a full look: globs, !GLOB leaves out", CONFIG_TEXT,
	  false },
	{ "defaults", "interval", "10s", "time between the two looks of one audit; 0: one look", CONFIG_INTERVAL, false },
	{ "defaults", "retention", "35d", "how long looks are kept in the store", CONFIG_DURATION, false },
	{ "defaults", "max_store", "5GB", "the oldest looks go when the store grows beyond", CONFIG_SIZE, false },
	{ "defaults", "store", "/var/lib/dbperf/dbperf.db", "the store's file", CONFIG_PATH, false },
	{ "defaults", "store_group", "dba", "a group that may read and write the store", CONFIG_TEXT, false },
	{ "target", "url", "SCHEME://dbperf@db1/shop", "where the server is; needed", CONFIG_URL, false },
	{ "target", "group", "shop", "targets that belong together", CONFIG_TEXT, false },
	{ "target", "tags", "prod,eu", "words to choose targets by: dbperf audit tag:prod", CONFIG_TEXT, false },
	{ "target", "pooler", "shop-pgb", "the target that is this server's connection pooler (not used yet)", CONFIG_TEXT, false },
	{ "target", "databases", "* !template*", "as in [defaults], for this target", CONFIG_TEXT, false },
	{ "target", "interval", "10s", "as in [defaults], for this target", CONFIG_INTERVAL, false },
	{ "target", "logs", "/var/log/shop/*.log", "the server's logs, where they can be read", CONFIG_TEXT, false },
	{ "target", "cpus", "8", "processors of the server's host, when it is another machine", CONFIG_COUNT, false },
	{ "target", "memory", "32GB", "memory of the server's host", CONFIG_SIZE, false },
	{ "target", "disk", "500GB", "size of the disk that holds the data (not used yet)", CONFIG_SIZE, false },
	{ "target", "time_zone", "Europe/Berlin", "the zone that the server's logs are written in", CONFIG_TEXT, false },
	{ "target", "objective", "replication-lag < 500ms", "a rule's warning threshold for this target; may repeat", CONFIG_TEXT,
	  true },
	{ "target", "password_file", "/etc/dbperf/shop.password", "a file whose first line is the password", CONFIG_PATH, false },
	{ "target", "password_command", "pass show dbperf/shop", "a command whose first line of output is the password",
	  CONFIG_TEXT, false },
	{ "rule", "*", "warn = 40%", "a parameter of the rule, severity = …, or enabled = no", CONFIG_TEXT, false },
	{ "mute", "rule", "long-transaction", "the rule to mute: a glob; all without", CONFIG_TEXT, false },
	{ "mute", "target", "dwh*", "on which targets: a glob; all without", CONFIG_TEXT, false },
	{ "mute", "object", "*", "on which objects: a glob; all without", CONFIG_TEXT, false },
	{ "mute", "until", "2027-01-31", "when it ends; never without", CONFIG_DATE, false },
	{ "mute", "reason", "ETL, ticket 412", "what the report says about it", CONFIG_TEXT, false },
	{ "maintenance", "target", "shop*", "which targets: a glob; all without", CONFIG_TEXT, false },
	{ "maintenance", "daily", "01:00-04:30 Europe/Berlin", "when moments are seen but not told", CONFIG_TEXT, false },
	{ "files", "rules", "/etc/dbperf/rules.d", "a folder with more rules; may repeat", CONFIG_PATH, true },
	{ "files", "sections", "/etc/dbperf/sections.d", "a folder with more sections; may repeat", CONFIG_PATH, true },
	{ "files", "drivers", "/usr/local/lib/dbperf/drivers", "a folder with more drivers; may repeat", CONFIG_PATH, true },
};

const struct config_key *config_keys(size_t *count)
{
	*count = sizeof KEYS / sizeof *KEYS;
	return KEYS;
}
