/* PAD, PADV2, MIRROR_PAD, RESIZE_NEAREST_NEIGHBOR: lists of indices a dimension (host_map.h), -1 for the padding. */
#include <math.h>
#include <string.h>

#include "host_list.h"
#include "tflite_kernel.h"

/* ---- padding */

/* Input 1: [rank][2], before and behind. */
static bool paddings(struct host_call *c, int64_t pad[TENSOR_MAX_RANK][2], int64_t dim[TENSOR_MAX_RANK])
{
	const struct tensor *x = c->in[0], *p = c->in[1];
	if (p->type != TENSOR_INT32 && p->type != TENSOR_INT64)
		return host_type_fault(c, 1, "int32 or int64");
	if (p->count != 2 * (size_t)x->rank)
		return host_fault(c, "%zu paddings of %u dimensions; expected 2 each", p->count, x->rank);
	if (!host_known(c, 1))
		return false;
	for (unsigned d = 0; d < x->rank; d++) {
		for (size_t i = 0; i < 2; i++) {
			pad[d][i] = tensor_integer(p, 2 * d + i);
			if (pad[d][i] < 0 || pad[d][i] > TENSOR_MAX_BYTES)
				return host_fault(c, "padding %lld; expected 0 to %d", (long long)pad[d][i], TENSOR_MAX_BYTES);
		}
		dim[d] = x->dim[d] + pad[d][0] + pad[d][1];
	}
	return true;
}

static bool fill(struct host_call *c, struct tensor *y, int64_t pad[][2], int32_t (*index)(int64_t i, int64_t size, int64_t border), int64_t border,
                 const void *value)
{
	struct host_map m;
	if (!tflite_lists(c, y, &m))
		return false;
	for (unsigned d = 0; d < y->rank; d++)
		for (int64_t i = 0; i < y->dim[d]; i++)
			m.index[d][i] = index(i - pad[d][0], c->in[0]->dim[d], border);
	host_map_copy(&m, c->in[0], y, value);
	host_map_free(&m);
	return true;
}

static int32_t constant_index(int64_t i, int64_t size, int64_t border)
{
	(void)border;
	return i < 0 || i >= size ? -1 : (int32_t)i;
}

/* border 1: without the element at the edge. */
static int32_t mirror_index(int64_t i, int64_t size, int64_t border)
{
	if (i < 0)
		i = -i - 1 + border;
	return (int32_t)(i < size ? i : 2 * size - 1 - border - i);
}

/* The output's zero point stands for 0. */
static void zero_value(const struct host_call *c, enum tensor_type t, uint64_t *value)
{
	const struct graph_quant *q = tflite_out_value(c, 0)->quant;
	*value = 0;
	if (tflite_is_code(t) && q)
		memcpy(value, &q->zero[0], sizeof q->zero[0]); /* the low bytes */
}

static bool pad(struct host_call *c, const void *value)
{
	int64_t by[TENSOR_MAX_RANK][2], dim[TENSOR_MAX_RANK];
	if (!tflite_same_type(c, 0) || !paddings(c, by, dim))
		return false;
	struct tensor *y = tflite_out(c, 0, c->in[0]->rank, dim);
	return y && host_steps(c, y->count, 1, 1) && (c->dry || !y->count || fill(c, y, by, constant_index, 0, value));
}

bool tflite_pad(struct host_call *c)
{
	uint64_t value;
	zero_value(c, c->in[0]->type, &value);
	return pad(c, &value);
}

bool tflite_padv2(struct host_call *c)
{
	const struct tensor *v = c->in[2];
	if (!tflite_same_type(c, 2))
		return false;
	if (v->count != 1)
		return host_fault(c, "%zu values to pad with; expected 1", v->count);
	return pad(c, v->data);
}

bool tflite_mirror_pad(struct host_call *c)
{
	int64_t by[TENSOR_MAX_RANK][2], dim[TENSOR_MAX_RANK];
	const struct tensor *x = c->in[0];
	const char *mode;
	if (!tflite_same_type(c, 0) || !tflite_word(c, "mode", &mode) || !paddings(c, by, dim))
		return false;
	int64_t border = !strcmp(mode, "REFLECT");
	for (unsigned d = 0; d < x->rank; d++)
		if (by[d][0] > x->dim[d] - border || by[d][1] > x->dim[d] - border)
			return host_fault(c, "padding %lld and %lld of dimension %u; mirrored (%s) it gives at most %lld", (long long)by[d][0], (long long)by[d][1],
			                  d, mode, (long long)(x->dim[d] - border));
	struct tensor *y = tflite_out(c, 0, x->rank, dim);
	return y && host_steps(c, y->count, 1, 1) && (c->dry || !y->count || fill(c, y, by, mirror_index, border, NULL));
}

/* ---- nearest pixels, found in float as in the framework */

static int32_t nearest(int64_t i, int64_t in, int64_t out, bool corners, bool centers)
{
	float scale = corners && out > 1 ? (float)(in - 1) / (float)(out - 1) : (float)in / (float)out;
	float at = (float)i + (centers ? 0.5f : 0.0f);
	at *= scale;
	int64_t v = (int64_t)(corners ? roundf(at) : floorf(at));
	return (int32_t)(v >= in ? in - 1 : v < 0 ? 0 : v);
}

bool tflite_resize_nearest_neighbor(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct host_list size;
	struct host_map m;
	bool corners, centers;
	int64_t dim[4];
	if (!tflite_same_type(c, 0) || !tflite_flag(c, "align_corners", &corners) || !tflite_flag(c, "half_pixel_centers", &centers))
		return false;
	if (x->rank != 4 || x->count == 0)
		return host_fault(c, "input of %u dimensions and %zu elements; expected [n, height, width, channels]", x->rank, x->count);
	bool good = host_list(c, 1, NULL, &size) && host_list_count(c, &size, "sizes", 2);
	for (unsigned d = 0; good && d < 4; d++)
		dim[d] = d % 3 ? size.v[d - 1] : x->dim[d];
	host_list_free(&size);
	struct tensor *y = good ? tflite_out(c, 0, 4, dim) : NULL;
	if (!y || !host_steps(c, y->count, 1, 1) || c->dry || !y->count)
		return y && !c->fault->text[0];
	if (!tflite_lists(c, y, &m))
		return false;
	for (unsigned d = 0; d < 4; d++)
		for (int64_t i = 0; i < dim[d]; i++)
			m.index[d][i] = d % 3 ? nearest(i, x->dim[d], dim[d], corners, centers) : (int32_t)i;
	host_map_copy(&m, x, y, NULL);
	host_map_free(&m);
	return true;
}
