/*
 * output_job.h: random tiles for the output path with all that they need (results of the PEs, parameters), and what they must leave in memory: values from
 * output_math, partial sums and addresses worked out the simple way.
 */
#ifndef OUTPUT_JOB_H
#define OUTPUT_JOB_H

#include <cstdint>
#include <map>
#include <vector>

extern "C" {
#include "derive.h"
#include "output_math.h"
#include "program.h"
#include "result.h"
}

struct random_source {
	uint64_t state;
	uint64_t next();
	unsigned below(unsigned n) { return (unsigned)(next() % n); }
};

struct output_job_tile {
	program_tile fields;
	std::vector<uint32_t> params;        /* [active PEs][4]; empty: none are loaded */
	std::vector<bitlet_result> results;  /* [pixels][PES] */
};

struct output_job {
	std::vector<output_job_tile> tiles;
	std::map<uint64_t, uint8_t> memory;  /* every byte that is written */
	uint8_t flags;
	uint64_t active;                     /* results of active PEs */
};

class output_job_maker {
public:
	output_job_maker(const bitlet_config &config, const bitlet_derived &derived, random_source &source);
	output_job make();
	/* Tiles alike: full pixels one behind the other in memory, int8 where there is a fixed mode. */
	output_job make_regular(unsigned tiles, unsigned pixels, bool sums);

	const bitlet_config &c;
	const bitlet_derived &d;
	random_source &random;

private:
	output_job_tile choose(unsigned mode, unsigned pes, unsigned pixels);
	void choose_output(program_tile &t, bool is_float);
	void choose_loops(program_tile &t, unsigned bytes);
	void choose_data(output_job_tile &t);
	void finish(output_job &job);
	void compute(output_job &job, const output_job_tile &t, const std::vector<output_params> &params, std::vector<int64_t> &sums);
	uint32_t random_word(bool is_float);
	bitlet_result random_result(bool is_float);
	uint64_t base;                       /* of the next tile's outputs */
};

#endif
