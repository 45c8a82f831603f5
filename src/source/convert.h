/* Values as drivers give them, made into what facts.sql says: at this border numbers become numbers. */
#ifndef SOURCE_CONVERT_H
#define SOURCE_CONVERT_H

#include "drivers/driver.h"
#include "facts/rundb.h"

/** Enough for any number as text. */
enum { CONVERT_TEXT = 32 };

/**
 * Converts a value to a column's type. Texts that read as numbers, and t and f for 1 and 0, are taken for numbers; reals
 * are rounded to integers; numbers become text in `scratch`. A text longer than `max` bytes is cut.
 * Returns false when the value cannot be had so, or was cut: it is NULL, or what was left.
 */
bool convert_value(const struct dbperf_value *value, enum column_type type, size_t max, char scratch[CONVERT_TEXT],
		   struct fact_value *out);

/** Whether the value is a number other than 0, or such a text, or t. */
bool convert_truth(const struct dbperf_value *value);

#endif
