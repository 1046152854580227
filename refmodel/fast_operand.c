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

static bool allocate(struct bitlet_operand *o)
{
	size_t cells = o->rows * o->padded;
	if (o->m->precision.is_float) {
		size_t rows = o->role == BITLET_WEIGHTS ? (o->rows + FAST_LANES - 1) / FAST_LANES * FAST_LANES : o->rows;
		o->man = calloc(rows * o->padded, sizeof *o->man);
		o->exp = malloc(rows * o->padded * sizeof *o->exp);
		o->word = calloc(cells, sizeof *o->word);
		o->special = calloc(o->rows * o->groups, 1);
		for (size_t i = 0; o->exp && i < rows * o->padded; i++)
			o->exp[i] = FAST_NONE;
		return o->man && o->exp && o->word && o->special;
	}
	if (o->m->precision.w_bits <= 8 && o->m->precision.a_bits <= 8)
		return (o->narrow = calloc(cells, sizeof *o->narrow)) != NULL;
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

static int32_t stored_mantissa(const struct bitlet_operand *o, struct bitlet_float f)
{
	if (o->role == BITLET_ACTIVATIONS)
		return f.negative ? -(int32_t)f.man : (int32_t)f.man;
	return (int32_t)(f.man | (uint32_t)f.negative << 31);
}

static void fill_float(struct bitlet_operand *o, const void *elements, size_t bytes)
{
	for (size_t r = 0; r < o->rows; r++) {
		for (size_t e = 0; e < o->k; e++) {
			uint32_t word = read_element(elements, bytes, r * o->k + e);
			struct bitlet_float f = bitlet_float_unpack(&o->m->precision, word);
			size_t place = fast_place(o, r, e);
			o->word[r * o->padded + e] = word;
			if (f.kind > BITLET_FINITE)
				o->special[r * o->groups + e / o->pairs] = 1;
			if (f.kind != BITLET_FINITE)
				continue;
			o->man[place] = stored_mantissa(o, f);
			o->exp[place] = f.exp;
		}
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
