/* The calls of struct dbperf_driver that read logs (drivers/driver.h says what each does). */
#ifndef POSTGRESQL_LOG_DRIVER_H
#define POSTGRESQL_LOG_DRIVER_H

#include "drivers/driver.h"

/** The initialisers of the calls below, for the driver and for tests of them alone. */
#define LOG_DRIVER_CALLS                                                                                                           \
	{                                                                                                                          \
		.log_detect = log_driver_detect, .log_open = log_driver_open, .log_cut = log_driver_cut,                           \
		.log_parser = log_driver_parser, .log_parse = log_driver_parse, .log_parser_close = log_driver_parser_close,       \
		.log_close = log_driver_close                                                                                      \
	}

int log_driver_detect(const char *bytes, size_t len, const struct dbperf_log_options *options);
int log_driver_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
		    struct dbperf_log_about *about, const char **problem);
size_t log_driver_cut(const void *log, const char *bytes, size_t len);
void *log_driver_parser(const void *log);
int log_driver_parse(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut, int is_end);
void log_driver_parser_close(void *parser);
void log_driver_close(void *log);

#endif
