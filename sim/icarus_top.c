#include "icarus_top.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "embed.h"
#include "icarus_vectors.h"
#include "process.h"

enum { RESET_CYCLES = 5 };

static const char *const bench_files[] = {"sim/top_icarus.v", "sim/top_bench.v", NULL};
static const char *const compiler[] = {"iverilog", "-g2005", "-I../../generated", "-s", "top_icarus", "top_icarus.v", "top_bench.v", NULL};

/* ---- the bench ---- */

static double seconds_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Everything that bench.vvp depends on. */
static uint64_t stamp(const struct workspace *w)
{
	uint64_t h = hash_rtl(w, RTL_ALL, HASH_START);
	for (size_t i = 0; compiler[i]; i++)
		h = hash_bytes(h, compiler[i], strlen(compiler[i]) + 1);
	for (size_t i = 0; bench_files[i]; i++) {
		const struct embedded_file *f = embedded_find(bench_files[i]);
		h = hash_bytes(h, f->text, f->size);
	}
	return h;
}

static bool write_size(const struct workspace *w, const struct bitlet_config *c, FILE *err)
{
	char path[WORKSPACE_PATH], *text = NULL;
	size_t size;
	FILE *m = open_memstream(&text, &size);
	if (!m)
		return false;
	icarus_vectors_size(m, c);
	bool good = fclose(m) == 0 && workspace_path(w, path, err, "sim/iverilog-core/icarus_size.vh") && write_if_changed(path, text, size, err);
	free(text);
	return good;
}

static bool write_bench(const struct workspace *w, const struct bitlet_config *c, FILE *err)
{
	char path[WORKSPACE_PATH];
	for (size_t i = 0; bench_files[i]; i++) {
		const struct embedded_file *f = embedded_find(bench_files[i]);
		if (!workspace_path(w, path, err, "sim/iverilog-core/%s", strrchr(bench_files[i], '/') + 1) || !write_if_changed(path, f->text, f->size, err))
			return false;
	}
	return write_size(w, c, err);
}

/* The bench's checkers, and what they instantiate. */
static bool is_checker(const char *file)
{
	return strstr(file, "_checker.v") || strstr(file, "/stream_fifo.v");
}

/* The RTL, or of it the checkers alone beside the netlist. */
static bool add_design(struct args *a, const struct workspace *w, const char *const *netlist)
{
	bool good = true;
	char **files = rtl_files(w, RTL_ALL);
	for (size_t i = 0; files && files[i]; i++)
		if (!netlist || is_checker(files[i]))
			args_add(a, "../../generated/%s", files[i]);
	for (size_t i = 0; netlist && netlist[i]; i++)
		good = good && args_add_path(a, "", netlist[i]);
	good = good && files;
	free(files);
	return good;
}

/* To the file `bench`, as seen from the folder. */
static bool compile(const struct workspace *w, const char *folder, const char *const *netlist, const char *bench, FILE *err)
{
	char log[WORKSPACE_PATH];
	struct args a = {.count = 0};
	if (!workspace_path(w, log, err, "sim/iverilog-core/iverilog.log"))
		return false;
	for (size_t i = 0; compiler[i]; i++)
		args_add(&a, "%s", compiler[i]);
	args_add(&a, "-o%s", bench);
	bool good = add_design(&a, w, netlist) && process_run(&a, folder, log, err);
	args_free(&a);
	return good;
}

static bool is_built(const char *bench, const char *stamp_path, const char *want)
{
	size_t size;
	char *have = read_whole(stamp_path, &size);
	bool same = have && !strcmp(have, want) && access(bench, R_OK) == 0;
	free(have);
	return same;
}

static bool build(const struct workspace *w, const struct bitlet_config *c, double *seconds, FILE *err)
{
	char folder[WORKSPACE_PATH], bench[WORKSPACE_PATH], path[WORKSPACE_PATH], want[32];
	double start = seconds_now();
	if (!workspace_path(w, folder, err, "sim/iverilog-core") || !workspace_path(w, bench, err, "sim/iverilog-core/bench.vvp") ||
	    !workspace_path(w, path, err, "sim/iverilog-core/stamp"))
		return false;
	snprintf(want, sizeof want, "%016" PRIx64 "\n", stamp(w));
	if (is_built(bench, path, want))
		return true;
	if (!make_folder(folder, err) || !write_bench(w, c, err) || !compile(w, folder, NULL, "bench.vvp", err) || !write_if_changed(path, want, strlen(want), err))
		return false;
	*seconds = seconds_now() - start;
	return true;
}

