#include "network_inputs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The graph's inputs by name, for a message. */
static const char *list_inputs(const struct graph *g, char *text, size_t size)
{
	text[0] = '\0';
	for (size_t i = 0, at = 0; i < g->inputs && at < size; i++) {
		const struct graph_value *v = &g->value[g->input[i]];
		char shape[100];
		int used = snprintf(text + at, size - at, "%s'%.60s' %s %s", i ? ", " : "", v->name, tensor_type_name(v->type),
		                    tensor_shape_text(v->rank, v->dim, shape, sizeof shape));
		at += used > 0 ? (size_t)used : 0;
	}
	return text;
}

/* Index of the input whose name is text[0..length), or -1. */
static int find_input(const struct graph *g, const char *text, size_t length)
{
	for (size_t i = 0; i < g->inputs; i++) {
		const char *name = g->value[g->input[i]].name;
		if (strlen(name) == length && !memcmp(name, text, length))
			return (int)i;
	}
	return -1;
}

/* "name=file" or "file": names may hold '=', files too. Files without a name go to the inputs in order. */
static bool assign(const struct graph *g, const char *text, const char **file, struct fault *f)
{
	char list[300];
	size_t next = 0;
	for (const char *eq = strchr(text, '='); eq; eq = strchr(eq + 1, '=')) {
		int i = find_input(g, text, (size_t)(eq - text));
		if (i >= 0 && file[i])
			return fault_set(f, "--input %.120s: input '%.80s' has a file already", text, g->value[g->input[i]].name);
		if (i >= 0) {
			file[i] = eq + 1;
			return true;
		}
	}
	if (strchr(text, '=') && access(text, F_OK) != 0)
		return fault_set(f, "--input %.120s: the network has no such input; expected one of %s", text, list_inputs(g, list, sizeof list));
	while (next < g->inputs && file[next])
		next++;
	if (next == g->inputs)
		return fault_set(f, "--input %.120s: all inputs have files already; expected %s", text, list_inputs(g, list, sizeof list));
	file[next] = text;
	return true;
}

static bool load_all(struct network_inputs *n, const struct run_network_options *o, const char *const *file, FILE *out, struct fault *f)
{
	char text[NETWORK_INPUT_TEXT], shape[100];
	for (size_t i = 0; i < n->graph->inputs; i++) {
		const struct graph_value *v = &n->graph->value[n->graph->input[i]];
		if (!file[i])
			return fault_set(f, "no --input for '%.80s' (%s %s); expected --input '%.80s=FILE'", v->name, tensor_type_name(v->type),
			                 tensor_shape_text(v->rank, v->dim, shape, sizeof shape), v->name);
		n->whole[i] = network_input_load(v, file[i], &o->prepare, n->cut, text, f);
		if (!n->whole[i])
			return false;
		if (text[0])
			fprintf(out, "input '%s': %s: %s\n", v->name, file[i], text);
	}
	return true;
}

/* The batch that all inputs declare; 0: free. */
static bool declared_batch(const struct graph *g, size_t *batch, struct fault *f)
{
	*batch = 0;
	for (size_t i = 0; i < g->inputs; i++) {
		const struct graph_value *v = &g->value[g->input[i]];
		if (v->rank == 0)
			return fault_set(f, "--images: input '%.80s' is a single number; expected inputs whose first dimension is the batch", v->name);
		if (v->dim[0] >= 0 && *batch && (size_t)v->dim[0] != *batch)
			return fault_set(f, "--images: inputs of batches %zu and %lld; expected one batch", *batch, (long long)v->dim[0]);
		if (v->dim[0] >= 0)
			*batch = (size_t)v->dim[0];
	}
	return true;
}

