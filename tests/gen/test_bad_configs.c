/* Every complaint about a configuration: tests/gen/bad_configs.txt, and what does not fit into a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_load.h"
#include "table.h"

static char *complaint_of(const char *text, size_t size, bool *good)
{
	char *out = NULL;
	size_t length;
	struct bitlet_config c;
	FILE *err = open_memstream(&out, &length);
	*good = config_parse("f.yaml", text, size, &c, err);
	fclose(err);
	return out;
}

static void check_case(void **state)
{
	const struct table_case *c = *state;
	char expected[512];
	bool good;
	char *text = complaint_of(c->input, c->size, &good);
	snprintf(expected, sizeof expected, "%s%s", *c->expected ? "f.yaml:" : "", c->expected);
	assert_string_equal(text, expected);
	assert_int_equal(good, !c->complaint);
	free(text);
}

static void all_differ(void **state)
{
	const struct table *t = *state;
	size_t kinds = 0;
	for (size_t i = 0; i < t->count; i++) {
		bool first = t->cases[i].complaint;
		for (size_t j = 0; first && j < i; j++)
			first = strcmp(strchr(t->cases[i].expected, ' '), strchr(t->cases[j].expected, ' ')) != 0;
		kinds += first;
	}
	assert_true(kinds >= 90);
}

static void expect(const char *text, size_t size, const char *expected)
{
	bool good;
	char *out = complaint_of(text, size, &good);
	assert_false(good);
	assert_string_equal(out, expected);
	free(out);
}

static void too_large(void **state)
{
	char *text = malloc(CONFIG_SIZE_LIMIT + 1);
	(void)state;
	memset(text, '#', CONFIG_SIZE_LIMIT + 1);
	expect(text, CONFIG_SIZE_LIMIT + 1, "f.yaml:1:1: the file is larger than 65536 bytes; expected a configuration\n");
	expect(text, CONFIG_SIZE_LIMIT, "f.yaml:1:1: the file is empty; expected parameters such as 'n: 16'\n");
	free(text);
}

static void deep_nesting(void **state)
{
	char text[20000] = "n: ";
	(void)state;
	memset(text + 3, '[', sizeof text - 3);
	expect(text, sizeof text, "f.yaml:1:4: n is a sequence; expected 2..128 slots\n");
	memset(text, '{', sizeof text);
	expect(text, sizeof text, "f.yaml:1:2: a mapping as a key; expected the name of a parameter\n");
}

static void long_texts_are_cut(void **state)
{
	char text[3000] = "n: ", *out;
	bool good;
	(void)state;
	memset(text + 3, 'x', sizeof text - 3);
	out = complaint_of(text, sizeof text, &good);
	assert_false(good);
	assert_true(strlen(out) < 200);
	assert_non_null(strstr(out, "xxx...'"));
	free(out);
}

static void no_such_file(void **state)
{
	struct bitlet_config c;
	char *out = NULL;
	size_t length;
	(void)state;
	FILE *err = open_memstream(&out, &length);
	assert_false(config_load("no/such.yaml", &c, err));
	assert_false(config_load("tests", &c, err));
	fclose(err);
	assert_string_equal(out, "no/such.yaml:1:1: No such file or directory; expected a YAML file or a preset: edge-int8 fp32-n16 paper tiny\n"
				 "tests:1:1: Is a directory; expected a YAML file or a preset: edge-int8 fp32-n16 paper tiny\n");
	free(out);
}

int main(void)
{
	struct table t = table_read("tests/gen/bad_configs.txt");
	const struct CMUnitTest fixed[] = {
		cmocka_unit_test_prestate(all_differ, &t),
		cmocka_unit_test(too_large),
		cmocka_unit_test(deep_nesting),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(no_such_file),
	};
	size_t extra = sizeof fixed / sizeof *fixed;
	struct CMUnitTest *tests = calloc(t.count + extra, sizeof *tests);
	memcpy(tests, fixed, sizeof fixed);
	for (size_t i = 0; i < t.count; i++)
		tests[extra + i] = (struct CMUnitTest){ .name = t.cases[i].name, .test_func = check_case, .initial_state = &t.cases[i] };
	int failed = _cmocka_run_group_tests("bad configurations", tests, t.count + extra, NULL, NULL);
	free(tests);
	table_free(&t);
	return failed;
}
