/*
 * image.h: the memory that program and layer lie in: one stretch of bytes at a bus address, handed out in regions.
 */
#ifndef BITLET_IMAGE_H
#define BITLET_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { IMAGE_MAX_REGIONS = 16, IMAGE_REGION_NAME = 16, IMAGE_FILL = 0xcd, IMAGE_MAX_BYTES = 0x7fffffff };

struct image_region {
	char name[IMAGE_REGION_NAME];
	uint64_t address;
	size_t bytes;
};

struct image {
	uint64_t base;              /* bus address of data[0], a multiple of 4096 */
	size_t bytes;               /* a multiple of 4096 */
	uint8_t *data;              /* owned; what no region's owner wrote is IMAGE_FILL */
	size_t used;
	struct image_region region[IMAGE_MAX_REGIONS]; /* in order of address */
	unsigned regions;
};

void image_init(struct image *m, uint64_t base);
void image_free(struct image *m);
bool image_copy(struct image *to, const struct image *from, struct fault *f);

/*
 * A region of `bytes` (>= 0) at a multiple of `align` (a power of two) + offset behind those before. The data may move. False when memory runs out or
 * the image has more than IMAGE_MAX_REGIONS regions or IMAGE_MAX_BYTES bytes. name NULL: the bytes are handed out, but are no region to be found.
 */
bool image_alloc(struct image *m, const char *name, size_t align, size_t offset, size_t bytes, uint64_t *address, struct fault *f);

/* The bytes at an address, NULL when they are not all inside. */
uint8_t *image_at(const struct image *m, uint64_t address, size_t bytes);

const struct image_region *image_find(const struct image *m, const char *name);

#ifdef __cplusplus
}
#endif

#endif
