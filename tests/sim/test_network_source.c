/* What `bitlet check --network` loads: how many rows of the inputs, by what the network declares and what was asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../network/graph_text.h"
#include "network_source.h"

#define DIGITS "sim/networks/digits/"

static char folder[] = "/tmp/bitlet-source-XXXXXX";
static char model[80], first[80], second[80];

static int make_folder_for_files(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(model, sizeof model, "%s/net.onnx", folder);
	snprintf(first, sizeof first, "%s/x.npy", folder);
	snprintf(second, sizeof second, "%s/k.npy", folder);
	return 0;
}

static int remove_files(void **state)
{
	(void)state;
	unlink(model);
	unlink(first);
	unlink(second);
	return rmdir(folder);
}

static void save_network(const char *text)
{
	static struct text_graph t; /* large */
	text_graph_new(&t, text, 1);
	FILE *f = fopen(model, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(t.build.bytes, 1, t.build.size, f), t.build.size);
	assert_int_equal(fclose(f), 0);
	text_graph_free(&t);
}

static void save_array(const char *path, int64_t rows, int64_t columns)
{
	struct fault f = {""};
	struct tensor *t = tensor_new(TENSOR_FLOAT32, 2, (int64_t[]){rows, columns}, &f);
	for (size_t i = 0; i < t->count; i++)
		((float *)t->data)[i] = (float)i;
	assert_true(npy_save(path, t, &f));
	tensor_free(t);
}

/* Rows of each input that are loaded. */
static void loads(const struct options *o, size_t frames, int64_t rows, int64_t rows_of_second)
{
	struct network_source s;
	struct fault f = {""};
	if (!network_source_load(&s, o, &f))
		fail_msg("%s", f.text);
	assert_int_equal(s.inputs.frames, frames);
	assert_int_equal(s.input[0]->dim[0], rows);
	if (s.graph->inputs > 1)
		assert_int_equal(s.input[1]->dim[0], rows_of_second);
	network_source_free(&s);
}

static void refuses(const struct options *o, const char *text)
{
	struct network_source s;
	struct fault f = {""};
	assert_false(network_source_load(&s, o, &f));
	if (!strstr(f.text, text))
		fail_msg("'%s'; expected '%s'", f.text, text);
	network_source_free(&s);
}

static void open_batch(void **state)
{
	static struct options o;
	(void)state;
	o = (struct options){.network = DIGITS "digits_fp32.onnx", .input = {DIGITS "images.npy"}, .inputs = 1, .image_count = 1};
	loads(&o, 1, 1, 0);
	o.image_count = 100;
	loads(&o, 100, 100, 0);
	o.image_count = 0;
	loads(&o, 450, 450, 0);
	o.image_count = 451;
	refuses(&o, "input 'image' has 450 rows; expected at least 451");
}

static void declared_batch(void **state)
{
	static struct options o;
	(void)state;
	save_network("in x f32 3x6; w k f32 6x5; MatMul x k -> y; out y");
	save_array(first, 7, 6);
	o = (struct options){.network = model, .input = {first}, .inputs = 1, .image_count = 1};
	loads(&o, 3, 3, 0);
	save_array(first, 2, 6);
	refuses(&o, "input 'x' has 2 rows; expected at least 3");
}

static void inputs_without_a_common_batch(void **state)
{
	static struct options o;
	static char named[100];
	(void)state;
	save_network("in x f32 4x6; in k f32 6x5; MatMul x k -> y; out y");
	save_array(first, 4, 6);
	save_array(second, 6, 5);
	snprintf(named, sizeof named, "k=%s", second);
	o = (struct options){.network = model, .input = {named, first}, .inputs = 2, .image_count = 1};
	loads(&o, 4, 4, 6);
	o.inputs = 1;
	refuses(&o, "no --input for 'x'");
	o.network = second;
	refuses(&o, "k.npy: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(open_batch), cmocka_unit_test(declared_batch), cmocka_unit_test(inputs_without_a_common_batch)};
	return cmocka_run_group_tests(tests, make_folder_for_files, remove_files);
}
