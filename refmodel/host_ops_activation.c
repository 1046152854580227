/* Activation functions with more to them than a comparison. Computed in double precision, rounded once. NaN stays NaN. */
#include <math.h>
#include <string.h>

#include "attribute.h"
#include "host_broadcast.h"
#include "host_unary.h"

/* log(1 + exp(x)) without overflow */
static double softplus(double x)
{
	return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double between(double x, double low, double high)
{
	return x < low ? low : x > high ? high : x;
}

static double celu_of(double x, const double *p)
{
	return x > 0 ? x : p[0] * expm1(x / p[0]);
}

static double elu_of(double x, const double *p)
{
	return x > 0 ? x : p[0] * expm1(x);
}

static double gelu_of(double x, const double *unused)
{
	(void)unused;
	return 0.5 * x * (1 + erf(x * 0.70710678118654752440));
}

static double gelu_tanh_of(double x, const double *unused)
{
	(void)unused;
	return 0.5 * x * (1 + tanh(0.79788456080286535588 * (x + 0.044715 * x * x * x)));
}

static double hard_sigmoid_of(double x, const double *p)
{
	return between(p[0] * x + p[1], 0, 1);
}

static double hard_swish_of(double x, const double *unused)
{
	(void)unused;
	return x * between(x / 6 + 0.5, 0, 1);
}

static double mish_of(double x, const double *unused)
{
	(void)unused;
	return x * tanh(softplus(x));
}

static double selu_of(double x, const double *p)
{
	return p[1] * (x > 0 ? x : p[0] * expm1(x));
}

static double softplus_of(double x, const double *unused)
{
	(void)unused;
	return softplus(x);
}

static double softsign_of(double x, const double *unused)
{
	(void)unused;
	return x / (1 + fabs(x));
}

static double thresholded_relu_of(double x, const double *p)
{
	return x <= p[0] ? 0 : x;
}

/* f with attributes a and b (NULL: none) as parameters. */
static bool with(struct host_call *c, host_unary_function f, const char *a, float a_fallback, const char *b, float b_fallback)
{
	float p0 = 0, p1 = 0;
	return (!a || attribute_float(c->node, a, a_fallback, &p0, c->fault)) && (!b || attribute_float(c->node, b, b_fallback, &p1, c->fault)) &&
	       host_unary(c, f, (double)p0, (double)p1);
}

bool host_celu(struct host_call *c)
{
	return with(c, celu_of, "alpha", 1, NULL, 0);
}

bool host_elu(struct host_call *c)
{
	return with(c, elu_of, "alpha", 1, NULL, 0);
}

bool host_gelu(struct host_call *c)
{
	const char *kind;
	if (!attribute_string(c->node, "approximate", "none", &kind, c->fault))
		return false;
	if (strcmp(kind, "none") != 0 && strcmp(kind, "tanh") != 0)
		return host_fault(c, "approximate '%.20s'; expected none or tanh", kind);
	return host_unary(c, kind[0] == 't' ? gelu_tanh_of : gelu_of, 0, 0);
}

bool host_hard_sigmoid(struct host_call *c)
{
	return with(c, hard_sigmoid_of, "alpha", 0.2f, "beta", 0.5f);
}

bool host_hard_swish(struct host_call *c)
{
	return with(c, hard_swish_of, NULL, 0, NULL, 0);
}

bool host_mish(struct host_call *c)
{
	return with(c, mish_of, NULL, 0, NULL, 0);
}

bool host_selu(struct host_call *c)
{
	return with(c, selu_of, "alpha", 1.67326319217681884765625f, "gamma", 1.05070102214813232421875f);
}

bool host_softplus(struct host_call *c)
{
	return with(c, softplus_of, NULL, 0, NULL, 0);
}

bool host_softsign(struct host_call *c)
{
	return with(c, softsign_of, NULL, 0, NULL, 0);
}

bool host_thresholded_relu(struct host_call *c)
{
	return with(c, thresholded_relu_of, "alpha", 1, NULL, 0);
}

/* ---- PRelu: the slope is broadcast to x, never the other way round; one multiplication in single precision */

bool host_p_relu(struct host_call *c)
{
	const struct tensor *x = c->in[0], *slope = c->in[1];
	int64_t dim[TENSOR_MAX_RANK];
	unsigned rank;
	char text[160];
	if (!host_type(c, 0, TENSOR_FLOAT32) || !host_type(c, 1, TENSOR_FLOAT32) || !host_broadcast_shape(c, &rank, dim))
		return false;
	if (rank != x->rank || memcmp(dim, x->dim, rank * sizeof dim[0]) != 0)
		return host_fault(c, "slope of shape %s cannot be broadcast to the input's", tensor_shape_text(slope->rank, slope->dim, text, sizeof text));
	struct tensor *y = host_steps(c, x->count, 1, 1) ? host_out_like(c, 0, x) : NULL;
	if (!y || c->dry)
		return y;
	struct host_broadcast s;
	host_broadcast(rank, dim, (const struct tensor *[]){x, slope}, 2, &s);
	const float *a = x->data, *b = slope->data;
	for (size_t i = 0; y->count && i < s.rows; i++) {
		size_t at[HOST_BROADCAST_MAX];
		host_broadcast_row(&s, i, at);
		for (size_t j = 0; j < s.row; j++) {
			float v = a[at[0] + j * s.step[0]];
			((float *)y->data)[i * s.row + j] = v < 0 ? v * b[at[1] + j * s.step[1]] : v;
		}
	}
	return true;
}
