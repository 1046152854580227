/*
 * Operators, one case each, from host_ops.txt, host_ops_torch.txt and host_ops_shape.txt. A case becomes an ONNX file in memory, is loaded and run;
 * one whose name begins with "torch_" is there as a file already, ops/NAME.onnx, made by the onnx package (scripts/make_op_cases.py).
 *
 *     case NAME [OPSET]
 *     node OPERATOR [attribute=VALUE]...      VALUE: 3, 0.5, word, [1,2], [1.5,2.0], TYPE:SHAPE:NUMBER,NUMBER...
 *     in TYPE SHAPE NUMBER...                 SHAPE: 1x2x3, or "scalar"; `in -` is an input left out
 *     out TYPE SHAPE NUMBER...                one a line for each output, or
 *     fault TEXT                              the whole message
 *
 * With `--save FOLDER` it writes each case as FOLDER/NAME.onnx instead: the fuzzer's first corpus.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <math.h>

#include "execute.h"
#include "file.h"
#include "onnx_build.h"
#include "onnx_load.h"
#include "shapes.h"

enum { MAX_CASES = 2000, MAX_LINE = 1 << 16 };

struct op_case {
	char name[80];
	int64_t opset;
	char *node;
	struct tensor *in[BUILD_MAX];
	bool given[BUILD_MAX];
	size_t inputs;
	struct tensor *out[BUILD_MAX];
	size_t outputs;
	char *fault;
};

static struct op_case cases[MAX_CASES];
static size_t count;

/* ---- reading */

static void set_number(struct tensor *t, size_t i, double v)
{
	switch (t->type) {
#define X(symbol, c, name, npy, onnx) \
	case TENSOR_##symbol: \
		((c *)t->data)[i] = (c)v; \
		return;
		TENSOR_TYPES(X)
#undef X
	default:
		abort();
	}
}

static struct tensor *read_tensor(char *text)
{
	char *save = NULL, *type = strtok_r(text, " ", &save), *shape = strtok_r(NULL, " ", &save);
	int64_t dim[TENSOR_MAX_RANK];
	size_t rank = 0;
	unsigned t = 0;
	struct fault f = {""};
	assert_non_null(shape);
	for (char *s = shape; strcmp(shape, "scalar") != 0 && *s; s += *s == 'x')
		dim[rank++] = strtoll(s, &s, 10);
	while (t < TENSOR_TYPE_COUNT && strcmp(tensor_type_name((enum tensor_type)t), type) != 0)
		t++;
	assert_true(t < TENSOR_TYPE_COUNT);
	struct tensor *out = tensor_new((enum tensor_type)t, rank, dim, &f);
	assert_non_null(out);
	for (size_t i = 0; i < out->count; i++) {
		char *number = strtok_r(NULL, " ", &save);
		assert_non_null(number);
		if (out->type == TENSOR_INT64)
			tensor_set_integer(out, i, strtoll(number, NULL, 10)); /* a double has too few digits */
		else
			set_number(out, i, strtod(number, NULL));
	}
	assert_null(strtok_r(NULL, " ", &save));
	return out;
}

static void read_line(char *line)
{
	struct op_case *c = count ? &cases[count - 1] : NULL;
	if (!strncmp(line, "case ", 5)) {
		assert_true(count < MAX_CASES);
		c = &cases[count++];
		c->opset = 13;
		int opset = 13;
		assert_true(sscanf(line, "case %79s %d", c->name, &opset) >= 1);
		c->opset = opset;
	} else if (!strncmp(line, "node ", 5)) {
		c->node = strdup(line + 5);
	} else if (!strcmp(line, "in -")) {
		c->inputs++;
	} else if (!strncmp(line, "in ", 3)) {
		c->given[c->inputs] = true;
		c->in[c->inputs++] = read_tensor(line + 3);
	} else if (!strncmp(line, "out ", 4)) {
		c->out[c->outputs++] = read_tensor(line + 4);
	} else if (!strncmp(line, "fault ", 6)) {
		c->fault = strdup(line + 6);
	} else {
		assert_true(line[0] == '#' || !line[0]);
	}
}

static void read_file(const char *path)
{
	static char line[MAX_LINE];
	FILE *in = fopen(path, "r");
	assert_non_null(in);
	while (fgets(line, sizeof line, in)) {
		line[strcspn(line, "\n")] = '\0';
		read_line(line);
	}
	fclose(in);
}

/* ---- running */

