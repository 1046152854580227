#include "merge_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "shard_report.h"
#include "tile_build.h"

enum { MERGE_RUNS = 100000000, MERGE_UNITS = 1 << 26 };  /* units: of all steps */

/* A report while it is read. */
struct reader {
	const char *path;
	struct fault *f;
};

/* ---- fields ---- */

static const cJSON *field(const struct reader *r, const cJSON *o, const char *name, cJSON_bool (*is)(const cJSON *), const char *expected)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
	if (is(v))
		return v;
	fault_set(r->f, "%s: \"%s\" is %s; expected %s", r->path, name, v ? "of another type" : "missing", expected);
	return NULL;
}

static bool get_text(const struct reader *r, const cJSON *o, const char *name, const char **value)
{
	const cJSON *v = field(r, o, name, cJSON_IsString, "a text");
	*value = v ? v->valuestring : NULL;
	return v != NULL;
}

static bool get_real(const struct reader *r, const cJSON *o, const char *name, double *value)
{
	const cJSON *v = field(r, o, name, cJSON_IsNumber, "a number");
	if (!v)
		return false;
	*value = v->valuedouble;
	return (*value >= 0 && *value < 1e18) || fault_set(r->f, "%s: \"%s\" is %g; expected a number that is not negative", r->path, name, *value);
}

static bool get_whole(const struct reader *r, const cJSON *o, const char *name, uint32_t least, uint32_t most, uint32_t *value)
{
	double v;
	if (!get_real(r, o, name, &v))
		return false;
	*value = v <= most ? (uint32_t)v : 0;
	return (v >= least && v <= most && v == (double)*value) ||
	       fault_set(r->f, "%s: \"%s\" is %g; expected a whole number from %" PRIu32 " to %" PRIu32, r->path, name, v, least, most);
}

/* ---- the first report ---- */

static bool start_step(const struct reader *r, const cJSON *o, uint32_t *room, struct merge_step *s)
{
	uint32_t run;
	if (!get_whole(r, o, "run", 0, MERGE_RUNS, &run) || !get_text(r, o, "layer", &s->layer) || !get_whole(r, o, "units", 1, BUILD_MAX_TILES, &s->units) ||
	    !get_text(r, o, "chosen", &s->chosen_text))
		return false;
	if (s->units > *room)
		return fault_set(r->f, "%s: the steps have more than %d units", r->path, MERGE_UNITS);
	*room -= s->units;
	s->run = run;
	s->equal = true;
	s->wanted = calloc(s->units, 1);
	s->covered = calloc(s->units, 1);
	if (!s->wanted || !s->covered)
		return fault_set(r->f, "%s: out of memory for the units of layer '%s'", r->path, s->layer);
	if (!shard_ranges_read(s->chosen_text, s->wanted, s->units))
		return fault_set(r->f, "%s: layer '%s': \"chosen\" is '%.40s'; expected rising ranges of units below %" PRIu32, r->path, s->layer, s->chosen_text,
		                 s->units);
	for (uint32_t u = 0; u < s->units; u++)
		s->chosen += s->wanted[u];
	return true;
}

static const cJSON *verification_of(const struct reader *r, const cJSON *report)
{
	return field(r, report, "verification", cJSON_IsObject, "the report of bitlet run MODEL --shard K/N --json FILE");
}

bool merge_start(struct merge *m, const cJSON *report, const char *path, struct fault *f)
{
	const struct reader r = {path, f};
	uint32_t shards, room = MERGE_UNITS;
	*m = (struct merge){.first = verification_of(&r, report), .first_path = path};
	if (!m->first || !get_whole(&r, m->first, "shards", 1, SHARD_MAX, &shards))
		return false;
	const cJSON *steps = field(&r, m->first, "steps", cJSON_IsArray, "a list"), *o;
	if (!steps)
		return false;
	size_t count = (size_t)cJSON_GetArraySize(steps);
	m->shards = shards;
	m->path = calloc(m->shards, sizeof *m->path);
	m->step = calloc(count + 1, sizeof *m->step);
	if (!m->path || !m->step)
		return fault_set(f, "%s: out of memory for its steps", path);
	cJSON_ArrayForEach(o, steps)
		if (!start_step(&r, o, &room, &m->step[m->steps++]))
			return false;
	return true;
}

void merge_free(struct merge *m)
{
	for (size_t i = 0; i < m->steps; i++) {
		free(m->step[i].wanted);
		free(m->step[i].covered);
	}
	free(m->step);
	free(m->path);
	*m = (struct merge){.first = NULL};
}

/* ---- every report ---- */

