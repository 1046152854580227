/* The small parts of a network's run: names of files, CRC, top classes and accuracy, errors, layer lists, numbers of options, times. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "classes.h"
#include "file.h"
#include "file_names.h"
#include "layer_choice.h"
#include "network_figures.h"
#include "option_value.h"
#include "progress.h"
#include "tensor_dump.h"

static struct tensor *floats(size_t rows, size_t columns, const float *v)
{
	struct fault f = {""};
	struct tensor *t = tensor_new(TENSOR_FLOAT32, 2, (int64_t[]){(int64_t)rows, (int64_t)columns}, &f);
	assert_non_null(t);
	memcpy(t->data, v, rows * columns * sizeof *v);
	return t;
}

static void test_names(void **state)
{
	struct file_names n = {0};
	char longer[400];
	(void)state;
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	assert_string_equal(file_names_add(&n, "conv1/Relu:0"), "conv1_Relu_0");
	assert_string_equal(file_names_add(&n, "conv1;Relu 0"), "conv1_Relu_0-2");
	assert_string_equal(file_names_add(&n, "conv1_Relu_0"), "conv1_Relu_0-3");
	assert_string_equal(file_names_add(&n, "conv1_Relu_0-2"), "conv1_Relu_0-2-2");
	assert_string_equal(file_names_add(&n, "../../etc"), ".._.._etc");
	assert_string_equal(file_names_add(&n, ""), "_");
	assert_string_equal(file_names_add(&n, ""), "_-2");
	assert_string_equal(file_names_add(&n, "\xc3\xa4.b-c"), "__.b-c");
	assert_int_equal(strlen(file_names_add(&n, longer)), FILE_NAME_MAX);
	assert_int_equal(strlen(file_names_add(&n, longer)), FILE_NAME_MAX + 2);
	for (int i = 0; i < 50; i++)
		assert_non_null(file_names_add(&n, "again"));
	assert_string_equal(n.name[n.count - 1], "again-50");
	file_names_free(&n);
}

static void test_crc(void **state)
{
	struct fault f = {""};
	struct tensor *t = tensor_new(TENSOR_UINT8, 1, (int64_t[]){9}, &f);
	(void)state;
	memcpy(t->data, "123456789", 9);
	assert_int_equal(tensor_crc(t), 0xcbf43926); /* the check value of CRC-32 */
	tensor_free(t);
}

/* ---- classes ---- */

static char *said;

static void add(struct classes *c, const struct tensor *t, size_t rows)
{
	struct fault f = {""};
	size_t size;
	FILE *out = open_memstream(&said, &size);
	if (!classes_add(c, t, rows, out, &f))
		fail_msg("%s", f.text);
	fclose(out);
}

static void test_top(void **state)
{
	static const float v[2][7] = {{1, 5, NAN, 5, -INFINITY, 7, 2}, {0, 0, 0, 0, 0, 0, 0}};
	struct classes c = {.top = 4, .first = 3};
	struct tensor *t = floats(2, 7, v[0]);
	(void)state;
	add(&c, t, 2);
	assert_string_equal(said, "image 3: 5 7, 1 5, 3 5, 6 2\nimage 4: 0 0, 1 0, 2 0, 3 0\n");
	free(said);
	c.top = 100;
	add(&c, t, 2);
	assert_string_equal(said, "image 5: 5 7, 1 5, 3 5, 6 2, 0 1, 4 -inf, 2 nan\nimage 6: 0 0, 1 0, 2 0, 3 0, 4 0, 5 0, 6 0\n");
	free(said);
	struct fault f = {""};
	assert_false(classes_add(&c, t, 3, stdout, &f));
	assert_non_null(strstr(f.text, "14 elements"));
	tensor_free(t);
	classes_free(&c);
}

static void test_accuracy(void **state)
{
	static const float v[3][8] = {{9, 8, 7, 6, 5, 4, 3, 2}, {9, 8, 7, 6, 5, 4, 3, 2}, {9, 8, 7, 6, 5, 4, 3, 2}};
	struct classes c = {.first = 1};
	struct fault f = {""};
	struct tensor *t = floats(3, 8, v[0]);
	(void)state;
	c.label = tensor_new(TENSOR_UINT8, 1, (int64_t[]){4}, &f);
	memcpy(c.label->data, (uint8_t[]){7, 0, 4, 5}, 4); /* right, among the first five, wrong */
	add(&c, t, 3);
	assert_string_equal(said, "");
	free(said);
	assert_int_equal(c.rows, 3);
	assert_int_equal(c.right, 1);
	assert_int_equal(c.right5, 2);
	tensor_free(t);
	classes_free(&c);
}

static void test_class_names(void **state)
{
	struct fault f = {""};
	char path[] = "/tmp/bitlet_names_XXXXXX";
	struct classes c = {.top = 2};
	static const float v[3] = {1, 3, 2};
	struct tensor *t = floats(1, 3, v);
	(void)state;
	int fd = mkstemp(path);
	assert_true(fd >= 0 && close(fd) == 0);
	assert_true(file_save(path, "a cat\r\n\033[2Jdog", 14, "", 0, &f));
	assert_true(classes_load(&c, NULL, path, 0, 1, &f));
	add(&c, t, 1);
	assert_string_equal(said, "image 0: 1 ( [2Jdog) 3, 2 2\n"); /* no control characters */
	free(said);
	tensor_free(t);
	classes_free(&c);
	unlink(path);
}

