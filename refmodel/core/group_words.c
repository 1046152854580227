#include "group_words.h"

#include <assert.h>

struct group_layout group_layout(unsigned n, unsigned pack, unsigned field, unsigned bytes, unsigned slot_bits)
{
	if (pack == 1)
		field = 8 * bytes < slot_bits ? 8 * bytes : slot_bits;
	assert(pack * field <= slot_bits && slot_bits <= 32 && field <= 8 * bytes);
	return (struct group_layout){ n, pack, field, bytes };
}

/* The low bits of the element at data. */
static uint32_t element(const struct group_layout *l, const uint8_t *data)
{
	uint32_t v = 0;
	for (unsigned i = l->bytes; i-- > 0;)
		v = v << 8 | data[i];
	return v & UINT32_MAX >> (32 - l->field);
}

void group_words(const struct group_layout *l, const uint8_t *data, uint32_t *word)
{
	for (unsigned i = 0; i < l->n; i++) {
		word[i] = 0;
		for (unsigned j = 0; j < l->pack; j++) {
			word[i] |= element(l, data) << j * l->field;
			data += l->bytes;
		}
	}
}
