#include "buffer_tiles.h"

#include <cstdlib>
#include <cstring>

std::shared_ptr<buffer_matrix> buffer_tile_maker::matrix(unsigned vectors, unsigned groups, unsigned pairs, unsigned bytes, unsigned bits)
{
	auto m = std::make_shared<buffer_matrix>();
	size_t elements = (size_t)vectors * groups * pairs;
	m->group_bytes = pairs * bytes;
	m->groups = groups;
	for (size_t i = 0; i < elements; i++) {
		uint32_t v = random.below(UINT32_MAX);
		for (unsigned b = 0; b < bytes; b++) {
			uint32_t mask = bits < 32 ? (UINT32_C(1) << bits) - 1 : UINT32_MAX;
			m->memory.push_back((uint8_t)(v >> 8 * b));
			m->elements.push_back((uint8_t)((v & mask) >> 8 * b));
		}
	}
	return m;
}

buffer_tile buffer_tile_maker::make(unsigned mode, unsigned groups, unsigned pixels, unsigned pes, bool load, const buffer_tile *before)
{
	const bitlet_mode &m = d.mode[mode];
	buffer_tile t = {};
	t.fields.opcode = PROGRAM_TILE;
	t.fields.load_weights = load;
	t.fields.mode = mode;
	t.fields.groups = groups;
	t.fields.pixels = pixels;
	t.fields.pes_less_1 = pes - 1;
	t.fields.act_zero = random.below(UINT32_MAX);
	if (!program_put_tile(t.block, &t.fields))
		abort();
	t.acts = matrix(pixels, groups, c.n * m.pack, m.a_bytes, m.precision.a_bits);
	t.weights = load ? matrix(pes, groups, c.n * m.pack, m.w_bytes, m.precision.w_bits) : before->weights;
	return t;
}

buffer_tile buffer_tile_maker::make(const buffer_tile *before)
{
	unsigned longest = random.below(12) ? (d.tile_groups < 4 ? d.tile_groups : 4) : d.tile_groups < 40 ? d.tile_groups : 40;
	unsigned pixels = 1 + random.below(random.below(3) ? 3 : 12);
	if (before && random.below(4) == 0)
		return make((unsigned)before->fields.mode, (unsigned)before->fields.groups, pixels, 1 + (unsigned)before->fields.pes_less_1, false, before);
	return make(random.below(d.modes), 1 + random.below(longest), pixels, random.below(2) ? c.pes : 1 + random.below(c.pes), true, nullptr);
}

/* Group `group` of the matrix, counted over all its vectors: field j of slot i is element i * pack + j. */
static void words(const buffer_matrix &m, uint64_t group, unsigned n, unsigned pack, unsigned bytes, unsigned bits, uint32_t *word)
{
	const uint8_t *at = m.elements.data() + group * m.group_bytes;
	for (unsigned i = 0; i < n; i++) {
		word[i] = 0;
		for (unsigned j = 0; j < pack; j++)
			for (unsigned b = 0; b < bytes; b++)
				word[i] |= (uint32_t)*at++ << (j * bits + 8 * b);
	}
}

void buffer_tile_maker::act_words(const buffer_tile &t, uint64_t beat, uint32_t *word) const
{
	const bitlet_mode &m = d.mode[t.fields.mode];
	words(*t.acts, beat, c.n, m.pack, m.a_bytes, m.precision.a_bits, word);
}

void buffer_tile_maker::wgt_words(const buffer_tile &t, uint64_t beat, unsigned pe, uint32_t *word) const
{
	const bitlet_mode &m = d.mode[t.fields.mode];
	if (pe > t.fields.pes_less_1)
		memset(word, 0, c.n * sizeof *word);
	else
		words(*t.weights, pe * t.weights->groups + beat % t.acts->groups, c.n, m.pack, m.w_bytes, m.precision.w_bits, word);
}

void buffer_tile_maker::line(const buffer_matrix &m, uint64_t group, unsigned index, uint8_t *data)
{
	for (unsigned i = 0; i < d.bus_bytes; i++) {
		unsigned at = index * d.bus_bytes + i;
		data[i] = at < m.group_bytes ? m.memory[(size_t)group * m.group_bytes + at] : (uint8_t)random.below(256);
	}
}
