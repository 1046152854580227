#include "interpret_unit.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "fast.h"
#include "parallel.h"

enum {
	MOST_ROWS = 512,            /* filters of a batch */
	UNIT_BYTES = 1 << 18,       /* of a unit's activations, so that they stay in the cache */
	UNIT_RESULTS = 1 << 16,
	FEW_PRODUCTS = 1 << 18,     /* not worth a thread */
};

struct batch {
	size_t first, chains;       /* of the chains */
	unsigned stages;
	size_t rows;                /* filters of all chains */
	size_t first_unit, pixels;  /* pixels of a unit */
};

struct job {
	struct machine *k;
	const struct unit_tile *tile;
	const struct unit_chain *chain;
	size_t chains, batches, units;
	struct batch *batch;        /* [chains] */
	struct bitlet_operand **weights; /* [tiles]: of a batch's stages at its first chain's tiles */
	struct output_params *params; /* [chains][pes] */
	size_t *column;             /* [chains]: first row in its batch */
	size_t keeper[BITLET_MAX_PES]; /* the chain whose partial sums stay, by PE */
	uint64_t products;
	atomic_uint flags;
};

/* ---- batches */

bool unit_same_walk(const struct program_tile *a, const struct program_tile *b)
{
	return a->act_vector_bytes == b->act_vector_bytes && a->act_run_bytes == b->act_run_bytes && a->act_merge_bytes == b->act_merge_bytes &&
	       a->act_merge_span == b->act_merge_span && a->act_start_0 == b->act_start_0 && a->act_start_1 == b->act_start_1 && a->act_start_2 == b->act_start_2 &&
	       a->act_limit_0 == b->act_limit_0 && a->act_limit_1 == b->act_limit_1 && a->act_limit_2 == b->act_limit_2 &&
	       !memcmp(a->act_loop, b->act_loop, sizeof a->act_loop);
}

static bool same_activations(const struct program_tile *a, const struct program_tile *b)
{
	return a->mode == b->mode && a->groups == b->groups && a->pixels == b->pixels && a->act_base == b->act_base && a->act_zero == b->act_zero &&
	       a->act_fill == b->act_fill && unit_same_walk(a, b);
}

static bool joins(const struct job *j, const struct batch *b, size_t chain)
{
	const struct unit_chain *first = &j->chain[b->first], *now = &j->chain[chain];
	bool same = b->stages == now->stages && b->rows + now->pes <= MOST_ROWS;
	for (unsigned s = 0; same && s < b->stages; s++)
		same = same_activations(&j->tile[first->first + s].t, &j->tile[now->first + s].t);
	return same;
}

static size_t row_bytes(const struct job *j, const struct program_tile *t)
{
	return (size_t)t->groups * j->k->d->mode[t->mode].a_group_bytes;
}

/* How many pixels a unit has, by its longest vectors. */
static size_t unit_pixels(const struct job *j, const struct batch *b)
{
	const struct program_tile *t = &j->tile[j->chain[b->first].first].t;
	size_t bytes = 1, pixels, share = ((size_t)t->pixels + 2 * j->k->threads - 1) / (2 * j->k->threads);
	for (unsigned s = 0; s < b->stages; s++) {
		size_t row = row_bytes(j, &j->tile[j->chain[b->first].first + s].t);
		bytes = row > bytes ? row : bytes;
	}
	pixels = UNIT_BYTES / bytes < UNIT_RESULTS / b->rows ? UNIT_BYTES / bytes : UNIT_RESULTS / b->rows;
	pixels = pixels < 16 ? 16 : pixels / 16 * 16; /* fast.h's kernels take 16 side by side */
	return pixels < share ? pixels : share;
}

static size_t units_of(const struct job *j, const struct batch *b)
{
	size_t pixels = (size_t)j->tile[j->chain[b->first].first].t.pixels;
	return (pixels + b->pixels - 1) / b->pixels;
}

