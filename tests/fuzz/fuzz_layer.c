/*
 * Fuzzes layer descriptions. Whatever the bytes: one line of complaint with a place, or a description whose numbers are in range; when it parses, it is also
 * tried on arrays that are not there.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layer_file.h"
#include "layer_yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_complaint(const char *text)
{
	unsigned line, column;
	int used = 0;
	assert(sscanf(text, "f.yaml:%u:%u: %n", &line, &column, &used) == 2 && used > 0 && line > 0 && column > 0);
	assert(!strchr(text, '\n') && text[used]);
}

static void check_description(const struct layer_description *l)
{
	uint32_t multiplier;
	int8_t shift;
	assert(l->op < LAYER_OPS && l->precision.name[0] && l->input && l->weights && l->groups >= 1);
	assert(l->strides <= LAYER_AXES && l->dilations <= LAYER_AXES && l->pads <= 2 * LAYER_AXES);
	for (unsigned i = 0; i < l->strides; i++)
		assert(l->stride[i] >= 1);
	if (layer_scale(l->scale.number[0], l->rounding, &multiplier, &shift))
		assert(multiplier <= INT32_MAX && shift >= -31 && shift <= 62);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct layer_yaml y;
	struct layer_description l;
	struct fault f = { "" };
	bool good = layer_yaml_read(&y, "f.yaml", (const char *)data, size, &f) && layer_describe(&y, &l, &f);
	assert(good == !f.text[0]);
	if (good)
		check_description(&l);
	else
		check_complaint(f.text);
	layer_yaml_free(&y);
	return 0;
}
