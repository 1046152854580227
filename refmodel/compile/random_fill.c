#include "random_fill.h"

#include <string.h>

#include "layer_encode.h"

/* How a tensor's elements are drawn. */
enum kind { KIND_GAUSS, KIND_RELU, KIND_SPARSE, KIND_UNIFORM, KIND_CORNER, KINDS };

static bool chance(struct bitlet_rng *r, uint32_t percent)
{
	return bitlet_random_below(r, 100) < percent;
}

/* Exact at every step, so equal on every machine. */
static float gauss(struct bitlet_rng *r)
{
	return (float)bitlet_random_gauss(r) / 65536;
}

static uint32_t float_bits(float v)
{
	uint32_t bits;
	memcpy(&bits, &v, sizeof bits);
	return bits;
}

/* ---- elements ---- */

static uint32_t float_corner(const struct bitlet_precision *p, struct bitlet_rng *r)
{
	uint32_t mantissa = (UINT32_C(1) << p->man_bits) - 1, exponent = ((UINT32_C(1) << p->exp_bits) - 1) << p->man_bits;
	uint32_t sign = (uint32_t)(bitlet_random(r) & 1) << (p->man_bits + p->exp_bits);
	const uint32_t corner[] = { 0, 1, mantissa, mantissa + 1, exponent - 1, exponent, exponent + 1, exponent | mantissa, exponent / 2 & ~mantissa, exponent / 2 };
	return sign | corner[bitlet_random_below(r, sizeof corner / sizeof *corner)];
}

static uint32_t float_element(const struct bitlet_precision *p, enum kind kind, bool finite, struct bitlet_rng *r)
{
	uint32_t word, exponent = ((UINT32_C(1) << p->exp_bits) - 1) << p->man_bits;
	float v = gauss(r);
	if (kind == KIND_CORNER)
		word = float_corner(p, r);
	else if (kind == KIND_UNIFORM)
		word = (uint32_t)bitlet_random(r) & ((exponent << 2) - 1) & ~(UINT32_C(1) << 31) & ((UINT64_C(2) << (p->man_bits + p->exp_bits)) - 1);
	else if (kind == KIND_RELU && v < 0)
		word = 0;
	else
		word = layer_float_word(v, p->exp_bits, p->man_bits);
	return finite && (word & exponent) == exponent ? word & ~(UINT32_C(1) << p->man_bits) : word;
}

static uint32_t fixed_element(unsigned bits, bool is_signed, enum kind kind, struct bitlet_rng *r)
{
	int32_t low = layer_field_min(bits, is_signed), high = layer_field_max(bits, is_signed);
	int32_t v = (int32_t)(gauss(r) * (float)(high / 4 + 1));
	if (kind == KIND_UNIFORM)
		return layer_field((int32_t)(bitlet_random(r) & ((UINT64_C(1) << bits) - 1)) + low, bits);
	if (kind == KIND_CORNER)
		return layer_field(chance(r, 50) ? low : high, bits);
	if (kind == KIND_RELU && v < 0)
		v = 0;
	return layer_field(v < low ? low : v > high ? high : v, bits);
}

static void fill(void *to, size_t count, unsigned bytes, const struct bitlet_precision *p, bool weights, enum kind kind, bool finite, struct bitlet_rng *r)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t word = 0;
		if (kind != KIND_SPARSE || chance(r, 25))
			word = p->is_float ? float_element(p, kind, finite, r) : fixed_element(weights ? p->w_bits : p->a_bits, weights ? p->w_signed : p->a_signed, kind, r);
		/* bits above the element are ignored: put something there */
		unsigned bits = weights ? p->w_bits : p->a_bits;
		if (bits < 8 * bytes)
			word |= (uint32_t)bitlet_random(r) << bits;
		layer_store(to, bytes, i, word);
	}
}

/* ---- output ---- */

