/* Shards have every chosen unit exactly once and about equal cycles; samples are spread and drawn alike everywhere; ranges as text go both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "shard.h"
#include "shard_report.h"
#include "stimulus.h"

enum { STEPS = 9, MOST = 300 };

static struct tile_units units[STEPS];

/* Steps from one unit to many, with cycles from 1 to very many. */
static int setup(void **state)
{
	static const uint32_t count[STEPS] = { 1, 7, 300, 2, 1, 64, 33, 1, 150 };
	struct bitlet_rng rng = { 5 };
	(void)state;
	for (int i = 0; i < STEPS; i++) {
		units[i] = (struct tile_units){ .unit = calloc(count[i], sizeof *units[i].unit), .count = count[i], .tiles = count[i] };
		for (uint32_t u = 0; units[i].unit && u < count[i]; u++)
			units[i].unit[u] = (struct tile_unit){ u, 1, 1 + bitlet_random_below(&rng, i == 6 ? 10 : 5000) };
		if (!units[i].unit)
			return 1;
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < STEPS; i++)
		tile_units_free(&units[i]);
	return 0;
}

static void choose(struct shard_step *step, double share, uint64_t seed)
{
	struct fault f = { "" };
	for (int i = 0; i < STEPS; i++)
		assert_true(shard_choose(&step[i], &units[i], share, seed, (uint64_t)i, &f));
}

static void free_steps(struct shard_step *step)
{
	for (int i = 0; i < STEPS; i++)
		shard_free(&step[i]);
}

/* Adds what shard_units() says; the sum of estimates. */
static uint64_t count_units(const struct shard_step *step, unsigned covered[STEPS][MOST])
{
	uint64_t sum = 0;
	for (int i = 0; i < STEPS; i++) {
		size_t count;
		const uint32_t *unit = shard_units(&step[i], &count);
		assert_true(unit || count == units[i].count);
		for (size_t k = 0; k < count; k++) {
			uint32_t u = unit ? unit[k] : (uint32_t)k;
			assert_true(u < units[i].count && (!unit || !k || unit[k] > unit[k - 1]));
			covered[i][u]++;
			sum += units[i].unit[u].estimate;
		}
	}
	return sum;
}

static void check_cover(double share, unsigned n)
{
	static unsigned covered[STEPS][MOST], wanted[STEPS][MOST];
	struct shard_step step[STEPS];
	memset(covered, 0, sizeof covered);
	memset(wanted, 0, sizeof wanted);
	choose(step, share, 3);
	uint64_t all = count_units(step, wanted), sum = 0;
	free_steps(step);
	for (unsigned k = 1; k <= n; k++) {
		uint64_t estimate = 0;
		choose(step, share, 3); /* every shard for itself */
		shard_of(step, STEPS, k, n);
		for (int i = 0; i < STEPS; i++)
			estimate += shard_estimate(&step[i]);
		uint64_t own = count_units(step, covered);
		assert_true(own == estimate);
		assert_true(own <= all / n + 2 * 5001 && own + 2 * 5001 >= all / n); /* a unit more or less at either end */
		sum += own;
		free_steps(step);
	}
	assert_true(sum == all);
	assert_memory_equal(covered, wanted, sizeof covered);
}

static void test_cover(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= 7; n++) {
		check_cover(1, n);
		check_cover(0.1, n);
	}
	check_cover(1, 40);
	check_cover(0.001, 20); /* more shards than units */
	check_cover(0, 3);
}

static void test_huge(void **state)
{
	(void)state;
	struct tile_unit unit[3] = { { 0, 1, UINT64_C(1) << 59 }, { 1, 1, UINT64_C(1) << 59 }, { 2, 1, UINT64_C(1) << 59 } };
	const struct tile_units u = { unit, 3, 3 };
	unsigned covered = 0;
	for (unsigned k = 1; k <= SHARD_MAX; k += k < 10 || k > SHARD_MAX - 10 ? 1 : 1001) {
		struct shard_step s;
		struct fault f = { "" };
		assert_true(shard_choose(&s, &u, 1, 0, 0, &f));
		shard_of(&s, 1, k, SHARD_MAX);
		covered += s.owned;
		shard_free(&s);
	}
	assert_true(covered <= 3);
}

static void test_sample(void **state)
{
	(void)state;
	struct shard_step a[STEPS], b[STEPS], c[STEPS];
	bool differ = false;
	choose(a, 0.1, 1);
	choose(b, 0.1, 1);
	choose(c, 0.1, 2);
	for (int i = 0; i < STEPS; i++) {
		uint32_t want = (units[i].count + 9) / 10;
		assert_int_equal(a[i].count, want);
		assert_memory_equal(a[i].chosen, b[i].chosen, want * sizeof *a[i].chosen);
		for (uint32_t k = 0; k < want; k++) /* one in each stretch */
			assert_true(a[i].chosen[k] >= k * units[i].count / want && a[i].chosen[k] < (k + 1) * units[i].count / want);
		differ |= memcmp(a[i].chosen, c[i].chosen, want * sizeof *a[i].chosen) != 0;
	}
	assert_true(differ);
	free_steps(a);
	free_steps(b);
	free_steps(c);
}

static void ranges(const uint32_t *unit, size_t count, const char *want)
{
	uint8_t covered[100] = { 0 };
	char *text = shard_ranges(unit, count);
	assert_string_equal(text, want);
	assert_true(shard_ranges_read(text, covered, 100));
	for (size_t i = 0; i < count; i++)
		covered[unit[i]]--;
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(covered[i], 0);
	free(text);
}

static void test_ranges(void **state)
{
	(void)state;
	const uint32_t some[] = { 0, 1, 2, 4, 7, 8, 99 };
	static const char *const bad[] = { "100", "-", "1-", "-1", "2-1", "1,1", "1-3,2", "5,4", "1,", ",1", "1;2", " 1", "1-2-3", "99999999999999999999", "0x1", "+1" };
	uint8_t covered[100] = { 0 };
	ranges(some, 7, "0-2,4,7-8,99");
	ranges(some, 1, "0");
	ranges(some, 0, "");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (shard_ranges_read(bad[i], covered, 100))
			fail_msg("'%s' is taken as ranges", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cover), cmocka_unit_test(test_huge), cmocka_unit_test(test_sample), cmocka_unit_test(test_ranges),
	};
	return cmocka_run_group_tests_name("shard", tests, setup, teardown);
}
