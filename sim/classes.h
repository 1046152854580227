/*
 * classes.h: what a classifier's output says: the largest values with their classes, and how many labels they meet.
 *
 * An output is [rows][...]; the elements of a row are the classes. Of equal values the first class counts.
 */
#ifndef BITLET_CLASSES_H
#define BITLET_CLASSES_H

#include <stdio.h>

#include "tensor.h"

struct classes {
	unsigned top;               /* print so many of each row; 0: none */
	char *text, **name;         /* of classes, `names` of them; NULL: numbers only */
	size_t names;
	struct tensor *label;       /* one dimension; NULL: none */
	size_t first;               /* label of the first row that is added */
	uint64_t rows, right, right5; /* with labels: rows; those whose first, first five classes meet the label */
};

/* labels, names: files, NULL: none. count rows from `first` on must have a label. False with *f set; classes_free() in any case. */
bool classes_load(struct classes *c, const char *labels, const char *names, size_t first, size_t count, struct fault *f);
/* The next rows; rows >= 1 must divide the output's elements. Prints to out. */
bool classes_add(struct classes *c, const struct tensor *output, size_t rows, FILE *out, struct fault *f);
void classes_free(struct classes *c);

#endif
