#include "utf8.h"

#include <stdint.h>

#include "diagnostic.h"

/* Length of the UTF-8 sequence at s, its code point in *code; 0 when it is none. */
static size_t decode(const unsigned char *s, size_t left, uint32_t *code)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = s[0] < 0x80 ? 1 : s[0] < 0xc0 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf8 ? 4 : 0;
	if (length == 0 || length > left)
		return 0;
	*code = length == 1 ? s[0] : s[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (s[i] & 0x3f);
	}
	if (*code < least[length] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return length;
}

/* What YAML allows in a file. */
static bool printable(uint32_t code, bool first)
{
	if (code < 0x20)
		return code == '\t' || code == '\n' || code == '\r';
	if (code == 0xfeff)
		return first; /* byte order mark */
	return code != 0x7f && !(code >= 0x80 && code < 0xa0 && code != 0x85) && code != 0xfffe && code != 0xffff;
}

/* Line ends as YAML counts them. */
static bool ends_line(uint32_t code, bool line_feed_follows)
{
	return code == '\n' || (code == '\r' && !line_feed_follows) || code == 0x85 || code == 0x2028 || code == 0x2029;
}

bool utf8_check(const char *path, const char *text, size_t size, FILE *err)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned line = 1, column = 1;
	for (size_t i = 0; i < size;) {
		uint32_t code = 0;
		size_t length = decode(s + i, size - i, &code);
		if (!length) {
			diagnostic(err, path, line, column, "byte 0x%02x is not UTF-8; expected UTF-8 text", s[i]);
			return false;
		}
		if (!printable(code, i == 0)) {
			diagnostic(err, path, line, column, "control character U+%04X; expected printable text", (unsigned)code);
			return false;
		}
		i += length;
		if (ends_line(code, i < size && s[i] == '\n')) {
			line++;
			column = 1;
		} else if (code != 0xfeff) {
			column++;
		}
	}
	return true;
}
