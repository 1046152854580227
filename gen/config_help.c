#include "config_help.h"

#include "config_load.h"
#include "params.h"

static void print_default(const struct param *p, FILE *out)
{
	if (p->required)
		fputs("required", out);
	else if (p->kind == PARAM_IS_NAME)
		fputs("the file's name", out);
	else if (p->kind == PARAM_IS_RATE)
		fputs("full", out);
	else if (p->kind == PARAM_IS_PACKING)
		fputs("[1]", out);
	else if (p->kind == PARAM_IS_FLAG)
		fputs(p->standard ? "yes" : "no", out);
	else if (p->kind == PARAM_IS_UINT)
		fprintf(out, "%u", p->standard);
	for (unsigned i = 0; i < p->word_count; i++)
		if (p->words[i].val == p->standard)
			fputs(p->words[i].str, out);
}

static void print_row(const struct param *p, FILE *out)
{
	fprintf(out, "| `%s` | ", p->key);
	param_print_expected(p, out);
	fputs(" | ", out);
	print_default(p, out);
	fprintf(out, " | %s |\n", p->meaning);
}

void config_help(FILE *out)
{
	fputs("# Configuration\n"
	      "\n"
	      "A configuration is one YAML mapping of at most 64 KiB. The parameters, made by `bitlet help config` from `gen/params.def`:\n"
	      "\n"
	      "| parameter | value | default | meaning |\n"
	      "|---|---|---|---|\n", out);
	for (unsigned i = 0; i < param_count; i++)
		print_row(&params[i], out);
	fputs("\n"
	      "`pipeline.X` is key `X` of the mapping `pipeline`: `pipeline: {decoder: 1, tree: 2}`. Numbers are plain decimal. Anchors, aliases and tags\n"
	      "are not allowed. Presets, to be named in place of a file:", out);
	for (const char *const *name = config_presets(); *name; name++)
		fprintf(out, " `%s`%s", *name, name[1] ? "," : ".\n");
}
