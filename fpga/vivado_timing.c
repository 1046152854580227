/*
 * vivado_timing.c: report_timing_summary, whose tables are columns of words below names underlined with hyphens.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "vivado_report.h"

enum { WORDS = 16 };

struct words {
	char *word[WORDS];
	unsigned words;
	char *copy;
};

/* The words of a line; more than WORDS are left out. False without memory. */
static bool cut(struct words *w, const struct report_text *t, size_t line)
{
	*w = (struct words){ .copy = malloc(strlen(t->line[line]) + 1) };
	if (!w->copy)
		return report_fault(t, line, "out of memory");
	strcpy(w->copy, t->line[line]);
	for (char *p = strtok(w->copy, " "); p && w->words < WORDS; p = strtok(NULL, " "))
		w->word[w->words++] = p;
	return true;
}

/* -0.333; NA, of a design without such paths, counts as 0. */
static bool number(const struct report_text *t, size_t line, const char *text, double *value)
{
	char *end = NULL;
	const char *digits = text + (*text == '-');
	if (!strcmp(text, "NA")) {
		*value = 0;
		return true;
	}
	*value = strtod(text, &end);
	if (isdigit((unsigned char)*digits) && *end == '\0')
		return true;
	return report_fault(t, line, "'%s' is no number; expected a slack or a count of endpoints", text);
}

static bool is_blank(const char *line)
{
	return line[strspn(line, " \t")] == '\0';
}

/* The first line of a table below the box "| title", two lines below the names. t->lines after a complaint. */
static size_t table_below(const struct report_text *t, const char *title, const char *first)
{
	char boxed[64];
	snprintf(boxed, sizeof boxed, "| %s", title);
	size_t box = report_find(t, 0, boxed);
	if (box == t->lines) {
		report_fault(t, t->lines - 1, "ends without \"%s\"; expected that section", title);
		return t->lines;
	}
	size_t names = report_find(t, box + 1, first);
	size_t next = report_find(t, box + 1, "| ");
	while (next < t->lines && !strncmp(t->line[next], "| --", 4)) /* the line under the title */
		next = report_find(t, next + 1, "| ");
	if (names + 2 < t->lines && names < next)
		return names + 2;
	report_fault(t, names < t->lines ? names : t->lines - 1, "\"%s\" is damaged; expected a table whose first column is %s", title, first);
	return t->lines;
}

static bool take_summary(struct vivado_timing *v, const struct report_text *t)
{
	size_t line = table_below(t, "Design Timing Summary", "WNS(ns)");
	struct words w;
	if (line == t->lines || !cut(&w, t, line))
		return false;
	double *const place[] = { &v->setup_slack, &v->setup_total, &v->setup_failing, &v->setup_endpoints, &v->hold_slack, &v->hold_total, &v->hold_failing,
				  &v->hold_endpoints };
	bool good = w.words >= 8 || report_fault(t, line, "\"Design Timing Summary\" is damaged; expected 12 numbers, found %u", w.words);
	for (unsigned i = 0; good && i < 8; i++)
		good = number(t, line, w.word[i], place[i]);
	if (good && v->setup_endpoints == 0)
		good = report_fault(t, line, "no path was timed; expected a design with a clock");
	free(w.copy);
	return good;
}

static bool take_verdict(struct vivado_timing *v, const struct report_text *t)
{
	if (report_find(t, 0, "All user specified timing constraints are met.") < t->lines)
		v->met = true;
	else if (report_find(t, 0, "Timing constraints are not met.") == t->lines)
		return report_fault(t, t->lines - 1, "ends without a verdict; expected \"All user specified timing constraints are met.\" or that they are not");
	return true;
}

