#include "backend.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "icarus_top.h"
#include "simulator.h"

struct backend {
	enum backend_kind kind;
	struct bitlet_config config;
	struct bitlet_derived derived;
	struct memory_config memory;
	unsigned threads;
	struct simulator simulator; /* RTL kinds */
	struct icarus_top icarus;
	struct machine machine;     /* open from the first run on; not for Icarus */
	bool running;               /* machine is open */
	struct machine_break broken;
	double build_seconds;
	struct image work;          /* what the machine works on; kept, since images of one network are alike */
};

/* What one run is about. */
struct job {
	struct backend *b;
	const char *name;
	struct image *m;
	uint64_t program;
	uint32_t bytes;
	const uint32_t *unit;       /* NULL: all */
	size_t count;
	struct backend_result *result;
	FILE *out;
	struct fault *f;
};

const char *backend_source(enum backend_kind kind)
{
	static const char *const source[] = {
		[BACKEND_FAST] = "interpreted", [BACKEND_MODEL] = "modelled", [BACKEND_RTL] = "simulated, equal to the model in every cycle",
		[BACKEND_RTL_ALONE] = "simulated", [BACKEND_ICARUS] = "simulated by Icarus, equal to the model in every cycle",
	};
	return source[kind];
}

/* ---- open and close ---- */

/* The folder's lock goes as soon as the object is loaded, so that other processes can run theirs. */
static bool open_simulator(struct backend *b, FILE *err)
{
	static struct workspace w; /* large */
	bool good = workspace_open(&w, &b->config, err) && simulator_open(&b->simulator, &w, &b->config, TOP_CORE, err);
	workspace_close(&w);
	b->build_seconds = b->simulator.build_seconds;
	return good;
}

static bool open_kind(struct backend *b, FILE *err)
{
	if (b->kind == BACKEND_RTL || b->kind == BACKEND_RTL_ALONE)
		return open_simulator(b, err);
	return b->kind != BACKEND_ICARUS || icarus_top_open(&b->icarus, &b->config, NULL, &b->build_seconds, err);
}

struct backend *backend_open(enum backend_kind kind, const struct bitlet_config *c, const struct bitlet_derived *d, const struct memory_config *memory,
                             unsigned threads, FILE *err)
{
	struct backend *b = calloc(1, sizeof *b);
	if (!b) {
		fprintf(err, "bitlet: out of memory\n");
		return NULL;
	}
	b->kind = kind;
	b->config = *c;
	b->derived = *d;
	b->memory = *memory;
	b->threads = threads;
	if (open_kind(b, err))
		return b;
	backend_close(b);
	return NULL;
}

double backend_build_seconds(const struct backend *b)
{
	return b->build_seconds;
}

void backend_break(struct backend *b, const struct machine_break *broken)
{
	b->broken = *broken;
}

static void stop_machine(struct backend *b)
{
	if (b->running)
		machine_close(&b->machine);
	b->running = false;
}

void backend_close(struct backend *b)
{
	if (!b)
		return;
	stop_machine(b);
	icarus_top_close(&b->icarus);
	simulator_close(&b->simulator);
	image_free(&b->work);
	free(b);
}

/* ---- the machine ---- */

/* to becomes what from is, in the same memory when it can. */
static bool copy_image(struct image *to, const struct image *from, struct fault *f)
{
	if (!to->data || to->bytes != from->bytes) {
		image_free(to);
		return image_copy(to, from, f);
	}
	uint8_t *data = to->data;
	memcpy(data, from->data, from->bytes);
	*to = *from;
	to->data = data;
	return true;
}

static struct machine_setup setup_of(struct backend *b)
{
	return (struct machine_setup){
		.config = &b->config, .derived = &b->derived, .rtl = b->simulator.core, .model = b->kind != BACKEND_RTL_ALONE, .memory = b->memory,
		.image = &b->work, .broken = b->broken,
	};
}

/* A machine that has ended well runs the next program; after trouble or with a fault on purpose it begins anew. */
static bool start_machine(struct backend *b, struct fault *f)
{
	struct machine_setup setup = setup_of(b);
	if (b->broken.on)
		stop_machine(b);
	if (b->running) {
		machine_memory(&b->machine, &b->memory, &b->work);
		return true;
	}
	b->running = machine_open(&b->machine, &setup);
	return b->running || fault_set(f, "out of memory for the machine");
}

static int play_machine(struct job *j, uint32_t bytes, struct machine_result *r)
{
	struct backend *b = j->b;
	if (!start_machine(b, j->f))
		return EXIT_INPUT;
	if (machine_run(&b->machine, j->program, bytes, r))
		return EXIT_GOOD;
	fprintf(j->out, "%s: MISMATCH\n", j->name);
	machine_explain(&b->machine, j->out);
	stop_machine(b);
	return EXIT_NO;
}

static int play_icarus(struct job *j, uint32_t bytes, struct machine_result *r)
{
	struct machine_setup setup = setup_of(j->b);
	return icarus_top_run(&j->b->icarus, &setup, j->program, bytes, r, j->name, j->out, j->f);
}

