/*
 * core_network.h: the convolutions and dense layers of a network, from memory through the whole core: RTL and model in lockstep, outputs against
 * the interpreter and the host's operators.
 */
#ifndef BITLET_CORE_NETWORK_H
#define BITLET_CORE_NETWORK_H

#include "options.h"
#include "workspace.h"

/*
 * Runs the layers of o->network on o->image_count images of o->images in precision o->mode (EVERY_MODE: each of the configuration's precisions that
 * the network can be written in) and prints a table. rtl: the simulated core. Returns EXIT_GOOD, EXIT_NO after a difference, EXIT_INPUT after a
 * message when files are at fault.
 */
int core_network(const struct options *o, const struct top_api *rtl);

#endif
