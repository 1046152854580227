#include "inspect_report.h"

#include <inttypes.h>
#include <string.h>

/* ---- text */

/* Names come from the file: control characters are printed as '?'. */
static void print_name(const char *s, FILE *out)
{
	for (; *s; s++)
		fputc((unsigned char)*s < 32 || *s == 127 ? '?' : *s, out);
}

static const char *shape_text(const struct tensor *t, char *text, size_t size)
{
	if (!t) {
		snprintf(text, size, "?");
		return text;
	}
	return tensor_shape_text(t->rank, t->dim, text, size);
}

static void print_ends(const struct inspection *i, const char *title, const int *value, size_t count, FILE *out)
{
	char shape[160];
	fprintf(out, "%s\n", title);
	for (size_t k = 0; k < count; k++) {
		const struct graph_value *v = &i->graph->value[value[k]];
		const struct tensor *t = i->shapes.value[value[k]];
		fprintf(out, "  %-8s %-24s ", t ? tensor_type_name(t->type) : "?", shape_text(t, shape, sizeof shape));
		print_name(v->name, out);
		bool open = false;
		for (unsigned d = 0; v->is_input && d < v->rank; d++)
			open = open || v->dim[d] < 0;
		if (open)
			fprintf(out, "  (declared %s; -1: any, see --input-shape)", tensor_shape_text(v->rank, v->dim, shape, sizeof shape));
		fputc('\n', out);
	}
}

static void print_operators(const struct inspection *i, FILE *out)
{
	fprintf(out, "operators\n");
	for (size_t k = 0; k < i->ops; k++) {
		fprintf(out, "  %6zu  ", i->op[k].count);
		print_name(i->op[k].op, out);
		fprintf(out, "%s\n", i->op[k].supported ? "" : "  not supported");
	}
}

static const struct tensor *first_output(const struct inspection *i, const struct graph_node *n)
{
	return n->outputs && n->output[0] != GRAPH_NONE ? i->shapes.value[n->output[0]] : NULL;
}

static void print_nodes(const struct inspection *i, FILE *out)
{
	char shape[160];
	fprintf(out, "nodes\n  %-24s %-22s %14s %12s %12s  %s\n", "operator", "output", "MACs", "parameters", "weight bytes", "name");
	for (size_t k = 0; k < i->graph->nodes; k++) {
		const struct inspection_node *n = &i->node[k];
		const struct graph_node *node = &i->graph->node[n->node];
		fprintf(out, "  %-24.80s %-22s %14" PRIu64 " %12" PRIu64 " %12" PRIu64 "  ", node->op,
		        shape_text(first_output(i, node), shape, sizeof shape), n->macs, n->parameters, n->weight_bytes);
		print_name(node->name, out);
		fputc('\n', out);
	}
}

void inspect_print(const struct inspection *i, const char *model, FILE *out)
{
	fprintf(out, "%s: %s", model, inspection_kind(i->kind));
	if (i->kind == NETWORK_ONNX)
		fprintf(out, ", operator set %" PRId64, i->graph->opset);
	fputc('\n', out);
	print_ends(i, "inputs", i->graph->input, i->graph->inputs, out);
	print_ends(i, "outputs", i->graph->output, i->graph->outputs, out);
	print_operators(i, out);
	print_nodes(i, out);
	fprintf(out, "in all: %zu nodes, %" PRIu64 " MACs, %" PRIu64 " parameters, %" PRIu64 " weight bytes\n", i->graph->nodes, i->macs, i->parameters,
	        i->weight_bytes);
	if (i->complaints)
		fprintf(out, "not supported\n");
	for (size_t k = 0; k < i->complaints; k++)
		fprintf(out, "  %s\n", i->unsupported[k]);
}

static const char *precision_name(const struct schedule *s, const struct schedule_step *p)
{
	return s->derived->mode[p->layer.task.mode].precision.name;
}

void inspect_print_plan(const struct schedule *s, FILE *out)
{
	const struct schedule_memory *m = &s->memory;
	fprintf(out, "on %s, after fusing: %zu of %zu nodes on the core\n  %-24s %-10s %14s  %s\n", s->config->name, s->core_steps, s->steps, "operator",
	        "where", "MACs", "name");
	for (size_t k = 0; k < s->steps; k++) {
		const struct schedule_step *p = &s->step[k];
		const struct graph_node *n = &s->graph->node[p->node];
		fprintf(out, "  %-24.80s %-10s %14" PRIu64 "  ", n->op, p->on_core ? precision_name(s, p) : "host",
		        p->on_core ? layer_macs(&p->layer.task) : 0);
		print_name(n->name, out);
		fprintf(out, "%s%s\n", p->why[0] ? "  not on the core: " : "", p->why);
	}
	fprintf(out, "memory of the core: arena %zu bytes (%zu without reuse), weights %zu, parameters %zu, programs %zu\n", m->arena,
	        m->arena_without_reuse, m->weights, m->params, m->programs);
}

