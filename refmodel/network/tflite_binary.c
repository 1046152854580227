#include "tflite_binary.h"

#include "host_broadcast.h"

static float clamp(const struct tflite_binary *s, float v)
{
	return v < s->least ? s->least : v > s->most ? s->most : v;
}

static void store_integer(struct tensor *y, size_t i, int64_t v)
{
	if (y->type == TENSOR_INT32)
		((int32_t *)y->data)[i] = (int32_t)v;
	else
		((int64_t *)y->data)[i] = v;
}

static void element(struct tflite_binary *s, size_t at, size_t a, size_t b)
{
	if (s->y->type == TENSOR_FLOAT32) {
		((float *)s->y->data)[at] = clamp(s, s->floats(((const float *)s->a->data)[a], ((const float *)s->b->data)[b]));
		return;
	}
	if (!tflite_is_code(s->y->type)) {
		store_integer(s->y, at, s->integers(s, tensor_integer(s->a, a), tensor_integer(s->b, b)));
		return;
	}
	int32_t v = s->codes(s, tflite_get(s->a, a) - s->a_zero, tflite_get(s->b, b) - s->b_zero);
	tflite_put(s->y, at, (int64_t)v + s->y_zero, s->low, s->high);
}

bool tflite_binary(struct host_call *c, struct tflite_binary *s)
{
	struct host_broadcast walk;
	unsigned rank;
	int64_t dim[TENSOR_MAX_RANK];
	size_t at[HOST_BROADCAST_MAX];
	s->a = c->in[0];
	s->b = c->in[1];
	if (!host_broadcast_shape(c, &rank, dim) || !(s->y = tflite_out(c, 0, rank, dim)) || !host_steps(c, s->y->count, 1, 1))
		return false;
	if (c->dry || !s->y->count)
		return true;
	host_broadcast(rank, dim, (const struct tensor *const[]){s->a, s->b}, 2, &walk);
	for (size_t i = 0; i < walk.rows; i++) {
		host_broadcast_row(&walk, i, at);
		for (size_t j = 0; j < walk.row; j++)
			element(s, i * walk.row + j, at[0] + j * walk.step[0], at[1] + j * walk.step[1]);
	}
	return !s->by_zero || host_fault(c, "divides by 0");
}

bool tflite_binary_codes(struct host_call *c, struct tflite_binary *s, struct tflite_code *a, struct tflite_code *b, struct tflite_code *y)
{
	if (!tflite_in_code(c, 0, a) || !tflite_in_code(c, 1, b) || !tflite_out_code(c, y))
		return false;
	s->a_zero = a->zero;
	s->b_zero = b->zero;
	s->y_zero = y->zero;
	s->low = tflite_code_min(tflite_out_value(c, 0)->type);
	s->high = tflite_code_max(tflite_out_value(c, 0)->type);
	return true;
}

bool tflite_binary_types(struct host_call *c, const struct tflite_binary *s, bool *is_float, bool *is_code)
{
	enum tensor_type t = tflite_out_value(c, 0)->type;
	*is_float = t == TENSOR_FLOAT32;
	*is_code = s->codes && (t == TENSOR_INT8 || t == TENSOR_UINT8);
	bool is_integer = s->integers && (t == TENSOR_INT32 || t == TENSOR_INT64);
	if (!*is_code && !is_integer && !(*is_float && s->floats))
		return host_fault(c, "the output is %s; expected float32%s%s", tensor_type_name(t), s->codes ? ", int8, uint8" : "",
		                  s->integers ? ", int32, int64" : "");
	return tflite_same_type(c, 0) && tflite_same_type(c, 1);
}
