/* SOFTMAX and L2_NORMALIZATION, over rows of the last dimension. */
#include <math.h>
#include <string.h>

#include "attribute.h"
#include "tflite_fixed.h"
#include "tflite_kernel.h"

struct rows {
	const struct tensor *x;
	struct tensor *y;
	size_t count, length;
};

static bool start(struct host_call *c, struct rows *r)
{
	r->x = c->in[0];
	if (r->x->rank == 0 || r->x->count == 0)
		return host_fault(c, "input of %u dimensions and %zu elements; expected rows", r->x->rank, r->x->count);
	r->length = (size_t)r->x->dim[r->x->rank - 1];
	r->count = r->x->count / r->length;
	return host_steps(c, r->x->count, 1, 1) && (r->y = tflite_out(c, 0, r->x->rank, r->x->dim));
}

/* ---- floats, in double precision */

static void softmax_floats(const float *x, float *y, size_t length, double beta)
{
	double most = -INFINITY, sum = 0;
	for (size_t i = 0; i < length; i++)
		most = (double)x[i] > most ? (double)x[i] : most;
	for (size_t i = 0; i < length; i++)
		sum += exp(((double)x[i] - most) * beta);
	for (size_t i = 0; i < length; i++)
		y[i] = (float)(exp(((double)x[i] - most) * beta) / sum);
}

/* ---- codes: differences from the largest in Q5, their exponentials summed in Q12 */

enum { DIFFERENCE_BITS = 5, SUM_BITS = 12 };

struct softmax {
	struct tflite_multiplier scale; /* shift >= 0 */
	int32_t least;              /* difference, below which the exponential is 0 */
};

static bool softmax_scale(struct host_call *c, struct softmax *s, double beta, const struct tflite_code *x)
{
	double real = fmin(beta * (double)x->scale * (1 << (31 - DIFFERENCE_BITS)), 2147483647.0);
	if (!(real > 1))
		return host_fault(c, "beta %g at scale %g; expected a product above 2^-26", beta, (double)x->scale);
	/* up to 2^31 - 1: more than tflite_multiplier() takes */
	double part = frexp(real, &s->scale.shift);
	int64_t mantissa = (int64_t)round(ldexp(part, 31));
	if (mantissa == (int64_t)1 << 31) {
		mantissa /= 2;
		s->scale.shift++;
	}
	s->scale.mantissa = (int32_t)mantissa;
	s->least = -(int32_t)floor(ldexp((1 << DIFFERENCE_BITS) - 1, 31 - DIFFERENCE_BITS - s->scale.shift));
	return true;
}

/* e^(difference), Q0. */
static int32_t exponential(const struct softmax *s, int32_t difference)
{
	int32_t v = (int32_t)((uint32_t)difference << s->scale.shift);
	return tflite_fixed_exp(tflite_high(v, s->scale.mantissa), DIFFERENCE_BITS);
}

static bool softmax_codes(struct host_call *c, const struct rows *r, const struct softmax *s, size_t row)
{
	size_t at = row * r->length;
	int32_t most = INT32_MIN, low = tflite_code_min(r->y->type), high = tflite_code_max(r->y->type);
	uint64_t sum = 0;
	int over;
	for (size_t i = 0; i < r->length; i++)
		most = tflite_get(r->x, at + i) > most ? tflite_get(r->x, at + i) : most;
	for (size_t i = 0; i < r->length; i++)
		if (tflite_get(r->x, at + i) - most >= s->least)
			sum += (uint64_t)tflite_divide(exponential(s, tflite_get(r->x, at + i) - most), SUM_BITS);
	if (sum > INT32_MAX)
		return host_fault(c, "row %zu of %zu elements sums up beyond the framework's 32 bits", row, r->length);
	int32_t inverse = tflite_fixed_reciprocal((uint32_t)sum, SUM_BITS, &over);
	int places = over + 31 - 8 * (int)tensor_type_bytes(r->y->type);
	for (size_t i = 0; i < r->length; i++) {
		int32_t difference = tflite_get(r->x, at + i) - most;
		int32_t v = difference < s->least ? 0 : tflite_divide(tflite_high(inverse, exponential(s, difference)), places);
		tflite_put(r->y, at + i, (int64_t)v + low, low, high);
	}
	return true;
}

