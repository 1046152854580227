/* The packer of the model against a byte stream that is cut by arithmetic alone, and its cycles. RTL against model: test_loaders.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "group_packer.h"

enum { MAX_STREAM = 1 << 16, MAX_PIECES = 4096, MAX_BEATS = MAX_STREAM, MAX_JOBS = 3, ROUNDS = 1500 };

static uint64_t random_state = 1;

static uint32_t below(uint32_t n)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(((random_state >> 32) * n) >> 32);
}

struct traffic {
	unsigned bytes;             /* B */
	struct packer_job job[MAX_JOBS];
	unsigned jobs;
	struct core_piece piece[MAX_PIECES];
	unsigned pieces;
	uint8_t beat[MAX_BEATS][CORE_MAX_BEAT];
	unsigned beats;
	int16_t stream[MAX_STREAM]; /* a byte, or -1: pattern */
	unsigned length;
	unsigned lines;             /* taken so far */
	uint64_t cycles, first, last; /* of lines */
	unsigned longest_gap;       /* cycles between two lines, but for the one that is their due */
};

static uint32_t size_of(const struct packer_job *j)
{
	return j->vector_bytes * j->vectors;
}

static void add_beats(struct traffic *t, const struct core_piece *p)
{
	for (uint32_t i = 0; i < p->bytes;) {
		uint8_t *beat = t->beat[t->beats++];
		uint32_t lane = i == 0 ? p->offset : 0;
		for (unsigned b = 0; b < t->bytes; b++)
			beat[b] = (uint8_t)below(256);
		for (; lane < t->bytes && i < p->bytes; lane++, i++)
			t->stream[t->length++] = beat[lane];
	}
}

static void add_piece(struct traffic *t, struct core_piece p)
{
	t->piece[t->pieces++] = p;
	if (!p.fill) {
		add_beats(t, &p);
		return;
	}
	for (uint32_t i = 0; i < p.bytes; i++)
		t->stream[t->length++] = -1;
}

/* Pieces of any lengths that make up `size` bytes; short ones at times. */
static void add_pieces(struct traffic *t, uint32_t size)
{
	uint32_t longest = 1 + below(3 * t->bytes);
	bool aligned = below(3) == 0;
	while (size) {
		uint32_t n = aligned ? t->bytes : 1 + below(longest);
		struct core_piece p = { below(4) == 0, (uint8_t)(aligned ? 0 : below(t->bytes)), n < size ? n : size };
		if (p.fill)
			p.offset = 0;
		add_piece(t, p);
		size -= p.bytes;
	}
}

static void choose(struct traffic *t)
{
	t->bytes = 4u << below(5);
	t->jobs = 1 + below(MAX_JOBS);
	t->pieces = t->beats = t->length = t->lines = 0;
	for (unsigned i = 0; i < t->jobs; i++) {
		struct packer_job *j = &t->job[i];
		uint32_t groups = 1 + below(4);
		j->group_bytes = below(2) ? t->bytes * (1 + below(4)) : 1 + below(6 * t->bytes);
		j->vector_bytes = (groups - 1) * j->group_bytes + 1 + below(j->group_bytes);
		if (below(3) == 0)
			j->vector_bytes = groups * j->group_bytes;
		j->vectors = 1 + below(5);
		for (unsigned b = 0; b < 4; b++)
			j->pattern[b] = (uint8_t)below(256);
		j->tag = (uint8_t)below(4);
		add_pieces(t, size_of(j));
	}
}

/* Where a line lies in all that the jobs make. */
struct place {
	const struct packer_job *job;
	uint32_t base;              /* of the job in the stream */
	uint32_t vector, group, line;
	uint32_t groups, lines;     /* of a vector, of a group */
};

static struct place find(const struct traffic *t, uint32_t number)
{
	struct place p = { .job = t->job };
	for (;; p.job++) {
		p.groups = (p.job->vector_bytes + p.job->group_bytes - 1) / p.job->group_bytes;
		p.lines = (p.job->group_bytes + t->bytes - 1) / t->bytes;
		if (number < p.job->vectors * p.groups * p.lines)
			break;
		number -= p.job->vectors * p.groups * p.lines;
		p.base += size_of(p.job);
	}
	p.vector = number / (p.groups * p.lines);
	p.group = number / p.lines % p.groups;
	p.line = number % p.lines;
	return p;
}

static uint8_t expected_byte(const struct traffic *t, const struct place *p, uint32_t lane)
{
	uint32_t in_group = p->line * t->bytes + lane;
	uint32_t in_vector = p->group * p->job->group_bytes + in_group;
	int byte = -1;
	if (in_group < p->job->group_bytes && in_vector < p->job->vector_bytes)
		byte = t->stream[p->base + p->vector * p->job->vector_bytes + in_vector];
	return byte < 0 ? p->job->pattern[lane % 4] : (uint8_t)byte;
}

static void check_line(const struct traffic *t, const struct group_packer_out *out)
{
	struct place p = find(t, t->lines);
	bool group_end = p.line + 1 == p.lines;
	bool vector_end = group_end && p.group + 1 == p.groups;
	for (uint32_t i = 0; i < t->bytes; i++)
		assert_int_equal(out->line.data[i], expected_byte(t, &p, i));
	assert_int_equal(out->line.index, p.line);
	assert_int_equal(out->line.group_end, group_end);
	assert_int_equal(out->line.vector_end, vector_end);
	assert_int_equal(out->line_job_end, vector_end && p.vector + 1 == p.job->vectors);
	assert_int_equal(out->line_tag, p.job->tag);
}

