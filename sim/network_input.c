#include "network_input.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "picture.h"

/* ---- arrays ---- */

static bool fits(const struct graph_value *v, unsigned rank, const int64_t *dim, bool rows)
{
	bool same = rank == v->rank;
	for (unsigned i = 0; same && i < rank; i++)
		same = v->dim[i] < 0 || v->dim[i] == dim[i] || (rows && i == 0);
	return same;
}

/* A dimension of 1 in front, if that makes it fit. */
static void add_batch(const struct graph_value *v, struct tensor *t)
{
	int64_t dim[TENSOR_MAX_RANK + 1] = {1};
	memcpy(dim + 1, t->dim, t->rank * sizeof *dim);
	if (t->rank + 1 != v->rank || !fits(v, v->rank, dim, false))
		return;
	t->rank = v->rank;
	memcpy(t->dim, dim, v->rank * sizeof *dim);
}

static void code_range(enum tensor_type t, double *low, double *high)
{
	*low = t == TENSOR_INT8 ? -128 : t == TENSOR_INT16 ? -32768 : 0;
	*high = t == TENSOR_INT8 ? 127 : t == TENSOR_UINT8 ? 255 : t == TENSOR_INT16 ? 32767 : 65535;
}

static bool is_code(enum tensor_type t)
{
	return t == TENSOR_INT8 || t == TENSOR_UINT8 || t == TENSOR_INT16;
}

static bool has_quant(const struct graph_value *v)
{
	return v->quant && v->quant->count == 1 && is_code(v->type);
}

/* Stores a number as element i of a type is_code() or float32. NaN becomes the lowest code. */
static void store(struct tensor *t, size_t i, double number)
{
	double low, high;
	if (t->type == TENSOR_FLOAT32) {
		((float *)t->data)[i] = (float)number;
		return;
	}
	code_range(t->type, &low, &high);
	int v = (int)fmin(fmax(round(number), low), high);
	if (t->type == TENSOR_INT8)
		((int8_t *)t->data)[i] = (int8_t)v;
	else if (t->type == TENSOR_UINT8)
		((uint8_t *)t->data)[i] = (uint8_t)v;
	else
		((int16_t *)t->data)[i] = (int16_t)v;
}

static void store_real(const struct graph_value *v, struct tensor *t, size_t i, double real)
{
	if (has_quant(v))
		store(t, i, round(real / (double)v->quant->scale[0]) + v->quant->zero[0]);
	else
		store(t, i, t->type == TENSOR_INT8 ? real - 128 : real);
}

/* A new tensor of codes for floats; takes t. */
static struct tensor *quantise(const struct graph_value *v, struct tensor *t, struct fault *f)
{
	struct tensor *codes = tensor_new(v->type, t->rank, t->dim, f);
	const float *real = t->data;
	for (size_t i = 0; codes && i < t->count; i++)
		store_real(v, codes, i, (double)real[i]);
	tensor_free(t);
	return codes;
}

static struct tensor *load_array(const struct graph_value *v, const void *data, size_t size, const struct network_input_options *o, bool rows, struct fault *f)
{
	struct tensor *t = npy_parse(data, size, f);
	char have[160], want[160];
	if (!t)
		return NULL;
	if (t->type == TENSOR_FLOAT32 && o->quantise && has_quant(v))
		t = quantise(v, t, f);
	if (!t)
		return NULL;
	add_batch(v, t);
	bool good = true;
	if (t->type != v->type)
		good = fault_set(f, "type %s; expected %s, as input '%.80s' is declared%s", tensor_type_name(t->type), tensor_type_name(v->type), v->name,
		                 t->type == TENSOR_FLOAT32 && has_quant(v) ? " (--quantize-input makes codes of floats)" : "");
	else if (!fits(v, t->rank, t->dim, rows))
		good = fault_set(f, "shape %s; expected %s, as input '%.80s' is declared%s", tensor_shape_text(t->rank, t->dim, have, sizeof have),
		                 tensor_shape_text(v->rank, v->dim, want, sizeof want), v->name, strchr(want, '-') ? " (-1: any)" : "");
	else if (!t->count)
		good = fault_set(f, "shape %s; expected at least one element", tensor_shape_text(t->rank, t->dim, have, sizeof have));
	if (good)
		return t;
	tensor_free(t);
	return NULL;
}

