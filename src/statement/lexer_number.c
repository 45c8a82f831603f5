/* The lexer's step through a number, and through names that begin like one. */
#include "statement/lexer_steps.h"

/** What part of a number the lexer is in; the first is 0. */
enum number_part {
	NUMBER_DIGITS,
	NUMBER_HEX,
	NUMBER_BINARY,
	NUMBER_FRACTION,
	NUMBER_FRACTION_E, /* the E of one with a point */
	NUMBER_E,          /* the E of one without */
	NUMBER_SIGN,       /* and a sign */
	NUMBER_EXPONENT,
	NUMBER_NAME, /* it is a name */
	NUMBER_REST, /* letters: whatever they are */
	NUMBER_END,
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* Takes letters too: 0x1F, 1_000, 1e-5, and what older servers read as 1 and a name, so that nothing of it is left. */
static const char *step_standard(struct lexer *x, const char *p, const char *end)
{
	for (; p < end; p++) {
		bool is_name = lexer_is_name(*p) && *p != '$', is_sign = x->number == NUMBER_E && (*p == '+' || *p == '-');
		if (!is_name && *p != '.' && !is_sign)
			break;
		if (x->number == NUMBER_DIGITS && !is_digit(*p) && *p != '.' && *p != '_')
			x->number = (*p | 0x20) == 'e' ? NUMBER_E : NUMBER_REST;
		else if (x->number == NUMBER_E)
			x->number = NUMBER_REST;
	}
	if (p < end)
		lexer_give_literal(x);
	return p;
}

/* What part follows with the byte, where a name may begin with a digit. */
static enum number_part next_part(const struct lexer *x, char c)
{
	bool is_zero = x->used == 1 && x->text[0] == '0', is_name = lexer_is_name(c);
	char small = (char)(c | 0x20);
	switch ((enum number_part)x->number) {
	case NUMBER_DIGITS:
		if (is_digit(c))
			return NUMBER_DIGITS;
		if (c == '.')
			return NUMBER_FRACTION;
		if (small == 'e')
			return NUMBER_E;
		if (is_zero && (small == 'x' || small == 'b'))
			return small == 'x' ? NUMBER_HEX : NUMBER_BINARY;
		return is_name ? NUMBER_NAME : NUMBER_END;
	case NUMBER_HEX:
		return is_hex(c) ? NUMBER_HEX : is_name ? NUMBER_NAME : NUMBER_END;
	case NUMBER_BINARY:
		return c == '0' || c == '1' ? NUMBER_BINARY : is_name ? NUMBER_NAME : NUMBER_END;
	case NUMBER_FRACTION:
		return is_digit(c) ? NUMBER_FRACTION : small == 'e' ? NUMBER_FRACTION_E : NUMBER_END;
	case NUMBER_FRACTION_E:
		return is_digit(c) || c == '+' || c == '-' ? NUMBER_EXPONENT : NUMBER_END;
	case NUMBER_E:
		if (c == '+' || c == '-')
			return NUMBER_SIGN;
		return is_digit(c) ? NUMBER_EXPONENT : is_name ? NUMBER_NAME : NUMBER_END;
	case NUMBER_SIGN:
	case NUMBER_EXPONENT:
		return is_digit(c) ? NUMBER_EXPONENT : NUMBER_END;
	default:
		return is_name ? NUMBER_NAME : NUMBER_END;
	}
}

/* Gives what turned out to be a name, behind which p is. */
static const char *end_name(struct lexer *x, const char *p)
{
	char sign = x->quote;
	lexer_give_word(x, true);
	if (x->number == NUMBER_SIGN) { /* 1e+ is a name and an operator */
		lexer_begin_word(x, STATE_OPERATOR);
		lexer_keep(x, sign);
	} else if (*p == '.') {
		x->state = STATE_NAME_POINT;
		return p + 1;
	}
	return p;
}

const char *lexer_step_number(struct lexer *x, const char *p, const char *end)
{
	if (!(x->flags & STATEMENT_DIGIT_NAMES) || x->is_hint)
		return step_standard(x, p, end);
	if (x->used == 1 && x->text[0] == '.')
		x->number = NUMBER_FRACTION;
	for (; p < end; p++) {
		enum number_part next = next_part(x, *p);
		if (next == NUMBER_END)
			break;
		x->number = (uint8_t)next;
		if (next == NUMBER_SIGN)
			x->quote = *p;
		else
			lexer_keep(x, (char)(*p >= 'A' && *p <= 'Z' ? *p + 'a' - 'A' : *p));
	}
	if (p == end)
		return p;
	bool is_prefix = (x->number == NUMBER_HEX || x->number == NUMBER_BINARY) && x->used == 2;
	if (is_prefix || x->number == NUMBER_E || x->number == NUMBER_SIGN || x->number == NUMBER_NAME)
		return end_name(x, p);
	lexer_give_literal(x);
	return p;
}
