#include "network_report.h"

#include <inttypes.h>
#include <string.h>

#include "progress.h"

enum { NAME_MOST = 28 };

static double ratio(double a, double b)
{
	return b > 0 ? a / b : 0;
}

static double percent(uint64_t a, uint64_t b)
{
	return 100 * ratio((double)a, (double)b);
}

/* Of TFLite's lists of fused names the first; long names keep their end, which tells them apart. */
static const char *short_name(const struct network_row *r, char text[NAME_MOST + 1])
{
	size_t length = strcspn(r->name, ";"), skip = length > NAME_MOST ? length - NAME_MOST : 0;
	snprintf(text, NAME_MOST + 1, "%.*s", (int)(length - skip), r->name + skip);
	return text;
}

static const char *short_op(const char *op)
{
	const char *dot = strrchr(op, '.');
	return dot ? dot + 1 : op;
}

static void print_counters(const struct network_row *r, FILE *out)
{
	static const enum machine_counter column[] = {COUNT_busy, COUNT_wait_act, COUNT_wait_wgt, COUNT_wait_out, COUNT_idle};
	for (size_t i = 0; i < sizeof column / sizeof *column; i++)
		if (r->counted)
			fprintf(out, " %5.1f", percent(r->counter[column[i]], r->counter[COUNT_cycles]));
		else
			fprintf(out, " %5s", "-");
}

/* What is special about a row. */
static void print_note(const struct network_row *r, FILE *out)
{
	if (r->differs)
		fputs("  DIFFERS", out);
	if (r->units && r->units_run < r->units) {
		if (r->counted)
			fprintf(out, "  %" PRIu64 " of %" PRIu64 " units", r->units_run, r->units);
		else
			fputs("  interpreted, cycles estimated", out);
	}
	fputc('\n', out);
}

static void print_layer(const struct network_row *r, size_t number, FILE *out)
{
	char error[40], name[NAME_MOST + 1];
	uint64_t cycles = network_row_cycles(r);
	fprintf(out, "%3zu %-*s %-16.16s %-6s %12" PRIu64 " %11" PRIu64 " %8.2f", number, NAME_MOST, short_name(r, name), short_op(r->op), r->precision, r->macs,
	        cycles, ratio(network_row_macs(r), (double)cycles));
	print_counters(r, out);
	fprintf(out, " %5.1f %5.1f %5.1f  %s", 100 * bit_stats_zeros(&r->weights), 100 * bit_stats_zero_bits(&r->weights),
	        100 * bit_stats_zeros(&r->acts), network_error_text(&r->error, error));
	print_note(r, out);
}

static void print_rows(const struct network_figures *n, FILE *out)
{
	size_t number = 0, others = 0;
	char name[NAME_MOST + 1];
	double seconds = 0;
	fprintf(out, "%3s %-*s %-16s %-6s %12s %11s %8s %5s %5s %5s %5s %5s %5s %5s %5s  %s\n", "", NAME_MOST, "layer", "operator", "", "MACs", "cycles", "MAC/cyc",
	        "busy%", "act%", "wgt%", "out%", "idle%", "w0%", "bit0%", "a0%", "error");
	for (size_t i = 0; i < n->rows; i++) {
		const struct network_row *r = &n->row[i];
		if (r->on_core) {
			print_layer(r, ++number, out);
		} else if (r->why[0]) {
			fprintf(out, "  - %-*s %-16.16s %-6s %12" PRIu64 "  on the host: %s\n", NAME_MOST, short_name(r, name), short_op(r->op), "host", r->macs, r->why);
		} else {
			others++;
			seconds += r->seconds;
		}
	}
	if (others)
		fprintf(out, "    %zu other operators on the host: %.3f s of this machine\n", others, seconds);
}

