/*
 * Normalisations. Mean and variance are computed in double precision, in two passes; each element is scaled and moved in double precision and rounded
 * once.
 */
#include <math.h>
#include <stdlib.h>

#include "attribute.h"
#include "host_broadcast.h"
#include "host_list.h"
#include "host_ops.h"

/* ---- BatchNormalization */

bool host_batch_normalization(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	float epsilon;
	int64_t training, spatial;
	if (!attribute_float(c->node, "epsilon", 1e-5f, &epsilon, c->fault) ||
	    !attribute_int(c->node, "training_mode", 0, &training, c->fault) ||
	    !attribute_range(c->node, "spatial", 1, 1, 1, &spatial, c->fault))
		return false;
	if (training)
		return host_fault(c, "training_mode is %lld: the network is exported for training; expected 0, for inference", (long long)training);
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
	for (size_t at = 0; at < x->count; at += inner) {
		size_t k = at / inner % channels;
		double scale = (double)gamma[k] / sqrt((double)variance[k] + (double)epsilon);
		for (size_t i = at; i < at + inner; i++)
			((float *)y->data)[i] = (float)(((double)((const float *)x->data)[i] - (double)mean[k]) * scale + (double)beta[k]);
	}
	return true;
}

/* ---- of stretches that lie behind one another: layer and instance normalisation */

/* Mean of x, and 1 / sqrt(variance + epsilon). */
static void moments(const float *x, size_t count, double epsilon, double *mean, double *scale)
{
	double sum = 0, squares = 0;
	for (size_t i = 0; i < count; i++)
		sum += (double)x[i];
	*mean = sum / (double)count;
	for (size_t i = 0; i < count; i++)
		squares += ((double)x[i] - *mean) * ((double)x[i] - *mean);
	*scale = 1 / sqrt(squares / (double)count + epsilon);
}

/* Input i, broadcast to the normalised dimensions (x's from the axis on); it was checked. Left out: all 0. */
static void expand(const struct host_call *c, size_t i, unsigned axis, size_t count, double *to)
{
	const struct tensor *w = host_in(c, i), *x = c->in[0];
	struct host_broadcast s;
	for (size_t k = 0; !w && k < count; k++)
		to[k] = 0;
	if (!w)
		return;
	host_broadcast(x->rank - axis, x->dim + axis, &w, 1, &s);
	for (size_t row = 0; row < s.rows; row++) {
		size_t at[HOST_BROADCAST_MAX];
		host_broadcast_row(&s, row, at);
		for (size_t j = 0; j < s.row; j++)
			*to++ = (double)((const float *)w->data)[at[0] + j * s.step[0]];
	}
}

static bool fits_dimensions(struct host_call *c, size_t input, unsigned axis)
{
	const struct tensor *w = host_in(c, input), *x = c->in[0];
	bool fits = w->rank <= x->rank - axis;
	for (unsigned i = 0; fits && i < w->rank; i++)
		fits = w->dim[i] == 1 || w->dim[i] == x->dim[x->rank - w->rank + i];
	return fits || host_fault(c, "input %zu cannot be broadcast to the normalised dimensions", input);
}

/* extra: outputs 1 and 2, mean and scale of each stretch, or NULL. */
static bool layer_run(struct host_call *c, unsigned axis, size_t count, double epsilon, struct tensor *y, struct tensor *const *extra)
{
	double *weight = host_scratch(c, 2 * count, sizeof *weight), *bias = weight + count;
	if (!weight)
		return false;
	expand(c, 1, axis, count, weight);
	expand(c, 2, axis, count, bias);
	for (size_t row = 0; row < y->count / count; row++) {
		const float *x = (const float *)c->in[0]->data + row * count;
		double mean, scale;
		moments(x, count, epsilon, &mean, &scale);
		for (size_t k = 0; k < count; k++)
			((float *)y->data)[row * count + k] = (float)(((double)x[k] - mean) * scale * weight[k] + bias[k]);
		if (extra[0])
			((float *)extra[0]->data)[row] = (float)mean;
		if (extra[1])
			((float *)extra[1]->data)[row] = (float)scale;
	}
	free(weight);
	return true;
}

bool host_layer_normalization(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct tensor *extra[2] = {NULL};
	int64_t stash, dim[TENSOR_MAX_RANK];
	unsigned axis;
	float epsilon;
	size_t count = 1;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !host_type(c, 1, TENSOR_FLOAT32) || (host_in(c, 2) && !host_type(c, 2, TENSOR_FLOAT32)) ||
	    !attribute_axis(c->node, -1, x->rank, &axis, c->fault) || !attribute_float(c->node, "epsilon", 1e-5f, &epsilon, c->fault) ||
	    !attribute_range(c->node, "stash_type", 1, 1, 1, &stash, c->fault) || !fits_dimensions(c, 1, axis) ||
	    (host_in(c, 2) && !fits_dimensions(c, 2, axis)))
		return false;
	for (unsigned i = 0; i < x->rank; i++) {
		dim[i] = i < axis ? x->dim[i] : 1;
		count *= i < axis ? 1 : (size_t)x->dim[i];
	}
	struct tensor *y = host_steps(c, x->count, 3, 1) ? host_out_like(c, 0, x) : NULL;
	for (size_t i = 1; y && i < c->node->outputs; i++)
		if (!(extra[i - 1] = host_out(c, i, TENSOR_FLOAT32, x->rank, dim)))
			return false;
	if (!y || c->dry || !y->count)
		return y;
	return layer_run(c, axis, count, (double)epsilon, y, extra);
}

