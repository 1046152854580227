/* docs/core.md shows the rows of program.def and faults.def as they are. `test_core_page --print` writes them as the page is to have them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void put_bits(FILE *f, int low, int bits, int is_signed)
{
	if (bits == 32)
		fprintf(f, " |%s", is_signed ? " signed" : "");
	else if (bits == 1)
		fprintf(f, " | [%d]", low);
	else
		fprintf(f, " | [%d:%d]%s", low + bits - 1, low, is_signed ? " signed" : "");
}

static void put_header(FILE *f)
{
	fputs("| word | field of the header |\n|---|---|\n", f);
#define HEADER_FIELD(name, word, meaning) fprintf(f, "| %d | `" #name "`: %s |\n", word, meaning);
#include "program.def"
}

static void put_tile(FILE *f)
{
	fputs("| word | bits | field of a tile's record |\n|---|---|---|\n", f);
#define TILE_FIELD(name, word, low, bits, is_signed, meaning) \
	fprintf(f, "| %d", word); \
	put_bits(f, low, bits, is_signed); \
	fprintf(f, " | `" #name "`: %s |\n", meaning);
#define TILE_ADDRESS(name, word, meaning) fprintf(f, "| %d, %d | | `" #name "`: %s |\n", word, (word) + 1, meaning);
#define TILE_LOOPS(name, word, loops, meaning) fprintf(f, "| %d .. %d | | `" #name "`, loops 0 .. %d: %s |\n", word, (word) + 2 * (loops) - 1, (loops) - 1, meaning);
#include "program.def"
}

static void put_loop(FILE *f)
{
	fputs("| word of a loop | bits | field |\n|---|---|---|\n", f);
#define LOOP_FIELD(name, word, low, bits, is_signed, meaning) \
	fprintf(f, "| %d", word); \
	put_bits(f, low, bits, is_signed); \
	fprintf(f, " | `" #name "`: %s |\n", meaning);
#include "program.def"
}

static void put_faults(FILE *f)
{
	fputs("| code | name | meaning | address |\n|---|---|---|---|\n", f);
#define CORE_FAULT(name, code, meaning, address) fprintf(f, "| %d | " #name " | %s | %s |\n", code, meaning, address);
#include "faults.def"
}

static char *read_page(void)
{
	FILE *f = fopen("docs/core.md", "r");
	assert_non_null(f);
	char *text = calloc(1, 1 << 18);
	assert_non_null(text);
	size_t size = fread(text, 1, (1 << 18) - 1, f);
	assert_in_range(size, 1, (1 << 18) - 2);
	fclose(f);
	return text;
}

/* The whole table stands in the page, with nothing behind its last row. */
static void expect_table(void (*put)(FILE *))
{
	char *table, *page = read_page();
	size_t size;
	FILE *f = open_memstream(&table, &size);
	put(f);
	fclose(f);
	const char *found = strstr(page, table);
	if (!found)
		print_message("docs/core.md should have\n%s", table);
	assert_non_null(found);
	assert_int_not_equal(found[size], '|');
	free(table);
	free(page);
}

static void header(void **state)
{
	(void)state;
	expect_table(put_header);
}

static void tile(void **state)
{
	(void)state;
	expect_table(put_tile);
}

static void loop(void **state)
{
	(void)state;
	expect_table(put_loop);
}

static void faults(void **state)
{
	(void)state;
	expect_table(put_faults);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(header), cmocka_unit_test(tile), cmocka_unit_test(loop), cmocka_unit_test(faults) };
	if (argc == 2 && !strcmp(argv[1], "--print")) {
		void (*const put[])(FILE *) = { put_header, put_tile, put_loop, put_faults };
		for (unsigned i = 0; i < 4; i++) {
			put[i](stdout);
			putchar('\n');
		}
		return 0;
	}
	return cmocka_run_group_tests_name("core page", tests, NULL, NULL);
}
