/*
 * interpret_window.h: many tiles of a program at once, where that changes nothing: tiles that see the same activations are one product, stretches of
 * pixels are shared among threads.
 *
 *     window   tiles in a row whose writes touch nothing that one of them reads, and no pixel of which touches another
 *     chain    a tile, or the tiles of a dot product that goes through the partial sums
 *     batch    chains in a row with the same activations: their filters side by side
 *     unit     some pixels of a batch
 */
#ifndef BITLET_INTERPRET_WINDOW_H
#define BITLET_INTERPRET_WINDOW_H

#include "interpret_machine.h"

enum { WINDOW_TILES = 256 };

struct window;

/* NULL when memory runs out. */
struct window *window_new(const struct machine *k);
void window_free(struct window *w);

/* Empties the window; it will hold tiles of the program at `program`. */
void window_start(struct window *w, uint64_t program, uint64_t bytes);

/* Adds the next tile, a good record. False, and the tile is not taken, when it cannot be done with those before it, or can fail. */
bool window_add(struct window *w, const struct program_tile *t);

/* Drops a chain at the end that has not ended; how many tiles are left. */
size_t window_close(struct window *w);

/* Runs what was added. False when memory runs out. */
bool window_run(struct window *w, struct machine *k);

#endif
