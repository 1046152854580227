#include "shard.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "stimulus.h"

enum { TOTAL_BITS = 43 };           /* times SHARD_MAX: below 2^63 */

static void choose_strata(struct shard_step *s, struct bitlet_rng *rng)
{
	uint64_t units = s->units->count;
	for (uint64_t i = 0; i < s->count; i++) {
		uint64_t first = i * units / s->count, end = (i + 1) * units / s->count;
		s->chosen[i] = (uint32_t)(first + bitlet_random_below(rng, (uint32_t)(end - first)));
	}
}

bool shard_choose(struct shard_step *s, const struct tile_units *u, double share, uint64_t seed, uint64_t number, struct fault *f)
{
	struct bitlet_rng rng = { seed + number * UINT64_C(0x9e3779b97f4a7c15) };
	double wanted = ceil(share * u->count - 1e-9);
	*s = (struct shard_step){ .units = u };
	s->count = share <= 0 || !u->count ? 0 : wanted < 1 ? 1 : wanted > u->count ? u->count : (uint32_t)wanted;
	s->chosen = s->count ? malloc(s->count * sizeof *s->chosen) : NULL;
	if (s->count && !s->chosen)
		return fault_set(f, "out of memory for the units of a layer");
	choose_strata(s, &rng);
	s->owned = s->count;
	return true;
}

void shard_free(struct shard_step *s)
{
	free(s->chosen);
	*s = (struct shard_step){ .chosen = NULL };
}

static uint64_t cycles_of(const struct shard_step *s, uint32_t i)
{
	return s->units->unit[s->chosen[i]].estimate;
}

/* The shard, from 0, of a unit that begins at `before` of `total` cycles. */
static uint64_t owner(uint64_t before, uint64_t cycles, uint64_t total, unsigned n)
{
	unsigned shift = 0;
	while (total >> shift >> TOTAL_BITS)
		shift++;
	uint64_t middle = (before + cycles / 2) >> shift, all = total >> shift;
	return middle < all ? middle * n / all : n - 1;
}

void shard_of(struct shard_step *step, size_t steps, unsigned k, unsigned n)
{
	uint64_t total = 0, before = 0;
	assert(k >= 1 && k <= n && n <= SHARD_MAX);
	for (size_t i = 0; i < steps; i++)
		for (uint32_t j = 0; j < step[i].count; j++)
			total += cycles_of(&step[i], j);
	for (size_t i = 0; i < steps; i++) {
		struct shard_step *s = &step[i];
		s->own = s->owned = 0;
		for (uint32_t j = 0; j < s->count; j++) {
			uint64_t cycles = cycles_of(s, j);
			if (owner(before, cycles, total, n) == k - 1) {
				s->own = s->owned ? s->own : j;
				s->owned++;
			}
			before += cycles;
		}
	}
}

const uint32_t *shard_units(const struct shard_step *s, size_t *count)
{
	static const uint32_t nothing = 0;
	*count = s->owned;
	if (s->owned == s->units->count)
		return NULL;
	return s->owned ? s->chosen + s->own : &nothing;
}

uint64_t shard_estimate(const struct shard_step *s)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < s->owned; i++)
		sum += cycles_of(s, s->own + i);
	return sum;
}
