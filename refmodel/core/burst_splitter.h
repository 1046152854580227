/*
 * burst_splitter.h: cuts a run of beats into AXI bursts: at most `burst` beats each, never across 4 KiB. Twin of burst_splitter.v, part of axi_read
 * and axi_write.
 */
#ifndef BITLET_BURST_SPLITTER_H
#define BITLET_BURST_SPLITTER_H

#include <stdbool.h>
#include <stdint.h>

enum { AXI_PAGE = 4096 };           /* bytes: no burst crosses a multiple */

struct burst_splitter {
	unsigned bytes;             /* of a beat; parameters: set by the owner */
	unsigned burst;             /* beats, 1..256 */
	uint64_t address_mask;      /* ones for the bits of an address */
	bool valid;
	uint64_t address;           /* of the next burst, in bytes, a multiple of `bytes` */
	uint32_t beats;             /* rest of the run */
	uint8_t tag;
};

/* Beats of the next burst; only while valid. */
unsigned burst_splitter_beats(const struct burst_splitter *s);

/* The next burst is the run's last; only while valid. */
bool burst_splitter_last(const struct burst_splitter *s);

/* The edge: the next burst goes. */
void burst_splitter_take(struct burst_splitter *s);

/* The edge, behind burst_splitter_take(): a run enters; address is rounded down to a beat. */
void burst_splitter_load(struct burst_splitter *s, uint64_t address, uint32_t beats, uint8_t tag);

#endif