/* text: TYPE:SHAPE:NUMBER,NUMBER... */
static Onnx__TensorProto *attribute_tensor(struct build *b, char *text)
{
	for (char *s = text; *s; s++)
		*s = *s == ':' || *s == ',' ? ' ' : *s;
	struct tensor *t = read_tensor(text);
	Onnx__TensorProto *p = build_take(b, sizeof *p);
	onnx__tensor_proto__init(p);
	p->has_data_type = p->has_raw_data = 1;
	p->data_type = build_type(t->type);
	p->n_dims = t->rank;
	p->dims = build_take(b, sizeof t->dim);
	memcpy(p->dims, t->dim, sizeof t->dim);
	p->raw_data.len = t->count * tensor_type_bytes(t->type);
	p->raw_data.data = build_take(b, p->raw_data.len);
	memcpy(p->raw_data.data, t->data, p->raw_data.len);
	tensor_free(t);
	return p;
}

/* Not a number, to the last letter. */
static bool is_word(const char *text)
{
	char *end;
	strtod(text, &end);
	return end == text || *end;
}

static void add_attribute(struct build *b, Onnx__NodeProto *n, char *text)
{
	char *value = strchr(text, '=');
	*value++ = '\0';
	if (strchr(value, ':')) {
		Onnx__AttributeProto *a = build_attribute(b, n, text, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR);
		a->t = attribute_tensor(b, value);
	} else if (*value == '[' && strchr(value, '.')) {
		Onnx__AttributeProto *a = build_attribute(b, n, text, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS);
		a->floats = build_take(b, BUILD_MAX * sizeof *a->floats);
		for (char *s = value + 1; *s && *s != ']'; s += *s == ',')
			a->floats[a->n_floats++] = strtof(s, &s);
	} else if (*value == '[') {
		int64_t v[BUILD_MAX];
		size_t numbers = 0;
		for (char *s = value + 1; *s && *s != ']'; s += *s == ',')
			v[numbers++] = strtoll(s, &s, 10);
		build_ints(b, n, text, numbers, v);
	} else if (is_word(value)) {
		Onnx__AttributeProto *a = build_attribute(b, n, text, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
		a->has_s = 1;
		a->s.len = strlen(value);
		a->s.data = (uint8_t *)build_text(b, value);
	} else if (strpbrk(value, ".en")) {
		Onnx__AttributeProto *a = build_attribute(b, n, text, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
		a->has_f = 1;
		a->f = strtof(value, NULL);
	} else {
		Onnx__AttributeProto *a = build_attribute(b, n, text, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
		a->has_i = 1;
		a->i = strtoll(value, NULL, 10);
	}
}

static void case_build(const struct op_case *c, struct build *b)
{
	char names[8 * BUILD_MAX] = "";
	build_start(b, c->opset);
	for (size_t i = 0; i < c->inputs; i++) {
		char name[8] = "-";
		if (c->given[i]) {
			snprintf(name, sizeof name, "x%zu", i);
			build_input(b, name, c->in[i]->type, c->in[i]->rank, c->in[i]->dim);
		}
		strcat(strcat(names, name), " ");
	}
	char *text = build_text(b, c->node), *save = NULL, outs[8 * BUILD_MAX] = "y";
	for (size_t i = 1; i < c->outputs; i++)
		sprintf(outs + strlen(outs), " y%zu", i);
	Onnx__NodeProto *n = build_node(b, strtok_r(text, " ", &save), "n", names, outs);
	for (char *a = strtok_r(NULL, " ", &save); a; a = strtok_r(NULL, " ", &save))
		add_attribute(b, n, a);
	for (size_t i = 0; i < n->n_output; i++)
		build_output(b, n->output[i]);
	build_bytes(b);
}

static struct graph *case_graph(const struct op_case *c, const struct tensor **in, struct fault *f)
{
	struct build b;
	size_t given = 0;
	for (size_t i = 0; i < c->inputs; i++)
		if (c->given[i])
			in[given++] = c->in[i];
	if (!strncmp(c->name, "torch_", 6)) {
		char path[128];
		snprintf(path, sizeof path, "tests/refmodel/ops/%.79s.onnx", c->name);
		return onnx_load(path, f);
	}
	case_build(c, &b);
	struct graph *g = onnx_parse(b.bytes, b.size, "case", NULL, f);
	build_free(&b);
	return g;
}

static int save_cases(const char *folder)
{
	for (size_t i = 0; i < count; i++) {
		struct build b;
		char path[512];
		struct fault f = {""};
		case_build(&cases[i], &b);
		snprintf(path, sizeof path, "%.400s/%.79s.onnx", folder, cases[i].name);
		if (!file_save(path, b.bytes, b.size, NULL, 0, &f)) {
			fprintf(stderr, "%s\n", f.text);
			return 1;
		}
		build_free(&b);
	}
	return 0;
}

static void compare(const struct tensor *y, const struct tensor *expected)
{
	double top = 1;
	assert_int_equal(y->type, expected->type);
	assert_int_equal(y->rank, expected->rank);
	assert_memory_equal(y->dim, expected->dim, y->rank * sizeof y->dim[0]);
	for (size_t i = 0; i < y->count; i++)
		top = isfinite(tensor_number(expected, i)) ? fmax(top, fabs(tensor_number(expected, i))) : top;
	for (size_t i = 0; i < y->count; i++) {
		double a = tensor_number(y, i), b = tensor_number(expected, i);
		bool same = a == b || (isnan(a) && isnan(b)) || (tensor_type_is_float(y->type) && fabs(a - b) <= 1e-6 * top);
		if (!same)
			fail_msg("element %zu is %.9g; expected %.9g", i, a, b);
	}
}

/*
 * The shapes without a run. Inputs that decide a shape are no weights here, so that operators may refuse, but only for that; what they do say must be
 * what the run gave.
 */
static void compare_shapes(const struct graph *g, const struct tensor *const *in, const struct execution *e)
{
	struct shapes s;
	struct fault f = {""};
	if (!shapes_of(g, in, &s, &f)) {
		if (!strstr(f.text, "decides the output's shape"))
			fail_msg("without a run: %s", f.text);
		return;
	}
	for (size_t i = 0; i < g->outputs; i++) {
		const struct tensor *t = s.value[g->output[i]], *y = e->value[g->output[i]];
		assert_non_null(t);
		assert_int_equal(t->type, y->type);
		assert_int_equal(t->rank, y->rank);
		assert_memory_equal(t->dim, y->dim, y->rank * sizeof y->dim[0]);
		assert_int_equal(t->count, y->count);
		if (t->data)
			assert_true(tensor_equal(t, y));
	}
	shapes_free(&s);
}

/* The same graph whose inputs are weights: everything is known ahead. */
static void compare_known(struct graph *g, const struct tensor *const *in, const struct execution *e)
{
	struct shapes s;
	struct fault f = {""};
	for (size_t i = 0; i < g->inputs; i++)
		assert_non_null(g->value[g->input[i]].constant = tensor_copy(in[i], &f));
	if (!shapes_of(g, NULL, &s, &f))
		fail_msg("%s", f.text);
	for (size_t i = 0; i < g->outputs; i++) {
		assert_true(s.known[g->output[i]]);
		if (!tensor_equal(s.value[g->output[i]], e->value[g->output[i]]))
			fail_msg("output %zu differs when all inputs are known", i);
	}
	shapes_free(&s);
}

static void run_case(void **state)
{
	const struct op_case *c = *state;
	const struct tensor *in[BUILD_MAX];
	struct fault f = {""};
	struct execution e = {0};
	struct graph *g = case_graph(c, in, &f);
	bool good = g && execute(g, in, NULL, &e, &f);
	assert_string_equal(f.text, c->fault ? c->fault : "");
	assert_int_equal(good, !c->fault);
	for (size_t i = 0; good && i < c->outputs; i++)
		compare(e.value[g->output[i]], c->out[i]);
	if (good) {
		compare_shapes(g, in, &e);
		compare_known(g, in, &e);
		execution_free(&e);
	}
	graph_free(g);
}

/* Every operator has a case that runs; bitlet's own, which no file of others has, are tested where they are made: tests/network, tests/quantize. */
static void all_covered(void **state)
{
	(void)state;
	for (size_t i = 0; host_op_row(i); i++) {
		size_t length = strlen(host_op_row(i)->name), found = 0;
		for (size_t j = 0; j < count; j++)
			found += cases[j].outputs && !strncmp(cases[j].node, host_op_row(i)->name, length) &&
			         (cases[j].node[length] == ' ' || !cases[j].node[length]);
		if (!found && strncmp(host_op_row(i)->name, "bitlet.", 7) != 0)
			fail_msg("%s has no case", host_op_row(i)->name);
	}
}

static void free_cases(void)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < cases[i].inputs; j++)
			tensor_free(cases[i].in[j]);
		for (size_t j = 0; j < cases[i].outputs; j++)
			tensor_free(cases[i].out[j]);
		free(cases[i].node);
		free(cases[i].fault);
	}
}

int main(int argc, char **argv)
{
	static struct CMUnitTest tests[MAX_CASES + 1];
	read_file("tests/refmodel/host_ops.txt");
	read_file("tests/refmodel/host_ops_torch.txt");
	read_file("tests/refmodel/host_ops_shape.txt");
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){cases[i].name, run_case, NULL, NULL, &cases[i]};
	tests[count] = (struct CMUnitTest){"every_operator_has_a_case", all_covered, NULL, NULL, NULL};
	bool save = argc == 3 && !strcmp(argv[1], "--save");
	int failed = save ? save_cases(argv[2]) : _cmocka_run_group_tests("host_ops", tests, count + 1, NULL, NULL);
	free_cases();
	return failed;
}
