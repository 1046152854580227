/* What is added and multiplied by channel behind a layer goes into its weights and bias. */
#include <math.h>
#include <stdlib.h>

#include "attribute.h"
#include "fuse_graph.h"

/* A layer whose weights are constant, and how output channels lie in them. */
struct target {
	struct graph_node *n;
	const struct tensor *w, *bias; /* bias NULL: none */
	size_t channels, inner;     /* channel of weight i = i / inner % count of that axis */
	size_t axis_count, groups;  /* ConvTranspose: channels = groups * axis_count, group = i / (all of a group) */
	float beta;                 /* what the bias is multiplied by */
};

static bool is_float(const struct tensor *t)
{
	return t && t->type == TENSOR_FLOAT32;
}

/* One number, or one a channel along the last axis (the only one of a convolution's bias). */
static bool bias_fits(const struct target *t)
{
	return !t->bias || (is_float(t->bias) && (t->bias->count == 1 || (t->bias->count == t->channels && t->bias->rank &&
	                                                                   t->bias->dim[t->bias->rank - 1] == (int64_t)t->channels)));
}

static bool conv_target(const struct fuser *u, struct target *t)
{
	int64_t groups;
	struct fault ignored = {""};
	bool transposed = fuser_is(t->n, "ConvTranspose");
	if (t->w->rank < 3 || !attribute_range(t->n, "group", 1, 1, INT32_MAX, &groups, &ignored) || !t->w->count || t->w->dim[0] % groups)
		return false;
	(void)u;
	t->inner = t->w->count / (size_t)t->w->dim[0] / (size_t)(transposed ? t->w->dim[1] : 1);
	t->axis_count = (size_t)t->w->dim[transposed];
	t->groups = transposed ? (size_t)groups : 1;
	t->channels = t->axis_count * t->groups;
	return true;
}

static bool gemm_target(struct target *t)
{
	int64_t turned;
	float alpha;
	struct fault ignored = {""};
	if (t->w->rank != 2 || !t->w->count || !attribute_range(t->n, "transB", 0, 0, 1, &turned, &ignored) ||
	    !attribute_float(t->n, "beta", 1, &t->beta, &ignored) || !attribute_float(t->n, "alpha", 1, &alpha, &ignored))
		return false;
	t->channels = t->axis_count = (size_t)t->w->dim[!turned];
	t->inner = turned ? (size_t)t->w->dim[1] : 1;
	return true;
}

static bool matmul_target(struct target *t)
{
	if (t->w->rank < 2 || !t->w->count)
		return false;
	t->channels = t->axis_count = (size_t)t->w->dim[t->w->rank - 1];
	t->inner = 1;
	return true;
}

/* Weights, of a quantised layer their codes: only the shape counts then. */
static const struct tensor *weights_of(const struct fuser *u, const struct graph_node *n, bool codes)
{
	const struct graph_node *source = codes ? fuser_source(u, n, 1, "DequantizeLinear bitlet.DequantizeLinear") : NULL;
	const struct tensor *w = fuser_weights(u, source ? source : n, source ? 0 : 1);
	return source || is_float(w) ? w : NULL;
}

/* The layer that alone makes n's input i, with nothing between its sums and its output yet. codes: it may be a quantised one. */
static bool find_target(const struct fuser *u, const struct graph_node *n, size_t i, const char *operators, bool codes, struct target *t)
{
	*t = (struct target){.n = fuser_only_source(u, n, i, operators), .groups = 1, .beta = 1};
	if (!t->n || graph_attribute_find(t->n, "clamp_low") || graph_attribute_find(t->n, "clamp_high"))
		return false;
	t->w = weights_of(u, t->n, codes);
	t->bias = fuser_weights(u, t->n, 2);
	if (!t->w || (fuser_has(t->n, 2) && !t->bias))
		return false;
	bool good = fuser_is(t->n, "Gemm") ? gemm_target(t) : fuser_is(t->n, "MatMul") ? matmul_target(t) : conv_target(u, t);
	return good && t->channels <= INT32_MAX && bias_fits(t);
}

static double bias_at(const struct target *t, size_t channel)
{
	return t->bias ? (double)t->beta * (double)((const float *)t->bias->data)[t->bias->count == 1 ? 0 : channel] : 0;
}

static size_t channel_of(const struct target *t, size_t i)
{
	size_t group = t->groups > 1 ? i / (t->w->count / t->groups) : 0;
	return group * t->axis_count + i / t->inner % t->axis_count;
}

static const char *name_of(const struct fuser *u, const struct graph_node *n, size_t i)
{
	return u->g->value[n->input[fuser_has(n, i) ? i : 1]].name;
}

static bool set_bias(struct fuser *u, const struct target *t, const double *bias)
{
	struct tensor *b = tensor_new(TENSOR_FLOAT32, 1, (int64_t[]){(int64_t)t->channels}, u->f);
	for (size_t i = 0; b && i < t->channels; i++)
		((float *)b->data)[i] = (float)bias[i];
	int v = b ? fuser_add(u, name_of(u, t->n, 2), b) : GRAPH_NONE;
	if (v == GRAPH_NONE || !fuser_set_input(u, t->n, 2, v))
		return false;
	return t->beta == 1 || fuser_set_float(u, t->n, "beta", 1);
}

