#include "lower.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "layer_encode.h"
#include "lower_fill.h"
#include "lower_output.h"
#include "lower_source.h"

enum { MAX_ELEMENTS = 1 << 28 };

/* ---- precisions */

static struct lower_field weight_field(const struct lower_source *s, const struct bitlet_mode *m)
{
	const struct bitlet_precision *p = &m->precision;
	return (struct lower_field){.precision = p, .bytes = m->w_bytes, .bits = p->w_bits, .is_signed = p->w_signed, .zero = s->w_zero,
	                            .top = s->l->weight_top, .top_by_channel = true, .channel_is_row = s->t->op == LAYER_MATMUL};
}

static bool in_field(int64_t low, int64_t high, unsigned bits, bool is_signed)
{
	return low >= layer_field_min(bits, is_signed) && high <= layer_field_max(bits, is_signed);
}

/*
 * Codes of the other signedness move by half their range, zero point and all. A core without zero points gets 0 where the field is wide enough, and must
 * for a product; else the zero point goes into the bias.
 */
static bool act_fits(const struct lower_source *s, const struct bitlet_precision *p, bool zero_point, int32_t *move)
{
	bool is_signed = s->x_low < 0;
	*move = 0;
	if ((int64_t)s->x_high - s->x_low >= INT64_C(1) << p->a_bits)
		return false;
	if (!zero_point && in_field((int64_t)s->x_low - s->x_zero, (int64_t)s->x_high - s->x_zero, p->a_bits, p->a_signed)) {
		*move = -s->x_zero;
		return true;
	}
	*move = is_signed == p->a_signed ? 0 : is_signed ? -s->x_low : -(s->x_high / 2) - 1;
	if (s->t->op == LAYER_MATMUL && s->x_zero + *move && !zero_point)
		return false;
	return in_field((int64_t)s->x_low + *move, (int64_t)s->x_high + *move, p->a_bits, p->a_signed);
}

struct code_range {
	int64_t low, high;
	int64_t mass;               /* largest sum of a channel's magnitudes */
};

/* Weights less their zero points, as far as it is known what they will be. */
static struct code_range weight_range(const struct lower_source *s)
{
	struct lower_field field = {.zero = s->w_zero, .channel_is_row = s->t->op == LAYER_MATMUL};
	struct code_range r;
	int64_t zero = s->w_zero ? tensor_integer(s->w_zero, 0) : 0;
	if (s->constant) {
		lower_code_range(&s->l->weights_view, &field, s->w, &r.low, &r.high);
		r.mass = lower_code_mass(&s->l->weights_view, &field, s->w);
		return r;
	}
	r = (struct code_range){s->w_low - zero, s->w_high - zero, 0};
	int64_t most = r.high > -r.low ? r.high : -r.low;
	r.mass = most < INT64_C(1) << 32 ? most * (int64_t)s->t->in_channels : INT64_MAX; /* a product: no taps */
	return r;
}

static bool codes_fit(const struct lower_source *s, const struct bitlet_precision *p, struct code_range w, bool zero_point)
{
	int32_t move;
	return !p->is_float && in_field(w.low, w.high, p->w_bits, p->w_signed) && act_fits(s, p, zero_point, &move);
}

/* The largest sum there could be, with its bias, with the zero point in the engine or taken from the bias. */
static double largest_sum(const struct lower_source *s, const struct bitlet_precision *p, struct code_range w, bool zero_point)
{
	int32_t move;
	double bias = 0, act = fmax((double)s->x_high - s->x_zero, (double)s->x_zero - s->x_low);
	for (size_t i = 0; s->bias && i < s->bias->count; i++)
		bias = fmax(bias, fabs(tensor_number(s->bias, i)));
	act_fits(s, p, zero_point, &move);
	if (!zero_point) /* the engine's own sums, and what is taken from the bias */
		act = fmax(act, fmax(fabs((double)s->x_low + move), fabs((double)s->x_high + move)));
	return (double)w.mass * act + bias;
}

