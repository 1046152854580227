#include "result.h"

uint64_t bitlet_result_word(const struct bitlet_derived *d, int64_t v)
{
	return d->out_bits >= 64 ? (uint64_t)v : (uint64_t)v & ((UINT64_C(1) << d->out_bits) - 1);
}
