#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fast_internal.h"

static unsigned element_bits(const struct bitlet_mode *m, enum bitlet_role role)
{
	return role == BITLET_WEIGHTS ? m->precision.w_bits : m->precision.a_bits;
}

size_t bitlet_element_bytes(const struct bitlet_derived *d, unsigned mode, enum bitlet_role role)
{
	unsigned bits = element_bits(&d->mode[mode], role);
	return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
}

static uint32_t read_element(const void *elements, size_t bytes, size_t i)
{
	switch (bytes) {
	case 1: return ((const uint8_t *)elements)[i];
	case 2: return ((const uint16_t *)elements)[i];
	default: return ((const uint32_t *)elements)[i];
	}
}

/* Does the filling reach every cell? */
static bool is_full(const struct bitlet_operand *o)
{
	return o->k == o->padded && (o->role == BITLET_ACTIVATIONS || o->rows % FAST_LANES == 0);
}

static bool allocate_float(struct bitlet_operand *o)
{
	size_t rows = o->role == BITLET_WEIGHTS ? (o->rows + FAST_LANES - 1) / FAST_LANES * FAST_LANES : o->rows, cells = rows * o->padded;
	bool full = is_full(o);
	o->man = full ? malloc(cells * sizeof *o->man) : calloc(cells, sizeof *o->man);
	o->exp = malloc(cells * sizeof *o->exp);
	o->word = full ? malloc(o->rows * o->padded * sizeof *o->word) : calloc(o->rows * o->padded, sizeof *o->word);
	o->special = calloc(o->rows * o->groups, 1);
	for (size_t i = 0; o->exp && !full && i < cells; i++)
		o->exp[i] = FAST_NONE;
	return o->man && o->exp && o->word && o->special;
}

static bool allocate(struct bitlet_operand *o)
{
	size_t cells = o->rows * o->padded;
	if (o->m->precision.is_float)
		return allocate_float(o);
	if (o->m->precision.w_bits <= 8 && o->m->precision.a_bits <= 8)
		return (o->narrow = is_full(o) ? malloc(cells * sizeof *o->narrow) : calloc(cells, sizeof *o->narrow)) != NULL;
	return (o->wide = calloc(cells, sizeof *o->wide)) != NULL;
}

/* Bytes, as most networks have them, in a loop for the vectoriser. */
FAST_CLONES
static void fill_bytes(int16_t *to, const uint8_t *from, size_t count, unsigned bits, bool is_signed, int32_t zero)
{
	const uint32_t mask = (UINT32_C(1) << bits) - 1, sign = is_signed ? UINT32_C(1) << (bits - 1) : 0;
	for (size_t i = 0; i < count; i++)
		to[i] = (int16_t)((int32_t)(((from[i] & mask) ^ sign) - sign) - zero);
}

static void fill_fixed(struct bitlet_operand *o, const void *elements, size_t bytes, uint32_t zero_field)
{
	const struct bitlet_precision *p = &o->m->precision;
	unsigned bits = element_bits(o->m, o->role);
	bool is_signed = o->role == BITLET_WEIGHTS ? p->w_signed : p->a_signed;
	bool shifted = o->role == BITLET_ACTIVATIONS && o->c->zero_point;
	int32_t zero = shifted ? bitlet_field(zero_field, 0, bits, is_signed) : 0;
	for (size_t r = 0; r < o->rows && bytes == 1 && o->narrow; r++)
		fill_bytes(o->narrow + r * o->padded, (const uint8_t *)elements + r * o->k, o->k, bits, is_signed, zero);
	if (bytes == 1 && o->narrow)
		return;
	for (size_t r = 0; r < o->rows; r++) {
		for (size_t e = 0; e < o->k; e++) {
			int32_t v = bitlet_field(read_element(elements, bytes, r * o->k + e), 0, bits, is_signed) - zero;
			if (o->narrow)
				o->narrow[r * o->padded + e] = (int16_t)v;
			else
				o->wide[r * o->padded + e] = v;
		}
	}
}

