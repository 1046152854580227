/* Fixed point: dot products in machine integers. Sums stay exact: pieces too short to overflow are joined in 128 bits. */
#include "fast_internal.h"

enum {
	PIECE = 1 << 14,            /* |product| < 2^16 (narrow), <= 2^48 (wide): a piece stays below 2^31 and 2^63 */
	OUTPUTS = 4,                /* rows of weights that share the loads of one row of activations */
	PIXELS = 32,                /* rows of activations that stay in the cache while the weights pass by */
};

FAST_CLONES
static void dot_narrow(const int16_t *a, const int16_t *const *w, size_t k, int32_t *sum)
{
	const int16_t *w0 = w[0], *w1 = w[1], *w2 = w[2], *w3 = w[3];
	int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
	for (size_t i = 0; i < k; i++) {
		s0 += a[i] * w0[i];
		s1 += a[i] * w1[i];
		s2 += a[i] * w2[i];
		s3 += a[i] * w3[i];
	}
	sum[0] = s0;
	sum[1] = s1;
	sum[2] = s2;
	sum[3] = s3;
}

FAST_CLONES
static int64_t dot_wide(const int32_t *a, const int32_t *w, size_t k)
{
	int64_t s = 0;
	for (size_t i = 0; i < k; i++)
		s += (int64_t)a[i] * w[i];
	return s;
}

static void store(const struct fast_part *part, size_t pixel, size_t output, bitlet_int128 sum)
{
	unsigned bits = part->w->c->result_bits;
	bitlet_int128 max = ((bitlet_int128)1 << (bits - 1)) - 1, min = -max - 1;
	uint8_t flags = sum > max || sum < min ? BITLET_OVERFLOW : 0;
	fast_store(part, pixel, output, bitlet_result_word(part->w->d, (int64_t)(sum > max ? max : sum < min ? min : sum)), flags);
}

/* OUTPUTS outputs of one pixel; rows behind the last are computed again and thrown away. */
static void narrow_tile(const struct fast_part *part, size_t pixel, size_t output)
{
	const struct bitlet_operand *w = part->w;
	const int16_t *a = part->a->narrow + pixel * w->padded;
	int64_t total[OUTPUTS] = { 0 };
	for (size_t at = 0; at < w->k; at += PIECE) {
		const int16_t *rows[OUTPUTS];
		int32_t sum[OUTPUTS];
		for (size_t i = 0; i < OUTPUTS; i++)
			rows[i] = w->narrow + fast_min(output + i, part->end_output - 1) * w->padded + at;
		dot_narrow(a + at, rows, fast_min(PIECE, w->k - at), sum);
		for (size_t i = 0; i < OUTPUTS; i++)
			total[i] += sum[i];
	}
	for (size_t i = 0; i < OUTPUTS && output + i < part->end_output; i++)
		store(part, pixel, output + i, total[i]);
}

static void wide_tile(const struct fast_part *part, size_t pixel, size_t output)
{
	const struct bitlet_operand *w = part->w;
	for (size_t o = output; o < fast_min(output + OUTPUTS, part->end_output); o++) {
		bitlet_int128 total = 0;
		for (size_t at = 0; at < w->k; at += PIECE)
			total += dot_wide(part->a->wide + pixel * w->padded + at, w->wide + o * w->padded + at, fast_min(PIECE, w->k - at));
		store(part, pixel, o, total);
	}
}

void fast_fixed_part(const struct fast_part *part)
{
	void (*tile)(const struct fast_part *, size_t, size_t) = part->w->narrow ? narrow_tile : wide_tile;
	for (size_t first = part->first_pixel; first < part->end_pixel; first += PIXELS)
		for (size_t output = part->first_output; output < part->end_output; output += OUTPUTS)
			for (size_t pixel = first; pixel < fast_min(first + PIXELS, part->end_pixel); pixel++)
				tile(part, pixel, output);
}