/* ---- errors ---- */

static struct network_error compare(enum error_kind kind, const float *a, const float *b)
{
	struct network_error e = {ERROR_UNKNOWN, 0, 0, 0, 0};
	struct tensor *x = floats(1, 3, a), *y = floats(1, 3, b);
	network_error_add(&e, kind, x, y);
	tensor_free(x);
	tensor_free(y);
	return e;
}

static void test_errors(void **state)
{
	char text[40];
	(void)state;
	struct network_error e = compare(ERROR_REAL, (float[]){1, 2, -8.5f}, (float[]){1, 2.25f, -8});
	assert_int_equal(e.off, 2);
	assert_true(network_error_share(&e) == 0.5 / 8);
	assert_string_equal(network_error_text(&e, text), "0.062");
	e = compare(ERROR_REAL, (float[]){1, NAN, INFINITY}, (float[]){1, NAN, INFINITY});
	assert_string_equal(network_error_text(&e, text), "0");
	e = compare(ERROR_REAL, (float[]){1, NAN, 3}, (float[]){1, 2, 3});
	assert_string_equal(network_error_text(&e, text), "inf");
	e = compare(ERROR_REAL, (float[]){1, 2, 3}, (float[]){1, INFINITY, 3});
	assert_string_equal(network_error_text(&e, text), "inf");
	e = compare(ERROR_CODES, (float[]){1, 2, 3}, (float[]){1, 2, 3});
	assert_string_equal(network_error_text(&e, text), "exact");
	e = compare(ERROR_CODES, (float[]){1, 2, 0.0f}, (float[]){1, 2, -0.0f}); /* other bytes */
	assert_string_equal(network_error_text(&e, text), "1 of 3 off");
	e = (struct network_error){ERROR_UNKNOWN, 0, 0, 0, 0};
	assert_string_equal(network_error_text(&e, text), "-");
	struct tensor *x = floats(1, 3, (float[]){1, 2, 3}), *y = floats(3, 1, (float[]){1, 2, 3});
	network_error_add(&e, ERROR_REAL, x, y); /* another shape */
	assert_string_equal(network_error_text(&e, text), "inf");
	tensor_free(x);
	tensor_free(y);
}

/* ---- layers ---- */

static void test_layers(void **state)
{
	static char name[7][8] = {"in", "conv1", "pool", "conv2", "7", "fc;b", "odd;c"};
	struct graph_node node[7];
	struct schedule_step step[7];
	struct graph g = {.node = node, .nodes = 7};
	struct schedule s = {.graph = &g, .step = step, .steps = 7};
	static const struct {
		const char *list, *chosen, *fault;
	} c[] = {
		{"conv1", ".x....", NULL}, {"conv*", ".x.x..", NULL}, {"*", ".x.xxx", NULL}, {"1", ".x....", NULL}, {"2..3", "...xx.", NULL},
		{"1,fc", ".x...x", NULL}, {"fc;b", ".....x", NULL}, {"f", "", "'f' is no layer"}, {"[cf]*", ".x.x.x", NULL}, {"4,4..4", ".....x", NULL}, {"pool", "", "'pool' is no layer"}, {"0", "", "from 1 to 4"},
		{"3..5", "", "from 1 to 4"}, {"3..2", "", "from 1 to 4"}, {"conv1,,fc", ".x...x", NULL}, {"", "", "nothing in ''"}, {"1..", "", "'1..' is no layer"},
		{"odd", "", "--layers: 'odd' stays on the host: too wide"}, {"o*", "", "'o*' is no layer"},
	};
	(void)state;
	for (size_t i = 0; i < 7; i++) {
		node[i] = (struct graph_node){.name = name[i]};
		step[i] = (struct schedule_step){.node = i, .on_core = i != 0 && i != 2 && i != 6};
	}
	strcpy(step[6].why, "too wide");
	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		bool chosen[7];
		struct fault f = {""};
		assert_int_equal(layer_choice("--layers", c[i].list, &s, chosen, &f), !c[i].fault);
		if (c[i].fault && !strstr(f.text, c[i].fault))
			fail_msg("'%s'; expected '%s'", f.text, c[i].fault);
		for (size_t k = 0; !c[i].fault && k < 6; k++)
			assert_int_equal(chosen[k], c[i].chosen[k] == 'x');
	}
}

static void test_numbers(void **state)
{
	double v[3];
	unsigned count;
	char text[32];
	(void)state;
	assert_true(option_reals("--mean", "1,-2.5,3e2", 3, v, &count));
	assert_int_equal(count, 3);
	assert_true(v[0] == 1 && v[1] == -2.5 && v[2] == 300);
	assert_true(option_reals("--mean", "0.5", 3, v, &count) && count == 1);
	static const char *const bad[] = {"", "1,", ",1", "1;2", "nan", "inf", "1,2,3,4", "1e999"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(option_reals("--mean", bad[i], 3, v, &count));
	assert_string_equal(progress_time(59.4, text), "59 s");
	assert_string_equal(progress_time(61, text), "1:01");
	assert_string_equal(progress_time(3725, text), "1:02:05");
	assert_string_equal(progress_time(-1, text), "0 s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names), cmocka_unit_test(test_crc), cmocka_unit_test(test_top), cmocka_unit_test(test_accuracy),
		cmocka_unit_test(test_class_names), cmocka_unit_test(test_errors), cmocka_unit_test(test_layers),
		cmocka_unit_test(test_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
