/* The shipped networks' files, cut off and with wrong bits: a clear message or a run, never a crash, a hang or a large allocation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "execute.h"
#include "file.h"
#include "onnx_load.h"

#define DIGITS "sim/networks/digits/"

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

struct file {
	uint8_t *bytes;
	size_t size;
	struct tensor *image;
};

static struct file open_file(const char *path)
{
	struct fault f = {""};
	struct file file = {.bytes = NULL};
	file.bytes = file_load(path, 1 << 20, &file.size, &f);
	struct tensor *images = npy_load(DIGITS "images.npy", &f);
	assert_non_null(file.bytes);
	file.image = tensor_rows(images, 0, 1, &f);
	tensor_free(images);
	return file;
}

static void close_file(struct file *file)
{
	free(file->bytes);
	tensor_free(file->image);
}

/* Loads and, when that works, runs with a small budget. True when both worked; otherwise there must be a message. */
static bool survives(const uint8_t *bytes, size_t size, const struct tensor *image)
{
	struct fault f = {""};
	struct execution e;
	struct host_budget budget = {16 << 20, 2000000};
	struct graph *g = onnx_parse(bytes, size, "damaged", DIGITS, &f);
	bool good = g && g->inputs == 1 && execute(g, &image, &budget, &e, &f);
	if (good)
		execution_free(&e);
	else if (!g || g->inputs == 1)
		assert_true(f.text[0]);
	graph_free(g);
	return good;
}

static void truncated(void **state)
{
	(void)state;
	const char *paths[] = {DIGITS "digits_fp32.onnx", DIGITS "digits_int8.onnx"};
	for (size_t p = 0; p < 2; p++) {
		struct file file = open_file(paths[p]);
		assert_true(survives(file.bytes, file.size, file.image));
		for (size_t percent = 0; percent < 100; percent++) {
			size_t size = file.size * percent / 100;
			uint8_t *copy = malloc(size + 1);
			memcpy(copy, file.bytes, size);
			assert_false(survives(copy, size, file.image));
			free(copy);
		}
		close_file(&file);
	}
}

/* Every seventh bit of the int8 network's file, one after the other; memory stays small. */
static void bits_flipped(void **state)
{
	(void)state;
	struct file file = open_file(DIGITS "digits_int8.onnx");
	size_t good = 0, bits = 8 * file.size;
	for (size_t i = 0; i < bits; i += 7) {
		file.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
		good += survives(file.bytes, file.size, file.image);
		file.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	struct rusage use;
	getrusage(RUSAGE_SELF, &use);
	assert_true(good > 0 && good < bits / 7); /* weights may change unnoticed, structure may not */
	assert_true(use.ru_maxrss < MEMORY_LIMIT_KB);
	close_file(&file);
}

/* Bytes set to extremes, several at once: lengths, dimensions, attributes. */
static void bytes_wild(void **state)
{
	(void)state;
	struct file file = open_file(DIGITS "digits_fp32.onnx");
	uint64_t seed = 88172645463325252u;
	for (size_t round = 0; round < 3000; round++) {
		uint8_t *copy = malloc(file.size);
		memcpy(copy, file.bytes, file.size);
		for (size_t i = 0; i < 1 + round % 4; i++) {
			seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
			size_t at = seed >> 8 & 1 ? (seed >> 16) % file.size : (seed >> 16) % 2000; /* structure comes first */
			static const uint8_t extremes[] = {0, 1, 0x7f, 0x80, 0xff, 0x2a, 0x0a, 0xfe};
			copy[at] = extremes[seed % 8];
		}
		survives(copy, file.size, file.image);
		free(copy);
	}
	close_file(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truncated),
		cmocka_unit_test(bits_flipped),
		cmocka_unit_test(bytes_wild),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
