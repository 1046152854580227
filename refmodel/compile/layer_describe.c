#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "diagnostic.h"
#include "layer_file.h"
#include "layer_yaml.h"

struct describe {
	const struct layer_yaml *y;
	struct layer_description *l;
	struct fault *f;
};

/* ---- single values ---- */

/* The one text of a value; NULL when it is not given, or after a complaint that it is a list (*bad). */
static const char *single(struct describe *p, enum layer_key k, bool *bad)
{
	const struct layer_value *v = &p->y->value[k];
	*bad = v->given && (v->list || !*v->text[0]);
	if (*bad)
		layer_yaml_fault(p->y, k, p->f, "%s %s; expected a single value", layer_key_name(k), v->list ? "is a list" : "has no value");
	return v->given && !*bad ? v->text[0] : NULL;
}

static bool missing(struct describe *p, enum layer_key k)
{
	return fault_set(p->f, "%s:1:1: %s is missing; expected it as docs/layers.md says", p->y->path, layer_key_name(k));
}

/* Index of the word among `words` (NULL ends them); *at keeps its value when the key is not given. */
static bool get_word(struct describe *p, enum layer_key k, const char *const *words, unsigned *at)
{
	char text[QUOTE_SIZE], all[120] = "";
	bool bad;
	const char *word = single(p, k, &bad);
	if (!word)
		return !bad;
	for (unsigned i = 0; words[i]; i++) {
		if (!strcmp(word, words[i])) {
			*at = i;
			return true;
		}
		strcat(strcat(all, i ? " " : ""), words[i]);
	}
	return layer_yaml_fault(p->y, k, p->f, "%s is %s; expected one of: %s", layer_key_name(k), quote(text, word), all);
}

static bool get_file(struct describe *p, enum layer_key k, const char **file)
{
	bool bad;
	*file = single(p, k, &bad);
	return !bad;
}

static bool whole(const char *text, int64_t low, int64_t high, int64_t *v)
{
	char *end;
	errno = 0;
	long long n = strtoll(text, &end, 10);
	*v = n;
	return *text && !*end && !errno && strspn(text, "-0123456789") == strlen(text) && n >= low && n <= high;
}

static bool to_whole(struct describe *p, enum layer_key k, const char *text, int64_t low, int64_t high, int64_t *v)
{
	char name[QUOTE_SIZE];
	return whole(text, low, high, v) || layer_yaml_fault(p->y, k, p->f, "%s is %s; expected a whole number of %lld..%lld", layer_key_name(k), quote(name, text),
	                                                     (long long)low, (long long)high);
}

static bool get_int(struct describe *p, enum layer_key k, int64_t low, int64_t high, int64_t *v)
{
	bool bad;
	const char *text = single(p, k, &bad);
	return text ? to_whole(p, k, text, low, high, v) : !bad;
}

static bool to_real(const char *text, double *v)
{
	char *end;
	*v = strtod(text, &end);
	/* decimal numbers and infinities, no NaN */
	return *text && !*end && strspn(text, "+-.0123456789eEinf") == strlen(text) && !isnan(*v);
}

/* ---- lists ---- */

static bool get_ints(struct describe *p, enum layer_key k, unsigned most, int64_t low, int64_t high, int32_t *v, unsigned *count)
{
	const struct layer_value *value = &p->y->value[k];
	*count = 0;
	if (!value->given)
		return true;
	if (!value->list || !value->count || value->count > most)
		return layer_yaml_fault(p->y, k, p->f, "%s is no list of 1..%u numbers; expected one such as [1, 1]", layer_key_name(k), most);
	for (; *count < value->count; ++*count) {
		int64_t n;
		if (!to_whole(p, k, value->text[*count], low, high, &n))
			return false;
		v[*count] = (int32_t)n;
	}
	return true;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);
	return length >= tail && !strcmp(text + length - tail, end);
}

