#include "config_load.h"

#include <stdarg.h>
#include <string.h>

#include "derive.h"

/* State of one check: the first complaint stays. */
struct check {
	const struct bitlet_config *c;
	struct config_complaint *complaint;
	unsigned fixed, floats;         /* precisions of either kind */
	const char *a_float;            /* the first float precision's name */
};

/* Always false, so that a rule ends in `return complain(...)`. */
__attribute__((format(printf, 3, 4)))
static bool complain(const struct check *k, const char *key, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(k->complaint->text, sizeof k->complaint->text, format, arguments);
	va_end(arguments);
	snprintf(k->complaint->key, sizeof k->complaint->key, "%s", key);
	return false;
}

static bool check_range(const struct check *k, const char *key, unsigned value, unsigned low, unsigned high, const char *unit)
{
	if (value < low || value > high)
		return complain(k, key, "%s is %u; expected %u..%u %s", key, value, low, high, unit);
	return true;
}

/* Ranges of the rows; only a struct that no file filled can fail here. */
static bool check_ranges(const struct check *k)
{
	const struct bitlet_config *c = k->c;
	return true
#define PARAM_UINT(key, low, high, def, unit, text) && check_range(k, #key, c->key, low, high, unit)
#define PARAM_COUNT(key, low, high, unit, text) && check_range(k, #key, c->key, low, high, unit)
#define PARAM_RATE(key, high, unit, text) && check_range(k, #key, c->key, 1, high, unit)
#define PARAM_PRECISIONS(key, high, text) && check_range(k, #key, c->key, 1, high, "precisions")
#define PARAM_CUT(key, high, def, text) && check_range(k, "pipeline." #key, c->pipeline.key, 0, high, "registers")
#include "params.def"
	;
}

static bool same_format(const struct bitlet_precision *a, const struct bitlet_precision *b)
{
	return a->is_float == b->is_float && a->exp_bits == b->exp_bits && a->man_bits == b->man_bits && a->w_bits == b->w_bits &&
	       a->a_bits == b->a_bits && a->w_signed == b->w_signed && a->a_signed == b->a_signed;
}

static bool check_precision(struct check *k, unsigned i)
{
	const struct bitlet_precision *p = &k->c->precision[i];
	struct bitlet_precision named;
	char key[32];
	snprintf(key, sizeof key, "precisions[%u]", i);
	if (!memchr(p->name, '\0', sizeof p->name) || !bitlet_precision_parse(p->name, &named) || !same_format(p, &named))
		return complain(k, key, "%s is no precision; expected what bitlet_precision_parse() gives", key);
	for (unsigned j = 0; j < i; j++)
		if (same_format(p, &k->c->precision[j]))
			return complain(k, key, "%s is %s like precisions[%u]; expected each precision once", key, p->name, j);
	k->fixed += !p->is_float;
	k->floats += p->is_float;
	if (p->is_float && k->floats == 1)
		k->a_float = p->name;
	return true;
}

static bool check_precisions(struct check *k)
{
	for (unsigned i = 0; i < k->c->precisions; i++)
		if (!check_precision(k, i))
			return false;
	return true;
}

/* Bits of the narrowest fixed precision's wider operand. */
static unsigned narrowest(const struct check *k)
{
	unsigned best = 25;
	for (unsigned i = 0; i < k->c->precisions; i++) {
		const struct bitlet_precision *p = &k->c->precision[i];
		unsigned width = p->w_bits > p->a_bits ? p->w_bits : p->a_bits;
		if (!p->is_float && width < best)
			best = width;
	}
	return best;
}

