/*
 * group_words.h: a group's bytes in a buffer as the engine's slots (docs/core.md section 2). Twin of group_words.v and slot_words.v.
 *
 *     P = 1   slot i = the low bits of element i, as many as memory and port have in common
 *     P > 1   field j of slot i = the low bits of element i * P + j
 */
#ifndef BITLET_GROUP_WORDS_H
#define BITLET_GROUP_WORDS_H

#include <stdint.h>

struct group_layout {
	unsigned n, pack, field, bytes; /* slots; pairs a slot, bits of a field, bytes of an element */
};

/* field: bits of the precision's operand; slot_bits: width of a slot on the port. */
struct group_layout group_layout(unsigned n, unsigned pack, unsigned field, unsigned bytes, unsigned slot_bits);

/* data[n * pack * bytes] -> word[n]; bits above the fields are 0. */
void group_words(const struct group_layout *l, const uint8_t *data, uint32_t *word);

#endif
