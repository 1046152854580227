#include "arena.h"

#include <stdlib.h>

/* Where a buffer goes in the order of placing. */
struct rank {
	const struct arena_buffer *buffer;
	size_t index;
};

static int larger_first(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;
	if (x->buffer->bytes != y->buffer->bytes)
		return x->buffer->bytes < y->buffer->bytes ? 1 : -1;
	return x->index < y->index ? -1 : 1;
}

static bool meet(const struct arena_buffer *a, const struct arena_buffer *b)
{
	return a->first <= b->last && b->first <= a->last;
}

static size_t end_of(const struct arena_buffer *b, size_t align)
{
	return b->offset + (b->bytes + align - 1) / align * align;
}

/* Lowest place that nobody has at the same time; placed[] goes by offset. */
static size_t lowest(const struct arena_buffer *b, struct arena_buffer *const *placed, size_t count, size_t align)
{
	size_t at = 0;
	for (size_t i = 0; i < count; i++) {
		if (!meet(b, placed[i]) || end_of(placed[i], align) <= at)
			continue;
		if (placed[i]->offset >= at && placed[i]->offset - at >= b->bytes)
			break;
		at = end_of(placed[i], align);
	}
	return at;
}

static void insert(struct arena_buffer **placed, size_t count, struct arena_buffer *b)
{
	for (; count && placed[count - 1]->offset > b->offset; count--)
		placed[count] = placed[count - 1];
	placed[count] = b;
}

bool arena_place(struct arena_buffer *buffer, size_t count, size_t align, size_t *bytes)
{
	struct rank *order = malloc((count + 1) * sizeof *order);
	struct arena_buffer **placed = malloc((count + 1) * sizeof(struct arena_buffer *));
	bool good = order && placed;
	*bytes = 0;
	for (size_t i = 0; good && i < count; i++) {
		order[i] = (struct rank){ &buffer[i], i };
		buffer[i].offset = 0;
	}
	if (good)
		qsort(order, count, sizeof *order, larger_first);
	/* empty ones come last and stay at 0: a network has thousands of them, one for every operator on the host */
	for (size_t i = 0; good && i < count && order[i].buffer->bytes; i++) {
		struct arena_buffer *b = &buffer[order[i].index];
		b->offset = lowest(b, placed, i, align);
		insert(placed, i, b);
		*bytes = end_of(b, align) > *bytes ? end_of(b, align) : *bytes;
	}
	free(order);
	free(placed);
	return good;
}