static bool check_packing(const struct check *k)
{
	const struct bitlet_config *c = k->c;
	if (c->packs < 1 || c->packs > BITLET_MAX_PACKS || c->packing[0] != 1)
		return complain(k, "packing", "packing has %u factors from %u; expected 1..%u ascending factors from 1", c->packs, c->packing[0],
				(unsigned)BITLET_MAX_PACKS);
	for (unsigned i = 1; i < c->packs; i++) {
		unsigned p = c->packing[i];
		if (p <= c->packing[i - 1] || p > 24 || 24 % p != 0 || p == 4 || p == 8)
			return complain(k, "packing", "packing has %u behind %u; expected ascending factors out of 1, 2, 3, 6, 12, 24", p, c->packing[i - 1]);
		if (!k->fixed)
			return complain(k, "packing", "packing has %u, but no precision is fixed point; expected 1 alone or a fixed precision", p);
		if (narrowest(k) > 24 / p)
			return complain(k, "packing", "packing has %u, but no fixed precision has at most %u bits; expected smaller factors or narrower precisions",
					p, 24 / p);
	}
	return true;
}

static bool check_rate(const struct check *k)
{
	if (k->c->preprocess_rate > k->c->n)
		return complain(k, "preprocess_rate", "preprocess_rate is %u, above n; expected 1..%u slots/cycle or full", k->c->preprocess_rate, k->c->n);
	return true;
}

static bool check_activation_side(const struct check *k)
{
	const struct bitlet_config *c = k->c;
	if (c->side != BITLET_SIDE_ACTIVATION)
		return true;
	if (k->floats)
		return complain(k, "side", "side is activation, but precision %s is a float; expected weight or fixed precisions alone", k->a_float);
	if (c->gate_zero_activations)
		return complain(k, "gate_zero_activations", "gate_zero_activations with side activation skips nothing more; expected no or side weight");
	if (c->array_fifo)
		return complain(k, "array_fifo", "array_fifo is %u, but with side activation all PEs share one selector; expected 0 or side weight", c->array_fifo);
	return true;
}

static bool check_structure(const struct check *k)
{
	const struct bitlet_config *c = k->c;
	if (c->selector == BITLET_SELECTOR_WINDOW && c->run_ahead)
		return complain(k, "run_ahead", "run_ahead is %u, but selector window cannot run ahead; expected 0 or selector full", c->run_ahead);
	if (c->array_fifo && c->pes == 1)
		return complain(k, "array_fifo", "array_fifo is %u, but there is only one PE; expected 0 or more pes", c->array_fifo);
	return true;
}

/* What the dense engine has no use for. */
static bool check_dense(const struct check *k)
{
	const struct bitlet_config *c = k->c;
	if (c->engine != BITLET_DENSE && c->pipeline.decoder > 1)
		return complain(k, "pipeline.decoder", "pipeline.decoder is %u, but engine classic has one place for it; expected 0..1 registers or engine dense",
				c->pipeline.decoder);
	if (c->engine != BITLET_DENSE)
		return true;
	if (c->selector == BITLET_SELECTOR_WINDOW)
		return complain(k, "selector", "selector is window, but engine dense selects nothing; expected full or engine classic");
	if (c->side == BITLET_SIDE_ACTIVATION)
		return complain(k, "side", "side is activation, but engine dense distils neither operand; expected weight or engine classic");
	if (c->run_ahead)
		return complain(k, "run_ahead", "run_ahead is %u, but engine dense has no lanes; expected 0 or engine classic", c->run_ahead);
	if (c->packs > 1)
		return complain(k, "packing", "packing has %u, but engine dense multiplies one pair a slot; expected 1 alone or engine classic", c->packing[1]);
	if (c->gate_zero_activations)
		return complain(k, "gate_zero_activations", "gate_zero_activations is yes, but engine dense skips nothing; expected no or engine classic");
	if (c->preprocess_rate != c->n)
		return complain(k, "preprocess_rate", "preprocess_rate is %u, but engine dense takes a group a cycle; expected full or engine classic",
				c->preprocess_rate);
	return true;
}

