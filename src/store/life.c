/* Runs life.sql for one snapshot inside its transaction. */
#include "store/internal.h"

extern const char store_life_sql[];
extern const size_t store_life_sql_len;

int life_write(struct store *s, sqlite3 *db, const struct store_args *args, bool is_current, struct err *e)
{
	struct slice script = { store_life_sql, store_life_sql_len }, sql;
	int rc = ERR_OK;
	while (!rc && store_cut_step(&script, &sql))
		if (is_current || store_step_is_always(sql))
			rc = store_step(s, db, sql, args, "findings", NULL, e);
	return rc;
}
