/*
 * Networks by the schedule: the shipped ones and small graphs with branches give what the host's operators alone give, whatever lay in the arena before;
 * memory is used again just as it may be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config_load.h"
#include "interpret.h"
#include "network_load.h"
#include "schedule.h"
#include "stimulus.h"

#include "../refmodel/onnx_build.h"

#define DIGITS "sim/networks/digits/"

static struct bitlet_config config;
static struct bitlet_derived derived;

static void use(const char *name)
{
	assert_true(config_load(name, &config, stderr));
	bitlet_derive(&config, &derived);
}

static int mode_named(const char *name)
{
	for (unsigned i = 0; i < config.precisions; i++)
		if (!strcmp(config.precision[i].name, name))
			return (int)i;
	fail_msg("no precision %s", name);
	return -1;
}

static struct graph *load(const char *path)
{
	struct fault f = { "" };
	enum network_kind kind;
	struct graph *g = network_load(path, false, &kind, &f);
	if (!g)
		fail_msg("%s", f.text);
	return g;
}

static struct tensor *images(size_t first, size_t count)
{
	struct fault f = { "" };
	struct tensor *all = npy_load(DIGITS "images.npy", &f), *some = all ? tensor_rows(all, first, count, &f) : NULL;
	if (!some)
		fail_msg("%s", f.text);
	tensor_free(all);
	return some;
}

static struct schedule schedule_of(const struct graph *g, const struct tensor *input, int mode)
{
	struct fault f = { "" };
	struct schedule s;
	const struct schedule_options o = { .config = &config, .derived = &derived, .mode = mode };
	if (!schedule_new(g, &input, &o, &s, &f))
		fail_msg("%s", f.text);
	return s;
}

static void poison(struct schedule *s)
{
	memset(image_at(&s->image, s->image.base, s->memory.arena), IMAGE_FILL, s->memory.arena);
}

/* Largest |difference| over the largest |number|. */
static double distance(const struct tensor *a, const struct tensor *b)
{
	double most = 0, top = 0;
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		double x = tensor_number(a, i), y = tensor_number(b, i);
		assert_true(isfinite(x));
		most = fabs(x - y) > most ? fabs(x - y) : most;
		top = fabs(y) > top ? fabs(y) : top;
	}
	return top > 0 ? most / top : most;
}

/* Every value that both runs have (keep: all of them) is the same, or within `most` of the host's. */
static void compare(const struct execution *got, const struct execution *want, double most)
{
	size_t compared = 0;
	for (size_t i = 0; i < want->graph->values; i++) {
		if (!got->value[i] || !want->owned[i])
			continue;
		compared++;
		if (distance(got->value[i], want->value[i]) > most)
			fail_msg("value '%s' differs by %g", want->graph->value[i].name, distance(got->value[i], want->value[i]));
	}
	assert_true(compared >= want->graph->outputs);
}

static void run_and_compare(struct schedule *s, const struct tensor *input, const struct schedule_hooks *h, double most)
{
	struct fault f = { "" };
	struct execution got, want;
	poison(s);
	if (!schedule_run(s, &input, h, &got, &f) || !execute(s->graph, &input, NULL, &want, &f))
		fail_msg("%s", f.text);
	compare(&got, &want, most);
	execution_free(&got);
	execution_free(&want);
}

/* ---- the shipped networks */

static void shipped(const char *preset, const char *network, const char *precision, double most)
{
	use(preset);
	struct graph *g = load(network);
	struct tensor *x = images(0, 2), *other = images(70, 2);
	struct schedule s = schedule_of(g, x, precision ? mode_named(precision) : LOWER_AUTO);
	const struct schedule_hooks all = { .keep = true, .threads = 2 };
	assert_true(s.core_steps >= 4);
	run_and_compare(&s, x, NULL, most);
	run_and_compare(&s, other, NULL, most);
	run_and_compare(&s, x, &all, most);
	schedule_free(&s);
	tensor_free(x);
	tensor_free(other);
	graph_free(g);
}

static void int8_network(void **state)
{
	(void)state;
	shipped("tiny", DIGITS "digits_int8.onnx", NULL, 0);
	shipped("edge-int8", DIGITS "digits_int8.onnx", NULL, 0);
}

static void fp32_network(void **state)
{
	(void)state;
	shipped("fp32-n16", DIGITS "digits_fp32.onnx", NULL, 1e-5);
}

/* Scales that the activations bring: a rough answer, but its own in every run. */
static void fixed_network(void **state)
{
	(void)state;
	shipped("edge-int8", DIGITS "digits_fp32.onnx", "int8", 0.1);
	shipped("edge-int8", DIGITS "digits_fp32.onnx", NULL, 0.1);
}

