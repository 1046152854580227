#include "stats_report.h"

#include <inttypes.h>

/* Means over the layers, weighted by their MACs. */
struct totals {
	double macs, with_acts;     /* of layers whose weights, whose activations are known */
	double zeros, zero_bits, busiest, average, cycles; /* cycles: MACs / speed */
	double act_zeros, act_zero_bits;
	double share[BIT_STATS_BITS]; /* ones by significance, 0 the most significant bit of the layer's width */
	double share_macs[BIT_STATS_BITS];
};

static void add_weights(struct totals *k, const struct stats_layer *s)
{
	const struct bit_stats *w = &s->weights;
	double macs = (double)s->macs;
	if (!w->numbers)
		return;
	k->macs += macs;
	k->zeros += macs * bit_stats_zeros(w);
	k->zero_bits += macs * bit_stats_zero_bits(w);
	k->busiest += macs * (double)w->busiest / (double)w->groups;
	k->average += macs * w->average / (double)w->groups;
	k->cycles += macs / bit_stats_speed(w);
	for (unsigned bit = 0; bit < w->width; bit++) {
		k->share[bit] += macs * bit_stats_share(w, w->width - 1 - bit);
		k->share_macs[bit] += macs;
	}
}

static struct totals totals_of(const struct stats_table *t)
{
	struct totals k = {0};
	for (size_t i = 0; i < t->layers; i++) {
		const struct stats_layer *s = &t->layer[i];
		add_weights(&k, s);
		if (!s->acts.numbers)
			continue;
		k.with_acts += (double)s->macs;
		k.act_zeros += (double)s->macs * bit_stats_zeros(&s->acts);
		k.act_zero_bits += (double)s->macs * bit_stats_zero_bits(&s->acts);
	}
	return k;
}

static const char *precision_of(const struct stats_table *t, const struct stats_layer *s)
{
	return t->derived.mode[s->lower.task.mode].precision.name;
}

static void print_row(const struct stats_table *t, const struct stats_layer *s, FILE *out)
{
	const struct graph_node *n = &t->graph->node[s->lower.node];
	const struct bit_stats *w = &s->weights;
	fprintf(out, "%-32.32s %-16.16s %12" PRIu64 " %-8s", n->name, n->op, s->macs, precision_of(t, s));
	if (w->numbers)
		fprintf(out, " %9" PRIu64 " %6.2f %6.2f %8.2f %8.2f %8.2f %8.2f", w->numbers, 100 * bit_stats_zeros(w), 100 * bit_stats_zero_bits(w),
		        (double)w->busiest / (double)w->groups, w->average / (double)w->groups, (double)w->cycles / (double)w->groups, bit_stats_speed(w));
	else
		fprintf(out, " %9s %6s %6s %8s %8s %8s %8s", "computed", "-", "-", "-", "-", "-", "-");
	if (t->images)
		fprintf(out, " %6.2f %6.2f", 100 * bit_stats_zeros(&s->acts), 100 * bit_stats_zero_bits(&s->acts));
	fputc('\n', out);
}

static void print_totals(const struct stats_table *t, const struct totals *k, FILE *out)
{
	double all = 0;
	for (size_t i = 0; i < t->layers; i++)
		all += (double)t->layer[i].macs;
	fprintf(out, "%-32s %-16s %12.0f %-8s", "mean by MACs", "", all, "");
	if (k->macs > 0)
		fprintf(out, " %9s %6.2f %6.2f %8.2f %8.2f %8s %8.2f", "", 100 * k->zeros / k->macs, 100 * k->zero_bits / k->macs, k->busiest / k->macs, k->average / k->macs, "",
		        k->macs / k->cycles);
	else
		fprintf(out, " %9s %6s %6s %8s %8s %8s %8s", "", "-", "-", "-", "-", "-", "-");
	if (k->with_acts > 0)
		fprintf(out, " %6.2f %6.2f", 100 * k->act_zeros / k->with_acts, 100 * k->act_zero_bits / k->with_acts);
	fputc('\n', out);
}

