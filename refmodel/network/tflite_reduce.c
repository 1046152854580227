/* MEAN, SUM, REDUCE_MAX, REDUCE_MIN, REDUCE_PROD over any dimensions. */
#include <math.h>

#include "host_list.h"
#include "tflite_kernel.h"

enum kind { MEAN, SUM, MOST, LEAST, PRODUCT };

struct reduce {
	enum kind kind;
	const struct tensor *x;
	struct tensor *y;
	unsigned kept, gone;        /* dimensions longer than 1 */
	size_t kept_dim[TENSOR_MAX_RANK], kept_step[TENSOR_MAX_RANK], gone_dim[TENSOR_MAX_RANK], gone_step[TENSOR_MAX_RANK];
	size_t folded;              /* elements of x that become one of y */
	int32_t x_zero, y_zero;
	struct tflite_multiplier scale;
};

/* Where the elements that become one lie in x, one after the other. */
struct walk {
	size_t at, index[TENSOR_MAX_RANK];
};

static void advance(const struct reduce *r, struct walk *w)
{
	for (unsigned d = r->gone; d-- > 0;) {
		w->at += r->gone_step[d];
		if (++w->index[d] < r->gone_dim[d])
			return;
		w->at -= r->gone_dim[d] * r->gone_step[d];
		w->index[d] = 0;
	}
}

/* Where the first of those that become element i of y lies. */
static size_t start_of(const struct reduce *r, size_t i)
{
	size_t at = 0;
	for (unsigned d = r->kept; d-- > 0; i /= r->kept_dim[d])
		at += i % r->kept_dim[d] * r->kept_step[d];
	return at;
}

/* Splits x's dimensions and makes the output's shape. */
static bool split(struct host_call *c, struct reduce *r, unsigned mask, bool keep, size_t *rank, int64_t dim[TENSOR_MAX_RANK])
{
	size_t step = 1;
	unsigned axis = 0;
	*rank = 0;
	r->folded = 1;
	for (unsigned d = r->x->rank; d-- > 0; step *= (size_t)r->x->dim[d])
		if (mask >> d & 1) {
			r->gone_dim[r->gone] = (size_t)r->x->dim[d];
			r->gone_step[r->gone++] = step;
			r->folded *= (size_t)r->x->dim[d];
		} else {
			r->kept_dim[r->kept] = (size_t)r->x->dim[d];
			r->kept_step[r->kept++] = step;
		}
	for (; axis < r->x->rank; axis++)
		if (!(mask >> axis & 1) || keep)
			dim[(*rank)++] = mask >> axis & 1 ? 1 : r->x->dim[axis];
	return r->folded || host_fault(c, "nothing to reduce: a dimension is 0");
}

/* Dimensions were listed from the last to the first: element i of them counts the other way round. */
static void turn(unsigned rank, size_t *dim, size_t *step)
{
	for (unsigned i = 0; i < rank / 2; i++) {
		size_t d = dim[i], s = step[i];
		dim[i] = dim[rank - 1 - i];
		step[i] = step[rank - 1 - i];
		dim[rank - 1 - i] = d;
		step[rank - 1 - i] = s;
	}
}

static float fold_floats(const struct reduce *r, size_t base)
{
	const float *x = r->x->data;
	struct walk w = {.at = base};
	double v = r->kind == PRODUCT ? 1 : r->kind == MOST ? -INFINITY : r->kind == LEAST ? INFINITY : 0;
	for (size_t i = 0; i < r->folded; i++, advance(r, &w)) {
		double e = (double)x[w.at];
		if (r->kind == PRODUCT)
			v *= e;
		else if (r->kind == MOST)
			v = e > v ? e : v;
		else if (r->kind == LEAST)
			v = e < v ? e : v;
		else
			v += e;
	}
	return (float)(r->kind == MEAN ? v / (double)r->folded : v);
}