/* A netlist's bench is this process's own. */
static bool build_netlist(const struct icarus_top *t, const struct bitlet_config *c, double *seconds, FILE *err)
{
	char folder[WORKSPACE_PATH], bench[WORKSPACE_PATH];
	double start = seconds_now();
	snprintf(bench, sizeof bench, "%.32s/bench.vvp", strrchr(t->folder, '/') + 1);
	bool good = workspace_path(&t->workspace, folder, err, "sim/iverilog-core") && write_bench(&t->workspace, c, err) &&
	            compile(&t->workspace, folder, t->netlist, bench, err);
	*seconds = seconds_now() - start;
	return good;
}

/* Of this process alone, so that several may play at a time. */
static bool own_folder(struct icarus_top *t, FILE *err)
{
	char above[WORKSPACE_PATH];
	if (!workspace_path(&t->workspace, above, err, "sim/iverilog-core") || !make_folder(above, err) ||
	    !workspace_path(&t->workspace, t->folder, err, "sim/iverilog-core/run-XXXXXX"))
		return false;
	t->open = mkdtemp(t->folder) != NULL;
	if (!t->open)
		fprintf(err, "bitlet: %s: %s\n", t->folder, strerror(errno));
	return t->open;
}

static void remove_file(const struct icarus_top *t, const char *name)
{
	char path[WORKSPACE_PATH + 16];
	snprintf(path, sizeof path, "%s/%s", t->folder, name);
	unlink(path);
}

void icarus_top_close(struct icarus_top *t)
{
	if (!t->open)
		return;
	remove_file(t, "vectors.hex");
	remove_file(t, "bench.vvp");
	remove_file(t, "vvp.log");
	rmdir(t->folder);
	workspace_close(&t->workspace);
	t->open = false;
}

bool icarus_top_open(struct icarus_top *t, const struct bitlet_config *c, const char *const *netlist, double *seconds, FILE *err)
{
	*seconds = 0;
	t->open = false;
	t->netlist = netlist;
	bool good = workspace_open(&t->workspace, c, err) && (netlist || build(&t->workspace, c, seconds, err)) && own_folder(t, err) &&
	            (!netlist || build_netlist(t, c, seconds, err));
	workspace_unlock(&t->workspace);
	if (good)
		return true;
	if (t->open)
		icarus_top_close(t);
	else
		workspace_close(&t->workspace);
	return false;
}

/* ---- vectors ---- */

struct recording {
	FILE *file;
	const struct bitlet_config *config;
	uint64_t cycles;
};

static void record(void *context, const struct top_in *in, const struct top_out *shown)
{
	struct recording *r = context;
	if (r->cycles++ < ICARUS_MAX_CYCLES)
		icarus_vectors_line(r->file, r->config, in, shown);
}

/* The model's run, written down. */
static int play_model(struct recording *rec, const struct machine_setup *setup, uint64_t program, uint32_t bytes, struct machine_result *r, const char *name,
                      FILE *out, struct fault *f)
{
	struct machine *m = malloc(sizeof *m);
	struct machine_setup own = *setup;
	const struct top_in reset = {.rst = true};
	own.recorder = (struct machine_recorder){record, rec};
	own.broken.on = own.broken.on && own.broken.side == MACHINE_MODEL; /* the other side's is the bench's */
	for (int i = 0; i < RESET_CYCLES; i++)
		icarus_vectors_line(rec->file, rec->config, &reset, NULL);
	if (!m || !machine_open(m, &own)) {
		free(m);
		fault_set(f, "out of memory for the machine");
		return EXIT_INPUT;
	}
	bool good = machine_run(m, program, bytes, r);
	if (!good) {
		fprintf(out, "%s: MISMATCH\n", name);
		machine_explain(m, out);
	}
	machine_close(m);
	free(m);
	return good ? EXIT_GOOD : EXIT_NO;
}

static int write_vectors(const struct icarus_top *t, struct recording *rec, const struct machine_setup *setup, uint64_t program, uint32_t bytes,
                         struct machine_result *r, const char *name, FILE *out, struct fault *f)
{
	char path[WORKSPACE_PATH + 16];
	snprintf(path, sizeof path, "%s/vectors.hex", t->folder);
	rec->file = fopen(path, "w");
	if (!rec->file) {
		fault_set(f, "%s: %s", path, strerror(errno));
		return EXIT_INPUT;
	}
	int status = play_model(rec, setup, program, bytes, r, name, out, f);
	bool bad = ferror(rec->file);
	if ((fclose(rec->file) != 0 || bad) && status == EXIT_GOOD) {
		fault_set(f, "%s: the vectors could not be written", path);
		return EXIT_INPUT;
	}
	if (rec->cycles > ICARUS_MAX_CYCLES && status == EXIT_GOOD) {
		fault_set(f, "%s takes %" PRIu64 " cycles; expected at most %d in Icarus: take fewer layers or units, or --on rtl", name, rec->cycles,
		          ICARUS_MAX_CYCLES);
		return EXIT_INPUT;
	}
	return status;
}

