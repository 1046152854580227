/* Every backend runs whole programs and shares of them with the interpreter's bytes, one machine program after program; faults on purpose are found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backend.h"
#include "command.h"
#include "config_load.h"
#include "random_layer.h"
#include "tile.h"

enum { LAYERS = 6 };

static struct bitlet_config config;
static struct bitlet_derived derived;
static struct memory_config memory;
static struct compiled layer[LAYERS]; /* all of several units */
static struct tile_units units[LAYERS];

/* Seeded layers, those with few units left out. */
static int setup(void **state)
{
	const struct random_layer_limits limits = { .cycles = 4000 };
	struct bitlet_rng rng = { 7 };
	struct fault f = { "" };
	(void)state;
	if (!config_load("tiny", &config, stderr))
		return 1;
	bitlet_derive(&config, &derived);
	memory_defaults(&memory, derived.bus_bytes);
	for (int i = 0; i < LAYERS;) {
		struct layer_task t;
		if (!random_layer(&config, &derived, &rng, &limits, &t, &f) || !compile_layer(&t, &config, &derived, &layer[i], &f))
			return 1;
		layer_task_free(&t);
		if (!tile_units_of(&config, &derived, &layer[i].image, layer[i].program, layer[i].program_bytes, &units[i], &f))
			return 1;
		if (units[i].count > 3) {
			i++;
			continue;
		}
		tile_units_free(&units[i]);
		compiled_free(&layer[i]);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < LAYERS; i++) {
		tile_units_free(&units[i]);
		compiled_free(&layer[i]);
	}
	return 0;
}

static struct backend *open_kind(enum backend_kind kind)
{
	struct backend *b = backend_open(kind, &config, &derived, &memory, 1, stderr);
	assert_non_null(b);
	return b;
}

/* The status; out (when not NULL) gets what was said. */
static int run(struct backend *b, int i, const uint32_t *unit, size_t count, struct backend_result *r, char **said)
{
	struct fault f = { "" };
	struct image m, want;
	struct interpret_result whole;
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);
	assert_true(out && image_copy(&m, &layer[i].image, &f) && image_copy(&want, &layer[i].image, &f));
	assert_true(interpret(&config, &derived, &want, layer[i].program, layer[i].program_bytes, 1, &whole, &f));
	int status = backend_run(b, "layer", &m, layer[i].program, layer[i].program_bytes, unit, count, r, out, &f);
	fclose(out);
	assert_string_equal(f.text, "");
	assert_memory_equal(m.data, want.data, m.bytes); /* the interpreter's bytes in any case */
	image_free(&m);
	image_free(&want);
	if (said)
		*said = text;
	else
		free(text);
	return status;
}

static void check_whole(enum backend_kind kind, int layers)
{
	struct backend *b = open_kind(kind);
	for (int i = 0; i < layers; i++) {
		struct backend_result r;
		assert_int_equal(run(b, i, NULL, 0, &r, NULL), EXIT_GOOD);
		assert_true(r.equal && r.cycles_known == (kind != BACKEND_FAST));
		assert_int_equal(r.expect.tiles, layer[i].tiles);
		if (r.cycles_known)
			assert_true(r.counter[COUNT_tiles] == r.expect.tiles && r.counter[COUNT_groups] == r.expect.groups &&
			            r.counter[COUNT_outputs] == r.expect.outputs && r.counter[COUNT_cycles] > 0);
	}
	backend_close(b);
}

/* Some units: others than the first, neighbours and not. */
static void check_share(enum backend_kind kind, int layers)
{
	struct backend *b = open_kind(kind);
	for (int i = 0; i < layers; i++) {
		const struct tile_units *u = &units[i];
		const uint32_t last = u->count - 1, share[] = { 1, 2, last };
		const size_t count = last > 2 ? 3 : 2;
		struct backend_result r;
		uint64_t tiles = 0;
		for (size_t k = 0; k < count; k++)
			tiles += u->unit[share[k]].count;
		assert_int_equal(run(b, i, share, count, &r, NULL), EXIT_GOOD);
		assert_true(r.equal && r.expect.tiles == layer[i].tiles);
		assert_true(r.cycles_known == (kind != BACKEND_FAST));
		if (r.cycles_known)
			assert_int_equal(r.counter[COUNT_tiles], tiles);
		assert_int_equal(run(b, i, share, 0, &r, NULL), EXIT_GOOD); /* none */
		assert_false(r.cycles_known);
	}
	backend_close(b);
}

