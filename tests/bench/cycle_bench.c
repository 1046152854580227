/*
 * cycle_bench: cycles a group by the lane model, on the vectors that `bitlet check CONFIG --precision P --stimulus KIND --stall none --groups G
 * --seed S` plays on the RTL, so that both must give the same figure.
 * usage: build/cycle_bench CONFIG PRECISION STIMULUS [GROUPS [SEED]]
 * One line, columns parted by tabs: precision, stimulus, N, PEs, pairs a slot, groups a PE, ones of the busiest lane (mean over groups), the same for the
 * lane that is busiest over the whole run, cycles a group (mean distance of loads), MAC/cycle of all PEs, essential bits a pair.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_load.h"
#include "traffic.h"

static int find_mode(const struct bitlet_derived *d, const char *precision)
{
	for (unsigned m = 0; m < d->modes; m++)
		if (!strcmp(d->mode[m].precision.name, precision))
			return (int)m;
	return -1;
}

static int find_stimulus(const char *name)
{
	for (unsigned k = 0; bitlet_stimulus_name(k); k++)
		if (!strcmp(bitlet_stimulus_name(k), name))
			return (int)k;
	return -1;
}

static void print_row(const struct feed *f, const struct traffic *t, unsigned mode, unsigned kind)
{
	const struct bitlet_config *c = f->config;
	const struct bitlet_mode *m = &f->derived->mode[mode];
	double busiest = 0, beats = (double)f->beats, cycles = (double)(t->last_load - t->first_load) / (beats - 1);
	for (size_t i = 0; i < f->beats; i++)
		busiest += f->beat[i].busiest;
	printf("%s\t%s\t%u\t%u\t%u\t%zu\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\n", m->precision.name, bitlet_stimulus_name(kind),
	       c->n, c->pes, m->pack, f->beats, busiest / beats, (double)f->lane_ones / beats, cycles, c->n * m->pack * c->pes / cycles,
	       (double)f->essential_bits / (double)f->pairs);
}

static int play(const struct bitlet_config *c, const char *precision, int kind, size_t groups, uint64_t seed)
{
	struct bitlet_derived d;
	struct traffic t;
	char part[64];
	bitlet_derive(c, &d);
	int mode = find_mode(&d, precision);
	if (mode < 0) {
		fprintf(stderr, "cycle_bench: %s has no precision %s\n", c->name, precision);
		return 2;
	}
	unsigned least = traffic_credit_length(c, &d);
	snprintf(part, sizeof part, "%s/%s", precision, stall_name(STALL_NONE));
	struct feed_plan plan = {
		.mode = mode, .kind = kind, .beats = (groups + c->pes - 1) / c->pes, .least = least < c->max_groups ? least : c->max_groups,
		.seed = feed_seed(seed, part, 0),
	};
	struct feed *f = feed_random(c, &d, &plan);
	if (!f || !traffic_new(&t, f, STALL_NONE, feed_seed(seed, stall_name(STALL_NONE), 0), false)) {
		feed_free(f);
		fprintf(stderr, "cycle_bench: out of memory\n");
		return 2;
	}
	enum traffic_state state = TRAFFIC_RUNS;
	while (state == TRAFFIC_RUNS)
		state = traffic_step(&t);
	if (state == TRAFFIC_DONE)
		print_row(f, &t, (unsigned)mode, (unsigned)kind);
	else
		fprintf(stderr, "cycle_bench: the model hangs\n");
	traffic_free(&t);
	feed_free(f);
	return state == TRAFFIC_DONE ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct bitlet_config c;
	int kind = argc > 3 ? find_stimulus(argv[3]) : -1;
	long groups = argc > 4 ? atol(argv[4]) : 2000, seed = argc > 5 ? atol(argv[5]) : 1;
	if (argc < 4 || argc > 6 || kind < 0 || groups < 2) {
		fprintf(stderr, "usage: cycle_bench CONFIG PRECISION STIMULUS [GROUPS [SEED]]\n");
		return 2;
	}
	if (!config_load(argv[1], &c, stderr))
		return 2;
	return play(&c, argv[2], kind, (size_t)groups, (uint64_t)seed);
}
