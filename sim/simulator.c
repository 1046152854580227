#include "simulator.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "embed.h"
#include "process.h"

/*
 * What the harness looks at, and what must stay a class of its own. Verilator optimises across module boundaries, so that each PE becomes code of its
 * own; with many PEs that takes minutes to compile. Then a PE is a block of the hierarchy, compiled once.
 */
static const char options_vlt[] =
	"`verilator_config\n"
	"public_flat_rd -module \"distiller\" -var \"select\"\n"
	"no_inline -module \"distiller\"\n"
	"no_inline -module \"pe_datapath\"\n";
static const char hierarchy_vlt[] =
	"`verilator_config\n"
	"hier_block -module \"%s\"\n";
enum { HIERARCHY_PES = 5 };         /* from here on */

static const char *const verilator_options[] = {
	"--cc", "--exe", "--build", "-j", "2", "-O3", "-Wall", "--no-timing", "--x-assign", "fast", "--x-initial", "unique",
	"--prefix", "Vdut", "--output-split", "20000", "-LDFLAGS", "-shared", "-o", "dut.so",
	"-MAKEFLAGS", "OPT_FAST=-O2 OPT_SLOW=-O0 OPT_GLOBAL=-O2", NULL,
};

static const char *const engine_files[] = {"sim/harness.cpp", "sim/dut.h", NULL};
/* The checkers' modules are in the bench's file list, so that their violations show in every simulation. */
static const char *const core_files[] = {
	"sim/top_harness.cpp", "sim/top_dut.h", "refmodel/core/core_types.h", "refmodel/core/counters.def", "refmodel/core/faults.def",
	"sim/top_bench.v", NULL,
};

/* What is built of which part of the RTL; `root` is the top for Verilator, around `module`. */
static const struct target {
	const char *folder, *module, *root;
	enum rtl_part part;
	const char *const *files;   /* the harness's: embedded, written beside each other */
} targets[] = {
	[TOP_ARRAY] = {"array", "bitlet_array", "bitlet_array", RTL_ENGINE, engine_files},
	[TOP_PE] = {"pe", "bitlet_pe", "bitlet_pe", RTL_ENGINE, engine_files},
	[TOP_CORE] = {"core", "bitlet_top", "top_bench", RTL_ALL, core_files},
};

const char *dut_top_module(enum dut_top top)
{
	return targets[top].module;
}

/* Everything that the shared object depends on. */
static uint64_t stamp(const struct workspace *w, const struct target *t)
{
	uint64_t h = hash_rtl(w, t->part, HASH_START);
	const unsigned limit = HIERARCHY_PES;
	h = hash_bytes(h, hierarchy_vlt, sizeof hierarchy_vlt);
	h = hash_bytes(h, &limit, sizeof limit);
	h = hash_bytes(h, options_vlt, sizeof options_vlt);
	for (size_t i = 0; verilator_options[i]; i++)
		h = hash_bytes(h, verilator_options[i], strlen(verilator_options[i]) + 1);
	for (size_t i = 0; t->files[i]; i++) {
		const struct embedded_file *f = embedded_find(t->files[i]);
		h = hash_bytes(h, f->text, f->size);
	}
	return h;
}

static bool is_built(const char *object, const char *stamp_path, const char *want)
{
	size_t size;
	char *have = read_whole(stamp_path, &size);
	bool same = have && strcmp(have, want) == 0 && access(object, R_OK) == 0;
	free(have);
	return same;
}

static bool write_harness(const struct workspace *w, const struct bitlet_config *c, const struct target *t, FILE *err)
{
	char path[WORKSPACE_PATH];
	const char *dir = t->folder;
	for (size_t i = 0; t->files[i]; i++) {
		const struct embedded_file *f = embedded_find(t->files[i]);
		if (!workspace_path(w, path, err, "sim/%s/%s", dir, strrchr(t->files[i], '/') + 1) ||
		    !write_if_changed(path, f->text, f->size, err))
			return false;
	}
	char text[128];
	int size = snprintf(text, sizeof text, hierarchy_vlt, c->side == BITLET_SIDE_WEIGHT ? "pe_core" : "pe_datapath");
	return workspace_path(w, path, err, "sim/%s/options.vlt", dir) &&
	       write_if_changed(path, options_vlt, sizeof options_vlt - 1, err) &&
	       workspace_path(w, path, err, "sim/%s/hierarchy.vlt", dir) && write_if_changed(path, text, (size_t)size, err);
}

static bool has_suffix(const char *text, const char *suffix)
{
	size_t length = strlen(text), end = strlen(suffix);
	return length >= end && strcmp(text + length - end, suffix) == 0;
}

