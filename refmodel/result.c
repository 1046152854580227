#include "result.h"

int64_t bitlet_result_value(const struct bitlet_derived *d, uint64_t bits)
{
	uint64_t sign = UINT64_C(1) << (d->out_bits - 1);
	uint64_t value = bits & (sign | (sign - 1));
	return (int64_t)((value ^ sign) - sign);
}

uint64_t bitlet_result_word(const struct bitlet_derived *d, int64_t v)
{
	return d->out_bits >= 64 ? (uint64_t)v : (uint64_t)v & ((UINT64_C(1) << d->out_bits) - 1);
}
