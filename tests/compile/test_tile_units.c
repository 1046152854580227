/* Units of programs: alone and in any order they leave the bytes that the whole program leaves; spoiling reaches exactly what they write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config_load.h"
#include "interpret.h"
#include "program.h"
#include "random_layer.h"
#include "tile.h"
#include "tile_units.h"

enum { LAYERS = 40 };

static struct bitlet_config config;
static struct bitlet_derived derived;

static void interpret_good(struct image *m, const struct compiled *p, uint32_t bytes, struct interpret_result *r)
{
	struct fault f = { "" };
	assert_true(interpret(&config, &derived, m, p->program, bytes, 1, r, &f));
	assert_int_equal(r->error.fault, CORE_FAULT_NONE);
}

static uint32_t *shuffled(uint32_t count, struct bitlet_rng *rng)
{
	uint32_t *list = malloc(count * sizeof *list);
	assert_non_null(list);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t k = (uint32_t)bitlet_random_below(rng, i + 1);
		list[i] = list[k];
		list[k] = i;
	}
	return list;
}

/* Everything but the program. */
static void same_bytes(const struct compiled *p, const struct image *a, const struct image *b)
{
	size_t program = (size_t)(p->program - a->base), end = program + p->program_bytes;
	assert_int_equal(a->bytes, b->bytes);
	assert_memory_equal(a->data, b->data, program);
	assert_memory_equal(a->data + end, b->data + end, a->bytes - end);
}

/* One unit after the other, each a program of its own. */
static void run_alone(const struct compiled *p, const struct tile_units *u, const uint32_t *order, struct image *m, struct interpret_result *sum)
{
	struct fault f = { "" };
	memset(sum, 0, sizeof *sum);
	for (uint32_t i = 0; i < u->count; i++) {
		struct interpret_result r;
		uint32_t bytes;
		memcpy(image_at(m, p->program, p->program_bytes), image_at(&p->image, p->program, p->program_bytes), p->program_bytes);
		assert_true(tile_units_keep(u, m, p->program, &order[i], 1, &bytes, &f));
		interpret_good(m, p, bytes, &r);
		sum->tiles += r.tiles;
		sum->groups += r.groups;
		sum->outputs += r.outputs;
		sum->out_bytes += r.out_bytes;
		sum->flags |= r.flags;
	}
}

/* All units in one program in a shuffled order. */
static void run_shuffled(const struct compiled *p, const struct tile_units *u, const uint32_t *order, struct image *m)
{
	struct fault f = { "" };
	struct interpret_result r;
	uint32_t bytes;
	memcpy(image_at(m, p->program, p->program_bytes), image_at(&p->image, p->program, p->program_bytes), p->program_bytes);
	assert_true(tile_units_keep(u, m, p->program, order, u->count, &bytes, &f));
	assert_int_equal(bytes, p->program_bytes);
	interpret_good(m, p, bytes, &r);
}

static void check_layer(const struct compiled *p, struct bitlet_rng *rng, uint32_t *most)
{
	struct fault f = { "" };
	struct tile_units u;
	struct interpret_result whole, sum;
	struct image want, have;
	assert_true(tile_units_of(&config, &derived, &p->image, p->program, p->program_bytes, &u, &f));
	assert_int_equal(u.tiles, p->tiles);
	*most = u.count > *most ? u.count : *most;
	uint32_t *order = shuffled(u.count, rng), next = 0;
	assert_true(image_copy(&want, &p->image, &f) && image_copy(&have, &p->image, &f));
	interpret_good(&want, p, p->program_bytes, &whole);
	for (uint32_t i = 0; i < u.count; i++) {
		assert_int_equal(u.unit[i].first, next);
		assert_true(u.unit[i].count > 0 && u.unit[i].estimate > 0);
		next += u.unit[i].count;
	}
	assert_int_equal(next, u.tiles);

	run_alone(p, &u, order, &have, &sum);
	same_bytes(p, &want, &have);
	assert_true(sum.tiles == whole.tiles && sum.groups == whole.groups && sum.outputs == whole.outputs && sum.out_bytes == whole.out_bytes);
	assert_int_equal(sum.flags, whole.flags);

	/* spoilt, some units heal what is theirs; all of them everything */
	memcpy(image_at(&have, p->program, p->program_bytes), image_at(&p->image, p->program, p->program_bytes), p->program_bytes);
	assert_true(tile_units_spoil(&u, &config, &have, p->program, order, u.count, &f));
	assert_true(memcmp(image_at(&have, p->out, p->out_bytes), image_at(&want, p->out, p->out_bytes), p->out_bytes) != 0);
	run_shuffled(p, &u, order, &have);
	same_bytes(p, &want, &have);

	/* in order: the program as it was */
	uint32_t bytes;
	for (uint32_t i = 0; i < u.count; i++)
		order[i] = i;
	assert_true(tile_units_keep(&u, &want, p->program, order, u.count, &bytes, &f));
	assert_memory_equal(image_at(&want, p->program, p->program_bytes), image_at(&p->image, p->program, p->program_bytes), p->program_bytes);
	free(order);
	image_free(&want);
	image_free(&have);
	tile_units_free(&u);
}

static void check_preset(const char *preset, uint64_t cycles)
{
	struct bitlet_rng rng = { 20240607 };
	const struct random_layer_limits limits = { .cycles = cycles };
	uint32_t most = 0;
	assert_true(config_load(preset, &config, stderr));
	bitlet_derive(&config, &derived);
	for (int i = 0; i < LAYERS; i++) {
		struct fault f = { "" };
		struct layer_task t;
		struct compiled p;
		assert_true(random_layer(&config, &derived, &rng, &limits, &t, &f));
		assert_true(compile_layer(&t, &config, &derived, &p, &f));
		layer_task_free(&t);
		check_layer(&p, &rng, &most);
		compiled_free(&p);
	}
	assert_true(most > 5);
}

