/*
 * run_layer.h: `bitlet run LAYER.yaml`: compiles a layer, runs it from memory in the whole core, writes its outputs.
 */
#ifndef BITLET_RUN_LAYER_H
#define BITLET_RUN_LAYER_H

/* As a verb's run(): an exit code. */
int run_layer(int argc, char **argv);

#endif
