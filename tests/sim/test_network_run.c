/* A network's run with a core that is wrong on purpose: the row says so, outputs stay the interpreter's. And a host's operator that gives other codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "config_load.h"
#include "network_load.h"
#include "network_run.h"

#define DIGITS "sim/networks/digits/"

struct scene {
	struct run_network_options o;
	struct graph *g;
	struct network_inputs in;
	struct network_plan plan;
	struct network_figures figures;
	struct network_run run;
	struct progress progress;
};

static void open_scene(struct scene *s, enum backend_kind kind)
{
	struct fault f = {""};
	enum network_kind what;
	memset(s, 0, sizeof *s);
	s->o = (struct run_network_options){
		.model = DIGITS "digits_int8.onnx", .kind = kind, .input = {DIGITS "images.npy"}, .inputs = 1, .images = true, .first = 3, .count = 1, .sample = 1,
		.shard = 1, .shards = 1, .threads = 1, .compare = true,
	};
	assert_true(config_load("tiny", &s->o.config, stderr));
	bitlet_derive(&s->o.config, &s->o.derived);
	memory_defaults(&s->o.memory, s->o.derived.bus_bytes);
	struct schedule_options so = {.config = &s->o.config, .derived = &s->o.derived, .mode = LOWER_AUTO};
	s->g = network_load(s->o.model, false, &what, &f);
	if (!s->g || !network_inputs_load(&s->in, s->g, &s->o, stdout, &f) || !network_plan_new(&s->plan, s->g, &s->in, &s->o, &so, &f) ||
	    !network_run_rows(&s->plan, &s->figures, &f))
		fail_msg("%s", f.text);
	progress_start(&s->progress, stderr, 0);
	s->run = (struct network_run){.options = &s->o, .plan = &s->plan, .figures = &s->figures, .progress = &s->progress};
	s->run.fast = backend_open(BACKEND_FAST, &s->o.config, &s->o.derived, &s->o.memory, 1, stderr);
	s->run.chosen = kind == BACKEND_FAST ? NULL : backend_open(kind, &s->o.config, &s->o.derived, &s->o.memory, 1, stderr);
	assert_non_null(s->run.fast);
}

/* The CRC of the output. */
static uint32_t play(struct scene *s)
{
	struct fault f = {""};
	struct tensor *in[1];
	struct execution e;
	assert_true(network_inputs_rows(&s->in, 0, 1, in, &f));
	if (!network_run_once(&s->run, (const struct tensor *const *)in, &e, &f))
		fail_msg("%s", f.text);
	uint32_t crc = tensor_crc(e.value[s->g->output[0]]);
	network_inputs_drop(&s->in, in);
	execution_free(&e);
	return crc;
}

static void close_scene(struct scene *s)
{
	backend_close(s->run.fast);
	backend_close(s->run.chosen);
	network_figures_free(&s->figures);
	network_plan_free(&s->plan);
	network_inputs_free(&s->in);
	graph_free(s->g);
}

static void test_wrong_core(void **state)
{
	struct scene s;
	struct network_total t;
	(void)state;
	open_scene(&s, BACKEND_FAST);
	uint32_t crc = play(&s);
	network_figures_total(&s.figures, &t);
	assert_int_equal(t.core_layers, 5);
	assert_int_equal(t.counted, 0);
	assert_true(t.cycles == t.estimate && t.cycles > 0);
	close_scene(&s);

	open_scene(&s, BACKEND_MODEL);
	assert_int_equal(play(&s), crc);
	network_figures_total(&s.figures, &t);
	assert_int_equal(t.differ, 0);
	assert_true(t.whole && t.counted == 5 && t.cycles == t.counter[COUNT_cycles]);
	close_scene(&s);

	open_scene(&s, BACKEND_MODEL);
	backend_break(s.run.chosen, &(struct machine_break){.on = true, .side = MACHINE_MODEL, .beat = 3});
	assert_int_equal(play(&s), crc);
	network_figures_total(&s.figures, &t);
	assert_int_equal(t.differ, 5);
	assert_int_equal(t.unequal, 0);
	close_scene(&s);
}

/* Weights of the graph that have changed since the core's program was made: the host's codes are others, and the rows count them. */
static void test_other_codes(void **state)
{
	struct scene s;
	struct network_total t;
	(void)state;
	open_scene(&s, BACKEND_FAST);
	for (size_t i = 0; i < s.plan.steps; i++) {
		const struct graph_node *n = &s.g->node[s.plan.schedule[0].step[i].node];
		if (!strcmp(n->name, "conv2"))
			((int8_t *)s.g->value[n->input[3]].constant->data)[40] ^= 0x70;
	}
	play(&s);
	network_figures_total(&s.figures, &t);
	assert_int_equal(t.unequal, 1);
	for (size_t i = 0; i < s.figures.rows; i++) {
		const struct network_row *r = &s.figures.row[i];
		assert_int_equal(r->error.kind, r->on_core ? ERROR_CODES : ERROR_UNKNOWN);
		assert_int_equal(r->error.off > 0, !strcmp(r->name, "conv2"));
	}
	s.o.compare = false;
	close_scene(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_wrong_core), cmocka_unit_test(test_other_codes)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
