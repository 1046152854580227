/*
 * Fuzzes the template expander with the symbols of preset tiny. Whatever the bytes: an expansion within the bounds, or a complaint with a place and a caret.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config_load.h"
#include "template.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct symbols symbols;
static struct bitlet_config config;

static void set_symbols(void)
{
	static char hash[VALUES_HASH_SIZE];
	static struct bitlet_derived d; /* the symbols point into it */
	assert(config_load("tiny", &config, stderr));
	bitlet_derive(&config, &d);
	assert(bitlet_symbols(&config, &d, hash, &symbols));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *out = NULL, *complaint = NULL;
	size_t out_size, complaint_size;
	unsigned line, column;
	bool emitted;
	if (!symbols.globals)
		set_symbols();
	FILE *f = open_memstream(&out, &out_size), *err = open_memstream(&complaint, &complaint_size);
	bool good = template_expand("t.v", (const char *)data, size, &symbols, f, &emitted, err);
	fclose(f);
	fclose(err);
	assert(good == (complaint_size == 0));
	assert(out_size <= TEMPLATE_MAX_OUTPUT);
	assert(good || (sscanf(complaint, "t.v:%u:%u: ", &line, &column) == 2 && line > 0 && column > 0 && complaint[complaint_size - 2] == '^'));
	assert(emitted || out_size == 0);
	assert(symbols.locals == 0);
	free(out);
	free(complaint);
	return 0;
}
