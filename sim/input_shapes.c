#include "input_shapes.h"

#include <stdlib.h>
#include <string.h>

#include "execute.h"

/* "3x224x224" */
static bool read_dims(const char *text, struct input_shape *s)
{
	for (const char *at = text;; at++) {
		char *end;
		if (*at < '0' || *at > '9' || s->rank == TENSOR_MAX_RANK)
			return false;
		long long v = strtoll(at, &end, 10);
		if (v > TENSOR_MAX_BYTES)
			return false;
		s->dim[s->rank++] = v;
		at = end;
		if (*at != 'x')
			return !*at;
	}
}

bool input_shapes_add(struct input_shapes *s, const char *text, struct fault *f)
{
	const char *equals = strrchr(text, '=');
	if (s->count == INPUT_SHAPES_MAX)
		return fault_set(f, "'%.80s' is one too many; at most %d are possible", text, INPUT_SHAPES_MAX);
	struct input_shape *to = &s->shape[s->count];
	*to = (struct input_shape){.text = text, .name = equals ? (size_t)(equals - text) : 0};
	if (!equals || equals == text || !read_dims(equals + 1, to))
		return fault_set(f, "'%.80s'; expected a name and up to %d dimensions, such as input=1x3x224x224", text, TENSOR_MAX_RANK);
	s->count++;
	return true;
}

static bool is_of(const struct input_shape *s, const struct graph_value *v)
{
	return strlen(v->name) == s->name && !memcmp(v->name, s->text, s->name);
}

static bool all_are_inputs(const struct input_shapes *s, const struct graph *g, struct fault *f)
{
	for (size_t i = 0; i < s->count; i++) {
		size_t found = 0;
		for (size_t k = 0; k < g->inputs; k++)
			found += is_of(&s->shape[i], &g->value[g->input[k]]);
		if (!found)
			return fault_set(f, "--input-shape '%.80s': the network has no such input", s->shape[i].text);
	}
	return true;
}

static struct tensor *shape_of(const struct input_shapes *s, const struct graph_value *v, struct fault *f)
{
	int64_t dim[TENSOR_MAX_RANK];
	unsigned rank = v->rank;
	for (unsigned d = 0; d < rank; d++)
		dim[d] = v->dim[d] < 0 ? 1 : v->dim[d];
	for (size_t i = 0; i < s->count; i++)
		if (is_of(&s->shape[i], v)) {
			rank = s->shape[i].rank;
			memcpy(dim, s->shape[i].dim, sizeof dim);
		}
	struct fault inner = {""};
	struct tensor *t = tensor_shape(v->type, rank, dim, &inner);
	if (!t)
		fault_set(f, "input '%.80s': %s", v->name, inner.text);
	else if (!execute_input_fits(v, t, f)) {
		tensor_free(t);
		t = NULL;
	}
	return t;
}

struct tensor **input_shapes_of(const struct input_shapes *s, const struct graph *g, struct fault *f)
{
	if (!all_are_inputs(s, g, f))
		return NULL;
	struct tensor **input = calloc(g->inputs + 1, sizeof(void *));
	if (!input) {
		fault_set(f, "out of memory for %zu inputs", g->inputs);
		return NULL;
	}
	for (size_t i = 0; i < g->inputs; i++)
		if (!(input[i] = shape_of(s, &g->value[g->input[i]], f))) {
			input_shapes_free(input, g);
			return NULL;
		}
	return input;
}

void input_shapes_free(struct tensor **input, const struct graph *g)
{
	for (size_t i = 0; input && i < g->inputs; i++)
		tensor_free(input[i]);
	free(input);
}
