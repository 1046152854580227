/*
 * run_layer_options.h: the command line of `bitlet run` for a layer in YAML.
 */
#ifndef BITLET_RUN_LAYER_OPTIONS_H
#define BITLET_RUN_LAYER_OPTIONS_H

#include "memory.h"
#include "options.h"

enum run_on { RUN_MODEL, RUN_RTL, RUN_BOTH, RUN_ICARUS };

struct run_layer_options {
	const char *layer;          /* file */
	const char *config_name;
	struct bitlet_config config;
	struct bitlet_derived derived;
	enum run_on on;
	bool fast;                  /* interpreter: results without cycles */
	const char *input;          /* .npy in place of the layer's own, or NULL */
	const char *output;         /* folder */
	const char *json;           /* file, or NULL */
	unsigned threads;
	struct memory_config memory;
};

enum options_verdict run_layer_options_parse(int argc, char **argv, struct run_layer_options *o);

#endif
