/*
 * paper_layers: representative layers of networks of the paper (MICRO '21, tables 2 and 8) on the complete core: synthetic weights with table 2's bit
 * sparsity, ReLU-like activations, default memory. Each layer is run
 *   - as a crop (one tile of filters, a few pixels), RTL and model in lockstep: with --rtl;
 *   - whole, on the cycle model alone.
 * Frames per second follow from the mean cycles a MAC over the layers of a network and the network's operations of table 2.
 * usage: build/paper_layers CONFIG [--rtl]
 * Exit status: 0 good, 1 RTL and model differ, 2 wrong usage.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config_load.h"
#include "core_report.h"
#include "layer_encode.h"
#include "machine.h"
#include "simulator.h"
#include "tile.h"

struct network {
	const char *name, *precision;
	double sparsity;            /* table 2, of a weight's bits */
	double giga_operations;     /* table 2, 2 a MAC */
	double published;           /* table 8, frames a second, N = 64 with distillation */
};

static const struct network networks[] = {
	{"ResNet-50", "int8", 0.7015, 8.21, 5.793},
	{"DenseNet-161", "int16", 0.6892, 15.56, 2.812},
	{"C3D", "fp32", 0.4583, 38.57, 0.976},
};

struct shape {
	unsigned network;
	const char *name;
	uint32_t in[LAYER_AXES], channels, filters, kernel, stride; /* kernel: of all axes that are not 1 wide */
};

/* depth, height, width of the input */
static const struct shape shapes[] = {
	{0, "conv2 1x1", {1, 56, 56}, 64, 64, 1, 1},    {0, "conv3 3x3", {1, 28, 28}, 128, 128, 3, 1},
	{0, "conv4 1x1", {1, 14, 14}, 1024, 256, 1, 1}, {0, "conv5 3x3", {1, 7, 7}, 512, 512, 3, 1},
	{1, "dense2 1x1", {1, 28, 28}, 384, 192, 1, 1}, {1, "dense3 3x3", {1, 14, 14}, 192, 48, 3, 1},
	{2, "conv3a", {8, 28, 28}, 128, 32, 3, 1},      {2, "conv5a", {2, 7, 7}, 512, 64, 3, 1},
	{2, "fc7", {1, 1, 1}, 4096, 512, 1, 1},
};
enum { NETWORKS = sizeof networks / sizeof *networks, SHAPES = sizeof shapes / sizeof *shapes };

static double gauss(struct bitlet_rng *r)
{
	return bitlet_random_gauss(r) / 65536.0;
}

static bool coin(struct bitlet_rng *r, double p)
{
	return (double)(bitlet_random(r) >> 11) * 0x1p-53 < p;
}

static int32_t clamped(double v, int32_t top)
{
	double code = rint(v);
	return code > top ? top : code < -top ? -top : (int32_t)code;
}

/* Share of zeros among `bits` bits of the magnitudes of rounded normal numbers. */
static double zeros_of(double sigma, unsigned bits)
{
	struct bitlet_rng r = {1};
	int ones = 0, count = 20000;
	for (int i = 0; i < count; i++)
		ones += __builtin_popcount((unsigned)abs(clamped(sigma * gauss(&r), (1 << (bits - 1)) - 1)));
	return 1 - (double)ones / count / bits;
}

