/*
 * run.c: `bitlet run`: a layer (YAML) or a network (ONNX, TFLite), by the file's content.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "run_layer.h"
#include "run_network.h"
#include "run_network_options.h"

enum { LOOK = 512 };

/* The first argument that is no option and no option's value; NULL: none. The parser that is chosen complains about what is wrong. */
static const char *find_model(int argc, char **argv)
{
	int say = opterr;
	optind = 0;
	opterr = 0;
	while (getopt_long(argc, argv, "", run_network_long_options, NULL) != -1)
		;
	opterr = say;
	return optind < argc ? argv[optind] : NULL;
}

static bool ends_with(const char *s, const char *end)
{
	size_t a = strlen(s), b = strlen(end);
	return a >= b && !strcmp(s + a - b, end);
}

/* Networks are binary from the first field on; a layer's description is text. */
static bool is_layer(const char *path)
{
	unsigned char head[LOOK];
	if (ends_with(path, ".yaml") || ends_with(path, ".yml"))
		return true;
	FILE *f = fopen(path, "rb");
	size_t size = f ? fread(head, 1, sizeof head, f) : 0;
	if (f)
		fclose(f);
	for (size_t i = 0; i < size; i++)
		if (head[i] < ' ' && !strchr("\t\n\r\f", head[i]))
			return false;
	return size > 0;
}

int command_run(int argc, char **argv)
{
	const char *model = find_model(argc, argv);
	return model && is_layer(model) ? run_layer(argc, argv) : run_network(argc, argv);
}
