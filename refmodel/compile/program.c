#include "program.h"

#include <string.h>

uint32_t program_crc_word(uint32_t crc, uint32_t word)
{
	crc ^= word;
	for (int bit = 0; bit < 32; bit++)
		crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	return crc;
}

uint32_t program_crc(const uint32_t *words, size_t count)
{
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < count; i++)
		crc = program_crc_word(crc, words[i]);
	return ~crc;
}

static uint32_t mask(int bits)
{
	return bits == 32 ? UINT32_MAX : (UINT32_C(1) << bits) - 1;
}

static bool fits(int64_t value, int bits, bool is_signed)
{
	int64_t span = INT64_C(1) << bits;
	return is_signed ? value >= -span / 2 && value < span / 2 : value >= 0 && value < span;
}

static bool put(uint32_t *word, int low, int bits, bool is_signed, int64_t value)
{
	if (!fits(value, bits, is_signed))
		return false;
	*word |= ((uint32_t)value & mask(bits)) << low;
	return true;
}

static int64_t get(uint32_t word, int low, int bits, bool is_signed)
{
	int64_t value = word >> low & mask(bits);
	return is_signed && value >> (bits - 1) ? value - (INT64_C(1) << bits) : value;
}

static bool put_loops(uint32_t *words, const struct program_loop *loop, int loops)
{
	bool good = true;
	for (int i = 0; i < loops; i++, words += 2) {
#define LOOP_FIELD(name, word, low, bits, is_signed, meaning) good &= put(&words[word], low, bits, is_signed, loop[i].name);
#include "program.def"
	}
	return good;
}

static void get_loops(const uint32_t *words, struct program_loop *loop, int loops)
{
	for (int i = 0; i < loops; i++, words += 2) {
#define LOOP_FIELD(name, word, low, bits, is_signed, meaning) loop[i].name = get(words[word], low, bits, is_signed);
#include "program.def"
	}
}

void program_put_header(uint32_t *block, const struct program_header *h)
{
	memset(block, 0, PROGRAM_BLOCK_BYTES);
#define HEADER_FIELD(name, word, meaning) block[word] = h->name;
#include "program.def"
	block[PROGRAM_CRC_WORD] = program_crc(block, PROGRAM_CRC_WORD);
}

bool program_put_tile(uint32_t *block, const struct program_tile *t)
{
	uint32_t words[PROGRAM_BLOCK_WORDS] = { 0 };
	bool good = true;
#define TILE_FIELD(name, word, low, bits, is_signed, meaning) good &= put(&words[word], low, bits, is_signed, t->name);
#define TILE_ADDRESS(name, word, meaning) words[word] = (uint32_t)t->name, words[word + 1] = (uint32_t)(t->name >> 32);
#define TILE_LOOPS(name, word, loops, meaning) good &= put_loops(&words[word], t->name, loops);
#include "program.def"
	if (!good)
		return false;
	words[PROGRAM_CRC_WORD] = program_crc(words, PROGRAM_CRC_WORD);
	memcpy(block, words, sizeof words);
	return true;
}

void program_get_header(const uint32_t *block, struct program_header *h)
{
#define HEADER_FIELD(name, word, meaning) h->name = block[word];
#include "program.def"
}

void program_get_tile(const uint32_t *block, struct program_tile *t)
{
#define TILE_FIELD(name, word, low, bits, is_signed, meaning) t->name = get(block[word], low, bits, is_signed);
#define TILE_ADDRESS(name, word, meaning) t->name = block[word] | (uint64_t)block[(word) + 1] << 32;
#define TILE_LOOPS(name, word, loops, meaning) get_loops(&block[word], t->name, loops);
#include "program.def"
}