/* `count` numbers, or (count 1) a file of them. */
static bool get_numbers(struct describe *p, enum layer_key k, unsigned count, struct layer_numbers *n)
{
	const struct layer_value *v = &p->y->value[k];
	char text[QUOTE_SIZE];
	n->given = v->given;
	n->count = count;
	if (!v->given)
		return true;
	if (v->list != (count > 1) || v->count != count)
		return layer_yaml_fault(p->y, k, p->f, "%s has %u values; expected %s", layer_key_name(k), v->count, count > 1 ? "a list of two numbers" : "a number or a .npy file");
	if (count == 1 && ends_with(v->text[0], ".npy")) {
		n->file = v->text[0];
		return true;
	}
	for (unsigned i = 0; i < count; i++)
		if (!to_real(v->text[i], &n->number[i]))
			return layer_yaml_fault(p->y, k, p->f, "%s is %s; expected a number%s", layer_key_name(k), quote(text, v->text[i]), count == 1 ? " or a .npy file" : "");
	return true;
}

/* ---- the description ---- */

static bool get_op(struct describe *p)
{
	static const char *const ops[] = { "conv", "conv_transpose", "dense", "matmul", NULL };
	unsigned op = 0;
	if (!p->y->value[LAYER_KEY_OP].given)
		return missing(p, LAYER_KEY_OP);
	if (!get_word(p, LAYER_KEY_OP, ops, &op))
		return false;
	p->l->op = (enum layer_op)op;
	return true;
}

static bool get_precision(struct describe *p)
{
	char text[QUOTE_SIZE];
	bool bad;
	const char *name = single(p, LAYER_KEY_PRECISION, &bad);
	if (!name)
		return bad ? false : missing(p, LAYER_KEY_PRECISION);
	return bitlet_precision_parse(name, &p->l->precision) ||
	       layer_yaml_fault(p->y, LAYER_KEY_PRECISION, p->f, "precision is %s; expected one such as int8, fp16, w4a16", quote(text, name));
}

static bool get_files(struct describe *p)
{
	struct layer_description *l = p->l;
	if (!get_file(p, LAYER_KEY_INPUT, &l->input) || !get_file(p, LAYER_KEY_WEIGHTS, &l->weights) || !get_file(p, LAYER_KEY_BIAS, &l->bias))
		return false;
	return l->input ? l->weights || missing(p, LAYER_KEY_WEIGHTS) : missing(p, LAYER_KEY_INPUT);
}

static bool get_layout(struct describe *p)
{
	static const char *const layouts[] = { "nhwc", "nchw", NULL }, *const flags[] = { "no", "yes", "false", "true", NULL };
	unsigned layout = 0, trans = 0;
	if (!get_word(p, LAYER_KEY_LAYOUT, layouts, &layout) || !get_word(p, LAYER_KEY_TRANS_B, flags, &trans))
		return false;
	p->l->channels_first = layout == 1;
	p->l->trans_b = trans % 2;
	if (p->y->value[LAYER_KEY_TRANS_B].given && p->l->op != LAYER_MATMUL)
		return layer_yaml_fault(p->y, LAYER_KEY_TRANS_B, p->f, "transB with op %s; expected it with matmul only", layer_op_name(p->l->op));
	return true;
}

static bool get_geometry(struct describe *p)
{
	struct layer_description *l = p->l;
	int64_t groups = 1, zero = 0;
	static const enum layer_key conv_only[] = { LAYER_KEY_STRIDES, LAYER_KEY_DILATIONS, LAYER_KEY_PADS, LAYER_KEY_GROUP };
	for (unsigned i = 0; i < sizeof conv_only / sizeof *conv_only; i++)
		if (p->y->value[conv_only[i]].given && l->op != LAYER_CONV && l->op != LAYER_CONV_TRANSPOSE)
			return layer_yaml_fault(p->y, conv_only[i], p->f, "%s with op %s; expected it with convolutions only", layer_key_name(conv_only[i]), layer_op_name(l->op));
	if (p->y->value[LAYER_KEY_OUTPUT_PADDING].given && l->op != LAYER_CONV_TRANSPOSE)
		return layer_yaml_fault(p->y, LAYER_KEY_OUTPUT_PADDING, p->f, "output_padding with op %s; expected it with conv_transpose only", layer_op_name(l->op));
	bool good = get_ints(p, LAYER_KEY_STRIDES, LAYER_AXES, 1, 1 << 24, l->stride, &l->strides) &&
	            get_ints(p, LAYER_KEY_DILATIONS, LAYER_AXES, 1, 1 << 24, l->dilation, &l->dilations) &&
	            get_ints(p, LAYER_KEY_PADS, 2 * LAYER_AXES, -(1 << 24), 1 << 24, l->pad, &l->pads) &&
	            get_ints(p, LAYER_KEY_OUTPUT_PADDING, LAYER_AXES, 0, 1 << 24, l->output_padding, &l->output_paddings) &&
	            get_int(p, LAYER_KEY_GROUP, 1, 1 << 24, &groups) && get_int(p, LAYER_KEY_ZERO_POINT, -(1 << 24), 1 << 24, &zero);
	l->groups = (uint32_t)groups;
	l->zero = (int32_t)zero;
	return good;
}

