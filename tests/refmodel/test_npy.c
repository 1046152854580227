/* .npy files: every type there and back, NumPy's own headers, damaged files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "tensor.h"

static void there_and_back(void **state)
{
	(void)state;
	char path[] = "/tmp/bitlet_npy_XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	for (unsigned t = 0; t < TENSOR_TYPE_COUNT; t++)
		for (size_t rank = 0; rank <= TENSOR_MAX_RANK; rank++) {
			struct fault f = {""};
			const int64_t dim[TENSOR_MAX_RANK] = {3, 1, 2, 1, 1, 2, 1, 5};
			struct tensor *a = tensor_new((enum tensor_type)t, rank, dim, &f), *b;
			for (size_t i = 0; i < a->count * tensor_type_bytes(a->type); i++)
				((uint8_t *)a->data)[i] = (uint8_t)(i * 37 + t);
			assert_true(npy_save(path, a, &f));
			b = npy_load(path, &f);
			assert_string_equal(f.text, "");
			assert_true(tensor_equal(a, b));
			tensor_free(a);
			tensor_free(b);
		}
	unlink(path);
}

/* What NumPy wrote, byte for byte. */
static void like_numpy(void **state)
{
	(void)state;
	static const char *const paths[] = {"labels.npy", "images.npy", "logits_int8.npy", "logits_fp32.npy"};
	char path[] = "/tmp/bitlet_npy_XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		struct fault f = {""};
		char theirs[128];
		size_t a_size, b_size;
		snprintf(theirs, sizeof theirs, "sim/networks/digits/%s", paths[i]);
		struct tensor *t = npy_load(theirs, &f);
		assert_non_null(t);
		assert_true(npy_save(path, t, &f));
		void *a = file_load(theirs, 1 << 20, &a_size, &f), *b = file_load(path, 1 << 20, &b_size, &f);
		assert_int_equal(a_size, b_size);
		assert_memory_equal(a, b, a_size);
		free(a);
		free(b);
		tensor_free(t);
	}
	unlink(path);
}

static void cannot_be_written(void **state)
{
	(void)state;
	struct fault f = {""}, g = {""};
	struct tensor *t = tensor_new(TENSOR_INT8, 1, (int64_t[]){1 << 16}, &f);
	assert_false(npy_save("/nowhere/at/all.npy", t, &f));
	assert_string_equal(f.text, "/nowhere/at/all.npy: No such file or directory");
	assert_false(npy_save("sim", t, &g)); /* a folder cannot be replaced; nothing is left beside it */
	assert_string_equal(g.text, "sim: Is a directory");
	assert_int_equal(access("sim.tmp", F_OK), -1);
	tensor_free(t);
}

/* Text after the magic, version 1.0; data of `bytes` zeros. */
static struct tensor *parse(const char *header, size_t bytes, struct fault *f)
{
	unsigned char file[512] = "\x93NUMPY\x01";
	size_t length = strlen(header);
	file[8] = (unsigned char)length;
	memcpy(file + 10, header, length);
	return npy_parse(file, 10 + length + bytes, f);
}

static void headers(void **state)
{
	(void)state;
	static const struct {
		const char *header;
		size_t bytes;
		const char *fault;
	} rows[] = {
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }   \n", 24, ""},
		{"{'shape':(2,),'descr':'|u1','fortran_order':False}", 2, ""},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (), }", 4, ""},
		{"{'descr': '<i8', 'fortran_order': False, 'shape': (0, 5), }", 0, ""},
		{"{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", 8, "Fortran order; expected C order (numpy.ascontiguousarray)"},
		{"{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", 8,
		 "element type '>f4',; expected little-endian f4, f8, u1, u2, i1, i2, i4, i8 or b1"},
		{"{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }", 4,
		 "element type '<f2',; expected little-endian f4, f8, u1, u2, i1, i2, i4, i8 or b1"},
		{"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 8,
		 "header without a plain 'descr'; expected an array of one type"},
		{"{'fortran_order': False, 'shape': (2,), }", 8, "header without a plain 'descr'; expected an array of one type"},
		{"{'descr': '<f4', 'fortran_order': False}", 8, "header without 'shape'"},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (2, x), }", 8, "shape (2, x), }; expected at most 8 numbers"},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", 8, "shape (-2,), }; expected at most 8 numbers"},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}", 4, "shape (1,1,1,1,1,1,1,1,1)}; expected at most 8 numbers"},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", 4,
		 "a dimension in shape (99999999999999999999,)} is too large"},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", 4,
		 "float32 of shape [4294967296, 4294967296]; at most 1073741824 bytes are possible"},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", 8, "8 bytes of data; the header promises 12"},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (3", 12, "shape (3; expected at most 8 numbers"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct fault f = {""};
		struct tensor *t = parse(rows[i].header, rows[i].bytes, &f);
		assert_string_equal(f.text, rows[i].fault);
		assert_int_equal(!t, rows[i].fault[0] != '\0');
		tensor_free(t);
	}
}

