/* Layers of the shipped networks through tiler and interpreter: what the host's operators gave. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config_load.h"
#include "interpret.h"
#include "network_task.h"
#include "tile.h"

#define DIGITS "sim/networks/digits/"
enum { IMAGES = 2 };

struct digits {
	const char *preset, *precision, *network;
	double tolerance;           /* of the largest output of a layer; 0: exactly */
};

static unsigned mode_of(const struct bitlet_derived *d, const char *name)
{
	for (unsigned m = 0; m < d->modes; m++)
		if (!strcmp(d->mode[m].precision.name, name))
			return m;
	fail_msg("no precision %s", name);
	return 0;
}

static void compare(const struct network_layer *l, const struct compiled *p, double tolerance)
{
	double top = 0, worst = 0;
	assert_int_equal(l->outputs * (p->format == FORMAT_INT8 ? 1 : 4), p->out_bytes);
	for (size_t i = 0; i < l->outputs; i++)
		top = fmax(top, fabs((double)l->expected[i]));
	assert_true(top > 0);
	for (size_t i = 0; i < l->outputs; i++)
		worst = fmax(worst, fabs(compiled_number(p, &p->image, i) - (double)l->expected[i]));
	if (worst > tolerance * top)
		fail_msg("%s: off by %g of %g", l->task.name, worst, top);
	assert_int_equal(l->exact, tolerance == 0);
}

static void layers(void **state)
{
	const struct digits *t = *state;
	struct bitlet_config c;
	struct bitlet_derived d;
	struct network_layers list;
	struct fault f = {0};
	assert_true(config_load(t->preset, &c, stderr));
	bitlet_derive(&c, &d);
	if (!network_layers_load(t->network, DIGITS "images.npy", 3, IMAGES, &d, mode_of(&d, t->precision), &list, &f))
		fail_msg("%s", f.text);
	assert_true(list.count >= 3);
	for (size_t i = 0; i < list.count; i++) {
		struct compiled p;
		struct interpret_result r;
		if (!compile_layer(&list.layer[i].task, &c, &d, &p, &f))
			fail_msg("%s", f.text);
		assert_true(interpret(&c, &d, &p.image, p.program, p.program_bytes, 1, &r, &f));
		assert_int_equal(r.error.fault, CORE_FAULT_NONE);
		compare(&list.layer[i], &p, t->tolerance);
		compiled_free(&p);
	}
	network_layers_free(&list);
}

static void refusals(void **state)
{
	(void)state;
	struct bitlet_config c;
	struct bitlet_derived d;
	struct network_layers list;
	struct fault f = {0};
	assert_true(config_load("fp32-n16", &c, stderr));
	bitlet_derive(&c, &d);
	assert_false(network_layers_load(DIGITS "digits_int8.onnx", DIGITS "images.npy", 0, 1, &d, mode_of(&d, "fp32"), &list, &f));
	assert_non_null(strstr(f.text, "is quantised; expected a float network for fp32"));
	assert_int_equal(list.count, 0);
	f = (struct fault){0};
	assert_false(network_layers_load(DIGITS "digits_int8.onnx", DIGITS "images.npy", 450, 1, &d, mode_of(&d, "int8"), &list, &f));
	assert_non_null(strstr(f.text, "images.npy"));
}

int main(void)
{
	static struct digits int8 = {"fp32-n16", "int8", DIGITS "digits_int8.onnx", 0}, edge = {"edge-int8", "int8", DIGITS "digits_int8.onnx", 0},
	                     tiny = {"tiny", "int8", DIGITS "digits_int8.onnx", 0}, fp32 = {"fp32-n16", "fp32", DIGITS "digits_fp32.onnx", 1e-6},
	                     quantised = {"edge-int8", "int8", DIGITS "digits_fp32.onnx", 0.02}, bf16 = {"fp32-n16", "bf16", DIGITS "digits_fp32.onnx", 0.02};
	const struct CMUnitTest tests[] = {
		{"int8 network, packed", layers, NULL, NULL, &int8},         {"int8 network, edge-int8", layers, NULL, NULL, &edge},
		{"int8 network, K in chunks", layers, NULL, NULL, &tiny},    {"float network, fp32", layers, NULL, NULL, &fp32},
		{"float network, int8", layers, NULL, NULL, &quantised},     {"float network, bf16", layers, NULL, NULL, &bf16},
		cmocka_unit_test(refusals),
	};
	return cmocka_run_group_tests_name("network_task", tests, NULL, NULL);
}