static void make_batches(struct job *j)
{
	for (size_t i = 0; i < j->chains; i++) {
		struct batch *b = j->batches ? &j->batch[j->batches - 1] : NULL;
		if (!b || !joins(j, b, i)) {
			b = &j->batch[j->batches++];
			*b = (struct batch){ .first = i, .stages = j->chain[i].stages };
		}
		j->column[i] = b->rows;
		b->rows += j->chain[i].pes;
		b->chains++;
	}
	for (size_t i = 0; i < j->batches; i++) {
		struct batch *b = &j->batch[i];
		b->pixels = unit_pixels(j, b);
		b->first_unit = j->units;
		j->units += units_of(j, b);
	}
}

/* ---- loading, in the program's order */

static void count_tile(struct job *j, const struct unit_tile *u)
{
	const struct program_tile *t = &u->t;
	struct interpret_result *r = j->k->r;
	uint64_t results = (uint64_t)t->pixels * pes_of(t);
	r->tiles++;
	r->position = (uint32_t)t->layer | (uint32_t)t->tile << 16;
	r->act_runs += u->extent.runs;
	r->act_bytes += u->extent.bytes;
	r->groups += (uint64_t)t->pixels * (uint64_t)t->groups;
	r->outputs += results;
	r->out_bytes += t->psum_out ? 0 : results * unit_format_bytes(t);
	j->products += results * (uint64_t)t->groups * j->k->c->n * j->k->d->mode[t->mode].pack;
}

static void copy_weights(const struct machine *k, const struct program_tile *t, uint8_t *rows)
{
	size_t bytes = k->d->mode[t->mode].w_group_bytes;
	for (unsigned pe = 0; pe < pes_of(t); pe++) {
		const uint8_t *from = machine_weights(k, pe);
		for (int64_t g = 0; g < t->groups; g++, rows += bytes)
			memcpy(rows, from + (size_t)g * k->group_room, bytes);
	}
}

/* All tiles of a chain; stage s's weights go to rows[s] + column. */
static bool load_chain(struct job *j, size_t chain, uint8_t *const *rows)
{
	const struct unit_chain *c = &j->chain[chain];
	bool memory = true;
	for (unsigned s = 0; s < c->stages; s++) {
		const struct unit_tile *u = &j->tile[c->first + s];
		if (!machine_load(j->k, &u->t, &memory))
			return false;
		copy_weights(j->k, &u->t, rows[s] + j->column[chain] * (size_t)u->t.groups * j->k->d->mode[u->t.mode].w_group_bytes);
		count_tile(j, u);
	}
	for (unsigned pe = 0; c->stages > 1 && pe < c->pes; pe++)
		j->keeper[pe] = chain;
	memcpy(&j->params[chain * j->k->c->pes], machine_params(j->k), c->pes * sizeof *j->params);
	return true;
}

static bool make_operands(struct job *j, const struct batch *b, uint8_t *const *rows)
{
	bool good = true;
	for (unsigned s = 0; good && s < b->stages; s++) {
		size_t at = j->chain[b->first].first + s;
		const struct program_tile *t = &j->tile[at].t;
		size_t k = (size_t)t->groups * j->k->c->n * j->k->d->mode[t->mode].pack;
		j->weights[at] = bitlet_operand_new(j->k->c, j->k->d, (unsigned)t->mode, BITLET_WEIGHTS, rows[s], b->rows, k, 0);
		good = j->weights[at] != NULL;
	}
	return good;
}

static bool load_batch(struct job *j, const struct batch *b)
{
	uint8_t **rows = calloc(b->stages, sizeof *rows);
	bool good = rows != NULL;
	for (unsigned s = 0; good && s < b->stages; s++) {
		const struct program_tile *t = &j->tile[j->chain[b->first].first + s].t;
		rows[s] = malloc(b->rows * (size_t)t->groups * j->k->d->mode[t->mode].w_group_bytes);
		good = rows[s] != NULL;
	}
	for (size_t i = 0; good && i < b->chains; i++)
		good = load_chain(j, b->first + i, rows);
	good = good && make_operands(j, b, rows);
	for (unsigned s = 0; rows && s < b->stages; s++)
		free(rows[s]);
	free(rows);
	return good;
}

/* ---- units */

