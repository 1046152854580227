#include "tile_walk.h"

#include <assert.h>
#include <string.h>

void walk_start(struct walk *w, int64_t run_bytes)
{
	memset(w, 0, sizeof *w);
	w->run_bytes = run_bytes;
}

void walk_add(struct walk *w, int64_t count, int64_t stride, int64_t step, unsigned axis)
{
	if (count == 1)
		return;
	assert(w->loops < WALK_LOOPS && count > 1);
	w->loop[w->loops++] = (struct walk_loop){ count, stride, step, axis };
}

static void drop(struct walk *w, unsigned i)
{
	w->loops--;
	memmove(&w->loop[i], &w->loop[i + 1], (w->loops - i) * sizeof w->loop[0]);
}

/* Loop i + 1 goes on where loop i ends: one loop. */
static bool join_loops(struct walk *w, unsigned i)
{
	struct walk_loop *a = &w->loop[i];
	const struct walk_loop *b = a + 1;
	bool plain = a->axis == PROGRAM_AXIS_NONE && b->axis == PROGRAM_AXIS_NONE;
	if (!plain || b->stride != a->stride * a->count || a->count * b->count > WALK_MAX_COUNT)
		return false;
	a->count *= b->count;
	drop(w, i + 1);
	return true;
}

static bool join_run(struct walk *w)
{
	const struct walk_loop *a = &w->loop[0];
	if (!w->loops || a->axis != PROGRAM_AXIS_NONE || a->stride != w->run_bytes || w->run_bytes * a->count > WALK_MAX_RUN)
		return false;
	w->run_bytes *= a->count;
	drop(w, 0);
	return true;
}

void walk_tidy(struct walk *w, bool join)
{
	while (join && join_run(w))
		;
	for (unsigned i = 0; i + 1 < w->loops;)
		i += !join_loops(w, i);
}

void walk_merge(const struct walk *w, int64_t *merge_bytes, int64_t *merge_span)
{
	const struct walk_loop *a = &w->loop[0];
	bool contiguous = w->loops && a->stride == w->run_bytes && w->run_bytes * a->count <= WALK_MAX_RUN;
	*merge_bytes = contiguous ? w->run_bytes * a->count : 0;
	*merge_span = contiguous ? a->step * (a->count - 1) : 0;
}

bool walk_store(const struct walk *w, struct program_loop *loop, unsigned loops)
{
	if (w->loops > loops)
		return false;
	for (unsigned i = 0; i < loops; i++) {
		const struct walk_loop *a = &w->loop[i];
		loop[i] = (struct program_loop){ .axis = PROGRAM_AXIS_NONE };
		if (i < w->loops)
			loop[i] = (struct program_loop){ a->count - 1, a->step, a->axis, a->stride };
	}
	return true;
}
