/*
 * The whole-core model behind a memory with stalls: random layers give the bytes, flags and counts of the interpreter; after aborts, soft resets, bus and
 * parity errors it reports them and then runs a good program as if nothing had been.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config_load.h"
#include "core.h"
#include "interpret.h"
#include "memory.h"
#include "random_layer.h"
#include "tile.h"

enum { CONFIGS = 4, MOST_CYCLES = 400000 };

struct setup {
	struct bitlet_config c;
	struct bitlet_derived d;
	struct core *core;
	struct bitlet_rng rng;
	struct memory memory;
	struct memory_config behaviour;
};

/* One layer, what its image is to become, and how. */
struct job {
	struct compiled layer;
	struct image expected;
	struct interpret_result result;
	char text[256];
};

/* How a run ended. */
struct end {
	bool over;
	struct core_out out;        /* of the cycle with done or failed */
	uint8_t flags;              /* raised in all cycles */
	uint64_t cycles;
};

/* What the host does in the run, at a cycle of it. */
struct disturbance {
	uint64_t abort, soft_reset; /* 0: never */
	uint8_t parity_test;
	struct memory_fault fault;
};

static struct setup *setup_new(const char *name, uint64_t seed)
{
	struct setup *s = calloc(1, sizeof *s);
	assert_non_null(s);
	assert_true(config_load(name, &s->c, stderr));
	bitlet_derive(&s->c, &s->d);
	s->core = core_new(&s->c, &s->d);
	assert_non_null(s->core);
	s->rng.state = seed;
	memory_defaults(&s->behaviour, s->d.bus_bytes);
	return s;
}

static void setup_free(struct setup *s)
{
	core_free(s->core);
	free(s);
}

static void job_make(struct setup *s, uint64_t cycles, struct job *j)
{
	struct layer_task task;
	struct fault f = { "" };
	const struct random_layer_limits limits = { .cycles = cycles };
	assert_true(random_layer(&s->c, &s->d, &s->rng, &limits, &task, &f));
	layer_task_text(&task, &s->d, j->text, sizeof j->text);
	assert_true(compile_layer(&task, &s->c, &s->d, &j->layer, &f));
	layer_task_free(&task);
	assert_true(image_copy(&j->expected, &j->layer.image, &f));
	assert_true(interpret(&s->c, &s->d, &j->expected, j->layer.program, j->layer.program_bytes, 1, &j->result, &f));
	assert_int_equal(j->result.error.fault, CORE_FAULT_NONE);
}

static void job_free(struct job *j)
{
	compiled_free(&j->layer);
	image_free(&j->expected);
}

static void step(struct setup *s, struct core_in *in, struct core_out *out)
{
	struct memory_out reply;
	memory_out(&s->memory, &reply);
	core_out(s->core, out);
	in->act = reply.act;
	in->wgt = reply.wgt;
	in->out = reply.out;
	const struct memory_in asked = { .act = out->act, .wgt = out->wgt, .out = out->out };
	core_clock(s->core, in);
	memory_clock(&s->memory, &asked);
}

static struct end run(struct setup *s, struct image *m, const struct job *j, const struct disturbance *x)
{
	struct end e = { 0 };
	struct core_in in = { .program_address = j->layer.program, .program_bytes = j->layer.program_bytes, .parity_test = x->parity_test };
	s->behaviour.seed = bitlet_random(&s->rng);
	memory_reset(&s->memory, &s->behaviour, m);
	memory_inject(&s->memory, &x->fault);
	core_out(s->core, &e.out);
	assert_true(e.out.idle);
	while (!e.over && e.cycles < MOST_CYCLES) {
		in.start = e.cycles == 0;
		in.abort = e.cycles && e.cycles == x->abort;
		in.soft_reset = e.cycles && e.cycles == x->soft_reset;
		step(s, &in, &e.out);
		e.flags |= e.out.flags;
		e.over = e.out.done || e.out.failed || (e.cycles && e.out.idle);
		e.cycles++;
	}
	assert_null(s->memory.violation);
	assert_true(e.over);
	assert_true(memory_idle(&s->memory));
	core_out(s->core, &e.out); /* counters behind the last edge */
	assert_true(e.out.idle);
	return e;
}

