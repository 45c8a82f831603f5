#include "source/convert.h"

#include <math.h>
#include <stdio.h>

static bool real_to_integer(double real, struct fact_value *out)
{
	if (!(real > -9.2e18 && real < 9.2e18)) /* NaN too */
		return false;
	*out = (struct fact_value){ .type = FACT_INTEGER, .integer = (int64_t)llround(real) };
	return true;
}

/* What servers write for truth. */
static bool read_truth(struct slice s, int64_t *value)
{
	if (slice_equal(s, SLICE("t")) || slice_equal(s, SLICE("true")))
		*value = 1;
	else if (slice_equal(s, SLICE("f")) || slice_equal(s, SLICE("false")))
		*value = 0;
	else
		return false;
	return true;
}

static bool text_to_integer(struct slice s, struct fact_value *out)
{
	int64_t n;
	double real;
	if (slice_int64(s, &n) || read_truth(s, &n)) {
		*out = (struct fact_value){ .type = FACT_INTEGER, .integer = n };
		return true;
	}
	return slice_double(s, &real) && real_to_integer(real, out);
}

static bool text_to_real(struct slice s, struct fact_value *out)
{
	double real;
	if (!slice_double(s, &real) || !isfinite(real))
		return false;
	*out = (struct fact_value){ .type = FACT_REAL, .real = real };
	return true;
}

/* The longest start of at most `max` bytes that cuts no UTF-8 character. */
static size_t cut_length(const char *text, size_t max)
{
	size_t len = max;
	for (int i = 0; i < 3 && len && ((unsigned char)text[len] & 0xc0) == 0x80; i++)
		len--;
	return len;
}

static bool take_text(struct slice s, size_t max, struct fact_value *out)
{
	bool is_whole = s.len <= max;
	out->type = FACT_TEXT;
	out->text = (struct slice){ s.len ? s.ptr : "", is_whole ? s.len : cut_length(s.ptr, max) };
	return is_whole;
}

static bool number_to_text(const struct dbperf_value *value, char scratch[CONVERT_TEXT], struct fact_value *out)
{
	int n = value->type == DBPERF_INTEGER ? snprintf(scratch, CONVERT_TEXT, "%lld", (long long)value->integer)
					      : snprintf(scratch, CONVERT_TEXT, "%.15g", value->real);
	out->type = FACT_TEXT;
	out->text = (struct slice){ scratch, n > 0 ? (size_t)n : 0 };
	return true;
}

bool convert_value(const struct dbperf_value *value, enum column_type type, size_t max, char scratch[CONVERT_TEXT],
		   struct fact_value *out)
{
	struct slice text = { 0 };
	*out = (struct fact_value){ .type = FACT_NULL };
	if (value->type == DBPERF_NULL)
		return true;
	if (type == TYPE_BLOB) /* made by dbperf alone */
		return false;
	if (value->type == DBPERF_TEXT)
		text = (struct slice){ value->text, value->len };
	else if (value->type != DBPERF_INTEGER && value->type != DBPERF_REAL)
		return false;
	if (type == TYPE_TEXT)
		return value->type == DBPERF_TEXT ? take_text(text, max, out) : number_to_text(value, scratch, out);
	if (value->type == DBPERF_TEXT)
		return type == TYPE_INTEGER ? text_to_integer(text, out) : text_to_real(text, out);
	if (type == TYPE_INTEGER && value->type == DBPERF_REAL)
		return real_to_integer(value->real, out);
	if (type == TYPE_INTEGER) {
		*out = (struct fact_value){ .type = FACT_INTEGER, .integer = value->integer };
		return true;
	}
	double real = value->type == DBPERF_REAL ? value->real : (double)value->integer;
	if (!isfinite(real))
		return false;
	*out = (struct fact_value){ .type = FACT_REAL, .real = real };
	return true;
}

bool convert_truth(const struct dbperf_value *value)
{
	char scratch[CONVERT_TEXT];
	struct fact_value number;
	return convert_value(value, TYPE_INTEGER, 0, scratch, &number) && number.type == FACT_INTEGER && number.integer != 0;
}