/* ---- the judgement ---- */

static bool same_error(const struct job *j, const struct bitlet_error *e)
{
	const struct core_error *want = &j->result->expect.error;
	if (e->code == want->fault && e->channel == want->channel && e->address == want->address)
		return true;
	fprintf(j->out, "%s: MISMATCH: the core ended with %s, channel %s, address 0x%" PRIx64 "; expected %s\n", j->name, bitlet_error_name(e->code),
	        bitlet_channel_name(e->channel), e->address, bitlet_error_name(want->fault));
	return false;
}

/* A share raises some of the whole program's flags. */
static bool same_flags(const struct job *j, uint32_t flags)
{
	uint32_t want = j->result->expect.flags;
	if (j->unit ? !(flags & ~want) : flags == want)
		return true;
	fprintf(j->out, "%s: MISMATCH: flags 0x%x; expected %s0x%x\n", j->name, flags, j->unit ? "some of " : "", want);
	return false;
}

/* The first byte in [from, to) that the machine left otherwise; `to` when there is none. */
static size_t first_difference(const struct job *j, size_t from, size_t to)
{
	const uint8_t *have = j->b->work.data, *want = j->m->data;
	if (from >= to || !memcmp(have + from, want + from, to - from))
		return to;
	while (have[from] == want[from])
		from++;
	return from;
}

/* The program of a share is another one; everything else must be equal. */
static bool same_bytes(const struct job *j)
{
	const struct image *m = j->m;
	size_t program = (size_t)(j->program - m->base), end = program + j->bytes, at;
	at = first_difference(j, 0, j->unit ? program : m->bytes);
	if (j->unit && at == program)
		at = first_difference(j, end, m->bytes);
	if (at == m->bytes)
		return true;
	fprintf(j->out, "%s: MISMATCH: byte 0x%02x at address 0x%" PRIx64 "; the interpreter's is 0x%02x\n", j->name, j->b->work.data[at], m->base + at,
	        m->data[at]);
	return false;
}

static int play(struct job *j, uint32_t bytes)
{
	struct machine_result r;
	memset(&r, 0, sizeof r);
	int status = j->b->kind == BACKEND_ICARUS ? play_icarus(j, bytes, &r) : play_machine(j, bytes, &r);
	memcpy(j->result->counter, r.counter, sizeof r.counter);
	j->result->cycles_known = status == EXIT_GOOD;
	if (status != EXIT_GOOD)
		return status;
	j->result->equal = same_error(j, &r.error) && same_flags(j, r.flags) && same_bytes(j);
	return j->result->equal ? EXIT_GOOD : EXIT_NO;
}

/* ---- a run ---- */

static bool run_interpreter(struct job *j)
{
	const struct backend *b = j->b;
	struct interpret_result *r = &j->result->expect;
	if (!interpret(&b->config, &b->derived, j->m, j->program, j->bytes, b->threads, r, j->f))
		return false;
	j->result->flags = r->flags;
	return true;
}

/* Everything: from the memory before the run. */
static int run_whole(struct job *j)
{
	if (!copy_image(&j->b->work, j->m, j->f) || !run_interpreter(j))
		return EXIT_INPUT;
	return play(j, j->bytes);
}

/* Some units: from the memory after the run, in which what they write is spoilt. */
static int run_share(struct job *j)
{
	struct backend *b = j->b;
	struct tile_units u;
	uint32_t bytes = 0;
	if (!tile_units_of(&b->config, &b->derived, j->m, j->program, j->bytes, &u, j->f))
		return EXIT_INPUT;
	bool good = run_interpreter(j);
	if (good && j->result->expect.error.fault != CORE_FAULT_NONE) { /* there is nothing to compare with */
		tile_units_free(&u);
		return EXIT_GOOD;
	}
	good = good && copy_image(&b->work, j->m, j->f) &&
	       tile_units_spoil(&u, &b->config, &b->work, j->program, j->unit, j->count, j->f) &&
	       tile_units_keep(&u, &b->work, j->program, j->unit, j->count, &bytes, j->f);
	tile_units_free(&u);
	return good ? play(j, bytes) : EXIT_INPUT;
}

static int run_fast(struct job *j)
{
	if (!run_interpreter(j))
		return EXIT_INPUT;
	j->result->equal = true;
	return EXIT_GOOD;
}

int backend_run(struct backend *b, const char *name, struct image *m, uint64_t program, uint32_t bytes, const uint32_t *unit, size_t count,
                struct backend_result *r, FILE *out, struct fault *f)
{
	struct job j = { b, name, m, program, bytes, unit, count, r, out, f };
	memset(r, 0, sizeof *r);
	int status = b->kind == BACKEND_FAST || (unit && !count) ? run_fast(&j) : unit ? run_share(&j) : run_whole(&j);
	if (status == EXIT_GOOD && r->expect.error.fault != CORE_FAULT_NONE) {
		fprintf(out, "%s: the core ends with %s at address 0x%" PRIx64 "\n", name, bitlet_error_name((uint32_t)r->expect.error.fault), r->expect.error.address);
		return EXIT_NO;
	}
	return status;
}
