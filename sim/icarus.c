#include "icarus.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "embed.h"
#include "judge.h"
#include "lanes.h"
#include "process.h"
#include "vectors.h"

enum { TEXT = 16384 };

static const char *folder_of(enum dut_top top)
{
	return top == TOP_PE ? "sim/iverilog-pe" : "sim/iverilog-array";
}

/* Where the select vector of PE pe's distiller is in the hierarchy (pe_group.v, bitlet_array.v). */
static void print_select(FILE *f, const struct bitlet_config *c, enum dut_top top, unsigned pe)
{
	if (c->array_fifo && top == TOP_ARRAY)
		fprintf(f, "dut.g_pe[%u].pe.", pe);
	else
		fprintf(f, top == TOP_PE ? "dut.pe." : "dut.pes.");
	if (c->side == BITLET_SIDE_WEIGHT)
		fprintf(f, "g_pe[%u].core.", c->array_fifo && top == TOP_ARRAY ? 0 : pe);
	fprintf(f, "distiller.select");
}

static uint64_t select_bits(const struct feed *f)
{
	return (uint64_t)f->derived->lanes * f->derived->slots * f->config->n;
}

/* bench_size.vh */
static bool write_size(const struct workspace *w, enum dut_top top, const struct feed *f)
{
	const struct bitlet_config *c = f->config;
	const struct bitlet_derived *d = f->derived;
	char path[WORKSPACE_PATH], *text = NULL;
	size_t size;
	FILE *m = open_memstream(&text, &size);
	if (!m)
		return false;
	fprintf(m, "`define BENCH_DUT %s\n`define BENCH_PES %u\n", dut_top_module(top), c->pes);
	fprintf(m, "`define BENCH_MODE_BITS %u\n`define BENCH_ZERO_BITS %u\n", d->mode_bits, d->zero_bits);
	fprintf(m, "`define BENCH_OUT_BITS %u\n`define BENCH_ACT_BITS %u\n", d->out_bits, c->n * d->a_slot_bits);
	fprintf(m, "`define BENCH_WGT_BITS %u\n", c->pes * c->n * d->w_slot_bits);
	fprintf(m, "`define BENCH_SELECT_BITS %" PRIu64 "\n`define BENCH_SELECT {", select_bits(f) * lanes_distillers(c));
	for (unsigned pe = lanes_distillers(c); pe-- > 0;) {
		print_select(m, c, top, pe);
		fputs(pe ? ", " : "}\n", m);
	}
	bool good = fclose(m) == 0 && workspace_path(w, path, stderr, "%s/bench_size.vh", folder_of(top)) &&
	            write_if_changed(path, text, size, stderr);
	free(text);
	return good;
}

/* What is simulated: the netlist's files, or the generated RTL. */
static bool add_design(struct args *a, const struct workspace *w, const struct cosim *s)
{
	for (size_t i = 0; s->netlist && s->netlist[i]; i++)
		if (!args_add_path(a, "", s->netlist[i]))
			return false;
	if (s->netlist)
		return true;
	char **files = rtl_files(w, RTL_ENGINE);
	for (size_t i = 0; files && files[i]; i++)
		args_add(a, "../../generated/%s", files[i]);
	free(files);
	return files != NULL;
}

static bool compile(const struct workspace *w, enum dut_top top, const struct cosim *s, bool watch)
{
	const struct feed *f = s->feed;
	char folder[WORKSPACE_PATH], bench[WORKSPACE_PATH], log[WORKSPACE_PATH];
	const struct embedded_file *source = embedded_find("sim/bench.v");
	if (!workspace_path(w, folder, stderr, "%s", folder_of(top)) || !workspace_path(w, bench, stderr, "%s/bench.v", folder_of(top)) ||
	    !workspace_path(w, log, stderr, "%s/iverilog.log", folder_of(top)) || !make_folder(folder, stderr) ||
	    !write_if_changed(bench, source->text, source->size, stderr) || !write_size(w, top, f))
		return false;
	struct args a = {.count = 0};
	for (const char *const *word = (const char *const[]){"iverilog", "-g2005", "-Wall", "-s", "bench", "-o", "bench.vvp", NULL}; *word; word++)
		args_add(&a, "%s", *word);
	if (watch)
		args_add(&a, "-DBENCH_WATCH");
	if (s->dump)
		args_add(&a, "-DBENCH_DUMP");
	args_add(&a, "bench.v");
	bool good = add_design(&a, w, s) && process_run(&a, folder, log, stderr);
	args_free(&a);
	return good;
}

/* Runs the bench; its output into text[TEXT]. */
static bool play(const struct workspace *w, enum dut_top top, const struct cosim *s, char *text)
{
	const struct traffic_break *broken = &s->break_rtl;
	char folder[WORKSPACE_PATH], log[WORKSPACE_PATH];
	if (!workspace_path(w, folder, stderr, "%s", folder_of(top)) || !workspace_path(w, log, stderr, "%s/vvp.log", folder_of(top)))
		return false;
	struct args a = {.count = 0};
	args_add(&a, "vvp");
	args_add(&a, "-n");
	args_add(&a, "bench.vvp");
	if (broken->on) {
		args_add(&a, "+break_output=%zu", broken->output);
		args_add(&a, "+break_pe=%u", broken->pe);
		args_add(&a, "+break_bit=%u", broken->bit);
	}
	bool good = (!s->dump || args_add_path(&a, "+dump=", s->dump)) && process_run(&a, folder, log, stderr);
	args_free(&a);
	size_t size;
	char *all = good ? read_whole(log, &size) : NULL;
	text[0] = '\0';
	if (all)
		snprintf(text, TEXT, "%s", all);
	free(all);
	return all != NULL;
}

