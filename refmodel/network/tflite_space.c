/* SPACE_TO_BATCH_ND, BATCH_TO_SPACE_ND: pixels that are a block apart become one image, and back. */
#include <string.h>

#include "host_list.h"
#include "tflite_kernel.h"

struct blocks {
	size_t n, images;           /* of the side with whole pixels; of the other side */
	size_t size[2];             /* of a block */
	int64_t edge[2][2];         /* padding or cut, before and behind */
	size_t big[2], small[2];    /* pixels of the two sides */
	size_t channels;
};

/* [1 or 2][2] */
static bool edges(struct host_call *c, size_t input, size_t spatial, struct blocks *b)
{
	const struct tensor *t = c->in[input];
	if (t->type != TENSOR_INT32 && t->type != TENSOR_INT64)
		return host_type_fault(c, input, "int32 or int64");
	if (t->count != 2 * spatial)
		return host_fault(c, "input %zu has %zu numbers; expected %zu", input, t->count, 2 * spatial);
	if (!host_known(c, input))
		return false;
	for (size_t i = 0; i < t->count; i++) {
		int64_t v = tensor_integer(t, i);
		if (v < 0 || v > 1 << 24)
			return host_fault(c, "padding or cut of %lld; expected 0 to %d", (long long)v, 1 << 24);
		b->edge[i / 2][i % 2] = v;
	}
	return true;
}

/* Without a width there is one column. */
static bool resolve(struct host_call *c, struct blocks *b)
{
	const struct tensor *x = c->in[0];
	struct host_list l = {.given = false};
	if (x->rank != 4 && x->rank != 3)
		return host_fault(c, "input of %u dimensions; expected [n, height, width, channels] or [n, length, channels]", x->rank);
	size_t spatial = x->rank - 2;
	*b = (struct blocks){.size = {1, 1}, .channels = (size_t)x->dim[x->rank - 1]};
	bool good = tflite_same_type(c, 0) && host_list(c, 1, NULL, &l) && host_list_count(c, &l, "block sizes", spatial);
	for (size_t i = 0; good && i < spatial; i++) {
		good = (l.v[i] >= 1 && l.v[i] <= 1 << 15) || host_fault(c, "block size %lld; expected 1 to %d", (long long)l.v[i], 1 << 15);
		b->size[i] = good ? (size_t)l.v[i] : 1;
	}
	host_list_free(&l);
	return good && edges(c, 2, spatial, b);
}

/* Copies pixels one way: into the images where `split`. y is zero points already where nothing goes. */
static void move(const struct blocks *b, const struct tensor *x, struct tensor *y, bool split)
{
	size_t bytes = b->channels * tensor_type_bytes(x->type);
	for (size_t image = 0; image < b->images; image++) {
		size_t block = image / b->n, top = block / b->size[1], left = block % b->size[1];
		for (size_t r = 0; r < b->small[0]; r++)
			for (size_t k = 0; k < b->small[1]; k++) {
				int64_t row = (int64_t)(r * b->size[0] + top) - b->edge[0][0], column = (int64_t)(k * b->size[1] + left) - b->edge[1][0];
				if (row < 0 || row >= (int64_t)b->big[0] || column < 0 || column >= (int64_t)b->big[1])
					continue;
				size_t big = ((image % b->n * b->big[0] + (size_t)row) * b->big[1] + (size_t)column) * bytes;
				size_t small = ((image * b->small[0] + r) * b->small[1] + k) * bytes;
				memcpy((char *)y->data + (split ? small : big), (const char *)x->data + (split ? big : small), bytes);
			}
	}
}

static void fill_zero(const struct host_call *c, struct tensor *y)
{
	const struct graph_quant *q = tflite_out_value(c, 0)->quant;
	for (size_t i = 0; q && q->zero[0] && tflite_is_code(y->type) && i < y->count; i++)
		tflite_put(y, i, q->zero[0], tflite_code_min(y->type), tflite_code_max(y->type));
}

static struct tensor *output(struct host_call *c, size_t images, const size_t pixels[2], size_t channels)
{
	int64_t dim[4] = {(int64_t)images, (int64_t)pixels[0], (int64_t)pixels[1], (int64_t)channels};
	if (c->in[0]->rank == 3)
		dim[2] = dim[3];
	struct tensor *y = tflite_out(c, 0, c->in[0]->rank, dim);
	return y && host_steps(c, y->count, 1, 1) ? y : NULL;
}

bool tflite_space_to_batch_nd(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct blocks b;
	if (!resolve(c, &b))
		return false;
	for (size_t i = 0; i < 2; i++) {
		b.big[i] = i < x->rank - 2 ? (size_t)x->dim[1 + i] : 1;
		size_t padded = b.big[i] + (size_t)(b.edge[i][0] + b.edge[i][1]);
		b.small[i] = padded / b.size[i];
		if (padded % b.size[i])
			return host_fault(c, "%zu padded pixels; expected a multiple of %zu", padded, b.size[i]);
	}
	b.n = (size_t)x->dim[0];
	b.images = b.n * b.size[0] * b.size[1];
	struct tensor *y = output(c, b.images, b.small, b.channels);
	if (y && !c->dry && y->count) {
		fill_zero(c, y);
		move(&b, x, y, true);
	}
	return y;
}

bool tflite_batch_to_space_nd(struct host_call *c)
{
	const struct tensor *x = c->in[0];
	struct blocks b;
	if (!resolve(c, &b))
		return false;
	b.images = (size_t)x->dim[0];
	b.n = b.images / (b.size[0] * b.size[1]);
	if (b.n * b.size[0] * b.size[1] != b.images)
		return host_fault(c, "%zu images; expected a multiple of %zu", b.images, b.size[0] * b.size[1]);
	for (size_t i = 0; i < 2; i++) {
		b.small[i] = i < x->rank - 2 ? (size_t)x->dim[1 + i] : 1;
		int64_t left = (int64_t)(b.small[i] * b.size[i]) - b.edge[i][0] - b.edge[i][1];
		if (left < 0)
			return host_fault(c, "cuts of %lld and %lld of %zu pixels", (long long)b.edge[i][0], (long long)b.edge[i][1], b.small[i] * b.size[i]);
		b.big[i] = (size_t)left;
	}
	struct tensor *y = output(c, b.n, b.big, b.channels);
	if (y && !c->dry && y->count)
		move(&b, x, y, false);
	return y;
}
