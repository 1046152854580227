/* The register map: its shape, its values for a configuration, and the texts that are made from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bitlet_regs.h"
#include "config_load.h"
#include "core_types.h"
#include "registers.h"

static struct register_map map;

static struct bitlet_config load(const char *text, struct bitlet_derived *d)
{
	struct bitlet_config c;
	assert_true(config_parse("r.yaml", text, strlen(text), &c, stderr));
	bitlet_derive(&c, d);
	return c;
}

static void fill(const char *text)
{
	struct bitlet_derived d;
	struct bitlet_config c = load(text, &d);
	register_map_fill(&map, &c, &d);
}

static const char *const plain = "n: 16\npes: 3\nprecisions: [fp32, int8]\nresult_bits: 40\naxi_burst: 256\naxi_outstanding: 64\naxi_address_bits: 64\n"
				 "act_buffer: 65536\nparity: yes\nmax_groups: 65536\n";

static const struct register_row *find(unsigned offset)
{
	for (unsigned r = 0; r < map.rows; r++)
		if (map.row[r].offset == offset)
			return &map.row[r];
	return NULL;
}

static uint32_t value(unsigned offset)
{
	const struct register_row *r = find(offset);
	assert_non_null(r);
	return register_reset(&map, r);
}

static void offsets_ascend(void **state)
{
	(void)state;
	fill(plain);
	for (unsigned r = 1; r < map.rows; r++) {
		assert_true(map.row[r].offset > map.row[r - 1].offset);
		assert_true(strlen(map.row[r].meaning) > 5);
	}
}

static void fields_do_not_overlap(void **state)
{
	(void)state;
	fill(plain);
	for (unsigned r = 0; r < map.rows; r++) {
		uint32_t used = 0;
		assert_true(map.row[r].fields > 0);
		for (unsigned f = map.row[r].first; f < map.row[r].first + map.row[r].fields; f++) {
			const struct register_field *field = &map.field[f];
			uint32_t mask = (uint32_t)(((UINT64_C(1) << field->width) - 1) << field->lsb);
			assert_int_equal(used & mask, 0);
			used |= mask;
			/* the RTL has a flop for each of them */
			if (field->kind == KIND_STICKY || field->kind == KIND_PULSE)
				assert_int_equal(field->width, 1);
		}
	}
}

static void capabilities(void **state)
{
	struct bitlet_derived d;
	struct bitlet_config c = load(plain, &d);
	(void)state;
	register_map_fill(&map, &c, &d);
	assert_int_equal(value(BITLET_REG_IDENTITY), 0x4c544942);
	assert_true(value(BITLET_REG_HASH_LOW) == (uint32_t)d.hash);
	assert_true(value(BITLET_REG_HASH_HIGH) == d.hash >> 32);
	uint32_t array = value(BITLET_REG_CAPABILITY_ARRAY), bus = value(BITLET_REG_CAPABILITY_BUS), more = value(BITLET_REG_CAPABILITY_FEATURES);
	assert_int_equal(BITLET_GET(array, CAPABILITY_ARRAY_N), 16);
	assert_int_equal(BITLET_GET(array, CAPABILITY_ARRAY_PES), 3);
	assert_int_equal(BITLET_GET(array, CAPABILITY_ARRAY_MODES), 2);
	assert_int_equal(BITLET_GET(array, CAPABILITY_ARRAY_OUTPUT_LANES), 1);
	assert_int_equal(BITLET_GET(bus, CAPABILITY_BUS_BUS_BYTES), 8);
	assert_int_equal(BITLET_GET(bus, CAPABILITY_BUS_ADDRESS_BITS), 64);
	assert_int_equal(BITLET_GET(bus, CAPABILITY_BUS_OUTSTANDING), 64);
	assert_int_equal(BITLET_GET(bus, CAPABILITY_BUS_BURST), 256);
	assert_int_equal(value(BITLET_REG_CAPABILITY_ACT_BUFFER), 65536);
	assert_int_equal(value(BITLET_REG_CAPABILITY_WGT_BUFFER), 256);
	assert_int_equal(value(BITLET_REG_CAPABILITY_PSUM_BUFFER), 64);
	assert_int_equal(value(BITLET_REG_CAPABILITY_OUT_BUFFER), 128);
	assert_int_equal(value(BITLET_REG_CAPABILITY_GROUPS), 65536);
	assert_int_equal(BITLET_GET(more, CAPABILITY_FEATURES_OUT_BITS), 40);
	assert_int_equal(BITLET_GET(more, CAPABILITY_FEATURES_HAS_FLOAT), 1);
	assert_int_equal(BITLET_GET(more, CAPABILITY_FEATURES_HAS_FIXED), 1);
	assert_int_equal(BITLET_GET(more, CAPABILITY_FEATURES_ZERO_POINT), 0);
	assert_int_equal(BITLET_GET(more, CAPABILITY_FEATURES_PARITY), 1);
}

