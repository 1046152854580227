/* Layer descriptions: every complaint (bad_layers.txt), and layers in both layouts against ONNX's definition in plain loops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "../gen/table.h"
#include "config_load.h"
#include "file.h"
#include "interpret.h"
#include "layer_file.h"
#include "layer_yaml.h"
#include "stimulus.h"

static struct bitlet_config config;
static struct bitlet_derived derived;

/* ---- arrays ---- */

static struct tensor *make(enum tensor_type type, unsigned rank, const int64_t *dim, uint64_t seed)
{
	struct fault f = { "" };
	struct bitlet_rng r = { seed };
	struct tensor *t = tensor_new(type, rank, dim, &f);
	assert_non_null(t);
	for (size_t i = 0; i < t->count; i++) {
		int32_t v = (int32_t)bitlet_random_below(&r, 21) - 10;
		if (type == TENSOR_INT8)
			((int8_t *)t->data)[i] = (int8_t)v;
		else if (type == TENSOR_INT32)
			((int32_t *)t->data)[i] = v;
		else
			((float *)t->data)[i] = 0.5f;
	}
	return t;
}

static void save(const char *path, enum tensor_type type, unsigned rank, int64_t a, int64_t b, int64_t c, int64_t d)
{
	struct fault f = { "" };
	const int64_t dim[4] = { a, b, c, d };
	struct tensor *t = make(type, rank, dim, 1);
	if (!strcmp(path, "big.npy"))
		((int32_t *)t->data)[7] = 200;
	assert_true(npy_save(path, t, &f));
	tensor_free(t);
}

static void save_all(void)
{
	save("x.npy", TENSOR_INT8, 4, 2, 4, 5, 3);
	save("xg.npy", TENSOR_INT8, 4, 2, 4, 5, 4);
	save("w.npy", TENSOR_INT8, 4, 6, 2, 3, 3);
	save("wg.npy", TENSOR_INT8, 4, 6, 2, 3, 1);
	save("f.npy", TENSOR_FLOAT32, 4, 2, 4, 5, 3);
	save("fw.npy", TENSOR_FLOAT32, 4, 6, 2, 3, 3);
	save("b.npy", TENSOR_INT32, 1, 6, 0, 0, 0);
	save("b3.npy", TENSOR_INT32, 1, 3, 0, 0, 0);
	save("fb.npy", TENSOR_FLOAT32, 1, 6, 0, 0, 0);
	save("d.npy", TENSOR_INT8, 2, 4, 3, 0, 0);
	save("m.npy", TENSOR_INT8, 2, 3, 5, 0, 0);
	save("big.npy", TENSOR_INT32, 4, 2, 4, 5, 3);
	save("zero.npy", TENSOR_INT8, 4, 0, 4, 5, 3);
}

/* ---- complaints ---- */

static void check_case(void **state)
{
	const struct table_case *c = *state;
	struct layer_task t;
	struct fault f = { "" };
	char expected[600];
	bool first;
	assert_true(file_save("f.yaml", c->input, c->size, "", 0, &f));
	bool good = layer_file_load("f.yaml", &config, &derived, &t, &first, &f);
	snprintf(expected, sizeof expected, "%.*s", (int)strcspn(c->expected, "\n"), c->expected);
	assert_string_equal(f.text, expected);
	assert_int_equal(good, !c->complaint);
	if (good) {
		assert_string_equal(t.name, "f");
		layer_task_free(&t);
	}
}

static void too_large(void **state)
{
	struct layer_yaml y;
	struct fault f = { "" };
	char *text = malloc(LAYER_YAML_BYTES + 1);
	(void)state;
	memset(text, '#', LAYER_YAML_BYTES + 1);
	assert_false(layer_yaml_read(&y, "f.yaml", text, LAYER_YAML_BYTES + 1, &f));
	assert_string_equal(f.text, "f.yaml:1:1: the file is larger than 65536 bytes; expected a layer description");
	layer_yaml_free(&y);
	free(text);
}

static void scales(void **state)
{
	uint32_t multiplier;
	int8_t shift;
	(void)state;
	assert_true(layer_scale(1, ROUND_HALF_EVEN, &multiplier, &shift));
	assert_int_equal(multiplier, 1 << 30);
	assert_int_equal(shift, 30);
	assert_true(layer_scale(0.75, ROUND_TFLITE_DOUBLE, &multiplier, &shift));
	assert_int_equal(multiplier, 0x60000000);
	assert_int_equal(shift, 0);
	assert_true(layer_scale(0, ROUND_HALF_UP, &multiplier, &shift));
	assert_int_equal(multiplier, 0);
	assert_int_equal(shift, 0);
	assert_true(layer_scale(0x1p-40, ROUND_HALF_UP, &multiplier, &shift));
	assert_int_equal(multiplier, 1 << 22);
	assert_int_equal(shift, 62);
	assert_true(layer_scale(0x1.fffffffffffffp-1, ROUND_HALF_UP, &multiplier, &shift)); /* rounds up to 1 */
	assert_int_equal(multiplier, 1 << 30);
	assert_int_equal(shift, 30);
	assert_false(layer_scale(0x1p31, ROUND_HALF_UP, &multiplier, &shift));
	assert_false(layer_scale(0x1p30, ROUND_TFLITE_DOUBLE, &multiplier, &shift));
	assert_false(layer_scale(-1, ROUND_HALF_UP, &multiplier, &shift));
	assert_false(layer_scale(1.0 / 0.0, ROUND_HALF_UP, &multiplier, &shift));
}