/* ---- graphs made here */

/* Scalars that all nodes share: scales s, s2 and zero points z (int8 3), w0 (int8 0). */
static void build_scalars(struct build *b)
{
	const float s = 0.05f, s2 = 0.01f;
	const int8_t z = 3, w0 = 0;
	const int64_t none[1] = { 0 };
	build_weight(b, "s", TENSOR_FLOAT32, 0, none, &s, sizeof s);
	build_weight(b, "s2", TENSOR_FLOAT32, 0, none, &s2, sizeof s2);
	build_weight(b, "z", TENSOR_INT8, 0, none, &z, sizeof z);
	build_weight(b, "w0", TENSOR_INT8, 0, none, &w0, sizeof w0);
}

/* out = QLinearConv(in), square kernel, pads that keep the extent at stride 1. */
static void build_conv(struct build *b, struct bitlet_rng *rng, const char *in, const char *out, int64_t from, int64_t to, int64_t kernel, int64_t stride, int64_t groups)
{
	char inputs[64], weights[16];
	const int64_t dim[] = { to, from / groups, kernel, kernel }, pads[] = { kernel / 2, kernel / 2, kernel / 2, kernel / 2 }, strides[] = { stride, stride };
	int8_t w[4096];
	size_t count = (size_t)(dim[0] * dim[1] * dim[2] * dim[3]);
	assert_true(count <= sizeof w);
	for (size_t i = 0; i < count; i++)
		w[i] = (int8_t)(bitlet_random_below(rng, 255) - 127);
	snprintf(weights, sizeof weights, "w_%s", out);
	snprintf(inputs, sizeof inputs, "%s s z %s s2 w0 s z", in, weights);
	build_weight(b, weights, TENSOR_INT8, 4, dim, w, count);
	Onnx__NodeProto *n = build_node(b, "QLinearConv", out, inputs, out);
	build_ints(b, n, "pads", 4, pads);
	build_ints(b, n, "strides", 2, strides);
	build_attribute(b, n, "group", ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT)->i = groups;
	n->attribute[n->n_attribute - 1]->has_i = 1;
}

static struct graph *built(struct build *b)
{
	struct fault f = { "" };
	enum network_kind kind;
	build_bytes(b);
	struct graph *g = network_parse(b->bytes, b->size, "built", ".", false, &kind, &f);
	if (!g)
		fail_msg("%s", f.text);
	build_free(b);
	return g;
}

static struct tensor *random_codes(struct bitlet_rng *rng, const int64_t dim[4])
{
	struct fault f = { "" };
	struct tensor *t = tensor_new(TENSOR_INT8, 4, dim, &f);
	assert_non_null(t);
	for (size_t i = 0; i < t->count; i++)
		((int8_t *)t->data)[i] = (int8_t)bitlet_random_below(rng, 256);
	return t;
}

static const struct schedule_step *step_named(const struct schedule *s, const char *name)
{
	for (size_t i = 0; i < s->steps; i++)
		if (!strcmp(s->graph->node[s->step[i].node].name, name))
			return &s->step[i];
	fail_msg("no step %s", name);
	return NULL;
}

static const int64_t square[4] = { 1, 4, 8, 8 };

/* a feeds b and c where it lies; their sum is the host's; d reads it. */
static struct graph *branches(struct bitlet_rng *rng)
{
	struct build b;
	build_start(&b, 13);
	build_scalars(&b);
	build_input(&b, "x", TENSOR_INT8, 4, square);
	build_conv(&b, rng, "x", "a", 4, 8, 1, 1, 1);
	build_conv(&b, rng, "a", "b", 8, 16, 3, 1, 1);
	build_conv(&b, rng, "a", "c", 8, 16, 1, 1, 8);
	build_node(&b, "DequantizeLinear", "fb", "b s z", "fb");
	build_node(&b, "DequantizeLinear", "fc", "c s z", "fc");
	build_node(&b, "Add", "sum", "fb fc", "sum");
	build_node(&b, "QuantizeLinear", "q", "sum s z", "q");
	build_conv(&b, rng, "q", "d", 16, 2, 3, 1, 1);
	build_output(&b, "d");
	return built(&b);
}