static bool get_format(struct describe *p)
{
	static const char *const formats[] = { "int8", "uint8", "int16", "uint16", "int32", "fp32", NULL };
	static const enum program_format format[] = { FORMAT_INT8, FORMAT_INT8, FORMAT_INT16, FORMAT_INT16, FORMAT_INT32, FORMAT_FP32 };
	static const char *const roundings[] = { "half_even", "tflite", "half_up", NULL };
	struct layer_description *l = p->l;
	unsigned at = l->precision.is_float ? 5 : 4, rounding = 0;
	if (!get_word(p, LAYER_KEY_FORMAT, formats, &at) || !get_word(p, LAYER_KEY_ROUNDING, roundings, &rounding))
		return false;
	if (l->precision.is_float && at != 5)
		return layer_yaml_fault(p->y, LAYER_KEY_FORMAT, p->f, "output.format is %s with precision %s; expected fp32", formats[at], l->precision.name);
	l->format = format[at];
	l->is_unsigned = at == 1 || at == 3;
	l->rounding = (enum program_rounding)rounding;
	return true;
}

static bool get_scaling(struct describe *p)
{
	struct layer_description *l = p->l;
	int64_t zero = 0;
	if (!get_numbers(p, LAYER_KEY_SCALE, 1, &l->scale) || !get_numbers(p, LAYER_KEY_MULTIPLIER, 1, &l->multiplier) || !get_numbers(p, LAYER_KEY_SHIFT, 1, &l->shift) ||
	    !get_int(p, LAYER_KEY_OUT_ZERO, INT32_MIN, INT32_MAX, &zero))
		return false;
	l->out_zero = (int32_t)zero;
	if (l->scale.given && (l->multiplier.given || l->shift.given))
		return layer_yaml_fault(p->y, LAYER_KEY_SCALE, p->f, "output.scale beside multiplier and shift; expected one or the other");
	if (l->multiplier.given != l->shift.given)
		return layer_yaml_fault(p->y, l->shift.given ? LAYER_KEY_SHIFT : LAYER_KEY_MULTIPLIER, p->f, "output.%s alone; expected multiplier and shift",
		                        l->shift.given ? "shift" : "multiplier");
	enum layer_key integer = l->multiplier.given ? LAYER_KEY_MULTIPLIER : LAYER_KEY_OUT_ZERO;
	if (l->format == FORMAT_FP32 && (l->multiplier.given || zero))
		return layer_yaml_fault(p->y, integer, p->f, "%s with output.format fp32; expected an integer format", layer_key_name(integer));
	return true;
}

static bool get_clamp(struct describe *p)
{
	static const char *const relus[] = { "none", "relu", "relu6", NULL };
	struct layer_description *l = p->l;
	char name[QUOTE_SIZE];
	unsigned relu = 0;
	bool bad;
	const char *step = single(p, LAYER_KEY_STEP, &bad);
	if (bad || !get_numbers(p, LAYER_KEY_CLAMP, 2, &l->clamp) || !get_word(p, LAYER_KEY_RELU, relus, &relu))
		return false;
	l->relu = relu == 2 ? 6 : relu;
	if (step && (!to_real(step, &l->step) || !(l->step > 0) || isinf(l->step)))
		return layer_yaml_fault(p->y, LAYER_KEY_STEP, p->f, "output.step is %s; expected a number above 0", quote(name, step));
	if (l->relu == 6 && l->format != FORMAT_FP32 && !step)
		return layer_yaml_fault(p->y, LAYER_KEY_RELU, p->f, "relu6 of integers without output.step; expected what one step is worth");
	return true;
}

bool layer_describe(const struct layer_yaml *y, struct layer_description *l, struct fault *f)
{
	struct describe p = { y, l, f };
	memset(l, 0, sizeof *l);
	return get_op(&p) && get_precision(&p) && get_files(&p) && get_layout(&p) && get_geometry(&p) && get_format(&p) && get_scaling(&p) && get_clamp(&p);
}
