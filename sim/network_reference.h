/*
 * network_reference.h: the network as the file says it (nothing folded, nothing fused) on the host, step by step beside a run, for comparison.
 */
#ifndef BITLET_NETWORK_REFERENCE_H
#define BITLET_NETWORK_REFERENCE_H

#include "execute.h"

struct network_reference {
	const struct graph *graph;  /* of network_load(plain) */
	struct execution run;
	size_t at;                  /* nodes done, in graph->order */
	struct tensor **kept;       /* by value index: made and not yet asked for */
	bool *wanted;
	bool open;
	double seconds;
};

/* input: of the graph's inputs, outlive the reference. False with *f set; network_reference_free() in any case. */
bool network_reference_begin(struct network_reference *r, const struct graph *plain, const struct tensor *const *input, unsigned threads, struct fault *f);
/* A value that will be asked for; a name that the graph does not have is nothing. */
void network_reference_want(struct network_reference *r, const char *name);
/* The tensor of a wanted name, computed now if need be, until the next call for another name; *t = NULL when there is none. False with *f set. */
bool network_reference_get(struct network_reference *r, const char *name, const struct tensor **t, struct fault *f);
/* Not needed any more. */
void network_reference_drop(struct network_reference *r, const char *name);
void network_reference_free(struct network_reference *r);

#endif