/* What a thread has for itself. */
struct desk {
	struct job *j;
	uint8_t *rows, *padding;    /* padding: a row of it */
	uint64_t *bits;
	uint8_t *engine_flags;
	int64_t *psum;
	uint8_t flags;
};

/* Where pixel after pixel goes. */
struct place {
	const struct program_loop *loop;
	int64_t index[PROGRAM_OUT_LOOPS], offset;
};

static struct place place_at(const struct program_tile *t, uint64_t pixel)
{
	struct place p = { .loop = t->out_loop };
	for (unsigned d = 0; d < PROGRAM_OUT_LOOPS; d++) {
		uint64_t count = (uint64_t)p.loop[d].count_less_1 + 1;
		p.index[d] = (int64_t)(pixel % count);
		pixel /= count;
		p.offset += p.index[d] * p.loop[d].stride;
	}
	return p;
}

static void place_next(struct place *p)
{
	for (unsigned d = 0; d < PROGRAM_OUT_LOOPS; d++) {
		p->offset += p->loop[d].stride;
		if (p->index[d]++ < p->loop[d].count_less_1)
			return;
		p->offset -= p->loop[d].stride * p->index[d];
		p->index[d] = 0;
	}
}

static void write_results(struct desk *w, const struct batch *b, size_t chain, size_t first, size_t count)
{
	const struct unit_chain *c = &w->j->chain[chain];
	const struct machine *k = w->j->k;
	const struct program_tile *t = &w->j->tile[c->first + c->stages - 1].t;
	const struct output_stage stage = output_stage_of(k->c, t);
	const struct output_params *params = &w->j->params[chain * k->c->pes];
	struct place place = place_at(t, first);
	unsigned bytes = unit_format_bytes(t);
	for (size_t i = 0; i < count; i++, place_next(&place)) {
		uint8_t *to = k->m->data + (t->out_base + (uint64_t)place.offset - k->m->base);
		const int64_t *sum = &w->psum[i * b->rows + w->j->column[chain]];
		for (unsigned pe = 0; pe < c->pes; pe++, to += bytes) {
			uint32_t out = output_finish(&stage, sum[pe], &params[pe], &w->flags);
			memcpy(to, &out, bytes);
		}
	}
}

/* Partial sums of a chain before its last stage: the core's memory shows those of the last chain. */
static void keep_sums(struct desk *w, const struct batch *b, size_t chain, size_t first, size_t count)
{
	const struct unit_chain *c = &w->j->chain[chain];
	struct machine *k = w->j->k;
	for (size_t i = 0; i < count; i++)
		for (unsigned pe = 0; pe < c->pes; pe++)
			if (w->j->keeper[pe] == chain)
				k->psum[(first + i) * k->c->pes + pe] = w->psum[i * b->rows + w->j->column[chain] + pe];
}

/* The stage's results, added to those before. */
static void take_results(struct desk *w, const struct batch *b, const struct program_tile *t, size_t count, bool add)
{
	const struct machine *k = w->j->k;
	const struct output_stage stage = output_stage_of(k->c, t);
	for (size_t i = 0; i < count * b->rows; i++) {
		int64_t v = machine_value(k, &stage, w->bits[i]);
		w->psum[i] = add ? output_accumulate(&stage, w->psum[i], v, &w->flags) : v;
		w->flags |= w->engine_flags[i];
	}
}

static bool run_stage(struct desk *w, const struct batch *b, unsigned stage, size_t first, size_t count)
{
	const struct job *j = w->j;
	const struct unit_tile *u = &j->tile[j->chain[b->first].first + stage];
	const struct program_tile *t = &u->t;
	const struct bitlet_mode *m = &j->k->d->mode[t->mode];
	const struct walk_rows shape = { .vector_bytes = (size_t)t->act_vector_bytes, .row_bytes = row_bytes(j, t), .padding = w->padding };
	for (size_t i = 0; i < shape.row_bytes; i++)
		w->padding[i] = (uint8_t)(t->act_fill >> (8 * (i % m->a_group_bytes % 4)));
	walk_gather(&u->act, j->k->m, &shape, first, count, w->rows);
	struct bitlet_operand *a = bitlet_operand_new(j->k->c, j->k->d, (unsigned)t->mode, BITLET_ACTIVATIONS, w->rows, count,
	                                              (size_t)t->groups * j->k->c->n * m->pack, (uint32_t)t->act_zero);
	bool good = a && bitlet_fast_multiply(j->weights[j->chain[b->first].first + stage], a, 1, w->bits, w->engine_flags);
	bitlet_operand_free(a);
	if (good)
		take_results(w, b, t, count, stage > 0);
	return good;
}

