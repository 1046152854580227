/*
 * group_packer.h: cuts the byte stream of runs into vectors, groups and lines (docs/core.md section 5). Twin of group_packer.v.
 *
 * A job is what a loader makes of one tile: `vectors` vectors of `vector_bytes` bytes. Pieces and beats come in the order of the runs. A cycle ends at the
 * next end of piece, beat, line, group or vector; a line that is complete is seen in the next cycle.
 */
#ifndef BITLET_GROUP_PACKER_H
#define BITLET_GROUP_PACKER_H

#include "core_types.h"

enum {
	PACKER_MAX_PIECES = 128,    /* depth of the queue, at most */
	GROUP_PACKER_BEATS = 2,
	PACKER_JOBS = 2,            /* waiting, behind the one that is under way */
};

/* A run as the packer sees it. */
struct core_piece {
	bool fill;
	uint8_t offset;             /* address mod B; 0 when fill */
	uint32_t bytes;             /* >= 1 */
};

struct packer_job {
	uint32_t group_bytes;
	uint32_t vector_bytes;      /* ends in the vector's last group */
	uint32_t vectors;           /* >= 1 */
	uint8_t pattern[4];         /* fill: byte i of a line is pattern[i % 4] */
	uint8_t tag;                /* 2 bits; comes out with each of the job's lines */
};

struct group_packer {
	unsigned bytes;             /* B */
	unsigned pieces;            /* depth of the queue of pieces */

	struct core_piece piece[PACKER_MAX_PIECES];
	unsigned piece_head, piece_count;
	uint8_t beat[GROUP_PACKER_BEATS][CORE_MAX_BEAT];
	unsigned beat_head, beat_count;
	struct packer_job job[PACKER_JOBS];
	unsigned job_head, job_count;

	bool active;                /* a job is under way */
	struct packer_job now;
	uint32_t vectors;           /* that are not finished */
	uint32_t vector_rest;       /* bytes of the vector to come */
	uint32_t line_room;         /* bytes that the line still takes */
	uint32_t group_after;       /* bytes of the group in the lines that follow */
	unsigned position;          /* bytes in the line */
	unsigned line_index;
	bool filling;               /* the vector is over, its group is not */

	bool piece_valid, piece_fill; /* the piece under way */
	uint32_t piece_rest;
	unsigned beat_position;     /* of its next byte */

	bool line_valid;            /* line is complete */
	struct core_line line;      /* also the line register */
	uint8_t line_tag;
	bool line_job_end;
};

struct group_packer_in {
	bool job_valid, piece_valid, beat_valid, line_ready;
	struct packer_job job;
	struct core_piece piece;
	uint8_t beat[CORE_MAX_BEAT];
};

struct group_packer_out {
	bool job_ready, piece_ready, beat_ready;
	bool line_valid;
	struct core_line line;      /* while line_valid; index, group_end, vector_end likewise */
	uint8_t line_tag;           /* these are 0 while line_valid is 0 */
	bool line_job_end;
};

void group_packer_init(struct group_packer *p, unsigned bytes, unsigned pieces);
void group_packer_reset(struct group_packer *p);
void group_packer_out(const struct group_packer *p, struct group_packer_out *out);
void group_packer_clock(struct group_packer *p, const struct group_packer_in *in);

#endif
