/*
 * core_symbols.h: names for templates out of the core's list files: where a field of a program lies (refmodel/compile/program.def), error codes
 * (faults.def), counters (counters.def).
 *
 *   tile.pixels          "32*4+0 +: 32": part select of a record, word 4 from bit 0; so record[@{tile.pixels}]
 *   tile.pixels.low      128: its lowest bit of the record
 *   tile.pixels.bits     32
 *   tile.act_base        64 bits, low word first; tile.act_loop: 64 bits a loop, loop 0 first; tile.act_loop.count: how many
 *   header.bytes         the same in a header
 *   loop.stride          the same in the 64 bits of a loop
 *   fault.CRC            2
 *   counter.busy         1: place in the order of the registers
 *   program.magic, program.version, program.opcode
 */
#ifndef BITLET_CORE_SYMBOLS_H
#define BITLET_CORE_SYMBOLS_H

#include "symbols.h"

/* Adds them; before symbols_sort(). */
void core_symbols(struct symbols *s);

#endif
