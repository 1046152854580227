/*
 * Groups of a layer's program as stimulus: all of them, added up and put through the output stage, are the layer's outputs by its definition; a part of them
 * is drawn over the whole layer, the same for the same seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config_load.h"
#include "feed.h"
#include "interpret_stream.h"
#include "layer_oracle.h"
#include "output_math.h"
#include "random_layer.h"
#include "tile.h"

enum { CYCLES = 3000 };

static struct bitlet_config config;
static struct bitlet_derived derived;

static void use(const char *text)
{
	const char *preset = strchr(text, '\n') ? NULL : text;
	assert_true(preset ? config_load(preset, &config, stderr) : config_parse("t.yaml", text, strlen(text), &config, stderr));
	bitlet_derive(&config, &derived);
}

/* A layer and its program; the feed is of all its groups. */
struct subject {
	struct layer_task task;
	struct compiled program;
	struct program_groups groups;
	struct feed *feed;
};

static void subject_new(struct subject *s, uint64_t seed)
{
	struct bitlet_rng r = {seed};
	struct fault f = {""};
	assert_true(random_layer(&config, &derived, &r, &(struct random_layer_limits){CYCLES, false}, &s->task, &f));
	assert_true(compile_layer(&s->task, &config, &derived, &s->program, &f));
	const struct compiled *p = &s->program;
	assert_true(program_groups_of(&config, &derived, &p->image, p->program, p->program_bytes, &s->groups, &f));
	assert_int_equal(s->groups.groups, p->groups);
	s->feed = feed_program(&s->groups, (size_t)p->groups, 1, &f);
	assert_non_null(s->feed);
	assert_int_equal(s->feed->beats, p->groups);
	assert_int_equal(s->feed->outputs, s->groups.outputs);
}

static void subject_free(struct subject *s)
{
	feed_free(s->feed);
	program_groups_free(&s->groups);
	compiled_free(&s->program);
	layer_task_free(&s->task);
}

static void put_output(const struct subject *s, const struct program_tile *t, size_t pixel, unsigned pe, int64_t sum)
{
	struct image m = s->program.image;
	struct output_stage stage = output_stage_of(&config, t);
	struct stream_walk walk = stream_out(t, config.axi_address_bits);
	unsigned bytes = t->format == FORMAT_INT8 ? 1 : t->format == FORMAT_INT16 ? 2 : 4;
	uint32_t words[PROGRAM_PARAMS_BYTES / 4];
	uint8_t flags = 0;
	memcpy(words, image_at(&m, t->params_base + (uint64_t)pe * sizeof words, sizeof words), sizeof words);
	struct output_params params = output_params_of(words);
	uint32_t out = output_finish(&stage, sum, &params, &flags);
	memcpy(image_at(&m, stream_address(&walk, pixel) + (uint64_t)pe * bytes, bytes), &out, bytes);
}

/* The oracle's results of the feed, as if the array had given them, into the layer's outputs. */
static void finish_outputs(const struct subject *s)
{
	int64_t *psum = calloc((size_t)config.psum_buffer * config.pes, sizeof *psum);
	const struct bitlet_result *result = s->feed->want;
	uint8_t flags = 0;
	assert_non_null(psum);
	for (uint32_t i = 0; i < s->groups.records; i++) {
		const struct program_tile *t = &s->groups.record[i];
		struct output_stage stage = output_stage_of(&config, t);
		for (size_t pixel = 0; pixel < (size_t)t->pixels; pixel++, result += config.pes)
			for (unsigned pe = 0; pe <= (unsigned)t->pes_less_1; pe++) {
				int64_t v = stage.is_float ? (int64_t)(uint32_t)result[pe].bits : bitlet_result_value(&derived, result[pe].bits);
				if (t->psum_in)
					v = output_accumulate(&stage, psum[pixel * config.pes + pe], v, &flags);
				if (t->psum_out)
					psum[pixel * config.pes + pe] = v;
				else
					put_output(s, t, pixel, pe, v);
			}
	}
	free(psum);
}

