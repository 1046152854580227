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
# Not numbers of the types that they claim; printed with four digits; an output of 2.4 elements, where the text says 2.
WRONG = ("BFLOAT16", "gridsample_bicubic", "resize_downsample_scales_linear_align_corners", "resize_downsample_scales_cubic_align_corners")


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
    if any(w in name for w in WRONG):
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


def cut():
    x = floats(3, 4, 5)
    emit("slice_old", 9, "Slice starts=[1,-3] ends=[3,9000000000] axes=[0,-1]", (x,), (x[1:3, :, -3:],))
    emit("slice_old_plain", 7, "Slice starts=[0,1] ends=[2,-1]", (x,), (x[0:2, 1:-1],))
    for kind in ("bool", "int16", "int64", "float64"):
        y = ints("int32", 4, 3).astype(kind)
        emit(f"slice_{kind}", 10, "Slice", (y, i64(-1), i64(-9), i64(0), i64(-2)), (y[::-2],))
    emit("slice_int32_lists", 13, "Slice", (x, *(np.array(v, "int32") for v in ([1], [4], [1], [2]))), (x[:, 1:4:2],))
    emit("slice_far", 13, "Slice", (x, i64(-2**63), i64(2**63 - 1), i64(1), i64(2**63 - 1)), (x[:, :1],))
    emit("slice_far_back", 13, "Slice", (x, i64(2**63 - 1), i64(-2**63), i64(2), i64(-2**63)), (x[:, :, 4:],))
    emit("slice_nothing", 13, "Slice", (x, i64(3), i64(1), i64(2)), (x[:, :, 3:1],))
    emit("slice_of_nothing_back", 13, "Slice", (x[:0], i64(-9), i64(-9), i64(0), i64(-1)), (x[:0],))
    emit("slice_step_0", 13, "Slice", (x, i64(0), i64(1), i64(0), i64(0)), fault="step 0; expected another number")
    emit("slice_axis", 13, "Slice", (x, i64(0), i64(1), i64(3)), fault="axis 3; expected -3 to 2")
    emit("slice_axis_twice", 13, "Slice", (x, i64(0, 0), i64(1, 1), i64(1, -2)), fault="axis 1 is there twice")
    emit("slice_counts", 13, "Slice", (x, i64(0, 0), i64(1)), fault="1 ends; expected 2")
    emit("slice_too_many", 13, "Slice", (x, i64(0, 0, 0, 0), i64(1, 1, 1, 1)), fault="4 starts for 3 dimensions")
    emit("slice_floats", 13, "Slice", (x, floats(1), i64(1)), fault="input 1 is float32; expected int64 or int32")
    emit("slice_no_lists", 9, "Slice", (x,), fault="lacks starts or ends")

    emit("split_old", 11, "Split axis=-1 split=[2,3]", (x,), np.split(x, [2], 2))
    emit("split_equal", 7, "Split axis=1", (x,), np.split(x, 2, 1))
    y = ints("uint8", 2, 7)
    emit("split_uint8", 13, "Split axis=1", (y, i64(1, 0, 6)), np.split(y, [1, 1], 1))
    emit("split_rest", 13, "Split", (x, i64(2)), fault="the sizes leave 1 of 3 over")
    emit("split_too_much", 13, "Split", (x, i64(5)), fault="size 5 of output 0; 3 of 3 are left")
    emit("split_negative", 11, "Split split=[-1]", (x,), fault="size -1 of output 0; 3 of 3 are left")
    emit("split_count", 11, "Split split=[1,2]", (x,), fault="2 sizes; expected 1")

    y = floats(2, 3)
    emit("pad_old", 10, "Pad mode=constant value=2.5 pads=[0,1,2,0]", (y,), (np.pad(y, ((0, 2), (1, 0)), constant_values=2.5),))
    emit("pad_old_reflect", 7, "Pad mode=reflect pads=[1,2,0,1]", (y,), (np.pad(y, ((1, 0), (2, 1)), mode="reflect"),))
    emit("pad_crop", 11, "Pad", (y, i64(-1, 1, 0, -1)), (np.pad(y, ((0, 0), (1, 0)))[1:, :-1],))
    for kind in ("int8", "int64", "bool", "float64"):
        z = ints("int32", 2, 3).astype(kind)
        emit(f"pad_{kind}", 13, "Pad", (z, i64(1, 0, 0, 2), np.array(1, kind)), (np.pad(z, ((1, 0), (0, 2)), constant_values=1),))
        emit(f"pad_{kind}_edge", 13, "Pad mode=edge", (z, i64(1, 0, 0, 2)), (np.pad(z, ((1, 0), (0, 2)), mode="edge"),))
    emit("pad_of_nothing", 13, "Pad", (y[:0], i64(1, 0, 0, 0), np.array(3, "float32")), (np.full((1, 3), 3, "float32"),))
    emit("pad_reflect_too_far", 13, "Pad mode=reflect", (y, i64(2, 0, 0, 0)), fault="pads 2 and 0 of a dimension of 2; expected -2 to 1")
    emit("pad_crop_too_far", 13, "Pad", (y, i64(-1, 0, -2, 0)), fault="pads -1 and -2 of a dimension of 2; expected -2 to 1073741824")
    emit("pad_huge", 13, "Pad", (y, i64(2**63 - 1, 0, 2**63 - 1, 0)),
         fault="pads 9223372036854775807 and 9223372036854775807 of a dimension of 2; expected -2 to 1073741824")
    emit("pad_large", 13, "Pad", (y, i64(2**29, 0, 0, 0)),
         fault="output 0: float32 of shape [536870914, 3]; at most 1073741824 bytes are possible")
    emit("pad_count", 13, "Pad", (y, i64(1, 1)), fault="2 pads; expected 4")
    emit("pad_missing", 10, "Pad", (y,), fault="lacks the pads")
    emit("pad_mode", 13, "Pad mode=wrap", (y, i64(0, 0, 0, 0)), fault="mode 'wrap'; expected constant, reflect or edge")
    emit("pad_value_type", 13, "Pad", (y, i64(0, 0, 0, 0), i64(1)), fault="input 2 is int64; expected float32")
    emit("pad_old_int_value", 10, "Pad value=1.5 pads=[1,0,0,0]", (ints("int8", 2, 2),),
         fault="input 0 is int8; expected float32 for a value that is not 0")

    z = ints("int64", 2, 1)
    emit("tile_int64", 7, "Tile", (z, i64(2, 3)), (np.tile(z, (2, 3)),))
    emit("tile_none", 7, "Tile", (z, i64(0, 3)), (np.tile(z, (0, 3)),))
    emit("tile_count", 13, "Tile", (z, i64(1)), fault="1 repeats; expected 2")
    emit("tile_negative", 13, "Tile", (z, i64(-1, 1)), fault="-1 repeats of a dimension of 2")
    emit("tile_huge", 13, "Tile", (z, i64(2**62, 1)), fault="4611686018427387904 repeats of a dimension of 2")
    emit("expand_ranks", 8, "Expand", (z, i64(3, 1, 4)), (np.broadcast_to(z, (3, 2, 4)),))
    emit("expand_scalar", 13, "Expand", (np.array(True), i64(2, 2)), (np.full((2, 2), True),))
    emit("expand_misfit", 13, "Expand", (z, i64(3, 1)), fault="dimension 2 cannot be expanded to 3")
    emit("expand_negative", 13, "Expand", (z, i64(2, -1)), fault="dimension 1 cannot be expanded to -1")
    emit("expand_ranks_9", 13, "Expand", (z, i64(*[1] * 9)), fault="a shape of 9 dimensions; at most 8 are possible")


