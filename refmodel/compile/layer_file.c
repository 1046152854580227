#include "layer_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "layer_arrays.h"
#include "layer_encode.h"
#include "layer_numbers.h"
#include "layer_yaml.h"

struct loader {
	const struct layer_yaml *y;
	const struct layer_description *l;
	const struct bitlet_derived *d;
	struct layer_task *t;
	struct fault *f;
	struct tensor *input, *weights;
	char *input_path, *weights_path;
};

/* ---- shapes ---- */

static bool shape_fault(struct loader *s, const char *path, const struct tensor *x, const char *expected)
{
	char text[120];
	return fault_set(s->f, "%s: the shape is %s; expected %s", path, tensor_shape_text(x->rank, x->dim, text, sizeof text), expected);
}

static bool all_positive(struct loader *s, const char *path, const struct tensor *x)
{
	for (unsigned i = 0; i < x->rank; i++)
		if (x->dim[i] < 1 || x->dim[i] > 1 << 24)
			return shape_fault(s, path, x, "extents of 1..16777216");
	return true;
}

/* List of a geometry key onto the axes that are there; `sides` lists after each other. */
static bool spread(struct loader *s, enum layer_key k, unsigned count, const int32_t *from, unsigned sides, int32_t *to)
{
	unsigned rank = s->t->rank;
	if (!count)
		return true;
	if (count != rank * sides)
		return layer_yaml_fault(s->y, k, s->f, "%s has %u numbers for %u spatial axes; expected %u", layer_key_name(k), count, rank, rank * sides);
	for (unsigned side = 0; side < sides; side++)
		for (unsigned a = 0; a < rank; a++)
			to[side * LAYER_AXES + LAYER_AXES - rank + a] = from[side * rank + a];
	return true;
}

static bool set_geometry(struct loader *s)
{
	const struct layer_description *l = s->l;
	struct layer_task *t = s->t;
	int32_t stride[3] = { 1, 1, 1 }, dilation[3] = { 1, 1, 1 }, pad[6] = { 0 }, padding[3] = { 0 };
	if (!spread(s, LAYER_KEY_STRIDES, l->strides, l->stride, 1, stride) || !spread(s, LAYER_KEY_DILATIONS, l->dilations, l->dilation, 1, dilation) ||
	    !spread(s, LAYER_KEY_PADS, l->pads, l->pad, 2, pad) || !spread(s, LAYER_KEY_OUTPUT_PADDING, l->output_paddings, l->output_padding, 1, padding))
		return false;
	for (unsigned a = 0; a < LAYER_AXES; a++) {
		t->stride[a] = (uint32_t)stride[a];
		t->dilation[a] = (uint32_t)dilation[a];
		t->pad_begin[a] = pad[a];
		t->pad_end[a] = pad[LAYER_AXES + a];
		t->output_padding[a] = (uint32_t)padding[a];
	}
	return true;
}

static bool set_conv(struct loader *s)
{
	const struct tensor *x = s->input, *w = s->weights;
	struct layer_task *t = s->t;
	bool first = s->l->channels_first, onnx_transpose = first && t->op == LAYER_CONV_TRANSPOSE;
	if (x->rank < 3 || x->rank > 5)
		return shape_fault(s, s->input_path, x, first ? "[batch][channels] and 1 to 3 spatial axes" : "[batch], 1 to 3 spatial axes, [channels]");
	if (w->rank != x->rank)
		return shape_fault(s, s->weights_path, w, "as many axes as the input has");
	t->rank = x->rank - 2;
	t->batch = (uint32_t)x->dim[0];
	t->in_channels = (uint32_t)x->dim[first ? 1 : x->rank - 1];
	t->groups = s->l->groups;
	for (unsigned a = 0; a < t->rank; a++) {
		t->in[LAYER_AXES - t->rank + a] = (uint32_t)x->dim[a + (first ? 2 : 1)];
		t->kernel[LAYER_AXES - t->rank + a] = (uint32_t)w->dim[a + (first ? 2 : 1)];
	}
	if (t->in_channels % t->groups)
		return layer_yaml_fault(s->y, LAYER_KEY_GROUP, s->f, "group is %u with %u input channels; expected a divisor", t->groups, t->in_channels);
	int64_t own = onnx_transpose ? w->dim[0] : w->dim[first ? 1 : w->rank - 1], expected = onnx_transpose ? t->in_channels : t->in_channels / t->groups;
	if (own != expected)
		return fault_set(s->f, "%s: weights for %lld input channels; expected %lld", s->weights_path, (long long)own, (long long)expected);
	t->out_channels = onnx_transpose ? (uint32_t)w->dim[1] * t->groups : (uint32_t)w->dim[0];
	if (t->out_channels % t->groups)
		return layer_yaml_fault(s->y, LAYER_KEY_GROUP, s->f, "group is %u with %u output channels; expected a divisor", t->groups, t->out_channels);
	return set_geometry(s);
}

