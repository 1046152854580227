/* Good configurations: defaults, presets, files, and config_check() on structs that no file filled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config_load.h"
#include "params.h"

static struct bitlet_config parse(const char *path, const char *text)
{
	struct bitlet_config c;
	memset(&c, 0xa5, sizeof c);
	assert_true(config_parse(path, text, strlen(text), &c, stderr));
	return c;
}

static void defaults(void **state)
{
	struct bitlet_config c = parse("some/dir/my chip.v2.yaml", "n: 12\npes: 3\nprecisions: [w4au8]\n");
	(void)state;
	assert_string_equal(c.name, "my_chip");
	assert_int_equal(c.engine, BITLET_CLASSIC);
	assert_int_equal(c.n, 12);
	assert_int_equal(c.pes, 3);
	assert_int_equal(c.precisions, 1);
	assert_string_equal(c.precision[0].name, "w4au8");
	assert_int_equal(c.guard_bits, 0);
	assert_int_equal(c.selector, BITLET_SELECTOR_FULL);
	assert_int_equal(c.side, BITLET_SIDE_WEIGHT);
	assert_int_equal(c.run_ahead, 0);
	assert_int_equal(c.packs, 1);
	assert_int_equal(c.packing[0], 1);
	assert_int_equal(c.preprocess_rate, 12);
	assert_false(c.gate_zero_activations);
	assert_false(c.zero_point);
	assert_int_equal(c.array_fifo, 0);
	assert_int_equal(c.accumulation, BITLET_ACCUMULATION_FP32);
	assert_int_equal(c.max_groups, 512);
	assert_int_equal(c.result_bits, 32);
	assert_int_equal(c.result_fifo, 2);
	assert_int_equal(c.axi_bits, 64);
	assert_int_equal(c.axi_address_bits, 32);
	assert_int_equal(c.axi_burst, 16);
	assert_int_equal(c.axi_outstanding, 16);
	assert_int_equal(c.act_buffer, 64);
	assert_int_equal(c.wgt_buffer, 256);
	assert_int_equal(c.psum_buffer, 64);
	assert_int_equal(c.out_buffer, 128);
	assert_int_equal(c.output_lanes, 1);
	assert_false(c.parity);
	assert_int_equal(c.pipeline.preprocess, 0);
	assert_int_equal(c.pipeline.decoder, 1);
	assert_int_equal(c.pipeline.tree, 1);
	assert_int_equal(c.pipeline.accumulator, 0);
	assert_int_equal(c.pipeline.packager, 0);
}

static void everything(void **state)
{
	struct bitlet_config c = parse("x.yaml", "name: A-1.x_\nengine: classic\nn: 128\npes: 64\nprecisions:\n  - fp32\n  - w8a8\nguard_bits: 8\n"
						 "selector: 'full'\nside: weight\nrun_ahead: 3\npacking: [3, 2]\npreprocess_rate: 127\n"
						 "gate_zero_activations: true\nzero_point: yes\narray_fifo: 8\naccumulation: wide\nmax_groups: 65536\n"
						 "result_bits: 64\nresult_fifo: 16\naxi_bits: 512\naxi_address_bits: 64\naxi_burst: 256\n"
						 "axi_outstanding: 64\nact_buffer: 65536\nwgt_buffer: 32768\npsum_buffer: 2\nout_buffer: 4096\n"
						 "output_lanes: 16\nparity: yes\npipeline:\n  preprocess: 2\n  decoder: 0\n  tree: 2\n"
						 "  accumulator: 1\n  packager: 3\n");
	(void)state;
	assert_string_equal(c.name, "A-1.x_");
	assert_int_equal(c.n, 128);
	assert_int_equal(c.pes, 64);
	assert_int_equal(c.precisions, 2);
	assert_string_equal(c.precision[1].name, "int8");
	assert_int_equal(c.guard_bits, 8);
	assert_int_equal(c.run_ahead, 3);
	assert_int_equal(c.packs, 3);
	assert_int_equal(c.packing[0], 1);
	assert_int_equal(c.packing[1], 2);
	assert_int_equal(c.packing[2], 3);
	assert_int_equal(c.preprocess_rate, 127);
	assert_true(c.gate_zero_activations);
	assert_true(c.zero_point);
	assert_int_equal(c.array_fifo, 8);
	assert_int_equal(c.accumulation, BITLET_ACCUMULATION_WIDE);
	assert_int_equal(c.max_groups, 65536);
	assert_int_equal(c.result_bits, 64);
	assert_int_equal(c.result_fifo, 16);
	assert_int_equal(c.axi_bits, 512);
	assert_int_equal(c.axi_address_bits, 64);
	assert_int_equal(c.axi_burst, 256);
	assert_int_equal(c.axi_outstanding, 64);
	assert_int_equal(c.act_buffer, 65536);
	assert_int_equal(c.wgt_buffer, 32768);
	assert_int_equal(c.psum_buffer, 2);
	assert_int_equal(c.out_buffer, 4096);
	assert_int_equal(c.output_lanes, 16);
	assert_true(c.parity);
	assert_int_equal(c.pipeline.preprocess, 2);
	assert_int_equal(c.pipeline.decoder, 0);
	assert_int_equal(c.pipeline.tree, 2);
	assert_int_equal(c.pipeline.accumulator, 1);
	assert_int_equal(c.pipeline.packager, 3);
	c = parse("x.yaml", "n: 9\npes: 1\nprecisions: [int8]\nselector: window\nzero_point: no\n");
	assert_int_equal(c.selector, BITLET_SELECTOR_WINDOW);
	assert_false(c.zero_point);
	c = parse("x.yaml", "n: 9\npes: 1\nprecisions: [int8]\nside: activation\n");
	assert_int_equal(c.side, BITLET_SIDE_ACTIVATION);
}

static void names_after_files(void **state)
{
	static const char *const text = "n: 2\npes: 1\nprecisions: [int1]\n";
	(void)state;
	assert_string_equal(parse("", text).name, "config");
	assert_string_equal(parse(".yaml", text).name, "config");
	assert_string_equal(parse("a/b/", text).name, "config");
	assert_string_equal(parse("a\"b\\c", text).name, "a_b_c");
	char path[300];
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	assert_int_equal(strlen(parse(path, text).name), BITLET_NAME_SIZE - 1);
}

static void presets(void **state)
{
	static const char *const wanted[] = { "edge-int8", "fp32-n16", "paper", "tiny" };
	const char *const *names = config_presets();
	(void)state;
	for (unsigned i = 0; names[i]; i++) {
		struct bitlet_config c;
		size_t size;
		assert_true(config_load(names[i], &c, stderr));
		assert_string_equal(c.name, names[i]);
		assert_non_null(config_preset_text(names[i], &size));
		assert_true(size > 0);
	}
	for (unsigned i = 0; i < 4; i++)
		assert_string_equal(names[i], wanted[i]);
	assert_null(config_preset_text("nosuch", &(size_t){ 0 }));
	assert_null(config_preset_text("../presets/tiny", &(size_t){ 0 }));
}

static void preset_and_file_agree(void **state)
{
	struct bitlet_config preset, file;
	(void)state;
	assert_true(config_load("paper", &preset, stderr));
	assert_true(config_load("gen/presets/paper.yaml", &file, stderr));
	assert_memory_equal(&preset, &file, sizeof file);
	assert_int_equal(preset.n, 64);
	assert_int_equal(preset.pes, 32);
}

/* A struct that is spoilt in one place gives this complaint about that key. */
#define SPOILT(change, at, message) \
	do { \
		struct bitlet_config c = parse("x.yaml", "n: 16\npes: 2\nprecisions: [fp32, int8]\n"); \
		struct config_complaint complaint; \
		assert_true(config_check(&c, &complaint)); \
		change; \
		assert_false(config_check(&c, &complaint)); \
		assert_string_equal(complaint.key, at); \
		assert_string_equal(complaint.text, message); \
	} while (0)