def shapes():
    x = ints("int16", 1, 3, 1)
    emit("squeeze_old", 11, "Squeeze axes=[-1]", (x,), (x[:, :, 0],))
    emit("squeeze_all", 7, "Squeeze", (x,), (x.reshape(3),))
    emit("squeeze_not_1", 13, "Squeeze", (x, i64(1)), fault="dimension 1 is 3; only a 1 can be dropped")
    emit("unsqueeze_old", 11, "Unsqueeze axes=[0,-1]", (x,), (x.reshape(1, 1, 3, 1, 1),))
    emit("unsqueeze_none", 13, "Unsqueeze", (x,), fault="lacks the axes")
    emit("unsqueeze_far", 13, "Unsqueeze", (x, i64(4)), fault="axis 4; expected -4 to 3")
    emit("unsqueeze_ranks_9", 13, "Unsqueeze", (x, i64(0, 1, 2, 3, 4, 5)), fault="the result has 9 dimensions; at most 8 are possible")
    emit("shape_of_scalar", 7, "Shape", (np.float32(1),), (i64(),))
    for kind in ("bool", "uint16", "int64", "float64"):
        y, z = ints("int32", 2, 3).astype(kind), ints("int32", 2, 1).astype(kind)
        emit(f"transpose_{kind}", 13, "Transpose", (y,), (y.T,))
        emit(f"concat_{kind}", 13, "Concat axis=-1", (y, z), (np.concatenate((y, z), 1),))
        emit(f"reshape_{kind}", 13, "Reshape", (y, i64(3, -1)), (y.reshape(3, 2),))
        emit(f"flatten_{kind}", 13, "Flatten axis=0", (y,), (y.reshape(1, 6),))
    emit("constantofshape_default", 9, "ConstantOfShape", (i64(2, 2),), (np.zeros((2, 2), "float32"),))
    emit("constantofshape_negative", 9, "ConstantOfShape", (i64(2, -2),), fault="output 0: shape [2, -2] has a negative dimension")
    emit("constantofshape_huge", 9, "ConstantOfShape", (i64(2**40, 2**40),),
         fault="output 0: float32 of shape [1099511627776, 1099511627776]; at most 1073741824 bytes are possible")
    emit("constantofshape_values", 9, "ConstantOfShape value=int64:2:1,2", (i64(2),), fault="attribute 'value' is not a tensor of one element")
    emit("range_floats", 11, "Range", tuple(np.float32(v) for v in (1, 2.1, 0.5)), (np.arange(1, 2.1, 0.5, "float32"),))
    emit("range_nothing", 11, "Range", tuple(np.int64(v) for v in (5, 2, 1)), (i64(),))
    emit("range_step_0", 11, "Range", tuple(np.int64(v) for v in (5, 2, 0)), fault="step 0; expected another number")
    emit("range_nan", 11, "Range", tuple(np.float32(v) for v in (0, 1, 0)), fault="from 0 to 1 by 0 is no range")
    emit("range_long", 11, "Range", tuple(np.int64(v) for v in (-2**63, 2**63 - 1, 1)),
         fault="from -9223372036854775808 to 9223372036854775807 by 1 is too long")
    emit("eyelike_far", 9, "EyeLike k=2", (ints("int8", 2, 3),), (np.eye(2, 3, 2, "int8"),))
    emit("onehot_last", 11, "OneHot", (i64(1, -1, 7), np.array(3.0, "float32"), np.array([-1, 1], "int8")),
         (np.array([[-1, 1, -1], [-1, -1, 1], [-1, -1, -1]], "int8"),))
    emit("onehot_depth", 11, "OneHot", (i64(1), i64(-1), i64(0, 1)), fault="depth -1")
    z = np.array([[0, 2, 0], [1, 0, -1]], "int32")
    emit("nonzero_int32", 9, "NonZero", (z,), (np.array(np.nonzero(z)),))


