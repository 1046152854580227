/*
 * tile.h: a layer becomes a program and the memory image that it runs in (docs/layers.md says how layers are cut).
 */
#ifndef BITLET_TILE_H
#define BITLET_TILE_H

#include "image.h"
#include "layer_task.h"

struct compiled {
	struct image image;         /* regions "weights", "params", "act", "out", "program"; of a product "b". Placed: without "act", "b", "out" */
	uint64_t program;           /* address */
	uint32_t program_bytes;
	uint32_t tiles;
	uint64_t act, out;          /* addresses of the tensors */
	size_t act_bytes, out_bytes;
	enum program_format format;
	bool is_unsigned;           /* struct layer_output's */
	unsigned rank;              /* of the output: layer_task_shape() */
	int64_t dim[LAYER_AXES + 2];
	uint64_t macs;              /* layer_macs() */
	uint64_t groups;            /* groups that the array takes: sum of pixels * G over the tiles */
	uint64_t estimate;          /* cycles, roughly */
};

/*
 * Compiles a layer. False, *f set and nothing to free when the layer or the configuration cannot do it. The task is not referred to afterwards.
 * With place.placed act and the right operand of a product are not looked at (they may be NULL).
 */
bool compile_layer(const struct layer_task *t, const struct bitlet_config *c, const struct bitlet_derived *d, struct compiled *out, struct fault *f);
void compiled_free(struct compiled *p);

/* Output element i (in memory's order) as a number: of the image given, which is the compiled one or a copy that a machine has run on. */
double compiled_number(const struct compiled *p, const struct image *m, size_t i);

#endif