static bool scale_weights(struct fuser *u, const struct target *t, const double *factor)
{
	struct tensor *w = tensor_copy(t->w, u->f);
	for (size_t i = 0; w && i < w->count; i++)
		((float *)w->data)[i] = (float)((double)((float *)w->data)[i] * factor[channel_of(t, i)]);
	int v = w ? fuser_add(u, name_of(u, t->n, 1), w) : GRAPH_NONE;
	return v != GRAPH_NONE && fuser_set_input(u, t->n, 1, v);
}

/* ---- batch norm */

struct norm {
	const float *scale, *shift, *mean, *variance;
	float epsilon;
};

static bool norm_of(const struct fuser *u, const struct graph_node *n, size_t channels, struct norm *r)
{
	const float *data[4];
	int64_t spatial, training;
	struct fault ignored = {""};
	for (size_t i = 0; i < 4; i++) {
		const struct tensor *t = fuser_weights(u, n, 1 + i);
		if (!is_float(t) || t->count != channels)
			return false;
		data[i] = t->data;
	}
	*r = (struct norm){data[0], data[1], data[2], data[3], 0};
	for (size_t i = 1; i < n->outputs; i++)
		if (n->output[i] != GRAPH_NONE && u->uses[n->output[i]])
			return false;
	return attribute_float(n, "epsilon", 1e-5f, &r->epsilon, &ignored) && attribute_int(n, "spatial", 1, &spatial, &ignored) && spatial == 1 &&
	       attribute_int(n, "training_mode", 0, &training, &ignored) && training == 0;
}

static bool fold_norm(struct fuser *u, struct graph_node *n, const struct target *t, const struct norm *r)
{
	double *factor = malloc(2 * t->channels * sizeof *factor), *bias = factor ? factor + t->channels : NULL;
	bool good = factor || fault_set(u->f, "out of memory for %zu channels", t->channels);
	bool finite = true;
	for (size_t c = 0; good && c < t->channels; c++) {
		factor[c] = (double)r->scale[c] / sqrt((double)r->variance[c] + (double)r->epsilon);
		bias[c] = (bias_at(t, c) - (double)r->mean[c]) * factor[c] + (double)r->shift[c];
		finite = finite && isfinite(factor[c]) && isfinite(bias[c]);
	}
	if (good && finite) { /* else the operator may have its own way */
		good = scale_weights(u, t, factor) && set_bias(u, t, bias);
		if (good)
			fuser_replace(u, t->n, n);
	}
	free(factor);
	return good;
}

bool fuse_batch_norm(struct fuser *u)
{
	struct target t;
	struct norm r;
	for (size_t i = 0; i < u->g->nodes; i++) {
		struct graph_node *n = &u->g->node[u->g->order[i]];
		if (u->dead[u->g->order[i]] || !fuser_is(n, "BatchNormalization"))
			continue;
		if (find_target(u, n, 0, "Conv ConvTranspose Gemm", false, &t) && norm_of(u, n, t.channels, &r) && !fold_norm(u, n, &t, &r))
			return false;
	}
	return true;
}

/* ---- bias */

/* Does the tensor broadcast to the layer's output along its channels, and leave its shape as it is? */
static bool is_by_channel(const struct target *t, const struct tensor *added)
{
	bool conv = fuser_is(t->n, "Conv ConvTranspose"), gemm = fuser_is(t->n, "Gemm");
	unsigned rank = conv ? t->w->rank : gemm ? 2 : 1; /* a product's result has one at least */
	if (!is_float(added) || added->rank > rank)
		return false;
	for (unsigned i = 0; i < added->rank; i++) {
		unsigned from_end = added->rank - 1 - i;
		bool channel = from_end == (conv ? rank - 2 : 0);
		if (added->dim[i] != 1 && (!channel || added->dim[i] != (int64_t)t->channels))
			return false;
	}
	return true;
}

static bool add_bias(struct fuser *u, struct graph_node *n, const struct target *t, const struct tensor *added)
{
	double *bias = malloc(t->channels * sizeof *bias);
	bool good = bias || fault_set(u->f, "out of memory for %zu channels", t->channels);
	for (size_t c = 0; good && c < t->channels; c++)
		bias[c] = bias_at(t, c) + (double)((const float *)added->data)[added->count == 1 ? 0 : c];
	good = good && set_bias(u, t, bias);
	if (good)
		fuser_replace(u, t->n, n);
	free(bias);
	return good;
}

bool fuse_bias(struct fuser *u)
{
	struct target t;
	for (size_t i = 0; i < u->g->nodes; i++) {
		struct graph_node *n = &u->g->node[u->g->order[i]];
		if (u->dead[u->g->order[i]] || !fuser_is(n, "Add") || n->inputs != 2)
			continue;
		for (size_t side = 0; side < 2; side++) {
			const struct tensor *added = fuser_weights(u, n, !side);
			if (!added || !find_target(u, n, side, "Conv ConvTranspose Gemm MatMul", true, &t) || !is_by_channel(&t, added))
				continue;
			if (!add_bias(u, n, &t, added))
				return false;
			break;
		}
	}
	return true;
}
