#include "act_reader.h"

#include <assert.h>
#include <string.h>

void act_reader_init(struct act_reader *r, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	memset(r, 0, sizeof *r);
	r->zero_mask = UINT32_MAX >> (32 - d->zero_bits);
	for (unsigned m = 0; m < d->modes; m++) {
		const struct bitlet_mode *mode = &d->mode[m];
		r->layout[m] = group_layout(c->n, mode->pack, mode->precision.a_bits, mode->a_bytes, d->a_slot_bits);
	}
	act_reader_reset(r);
}

void act_reader_reset(struct act_reader *r)
{
	r->head = r->tiles = 0;
	r->group = 0;
	r->pixel = 1;
	r->converted = false;
}

void act_reader_out(struct act_reader *r, const struct act_buffer_out *buffer, struct act_reader_out *out)
{
	const struct act_reader_tile *t = &r->tile[r->head];
	*out = (struct act_reader_out){ .tile_ready = r->tiles < READER_TILES, .tiles_empty = r->tiles == 0 };
	if (r->tiles == 0 || !buffer->group_valid)
		return;
	if (!r->converted)
		group_words(&r->layout[t->mode], buffer->group, r->word);
	r->converted = true;
	out->act_valid = true;
	out->act_last = r->group == t->last_group;
	out->act_mode = t->mode;
	out->act_zero = t->zero;
	out->act = r->word;
}

static void take(struct act_reader *r)
{
	const struct act_reader_tile *t = &r->tile[r->head];
	r->converted = false;
	if (r->group++ < t->last_group)
		return;
	r->group = 0;
	if (r->pixel++ != t->pixels)
		return;
	r->pixel = 1;
	r->head = (r->head + 1) % READER_TILES;
	r->tiles--;
}

void act_reader_clock(struct act_reader *r, const struct act_reader_in *in)
{
	unsigned place = (r->head + r->tiles) % READER_TILES; /* the ring in the RTL's FIFO turns the same way */
	bool takes_tile = in->tile_take && r->tiles < READER_TILES;
	assert(r->tiles || !in->take);
	if (in->take)
		take(r);
	if (!takes_tile)
		return;
	r->tile[place] = (struct act_reader_tile){
		(unsigned)in->tile->mode, (uint32_t)in->tile->act_zero & r->zero_mask, (uint32_t)in->tile->groups - 1, (uint32_t)in->tile->pixels,
	};
	r->tiles++;
}
