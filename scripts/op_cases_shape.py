#!/usr/bin/python3
"""Writes tests/refmodel/host_ops_shape.txt: cases of the operators that move, choose and compare elements.

Usage: /usr/bin/python3 scripts/op_cases_shape.py > tests/refmodel/host_ops_shape.txt

Most are ONNX's own: the definitions of its backend tests come with Debian's python3-onnx. Older operator sets, and what those tests leave out, are checked
against numpy and PyTorch here. The tests need only the file that this wrote.
"""
import contextlib
import importlib
import io
import warnings

import numpy as np
import onnx
import torch
import torch.nn.functional as F

OPERATORS = """And ArgMax ArgMin Cast CastLike Clip Concat ConstantOfShape CumSum DepthToSpace Equal Expand EyeLike Flatten Gather GatherElements
GatherND Greater GreaterOrEqual GridSample Less LessOrEqual Max Min Mod NonZero Not OneHot Or Pad Range Reshape Resize ScatterElements ScatterND Shape Size
Slice SpaceToDepth Split Squeeze Tile TopK Transpose Trilu Unsqueeze Upsample Where Xor""".split()
MODULE = {"GreaterOrEqual": "greater_equal", "LessOrEqual": "less_equal", "Range": "rangeop", "And": "and", "Or": "or", "Not": "not"}
TYPES = "float32 uint8 int8 uint16 int16 int32 int64 bool float64".split()
MOST = 400  # elements of a tensor


lines = ["# Made by scripts/op_cases_shape.py. Format: test_host_ops.c."]


def tensor(a):
    a = np.asarray(a)
    shape = "x".join(map(str, a.shape)) or "scalar"
    if a.dtype.kind in "biu":
        numbers = [str(int(v)) for v in a.reshape(-1)]
    else:
        numbers = [("%.17g" if a.dtype == np.float64 else "%.9g") % v for v in a.reshape(-1)]
    return " ".join([str(a.dtype), shape] + numbers)


def value(a):
    v = onnx.helper.get_attribute_value(a)
    if a.type == a.TENSOR:
        kind, shape, *numbers = tensor(onnx.numpy_helper.to_array(v)).split()
        return f"{kind}:{shape}:{','.join(numbers)}"
    if a.type == a.STRING:
        return v.decode()
    if a.type == a.FLOAT:
        return repr(float(v))
    if a.type == a.INTS:
        return "[" + ",".join(map(str, v)) + "]"
    if a.type == a.FLOATS:
        return "[" + ",".join(repr(float(x)) for x in v) + "]"
    return str(v)


def emit(name, opset, node, inputs, outputs=None, fault=None):
    lines.append(f"\ncase {name} {opset}\nnode {node}")
    lines.extend("in -" if t is None else "in " + tensor(t) for t in inputs)
    lines.extend("out " + tensor(t) for t in outputs or ())
    if fault:
        lines.append(f"fault node 'n' ({node.split()[0]}): {fault}")


# ---- ONNX's own

seen = set()


def expect(node, inputs, outputs, name, **more):
    name = "onnx_" + name.replace("test_", "")
    arrays = [np.asarray(a) for a in list(inputs) + list(outputs)]
    opset = more["opset_imports"][0].version if more.get("opset_imports") else 17
    if node.op_type not in OPERATORS or name in seen or any(str(a.dtype) not in TYPES or a.size > MOST for a in arrays):
        return
    if not 7 <= opset <= 17 or len(node.output) != len(outputs):
        return
    given = iter(arrays[:len(inputs)])
    seen.add(name)
    attributes = "".join(f" {a.name}={value(a)}" for a in node.attribute)
    emit(name, opset, node.op_type + attributes, [next(given) if i else None for i in node.input], outputs)


def onnx_cases():
    """The definitions run when they are imported; each hands its case to expect()."""
    np.object = object
    node = importlib.import_module("onnx.backend.test.case.node")
    node.expect = expect
    for op in sorted(OPERATORS):
        np.random.seed(3)
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            importlib.import_module("onnx.backend.test.case.node." + MODULE.get(op, op.lower()))


# ---- ours

random = np.random.default_rng(11)


def floats(*shape):
    return (random.integers(-32, 33, shape) / 8).astype(np.float32)


def ints(kind, *shape):
    return random.integers(0 if kind[0] == "u" else -100, 100, shape).astype(kind)


def i64(*v):
    return np.array(v, np.int64)


def elements():
    for kind in ("uint8", "int8", "int16", "int32", "int64", "float64"):
        a, b = (floats(2, 1, 3), floats(4, 1)) if kind == "float64" else (ints(kind, 2, 1, 3), ints(kind, 4, 1))
        a, b = a.astype(kind), b.astype(kind)
        with np.errstate(over="ignore"):
            emit(f"add_{kind}", 14, "Add", (a, b), (a + b,))
            emit(f"sub_{kind}", 14, "Sub", (a, b), (a - b,))
            emit(f"mul_{kind}", 14, "Mul", (a, b), (a * b,))
        b[b == 0] = 3
        emit(f"div_{kind}", 14, "Div", (a, b), (np.trunc(a / b).astype(kind) if kind != "float64" else a / b,))
    a, b, c = floats(3, 1, 2), floats(1, 4, 1), floats(2)
    emit("max_three", 13, "Max", (a, b, c), (np.maximum(np.maximum(a, b), c),))
    emit("min_three", 8, "Min", (a, b, c), (np.minimum(np.minimum(a, b), c),))
    nan = np.array([np.nan, 1, 2], np.float32)
    emit("max_nan", 13, "Max", (nan, nan[::-1].copy()), (np.maximum(nan, nan[::-1]),))
    emit("max_left_out", 13, "Max", (a, None), fault="input 1 is left out; expected a tensor")
    emit("mod_floats", 13, "Mod", (a, b), fault="input 0 is float32; expected integers, or the attribute fmod = 1")
    emit("mod_by_zero", 13, "Mod", (i64(1), i64(0)), fault="divides integers by zero")
    emit("mod_least", 13, "Mod", (i64(-2**63), i64(-1)), (i64(0),))
    emit("div_least", 13, "Div", (i64(-2**63), i64(-1)), (i64(-2**63),))
    x = ints("int32", 6)
    emit("clip_int32", 12, "Clip", (x, np.array(-7, "int32"), np.array(9, "int32")), (np.clip(x, -7, 9),))
    emit("clip_int_old", 8, "Clip min=0.5", (x,), fault="input 0 is int32; expected float32 or float64 before operator set 11")
    emit("clip_bool", 13, "Clip", (np.array([True]),), fault="input 0 is bool; expected a type of numbers")


def main():
    onnx_cases()
    elements()
    print("\n".join(lines))


if __name__ == "__main__":
    main()
