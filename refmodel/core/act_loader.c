#include "act_loader.h"

#include <string.h>

enum { TILES = 2, PIECES_BEYOND_BURSTS = 4 };

void act_loader_init(struct act_loader *l, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	memset(l, 0, sizeof *l);
	for (unsigned m = 0; m < d->modes; m++)
		l->group_bytes[m] = d->mode[m].a_group_bytes;
	run_generator_init(&l->generator, PROGRAM_ACT_LOOPS, true, c->axi_address_bits);
	group_packer_init(&l->packer, d->bus_bytes, c->axi_outstanding + PIECES_BEYOND_BURSTS);
}

void act_loader_reset(struct act_loader *l)
{
	run_generator_reset(&l->generator);
	group_packer_reset(&l->packer);
	l->tiles = 0;
	l->next_valid = false;
}

void act_loader_out(const struct act_loader *l, struct act_loader_out *out)
{
	struct run_generator_out walk;
	struct group_packer_out packer;
	run_generator_out(&l->generator, &walk);
	group_packer_out(&l->packer, &packer);
	out->tile_ready = l->tiles < TILES && !l->next_valid;
	out->tiles_empty = l->tiles == 0;
	out->run_valid = walk.run_valid && !walk.run.fill && packer.piece_ready;
	out->run = walk.run;
	out->beat_ready = packer.beat_ready;
	out->line_valid = packer.line_valid;
	if (packer.line_valid)
		out->line = packer.line;
}

static void take_tile(struct act_loader *l, const struct program_tile *t)
{
	l->next_valid = true;
	run_descriptor_act(&l->next, t);
	l->next_job = (struct packer_job){
		.group_bytes = l->group_bytes[t->mode],
		.vector_bytes = (uint32_t)t->act_vector_bytes,
		.vectors = (uint32_t)t->pixels,
	};
	for (unsigned i = 0; i < 4; i++)
		l->next_job.pattern[i] = (uint8_t)(t->act_fill >> (8 * i));
}

void act_loader_clock(struct act_loader *l, const struct act_loader_in *in)
{
	struct run_generator_out walk;
	struct run_generator_in to_walk = { 0 };
	struct group_packer_in to_packer;
	const struct group_packer *p = &l->packer;
	run_generator_out(&l->generator, &walk);
	bool piece_ready = p->piece_count < p->pieces;
	bool start = l->next_valid && walk.start_ready && p->job_count < PACKER_JOBS;
	bool tile_end = p->line_valid && in->line_ready && p->line_job_end;

	to_walk.start_valid = start;
	to_walk.start = &l->next;
	to_walk.run_ready = piece_ready && (walk.run.fill || in->run_ready);

	to_packer.job_valid = start;
	to_packer.job = l->next_job;
	to_packer.piece_valid = walk.run_valid && (walk.run.fill || in->run_ready);
	to_packer.piece.fill = walk.run.fill;
	to_packer.piece.offset = (uint8_t)(walk.run.address % p->bytes);
	to_packer.piece.bytes = walk.run.bytes;
	to_packer.beat_valid = in->beat_valid;
	if (in->beat_valid)
		memcpy(to_packer.beat, in->beat.data, p->bytes);
	to_packer.line_ready = in->line_ready;

	run_generator_clock(&l->generator, &to_walk);
	group_packer_clock(&l->packer, &to_packer);
	l->tiles = l->tiles + in->tile_take - tile_end;
	l->next_valid &= !start;
	if (in->tile_take)
		take_tile(l, in->tile);
}
