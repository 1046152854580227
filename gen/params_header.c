#include "params_header.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "values.h"

struct header {
	FILE *out;
	enum header_language language;
};

/* "mode[1].pack" to "MODE1_PACK". */
static void put_name(const struct header *h, const char *name)
{
	fprintf(h->out, "%s BITLET_", h->language == HEADER_C ? "#define" : "`define");
	for (; *name; name++) {
		if (*name == '.')
			fputc('_', h->out);
		else if (*name != '[' && *name != ']')
			fputc(toupper((unsigned char)*name), h->out);
	}
	fputc(' ', h->out);
}

static void put_number(void *context, const char *name, int64_t number)
{
	const struct header *h = context;
	put_name(h, name);
	fprintf(h->out, "%" PRId64 "\n", number);
}

static void put_text(void *context, const char *name, const char *text)
{
	const struct header *h = context;
	put_name(h, name);
	if (strcmp(name, "hash") != 0)
		fprintf(h->out, "\"%s\"\n", text);
	else if (h->language == HEADER_C)
		fprintf(h->out, "0x%sull\n", text);
	else
		fprintf(h->out, "64'h%s\n", text);
}

static void put_list(void *context, const char *name, int64_t count)
{
	(void)context;
	(void)name;
	(void)count; /* packs and modes say it */
}

static void put_precisions(const struct header *h, const struct bitlet_derived *d)
{
	char name[32];
	for (unsigned i = 0; i < d->modes; i++) {
		snprintf(name, sizeof name, "precision_%s", d->mode[i].precision.name);
		put_name(h, name);
		fprintf(h->out, "%u\n", i);
	}
}

void params_header(const struct bitlet_config *c, const struct bitlet_derived *d, enum header_language language, FILE *out)
{
	struct header h = { .out = out, .language = language };
	const struct value_visitor v = { .number = put_number, .text = put_text, .list = put_list, .context = &h };
	char hash[VALUES_HASH_SIZE];
	if (language == HEADER_C)
		fprintf(out, PARAMS_SIGNATURE "configuration %s */\n#ifndef BITLET_PARAMS_H\n#define BITLET_PARAMS_H\n\n", c->name);
	else
		fprintf(out, "// bitlet_params.vh: made by bitlet; configuration %s\n`ifndef BITLET_PARAMS_VH\n`define BITLET_PARAMS_VH\n\n", c->name);
	bitlet_values(c, d, hash, &v);
	put_precisions(&h, d);
	fprintf(out, "\n%s\n", language == HEADER_C ? "#endif" : "`endif");
}
