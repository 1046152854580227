/*
 * buffer_tiles.h: random tiles for buffers and readers: elements, their bytes in memory (bits above an element are random), and the port words that must
 * come of them. Shares no code with the models of the blocks.
 */
#ifndef BUFFER_TILES_H
#define BUFFER_TILES_H

#include <cstdint>
#include <memory>
#include <vector>

#include "loader_oracle.h"

/* Vectors of whole groups of one operand. */
struct buffer_matrix {
	std::vector<uint8_t> elements; /* right-aligned, upper bits 0 */
	std::vector<uint8_t> memory; /* the same with random bits above each */
	unsigned group_bytes, groups; /* groups: of a vector */
};

struct buffer_tile {
	program_tile fields;
	uint32_t block[PROGRAM_BLOCK_WORDS];
	std::shared_ptr<buffer_matrix> weights, acts; /* weights: of the tile before when load_weights is 0 */

	uint64_t beats() const { return (uint64_t)fields.groups * (uint64_t)fields.pixels; }
};

class buffer_tile_maker {
public:
	buffer_tile_maker(const bitlet_config &config, const bitlet_derived &derived, random_source &source)
		: c(config), d(derived), random(source)
	{
	}
	/* `before`: the tile before, nullptr for the first. */
	buffer_tile make(const buffer_tile *before);
	buffer_tile make(unsigned mode, unsigned groups, unsigned pixels, unsigned pes, bool load, const buffer_tile *before);
	/* Words that beat number `beat` of a tile shows: word[n]; bits above a mode's words are 0. */
	void act_words(const buffer_tile &t, uint64_t beat, uint32_t *word) const;
	void wgt_words(const buffer_tile &t, uint64_t beat, unsigned pe, uint32_t *word) const;
	/* Line of a group; what is behind the group's end is random. */
	void line(const buffer_matrix &m, uint64_t group, unsigned index, uint8_t *data);
	unsigned lines(const buffer_matrix &m) const { return (m.group_bytes + d.bus_bytes - 1) / d.bus_bytes; }

	const bitlet_config &c;
	const bitlet_derived &d;
	random_source &random;

private:
	std::shared_ptr<buffer_matrix> matrix(unsigned vectors, unsigned groups, unsigned pairs, unsigned bytes, unsigned bits);
};

#endif
