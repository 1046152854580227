/* Tensors of a run into a layer and out of it. */
#include <math.h>

#include "layer_encode.h"
#include "lower_fill.h"
#include "lower_output.h"
#include "lower_scale.h"

static bool layer_fault(const struct lower_layer *l, struct fault *f)
{
	char name[LAYER_TASK_NAME + 8] = "node '";
	size_t at = 6;
	for (size_t i = 0; l->task.name[i]; i++)
		name[at++] = l->task.name[i];
	name[at++] = '\'';
	name[at] = '\0';
	return fault_prefix(f, name);
}

static bool has_size(const struct lower_view *v, const struct tensor *t, const char *what, struct fault *f)
{
	/* a repeated operand is smaller than what it fills */
	return t->count == lower_view_count(v) || (v->start && t->count) || fault_set(f, "%zu %s; expected %zu", t->count, what, lower_view_count(v));
}

static bool fill_weights(struct lower_layer *l, const struct bitlet_mode *m, const struct tensor *t, struct fault *f)
{
	const struct bitlet_precision *p = &m->precision;
	struct lower_field field = {.precision = p, .bytes = m->w_bytes, .bits = p->w_bits, .is_signed = p->w_signed, .move = l->weights_move,
	                            .top = l->weight_top, .top_by_channel = true, .channel_is_row = l->task.op == LAYER_MATMUL};
	return has_size(&l->weights_view, t, "weights", f) && lower_fill(&l->weights_view, &field, t, l->task.weights, f);
}

static float top_of(const struct tensor *t)
{
	struct lower_view all = {.outers = 1, .rows = 1, .columns = t->count, .column_step = 1};
	float top;
	lower_tops(&all, false, t, &top);
	return top;
}

/* Scales of this run; activations beyond a calibrated largest one count as that. */
static bool set_scales(struct lower_layer *l, const struct bitlet_precision *p, const struct tensor *act, const struct tensor *weights, float *top, float *limit,
                       struct fault *f)
{
	float own = top_of(act);
	if (!isfinite(own))
		return fault_set(f, "has operands that are not finite; expected finite ones for %s", p->name);
	*limit = l->act_top > 0 ? l->act_top : own;
	if (!has_size(&l->weights_view, weights, "weights", f) || !lower_scale(l, p, weights, *limit, top, f))
		return false;
	lower_output_dynamic(l, p, *top);
	return true;
}

static bool fill_operands(struct lower_layer *l, const struct bitlet_mode *m, const struct tensor *act, const struct tensor *weights, struct fault *f)
{
	const struct bitlet_precision *p = &m->precision;
	float top = 0, limit = 0;
	if (!has_size(&l->act_view, act, "activations", f) || (l->dynamic && !set_scales(l, p, act, weights, &top, &limit, f)) ||
	    (weights && !fill_weights(l, m, weights, f)))
		return false;
	struct lower_field field = {.precision = p, .bytes = m->a_bytes, .bits = p->a_bits, .is_signed = p->a_signed, .move = l->act_move, .top = &top,
	                            .limit = limit};
	return lower_fill(&l->act_view, &field, act, l->task.act, f);
}

bool lower_operands(struct lower_layer *l, const struct bitlet_derived *d, const struct tensor *act, const struct tensor *weights, struct fault *f)
{
	return fill_operands(l, &d->mode[l->task.mode], act, l->weights == GRAPH_NONE ? l->constant : weights, f) || layer_fault(l, f);
}

struct tensor *lower_result(const struct lower_layer *l, const struct tensor *shape, const uint8_t *bytes, struct fault *f)
{
	struct tensor *t = tensor_new(shape->type, shape->rank, shape->dim, f);
	if (t && (tensor_type_bytes(t->type) != layer_format_bytes(l->task.output.format) || !has_size(&l->out_view, t, "results", f))) {
		fault_set(f, "results of another type than the layer's");
		tensor_free(t);
		t = NULL;
	}
	if (t)
		lower_unfill(&l->out_view, bytes, t);
	else
		layer_fault(l, f);
	return t;
}
