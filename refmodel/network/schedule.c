#include "schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schedule_place.h"

/* A schedule in the making. */
struct maker {
	const struct schedule_options *o;
	struct schedule *s;
	struct fault *f;
};

static int mode_of(const struct schedule_options *o, const struct graph_node *n)
{
	int mode = o->mode_of ? o->mode_of(o->context, n) : LOWER_AUTO;
	return mode == LOWER_AUTO ? o->mode : mode;
}

static void to_host(struct schedule_step *p, const char *why)
{
	lower_free(&p->layer);
	p->on_core = false;
	snprintf(p->why, sizeof p->why, "%s", why);
}

/* Core or host; what the run fills needs no memory of its own. */
static bool lower_step(struct maker *m, size_t node, struct schedule_step *p)
{
	const struct schedule_options *o = m->o;
	const struct graph_node *n = &m->s->graph->node[node];
	struct fault why = { "" };
	p->node = node;
	int found = lower_node(m->s->graph, &m->s->shapes, node, o->config, o->derived, mode_of(o, n), &p->layer, &why);
	if (found < 0)
		return fault_set(m->f, "%s", why.text);
	if (!found) {
		snprintf(p->why, sizeof p->why, "%s", why.text);
		return true;
	}
	p->on_core = true;
	struct layer_task *t = &p->layer.task;
	free(t->act);
	t->act = NULL;
	if (p->layer.weights != GRAPH_NONE) {
		free(t->weights);
		t->weights = NULL;
	}
	if (o->act_top_of)
		p->layer.act_top = o->act_top_of(o->context, n);
	if (!layer_task_check(t, o->config, o->derived, &why))
		to_host(p, why.text);
	return true;
}

static bool lower_all(struct maker *m)
{
	struct schedule *s = m->s;
	s->step = calloc(s->graph->nodes + 1, sizeof *s->step);
	if (!s->step)
		return fault_set(m->f, "out of memory for %zu steps", s->graph->nodes);
	for (; s->steps < s->graph->nodes; s->steps++)
		if (!lower_step(m, s->graph->order[s->steps], &s->step[s->steps]))
			return false;
	return true;
}

/* ---- one image */

/* Operand B of a product with constant weights: behind the arena, for good. */
static bool put_operand(struct maker *m, struct schedule_step *p)
{
	struct layer_task *t = &p->layer.task;
	struct image *image = &m->s->image;
	size_t bytes = layer_weight_bytes(t, m->o->derived);
	if (t->op != LAYER_MATMUL || p->layer.weights != GRAPH_NONE)
		return true;
	if (!image_alloc(image, NULL, schedule_align(m->o->derived), 0, bytes, &p->operand, m->f))
		return false;
	memcpy(image_at(image, p->operand, bytes), t->weights, bytes);
	t->place.operand_at = p->operand;
	m->s->memory.weights += bytes;
	return true;
}

static size_t region_bytes(const struct image *m, const char *name)
{
	const struct image_region *r = image_find(m, name);
	return r ? r->bytes : 0;
}

/* The layer's own image becomes a part of the network's. */
static bool append_layer(struct maker *m, struct schedule_step *p, struct fault *f)
{
	struct image *own = &p->compiled.image;
	struct schedule_memory *memory = &m->s->memory;
	uint64_t base;
	if (!image_alloc(&m->s->image, NULL, 4096, 0, own->bytes, &base, f))
		return false;
	memcpy(image_at(&m->s->image, base, own->bytes), own->data, own->bytes);
	p->base = base;
	p->bytes = own->bytes;
	memory->weights += region_bytes(own, "weights");
	memory->params += region_bytes(own, "params");
	memory->programs += region_bytes(own, "program");
	return true;
}

/* The host makes that value after all, and so writes it where it is needed. */
static void leave_place(struct schedule *s, int value)
{
	for (size_t i = 0; i < s->steps; i++)
		if (s->step[i].on_core && s->step[i].layer.act == value)
			s->step[i].in_place = false;
}

static bool compile_step(struct maker *m, struct schedule_step *p, size_t number)
{
	struct layer_task *t = &p->layer.task;
	struct fault why = { "" };
	if (!put_operand(m, p))
		return false;
	t->place.base = m->s->image.base + m->s->image.bytes;
	t->place.layer = (unsigned)(number & 0xffff);
	if (!compile_layer(t, m->o->config, m->o->derived, &p->compiled, &why) || !append_layer(m, p, &why)) {
		compiled_free(&p->compiled);
		leave_place(m->s, p->layer.out);
		to_host(p, why.text);
		return true;
	}
	compiled_free(&p->compiled);
	if (!p->layer.dynamic || t->op == LAYER_MATMUL) { /* nobody compiles it again, or not from these */
		free(t->weights);
		t->weights = NULL;
	}
	m->s->core_steps++;
	return true;
}

static bool compile_all(struct maker *m)
{
	struct schedule *s = m->s;
	uint64_t arena;
	image_init(&s->image, 0);
	if (!schedule_place(s, m->o->derived, m->f) || !image_alloc(&s->image, "arena", 4096, 0, s->memory.arena, &arena, m->f))
		return false;
	if (m->o->config->axi_address_bits < 64 && s->image.bytes && (s->image.bytes - 1) >> m->o->config->axi_address_bits)
		return fault_set(m->f, "activations and results take %zu bytes; expected addresses of %u bits", s->memory.arena, m->o->config->axi_address_bits);
	for (size_t i = 0; i < s->steps; i++)
		if (s->step[i].on_core && !compile_step(m, &s->step[i], i))
			return false;
	return true;
}

bool schedule_new(const struct graph *g, const struct tensor *const *input, const struct schedule_options *o, struct schedule *s, struct fault *f)
{
	struct maker m = { o, s, f };
	*s = (struct schedule){ .graph = g, .config = o->config, .derived = o->derived };
	bool good = shapes_of(g, input, &s->shapes, f) && lower_all(&m) && compile_all(&m);
	if (!good)
		schedule_free(s);
	return good;
}

void schedule_free(struct schedule *s)
{
	for (size_t i = 0; i < s->steps; i++)
		if (s->step[i].on_core)
			lower_free(&s->step[i].layer);
	free(s->step);
	shapes_free(&s->shapes);
	image_free(&s->image);
	memset(s, 0, sizeof *s);
}
