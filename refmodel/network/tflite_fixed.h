/*
 * tflite_fixed.h: functions of fixed-point numbers as TensorFlow Lite's reference kernels have them (gemmlowp's algorithms), bit by bit.
 *
 * A number of format Qi has i integer bits and 31 - i fractional bits in an int32: value = raw * 2^(i - 31). Products are tflite_high().
 */
#ifndef BITLET_TFLITE_FIXED_H
#define BITLET_TFLITE_FIXED_H

#include <stdint.h>

/* e^x in Q0 for x <= 0 in Q`bits`, bits 4 or 5. */
int32_t tflite_fixed_exp(int32_t x, int bits);

/* 1 / (1 + x) and (1 - x) / (1 + x) in Q0, for x in [0, 1] in Q0. */
int32_t tflite_fixed_inverse_sum(int32_t x);
int32_t tflite_fixed_half_tanh(int32_t x);

/* 1 / (1 + e^-x) and tanh x in Q0 for x in Q4. */
int32_t tflite_fixed_logistic(int32_t x);
int32_t tflite_fixed_tanh(int32_t x);

/* 1 / x for x > 0 in Q`bits`: raw of Q0, times 2^-*over. */
int32_t tflite_fixed_reciprocal(uint32_t x, int bits, int *over);

/* 1 / sqrt(x) = *mantissa * 2^(*shift - 31), an integer x; for x <= 1 almost 1. */
void tflite_fixed_inverse_root(int32_t x, int32_t *mantissa, int *shift);

/* x * 2^n: n > 0 saturates, n < 0 rounds. */
int32_t tflite_fixed_times_power(int32_t x, int n);

#endif
