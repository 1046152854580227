/*
 * fast_internal.h: how prepared operands lie in memory; shared by the fast_*.c files only.
 */
#ifndef BITLET_FAST_INTERNAL_H
#define BITLET_FAST_INTERNAL_H

#include "fast.h"
#include "fp32.h"

enum {
	FAST_LANES = 16,            /* outputs that a float kernel computes side by side */
	FAST_NONE = -(1 << 20),     /* exponent of an operand that takes no part: no sum with it reaches 0 */
};

struct bitlet_operand {
	const struct bitlet_config *c;
	const struct bitlet_derived *d;
	const struct bitlet_mode *m;
	enum bitlet_role role;
	size_t rows, k;
	size_t pairs;               /* N * P, pairs of a group */
	size_t groups, padded;      /* padded = groups * pairs, elements of a row with its padding */
	/* fixed: values (activations less the zero point), [rows][padded]; one of the two is there */
	int16_t *narrow;            /* both fields at most 8 bits */
	int32_t *wide;
	/*
	 * float: mantissa with hidden bit and sign, biased exponent. Activations: [rows][padded], the mantissa signed.
	 * Weights: [ceil(rows / FAST_LANES)][padded][FAST_LANES], the mantissa's sign in bit 31.
	 */
	int32_t *man, *exp;
	uint32_t *word;             /* [rows][padded], as given */
	uint8_t *special;           /* [rows][groups]: the group holds a NaN or an infinity */
};

static inline size_t fast_min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Where element e of a row is in man and exp. */
static inline size_t fast_place(const struct bitlet_operand *o, size_t row, size_t e)
{
	if (o->role == BITLET_ACTIVATIONS)
		return row * o->padded + e;
	return (row / FAST_LANES * o->padded + e) * FAST_LANES + row % FAST_LANES;
}

/* A rectangle of the product. */
struct fast_part {
	const struct bitlet_operand *w, *a;
	size_t first_pixel, end_pixel, first_output, end_output;
	uint64_t *bits;
	uint8_t *flags;             /* may be NULL */
};

void fast_fixed_part(const struct fast_part *part);
/* first_output is a multiple of FAST_LANES. */
void fast_float_part(const struct fast_part *part);

static inline void fast_store(const struct fast_part *part, size_t pixel, size_t output, uint64_t bits, uint8_t flags)
{
	size_t place = pixel * part->w->rows + output;
	part->bits[place] = bits;
	if (part->flags)
		part->flags[place] = flags;
}

/* Vector code for newer machines beside the plain one, chosen when the program starts. Sanitizers start too late for that. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__) && !defined(FAST_PLAIN)
#define FAST_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define FAST_CLONES
#endif

#endif
