#include "campaign.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "icarus.h"

enum { BREAK_OUTPUTS = 8 };         /* --break hits one of the first outputs, so that a short rerun shows it too */

/* Bytes of vectors in one feed; longer runs are played piece by piece. */
static const size_t feed_bytes = (size_t)1 << 27;

double campaign_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct row *campaign_row(struct campaign *c, const char *name, int mode)
{
	struct row *more = realloc(c->row, (c->rows + 1) * sizeof *more);
	if (!more)
		return NULL;
	c->row = more;
	struct row *r = &c->row[c->rows++];
	memset(r, 0, sizeof *r);
	snprintf(r->name, sizeof r->name, "%s", name);
	r->mode = mode;
	return r;
}

void campaign_free(struct campaign *c)
{
	free(c->row);
	c->row = NULL;
	c->rows = 0;
}

static void show_progress(void *context, size_t beats)
{
	struct campaign *c = context;
	if (!c->shows_progress && (!isatty(STDERR_FILENO) || campaign_now() - c->started < 2))
		return;
	c->shows_progress = true;
	fprintf(stderr, "\r\033[K%s: %zu groups", c->row[c->rows - 1].name, beats * c->options->config.pes);
}

/* Which bit --break flips, the same for any number of groups. */
static struct traffic_break draw_break(const struct campaign *c, const struct feed *f)
{
	struct bitlet_rng r = {feed_seed(c->options->seed, "break", 0)};
	struct traffic_break b = {
		.on = true, .output = bitlet_random_below(&r, BREAK_OUTPUTS), .pe = bitlet_random_below(&r, f->config->pes),
		.bit = bitlet_random_below(&r, f->derived->out_bits + 4),
	};
	if (b.output >= f->outputs)
		b.output = f->outputs - 1;
	return b;
}

/* Beats that any stream had shown when the mismatch came: a feed of that many, and one more, gives the same cycles up to there. */
static size_t shown_beats(const struct cosim *s, const struct mismatch *m)
{
	struct traffic t;
	size_t most = 0;
	if (!traffic_new(&t, s->feed, s->stall, s->stall_seed, s->law))
		return s->feed->beats;
	while (traffic_step(&t) == TRAFFIC_RUNS && t.cycle < m->cycle)
		;
	most = t.act_at;
	for (unsigned pe = 0; pe < s->feed->config->pes; pe++)
		if (t.wgt_at[pe] > most)
			most = t.wgt_at[pe];
	traffic_free(&t);
	return most + 2 < s->feed->beats ? most + 2 : s->feed->beats;
}

static void note_mismatch(struct campaign *c, const struct cosim *s, size_t before)
{
	c->mismatch_row = c->rows - 1;
	c->mismatch_stall = s->stall;
	c->reproduce_groups = before + shown_beats(s, &c->mismatch) * s->feed->config->pes;
	if (c->shows_progress)
		fprintf(stderr, "\r\033[K");
	c->shows_progress = false;
	if (s->api)
		c->explained = cosim_explain(s, &c->mismatch, &c->lane);
	else
		c->explained = icarus_explain(c->workspace, c->options->top, s, &c->mismatch, &c->lane);
}

bool campaign_play(struct campaign *c, const struct feed *f, enum stall_kind stall, uint64_t number, bool law, size_t before)
{
	struct row *r = &c->row[c->rows - 1];
	struct cosim s = {
		.api = c->api, .netlist = c->options->netlist[0] ? c->options->netlist : NULL, .dump = c->options->dump, .feed = f, .stall = stall, .law = law, .progress = show_progress, .context = c,
		.stall_seed = feed_seed(c->options->seed, stall_name(stall), number),
	};
	if (c->options->broken != BREAK_NONE && c->rows == 1 && number == 0) {
		struct traffic_break b = draw_break(c, f);
		*(c->options->broken == BREAK_RTL ? &s.break_rtl : &s.break_model) = b;
	}
	r->ran[stall] = true;
	struct cosim_counts *counts = &r->counts[stall];
	bool good = c->api ? cosim_run(&s, counts, &c->mismatch)
	                   : icarus_run(c->workspace, c->options->top, &s, counts, &c->mismatch);
	if (!good)
		return false;
	if (c->mismatch.kind != MISMATCH_NONE)
		note_mismatch(c, &s, before);
	return true;
}

static bool fail_memory(void)
{
	fprintf(stderr, "bitlet check: the run could not be completed (out of memory, or a tool failed)\n");
	return false;
}

static size_t feed_limit(const struct bitlet_config *c)
{
	size_t beat = ((size_t)c->pes + 1) * c->n * sizeof(uint32_t) + sizeof(struct feed_beat);
	return feed_bytes / beat;
}

