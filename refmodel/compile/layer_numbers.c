#include "layer_numbers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *layer_beside(const char *path, const char *file)
{
	const char *slash = strrchr(path, '/');
	size_t folder = slash && *file != '/' ? (size_t)(slash + 1 - path) : 0, size = folder + strlen(file) + 1;
	char *joined = malloc(size);
	if (joined)
		snprintf(joined, size, "%.*s%s", (int)folder, path, file);
	return joined;
}

static int32_t float_bits(double v)
{
	float number = (float)v;
	int32_t bits;
	memcpy(&bits, &number, sizeof bits);
	return bits;
}

/* ---- format and clamp ---- */

static double lowest(const struct layer_description *l)
{
	unsigned bits = 8 * layer_format_bytes(l->format);
	return l->format == FORMAT_FP32 ? -INFINITY : l->is_unsigned ? 0 : -ldexp(1, (int)bits - 1);
}

static double highest(const struct layer_description *l)
{
	unsigned bits = 8 * layer_format_bytes(l->format);
	return l->format == FORMAT_FP32 ? INFINITY : ldexp(1, (int)bits - (l->is_unsigned ? 0 : 1)) - 1;
}

bool layer_set_format(const struct layer_yaml *y, const struct layer_description *l, struct layer_task *t, struct fault *f)
{
	struct layer_output *o = &t->output;
	double low = l->clamp.given ? l->clamp.number[0] : lowest(l), high = l->clamp.given ? l->clamp.number[1] : highest(l);
	o->format = l->format;
	o->is_unsigned = l->is_unsigned;
	o->rounding = l->rounding;
	o->zero = l->out_zero;
	if (l->format != FORMAT_FP32 && (low != floor(low) || high != floor(high) || low < lowest(l) || high > highest(l)))
		return layer_yaml_fault(y, LAYER_KEY_CLAMP, f, "output.clamp is %g, %g; expected whole numbers of %.0f..%.0f", low, high, lowest(l), highest(l));
	if (low > high)
		return layer_yaml_fault(y, LAYER_KEY_CLAMP, f, "output.clamp is %g, %g; expected the lower end first", low, high);
	if (l->relu)
		low = fmax(low, o->zero);
	if (l->relu == 6)
		high = fmin(high, l->format == FORMAT_FP32 ? 6 : nearbyint(o->zero + 6 / l->step));
	if (low > high)
		return layer_yaml_fault(y, LAYER_KEY_RELU, f, "output.relu leaves nothing of %g..%g; expected a zero point inside of the clamp", low, high);
	o->clamp_low = l->format == FORMAT_FP32 ? float_bits(low) : (int32_t)low;
	o->clamp_high = l->format == FORMAT_FP32 ? float_bits(high) : (int32_t)high;
	return true;
}

/* ---- parameters ---- */

bool layer_scale(double scale, enum program_rounding rounding, uint32_t *multiplier, int8_t *shift)
{
	int exponent;
	if (!(scale >= 0) || isinf(scale))
		return false;
	*multiplier = 0;
	*shift = 0;
	double fraction = frexp(scale, &exponent); /* 0 or 0.5 .. 1 */
	int64_t m = (int64_t)nearbyint(ldexp(fraction, 31));
	int right = 31 - exponent, least = rounding == ROUND_TFLITE_DOUBLE ? 1 : 0, most = 62; /* TFLite's product is divided by 2^31 first: right = 31 - shift */
	if (m == INT64_C(1) << 31) {
		m /= 2;
		right--;
	}
	if (m && right < least)
		return false;
	for (; right > most && m; right--)
		m /= 2;
	*multiplier = (uint32_t)m;
	if (m)
		*shift = (int8_t)(rounding == ROUND_TFLITE_DOUBLE ? 31 - right : right);
	return true;
}

struct column {
	const struct layer_yaml *y;
	enum layer_key key;
	const struct layer_numbers *n;
	struct tensor *array;       /* NULL: the number */
	char *path;
	struct fault *f;
};

static bool column_open(struct column *k, uint32_t channels)
{
	char text[120];
	if (!k->n->file)
		return true;
	k->path = layer_beside(k->y->path, k->n->file);
	k->array = k->path ? npy_load(k->path, k->f) : NULL;
	if (!k->array)
		return fault_set(k->f, "%s: out of memory", k->y->path);
	if (k->array->count != channels || k->array->rank > 1)
		return fault_set(k->f, "%s: the shape is %s; expected [%u], one number a channel", k->path, tensor_shape_text(k->array->rank, k->array->dim, text, sizeof text),
		                 channels);
	return true;
}

static void column_close(struct column *k)
{
	tensor_free(k->array);
	free(k->path);
}

static double column_at(const struct column *k, uint32_t i)
{
	return k->array ? tensor_number(k->array, i) : k->n->number[0];
}

/* A number of channel i that is at fault. */
static bool column_fault(const struct column *k, uint32_t i, const char *expected)
{
	if (k->array)
		return fault_set(k->f, "%s: element %u is %g; expected %s", k->path, i, column_at(k, i), expected);
	return layer_yaml_fault(k->y, k->key, k->f, "%s is %g; expected %s", layer_key_name(k->key), column_at(k, i), expected);
}

