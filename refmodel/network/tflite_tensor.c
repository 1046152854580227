#include "tflite_tensor.h"

#include <math.h>
#include <string.h>

enum { QUANT_MIN, QUANT_MAX, QUANT_SCALE, QUANT_ZERO, QUANT_DETAILS_TYPE, QUANT_DETAILS, QUANT_AXIS };
enum { BUFFER_DATA, BUFFER_OFFSET, BUFFER_SIZE };
enum { TYPE_FLOAT16 = 1, TYPE_INT4 = 17 };
enum { COPIES = 8, COPIES_LEAST = 1 << 16 }; /* a file may refer to each byte so often on average */

void tflite_file_new(struct tflite_file *file, size_t size)
{
	*file = (struct tflite_file){.left = COPIES * size + COPIES_LEAST};
}

bool tflite_file_copies(struct tflite_file *file, size_t bytes, struct fault *f)
{
	if (bytes > file->left)
		return fault_set(f, "tables share their data so often that it would fill more than %d times the file's size", COPIES);
	file->left -= bytes;
	return true;
}

/* ---- type and shape */

/* By the schema's number; 0: not possible, else the tensor's type + 1. */
static const unsigned char type_of[] = {
	[0] = 1 + TENSOR_FLOAT32, [TYPE_FLOAT16] = 1 + TENSOR_FLOAT32, [2] = 1 + TENSOR_INT32, [3] = 1 + TENSOR_UINT8,
	[4] = 1 + TENSOR_INT64, [6] = 1 + TENSOR_BOOL, [7] = 1 + TENSOR_INT16, [9] = 1 + TENSOR_INT8, [10] = 1 + TENSOR_FLOAT64,
	[16] = 1 + TENSOR_UINT16, [TYPE_INT4] = 1 + TENSOR_INT8,
};

static bool read_type(const struct flat_table *t, struct graph_value *v, uint8_t *type, struct fault *f)
{
	*type = 0;
	if (!flat_scalar(t, TFLITE_TENSOR_TYPE, "a tensor's type", 1, type, f))
		return false;
	if (*type >= sizeof type_of || !type_of[*type])
		return fault_set(f, "type %u of the schema; expected float32, float16, float64, bool or an integer type", *type);
	v->type = (enum tensor_type)(type_of[*type] - 1);
	v->typed = true;
	return true;
}

static bool read_shape(const struct flat_table *t, struct graph_value *v, struct fault *f)
{
	struct flat_vector shape, signature;
	if (!flat_vector(t, TFLITE_TENSOR_SHAPE, "a tensor's shape", 4, &shape, f) || !flat_vector(t, TFLITE_TENSOR_SIGNATURE, "a shape's signature", 4, &signature, f))
		return false;
	if (shape.count > TENSOR_MAX_RANK)
		return fault_set(f, "%zu dimensions; at most %d are possible", shape.count, TENSOR_MAX_RANK);
	v->rank = (unsigned)shape.count;
	for (size_t i = 0; i < shape.count; i++) {
		bool any = signature.count == shape.count && flat_int32(&signature, i) == -1;
		v->dim[i] = any ? -1 : flat_int32(&shape, i);
		if (v->dim[i] < 0 && !any)
			return fault_set(f, "dimension %zu is %lld; expected none below 0", i, (long long)v->dim[i]);
	}
	return true;
}

/* ---- scales */

static bool zero_fits(enum tensor_type t, int64_t zero)
{
	switch (t) {
	case TENSOR_INT8:
		return zero >= INT8_MIN && zero <= INT8_MAX;
	case TENSOR_UINT8:
		return zero >= 0 && zero <= UINT8_MAX;
	case TENSOR_INT16:
		return zero >= INT16_MIN && zero <= INT16_MAX;
	default:
		return zero >= INT32_MIN && zero <= INT32_MAX;
	}
}

static bool fill_quant(struct graph_quant *q, enum tensor_type type, const struct flat_vector *scale, const struct flat_vector *zero,
                       struct fault *f)
{
	for (size_t i = 0; i < q->count; i++) {
		float s = flat_float(scale, i);
		int64_t z = zero->count ? flat_int64(zero, zero->count == 1 ? 0 : i) : 0;
		if (!isfinite(s) || s <= 0)
			return fault_set(f, "scale %zu is %g; expected a finite number above 0", i, (double)s);
		if (!zero_fits(type, z))
			return fault_set(f, "zero point %zu is %lld; expected a value of %s", i, (long long)z, tensor_type_name(type));
		q->scale[i] = s;
		q->zero[i] = (int32_t)z;
	}
	return true;
}

static bool check_axis(const struct graph_value *v, size_t scales, size_t zeros, int32_t axis, struct fault *f)
{
	if (zeros > 1 && zeros != scales)
		return fault_set(f, "%zu scales and %zu zero points; expected as many", scales, zeros);
	if (scales == 1)
		return true;
	if (axis < 0 || (unsigned)axis >= v->rank || v->dim[axis] < 0 || (uint64_t)v->dim[axis] != scales)
		return fault_set(f, "%zu scales along dimension %d; expected 1, or as many as that dimension has elements", scales, axis);
	return true;
}

