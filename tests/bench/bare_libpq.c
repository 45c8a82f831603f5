/*
 * The yardstick of a look: the least that a program must do to have the same columns. Sends one statement through
 * libpq, reads every field of the answer, and prints the wall time of each round in µs.
 *
 *   bare_libpq URL ROUNDS < statement.sql
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
	static char sql[65536];
	if (argc != 3)
		return 2;
	size_t len = fread(sql, 1, sizeof sql - 1, stdin);
	sql[len] = 0;
	PGconn *connection = PQconnectdb(argv[1]);
	if (PQstatus(connection) != CONNECTION_OK) {
		fputs(PQerrorMessage(connection), stderr);
		return 1;
	}
	long rounds = strtol(argv[2], NULL, 10);
	for (long round = 0; round < rounds; round++) {
		double begin = now_us();
		long rows = 0, bytes = 0;
		PQsendQuery(connection, sql);
		for (PGresult *result; (result = PQgetResult(connection)); PQclear(result)) {
			if (PQresultStatus(result) == PGRES_FATAL_ERROR) {
				fputs(PQresultErrorMessage(result), stderr);
				return 1;
			}
			rows += PQntuples(result);
			for (int i = 0; i < PQntuples(result); i++)
				for (int c = 0; c < PQnfields(result); c++)
					bytes += PQgetlength(result, i, c);
		}
		printf("%.0f %ld %ld\n", now_us() - begin, rows, bytes);
	}
	PQfinish(connection);
	return 0;
}
