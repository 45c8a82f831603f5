/*
 * How fast statements get their identity: MB/s, ns a statement and, with a count as argument, a fixed amount of work for
 * callgrind (instructions a byte = its total over the bytes printed):
 *
 *     valgrind --tool=callgrind build/tests/bench/statement_bench 20
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"
#include "tests/dialects.h"

enum { TEXTS = 4000, BYTES_MAX = 64 << 20 };

/* What applications send, at usual lengths: # is a number, @ a word in quotes, ^ a table's number. */
static const char *const TEMPLATES[] = {
	"SELECT u.id, u.email, u.created_at FROM users_^ u WHERE u.id = # LIMIT 1",
	"SELECT t0.id AS id_1, t0.name AS name_2, t0.status AS status_3, t0.price AS price_4 FROM product_^ t0 INNER JOIN category "
	"t1 ON t0.category_id = t1.id LEFT JOIN stock t2 ON t2.product_id = t0.id WHERE t0.status = @ AND t1.id IN (#, #, #, #, #, #) "
	"AND t0.price > #.99 ORDER BY t0.created_at DESC LIMIT 20 OFFSET #",
	"INSERT INTO order_items_^ (order_id, product_id, quantity, price, note, created_at) VALUES (#, #, #, #.50, @, NOW()), "
	"(#, #, #, #.50, @, NOW()), (#, #, #, #.50, @, NOW())",
	"UPDATE accounts_^ SET balance = balance - #, updated_at = @, note = 'it''s a longer text with a few more words in it' "
	"WHERE id = # AND version = #",
	"/* controller='orders',action='show' */ select count(*) from orders_^ o where o.customer_id = # and o.state <> @ "
	"and exists (select 1 from payments p where p.order_id = o.id and p.amount >= #)",
	"DELETE FROM sessions_^ WHERE expires_at < @ AND user_id = #",
	"BEGIN",
	"COMMIT",
	"SELECT\n    c.name,\n    SUM(oi.quantity * oi.price) AS total,\n    CASE WHEN SUM(oi.quantity) > # THEN @ ELSE @ END AS size\n"
	"FROM customers_^ c\n    JOIN orders o ON o.customer_id = c.id\n    JOIN order_items oi ON oi.order_id = o.id\nWHERE o.placed_at "
	"BETWEEN @ AND @\n  AND c.country = @ -- only here\nGROUP BY c.name\nHAVING SUM(oi.price) > #\nORDER BY total DESC\nLIMIT #",
};

static void fill(struct buffer *b, uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	uint64_t r = *seed >> 33;
	for (const char *p = TEMPLATES[r % (sizeof TEMPLATES / sizeof *TEMPLATES)]; *p; p++) {
		*seed = *seed * 6364136223846793005u + 1442695040888963407u;
		unsigned n = (unsigned)(*seed >> 40);
		if (*p == '#')
			buffer_printf(b, "%u", n % 1000000);
		else if (*p == '@')
			buffer_printf(b, "'%08x-%04x value'", n, n & 0xffff);
		else if (*p == '^')
			buffer_printf(b, "%u", n % 111);
		else
			buffer_char(b, *p);
	}
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void measure(const char *name, unsigned flags, const struct slice *texts, size_t bytes, int rounds)
{
	struct statement_normaliser *n = statement_open();
	SCOPED_ARENA a = { 0 };
	uint64_t sum = 0;
	double best = 1e9;
	for (int round = 0; round < rounds; round++) {
		double begin = seconds();
		for (int i = 0; i < TEXTS; i++) {
			struct statement s;
			statement_begin(n, flags, STATEMENT_TEXT_CAP);
			statement_feed(n, texts[i].ptr, texts[i].len);
			statement_end(n, &a, &s);
			sum += s.fingerprint;
			arena_reset(&a);
		}
		double time = seconds() - begin;
		best = time < best ? time : best;
	}
	statement_close(n);
	printf("%-12s %7.0f MB/s %7.0f ns a statement, %zu bytes in %d rounds (%016" PRIx64 ")\n", name, (double)bytes / best / 1e6,
	       best * 1e9 / TEXTS, bytes * (size_t)rounds, rounds, sum);
}

int main(int argc, char **argv)
{
	int64_t rounds = 30;
	if (argc > 1 && (!slice_int64(slice_of(argv[1]), &rounds) || rounds < 1 || rounds > 100000)) {
		fprintf(stderr, "usage: statement_bench [ROUNDS]\n");
		return 2;
	}
	SCOPED_BUFFER all = BUFFER(BYTES_MAX, "bench");
	static size_t begins[TEXTS + 1];
	static struct slice texts[TEXTS];
	uint64_t seed = 1;
	for (int i = 0; i < TEXTS; i++) {
		begins[i] = all.len;
		fill(&all, &seed);
	}
	begins[TEXTS] = all.len;
	for (int i = 0; i < TEXTS; i++)
		texts[i] = (struct slice){ all.data + begins[i], begins[i + 1] - begins[i] };
	measure("standard", DIALECT_STANDARD, texts, all.len, (int)rounds);
	measure("backtick", DIALECT_BACKTICK, texts, all.len, (int)rounds);
	return 0;
}