static void test_tiny(void **state) { (void)state; check_preset("tiny", 20000); }
static void test_edge(void **state) { (void)state; check_preset("edge-int8", 20000); }
static void test_fp32(void **state) { (void)state; check_preset("fp32-n16", 20000); }
static void test_paper(void **state) { (void)state; check_preset("paper", 20000); }

/* ---- what is not a layer's program ---- */

static struct compiled chunks;      /* a layer of several boxes, each of several chunks */

static int setup(void **state)
{
	struct fault f = { "" };
	struct layer_task t;
	(void)state;
	if (!config_load("tiny", &config, stderr))
		return 1;
	bitlet_derive(&config, &derived);
	layer_task_init(&t);
	t.mode = 1;
	t.rank = 2;
	t.in[1] = t.in[2] = 40;
	t.in_channels = 600;
	t.out_channels = config.pes + 1;
	bool good = layer_task_alloc(&t, &derived, &f) && compile_layer(&t, &config, &derived, &chunks, &f);
	layer_task_free(&t);
	return !good;
}

static int teardown(void **state)
{
	(void)state;
	compiled_free(&chunks);
	return 0;
}

typedef void change(struct program_tile *t);
static void drop_loads(struct program_tile *t) { t->load_weights = t->load_params = 0; }
static void make_wait(struct program_tile *t) { t->wait = 1; }
static void add_sums(struct program_tile *t) { t->psum_in = 1; }
static void other_params(struct program_tile *t) { t->params_base += 16, t->load_params = 0; }
static void other_mode(struct program_tile *t) { t->mode = 15; }
static void fewer_pixels(struct program_tile *t) { t->pixels--; }

static void refused(uint32_t record, change *c, const char *text)
{
	struct fault f = { "" };
	struct image m;
	struct tile_units u;
	struct program_tile t;
	uint32_t block[PROGRAM_BLOCK_WORDS];
	assert_true(image_copy(&m, &chunks.image, &f));
	uint8_t *at = image_at(&m, chunks.program + (record + 1) * (uint64_t)PROGRAM_BLOCK_BYTES, PROGRAM_BLOCK_BYTES);
	memcpy(block, at, sizeof block);
	program_get_tile(block, &t);
	c(&t);
	assert_true(program_put_tile(block, &t));
	memcpy(at, block, sizeof block);
	assert_false(tile_units_of(&config, &derived, &m, chunks.program, chunks.program_bytes, &u, &f));
	assert_non_null(strstr(f.text, text));
	assert_null(u.unit);
	image_free(&m);
}

static void test_other_programs(void **state)
{
	(void)state;
	struct tile_units u;
	struct fault f = { "" };
	assert_true(tile_units_of(&config, &derived, &chunks.image, chunks.program, chunks.program_bytes, &u, &f));
	assert_true(u.count > 2 && u.unit[0].count > 1);
	refused(0, drop_loads, "record 0 of the program uses weights");
	refused(0, add_sums, "record 0 of the program adds partial sums");
	refused(1, make_wait, "record 1 of the program waits");
	refused(1, fewer_pixels, "record 1 of the program adds partial sums");
	refused(1, other_params, "record 1 of the program uses weights");
	refused(1, other_mode, "record 1 of the program is damaged");
	refused(u.unit[1].first, add_sums, "adds partial sums that the record before it does not leave");
	tile_units_free(&u);
	assert_false(tile_units_of(&config, &derived, &chunks.image, chunks.program, chunks.program_bytes - 256, &u, &f));
	f.text[0] = '\0';
	assert_false(tile_units_of(&config, &derived, &chunks.image, chunks.program + chunks.image.bytes, chunks.program_bytes, &u, &f));
	assert_non_null(strstr(f.text, "outside"));
}

static void test_wrong_units(void **state)
{
	(void)state;
	struct tile_units u;
	struct fault f = { "" };
	uint32_t bytes;
	assert_true(tile_units_of(&config, &derived, &chunks.image, chunks.program, chunks.program_bytes, &u, &f));
	uint32_t *many = calloc(u.count + 1, sizeof *many); /* unit 0 again and again */
	assert_non_null(many);
	many[0] = u.count;
	assert_false(tile_units_keep(&u, &chunks.image, chunks.program, many, 1, &bytes, &f));
	assert_non_null(strstr(f.text, "there is no unit"));
	f.text[0] = '\0';
	many[0] = 0;
	assert_false(tile_units_keep(&u, &chunks.image, chunks.program, many, u.count + 1, &bytes, &f));
	assert_non_null(strstr(f.text, "more records"));
	f.text[0] = '\0';
	many[0] = u.count;
	assert_false(tile_units_spoil(&u, &config, &chunks.image, chunks.program, many, 1, &f));
	assert_non_null(strstr(f.text, "there is no unit"));
	free(many);
	tile_units_free(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tiny), cmocka_unit_test(test_edge), cmocka_unit_test(test_fp32), cmocka_unit_test(test_paper),
		cmocka_unit_test_setup_teardown(test_other_programs, setup, teardown), cmocka_unit_test_setup_teardown(test_wrong_units, setup, teardown),
	};
	return cmocka_run_group_tests_name("tile_units", tests, NULL, NULL);
}
