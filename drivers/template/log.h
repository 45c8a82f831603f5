/* The template log: the smallest format that has everything a log can have (README.md), for tests of the host. */
#ifndef TEMPLATE_LOG_H
#define TEMPLATE_LOG_H

#include "drivers/driver.h"

int template_log_detect(const char *bytes, size_t len, const struct dbperf_log_options *options);
int template_log_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
		      struct dbperf_log_about *about, const char **problem);
size_t template_log_cut(const void *log, const char *bytes, size_t len);
void *template_log_parser(const void *log);
int template_log_parse(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut,
		       int is_end);
void template_log_parser_close(void *parser);
void template_log_close(void *log);

#endif
