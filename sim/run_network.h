/*
 * run_network.h: `bitlet run MODEL`: a network of the user's own from file to report.
 */
#ifndef BITLET_RUN_NETWORK_H
#define BITLET_RUN_NETWORK_H

/* As a verb's run(): an exit code. */
int run_network(int argc, char **argv);

#endif