/* name {0.000 2.500} period frequency: names may hold blanks no more than waveforms do, which are two words. */
static bool take_clock(struct vivado_timing *v, const struct report_text *t, size_t line)
{
	struct words w;
	if (!cut(&w, t, line))
		return false;
	bool good = (w.words >= 5 && w.word[1][0] == '{') || report_fault(t, line, "\"Clock Summary\" is damaged; expected name, waveform, period, frequency");
	if (good && v->clocks < VIVADO_CLOCKS) {
		struct vivado_clock *c = &v->clock[v->clocks];
		*c = (struct vivado_clock){ .timed = false };
		vivado_copy(c->name, w.word[0]);
		good = number(t, line, w.word[3], &c->period);
		v->clocks += good;
	}
	free(w.copy);
	return good;
}

static bool take_slack(struct vivado_timing *v, const struct report_text *t, size_t line)
{
	struct words w;
	if (!cut(&w, t, line))
		return false;
	bool good = true;
	/* a clock without set-up paths has only its pulse width's columns: 5 words instead of 13 */
	if (w.words >= 9)
		for (struct vivado_clock *c = v->clock; c < v->clock + v->clocks; c++)
			if (!strcmp(c->name, w.word[0]) && strcmp(w.word[1], "NA")) {
				good = number(t, line, w.word[1], &c->slack);
				c->timed = good;
			}
	free(w.copy);
	return good;
}

static bool take_clocks(struct vivado_timing *v, const struct report_text *t)
{
	size_t line = table_below(t, "Clock Summary", "Clock ");
	bool good = line < t->lines;
	for (; good && line < t->lines && !is_blank(t->line[line]); line++)
		good = take_clock(v, t, line);
	if (!good)
		return false;
	line = table_below(t, "Intra Clock Table", "Clock ");
	good = line < t->lines;
	for (; good && line < t->lines && !is_blank(t->line[line]); line++)
		good = take_slack(v, t, line);
	return good;
}

static void take_end(const struct report_text *t, size_t from, const char *what, char out[VIVADO_TEXT])
{
	size_t line = report_find(t, from, what);
	if (line == t->lines || line > from + 4)
		return;
	const char *p = strchr(t->line[line], ':') + 1;
	vivado_copy(out, p + strspn(p, " "));
	out[strcspn(out, " ")] = '\0';
}

/* The path with the least slack of all "Max Delay Paths". */
static bool take_worst_path(struct vivado_timing *v, const struct report_text *t)
{
	double worst = 0, slack;
	bool any = false, max = false;
	for (size_t i = 0; i < t->lines; i++) {
		const char *line = t->line[i], *colon = strchr(line, ':');
		if (!strncmp(line, "Max Delay Paths", 15))
			max = true;
		else if (!strncmp(line, "Min Delay Paths", 15))
			max = false;
		if (!max || strncmp(line, "Slack", 5) || !colon)
			continue;
		char *end;
		slack = strtod(colon + 1, &end);
		if (end == colon + 1 || strncmp(end, "ns", 2)) {
			if (strstr(colon, "inf"))
				continue;
			return report_fault(t, i, "a path without slack; expected \"Slack (MET) : 0.123ns\"");
		}
		if (any && slack >= worst)
			continue;
		any = true;
		worst = slack;
		take_end(t, i + 1, "Source:", v->from);
		take_end(t, i + 1, "Destination:", v->to);
	}
	return true;
}

bool vivado_timing(struct vivado_report *r, const struct report_text *t)
{
	struct vivado_timing *v = &r->timing;
	if (v->known)
		return report_fault(t, 0, "a second report_timing_summary; expected one");
	v->known = take_summary(v, t) && take_verdict(v, t) && take_clocks(v, t) && take_worst_path(v, t);
	return v->known;
}

double vivado_fmax(const struct vivado_clock *c)
{
	double path = c->period - c->slack;
	return c->timed && path > 0 ? 1000 / path : 0;
}

const struct vivado_clock *vivado_worst_clock(const struct vivado_timing *t)
{
	const struct vivado_clock *worst = NULL;
	for (const struct vivado_clock *c = t->clock; c < t->clock + t->clocks; c++)
		if (c->timed && (!worst || c->slack < worst->slack))
			worst = c;
	return worst;
}