def moves():
    x = ints("int64", 3, 4)
    emit("gather_int32_indices", 7, "Gather axis=-1", (x, np.array([[0, -1]], "int32")), (np.take(x, [[0, -1]], 1),))
    emit("gather_scalar", 13, "Gather", (x, np.int64(1)), (x[1],))
    emit("gather_outside", 13, "Gather", (x, i64(3)), fault="index 3; expected -3 to 2")
    emit("gather_floats", 13, "Gather", (x, floats(1)), fault="input 1 is float32; expected int64 or int32")
    emit("gather_ranks", 13, "Gather", (floats(*[1] * 8), i64(0, 0).reshape(1, 2)), fault="output 0: 9 dimensions; at most 8 are possible")
    emit("gatherelements_rank", 13, "GatherElements", (x, i64(0)), fault="indices of 1 dimensions; expected 2")
    emit("gatherelements_size", 13, "GatherElements axis=1", (x, i64(0, 0, 0, 0).reshape(4, 1)),
         fault="dimension 0 of the indices is 4; the data has 3")
    emit("gathernd_depth", 13, "GatherND", (x, i64(0, 0, 0)), fault="3 coordinates behind 0 batch dimensions; the data has 2 dimensions")
    emit("gathernd_outside", 13, "GatherND", (x, i64(0, 4)), fault="index 4; expected -4 to 3")
    emit("gathernd_batch", 13, "GatherND batch_dims=1", (x, i64(0, 1).reshape(2, 1)),
         fault="batch dimension 0 is 3 in the data and 2 in the indices")
    u = ints("int64", 1, 4)
    y = x.copy()
    y[2] = u
    emit("scatternd_old", 11, "ScatterND", (x, i64(-1).reshape(1, 1), u), (y,))
    emit("scatternd_shape", 13, "ScatterND", (x, i64(0).reshape(1, 1), u[:, :3]),
         fault="the shape of the updates is not that of the indices and of what each chooses")
    emit("scatternd_reduction", 16, "ScatterND reduction=max", (x, i64(0).reshape(1, 1), u), fault="reduction 'max'; expected none, add or mul")
    emit("scatterelements_shape", 13, "ScatterElements", (x, i64(0).reshape(1, 1), u), fault="indices and updates differ in shape")
    a, b = ints("int32", 2, 3).astype("float64"), ints("int32", 3).astype("float64")
    w = np.array([[True], [False]])
    emit("where_float64", 9, "Where", (w, a, b), (np.where(w, a, b),))
    emit("where_bool", 9, "Where", (w, w, ~w), (np.where(w, w, ~w),))
    emit("where_types", 9, "Where", (w, a, i64(1)), fault="input 2 is int64; expected float64")
    for kind in ("uint8", "int64", "bool", "float64"):
        a, b = ints("int32", 4).astype(kind), ints("int32", 4).astype(kind)
        b[1] = a[1]
        emit(f"equal_{kind}", 13, "Equal", (a, b), (a == b,))
        emit(f"less_{kind}", 13, "Less", (a, b), (a < b,))
        emit(f"greaterorequal_{kind}", 16, "GreaterOrEqual", (a, b), (a >= b,))
        emit(f"lessorequal_{kind}", 16, "LessOrEqual", (a, b), (a <= b,))
        emit(f"greater_{kind}", 9, "Greater", (a, b), (a > b,))
    emit("and_ints", 13, "And", (a, b), fault="input 0 is float64; expected bool")
    emit("not_ints", 13, "Not", (i64(1),), fault="input 0 is int64; expected bool")
    emit("less_types", 13, "Less", (a, i64(1)), fault="input 1 is int64; expected float64")


