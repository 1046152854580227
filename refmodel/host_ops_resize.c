/* Resize (operator sets 10, 11, 13) and Upsample (7, 9): nearest by maps, linear and cubic one dimension after the other in double precision. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "host_list.h"
#include "host_map.h"
#include "host_ops.h"
#include "interpolate.h"

struct resize {
	enum resize_mode mode;
	enum resize_round round;
	float cubic, extrapolation;
	bool exclude_outside;
	struct resize_axis axis[TENSOR_MAX_RANK];
	int64_t dim[TENSOR_MAX_RANK];
};

/* The attribute's place in a list of words. */
static bool word_of(struct host_call *c, const char *name, const char *fallback, const char *const *word, int *index)
{
	const char *text;
	if (!attribute_string(c->node, name, fallback, &text, c->fault))
		return false;
	for (*index = 0; word[*index]; ++*index)
		if (!strcmp(text, word[*index]))
			return true;
	return host_fault(c, "attribute '%s' is '%.40s', which is not supported", name, text);
}

/* *place: for all dimensions. */
static bool read_attributes(struct host_call *c, bool old, struct resize *r, enum resize_place *place)
{
	static const char *const modes[] = {"nearest", "linear", "cubic", NULL}, *const bilinear[] = {"bilinear", NULL};
	static const char *const places[] = {"half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn",
	                                     "tf_crop_and_resize", NULL};
	static const char *const rounds[] = {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil", NULL};
	const struct graph_attribute *a = graph_attribute_find(c->node, "mode");
	bool is_bilinear = old && a && a->type == GRAPH_STRING && !strcmp(a->s, bilinear[0]); /* an early name */
	int mode = RESIZE_LINEAR, where = PLACE_ASYMMETRIC, round = ROUND_SIMPLE;
	int64_t exclude = 0;
	r->cubic = -0.75f;
	r->extrapolation = 0;
	if (!is_bilinear && !word_of(c, "mode", "nearest", modes, &mode))
		return false;
	if (!old && (!word_of(c, "coordinate_transformation_mode", "half_pixel", places, &where) ||
	             !word_of(c, "nearest_mode", "round_prefer_floor", rounds, &round) ||
	             !attribute_float(c->node, "cubic_coeff_a", -0.75f, &r->cubic, c->fault) ||
	             !attribute_float(c->node, "extrapolation_value", 0, &r->extrapolation, c->fault) ||
	             !attribute_range(c->node, "exclude_outside", 0, 0, 1, &exclude, c->fault)))
		return false;
	r->mode = (enum resize_mode)mode;
	r->round = (enum resize_round)round;
	r->exclude_outside = exclude;
	*place = (enum resize_place)where;
	return true;
}

/* Is the dimension left as it is? Then coordinates do not count. */
static bool is_same(const struct resize_axis *a)
{
	return a->in == a->out && a->scale == 1 && a->place != PLACE_TF_CROP;
}

/* ---- how large the result is */

static bool set_axis(struct host_call *c, struct resize *r, unsigned d, double scale, double size)
{
	struct resize_axis *a = &r->axis[d];
	if (!(size >= 0 && size <= TENSOR_MAX_BYTES) || (a->in == 0) != (size == 0))
		return host_fault(c, "dimension %u of %lld cannot become %g", d, (long long)a->in, size);
	a->scale = scale;
	a->out = r->dim[d] = (int64_t)size;
	return true;
}

static bool use_scales(struct host_call *c, struct resize *r, const float *scale, size_t count)
{
	const struct tensor *x = c->in[0];
	if (count != x->rank)
		return host_fault(c, "%zu scales; expected one a dimension, %u", count, x->rank);
	for (unsigned d = 0; d < x->rank; d++) {
		const struct resize_axis *a = &r->axis[d];
		float part = a->place == PLACE_TF_CROP ? (float)(a->end - a->start) : 1.0f;
		if (!isfinite(scale[d]) || scale[d] <= 0)
			return host_fault(c, "scale %g; expected a finite number above 0", (double)scale[d]);
		if (!set_axis(c, r, d, (double)scale[d], (double)floorf((float)x->dim[d] * part * scale[d])))
			return false;
	}
	return true;
}

static bool use_scale_input(struct host_call *c, struct resize *r, size_t input)
{
	const struct tensor *t = host_in(c, input);
	return host_type(c, input, TENSOR_FLOAT32) && host_known(c, input) && use_scales(c, r, t->data, t->count);
}

static bool use_sizes(struct host_call *c, struct resize *r)
{
	const struct tensor *x = c->in[0];
	struct host_list l;
	bool good = host_list(c, 3, NULL, &l) && host_list_count(c, &l, "sizes", x->rank);
	for (unsigned d = 0; good && d < x->rank; d++)
		good = set_axis(c, r, d, x->dim[d] ? (double)l.v[d] / (double)x->dim[d] : 1, (double)l.v[d]);
	host_list_free(&l);
	return good;
}

/* Only for a crop: 2 numbers a dimension, all starts, then all ends. */
static bool use_region(struct host_call *c, struct resize *r)
{
	const struct tensor *x = c->in[0], *t = host_in(c, 1);
	if (!t || !tensor_type_is_float(t->type))
		return host_type_fault(c, 1, "float32 or float64");
	if (t->count != 2 * (size_t)x->rank)
		return host_fault(c, "input 1 has %zu elements; expected %u", t->count, 2 * x->rank);
	if (!host_known(c, 1))
		return false;
	for (unsigned d = 0; d < x->rank; d++) {
		r->axis[d].start = tensor_number(t, d);
		r->axis[d].end = tensor_number(t, d + x->rank);
		if (!isfinite(r->axis[d].start) || !isfinite(r->axis[d].end))
			return host_fault(c, "the region of dimension %u is not finite", d);
	}
	return true;
}

/* Inputs of operator set 11 and later: x, region, scales, sizes; the empty ones do not count. */
static bool use_inputs(struct host_call *c, struct resize *r, enum resize_place place)
{
	const struct tensor *scales = host_in(c, 2), *sizes = host_in(c, 3);
	bool have_scales = scales && scales->count, have_sizes = sizes && sizes->count;
	if (place == PLACE_TF_CROP && !use_region(c, r))
		return false;
	if (have_scales == have_sizes)
		return host_fault(c, "has %s; expected one of them", have_scales ? "scales and sizes" : "neither scales nor sizes");
	return have_scales ? use_scale_input(c, r, 2) : use_sizes(c, r);
}

static bool resolve(struct host_call *c, bool old, struct resize *r)
{
	const struct tensor *x = c->in[0];
	enum resize_place place;
	if (!read_attributes(c, old, r, &place))
		return false;
	for (unsigned d = 0; d < x->rank; d++)
		r->axis[d] = (struct resize_axis){place, x->dim[d], x->dim[d], 1, 0, 1};
	if (!old)
		return use_inputs(c, r, place);
	if (host_in(c, 1))
		return use_scale_input(c, r, 1);
	const struct graph_attribute *a = graph_attribute_find(c->node, "scales");
	if (!a || a->type != GRAPH_FLOATS)
		return host_fault(c, "lacks the scales");
	return use_scales(c, r, a->floats, a->count);
}

/* ---- interpolation */

/* One dimension: from [outer][in][inner] to [outer][out][inner]. */
static void along(const struct resize *r, unsigned d, size_t outer, size_t inner, const double *x, double *y)
{
	const struct resize_axis *a = &r->axis[d];
	for (int64_t i = 0; i < a->out; i++) {
		struct resize_taps t;
		if (r->mode == RESIZE_LINEAR)
			resize_linear(a, i, &t);
		else
			resize_cubic(a, i, (double)r->cubic, r->exclude_outside, &t);
		for (size_t o = 0; o < outer; o++) {
			double *to = y + (o * (size_t)a->out + (size_t)i) * inner;
			const double *from = x + o * (size_t)a->in * inner;
			for (size_t j = 0; j < inner; j++) {
				double sum = 0;
				for (unsigned k = 0; k < t.count; k++)
					sum += t.weight[k] * from[(size_t)t.at[k] * inner + j];
				to[j] = sum;
			}
		}
	}
}

/* Elements whose coordinates lie outside the input get a value of their own. */
static void extrapolate(const struct resize *r, struct tensor *y)
{
	for (size_t i = 0; i < y->count; i++) {
		size_t rest = i;
		bool outside = false;
		for (unsigned d = y->rank; d-- > 0; rest /= (size_t)y->dim[d]) {
			double x = resize_coordinate(&r->axis[d], (int64_t)(rest % (size_t)y->dim[d]), false);
			outside = outside || x < 0 || x > (double)(r->axis[d].in - 1);
		}
		if (outside && y->type == TENSOR_FLOAT32)
			((float *)y->data)[i] = r->extrapolation;
		else if (outside)
			((double *)y->data)[i] = (double)r->extrapolation;
	}
}

/* Elements of the largest array on the way, dimensions resized first to last. */
static size_t most_elements(const struct resize *r, const struct tensor *x)
{
	size_t most = x->count, now = x->count;
	for (unsigned d = 0; d < x->rank; d++) {
		now = now / (size_t)r->axis[d].in * (size_t)r->axis[d].out;
		most = now > most ? now : most;
	}
	return most;
}

static void interpolate(const struct resize *r, const struct tensor *x, struct tensor *y, double *from, double *to)
{
	size_t outer = 1, inner = x->count;
	for (size_t i = 0; i < x->count; i++)
		from[i] = tensor_number(x, i);
	for (unsigned d = 0; d < x->rank; d++) {
		const struct resize_axis *a = &r->axis[d];
		inner /= (size_t)a->in;
		if (!is_same(a)) {
			along(r, d, outer, inner, from, to);
			double *swap = from;
			from = to;
			to = swap;
		}
		outer *= (size_t)a->out;
	}
	for (size_t i = 0; i < y->count; i++) {
		if (y->type == TENSOR_FLOAT32)
			((float *)y->data)[i] = (float)from[i];
		else
			((double *)y->data)[i] = from[i];
	}
}

static bool smooth(struct host_call *c, const struct resize *r)
{
	const struct tensor *x = c->in[0];
	if (!tensor_type_is_float(x->type))
		return host_type_fault(c, 0, "float32 or float64 for a mode that is not nearest");
	struct tensor *y = host_out(c, 0, x->type, x->rank, r->dim);
	if (!y || !y->count)
		return y;
	size_t most = most_elements(r, x);
	if (!host_steps(c, most, 4, x->rank) || c->dry)
		return c->dry;
	double *from = host_scratch(c, most, sizeof *from), *to = host_scratch(c, most, sizeof *to);
	if (from && to)
		interpolate(r, x, y, from, to);
	if (from && to && x->rank && r->axis[0].place == PLACE_TF_CROP)
		extrapolate(r, y);
	bool good = from && to;
	free(from);
	free(to);
	return good;
}

static bool nearest(struct host_call *c, const struct resize *r)
{
	const struct tensor *x = c->in[0];
	struct host_map m;
	struct tensor *y;
	char value[8] = {0};
	if (!host_map_new(c, x->type, x->rank, r->dim, &m, &y))
		return false;
	if (!m.memory)
		return true;
	for (unsigned d = 0; d < x->rank; d++) {
		const struct resize_axis *a = &r->axis[d];
		for (int64_t i = 0; i < a->out; i++) {
			double at = resize_coordinate(a, i, false);
			bool outside = a->place == PLACE_TF_CROP && (at < 0 || at > (double)(a->in - 1));
			m.index[d][i] = outside ? -1 : (int32_t)(is_same(a) ? i : resize_nearest(a, r->round, i));
		}
	}
	if (x->type == TENSOR_FLOAT32)
		memcpy(value, &r->extrapolation, sizeof r->extrapolation);
	host_map_copy(&m, x, y, value);
	host_map_free(&m);
	return true;
}

static bool run(struct host_call *c, bool old)
{
	struct resize r = {.cubic = 0};
	if (!resolve(c, old, &r))
		return false;
	if (r.axis[0].place == PLACE_TF_CROP && r.extrapolation != 0 && c->in[0]->rank && c->in[0]->type != TENSOR_FLOAT32)
		return host_type_fault(c, 0, "float32 for an extrapolation value that is not 0");
	return r.mode == RESIZE_NEAREST ? nearest(c, &r) : smooth(c, &r);
}

bool host_resize(struct host_call *c)
{
	return run(c, c->graph->opset < 11);
}

bool host_upsample(struct host_call *c)
{
	return run(c, true);
}
