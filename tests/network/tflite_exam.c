/*
 * tflite_exam MODEL EXPECTED [THREADS]: runs a TensorFlow Lite file on the host's kernels for every input EXPECTED/in<k>.npy and compares: codes by the
 * CRC-32 of every tensor in EXPECTED/tensors.tsv and by EXPECTED/out<k>_<j>.npy, floats by EXPECTED/f64out<k>_<j>.npy. TAP on stdout; exit 1 when
 * anything differs. `make exam MODELS=folder`.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "execute.h"
#include "tflite_load.h"

enum { RUNS = 5, NAME_MAX_BYTES = 4096 };

static const double FLOAT_LIMIT = 1e-5;
static size_t tests, failures;

static void check(bool good, const char *what, const char *detail)
{
	failures += !good;
	printf("%sok %zu - %s%s%s\n", good ? "" : "not ", ++tests, what, detail[0] ? ": " : "", detail);
}

static uint32_t crc32(const uint8_t *p, size_t size)
{
	uint32_t crc = 0xffffffff;
	for (size_t i = 0; i < size; i++) {
		crc ^= p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* Lines "input tensor name shape type bytes crc" behind the head; value indices are the file's tensor numbers. */
static void compare_tensors(const struct execution *e, const char *folder, int run)
{
	char path[NAME_MAX_BYTES], line[NAME_MAX_BYTES], detail[NAME_MAX_BYTES + 64] = "";
	size_t same = 0, all = 0;
	snprintf(path, sizeof path, "%s/tensors.tsv", folder);
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f)) {
		int input;
		size_t tensor;
		char *crc = strrchr(line, '\t');
		if (!crc || sscanf(line, "%d\t%zu", &input, &tensor) != 2 || input != run || tensor >= e->graph->values || !e->value[tensor])
			continue;
		const struct tensor *t = e->value[tensor];
		bool equal = crc32(t->data, t->count * tensor_type_bytes(t->type)) == strtoul(crc + 1, NULL, 16);
		all++;
		same += equal;
		if (!equal && !detail[0])
			snprintf(detail, sizeof detail, ", first tensor %zu '%.80s'", tensor, e->graph->value[tensor].name);
	}
	if (f)
		fclose(f);
	snprintf(path, sizeof path, "%zu of %zu%s", same, all, detail);
	check(all && same == all, "CRC of tensors", path);
}

static double largest_difference(const struct tensor *a, const struct tensor *b)
{
	double most = a->count == b->count ? 0 : INFINITY;
	for (size_t i = 0; i < a->count && i < b->count; i++)
		most = fmax(most, fabs(tensor_number(a, i) - tensor_number(b, i)));
	return most;
}

static void compare_outputs(const struct execution *e, const char *folder, int run)
{
	for (size_t j = 0; j < e->graph->outputs; j++) {
		char path[NAME_MAX_BYTES], detail[80];
		const struct tensor *have = e->value[e->graph->output[j]];
		bool is_float = have->type == TENSOR_FLOAT32;
		struct fault f = {""};
		snprintf(path, sizeof path, "%s/%sout%d_%zu.npy", folder, is_float ? "f64" : "", run, j);
		struct tensor *want = npy_load(path, &f);
		double d = want ? largest_difference(have, want) : INFINITY;
		snprintf(detail, sizeof detail, "largest difference %g", d);
		check(d <= (is_float ? FLOAT_LIMIT : 0), "output", want ? detail : f.text);
		tensor_free(want);
	}
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void run(const struct graph *g, const char *folder, int k, unsigned threads)
{
	char path[NAME_MAX_BYTES];
	struct fault f = {""};
	struct execution e;
	snprintf(path, sizeof path, "%s/in%d.npy", folder, k);
	struct tensor *input = npy_load(path, &f);
	double start = seconds();
	bool good = input && execution_begin(g, (const struct tensor *const[]){input}, NULL, &e, &f);
	e.threads = threads;
	for (size_t i = 0; good && i < g->nodes; i++)
		if (!(good = execution_node(&e, g->order[i], &f)))
			execution_free(&e);
	snprintf(path, sizeof path, "%.3f s", seconds() - start);
	check(good, "run", good ? path : f.text);
	if (good) {
		compare_outputs(&e, folder, k);
		if (e.value[g->output[0]]->type != TENSOR_FLOAT32)
			compare_tensors(&e, folder, k);
		execution_free(&e);
	}
	tensor_free(input);
}

int main(int argc, char **argv)
{
	struct fault f = {""};
	if (argc < 3) {
		fprintf(stderr, "usage: tflite_exam MODEL EXPECTED [THREADS]\n");
		return 2;
	}
	struct graph *g = tflite_load(argv[1], &f);
	check(g, argv[1], f.text);
	for (int k = 0; g && k < RUNS; k++)
		run(g, argv[2], k, argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 1);
	graph_free(g);
	return failures != 0;
}
