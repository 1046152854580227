/*
 * run_network_options.h: the command line of `bitlet run` for a network.
 */
#ifndef BITLET_RUN_NETWORK_OPTIONS_H
#define BITLET_RUN_NETWORK_OPTIONS_H

#include <getopt.h>

#include "backend.h"
#include "network_input.h"
#include "options.h"

enum { RUN_INPUTS = OPTIONS_INPUTS, RUN_TOP_MAX = 100, RUN_IMAGES_MAX = 10000000, RUN_BATCH = 64 };

struct run_network_options {
	const char *model;          /* file */
	const char *config_name;
	struct bitlet_config config;
	struct bitlet_derived derived;
	enum backend_kind kind;     /* BACKEND_FAST: values by the interpreter, cycles estimated */
	const char *input[RUN_INPUTS]; /* "file" or "name=file" */
	unsigned inputs;
	struct network_input_options prepare;
	const char *precision, *precisions; /* a precision's name; a file; NULL: none */
	const char *output, *json, *tensors, *labels, *names, *layers, *reference; /* NULL: none */
	bool images;                /* --images: rows first .. first + count - 1 of each input */
	size_t first, count;
	unsigned batch;             /* rows a run; 0: the declared batch, or up to RUN_BATCH */
	unsigned top;               /* 0: none */
	double sample;              /* share of the units, 1: all */
	unsigned shard, shards;     /* 1..shards; shards 1: all */
	unsigned threads;
	bool compare;
	struct memory_config memory; /* its seed draws the sample, too */
};

extern const struct option run_network_long_options[];

enum options_verdict run_network_options_parse(int argc, char **argv, struct run_network_options *o);

/* The precision's index among the configuration's, or -1 after a complaint. */
int run_network_mode(const struct run_network_options *o);

#endif
