#include "burst_splitter.h"

static unsigned limit(const struct burst_splitter *s)
{
	unsigned page_rest = (unsigned)(AXI_PAGE - s->address % AXI_PAGE) / s->bytes;
	return page_rest < s->burst ? page_rest : s->burst;
}

bool burst_splitter_last(const struct burst_splitter *s)
{
	return s->beats <= limit(s);
}

unsigned burst_splitter_beats(const struct burst_splitter *s)
{
	return burst_splitter_last(s) ? s->beats : limit(s);
}

void burst_splitter_take(struct burst_splitter *s)
{
	unsigned n = burst_splitter_beats(s);
	s->address = (s->address + (uint64_t)n * s->bytes) & s->address_mask;
	s->beats -= n;
	s->valid = s->beats > 0;
}

void burst_splitter_load(struct burst_splitter *s, uint64_t address, uint32_t beats, uint8_t tag)
{
	s->valid = true;
	s->address = address & s->address_mask & ~(uint64_t)(s->bytes - 1);
	s->beats = beats;
	s->tag = tag;
}
