#include "schedule_place.h"

#include <stdlib.h>

#include "arena.h"

enum { NOBODY = -1, PARTS = 3 };

/* Buffers of step i: PARTS * i + ... */
enum part { ACT, OPERAND, OUT };

struct places {
	struct schedule *s;
	const struct bitlet_derived *d;
	int64_t *maker;             /* by value: the core step that it comes from, or NOBODY */
	struct arena_buffer *buffer; /* [steps][PARTS]; bytes 0: none */
};

size_t schedule_align(const struct bitlet_derived *d)
{
	return d->bus_bytes > 64 ? d->bus_bytes : 64;
}

/* Does an output element of that format, as the graph has it, look like an activation of that precision? */
static bool same_element(const struct bitlet_mode *m, enum program_format format)
{
	const struct bitlet_precision *p = &m->precision;
	if (layer_format_bytes(format) != m->a_bytes)
		return false;
	if (format == FORMAT_FP32)
		return p->is_float && p->exp_bits == 8 && p->man_bits == 23;
	return !p->is_float && p->a_bits == 8 * m->a_bytes;
}

/* Do the bytes that `from` leaves lie as `to` reads them? */
static bool fits_in_place(const struct lower_layer *from, const struct lower_layer *to, const struct bitlet_derived *d)
{
	bool same_order = from->out_layout == to->act_layout && (to->act_layout == LOWER_PLAIN || to->act_layout == LOWER_CHANNELS_FIRST);
	return same_order && !to->dynamic && to->weights == GRAPH_NONE && !to->act_move && same_element(&d->mode[to->task.mode], from->task.output.format) &&
	       layer_out_bytes(&from->task) == layer_act_bytes(&to->task, d);
}

static struct arena_buffer *buffer_of(struct places *p, size_t step, enum part part)
{
	return &p->buffer[PARTS * step + part];
}

static void add_buffer(struct places *p, size_t step, enum part part, size_t bytes)
{
	size_t align = schedule_align(p->d);
	*buffer_of(p, step, part) = (struct arena_buffer){ .bytes = bytes, .first = step, .last = step };
	p->s->memory.arena_without_reuse += (bytes + align - 1) / align * align;
}

static void add_step(struct places *p, size_t step)
{
	struct schedule_step *now = &p->s->step[step];
	const struct lower_layer *l = &now->layer;
	int64_t maker = p->maker[l->act];
	add_buffer(p, step, ACT, layer_act_bytes(&l->task, p->d));
	add_buffer(p, step, OUT, layer_out_bytes(&l->task));
	if (l->weights != GRAPH_NONE)
		add_buffer(p, step, OPERAND, layer_weight_bytes(&l->task, p->d));
	now->in_place = maker != NOBODY && fits_in_place(&p->s->step[maker].layer, l, p->d);
	if (now->in_place) {
		buffer_of(p, step, ACT)->bytes = 0;
		buffer_of(p, (size_t)maker, OUT)->last = step;
	}
	p->maker[l->out] = (int64_t)step;
}

static void set_places(struct places *p, size_t step)
{
	struct schedule_step *now = &p->s->step[step];
	struct layer_place *place = &now->layer.task.place;
	const struct lower_layer *l = &now->layer;
	place->placed = true;
	place->act_at = now->in_place ? buffer_of(p, (size_t)p->maker[l->act], OUT)->offset : buffer_of(p, step, ACT)->offset;
	place->out_at = buffer_of(p, step, OUT)->offset;
	if (l->weights != GRAPH_NONE)
		now->operand = place->operand_at = buffer_of(p, step, OPERAND)->offset;
}

static bool place_all(struct places *p, struct fault *f)
{
	struct schedule *s = p->s;
	for (size_t i = 0; i < s->steps; i++)
		if (s->step[i].on_core)
			add_step(p, i);
	if (!arena_place(p->buffer, PARTS * s->steps, schedule_align(p->d), &s->memory.arena))
		return fault_set(f, "out of memory for %zu places", PARTS * s->steps);
	for (size_t i = 0; i < s->steps; i++)
		if (s->step[i].on_core)
			set_places(p, i);
	return true;
}

bool schedule_place(struct schedule *s, const struct bitlet_derived *d, struct fault *f)
{
	struct places p = { .s = s, .d = d, .maker = malloc((s->graph->values + 1) * sizeof *p.maker), .buffer = calloc(PARTS * s->steps + 1, sizeof *p.buffer) };
	for (size_t i = 0; p.maker && i < s->graph->values; i++)
		p.maker[i] = NOBODY;
	bool good = p.maker && p.buffer ? place_all(&p, f) : fault_set(f, "out of memory for %zu places", PARTS * s->steps);
	free(p.maker);
	free(p.buffer);
	return good;
}