/* One run has one model, one configuration, ... */
static bool same_run(const struct merge *m, const struct reader *r, const cJSON *v)
{
	static const char *const texts[] = {"model", "config", "input", "seed", "by", NULL}, *const numbers[] = {"sample", "shards", NULL};
	const struct reader first = {m->first_path, r->f};
	for (size_t i = 0; texts[i]; i++) {
		const char *a, *b;
		if (!get_text(&first, m->first, texts[i], &a) || !get_text(r, v, texts[i], &b))
			return false;
		if (strcmp(a, b) != 0)
			return fault_set(r->f, "%s: \"%s\" is '%.60s'; expected '%.60s' as in %s", r->path, texts[i], b, a, m->first_path);
	}
	for (size_t i = 0; numbers[i]; i++) {
		double a, b;
		if (!get_real(&first, m->first, numbers[i], &a) || !get_real(r, v, numbers[i], &b))
			return false;
		if (a < b || a > b)
			return fault_set(r->f, "%s: \"%s\" is %g; expected %g as in %s", r->path, numbers[i], b, a, m->first_path);
	}
	return true;
}

static bool same_step(const struct merge_step *s, const struct reader *r, const cJSON *o)
{
	const char *layer, *chosen;
	uint32_t run, units;
	if (!get_whole(r, o, "run", 0, MERGE_RUNS, &run) || !get_text(r, o, "layer", &layer) || !get_whole(r, o, "units", 1, BUILD_MAX_TILES, &units) ||
	    !get_text(r, o, "chosen", &chosen))
		return false;
	if (run == s->run && !strcmp(layer, s->layer) && units == s->units && !strcmp(chosen, s->chosen_text))
		return true;
	return fault_set(r->f, "%s: a step is layer '%.40s' of run %" PRIu32 " with %" PRIu32 " units, '%.40s' chosen; expected '%.40s' of run %u with %" PRIu32
	                 ", '%.40s' chosen, as in the other reports", r->path, layer, run, units, chosen, s->layer, s->run, s->units, s->chosen_text);
}

static bool add_step(struct merge_step *s, const struct reader *r, const cJSON *o)
{
	const char *verified;
	double cycles, busy;
	if (!same_step(s, r, o) || !get_text(r, o, "verified", &verified) || !get_real(r, o, "cycles", &cycles) || !get_real(r, o, "busy", &busy))
		return false;
	const cJSON *equal = field(r, o, "equal", cJSON_IsBool, "true or false");
	if (!equal)
		return false;
	if (!shard_ranges_read(verified, s->covered, s->units))
		return fault_set(r->f, "%s: layer '%s': \"verified\" is '%.40s'; expected rising ranges of units below %" PRIu32, r->path, s->layer, verified, s->units);
	for (uint32_t u = 0; u < s->units; u++)
		if (s->covered[u] && !s->wanted[u])
			return fault_set(r->f, "%s: layer '%s': \"verified\" has unit %" PRIu32 "; expected units of \"chosen\"", r->path, s->layer, u);
	s->equal &= cJSON_IsTrue(equal) != 0;
	s->cycles += cycles;
	s->busy += busy;
	return true;
}

bool merge_add(struct merge *m, const cJSON *report, const char *path, struct fault *f)
{
	const struct reader r = {path, f};
	const cJSON *v = verification_of(&r, report), *steps, *o;
	uint32_t shard;
	size_t i = 0;
	if (!v || !same_run(m, &r, v) || !get_whole(&r, v, "shard", 1, m->shards, &shard) || !(steps = field(&r, v, "steps", cJSON_IsArray, "a list")))
		return false;
	if (m->path[shard - 1])
		return fault_set(f, "%s: \"shard\" is %" PRIu32 ", as in %s; expected each shard once", path, shard, m->path[shard - 1]);
	if ((size_t)cJSON_GetArraySize(steps) != m->steps)
		return fault_set(f, "%s: \"steps\" has %d entries; expected %zu as in %s", path, cJSON_GetArraySize(steps), m->steps, m->first_path);
	cJSON_ArrayForEach(o, steps)
		if (!add_step(&m->step[i++], &r, o))
			return false;
	m->path[shard - 1] = path;
	return true;
}

bool merge_finish(struct merge *m)
{
	bool good = true;
	for (size_t i = 0; i < m->steps; i++) {
		struct merge_step *s = &m->step[i];
		s->missing = s->twice = 0;
		for (uint32_t u = 0; u < s->units; u++) {
			s->missing += s->wanted[u] && !s->covered[u];
			s->twice += s->covered[u] > 1;
		}
		good &= s->equal && !s->missing && !s->twice;
	}
	for (unsigned k = 0; k < m->shards; k++)
		good &= m->path[k] != NULL;
	return good;
}

