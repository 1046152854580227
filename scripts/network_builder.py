"""A graph under construction: nodes, weights, and beside each value what it is by PyTorch's or numpy's reckoning. Used by scripts/random_networks."""
import numpy as np
import onnx
from onnx import helper, numpy_helper
import torch


def tensor_type(array):
    return onnx.mapping.NP_TYPE_TO_TENSOR_TYPE[np.asarray(array).dtype]


class Builder:
    """Values are torch.float64 (real numbers, never rounded on the way) or numpy arrays (codes, indices, and floats that must be exact)."""

    def __init__(self, seed, opset):
        self.random = np.random.default_rng(seed)
        self.opset = opset
        self.nodes, self.weights, self.inputs, self.value, self.domains = [], [], {}, {}, set()
        self.batch = int(self.random.integers(1, 4))

    # ---- drawing

    def pick(self, *choices):
        return choices[self.random.integers(len(choices))]

    def chance(self, p):
        return self.random.random() < p

    def between(self, low, high):
        return int(self.random.integers(low, high + 1))

    def real(self, *shape, scale=1.0):
        return (self.random.standard_normal(shape) * scale).astype(np.float32)

    # ---- building

    def name(self, stem):
        return f"{stem}{len(self.value)}"

    def input(self, array):
        name = self.name("in")
        self.inputs[name] = array
        self.value[name] = torch.from_numpy(array.astype(np.float64)) if array.dtype == np.float32 else array
        return name

    def constant(self, array):
        """An initializer, or now and then a Constant node."""
        array = np.asarray(array)
        name = self.name("w")
        self.value[name] = array
        tensor = numpy_helper.from_array(np.ascontiguousarray(array).reshape(array.shape), name)
        if self.chance(0.15):
            self.nodes.append(helper.make_node("Constant", [], [name], value=tensor))
        else:
            self.weights.append(tensor)
        return name

    def weight(self, *shape, scale=1.0):
        """Real weights; also as torch.float64."""
        array = self.real(*shape, scale=scale)
        return self.constant(array), torch.from_numpy(array.astype(np.float64))

    def op(self, kind, inputs, result, outputs=1, **attributes):
        """One node; its output's name (a list of names when there are several results). Inputs of None are left out."""
        domain, _, kind = kind.rpartition(".")
        self.domains.add(domain)
        results = result if isinstance(result, (list, tuple)) else [result]
        names = []
        for r in results:
            names.append(self.name(kind.lower()))
            self.value[names[-1]] = r
        self.nodes.append(helper.make_node(kind, ["" if i is None else i for i in inputs], names, names[0], domain=domain or None, **attributes))
        return names if isinstance(result, (list, tuple)) else names[0]

    def ints(self, *v):
        return self.constant(np.asarray(v, np.int64))

    def listed(self, kind, x, result, name, v, since, **attributes):
        """An operator whose list `name` is an attribute before operator set `since` and input 1 from then on."""
        if self.opset < since:
            return self.op(kind, [x], result, **{name: list(v)}, **attributes)
        return self.op(kind, [x, self.ints(*v)], result, **attributes)

    def shape(self, x):
        return list(self.value[x].shape)

    def expected(self, x):
        v = self.value[x]
        return v.numpy() if isinstance(v, torch.Tensor) else v

    def model(self, outputs):
        info = lambda n, a: helper.make_tensor_value_info(n, tensor_type(a.numpy().astype(np.float32) if isinstance(a, torch.Tensor) else a), list(a.shape))
        graph = helper.make_graph(self.nodes, "random", [info(n, a) for n, a in self.inputs.items()], [info(n, self.value[n]) for n in outputs], self.weights)
        imports = [helper.make_opsetid("", self.opset)] + [helper.make_opsetid(d, 1) for d in sorted(self.domains) if d]
        model = helper.make_model(graph, opset_imports=imports, producer_name="random_networks")
        model.ir_version = 7
        onnx.checker.check_model(model)
        return model
