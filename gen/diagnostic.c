#include "diagnostic.h"

#include <stdarg.h>
#include <string.h>

void diagnostic(FILE *err, const char *path, unsigned line, unsigned column, const char *format, ...)
{
	va_list arguments;
	fprintf(err, "%s:%u:%u: ", path, line, column);
	va_start(arguments, format);
	vfprintf(err, format, arguments);
	va_end(arguments);
	fputc('\n', err);
}

const char *quote(char out[QUOTE_SIZE], const char *text)
{
	size_t used = 0;
	out[used++] = '\'';
	for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
		if (used > QUOTE_SIZE - 10) {
			memcpy(out + used, "...", 3);
			used += 3;
			break;
		}
		if (*s >= 0x20 && *s < 0x7f)
			out[used++] = (char)*s;
		else
			used += (size_t)snprintf(out + used, 5, "\\x%02x", *s);
	}
	out[used++] = '\'';
	out[used] = '\0';
	return out;
}
