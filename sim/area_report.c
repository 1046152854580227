#include "area_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "workspace.h"

const char *const area_category_key[AREA_CATEGORIES] = {
	"preprocessing", "orchestrator_decoder", "check_window", "adder_tree", "postprocessing", "other",
};

enum { FILES = 256, RUNS = 4096 };

/* A report while it is read. */
struct reader {
	const char *path, *expected; /* what the file should be */
	struct fault *f;
};

/* ---- fields ---- */

static cJSON *load(const struct reader *r)
{
	size_t size;
	errno = 0;
	char *text = read_whole(r->path, &size);
	cJSON *o = text ? cJSON_ParseWithLengthOpts(text, size + 1, NULL, true) : NULL; /* nothing behind it */
	if (!text)
		fault_set(r->f, "%s: %s; expected %s", r->path, errno ? strerror(errno) : "cannot be read", r->expected);
	else if (!cJSON_IsObject(o))
		fault_set(r->f, "%s: not a JSON object; expected %s", r->path, r->expected);
	free(text);
	if (!cJSON_IsObject(o)) {
		cJSON_Delete(o);
		return NULL;
	}
	return o;
}

static const cJSON *member(const cJSON *o, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(o, name);
}

/* A number above zero; when it may be missing, *value stays. */
static bool get_positive(const struct reader *r, const cJSON *o, const char *name, bool needed, double *value)
{
	const cJSON *v = member(o, name);
	if (!v || cJSON_IsNull(v))
		return !needed || fault_set(r->f, "%s: \"%s\" is missing; expected %s", r->path, name, r->expected);
	if (!cJSON_IsNumber(v) || !(v->valuedouble > 0) || v->valuedouble > 1e15)
		return fault_set(r->f, "%s: \"%s\" is no number above 0; expected %s", r->path, name, r->expected);
	*value = v->valuedouble;
	return true;
}

/* At most size - 1 characters of a text, printable ones; the first line of what it names. */
static void copy_text(char *to, size_t size, const char *from)
{
	size_t i = 0;
	for (; from[i] && i + 1 < size; i++)
		to[i] = (unsigned char)from[i] < ' ' || from[i] == 127 ? '?' : from[i];
	to[i] = '\0';
}

static bool get_text(const struct reader *r, const cJSON *o, const char *name, bool needed, char *to, size_t size)
{
	const cJSON *v = member(o, name);
	if (!v)
		return !needed || fault_set(r->f, "%s: \"%s\" is missing; expected %s", r->path, name, r->expected);
	if (!cJSON_IsString(v) || !v->valuestring[0])
		return fault_set(r->f, "%s: \"%s\" is no text; expected %s", r->path, name, r->expected);
	copy_text(to, size, v->valuestring);
	return true;
}

/* ---- a summary ---- */

/* Cuts a tail off the first *length characters. */
static bool cut_tail(const char *text, size_t *length, const char *tail)
{
	size_t n = strlen(tail);
	bool there = *length > n && !memcmp(text + *length - n, tail, n);
	*length -= there ? n : 0;
	return there;
}

/* NAME/asic/summary.json and NAME/summary.json are NAME; else the file's name without its end. */
static void name_by_path(const char *path, char *to, size_t size)
{
	size_t end = strlen(path), begin;
	if (cut_tail(path, &end, "/summary.json"))
		cut_tail(path, &end, "/asic");
	else
		cut_tail(path, &end, ".json");
	for (begin = end; begin > 0 && path[begin - 1] != '/'; begin--)
		;
	size_t count = end - begin < size - 1 ? end - begin : size - 1;
	memcpy(to, path + begin, count);
	to[count] = '\0';
}

static bool has_module(const cJSON *modules, const char *name)
{
	const cJSON *m;
	cJSON_ArrayForEach(m, modules) {
		const cJSON *n = member(m, "name");
		if (cJSON_IsString(n) && !strcmp(n->valuestring, name))
			return true;
	}
	return false;
}

static bool get_categories(const struct reader *r, const cJSON *o, struct area_summary *s)
{
	const cJSON *list = member(o, "categories");
	double sum = 0;
	if (!list)
		return true;
	for (size_t i = 0; i < AREA_CATEGORIES; i++) {
		const cJSON *share = member(member(list, area_category_key[i]), "share");
		if (!cJSON_IsNumber(share) || share->valuedouble < 0 || share->valuedouble > 1)
			return fault_set(r->f, "%s: \"categories\" has no share of \"%s\" from 0 to 1; expected %s", r->path, area_category_key[i], r->expected);
		s->share[i] = share->valuedouble;
		sum += s->share[i];
	}
	if (sum < 0.99 || sum > 1.01)
		return fault_set(r->f, "%s: shares of \"categories\" sum to %.4f; expected 1", r->path, sum);
	s->has_categories = true;
	return true;
}

