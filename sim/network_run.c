#include "network_run.h"

#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "shard_report.h"

/* ---- rows ---- */

/* The schedule has let go of the weights: from the graph once more. */
static bool count_weights(const struct schedule *s, const struct schedule_step *p, struct bit_stats *b, struct fault *f)
{
	struct lower_layer l;
	const struct bitlet_mode *m = &s->derived->mode[p->layer.task.mode];
	if (p->layer.weights != GRAPH_NONE) /* counted when they are there */
		return true;
	if (lower_node(s->graph, &s->shapes, p->node, s->config, s->derived, (int)p->layer.task.mode, &l, f) != 1)
		return false;
	bit_stats_add(b, m, true, 0, l.task.weights, 1, layer_weight_bytes(&l.task, s->derived) / m->w_bytes, 0, 0);
	lower_free(&l);
	return true;
}

static bool set_row(const struct schedule *s, const struct schedule_step *p, bool chosen, struct network_row *row, struct fault *f)
{
	const struct graph_node *n = &s->graph->node[p->node];
	row->name = n->name;
	row->op = n->op;
	row->on_core = p->on_core;
	row->chosen = chosen;
	memcpy(row->why, p->why, sizeof row->why);
	if (!p->on_core)
		return true;
	row->precision = s->derived->mode[p->layer.task.mode].precision.name;
	return count_weights(s, p, &row->weights, f);
}

bool network_run_rows(const struct network_plan *p, struct network_figures *n, struct fault *f)
{
	const struct schedule *s = &p->schedule[0];
	n->row = calloc(s->steps + 1, sizeof *n->row);
	if (!n->row)
		return fault_set(f, "out of memory");
	for (n->rows = 0; n->rows < s->steps; n->rows++)
		if (!set_row(s, &s->step[n->rows], p->chosen[0][n->rows], &n->row[n->rows], f))
			return false;
	return true;
}

/* ---- on the core ---- */

static const struct schedule *schedule_of(const struct network_run *r)
{
	return &r->plan->schedule[network_plan_which(r->plan, r->number)];
}

static size_t index_of(const struct network_run *r, const struct schedule_step *p)
{
	return (size_t)(p - schedule_of(r)->step);
}

static void count_operands(const struct network_run *r, const struct schedule_step *p, const struct image *m, struct network_row *row)
{
	const struct schedule *s = schedule_of(r);
	const struct layer_task *t = &p->layer.task;
	const struct bitlet_mode *mode = &s->derived->mode[t->mode];
	size_t acts = p->compiled.act_bytes / mode->a_bytes;
	bit_stats_add(&row->acts, mode, false, t->zero, image_at(m, p->compiled.act, p->compiled.act_bytes), 1, acts, 0, 0);
	if (p->layer.weights != GRAPH_NONE) {
		size_t bytes = layer_weight_bytes(t, s->derived);
		bit_stats_add(&row->weights, mode, true, 0, image_at(m, p->operand, bytes), 1, bytes / mode->w_bytes, 0, 0);
	}
}

static void count_result(struct network_row *row, const struct schedule_step *p, const struct shard_step *share, const struct backend_result *result)
{
	row->macs += p->compiled.macs;
	row->estimate += p->compiled.estimate;
	row->groups += result->expect.groups;
	row->units += share ? share->units->count : 0;
	row->units_run += share ? share->owned : 0;
	if (!share || !share->owned)
		return;
	row->counted = row->counted || result->cycles_known;
	for (unsigned k = 0; result->cycles_known && k < BITLET_COUNTERS; k++)
		row->counter[k] += result->counter[k];
	row->differs = row->differs || !result->equal;
}

/* What a backend has to say about a difference must not stand in the line of the progress. */
static void tell(const struct network_run *r, char *text)
{
	if (text && text[0]) {
		progress_clear(r->progress);
		fputs(text, stdout);
		fflush(stdout);
	}
	free(text);
}

static bool on_core(void *context, const struct schedule_step *p, struct image *m, struct fault *f)
{
	struct network_run *r = context;
	size_t i = index_of(r, p), count = 0, size;
	struct network_row *row = &r->figures->row[i];
	const struct shard_step *share = r->plan->share ? &r->plan->share[r->number * r->plan->steps + i] : NULL;
	const uint32_t *unit = share ? shard_units(share, &count) : NULL;
	struct backend *b = share && share->owned ? r->chosen : r->fast;
	struct backend_result result;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		return fault_set(f, "out of memory");
	count_operands(r, p, m, row);
	memset(&result, 0, sizeof result);
	int status = backend_run(b, row->name, m, p->compiled.program, p->compiled.program_bytes, b == r->fast ? NULL : unit, count, &result, out, f);
	bool good = fclose(out) == 0;
	tell(r, text);
	if (status == EXIT_INPUT || !good)
		return fault_set(f, "node '%.80s': the backend failed", row->name);
	if (result.expect.error.fault != CORE_FAULT_NONE)
		return fault_set(f, "node '%.80s': its program stops at a fault", row->name);
	count_result(row, p, share, &result);
	if (r->verification)
		shard_report_add(r->verification, (unsigned)r->number, row->name, share, share->owned ? &result : NULL);
	return true;
}

