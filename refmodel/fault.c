#include "fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void one_line(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
}

bool fault_set(struct fault *f, const char *format, ...)
{
	if (f->text[0])
		return false;
	va_list args;
	va_start(args, format);
	vsnprintf(f->text, sizeof f->text, format, args);
	va_end(args);
	one_line(f->text);
	return false;
}

bool fault_prefix(struct fault *f, const char *prefix)
{
	char text[sizeof f->text];
	memcpy(text, f->text, sizeof text);
	/* what does not fit is cut off at the end */
	int used = snprintf(f->text, sizeof f->text, "%s: ", prefix);
	size_t at = used < (int)sizeof f->text ? (size_t)used : sizeof f->text - 1;
	size_t length = strlen(text);
	if (length > sizeof f->text - 1 - at)
		length = sizeof f->text - 1 - at;
	memcpy(f->text + at, text, length);
	f->text[at + length] = '\0';
	one_line(f->text);
	return false;
}