def casts():
    numbers = {1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 9: "bool", 11: "float64"}
    x = np.array([0, 1.75, -1.75, 100.5, 3.0], "float32")
    for number, kind in numbers.items():
        source = np.abs(x) if kind[0] == "u" else x
        emit(f"cast_to_{kind}", 13, f"Cast to={number}", (source,), (source.astype(kind),))
        emit(f"cast_from_{kind}", 9, "Cast to=1", (source.astype(kind),), (source.astype(kind).astype("float32"),))
    emit("cast_saturates", 13, "Cast to=3", (np.array([300, -300, np.nan, np.inf], "float32"),), (np.array([127, -128, 0, 127], "int8"),))
    emit("cast_saturates_int64", 13, "Cast to=7", (np.array([1e30, -1e30]),), (i64(2**63 - 1, -2**63),))
    emit("cast_wraps", 13, "Cast to=2", (i64(257, -1),), (np.array([1, 255], "uint8"),))
    emit("cast_int64_once", 13, "Cast to=1", (i64(2**54 + 2**30 + 1),), (np.float32(2**54 + 2**30 + 1).reshape(1),))
    emit("cast_unknown", 13, "Cast to=8", (x,), fault="attribute 'to' is data type 8, which is not supported")
    emit("cast_nothing", 13, "Cast", (x,), fault="attribute 'to' is data type -1, which is not supported")