/* int8 and uint8 to themselves, int8 to int16; the output's scale is one over all its codes. */
static bool check_codes(struct host_call *c, struct softmax *s, double beta)
{
	enum tensor_type x = c->in[0]->type, y = tflite_out_value(c, 0)->type;
	struct tflite_code xq, yq;
	if ((x != TENSOR_INT8 && x != TENSOR_UINT8) || (x != y && !(x == TENSOR_INT8 && y == TENSOR_INT16)))
		return host_fault(c, "from %s to %s; expected float32, int8 or uint8 to the same, or int8 to int16", tensor_type_name(x), tensor_type_name(y));
	if (!tflite_in_code(c, 0, &xq) || !tflite_out_code(c, &yq))
		return false;
	double want = y == TENSOR_INT16 ? 1.0 / 65536 : 1.0 / 256;
	if (yq.zero != tflite_code_min(y) || fabs((double)yq.scale - want) > want / 1000)
		return host_fault(c, "the output has scale %g and zero point %d; expected %g and %d", (double)yq.scale, yq.zero, want, tflite_code_min(y));
	return softmax_scale(c, s, beta, &xq);
}

bool tflite_softmax(struct host_call *c)
{
	struct rows r;
	struct softmax s = {0};
	float beta;
	bool is_float = c->in[0]->type == TENSOR_FLOAT32;
	if (!attribute_float(c->node, "beta", 0, &beta, c->fault) || (is_float ? !tflite_same_type(c, 0) : !check_codes(c, &s, (double)beta)) || !start(c, &r))
		return false;
	bool good = true;
	for (size_t i = 0; !c->dry && good && i < r.count; i++) {
		if (is_float)
			softmax_floats((const float *)r.x->data + i * r.length, (float *)r.y->data + i * r.length, r.length, (double)beta);
		else
			good = softmax_codes(c, &r, &s, i);
	}
	return good;
}

/* ---- x / |x| */

static void normalise_floats(const float *x, float *y, size_t length)
{
	const double least = 1e-6;
	double sum = 0;
	for (size_t i = 0; i < length; i++)
		sum += (double)x[i] * (double)x[i];
	for (size_t i = 0; i < length; i++)
		y[i] = (float)((double)x[i] / fmax(sqrt(sum), least));
}

/* The result has scale 1/128. */
static bool normalise_codes(struct host_call *c, const struct rows *r, size_t row, int32_t zero)
{
	const int8_t *x = (const int8_t *)r->x->data + row * r->length;
	struct tflite_multiplier root;
	int64_t sum = 0;
	for (size_t i = 0; i < r->length; i++)
		sum += (x[i] - zero) * (x[i] - zero);
	if (sum > INT32_MAX)
		return host_fault(c, "row %zu of %zu elements sums up beyond the framework's 32 bits", row, r->length);
	tflite_fixed_inverse_root((int32_t)sum, &root.mantissa, &root.shift);
	root.shift += 7;
	for (size_t i = 0; i < r->length; i++)
		tflite_put(r->y, row * r->length + i, tflite_scale(x[i] - zero, root), INT8_MIN, INT8_MAX);
	return true;
}

bool tflite_l2_normalization(struct host_call *c)
{
	struct rows r;
	struct tflite_code x = {0};
	const char *activation;
	if (c->in[0]->type != TENSOR_FLOAT32 && c->in[0]->type != TENSOR_INT8)
		return host_type_fault(c, 0, "float32 or int8");
	if (!tflite_same_type(c, 0) || !tflite_word(c, "fused_activation_function", &activation))
		return false;
	if (strcmp(activation, "NONE") != 0)
		return host_fault(c, "fused activation %s; expected NONE", activation);
	if ((c->in[0]->type == TENSOR_INT8 && !tflite_in_code(c, 0, &x)) || !start(c, &r))
		return false;
	bool good = true;
	for (size_t i = 0; !c->dry && good && i < r.count; i++) {
		if (r.x->type == TENSOR_FLOAT32)
			normalise_floats((const float *)r.x->data + i * r.length, (float *)r.y->data + i * r.length, r.length);
		else
			good = normalise_codes(c, &r, i, x.zero);
	}
	return good;
}