static bool read_summary(const struct reader *r, const cJSON *o, struct area_summary *s)
{
	const cJSON *modules = member(o, "modules");
	*s = (struct area_summary){.path = r->path};
	name_by_path(r->path, s->name, sizeof s->name);
	s->engine = has_module(modules, "product_sum") ? "dense" : has_module(modules, "rr_reg") ? "classic" : "-";
	if (modules && !cJSON_IsArray(modules))
		return fault_set(r->f, "%s: \"modules\" is no list; expected %s", r->path, r->expected);
	return get_text(r, o, "config", false, s->name, sizeof s->name) && get_text(r, o, "library", false, s->library, sizeof s->library) &&
	       get_positive(r, o, "kge", true, &s->kge) && get_positive(r, o, "area_um2", true, &s->area_um2) &&
	       get_positive(r, o, "fmax_mhz", false, &s->fmax_mhz) && get_positive(r, o, "power_mw", false, &s->power_mw) &&
	       get_positive(r, o, "power_clock_mhz", false, &s->power_mhz) && get_positive(r, o, "power_mac_per_cycle", false, &s->power_mac) &&
	       get_categories(r, o, s);
}

bool area_report_add_summary(struct area_report *r, const char *path, struct fault *f)
{
	const struct reader reader = {path, "the summary.json of make asic CONFIG=..., or of asic/synth", f};
	if (r->summaries == FILES)
		return fault_set(f, "%s: more than %d summaries", path, FILES);
	struct area_summary *more = realloc(r->summary, (r->summaries + 1) * sizeof *more);
	if (!more)
		return fault_set(f, "%s: out of memory", path);
	r->summary = more;
	cJSON *o = load(&reader);
	bool good = o && read_summary(&reader, o, &r->summary[r->summaries]);
	r->summaries += good;
	cJSON_Delete(o);
	return good;
}

/* ---- a run ---- */

/* The file's name without folders. */
static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* Cycles in which the array held a group: waits for memory are the core's, not the engine's. */
static bool read_layer(const struct reader *r, const cJSON *o, struct area_run *run)
{
	return get_text(r, o, "name", true, run->layer, sizeof run->layer) && get_text(r, o, "precision", true, run->precision, sizeof run->precision) &&
	       get_text(r, o, "source", true, run->source, sizeof run->source) && get_positive(r, o, "macs", true, &run->macs) &&
	       get_positive(r, member(o, "counters"), "busy", true, &run->cycles);
}

static bool add_layer(struct area_report *r, const struct area_run *run, const char *path, struct fault *f)
{
	if (r->runs == RUNS)
		return fault_set(f, "%s: more than %d layers", path, RUNS);
	struct area_run *more = realloc(r->run, (r->runs + 1) * sizeof *more);
	if (!more)
		return fault_set(f, "%s: out of memory", path);
	r->run = more;
	r->run[r->runs++] = *run;
	return true;
}

static bool read_run(const struct reader *r, const cJSON *o, struct area_report *report)
{
	struct area_run run = {.pes = 0};
	char model[512] = "";
	const cJSON *layers = member(o, "layers"), *layer;
	size_t found = 0;
	if (!get_text(r, o, "config", true, run.config, sizeof run.config) || !get_text(r, o, "model", true, model, sizeof model) ||
	    !get_positive(r, o, "pes", true, &run.pes))
		return false;
	copy_text(run.model, sizeof run.model, base(model));
	cJSON_ArrayForEach(layer, layers) {
		double whole = 0, chosen = 0;
		if (!member(layer, "counters"))
			continue; /* of the host, or estimated */
		if (!get_positive(r, layer, "units", true, &whole) || !get_positive(r, layer, "units_run", true, &chosen))
			return false;
		if (chosen != whole)
			return fault_set(r->f, "%s: a layer ran %.0f of its %.0f units; expected a run without --sample and --shard", r->path, chosen, whole);
		if (!read_layer(r, layer, &run) || !add_layer(report, &run, r->path, r->f))
			return false;
		found++;
	}
	return found || fault_set(r->f, "%s: no layer has counters; expected %s", r->path, r->expected);
}

bool area_report_add_run(struct area_report *r, const char *path, struct fault *f)
{
	const struct reader reader = {path, "the report of bitlet run MODEL --cycles --json FILE, or with --on rtl", f};
	cJSON *o = load(&reader);
	bool good = o && read_run(&reader, o, r);
	cJSON_Delete(o);
	return good;
}

void area_report_free(struct area_report *r)
{
	free(r->summary);
	free(r->run);
	*r = (struct area_report){.summary = NULL};
}

/* ---- models ---- */

const struct area_node *area_library_node(const char *library)
{
	static const struct {
		const char *begin;      /* of the Liberty file's name */
		struct area_node node;
	} known[] = {
		{"nangate45", {45, 0, 1.1}}, {"NangateOpenCellLibrary", {45, 0, 1.1}}, {"osu018", {180, 0, 1.8}}, {"osu035", {350, 0, 3.3}},
		{"sky130", {130, 0, 1.8}}, {"sg13g2", {130, 0, 1.2}},
	};
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (!strncmp(library, known[i].begin, strlen(known[i].begin)))
			return &known[i].node;
	return NULL;
}

double area_energy_factor(const struct area_node *a, const struct area_node *b)
{
	return (double)b->nm / (double)a->nm * (b->volt / a->volt) * (b->volt / a->volt);
}

double area_run_rate(const struct area_run *r)
{
	return r->macs / r->cycles / r->pes;
}

double area_energy(const struct area_summary *s)
{
	double rate = s->power_mhz * s->power_mac; /* MMAC/s; mW / (MMAC/s) = nJ */
	return rate > 0 ? 1000 * s->power_mw / rate : 0;
}