static void add_options(struct args *a, const struct target *t)
{
	args_add(a, "verilator");
	for (size_t i = 0; verilator_options[i]; i++)
		args_add(a, "%s", verilator_options[i]);
	args_add(a, "--top-module");
	args_add(a, "%s", t->root);
	args_add(a, "-Mdir");
	args_add(a, "obj");
	args_add(a, "-CFLAGS");
	args_add(a, "-fPIC -I..");
	args_add(a, "-I../../generated"); /* bitlet_params.vh */
}

/* The RTL, then the harness's own Verilog and C++. */
static void add_sources(struct args *a, const struct target *t, char *const *rtl)
{
	for (size_t i = 0; rtl[i]; i++)
		args_add(a, "../../generated/%s", rtl[i]);
	for (size_t i = 0; t->files[i]; i++) {
		const char *name = strrchr(t->files[i], '/') + 1;
		if (has_suffix(name, ".v"))
			args_add(a, "%s", name);
		else if (has_suffix(name, ".cpp"))
			args_add(a, "../%s", name); /* as seen from obj, where make runs */
	}
}

static bool build(const struct workspace *w, const struct bitlet_config *c, const struct target *t, const char *folder, const char *log, FILE *err)
{
	struct args a = {.count = 0};
	char **files = rtl_files(w, t->part);
	if (!files) {
		fprintf(err, "bitlet: %s: cannot read filelist.f\n", w->dir);
		return false;
	}
	add_options(&a, t);
	if (t != &targets[TOP_PE] && c->pes >= HIERARCHY_PES) {
		args_add(&a, "--hierarchical");
		args_add(&a, "-Wno-UNOPTFLAT"); /* ready passes through the blocks: a loop of blocks, not of signals */
		args_add(&a, "hierarchy.vlt");
	}
	args_add(&a, "options.vlt");
	add_sources(&a, t, files);
	free(files);
	bool good = process_run(&a, folder, log, err);
	args_free(&a);
	return good;
}

/* Objects of a build that was interrupted, or of other options, must not be linked. */
static bool clear(const char *folder, const char *log, FILE *err)
{
	struct args a = {.count = 0};
	for (const char *const *s = (const char *const[]){"rm", "-rf", "obj", NULL}; *s; s++)
		args_add(&a, "%s", *s);
	bool good = process_run(&a, folder, log, err);
	args_free(&a);
	return good;
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool load(struct simulator *s, enum dut_top top, const char *object, FILE *err)
{
	s->handle = dlopen(object, RTLD_NOW | RTLD_LOCAL);
	const void *table = s->handle ? dlsym(s->handle, top == TOP_CORE ? TOP_DUT_SYMBOL : DUT_SYMBOL) : NULL;
	if (table && top == TOP_CORE)
		s->core = table;
	else if (table)
		s->api = table;
	if ((s->api && s->api->abi == DUT_ABI) || (s->core && s->core->abi == TOP_DUT_ABI))
		return true;
	fprintf(err, "bitlet: cannot load the simulator: %s\n", table ? "it is of another version" : dlerror());
	simulator_close(s);
	return false;
}

bool simulator_open(struct simulator *s, const struct workspace *w, const struct bitlet_config *c, enum dut_top top, FILE *err)
{
	*s = (struct simulator){.handle = NULL};
	const struct target *t = &targets[top];
	char folder[WORKSPACE_PATH], object[WORKSPACE_PATH], stamp_path[WORKSPACE_PATH], log[WORKSPACE_PATH], want[32];
	if (!workspace_path(w, folder, err, "sim/%s", t->folder) || !workspace_path(w, object, err, "sim/%s/obj/dut.so", t->folder) ||
	    !workspace_path(w, stamp_path, err, "sim/%s/stamp", t->folder) || !workspace_path(w, log, err, "sim/%s/verilator.log", t->folder))
		return false;
	snprintf(want, sizeof want, "%016" PRIx64 "\n", stamp(w, t));
	if (!is_built(object, stamp_path, want)) {
		double start = now();
		if (!make_folder(folder, err) || !write_harness(w, c, t, err))
			return false;
		if (!clear(folder, log, err) || !build(w, c, t, folder, log, err) || !write_if_changed(stamp_path, want, strlen(want), err))
			return false;
		s->built = true;
		s->build_seconds = now() - start;
	}
	return load(s, top, object, err);
}

void simulator_close(struct simulator *s)
{
	if (s->handle)
		dlclose(s->handle);
	s->handle = NULL;
	s->api = NULL;
	s->core = NULL;
}