/* ---- the play ---- */

static char *play(const struct icarus_top *t, const struct machine_break *broken, struct fault *f)
{
	char log[WORKSPACE_PATH + 16], *why = NULL;
	size_t size;
	struct args a = {.count = 0};
	FILE *err = open_memstream(&why, &size);
	snprintf(log, sizeof log, "%s/vvp.log", t->folder);
	args_add(&a, "vvp");
	args_add(&a, "-n");
	args_add(&a, t->netlist ? "bench.vvp" : "../bench.vvp");
	if (broken->on && broken->side == MACHINE_RTL)
		args_add(&a, "+break_beat=%" PRIu64, broken->beat);
	bool good = err && process_run(&a, t->folder, log, err);
	args_free(&a);
	if (err)
		fclose(err);
	char *text = good ? read_whole(log, &size) : NULL;
	if (!text)
		fault_set(f, "vvp: %s", why && *why ? why : "its log cannot be read");
	free(why);
	return text;
}

static void explain_failure(const struct bitlet_config *c, const char *line, const char *name, FILE *out)
{
	static char rtl[ICARUS_WORD], want[ICARUS_WORD], mask[ICARUS_WORD]; /* large */
	struct machine_difference d;
	uint64_t cycle;
	bool unknown;
	fprintf(out, "%s: MISMATCH in Icarus\n", name);
	if (sscanf(line, "FAIL cycle %" SCNu64 " rtl %4095s want %4095s mask %4095s", &cycle, rtl, want, mask) != 4 ||
	    !icarus_vectors_difference(c, rtl, want, mask, &d, &unknown)) {
		fprintf(out, "  %.60s\n", line);
		return;
	}
	fprintf(out, "  cycle %" PRIu64 " since reset\n  %s", cycle, d.port);
	if (d.lane >= 0)
		fprintf(out, ", byte lane %d", d.lane);
	fprintf(out, "\n  RTL    0x%" PRIx64 "%s\n  model  0x%" PRIx64 "\n", d.rtl, unknown ? " (unknown bits shown as 1)" : "", d.model);
}

/* The bits of `violation`: 32 a port, master's rules below the slave's (sim/top_bench.v). */
static void explain_rule(const char *line, const char *name, FILE *out)
{
	static const char *const port[] = {"m_axi_out", "m_axi_wgt", "m_axi_act", "s_axil"};
	uint64_t cycle;
	char bits[33];
	fprintf(out, "%s: MISMATCH in Icarus\n", name);
	if (sscanf(line, "RULE cycle %" SCNu64 " violation %32[0-9a-fxz]", &cycle, bits) != 2 || strlen(bits) != 32) {
		fprintf(out, "  %.60s\n", line);
		return;
	}
	fprintf(out, "  cycle %" PRIu64 " since reset\n", cycle);
	for (unsigned i = 0; i < 4; i++)
		if (strncmp(bits + 8 * i, "00000000", 8) != 0)
			fprintf(out, "  protocol: %s, rules broken: slave %.4s, master %.4s (bits of the checker's slave_bad and master_bad)\n", port[i], bits + 8 * i,
			        bits + 8 * i + 4);
}

static int judge(const char *text, const struct bitlet_config *c, const char *name, FILE *out, struct fault *f)
{
	const char *failed = strstr(text, "FAIL cycle"), *rule = strstr(text, "RULE cycle");
	if (failed)
		explain_failure(c, failed, name, out);
	else if (rule)
		explain_rule(rule, name, out);
	else if (!strstr(text, "PASS ")) {
		fault_set(f, "the Icarus bench ended without a verdict: %.200s", text);
		return EXIT_INPUT;
	}
	return failed || rule ? EXIT_NO : EXIT_GOOD;
}

int icarus_top_run(struct icarus_top *t, const struct machine_setup *setup, uint64_t program, uint32_t bytes, struct machine_result *r, const char *name,
                   FILE *out, struct fault *f)
{
	struct recording rec = {.config = setup->config};
	int status = write_vectors(t, &rec, setup, program, bytes, r, name, out, f);
	if (status != EXIT_GOOD)
		return status;
	char *text = play(t, &setup->broken, f);
	if (!text)
		return EXIT_INPUT;
	status = judge(text, setup->config, name, out, f);
	free(text);
	return status;
}
