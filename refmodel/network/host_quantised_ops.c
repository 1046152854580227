/* bitlet.QConv, bitlet.QGemm, bitlet.QMatMul: plain loops, for reference and for what a configuration has no precision for. */
#include <stdlib.h>

#include "attribute.h"
#include "conv.h"
#include "host_quantised.h"
#include "matmul.h"

static int64_t dot(const int32_t *a, size_t a_step, const int32_t *b, size_t b_step, size_t count)
{
	int64_t sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += (int64_t)a[i * a_step] * b[i * b_step];
	return sum;
}

/* ---- convolution */

static void conv_pixel(const struct quantised *q, const struct conv *v, size_t pixel, const int32_t *offset, int32_t *patch)
{
	for (size_t i = 0; i < v->images * v->groups; i++) {
		size_t image = i / v->groups, group = i % v->groups;
		const int32_t *x = q->x + conv_input(v, image, group);
		for (size_t channel = 0; channel < v->channels; channel++)
			for (size_t tap = 0; tap < v->window.taps; tap++)
				patch[channel * v->window.taps + tap] = offset[tap] < 0 ? 0 : x[channel * v->window.plane + (size_t)offset[tap]];
		for (size_t o = 0; o < v->outputs; o++) {
			size_t row = group * v->outputs + o;
			quantised_put(q, conv_output(v, image, group, o) + pixel, row, dot(q->w + row * v->k, 1, patch, 1, v->k));
		}
	}
}

static bool conv_run_all(struct host_call *c, const struct quantised_inputs *in, const struct conv *v)
{
	struct quantised q;
	int32_t *offset = host_scratch(c, v->window.taps, sizeof *offset), *patch = host_scratch(c, v->k, sizeof *patch);
	bool good = quantised_open(&q, c, in, v->groups * v->outputs, v->k, v->k) && offset && patch;
	for (size_t pixel = 0; good && pixel < v->window.pixels; pixel++) {
		window_offsets(&v->window, pixel, offset);
		conv_pixel(&q, v, pixel, offset, patch);
	}
	quantised_free(&q);
	free(offset);
	free(patch);
	return good;
}

bool host_bitlet_q_conv(struct host_call *c)
{
	static const struct quantised_inputs in = {.bias = 8, .y_scale = 6};
	enum tensor_type t = quantised_type(c, &in);
	int64_t dim[TENSOR_MAX_RANK];
	struct conv v;
	if (t == TENSOR_TYPE_COUNT || !conv_resolve(c->node, c->in[0], c->in[3], &v, c->fault) ||
	    !host_steps(c, v.images * v.groups * v.outputs, v.window.pixels, v.k) || !host_out(c, 0, t, conv_shape(&v, dim), dim))
		return false;
	return c->dry || conv_run_all(c, &in, &v);
}

/* ---- products */

struct q_product {
	struct matmul m;
	size_t a_row, a_step, b_column, b_step;
};

static bool product_run(struct host_call *c, const struct q_product *p)
{
	static const struct quantised_inputs in = {.bias = 6, .y_scale = 7};
	const struct matmul *m = &p->m;
	enum tensor_type t = quantised_type(c, &in);
	struct quantised q;
	if (t == TENSOR_TYPE_COUNT || !host_steps(c, m->batches * m->m, m->n, m->k) || !host_out(c, 0, t, m->rank, m->dim))
		return false;
	if (c->dry)
		return true;
	/* a column's weights follow each other, or lie n apart */
	bool good = quantised_open(&q, c, &in, m->n, p->b_column, m->k);
	for (size_t i = 0; good && i < m->batches * m->m; i++) {
		size_t a, b;
		matmul_batch(m, i / m->m, &a, &b);
		for (size_t j = 0; j < m->n; j++)
			quantised_put(&q, i * m->n + j, j, dot(q.x + a + i % m->m * p->a_row, p->a_step, q.w + b + j * p->b_column, p->b_step, m->k));
	}
	quantised_free(&q);
	return good;
}

bool host_bitlet_q_mat_mul(struct host_call *c)
{
	struct q_product p;
	if (!matmul_resolve(c->node, c->in[0], c->in[3], &p.m, c->fault))
		return false;
	p.a_row = p.m.k;
	p.a_step = p.b_column = 1;
	p.b_step = p.m.n;
	return product_run(c, &p);
}

bool host_bitlet_q_gemm(struct host_call *c)
{
	const struct tensor *a = c->in[0], *b = c->in[3];
	int64_t a_turned, b_turned;
	if (!attribute_range(c->node, "transA", 0, 0, 1, &a_turned, c->fault) || !attribute_range(c->node, "transB", 0, 0, 1, &b_turned, c->fault))
		return false;
	if (a->rank < 1 || b->rank != 2 || !a->count || !b->count || (a_turned && a->rank != 2))
		return host_fault(c, "inputs 0 and 3 have %u and %u dimensions; expected matrices that are not empty", a->rank, b->rank);
	size_t last = (size_t)a->dim[a->rank - 1], rows = a->count / last;
	struct q_product p = {.m = {.batches = 1, .m = a_turned ? last : rows, .k = a_turned ? rows : last, .n = (size_t)b->dim[!b_turned], .rank = a->rank}};
	if (p.m.k != (size_t)b->dim[b_turned])
		return host_fault(c, "%zu columns by %zu rows cannot be multiplied", p.m.k, (size_t)b->dim[b_turned]);
	for (unsigned i = 0; i + 1 < a->rank; i++)
		p.m.dim[i] = a->dim[i];
	if (a->rank == 2)
		p.m.dim[0] = (int64_t)p.m.m;
	p.m.dim[a->rank - 1] = (int64_t)p.m.n;
	p.a_row = a_turned ? 1 : p.m.k;
	p.a_step = a_turned ? p.m.m : 1;
	p.b_column = b_turned ? p.m.k : 1;
	p.b_step = b_turned ? 1 : p.m.n;
	return product_run(c, &p);
}
