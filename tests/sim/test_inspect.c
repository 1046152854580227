/*
 * bitlet inspect: what it prints and writes about networks made here, all complaints at once among it, and every wrong use.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <cjson/cJSON.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../refmodel/onnx_build.h"
#include "command.h"
#include "file.h"

#define DIGITS "sim/networks/digits/"

static char folder[] = "/tmp/inspect-XXXXXX", model[64], json[64];
static char *out, *err;         /* of the last run */

/* ---- running */

static char *slurp(const char *path)
{
	struct fault f = {""};
	size_t size;
	char *data = file_load(path, 1 << 24, &size, &f);
	assert_non_null(data);
	char *text = calloc(size + 1, 1);
	assert_non_null(text);
	memcpy(text, data, size);
	free(data);
	return text;
}

/* Sends a stream to a file; returns what it was. */
static int divert(FILE *stream, const char *path)
{
	fflush(stream);
	int old = dup(fileno(stream)), to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(old >= 0 && to >= 0 && dup2(to, fileno(stream)) >= 0);
	close(to);
	return old;
}

static void restore(FILE *stream, int old)
{
	fflush(stream);
	assert_true(dup2(old, fileno(stream)) >= 0);
	close(old);
}

/* arguments: separated by single spaces. */
static int inspect(const char *arguments)
{
	char text[512], out_path[64], err_path[64], *argv[16] = {"inspect"}, *save = NULL;
	int argc = 1;
	snprintf(text, sizeof text, "%s", arguments);
	snprintf(out_path, sizeof out_path, "%s/out", folder);
	snprintf(err_path, sizeof err_path, "%s/err", folder);
	for (char *t = strtok_r(text, " ", &save); t; t = strtok_r(NULL, " ", &save))
		argv[argc++] = t;
	int old_out = divert(stdout, out_path), old_err = divert(stderr, err_path);
	int status = command_inspect(argc, argv);
	restore(stdout, old_out);
	restore(stderr, old_err);
	free(out);
	free(err);
	out = slurp(out_path);
	err = slurp(err_path);
	return status;
}

static int inspect_model(const char *more)
{
	char text[512];
	snprintf(text, sizeof text, "%s --json %s %s", model, json, more);
	return inspect(text);
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("lacks '%s':\n%s", part, text);
}

static cJSON *read_json(void)
{
	char *text = slurp(json);
	cJSON *o = cJSON_Parse(text);
	assert_non_null(o);
	free(text);
	return o;
}

static double number(const cJSON *o, const char *name)
{
	assert_true(cJSON_IsNumber(cJSON_GetObjectItem(o, name)));
	return cJSON_GetObjectItem(o, name)->valuedouble;
}

static const char *text_of(const cJSON *o, const char *name)
{
	assert_true(cJSON_IsString(cJSON_GetObjectItem(o, name)));
	return cJSON_GetObjectItem(o, name)->valuestring;
}

static const cJSON *item(const cJSON *o, const char *list, int i)
{
	const cJSON *array = cJSON_GetObjectItem(o, list);
	assert_true(i < cJSON_GetArraySize(array));
	return cJSON_GetArrayItem(array, i);
}

static void save(struct build *b)
{
	struct fault f = {""};
	build_bytes(b);
	assert_true(file_save(model, b->bytes, b->size, NULL, 0, &f));
	build_free(b);
}

/* ---- networks */

/* The shipped network: counts that follow from its description. */
static void shipped(void **state)
{
	(void)state;
	char text[200];
	snprintf(text, sizeof text, DIGITS "digits_fp32.onnx --json %s", json);
	assert_int_equal(inspect(text), EXIT_GOOD);
	assert_string_equal(err, "");
	has(out, "float32  [1, 1, 8, 8]             image  (declared [-1, 1, 8, 8]; -1: any, see --input-shape)");
	cJSON *o = read_json();
	/* 3x3 on 8x8 from 1 to 16; 3x3 on 4x4 to 32; depthwise 3x3; 1x1; dense 128 to 10 */
	double macs = 9 * 8 * 8 * 16, second = 16 * 9 * 16 * 32, depthwise = 9 * 16 * 32, pointwise = 32 * 16 * 32, dense = 1280;
	assert_true(number(o, "macs") == macs + second + depthwise + pointwise + dense);
	double sum = 0;
	for (int i = 0; i < cJSON_GetArraySize(cJSON_GetObjectItem(o, "nodes")); i++)
		sum += number(item(o, "nodes", i), "macs");
	assert_true(sum == number(o, "macs"));
	assert_true(number(o, "weight_bytes") == 4 * number(o, "parameters"));
	assert_string_equal(text_of(o, "kind"), "ONNX");
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "unsupported")), 0);
	assert_true(number(cJSON_GetObjectItem(o, "operators"), "Conv") == 4);
	assert_string_equal(text_of(item(o, "inputs", 0), "name"), "image");
	assert_string_equal(text_of(item(o, "outputs", 0), "type"), "float32");
	cJSON_Delete(o);
}