static bool set_scales(struct column *k, struct layer_task *t)
{
	struct layer_output *o = &t->output;
	for (uint32_t i = 0; i < t->out_channels; i++) {
		double scale = column_at(k, i);
		if (o->format == FORMAT_FP32)
			o->multiplier[i] = (uint32_t)float_bits(scale);
		else if (!layer_scale(scale, o->rounding, &o->multiplier[i], &o->shift[i]))
			return column_fault(k, i, "a number of 0..1073741824 for an integer format");
	}
	return true;
}

static bool set_whole(struct column *k, uint32_t channels, double low, double high, const char *expected, uint32_t *multiplier, int8_t *shift, int32_t *bias)
{
	for (uint32_t i = 0; i < channels; i++) {
		double v = column_at(k, i);
		if (!(v >= low && v <= high) || v != floor(v))
			return column_fault(k, i, expected);
		if (multiplier)
			multiplier[i] = (uint32_t)v;
		if (shift)
			shift[i] = (int8_t)v;
		if (bias)
			bias[i] = (int32_t)v;
	}
	return true;
}

static bool set_bias(struct column *k, struct layer_task *t, bool is_float)
{
	if (!is_float)
		return set_whole(k, t->out_channels, INT32_MIN, INT32_MAX, "a whole number of 32 bits", NULL, NULL, t->output.bias);
	for (uint32_t i = 0; i < t->out_channels; i++)
		t->output.bias[i] = float_bits(column_at(k, i));
	return true;
}

bool layer_set_params(const struct layer_yaml *y, const struct layer_description *l, const struct bitlet_derived *d, struct layer_task *t, struct fault *f)
{
	bool tflite = t->output.rounding == ROUND_TFLITE_DOUBLE, is_float = d->mode[t->mode].precision.is_float;
	const struct layer_numbers bias_file = { .given = l->bias != NULL, .count = 1, .file = l->bias };
	struct column scale = { y, LAYER_KEY_SCALE, &l->scale, NULL, NULL, f }, multiplier = { y, LAYER_KEY_MULTIPLIER, &l->multiplier, NULL, NULL, f };
	struct column shift = { y, LAYER_KEY_SHIFT, &l->shift, NULL, NULL, f }, bias = { y, LAYER_KEY_BIAS, &bias_file, NULL, NULL, f };
	bool good = column_open(&scale, t->out_channels) && column_open(&multiplier, t->out_channels) && column_open(&shift, t->out_channels) &&
	            column_open(&bias, t->out_channels) && (!l->scale.given || set_scales(&scale, t)) &&
	            (!l->multiplier.given ||
	             (set_whole(&multiplier, t->out_channels, 0, INT32_MAX, "a whole number of 0..2147483647", t->output.multiplier, NULL, NULL) &&
	              set_whole(&shift, t->out_channels, tflite ? -31 : 0, tflite ? 30 : 62, tflite ? "a whole number of -31..30" : "a whole number of 0..62", NULL,
	                        t->output.shift, NULL))) &&
	            (!l->bias || set_bias(&bias, t, is_float));
	/* the default is 1, which TFLite's rounding cannot say but as 2^30 * 2 */
	if (good && tflite && t->output.format != FORMAT_FP32 && !l->scale.given && !l->multiplier.given)
		for (uint32_t i = 0; i < t->out_channels; i++)
			layer_scale(1, ROUND_TFLITE_DOUBLE, &t->output.multiplier[i], &t->output.shift[i]);
	column_close(&scale);
	column_close(&multiplier);
	column_close(&shift);
	column_close(&bias);
	return good;
}

/* ---- results ---- */

static enum tensor_type type_of(const struct compiled *p)
{
	static const enum tensor_type types[] = { TENSOR_INT8, TENSOR_INT16, TENSOR_INT32, TENSOR_FLOAT32 };
	if (p->is_unsigned)
		return p->format == FORMAT_INT8 ? TENSOR_UINT8 : TENSOR_UINT16;
	return types[p->format];
}

struct tensor *layer_result(const struct compiled *p, const struct image *m, bool channels_first, struct fault *f)
{
	int64_t dim[TENSOR_MAX_RANK];
	size_t bytes = layer_format_bytes(p->format), channels = (size_t)p->dim[p->rank - 1], plane = 1;
	memcpy(dim, p->dim, p->rank * sizeof *dim);
	for (unsigned i = 1; i + 1 < p->rank; i++) {
		plane *= (size_t)p->dim[i];
		if (channels_first)
			dim[i + 1] = p->dim[i];
	}
	if (channels_first)
		dim[1] = p->dim[p->rank - 1];
	struct tensor *t = tensor_new(type_of(p), p->rank, dim, f);
	const uint8_t *from = image_at(m, p->out, p->out_bytes);
	for (size_t i = 0; t && i < t->count; i++) {
		size_t image = i / (plane * channels), channel = i / plane % channels, pixel = i % plane;
		size_t at = channels_first ? (image * plane + pixel) * channels + channel : i;
		memcpy((uint8_t *)t->data + i * bytes, from + at * bytes, bytes);
	}
	return t;
}
