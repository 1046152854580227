/* Precisions by node: which rule counts, what a written file brings back, and every complaint with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph_text.h"
#include "precision_map.h"

static void parse(struct precision_map *m, const char *text)
{
	struct fault f = {""};
	if (!precision_map_parse("p.yaml", text, strlen(text), m, &f))
		fail_msg("%s", f.text);
}

static const char *find(const struct precision_map *m, const char *node)
{
	const struct bitlet_precision *p = precision_map_find(m, node);
	return p ? p->name : "none";
}

static void test_rules(void **state)
{
	(void)state;
	struct precision_map m;
	parse(&m, "# comment\n\"*conv*\": int4\nconv1: fp16\n'block_*/conv[12]': w4a8\ndefault: int8\n\"default\": bf16\n\"a[b]\": int3\n");
	assert_string_equal(find(&m, "conv1"), "fp16");
	assert_string_equal(find(&m, "my/conv2"), "int4");
	assert_string_equal(find(&m, "block_1/conv1"), "int4"); /* the first glob */
	assert_string_equal(find(&m, "dense"), "int8");
	assert_string_equal(find(&m, "default"), "bf16");       /* in quotes: a node of that name */
	assert_string_equal(find(&m, "a[b]"), "int3");          /* its own name, though a glob too */
	assert_string_equal(find(&m, "ab"), "int3");
	precision_map_free(&m);
	parse(&m, "conv1: fp16\n");
	assert_string_equal(find(&m, "conv2"), "none");
	precision_map_free(&m);
}

static void test_set_and_file(void **state)
{
	(void)state;
	static const char *const name[] = {"plain", "with \"quotes\" and \\", "tab\there", "*", "ü", "key: value # no comment"};
	char path[] = "/tmp/precision_map_XXXXXX";
	struct precision_map m = {NULL, 0, 0}, back;
	struct fault f = {""};
	struct bitlet_precision p;
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	fclose(fdopen(fd, "w"));
	for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
		bitlet_precision_parse(i % 2 ? "w4a8" : "bf16", &p);
		assert_true(precision_map_set(&m, name[i], &p));
	}
	bitlet_precision_parse("int8", &p);
	assert_true(precision_map_set(&m, NULL, &p) && precision_map_set(&m, "plain", &p));
	assert_int_equal(m.rules, 7);
	assert_true(precision_map_save(&m, path, &f));
	if (!precision_map_load(path, &back, &f))
		fail_msg("%s", f.text);
	remove(path);
	assert_int_equal(back.rules, m.rules);
	for (size_t i = 0; i < m.rules; i++) {
		assert_string_equal(m.rule[i].precision.name, back.rule[i].precision.name);
		assert_int_equal(m.rule[i].pattern != NULL, back.rule[i].pattern != NULL);
		if (m.rule[i].pattern)
			assert_string_equal(m.rule[i].pattern, back.rule[i].pattern);
	}
	precision_map_free(&m);
	precision_map_free(&back);
}

static void test_idle(void **state)
{
	(void)state;
	struct text_graph t;
	struct precision_map m;
	text_graph_new(&t, "in x f32 3; Relu x -> y; Tanh y -> z; out z", 1);
	parse(&m, "default: int8\n\"?\": int4\ny: int3\n");
	assert_null(precision_map_idle(&m, t.graph));
	precision_map_free(&m);
	parse(&m, "y: int3\n\nzz: int4\n");
	assert_int_equal(precision_map_idle(&m, t.graph)->line, 3);
	precision_map_free(&m);
	text_graph_free(&t);
}

static void test_complaints(void **state)
{
	(void)state;
	static const char *const bad[][2] = {
		{"", "p.yaml:1:1: the file is empty; expected precisions such as 'default: int8'"},
		{"- a\n", "p.yaml:1:1: no mapping; expected lines such as 'default: int8'"},
		{"a: int8\nb: int25\n", "p.yaml:2:4: 'int25' is no precision; expected fp32, tf32, bf16, fp16, int8, uint8, w4a16, w8au8 and the like, widths 1 to 24"},
		{"a: int8\n\na: int4\n", "p.yaml:3:1: 'a' is there twice, first in line 1; expected it once"},
		{"default: int8\ndefault: int4\n", "p.yaml:2:1: 'default' is there twice, first in line 1; expected it once"},
		{"a: [int8]\n", "p.yaml:1:4: no single word; expected a precision such as int8, w4a8 or bf16"},
		{"a:\n", "p.yaml:1:3: nothing is here; expected a precision such as int8, w4a8 or bf16"},
		{"[a]: int8\n", "p.yaml:1:1: no single word; expected a node's name, a glob or default"},
		{"a: &x int8\n", "p.yaml:1:4: no single word; expected a precision such as int8, w4a8 or bf16"},
		{"a: int8\n---\nb: int8\n", "p.yaml:2:1: a second document begins here; expected one"},
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct precision_map m;
		struct fault f = {""};
		assert_false(precision_map_parse("p.yaml", bad[i][0], strlen(bad[i][0]), &m, &f));
		assert_string_equal(f.text, bad[i][1]);
		assert_null(m.rule);
	}
	struct precision_map m;
	struct fault f = {""};
	assert_false(precision_map_parse("p.yaml", "a: \xff", 4, &m, &f));
	assert_int_equal(strncmp(f.text, "p.yaml:1:4: ", 12), 0);
	f.text[0] = '\0';
	assert_false(precision_map_parse("p.yaml", "a: 'b", 5, &m, &f));
	assert_non_null(strstr(f.text, "; expected YAML"));
	f.text[0] = '\0';
	assert_false(precision_map_load("/nonexistent.yaml", &m, &f));
	assert_int_equal(strncmp(f.text, "/nonexistent.yaml: ", 19), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules), cmocka_unit_test(test_set_and_file), cmocka_unit_test(test_idle), cmocka_unit_test(test_complaints),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