/* bitlet_float_unpack() for many words, in a loop for the vectoriser: what is not finite and not 0 takes no part. sign: of the mantissa, or bit 31 of it. */
FAST_CLONES
static void unpack(const uint32_t *word, size_t count, unsigned exp_bits, unsigned man_bits, bool in_top_bit, int32_t *man, int32_t *exp)
{
	const uint32_t hidden = UINT32_C(1) << man_bits, top = (UINT32_C(1) << exp_bits) - 1;
	for (size_t i = 0; i < count; i++) {
		uint32_t exponent = word[i] >> man_bits & top, m = (word[i] & (hidden - 1)) | (exponent ? hidden : 0);
		uint32_t negative = word[i] >> (man_bits + exp_bits) & 1, with_sign = in_top_bit ? m | negative << 31 : (m ^ -negative) + negative;
		bool takes_part = exponent != top && m;
		man[i] = takes_part ? (int32_t)with_sign : 0;
		exp[i] = takes_part ? (int32_t)(exponent ? exponent : 1) : FAST_NONE;
	}
}

static void find_special(struct bitlet_operand *o, size_t row, const uint32_t *word)
{
	const struct bitlet_precision *p = &o->m->precision;
	const uint32_t all = ((UINT32_C(1) << p->exp_bits) - 1) << p->man_bits;
	for (size_t g = 0; g < o->groups; g++) {
		uint32_t found = 0;
		for (size_t e = g * o->pairs; e < fast_min(o->k, (g + 1) * o->pairs); e++)
			found |= (word[e] & all) == all;
		o->special[row * o->groups + g] = (uint8_t)found;
	}
}

/* A row of weights goes into one lane of its block. */
static void spread(struct bitlet_operand *o, size_t row, const uint32_t *word)
{
	enum { PIECE = 256 };
	int32_t man[PIECE], exp[PIECE];
	const struct bitlet_precision *p = &o->m->precision;
	for (size_t at = 0; at < o->k; at += PIECE) {
		size_t count = fast_min(PIECE, o->k - at);
		unpack(word + at, count, p->exp_bits, p->man_bits, true, man, exp);
		for (size_t i = 0; i < count; i++) {
			o->man[fast_place(o, row, at + i)] = man[i];
			o->exp[fast_place(o, row, at + i)] = exp[i];
		}
	}
}

static void fill_float(struct bitlet_operand *o, const void *elements, size_t bytes)
{
	const struct bitlet_precision *p = &o->m->precision;
	for (size_t r = 0; r < o->rows; r++) {
		uint32_t *word = o->word + r * o->padded;
		for (size_t e = 0; e < o->k; e++)
			word[e] = read_element(elements, bytes, r * o->k + e);
		find_special(o, r, word);
		if (o->role == BITLET_WEIGHTS)
			spread(o, r, word);
		else
			unpack(word, o->k, p->exp_bits, p->man_bits, false, o->man + r * o->padded, o->exp + r * o->padded);
	}
}

struct bitlet_operand *bitlet_operand_new(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode,
                                          enum bitlet_role role, const void *elements, size_t rows, size_t k, uint32_t zero)
{
	size_t pairs = (size_t)c->n * d->mode[mode].pack, groups = (k + pairs - 1) / pairs;
	struct bitlet_operand *o;
	assert(mode < d->modes && rows > 0 && k > 0);
	if (groups > c->max_groups || !(o = calloc(1, sizeof *o)))
		return NULL;
	*o = (struct bitlet_operand){ .c = c, .d = d, .m = &d->mode[mode], .role = role, .rows = rows, .k = k, .pairs = pairs,
		                      .groups = groups, .padded = groups * pairs };
	if (!allocate(o)) {
		bitlet_operand_free(o);
		return NULL;
	}
	if (o->m->precision.is_float)
		fill_float(o, elements, bitlet_element_bytes(d, mode, role));
	else
		fill_fixed(o, elements, bitlet_element_bytes(d, mode, role), zero);
	return o;
}

void bitlet_operand_free(struct bitlet_operand *o)
{
	if (!o)
		return;
	free(o->narrow);
	free(o->wide);
	free(o->man);
	free(o->exp);
	free(o->word);
	free(o->special);
	free(o);
}

size_t bitlet_operand_groups(const struct bitlet_operand *o)
{
	return o->groups;
}
