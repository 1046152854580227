#include "program_read.h"

#include <string.h>

uint32_t program_records(const struct image *m, uint64_t program, uint32_t bytes, struct fault *f)
{
	struct program_header h;
	uint32_t block[PROGRAM_BLOCK_WORDS];
	const uint8_t *at = image_at(m, program, bytes);
	if (!at || bytes < PROGRAM_BLOCK_BYTES || bytes % PROGRAM_BLOCK_BYTES) {
		fault_set(f, "the program is outside of the image, or %u bytes are not whole records", bytes);
		return 0;
	}
	memcpy(block, at, sizeof block);
	program_get_header(block, &h);
	if (h.tiles == 0 || h.tiles != bytes / PROGRAM_BLOCK_BYTES - 1) {
		fault_set(f, "the program's header says %u records; expected %u, at least 1", h.tiles, bytes / PROGRAM_BLOCK_BYTES - 1);
		return 0;
	}
	return h.tiles;
}

bool program_record(const struct image *m, uint64_t program, uint32_t index, struct program_tile *t, struct fault *f)
{
	uint32_t block[PROGRAM_BLOCK_WORDS];
	const uint8_t *at = image_at(m, program + ((uint64_t)index + 1) * PROGRAM_BLOCK_BYTES, PROGRAM_BLOCK_BYTES);
	if (!at)
		return fault_set(f, "record %u of the program is outside of the image", index);
	memcpy(block, at, sizeof block);
	program_get_tile(block, t);
	return true;
}