static void add_int(struct build *b, Onnx__NodeProto *n, const char *name)
{
	build_attribute(b, n, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT)->has_i = 1;
}

/* Wrong in six ways; the weights are used twice. */
static void build_wrong(struct build *b)
{
	static const float w[6];
	build_start(b, 18);
	build_input(b, "x", TENSOR_FLOAT32, 2, (int64_t[]){-1, 2});
	build_weight(b, "w", TENSOR_FLOAT32, 2, (int64_t[]){2, 3}, w, sizeof w);
	build_node(b, "MatMul", "product", "x w", "p");
	build_node(b, "NoSuch", "first", "p", "a");
	build_node(b, "NoSuch", "second", "a", "c");
	build_node(b, "Other", "third", "c", "d");
	Onnx__NodeProto *n = build_node(b, "Relu", "strange", "p", "e");
	add_int(b, n, "alpha");
	add_int(b, n, "beta");
	build_node(b, "MatMul", "misfit", "p w", "f");
	build_node(b, "Relu", "behind", "f", "g");
	build_node(b, "Relu", "good", "p", "h");
	build_output(b, "d");
	build_output(b, "e");
	build_output(b, "g");
	build_output(b, "h");
}

static void all_at_once(void **state)
{
	static const char *const want[] = {
		"operator set 18; expected 7 to 17",
		"operator NoSuch: 2 nodes, the first is 'first'",
		"operator Other: 1 node, the first is 'third'",
		"node 'strange' (Relu): attribute 'alpha' is unknown; expected none",
		"node 'strange' (Relu): attribute 'beta' is unknown; expected none",
		"node 'misfit' (MatMul): ",
	};
	enum { WANTED = sizeof want / sizeof *want };
	(void)state;
	struct build b;
	build_wrong(&b);
	save(&b);
	assert_int_equal(inspect_model("--input-shape x=5x2 --config tiny"), EXIT_INPUT);
	has(err, "6 things not supported");
	for (int i = 0; i < WANTED; i++)
		has(out, want[i]);
	assert_null(strstr(out, "after fusing"));
	cJSON *o = read_json();
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "unsupported")), WANTED);
	for (int i = 0; i < WANTED; i++)
		has(item(o, "unsupported", i)->valuestring, want[i]);
	/* the rest is there */
	assert_true(number(o, "macs") == 5 * 2 * 3);
	assert_true(number(o, "parameters") == 6);
	assert_true(number(item(o, "nodes", 5), "parameters") == 6);
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(item(o, "nodes", 1), "shape")));
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(item(o, "outputs", 2), "type")));
	assert_int_equal(item(item(o, "nodes", 7), "shape", 0)->valueint, 5);
	assert_true(number(cJSON_GetObjectItem(o, "operators"), "NoSuch") == 2);
	cJSON_Delete(o);
}

static void build_good(struct build *b)
{
	static const float w[6] = {1, 2, 3, 4, 5, 6};
	build_start(b, 13);
	build_input(b, "x", TENSOR_FLOAT32, 2, (int64_t[]){-1, 2});
	build_weight(b, "w", TENSOR_FLOAT32, 2, (int64_t[]){2, 3}, w, sizeof w);
	build_node(b, "MatMul", "product", "x w", "p");
	build_node(b, "Relu", "relu", "p", "r");
	build_node(b, "Softmax", "soft", "r", "y");
	build_output(b, "y");
}

