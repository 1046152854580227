/*
 * output_math.h: arithmetic of the output stage and of partial sums (docs/core.md sections 6 and 7), one function a step, integers only.
 *
 * A result word is the engine's (docs/engine.md section 7): fixed values sign-extended, an fp32 in the low 32 bits. Flags are or-ed into *flags:
 * BITLET_INVALID, BITLET_OVERFLOW, BITLET_UNDERFLOW, BITLET_INEXACT. Every NaN that comes out is 0x7fc00000.
 */
#ifndef BITLET_OUTPUT_MATH_H
#define BITLET_OUTPUT_MATH_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "program.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of one PE: 16 bytes in memory. */
struct output_params {
	uint32_t bias;              /* int32 or fp32 */
	uint32_t multiplier;        /* bits 30..0 count; for FORMAT_FP32 an fp32 scale */
	uint8_t shift;              /* bits 5..0 count: 0..63, or signed for ROUND_TFLITE_DOUBLE (left when positive) */
};

/* Of one tile. */
struct output_stage {
	bool is_float;              /* precision of the results; only with FORMAT_FP32 */
	unsigned result_bits;       /* 8..64: fixed results and partial sums */
	enum program_format format;
	enum program_rounding rounding;
	int32_t zero;
	uint32_t clamp_low, clamp_high; /* int32, or fp32 for FORMAT_FP32 */
};

/* From a record. */
struct output_stage output_stage_of(const struct bitlet_config *c, const struct program_tile *t);
/* From words 0, 1, 2 of an entry. */
struct output_params output_params_of(const uint32_t *words);

/* Partial sum: stored + result. Fixed: saturated to result_bits, which raises overflow. Float: IEEE. */
int64_t output_accumulate(const struct output_stage *s, int64_t stored, int64_t result, uint8_t *flags);

/* Everything behind the partial sums: bias, then requantisation or scale, zero point, clamp. What goes to memory: format bytes of it. */
uint32_t output_finish(const struct output_stage *s, int64_t result, const struct output_params *p, uint8_t *flags);

/* Its two halves: result + bias as int32 or fp32, then the rest. */
uint32_t output_value(const struct output_stage *s, int64_t result, const struct output_params *p, uint8_t *flags);
uint32_t output_word(const struct output_stage *s, uint32_t value, const struct output_params *p, uint8_t *flags);

/* The steps. */

/* r + bias saturated to int32, which raises overflow. */
int32_t output_bias(int64_t r, int32_t bias, uint8_t *flags);
/* IEEE addition of any two words. */
uint32_t output_add(uint32_t x, uint32_t y, uint8_t *flags);
/* v * multiplier * 2^-shift in the three roundings, saturated to int32. */
int32_t output_requantize(int32_t v, uint32_t multiplier, uint8_t shift, enum program_rounding rounding);
/* y + zero saturated, then clamped: low first. */
int32_t output_clamp(int32_t y, int32_t zero, int32_t low, int32_t high);
/* Exact product rounded once to nearest even, gradual underflow. */
uint32_t output_scale_fixed(int32_t v, uint32_t scale, uint8_t *flags);
uint32_t output_multiply(uint32_t x, uint32_t scale, uint8_t *flags);
/* NaN stays; others are ordered as sign-magnitude numbers, -0 < +0: low first. */
uint32_t output_clamp_float(uint32_t x, uint32_t low, uint32_t high);

#ifdef __cplusplus
}
#endif

#endif