static bool same_image(const struct image *a, const struct image *b)
{
	return a->bytes == b->bytes && !memcmp(a->data, b->data, a->bytes);
}

static uint64_t sum_of_causes(const struct core_counters *k)
{
	return k->busy + k->wait_out + k->wait_act + k->wait_wgt + k->idle;
}

static void run_well(struct setup *s, const struct job *j)
{
	struct image m;
	struct fault f = { "" };
	const struct disturbance none = { 0 };
	assert_true(image_copy(&m, &j->layer.image, &f));
	struct end e = run(s, &m, j, &none);
	const struct core_counters *k = &e.out.counters;
	if (e.out.error.fault || !same_image(&m, &j->expected))
		print_message("%s: fault %d\n", j->text, e.out.error.fault);
	assert_int_equal(e.out.error.fault, CORE_FAULT_NONE);
	assert_true(same_image(&m, &j->expected));
	assert_int_equal(e.flags, j->result.flags);
	assert_int_equal(e.out.position, j->result.position);
	assert_int_equal(k->cycles, e.cycles);
	assert_int_equal(sum_of_causes(k), k->cycles);
	assert_int_equal(k->tiles, j->result.tiles);
	assert_int_equal(k->groups, j->result.groups);
	assert_int_equal(k->outputs, j->result.outputs);
	image_free(&m);
}

static void behave(struct setup *s, unsigned kind)
{
	memory_defaults(&s->behaviour, s->d.bus_bytes);
	s->behaviour.stalls = kind & 1 ? 60 : 0;
	s->behaviour.latency = kind & 2 ? 3 : 40;
	if (kind & 4)
		s->behaviour.bandwidth[0] = s->behaviour.bandwidth[1] = s->behaviour.clock_hz * s->d.bus_bytes / 3;
}

static void layers(const char *name, unsigned count, uint64_t cycles)
{
	struct setup *s = setup_new(name, 7);
	for (unsigned i = 0; i < count; i++) {
		struct job j;
		job_make(s, cycles, &j);
		behave(s, i);
		run_well(s, &j);
		job_free(&j);
	}
	setup_free(s);
}

static void tiny(void **state)
{
	(void)state;
	layers("tiny", 40, 3000);
}

static void edge_int8(void **state)
{
	(void)state;
	layers("edge-int8", 24, 3000);
}

static void fp32_n16(void **state)
{
	(void)state;
	layers("fp32-n16", 24, 3000);
}

static void paper(void **state)
{
	(void)state;
	layers("paper", 4, 2000);
}

/* Buses from 32 to 512 bits, one burst in flight, buffers as small as they come. */
static void odd(void **state)
{
	static const char *const names[] = { "activation-5", "bare", "fifo", "halves-3", "large-128", "narrow-result", "one-lane", "packed-floats", "packed",
		                             "wide-6", "window-9", "words-24" };
	(void)state;
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		char path[64];
		snprintf(path, sizeof path, "tests/rtl/odd/%s.yaml", names[i]);
		layers(path, 12, 2000);
	}
}

/* Cycles of an undisturbed run. */
static uint64_t length(struct setup *s, const struct job *j)
{
	struct image m;
	struct fault f = { "" };
	const struct disturbance none = { 0 };
	assert_true(image_copy(&m, &j->layer.image, &f));
	uint64_t cycles = run(s, &m, j, &none).cycles;
	image_free(&m);
	return cycles;
}

