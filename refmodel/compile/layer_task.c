#include "layer_task.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_EXTENT = 1 << 24, MAX_BYTES = 1 << 30 };

const char *layer_op_name(enum layer_op op)
{
	static const char *const name[LAYER_OPS] = { "conv", "conv_transpose", "dense", "matmul" };
	return name[op];
}

void layer_task_init(struct layer_task *t)
{
	memset(t, 0, sizeof *t);
	t->batch = t->groups = t->in_channels = t->out_channels = 1;
	for (unsigned a = 0; a < LAYER_AXES; a++)
		t->in[a] = t->kernel[a] = t->stride[a] = t->dilation[a] = 1;
	t->output.format = FORMAT_INT32;
	t->output.clamp_low = INT32_MIN;
	t->output.clamp_high = INT32_MAX;
}

void layer_task_free(struct layer_task *t)
{
	free(t->act);
	free(t->weights);
	free(t->output.bias);
	free(t->output.multiplier);
	free(t->output.shift);
	t->act = t->weights = NULL;
	t->output.bias = NULL;
	t->output.multiplier = NULL;
	t->output.shift = NULL;
}

/* ---- shapes ---- */

static int64_t out_extent(const struct layer_task *t, unsigned a)
{
	int64_t reach = (int64_t)(t->kernel[a] - 1) * t->dilation[a] + 1;
	int64_t pads = (int64_t)t->pad_begin[a] + t->pad_end[a];
	if (t->op == LAYER_CONV_TRANSPOSE)
		return (int64_t)(t->in[a] - 1) * t->stride[a] - pads + reach + t->output_padding[a];
	int64_t room = t->in[a] + pads - reach;
	return room < 0 ? 0 : room / t->stride[a] + 1;
}

bool layer_task_out(const struct layer_task *t, uint32_t out[LAYER_AXES], struct fault *f)
{
	static const char *const name[LAYER_AXES] = { "depth", "height", "width" };
	for (unsigned a = 0; a < LAYER_AXES; a++) {
		int64_t extent = out_extent(t, a);
		if (extent < 1 || extent > MAX_EXTENT)
			return fault_set(f, "the output's %s is %lld; expected 1..%d", name[a], (long long)extent, MAX_EXTENT);
		out[a] = (uint32_t)extent;
	}
	return true;
}

unsigned layer_task_shape(const struct layer_task *t, int64_t dim[LAYER_AXES + 2])
{
	uint32_t out[LAYER_AXES] = { 1, 1, 1 };
	struct fault f = { "" };
	unsigned rank = 0;
	layer_task_out(t, out, &f);
	dim[rank++] = t->batch;
	for (unsigned a = LAYER_AXES - t->rank; a < LAYER_AXES; a++)
		dim[rank++] = out[a];
	dim[rank++] = t->out_channels;
	return rank;
}

static size_t product(size_t v, const uint32_t extent[LAYER_AXES])
{
	return v * extent[0] * extent[1] * extent[2];
}

size_t layer_act_bytes(const struct layer_task *t, const struct bitlet_derived *d)
{
	return product((size_t)t->batch * t->in_channels, t->in) * d->mode[t->mode].a_bytes;
}

size_t layer_weight_bytes(const struct layer_task *t, const struct bitlet_derived *d)
{
	size_t copies = t->op == LAYER_MATMUL && !t->shared ? t->batch : 1;
	return product(copies * t->out_channels * (t->in_channels / t->groups), t->kernel) * d->mode[t->mode].w_bytes;
}

unsigned layer_format_bytes(enum program_format format)
{
	return format == FORMAT_INT8 ? 1 : format == FORMAT_INT16 ? 2 : 4;
}

size_t layer_out_bytes(const struct layer_task *t)
{
	uint32_t out[LAYER_AXES] = { 0, 0, 0 };
	struct fault f = { "" };
	layer_task_out(t, out, &f);
	return product((size_t)t->batch * t->out_channels, out) * layer_format_bytes(t->output.format);
}

uint64_t layer_macs(const struct layer_task *t)
{
	uint32_t out[LAYER_AXES] = { 0, 0, 0 };
	struct fault f = { "" };
	layer_task_out(t, out, &f);
	/* each input element of a transposed convolution meets each tap once, but for what is cut off */
	size_t pixels = product(t->batch, t->op == LAYER_CONV_TRANSPOSE ? t->in : out);
	return product(pixels * t->out_channels * (t->in_channels / t->groups), t->kernel);
}