/* Every parameter at its largest fits its field (an assertion in register_map_fill). */
static void largest(void **state)
{
	(void)state;
	fill("n: 128\npes: 64\nprecisions: [fp32, tf32, bf16, fp16, int24, int16, int12, int8, int6, int4, int3, int2, int1, uint8, w4a16, w8au8]\n"
	     "result_bits: 64\naxi_bits: 512\naxi_address_bits: 64\naxi_burst: 256\naxi_outstanding: 64\nact_buffer: 65536\nwgt_buffer: 65536\n"
	     "psum_buffer: 65536\nout_buffer: 4096\noutput_lanes: 16\n");
	assert_int_equal(value(BITLET_REG_CAPABILITY_ARRAY), 0x10104080);
}

static void counters(void **state)
{
	static const char *const names[] = {
#define COUNTER(name, meaning) #name,
#include "counters.def"
	};
	(void)state;
	fill(plain);
	assert_int_equal(map.counters, sizeof names / sizeof *names);
	assert_int_equal(map.counters, BITLET_COUNTERS);
	for (unsigned i = 0; i < map.counters; i++)
		for (unsigned high = 0; high < 2; high++) {
			const struct register_row *r = find(BITLET_REG_COUNTERS + 8 * i + 4 * high);
			char name[REGISTER_NAME_SIZE];
			snprintf(name, sizeof name, "counter_%s_%s", names[i], high ? "high" : "low");
			assert_string_equal(r->id, name);
			assert_int_equal(r->counter, i);
			assert_int_equal(r->high, high);
			assert_false(register_writable(&map, r));
		}
}

static void kinds_of_registers(void **state)
{
	(void)state;
	fill(plain);
	assert_true(register_write_only(&map, find(BITLET_REG_CONTROL)));
	assert_true(register_writable(&map, find(BITLET_REG_CONTROL)));
	assert_true(register_writable(&map, find(BITLET_REG_STATUS)));
	assert_false(register_write_only(&map, find(BITLET_REG_STATUS)));
	assert_false(register_writable(&map, find(BITLET_REG_POSITION)));
	assert_false(register_writable(&map, find(BITLET_REG_IDENTITY)));
	assert_int_equal(value(BITLET_REG_STATUS), BITLET_STATUS_IDLE_MASK);
}

static void numbers_of_the_core(void **state)
{
	(void)state;
#define CORE_FAULT(name, code, meaning, address) assert_int_equal(BITLET_ERROR_##name, CORE_FAULT_##name);
#include "faults.def"
#define CHANNEL(name, meaning) assert_int_equal(BITLET_CHANNEL_##name, CHANNEL_##name);
	REGISTER_CHANNELS(CHANNEL)
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offsets_ascend), cmocka_unit_test(fields_do_not_overlap), cmocka_unit_test(capabilities), cmocka_unit_test(largest),
		cmocka_unit_test(counters), cmocka_unit_test(kinds_of_registers), cmocka_unit_test(numbers_of_the_core),
	};
	return cmocka_run_group_tests_name("registers", tests, NULL, NULL);
}