static int32_t fold_codes(const struct reduce *r, size_t base)
{
	int64_t sum = 0;
	int32_t most = INT16_MIN, least = UINT16_MAX;
	struct walk w = {.at = base};
	for (size_t i = 0; i < r->folded; i++, advance(r, &w)) {
		int32_t e = tflite_get(r->x, w.at);
		sum += e - r->x_zero;
		most = e > most ? e : most;
		least = e < least ? e : least;
	}
	if (r->kind == MOST || r->kind == LEAST)
		return r->kind == MOST ? most : least;
	return tflite_scale((int32_t)(uint32_t)sum, r->scale);
}

static void fold(const struct reduce *r)
{
	enum tensor_type t = r->y->type;
	for (size_t i = 0; i < r->y->count; i++) {
		size_t base = start_of(r, i);
		if (t == TENSOR_FLOAT32)
			((float *)r->y->data)[i] = fold_floats(r, base);
		else
			tflite_put(r->y, i, (int64_t)fold_codes(r, base) + r->y_zero, tflite_code_min(t), tflite_code_max(t));
	}
}

/* The mean's 1 / n goes into the multiplier, as far as it can be shifted up without loss. */
static void divide_multiplier(struct tflite_multiplier *m, size_t n)
{
	int shift = 63 - __builtin_clzll(n);
	shift = shift < 32 ? shift : 32;
	shift = shift < 31 + m->shift ? shift : 31 + m->shift;
	m->mantissa = (int32_t)(((int64_t)m->mantissa << shift) / (int64_t)n);
	m->shift -= shift;
}

static bool set_codes(struct host_call *c, struct reduce *r)
{
	struct tflite_code x, y;
	if (r->kind == PRODUCT || !(r->x->type == TENSOR_INT8 || r->x->type == TENSOR_UINT8))
		return host_type_fault(c, 0, r->kind == PRODUCT ? "float32" : "float32, int8 or uint8");
	if (r->kind == MOST || r->kind == LEAST)
		return tflite_same_code(c, 0);
	if (!tflite_in_code(c, 0, &x) || !tflite_out_code(c, &y) || !tflite_real(c, (double)x.scale / (double)y.scale, &r->scale))
		return false;
	r->x_zero = x.zero;
	r->y_zero = y.zero;
	if (r->kind == MEAN)
		divide_multiplier(&r->scale, r->folded);
	return true;
}

/* Axes may come twice, as in the framework. */
static bool read_axes(struct host_call *c, unsigned rank, unsigned *mask)
{
	struct host_list l;
	bool good = host_list(c, 1, NULL, &l);
	*mask = 0;
	for (size_t i = 0; good && i < l.count; i++) {
		int64_t v = l.v[i];
		good = (v >= -(int64_t)rank && v < (int64_t)rank) || host_fault(c, "axis %lld; expected -%u to %d", (long long)v, rank, (int)rank - 1);
		if (good)
			*mask |= 1u << (v < 0 ? v + (int64_t)rank : v);
	}
	host_list_free(&l);
	return good;
}

static bool reduce(struct host_call *c, enum kind kind)
{
	struct reduce r = {.kind = kind, .x = c->in[0]};
	unsigned mask;
	bool keep;
	size_t rank;
	int64_t dim[TENSOR_MAX_RANK];
	if (!tflite_same_type(c, 0) || !read_axes(c, r.x->rank, &mask) || !tflite_flag(c, "keep_dims", &keep) ||
	    !split(c, &r, mask, keep, &rank, dim) || (r.x->type != TENSOR_FLOAT32 && !set_codes(c, &r)) || !host_steps(c, r.x->count, 1, 1))
		return false;
	r.y = tflite_out(c, 0, rank, dim);
	if (r.y && !c->dry) {
		turn(r.kept, r.kept_dim, r.kept_step);
		turn(r.gone, r.gone_dim, r.gone_step);
		fold(&r);
	}
	return r.y;
}

bool tflite_mean(struct host_call *c)
{
	return reduce(c, MEAN);
}

bool tflite_sum(struct host_call *c)
{
	return reduce(c, SUM);
}

bool tflite_reduce_max(struct host_call *c)
{
	return reduce(c, MOST);
}

bool tflite_reduce_min(struct host_call *c)
{
	return reduce(c, LEAST);
}

bool tflite_reduce_prod(struct host_call *c)
{
	return reduce(c, PRODUCT);
}