bool layer_task_alloc(struct layer_task *t, const struct bitlet_derived *d, struct fault *f)
{
	struct layer_output *o = &t->output;
	t->act = calloc(layer_act_bytes(t, d), 1);
	t->weights = calloc(layer_weight_bytes(t, d), 1);
	o->bias = calloc(t->out_channels, sizeof *o->bias);
	o->multiplier = calloc(t->out_channels, sizeof *o->multiplier);
	o->shift = calloc(t->out_channels, sizeof *o->shift);
	if (!t->act || !t->weights || !o->bias || !o->multiplier || !o->shift) {
		layer_task_free(t);
		return fault_set(f, "out of memory for a layer's tensors");
	}
	for (uint32_t i = 0; i < t->out_channels; i++)
		o->multiplier[i] = o->format == FORMAT_FP32 ? 0x3f800000 : 1;
	return true;
}

/* ---- checks ---- */

static bool in_range(const char *what, int64_t v, int64_t low, int64_t high, struct fault *f)
{
	return (v >= low && v <= high) || fault_set(f, "%s is %lld; expected %lld..%lld", what, (long long)v, (long long)low, (long long)high);
}

static bool check_axes(const struct layer_task *t, struct fault *f)
{
	for (unsigned a = 0; a < LAYER_AXES; a++) {
		if (!in_range("an input extent", t->in[a], 1, MAX_EXTENT, f) || !in_range("a kernel extent", t->kernel[a], 1, MAX_EXTENT, f) ||
		    !in_range("a stride", t->stride[a], 1, MAX_EXTENT, f) || !in_range("a dilation", t->dilation[a], 1, MAX_EXTENT, f) ||
		    !in_range("a pad", t->pad_begin[a], -MAX_EXTENT, 32767, f) || !in_range("a pad", t->pad_end[a], -MAX_EXTENT, MAX_EXTENT, f) ||
		    !in_range("output_padding", t->output_padding[a], 0, t->op == LAYER_CONV_TRANSPOSE ? t->stride[a] - 1 : 0, f))
			return false;
		bool there = a >= LAYER_AXES - t->rank;
		bool plain = t->kernel[a] == 1 && t->stride[a] == 1 && t->dilation[a] == 1 && !t->pad_begin[a] && !t->pad_end[a];
		if ((!there && (!plain || t->in[a] != 1)) || (t->op == LAYER_MATMUL && !plain))
			return fault_set(f, "%s has a kernel, stride, dilation or pad on an axis that it has not; expected none", layer_op_name(t->op));
	}
	return true;
}

static bool check_shape(const struct layer_task *t, const struct bitlet_derived *d, struct fault *f)
{
	uint32_t out[LAYER_AXES];
	bool product_or_dense = t->op == LAYER_DENSE || t->op == LAYER_MATMUL;
	if (!in_range("batch", t->batch, 1, MAX_EXTENT, f) || !in_range("groups", t->groups, 1, product_or_dense ? 1 : MAX_EXTENT, f) ||
	    !in_range("input channels", t->in_channels, 1, MAX_EXTENT, f) || !in_range("output channels", t->out_channels, 1, MAX_EXTENT, f) ||
	    !in_range("spatial axes", t->rank, t->op == LAYER_MATMUL ? 1 : 0, product_or_dense ? t->op == LAYER_MATMUL : LAYER_AXES, f))
		return false;
	if (t->in_channels % t->groups || t->out_channels % t->groups)
		return fault_set(f, "%u groups do not divide %u input and %u output channels; expected a common divisor", t->groups, t->in_channels, t->out_channels);
	if (!check_axes(t, f) || !layer_task_out(t, out, f))
		return false;
	double act = (double)t->batch * t->in_channels * t->in[0] * t->in[1] * t->in[2] * 4, weights = (double)t->batch * t->out_channels * t->in_channels * 4;
	double taps = (double)t->kernel[0] * t->kernel[1] * t->kernel[2], results = (double)t->batch * t->out_channels * out[0] * out[1] * out[2] * 4;
	if (t->op != LAYER_MATMUL || t->shared)
		weights = weights / t->batch * taps / t->groups;
	if (act > MAX_BYTES || weights > MAX_BYTES || results > MAX_BYTES)
		return fault_set(f, "a tensor of more than %d elements; expected smaller ones", MAX_BYTES / 4);
	(void)d;
	return true;
}

