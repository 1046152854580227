/*
 * memory.h: memory behind AXI4, for the three masters of bitlet_top: two DRAM channels with bandwidth and latency, back-pressure and bus errors
 * on purpose. Moore: the reply of a cycle is a function of the state, then the edge takes what the core drove in that cycle.
 *
 *     act (read), out (write) --> DRAM channel 0          default: DDR3-1600, 12.8 GB/s each = 64 bytes a cycle at 200 MHz
 *     wgt (read) ---------------> DRAM channel 1
 *
 * A DRAM channel moves beats of its ports in turns, as long as its bandwidth lasts; unused bandwidth is lost. A burst's first beat is shown no
 * sooner than `latency` cycles after its address was taken, the answer to a write no sooner than that after its last beat reached DRAM. Answers come
 * in order. Beats of writes are taken before their address, too.
 * Refresh, row misses and turn-arounds are not modelled: put them into bandwidth and latency.
 *
 * Stalls are drawn by the number of the event, not by the clock: the k-th AR handshake of a port waits hash(seed, stream, k) cycles. So two
 * memories with one seed answer RTL and model alike, whatever came before the run.
 *
 * Outside of the image: DECERR, reads give 0xdd, writes are lost. Strobed bytes of a write are in the image at the edge that serves the beat,
 * before the burst is answered.
 */
#ifndef BITLET_SIM_MEMORY_H
#define BITLET_SIM_MEMORY_H

#include "core_types.h"

struct image;                       /* refmodel/compile/image.h */

enum memory_port { MEMORY_ACT, MEMORY_WGT, MEMORY_OUT, MEMORY_PORTS };
enum { MEMORY_CHANNELS = 3, MEMORY_MAX_BURSTS = 256, MEMORY_FIFO_BEATS = 32 };

/* What can wait: one stream of events each. */
enum memory_stream { MEMORY_ACT_AR, MEMORY_ACT_R, MEMORY_WGT_AR, MEMORY_WGT_R, MEMORY_OUT_AW, MEMORY_OUT_W, MEMORY_OUT_B, MEMORY_STREAMS };

struct memory_config {
	unsigned bus_bytes;         /* B */
	uint64_t clock_hz;
	uint64_t bandwidth[MEMORY_CHANNELS]; /* bytes a second; 0: no limit */
	uint8_t channel[MEMORY_PORTS]; /* which DRAM channel serves a port */
	unsigned latency;           /* cycles, >= 1 */
	unsigned outstanding;       /* bursts of a port that are taken and not yet answered: 1 .. MEMORY_MAX_BURSTS */
	unsigned stalls;            /* of 100 events, how many wait (some time, in moods); 0: none */
	uint64_t seed;              /* of the stalls */
};

/* 200 MHz, act and out on channel 0, wgt on channel 1, 12.8e9 bytes/s each, 30 cycles, 64 bursts, no stalls. */
void memory_defaults(struct memory_config *c, unsigned bus_bytes);

struct memory_burst {
	uint64_t first, address;    /* of the burst, of the next beat */
	unsigned beats;             /* left */
	uint64_t ready;             /* cycle of the first beat at the soonest */
	uint8_t resp;               /* of a write: the worst of its beats */
};

struct memory_beat {
	uint8_t data[CORE_MAX_BEAT];
	uint64_t strobe;            /* of a write */
	uint8_t resp;               /* of a read */
	bool last;
};

/* Holds a handshake back. */
struct memory_gate {
	uint64_t events;            /* handshakes so far */
	unsigned wait;              /* cycles to go */
	bool needs_valid;           /* they pass only while the other side is there */
};

struct memory_ring {
	unsigned head, count;
};

struct memory_queue {               /* one port */
	struct memory_ring bursts, beats; /* bursts to be served, beats to be shown (read) or written */
	struct memory_burst burst[MEMORY_MAX_BURSTS];
	struct memory_beat beat[MEMORY_FIFO_BEATS];
	struct memory_ring answers; /* writes: bursts served */
	struct memory_burst answer[MEMORY_MAX_BURSTS];
	unsigned open;              /* bursts taken and not yet answered */
};

/* An error put in on purpose: the answer to the at-th beat (reads) or burst (writes) of a port, counted from memory_inject() on. */
struct memory_fault {
	bool on;
	enum memory_port port;
	uint64_t at;
	uint8_t resp;               /* 2 SLVERR, 3 DECERR */
};

struct memory {
	struct memory_config config;
	struct image *image;        /* not owned */
	uint64_t cycle;
	uint64_t credit[MEMORY_CHANNELS]; /* bytes times clock_hz */
	unsigned turn[MEMORY_CHANNELS]; /* port that was served last */
	struct memory_queue queue[MEMORY_PORTS];
	struct memory_gate gate[MEMORY_STREAMS];
	struct memory_fault fault;
	bool hit;                   /* the fault has been answered */
	uint64_t hit_address;       /* of the beat (reads) or burst (writes) */
	uint64_t answered[MEMORY_PORTS]; /* beats (reads) or bursts (writes) since memory_inject() */
	const char *violation;      /* first broken rule that the memory saw; NULL: none */
};

struct memory_out {
	struct axi_read_reply act, wgt;
	struct axi_write_reply out;
};

struct memory_in {
	struct axi_read_port act, wgt;
	struct axi_write_port out;
};

/* Empty queues. The image must outlive m; it may be changed between runs. */
void memory_reset(struct memory *m, const struct memory_config *c, struct image *image);

/* Sets the fault (at is counted from here), or with on = false removes it. */
void memory_inject(struct memory *m, const struct memory_fault *f);

void memory_out(const struct memory *m, struct memory_out *out);
void memory_clock(struct memory *m, const struct memory_in *in);

/* Nothing asked that is not answered. */
bool memory_idle(const struct memory *m);

#endif