static uint32_t all_lines(const struct traffic *t)
{
	uint32_t lines = 0;
	for (unsigned i = 0; i < t->jobs; i++) {
		const struct packer_job *j = &t->job[i];
		uint32_t groups = (j->vector_bytes + j->group_bytes - 1) / j->group_bytes;
		lines += j->vectors * groups * ((j->group_bytes + t->bytes - 1) / t->bytes);
	}
	return lines;
}

static void note_line(struct traffic *t, uint64_t cycle)
{
	if (t->lines++ == 0)
		t->first = cycle;
	else if (cycle - t->last - 1 > t->longest_gap)
		t->longest_gap = (unsigned)(cycle - t->last - 1);
	t->last = cycle;
}

/* stall: of 4, for all that comes in; hold: for the lines. */
static void run(struct traffic *t, unsigned stall, unsigned hold)
{
	struct group_packer p;
	unsigned jobs = 0, pieces = 0, beats = 0;
	uint32_t lines = all_lines(t);
	group_packer_init(&p, t->bytes, 6);
	t->lines = t->longest_gap = 0;
	for (t->cycles = 0; t->lines < lines; t->cycles++) {
		struct group_packer_out out;
		struct group_packer_in in = { .line_ready = below(4) >= hold };
		group_packer_out(&p, &out);
		if (out.line_valid)
			check_line(t, &out);
		if (out.line_valid && in.line_ready)
			note_line(t, t->cycles);
		in.job_valid = jobs < t->jobs && below(4) >= stall;
		in.piece_valid = pieces < t->pieces && below(4) >= stall;
		in.beat_valid = beats < t->beats && below(4) >= stall;
		if (in.job_valid)
			in.job = t->job[jobs];
		if (in.piece_valid)
			in.piece = t->piece[pieces];
		if (in.beat_valid)
			memcpy(in.beat, t->beat[beats], t->bytes);
		group_packer_clock(&p, &in);
		jobs += in.job_valid && out.job_ready;
		pieces += in.piece_valid && out.piece_ready;
		beats += in.beat_valid && out.beat_ready;
		assert_true(t->cycles < 1000000);
	}
	assert_int_equal(jobs, t->jobs);
	assert_int_equal(pieces, t->pieces);
	assert_int_equal(beats, t->beats);
}

static struct traffic *new_traffic(void)
{
	struct traffic *t = calloc(1, sizeof *t);
	assert_non_null(t);
	return t;
}

static void test_random(void **state)
{
	(void)state;
	struct traffic *t = new_traffic();
	for (unsigned i = 0; i < ROUNDS; i++) {
		choose(t);
		run(t, 0, 0);
		run(t, 2, 0);
		run(t, 0, 2);
		run(t, 1, 1);
	}
	free(t);
}

/* Three jobs of whole lines: a line a cycle from the first to the last. */
static void stream(struct traffic *t, unsigned piece_lines, bool fill)
{
	t->jobs = MAX_JOBS;
	t->pieces = t->beats = t->length = 0;
	for (unsigned i = 0; i < t->jobs; i++)
		t->job[i] = (struct packer_job){ .group_bytes = 2 * t->bytes, .vector_bytes = 6 * t->bytes, .vectors = 10 };
	for (unsigned done = 0; done < t->jobs * 60; done += piece_lines)
		add_piece(t, (struct core_piece){ fill, 0, piece_lines * t->bytes });
	run(t, 0, 0);
}

static void test_no_gap(void **state)
{
	(void)state;
	struct traffic *t = new_traffic();
	for (t->bytes = 4; t->bytes <= CORE_MAX_BEAT; t->bytes *= 2)
		for (unsigned kind = 0; kind < 6; kind++) {
			static const unsigned piece_lines[] = { 1, 4, 180 };
			stream(t, piece_lines[kind % 3], kind >= 3);
			assert_int_equal(t->longest_gap, 0);
			assert_int_equal(t->last - t->first + 1, 180);
			assert_true(t->first <= 4);
		}
	free(t);
}

/* The rest of a group takes one cycle a line, whatever bytes are left in beat and piece. */
static void test_fill_rate(void **state)
{
	(void)state;
	struct traffic *t = new_traffic();
	t->bytes = 16;
	t->jobs = 1;
	t->job[0] = (struct packer_job){ .group_bytes = 8 * 16, .vector_bytes = 16, .vectors = 20 };
	for (unsigned i = 0; i < 20; i++)
		add_piece(t, (struct core_piece){ false, 0, 16 });
	run(t, 0, 0);
	assert_int_equal(t->last - t->first + 1, 160);
	free(t);
}

/* Rows that begin in mid-beat: two beats and two cycles a line. */
static void test_unaligned(void **state)
{
	(void)state;
	struct traffic *t = new_traffic();
	t->bytes = 16;
	t->jobs = 1;
	t->job[0] = (struct packer_job){ .group_bytes = 16, .vector_bytes = 16, .vectors = 50 };
	for (unsigned i = 0; i < 50; i++)
		add_piece(t, (struct core_piece){ false, 5, 16 });
	run(t, 0, 0);
	assert_int_equal(t->last - t->first + 1, 99);
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_no_gap),
		cmocka_unit_test(test_fill_rate),
		cmocka_unit_test(test_unaligned),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("group_packer", tests, NULL, NULL);
}