static void check_of_structs(void **state)
{
	(void)state;
	SPOILT(c.n = 1, "n", "n is 1; expected 2..128 slots");
	SPOILT(c.n = 129, "n", "n is 129; expected 2..128 slots");
	SPOILT(c.pes = 65, "pes", "pes is 65; expected 1..64 PEs");
	SPOILT(c.precisions = 0, "precisions", "precisions is 0; expected 1..16 precisions");
	SPOILT(c.precisions = 17, "precisions", "precisions is 17; expected 1..16 precisions");
	SPOILT(c.preprocess_rate = 0, "preprocess_rate", "preprocess_rate is 0; expected 1..128 slots/cycle");
	SPOILT(c.guard_bits = 9, "guard_bits", "guard_bits is 9; expected 0..8 bits");
	SPOILT(c.axi_bits = 0, "axi_bits", "axi_bits is 0; expected 32..512 bits");
	SPOILT(c.act_buffer = 5, "act_buffer", "act_buffer is 5; expected a power of two groups");
	SPOILT(c.output_lanes = 4, "output_lanes", "output_lanes is 4, above pes; expected 1..2 results/cycle");
	SPOILT((c.pes = 64, c.out_buffer = 32), "out_buffer", "out_buffer is 32, but one pixel's outputs take up to 33 beats; expected at least that");
	SPOILT(c.pipeline.tree = 3, "pipeline.tree", "pipeline.tree is 3; expected 0..2 registers");
	SPOILT(c.precision[1].w_bits = 7, "precisions[1]", "precisions[1] is no precision; expected what bitlet_precision_parse() gives");
	SPOILT(memset(c.precision[0].name, 'x', sizeof c.precision[0].name), "precisions[0]",
	       "precisions[0] is no precision; expected what bitlet_precision_parse() gives");
	SPOILT(c.packs = 0, "packing", "packing has 0 factors from 1; expected 1..6 ascending factors from 1");
	SPOILT(c.packing[0] = 2, "packing", "packing has 1 factors from 2; expected 1..6 ascending factors from 1");
	SPOILT((c.packs = 2, c.packing[1] = 1), "packing", "packing has 1 behind 1; expected ascending factors out of 1, 2, 3, 6, 12, 24");
	SPOILT((c.packs = 2, c.packing[1] = 8), "packing", "packing has 8 behind 1; expected ascending factors out of 1, 2, 3, 6, 12, 24");
}

/* The table and the struct come from the same rows. */
static void rows(void **state)
{
	(void)state;
	assert_int_equal(param_count, 33);
	for (unsigned i = 0; i < param_count; i++) {
		assert_ptr_equal(param_find(params[i].key), &params[i]);
		assert_true(strlen(params[i].meaning) > 10);
	}
	assert_null(param_find("nosuch"));
	assert_string_equal(param_nearest("", "selecter"), "selector");
	assert_string_equal(param_nearest("pipeline.", "decodr"), "decoder");
	assert_null(param_nearest("", "zzzzzzzz"));
	assert_null(param_nearest("pipeline.", "selector"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(everything),
		cmocka_unit_test(names_after_files),
		cmocka_unit_test(presets),
		cmocka_unit_test(preset_and_file_agree),
		cmocka_unit_test(check_of_structs),
		cmocka_unit_test(rows),
	};
	return cmocka_run_group_tests_name("configurations", tests, NULL, NULL);
}