/* Of two precisions that hold the codes the smaller one; then the one whose signedness is the codes'. */
static bool better_codes(const struct lower_source *s, const struct bitlet_precision *p, const struct bitlet_precision *best)
{
	unsigned size = (unsigned)p->w_bits * p->a_bits, least = (unsigned)best->w_bits * best->a_bits;
	bool same = p->a_signed == (s->x_low < 0), best_same = best->a_signed == (s->x_low < 0);
	return size < least || (size == least && same && !best_same);
}

static bool better_floats(const struct bitlet_precision *p, const struct bitlet_precision *best)
{
	unsigned size = (unsigned)p->w_bits + p->a_bits, most = (unsigned)best->w_bits + best->a_bits;
	if (p->is_float != best->is_float)
		return p->is_float;
	return size > most || (size == most && p->a_signed && !best->a_signed);
}

/* LOWER_AUTO when there is none. strict: the sums must fit, too. */
static int best_mode(const struct lower_source *s, const struct bitlet_derived *d, bool zero_point, struct code_range w, bool strict)
{
	int best = LOWER_AUTO;
	for (unsigned i = 0; i < d->modes; i++) {
		const struct bitlet_precision *p = &d->mode[i].precision;
		if (s->quantised && (!codes_fit(s, p, w, zero_point) || (strict && largest_sum(s, p, w, zero_point) > (double)s->l->sum_limit)))
			continue;
		if (best == LOWER_AUTO || (s->quantised ? better_codes(s, p, &d->mode[best].precision) : better_floats(p, &d->mode[best].precision)))
			best = (int)i;
	}
	return best;
}

/* One that only lacks room for the sums is refused with that reason. */
static int pick_mode(const struct lower_source *s, const struct bitlet_derived *d, bool zero_point)
{
	struct code_range w = s->quantised ? weight_range(s) : (struct code_range){0, 0, 0};
	int mode = best_mode(s, d, zero_point, w, true);
	return mode == LOWER_AUTO ? best_mode(s, d, zero_point, w, false) : mode;
}

static int64_t sum_limit(unsigned result_bits)
{
	return (INT64_C(1) << ((result_bits < 32 ? result_bits : 32) - 1)) - 1;
}

int lower_mode(const struct graph *g, const struct shapes *s, size_t node, const struct bitlet_derived *d)
{
	struct fault ignored = {""};
	struct lower_source source;
	struct lower_layer l;
	int mode = LOWER_AUTO;
	int good = lower_describe(&source, g, s, node, &l, &ignored);
	l.sum_limit = sum_limit(d->out_bits);
	if (good > 0)
		mode = pick_mode(&source, d, d->zero_bits > 1);
	lower_free(&l);
	return mode;
}

/* A mode that somebody chose must hold the node's numbers. */
static int check_mode(struct lower_source *s, const struct bitlet_precision *p, bool zero_point)
{
	if (!s->quantised)
		return 1;
	if (p->is_float)
		return lower_why(s, "is quantised; expected a float network for %s", p->name);
	struct code_range w = weight_range(s);
	if (!in_field(w.low, w.high, p->w_bits, p->w_signed))
		return lower_why(s, "weights of %lld..%lld less their zero points do not fit into %s", (long long)w.low, (long long)w.high, p->name);
	if (!act_fits(s, p, zero_point, &s->l->act_move))
		return lower_why(s, "activations of %d..%d, zero point %d, do not fit into %s%s", (int)s->x_low, (int)s->x_high, (int)s->x_zero, p->name,
		                 s->t->op == LAYER_MATMUL && s->x_zero && !zero_point ? " without a zero point" : "");
	s->t->zero = s->x_zero + s->l->act_move;
	double sum = largest_sum(s, p, w, zero_point);
	return sum <= (double)s->l->sum_limit ? 1 : lower_why(s, "sums could reach %.3g; the core's results hold %.3g", sum, (double)s->l->sum_limit);
}

