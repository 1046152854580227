/*
 * ports.h: bit fields of port vectors (docs/engine.md section 10), kept as arrays of 32-bit words, bit b at bit b mod 32 of word b / 32.
 */
#ifndef BITLET_PORTS_H
#define BITLET_PORTS_H

#include <stddef.h>
#include <stdint.h>

#include "bitlet.h"
#include "dut.h"

/* Words that `bits` bits need, never below 2 (so that masks and narrow ports can be read as 64 bits). */
size_t port_words(size_t bits);

/* `width` bits (1 .. 64) from bit `at`; what reaches beyond the vector must not be asked for. */
uint64_t port_get(const uint32_t *vector, size_t at, unsigned width);
void port_put(uint32_t *vector, size_t at, unsigned width, uint64_t value);

/* The input ports of one engine as words, made from the model's inputs. */
struct ports {
	const struct bitlet_config *config;
	const struct bitlet_derived *derived;
	struct dut_in in;           /* what to drive */
	uint32_t *act, *wgt;
	struct bitlet_rng noise;    /* fills what the contract says is ignored */
};

/* False when out of memory; ports_free() takes both. */
bool ports_new(struct ports *p, const struct bitlet_config *c, const struct bitlet_derived *d);
void ports_free(struct ports *p);

/*
 * Sets p->in for a cycle. wgt_mode[pe] is the mode of the beat that PE's weight stream shows. Bits that must not matter get noise: above the
 * words of the mode, the zero point where it is ignored, and all words of a stream whose valid is low.
 */
void ports_set(struct ports *p, const struct bitlet_lane_in *in, const uint8_t *wgt_mode);

#endif
