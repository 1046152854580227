/* bitlet.core: YAML that libyaml reads, its files there, its targets made of its filesets. FuseSoC itself is no package of Debian 12. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <yaml.h>

#include "config_load.h"
#include "generate.h"

static char dir[64];

static FILE *open_in(const char *name)
{
	char path[256];
	assert_true((size_t)snprintf(path, sizeof path, "%s/%s", dir, name) < sizeof path);
	return fopen(path, "r");
}

static int set_up(void **state)
{
	static struct bitlet_config c;
	(void)state;
	strcpy(dir, "/tmp/bitlet-core-XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_true(config_load("tiny", &c, stderr));
	assert_true(generate(&c, dir, stderr));
	return 0;
}

static int tear_down(void **state)
{
	char command[96];
	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

/* ---- the document */

static yaml_document_t document;

static yaml_node_t *get(yaml_node_t *map, const char *key)
{
	assert_non_null(map);
	assert_int_equal(map->type, YAML_MAPPING_NODE);
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++)
		if (!strcmp((const char *)yaml_document_get_node(&document, p->key)->data.scalar.value, key))
			return yaml_document_get_node(&document, p->value);
	return NULL;
}

static const char *text(yaml_node_t *scalar)
{
	assert_non_null(scalar);
	assert_int_equal(scalar->type, YAML_SCALAR_NODE);
	return (const char *)scalar->data.scalar.value;
}

static size_t length(yaml_node_t *list)
{
	assert_non_null(list);
	assert_int_equal(list->type, YAML_SEQUENCE_NODE);
	return (size_t)(list->data.sequence.items.top - list->data.sequence.items.start);
}

static const char *item(yaml_node_t *list, size_t i)
{
	assert_true(i < length(list));
	return text(yaml_document_get_node(&document, list->data.sequence.items.start[i]));
}

static yaml_node_t *load(void)
{
	yaml_parser_t parser;
	FILE *f = open_in("bitlet.core");
	assert_non_null(f);
	assert_true(yaml_parser_initialize(&parser));
	yaml_parser_set_input_file(&parser, f);
	assert_true(yaml_parser_load(&parser, &document));
	yaml_parser_delete(&parser);
	fclose(f);
	return yaml_document_get_root_node(&document);
}

static void first_line_names_the_format(void **state)
{
	char line[32] = "";
	FILE *f = open_in("bitlet.core");
	(void)state;
	assert_non_null(f);
	assert_non_null(fgets(line, sizeof line, f));
	fclose(f);
	assert_string_equal(line, "CAPI=2:\n");
	yaml_node_t *root = load();
	assert_string_equal(text(get(root, "CAPI=2")), "");
	assert_string_equal(text(get(root, "name")), "bitlet:ip:tiny:0.1.0");
	yaml_document_delete(&document);
}

static void files_are_there(void **state)
{
	static const char *const sets[] = { "rtl", "tb" };
	yaml_node_t *filesets = get(load(), "filesets");
	(void)state;
	for (size_t s = 0; s < 2; s++) {
		yaml_node_t *set = get(filesets, sets[s]), *files = get(set, "files");
		assert_string_equal(text(get(set, "file_type")), "verilogSource");
		for (size_t i = 0; i < length(files); i++) {
			FILE *f = open_in(item(files, i));
			assert_non_null(f);
			fclose(f);
		}
	}
	yaml_document_delete(&document);
}

static void rtl_is_the_file_list(void **state)
{
	char line[128];
	size_t i = 0;
	FILE *f = open_in("filelist.f");
	yaml_node_t *files = get(get(get(load(), "filesets"), "rtl"), "files");
	(void)state;
	assert_non_null(f);
	for (; fgets(line, sizeof line, f); i++) {
		line[strcspn(line, "\n")] = '\0';
		assert_string_equal(item(files, i), line);
	}
	fclose(f);
	assert_true(i > 50);
	assert_int_equal(length(files), i);
	yaml_document_delete(&document);
}

/* The top is a module of the last file of the target's last fileset: bitlet_top, bitlet_tb. */
static void check_target(yaml_node_t *root, const char *name, const char *tool, const char *top)
{
	char path[64];
	yaml_node_t *target = get(get(root, "targets"), name), *sets = get(target, "filesets");
	assert_string_equal(text(get(target, "toplevel")), top);
	for (size_t i = 0; i < length(sets); i++)
		assert_non_null(get(get(root, "filesets"), item(sets, i)));
	yaml_node_t *files = get(get(get(root, "filesets"), item(sets, length(sets) - 1)), "files");
	snprintf(path, sizeof path, "%s.v", top);
	assert_string_equal(strchr(item(files, length(files) - 1), '/') + 1, path);
	if (!tool)
		return;
	assert_string_equal(text(get(target, "default_tool")), tool);
	assert_non_null(get(get(target, "tools"), tool));
}

static void targets_are_complete(void **state)
{
	yaml_node_t *root = load();
	(void)state;
	check_target(root, "default", NULL, "bitlet_top");
	check_target(root, "lint", "verilator", "bitlet_top");
	check_target(root, "sim", "icarus", "bitlet_tb");
	check_target(root, "synth", "vivado", "bitlet_top");
	assert_string_equal(text(get(get(get(get(get(root, "targets"), "synth"), "tools"), "vivado"), "part")), "xc7vx690tffg1761-2");
	assert_string_equal(text(get(get(get(get(get(root, "targets"), "lint"), "tools"), "verilator"), "mode")), "lint-only");
	yaml_document_delete(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_line_names_the_format),
		cmocka_unit_test(files_are_there),
		cmocka_unit_test(rtl_is_the_file_list),
		cmocka_unit_test(targets_are_complete),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
