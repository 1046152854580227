#include "host_map.h"

#include <stdlib.h>
#include <string.h>

bool host_map_new(struct host_call *c, enum tensor_type t, unsigned rank, const int64_t *dim, struct host_map *m, struct tensor **y)
{
	size_t total = 1; /* one for a scalar, whose memory must not be NULL either */
	*m = (struct host_map){.memory = NULL};
	if (!(*y = host_out(c, 0, t, rank, dim)) || !host_steps(c, (*y)->count, 1, 1))
		return false;
	if (c->dry || !(*y)->count)
		return true;
	for (unsigned d = 0; d < rank; d++)
		total += (size_t)dim[d];
	if (!(m->memory = host_scratch(c, total, sizeof *m->memory)))
		return false;
	total = 0;
	for (unsigned d = 0; d < rank; d++) {
		m->index[d] = m->memory + total;
		total += (size_t)dim[d];
	}
	return true;
}

void host_map_free(struct host_map *m)
{
	free(m->memory);
	*m = (struct host_map){.memory = NULL};
}

/* One row: elements of `bytes` bytes; from is NULL where the whole row is fill. */
static void copy_row(const int32_t *index, size_t count, size_t bytes, const char *from, char *to, const char *fill)
{
#define COPY(type) \
	for (size_t i = 0; i < count; i++) { \
		type v; \
		memcpy(&v, from && index[i] >= 0 ? from + (size_t)index[i] * sizeof v : fill, sizeof v); \
		memcpy(to + i * sizeof v, &v, sizeof v); \
	}
	if (bytes == 1)
		COPY(uint8_t)
	else if (bytes == 2)
		COPY(uint16_t)
	else if (bytes == 4)
		COPY(uint32_t)
	else
		COPY(uint64_t)
#undef COPY
}

/* Where the row of y that begins at element `at` lies in x; -1: in the fill. */
static int64_t row_start(const struct host_map *m, const struct tensor *y, const int64_t *step, size_t at)
{
	int64_t from = 0;
	at /= (size_t)y->dim[y->rank - 1];
	for (unsigned d = y->rank - 1; d-- > 0; at /= (size_t)y->dim[d]) {
		int32_t i = m->index[d][at % (size_t)y->dim[d]];
		if (i < 0 && step[d])
			return -1;
		from += i * step[d];
	}
	return from;
}

void host_map_copy(const struct host_map *m, const struct tensor *x, struct tensor *y, const void *fill)
{
	static const char zero[8];
	size_t bytes = tensor_type_bytes(y->type);
	int64_t step[TENSOR_MAX_RANK] = {0}, size = 1;
	if (!y->rank) {
		memcpy(y->data, x->data, bytes);
		return;
	}
	for (unsigned i = x->rank; i-- > 0; size *= x->dim[i])
		step[y->rank - x->rank + i] = size;
	int32_t scalar_index = 0;
	size_t row = x->rank ? (size_t)y->dim[y->rank - 1] : 1; /* a scalar x repeats element by element */
	for (size_t at = 0; at < y->count; at += row) {
		int64_t from = row_start(m, y, step, at);
		copy_row(x->rank ? m->index[y->rank - 1] : &scalar_index, row, bytes, from < 0 ? NULL : (const char *)x->data + (size_t)from * bytes,
		         (char *)y->data + at * bytes, fill ? fill : zero);
	}
}
