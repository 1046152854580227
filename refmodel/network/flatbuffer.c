#include "flatbuffer.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "flatbuffers are little-endian");

enum { OFFSET = 4, VTABLE_HEAD = 4, FIELD = 2 };

static bool inside(const struct flatbuffer *b, size_t at, size_t bytes)
{
	return bytes <= b->size && at <= b->size - bytes;
}

/* What is at `at` was found to be inside. */
static uint16_t get16(const struct flatbuffer *b, size_t at)
{
	uint16_t v;
	memcpy(&v, b->data + at, sizeof v);
	return v;
}

static uint32_t get32(const struct flatbuffer *b, size_t at)
{
	uint32_t v;
	memcpy(&v, b->data + at, sizeof v);
	return v;
}

static bool table_at(const struct flatbuffer *b, size_t at, const char *what, struct flat_table *t, struct fault *f)
{
	if (!inside(b, at, OFFSET))
		return fault_set(f, "%s lies at byte %zu of %zu; expected a table inside of the file", what, at, b->size);
	int64_t vtable = (int64_t)at - (int32_t)get32(b, at);
	if (vtable < 0 || !inside(b, (size_t)vtable, VTABLE_HEAD))
		return fault_set(f, "%s at byte %zu has its vtable at byte %lld of %zu; expected it inside of the file", what, at,
		                 (long long)vtable, b->size);
	size_t length = get16(b, (size_t)vtable), bytes = get16(b, (size_t)vtable + 2);
	if (length < VTABLE_HEAD || length % FIELD || !inside(b, (size_t)vtable, length))
		return fault_set(f, "%s at byte %zu has a vtable of %zu bytes; expected an even number inside of the file", what, at, length);
	if (bytes < OFFSET || !inside(b, at, bytes))
		return fault_set(f, "%s at byte %zu has %zu bytes; expected 4 or more inside of the file", what, at, bytes);
	*t = (struct flat_table){*b, true, at, bytes, (size_t)vtable, (unsigned)((length - VTABLE_HEAD) / FIELD)};
	return true;
}

bool flat_root(const void *data, size_t size, struct flat_table *root, struct fault *f)
{
	struct flatbuffer b = {data, size};
	if (!inside(&b, 0, OFFSET))
		return fault_set(f, "%zu bytes; expected a flatbuffer", size);
	return table_at(&b, get32(&b, 0), "the root", root, f);
}

/* Where a field of `size` bytes lies; 0 when it is missing. */
static bool field_at(const struct flat_table *t, unsigned field, const char *what, size_t size, size_t *at, struct fault *f)
{
	*at = 0;
	size_t offset = field < t->fields ? get16(&t->file, t->vtable + VTABLE_HEAD + FIELD * (size_t)field) : 0;
	if (!offset)
		return true;
	if (offset < OFFSET || size > t->bytes || offset > t->bytes - size)
		return fault_set(f, "%s lies at byte %zu of a table of %zu; expected it inside", what, offset, t->bytes);
	*at = t->at + offset;
	return true;
}

bool flat_scalar(const struct flat_table *t, unsigned field, const char *what, size_t size, void *to, struct fault *f)
{
	size_t at;
	if (!field_at(t, field, what, size, &at, f))
		return false;
	if (at)
		memcpy(to, t->file.data + at, size);
	return true;
}

/* What the reference at `at` (inside) refers to. */
static bool refer(const struct flatbuffer *b, size_t at, const char *what, size_t *target, struct fault *f)
{
	uint32_t offset = get32(b, at);
	*target = at + offset;
	return (offset && *target < b->size) ||
	       fault_set(f, "%s at byte %zu refers %u bytes ahead; expected it inside of the file's %zu", what, at, offset, b->size);
}

bool flat_child(const struct flat_table *t, unsigned field, const char *what, struct flat_table *child, struct fault *f)
{
	size_t at, target;
	*child = (struct flat_table){.file = t->file};
	if (!field_at(t, field, what, OFFSET, &at, f))
		return false;
	return !at || (refer(&t->file, at, what, &target, f) && table_at(&t->file, target, what, child, f));
}

bool flat_vector(const struct flat_table *t, unsigned field, const char *what, size_t element, struct flat_vector *v, struct fault *f)
{
	size_t at, target;
	*v = (struct flat_vector){.file = t->file, .element = element};
	if (!field_at(t, field, what, OFFSET, &at, f))
		return false;
	if (!at)
		return true;
	if (!refer(&t->file, at, what, &target, f))
		return false;
	if (!inside(&t->file, target, OFFSET))
		return fault_set(f, "%s at byte %zu is cut off", what, target);
	size_t count = get32(&t->file, target);
	v->at = target + OFFSET;
	if (count > (t->file.size - v->at) / element)
		return fault_set(f, "%s at byte %zu has %zu elements of %zu bytes; only %zu bytes follow", what, target, count, element,
		                 t->file.size - v->at);
	v->count = count;
	v->there = true;
	return true;
}

bool flat_tables(const struct flat_table *t, unsigned field, const char *what, struct flat_vector *v, struct fault *f)
{
	return flat_vector(t, field, what, OFFSET, v, f);
}

bool flat_element(const struct flat_vector *v, size_t i, const char *what, struct flat_table *t, struct fault *f)
{
	size_t target;
	return refer(&v->file, v->at + i * OFFSET, what, &target, f) && table_at(&v->file, target, what, t, f);
}

int32_t flat_int32(const struct flat_vector *v, size_t i)
{
	int32_t n;
	memcpy(&n, v->file.data + v->at + i * sizeof n, sizeof n);
	return n;
}

int64_t flat_int64(const struct flat_vector *v, size_t i)
{
	int64_t n;
	memcpy(&n, v->file.data + v->at + i * sizeof n, sizeof n);
	return n;
}

float flat_float(const struct flat_vector *v, size_t i)
{
	float n;
	memcpy(&n, v->file.data + v->at + i * sizeof n, sizeof n);
	return n;
}
