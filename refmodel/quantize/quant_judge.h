/*
 * quant_judge.h: how far a network's outputs are from the float network's, on the same images.
 */
#ifndef BITLET_QUANT_JUDGE_H
#define BITLET_QUANT_JUDGE_H

#include "graph.h"

struct quant_judge {
	const struct tensor *images;
	const struct tensor *labels; /* integers, one an image of the whole array; NULL: none */
	size_t first, count;        /* images looked at */
	unsigned threads;
	size_t width;               /* numbers of the first output an image */
	float *reference;           /* [count][width]: the float network's */
};

struct quant_verdict {
	double error;               /* mean over the images of |output - reference| / |reference|, Euclidean */
	size_t same;                /* images whose largest output is the reference's */
	size_t correct;             /* images whose largest output is the label's; 0 without labels */
};

/*
 * Runs the float network for reference. Its first output must be float32 with images along its first dimension (or one image a run). False with *f set; j->reference
 * goes with quant_judge_free().
 */
bool quant_judge_open(struct quant_judge *j, const struct graph *g, struct fault *f);
void quant_judge_free(struct quant_judge *j);

/* Runs a network with the same input and output. */
bool quant_judge(const struct quant_judge *j, const struct graph *g, struct quant_verdict *v, struct fault *f);

/* What the reference itself gets right; 0 without labels. */
size_t quant_judge_correct(const struct quant_judge *j);

#endif
