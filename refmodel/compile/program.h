/*
 * program.h: the words of a program (docs/core.md section 3, rows in program.def): structs, packing, unpacking, CRC.
 */
#ifndef BITLET_PROGRAM_H
#define BITLET_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	PROGRAM_MAGIC = 0x4c544942,
	PROGRAM_VERSION = 1,
	PROGRAM_BLOCK_WORDS = 64,
	PROGRAM_BLOCK_BYTES = 256,
	PROGRAM_CRC_WORD = 63,
	PROGRAM_TILE = 1,           /* opcode */
	PROGRAM_PARAMS_BYTES = 16,  /* of one PE's output parameters */
	PROGRAM_AXIS_NONE = 3,
	PROGRAM_ACT_LOOPS = 7, PROGRAM_WGT_LOOPS = 4, PROGRAM_OUT_LOOPS = 4,
};

enum program_format { FORMAT_INT8, FORMAT_INT16, FORMAT_INT32, FORMAT_FP32 };
enum program_rounding { ROUND_HALF_EVEN, ROUND_TFLITE_DOUBLE, ROUND_HALF_UP };

struct program_header {
#define HEADER_FIELD(name, word, meaning) uint32_t name;
#include "program.def"
};

/* As in memory: count_less_1 = 0 is a loop that runs once. */
struct program_loop {
#define LOOP_FIELD(name, word, low, bits, is_signed, meaning) int64_t name;
#include "program.def"
};

/* Every field as a number, sign-extended when signed. */
struct program_tile {
#define TILE_FIELD(name, word, low, bits, is_signed, meaning) int64_t name;
#define TILE_ADDRESS(name, word, meaning) uint64_t name;
#define TILE_LOOPS(name, word, loops, meaning) struct program_loop name[loops];
#include "program.def"
};

/* CRC-32 of zlib. */
uint32_t program_crc(const uint32_t *words, size_t count);

/* One word more into its register, which begins as UINT32_MAX and is inverted at the end. */
uint32_t program_crc_word(uint32_t crc, uint32_t word);

/* Into block[PROGRAM_BLOCK_WORDS], CRC and all. program_put_tile: false when a field does not fit its bits (nothing is written). */
void program_put_header(uint32_t *block, const struct program_header *h);
bool program_put_tile(uint32_t *block, const struct program_tile *t);

/* From a block; the CRC is not looked at. */
void program_get_header(const uint32_t *block, struct program_header *h);
void program_get_tile(const uint32_t *block, struct program_tile *t);

#ifdef __cplusplus
}
#endif

#endif