static void no_array_at_all(void **state)
{
	(void)state;
	struct fault f = {""}, g = {""}, h = {""}, i = {""};
	assert_null(npy_parse("\x93NUMPY\x01\0\xff\xff", 10, &f));
	assert_string_equal(f.text, "is no .npy file (version 1 to 3)");
	assert_null(npy_parse("\x93NUMPY\x01\0\xff\xff....", 14, &g));
	assert_string_equal(g.text, "the header of 65535 bytes is cut off or too long");
	for (char version = 0; version < 6; version++) {
		char file[12] = "\x93NUMPY";
		struct fault v = {""};
		file[6] = version;
		assert_null(npy_parse(file, sizeof file, &v));
		assert_int_equal(!strcmp(v.text, "is no .npy file (version 1 to 3)"), version < 1 || version > 3);
	}
	assert_null(npy_load("no/such/file.npy", &h));
	assert_string_equal(h.text, "no/such/file.npy: No such file or directory");
	assert_null(npy_load("sim", &i));
	assert_string_equal(i.text, "sim: is no regular file");
}

/* Every length of a short file: either whole or a fault. */
static void truncated(void **state)
{
	(void)state;
	const char *header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n";
	unsigned char file[128] = "\x93NUMPY\x01";
	size_t size = 10 + strlen(header) + 16;
	file[8] = (unsigned char)strlen(header);
	memcpy(file + 10, header, strlen(header));
	for (size_t n = 0; n <= size; n++) {
		struct fault f = {""};
		unsigned char *copy = malloc(n + 1); /* exactly as long, so that a sanitizer sees reads behind it */
		memcpy(copy, file, n);
		struct tensor *t = npy_parse(copy, n, &f);
		assert_int_equal(t != NULL, n == size);
		assert_int_equal(f.text[0] == '\0', n == size);
		tensor_free(t);
		free(copy);
	}
}

static void rows(void **state)
{
	(void)state;
	struct fault f = {""}, g = {""};
	struct tensor *t = tensor_new(TENSOR_INT16, 2, (int64_t[]){3, 2}, &f);
	for (int16_t i = 0; i < 6; i++)
		((int16_t *)t->data)[i] = i;
	struct tensor *r = tensor_rows(t, 1, 2, &f);
	assert_int_equal(r->dim[0], 2);
	assert_int_equal(tensor_integer(r, 0), 2);
	assert_int_equal(tensor_integer(r, 3), 5);
	assert_null(tensor_rows(t, 2, 2, &g));
	assert_string_equal(g.text, "elements 2 to 3 of dimension 0 wanted; there are 3");
	tensor_free(r);
	tensor_free(t);
	struct fault h = {""};
	t = tensor_new(TENSOR_INT16, 0, NULL, &h);
	assert_null(tensor_rows(t, 0, 1, &h));
	assert_string_equal(h.text, "elements 0 to 0 of dimension 0 wanted; there are 0");
	tensor_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back), cmocka_unit_test(like_numpy),    cmocka_unit_test(cannot_be_written), cmocka_unit_test(headers),
		cmocka_unit_test(no_array_at_all), cmocka_unit_test(truncated), cmocka_unit_test(rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