def orders():
    x = ints("int32", 3, 4)
    emit("argmax_int32", 7, "ArgMax axis=-1 keepdims=0", (x,), (x.argmax(-1),))
    nan = np.array([1, np.nan, 3], "float32")
    emit("argmax_nan", 13, "ArgMax", (nan,), (i64(1),))
    emit("argmin_empty", 13, "ArgMin axis=0", (floats(0, 2),), fault="dimension 0 has no element to choose")
    y = floats(2, 3, 5)
    v, i = torch.topk(torch.from_numpy(y), 2, 1)
    order = np.argsort(-y, 1, kind="stable")[:, :2]
    emit("topk_old", 9, "TopK axis=1 k=2", (y,), (np.take_along_axis(y, order, 1), order))
    assert np.array_equal(v.numpy(), np.take_along_axis(y, order, 1))
    z = ints("int64", 17)
    order = np.argsort(z, kind="stable")[:6]
    emit("topk_smallest_ints", 11, "TopK largest=0", (z, i64(6)), (z[order], order))
    same = np.full(7, 2, "float32")
    emit("topk_equal", 11, "TopK", (same, i64(4)), (same[:4], np.arange(4)))
    emit("topk_values_alone", 11, "TopK axis=0", (z, i64(1)), (z.max().reshape(1),))
    emit("topk_none", 11, "TopK", (z, i64(0)), (z[:0], z[:0]))
    emit("topk_too_many", 11, "TopK", (z, i64(18)), fault="k is 18; expected 0 to 17")
    emit("cumsum_int32", 11, "CumSum reverse=1", (x, np.int32(-1)), (np.flip(np.cumsum(np.flip(x, 1), 1, dtype="int32"), 1),))
    emit("cumsum_axis", 11, "CumSum", (x, np.int32(2)), fault="axis 2; expected -2 to 1")
    emit("trilu_int8", 14, "Trilu upper=0", (ints("int8", 2, 2), np.int64(-2**63)), (np.zeros((2, 2), "int8"),))


