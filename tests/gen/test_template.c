/* The template expander: tests/gen/templates.txt, each case a template and its expansion or its complaint. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table.h"
#include "template.h"

/* The symbols of all cases. */
static void set_symbols(struct symbols *s)
{
	memset(s, 0, sizeof *s);
	symbols_number(s, "n", 16);
	symbols_number(s, "zero", 0);
	symbols_number(s, "minus", -7);
	symbols_number(s, "huge", INT64_MAX);
	symbols_number(s, "least", INT64_MIN);
	symbols_text(s, "selector", "window");
	symbols_text(s, "name", "tiny");
	symbols_number(s, "pipeline.tree", 2);
	symbols_number(s, "packs", 3);
	symbols_list(s, "packing", 3);
	symbols_number(s, "packing[0]", 1);
	symbols_number(s, "packing[1]", 3);
	symbols_number(s, "packing[2]", 6);
	symbols_number(s, "modes", 2);
	symbols_list(s, "mode", 2);
	symbols_number(s, "mode[0].lanes", 24);
	symbols_text(s, "mode[0].name", "fp32");
	symbols_number(s, "mode[1].lanes", 8);
	symbols_text(s, "mode[1].name", "int8");
	assert_true(symbols_sort(s));
}

/* What comes out: the text, or the complaint, or "(left out)". */
static char *expand(const char *text, size_t size, bool *good)
{
	struct symbols s;
	char *out = NULL, *complaint = NULL;
	size_t length;
	bool emitted;
	set_symbols(&s);
	FILE *f = open_memstream(&out, &length), *err = open_memstream(&complaint, &length);
	*good = template_expand("t.v", text, size, &s, f, &emitted, err);
	assert_int_equal(s.locals, 0);
	if (*good && !emitted) {
		assert_int_equal(ftell(f), 0);
		fputs("(left out)\n", f);
	}
	fclose(f);
	fclose(err);
	symbols_free(&s);
	assert_true(*good || *complaint);
	assert_true(!*good || !*complaint);
	free(*good ? complaint : out);
	return *good ? out : complaint;
}

static void check_case(void **state)
{
	const struct table_case *c = *state;
	bool good;
	char *out = expand(c->input, c->size, &good);
	assert_string_equal(out, c->expected);
	assert_int_equal(good, !c->complaint);
	free(out);
}

static void expect_start(const char *text, const char *start)
{
	bool good;
	char *out = expand(text, strlen(text), &good);
	assert_false(good);
	if (strncmp(out, start, strlen(start)) != 0)
		assert_string_equal(out, start);
	free(out);
}

static void work_is_bounded(void **state)
{
	(void)state;
	expect_start("//@ for i in 0..huge\n//@ end\n", "t.v:1:1: more than 2000000 lines and loop rounds\n//@ for");
	expect_start("//@ for i in 0..9999\n//@ for j in 0..9999\n//@ if 0\n//@ end\n//@ end\n//@ end\n", "t.v:");
}

static void output_is_bounded(void **state)
{
	char text[1200] = "//@ for i in 0..99999\n";
	(void)state;
	size_t used = strlen(text);
	memset(text + used, 'x', 1000);
	strcpy(text + used + 1000, "\n//@ end\n");
	expect_start(text, "t.v:2:1: more than 16777216 bytes of output\nxxx");
}

static void nesting_is_bounded(void **state)
{
	char text[4096] = "";
	bool good;
	(void)state;
	for (int i = 0; i < TEMPLATE_MAX_NESTING; i++)
		strcat(text, "//@ if 1\n");
	strcat(text, "x\n");
	for (int i = 0; i < TEMPLATE_MAX_NESTING; i++)
		strcat(text, "//@ end\n");
	char *out = expand(text, strlen(text), &good);
	assert_true(good);
	assert_string_equal(out, "x\n");
	free(out);
	memmove(text + 9, text, strlen(text) + 1);
	memcpy(text, "//@ if 1\n", 9);
	expect_start(text, "t.v:17:1: blocks nested more than 16 deep\n//@ if 1\n^\n");
}

static void expression_depth_is_bounded(void **state)
{
	char text[300] = "@{";
	(void)state;
	memset(text + 2, '(', 200);
	expect_start(text, "t.v:1:");
	memset(text + 2, '-', 200);
	expect_start(text, "t.v:1:");
	memset(text + 2, '!', 200);
	expect_start(text, "t.v:1:");
}

static void copies_bytes(void **state)
{
	char text[256];
	bool good;
	(void)state;
	for (int i = 0; i < 256; i++)
		text[i] = (char)(i == 0 ? 1 : i);
	text[255] = 'x'; /* no line feed at the end */
	struct symbols s;
	char *out = NULL;
	size_t length;
	set_symbols(&s);
	FILE *f = open_memstream(&out, &length);
	text[100] = '\0'; /* a NUL is a byte like any other */
	assert_true(template_expand("t.v", text, sizeof text, &s, f, &good, stderr));
	fclose(f);
	assert_int_equal(length, sizeof text);
	assert_memory_equal(out, text, sizeof text);
	free(out);
	symbols_free(&s);
}

int main(void)
{
	struct table t = table_read("tests/gen/templates.txt");
	const struct CMUnitTest fixed[] = {
		cmocka_unit_test(work_is_bounded),
		cmocka_unit_test(output_is_bounded),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(expression_depth_is_bounded),
		cmocka_unit_test(copies_bytes),
	};
	size_t extra = sizeof fixed / sizeof *fixed;
	struct CMUnitTest *tests = calloc(t.count + extra, sizeof *tests);
	memcpy(tests, fixed, sizeof fixed);
	for (size_t i = 0; i < t.count; i++)
		tests[extra + i] = (struct CMUnitTest){ .name = t.cases[i].name, .test_func = check_case, .initial_state = &t.cases[i] };
	int failed = _cmocka_run_group_tests("templates", tests, t.count + extra, NULL, NULL);
	free(tests);
	table_free(&t);
	return failed;
}