/* ---- pictures ---- */

/* What the declared shape makes of a picture. */
struct plan {
	bool channels_first;
	unsigned channels;
	unsigned width, height;     /* of the tensor */
	unsigned full_width, full_height; /* that the picture is scaled to; the tensor is its centre */
	double scale;
};

static bool shape_fault(const struct graph_value *v, struct fault *f)
{
	char want[160];
	return fault_set(f, "a picture for input '%.80s' of shape %s; expected 1 or 3 channels in [n, c, h, w] or [n, h, w, c] (--layout nchw or nhwc)", v->name,
	                 tensor_shape_text(v->rank, v->dim, want, sizeof want));
}

static bool is_channels(int64_t n)
{
	return n == 1 || n == 3;
}

/* Axes of channels, height, width (from the shape's end); false when that is not clear. */
static bool find_layout(const struct graph_value *v, const struct network_input_options *o, struct plan *p, struct fault *f)
{
	if (v->rank < 3 || v->rank > 4 || (v->rank == 4 && v->dim[0] > 1))
		return shape_fault(v, f);
	int64_t first = v->dim[v->rank - 3], last = v->dim[v->rank - 1];
	bool is_first = is_channels(first), is_last = is_channels(last);
	if (o->layout == LAYOUT_DECLARED && is_first == is_last)
		return shape_fault(v, f);
	p->channels_first = o->layout == LAYOUT_DECLARED ? is_first : o->layout == LAYOUT_NCHW;
	int64_t channels = p->channels_first ? first : last;
	p->channels = channels > 0 ? (unsigned)channels : 0;
	return channels < 0 || is_channels(channels) || shape_fault(v, f);
}

/* A declared extent, or what stands for "any". */
static bool extent(int64_t declared, unsigned otherwise, unsigned *out)
{
	*out = declared < 0 ? otherwise : (unsigned)(declared > PICTURE_MAX_SIDE ? 0 : declared);
	return *out >= 1;
}

static bool make_plan(const struct graph_value *v, const struct network_input_options *o, const struct picture *pic, struct plan *p, struct fault *f)
{
	if (!find_layout(v, o, p, f))
		return false;
	const int64_t *size = v->dim + v->rank - (p->channels_first ? 2 : 3);
	if (!extent(size[0], o->height ? o->height : pic->height, &p->height) || !extent(size[1], o->width ? o->width : pic->width, &p->width))
		return shape_fault(v, f);
	p->channels = p->channels ? p->channels : pic->channels;
	p->full_width = o->width ? o->width : p->width;
	p->full_height = o->height ? o->height : p->height;
	p->scale = o->scale != 0 ? o->scale : v->type == TENSOR_FLOAT32 || has_quant(v) ? 1 / 255.0 : 1;
	if (p->full_width < p->width || p->full_height < p->height)
		return fault_set(f, "--resize %ux%u; expected at least input '%.80s's %ux%u, which are cut out of it", p->full_width, p->full_height, v->name, p->width,
		                 p->height);
	if (o->means > 1 && o->means != p->channels)
		return fault_set(f, "--mean has %u numbers; expected 1 or one a channel (%u)", o->means, p->channels);
	if (o->stds > 1 && o->stds != p->channels)
		return fault_set(f, "--std has %u numbers; expected 1 or one a channel (%u)", o->stds, p->channels);
	return true;
}

static void fill(const struct graph_value *v, const struct network_input_options *o, const struct picture *pic, const struct plan *p, struct tensor *t)
{
	unsigned left = (p->full_width - p->width) / 2, top = (p->full_height - p->height) / 2;
	for (unsigned c = 0; c < p->channels; c++) {
		double mean = o->means ? o->mean[o->means > 1 ? c : 0] : 0, std = o->stds ? o->std[o->stds > 1 ? c : 0] : 1;
		for (unsigned y = 0; y < p->height; y++)
			for (unsigned x = 0; x < p->width; x++) {
				double pixel = picture_sample(pic, p->full_width, p->full_height, left + x, top + y, p->channels, c);
				size_t at = p->channels_first ? ((size_t)c * p->height + y) * p->width + x : ((size_t)y * p->width + x) * p->channels + c;
				store_real(v, t, at, (pixel * p->scale - mean) / std);
			}
	}
}