static bool set_dense(struct loader *s)
{
	const struct tensor *x = s->input, *w = s->weights;
	if (x->rank != 2)
		return shape_fault(s, s->input_path, x, "[rows][channels]");
	if (w->rank != 2 || w->dim[1] != x->dim[1])
		return shape_fault(s, s->weights_path, w, "[outputs][channels], channels as in the input");
	s->t->batch = (uint32_t)x->dim[0];
	s->t->in_channels = (uint32_t)x->dim[1];
	s->t->out_channels = (uint32_t)w->dim[0];
	return true;
}

static bool set_matmul(struct loader *s)
{
	const struct tensor *x = s->input, *w = s->weights;
	struct layer_task *t = s->t;
	if (x->rank != 2 && x->rank != 3)
		return shape_fault(s, s->input_path, x, "[m][k] or [batch][m][k]");
	t->rank = 1;
	t->batch = x->rank == 3 ? (uint32_t)x->dim[0] : 1;
	t->in[2] = (uint32_t)x->dim[x->rank - 2];
	t->in_channels = (uint32_t)x->dim[x->rank - 1];
	t->by_column = !s->l->trans_b;
	t->shared = w->rank == 2;
	if ((w->rank != 2 && w->rank != 3) || (w->rank == 3 && w->dim[0] != t->batch) || w->dim[w->rank - (t->by_column ? 2 : 1)] != t->in_channels)
		return shape_fault(s, s->weights_path, w, t->by_column ? "[k][n] or [batch][k][n] with the input's k and batch" : "[n][k] or [batch][n][k] with the input's k and batch");
	t->out_channels = (uint32_t)w->dim[w->rank - (t->by_column ? 1 : 2)];
	return true;
}

static bool set_shape(struct loader *s)
{
	if (!all_positive(s, s->input_path, s->input) || !all_positive(s, s->weights_path, s->weights))
		return false;
	return s->t->op == LAYER_DENSE ? set_dense(s) : s->t->op == LAYER_MATMUL ? set_matmul(s) : set_conv(s);
}

/* ---- tensors ---- */

/* An array as it lies. */
static bool store_plain(struct loader *s, const struct tensor *x, const struct array_format *a, void *to, const char *path)
{
	return array_store(x, a, &(struct array_axis){ (int64_t)x->count, 1 }, 1, to, path, s->f);
}

/* [batch][channels][spatial...] as [batch][spatial...][channels]; for weights batch is the output channel. */
static bool store_channels_last(struct loader *s, const struct tensor *x, const struct array_format *a, void *to, const char *path)
{
	int64_t plane = 1;
	for (unsigned i = 2; i < x->rank; i++)
		plane *= x->dim[i];
	const struct array_axis axis[] = { { x->dim[0], x->dim[1] * plane }, { plane, 1 }, { x->dim[1], plane } };
	return array_store(x, a, axis, 3, to, path, s->f);
}

/* ONNX's weights of a transposed convolution, [in][out of a group][kernel...], as [out][kernel...][in of a group]. */
static bool store_transposed(struct loader *s, const struct array_format *a)
{
	const struct layer_task *t = s->t;
	int64_t plane = (int64_t)t->kernel[0] * t->kernel[1] * t->kernel[2], in = t->in_channels / t->groups, out = t->out_channels / t->groups;
	const struct array_axis axis[] = { { t->groups, in * out * plane }, { out, plane }, { plane, 1 }, { in, out * plane } };
	return array_store(s->weights, a, axis, 4, t->weights, s->weights_path, s->f);
}

