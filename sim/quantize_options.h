/*
 * quantize_options.h: the command line of `bitlet quantize`.
 */
#ifndef BITLET_QUANTIZE_OPTIONS_H
#define BITLET_QUANTIZE_OPTIONS_H

#include "derive.h"
#include "options.h"
#include "quant_search.h"

struct quantize_command {
	const char *model, *images, *labels, *output; /* files; labels and output may be NULL */
	const char *precisions;     /* file to read, or NULL */
	const char *save;           /* precisions file to write, or NULL */
	const char *json;           /* or NULL */
	size_t image_count;         /* for calibration; 0: up to 100 */
	size_t check_count;         /* for the check; 0: as many */
	bool has_precision;
	struct bitlet_precision precision;
	struct quantize_options options;
	bool search;
	double accuracy;            /* share; below 0: none */
	double cycles;              /* 0: none */
	struct bitlet_precision candidate[QUANT_CANDIDATES];
	size_t candidates;          /* 0: none given */
	bool has_config;
	struct bitlet_config config;
	struct bitlet_derived derived;
	unsigned threads;
};

/* argv[0] is the verb. OPTIONS_HELP after --help (the text has been printed); OPTIONS_BAD after one line on stderr. */
enum options_verdict quantize_options_parse(int argc, char **argv, struct quantize_command *o);

#endif