static const char *numbers(const double *v, unsigned count, double otherwise, char *text, size_t size)
{
	snprintf(text, size, "%.6g", count ? v[0] : otherwise);
	for (unsigned i = 1; i < count; i++)
		snprintf(text + strlen(text), size - strlen(text), ", %.6g", v[i]);
	return text;
}

static void describe(const struct graph_value *v, const struct network_input_options *o, const struct picture *pic, const struct plan *p, char *text)
{
	char mean[80], std[80], cut[60] = "", last[80] = "";
	if (p->full_width != p->width || p->full_height != p->height)
		snprintf(cut, sizeof cut, ", centre %u x %u", p->width, p->height);
	if (has_quant(v))
		snprintf(last, sizeof last, ", / %.6g rounded + %d", (double)v->quant->scale[0], v->quant->zero[0]);
	else if (v->type == TENSOR_INT8)
		snprintf(last, sizeof last, " - 128, rounded");
	else if (v->type == TENSOR_UINT8)
		snprintf(last, sizeof last, ", rounded");
	snprintf(text, NETWORK_INPUT_TEXT, "%u x %u %s%s %u x %u%s, %s, (pixel * %.6g - (%s)) / (%s)%s, as %s %s", pic->width, pic->height,
	         pic->channels == 1 ? "grey" : "RGB", p->full_width == pic->width && p->full_height == pic->height ? ", not scaled," : ", bilinear to", p->full_width,
	         p->full_height, cut, p->channels == 1 ? "grey" : "channels R, G, B", p->scale, numbers(o->mean, o->means, 0, mean, sizeof mean),
	         numbers(o->std, o->stds, 1, std, sizeof std), last, tensor_type_name(v->type), p->channels_first ? "NCHW" : "NHWC");
}

static struct tensor *load_picture(const struct graph_value *v, const void *data, size_t size, const struct network_input_options *o, char *text, struct fault *f)
{
	struct picture pic;
	struct plan p = {0};
	if (v->type != TENSOR_FLOAT32 && v->type != TENSOR_UINT8 && v->type != TENSOR_INT8) {
		fault_set(f, "a picture for input '%.80s', which is %s; expected an input of float32, uint8 or int8", v->name, tensor_type_name(v->type));
		return NULL;
	}
	if (!picture_parse(data, size, &pic, f))
		return NULL;
	struct tensor *t = NULL;
	if (make_plan(v, o, &pic, &p, f)) {
		int64_t last[4] = {1, p.channels, p.height, p.width}, first[4] = {1, p.height, p.width, p.channels};
		t = tensor_new(v->type, v->rank, (p.channels_first ? last : first) + 4 - v->rank, f);
	}
	if (t) {
		fill(v, o, &pic, &p, t);
		describe(v, o, &pic, &p, text);
	}
	picture_free(&pic);
	return t;
}

struct tensor *network_input_load(const struct graph_value *v, const char *path, const struct network_input_options *o, bool rows,
                                  char text[NETWORK_INPUT_TEXT], struct fault *f)
{
	size_t size;
	text[0] = '\0';
	void *data = file_load(path, TENSOR_MAX_BYTES + (1 << 17), &size, f);
	if (!data)
		return NULL;
	bool is_array = size >= 6 && !memcmp(data, "\x93NUMPY", 6);
	struct tensor *t = NULL;
	if (is_array)
		t = load_array(v, data, size, o, rows, f);
	else if (picture_is(data, size) && size <= PICTURE_MAX_BYTES)
		t = load_picture(v, data, size, o, text, f);
	else
		fault_set(f, "is no .npy, PNG or JPEG file; expected one of these");
	free(data);
	if (!t)
		fault_prefix(f, path);
	return t;
}
