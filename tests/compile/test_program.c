/* The words of a program: every field there and back, at its ends, and one beyond. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "program.h"
#include "stimulus.h"

/* A value of the field: its ends or anything between. */
static int64_t value(struct bitlet_rng *r, int bits, bool is_signed)
{
	int64_t span = INT64_C(1) << bits, low = is_signed ? -span / 2 : 0;
	uint32_t kind = bitlet_random_below(r, 4);
	return kind == 0 ? low : kind == 1 ? low + span - 1 : low + (int64_t)(bitlet_random(r) % (uint64_t)span);
}

static struct program_loop random_loop(struct bitlet_rng *r)
{
	struct program_loop l;
#define LOOP_FIELD(name, word, low, bits, is_signed, meaning) l.name = value(r, bits, is_signed);
#include "program.def"
	return l;
}

static struct program_tile random_tile(struct bitlet_rng *r)
{
	struct program_tile t;
	memset(&t, 0, sizeof t);
#define TILE_FIELD(name, word, low, bits, is_signed, meaning) t.name = value(r, bits, is_signed);
#define TILE_ADDRESS(name, word, meaning) t.name = bitlet_random(r);
#define TILE_LOOPS(name, word, loops, meaning) \
	for (unsigned i = 0; i < (loops); i++) \
		t.name[i] = random_loop(r);
#include "program.def"
	return t;
}

static void there_and_back(void **state)
{
	(void)state;
	struct bitlet_rng r = { 1 };
	for (unsigned i = 0; i < 1000; i++) {
		struct program_tile t = random_tile(&r), back;
		uint32_t block[PROGRAM_BLOCK_WORDS], again[PROGRAM_BLOCK_WORDS];
		assert_true(program_put_tile(block, &t));
		memset(&back, 0, sizeof back);
		program_get_tile(block, &back);
		assert_memory_equal(&t, &back, sizeof t);
		assert_int_equal(block[PROGRAM_CRC_WORD], program_crc(block, PROGRAM_CRC_WORD));
		assert_true(program_put_tile(again, &back));
		assert_memory_equal(block, again, sizeof block);
	}
}

static void no_field_overlaps(void **state)
{
	(void)state;
	uint32_t used[PROGRAM_BLOCK_WORDS] = { 0 };
#define ALL(bits) ((uint32_t)((UINT64_C(1) << (bits)) - 1))
#define TAKE(word, low, bits) \
	assert_int_equal(used[word] & ALL(bits) << (low), 0); \
	used[word] |= ALL(bits) << (low);
#define TILE_FIELD(name, word, low, bits, is_signed, meaning) TAKE(word, low, bits)
#define TILE_ADDRESS(name, word, meaning) TAKE(word, 0, 32) TAKE((word) + 1, 0, 32)
#define TILE_LOOPS(name, word, loops, meaning) \
	for (unsigned i = 0; i < 2 * (loops); i++) { \
		TAKE((word) + i, 0, 32) \
	}
#include "program.def"
	assert_int_equal(used[PROGRAM_CRC_WORD], 0);
}

/* One beyond either end of each field is refused, and the block stays as it was. */
static void refused(void **state)
{
	(void)state;
	struct bitlet_rng r = { 2 };
	struct program_tile good = random_tile(&r), t;
	uint32_t block[PROGRAM_BLOCK_WORDS], before[PROGRAM_BLOCK_WORDS];
	memset(block, 0x5a, sizeof block);
	memcpy(before, block, sizeof block);
#define TRY(field, bits, is_signed) \
	t = good; \
	t.field = (is_signed) ? -(INT64_C(1) << ((bits) - 1)) - 1 : -1; \
	assert_false(program_put_tile(block, &t)); \
	t.field = INT64_C(1) << ((bits) - ((is_signed) ? 1 : 0)); \
	assert_false(program_put_tile(block, &t));
#define TILE_FIELD(name, word, low, bits, is_signed, meaning) TRY(name, bits, is_signed)
#include "program.def"
#define LOOP_FIELD(name, word, low, bits, is_signed, meaning) TRY(act_loop[6].name, bits, is_signed) TRY(wgt_loop[3].name, bits, is_signed) TRY(out_loop[0].name, bits, is_signed)
#include "program.def"
	assert_memory_equal(block, before, sizeof block);
	assert_true(program_put_tile(block, &good));
}

static void header(void **state)
{
	(void)state;
	struct program_header h = { PROGRAM_MAGIC, PROGRAM_VERSION, 0x01234567, 0x89abcdef, 512, 1, 7 }, back;
	uint32_t block[PROGRAM_BLOCK_WORDS];
	program_put_header(block, &h);
	assert_memory_equal(block, "BITL", 4);
	program_get_header(block, &back);
	assert_memory_equal(&h, &back, sizeof h);
	assert_int_equal(block[PROGRAM_CRC_WORD], program_crc(block, PROGRAM_CRC_WORD));
	assert_int_equal(block[7], 0);
}

/* zlib's: crc32 of the bytes 0, 1, 2, 3 and of 252 zeros. */
static void crc(void **state)
{
	(void)state;
	const uint32_t words[1] = { 0x03020100 }, zeros[63] = { 0 };
	assert_int_equal(program_crc(words, 1), 0x8bb98613);
	assert_int_equal(program_crc(zeros, 63), 0xa66359f1);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(there_and_back), cmocka_unit_test(no_field_overlaps), cmocka_unit_test(refused), cmocka_unit_test(header),
		                            cmocka_unit_test(crc) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
