#include "network_file.h"

#include "onnx_load.h"

static bool run_graph(const struct graph *g, const struct tensor *images, network_visit *visit, void *context, struct fault *f)
{
	struct execution e;
	if (g->inputs != 1)
		return fault_set(f, "%zu inputs; expected one, the image", g->inputs);
	if (!execute(g, &images, NULL, &e, f))
		return false;
	bool good = visit(&e, context, f);
	execution_free(&e);
	return good;
}

bool network_run(const char *onnx, const char *images, size_t first, size_t count, network_visit *visit, void *context, struct fault *f)
{
	struct graph *g = onnx_load(onnx, f);
	struct tensor *all = g ? npy_load(images, f) : NULL, *some = NULL;
	bool good = all;
	if (all && !(some = tensor_rows(all, first, count, f)))
		good = fault_prefix(f, images);
	else if (some && !run_graph(g, some, visit, context, f))
		good = fault_prefix(f, onnx);
	tensor_free(some);
	tensor_free(all);
	graph_free(g);
	return good;
}