static void plan(void **state)
{
	(void)state;
	struct build b;
	build_good(&b);
	save(&b);
	assert_int_equal(inspect_model("--config fp32-n16 --input-shape x=4x2"), EXIT_GOOD);
	has(out, "on fp32-n16, after fusing: 1 of 2 nodes on the core");
	cJSON *o = read_json();
	assert_string_equal(text_of(o, "config"), "fp32-n16");
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "nodes")), 3);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "steps")), 2);
	assert_string_equal(text_of(item(o, "steps", 0), "where"), "core");
	assert_string_equal(text_of(item(o, "steps", 0), "precision"), "fp32");
	assert_true(number(item(o, "steps", 0), "macs") == 24);
	assert_string_equal(text_of(item(o, "steps", 1), "where"), "host");
	assert_true(number(cJSON_GetObjectItem(o, "memory"), "arena") > 0);
	cJSON_Delete(o);
}

/* A product of two inputs of the network, in codes with a zero point that only the run knows: the host's, and why. */
static void why_not(void **state)
{
	(void)state;
	struct build b;
	build_start(&b, 13);
	build_input(&b, "a", TENSOR_UINT8, 2, (int64_t[]){2, 3});
	build_input(&b, "b", TENSOR_UINT8, 2, (int64_t[]){3, 2});
	build_input(&b, "z", TENSOR_UINT8, 0, NULL);
	build_node(&b, "MatMulInteger", "n", "a b z", "y");
	build_output(&b, "y");
	save(&b);
	assert_int_equal(inspect_model("--config tiny"), EXIT_GOOD);
	has(out, "  not on the core: ");
	cJSON *o = read_json();
	assert_string_equal(text_of(item(o, "steps", 0), "where"), "host");
	assert_true(strlen(text_of(item(o, "steps", 0), "why")) > 0);
	cJSON_Delete(o);
}

/* ---- wrong use */

static void refused(const char *arguments, const char *message)
{
	if (inspect(arguments) != EXIT_INPUT)
		fail_msg("%s: was taken", arguments);
	has(err, message);
}

static void wrong_use(void **state)
{
	(void)state;
	char text[256];
	struct build b;
	build_good(&b);
	save(&b);
	refused("", "no network given; expected one network");
	refused("a b", "too many arguments; expected one network");
	refused("--what", "unrecognized option");
	refused("no/such.onnx", "no/such.onnx: ");
	refused(DIGITS "images.npy", DIGITS "images.npy: ");
	refused(DIGITS "digits_fp32.onnx --config no-such", "no-such");
#define REFUSED(more, message) (snprintf(text, sizeof text, "%s %s", model, more), refused(text, message))
	REFUSED("--input-shape x", "bitlet inspect: --input-shape 'x'; expected a name and up to 8 dimensions, such as input=1x3x224x224");
	REFUSED("--input-shape =1x2", "'=1x2'; expected");
	REFUSED("--input-shape x=", "'x='; expected");
	REFUSED("--input-shape x=1x", "'x=1x'; expected");
	REFUSED("--input-shape x=-1x2", "'x=-1x2'; expected");
	REFUSED("--input-shape x=1,2", "'x=1,2'; expected");
	REFUSED("--input-shape x=1x1x1x1x1x1x1x1x1", "expected a name and up to 8");
	REFUSED("--input-shape x=99999999999999999999x2", "expected a name and up to 8");
	REFUSED("--input-shape z=1x2", "--input-shape 'z=1x2': the network has no such input");
	REFUSED("--input-shape x=1x3", "input 'x' has shape [1, 3]; expected [-1, 2] (-1: any)");
	REFUSED("--input-shape x=1073741824x2", "input 'x': float32 of shape [1073741824, 2]; at most 1073741824 bytes are possible");
	REFUSED("--json /no/such/folder/x.json", "bitlet inspect: /no/such/folder/x.json: ");
	assert_int_equal(inspect("--help"), EXIT_GOOD);
	assert_string_equal(out, command_inspect_help);
}

static int begin(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return 1;
	snprintf(model, sizeof model, "%s/model.onnx", folder);
	snprintf(json, sizeof json, "%s/report.json", folder);
	return 0;
}

static int end(void **state)
{
	(void)state;
	static const char *const name[] = {"model.onnx", "report.json", "out", "err"};
	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		char path[64];
		snprintf(path, sizeof path, "%s/%s", folder, name[i]);
		unlink(path);
	}
	free(out);
	free(err);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped), cmocka_unit_test(all_at_once), cmocka_unit_test(plan), cmocka_unit_test(why_not), cmocka_unit_test(wrong_use),
	};
	return cmocka_run_group_tests_name("inspect", tests, begin, end);
}
