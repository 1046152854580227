#include "lower_scale.h"

#include <math.h>
#include <stdlib.h>

#include "layer_encode.h"
#include "lower_fill.h"

/* Largest code of the activations: all of the field, or less when the channel whose weights are most alike could leave the limit. */
static double largest_act(const struct lower_layer *l, const double *mass, double w_most, double a_most, size_t k)
{
	double alike = 0, limit = (double)l->sum_limit;
	for (uint32_t c = 0; c < l->task.out_channels; c++)
		if (l->weight_top[c] > 0)
			alike = fmax(alike, mass[c] / (double)l->weight_top[c]);
	double room = limit / 2 / fmax(alike, 1);
	double most = w_most * a_most > room ? floor(a_most * sqrt(room / (w_most * a_most))) : a_most;
	return fmax(1, fmin(most, floor(limit / 2 / (double)k)));
}

/* The least step of a channel's weights with which nothing leaves the limit. */
static double least_step(const struct lower_layer *l, uint32_t channel, double mass, double largest, double a_top, size_t k)
{
	double rest = (double)l->sum_limit - largest * (double)k / 2 - 2;
	double bias = a_top > 0 ? fabs((double)l->real_bias[channel] / (double)l->factor) / a_top : 0;
	return rest > 0 ? largest * (mass + bias) / rest : INFINITY;
}

bool lower_scale(struct lower_layer *l, const struct bitlet_precision *p, const struct tensor *weights, float a_top, float *act_top, struct fault *f)
{
	bool by_row = l->task.op == LAYER_MATMUL;
	double w_most = layer_field_max(p->w_bits, p->w_signed), a_most = layer_field_max(p->a_bits, p->a_signed);
	size_t k = lower_view_count(&l->weights_view) / l->task.out_channels / (by_row ? l->weights_view.outers : 1);
	double *mass = malloc(l->task.out_channels * sizeof *mass);
	*act_top = a_top;
	if (!mass)
		return fault_set(f, "out of memory for its channels");
	lower_tops(&l->weights_view, by_row, weights, l->weight_top);
	lower_masses(&l->weights_view, by_row, weights, mass);
	bool finite = true;
	for (uint32_t c = 0; c < l->task.out_channels; c++)
		finite = finite && isfinite(l->weight_top[c]) && isfinite(mass[c]);
	if (finite && w_most > 0 && a_most > 0) { /* one signed bit is -1 or 0: far from any limit */
		double largest = largest_act(l, mass, w_most, a_most, k);
		for (uint32_t c = 0; c < l->task.out_channels; c++)
			l->weight_top[c] = (float)fmax((double)l->weight_top[c], w_most * least_step(l, c, mass[c], largest, (double)a_top, k) * (1 + 0x1p-20));
		*act_top = (float)((double)a_top * a_most / largest);
	}
	free(mass);
	return finite || fault_set(f, "has operands that are not finite; expected finite ones for %s", p->name);
}
