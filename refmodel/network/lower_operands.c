/* Tensors of a run into a layer and out of it. */
#include <math.h>

#include "layer_encode.h"
#include "lower_fill.h"
#include "lower_output.h"

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
	                            .top = l->weight_top, .top_by_channel = true, .channel_is_row = true};
	if (!has_size(&l->weights_view, t, "weights", f))
		return false;
	if (l->dynamic)
		lower_tops(&l->weights_view, true, t, l->weight_top);
	for (uint32_t i = 0; l->dynamic && i < l->task.out_channels; i++)
		if (!isfinite(l->weight_top[i]))
			return fault_set(f, "has operands that are not finite; expected finite ones for %s", p->name);
	return lower_fill(&l->weights_view, &field, t, l->task.weights, f);
}

static float top_of(const struct tensor *t)
{
	struct lower_view all = {.outers = 1, .rows = 1, .columns = t->count, .column_step = 1};
	float top;
	lower_tops(&all, false, t, &top);
	return top;
}

static bool fill_act(struct lower_layer *l, const struct bitlet_mode *m, const struct tensor *t, struct fault *f)
{
	const struct bitlet_precision *p = &m->precision;
	float top = 0;
	if (!has_size(&l->act_view, t, "activations", f))
		return false;
	if (l->dynamic) {
		top = top_of(t);
		if (!isfinite(top))
			return fault_set(f, "has operands that are not finite; expected finite ones for %s", p->name);
		top = l->act_top > 0 ? l->act_top : top;
		lower_output_dynamic(l, p, top);
	}
	struct lower_field field = {.precision = p, .bytes = m->a_bytes, .bits = p->a_bits, .is_signed = p->a_signed, .move = l->act_move, .top = &top};
	return lower_fill(&l->act_view, &field, t, l->task.act, f);
}

bool lower_operands(struct lower_layer *l, const struct bitlet_derived *d, const struct tensor *act, const struct tensor *weights, struct fault *f)
{
	const struct bitlet_mode *m = &d->mode[l->task.mode];
	/* weights first: their scales are part of the output's */
	return ((l->weights == GRAPH_NONE || fill_weights(l, m, weights, f)) && fill_act(l, m, act, f)) || layer_fault(l, f);
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
