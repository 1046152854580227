#include "group_packer.h"

#include <assert.h>
#include <string.h>

void group_packer_init(struct group_packer *p, unsigned bytes, unsigned pieces)
{
	assert(bytes >= 4 && bytes <= CORE_MAX_BEAT && pieces >= 2 && pieces <= PACKER_MAX_PIECES);
	memset(p, 0, sizeof *p);
	p->bytes = bytes;
	p->pieces = pieces;
}

void group_packer_reset(struct group_packer *p)
{
	group_packer_init(p, p->bytes, p->pieces);
}

void group_packer_out(const struct group_packer *p, struct group_packer_out *out)
{
	out->job_ready = p->job_count < PACKER_JOBS;
	out->piece_ready = p->piece_count < p->pieces;
	out->beat_ready = p->beat_count < GROUP_PACKER_BEATS;
	out->line_valid = p->line_valid;
	out->line_tag = p->line_valid ? p->line_tag : 0;
	out->line_job_end = p->line_valid && p->line_job_end;
	if (!p->line_valid)
		return;
	memcpy(out->line.data, p->line.data, p->bytes);
	out->line.index = p->line.index;
	out->line.group_end = p->line.group_end;
	out->line.vector_end = p->line.vector_end;
}

static uint32_t min(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* What ends with the bytes of this cycle. */
struct step {
	uint32_t n;                 /* bytes; 0 while filling */
	bool piece, beat, line, group, vector, job;
};

/* False: nothing moves in this cycle. */
static bool find_step(const struct group_packer *p, bool line_ready, struct step *s)
{
	if (!p->active || (p->line_valid && !line_ready))
		return false;
	bool source = p->piece_valid && (p->piece_fill || p->beat_count);
	if (!p->filling && !source)
		return false;
	memset(s, 0, sizeof *s);
	if (!p->filling) {
		s->n = min(min(p->line_room, p->vector_rest), p->piece_rest);
		if (!p->piece_fill)
			s->n = min(s->n, p->bytes - p->beat_position);
		s->piece = s->n == p->piece_rest;
		s->beat = !p->piece_fill && (s->piece || s->n == p->bytes - p->beat_position);
	}
	bool vector_over = p->filling || s->n == p->vector_rest;
	s->line = vector_over || s->n == p->line_room;
	s->group = s->line && p->group_after == 0;
	s->vector = s->group && vector_over;
	s->job = s->vector && p->vectors == 1;
	return true;
}

/* Bytes into the line register; all behind them are the pattern until later bytes come. */
static void move_bytes(struct group_packer *p, const struct step *s)
{
	uint32_t from_beat = p->piece_fill ? 0 : s->n;
	const uint8_t *beat = p->beat[p->beat_head] + p->beat_position;
	memcpy(p->line.data + p->position, beat, from_beat);
	for (uint32_t i = p->position + from_beat; i < p->bytes; i++)
		p->line.data[i] = p->now.pattern[i % 4];
	p->line.index = (uint16_t)p->line_index;
	p->line.group_end = s->group;
	p->line.vector_end = s->vector;
	p->line_tag = p->now.tag;
	p->line_job_end = s->job;
}

/* The next line: of a new group of `ahead` bytes, or of the rest of this one. */
static void start_line(struct group_packer *p, uint32_t ahead)
{
	p->line_room = min(ahead, p->bytes);
	p->group_after = ahead - p->line_room;
	p->position = 0;
}

static void start_group(struct group_packer *p)
{
	p->line_index = 0;
	start_line(p, p->now.group_bytes);
}

static void finish_line(struct group_packer *p, const struct step *s)
{
	bool vector_over = p->filling || p->vector_rest == 0;
	p->filling = vector_over && !s->group;
	if (s->vector) {
		p->vectors--;
		p->vector_rest = p->now.vector_bytes;
	}
	if (s->group) {
		start_group(p);
		return;
	}
	p->line_index++;
	start_line(p, p->group_after);
}

static void take_step(struct group_packer *p, const struct step *s)
{
	move_bytes(p, s);
	p->line_valid = s->line;
	p->vector_rest -= s->n;
	p->piece_rest -= s->n;
	p->beat_position = (p->beat_position + s->n) % p->bytes;
	p->line_room -= s->n;
	p->position += s->n;
	if (s->piece)
		p->piece_valid = false;
	if (s->beat) {
		p->beat_head ^= 1;
		p->beat_count--;
	}
	if (s->line)
		finish_line(p, s);
	if (s->job)
		p->active = false;
}

static void load_job(struct group_packer *p)
{
	p->active = true;
	p->now = p->job[p->job_head];
	p->job_head ^= 1;
	p->job_count--;
	p->vectors = p->now.vectors;
	p->vector_rest = p->now.vector_bytes;
	start_group(p);
}

static void load_piece(struct group_packer *p)
{
	const struct core_piece *piece = &p->piece[p->piece_head];
	p->piece_valid = true;
	p->piece_fill = piece->fill;
	p->piece_rest = piece->bytes;
	p->beat_position = piece->offset;
	p->piece_head = p->piece_head + 1 == p->pieces ? 0 : p->piece_head + 1;
	p->piece_count--;
}

static void push(struct group_packer *p, const struct group_packer_in *in, const struct group_packer_out *shown)
{
	if (in->job_valid && shown->job_ready)
		p->job[(p->job_head + p->job_count++) % PACKER_JOBS] = in->job;
	if (in->piece_valid && shown->piece_ready)
		p->piece[(p->piece_head + p->piece_count++) % p->pieces] = in->piece;
	if (in->beat_valid && shown->beat_ready)
		memcpy(p->beat[(p->beat_head + p->beat_count++) % GROUP_PACKER_BEATS], in->beat, p->bytes);
}

void group_packer_clock(struct group_packer *p, const struct group_packer_in *in)
{
	struct group_packer_out shown;
	struct step s;
	shown.job_ready = p->job_count < PACKER_JOBS;
	shown.piece_ready = p->piece_count < p->pieces;
	shown.beat_ready = p->beat_count < GROUP_PACKER_BEATS;
	if (find_step(p, in->line_ready, &s))
		take_step(p, &s);
	else if (in->line_ready)
		p->line_valid = false;
	if (!p->active && p->job_count)
		load_job(p);
	if (!p->piece_valid && p->piece_count)
		load_piece(p);
	push(p, in, &shown);
}