/* Every kind of interruption at any cycle; then the program runs well. */
static void interruptions(void **state)
{
	struct setup *s = setup_new("tiny", 11);
	unsigned aborted = 0, reset = 0;
	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		struct job j;
		struct image m;
		struct fault f = { "" };
		job_make(s, 1000, &j);
		behave(s, i);
		uint64_t at = 1 + bitlet_random(&s->rng) % length(s, &j);
		const struct disturbance x = { .abort = i & 1 ? at : 0, .soft_reset = i & 1 ? 0 : at };
		assert_true(image_copy(&m, &j.layer.image, &f));
		struct end e = run(s, &m, &j, &x);
		if (x.abort && e.out.error.fault) {
			assert_int_equal(e.out.error.fault, CORE_FAULT_ABORTED);
			assert_int_equal(e.out.error.channel, CHANNEL_NONE);
			assert_int_equal(sum_of_causes(&e.out.counters), e.out.counters.cycles);
			assert_int_equal(e.out.counters.cycles, e.cycles);
			aborted++;
		}
		if (x.soft_reset && e.out.counters.cycles == 0) {
			assert_int_equal(e.out.position, 0);
			reset++;
		}
		image_free(&m);
		run_well(s, &j);
		job_free(&j);
	}
	assert_true(aborted >= 20 && reset >= 20);
	setup_free(s);
}

/* A bus error at any answer of any port, and parity of each buffer. */
static void broken_memory(void **state)
{
	static const enum core_channel channels[] = { CHANNEL_ACT, CHANNEL_WGT, CHANNEL_OUT };
	struct setup *s = setup_new("tiny", 13);
	unsigned seen[CHANNEL_PROGRAM + 1] = { 0 };
	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		struct job j;
		struct image m;
		struct fault f = { "" };
		job_make(s, 1000, &j);
		behave(s, i);
		length(s, &j);
		enum memory_port port = (enum memory_port)(i % MEMORY_PORTS);
		const struct memory_fault bad = { true, port, bitlet_random(&s->rng) % (s->memory.answered[port] + 1), (uint8_t)(2 + i / MEMORY_PORTS % 2) };
		assert_true(image_copy(&m, &j.layer.image, &f));
		struct end e = run(s, &m, &j, &(struct disturbance){ .fault = bad });
		if (e.out.error.fault) {
			assert_int_equal(e.out.error.fault, bad.resp == 2 ? CORE_FAULT_SLVERR : CORE_FAULT_DECERR);
			assert_true(e.out.error.channel == channels[port] || (port == MEMORY_WGT && e.out.error.channel == CHANNEL_PROGRAM));
			seen[e.out.error.channel]++;
		}
		image_free(&m);
		run_well(s, &j);
		job_free(&j);
	}
	for (unsigned channel = CHANNEL_ACT; channel <= CHANNEL_PROGRAM; channel++)
		assert_true(seen[channel] > 0);
	setup_free(s);
}

static void parity(void **state)
{
	struct setup *s = setup_new("tiny", 17);
	(void)state;
	for (unsigned i = 0; i < 12; i++) {
		struct job j;
		struct image m;
		struct fault f = { "" };
		unsigned channel = i % 3;
		const struct disturbance x = { .parity_test = (uint8_t)(1u << channel) };
		job_make(s, 1000, &j);
		assert_true(image_copy(&m, &j.layer.image, &f));
		struct end e = run(s, &m, &j, &x);
		assert_int_equal(e.out.error.fault, CORE_FAULT_PARITY);
		assert_int_equal(e.out.error.channel, CHANNEL_ACT + channel);
		image_free(&m);
		run_well(s, &j);
		job_free(&j);
	}
	setup_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tiny),          cmocka_unit_test(edge_int8),    cmocka_unit_test(fp32_n16), cmocka_unit_test(paper),
		cmocka_unit_test(odd),           		cmocka_unit_test(interruptions), cmocka_unit_test(broken_memory), cmocka_unit_test(parity),
	};
	return cmocka_run_group_tests_name("core", tests, NULL, NULL);
}