/* The table in docs/layers.md is that of layer_file.def. */
static void page_agrees(void **state)
{
	const char *page = *state;
#define LAYER_KEY(id, key, kind, meaning) \
	assert_non_null(strstr(page, "| `" key "` | ")); \
	assert_non_null(strstr(page, " | " meaning " |\n"));
#include "layer_file.def"
}

/* ---- layers, by ONNX's definition ---- */

/* Runs f.yaml as it is in the file; the result in the layout of the file. */
static struct tensor *run(const char *text)
{
	struct layer_task t;
	struct compiled p;
	struct interpret_result r;
	struct fault f = { "" };
	bool first;
	assert_true(file_save("f.yaml", text, strlen(text), "", 0, &f));
	bool good = layer_file_load("f.yaml", &config, &derived, &t, &first, &f) && compile_layer(&t, &config, &derived, &p, &f);
	assert_string_equal(f.text, "");
	assert_true(good);
	assert_true(interpret(&config, &derived, &p.image, p.program, p.program_bytes, 1, &r, &f));
	assert_int_equal(r.error.fault, 0);
	struct tensor *y = layer_result(&p, &p.image, first, &f);
	assert_non_null(y);
	compiled_free(&p);
	layer_task_free(&t);
	return y;
}

static int64_t at4(const struct tensor *t, int64_t a, int64_t b, int64_t c, int64_t d)
{
	return tensor_integer(t, (size_t)(((a * t->dim[1] + b) * t->dim[2] + c) * t->dim[3] + d));
}

/* Channels-first tensor to channels-last. */
static struct tensor *channels_last(const struct tensor *t)
{
	struct fault f = { "" };
	const int64_t dim[4] = { t->dim[0], t->dim[2], t->dim[3], t->dim[1] };
	struct tensor *n = tensor_new(t->type, 4, dim, &f);
	size_t i = 0, bytes = tensor_type_bytes(t->type);
	for (int64_t a = 0; a < dim[0]; a++)
		for (int64_t y = 0; y < dim[1]; y++)
			for (int64_t x = 0; x < dim[2]; x++)
				for (int64_t c = 0; c < dim[3]; c++, i++) {
					size_t from = (size_t)(((a * dim[3] + c) * dim[1] + y) * dim[2] + x);
					memcpy((char *)n->data + i * bytes, (char *)t->data + from * bytes, bytes);
				}
	return n;
}

/* Conv: x [1,4,5,6], w [6,2,3,2] of 2 groups, strides 2 1, pads 1 0 0 1, zero point -3. */
static int64_t conv_at(const struct tensor *x, const struct tensor *w, int64_t o, int64_t oy, int64_t ox)
{
	int64_t sum = 0;
	for (int64_t c = 0; c < 2; c++)
		for (int64_t ky = 0; ky < 3; ky++)
			for (int64_t kx = 0; kx < 2; kx++) {
				int64_t y = oy * 2 - 1 + ky, in = ox + kx;
				if (y >= 0 && y < 5 && in >= 0 && in < 6)
					sum += at4(w, o, c, ky, kx) * (at4(x, 0, o / 3 * 2 + c, y, in) + 3);
			}
	return sum;
}

static void convolution(void **state)
{
	(void)state;
	struct fault f = { "" };
	struct tensor *x = make(TENSOR_INT8, 4, (const int64_t[]){ 1, 4, 5, 6 }, 2), *w = make(TENSOR_INT8, 4, (const int64_t[]){ 6, 2, 3, 2 }, 3);
	struct tensor *xl = channels_last(x), *wl = channels_last(w);
	assert_true(npy_save("cx.npy", x, &f) && npy_save("cw.npy", w, &f) && npy_save("lx.npy", xl, &f) && npy_save("lw.npy", wl, &f));
	struct tensor *y = run("{op: conv, precision: int8, input: cx.npy, weights: cw.npy, layout: nchw, group: 2, strides: [2, 1], pads: [1, 0, 0, 1], zero_point: -3}");
	struct tensor *l = run("{op: conv, precision: int8, input: lx.npy, weights: lw.npy, group: 2, strides: [2, 1], pads: [1, 0, 0, 1], zero_point: -3}");
	assert_int_equal(y->type, TENSOR_INT32);
	assert_true(y->rank == 4 && y->dim[1] == 6 && y->dim[2] == 2 && y->dim[3] == 6);
	struct tensor *turned = channels_last(y);
	assert_true(tensor_equal(turned, l));
	for (int64_t o = 0; o < 6; o++)
		for (int64_t oy = 0; oy < 2; oy++)
			for (int64_t ox = 0; ox < 6; ox++)
				assert_int_equal(at4(y, 0, o, oy, ox), conv_at(x, w, o, oy, ox));
	tensor_free(x);
	tensor_free(w);
	tensor_free(xl);
	tensor_free(wl);
	tensor_free(y);
	tensor_free(l);
	tensor_free(turned);
}

