#include "quant_judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image_run.h"

/* The numbers of image i of a run that are `width` an image; NULL with the fault set when the output is not like that. */
static const float *row_of(const struct execution *e, size_t images, size_t i, size_t *width, struct fault *f)
{
	const struct tensor *t = e->value[e->graph->output[0]];
	const char *name = e->graph->value[e->graph->output[0]].name;
	size_t rows = t->rank ? (size_t)t->dim[0] : 1;
	if (t->type != TENSOR_FLOAT32 || !t->count) {
		fault_set(f, "output '%.80s' is %s of %zu numbers; expected float32", name, tensor_type_name(t->type), t->count);
		return NULL;
	}
	if (images == 1)
		rows = 1;
	if (rows != images) {
		fault_set(f, "output '%.80s' has %zu rows for %zu images; expected one an image", name, rows, images);
		return NULL;
	}
	*width = t->count / rows;
	return (const float *)t->data + i * *width;
}

static size_t largest(const float *v, size_t count)
{
	size_t best = 0;
	for (size_t i = 1; i < count; i++)
		if (v[i] > v[best])
			best = i;
	return best;
}

/* Images of a run: what the input's first dimension is. */
static size_t batch_of(const struct execution *e)
{
	return (size_t)e->value[e->graph->input[0]]->dim[0];
}

static bool keep(void *context, const struct execution *e, size_t first, size_t count, struct fault *f)
{
	struct quant_judge *j = context;
	for (size_t i = 0; i < count; i++) {
		size_t width;
		const float *row = row_of(e, batch_of(e), i, &width, f);
		if (!row)
			return false;
		if (!j->reference && !(j->reference = calloc(j->count, width * sizeof *row)))
			return fault_set(f, "out of memory for the outputs of %zu images", j->count);
		j->width = width;
		memcpy(j->reference + (first + i - j->first) * width, row, width * sizeof *row);
	}
	return true;
}

bool quant_judge_open(struct quant_judge *j, const struct graph *g, struct fault *f)
{
	struct image_visitor v = {NULL, keep, j, j->threads};
	j->reference = NULL;
	j->width = 0;
	if (j->labels && (tensor_type_is_float(j->labels->type) || j->labels->count != (size_t)j->images->dim[0]))
		return fault_set(f, "labels are %zu numbers of type %s; expected %lld integers, one an image", j->labels->count, tensor_type_name(j->labels->type),
		                 (long long)j->images->dim[0]);
	if (image_run(g, j->images, j->first, j->count, &v, f))
		return true;
	quant_judge_free(j);
	return false;
}

void quant_judge_free(struct quant_judge *j)
{
	free(j->reference);
	j->reference = NULL;
}

static bool is_label(const struct quant_judge *j, size_t image, size_t found)
{
	return j->labels && tensor_integer(j->labels, image) == (int64_t)found;
}

size_t quant_judge_correct(const struct quant_judge *j)
{
	size_t correct = 0;
	for (size_t i = 0; i < j->count; i++)
		correct += is_label(j, j->first + i, largest(j->reference + i * j->width, j->width));
	return correct;
}

struct judging {
	const struct quant_judge *j;
	struct quant_verdict *v;
};

static double distance(const float *a, const float *b, size_t count)
{
	double off = 0, size = 0;
	for (size_t i = 0; i < count; i++) {
		double d = (double)a[i] - (double)b[i];
		off += d * d;
		size += (double)b[i] * (double)b[i];
	}
	return off == 0 ? 0 : size > 0 ? sqrt(off / size) : 1;
}

static bool look(void *context, const struct execution *e, size_t first, size_t count, struct fault *f)
{
	struct judging *k = context;
	for (size_t i = 0; i < count; i++) {
		size_t width;
		const float *row = row_of(e, batch_of(e), i, &width, f);
		const float *want = k->j->reference + (first + i - k->j->first) * k->j->width;
		if (!row || width != k->j->width)
			return row && fault_set(f, "%zu outputs an image; expected the float network's %zu", width, k->j->width);
		k->v->error += distance(row, want, width) / (double)k->j->count;
		k->v->same += largest(row, width) == largest(want, width);
		k->v->correct += is_label(k->j, first + i, largest(row, width));
	}
	return true;
}

bool quant_judge(const struct quant_judge *j, const struct graph *g, struct quant_verdict *v, struct fault *f)
{
	struct judging k = {j, v};
	struct image_visitor visitor = {NULL, look, &k, j->threads};
	*v = (struct quant_verdict){0, 0, 0};
	return image_run(g, j->images, j->first, j->count, &visitor, f);
}