/* ---- JSON */

static void add_shape(cJSON *o, const struct tensor *t)
{
	cJSON *shape = t ? cJSON_AddArrayToObject(o, "shape") : cJSON_AddNullToObject(o, "shape");
	for (unsigned d = 0; t && d < t->rank; d++)
		cJSON_AddItemToArray(shape, cJSON_CreateNumber((double)t->dim[d]));
}

static void add_ends(cJSON *to, const struct inspection *i, const char *title, const int *value, size_t count)
{
	cJSON *list = cJSON_AddArrayToObject(to, title);
	for (size_t k = 0; k < count; k++) {
		const struct tensor *t = i->shapes.value[value[k]];
		cJSON *o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "name", i->graph->value[value[k]].name);
		if (t)
			cJSON_AddStringToObject(o, "type", tensor_type_name(t->type));
		else
			cJSON_AddNullToObject(o, "type");
		add_shape(o, t);
		cJSON_AddItemToArray(list, o);
	}
}

static void add_sums(cJSON *o, uint64_t macs, uint64_t parameters, uint64_t weight_bytes)
{
	cJSON_AddNumberToObject(o, "macs", (double)macs);
	cJSON_AddNumberToObject(o, "parameters", (double)parameters);
	cJSON_AddNumberToObject(o, "weight_bytes", (double)weight_bytes);
}

static void add_nodes(cJSON *to, const struct inspection *i)
{
	cJSON *list = cJSON_AddArrayToObject(to, "nodes");
	for (size_t k = 0; k < i->graph->nodes; k++) {
		const struct inspection_node *n = &i->node[k];
		const struct graph_node *node = &i->graph->node[n->node];
		cJSON *o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "name", node->name);
		cJSON_AddStringToObject(o, "op", node->op);
		add_shape(o, first_output(i, node));
		add_sums(o, n->macs, n->parameters, n->weight_bytes);
		cJSON_AddItemToArray(list, o);
	}
}

static void add_plan(cJSON *to, const struct schedule *s)
{
	cJSON_AddStringToObject(to, "config", s->config->name);
	cJSON *list = cJSON_AddArrayToObject(to, "steps");
	for (size_t k = 0; k < s->steps; k++) {
		const struct schedule_step *p = &s->step[k];
		cJSON *o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "name", s->graph->node[p->node].name);
		cJSON_AddStringToObject(o, "op", s->graph->node[p->node].op);
		cJSON_AddStringToObject(o, "where", p->on_core ? "core" : "host");
		if (p->on_core) {
			cJSON_AddStringToObject(o, "precision", precision_name(s, p));
			cJSON_AddNumberToObject(o, "macs", (double)layer_macs(&p->layer.task));
		}
		if (p->why[0])
			cJSON_AddStringToObject(o, "why", p->why);
		cJSON_AddItemToArray(list, o);
	}
	cJSON *m = cJSON_AddObjectToObject(to, "memory");
	cJSON_AddNumberToObject(m, "arena", (double)s->memory.arena);
	cJSON_AddNumberToObject(m, "arena_without_reuse", (double)s->memory.arena_without_reuse);
	cJSON_AddNumberToObject(m, "weights", (double)s->memory.weights);
	cJSON_AddNumberToObject(m, "parameters", (double)s->memory.params);
	cJSON_AddNumberToObject(m, "programs", (double)s->memory.programs);
}

cJSON *inspect_object(const struct inspection *i, const char *model, const struct schedule *s)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "model", model);
	cJSON_AddStringToObject(o, "kind", inspection_kind(i->kind));
	if (i->kind == NETWORK_ONNX)
		cJSON_AddNumberToObject(o, "opset", (double)i->graph->opset);
	else
		cJSON_AddNullToObject(o, "opset");
	add_ends(o, i, "inputs", i->graph->input, i->graph->inputs);
	add_ends(o, i, "outputs", i->graph->output, i->graph->outputs);
	add_nodes(o, i);
	cJSON *ops = cJSON_AddObjectToObject(o, "operators");
	for (size_t k = 0; k < i->ops; k++)
		cJSON_AddNumberToObject(ops, i->op[k].op, (double)i->op[k].count);
	add_sums(o, i->macs, i->parameters, i->weight_bytes);
	cJSON *list = cJSON_AddArrayToObject(o, "unsupported");
	for (size_t k = 0; k < i->complaints; k++)
		cJSON_AddItemToArray(list, cJSON_CreateString(i->unsupported[k]));
	if (s)
		add_plan(o, s);
	return o;
}