static enum mismatch_kind kind_of(const char *port)
{
	for (unsigned k = MISMATCH_ACT_READY; k <= MISMATCH_FLAGS; k++)
		if (strcmp(port, mismatch_name(k)) == 0)
			return k;
	return MISMATCH_NONE;
}

/* A hex number of the bench; x and z digits become f, which no value that is compared with can hide. */
static uint64_t parse_hex(const char *s)
{
	uint64_t v = 0;
	for (; *s; s++) {
		const char *all = "0123456789abcdef", *found = strchr(all, *s);
		v = v << 4 | (found ? (uint64_t)(found - all) : 15u);
	}
	return v;
}

/* Judges what the bench found, at the cycle where it found it. */
static bool judge_failure(const struct cosim *s, const char *line, struct mismatch *first)
{
	char port[32], rtl[64], model[64];
	uint64_t cycle;
	unsigned pe;
	if (sscanf(line, "FAIL cycle %" SCNu64 " %31s pe %u rtl %63s model %63s", &cycle, port, &pe, rtl, model) != 5)
		return false;
	struct traffic t;
	if (!traffic_new(&t, s->feed, s->stall, s->stall_seed, s->law))
		return false;
	t.broken = s->break_model;
	while (traffic_step(&t) == TRAFFIC_RUNS && t.cycle < cycle)
		;
	struct cosim_counts counts = {.beats = 0};
	struct judge j = {.traffic = &t, .counts = &counts, .first = first};
	enum mismatch_kind kind = kind_of(port);
	struct bitlet_result r = t.out.result[pe];
	if (kind == MISMATCH_VALUE)
		r.bits = parse_hex(rtl);
	if (kind == MISMATCH_FLAGS)
		r.flags = (uint8_t)(parse_hex(rtl) & 15);
	if (kind == MISMATCH_VALUE || kind == MISMATCH_FLAGS)
		judge_result(&j, pe, r);
	else
		judge_bit(&j, kind, pe, !(parse_hex(model) & 1));
	traffic_free(&t);
	return first->kind != MISMATCH_NONE;
}

bool icarus_run(const struct workspace *w, enum dut_top top, const struct cosim *s, struct cosim_counts *counts, struct mismatch *first)
{
	char text[TEXT];
	struct mismatch model = {.kind = MISMATCH_NONE};
	struct cosim_counts seen = {.beats = 0};
	if (!compile(w, top, s, false) || !vectors_write(w, folder_of(top), s, counts, &model) || !play(w, top, s, text))
		return false;
	const char *failed = strstr(text, "FAIL cycle");
	if (failed) {
		if (!judge_failure(s, failed, first))
			return false;
		seen.values = first->kind == MISMATCH_VALUE;
		seen.flags = first->kind == MISMATCH_FLAGS;
		seen.timing = !seen.values && !seen.flags;
		counts->values = counts->flags = counts->timing = 0; /* of the first difference only */
		counts->values += seen.values;
		counts->flags += seen.flags;
		counts->timing += seen.timing;
		return true;
	}
	if (!strstr(text, "PASS ")) {
		fprintf(stderr, "bitlet check: the bench ended without a verdict: %s\n", text);
		return false;
	}
	*first = model;
	return true;
}

bool icarus_explain(const struct workspace *w, enum dut_top top, const struct cosim *s, const struct mismatch *m,
                    struct lane_difference *lane)
{
	char text[TEXT], path[WORKSPACE_PATH];
	struct traffic t;
	uint64_t bits = select_bits(s->feed);
	unsigned distillers = lanes_distillers(s->feed->config);
	*lane = (struct lane_difference){.found = false};
	if (s->netlist || s->feed->config->engine == BITLET_DENSE) /* no lanes to look at */
		return false;
	if (!compile(w, top, s, true) || !play(w, top, s, text) ||
	    !workspace_path(w, path, stderr, "%s/select.hex", folder_of(top)))
		return false;
	FILE *f = fopen(path, "r");
	uint32_t *all = calloc(port_words(bits * distillers), sizeof *all), *one = calloc(port_words(bits), sizeof *one);
	bool good = f && all && one && traffic_new(&t, s->feed, s->stall, s->stall_seed, s->law);
	if (good) {
		do {
			traffic_step(&t);
			if (!vector_read(f, all, bits * distillers))
				break;
			for (unsigned pe = 0; pe < distillers && !lane->found; pe++) {
				for (uint64_t at = 0; at < bits; at += 32)
					one[at / 32] = (uint32_t)port_get(all, pe * bits + at, bits - at < 32 ? (unsigned)(bits - at) : 32);
				lanes_compare(&t, pe, one, lane);
			}
		} while (!lane->found && t.cycle < m->cycle);
		traffic_free(&t);
	}
	free(all);
	free(one);
	if (f)
		fclose(f);
	return good;
}
