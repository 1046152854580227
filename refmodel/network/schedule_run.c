#include "schedule.h"

#include <stdio.h>
#include <string.h>

#include "core_types.h"
#include "interpret.h"

/* A run on its way. */
struct run {
	struct schedule *s;
	const struct schedule_hooks *h;
	struct execution *e;
	struct fault *f;
};

static bool node_fault(const struct run *r, const struct schedule_step *p)
{
	const char *name = r->s->graph->node[p->node].name;
	char prefix[100];
	snprintf(prefix, sizeof prefix, "node '%.80s'", name);
	return fault_prefix(r->f, prefix);
}

static const char *fault_meaning(enum core_fault fault)
{
	static const char *const meaning[] = {
#define CORE_FAULT(name, code, text, address) [code] = text,
#include "faults.def"
	};
	return meaning[fault];
}

static bool by_interpreter(const struct run *r, const struct schedule_step *p)
{
	struct interpret_result result;
	unsigned threads = r->h->threads ? r->h->threads : 1;
	if (!interpret(r->s->config, r->s->derived, &r->s->image, p->compiled.program, p->compiled.program_bytes, threads, &result, r->f))
		return node_fault(r, p);
	if (result.error.fault == CORE_FAULT_NONE)
		return true;
	fault_set(r->f, "its program ends with: %s, 0x%llx", fault_meaning(result.error.fault), (unsigned long long)result.error.address);
	return node_fault(r, p);
}

/* The host writes what the core is to read. */
static bool write_operands(const struct run *r, struct schedule_step *p)
{
	struct lower_layer *l = &p->layer;
	struct layer_task *t = &l->task;
	const struct image *m = &r->s->image;
	bool computed = l->weights != GRAPH_NONE;
	if (p->in_place)
		return true;
	t->act = image_at(m, p->compiled.act, p->compiled.act_bytes);
	if (computed)
		t->weights = image_at(m, p->operand, layer_weight_bytes(t, r->s->derived));
	bool good = lower_operands(l, r->s->derived, r->e->value[l->act], computed ? r->e->value[l->weights] : NULL, r->f);
	t->act = NULL;
	if (computed)
		t->weights = NULL;
	return good;
}

/* Scales have come with the activations: the same program with other parameters. */
static bool compile_again(const struct run *r, struct schedule_step *p)
{
	struct compiled now;
	if (!compile_layer(&p->layer.task, r->s->config, r->s->derived, &now, r->f))
		return node_fault(r, p);
	bool same = now.image.bytes == p->bytes && now.program == p->compiled.program;
	if (same)
		memcpy(image_at(&r->s->image, p->base, p->bytes), now.image.data, p->bytes);
	compiled_free(&now);
	return same || (fault_set(r->f, "its program has changed its size"), node_fault(r, p));
}

static bool read_result(const struct run *r, const struct schedule_step *p)
{
	const struct lower_layer *l = &p->layer;
	const uint8_t *bytes = image_at(&r->s->image, p->compiled.out, p->compiled.out_bytes);
	struct tensor *t = lower_result(l, r->s->shapes.value[l->out], bytes, r->f);
	return t && execution_put(r->e, p->node, l->out, t, r->f);
}

static bool run_core(const struct run *r, struct schedule_step *p)
{
	if (!write_operands(r, p) || (p->layer.dynamic && !compile_again(r, p)))
		return false;
	if (r->h->ready && !r->h->ready(r->h->context, p, &r->s->image, r->f))
		return false;
	bool good = r->h->core ? r->h->core(r->h->context, p, &r->s->image, r->f) : by_interpreter(r, p);
	return good && read_result(r, p);
}

static bool run_step(const struct run *r, struct schedule_step *p)
{
	if (!(p->on_core ? run_core(r, p) : execution_node(r->e, p->node, r->f)))
		return false;
	if (r->h->after && !r->h->after(r->h->context, p, r->e, r->f))
		return false;
	if (!r->h->keep)
		execution_release(r->e, p->node);
	return true;
}

static bool check_shapes(const struct schedule *s, const struct tensor *const *input, struct fault *f)
{
	char have[160], want[160];
	for (size_t i = 0; i < s->graph->inputs; i++) {
		const struct tensor *t = input[i], *shape = s->shapes.value[s->graph->input[i]];
		bool same = t->rank == shape->rank;
		for (unsigned k = 0; same && k < t->rank; k++)
			same = t->dim[k] == shape->dim[k];
		if (!same)
			return fault_set(f, "input '%.80s' has shape %s; the schedule is for %s", s->graph->value[s->graph->input[i]].name,
			                 tensor_shape_text(t->rank, t->dim, have, sizeof have), tensor_shape_text(shape->rank, shape->dim, want, sizeof want));
	}
	return true;
}

bool schedule_run(struct schedule *s, const struct tensor *const *input, const struct schedule_hooks *h, struct execution *e, struct fault *f)
{
	static const struct schedule_hooks none;
	const struct run r = { .s = s, .h = h ? h : &none, .e = e, .f = f };
	if (!execution_begin(s->graph, input, NULL, e, f))
		return false;
	e->threads = r.h->threads;
	bool good = check_shapes(s, input, f);
	for (size_t i = 0; good && i < s->steps; i++)
		good = run_step(&r, &s->step[i]);
	good = good && execution_end(e, f);
	if (!good)
		execution_free(e);
	return good;
}
