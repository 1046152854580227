#include "lower_fill.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "layer_encode.h"

size_t lower_view_count(const struct lower_view *v)
{
	return v->outers * v->rows * v->columns;
}

size_t lower_view_start(const struct lower_view *v, size_t outer)
{
	return v->start ? v->start[outer] : outer * v->outer_step;
}

static size_t channel_of(const struct lower_field *field, size_t outer, size_t row)
{
	return field->channel_is_row ? row : outer;
}

/* ---- single numbers */

static int64_t integer_at(const struct tensor *t, size_t i)
{
	switch (t->type) {
	case TENSOR_INT8:
		return ((const int8_t *)t->data)[i];
	case TENSOR_UINT8:
		return ((const uint8_t *)t->data)[i];
	default:
		return tensor_integer(t, i);
	}
}

static int64_t zero_of(const struct lower_field *field, size_t channel)
{
	return field->zero ? integer_at(field->zero, field->zero->count == 1 ? 0 : channel) : 0;
}

static uint32_t float_word(const struct lower_field *field, float v, size_t channel)
{
	const struct bitlet_precision *p = field->precision;
	if (p->is_float)
		return layer_float_word(v, p->exp_bits, p->man_bits);
	if (field->limit > 0)
		v = fminf(fmaxf(v, -field->limit), field->limit);
	return layer_field(layer_quantise(v, field->top[field->top_by_channel ? channel : 0], field->bits, field->is_signed), field->bits);
}

/* One row of memory. */
static bool fill_row(const struct lower_view *v, const struct lower_field *field, const struct tensor *t, size_t from, size_t channel, uint8_t *to,
                     size_t at, struct fault *f)
{
	int64_t low = layer_field_min(field->bits, field->is_signed), high = layer_field_max(field->bits, field->is_signed);
	int64_t move = field->move - zero_of(field, channel);
	for (size_t i = 0; i < v->columns; i++, from += v->column_step) {
		if (t->type == TENSOR_FLOAT32) {
			layer_store(to, field->bytes, at + i, float_word(field, ((const float *)t->data)[from], channel));
			continue;
		}
		int64_t code = integer_at(t, from) + move;
		if (code < low || code > high)
			return fault_set(f, "code %lld does not fit into %s; expected a precision as wide as the network's", (long long)(code - field->move),
			                 field->precision->name);
		layer_store(to, field->bytes, at + i, layer_field((int32_t)code, field->bits));
	}
	return true;
}

/* ---- the same without a decision an element, for what is common */

static void copy_row(const struct lower_view *v, const void *from, size_t start, size_t bytes, uint32_t flip, void *to)
{
	const uint8_t *a = (const uint8_t *)from + start * bytes;
	if (v->column_step == 1 && !flip) {
		memcpy(to, a, v->columns * bytes);
	} else if (bytes == 1) {
		for (size_t i = 0; i < v->columns; i++)
			((uint8_t *)to)[i] = (uint8_t)(a[i * v->column_step] ^ flip);
	} else {
		for (size_t i = 0; i < v->columns; i++)
			memcpy((uint8_t *)to + i * bytes, a + i * v->column_step * bytes, bytes);
	}
}

/* Bytes may be copied: fp32 as it is, and 8-bit codes in a field of 8 bits, where moving by 128 turns the top bit. */
static bool is_copy(const struct lower_field *field, const struct tensor *t, uint32_t *flip)
{
	const struct bitlet_precision *p = field->precision;
	*flip = 0;
	if (t->type == TENSOR_FLOAT32)
		return p->is_float && p->exp_bits == 8 && p->man_bits == 23;
	if ((t->type != TENSOR_INT8 && t->type != TENSOR_UINT8) || field->bits != 8 || field->zero)
		return false;
	*flip = field->move ? 0x80 : 0;
	return field->move == (field->is_signed ? 0 : 128) - (t->type == TENSOR_INT8 ? 0 : 128);
}

