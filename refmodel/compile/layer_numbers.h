/*
 * layer_numbers.h: the output part of a layer description as the fields of struct layer_output; the result as an array.
 */
#ifndef BITLET_LAYER_NUMBERS_H
#define BITLET_LAYER_NUMBERS_H

#include "layer_file.h"
#include "layer_yaml.h"

/* A file's path beside another file; free() takes it. NULL when memory runs out. */
char *layer_beside(const char *path, const char *file);

/* Format, rounding, zero point, clamp. */
bool layer_set_format(const struct layer_yaml *y, const struct layer_description *l, struct layer_task *t, struct fault *f);

/* Bias, scale or multiplier and shift of every channel; after layer_task_alloc(). */
bool layer_set_params(const struct layer_yaml *y, const struct layer_description *l, const struct bitlet_derived *d, struct layer_task *t, struct fault *f);

#endif
