#include "params.h"

#include <string.h>

#include "config.h"

#define STRVAL(word, value) { .str = word, .val = value },
#define PARAM_WORD(name, type, list, def, meaning) static const cyaml_strval_t name##_words[] = { list(STRVAL) };
#include "params.def"

const struct param params[] = {
#define ROW(name, what, must, low, high, def, in, text) \
	{ .key = name, .kind = what, .required = must, .min = low, .max = high, .standard = def, .unit = in, .meaning = text },
#define PARAM_NAME(name, text) ROW(#name, PARAM_IS_NAME, false, 1, BITLET_NAME_SIZE - 1, 0, "", text)
#define PARAM_WORD(name, type, list, def, text) \
	{ .key = #name, .kind = PARAM_IS_WORD, .standard = def, .unit = "", .meaning = text, \
	  .words = name##_words, .word_count = sizeof name##_words / sizeof *name##_words },
#define PARAM_FLAG(name, def, text) ROW(#name, PARAM_IS_FLAG, false, 0, 1, def, "", text)
#define PARAM_UINT(name, low, high, def, in, text) ROW(#name, PARAM_IS_UINT, false, low, high, def, in, text)
#define PARAM_COUNT(name, low, high, in, text) ROW(#name, PARAM_IS_UINT, true, low, high, 0, in, text)
#define PARAM_RATE(name, high, in, text) ROW(#name, PARAM_IS_RATE, false, 1, high, 0, in, text)
#define PARAM_PRECISIONS(name, high, text) ROW(#name, PARAM_IS_PRECISIONS, true, 1, high, 0, "", text)
#define PARAM_PACKING(name, high, text) ROW(#name, PARAM_IS_PACKING, false, 1, high, 0, "", text)
#define PARAM_CUT(name, high, def, text) ROW("pipeline." #name, PARAM_IS_UINT, false, 0, high, def, "registers", text)
#include "params.def"
};
const unsigned param_count = sizeof params / sizeof *params;

enum { KEY_LIMIT = 40 }; /* longer keys resemble nothing */

const struct param *param_find(const char *key)
{
	for (unsigned i = 0; i < param_count; i++)
		if (!strcmp(params[i].key, key))
			return &params[i];
	return NULL;
}

bool param_is_sequence(const struct param *p)
{
	return p->kind == PARAM_IS_PRECISIONS || p->kind == PARAM_IS_PACKING;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;
	return m < c ? m : c;
}

/* Levenshtein distance; both at most KEY_LIMIT long. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[KEY_LIMIT + 1];
	unsigned columns = (unsigned)strlen(b);
	for (unsigned j = 0; j <= columns; j++)
		row[j] = j;
	for (unsigned i = 0; a[i]; i++) {
		unsigned diagonal = row[0];
		row[0] = i + 1;
		for (unsigned j = 0; j < columns; j++) {
			unsigned next = min3(row[j] + 1, row[j + 1] + 1, diagonal + (a[i] != b[j]));
			diagonal = row[j + 1];
			row[j + 1] = next;
		}
	}
	return row[columns];
}

/* A key's name inside the group; NULL when it is in another one. */
static const char *name_in_group(const char *key, const char *group)
{
	size_t length = strlen(group);
	if (strncmp(key, group, length) != 0 || strchr(key + length, '.'))
		return NULL;
	return key + length;
}

const char *param_nearest(const char *group, const char *key)
{
	const char *best = NULL;
	size_t length = strlen(key);
	unsigned limit = length < 4 ? 1 : length < 8 ? 2 : 3;
	if (length > KEY_LIMIT)
		return NULL;
	for (unsigned i = 0; i <= param_count; i++) {
		const char *full = i < param_count ? params[i].key : "pipeline";
		const char *name = name_in_group(full, group);
		unsigned far = name ? distance(key, name) : KEY_LIMIT;
		if (far <= limit) {
			best = name;
			limit = far ? far - 1 : 0;
		}
	}
	return best;
}

static void print_words(const struct param *p, FILE *out)
{
	for (unsigned i = 0; i < p->word_count; i++)
		fprintf(out, "%s%s", i == 0 ? "" : i + 1 == p->word_count ? " or " : ", ", p->words[i].str);
}

void param_print_expected(const struct param *p, FILE *out)
{
	switch (p->kind) {
	case PARAM_IS_NAME:
		fprintf(out, "%u..%u characters out of a-z A-Z 0-9 _ . -", p->min, p->max);
		break;
	case PARAM_IS_WORD:
		print_words(p, out);
		break;
	case PARAM_IS_FLAG:
		fputs("yes or no", out);
		break;
	case PARAM_IS_UINT:
		fprintf(out, "%u..%u %s", p->min, p->max, p->unit);
		break;
	case PARAM_IS_RATE:
		fprintf(out, "%u..n %s or full", p->min, p->unit);
		break;
	case PARAM_IS_PRECISIONS:
		fprintf(out, "a sequence of %u..%u precisions", p->min, p->max);
		break;
	case PARAM_IS_PACKING:
		fprintf(out, "a sequence of %u..%u factors out of 1, 2, 3, 6, 12, 24", p->min, p->max);
		break;
	}
}
