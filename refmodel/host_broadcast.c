#include "host_broadcast.h"

#include <string.h>

/* Dimension i of t as one of `rank`. */
static int64_t aligned(const struct tensor *t, unsigned rank, unsigned i)
{
	return i < rank - t->rank ? 1 : t->dim[i - (rank - t->rank)];
}

static bool join(struct host_call *c, const struct tensor *t, unsigned *rank, int64_t dim[TENSOR_MAX_RANK])
{
	struct tensor so_far = {.rank = *rank};
	char left[160], right[160];
	memcpy(so_far.dim, dim, sizeof so_far.dim);
	*rank = t->rank > *rank ? t->rank : *rank;
	for (unsigned i = 0; i < *rank; i++) {
		int64_t x = aligned(&so_far, *rank, i), y = aligned(t, *rank, i);
		if (x != y && x != 1 && y != 1)
			return host_fault(c, "shapes %s and %s cannot be broadcast",
			                  tensor_shape_text(so_far.rank, so_far.dim, left, sizeof left),
			                  tensor_shape_text(t->rank, t->dim, right, sizeof right));
		dim[i] = x == 1 ? y : x;
	}
	return true;
}

bool host_broadcast_shape(struct host_call *c, unsigned *rank, int64_t dim[TENSOR_MAX_RANK])
{
	*rank = 0;
	memset(dim, 0, TENSOR_MAX_RANK * sizeof dim[0]);
	for (size_t i = 0; i < c->node->inputs; i++)
		if (host_in(c, i) && !join(c, host_in(c, i), rank, dim))
			return false;
	return true;
}

static void full_steps(unsigned rank, const struct tensor *t, size_t step[TENSOR_MAX_RANK])
{
	size_t size = 1;
	for (unsigned i = rank; i-- > 0;) {
		int64_t n = aligned(t, rank, i);
		step[i] = n == 1 ? 0 : size;
		size *= (size_t)n;
	}
}

/* May dimension d, `size` long, be merged with the loop before it, for every operand? */
static bool can_merge(const struct host_broadcast *s, unsigned last, size_t size, size_t step[][TENSOR_MAX_RANK], unsigned d)
{
	for (unsigned k = 0; k < s->operands; k++)
		if (s->loop_step[k][last] != step[k][d] * size)
			return false;
	return true;
}

void host_broadcast(unsigned rank, const int64_t *dim, const struct tensor *const *operand, unsigned operands, struct host_broadcast *s)
{
	size_t step[HOST_BROADCAST_MAX][TENSOR_MAX_RANK];
	*s = (struct host_broadcast){.operands = operands, .rows = 1, .row = 1};
	for (unsigned k = 0; k < operands; k++)
		full_steps(rank, operand[k], step[k]);
	for (unsigned d = 0; d < rank; d++) {
		size_t size = (size_t)dim[d];
		if (size == 1)
			continue;
		bool merge = s->loops && can_merge(s, s->loops - 1, size, step, d);
		unsigned at = merge ? s->loops - 1 : s->loops++;
		s->loop[at] = merge ? s->loop[at] * size : size;
		for (unsigned k = 0; k < operands; k++)
			s->loop_step[k][at] = step[k][d];
	}
	if (s->loops) { /* the last one is the row */
		s->row = s->loop[--s->loops];
		for (unsigned k = 0; k < operands; k++)
			s->step[k] = s->loop_step[k][s->loops];
	}
	for (unsigned i = 0; i < s->loops; i++)
		s->rows *= s->loop[i];
}

void host_broadcast_row(const struct host_broadcast *s, size_t i, size_t at[HOST_BROADCAST_MAX])
{
	for (unsigned k = 0; k < s->operands; k++)
		at[k] = 0;
	for (unsigned d = s->loops; d-- > 0; i /= s->loop[d])
		for (unsigned k = 0; k < s->operands; k++)
			at[k] += i % s->loop[d] * s->loop_step[k][d];
}
