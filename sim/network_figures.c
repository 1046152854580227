#include "network_figures.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

double network_row_macs(const struct network_row *r)
{
	if (r->units_run == r->units || !r->groups || !r->counted)
		return (double)r->macs;
	return (double)r->macs * (double)r->counter[COUNT_groups] / (double)r->groups;
}

uint64_t network_row_cycles(const struct network_row *r)
{
	return r->counted ? r->counter[COUNT_cycles] : r->estimate;
}

void network_figures_total(const struct network_figures *n, struct network_total *t)
{
	*t = (struct network_total){.whole = true};
	for (size_t i = 0; i < n->rows; i++) {
		const struct network_row *r = &n->row[i];
		t->macs += r->macs;
		t->unequal += r->error.kind == ERROR_CODES && r->error.off;
		if (!r->on_core) {
			t->host_seconds += r->seconds;
			t->host_macs += r->macs;
			continue;
		}
		t->core_layers++;
		t->core_seconds += r->seconds;
		t->core_macs += r->macs;
		t->estimate += r->estimate;
		t->units += r->units;
		t->units_run += r->units_run;
		t->differ += r->differs;
		t->counted += r->counted;
		for (unsigned k = 0; r->counted && k < BITLET_COUNTERS; k++)
			t->counter[k] += r->counter[k];
		t->whole = t->whole && r->counted && r->units_run == r->units;
	}
	t->cycles = t->counted ? t->counter[COUNT_cycles] : t->estimate;
}

/* ---- errors ---- */

static bool same_shape(const struct tensor *a, const struct tensor *b)
{
	return a->count == b->count && a->rank == b->rank && !memcmp(a->dim, b->dim, a->rank * sizeof *a->dim);
}

static void add_element(struct network_error *e, double v, double reference)
{
	if (v == reference || (isnan(v) && isnan(reference))) {
		e->top = fmax(e->top, isinf(reference) ? 0 : fabs(reference)); /* fmax takes the number of a number and NaN */
		return;
	}
	double off = fabs(v - reference);
	e->off++;
	e->worst = isfinite(off) ? fmax(e->worst, off) : INFINITY;
	e->top = fmax(e->top, isfinite(reference) ? fabs(reference) : 0);
}

void network_error_add(struct network_error *e, enum error_kind kind, const struct tensor *t, const struct tensor *reference)
{
	if (!reference || !t)
		return;
	e->kind = kind;
	e->elements += t->count;
	if (t->type != reference->type || !same_shape(t, reference)) {
		e->off += t->count ? t->count : 1;
		e->worst = INFINITY;
		return;
	}
	if (kind == ERROR_CODES && tensor_equal(t, reference))
		return;
	for (size_t i = 0; i < t->count; i++)
		add_element(e, tensor_number(t, i), tensor_number(reference, i));
	if (kind == ERROR_CODES && !e->off) /* +0 and -0, or NaNs of other bits: not the same bytes */
		e->off = 1;
}

double network_error_share(const struct network_error *e)
{
	return e->worst == 0 ? 0 : e->top > 0 ? e->worst / e->top : INFINITY;
}

char *network_error_text(const struct network_error *e, char text[40])
{
	if (e->kind == ERROR_UNKNOWN)
		strcpy(text, "-");
	else if (e->kind == ERROR_CODES && e->off)
		snprintf(text, 40, "%" PRIu64 " of %" PRIu64 " off", e->off, e->elements);
	else if (e->off == 0)
		strcpy(text, e->kind == ERROR_CODES ? "exact" : "0");
	else
		snprintf(text, 40, "%.2g", network_error_share(e));
	return text;
}

void network_figures_free(struct network_figures *n)
{
	free(n->row);
	free(n->output);
	*n = (struct network_figures){0};
}
