/* Kernels of one operand, element by element: functions of floats, and of codes by a table or in fixed point. */
#include <math.h>

#include "tflite_fixed.h"
#include "tflite_kernel.h"

struct map {
	const struct tensor *x;
	struct tensor *y;
	float (*floats)(float v);
	struct tflite_code xq, yq;
};

/* Same shape; a dry run ends here, with data NULL. */
static bool start(struct host_call *c, struct map *m)
{
	m->x = c->in[0];
	m->y = host_steps(c, m->x->count, 1, 1) ? tflite_out(c, 0, m->x->rank, m->x->dim) : NULL;
	return m->y;
}

static bool start_codes(struct host_call *c, struct map *m)
{
	return tflite_in_code(c, 0, &m->xq) && tflite_out_code(c, &m->yq) && start(c, m);
}

static bool map_floats(struct host_call *c, struct map *m)
{
	if (!start(c, m))
		return false;
	for (size_t i = 0; !c->dry && i < m->x->count; i++)
		((float *)m->y->data)[i] = m->floats(((const float *)m->x->data)[i]);
	return true;
}

/* int8: every code by its table entry. */
static void use_table(const struct map *m, const int8_t table[256])
{
	for (size_t i = 0; i < m->x->count; i++)
		((int8_t *)m->y->data)[i] = table[((const int8_t *)m->x->data)[i] + 128];
}

static int8_t to_int8(int64_t v)
{
	return (int8_t)(v < INT8_MIN ? INT8_MIN : v > INT8_MAX ? INT8_MAX : v);
}

/* ---- floats alone */

