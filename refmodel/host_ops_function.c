/* Mathematical functions of one element. Computed in double precision, rounded once; integers are exact and wrap. */
#include <math.h>

#include "attribute.h"
#include "host_unary.h"

#define FUNCTION(name, expression) \
	static double name##_of(double x, const double *unused) \
	{ \
		(void)unused; \
		return expression; \
	} \
	bool host_##name(struct host_call *c) \
	{ \
		return host_unary(c, name##_of, 0, 0); \
	}

FUNCTION(acos, acos(x))
FUNCTION(acosh, acosh(x))
FUNCTION(asin, asin(x))
FUNCTION(asinh, asinh(x))
FUNCTION(atan, atan(x))
FUNCTION(atanh, atanh(x))
FUNCTION(ceil, ceil(x))
FUNCTION(cos, cos(x))
FUNCTION(cosh, cosh(x))
FUNCTION(erf, erf(x))
FUNCTION(exp, exp(x))
FUNCTION(floor, floor(x))
FUNCTION(log, log(x))
FUNCTION(reciprocal, 1 / x)
FUNCTION(round, rint(x)) /* half to even */
FUNCTION(sin, sin(x))
FUNCTION(sinh, sinh(x))
FUNCTION(sqrt, sqrt(x))
FUNCTION(tan, tan(x))

/* ---- Abs, Neg, Sign: integers, too */

static double abs_of(double x, const double *unused)
{
	(void)unused;
	return fabs(x);
}

static double neg_of(double x, const double *unused)
{
	(void)unused;
	return -x;
}

static double sign_of(double x, const double *unused)
{
	(void)unused;
	return x > 0 ? 1 : x < 0 ? -1 : x; /* 0 and NaN stay */
}

static int64_t neg_int(int64_t x)
{
	return (int64_t)(0 - (uint64_t)x);
}

static int64_t abs_int(int64_t x)
{
	return x < 0 ? neg_int(x) : x;
}

static int64_t sign_int(int64_t x)
{
	return (x > 0) - (x < 0);
}

static bool number(struct host_call *c, host_unary_function real, int64_t (*whole)(int64_t x))
{
	const struct tensor *x = c->in[0];
	if (x->type == TENSOR_FLOAT32)
		return host_unary(c, real, 0, 0);
	if (tensor_type_is_float(x->type) || x->type == TENSOR_BOOL)
		return host_type_fault(c, 0, "float32 or an integer type");
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out_like(c, 0, x) : NULL;
	for (size_t i = 0; y && !c->dry && i < x->count; i++)
		tensor_set_integer(y, i, whole(tensor_integer(x, i)));
	return y;
}

bool host_abs(struct host_call *c)
{
	return number(c, abs_of, abs_int);
}

bool host_neg(struct host_call *c)
{
	return number(c, neg_of, neg_int);
}

bool host_sign(struct host_call *c)
{
	return number(c, sign_of, sign_int);
}

/* ---- IsNaN, IsInf: booleans */

static bool kind(struct host_call *c, bool nan, bool negative, bool positive)
{
	const struct tensor *x = c->in[0];
	if (!host_type(c, 0, TENSOR_FLOAT32))
		return false;
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out(c, 0, TENSOR_BOOL, x->rank, x->dim) : NULL;
	for (size_t i = 0; y && !c->dry && i < x->count; i++) {
		float v = ((const float *)x->data)[i];
		bool yes = nan ? isnan(v) : isinf(v) && (v < 0 ? negative : positive);
		((uint8_t *)y->data)[i] = yes;
	}
	return y;
}

bool host_is_nan(struct host_call *c)
{
	return kind(c, true, false, false);
}

bool host_is_inf(struct host_call *c)
{
	int64_t negative, positive;
	return attribute_range(c->node, "detect_negative", 1, 0, 1, &negative, c->fault) &&
	       attribute_range(c->node, "detect_positive", 1, 0, 1, &positive, c->fault) && kind(c, false, negative, positive);
}
