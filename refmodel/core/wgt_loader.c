#include "wgt_loader.h"

#include <string.h>

enum { TILES = 2, PIECES_BEYOND_BURSTS = 4 };
enum { TAG_PARAMS = 1, TAG_TILE_END = 2 };

void wgt_loader_init(struct wgt_loader *l, const struct bitlet_config *c, const struct bitlet_derived *d)
{
	memset(l, 0, sizeof *l);
	for (unsigned m = 0; m < d->modes; m++)
		l->group_bytes[m] = d->mode[m].w_group_bytes;
	run_generator_init(&l->generator, PROGRAM_WGT_LOOPS, false, c->axi_address_bits);
	group_packer_init(&l->packer, d->bus_bytes, c->axi_outstanding + PIECES_BEYOND_BURSTS);
}

void wgt_loader_reset(struct wgt_loader *l)
{
	run_generator_reset(&l->generator);
	group_packer_reset(&l->packer);
	l->tiles = 0;
	l->params_wait = l->weights_wait = false;
	l->half = l->half_free = false;
	l->set = 0;
	l->vector = l->group = 0;
}

/* What the tile in `next` does in this cycle, and the run that is shown. */
struct asking {
	bool params, weights;       /* shows the run of the parameters; starts the walk of the weights */
	bool run_here, piece_ready;
	struct core_run run;
};

static void find_asking(const struct wgt_loader *l, struct asking *a)
{
	struct run_generator_out walk;
	run_generator_out(&l->generator, &walk);
	bool free = walk.start_ready && l->packer.job_count < PACKER_JOBS;
	a->params = l->params_wait && free;
	a->weights = !l->params_wait && l->weights_wait && free;
	a->run_here = walk.run_valid || a->params;
	a->piece_ready = l->packer.piece_count < l->packer.pieces;
	a->run = walk.run;
	a->run.last = false;
	if (!walk.run_valid) {
		a->run.address = l->params_base;
		a->run.bytes = l->next_job.vectors * PROGRAM_PARAMS_BYTES;
	}
}

/* The packer's line is written in this cycle. */
static bool writes(const struct wgt_loader *l)
{
	return l->packer.line_valid && ((l->packer.line_tag & TAG_PARAMS) || l->half_free);
}

static void show_write(const struct wgt_loader *l, struct wgt_loader_out *out)
{
	const struct group_packer *p = &l->packer;
	bool write = writes(l);
	bool params = p->line_tag & TAG_PARAMS;
	out->wgt_write = write && !params;
	out->param_write = write && params;
	out->pe = (uint8_t)l->vector;
	out->half = l->half;
	out->group = (uint16_t)l->group;
	out->set = l->set;
	out->index = p->line.index;
	out->half_set[0] = out->wgt_write && p->line_job_end && !l->half;
	out->half_set[1] = out->wgt_write && p->line_job_end && l->half;
	out->param_last = out->param_write && p->line_job_end;
	if (write)
		memcpy(out->data, p->line.data, p->bytes);
}

void wgt_loader_out(const struct wgt_loader *l, struct wgt_loader_out *out)
{
	struct asking a;
	find_asking(l, &a);
	out->tile_ready = l->tiles < TILES && !l->params_wait && !l->weights_wait;
	out->tiles_empty = l->tiles == 0;
	out->run_valid = a.run_here && a.piece_ready;
	out->run = a.run;
	out->beat_ready = l->packer.beat_count < GROUP_PACKER_BEATS;
	show_write(l, out);
}

static void take_tile(struct wgt_loader *l, const struct program_tile *t)
{
	l->params_wait = t->load_params;
	l->weights_wait = t->load_weights;
	l->params_base = t->params_base & l->generator.address_mask;
	run_descriptor_wgt(&l->next, t);
	l->next_job = (struct packer_job){
		.group_bytes = l->group_bytes[t->mode],
		.vector_bytes = (uint32_t)t->wgt_vector_bytes,
		.vectors = (uint32_t)t->pes_less_1 + 1,
		.tag = TAG_TILE_END,
	};
	l->tiles += l->params_wait || l->weights_wait;
}

static void write_line(struct wgt_loader *l, const bool half_full[2])
{
	const struct group_packer *p = &l->packer;
	bool write = writes(l);
	bool half_done = write && p->line_job_end && !(p->line_tag & TAG_PARAMS);
	l->half_free = half_done ? !half_full[!l->half] : l->half_free || !half_full[l->half];
	l->half ^= half_done;
	if (!write)
		return;
	l->group = p->line.vector_end ? 0 : l->group + p->line.group_end;
	l->vector = p->line_job_end ? 0 : l->vector + p->line.vector_end;
	if (p->line_job_end && (p->line_tag & TAG_PARAMS))
		l->set = (l->set + 1) & 3;
	l->tiles -= p->line_job_end && (p->line_tag & TAG_TILE_END);
}

static struct packer_job job_of_params(const struct wgt_loader *l)
{
	return (struct packer_job){
		.group_bytes = PROGRAM_PARAMS_BYTES,
		.vector_bytes = PROGRAM_PARAMS_BYTES,
		.vectors = l->next_job.vectors,
		.tag = l->weights_wait ? TAG_PARAMS : TAG_PARAMS | TAG_TILE_END,
	};
}

void wgt_loader_clock(struct wgt_loader *l, const struct wgt_loader_in *in)
{
	struct asking a;
	struct run_generator_in to_walk = { 0 };
	struct group_packer_in to_packer;
	find_asking(l, &a);
	bool params_asked = a.params && a.piece_ready && in->run_ready;

	to_walk.start_valid = a.weights;
	to_walk.start = &l->next;
	to_walk.run_ready = a.piece_ready && in->run_ready;

	to_packer.job_valid = a.weights || params_asked;
	to_packer.job = l->params_wait ? job_of_params(l) : l->next_job;
	to_packer.piece_valid = a.run_here && in->run_ready;
	to_packer.piece = (struct core_piece){ false, (uint8_t)(a.run.address % l->packer.bytes), a.run.bytes };
	to_packer.beat_valid = in->beat_valid;
	if (in->beat_valid)
		memcpy(to_packer.beat, in->beat.data, l->packer.bytes);
	to_packer.line_ready = writes(l);

	write_line(l, in->half_full);
	run_generator_clock(&l->generator, &to_walk);
	group_packer_clock(&l->packer, &to_packer);
	l->params_wait &= !params_asked;
	l->weights_wait &= !a.weights;
	if (in->tile_take)
		take_tile(l, in->tile);
}
