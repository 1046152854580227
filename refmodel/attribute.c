#include "attribute.h"

#include <string.h>

static const char *const type_name[] = {"int", "float", "string", "ints", "floats", "tensor", "graph or list"};

/* The attribute or NULL; false when it has another type. */
static bool find(const struct graph_node *n, const char *name, enum graph_attribute_type type, const struct graph_attribute **a,
                 struct fault *f)
{
	*a = graph_attribute_find(n, name);
	if (!*a || (*a)->type == type)
		return true;
	return graph_node_fault(n, f, "attribute '%s' is of type %s; expected %s", name, type_name[(*a)->type], type_name[type]);
}

bool attribute_int(const struct graph_node *n, const char *name, int64_t fallback, int64_t *v, struct fault *f)
{
	const struct graph_attribute *a;
	if (!find(n, name, GRAPH_INT, &a, f))
		return false;
	*v = a ? a->i : fallback;
	return true;
}

bool attribute_range(const struct graph_node *n, const char *name, int64_t fallback, int64_t low, int64_t high, int64_t *v,
                     struct fault *f)
{
	if (!attribute_int(n, name, fallback, v, f))
		return false;
	if (*v < low || *v > high)
		return graph_node_fault(n, f, "attribute '%s' is %lld; expected %lld to %lld", name, (long long)*v, (long long)low,
		                        (long long)high);
	return true;
}

bool attribute_float(const struct graph_node *n, const char *name, float fallback, float *v, struct fault *f)
{
	const struct graph_attribute *a;
	if (!find(n, name, GRAPH_FLOAT, &a, f))
		return false;
	*v = a ? a->f : fallback;
	return true;
}

bool attribute_ints(const struct graph_node *n, const char *name, const int64_t **v, size_t *count, struct fault *f)
{
	const struct graph_attribute *a;
	if (!find(n, name, GRAPH_INTS, &a, f))
		return false;
	*v = a ? a->ints : NULL;
	*count = a ? a->count : 0;
	return true;
}

bool attribute_string(const struct graph_node *n, const char *name, const char *fallback, const char **v, struct fault *f)
{
	const struct graph_attribute *a;
	if (!find(n, name, GRAPH_STRING, &a, f))
		return false;
	*v = a ? a->s : fallback;
	return true;
}

bool attribute_axis(const struct graph_node *n, int64_t fallback, unsigned rank, unsigned *axis, struct fault *f)
{
	int64_t v = 0;
	if (!attribute_int(n, "axis", fallback, &v, f))
		return false;
	if (v < -(int64_t)rank || v >= (int64_t)rank)
		return graph_node_fault(n, f, "axis %lld; expected -%u to %u", (long long)v, rank, rank ? rank - 1 : 0);
	*axis = (unsigned)(v < 0 ? v + (int64_t)rank : v);
	return true;
}

static bool is_word_of(const char *word, const char *list)
{
	size_t length = strlen(word);
	for (const char *at = list; length && (at = strstr(at, word)); at++)
		if ((at == list || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

bool attributes_known(const struct graph_node *n, const char *known, struct fault *f)
{
	for (size_t i = 0; i < n->attributes; i++)
		if (!is_word_of(n->attribute[i].name, known))
			return graph_node_fault(n, f, "attribute '%.60s' is unknown; expected %s", n->attribute[i].name,
			                        known[0] ? known : "none");
	return true;
}
