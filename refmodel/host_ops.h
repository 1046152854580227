/*
 * host_ops.h: the operators' functions, from the rows of host_ops.def, and what several of them share.
 */
#ifndef BITLET_HOST_OPS_H
#define BITLET_HOST_OPS_H

#include "host_op.h"

#define HOST_OP(name, least, most, outputs, attributes, function) bool function(struct host_call *c);
#include "host_ops.def"
#undef HOST_OP

/* Scale and zero point inputs of a quantised operator, per tensor or per channel. */
struct host_quant {
	const float *scale;
	size_t count;               /* of scales: 1, or one a channel */
	const struct tensor *zero;  /* NULL: 0; one, or one a channel */
};

/*
 * Reads inputs `scale` and `scale + 1` (zero point). Both have one element, or `channels` (0: one only). The zero point, where it is there, has
 * the type t; with TENSOR_TYPE_COUNT any. Scales must be finite and above 0.
 */
bool host_quant(struct host_call *c, size_t scale, size_t channels, enum tensor_type t, struct host_quant *q);
float host_quant_scale(const struct host_quant *q, size_t channel);
int32_t host_quant_zero(const struct host_quant *q, size_t channel);

/* Smallest and largest code of an 8-bit type. */
int32_t host_code_min(enum tensor_type t);
int32_t host_code_max(enum tensor_type t);
bool host_is_code(enum tensor_type t);

/* Stores v, clamped, as element i of an int8 or uint8 tensor. */
void host_store_code(struct tensor *t, size_t i, int64_t v);

/* Bounds of a fused activation: attributes `clamp_low` and `clamp_high` (fuse.h); infinite where there are none. NaN passes. */
struct host_clamp {
	float low, high;
};
bool host_clamp(struct host_call *c, struct host_clamp *l);
float host_clamped(const struct host_clamp *l, double v);

#endif
