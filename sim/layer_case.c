#include "layer_case.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "feed.h"
#include "layer_oracle.h"

static uint32_t pick(struct bitlet_rng *r, const uint32_t *list, uint32_t count)
{
	return list[bitlet_random_below(r, count)];
}

/* From a memory that never waits to one that mostly does. */
static void draw_memory(struct memory_config *c, struct bitlet_rng *r)
{
	static const uint32_t latency[] = {1, 2, 5, 30, 30, 100}, stalls[] = {0, 0, 10, 30, 60}, bursts[] = {1, 2, 8, 64};
	static const uint32_t megabytes[] = {0, 12800, 12800, 3200, 800, 200}, out_channel[] = {0, 0, 2};
	c->latency = pick(r, latency, 6);
	c->stalls = pick(r, stalls, 5);
	c->outstanding = pick(r, bursts, 4);
	for (int i = 0; i < MEMORY_CHANNELS; i++)
		c->bandwidth[i] = (uint64_t)pick(r, megabytes, 6) * 1000000;
	c->channel[MEMORY_WGT] = bitlet_random_below(r, 4) ? 1 : 0;
	c->channel[MEMORY_OUT] = (uint8_t)pick(r, out_channel, 3);
	c->seed = bitlet_random(r);
}

/* Every other tensor anywhere in a page, so that bursts come to the ends of pages. */
static void draw_place(struct layer_place *p, struct bitlet_rng *r)
{
	unsigned *const offset[] = {&p->act_offset, &p->weights_offset, &p->out_offset};
	for (int i = 0; i < 3; i++)
		if (bitlet_random_below(r, 2))
			*offset[i] += 64 * bitlet_random_below(r, 63);
}

static bool complain(struct fault *f, FILE *err)
{
	fprintf(err, "bitlet check: %s\n", f->text);
	return false;
}

/* The program and its expected image; what is made before a failure is freed by the caller. */
static bool prepare(struct layer_case *l, const struct layer_task *t, const struct bitlet_config *c, struct fault *f)
{
	if (!compile_layer(t, c, l->derived, &l->program, f))
		return false;
	return image_copy(&l->image, &l->program.image, f) && image_copy(&l->want, &l->program.image, f) &&
	       interpret(c, l->derived, &l->want, l->program.program, l->program.program_bytes, 1, &l->expect, f);
}

/* The layer's definition, without program and tiles, must give the interpreter's bytes. False with *f set when memory runs out. */
static bool ask_oracle(struct layer_case *l, const struct layer_task *t, const struct bitlet_config *c, struct fault *f)
{
	uint8_t flags = 0, *out = malloc(l->program.out_bytes ? l->program.out_bytes : 1);
	const uint8_t *have = image_at(&l->want, l->program.out, l->program.out_bytes);
	if (!out)
		return fault_set(f, "out of memory");
	bool good = layer_oracle(t, c, l->derived, 0, 1, out, &flags, f);
	for (size_t i = 0; good && i < l->program.out_bytes; i++)
		if (out[i] != have[i]) {
			snprintf(l->problem, sizeof l->problem, "byte %zu of the outputs: 0x%02x by the layer's definition, 0x%02x by the interpreter", i, out[i], have[i]);
			break;
		}
	if (good && !l->problem[0] && flags != l->expect.flags)
		snprintf(l->problem, sizeof l->problem, "flags: 0x%x by the layer's definition, 0x%x by the interpreter", flags, l->expect.flags);
	free(out);
	return good;
}

bool layer_case_make(struct layer_case *l, const struct bitlet_config *c, const struct bitlet_derived *d, uint64_t seed, uint64_t number, uint64_t cycles,
                     FILE *err)
{
	struct bitlet_rng layer = {feed_seed(seed, "layer", number)}, memory = {feed_seed(seed, "memory", number)};
	struct random_layer_limits limits = {.cycles = cycles};
	struct layer_task t;
	struct fault f = {""};
	memset(l, 0, sizeof *l);
	l->derived = d;
	memory_defaults(&l->memory, d->bus_bytes);
	l->wild = bitlet_random_below(&memory, 4) != 0;
	if (l->wild)
		draw_memory(&l->memory, &memory);
	if (!random_layer(c, d, &layer, &limits, &t, &f))
		return complain(&f, err);
	draw_place(&t.place, &memory);
	l->op = t.op;
	l->mode = t.mode;
	layer_task_text(&t, d, l->text, sizeof l->text);
	bool good = prepare(l, &t, c, &f) && ask_oracle(l, &t, c, &f);
	layer_task_free(&t);
	if (!good) {
		fprintf(err, "bitlet check: %s\n", l->text);
		layer_case_free(l);
		return complain(&f, err);
	}
	return true;
}