static bool plan_rows(struct network_inputs *n, const struct run_network_options *o, struct fault *f)
{
	size_t declared;
	if (!n->cut) {
		const struct tensor *t = n->graph->inputs ? n->whole[0] : NULL;
		n->frames = n->batch = t && t->rank && t->dim[0] > 0 ? (size_t)t->dim[0] : 1;
		return true;
	}
	n->first = o->first;
	n->frames = o->count;
	if (!declared_batch(n->graph, &declared, f))
		return false;
	for (size_t i = 0; i < n->graph->inputs; i++) {
		size_t rows = (size_t)n->whole[i]->dim[0];
		if (o->first > rows || o->count > rows - o->first)
			return fault_set(f, "input '%.80s' has %zu rows; expected at least %zu, for rows %zu to %zu",
			                 n->graph->value[n->graph->input[i]].name, rows, o->first + o->count, o->first, o->first + o->count - 1);
	}
	n->batch = declared ? declared : o->batch ? o->batch : RUN_BATCH;
	if (n->batch > n->frames && !declared)
		n->batch = n->frames;
	if (declared && o->batch && o->batch != declared)
		return fault_set(f, "--batch %u; expected %zu, which the network declares", o->batch, declared);
	return n->frames % n->batch == 0 || !declared ||
	       fault_set(f, "--images: %zu rows; expected a multiple of %zu, the batch that the network declares", n->frames, declared);
}

bool network_inputs_load(struct network_inputs *n, const struct graph *g, const struct run_network_options *o, FILE *out, struct fault *f)
{
	*n = (struct network_inputs){.graph = g, .cut = o->images};
	const char **file = calloc(g->inputs + 1, sizeof *file);
	n->whole = calloc(g->inputs + 1, sizeof(void *));
	bool good = (file && n->whole) || fault_set(f, "out of memory");
	for (unsigned i = 0; good && i < o->inputs; i++)
		good = assign(g, o->input[i], file, f);
	good = good && load_all(n, o, file, out, f) && plan_rows(n, o, f);
	free(file);
	return good;
}

bool network_inputs_rows(const struct network_inputs *n, size_t at, size_t rows, struct tensor **in, struct fault *f)
{
	for (size_t i = 0; i < n->graph->inputs; i++)
		in[i] = NULL;
	for (size_t i = 0; i < n->graph->inputs; i++) {
		in[i] = n->cut ? tensor_rows(n->whole[i], n->first + at, rows, f) : n->whole[i];
		if (!in[i])
			return false;
	}
	return true;
}

void network_inputs_drop(const struct network_inputs *n, struct tensor **in)
{
	for (size_t i = 0; i < n->graph->inputs; i++)
		if (n->cut)
			tensor_free(in[i]);
}

void network_inputs_free(struct network_inputs *n)
{
	for (size_t i = 0; n->whole && i < n->graph->inputs; i++)
		tensor_free(n->whole[i]);
	free(n->whole);
	*n = (struct network_inputs){0};
}

bool network_outputs_add(struct tensor **whole, const struct tensor *t, const char *name, const struct network_inputs *n, size_t at, size_t rows, struct fault *f)
{
	char shape[160];
	if (n->frames == rows) {
		*whole = tensor_copy(t, f);
		return *whole;
	}
	if (!t->rank || (size_t)t->dim[0] != rows)
		return fault_set(f, "output '%.80s' has shape %s in a run of %zu images; expected an output whose first dimension is the batch", name,
		                 tensor_shape_text(t->rank, t->dim, shape, sizeof shape), rows);
	if (!*whole) {
		int64_t dim[TENSOR_MAX_RANK];
		memcpy(dim, t->dim, sizeof dim);
		dim[0] = (int64_t)n->frames;
		*whole = tensor_new(t->type, t->rank, dim, f);
	}
	if (!*whole)
		return false;
	size_t row = t->count / rows * tensor_type_bytes(t->type);
	if ((*whole)->type != t->type || (*whole)->count / n->frames * tensor_type_bytes(t->type) != row)
		return fault_set(f, "output '%.80s' has another shape in another run; expected one shape", name);
	memcpy((char *)(*whole)->data + at * row, t->data, rows * row);
	return true;
}