bool host_instance_normalization(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	float epsilon;
	for (size_t i = 0; i < 3; i++)
		if (!host_type(c, i, TENSOR_FLOAT32))
			return false;
	if (x->rank < 3)
		return host_fault(c, "input of %u dimensions; expected at least 3", x->rank);
	size_t channels = (size_t)x->dim[1];
	if (c->in[1]->count != channels || c->in[2]->count != channels)
		return host_fault(c, "%zu scales and %zu biases; expected one a channel, %zu", c->in[1]->count, c->in[2]->count, channels);
	struct tensor *y = attribute_float(c->node, "epsilon", 1e-5f, &epsilon, c->fault) && host_steps(c, x->count, 3, 1) ? host_out_like(c, 0, x) : NULL;
	if (!y || c->dry || !y->count)
		return y;
	size_t plane = x->count / channels / (size_t)x->dim[0];
	for (size_t i = 0; i < x->count; i += plane) {
		double mean, scale, weight = (double)((const float *)c->in[1]->data)[i / plane % channels], bias = (double)((const float *)c->in[2]->data)[i / plane % channels];
		moments((const float *)x->data + i, plane, (double)epsilon, &mean, &scale);
		for (size_t k = i; k < i + plane; k++)
			((float *)y->data)[k] = (float)(((double)((const float *)x->data)[k] - mean) * scale * weight + bias);
	}
	return true;
}

/* ---- MeanVarianceNormalization: (x - mean) / (deviation + 1e-9) over `axes`; before operator set 9 over the planes, or (across_channels) the images */

static bool variance_mask(struct host_call *c, unsigned *mask)
{
	bool given;
	int64_t across;
	unsigned rank = c->in[0]->rank;
	if (!host_axes(c, 1, "axes", rank, mask, &given) || !attribute_range(c->node, "across_channels", 0, 0, 1, &across, c->fault))
		return false;
	if (!given && rank < 3)
		return host_fault(c, "input of %u dimensions without axes; expected at least 3", rank);
	if (!given)
		*mask = ((1u << rank) - 1) & ~(across ? 0u : 2u) & (c->graph->opset < 9 ? ~1u : ~0u);
	return true;
}

/* Pass 0 sums x, pass 1 the squares of x less the mean, pass 2 writes y. */
static void variance_pass(int pass, const struct host_broadcast *s, const float *x, double *mean, double *deviation, float *y)
{
	for (size_t i = 0; i < s->rows; i++, x += s->row, y += s->row) {
		size_t at[HOST_BROADCAST_MAX];
		host_broadcast_row(s, i, at);
		for (size_t j = 0; j < s->row; j++) {
			size_t k = at[0] + j * s->step[0];
			double v = (double)x[j];
			if (pass == 0)
				mean[k] += v;
			else if (pass == 1)
				deviation[k] += (v - mean[k]) * (v - mean[k]);
			else
				y[j] = (float)((v - mean[k]) / (deviation[k] + 1e-9));
		}
	}
}

bool host_mean_variance_normalization(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct tensor kept = {.type = TENSOR_FLOAT32, .rank = x->rank};
	struct host_broadcast s;
	unsigned mask;
	size_t count = 1;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !variance_mask(c, &mask))
		return false;
	for (unsigned i = 0; i < x->rank; i++) {
		kept.dim[i] = mask >> i & 1 ? 1 : x->dim[i];
		count *= (size_t)kept.dim[i];
	}
	struct tensor *y = host_steps(c, x->count, 3, 1) ? host_out_like(c, 0, x) : NULL;
	if (!y || c->dry || !y->count)
		return y;
	double *mean = host_scratch(c, 2 * count, sizeof *mean), *deviation = mean + count, share = (double)count / (double)x->count;
	for (size_t i = 0; mean && i < 2 * count; i++)
		mean[i] = 0;
	host_broadcast(x->rank, x->dim, (const struct tensor *[]){&kept}, 1, &s);
	for (int pass = 0; mean && pass < 3; pass++) {
		variance_pass(pass, &s, x->data, mean, deviation, y->data);
		for (size_t i = 0; i < count; i++)
			if (pass == 0)
				mean[i] *= share;
			else if (pass == 1)
				deviation[i] = sqrt(deviation[i] * share);
	}
	free(mean);
	return mean;
}