void layer_case_free(struct layer_case *l)
{
	image_free(&l->image);
	image_free(&l->want);
	compiled_free(&l->program);
}

void layer_case_rewind(struct layer_case *l)
{
	memcpy(l->image.data, l->program.image.data, l->image.bytes);
}

static bool judge_number(const char *what, uint64_t got, uint64_t want, char *text)
{
	if (got == want)
		return true;
	snprintf(text, LAYER_CASE_TEXT, "%s is 0x%" PRIx64 "; expected 0x%" PRIx64, what, got, want);
	return false;
}

static const char *region_name(const struct image *m, uint64_t address)
{
	for (unsigned i = 0; i < m->regions; i++)
		if (address >= m->region[i].address && address - m->region[i].address < m->region[i].bytes)
			return m->region[i].name;
	return "nothing";
}

static bool judge_bytes(const struct layer_case *l, char *text)
{
	for (size_t i = 0; i < l->want.bytes; i++) {
		uint64_t address = l->want.base + i;
		if (l->image.data[i] == l->want.data[i])
			continue;
		snprintf(text, LAYER_CASE_TEXT, "byte at 0x%" PRIx64 " (%s) is 0x%02x; expected 0x%02x", address, region_name(&l->want, address),
		         l->image.data[i], l->want.data[i]);
		return false;
	}
	return true;
}

/* What must hold whatever the memory does: each cycle counts once; beats carry at least the bytes that were asked for. */
static bool judge_counters(const struct layer_case *l, const struct machine_result *r, char *text)
{
	const struct interpret_result *e = &l->expect;
	const uint64_t *n = r->counter;
	uint64_t bus = l->derived->bus_bytes;
	if (!judge_number("counter cycles", n[COUNT_cycles], n[COUNT_busy] + n[COUNT_wait_out] + n[COUNT_wait_act] + n[COUNT_wait_wgt] + n[COUNT_idle], text) ||
	    !judge_number("counter tiles", n[COUNT_tiles], e->tiles, text) || !judge_number("counter groups", n[COUNT_groups], e->groups, text) ||
	    !judge_number("counter outputs", n[COUNT_outputs], e->outputs, text))
		return false;
	if (n[COUNT_act_beats] * bus >= e->act_bytes && n[COUNT_wgt_beats] * bus >= e->wgt_bytes + l->program.program_bytes &&
	    n[COUNT_out_beats] * bus >= e->out_bytes)
		return true;
	snprintf(text, LAYER_CASE_TEXT, "too few beats are counted: act %" PRIu64 ", wgt %" PRIu64 ", out %" PRIu64, n[COUNT_act_beats],
	         n[COUNT_wgt_beats], n[COUNT_out_beats]);
	return false;
}

bool layer_case_judge(const struct layer_case *l, const struct machine_result *r, char *text)
{
	const struct core_error *e = &l->expect.error;
	return judge_number("STATUS.code", r->error.code, e->fault, text) && judge_number("STATUS.channel", r->error.channel, e->channel, text) &&
	       judge_number("the error's address", r->error.address, e->address, text) && judge_number("STATUS.idle", r->idle, true, text) &&
	       judge_number("STATUS.done", r->done, e->fault == CORE_FAULT_NONE, text) &&
	       judge_number("POSITION", r->error.layer | (uint64_t)r->error.tile << 16, l->expect.position, text) && judge_bytes(l, text) &&
	       judge_number("FLAGS", r->flags, l->expect.flags, text) && judge_counters(l, r, text);
}
