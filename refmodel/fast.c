#include "fast.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "fast_internal.h"

static void *run_part(void *data)
{
	const struct fast_part *part = data;
	if (part->w->m->precision.is_float)
		fast_float_part(part);
	else
		fast_fixed_part(part);
	return NULL;
}

/* Part i of `parts`: a share of the pixels, or of the outputs when there are few pixels. May be empty. */
static struct fast_part share(struct fast_part all, unsigned i, unsigned parts)
{
	size_t pixels = all.end_pixel, blocks = (all.end_output + FAST_LANES - 1) / FAST_LANES;
	if (pixels >= blocks) {
		all.first_pixel = pixels * i / parts;
		all.end_pixel = pixels * (i + 1) / parts;
	} else {
		size_t outputs = all.end_output;
		all.first_output = blocks * i / parts * FAST_LANES;
		all.end_output = fast_min(outputs, blocks * (i + 1) / parts * FAST_LANES);
	}
	return all;
}

static bool run_threads(struct fast_part all, unsigned threads)
{
	pthread_t *thread = malloc(threads * sizeof *thread);
	struct fast_part *part = malloc(threads * sizeof *part);
	bool *started = calloc(threads, sizeof *started);
	bool good = thread && part && started;
	for (unsigned i = 0; good && i < threads; i++) {
		part[i] = share(all, i, threads);
		/* the first part, and what gets no thread of its own, is done here */
		started[i] = i > 0 && pthread_create(&thread[i], NULL, run_part, &part[i]) == 0;
	}
	for (unsigned i = 0; good && i < threads; i++)
		if (!started[i])
			run_part(&part[i]);
	for (unsigned i = 0; good && i < threads; i++)
		if (started[i])
			pthread_join(thread[i], NULL);
	free(started);
	free(part);
	free(thread);
	return good;
}

bool bitlet_fast_multiply(const struct bitlet_operand *w, const struct bitlet_operand *a, unsigned threads, uint64_t *bits, uint8_t *flags)
{
	struct fast_part all = { w, a, 0, a->rows, 0, w->rows, bits, flags };
	assert(w->role == BITLET_WEIGHTS && a->role == BITLET_ACTIVATIONS);
	assert(w->c == a->c && w->m == a->m && w->k == a->k && threads >= 1);
	if (threads == 1) {
		run_part(&all);
		return true;
	}
	return run_threads(all, threads);
}
