#include "quant_weights.h"

#include <math.h>
#include <stdlib.h>

#include "quantize.h"

/* The elements of one channel. */
struct channel {
	const float *w;
	size_t runs, step, inner;   /* runs of `inner` elements, `step` apart */
	double factor;
};

struct cut {
	size_t channels, inner, runs;
};

static struct cut cut_of(const struct tensor *w, int axis)
{
	struct cut c = {1, w->count, 1};
	if (axis < 0)
		return c;
	c.channels = (size_t)w->dim[axis];
	c.inner = 1;
	for (unsigned i = (unsigned)axis + 1; i < w->rank; i++)
		c.inner *= (size_t)w->dim[i];
	c.runs = w->count / (c.channels * c.inner);
	return c;
}

static struct channel channel_of(const struct quant_weights_source *s, const struct cut *c, size_t i)
{
	return (struct channel){(const float *)s->w->data + i * c->inner, c->runs, c->channels * c->inner, c->inner, s->factor};
}

static float at(const struct channel *c, size_t run, size_t i)
{
	return (float)((double)c->w[run * c->step + i] * c->factor);
}

static void ends(const struct channel *c, double *low, double *high)
{
	*low = *high = 0;
	for (size_t r = 0; r < c->runs; r++)
		for (size_t i = 0; i < c->inner; i++) {
			double v = (double)at(c, r, i);
			*low = v < *low || isnan(v) ? v : *low;
			*high = v > *high || isnan(v) ? v : *high;
		}
}

/* Squares of all errors. */
static double error_of(const struct channel *c, struct quant_field q, struct quant_param p)
{
	double sum = 0;
	for (size_t r = 0; r < c->runs; r++)
		for (size_t i = 0; i < c->inner; i++) {
			float v = at(c, r, i);
			double e = (double)v - quant_real(p, quant_code(q, p, v));
			sum += e * e;
		}
	return sum;
}

static bool searches(enum quant_weight_rule rule, struct quant_field q)
{
	return rule == QUANT_WEIGHTS_ERROR || (rule == QUANT_WEIGHTS_AUTO && q.bits < 8);
}

static struct quant_param best_scale(const struct channel *c, struct quant_field q, double low, double high, enum quant_weight_rule rule)
{
	struct quant_param best = quant_param(q, true, low, high);
	double least = INFINITY;
	for (int i = 0; searches(rule, q) && i <= 32; i++) {
		double shrink = pow(2, -i / 8.0);
		struct quant_param p = quant_param(q, true, low * shrink, high * shrink);
		double error = error_of(c, q, p);
		if (error < least) {
			least = error;
			best = p;
		}
	}
	return best;
}

/* The least scale of weights with which the bias is an int32 code. */
static double least_scale(double bias, float act_scale)
{
	return fabs(bias) / ((double)act_scale * 2147483000.0);
}

static bool set_scale(const struct quant_weights_source *s, struct quant_field q, enum quant_weight_rule rule, const struct cut *cut, size_t i,
                      float *scale, struct fault *f)
{
	struct channel c = channel_of(s, cut, i);
	double low, high, least = 0;
	ends(&c, &low, &high);
	if (!isfinite(low) || !isfinite(high))
		return fault_set(f, "weights are not finite; expected finite ones");
	if (low < 0 && !q.is_signed)
		return fault_set(f, "weights below 0 in an unsigned field; expected a precision with signed weights");
	size_t first = cut->channels == 1 ? 0 : i, last = cut->channels == 1 && s->bias ? s->bias->count : i + 1;
	for (size_t b = first; s->bias && b < last; b++)
		least = fmax(least, least_scale((double)((const float *)s->bias->data)[b] * s->bias_factor, s->act_scale));
	*scale = best_scale(&c, q, low, high, rule).scale;
	if (low == 0 && high == 0 && least > 0)
		*scale = (float)least; /* only the bias is there: as finely as it goes */
	if ((double)*scale < least && q.bits + s->act_bits <= 32)
		*scale = (float)least;
	return true;
}

static void set_codes(const struct quant_weights_source *s, struct quant_field q, bool whole, const struct cut *cut, struct quant_weights *w)
{
	double errors = 0, squares = 0;
	for (size_t i = 0; i < s->w->count; i++) {
		size_t channel = i / cut->inner % cut->channels;
		struct quant_param p = {w->scale[w->scales == 1 ? 0 : channel], 0};
		float v = (float)((double)((const float *)s->w->data)[i] * s->factor);
		int32_t code = quant_code(q, p, v);
		if (!whole && q.is_signed && q.bits > 1 && code == quant_low(q))
			code++; /* as far below as above */
		quant_store(w->codes, i, code);
		double e = (double)v - quant_real(p, code);
		errors += e * e;
		squares += (double)v * (double)v;
	}
	w->noise = squares > 0 ? errors / squares : 0;
}

static bool set_bias(const struct quant_weights_source *s, struct quant_weights *w, struct fault *f)
{
	if (!s->bias)
		return true;
	w->bias = tensor_new(TENSOR_INT32, 1, (const int64_t[]){(int64_t)s->bias->count}, f);
	for (size_t i = 0; w->bias && i < s->bias->count; i++) {
		float scale = s->act_scale * w->scale[w->scales == 1 ? 0 : i];
		double code = rint((double)((const float *)s->bias->data)[i] * s->bias_factor / (double)scale);
		if (!(fabs(code) <= INT32_MAX)) {
			tensor_free(w->bias);
			w->bias = NULL;
			return true;
		}
		((int32_t *)w->bias->data)[i] = (int32_t)code;
	}
	return w->bias;
}

bool quant_weights_new(const struct quant_weights_source *s, struct quant_field q, enum quant_weight_rule rule, struct quant_weights *w, struct fault *f)
{
	struct cut cut = cut_of(s->w, s->w->count ? s->axis : -1);
	*w = (struct quant_weights){.scales = cut.channels, .axis = s->axis};
	w->codes = tensor_new(quantize_container(q.bits, q.is_signed), s->w->rank, s->w->dim, f);
	w->scale = malloc(cut.channels * sizeof *w->scale);
	bool good = w->codes && (w->scale || fault_set(f, "out of memory"));
	for (size_t i = 0; good && i < cut.channels; i++)
		good = set_scale(s, q, rule, &cut, i, &w->scale[i], f);
	if (good)
		set_codes(s, q, searches(rule, q), &cut, w);
	good = good && set_bias(s, w, f);
	if (!good)
		quant_weights_free(w);
	return good;
}

void quant_weights_free(struct quant_weights *w)
{
	tensor_free(w->codes);
	tensor_free(w->bias);
	free(w->scale);
	*w = (struct quant_weights){0};
}
