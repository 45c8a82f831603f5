/* The calls of struct dbperf_driver that read logs (drivers/driver.h says what each does). */
#ifndef POSTGRESQL_LOG_DRIVER_H
#define POSTGRESQL_LOG_DRIVER_H

#include "drivers/driver.h"

int log_driver_detect(const char *bytes, size_t len, const struct dbperf_log_options *options);
int log_driver_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
		    struct dbperf_log_about *about, const char **problem);
size_t log_driver_cut(const void *log, const char *bytes, size_t len);
void *log_driver_parser(const void *log);
int log_driver_parse(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut, int is_end);
void log_driver_parser_close(void *parser);
void log_driver_close(void *log);

#endif