/* Standard deviation of integer weights that have that share of zero bits. */
static double sigma_for(double sparsity, unsigned bits)
{
	double low = 0.1, high = ldexp(1, (int)bits);
	for (int i = 0; i < 40; i++) {
		double middle = sqrt(low * high);
		if (zeros_of(middle, bits) > sparsity)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* A normal number whose 24 mantissa bits, the hidden one among them, have that share of zeros. */
static uint32_t float_weight(struct bitlet_rng *r, double sparsity)
{
	float v = (float)(0.05 * gauss(r));
	uint32_t word = layer_float_word(v, 8, 23) & ~UINT32_C(0x7fffff);
	double one = (24 * (1 - sparsity) - 1) / 23;
	for (int bit = 0; bit < 23; bit++)
		word |= (uint32_t)coin(r, one) << bit;
	return word;
}

static void fill(struct layer_task *t, const struct bitlet_mode *m, const struct network *n, struct bitlet_rng *r)
{
	const struct bitlet_precision *p = &m->precision;
	size_t weights = (size_t)t->out_channels * t->in_channels * t->kernel[0] * t->kernel[1] * t->kernel[2];
	size_t acts = (size_t)t->batch * t->in[0] * t->in[1] * t->in[2] * t->in_channels;
	double sigma = p->is_float ? 0 : sigma_for(n->sparsity, p->w_bits);
	int32_t top = p->is_float ? 0 : layer_field_max(p->w_bits, true);
	for (size_t i = 0; i < weights; i++)
		layer_store(t->weights, m->w_bytes, i,
		            p->is_float ? float_weight(r, n->sparsity) : layer_field(clamped(sigma * gauss(r), top), p->w_bits));
	for (size_t i = 0; i < acts; i++) {
		double v = fmax(gauss(r), 0);
		layer_store(t->act, m->a_bytes, i, p->is_float ? layer_float_word((float)v, 8, 23) : layer_field(clamped(v * top / 4, top), p->a_bits));
	}
}

/* crop: one tile of filters on at most 4 x 4 pixels. */
static bool make_task(const struct shape *s, bool crop, const struct bitlet_config *c, const struct bitlet_derived *d, unsigned mode,
                      struct layer_task *t, struct fault *f)
{
	struct bitlet_rng r = {7};
	layer_task_init(t);
	snprintf(t->name, sizeof t->name, "%s %s", networks[s->network].name, s->name);
	t->op = s->in[2] > 1 ? LAYER_CONV : LAYER_DENSE;
	t->mode = mode;
	t->rank = s->in[2] == 1 ? 0 : s->in[0] > 1 ? 3 : 2;
	t->in_channels = s->channels;
	t->out_channels = crop && s->filters > c->pes ? c->pes : s->filters;
	for (int a = 0; a < LAYER_AXES; a++) {
		t->in[a] = crop && s->in[a] > 4 ? 4 : s->in[a];
		t->kernel[a] = s->in[a] > 1 ? s->kernel : 1;
		t->stride[a] = s->in[a] > 1 ? s->stride : 1;
		t->pad_begin[a] = t->pad_end[a] = (int32_t)t->kernel[a] / 2;
	}
	t->output.format = FORMAT_FP32;
	t->output.clamp_low = (int32_t)0xff800000; /* -infinity */
	t->output.clamp_high = 0x7f800000;
	if (!layer_task_alloc(t, d, f))
		return false;
	fill(t, &d->mode[mode], &networks[s->network], &r);
	return true;
}

static bool run(const struct bitlet_config *c, const struct bitlet_derived *d, const struct top_api *rtl, const struct layer_task *t,
                struct core_figures *out, const struct memory_config *memory)
{
	struct compiled p;
	struct machine m;
	struct machine_result r;
	struct fault f = {""};
	if (!compile_layer(t, c, d, &p, &f)) {
		fprintf(stderr, "paper_layers: %s\n", f.text);
		return false;
	}
	struct machine_setup setup = {.config = c, .derived = d, .rtl = rtl, .model = true, .memory = *memory, .image = &p.image};
	bool good = machine_open(&m, &setup) && machine_run(&m, p.program, p.program_bytes, &r) && r.done && !r.failed;
	machine_explain(&m, stdout);
	if (good) {
		*out = (struct core_figures){.name = t->name, .source = rtl ? "simulated and modelled, equal in every cycle" : "modelled", .macs = p.macs,
		                             .frames = 1, .memory = memory};
		memcpy(out->counter, r.counter, sizeof out->counter);
	}
	machine_close(&m);
	compiled_free(&p);
	return good;
}

static void print_row(const struct core_figures *f)
{
	double cycles = (double)f->counter[COUNT_cycles];
	printf("%-24s %11" PRIu64 " %10" PRIu64 " %8.2f %9.2f %6.1f%% %6.1f%%  %s\n", f->name, f->macs, f->counter[COUNT_cycles],
	       cycles / (double)f->counter[COUNT_groups], (double)f->macs / cycles, 100 * (double)f->counter[COUNT_busy] / cycles,
	       100 * core_port_rate(f, MEMORY_WGT) / core_port_peak(f, MEMORY_WGT), f->source);
	fflush(stdout);
}

static int mode_of(const struct bitlet_derived *d, const char *name)
{
	for (unsigned m = 0; m < d->modes; m++)
		if (!strcmp(d->mode[m].precision.name, name))
			return (int)m;
	return -1;
}

/* 0, 1 or 2 as exit status. Sums cycles and MACs of whole layers. */
static int run_shape(const struct shape *s, bool crop, const struct bitlet_config *c, const struct bitlet_derived *d, const struct top_api *rtl,
                     double *cycles, double *macs)
{
	struct layer_task t;
	struct core_figures figures;
	struct memory_config memory;
	struct fault f = {""};
	int mode = mode_of(d, networks[s->network].precision);
	if (mode < 0)
		return 0;
	memory_defaults(&memory, d->bus_bytes);
	bool good = make_task(s, crop, c, d, (unsigned)mode, &t, &f);
	if (good && run(c, d, rtl, &t, &figures, &memory)) {
		print_row(&figures);
		*cycles += (double)figures.counter[COUNT_cycles];
		*macs += (double)figures.macs;
	} else {
		if (f.text[0])
			fprintf(stderr, "paper_layers: %s\n", f.text);
		good = false;
	}
	layer_task_free(&t);
	return good ? 0 : 1;
}

static int run_all(const struct bitlet_config *c, const struct bitlet_derived *d, const struct top_api *rtl)
{
	double cycles[NETWORKS] = {0}, macs[NETWORKS] = {0}, unused[2] = {0};
	int status = 0;
	printf("%s: %u PEs, N = %u, 200 MHz, two channels of 12.8 GB/s\n%-24s %11s %10s %8s %9s %7s %7s\n", c->name, c->pes, c->n, "layer", "MACs", "cycles",
	       "a group", "MAC/cycle", "busy", "wgt bus");
	for (unsigned i = 0; rtl && i < SHAPES && !status; i++)
		status = run_shape(&shapes[i], true, c, d, rtl, &unused[0], &unused[1]);
	for (unsigned i = 0; i < SHAPES && !status; i++)
		status = run_shape(&shapes[i], false, c, d, NULL, &cycles[shapes[i].network], &macs[shapes[i].network]);
	puts("\nframes a second at 200 MHz, from the mean over these layers (modelled) and the network's operations of table 2");
	for (unsigned n = 0; n < NETWORKS && !status; n++)
		if (macs[n] > 0)
			printf("%-14s %-6s %8.3f here, modelled; %8.3f published\n", networks[n].name, networks[n].precision,
			       200e6 / (networks[n].giga_operations / 2 * 1e9 * cycles[n] / macs[n]), networks[n].published);
	return status;
}

int main(int argc, char **argv)
{
	static struct bitlet_config c;
	static struct bitlet_derived d;
	static struct workspace w;
	struct simulator s = {.handle = NULL};
	bool with_rtl = argc == 3 && !strcmp(argv[2], "--rtl");
	if (argc < 2 || (argc > 2 && !with_rtl)) {
		fputs("usage: paper_layers CONFIG [--rtl]\n", stderr);
		return 2;
	}
	if (!config_load(argv[1], &c, stderr))
		return 2;
	bitlet_derive(&c, &d);
	if (with_rtl && (!workspace_open(&w, &c, stderr) || !simulator_open(&s, &w, &c, TOP_CORE, stderr)))
		return 2;
	int status = run_all(&c, &d, s.core);
	if (with_rtl) {
		simulator_close(&s);
		workspace_close(&w);
	}
	return status;
}