void stats_print(const struct stats_table *t, FILE *out)
{
	struct totals k = totals_of(t);
	fprintf(out, "%s, groups of N = %u slots (%s)\n", t->name, t->config.n, t->config.name);
	fprintf(out, "%-32s %-16s %12s %-8s %9s %6s %6s %8s %8s %8s %8s", "layer", "operator", "MACs", "", "weights", "zero%", "bit0%", "busiest", "average", "cycles", "speed");
	fprintf(out, t->images ? " %6s %6s\n" : "\n", "act0%", "abit0%");
	for (size_t i = 0; i < t->layers; i++)
		print_row(t, &t->layer[i], out);
	print_totals(t, &k, out);
	fprintf(out, "ones of the weights by significance, highest bit first, mean by MACs:");
	for (unsigned bit = 0; bit < BIT_STATS_BITS && k.share_macs[bit] > 0; bit++)
		fprintf(out, " %.1f%%", 100 * k.share[bit] / k.share_macs[bit]);
	fputc('\n', out);
	if (t->left)
		fprintf(out, "%zu more convolutions or products cannot run so; %s\n", t->left, t->why);
}

/* ---- JSON */

static void add_stats(cJSON *o, const char *name, const struct bit_stats *s)
{
	if (!s->numbers)
		return;
	cJSON *k = cJSON_AddObjectToObject(o, name), *ones = cJSON_AddArrayToObject(k, "ones");
	cJSON_AddNumberToObject(k, "numbers", (double)s->numbers);
	cJSON_AddNumberToObject(k, "zeros", (double)s->zeros);
	cJSON_AddNumberToObject(k, "bits", s->width);
	cJSON_AddNumberToObject(k, "zero_bits", bit_stats_zero_bits(s));
	for (unsigned bit = 0; bit < s->width; bit++)
		cJSON_AddItemToArray(ones, cJSON_CreateNumber((double)s->ones[bit]));
	if (!s->groups)
		return;
	cJSON_AddNumberToObject(k, "groups", (double)s->groups);
	cJSON_AddNumberToObject(k, "busiest", (double)s->busiest / (double)s->groups);
	cJSON_AddNumberToObject(k, "average", s->average / (double)s->groups);
	cJSON_AddNumberToObject(k, "cycles", (double)s->cycles / (double)s->groups);
	cJSON_AddNumberToObject(k, "speed", bit_stats_speed(s));
}

cJSON *stats_object(const struct stats_table *t)
{
	cJSON *all = cJSON_CreateObject(), *layers = cJSON_AddArrayToObject(all, "layers"), *mean = cJSON_AddObjectToObject(all, "mean");
	struct totals k = totals_of(t);
	cJSON_AddStringToObject(all, "precision", t->name);
	cJSON_AddStringToObject(all, "config", t->config.name);
	cJSON_AddNumberToObject(all, "n", t->config.n);
	cJSON_AddNumberToObject(all, "images", (double)t->images);
	cJSON_AddNumberToObject(all, "left", (double)t->left);
	for (size_t i = 0; i < t->layers; i++) {
		const struct stats_layer *s = &t->layer[i];
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "name", t->graph->node[s->lower.node].name);
		cJSON_AddStringToObject(row, "op", t->graph->node[s->lower.node].op);
		cJSON_AddStringToObject(row, "precision", precision_of(t, s));
		cJSON_AddNumberToObject(row, "macs", (double)s->macs);
		add_stats(row, "weights", &s->weights);
		add_stats(row, "activations", &s->acts);
		cJSON_AddItemToArray(layers, row);
	}
	if (k.macs > 0) {
		cJSON_AddNumberToObject(mean, "zeros", k.zeros / k.macs);
		cJSON_AddNumberToObject(mean, "zero_bits", k.zero_bits / k.macs);
		cJSON_AddNumberToObject(mean, "busiest", k.busiest / k.macs);
		cJSON_AddNumberToObject(mean, "average", k.average / k.macs);
		cJSON_AddNumberToObject(mean, "speed", k.macs / k.cycles);
	}
	if (k.with_acts > 0) {
		cJSON_AddNumberToObject(mean, "activation_zeros", k.act_zeros / k.with_acts);
		cJSON_AddNumberToObject(mean, "activation_zero_bits", k.act_zero_bits / k.with_acts);
	}
	return all;
}
