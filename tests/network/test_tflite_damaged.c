/*
 * Damaged TensorFlow Lite files: every case of the operator tests cut off, with wrong bits, and with offsets and lengths that lead elsewhere. A clear
 * message or a run, never a crash, a hang or a large allocation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "execute.h"
#include "shapes.h"
#include "tflite_case.h"
#include "tflite_load.h"

#if defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif
#if SANITIZED /* its quarantine alone takes 256 MB */
enum { MEMORY_LIMIT_KB = 1 << 20 };
#else
enum { MEMORY_LIMIT_KB = 200 << 10 };
#endif

enum { FLIPS = 24, WORDS = 24 };

struct damage {
	void (*how)(struct damage *d, const struct tflite_case *k, uint8_t *copy);
	uint32_t seed;
	size_t good, bad;
};

static uint32_t random_word(struct damage *d)
{
	d->seed = d->seed * 1664525u + 1013904223u;
	return d->seed >> 8;
}

/* Inputs as the case has them, where they fit; otherwise there is nothing to run. */
static bool run(const struct graph *g, const struct tflite_case *k, struct fault *f)
{
	const struct tensor *in[MADE_IOS];
	struct host_budget budget = {16 << 20, 2000000};
	struct execution e;
	struct shapes s;
	if (g->inputs != k->made.inputs)
		return fault_set(f, "other inputs");
	for (size_t i = 0; i < g->inputs; i++)
		in[i] = k->made.tensor[k->made.input[i]].t;
	if (!execute(g, in, &budget, &e, f))
		return false;
	execution_free(&e);
	/* what runs has shapes, unless they are made of what goes in */
	if (shapes_of(g, in, &s, &(struct fault){""}))
		shapes_free(&s);
	return true;
}

static void survive(struct damage *d, const struct tflite_case *k, const uint8_t *bytes, size_t size)
{
	struct fault f = {""};
	struct graph *g = tflite_parse(bytes, size, "damaged", &f);
	bool good = g && run(g, k, &f);
	if (good == (f.text[0] != '\0'))
		fail_msg("case %s: %s", k->name, good ? "a run with a message" : "neither a run nor a message");
	d->good += good;
	d->bad += !good;
	graph_free(g);
}

static void each(void *context, struct tflite_case *k)
{
	struct damage *d = context;
	uint8_t *copy = malloc(k->made.size);
	assert_non_null(copy);
	d->how(d, k, copy);
	free(copy);
}

static struct damage all_cases(void (*how)(struct damage *d, const struct tflite_case *k, uint8_t *copy))
{
	struct damage d = {.how = how, .seed = 1};
	assert_true(case_each("tests/network/tflite_hand.txt", each, &d) + case_each("tests/network/tflite_cases.txt", each, &d) > 400);
	print_message("# seed 1: %zu runs, %zu messages\n", d.good, d.bad);
	return d;
}

/* Copies have their exact size, so that a sanitizer sees the first byte too far. */
static void cut(struct damage *d, const struct tflite_case *k, uint8_t *copy)
{
	(void)copy;
	for (size_t percent = 0; percent < 100; percent++) {
		size_t size = k->made.size * percent / 100;
		uint8_t *exact = malloc(size ? size : 1);
		assert_non_null(exact);
		memcpy(exact, k->made.data, size);
		survive(d, k, exact, size);
		free(exact);
	}
}

static void truncated(void **state)
{
	(void)state;
	struct damage d = all_cases(cut);
	assert_true(d.bad > d.good); /* a cut may only be behind all that counts */
}

static void flip(struct damage *d, const struct tflite_case *k, uint8_t *copy)
{
	for (size_t i = 0; i < FLIPS; i++) {
		memcpy(copy, k->made.data, k->made.size);
		for (uint32_t flips = 1 + random_word(d) % 3; flips; flips--)
			copy[random_word(d) % k->made.size] ^= (uint8_t)(1 << random_word(d) % 8);
		survive(d, k, copy, k->made.size);
	}
}

static void flipped(void **state)
{
	(void)state;
	struct damage d = all_cases(flip);
	assert_true(d.good && d.bad); /* bits of weights do no harm, others do */
}

/* A word somewhere becomes an offset backwards, far out, to itself, a length beyond everything, or a small number. */
static void replace(struct damage *d, const struct tflite_case *k, uint8_t *copy)
{
	static const uint32_t word[] = {0, 1, 4, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffc, 0x40000000, 0x10000, 255};
	for (size_t i = 0; i < WORDS; i++) {
		size_t at = random_word(d) % (k->made.size / 4) * 4;
		uint32_t v = i % 3 ? word[random_word(d) % (sizeof word / sizeof word[0])] : (uint32_t)(k->made.size - random_word(d) % (2 * k->made.size));
		memcpy(copy, k->made.data, k->made.size);
		memcpy(copy + at, &v, sizeof v);
		survive(d, k, copy, k->made.size);
	}
}

static void replaced(void **state)
{
	(void)state;
	struct damage d = all_cases(replace);
	assert_true(d.good && d.bad);
}

/* Every word of some files once as an offset far out and once as a small one. */
static void every_word(struct damage *d, const struct tflite_case *k, uint8_t *copy)
{
	static const uint32_t word[] = {2, 0xfffffff0, 0x00ffffff};
	if (random_word(d) % 16)
		return;
	for (size_t at = 0; at + 4 <= k->made.size && at < 2048; at += 4)
		for (size_t i = 0; i < 3; i++) {
			memcpy(copy, k->made.data, k->made.size);
			memcpy(copy + at, &word[i], sizeof word[i]);
			survive(d, k, copy, k->made.size);
		}
}

static void words(void **state)
{
	(void)state;
	struct damage d = all_cases(every_word);
	assert_true(d.good && d.bad);
}

static void memory(void **state)
{
	(void)state;
	struct rusage used;
	assert_int_equal(getrusage(RUSAGE_SELF, &used), 0);
	assert_true(used.ru_maxrss < MEMORY_LIMIT_KB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(truncated), cmocka_unit_test(flipped), cmocka_unit_test(replaced), cmocka_unit_test(words),
	                                   cmocka_unit_test(memory)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
