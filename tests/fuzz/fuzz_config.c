/*
 * Fuzzes the configuration parser. Whatever the bytes: either one line of complaint with a place, or a configuration that config_check() accepts, from
 * which everything can be derived. libcyaml must never find a fault that our own pass has not found.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config_load.h"
#include "params_header.h"
#include "values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_complaint(const char *text)
{
	unsigned line, column;
	int used = 0;
	assert(sscanf(text, "f.yaml:%u:%u: %n", &line, &column, &used) == 2 && used > 0 && line > 0 && column > 0);
	assert(strchr(text, '\n') == text + strlen(text) - 1);
	assert(strstr(text, "; ") || strstr(text, "did you mean"));
	assert(strncmp(text + used, "libcyaml", 8) != 0);
}

static void check_config(const struct bitlet_config *c)
{
	struct config_complaint complaint;
	struct bitlet_derived d;
	struct symbols s;
	char hash[VALUES_HASH_SIZE], *header = NULL;
	size_t size;
	assert(config_check(c, &complaint));
	bitlet_derive(c, &d);
	assert(d.lanes >= 1 && d.lanes <= BITLET_MAX_LANES && d.slots <= BITLET_MAX_SLOTS && d.blocks * d.block_lanes >= d.lanes);
	assert(d.exp_cycles + d.align_cycles + d.pre_cuts <= d.group_cycles && d.align_cycles * d.slice >= c->n);
	for (unsigned i = 0; i < d.modes; i++)
		assert(d.mode[i].sum_bits <= 64 && d.mode[i].lanes <= d.lanes);
	assert(bitlet_symbols(c, &d, hash, &s));
	symbols_free(&s);
	FILE *f = open_memstream(&header, &size);
	params_header(c, &d, HEADER_C, f);
	fclose(f);
	free(header);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bitlet_config c;
	char *complaint = NULL;
	size_t length;
	FILE *err = open_memstream(&complaint, &length);
	memset(&c, 0xa5, sizeof c);
	bool good = config_parse("f.yaml", (const char *)data, size, &c, err);
	fclose(err);
	if (good)
		check_config(&c);
	else
		check_complaint(complaint);
	assert(good == (length == 0));
	free(complaint);
	return 0;
}
