#include "core_symbols.h"

#include <stdio.h>

#include "../refmodel/compile/program.h"
#include "../refmodel/core/core_types.h"

/* range is a literal and so outlives the symbols. */
static void field(struct symbols *s, const char *name, const char *range, int low, int bits)
{
	char full[SYMBOL_NAME_SIZE];
	symbols_text(s, name, range);
	snprintf(full, sizeof full, "%s.low", name);
	symbols_number(s, full, low);
	snprintf(full, sizeof full, "%s.bits", name);
	symbols_number(s, full, bits);
}

/* Literals of numbers: the arguments of a row as they stand there. */
#define RANGE(word, low, bits) "32*" #word "+" #low " +: " #bits

static void program_fields(struct symbols *s)
{
#define HEADER_FIELD(name, word, meaning) field(s, "header." #name, RANGE(word, 0, 32), 32 * (word), 32);
#define TILE_FIELD(name, word, low, bits, is_signed, meaning) field(s, "tile." #name, RANGE(word, low, bits), 32 * (word) + (low), bits);
#define TILE_ADDRESS(name, word, meaning) field(s, "tile." #name, RANGE(word, 0, 64), 32 * (word), 64);
#define TILE_LOOPS(name, word, loops, meaning) \
	field(s, "tile." #name, RANGE(word, 0, 64*loops), 32 * (word), 64 * (loops)); \
	symbols_number(s, "tile." #name ".count", loops);
#define LOOP_FIELD(name, word, low, bits, is_signed, meaning) field(s, "loop." #name, RANGE(word, low, bits), 32 * (word) + (low), bits);
#include "../refmodel/compile/program.def"
	symbols_number(s, "program.magic", PROGRAM_MAGIC);
	symbols_number(s, "program.version", PROGRAM_VERSION);
	symbols_number(s, "program.opcode", PROGRAM_TILE);
	symbols_number(s, "program.crc.low", 32 * PROGRAM_CRC_WORD);
}

void core_symbols(struct symbols *s)
{
	int counter = 0;
	program_fields(s);
#define CORE_FAULT(name, code, meaning, address) symbols_number(s, "fault." #name, code);
#include "../refmodel/core/faults.def"
#define COUNTER(name, meaning) symbols_number(s, "counter." #name, counter++);
#include "../refmodel/core/counters.def"
}