static void test_fast(void **state) { (void)state; check_whole(BACKEND_FAST, LAYERS); check_share(BACKEND_FAST, 2); }
static void test_model(void **state) { (void)state; check_whole(BACKEND_MODEL, LAYERS); check_share(BACKEND_MODEL, LAYERS); }
static void test_rtl(void **state) { (void)state; check_whole(BACKEND_RTL, LAYERS); check_share(BACKEND_RTL, LAYERS); }
static void test_rtl_alone(void **state) { (void)state; check_whole(BACKEND_RTL_ALONE, LAYERS); check_share(BACKEND_RTL_ALONE, 2); }
static void test_icarus(void **state) { (void)state; check_whole(BACKEND_ICARUS, 2); check_share(BACKEND_ICARUS, 1); }

/* A run does not depend on the programs before it: counters of a machine that is new and of one that is not, of model and RTL. */
static void test_machine_stays(void **state)
{
	(void)state;
	struct backend *used = open_kind(BACKEND_RTL_ALONE), *model = open_kind(BACKEND_MODEL);
	for (int i = 0; i < LAYERS; i++) {
		struct backend *fresh = open_kind(BACKEND_RTL_ALONE);
		struct backend_result a, b, c;
		assert_int_equal(run(used, i, NULL, 0, &a, NULL), EXIT_GOOD);
		assert_int_equal(run(fresh, i, NULL, 0, &b, NULL), EXIT_GOOD);
		assert_int_equal(run(model, i, NULL, 0, &c, NULL), EXIT_GOOD);
		assert_memory_equal(a.counter, b.counter, sizeof a.counter);
		assert_memory_equal(a.counter, c.counter, sizeof a.counter);
		backend_close(fresh);
	}
	backend_close(used);
	backend_close(model);
}

/* One wrong bit on one side; a good run afterwards. */
static void check_break(enum backend_kind kind, enum machine_side side, const uint32_t *unit, size_t count, const char *text)
{
	struct backend *b = open_kind(kind);
	const struct machine_break broken = { .on = true, .side = side, .beat = 2 }, none = { .on = false };
	struct backend_result r;
	char *said;
	backend_break(b, &broken);
	assert_int_equal(run(b, 0, unit, count, &r, &said), EXIT_NO);
	assert_false(r.equal);
	if (!strstr(said, "MISMATCH") || !strstr(said, text))
		fail_msg("expected '%s' in: %s", text, said);
	free(said);
	backend_break(b, &none);
	assert_int_equal(run(b, 0, unit, count, &r, NULL), EXIT_GOOD);
	assert_true(r.equal);
	backend_close(b);
}

static void test_breaks(void **state)
{
	(void)state;
	const uint32_t share[] = { 1, 2 };
	check_break(BACKEND_MODEL, MACHINE_MODEL, NULL, 0, "the interpreter's is");
	check_break(BACKEND_MODEL, MACHINE_MODEL, share, 2, "the interpreter's is");
	check_break(BACKEND_RTL, MACHINE_RTL, NULL, 0, "m_axi_out_wdata");
	check_break(BACKEND_RTL, MACHINE_MODEL, share, 2, "m_axi_out_wdata");
	check_break(BACKEND_RTL_ALONE, MACHINE_RTL, NULL, 0, "the interpreter's is");
	check_break(BACKEND_RTL_ALONE, MACHINE_RTL, share, 2, "the interpreter's is");
	check_break(BACKEND_ICARUS, MACHINE_RTL, share, 2, "out_wdata");
}

/* A program that the core refuses: both say so, and no share of it is run. */
static void test_damaged(void **state)
{
	(void)state;
	const uint32_t share[] = { 1 };
	struct backend *b = open_kind(BACKEND_MODEL);
	struct fault f = { "" };
	struct backend_result r;
	struct image m;
	FILE *out = fopen("/dev/null", "w");
	assert_true(out && image_copy(&m, &layer[0].image, &f));
	image_at(&m, layer[0].program + 300, 1)[0] ^= 1; /* in the first record */
	assert_int_equal(backend_run(b, "layer", &m, layer[0].program, layer[0].program_bytes, NULL, 0, &r, out, &f), EXIT_NO);
	assert_int_equal(r.expect.error.fault, CORE_FAULT_CRC);
	assert_int_equal(backend_run(b, "layer", &m, layer[0].program, layer[0].program_bytes, share, 1, &r, out, &f), EXIT_NO);
	assert_false(r.equal);
	fclose(out);
	image_free(&m);
	backend_close(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fast), cmocka_unit_test(test_model), cmocka_unit_test(test_rtl), cmocka_unit_test(test_rtl_alone),
		cmocka_unit_test(test_machine_stays), cmocka_unit_test(test_icarus), cmocka_unit_test(test_breaks), cmocka_unit_test(test_damaged),
	};
	return cmocka_run_group_tests_name("backend", tests, setup, teardown);
}
