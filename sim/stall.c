#include "stall.h"

#include <string.h>

enum mood { FREE, MOSTLY, HALF, RARE, BURSTS, MOODS };

const char *stall_name(enum stall_kind kind)
{
	static const char *const name[STALL_KINDS] = {"none", "in", "out", "both"};
	return name[kind];
}

void stall_start(struct stall *s, enum stall_kind kind, uint64_t seed)
{
	memset(s, 0, sizeof *s);
	s->kind = kind;
	s->rng.state = seed;
}

void stall_cycle(struct stall *s)
{
	if (s->kind == STALL_NONE)
		return;
	if (!s->left) {
		s->mood = bitlet_random_below(&s->rng, MOODS);
		s->left = 20 + bitlet_random_below(&s->rng, 100);
	}
	s->left--;
}

static bool in_burst(struct stall *s, unsigned stream)
{
	if (!s->burst[stream].left) {
		s->burst[stream].go = !s->burst[stream].go;
		s->burst[stream].left = 1 + bitlet_random_below(&s->rng, 30);
	}
	s->burst[stream].left--;
	return s->burst[stream].go;
}

static bool may_go(struct stall *s, unsigned stream)
{
	switch ((enum mood)s->mood) {
	case MOSTLY:
		return bitlet_random_below(&s->rng, 8) != 0;
	case HALF:
		return bitlet_random_below(&s->rng, 2) != 0;
	case RARE:
		return bitlet_random_below(&s->rng, 8) == 0;
	case BURSTS:
		return in_burst(s, stream);
	case FREE:
	case MOODS:
		break;
	}
	return true;
}

bool stall_act(struct stall *s)
{
	return !(s->kind == STALL_IN || s->kind == STALL_BOTH) || may_go(s, 0);
}

bool stall_wgt(struct stall *s, unsigned pe)
{
	return !(s->kind == STALL_IN || s->kind == STALL_BOTH) || may_go(s, 1 + pe);
}

bool stall_out(struct stall *s, unsigned pe)
{
	return !(s->kind == STALL_OUT || s->kind == STALL_BOTH) || may_go(s, 1 + BITLET_MAX_PES + pe);
}