static void memory_reuse(void **state)
{
	struct bitlet_rng rng = { 1 };
	(void)state;
	use("edge-int8");
	struct graph *g = branches(&rng);
	struct tensor *x = random_codes(&rng, square);
	struct schedule s = schedule_of(g, x, LOWER_AUTO);
	const struct schedule_step *a = step_named(&s, "a"), *b = step_named(&s, "b"), *c = step_named(&s, "c"), *d = step_named(&s, "d");
	assert_int_equal(s.core_steps, 4);
	assert_false(a->in_place || d->in_place);
	assert_true(b->in_place && c->in_place);
	assert_int_equal(b->compiled.out, 0); /* the largest, one after the other */
	assert_int_equal(c->compiled.out, 0);
	assert_int_equal(d->compiled.act, 0);
	assert_int_equal(a->compiled.out, 1024);
	assert_int_equal(b->compiled.act, 1024);
	assert_int_equal(c->compiled.act, 1024);
	assert_int_equal(a->compiled.act, 0);
	assert_int_equal(d->compiled.out, 1024);
	assert_int_equal(s.memory.arena, 1024 + 512);
	assert_int_equal(s.memory.arena_without_reuse, (256 + 512) + (512 + 1024) + (512 + 1024) + (1024 + 128));
	assert_int_equal(a->base, 4096);
	assert_int_equal(b->base, a->base + a->bytes);
	assert_int_equal(s.memory.params, 42 * PROGRAM_PARAMS_BYTES);
	assert_int_equal(s.memory.programs, (a->compiled.tiles + b->compiled.tiles + c->compiled.tiles + d->compiled.tiles + 4) * PROGRAM_BLOCK_BYTES);
	for (int i = 0; i < 3; i++) {
		run_and_compare(&s, x, NULL, 0);
		for (size_t k = 0; k < x->count; k++)
			((int8_t *)x->data)[k] = (int8_t)bitlet_random_below(&rng, 256);
	}
	schedule_free(&s);
	tensor_free(x);
	graph_free(g);
}

/* Nodes that read any value before them. */
static void random_branches(void **state)
{
	struct bitlet_rng rng = { 11 };
	size_t in_place = 0, shared = 0;
	(void)state;
	for (unsigned n = 0; n < 40; n++) {
		char name[10][4] = { "x" };
		int64_t channels[10] = { 4 };
		struct build b;
		use(n % 2 ? "tiny" : "edge-int8");
		build_start(&b, 13);
		build_scalars(&b);
		build_input(&b, "x", TENSOR_INT8, 4, square);
		for (unsigned i = 1; i < 10; i++) {
			unsigned from = i - 1 - bitlet_random_below(&rng, i < 3 ? i : 3);
			bool depthwise = bitlet_random_below(&rng, 3) == 0;
			snprintf(name[i], sizeof name[i], "v%u", i);
			channels[i] = depthwise ? channels[from] : 1 + bitlet_random_below(&rng, 12);
			build_conv(&b, &rng, name[from], name[i], channels[from], channels[i], bitlet_random_below(&rng, 2) ? 3 : 1, 1 + bitlet_random_below(&rng, 3) / 2,
			           depthwise ? channels[from] : 1);
			if (i > 6)
				build_output(&b, name[i]);
		}
		struct graph *g = built(&b);
		struct tensor *x = random_codes(&rng, square);
		struct schedule s = schedule_of(g, x, LOWER_AUTO);
		const struct schedule_hooks all = { .keep = true, .threads = 1 + n % 2 };
		for (size_t i = 0; i < s.steps; i++) {
			assert_true(s.step[i].on_core);
			in_place += s.step[i].in_place;
		}
		shared += s.memory.arena < s.memory.arena_without_reuse / 2;
		run_and_compare(&s, x, n % 3 ? &all : NULL, 0);
		schedule_free(&s);
		tensor_free(x);
		graph_free(g);
	}
	assert_true(in_place > 100 && shared > 20);
}

/* ---- hooks, and what goes wrong */

struct watch {
	struct schedule *s;
	size_t core, after, alive_most;
	const char *fail;
};

static bool by_hand(void *context, const struct schedule_step *p, struct image *m, struct fault *f)
{
	struct watch *w = context;
	struct interpret_result r;
	w->core++;
	if (w->fail && !strcmp(w->s->graph->node[p->node].name, w->fail))
		return fault_set(f, "no core today");
	return interpret(&config, &derived, m, p->compiled.program, p->compiled.program_bytes, 1, &r, f) && r.error.fault == CORE_FAULT_NONE;
}

static bool count_alive(void *context, const struct schedule_step *p, const struct execution *e, struct fault *f)
{
	struct watch *w = context;
	size_t alive = 0;
	(void)f;
	for (size_t i = 0; i < e->graph->values; i++)
		alive += e->owned[i] != NULL;
	assert_non_null(e->value[e->graph->node[p->node].output[0]]);
	w->after++;
	w->alive_most = alive > w->alive_most ? alive : w->alive_most;
	return true;
}

