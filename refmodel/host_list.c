#include "host_list.h"

#include <stdlib.h>

#include "attribute.h"

static bool is_index_type(const struct tensor *t)
{
	return t->type == TENSOR_INT64 || t->type == TENSOR_INT32;
}

static bool from_input(struct host_call *c, size_t input, const struct tensor *t, struct host_list *l)
{
	if (!is_index_type(t))
		return host_type_fault(c, input, "int64 or int32");
	if (t->rank > 1 || t->count > HOST_LIST_MAX)
		return host_fault(c, "input %zu has %u dimensions and %zu elements; expected a list of at most %d", input, t->rank, t->count,
		                  HOST_LIST_MAX);
	if (!host_known(c, input) || !(l->owned = host_scratch(c, t->count, sizeof *l->owned)))
		return false;
	for (size_t i = 0; i < t->count; i++)
		l->owned[i] = tensor_integer(t, i);
	l->v = l->owned;
	l->count = t->count;
	l->given = true;
	return true;
}

bool host_list(struct host_call *c, size_t input, const char *attribute, struct host_list *l)
{
	const struct tensor *t = host_in(c, input);
	*l = (struct host_list){.given = false};
	if (t)
		return from_input(c, input, t, l);
	if (!attribute || !graph_attribute_find(c->node, attribute))
		return true;
	if (!attribute_ints(c->node, attribute, &l->v, &l->count, c->fault))
		return false;
	l->given = true;
	return l->count <= HOST_LIST_MAX || host_fault(c, "attribute '%s' has %zu numbers; at most %d are possible", attribute, l->count, HOST_LIST_MAX);
}

void host_list_free(struct host_list *l)
{
	free(l->owned);
	*l = (struct host_list){.given = false};
}

bool host_list_count(struct host_call *c, const struct host_list *l, const char *what, size_t count)
{
	return l->count == count || host_fault(c, "%zu %s; expected %zu", l->count, what, count);
}

bool host_list_axes(struct host_call *c, const struct host_list *l, unsigned rank, unsigned axis[TENSOR_MAX_RANK], unsigned *count)
{
	unsigned seen = 0;
	*count = 0;
	for (size_t i = 0; i < l->count; i++) {
		int64_t v = l->v[i];
		if (v < -(int64_t)rank || v >= (int64_t)rank)
			return host_fault(c, "axis %lld; expected -%u to %d", (long long)v, rank, (int)rank - 1);
		v += v < 0 ? (int64_t)rank : 0;
		if (seen & 1u << v)
			return host_fault(c, "axis %lld is there twice", (long long)v);
		seen |= 1u << v;
		axis[(*count)++] = (unsigned)v;
	}
	return true;
}

bool host_axes(struct host_call *c, size_t input, const char *attribute, unsigned rank, unsigned *mask, bool *given)
{
	struct host_list l;
	unsigned axis[TENSOR_MAX_RANK], count = 0;
	bool good = host_list(c, input, attribute, &l) && host_list_axes(c, &l, rank, axis, &count);
	*given = l.given;
	*mask = l.given ? 0 : (1u << rank) - 1;
	for (unsigned i = 0; good && i < count; i++)
		*mask |= 1u << axis[i];
	host_list_free(&l);
	return good;
}

bool host_scalar(struct host_call *c, size_t input, int64_t *v)
{
	const struct tensor *t = host_in(c, input);
	if (!t || !is_index_type(t))
		return host_type_fault(c, input, "int64 or int32");
	if (t->count != 1)
		return host_fault(c, "input %zu has %zu elements; expected one", input, t->count);
	if (!host_known(c, input))
		return false;
	*v = tensor_integer(t, 0);
	return true;
}
