#include "vectors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FILES = 4 };

static const char *const file_name[FILES] = {"control.hex", "act.hex", "wgt.hex", "expect.hex"};

struct writer {
	FILE *file[FILES];          /* as named above */
	const struct bitlet_config *config;
	const struct bitlet_derived *derived;
	struct traffic traffic;
	struct ports ports;
	uint32_t *line;             /* a control or expect vector */
};

static void write_hex(FILE *f, const uint32_t *vector, uint64_t bits)
{
	for (uint64_t at = (bits + 3) / 4 * 4; at > 0; at -= 4)
		fputc("0123456789abcdef"[vector[(at - 4) / 32] >> ((at - 4) % 32) & 15], f);
	fputc('\n', f);
}

bool vector_read(FILE *f, uint32_t *vector, uint64_t bits)
{
	memset(vector, 0, port_words(bits) * sizeof *vector);
	for (uint64_t at = (bits + 3) / 4 * 4; at > 0; at -= 4) {
		int digit = fgetc(f);
		if (digit == EOF || digit == '\n')
			return false;
		const char *all = "0123456789abcdef", *found = strchr(all, digit);
		vector[(at - 4) / 32] |= (found ? (uint32_t)(found - all) : 15u) << ((at - 4) % 32);
	}
	return fgetc(f) == '\n';
}

/* Puts fields into a vector from the top down, as a Verilog concatenation lists them. */
static void put_next(uint32_t *vector, uint64_t *top, unsigned width, uint64_t value)
{
	*top -= width;
	port_put(vector, *top, width, value);
}

static uint64_t control_bits(const struct writer *v)
{
	return 3 + v->derived->mode_bits + v->derived->zero_bits + 2 * (uint64_t)v->config->pes;
}

static uint64_t expect_bits(const struct writer *v)
{
	return 1 + v->config->pes * (uint64_t)(4 + v->derived->out_bits + 4);
}

static void write_control(struct writer *v, bool rst)
{
	const struct dut_in *in = &v->ports.in;
	uint64_t bits = control_bits(v), top = bits;
	memset(v->line, 0, port_words(bits) * sizeof *v->line);
	put_next(v->line, &top, 1, rst);
	put_next(v->line, &top, 1, in->act_valid);
	put_next(v->line, &top, 1, in->act_last);
	put_next(v->line, &top, v->derived->mode_bits, in->act_mode);
	put_next(v->line, &top, v->derived->zero_bits, in->act_zero);
	put_next(v->line, &top, v->config->pes, in->wgt_valid);
	put_next(v->line, &top, v->config->pes, in->out_ready);
	write_hex(v->file[0], v->line, bits);
}

static void write_expect(struct writer *v)
{
	const struct bitlet_lane_out *out = &v->traffic.out;
	uint64_t bits = expect_bits(v), top = bits;
	memset(v->line, 0, port_words(bits) * sizeof *v->line);
	put_next(v->line, &top, 1, out->act_ready);
	put_next(v->line, &top, v->config->pes, out->wgt_ready);
	put_next(v->line, &top, v->config->pes, out->out_valid);
	for (unsigned pe = v->config->pes; pe-- > 0;)
		put_next(v->line, &top, v->derived->out_bits, out->out_valid >> pe & 1 ? out->result[pe].bits : 0);
	for (unsigned pe = v->config->pes; pe-- > 0;)
		put_next(v->line, &top, 4, out->out_valid >> pe & 1 ? out->result[pe].flags : 0);
	put_next(v->line, &top, v->config->pes, out->busy);
	put_next(v->line, &top, v->config->pes, out->blocked);
	write_hex(v->file[3], v->line, bits);
}

static void write_cycle(struct writer *v, bool rst)
{
	ports_set(&v->ports, &v->traffic.in, v->traffic.wgt_mode);
	write_control(v, rst);
	write_hex(v->file[1], v->ports.in.act, (uint64_t)v->config->n * v->derived->a_slot_bits);
	write_hex(v->file[2], v->ports.in.wgt, (uint64_t)v->config->pes * v->config->n * v->derived->w_slot_bits);
	write_expect(v);
}

static void play(struct writer *v, struct judge *j)
{
	enum traffic_state state = TRAFFIC_RUNS;
	for (int i = 0; i < VECTOR_RESETS; i++)
		write_cycle(v, true);
	while (state == TRAFFIC_RUNS && !j->stop) {
		state = traffic_step(&v->traffic);
		write_cycle(v, false);
		for (unsigned pe = 0; pe < v->config->pes; pe++)
			if (v->traffic.out.out_valid >> pe & 1)
				judge_result(j, pe, v->traffic.out.result[pe]);
		judge_pace(j, state);
	}
	judge_finish(j);
}

static bool open_files(struct writer *v, const struct workspace *w, const char *dir)
{
	for (int i = 0; i < FILES; i++) {
		char path[WORKSPACE_PATH];
		if (!workspace_path(w, path, stderr, "%s/%s", dir, file_name[i]))
			return false;
		v->file[i] = fopen(path, "w");
		if (!v->file[i]) {
			fprintf(stderr, "bitlet check: %s: %s\n", path, strerror(errno));
			return false;
		}
	}
	return true;
}

static bool close_files(struct writer *v)
{
	bool good = true;
	for (int i = 0; i < FILES; i++)
		if (v->file[i] && (ferror(v->file[i]) | fclose(v->file[i])) != 0)
			good = false;
	if (!good)
		fprintf(stderr, "bitlet check: the vector files could not be written\n");
	return good;
}

bool vectors_write(const struct workspace *w, const char *dir, const struct cosim *s, struct cosim_counts *counts,
                   struct mismatch *first)
{
	struct writer v = {.config = s->feed->config, .derived = s->feed->derived};
	if (!traffic_new(&v.traffic, s->feed, s->stall, s->stall_seed, s->law))
		return false;
	v.traffic.broken = s->break_model;
	uint64_t bits = control_bits(&v) > expect_bits(&v) ? control_bits(&v) : expect_bits(&v);
	v.line = calloc(port_words(bits), sizeof *v.line);
	bool good = ports_new(&v.ports, v.config, v.derived) && v.line && open_files(&v, w, dir);
	struct judge j = {.traffic = &v.traffic, .counts = counts, .first = first};
	if (good)
		play(&v, &j);
	good = close_files(&v) && good;
	free(v.line);
	ports_free(&v.ports);
	traffic_free(&v.traffic);
	return good;
}
