/*
 * bitlet_driver.h: host driver of the accelerator. Depends on bitlet_regs.h and on nothing else: no memory, no system calls, no C library. How the
 * registers are reached and what time it is are functions that the user gives (docs/driver.md has them for Linux's /dev/mem and UIO).
 *
 *     struct bitlet_device dev = { .read32 = my_read, .write32 = my_write, .now = my_clock };
 *     struct bitlet_info info;
 *     struct bitlet_error error;
 *     if (bitlet_dev_probe(&dev, &info) != BITLET_DEV_OK || info.hash != BITLET_HASH)
 *             ...no core, or one of another configuration
 *     if (bitlet_dev_run(&dev, program_address, program_bytes, timeout, &error) != BITLET_DEV_OK)
 *             puts(bitlet_error_meaning(error.code));
 *
 * Every function that waits has a time-out, in the units of now(). One thread at a time may use a device.
 */
#ifndef BITLET_DRIVER_H
#define BITLET_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "bitlet_regs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All functions get `context`. */
struct bitlet_device {
	/* One 32-bit access, offset in bytes from the base of s_axil, in program order with all others and with what the program wrote to memory before. */
	uint32_t (*read32)(void *context, uint32_t offset);
	void (*write32)(void *context, uint32_t offset, uint32_t value);
	/* A clock that never goes back; any unit. */
	uint64_t (*now)(void *context);
	/*
	 * NULL: waiting means to read STATUS again and again. Otherwise returns when irq is (or was) high, or not before `ticks` have gone by, or
	 * earlier for no reason. An interrupt handler need do nothing but wake this function: the driver clears what raised irq.
	 */
	void (*wait)(void *context, uint64_t ticks);
	void *context;
};

enum bitlet_dev_result {
	BITLET_DEV_OK,
	BITLET_DEV_ABSENT,          /* what answers is not this core, or its programs have another version */
	BITLET_DEV_BUSY,            /* a run is under way; nothing was done */
	BITLET_DEV_ERROR,           /* the run was stopped: struct bitlet_error says why */
	BITLET_DEV_TIMEOUT,
};

/* What was built in (CAPABILITY registers). */
struct bitlet_info {
	uint64_t hash;              /* of the configuration; BITLET_HASH of bitlet_params.h, words 2 and 3 of a program */
	unsigned version[3];        /* of the generator: major, minor, patch */
	unsigned n, pes, modes, output_lanes;
	unsigned bus_bytes, address_bits, burst, outstanding;
	uint32_t act_buffer, wgt_buffer, psum_buffer, out_buffer; /* groups, groups a PE, pixels, beats */
	uint32_t max_groups;
	unsigned out_bits;
	bool has_float, has_fixed, zero_point, parity;
};

/* How the last run ended. */
struct bitlet_error {
	unsigned code;              /* BITLET_ERROR_..., NONE for a good end */
	unsigned channel;           /* BITLET_CHANNEL_... */
	uint64_t address;           /* registers.md says of what */
	unsigned layer, tile;       /* dispatched last */
};

/* Is the core there? Fills *info. OK or ABSENT. */
enum bitlet_dev_result bitlet_dev_probe(const struct bitlet_device *dev, struct bitlet_info *info);

/*
 * Starts the program of `bytes` bytes at `address`, which the core must see in memory by now (write-back caches flushed). Clears events of earlier
 * runs, enables irq when the device has wait(). OK, or BUSY and nothing was touched.
 */
enum bitlet_dev_result bitlet_dev_start(const struct bitlet_device *dev, uint64_t address, uint32_t bytes);

/* Until the run has ended, `timeout` at most. OK, ERROR or TIMEOUT; the run goes on after a TIMEOUT. *error may be NULL. */
enum bitlet_dev_result bitlet_dev_wait(const struct bitlet_device *dev, uint64_t timeout, struct bitlet_error *error);

/*
 * Starts, waits, and aborts at the time-out, for which another `timeout` is given. OK, BUSY, ERROR or TIMEOUT. After TIMEOUT error->code is
 * BITLET_ERROR_ABORTED when the abort has worked, else NONE: then a bus does not answer and the core needs the system's reset.
 */
enum bitlet_dev_result bitlet_dev_run(const struct bitlet_device *dev, uint64_t address, uint32_t bytes, uint64_t timeout, struct bitlet_error *error);

/* Stops a run and waits until the core is idle and its bus traffic has ended. OK (also when nothing ran) or TIMEOUT. */
enum bitlet_dev_result bitlet_dev_abort(const struct bitlet_device *dev, uint64_t timeout);

/* The same, and all registers have their reset values afterwards. */
enum bitlet_dev_result bitlet_dev_reset(const struct bitlet_device *dev, uint64_t timeout);

/* How the last run ended; BUSY while it is under way. */
enum bitlet_dev_result bitlet_dev_error(const struct bitlet_device *dev, struct bitlet_error *error);

/* Clears interrupt events, start_ignored and arithmetic flags. */
void bitlet_dev_clear(const struct bitlet_device *dev);

/* Arithmetic flags since they were cleared: bits BITLET_FLAGS_INEXACT_MASK ... BITLET_FLAGS_INVALID_MASK. `clear`: those that are returned. */
uint32_t bitlet_dev_flags(const struct bitlet_device *dev, bool clear);

/* One counter, or all BITLET_COUNTERS; each is consistent in itself, and all belong together once the run has ended. */
uint64_t bitlet_dev_counter(const struct bitlet_device *dev, unsigned index);
void bitlet_dev_counters(const struct bitlet_device *dev, uint64_t *counters);

/* Words for people; "?" for a number that has none. */
const char *bitlet_error_name(unsigned code);     /* "CRC" */
const char *bitlet_error_meaning(unsigned code);  /* "a block's CRC is wrong" */
const char *bitlet_channel_name(unsigned channel); /* "act" */
const char *bitlet_counter_name(unsigned index);  /* "cycles" */
const char *bitlet_counter_meaning(unsigned index);

#ifdef __cplusplus
}
#endif

#endif
