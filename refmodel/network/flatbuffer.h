/*
 * flatbuffer.h: reads flatbuffers from files that may be damaged: nothing is believed before it is checked, nothing is copied.
 *
 *     file     [root: u32 offset] [identifier: 4 letters] ...
 *     table    [i32: how far the vtable lies before the table] fields...
 *     vtable   [u16 its bytes] [u16 the table's bytes] [u16 offset of field 0 in the table, 0: missing] [u16 field 1] ...
 *     vector   [u32 count] elements...       a string is a vector of bytes
 *
 * Tables, vectors and strings are referred to by u32 offsets that count from where they stand: forward only, so that data cannot make a cycle of
 * references; the same table may still be referred to more than once. Alignment is not asked for.
 *
 * A missing field is no fault: scalars keep their value, tables have there = false, vectors count = 0.
 */
#ifndef BITLET_FLATBUFFER_H
#define BITLET_FLATBUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

struct flatbuffer {
	const uint8_t *data;
	size_t size;
};

struct flat_table {
	struct flatbuffer file;
	bool there;
	size_t at, bytes;           /* of the table: [at, at + bytes) is in the file */
	size_t vtable;
	unsigned fields;            /* that the vtable has room for */
};

struct flat_vector {
	struct flatbuffer file;
	bool there;
	size_t at;                  /* of element 0 */
	size_t count, element;      /* bytes of an element; all of them are in the file */
};

/* The table that the file begins with. */
bool flat_root(const void *data, size_t size, struct flat_table *root, struct fault *f);

/* Field `field` of a table that is there. what: for the fault. */
bool flat_scalar(const struct flat_table *t, unsigned field, const char *what, size_t size, void *to, struct fault *f);
bool flat_child(const struct flat_table *t, unsigned field, const char *what, struct flat_table *child, struct fault *f);
bool flat_vector(const struct flat_table *t, unsigned field, const char *what, size_t element, struct flat_vector *v, struct fault *f);
/* A vector of tables. */
bool flat_tables(const struct flat_table *t, unsigned field, const char *what, struct flat_vector *v, struct fault *f);

/* Element i < count of a vector of tables. */
bool flat_element(const struct flat_vector *v, size_t i, const char *what, struct flat_table *t, struct fault *f);

/* Element i < count of a vector of int32, int64, float32. */
int32_t flat_int32(const struct flat_vector *v, size_t i);
int64_t flat_int64(const struct flat_vector *v, size_t i);
float flat_float(const struct flat_vector *v, size_t i);

#endif
