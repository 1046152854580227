#include "act_buffer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool act_buffer_init(struct act_buffer *b, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	memset(b, 0, sizeof *b);
	b->groups = c->act_buffer;
	b->lines = d->a_lines;
	b->bytes = d->bus_bytes;
	b->parity = c->parity;
	b->data = calloc((size_t)b->groups * b->lines, b->bytes);
	b->wrong = calloc((size_t)b->groups * b->lines, sizeof *b->wrong);
	b->q = calloc(b->lines, b->bytes);
	act_buffer_reset(b);
	if (b->data && b->wrong && b->q)
		return true;
	act_buffer_free(b);
	return false;
}

void act_buffer_free(struct act_buffer *b)
{
	free(b->data);
	free(b->wrong);
	free(b->q);
	b->data = b->q = NULL;
	b->wrong = NULL;
}

void act_buffer_reset(struct act_buffer *b)
{
	b->put = b->get = b->count = 0;
	b->valid = b->q_wrong = b->parity_bad = false;
}

static bool ready(const struct act_buffer *b)
{
	return b->count < b->groups - 1;
}

void act_buffer_out(const struct act_buffer *b, struct act_buffer_out *out)
{
	*out = (struct act_buffer_out){ ready(b), b->valid, b->q, b->parity_bad };
}

static void write_line(struct act_buffer *b, size_t line, const struct core_line *from, bool wrong)
{
	memcpy(b->data + line * b->bytes, from->data, b->bytes);
	b->wrong[line] = wrong;
}

/* With parity line 0 goes to all banks, so that no word of a short group was never written. */
static void write(struct act_buffer *b, const struct core_line *line, bool wrong)
{
	size_t first = (size_t)b->put * b->lines;
	assert(line->index < b->lines);
	write_line(b, first + line->index, line, wrong);
	for (unsigned l = 1; l < b->lines && b->parity && line->index == 0; l++)
		write_line(b, first + l, line, wrong);
}

static void pull(struct act_buffer *b)
{
	size_t first = (size_t)b->get * b->lines;
	memcpy(b->q, b->data + first * b->bytes, (size_t)b->lines * b->bytes);
	b->q_wrong = false;
	for (unsigned l = 0; l < b->lines; l++)
		b->q_wrong |= b->parity && b->wrong[first + l];
}

void act_buffer_clock(struct act_buffer *b, const struct act_buffer_in *in)
{
	bool writes = in->line_valid && ready(b);
	bool pulls = b->count > 0 && (!b->valid || in->group_take);
	assert(b->valid || !in->group_take);
	b->parity_bad |= b->q_wrong;
	b->valid = pulls || (b->valid && !in->group_take);
	if (pulls) {
		pull(b);
		b->get = (b->get + 1) % b->groups;
		b->count--;
	}
	if (!writes)
		return;
	write(b, in->line, in->parity_test);
	if (!in->line->group_end)
		return;
	b->put = (b->put + 1) % b->groups;
	b->count++;
}
