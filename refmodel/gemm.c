#include "gemm.h"

#include <stdlib.h>
#include <string.h>

#include "fast_internal.h"
#include "parallel.h"

enum {
	ROWS = 4,                   /* of a tile: with COLUMNS, as many sums as vector registers hold */
	VECTOR = 4,
	VECTORS = 3,
	COLUMNS = VECTOR * VECTORS,
	DEPTH = 256,                /* steps of k whose operands stay in the cache */
	WIDTH = 96,                 /* columns of a block; a multiple of COLUMNS */
	PITCH = WIDTH + 8,          /* of a block's rows: an odd number of cache lines, so that they spread over the whole cache */
	ROW_CHUNK = 1024,           /* rows whose sums are kept at a time */
};

/* Lies anywhere that doubles do. */
typedef double vector __attribute__((vector_size(VECTOR * sizeof(double)), aligned(sizeof(double)), may_alias));

struct block {
	double rows[ROWS * DEPTH];
	double left[DEPTH * ROWS];
	double right[DEPTH * PITCH];
	double sum[ROW_CHUNK * PITCH];
};

/* sum[ROWS][vectors * VECTOR] += left[k][ROWS] * right[k][...], with all sums in registers. `rows`, `vectors`: constants of the caller. */
static inline __attribute__((always_inline)) void tile(size_t rows, size_t vectors, size_t count, const double *restrict left,
                                                       const double *restrict right, double *restrict sum)
{
	vector s[ROWS][VECTORS];
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < vectors; j++)
			s[i][j] = *(const vector *)(sum + i * PITCH + j * VECTOR);
	for (size_t k = 0; k < count; k++, left += ROWS, right += PITCH)
		for (size_t i = 0; i < rows; i++)
			for (size_t j = 0; j < vectors; j++)
				s[i][j] += left[i] * *(const vector *)(right + j * VECTOR);
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < vectors; j++)
			*(vector *)(sum + i * PITCH + j * VECTOR) = s[i][j];
}

/* All columns of a block for up to ROWS rows; columns behind `columns` are computed as far as the tile reaches and never used. */
FAST_CLONES
static void tiles(size_t rows, size_t columns, size_t count, const double *restrict left, const double *restrict right, double *restrict sum)
{
	size_t at = 0;
	if (rows == 1) {
		for (; at < columns; at += COLUMNS)
			tile(1, VECTORS, count, left, right + at, sum + at);
		return;
	}
	for (; at + 2 * VECTOR < columns; at += COLUMNS)
		tile(ROWS, VECTORS, count, left, right + at, sum + at);
	for (; at < columns; at += VECTOR)
		tile(ROWS, 1, count, left, right + at, sum + at);
}

/* ---- one block of columns */

/* to[k][ROWS] from rows that lie side by side; those behind `rows` are 0. */
FAST_CLONES
static void interleave(size_t rows, size_t count, const double *restrict from, double *restrict to)
{
	if (rows < ROWS)
		memset(to, 0, count * ROWS * sizeof *to);
	if (rows == ROWS)
		for (size_t k = 0; k < count; k++)
			for (size_t i = 0; i < ROWS; i++)
				to[k * ROWS + i] = from[i * DEPTH + k];
	else
		for (size_t i = 0; i < rows; i++)
			for (size_t k = 0; k < count; k++)
				to[k * ROWS + i] = from[i * DEPTH + k];
}

static void fill_left(const struct gemm *g, size_t batch, size_t row, size_t rows, size_t k, size_t count, struct block *b)
{
	for (size_t i = 0; i < rows; i++)
		g->left(g->context, batch, row + i, k, count, b->rows + i * DEPTH);
	interleave(rows, count, b->rows, b->left);
}

/* The last tile reads up to COLUMNS - 1 columns more than there are. */
static void fill_right(const struct gemm *g, size_t batch, size_t k, size_t column, size_t columns, double *to)
{
	g->right(g->context, batch, k, column, columns, to);
	for (size_t i = columns; i % COLUMNS; i++)
		to[i] = 0;
}

/* Rows first .. last - 1, at most ROW_CHUNK. */
static void run_rows(const struct gemm *g, struct block *b, size_t batch, size_t column, size_t columns, size_t first, size_t last)
{
	memset(b->sum, 0, (last - first + ROWS - 1) / ROWS * ROWS * PITCH * sizeof *b->sum);
	for (size_t k = 0; k < g->k; k += DEPTH) {
		size_t count = fast_min(DEPTH, g->k - k);
		for (size_t i = 0; i < count; i++)
			fill_right(g, batch, k + i, column, columns, b->right + i * PITCH);
		for (size_t row = first; row < last; row += ROWS) {
			size_t rows = fast_min(ROWS, last - row);
			fill_left(g, batch, row, rows, k, count, b);
			tiles(rows, columns, count, b->left, b->right, b->sum + (row - first) * PITCH);
		}
	}
	for (size_t row = first; row < last; row++)
		g->done(g->context, batch, row, column, columns, b->sum + (row - first) * PITCH);
}

#define NUMBERS(type, less) \
	if (step == 1) \
		for (size_t i = 0; i < count; i++) \
			to[i] = (double)(((const type *)t->data)[at + i] less); \
	else \
		for (size_t i = 0; i < count; i++) \
			to[i] = (double)(((const type *)t->data)[at + i * step] less)

/* Steps of 1 have loops of their own, which can be vectorised. */
FAST_CLONES
void gemm_numbers(const struct tensor *t, size_t at, size_t step, size_t count, int32_t zero, double *to)
{
	if (t->type == TENSOR_INT8) {
		NUMBERS(int8_t, -zero);
	} else if (t->type == TENSOR_UINT8) {
		NUMBERS(uint8_t, -zero);
	} else {
		NUMBERS(float, );
	}
}

/* ---- sharing */

struct work {
	const struct gemm *g;
	size_t blocks;              /* of columns */
	size_t row_parts;           /* stretches of rows that the blocks are cut into, too, when there are few of them */
};

static size_t row_edge(const struct gemm *g, size_t part, size_t parts)
{
	size_t panels = (g->rows + ROWS - 1) / ROWS;
	return fast_min(g->rows, panels * part / parts * ROWS);
}

static bool run_pieces(void *context, size_t first, size_t last)
{
	const struct work *w = context;
	const struct gemm *g = w->g;
	struct block *b = malloc(sizeof *b);
	for (size_t i = first; b && i < last; i++) {
		size_t part = i % w->row_parts, at = i / w->row_parts;
		size_t column = at % w->blocks * WIDTH, columns = fast_min(WIDTH, g->columns - column);
		size_t end = row_edge(g, part + 1, w->row_parts);
		for (size_t row = row_edge(g, part, w->row_parts); row < end; row += ROW_CHUNK)
			run_rows(g, b, at / w->blocks, column, columns, row, fast_min(end, row + ROW_CHUNK));
	}
	free(b);
	return b;
}

bool gemm_run(const struct gemm *g, unsigned threads)
{
	struct work w = {g, (g->columns + WIDTH - 1) / WIDTH, 1};
	size_t pieces = g->batches * w.blocks;
	if (pieces < threads)
		w.row_parts = fast_min(threads, (g->rows + ROWS - 1) / ROWS);
	return parallel_run(pieces * w.row_parts, threads, run_pieces, &w);
}