def grids():
    x = floats(1, 2, 4, 5)
    t = torch.from_numpy(x)
    for name, size in (("up", (7, 9)), ("down", (3, 2)), ("one", (1, 1))):
        sizes = i64(1, 2, *size)
        for mode, corners in (("bilinear", False), ("bilinear", True), ("bicubic", False), ("bicubic", True)):
            place = "align_corners" if corners else "pytorch_half_pixel"
            node = f"Resize mode={'linear' if mode == 'bilinear' else 'cubic'} coordinate_transformation_mode={place}"
            if name == "one" and not corners:
                continue  # PyTorch samples the middle, what it exports as pytorch_half_pixel the corner
            emit(f"resize_{mode}_{place}_{name}", 13, node, (x, None, None, sizes), (F.interpolate(t, size, mode=mode, align_corners=corners),))
        emit(f"resize_nearest_{name}", 11, "Resize mode=nearest coordinate_transformation_mode=asymmetric nearest_mode=floor",
             (x, None, floats(0), sizes), (F.interpolate(t, size, mode="nearest"),))
    scales = np.array([1, 1, 2, 3], "float32")
    double = np.repeat(np.repeat(x, 2, 2), 3, 3)
    emit("resize_10", 10, "Resize", (x, scales), (double,))
    emit("resize_10_down", 10, "Resize", (x, np.array([1, 1, 0.5, 0.6], "float32")), (x[:, :, ::2][..., [0, 2, 4]],))
    emit("upsample_7", 7, "Upsample scales=[1.0,1.0,2.0,3.0]", (x,), (double,))
    emit("upsample_9", 9, "Upsample mode=nearest", (x, scales), (double,))
    line = floats(1, 1, 3)
    ends = np.append(line, line[..., -1:], 2)
    mid = (ends[..., :-1] + ends[..., 1:]) / 2
    between = np.stack((line, mid), 3).reshape(1, 1, 6)
    emit("upsample_linear", 9, "Upsample mode=linear", (line, np.array([1, 1, 2], "float32")), (between,))
    emit("resize_3d", 13, "Resize mode=linear", (t[None].numpy(), None, None, i64(1, 1, 4, 4, 5)),
         (F.interpolate(t[None], (4, 4, 5), mode="trilinear"),))
    u = ints("uint8", 1, 2)
    emit("resize_uint8", 13, "Resize", (u, None, np.array([2, 2], "float32")), (np.repeat(np.repeat(u, 2, 0), 2, 1),))
    emit("resize_uint8_linear", 13, "Resize mode=linear", (u, None, np.array([2, 2], "float32")),
         fault="input 0 is uint8; expected float32 or float64 for a mode that is not nearest")
    emit("resize_nothing", 13, "Resize", (u,), fault="has neither scales nor sizes; expected one of them")
    emit("resize_both", 13, "Resize", (u, None, np.array([2, 2], "float32"), i64(1, 1)), fault="has scales and sizes; expected one of them")
    emit("resize_scale", 13, "Resize", (u, None, np.array([2, 0], "float32")), fault="scale 0; expected a finite number above 0")
    emit("resize_to_nothing", 13, "Resize", (u, None, np.array([0.5, 1], "float32")), fault="dimension 0 of 1 cannot become 0")
    emit("resize_huge", 13, "Resize", (u, None, np.array([1, 1e30], "float32")), fault="dimension 1 of 2 cannot become 2e+30")
    emit("resize_count", 13, "Resize", (u, None, np.array([1], "float32")), fault="1 scales; expected one a dimension, 2")
    emit("resize_mode", 13, "Resize mode=area", (u, None, scales[:2]), fault="attribute 'mode' is 'area', which is not supported")
    emit("upsample_no_scales", 7, "Upsample", (u,), fault="lacks the scales")

    grid = random.uniform(-1.4, 1.4, (1, 3, 4, 2)).astype("float32")
    for mode in ("bilinear", "nearest", "bicubic"):
        for pad in ("zeros", "border", "reflection"):
            for corners in (0, 1):
                emit(f"gridsample_{mode}_{pad}_{corners}", 16, f"GridSample mode={mode} padding_mode={pad} align_corners={corners}", (x, grid),
                     (F.grid_sample(t.double(), torch.from_numpy(grid).double(), mode, pad, bool(corners)).float(),))
    emit("gridsample_shape", 16, "GridSample", (x, grid[0]), fault="input and grid do not fit; expected [n, c, h, w] and [n, h', w', 2]")
    emit("gridsample_mode", 16, "GridSample mode=cubic", (x, grid), fault="attribute 'mode' is 'cubic'; expected bilinear, nearest or bicubic")

    z = ints("int8", 1, 8, 2, 3)
    want = F.pixel_shuffle(torch.from_numpy(z.astype("float32")), 2).numpy().astype("int8")
    emit("depthtospace_crd_int8", 13, "DepthToSpace blocksize=2 mode=CRD", (z,), (want,))
    emit("depthtospace_channels", 7, "DepthToSpace blocksize=3", (z,), fault="8 channels do not make blocks of 3 x 3")
    emit("depthtospace_mode", 13, "DepthToSpace blocksize=2 mode=RDC", (z,), fault="mode 'RDC'; expected DCR or CRD")
    emit("spacetodepth_odd", 13, "SpaceToDepth blocksize=2", (z,), fault="a plane of 2 x 3 cannot be cut into blocks of 2 x 2")
    emit("spacetodepth_rank", 13, "SpaceToDepth blocksize=2", (u,), fault="input of 2 dimensions; expected 4")


def main():
    onnx_cases()
    elements()
    cut()
    shapes()
    moves()
    casts()
    orders()
    grids()
    print("\n".join(lines))


if __name__ == "__main__":
    main()