/* Parameters that mean something for floats only. */
static bool check_float_only(const struct check *k)
{
	const struct bitlet_config *c = k->c;
	bool wide = c->accumulation == BITLET_ACCUMULATION_WIDE;
	if (k->floats)
		return true;
	if (c->guard_bits)
		return complain(k, "guard_bits", "guard_bits is %u, but no precision is a float; expected 0 or a float precision", c->guard_bits);
	if (wide)
		return complain(k, "accumulation", "accumulation is wide, but no precision is a float; expected it left out or a float precision");
	if (c->pipeline.accumulator)
		return complain(k, "pipeline.accumulator", "pipeline.accumulator is %u, but no precision is a float; expected 0 or a float precision",
				c->pipeline.accumulator);
	if (c->pipeline.packager)
		return complain(k, "pipeline.packager", "pipeline.packager is %u, but no precision is a float; expected 0 or a float precision",
				c->pipeline.packager);
	return true;
}

/* Parameters that mean something in fixed point only. */
static bool check_fixed_only(const struct check *k)
{
	const struct bitlet_config *c = k->c;
	if (k->fixed)
		return true;
	if (c->run_ahead)
		return complain(k, "run_ahead", "run_ahead is %u, but no precision is fixed point; expected 0 or a fixed precision", c->run_ahead);
	if (c->gate_zero_activations)
		return complain(k, "gate_zero_activations", "gate_zero_activations is yes, but no precision is fixed point; expected no or a fixed precision");
	if (c->zero_point)
		return complain(k, "zero_point", "zero_point is yes, but no precision is fixed point; expected no or a fixed precision");
	return true;
}

/* Exact sums of a fixed output have 64 bits at most. */
static bool check_sums(const struct check *k)
{
	struct bitlet_derived d;
	bitlet_derive(k->c, &d);
	for (unsigned i = 0; i < d.modes; i++) {
		const struct bitlet_mode *m = &d.mode[i];
		unsigned bits = m->sum_bits - bitlet_clog2(k->c->max_groups); /* one group's */
		if (m->precision.is_float || m->sum_bits <= 64)
			continue;
		snprintf(k->complaint->other, sizeof k->complaint->other, "precisions[%u]", i);
		return complain(k, "max_groups", "max_groups is %u, for which %s needs sums of %u bits, above 64; expected 1..%u groups", k->c->max_groups,
				m->precision.name, m->sum_bits, 1u << (64 - bits));
	}
	return true;
}

static bool check_power(const struct check *k, const char *key, unsigned value, const char *unit)
{
	if (value & (value - 1))
		return complain(k, key, "%s is %u; expected a power of two %s", key, value, unit);
	return true;
}

/* What stands around the engine (docs/core.md). */
static bool check_core(const struct check *k)
{
	const struct bitlet_config *c = k->c;
	struct bitlet_derived d;
	bitlet_derive(c, &d);
	if (!check_power(k, "axi_bits", c->axi_bits, "bits") || !check_power(k, "act_buffer", c->act_buffer, "groups") ||
	    !check_power(k, "wgt_buffer", c->wgt_buffer, "groups/PE") || !check_power(k, "psum_buffer", c->psum_buffer, "pixels") ||
	    !check_power(k, "out_buffer", c->out_buffer, "beats") || !check_power(k, "output_lanes", c->output_lanes, "results/cycle"))
		return false;
	if (c->output_lanes > c->pes)
		return complain(k, "output_lanes", "output_lanes is %u, above pes; expected 1..%u results/cycle", c->output_lanes, c->pes);
	if (c->output_lanes * 4 > d.bus_bytes)
		return complain(k, "output_lanes", "output_lanes is %u, but a bus beat holds %u fp32 results; expected at most that, or more axi_bits",
				c->output_lanes, d.bus_bytes / 4);
	if (c->out_buffer < d.run_beats)
		return complain(k, "out_buffer", "out_buffer is %u, but one pixel's outputs take up to %u beats; expected at least that", c->out_buffer, d.run_beats);
	return true;
}

bool config_check(const struct bitlet_config *c, struct config_complaint *complaint)
{
	struct check k = { .c = c, .complaint = complaint };
	memset(complaint, 0, sizeof *complaint);
	return check_ranges(&k) && check_precisions(&k) && check_rate(&k) && check_packing(&k) && check_activation_side(&k) && check_structure(&k) && check_dense(&k) &&
	       check_float_only(&k) && check_fixed_only(&k) && check_sums(&k) && check_core(&k);
}
