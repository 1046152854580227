/* ONNX's matrix products as layers. */
#include <string.h>

#include "attribute.h"
#include "lower_source.h"

int lower_product(struct lower_source *s, const struct lower_inputs *in)
{
	struct matmul m;
	(void)in;
	if (!matmul_resolve(s->n, s->x, s->w, &m, s->why))
		return -1;
	return lower_set_product(s, &m, false, false) || fault_set(s->why, "out of memory for a layer") ? 1 : -1;
}

static bool gemm_attributes(struct lower_source *s, int64_t *a_turned, int64_t *b_turned)
{
	return attribute_range(s->n, "transA", 0, 0, 1, a_turned, s->why) && attribute_range(s->n, "transB", 0, 0, 1, b_turned, s->why) &&
	       attribute_float(s->n, "alpha", 1, &s->alpha, s->why) && attribute_float(s->n, "beta", 1, &s->beta, s->why);
}

/* bitlet.QGemm's left operand may have more dimensions than two: rows, all of them. */
int lower_gemm(struct lower_source *s, const struct lower_inputs *in)
{
	int64_t a_turned, b_turned;
	const struct tensor *a = s->x, *b = s->w;
	(void)in;
	if (!gemm_attributes(s, &a_turned, &b_turned))
		return -1;
	if (s->quantised && s->alpha != 1)
		return lower_why(s, "alpha is %g with quantised operands", (double)s->alpha);
	if (s->alpha == 0 || s->alpha != s->alpha || s->beta != s->beta)
		return lower_why(s, "alpha is %g, beta %g", (double)s->alpha, (double)s->beta);
	if (a->rank < 1 || b->rank != 2 || (a_turned && a->rank != 2))
		return graph_node_fault(s->n, s->why, "operands of %u and %u dimensions; expected matrices", a->rank, b->rank), -1;
	size_t k = (size_t)b->dim[b_turned], last = (size_t)a->dim[a->rank - 1];
	struct matmul m = {.batches = 1, .m = a_turned ? last : a->count / last, .k = a_turned ? (size_t)a->dim[0] : last, .n = (size_t)b->dim[!b_turned]};
	if (m.k != k)
		return graph_node_fault(s->n, s->why, "%zu columns by %zu rows cannot be multiplied", m.k, k), -1;
	return lower_set_product(s, &m, a_turned, b_turned) || fault_set(s->why, "out of memory for a layer") ? 1 : -1;
}
