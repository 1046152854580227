#include "wgt_buffer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool wgt_buffer_init(struct wgt_buffer *b, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	memset(b, 0, sizeof *b);
	b->pes = c->pes;
	b->depth = c->wgt_buffer;
	b->lines = d->w_lines;
	b->bytes = d->bus_bytes;
	b->parity = c->parity;
	b->data = calloc((size_t)b->pes * b->depth * b->lines, b->bytes);
	b->wrong = calloc((size_t)b->pes * b->depth * b->lines, sizeof *b->wrong);
	b->q = calloc((size_t)b->pes * b->lines, b->bytes);
	wgt_buffer_reset(b);
	if (b->data && b->wrong && b->q)
		return true;
	wgt_buffer_free(b);
	return false;
}

void wgt_buffer_free(struct wgt_buffer *b)
{
	free(b->data);
	free(b->wrong);
	free(b->q);
	b->data = b->q = NULL;
	b->wrong = NULL;
}

void wgt_buffer_reset(struct wgt_buffer *b)
{
	b->half_full[0] = b->half_full[1] = b->parity_bad = false;
	b->q_wrong = 0;
}

void wgt_buffer_out(const struct wgt_buffer *b, struct wgt_buffer_out *out)
{
	*out = (struct wgt_buffer_out){ { b->half_full[0], b->half_full[1] }, b->q, b->parity_bad };
}

/* Line 0 of a group. */
static size_t group_at(const struct wgt_buffer *b, unsigned pe, unsigned address)
{
	assert(pe < b->pes && address < b->depth);
	return ((size_t)pe * b->depth + address) * b->lines;
}

static void write_line(struct wgt_buffer *b, size_t line, const uint8_t *from, bool wrong)
{
	memcpy(b->data + line * b->bytes, from, b->bytes);
	b->wrong[line] = wrong;
}

/* With parity line 0 goes to all of a PE's banks, so that no word of a short group was never written. */
static void write(struct wgt_buffer *b, const struct wgt_buffer_in *in)
{
	size_t first = group_at(b, in->pe, in->half * b->depth / 2 + in->group);
	assert(in->index < b->lines && in->group < b->depth / 2);
	write_line(b, first + in->index, in->line, in->parity_test);
	for (unsigned l = 1; l < b->lines && b->parity && in->index == 0; l++)
		write_line(b, first + l, in->line, in->parity_test);
}

static void read(struct wgt_buffer *b, unsigned pe, unsigned address)
{
	size_t first = group_at(b, pe, address), bytes = (size_t)b->lines * b->bytes;
	bool wrong = false;
	memcpy(b->q + pe * bytes, b->data + first * b->bytes, bytes);
	for (unsigned l = 0; l < b->lines; l++)
		wrong |= b->parity && b->wrong[first + l];
	b->q_wrong = (b->q_wrong & ~(UINT64_C(1) << pe)) | (uint64_t)wrong << pe;
}

void wgt_buffer_clock(struct wgt_buffer *b, const struct wgt_buffer_in *in)
{
	b->parity_bad |= b->q_wrong != 0;
	for (unsigned h = 0; h < 2; h++)
		b->half_full[h] = (b->half_full[h] && !in->half_clear[h]) || in->half_set[h];
	for (unsigned p = 0; p < b->pes && in->read->pes; p++)
		if (in->read->pes >> p & 1)
			read(b, p, in->read->address[p]);
	if (in->write)
		write(b, in);
}
