#include "network_source.h"

#include <stdlib.h>
#include <string.h>

#include "network_load.h"

/*
 * How many rows of each input, 0 for all: as asked for; when nobody asked for more than one, the batch that the network declares, and all where its inputs have
 * no batch in common.
 */
static size_t rows_of(const struct network_source *s, const struct options *o)
{
	int64_t batch = 1;
	for (size_t i = 0; o->image_count == 1 && i < s->graph->inputs; i++) {
		const struct graph_value *v = &s->graph->value[s->graph->input[i]];
		if (!v->rank || (i && v->dim[0] != s->graph->value[s->graph->input[0]].dim[0]))
			return 0;
		batch = v->dim[0] > 1 ? v->dim[0] : 1;
	}
	return o->image_count == 1 ? (size_t)batch : o->image_count;
}

/* The part of `bitlet run`'s options that says what the inputs are. */
static void input_options(const struct options *o, size_t rows, struct run_network_options *r)
{
	r->inputs = o->inputs;
	memcpy(r->input, o->input, sizeof o->input);
	r->prepare.quantise = true;
	r->images = rows > 0;
	r->count = rows;
}

bool network_source_load(struct network_source *s, const struct options *o, struct fault *f)
{
	static struct run_network_options r; /* large */
	enum network_kind kind;
	*s = (struct network_source){.graph = network_load(o->network, false, &kind, f)};
	if (!s->graph)
		return false;
	input_options(o, rows_of(s, o), &r);
	s->input = calloc(s->graph->inputs + 1, sizeof *s->input);
	if (!s->input)
		return fault_set(f, "out of memory");
	return network_inputs_load(&s->inputs, s->graph, &r, stdout, f) && network_inputs_rows(&s->inputs, 0, s->inputs.frames, s->input, f);
}

void network_source_free(struct network_source *s)
{
	if (s->input)
		network_inputs_drop(&s->inputs, s->input);
	free(s->input);
	network_inputs_free(&s->inputs);
	graph_free(s->graph);
	*s = (struct network_source){.graph = NULL};
}

const struct tensor *const *network_source_input(const struct network_source *s)
{
	return (const struct tensor *const *)s->input;
}