bool lower_fill(const struct lower_view *v, const struct lower_field *field, const struct tensor *t, uint8_t *to, struct fault *f)
{
	uint32_t flip;
	bool copy = is_copy(field, t, &flip);
	size_t at = 0;
	for (size_t outer = 0; outer < v->outers; outer++)
		for (size_t row = 0; row < v->rows; row++, at += v->columns) {
			size_t from = lower_view_start(v, outer) + row * v->row_step;
			if (copy)
				copy_row(v, t->data, from, field->bytes, flip, to + at * field->bytes);
			else if (!fill_row(v, field, t, from, channel_of(field, outer, row), to, at, f))
				return false;
		}
	return true;
}

void lower_unfill(const struct lower_view *v, const uint8_t *from, struct tensor *t)
{
	size_t bytes = tensor_type_bytes(t->type);
	uint8_t *to = t->data;
	for (size_t outer = 0; outer < v->outers; outer++)
		for (size_t row = 0; row < v->rows; row++, from += v->columns * bytes) {
			uint8_t *a = to + (lower_view_start(v, outer) + row * v->row_step) * bytes;
			if (v->column_step == 1)
				memcpy(a, from, v->columns * bytes);
			else if (bytes == 1)
				for (size_t i = 0; i < v->columns; i++)
					a[i * v->column_step] = from[i];
			else
				for (size_t i = 0; i < v->columns; i++)
					memcpy(a + i * v->column_step * bytes, from + i * bytes, bytes);
		}
}

/* ---- what is in a tensor */

void lower_code_range(const struct lower_view *v, const struct lower_field *field, const struct tensor *t, int64_t *low, int64_t *high)
{
	*low = INT64_MAX;
	*high = INT64_MIN;
	for (size_t outer = 0; outer < v->outers; outer++)
		for (size_t row = 0; row < v->rows; row++) {
			size_t from = lower_view_start(v, outer) + row * v->row_step;
			int64_t zero = zero_of(field, channel_of(field, outer, row)), least = INT64_MAX, most = INT64_MIN;
			for (size_t i = 0; i < v->columns; i++, from += v->column_step) {
				int64_t code = integer_at(t, from);
				least = code < least ? code : least;
				most = code > most ? code : most;
			}
			*low = least - zero < *low ? least - zero : *low;
			*high = most - zero > *high ? most - zero : *high;
		}
}

int64_t lower_code_mass(const struct lower_view *v, const struct lower_field *field, const struct tensor *t)
{
	int64_t most = 0;
	for (size_t outer = 0; outer < v->outers; outer++) {
		int64_t sum = 0;
		for (size_t row = 0; row < v->rows; row++) {
			size_t from = lower_view_start(v, outer) + row * v->row_step;
			int64_t zero = zero_of(field, channel_of(field, outer, row));
			sum = field->channel_is_row ? 0 : sum;
			for (size_t i = 0; i < v->columns; i++, from += v->column_step)
				sum += llabs(integer_at(t, from) - zero);
			most = sum > most ? sum : most;
		}
	}
	return most;
}

void lower_masses(const struct lower_view *v, bool channel_is_row, const struct tensor *t, double *mass)
{
	for (size_t i = 0; i < (channel_is_row ? v->rows : v->outers); i++)
		mass[i] = 0;
	for (size_t outer = 0; outer < v->outers; outer++) {
		double sum = 0;
		for (size_t row = 0; row < v->rows; row++) {
			size_t from = lower_view_start(v, outer) + row * v->row_step;
			double *most = &mass[channel_is_row ? row : outer];
			sum = channel_is_row ? 0 : sum;
			for (size_t i = 0; i < v->columns; i++, from += v->column_step)
				sum += fabs((double)((const float *)t->data)[from]);
			*most = sum > *most ? sum : *most;
		}
	}
}

void lower_tops(const struct lower_view *v, bool channel_is_row, const struct tensor *t, float *top)
{
	struct lower_field field = {.channel_is_row = channel_is_row};
	for (size_t i = 0; i < (channel_is_row ? v->rows : v->outers); i++)
		top[i] = 0;
	for (size_t outer = 0; outer < v->outers; outer++)
		for (size_t row = 0; row < v->rows; row++) {
			size_t from = lower_view_start(v, outer) + row * v->row_step;
			float *most = &top[channel_of(&field, outer, row)];
			for (size_t i = 0; i < v->columns; i++, from += v->column_step) {
				float magnitude = fabsf(((const float *)t->data)[from]);
				if (magnitude > *most || isnan(magnitude))
					*most = magnitude;
			}
		}
}
