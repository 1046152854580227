/*
 * fast.h: the same bits as naive.h and lane.h for whole matrix products, by plain integer arithmetic on aligned mantissas, vectorised, on several
 * threads; and exact cycle counts without stepping.
 *
 *     weights      [outputs][k]      elements of one row lie side by side
 *     activations  [pixels][k]
 *     results      [pixels][outputs]
 *
 * An element is one operand's bit pattern in the smallest of uint8_t, uint16_t, uint32_t that holds it (so int8_t, float and packed fp16 arrays
 * can be given as they are; tf32 takes 32 bits, right-aligned); upper bits are ignored.
 *
 * Element e of a row is pair e mod (N * P) of group e / (N * P); pair q is slot q / P, field q mod P. The last group is filled up with
 * weights 0 and activations equal to the zero point (float +0), which change nothing and cost no lane cycles.
 */
#ifndef BITLET_FAST_H
#define BITLET_FAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "derive.h"
#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

enum bitlet_role { BITLET_WEIGHTS, BITLET_ACTIVATIONS };

/* A matrix prepared for one mode: unpacked, transposed as the kernels like it. Opaque; may be shared by threads. */
struct bitlet_operand;

/* Bytes of one element of that role: 1, 2 or 4. */
size_t bitlet_element_bytes(const struct bitlet_derived *d, unsigned mode, enum bitlet_role role);

/*
 * Prepares rows x k elements (rows >= 1, k >= 1); they are copied. zero: zero point field, for activations of fixed modes with zero_point.
 * NULL when out of memory, or when k needs more than max_groups groups.
 */
struct bitlet_operand *bitlet_operand_new(const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode,
                                          enum bitlet_role role, const void *elements, size_t rows, size_t k, uint32_t zero);
void bitlet_operand_free(struct bitlet_operand *o);

/* Groups of a row: ceil(k / (N * P)). */
size_t bitlet_operand_groups(const struct bitlet_operand *o);

/*
 * All pixels x outputs results: bits[pixel * outputs + output] as in struct bitlet_result, flags likewise (NULL: not wanted).
 * w and a must come from the same configuration, mode and k. threads >= 1. False when out of memory; bits and flags are then undefined.
 */
bool bitlet_fast_multiply(const struct bitlet_operand *w, const struct bitlet_operand *a, unsigned threads, uint64_t *bits,
                          uint8_t *flags);

/*
 * Lane cycles of one output, group by group: busiest[g] = cycles of the busiest lane (with selector window: windows passed included),
 * 0 for an empty group; returns the essential bits of all groups. busiest may be NULL.
 */
uint64_t bitlet_fast_busiest(const struct bitlet_operand *w, const struct bitlet_operand *a, size_t pixel, size_t output,
                             uint16_t *busiest);

/* A stretch of work on the array: PE p computes output first_output + p of every pixel, in order of pixels. */
struct bitlet_fast_tile {
	size_t first_output;
	unsigned pes;               /* PEs in use, 1 .. c->pes; the others compute nothing and hold up nobody */
	size_t first_pixel, pixels;
};

struct bitlet_fast_cycles {
	uint64_t cycles;            /* from the first load (the cycle that take is in) to the last retirement of any PE: retire cycle less load cycle */
	uint64_t groups;            /* groups of one PE */
	uint64_t busiest;           /* sum over all PEs and groups of the busiest lane */
	uint64_t essential_bits;    /* of all PEs */
};

/*
 * Cycles of a tile after reset, with inputs always valid and outputs always ready: exactly those of the lane model, from section 9's rules as
 * recurrences over groups. False when out of memory. In lock step (no array_fifo, or side activation) PEs wait for each other at each load;
 * with array_fifo the FIFO's depth couples them.
 */
bool bitlet_fast_cycles(const struct bitlet_operand *w, const struct bitlet_operand *a, const struct bitlet_fast_tile *tile,
                        struct bitlet_fast_cycles *count);

#ifdef __cplusplus
}
#endif

#endif
