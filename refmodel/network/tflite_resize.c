/* RESIZE_BILINEAR: coordinates in float32 for floats, in 10 binary places for codes, as in the framework. */
#include <math.h>

#include "host_list.h"
#include "tflite_kernel.h"

enum { PLACES = 10, UNIT = 1 << PLACES, EXTENT_MAX = 1 << 15 };

struct resize {
	const struct tensor *x;
	struct tensor *y;
	bool corners, centers;
};

/* Between which input pixels an output pixel lies, and how far from the first: `part` of them, in `unit`. */
struct between {
	int64_t low, high;
	double part;                /* floats */
	int64_t places;             /* codes, of UNIT */
};

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static struct between between_floats(const struct resize *r, int64_t i, int64_t in, int64_t out)
{
	float scale = r->corners && out > 1 ? (float)(in - 1) / (float)(out - 1) : (float)in / (float)out;
	float at = r->centers ? ((float)i + 0.5f) * scale - 0.5f : (float)i * scale;
	struct between b = {.low = (int64_t)floorf(at), .high = least((int64_t)ceilf(at), in - 1)};
	b.low = least(b.low < 0 ? 0 : b.low, in - 1);
	b.high = b.high < 0 ? 0 : b.high;
	b.part = (double)at - (double)b.low;
	return b;
}

static struct between between_codes(const struct resize *r, int64_t i, int64_t in, int64_t out)
{
	int64_t scale = r->corners && out > 1 ? (UNIT * (in - 1) + (out - 1) / 2) / (out - 1) : (UNIT * in + out / 2) / out;
	int64_t at = r->centers ? i * scale + scale / 2 - UNIT / 2 : i * scale;
	struct between b = {.low = at / UNIT, .high = least((at + UNIT - 1) / UNIT, in - 1)};
	b.low = least(b.low < 0 ? 0 : b.low, in - 1);
	b.high = b.high < 0 ? 0 : b.high;
	b.places = at - UNIT * b.low;
	return b;
}

static size_t place(const struct resize *r, int64_t image, int64_t y, int64_t x)
{
	return (size_t)(((image * r->x->dim[1] + y) * r->x->dim[2] + x) * r->x->dim[3]);
}

static void pixel(const struct resize *r, size_t at, const size_t corner[4], const struct between *v, const struct between *h)
{
	if (r->x->type == TENSOR_FLOAT32) {
		const float *x = r->x->data;
		for (size_t i = 0; i < (size_t)r->x->dim[3]; i++) {
			double top = (double)x[corner[0] + i] * (1 - h->part) + (double)x[corner[1] + i] * h->part;
			double bottom = (double)x[corner[2] + i] * (1 - h->part) + (double)x[corner[3] + i] * h->part;
			((float *)r->y->data)[at + i] = (float)(top * (1 - v->part) + bottom * v->part);
		}
		return;
	}
	for (size_t i = 0; i < (size_t)r->x->dim[3]; i++) {
		int64_t top = tflite_get(r->x, corner[0] + i) * (UNIT - h->places) + tflite_get(r->x, corner[1] + i) * h->places;
		int64_t bottom = tflite_get(r->x, corner[2] + i) * (UNIT - h->places) + tflite_get(r->x, corner[3] + i) * h->places;
		int64_t sum = top * (UNIT - v->places) + bottom * v->places, half = (int64_t)1 << (2 * PLACES - 1);
		tflite_put(r->y, at + i, (sum > 0 ? sum + half : sum - half) / (1 << 2 * PLACES), tflite_code_min(r->y->type), tflite_code_max(r->y->type));
	}
}

static void run(const struct resize *r)
{
	bool floats = r->x->type == TENSOR_FLOAT32;
	const int64_t *in = r->x->dim, *out = r->y->dim;
	size_t at = 0;
	for (int64_t image = 0; image < out[0]; image++)
		for (int64_t y = 0; y < out[1]; y++) {
			struct between v = floats ? between_floats(r, y, in[1], out[1]) : between_codes(r, y, in[1], out[1]);
			for (int64_t x = 0; x < out[2]; x++, at += (size_t)out[3]) {
				struct between h = floats ? between_floats(r, x, in[2], out[2]) : between_codes(r, x, in[2], out[2]);
				size_t corner[4] = {place(r, image, v.low, h.low), place(r, image, v.low, h.high), place(r, image, v.high, h.low),
				                    place(r, image, v.high, h.high)};
				pixel(r, at, corner, &v, &h);
			}
		}
}

bool tflite_resize_bilinear(struct host_call *c)
{
	struct resize r = {.x = c->in[0]};
	struct host_list size;
	int64_t dim[4];
	if (r.x->type != TENSOR_FLOAT32 && r.x->type != TENSOR_INT8 && r.x->type != TENSOR_UINT8)
		return host_type_fault(c, 0, "float32, int8 or uint8");
	if (!tflite_same_code(c, 0) || !tflite_flag(c, "align_corners", &r.corners) || !tflite_flag(c, "half_pixel_centers", &r.centers))
		return false;
	if (r.corners && r.centers)
		return host_fault(c, "align_corners and half_pixel_centers; expected one of them");
	if (r.x->rank != 4 || r.x->count == 0 || r.x->dim[1] > EXTENT_MAX || r.x->dim[2] > EXTENT_MAX)
		return host_fault(c, "input of %u dimensions and %zu elements; expected [n, height, width, channels], sides up to %d", r.x->rank, r.x->count, EXTENT_MAX);
	bool good = host_list(c, 1, NULL, &size) && host_list_count(c, &size, "sizes", 2);
	for (unsigned d = 0; good && d < 4; d++)
		dim[d] = d % 3 ? size.v[d - 1] : r.x->dim[d];
	host_list_free(&size);
	if (!good)
		return false;
	if (dim[1] < 0 || dim[1] > EXTENT_MAX || dim[2] < 0 || dim[2] > EXTENT_MAX)
		return host_fault(c, "output of %lld x %lld; expected up to %d", (long long)dim[1], (long long)dim[2], EXTENT_MAX);
	r.y = tflite_out(c, 0, 4, dim);
	if (!r.y || !host_steps(c, r.y->count, 4, 1))
		return false;
	if (!c->dry && r.y->count)
		run(&r);
	return true;
}