static void all_groups_give_the_layer(void **state)
{
	static const char *const configs[] = {
		"tiny", "fp32-n16", "n: 4\npes: 1\nprecisions: [int8]\nzero_point: yes\n",
		"n: 3\npes: 5\nprecisions: [int2, w4au8, int12, uint1]\npacking: [1, 2, 3, 6, 12, 24]\nwgt_buffer: 16\naxi_bits: 32\n",
	};
	(void)state;
	for (size_t k = 0; k < sizeof configs / sizeof *configs; k++) {
		use(configs[k]);
		for (uint64_t seed = 0; seed < 60; seed++) {
			struct subject s;
			struct fault f = {""};
			uint8_t flags = 0;
			subject_new(&s, seed);
			uint8_t *want = calloc(s.program.out_bytes, 1);
			assert_non_null(want);
			assert_true(layer_oracle(&s.task, &config, &derived, 0, 1, want, &flags, &f));
			finish_outputs(&s);
			if (memcmp(image_at(&s.program.image, s.program.out, s.program.out_bytes), want, s.program.out_bytes))
				fail_msg("configuration %zu, layer %llu: other outputs", k, (unsigned long long)seed);
			free(want);
			subject_free(&s);
		}
	}
}

/* Is beat i of `part` beat k of `whole`? */
static bool same_beat(const struct feed *part, size_t i, const struct feed *whole, size_t k)
{
	return part->beat[i].last == whole->beat[k].last && part->beat[i].zero == whole->beat[k].zero && part->beat[i].mode == whole->beat[k].mode &&
	       !memcmp(feed_act(part, i), feed_act(whole, k), config.n * sizeof(uint32_t)) &&
	       !memcmp(feed_wgt(part, i, 0), feed_wgt(whole, k, 0), (size_t)config.n * config.pes * sizeof(uint32_t));
}

static void a_part_is_drawn_over_the_layer(void **state)
{
	unsigned drawn = 0;
	(void)state;
	use("tiny");
	for (uint64_t seed = 0; seed < 60; seed++) {
		struct subject s;
		struct fault f = {""};
		subject_new(&s, seed);
		const struct feed *whole = s.feed;
		size_t beats = whole->beats / 6, at = 0, first = 0;
		if (whole->outputs >= 120) {
			struct feed *part = feed_program(&s.groups, beats, 7, &f), *again = feed_program(&s.groups, beats, 7, &f), *other = feed_program(&s.groups, beats, 8, &f);
			assert_true(part && again && other);
			assert_true(part->beats > beats * 2 / 3 && part->beats < beats * 3 / 2);
			assert_true(part->beats == again->beats && !memcmp(part->act, again->act, part->beats * config.n * sizeof *part->act));
			drawn += part->beats != other->beats || memcmp(part->act, other->act, part->beats * config.n * sizeof *part->act) != 0;
			for (size_t i = 0; i < part->beats; i++, at++) {
				while (at < whole->beats && !same_beat(part, i, whole, at))
					at++;
				assert_true(at < whole->beats);
				first = i ? first : at;
			}
			assert_true(first < whole->beats / 2);
			feed_free(part);
			feed_free(again);
			feed_free(other);
		}
		subject_free(&s);
	}
	assert_true(drawn >= 5);
}

static void at_least_one_output(void **state)
{
	(void)state;
	use("tiny");
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct subject s;
		struct fault f = {""};
		subject_new(&s, seed);
		struct feed *part = feed_program(&s.groups, 1, 3, &f);
		assert_non_null(part);
		assert_true(part->outputs >= 1 && part->beats <= 3 * derived.tile_groups);
		assert_int_equal(feed_shortest(part) > 0, true);
		feed_free(part);
		subject_free(&s);
	}
}

static void faults(void **state)
{
	struct subject s;
	struct program_groups g;
	struct fault f = {""};
	(void)state;
	use("tiny");
	subject_new(&s, 3);
	const struct compiled *p = &s.program;
	assert_false(program_groups_of(&config, &derived, &p->image, p->program, p->program_bytes - 256, &g, &f));
	assert_non_null(strstr(f.text, "the program's header says"));
	f.text[0] = '\0';
	for (uint32_t i = 0; i < s.groups.records; i++)
		s.groups.record[i].wgt_base += UINT64_C(1) << 24;
	assert_null(feed_program(&s.groups, 1, 3, &f));
	assert_string_equal(f.text, "an operand of the program is outside of the image");
	subject_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_groups_give_the_layer), cmocka_unit_test(a_part_is_drawn_over_the_layer), cmocka_unit_test(at_least_one_output),
		cmocka_unit_test(faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