static bool run_unit(struct desk *w, const struct batch *b, size_t unit)
{
	size_t pixels = (size_t)w->j->tile[w->j->chain[b->first].first].t.pixels, first = unit * b->pixels;
	size_t count = pixels - first < b->pixels ? pixels - first : b->pixels;
	for (unsigned s = 0; s < b->stages; s++) {
		if (!run_stage(w, b, s, first, count))
			return false;
		for (size_t i = 0; s + 2 == b->stages && i < b->chains; i++)
			keep_sums(w, b, b->first + i, first, count);
	}
	for (size_t i = 0; i < b->chains; i++)
		write_results(w, b, b->first + i, first, count);
	return true;
}

static bool desk_new(struct desk *w, struct job *j)
{
	size_t rows = 1, row = 1, results = 1;
	for (size_t i = 0; i < j->batches; i++) {
		const struct batch *b = &j->batch[i];
		for (unsigned s = 0; s < b->stages; s++) {
			size_t bytes = row_bytes(j, &j->tile[j->chain[b->first].first + s].t);
			row = bytes > row ? bytes : row;
			rows = b->pixels * bytes > rows ? b->pixels * bytes : rows;
		}
		results = b->pixels * b->rows > results ? b->pixels * b->rows : results;
	}
	*w = (struct desk){ .j = j, .rows = malloc(rows), .padding = malloc(row), .bits = malloc(results * sizeof *w->bits),
		            .engine_flags = malloc(results), .psum = malloc(results * sizeof *w->psum) };
	return w->rows && w->padding && w->bits && w->engine_flags && w->psum;
}

static void desk_free(struct desk *w)
{
	free(w->rows);
	free(w->padding);
	free(w->bits);
	free(w->engine_flags);
	free(w->psum);
}

/* Units first .. last - 1, of a thread. */
static bool run_units(void *context, size_t first, size_t last)
{
	struct job *j = context;
	struct desk w;
	bool good = desk_new(&w, j);
	size_t b = 0;
	for (size_t i = first; good && i < last; i++) {
		while (b + 1 < j->batches && j->batch[b + 1].first_unit <= i)
			b++;
		good = run_unit(&w, &j->batch[b], i - j->batch[b].first_unit);
	}
	desk_free(&w);
	atomic_fetch_or(&j->flags, w.flags);
	return good;
}

bool unit_run(struct machine *k, const struct unit_tile *tile, const struct unit_chain *chain, size_t chains)
{
	size_t tiles = chain[chains - 1].first + chain[chains - 1].stages;
	struct job j = { .k = k, .tile = tile, .chain = chain, .chains = chains };
	atomic_init(&j.flags, 0);
	j.batch = calloc(chains, sizeof *j.batch);
	j.weights = calloc(tiles, sizeof(struct bitlet_operand *));
	j.params = calloc(chains * k->c->pes, sizeof *j.params);
	j.column = calloc(chains, sizeof *j.column);
	bool good = j.batch && j.weights && j.params && j.column;
	if (good)
		make_batches(&j);
	for (size_t i = 0; good && i < j.batches; i++)
		good = load_batch(&j, &j.batch[i]);
	good = good && parallel_run(j.units, j.products < FEW_PRODUCTS ? 1 : k->threads, run_units, &j);
	k->r->flags |= (uint8_t)atomic_load(&j.flags);
	for (size_t i = 0; j.weights && i < tiles; i++)
		bitlet_operand_free(j.weights[i]);
	free(j.batch);
	free(j.weights);
	free(j.params);
	free(j.column);
	return good;
}