/* ---- after a step ---- */

/* The host's operator on the same inputs. */
static bool by_host(const struct graph_node *n, const struct execution *e, unsigned threads, struct tensor **out, struct fault *f)
{
	struct host_budget budget = {UINT64_C(1) << 31, UINT64_C(1000000000000)};
	const struct tensor **in = calloc(n->inputs + 1, sizeof *in);
	if (!in)
		return fault_set(f, "out of memory");
	for (size_t i = 0; i < n->inputs; i++)
		in[i] = n->input[i] == GRAPH_NONE ? NULL : e->value[n->input[i]];
	struct host_call call = {.graph = e->graph, .node = n, .in = in, .out = out, .budget = &budget, .fault = f, .threads = threads};
	bool good = host_op_find(n->op)->run(&call);
	free(in);
	return good;
}

static bool compare_codes(const struct network_run *r, const struct schedule_step *p, const struct execution *e, struct network_row *row, struct fault *f)
{
	const struct graph_node *n = &e->graph->node[p->node];
	struct tensor **out = calloc(n->outputs + 1, sizeof *out);
	bool good = out ? by_host(n, e, r->options->threads, out, f) : fault_set(f, "out of memory");
	for (size_t i = 0; good && i < n->outputs; i++)
		if (n->output[i] == p->layer.out)
			network_error_add(&row->error, ERROR_CODES, e->value[p->layer.out], out[i]);
	for (size_t i = 0; out && i < n->outputs; i++)
		tensor_free(out[i]);
	free(out);
	return good;
}

static bool compare(const struct network_run *r, const struct schedule_step *p, const struct execution *e, struct network_row *row, struct fault *f)
{
	if (!r->options->compare || !p->on_core)
		return true;
	if (p->layer.exact)
		return compare_codes(r, p, e, row, f);
	if (!r->reference)
		return true;
	const char *name = e->graph->value[p->layer.out].name;
	const struct tensor *t = NULL;
	if (!network_reference_get(r->reference, name, &t, f))
		return false;
	if (t && tensor_type_is_float(t->type))
		network_error_add(&row->error, ERROR_REAL, e->value[p->layer.out], t);
	bool is_output = false;
	for (size_t i = 0; i < e->graph->outputs; i++)
		is_output = is_output || e->graph->output[i] == p->layer.out;
	if (!is_output)
		network_reference_drop(r->reference, name);
	return true;
}

static bool save(const struct network_run *r, const struct schedule_step *p, const struct execution *e, struct fault *f)
{
	const struct graph_node *n = &e->graph->node[p->node];
	for (size_t i = 0; r->dump && i < n->outputs; i++) {
		int v = n->output[i];
		if (v != GRAPH_NONE && e->value[v] && !tensor_dump_add(r->dump, e->graph->value[v].name, e->value[v], f))
			return false;
	}
	return true;
}

static bool after(void *context, const struct schedule_step *p, const struct execution *e, struct fault *f)
{
	struct network_run *r = context;
	size_t i = index_of(r, p);
	struct network_row *row = &r->figures->row[i];
	double now = progress_now();
	row->seconds += now - r->mark;
	if (!p->on_core && p->why[0])
		row->macs += schedule_of(r)->shapes.steps[p->node];
	bool good = compare(r, p, e, row, f) && save(r, p, e, f);
	r->mark = progress_now();
	r->figures->reference_seconds += r->mark - now;
	progress_step(r->progress, network_plan_step_work(r->plan, r->number, i), i + 1 < r->figures->rows ? r->figures->row[i + 1].name : "");
	return good;
}

bool network_run_once(struct network_run *r, const struct tensor *const *input, struct execution *e, struct fault *f)
{
	struct schedule_hooks h = {.core = on_core, .after = after, .context = r, .threads = r->options->threads};
	struct schedule *s = &r->plan->schedule[network_plan_which(r->plan, r->number)];
	const struct graph *g = s->graph;
	r->mark = progress_now();
	for (size_t i = 0; r->dump && i < g->inputs; i++)
		if (!tensor_dump_add(r->dump, g->value[g->input[i]].name, input[i], f))
			return false;
	return schedule_run(s, input, &h, e, f);
}