/* ConvTranspose as ONNX says: every input element is spread over the output. x [1,4,3,3], w [4,3,4,3] of 2 groups, strides 3 2, pads 1 1 0 1. */
static void transposed(void **state)
{
	(void)state;
	struct fault f = { "" };
	enum { H = (3 - 1) * 3 - 1 + 4 + 1, W = (3 - 1) * 2 - 2 + 3 };
	int64_t want[6][H][W] = { { { 0 } } };
	struct tensor *x = make(TENSOR_INT8, 4, (const int64_t[]){ 1, 4, 3, 3 }, 4), *w = make(TENSOR_INT8, 4, (const int64_t[]){ 4, 3, 4, 3 }, 5);
	assert_true(npy_save("tx.npy", x, &f) && npy_save("tw.npy", w, &f));
	struct tensor *y = run("{op: conv_transpose, precision: int8, input: tx.npy, weights: tw.npy, layout: nchw, group: 2, strides: [3, 2], pads: [1, 1, 0, 1], output_padding: [1, 0]}");
	for (int64_t c = 0; c < 4; c++)
		for (int64_t i = 0; i < 9 * 3 * 4 * 3; i++) {
			int64_t iy = i % 3, ix = i / 3 % 3, o = i / 9 % 3, ky = i / 27 % 4, kx = i / 108, oy = iy * 3 + ky - 1, ox = ix * 2 + kx - 1;
			if (oy >= 0 && oy < H && ox >= 0 && ox < W)
				want[c / 2 * 3 + o][oy][ox] += at4(x, 0, c, iy, ix) * at4(w, c, o, ky, kx);
		}
	assert_true(y->dim[1] == 6 && y->dim[2] == H && y->dim[3] == W);
	for (int64_t o = 0; o < 6; o++)
		for (int64_t oy = 0; oy < H; oy++)
			for (int64_t ox = 0; ox < W; ox++)
				assert_int_equal(at4(y, 0, o, oy, ox), want[o][oy][ox]);
	tensor_free(x);
	tensor_free(w);
	tensor_free(y);
}

static void product(void **state)
{
	(void)state;
	struct fault f = { "" };
	struct tensor *d = npy_load("d.npy", &f), *m = npy_load("m.npy", &f);
	struct tensor *y = run("{op: matmul, precision: int8, input: d.npy, weights: m.npy, output: {format: int8, scale: 0.5, relu: relu}}");
	assert_int_equal(y->type, TENSOR_INT8);
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 5; j++) {
			int64_t sum = 0;
			for (size_t k = 0; k < 3; k++)
				sum += tensor_integer(d, i * 3 + k) * tensor_integer(m, k * 5 + j);
			int64_t half = sum / 2 + (sum % 2 ? (sum / 2 % 2 ? sum % 2 : 0) : 0); /* ties to even */
			assert_int_equal(tensor_integer(y, i * 5 + j), half < 0 ? 0 : half > 127 ? 127 : half);
		}
	tensor_free(d);
	tensor_free(m);
	tensor_free(y);
}

int main(void)
{
	char folder[] = "/tmp/bitlet_layer_XXXXXX", command[64];
	struct table t = table_read("tests/compile/bad_layers.txt");
	char *page = table_slurp("docs/layers.md");
	const struct CMUnitTest fixed[] = { cmocka_unit_test(too_large), cmocka_unit_test(scales), cmocka_unit_test(convolution), cmocka_unit_test(transposed),
		                            cmocka_unit_test(product), cmocka_unit_test_prestate(page_agrees, page) };
	size_t extra = sizeof fixed / sizeof *fixed;
	struct CMUnitTest *tests = calloc(t.count + extra, sizeof *tests);
	if (!tests || !mkdtemp(folder) || chdir(folder) != 0 || !config_load("tiny", &config, stderr))
		return 2;
	bitlet_derive(&config, &derived);
	save_all();
	memcpy(tests, fixed, sizeof fixed);
	for (size_t i = 0; i < t.count; i++)
		tests[extra + i] = (struct CMUnitTest){ .name = t.cases[i].name, .test_func = check_case, .initial_state = &t.cases[i] };
	int failed = _cmocka_run_group_tests("layer descriptions", tests, t.count + extra, NULL, NULL);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	if (system(command) != 0)
		failed++;
	free(tests);
	free(page);
	table_free(&t);
	return failed;
}
