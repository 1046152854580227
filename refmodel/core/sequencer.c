#include "sequencer.h"

#include <string.h>

void sequencer_reset(struct sequencer *s)
{
	memset(s, 0, sizeof *s);
}

void sequencer_out(const struct sequencer *s, struct sequencer_out *out)
{
	out->idle = s->state == SEQUENCER_IDLE;
	out->stop = s->state == SEQUENCER_STOP;
	out->clear = s->state == SEQUENCER_END;
	out->tile_take = s->take;
	out->done = out->clear && !s->quiet && s->error.fault == CORE_FAULT_NONE;
	out->failed = out->clear && !s->quiet && s->error.fault != CORE_FAULT_NONE;
	out->error = s->error;
	out->position = s->position;
}

static struct core_error bus_error(const struct sequencer_fail *f, enum core_channel channel)
{
	return (struct core_error){ f->code == 3 ? CORE_FAULT_DECERR : CORE_FAULT_SLVERR, channel, f->address };
}

/* The first of what went wrong in this cycle. */
static struct core_error find_error(const struct sequencer_in *in)
{
	if (in->fetch_fault)
		return (struct core_error){ in->fetch_fault, CHANNEL_NONE, in->fetch_address };
	if (in->act.fail)
		return bus_error(&in->act, CHANNEL_ACT);
	if (in->wgt.fail)
		return bus_error(&in->wgt, in->wgt.tag ? CHANNEL_PROGRAM : CHANNEL_WGT);
	if (in->out.fail)
		return bus_error(&in->out, CHANNEL_OUT);
	if (in->act_parity || in->wgt_parity || in->out_parity)
		return (struct core_error){ CORE_FAULT_PARITY, in->act_parity ? CHANNEL_ACT : in->wgt_parity ? CHANNEL_WGT : CHANNEL_OUT, 0 };
	return (struct core_error){ in->abort ? CORE_FAULT_ABORTED : CORE_FAULT_NONE, CHANNEL_NONE, 0 };
}

static void run(struct sequencer *s, const struct sequencer_in *in)
{
	bool drained = in->tiles_empty && in->out_idle;
	s->error = find_error(in);
	if (s->error.fault || in->soft_reset)
		s->state = SEQUENCER_STOP;
	else if (in->finished && drained)
		s->state = SEQUENCER_END;
	s->take = s->state == SEQUENCER_RUN && in->record_valid && !s->take && in->tile_ready && (drained || !in->record->wait);
}

void sequencer_clock(struct sequencer *s, const struct sequencer_in *in)
{
	if (in->soft_reset)
		s->position = 0;
	else if (s->take)
		s->position = (uint32_t)in->record->layer | (uint32_t)in->record->tile << 16;
	if (s->state == SEQUENCER_RUN) {
		s->quiet = in->soft_reset;
		run(s, in);
		return;
	}
	s->take = false;
	s->quiet |= in->soft_reset;
	if (s->state == SEQUENCER_STOP && in->act_idle && in->wgt_idle && in->out_idle)
		s->state = SEQUENCER_END;
	else if (s->state == SEQUENCER_END)
		s->state = SEQUENCER_IDLE;
	else if (s->state == SEQUENCER_IDLE && in->start)
		s->state = SEQUENCER_RUN;
}