/* ---- what came out ---- */

static const char *verdict(const struct merge_step *s)
{
	return !s->equal ? "DIFFERS" : s->missing ? "MISSING" : s->twice ? "TWICE" : s->chosen ? "equal" : "-";
}

static void print_missing_shards(const struct merge *m, FILE *out)
{
	unsigned missing = 0;
	for (unsigned k = 0; k < m->shards; k++)
		if (!m->path[k])
			fprintf(out, "%s%u", missing++ ? ", " : "missing shards: ", k + 1);
	if (missing)
		fprintf(out, "\n");
}

struct merge_totals {
	uint64_t units, chosen, missing, twice, differ;
	double cycles, busy;
};

static struct merge_totals totals_of(const struct merge *m)
{
	struct merge_totals t = {.units = 0};
	for (size_t i = 0; i < m->steps; i++) {
		const struct merge_step *s = &m->step[i];
		t.units += s->units;
		t.chosen += s->chosen;
		t.missing += s->missing;
		t.twice += s->twice;
		t.differ += !s->equal;
		t.cycles += s->cycles;
		t.busy += s->busy;
	}
	return t;
}

static double share(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

void merge_print(const struct merge *m, FILE *out)
{
	const struct merge_totals t = totals_of(m);
	fprintf(out, "%-4s %-32s %8s %8s %8s %12s %6s  %s\n", "run", "layer", "units", "chosen", "verified", "cycles", "busy", "result");
	for (size_t i = 0; i < m->steps; i++) {
		const struct merge_step *s = &m->step[i];
		fprintf(out, "%-4u %-32.32s %8" PRIu32 " %8" PRIu32 " %8" PRIu32 " %12.0f %5.1f%%  %s\n", s->run, s->layer, s->units, s->chosen, s->chosen - s->missing,
		        s->cycles, 100 * share(s->busy, s->cycles), verdict(s));
	}
	fprintf(out, "%-37s %8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %12.0f %5.1f%%\n", "all", t.units, t.chosen, t.chosen - t.missing, t.cycles,
	        100 * share(t.busy, t.cycles));
	print_missing_shards(m, out);
	if (t.differ)
		fprintf(out, "%" PRIu64 " of %zu steps DIFFER\n", t.differ, m->steps);
	if (t.missing || t.twice)
		fprintf(out, "%" PRIu64 " units are in no report, %" PRIu64 " in more than one\n", t.missing, t.twice);
	else
		fprintf(out, "every chosen unit was verified exactly once\n");
}

static cJSON *step_object(const struct merge_step *s)
{
	cJSON *o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "run", s->run);
	cJSON_AddStringToObject(o, "layer", s->layer);
	cJSON_AddNumberToObject(o, "units", s->units);
	cJSON_AddStringToObject(o, "chosen", s->chosen_text);
	cJSON_AddNumberToObject(o, "missing", s->missing);
	cJSON_AddNumberToObject(o, "twice", s->twice);
	cJSON_AddBoolToObject(o, "equal", s->equal);
	cJSON_AddNumberToObject(o, "cycles", s->cycles);
	cJSON_AddNumberToObject(o, "busy", s->busy);
	return o;
}

static void add_shards(const struct merge *m, cJSON *o)
{
	cJSON *missing = cJSON_AddArrayToObject(o, "missing_shards");
	for (unsigned k = 0; k < m->shards; k++)
		if (!m->path[k])
			cJSON_AddItemToArray(missing, cJSON_CreateNumber(k + 1));
}

cJSON *merge_object(const struct merge *m)
{
	static const char *const copied[] = {"by", "model", "config", "input", "sample", "seed", "shards", NULL};
	const struct merge_totals t = totals_of(m);
	cJSON *o = cJSON_CreateObject();
	for (size_t i = 0; copied[i]; i++)
		cJSON_AddItemToObject(o, copied[i], cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(m->first, copied[i]), true));
	add_shards(m, o);
	cJSON_AddBoolToObject(o, "complete", !t.missing && !t.twice);
	cJSON_AddBoolToObject(o, "equal", !t.differ);
	cJSON_AddNumberToObject(o, "cycles", t.cycles);
	cJSON_AddNumberToObject(o, "busy", t.busy);
	cJSON *steps = cJSON_AddArrayToObject(o, "steps");
	for (size_t i = 0; i < m->steps; i++)
		cJSON_AddItemToArray(steps, step_object(&m->step[i]));
	return o;
}
