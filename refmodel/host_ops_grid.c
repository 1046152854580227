/* GridSample (operator set 16) on planes: each output pixel is taken at coordinates that another tensor gives. */
#include <math.h>
#include <string.h>

#include "attribute.h"
#include "host_ops.h"

enum grid_mode { GRID_BILINEAR, GRID_NEAREST, GRID_BICUBIC };
enum grid_pad { GRID_ZEROS, GRID_BORDER, GRID_REFLECTION };
enum { GRID_TAPS = 4 };

struct grid {
	enum grid_mode mode;
	enum grid_pad pad;
	bool align;
	int64_t high, wide;
};

static bool word_of(struct host_call *c, const char *name, const char *const word[3], int *index)
{
	const char *text;
	if (!attribute_string(c->node, name, word[0], &text, c->fault))
		return false;
	for (*index = 0; *index < 3; ++*index)
		if (!strcmp(text, word[*index]))
			return true;
	return host_fault(c, "attribute '%s' is '%.40s'; expected %s, %s or %s", name, text, word[0], word[1], word[2]);
}

static bool resolve(struct host_call *c, struct grid *g)
{
	static const char *const modes[] = {"bilinear", "nearest", "bicubic"}, *const pads[] = {"zeros", "border", "reflection"};
	const struct tensor *x = c->in[0], *t = c->in[1];
	int mode, pad;
	int64_t align;
	if (!host_type(c, 0, TENSOR_FLOAT32) || !host_type(c, 1, TENSOR_FLOAT32) || !word_of(c, "mode", modes, &mode) ||
	    !word_of(c, "padding_mode", pads, &pad) || !attribute_range(c->node, "align_corners", 0, 0, 1, &align, c->fault))
		return false;
	if (x->rank != 4 || t->rank != 4 || t->dim[3] != 2 || t->dim[0] != x->dim[0] || !x->dim[2] || !x->dim[3])
		return host_fault(c, "input and grid do not fit; expected [n, c, h, w] and [n, h', w', 2]");
	*g = (struct grid){(enum grid_mode)mode, (enum grid_pad)pad, align, x->dim[2], x->dim[3]};
	return true;
}

/* Mirrors v between low and high, as often as it takes. */
static double reflect(double v, double low, double high)
{
	double span = high - low;
	if (span <= 0)
		return low;
	double rest = fmod(fabs(v - low), 2 * span);
	return low + (rest > span ? 2 * span - rest : rest);
}

static double clamp(double v, double low, double high)
{
	return v < low ? low : v > high ? high : v;
}

/* A coordinate by the rule for what lies outside; zeros: as it is. */
static double settle(const struct grid *g, double v, int64_t size)
{
	double last = (double)(size - 1);
	if (g->pad == GRID_REFLECTION)
		v = g->align ? reflect(v, 0, last) : reflect(v, -0.5, last + 0.5);
	return g->pad == GRID_ZEROS ? v : clamp(v, 0, last);
}

/* From -1 .. 1 to elements. What is no number, or far away, is outside. */
static double coordinate(const struct grid *g, float v, int64_t size)
{
	double at = g->align ? ((double)v + 1) / 2 * (double)(size - 1) : (((double)v + 1) * (double)size - 1) / 2;
	return isnan(at) ? -100 : clamp(at, -1e9, 1e9);
}

/* Elements and weights along one dimension; -1: outside. */
static unsigned taps_of(const struct grid *g, double v, int64_t size, int64_t at[GRID_TAPS], double weight[GRID_TAPS])
{
	const double a = -0.75;
	unsigned count = g->mode == GRID_BICUBIC ? 4 : g->mode == GRID_BILINEAR ? 2 : 1;
	if (g->mode != GRID_BICUBIC)
		v = settle(g, v, size);
	double low = g->mode == GRID_NEAREST ? nearbyint(v) : floor(v), part = v - low;
	for (unsigned k = 0; k < count; k++) {
		double place = g->mode == GRID_BICUBIC ? settle(g, low + k - 1, size) : low + k, x = fabs(part - (k - 1.0));
		at[k] = place >= 0 && place <= (double)(size - 1) ? (int64_t)place : -1;
		if (g->mode == GRID_BICUBIC)
			weight[k] = x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
		else
			weight[k] = g->mode == GRID_NEAREST ? 1 : k ? part : 1 - part;
	}
	return count;
}

/* All channels of one pixel. */
static void sample(const struct grid *g, const float *x, size_t channels, const float *where, float *y, size_t y_step)
{
	int64_t row[GRID_TAPS], column[GRID_TAPS];
	double row_weight[GRID_TAPS], column_weight[GRID_TAPS];
	unsigned columns = taps_of(g, coordinate(g, where[0], g->wide), g->wide, column, column_weight);
	unsigned rows = taps_of(g, coordinate(g, where[1], g->high), g->high, row, row_weight);
	for (size_t k = 0; k < channels; k++, x += g->high * g->wide) {
		double sum = 0;
		for (unsigned i = 0; i < rows; i++)
			for (unsigned j = 0; j < columns; j++)
				if (row[i] >= 0 && column[j] >= 0)
					sum += row_weight[i] * column_weight[j] * (double)x[row[i] * g->wide + column[j]];
		y[k * y_step] = (float)sum;
	}
}

bool host_grid_sample(struct host_call *c)
{
	const struct tensor *x = c->in[0], *t = c->in[1];
	struct grid g = {.high = 0};
	if (!resolve(c, &g))
		return false;
	int64_t dim[4] = {x->dim[0], x->dim[1], t->dim[1], t->dim[2]};
	size_t channels = (size_t)x->dim[1], pixels = (size_t)dim[2] * (size_t)dim[3], image = channels * (size_t)(g.high * g.wide);
	struct tensor *y = host_steps(c, t->count / 2, channels, 16) ? host_out(c, 0, TENSOR_FLOAT32, 4, dim) : NULL;
	for (size_t i = 0; y && !c->dry && i < t->count / 2; i++) {
		size_t n = i / pixels;
		sample(&g, (const float *)x->data + n * image, channels, (const float *)t->data + 2 * i,
		       (float *)y->data + n * channels * pixels + i % pixels, pixels);
	}
	return y;
}
