#include "image.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096 };

static size_t round_up(size_t v, size_t multiple)
{
	return (v + multiple - 1) / multiple * multiple;
}

void image_init(struct image *m, uint64_t base)
{
	assert(base % PAGE == 0);
	memset(m, 0, sizeof *m);
	m->base = base;
}

void image_free(struct image *m)
{
	free(m->data);
	memset(m, 0, sizeof *m);
}

bool image_copy(struct image *to, const struct image *from, struct fault *f)
{
	*to = *from;
	to->data = malloc(from->bytes ? from->bytes : 1);
	if (!to->data)
		return fault_set(f, "out of memory for an image of %zu bytes", from->bytes);
	if (from->bytes)
		memcpy(to->data, from->data, from->bytes);
	return true;
}

static bool grow(struct image *m, size_t bytes, struct fault *f)
{
	uint8_t *data = realloc(m->data, bytes);
	if (!data)
		return fault_set(f, "out of memory for an image of %zu bytes", bytes);
	memset(data + m->bytes, IMAGE_FILL, bytes - m->bytes);
	m->data = data;
	m->bytes = bytes;
	return true;
}

bool image_alloc(struct image *m, const char *name, size_t align, size_t offset, size_t bytes, uint64_t *address, struct fault *f)
{
	assert(align && !(align & (align - 1)) && align <= PAGE);
	size_t at = round_up(m->used, align) + offset;
	if (name && m->regions == IMAGE_MAX_REGIONS)
		return fault_set(f, "more than %d regions in an image", IMAGE_MAX_REGIONS);
	if (bytes > IMAGE_MAX_BYTES || at > IMAGE_MAX_BYTES - bytes)
		return fault_set(f, "the memory image is larger than %d bytes; expected a smaller layer", IMAGE_MAX_BYTES);
	size_t end = round_up(at + bytes, PAGE);
	if (end > m->bytes && !grow(m, end, f))
		return false;
	*address = m->base + at;
	m->used = at + bytes;
	if (!name)
		return true;
	struct image_region *r = &m->region[m->regions++];
	snprintf(r->name, sizeof r->name, "%s", name);
	r->address = *address;
	r->bytes = bytes;
	return true;
}

uint8_t *image_at(const struct image *m, uint64_t address, size_t bytes)
{
	uint64_t at = address - m->base;
	if (address < m->base || at > m->bytes || bytes > m->bytes - at)
		return NULL;
	return m->data + at;
}

const struct image_region *image_find(const struct image *m, const char *name)
{
	for (unsigned i = 0; i < m->regions; i++)
		if (!strcmp(m->region[i].name, name))
			return &m->region[i];
	return NULL;
}