void random_output(struct layer_task *t, const struct bitlet_derived *d, struct bitlet_rng *r)
{
	struct layer_output *o = &t->output;
	o->format = d->mode[t->mode].precision.is_float ? FORMAT_FP32 : (enum program_format)bitlet_random_below(r, 4);
	o->rounding = (enum program_rounding)bitlet_random_below(r, 3);
	o->is_unsigned = false;
	o->zero = 0;
	o->clamp_low = INT32_MIN;
	o->clamp_high = INT32_MAX;
	if (o->format == FORMAT_FP32) {
		o->clamp_low = (int32_t)(chance(r, 50) ? 0xff800000 : float_bits(chance(r, 50) ? 0.0f : -gauss(r) * gauss(r) - 8));
		o->clamp_high = (int32_t)(chance(r, 50) ? 0x7f800000 : float_bits(6.0f));
		return;
	}
	int32_t bits = 8 * (int32_t)layer_format_bytes(o->format);
	bool is_unsigned = o->is_unsigned = bits < 32 && chance(r, 40);
	if (bits < 32) {
		o->clamp_low = is_unsigned ? 0 : -(1 << (bits - 1));
		o->clamp_high = (is_unsigned ? 1 << bits : 1 << (bits - 1)) - 1;
	}
	if (chance(r, 60))
		o->zero = (int32_t)bitlet_random_below(r, 256) - (is_unsigned ? 0 : 128);
	if (chance(r, 30)) /* a ReLU */
		o->clamp_low = o->zero;
	if (o->clamp_low > o->clamp_high)
		o->clamp_low = o->clamp_high;
}

/* About how many bits the sums have. */
static int sum_bits(const struct layer_task *t, const struct bitlet_derived *d)
{
	const struct bitlet_precision *p = &d->mode[t->mode].precision;
	uint64_t k = (uint64_t)t->kernel[0] * t->kernel[1] * t->kernel[2] * (t->in_channels / t->groups);
	return p->w_bits + p->a_bits - 4 + (int)bitlet_clog2(k > 65536 ? 65536 : (unsigned)k) / 2;
}

static int clip(int v, int low, int high)
{
	return v < low ? low : v > high ? high : v;
}

static void integer_params(struct layer_task *t, const struct bitlet_derived *d, struct bitlet_rng *r, uint32_t i)
{
	struct layer_output *o = &t->output;
	int drop = sum_bits(t, d) - 8 * (int)layer_format_bytes(o->format) + (int)bitlet_random_below(r, 5) - 2;
	int low = o->rounding == ROUND_TFLITE_DOUBLE ? -31 : 0, high = o->rounding == ROUND_TFLITE_DOUBLE ? 30 : 62;
	o->multiplier[i] = (UINT32_C(1) << 30) + (uint32_t)(bitlet_random(r) & 0x3fffffff);
	o->shift[i] = (int8_t)clip(o->rounding == ROUND_TFLITE_DOUBLE ? -drop : drop + 31, low, high);
	if (!chance(r, 10))
		return;
	o->multiplier[i] = (uint32_t)(bitlet_random(r) & 0x7fffffff) >> bitlet_random_below(r, 31);
	o->shift[i] = (int8_t)((int)bitlet_random_below(r, (uint32_t)(high - low + 1)) + low);
}

static void random_params(struct layer_task *t, const struct bitlet_derived *d, struct bitlet_rng *r, uint32_t i)
{
	struct layer_output *o = &t->output;
	bool is_float = d->mode[t->mode].precision.is_float;
	if (is_float)
		o->bias[i] = (int32_t)(chance(r, 3) ? (uint32_t)bitlet_random(r) : float_bits(gauss(r)));
	else
		o->bias[i] = chance(r, 3) ? (int32_t)(uint32_t)bitlet_random(r) : (int32_t)(gauss(r) * (float)(1 << clip(sum_bits(t, d), 0, 28)));
	if (o->format != FORMAT_FP32)
		integer_params(t, d, r, i);
	else
		o->multiplier[i] = chance(r, 3) ? (uint32_t)bitlet_random(r) : float_bits(gauss(r) / (is_float ? 1 : (float)(1 << clip(sum_bits(t, d), 0, 28))));
}

void random_fill(struct layer_task *t, const struct bitlet_derived *d, struct bitlet_rng *r, bool finite)
{
	const struct bitlet_mode *m = &d->mode[t->mode];
	enum kind w = (enum kind)bitlet_random_below(r, KINDS), a = (enum kind)bitlet_random_below(r, KINDS);
	fill(t->act, layer_act_bytes(t, d) / m->a_bytes, m->a_bytes, &m->precision, false, a, finite, r);
	fill(t->weights, layer_weight_bytes(t, d) / m->w_bytes, m->w_bytes, &m->precision, true, w, finite, r);
	for (uint32_t i = 0; i < t->out_channels; i++)
		random_params(t, d, r, i);
}