static void print_total(const struct network_figures *n, const struct network_total *t, FILE *out)
{
	const struct memory_config *m = &n->options->memory;
	const char *source = t->counted ? n->source : "estimated";
	double mhz = (double)m->clock_hz / 1e6;
	fprintf(out, "MACs %" PRIu64 ", %.2f%% of them on the core\n", t->macs, percent(t->core_macs, t->macs));
	if (t->counted && !t->whole)
		fprintf(out, "cycles %" PRIu64 " (%s), of %zu layers and %" PRIu64 " of %" PRIu64 " units\n", t->cycles, source, t->counted, t->units_run, t->units);
	else if (t->core_layers)
		fprintf(out, "cycles %" PRIu64 " (%s), MAC/cycle %.2f%s\n", t->cycles, source, ratio((double)t->core_macs, (double)t->cycles),
		        t->counted ? "" : "; --cycles counts them");
	if (t->whole && t->counted)
		fprintf(out, "array busy %.1f%%, waits for activations %.1f%%, weights %.1f%%, output %.1f%%, without a tile %.1f%%\n",
		        percent(t->counter[COUNT_busy], t->cycles), percent(t->counter[COUNT_wait_act], t->cycles), percent(t->counter[COUNT_wait_wgt], t->cycles),
		        percent(t->counter[COUNT_wait_out], t->cycles), percent(t->counter[COUNT_idle], t->cycles));
	if (t->cycles && (t->whole || !t->counted))
		fprintf(out, "%.2f frames/s at %g MHz (%s; the core's layers alone)\n", ratio((double)n->frames * (double)m->clock_hz, (double)t->cycles), mhz, source);
	fprintf(out, "memory of the core: %zu bytes of activations (%zu without reuse), %zu of weights, %zu of parameters, %zu of programs\n", n->memory.arena,
	        n->memory.arena_without_reuse, n->memory.weights, n->memory.params, n->memory.programs);
	fprintf(out, "this machine: loading %.2f s, compiling %.2f s, core's layers %.2f s, host's operators %.2f s, comparison %.2f s\n", n->load_seconds,
	        n->compile_seconds, t->core_seconds, t->host_seconds, n->reference_seconds);
}

static void print_outputs(const struct network_figures *n, FILE *out)
{
	char error[40];
	for (size_t i = 0; i < n->outputs; i++) {
		const struct network_output *o = &n->output[i];
		fprintf(out, "output '%s' %s %s -> %s", o->name, tensor_type_name(o->type), o->shape, o->file);
		if (o->error.kind != ERROR_UNKNOWN)
			fprintf(out, ", error %s", network_error_text(&o->error, error));
		fputc('\n', out);
	}
}

static void print_accuracy(const struct classes *c, FILE *out)
{
	if (c->label)
		fprintf(out, "accuracy: %" PRIu64 " of %" PRIu64 " (%.2f%%), top-5 %" PRIu64 " (%.2f%%)\n", c->right, c->rows, percent(c->right, c->rows), c->right5,
		        percent(c->right5, c->rows));
}

static void print_verdict(const struct network_figures *n, const struct network_total *t, FILE *out)
{
	size_t exact = 0;
	for (size_t i = 0; i < n->rows; i++)
		exact += n->row[i].error.kind == ERROR_CODES && !n->row[i].error.off;
	if (exact || t->unequal)
		fprintf(out, "%zu of %zu quantised layers give exactly the host's codes\n", exact, exact + (size_t)t->unequal);
	if (t->differ)
		fprintf(out, "MISMATCH in %" PRIu64 " layers\n", t->differ);
}

void network_report(const struct network_figures *n, FILE *out)
{
	struct network_total t;
	network_figures_total(n, &t);
	fprintf(out, "%s (%s) on %s, %zu image%s in %zu run%s; cycles %s\n", n->options->model, n->kind, n->options->config.name, n->frames, n->frames == 1 ? "" : "s",
	        n->runs, n->runs == 1 ? "" : "s", n->source);
	print_rows(n, out);
	print_total(n, &t, out);
	print_verdict(n, &t, out);
	print_accuracy(n->classes, out);
	print_outputs(n, out);
}