#define FLOAT_KERNEL(name, expression) \
	static float name##_float(float v) \
	{ \
		return (expression); \
	} \
	bool tflite_##name(struct host_call *c) \
	{ \
		struct map m = {.floats = name##_float}; \
		return host_type(c, 0, TENSOR_FLOAT32) && tflite_same_type(c, 0) && map_floats(c, &m); \
	}

FLOAT_KERNEL(floor, floorf(v))
FLOAT_KERNEL(ceil, ceilf(v))
FLOAT_KERNEL(round, rintf(v)) /* halves to even */
FLOAT_KERNEL(log, (float)log((double)v))
FLOAT_KERNEL(sqrt, sqrtf(v))
FLOAT_KERNEL(square, v * v)
FLOAT_KERNEL(neg, -v)

/* ---- floats, and int8 by a table of the float function */

static bool either_type(struct host_call *c)
{
	if (c->in[0]->type != TENSOR_FLOAT32 && c->in[0]->type != TENSOR_INT8)
		return host_type_fault(c, 0, "float32 or int8");
	return tflite_same_type(c, 0);
}

/* Computed in floats, as the framework makes its tables. */
static bool map_table(struct host_call *c, struct map *m)
{
	int8_t table[256];
	if (!either_type(c))
		return false;
	if (c->in[0]->type == TENSOR_FLOAT32)
		return map_floats(c, m);
	if (!start_codes(c, m) || c->dry)
		return m->y;
	float inverse = 1 / m->yq.scale;
	for (int v = INT8_MIN; v <= INT8_MAX; v++) {
		float r = roundf(m->floats(m->xq.scale * (float)(v - m->xq.zero)) * inverse);
		float code = r + (float)m->yq.zero;
		table[v + 128] = isnan(code) || code <= INT8_MIN ? INT8_MIN : code >= INT8_MAX ? INT8_MAX : (int8_t)code;
	}
	use_table(m, table);
	return true;
}

static float exp_float(float v)
{
	return (float)exp((double)v);
}

bool tflite_exp(struct host_call *c)
{
	struct map m = {.floats = exp_float};
	return map_table(c, &m);
}

static float elu_float(float v)
{
	return v < 0 ? (float)expm1((double)v) : v;
}

bool tflite_elu(struct host_call *c)
{
	struct map m = {.floats = elu_float};
	return map_table(c, &m);
}

/* ---- int8 with a multiplier */

static float abs_float(float v)
{
	return fabsf(v);
}

bool tflite_abs(struct host_call *c)
{
	struct map m = {.floats = abs_float};
	struct tflite_multiplier scale;
	int8_t table[256];
	if (!either_type(c))
		return false;
	if (c->in[0]->type == TENSOR_FLOAT32)
		return map_floats(c, &m);
	if (!start_codes(c, &m) || !tflite_real(c, (double)m.xq.scale / (double)m.yq.scale, &scale))
		return false;
	for (int v = INT8_MIN; v <= INT8_MAX; v++) {
		int32_t size = v < m.xq.zero ? m.xq.zero - v : v - m.xq.zero;
		table[v + 128] = to_int8((int64_t)(m.xq.scale == m.yq.scale ? size : tflite_scale(size, scale)) + m.yq.zero);
	}
	if (!c->dry)
		use_table(&m, table);
	return true;
}

static float rsqrt_float(float v)
{
	return (float)(1 / sqrt((double)v));
}

enum { ROOT_PLACES = 20 };      /* keep 1 / sqrt(code) an integer */

static bool root_table(struct host_call *c, const struct map *m, int8_t table[256])
{
	struct tflite_multiplier scale;
	if (!tflite_real(c, 1 / (sqrt((double)m->xq.scale) * (double)m->yq.scale), &scale))
		return false;
	if (scale.shift - ROOT_PLACES < -31)
		return host_fault(c, "the scales make a multiplier too small for the framework's arithmetic");
	scale.shift -= ROOT_PLACES;
	for (int v = INT8_MIN; v <= INT8_MAX; v++) {
		struct tflite_multiplier root;
		tflite_fixed_inverse_root(v - m->xq.zero, &root.mantissa, &root.shift);
		root.shift += ROOT_PLACES;
		int32_t data = v > m->xq.zero ? tflite_scale(1, root) : 0;
		table[v + 128] = v == m->xq.zero ? INT8_MAX : to_int8((int64_t)tflite_scale(data, scale) + m->yq.zero);
	}
	return true;
}

bool tflite_rsqrt(struct host_call *c)
{
	struct map m = {.floats = rsqrt_float};
	int8_t table[256];
	if (!either_type(c))
		return false;
	if (c->in[0]->type == TENSOR_FLOAT32)
		return map_floats(c, &m);
	if (!start_codes(c, &m) || !root_table(c, &m, table))
		return false;
	for (size_t i = 0; !c->dry && i < m.x->count; i++)
		if (((const int8_t *)m.x->data)[i] < m.xq.zero)
			return host_fault(c, "element %zu is below 0; expected numbers that have a root", i);
	if (!c->dry)
		use_table(&m, table);
	return true;
}

/* ---- logistic function and hyperbolic tangent: codes in Q4, beyond whose range they are constant */

static float logistic_float(float v)
{
	return (float)(1 / (1 + exp(-(double)v)));
}

static float tanh_float(float v)
{
	return (float)tanh((double)v);
}

/* Codes of the function of a number in Q4; -128 and 127 from `radius` on. */
static void q4_table(const struct map *m, int8_t (*code)(int32_t q4), int8_t table[256])
{
	enum { BITS = 4 };
	struct tflite_multiplier scale;
	double part = frexp((double)m->xq.scale * (1 << (31 - BITS)), &scale.shift);
	double radius = floor(((1 << BITS) - 1) * ldexp(1, 31 - BITS - scale.shift));
	scale.mantissa = (int32_t)(int64_t)fmin(round(ldexp(part, 31)), INT32_MAX);
	for (int v = INT8_MIN; v <= INT8_MAX; v++) {
		int32_t x = v - m->xq.zero;
		if (x <= -radius || x >= radius)
			table[v + 128] = x <= -radius ? INT8_MIN : INT8_MAX;
		else
			table[v + 128] = code(scale.shift < -31 ? 0 : tflite_scale(x, scale));
	}
}

static int8_t logistic_code(int32_t q4)
{
	return to_int8((int64_t)tflite_divide(tflite_fixed_logistic(q4), 31 - 8) + INT8_MIN);
}

static int8_t tanh_code(int32_t q4)
{
	return to_int8(tflite_divide(tflite_fixed_tanh(q4), 31 - 7));
}

static bool map_q4(struct host_call *c, struct map *m, int8_t (*code)(int32_t q4), int32_t zero)
{
	int8_t table[256];
	if (!either_type(c))
		return false;
	if (c->in[0]->type == TENSOR_FLOAT32)
		return map_floats(c, m);
	if (!start_codes(c, m))
		return false;
	if (m->yq.zero != zero)
		return host_fault(c, "the output's zero point is %d; expected %d", m->yq.zero, zero);
	q4_table(m, code, table);
	if (!c->dry)
		use_table(m, table);
	return true;
}

bool tflite_logistic(struct host_call *c)
{
	struct map m = {.floats = logistic_float};
	return map_q4(c, &m, logistic_code, INT8_MIN);
}

bool tflite_tanh(struct host_call *c)
{
	struct map m = {.floats = tanh_float};
	return map_q4(c, &m, tanh_code, 0);
}