static bool check_zero(const struct layer_task *t, const struct bitlet_config *c, const struct bitlet_derived *d, struct fault *f)
{
	const struct bitlet_precision *p = &d->mode[t->mode].precision;
	int64_t low = p->a_signed ? -(INT64_C(1) << (p->a_bits - 1)) : 0;
	int64_t high = low + (INT64_C(1) << p->a_bits) - 1;
	if (p->is_float)
		return in_range("a float layer's zero point", t->zero, 0, 0, f);
	if (t->op == LAYER_MATMUL && t->zero && !c->zero_point)
		return fault_set(f, "a zero point with weights that are not constant; expected a configuration with zero_point: yes, or zero point 0");
	return in_range("the zero point", t->zero, low, high, f);
}

static bool is_nan(uint32_t bits)
{
	return (bits & 0x7fffffff) > 0x7f800000;
}

/* fp32 numbers in order, as sign-magnitude. */
static int64_t fp32_order(int32_t bits)
{
	int64_t magnitude = bits & 0x7fffffff;
	return bits < 0 ? -1 - magnitude : magnitude;
}

static bool check_clamp(const struct layer_output *o, struct fault *f)
{
	if (o->format == FORMAT_FP32) {
		if (is_nan((uint32_t)o->clamp_low) || is_nan((uint32_t)o->clamp_high))
			return fault_set(f, "clamp is NaN; expected numbers");
		return fp32_order(o->clamp_low) <= fp32_order(o->clamp_high) || fault_set(f, "clamp's lower end is above its upper end");
	}
	unsigned bits = 8 * layer_format_bytes(o->format);
	int64_t low = -(INT64_C(1) << (bits - 1)), high = bits == 32 ? INT32_MAX : (INT64_C(1) << bits) - 1;
	return in_range("clamp's lower end", o->clamp_low, low, high, f) && in_range("clamp's upper end", o->clamp_high, o->clamp_low, high, f);
}

static bool check_output(const struct layer_task *t, const struct bitlet_derived *d, struct fault *f)
{
	const struct layer_output *o = &t->output;
	int low = o->rounding == ROUND_TFLITE_DOUBLE ? -31 : 0, high = o->rounding == ROUND_TFLITE_DOUBLE ? 30 : 62;
	if (!in_range("format", (int)o->format, 0, FORMAT_FP32, f) || !in_range("rounding", (int)o->rounding, 0, ROUND_HALF_UP, f))
		return false;
	if (d->mode[t->mode].precision.is_float && o->format != FORMAT_FP32)
		return fault_set(f, "an integer output format for a float precision; expected fp32");
	if (o->format == FORMAT_FP32 && o->zero)
		return fault_set(f, "an output zero point with format fp32; expected 0");
	for (uint32_t i = 0; i < t->out_channels && o->format != FORMAT_FP32; i++)
		if (!in_range("a multiplier", o->multiplier[i], 0, INT32_MAX, f) || !in_range("a shift", o->shift[i], low, high, f))
			return false;
	return check_clamp(o, f);
}

static bool check_place(const struct layer_place *p, const struct bitlet_config *c, const struct bitlet_derived *d, struct fault *f)
{
	if (p->base % 4096)
		return fault_set(f, "the image's address is 0x%llx; expected a multiple of 4096", (unsigned long long)p->base);
	if (c->axi_address_bits < 64 && p->base >> c->axi_address_bits)
		return fault_set(f, "the image's address is 0x%llx; expected one of %u bits", (unsigned long long)p->base, c->axi_address_bits);
	uint64_t align = d->bus_bytes > 64 ? d->bus_bytes : 64;
	if (p->placed && (p->act_at % align || p->operand_at % align || p->out_at % align))
		return fault_set(f, "a tensor's address is not a multiple of %llu", (unsigned long long)align);
	return in_range("act_offset", p->act_offset, 0, 4095, f) && in_range("weights_offset", p->weights_offset, 0, 4095, f) &&
	       in_range("out_offset", p->out_offset, 0, 4095, f) && in_range("the layer's number", p->layer, 0, 65535, f);
}

bool layer_task_check(const struct layer_task *t, const struct bitlet_config *c, const struct bitlet_derived *d, struct fault *f)
{
	return in_range("mode", t->mode, 0, (int64_t)d->modes - 1, f) && check_shape(t, d, f) && check_zero(t, c, d, f) && check_output(t, d, f) &&
	       check_place(&t->place, c, d, f);
}
