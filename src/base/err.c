#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int err_set(struct err *e, int code, const char *fmt, ...)
{
	char text[sizeof e->text];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;

	if (e->code == ERR_OK) {
		e->code = code;
		memcpy(e->text, text, len);
		e->text[len] = 0;
		return e->code;
	}
	size_t old = strlen(e->text);
	size_t room = sizeof e->text - 1;
	size_t front = len + 2 < room ? len + 2 : room;
	if (old > room - front)
		old = room - front;
	memmove(e->text + front, e->text, old);
	if (front == len + 2) {
		memcpy(e->text, text, len);
		memcpy(e->text + len, ": ", 2);
	} else {
		memcpy(e->text, text, front);
	}
	e->text[front + old] = 0;
	return e->code;
}

void err_hint(struct err *e, const char *fmt, ...)
{
	if (e->hint[0])
		return;
	va_list args;
	va_start(args, fmt);
	vsnprintf(e->hint, sizeof e->hint, fmt, args);
	va_end(args);
}

void err_no_memory(size_t wanted)
{
	char line[96];
	int n = snprintf(line, sizeof line, "dbperf: out of memory (%zu bytes wanted)\n", wanted);
	if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
		_exit(ERR_INTERNAL);
	_exit(ERR_INTERNAL);
}