static int choose_mode(struct lower_source *s, const struct bitlet_config *c, const struct bitlet_derived *d, int mode)
{
	if (s->quantised && (s->x_zero < s->x_low || s->x_zero > s->x_high))
		return lower_why(s, "zero point %d; expected %d..%d", (int)s->x_zero, (int)s->x_low, (int)s->x_high);
	if (s->quantised && !s->constant && s->w_zero && s->w_zero->count > 1)
		return lower_why(s, "computed weights with %zu zero points", s->w_zero->count);
	if (mode == LOWER_AUTO)
		mode = pick_mode(s, d, c->zero_point);
	if (mode == LOWER_AUTO)
		return lower_why(s, "no precision of the configuration holds its codes");
	if (mode < 0 || (unsigned)mode >= d->modes)
		return lower_why(s, "precision number %d; expected 0..%u", mode, d->modes - 1);
	s->t->mode = (unsigned)mode;
	s->l->dynamic = !s->quantised && !d->mode[mode].precision.is_float;
	return check_mode(s, &d->mode[mode].precision, c->zero_point);
}

/* ---- numbers */

static int set_tops(struct lower_source *s)
{
	struct lower_layer *l = s->l;
	if (!l->dynamic)
		return 1;
	l->constant = s->constant ? s->w : NULL;
	if (s->constant && s->t->op == LAYER_MATMUL) /* an operand of every run, then */
		l->weights = s->n->input[s->in->w];
	l->weight_top = calloc(s->t->out_channels, sizeof *l->weight_top);
	if (!l->weight_top)
		return fault_set(s->why, "out of memory for a layer's channels"), -1;
	if (s->constant)
		lower_tops(&l->weights_view, s->t->op == LAYER_MATMUL, s->w, l->weight_top);
	for (uint32_t i = 0; i < s->t->out_channels; i++)
		if (!isfinite(l->weight_top[i]))
			return lower_why(s, "has weights that are not finite; a fixed precision expects finite ones");
	return 1;
}

static int set_weights(struct lower_source *s, const struct bitlet_derived *d)
{
	struct lower_field field = weight_field(s, &d->mode[s->t->mode]);
	if (!s->constant) {
		s->l->weights_move = s->w_zero ? -(int32_t)tensor_integer(s->w_zero, 0) : 0;
		return 1;
	}
	return lower_fill(&s->l->weights_view, &field, s->w, s->t->weights, s->why) ? 1 : 0;
}

/* Are the operands in memory, which broadcasting may have made far larger, of a possible size? */
static int check_size(struct lower_source *s)
{
	const struct lower_view *v[2] = {&s->l->act_view, &s->l->weights_view};
	for (int i = 0; i < 2; i++)
		if ((double)v[i]->outers * (double)v[i]->rows * (double)v[i]->columns > MAX_ELEMENTS)
			return lower_why(s, "an operand of more than %d elements", MAX_ELEMENTS);
	return 1;
}

static int fill_task(struct lower_source *s, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	struct fault f = {""};
	lower_output_format(s);
	if (!layer_task_alloc(s->t, d, s->why))
		return -1;
	int good = set_tops(s);
	good = good > 0 ? set_weights(s, d) : good;
	good = good > 0 ? lower_output_channels(s) : good;
	return good > 0 && !layer_task_check(s->t, c, d, &f) ? lower_why(s, "%s", f.text) : good;
}

int lower_node(const struct graph *g, const struct shapes *s, size_t node, const struct bitlet_config *c, const struct bitlet_derived *d, int mode,
               struct lower_layer *l, struct fault *why)
{
	struct lower_source source;
	int good = lower_describe(&source, g, s, node, l, why);
	l->sum_limit = sum_limit(c->result_bits);
	good = good > 0 ? choose_mode(&source, c, d, mode) : good;
	good = good > 0 ? check_size(&source) : good;
	good = good > 0 ? fill_task(&source, c, d) : good;
	if (good <= 0)
		lower_free(l);
	return good;
}

void lower_free(struct lower_layer *l)
{
	layer_task_free(&l->task);
	free(l->act_view.start);
	free(l->weights_view.start);
	free(l->out_view.start);
	free(l->weight_top);
	free(l->real_bias);
	l->act_view.start = l->weights_view.start = l->out_view.start = NULL;
	l->weight_top = l->real_bias = NULL;
}