static bool store_tensors(struct loader *s)
{
	const struct layer_task *t = s->t;
	const struct bitlet_mode *m = &s->d->mode[t->mode];
	struct array_format act = array_format(&m->precision, false, m->a_bytes), weights = array_format(&m->precision, true, m->w_bytes);
	bool turn = s->l->channels_first && (t->op == LAYER_CONV || t->op == LAYER_CONV_TRANSPOSE);
	if (!array_type_check(s->input, &act, s->input_path, s->f) || !array_type_check(s->weights, &weights, s->weights_path, s->f))
		return false;
	if (!(turn ? store_channels_last : store_plain)(s, s->input, &act, t->act, s->input_path))
		return false;
	if (turn && t->op == LAYER_CONV_TRANSPOSE)
		return store_transposed(s, &weights);
	return (turn ? store_channels_last : store_plain)(s, s->weights, &weights, t->weights, s->weights_path);
}

/* ---- the whole ---- */

static bool find_mode(struct loader *s)
{
	for (unsigned i = 0; i < s->d->modes; i++)
		if (!strcmp(s->d->mode[i].precision.name, s->l->precision.name)) {
			s->t->mode = i;
			return true;
		}
	return layer_yaml_fault(s->y, LAYER_KEY_PRECISION, s->f, "precision %s is not one of the configuration's; expected one of its `precisions`", s->l->precision.name);
}

static char *copy_text(const char *text)
{
	char *copy = malloc(strlen(text) + 1);
	return copy ? strcpy(copy, text) : NULL;
}

/* input: in place of the description's, NULL without. */
static bool load(struct loader *s, const char *input, const struct bitlet_config *c)
{
	s->input_path = input ? copy_text(input) : layer_beside(s->y->path, s->l->input);
	s->weights_path = layer_beside(s->y->path, s->l->weights);
	if (!s->input_path || !s->weights_path)
		return fault_set(s->f, "%s: out of memory", s->y->path);
	s->input = npy_load(s->input_path, s->f);
	s->weights = s->input ? npy_load(s->weights_path, s->f) : NULL;
	if (!s->weights || !set_shape(s) || !layer_set_format(s->y, s->l, s->t, s->f))
		return false;
	uint32_t out[LAYER_AXES];
	if (!layer_task_out(s->t, out, s->f))
		return fault_prefix(s->f, s->y->path);
	if (!layer_task_alloc(s->t, s->d, s->f) || !store_tensors(s) || !layer_set_params(s->y, s->l, s->d, s->t, s->f))
		return false;
	return layer_task_check(s->t, c, s->d, s->f) || fault_prefix(s->f, s->y->path);
}

static bool load_layer(const struct layer_yaml *y, const char *input, const struct bitlet_config *c, const struct bitlet_derived *d, struct layer_task *t,
                       bool *channels_first, struct fault *f)
{
	struct layer_description l;
	struct loader s = { .y = y, .l = &l, .d = d, .t = t, .f = f };
	if (!layer_describe(y, &l, f))
		return false;
	t->op = l.op;
	t->zero = l.zero;
	*channels_first = l.channels_first && (l.op == LAYER_CONV || l.op == LAYER_CONV_TRANSPOSE);
	bool good = find_mode(&s) && load(&s, input, c);
	tensor_free(s.input);
	tensor_free(s.weights);
	free(s.input_path);
	free(s.weights_path);
	return good;
}

static void name_after(const char *path, char name[LAYER_TASK_NAME])
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	snprintf(name, LAYER_TASK_NAME, "%.*s", (int)strcspn(base, "."), base);
}

bool layer_file_load_input(const char *path, const char *input, const struct bitlet_config *c, const struct bitlet_derived *d, struct layer_task *t,
                           bool *channels_first, struct fault *f)
{
	struct layer_yaml y;
	size_t size;
	char *text = file_load(path, LAYER_YAML_BYTES, &size, f);
	layer_task_init(t);
	name_after(path, t->name);
	if (!text)
		return false;
	bool good = layer_yaml_read(&y, path, text, size, f) && load_layer(&y, input, c, d, t, channels_first, f);
	layer_yaml_free(&y);
	free(text);
	if (!good)
		layer_task_free(t);
	return good;
}

bool layer_file_load(const char *path, const struct bitlet_config *c, const struct bitlet_derived *d, struct layer_task *t, bool *channels_first, struct fault *f)
{
	return layer_file_load_input(path, NULL, c, d, t, channels_first, f);
}
