/* Feeds, stall patterns and port vectors: what the co-simulation is fed with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "config_load.h"
#include "feed.h"
#include "ports.h"
#include "stall.h"
#include "traffic.h"

static struct bitlet_config config;
static struct bitlet_derived derived;

static int load_tiny(void **state)
{
	(void)state;
	if (!config_load("tiny", &config, stderr))
		return -1;
	bitlet_derive(&config, &derived);
	return 0;
}

static void fields_do_not_touch_their_neighbours(void **state)
{
	(void)state;
	uint32_t vector[8];
	for (unsigned width = 1; width <= 64; width++)
		for (size_t at = 0; at + width <= 256; at += 7) {
			uint64_t ones = width < 64 ? (UINT64_C(1) << width) - 1 : UINT64_MAX;
			memset(vector, 0, sizeof vector);
			port_put(vector, at, width, UINT64_MAX);
			assert_int_equal(port_get(vector, at, width), ones);
			if (at)
				assert_int_equal(port_get(vector, at - 1, 1), 0);
			if (at + width < 256)
				assert_int_equal(port_get(vector, at + width, 1), 0);
			memset(vector, 0xff, sizeof vector);
			port_put(vector, at, width, 0);
			assert_int_equal(port_get(vector, at, width), 0);
			if (at)
				assert_int_equal(port_get(vector, at - 1, 1), 1);
			if (at + width < 256)
				assert_int_equal(port_get(vector, at + width, 1), 1);
		}
}

/* The line that reproduces a mismatch relies on it. */
static void a_short_feed_begins_a_long_one(void **state)
{
	(void)state;
	struct feed_plan plan = {.mode = FEED_MIXED, .kind = FEED_ANY, .beats = 300, .seed = 99, .least = 2};
	struct feed *whole = feed_random(&config, &derived, &plan);
	plan.beats = 117;
	struct feed *part = feed_random(&config, &derived, &plan);
	assert_non_null(whole);
	assert_non_null(part);
	assert_memory_equal(whole->act, part->act, plan.beats * config.n * sizeof *part->act);
	assert_memory_equal(whole->wgt, part->wgt, plan.beats * config.n * config.pes * sizeof *part->wgt);
	for (size_t i = 0; i + 1 < plan.beats; i++) {
		assert_int_equal(whole->beat[i].last, part->beat[i].last);
		assert_int_equal(whole->beat[i].mode, part->beat[i].mode);
		assert_int_equal(whole->beat[i].output, part->beat[i].output);
	}
	assert_true(part->beat[plan.beats - 1].last);
	for (size_t i = 0; i + 1 < part->outputs; i++)
		for (unsigned pe = 0; pe < config.pes; pe++)
			assert_int_equal(whole->want[i * config.pes + pe].bits, part->want[i * config.pes + pe].bits);
	feed_free(whole);
	feed_free(part);
}

static void exhaustive_feeds_join(void **state)
{
	(void)state;
	bool left;
	struct feed *whole = feed_exhaustive(&config, &derived, 2, 0, 5000, &left); /* int4: 256 pairs in each of 4 slots */
	assert_non_null(whole);
	assert_false(left);
	assert_int_equal(whole->beats, 1024);
	struct feed *part = feed_exhaustive(&config, &derived, 2, 600, 100, &left);
	assert_non_null(part);
	assert_true(left);
	assert_memory_equal(part->wgt, feed_wgt(whole, 600, 0), 100 * config.n * config.pes * sizeof *part->wgt);
	feed_free(whole);
	feed_free(part);
}

/* Every pattern stalls what it names, and nothing else; none of them stalls for ever. */
static void stalls_hit_their_streams(void **state)
{
	(void)state;
	for (int kind = STALL_NONE; kind < STALL_KINDS; kind++) {
		struct stall s;
		unsigned in = 0, out = 0;
		enum { CYCLES = 5000 };
		stall_start(&s, (enum stall_kind)kind, 7);
		for (unsigned i = 0; i < CYCLES; i++) {
			stall_cycle(&s);
			in += stall_act(&s) && stall_wgt(&s, 1);
			out += stall_out(&s, 1);
		}
		bool stalls_in = kind == STALL_IN || kind == STALL_BOTH, stalls_out = kind == STALL_OUT || kind == STALL_BOTH;
		assert_int_equal(in < CYCLES, stalls_in);
		assert_int_equal(out < CYCLES, stalls_out);
		assert_true(in > CYCLES / 10 && out > CYCLES / 10);
	}
}

/* The model takes a feed to its end under every pattern, the law holds without stalls, and a broken law would be seen. */
static void traffic_ends_and_obeys_the_law(void **state)
{
	(void)state;
	struct feed_plan plan = {.mode = 1, .kind = FEED_ANY, .beats = 200, .seed = 3, .least = traffic_credit_length(&config, &derived)};
	struct feed *f = feed_random(&config, &derived, &plan);
	assert_non_null(f);
	assert_true(traffic_law_holds(&config, &derived, plan.least));
	for (int kind = STALL_NONE; kind < STALL_KINDS; kind++) {
		struct traffic t;
		unsigned broken = 0;
		enum traffic_state s;
		assert_true(traffic_new(&t, f, (enum stall_kind)kind, 5, true));
		do {
			s = traffic_step(&t);
			broken += t.law_broken;
		} while (s == TRAFFIC_RUNS);
		assert_int_equal(s, TRAFFIC_DONE);
		assert_int_equal(t.act_at, f->beats);
		assert_int_equal(broken > 0, kind != STALL_NONE);
		traffic_free(&t);
	}
	feed_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_do_not_touch_their_neighbours), cmocka_unit_test(a_short_feed_begins_a_long_one),
		cmocka_unit_test(exhaustive_feeds_join), cmocka_unit_test(stalls_hit_their_streams),
		cmocka_unit_test(traffic_ends_and_obeys_the_law),
	};
	return cmocka_run_group_tests(tests, load_tiny, NULL);
}
