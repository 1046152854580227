#include "matmul.h"

static bool fault_shapes(const struct graph_node *n, const struct tensor *a, const struct tensor *b, struct fault *f)
{
	char left[160], right[160];
	return graph_node_fault(n, f, "shapes %s and %s cannot be multiplied", tensor_shape_text(a->rank, a->dim, left, sizeof left),
	                        tensor_shape_text(b->rank, b->dim, right, sizeof right));
}

/* Dimension i of `rank` right-aligned batch dimensions of a tensor whose last two are the matrix; 1 where there is none. */
static int64_t batch_of(const struct tensor *t, unsigned rank, unsigned i)
{
	unsigned own = t->rank > 2 ? t->rank - 2 : 0;
	return i < rank - own ? 1 : t->dim[i - (rank - own)];
}

/* Broadcasts the batch dimensions; steps count from the last one. */
static bool batches(const struct tensor *a, const struct tensor *b, struct matmul *m)
{
	unsigned left = a->rank > 2 ? a->rank - 2 : 0, right = b->rank > 2 ? b->rank - 2 : 0;
	size_t a_size = m->m * m->k, b_size = m->k * m->n;
	m->batch_rank = left > right ? left : right;
	m->batches = 1;
	for (unsigned i = m->batch_rank; i-- > 0;) {
		int64_t x = batch_of(a, m->batch_rank, i), y = batch_of(b, m->batch_rank, i);
		if (x != y && x != 1 && y != 1)
			return false;
		m->batch_dim[i] = x == 1 ? y : x;
		m->a_step[i] = x == 1 ? 0 : a_size;
		m->b_step[i] = y == 1 ? 0 : b_size;
		a_size *= (size_t)x;
		b_size *= (size_t)y;
	}
	return true;
}

bool matmul_resolve(const struct graph_node *n, const struct tensor *a, const struct tensor *b, struct matmul *m, struct fault *f)
{
	*m = (struct matmul){0};
	if (a->rank < 1 || b->rank < 1 || a->count == 0 || b->count == 0)
		return fault_shapes(n, a, b, f);
	m->k = (size_t)a->dim[a->rank - 1];
	m->m = a->rank > 1 ? (size_t)a->dim[a->rank - 2] : 1;
	m->n = b->rank > 1 ? (size_t)b->dim[b->rank - 1] : 1;
	if ((size_t)b->dim[b->rank > 1 ? b->rank - 2 : 0] != m->k || !batches(a, b, m))
		return fault_shapes(n, a, b, f);
	for (; m->rank < m->batch_rank; m->rank++)
		m->dim[m->rank] = m->batch_dim[m->rank];
	if (a->rank > 1)
		m->dim[m->rank++] = (int64_t)m->m;
	if (b->rank > 1)
		m->dim[m->rank++] = (int64_t)m->n;
	/* the result may be far larger than its operands: a tensor of it must be possible */
	struct fault inner = {""};
	size_t count;
	if (!tensor_count(TENSOR_FLOAT32, m->rank, m->dim, &count, &inner))
		return graph_node_fault(n, f, "%s", inner.text);
	m->batches = count / (m->m * m->n);
	return true;
}

void matmul_batch(const struct matmul *m, size_t batch, size_t *a, size_t *b)
{
	*a = *b = 0;
	for (unsigned i = m->batch_rank; i-- > 0; batch /= (size_t)m->batch_dim[i]) {
		size_t at = batch % (size_t)m->batch_dim[i];
		*a += at * m->a_step[i];
		*b += at * m->b_step[i];
	}
}
