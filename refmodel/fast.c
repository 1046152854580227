#include "fast.h"

#include <assert.h>

#include "fast_internal.h"
#include "parallel.h"

struct work {
	struct fast_part all;
	bool by_pixel;              /* pieces are pixels, else blocks of outputs */
};

/* Pieces first .. last - 1. */
static bool run_part(void *context, size_t first, size_t last)
{
	const struct work *w = context;
	struct fast_part part = w->all;
	if (w->by_pixel) {
		part.first_pixel = first;
		part.end_pixel = last;
	} else {
		part.first_output = first * FAST_LANES;
		part.end_output = fast_min(part.end_output, last * FAST_LANES);
	}
	if (part.w->m->precision.is_float)
		fast_float_part(&part);
	else
		fast_fixed_part(&part);
	return true;
}

bool bitlet_fast_multiply(const struct bitlet_operand *w, const struct bitlet_operand *a, unsigned threads, uint64_t *bits, uint8_t *flags)
{
	struct work work = {.all = { w, a, 0, a->rows, 0, w->rows, bits, flags }};
	assert(w->role == BITLET_WEIGHTS && a->role == BITLET_ACTIVATIONS);
	assert(w->c == a->c && w->m == a->m && w->k == a->k && threads >= 1);
	size_t blocks = (w->rows + FAST_LANES - 1) / FAST_LANES;
	work.by_pixel = threads == 1 || a->rows >= blocks;
	return parallel_run(work.by_pixel ? a->rows : blocks, threads, run_part, &work);
}