/* One precision under one stall pattern. */
static bool play_random(struct campaign *c, int mode, enum stall_kind stall, size_t groups)
{
	const struct options *o = c->options;
	/* without stalls long outputs, so that credits bind nothing; with stalls any */
	unsigned least = stall == STALL_NONE ? traffic_credit_length(&o->config, &o->derived) : 1;
	least = least < o->config.max_groups ? least : o->config.max_groups;
	bool law = stall == STALL_NONE && traffic_law_holds(&o->config, &o->derived, least);
	size_t beats = (groups + o->config.pes - 1) / o->config.pes, limit = feed_limit(&o->config), done = 0;
	char part[64];
	snprintf(part, sizeof part, "%s/%s", options_mode_name(o, mode), stall_name(stall));
	for (uint64_t number = 0; done < beats && c->mismatch.kind == MISMATCH_NONE; number++) {
		struct feed_plan plan = {
			.mode = mode, .kind = o->kind, .beats = beats - done < limit ? beats - done : limit, .least = least,
			.seed = feed_seed(o->seed, part, number),
		};
		struct feed *f = feed_random(&o->config, &o->derived, &plan);
		bool good = f && campaign_play(c, f, stall, number, law, done * o->config.pes);
		feed_free(f);
		if (!good)
			return fail_memory();
		done += plan.beats;
	}
	return true;
}

static bool random_row(struct campaign *c, int mode)
{
	const struct options *o = c->options;
	if (!campaign_row(c, options_mode_name(o, mode), mode))
		return fail_memory();
	for (int stall = STALL_NONE; stall < STALL_KINDS && c->mismatch.kind == MISMATCH_NONE; stall++) {
		if (o->stall != EVERY_STALL && o->stall != stall)
			continue;
		bool few = o->stall == EVERY_STALL && stall != STALL_NONE;
		if (!play_random(c, mode, (enum stall_kind)stall, few ? (o->groups + 7) / 8 : o->groups))
			return false;
	}
	return true;
}

static bool exhaustive_row(struct campaign *c, int mode)
{
	const struct options *o = c->options;
	enum stall_kind stall = o->stall == EVERY_STALL ? STALL_NONE : (enum stall_kind)o->stall;
	bool law = stall == STALL_NONE && traffic_law_holds(&o->config, &o->derived, 1), left = true;
	size_t limit = feed_limit(&o->config), done = 0;
	if (!campaign_row(c, options_mode_name(o, mode), mode))
		return fail_memory();
	for (uint64_t number = 0; left && c->mismatch.kind == MISMATCH_NONE; number++) {
		struct feed *f = feed_exhaustive(&o->config, &o->derived, (unsigned)mode, done, limit, &left);
		bool good = f && campaign_play(c, f, stall, number, law, done * o->config.pes);
		done += f ? f->beats : 0;
		feed_free(f);
		if (!good)
			return fail_memory();
	}
	return true;
}

static enum campaign_verdict run_exhaustive(struct campaign *c)
{
	const struct options *o = c->options;
	for (int mode = 0; mode < (int)o->derived.modes && c->mismatch.kind == MISMATCH_NONE; mode++) {
		if (o->mode >= 0 && o->mode != mode)
			continue;
		if (!feed_can_exhaust(&o->derived, (unsigned)mode)) {
			if (o->mode < 0)
				continue;
			fprintf(stderr, "bitlet check: --exhaustive: %s has too many operands; expected w_bits + a_bits <= 16, or a 16-bit float\n",
			        options_mode_name(o, mode));
			return CAMPAIGN_FAILED;
		}
		if (!exhaustive_row(c, mode))
			return CAMPAIGN_FAILED;
	}
	if (c->rows)
		return CAMPAIGN_GOOD;
	fprintf(stderr, "bitlet check: --exhaustive: no precision of this configuration has few enough operands\n");
	return CAMPAIGN_FAILED;
}

static enum campaign_verdict run_random(struct campaign *c)
{
	const struct options *o = c->options;
	for (int mode = 0; mode < (int)o->derived.modes && c->mismatch.kind == MISMATCH_NONE; mode++)
		if ((o->mode == EVERY_MODE || o->mode == mode) && !random_row(c, mode))
			return CAMPAIGN_FAILED;
	bool mixed = o->mode == FEED_MIXED || (o->mode == EVERY_MODE && o->derived.modes > 1);
	if (mixed && c->mismatch.kind == MISMATCH_NONE && !random_row(c, FEED_MIXED))
		return CAMPAIGN_FAILED;
	return CAMPAIGN_GOOD;
}

enum campaign_verdict campaign_run(struct campaign *c)
{
	c->started = campaign_now();
	enum campaign_verdict v = c->options->network ? campaign_network(c)
	                          : c->options->exhaustive ? run_exhaustive(c)
	                                                   : run_random(c);
	if (c->shows_progress)
		fprintf(stderr, "\r\033[K");
	c->shows_progress = false;
	if (v == CAMPAIGN_GOOD && c->mismatch.kind != MISMATCH_NONE)
		v = CAMPAIGN_DIFFERS;
	return v;
}