static bool read_quant(struct tflite_file *file, const struct flat_table *t, struct graph *g, struct graph_value *v, struct fault *f)
{
	struct flat_table q;
	struct flat_vector scale, zero;
	int32_t axis = 0;
	if (!flat_child(t, TFLITE_TENSOR_QUANTIZATION, "scales", &q, f))
		return false;
	if (!q.there || tensor_type_is_float(v->type) || v->type == TENSOR_BOOL)
		return true;
	if (!flat_vector(&q, QUANT_SCALE, "scales", sizeof(float), &scale, f) ||
	    !flat_vector(&q, QUANT_ZERO, "zero points", sizeof(int64_t), &zero, f) ||
	    !flat_scalar(&q, QUANT_AXIS, "the scales' dimension", sizeof axis, &axis, f))
		return false;
	if (!scale.count)
		return true; /* only a range for importing back */
	if (!check_axis(v, scale.count, zero.count, axis, f) || !tflite_file_copies(file, scale.count * sizeof(float), f))
		return false;
	v->quant = graph_alloc(g, 1, sizeof *v->quant, f);
	if (!v->quant)
		return false;
	v->quant->count = scale.count;
	v->quant->axis = scale.count > 1 ? (unsigned)axis : 0;
	v->quant->scale = graph_alloc(g, scale.count, sizeof(float), f);
	v->quant->zero = graph_alloc(g, scale.count, sizeof(int32_t), f);
	return v->quant->scale && v->quant->zero && fill_quant(v->quant, v->type, &scale, &zero, f);
}

/* ---- data */

/* The bytes of a tensor's buffer, which may lie behind the flatbuffer; count 0: it has none. */
static bool find_data(const struct tflite_file *file, const struct flat_table *t, struct flat_vector *data, struct fault *f)
{
	uint32_t index = 0;
	struct flat_table buffer;
	uint64_t offset = 0, size = 0;
	*data = (struct flat_vector){.file = t->file, .element = 1};
	if (!flat_scalar(t, TFLITE_TENSOR_BUFFER, "a tensor's buffer", sizeof index, &index, f))
		return false;
	if (!index)
		return true;
	if (index >= file->buffers.count)
		return fault_set(f, "buffer %u; there are %zu", index, file->buffers.count);
	if (!flat_element(&file->buffers, index, "a buffer", &buffer, f) || !flat_vector(&buffer, BUFFER_DATA, "data", 1, data, f) ||
	    !flat_scalar(&buffer, BUFFER_OFFSET, "a buffer's offset", sizeof offset, &offset, f) ||
	    !flat_scalar(&buffer, BUFFER_SIZE, "a buffer's size", sizeof size, &size, f))
		return false;
	if (offset <= 1)
		return true;
	if (size > t->file.size || offset > t->file.size - size)
		return fault_set(f, "data at bytes %llu to %llu; the file has %zu", (unsigned long long)offset,
		                 (unsigned long long)(offset + size), t->file.size);
	data->at = (size_t)offset;
	data->count = (size_t)size;
	return true;
}

static float half_to_float(uint16_t h)
{
	int exponent = h >> 10 & 31, mantissa = h & 1023;
	float v = exponent == 31 ? (mantissa ? NAN : INFINITY) :
	          exponent ? ldexpf((float)(mantissa + 1024), exponent - 25) : ldexpf((float)mantissa, -24);
	return h >> 15 ? -v : v;
}

static void copy_data(uint8_t type, const uint8_t *from, struct tensor *t)
{
	for (size_t i = 0; type == TYPE_FLOAT16 && i < t->count; i++)
		((float *)t->data)[i] = half_to_float((uint16_t)(from[2 * i] | from[2 * i + 1] << 8));
	for (size_t i = 0; type == TYPE_INT4 && i < t->count; i++) {
		int nibble = from[i / 2] >> (i % 2 ? 4 : 0) & 15;
		((int8_t *)t->data)[i] = (int8_t)(nibble < 8 ? nibble : nibble - 16);
	}
	if (type != TYPE_FLOAT16 && type != TYPE_INT4)
		memcpy(t->data, from, t->count * tensor_type_bytes(t->type));
}

static size_t stored_bytes(uint8_t type, enum tensor_type t, size_t count)
{
	return type == TYPE_FLOAT16 ? 2 * count : type == TYPE_INT4 ? (count + 1) / 2 : count * tensor_type_bytes(t);
}

static bool read_data(struct tflite_file *file, const struct flat_table *t, uint8_t type, struct graph_value *v, struct fault *f)
{
	struct flat_vector data;
	size_t count;
	if (!find_data(file, t, &data, f) || !data.count)
		return !f->text[0];
	if (!tensor_count(v->type, v->rank, v->dim, &count, f))
		return false;
	if (data.count != stored_bytes(type, v->type, count))
		return fault_set(f, "%zu bytes of data; its type and shape need %zu", data.count, stored_bytes(type, v->type, count));
	if (!tflite_file_copies(file, data.count, f) || !(v->constant = tensor_new(v->type, v->rank, v->dim, f)))
		return false;
	copy_data(type, data.file.data + data.at, v->constant);
	return true;
}

bool tflite_tensor(struct tflite_file *file, const struct flat_table *t, struct graph *g, struct graph_value *v, struct fault *f)
{
	uint8_t type;
	struct flat_table sparsity;
	if (!read_type(t, v, &type, f) || !read_shape(t, v, f) || !read_quant(file, t, g, v, f) || !read_data(file, t, type, v, f) ||
	    !flat_child(t, TFLITE_TENSOR_SPARSITY, "sparsity", &sparsity, f))
		return false;
	if (sparsity.there)
		return fault_set(f, "sparse data; expected a dense tensor");
	if (!v->constant && (type == TYPE_FLOAT16 || type == TYPE_INT4))
		return fault_set(f, "a computed tensor of type %s; only constants are possible", type == TYPE_INT4 ? "int4" : "float16");
	return true;
}