static void hooks(void **state)
{
	struct bitlet_rng rng = { 5 };
	struct fault f = { "" };
	struct execution e;
	(void)state;
	use("edge-int8");
	struct graph *g = branches(&rng);
	struct tensor *x = random_codes(&rng, square);
	struct schedule s = schedule_of(g, x, LOWER_AUTO);
	struct watch w = { .s = &s };
	struct schedule_hooks h = { .core = by_hand, .after = count_alive, .context = &w };
	run_and_compare(&s, x, &h, 0);
	assert_int_equal(w.core, 4);
	assert_int_equal(w.after, 8);
	assert_int_equal(w.alive_most, 3); /* fb, fc and sum, or b, c and fb */
	h.keep = true;
	run_and_compare(&s, x, &h, 0);
	assert_int_equal(w.alive_most, 8);
	w.fail = "c";
	assert_false(schedule_run(&s, (const struct tensor *const[]){ x }, &h, &e, &f));
	assert_string_equal(f.text, "no core today");
	assert_null(e.value);
	schedule_free(&s);
	tensor_free(x);
	graph_free(g);
}

static void faults(void **state)
{
	struct bitlet_rng rng = { 6 };
	struct fault f = { "" };
	struct execution e;
	(void)state;
	use("edge-int8");
	struct graph *g = branches(&rng);
	struct tensor *x = random_codes(&rng, square);
	struct schedule s = schedule_of(g, x, LOWER_AUTO);
	image_at(&s.image, step_named(&s, "b")->compiled.program, 1)[4] ^= 1;
	assert_false(schedule_run(&s, (const struct tensor *const[]){ x }, NULL, &e, &f));
	char want[160];
	snprintf(want, sizeof want, "node 'b': its program ends with: a block's CRC is wrong, 0x%llx", (unsigned long long)step_named(&s, "b")->compiled.program);
	assert_string_equal(f.text, want);
	schedule_free(&s);
	tensor_free(x);
	graph_free(g);

	g = load(DIGITS "digits_int8.onnx");
	x = images(0, 2);
	s = schedule_of(g, x, LOWER_AUTO);
	tensor_free(x);
	x = images(0, 3);
	f.text[0] = '\0';
	assert_false(schedule_run(&s, (const struct tensor *const[]){ x }, NULL, &e, &f));
	snprintf(want, sizeof want, "input '%s' has shape [3, 1, 8, 8]; the schedule is for [2, 1, 8, 8]", g->value[g->input[0]].name);
	assert_string_equal(f.text, want);
	assert_null(e.value);
	schedule_free(&s);
	tensor_free(x);
	graph_free(g);
}

/* What the compiler refuses is the host's, and who would have read it in place gets it written. */
static void refused(void **state)
{
	struct bitlet_rng rng = { 7 };
	struct build b;
	const int64_t dim[4] = { 1, 1, 1, 20000 };
	const int8_t w[3] = { 5, -7, 100 };
	(void)state;
	use("edge-int8");
	build_start(&b, 13);
	build_scalars(&b);
	build_input(&b, "x", TENSOR_INT8, 4, dim);
	build_weight(&b, "w", TENSOR_INT8, 4, (const int64_t[]){ 1, 1, 1, 3 }, w, sizeof w);
	Onnx__NodeProto *n = build_node(&b, "QLinearConv", "far", "x s z w s2 w0 s z", "far");
	build_ints(&b, n, "pads", 4, (const int64_t[]){ 0, 1, 0, 1 });
	build_ints(&b, n, "strides", 2, (const int64_t[]){ 1, 8192 });
	build_conv(&b, &rng, "far", "near", 1, 3, 3, 1, 1);
	build_output(&b, "near");
	struct graph *g = built(&b);
	struct tensor *x = random_codes(&rng, dim);
	struct schedule s = schedule_of(g, x, LOWER_AUTO);
	assert_int_equal(s.core_steps, 1);
	assert_false(step_named(&s, "far")->on_core);
	assert_string_equal(step_named(&s, "far")->why, "a stride, pad, dilation or extent is beyond what a program's record holds; expected smaller ones");
	assert_false(step_named(&s, "near")->in_place);
	run_and_compare(&s, x, NULL, 0);
	schedule_free(&s);
	tensor_free(x);
	graph_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(int8_network), cmocka_unit_test(fp32_network), cmocka_unit_test(fixed_network), cmocka_unit_test(memory_reuse),
		cmocka_unit_test(random_branches), cmocka_unit_test(hooks), cmocka_unit_test(faults), cmocka_unit_test(refused),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
