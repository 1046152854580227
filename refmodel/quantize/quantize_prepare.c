#include "quantize_prepare.h"

#include <string.h>

#include "execute.h"
#include "fuse_graph.h"
#include "network_load.h"
#include "opset_raise.h"
#include "quantize_network.h"

static bool is_quantised(const char *op)
{
	static const char *const part[] = {"QuantizeLinear", "DequantizeLinear", "QLinear", "QGemm", "QConv", "ConvInteger", "MatMulInteger"};
	for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
		if (strstr(op, part[i]))
			return true;
	return false;
}

static bool all_float(const struct graph *g, struct fault *f)
{
	for (size_t i = 0; i < g->nodes; i++)
		if (is_quantised(g->node[i].op))
			return graph_node_fault(&g->node[i], f, "is quantised already; expected a float network");
	return true;
}

static bool simplify(struct graph *g, struct fault *f)
{
	struct fuser u;
	if (!fuser_open(&u, g, f))
		return false;
	bool good = fuser_prune(&u) && fuse_constants(&u, false) && fuse_identity(&u) && fuser_prune(&u) && fuse_batch_norm(&u) && fuse_pad(&u) && fuser_prune(&u);
	fuser_close(&u);
	return good;
}

struct graph *quantize_prepare(const char *path, struct fault *f)
{
	enum network_kind kind;
	struct graph *g = network_load(path, true, &kind, f);
	if (!g)
		return NULL;
	bool good = kind == NETWORK_ONNX || fault_set(f, "is a TensorFlow Lite file; expected the float ONNX network");
	good = good && all_float(g, f) && execute_check(g, f) && simplify(g, f) && opset_raise(g, QUANTIZE_OPSET, f);
	if (good)
		return g;
	graph_free(g);
	fault_prefix(f, path);
	return NULL;
}
