/* Softmax and BatchNormalization. */
#include <math.h>

#include "attribute.h"
#include "host_ops.h"

/* One vector of count elements, `step` apart. */
static void softmax(const float *x, float *y, size_t count, size_t step)
{
	float top = -INFINITY;
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		top = x[i * step] > top ? x[i * step] : top;
	for (size_t i = 0; i < count; i++)
		sum += exp((double)x[i * step] - (double)top);
	for (size_t i = 0; i < count; i++)
		y[i * step] = (float)(exp((double)x[i * step] - (double)top) / sum);
}

/* Along one axis since operator set 13; before, over everything from the axis on. */
bool host_softmax(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	unsigned axis;
	size_t count = 1, inner = 1;
	bool one_axis = c->graph->opset >= 13;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !attribute_axis(c->node, one_axis ? -1 : 1, x->rank, &axis, c->fault))
		return false;
	for (unsigned i = axis; i < x->rank; i++)
		*(one_axis && i > axis ? &inner : &count) *= (size_t)x->dim[i];
	struct tensor *y = host_steps(c, x->count, 3, 1) ? host_out_like(c, 0, x) : NULL;
	if (!y || c->dry)
		return y;
	for (size_t i = 0; x->count && i < x->count / count; i++) {
		size_t at = i / inner * inner * count + i % inner;
		softmax((const float *)x->data + at, (float *)y->data + at, count, inner);
	}
	return true;
}

bool host_batch_normalization(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	float epsilon;
	int64_t training, spatial;
	if (!attribute_float(c->node, "epsilon", 1e-5f, &epsilon, c->fault) ||
	    !attribute_range(c->node, "training_mode", 0, 0, 0, &training, c->fault) ||
	    !attribute_range(c->node, "spatial", 1, 1, 1, &spatial, c->fault))
		return false;
	for (size_t i = 0; i < 5; i++)
		if (!host_type(c, i, TENSOR_FLOAT32))
			return false;
	size_t channels = x->rank > 1 ? (size_t)x->dim[1] : 1, inner = 1;
	for (size_t i = 1; i < 5; i++)
		if (c->in[i]->count != channels)
			return host_fault(c, "input %zu has %zu elements; expected one a channel, %zu", i, c->in[i]->count, channels);
	for (unsigned i = 2; i < x->rank; i++)
		inner *= (size_t)x->dim[i];
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out_like(c, 0, x) : NULL;
	if (!y || c->dry)
		return y;
	const float *gamma = c->in[1]->data, *beta = c->in[2]->data, *mean = c->in[3]->data, *variance = c->in[4]->data;
	for (size_t i = 0; i < x->count; i++) {
		size_t k = i / inner % channels;
		double scale = (double)gamma[k] / sqrt((double)variance[k] + (double)epsilon);
		((float *)y->data)[i] = (float)(((double)((const float *)x->data)[i] - (double)mean[k]) * scale + (double)beta[k]);
	}
	return true;
}
