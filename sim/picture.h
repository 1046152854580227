/*
 * picture.h: PNG and JPEG files as 8-bit pixels. Files may come from anywhere.
 */
#ifndef BITLET_PICTURE_H
#define BITLET_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

enum { PICTURE_MAX_SIDE = 16384, PICTURE_MAX_PIXELS = 1 << 25, PICTURE_MAX_BYTES = 256 << 20 /* of a file */ };

struct picture {
	unsigned width, height;     /* 1 .. PICTURE_MAX_SIDE, PICTURE_MAX_PIXELS in all */
	unsigned channels;          /* 1 grey, 3 red, green, blue */
	uint8_t *pixel;             /* [height][width][channels]; owned */
};

/* Does the file's beginning say that it is one? */
bool picture_is(const void *data, size_t size);

/*
 * Palettes are looked up, 16 bits become 8, transparency is dropped, gamma and colour profiles are not applied. A damaged file (one that libjpeg only warns
 * about, too) is a fault, and so are CMYK and what is larger than the limits. *p is empty then.
 */
bool picture_parse(const void *data, size_t size, struct picture *p, struct fault *f);
void picture_free(struct picture *p);

/*
 * The picture scaled to width x height, bilinear: pixel centres at half, (x + 0.5) * old / new - 0.5, clamped to the border, four neighbours, no low-pass in
 * front. Channel c (below `channels`) of pixel (x, y) of that; channels 1: of a coloured picture 0.299 R + 0.587 G + 0.114 B; 3: of a grey one grey. 0..255.
 */
double picture_sample(const struct picture *p, unsigned width, unsigned height, unsigned x, unsigned y, unsigned channels, unsigned c);

#endif
