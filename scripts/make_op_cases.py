#!/usr/bin/python3
"""Writes one-operator ONNX models, tests/refmodel/ops/*.onnx, and what PyTorch or numpy say that they compute, tests/refmodel/host_ops_torch.txt.

Usage: /usr/bin/python3 scripts/make_op_cases.py

Needs Debian's python3-onnx (which makes and checks the models), python3-torch and python3-numpy. The tests need only the files that this wrote.
"""
import os
import shutil
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper
import torch
import torch.nn.functional as F

FOLDER = "tests/refmodel/ops"
TEXT = "tests/refmodel/host_ops_torch.txt"
random = np.random.default_rng(7)
lines = ["# Made by scripts/make_op_cases.py. Format: test_host_ops.c. The models are in ops/."]


def array(*shape):
    """Small multiples of 1/8: short in decimal and exact in binary. Double precision: the references round once, at the end."""
    return torch.from_numpy(random.integers(-16, 17, shape).astype(np.float64) / 8)


def codes(kind, *shape):
    info = np.iinfo(kind)
    return random.integers(info.min, info.max + 1, shape).astype(kind)


def scalar(value, kind=np.float32):
    return np.asarray(value, kind)


def as_array(t):
    a = np.asarray(t)
    return a.astype(np.float32) if a.dtype == np.float64 else a


def text(a):
    shape = "x".join(map(str, a.shape)) or "scalar"
    return f"{a.dtype} {shape} " + " ".join(f"{v:.9g}" if a.dtype == np.float32 else str(int(v)) for v in a.reshape(-1))


def attribute_text(v):
    return "[" + ",".join(map(str, v)) + "]" if isinstance(v, (list, tuple)) else repr(v) if isinstance(v, float) else str(v)


def save_model(name, op, attributes, inputs, outputs, opset):
    """The model itself, made and checked by the onnx package. Operators that its schemas do not have are onnxruntime's."""
    domain, _, kind = op.rpartition(".")
    value = lambda n, a: helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(a.dtype) if hasattr(helper, "np_dtype_to_tensor_dtype")
                                                       else onnx.mapping.NP_TYPE_TO_TENSOR_TYPE[a.dtype], a.shape)
    ins = ["" if a is None else f"x{i}" for i, a in enumerate(inputs)]
    outs = ["y" if i == 0 else f"y{i}" for i in range(len(outputs))]
    node = helper.make_node(kind, ins, outs, "n", domain=domain or None, **attributes)
    graph = helper.make_graph([node], "case", [value(n, a) for n, a in zip(ins, inputs) if n], [value(n, a) for n, a in zip(outs, outputs)])
    imports = [helper.make_opsetid("", opset)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    model = helper.make_model(graph, opset_imports=imports, producer_name="make_op_cases")
    model.ir_version = 7
    if domain or kind not in ("Gelu", "Mish"):  # of later operator sets than the package has
        onnx.checker.check_model(model)
    onnx.save(model, f"{FOLDER}/{name}.onnx")


def case(name, op, inputs, outputs, opset=13, **attributes):
    name = "torch_" + name
    inputs = [None if t is None else as_array(t) for t in inputs]
    outputs = [as_array(t) for t in (outputs if isinstance(outputs, (list, tuple)) else [outputs])]
    save_model(name, op, attributes, inputs, outputs, opset)
    lines.append(f"\ncase {name} {opset}\nnode {op}" + "".join(f" {k}={attribute_text(v)}" for k, v in attributes.items()))
    lines.extend("in -" if a is None else "in " + text(a) for a in inputs)
    lines.extend("out " + text(a) for a in outputs)


# ---- convolutions and pools

def convolutions():
    for name, x, w, stride, pad, dilation, group in (
            ("3x3", (2, 3, 5, 4), (4, 3, 3, 3), 1, 1, 1, 1), ("stride", (1, 2, 7, 6), (3, 2, 3, 3), 2, 1, 1, 1),
            ("dilated", (1, 1, 7, 7), (2, 1, 3, 3), 1, 2, 2, 1), ("grouped", (1, 4, 4, 4), (6, 2, 3, 3), 1, 0, 1, 2),
            ("depthwise", (2, 3, 4, 4), (3, 1, 3, 3), 1, 1, 1, 3), ("pointwise", (1, 5, 3, 3), (4, 5, 1, 1), 1, 0, 1, 1),
            ("depthwise_stride", (2, 2, 7, 9), (4, 1, 3, 3), 2, 1, 1, 2), ("depthwise_dilated", (1, 4, 7, 8), (4, 1, 3, 2), 3, 2, 2, 4),
            ("many_outputs", (1, 2, 3, 11), (13, 2, 2, 2), 1, 1, 1, 1)):
        a, b, bias = array(*x), array(*w), array(w[0])
        case("conv_" + name, "Conv", (a, b, bias), F.conv2d(a, b, bias, stride, pad, dilation, group), group=group, strides=[stride] * 2,
             pads=[pad] * 4, dilations=[dilation] * 2)
    a, b = array(1, 2, 3, 4, 3), array(2, 2, 2, 3, 2)
    case("conv_3d", "Conv", (a, b), F.conv3d(a, b, padding=(0, 1, 0)), pads=[0, 1, 0, 0, 1, 0])
    a, b = array(1, 4, 4, 3, 5), array(4, 1, 2, 2, 3)
    case("conv_3d_depthwise", "Conv", (a, b), F.conv3d(a, b, groups=4, stride=(2, 1, 2), padding=(1, 0, 1)), group=4, strides=[2, 1, 2],
         pads=[1, 0, 1, 1, 0, 1])
    a, b = array(2, 2, 6), array(3, 2, 3)
    case("conv_1d", "Conv", (a, b), F.conv1d(a, b, stride=2), strides=[2])
    a, b = array(1, 2, 5, 5), array(2, 2, 3, 3)
    case("conv_uneven_pads", "Conv", (a, b), F.conv2d(F.pad(a, (0, 2, 1, 3)), b), pads=[1, 0, 3, 2])
    for kind in (np.uint8, np.int8):
        x, w = codes(kind, 1, 4, 4, 5), codes(np.int8, 6, 2, 3, 2)
        zero = kind(7)
        wide = lambda t, z: torch.from_numpy(t.astype(np.float64) - z)
        y = F.conv2d(F.pad(wide(x, zero), (1, 1, 1, 1)), wide(w, 3), groups=2).numpy().astype(np.int32)
        case(f"conv_integer_{np.dtype(kind)}", "ConvInteger", (x, w, scalar(zero, kind), scalar(3, np.int8)), y, group=2, pads=[1, 1, 1, 1])




def transposed_convolutions():
    for name, x, w, stride, pad, extra, dilation, group in (
            ("plain", (1, 3, 3, 4), (3, 2, 3, 3), 1, 0, 0, 1, 1), ("stride", (2, 2, 3, 3), (2, 3, 3, 3), 2, 1, 1, 1, 1),
            ("grouped", (1, 4, 3, 3), (4, 2, 2, 2), 2, 0, 0, 1, 2), ("dilated", (1, 2, 4, 3), (2, 2, 3, 2), 2, 2, 1, 2, 1),
            ("depthwise", (1, 3, 3, 3), (3, 1, 4, 4), 2, 1, 0, 1, 3), ("wide", (1, 2, 3, 3), (2, 17, 2, 2), 2, 0, 0, 1, 1),
            ("kernel_below_stride", (1, 2, 3, 3), (2, 2, 2, 2), 3, 0, 2, 1, 1)):
        a, b, bias = array(*x), array(*w), array(w[1] * group)
        y = F.conv_transpose2d(a, b, bias, stride, pad, extra, group, dilation)
        case("convtranspose_" + name, "ConvTranspose", (a, b, bias), y, group=group, strides=[stride] * 2, pads=[pad] * 4,
             output_padding=[extra] * 2, dilations=[dilation] * 2)
    a, b = array(1, 2, 5), array(2, 3, 4)
    case("convtranspose_1d", "ConvTranspose", (a, b), F.conv_transpose1d(a, b, stride=3, padding=1), strides=[3], pads=[1, 1])
    a, b = array(1, 2, 2, 3, 2), array(2, 2, 3, 2, 2)
    case("convtranspose_3d", "ConvTranspose", (a, b), F.conv_transpose3d(a, b, stride=(2, 1, 2)), strides=[2, 1, 2])
    a, b = array(1, 2, 3, 3), array(2, 2, 3, 3)
    whole = F.conv_transpose2d(a, b, stride=2)  # 7 x 7
    case("convtranspose_same_upper", "ConvTranspose", (a, b), whole[:, :, :6, :6], strides=[2, 2], auto_pad="SAME_UPPER")
    case("convtranspose_same_lower", "ConvTranspose", (a, b), whole[:, :, 1:, 1:], strides=[2, 2], auto_pad="SAME_LOWER")
    case("convtranspose_output_shape", "ConvTranspose", (a, b), F.pad(whole[:, :, 1:6, :], (0, 1)), strides=[2, 2], output_shape=[5, 8],
         output_padding=[0, 1])
    case("convtranspose_valid", "ConvTranspose", (a, b), whole, strides=[2, 2], auto_pad="VALID", kernel_shape=[3, 3])


def pools():
    a = array(1, 2, 5, 5)
    window = dict(kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    case("maxpool", "MaxPool", (a,), F.max_pool2d(a, 3, 2, 1), **window)
    y, index = F.max_pool2d(a, 3, 2, 1, return_indices=True)
    first = torch.arange(2).reshape(1, 2, 1, 1) * 25
    case("maxpool_indices", "MaxPool", (a,), (y, (index + first).numpy()), **window)
    case("maxpool_indices_by_column", "MaxPool", (a,), (y, (index % 5 * 5 + index // 5 + first).numpy()), storage_order=1, **window)
    case("maxpool_ceil", "MaxPool", (a,), F.max_pool2d(a, 2, 2, ceil_mode=True), kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
    case("maxpool_dilated", "MaxPool", (a,), F.max_pool2d(a, 2, 1, dilation=2), kernel_shape=[2, 2], dilations=[2, 2])
    case("averagepool", "AveragePool", (a,), F.avg_pool2d(a, 3, 2, 1, count_include_pad=False), **window)
    case("averagepool_with_pads", "AveragePool", (a,), F.avg_pool2d(a, 3, 2, 1, count_include_pad=True), count_include_pad=1, **window)
    case("averagepool_ceil", "AveragePool", (a,), F.avg_pool2d(a, 3, 2, 1, ceil_mode=True, count_include_pad=False), ceil_mode=1, **window)
    case("averagepool_same", "AveragePool", (a,), F.avg_pool2d(F.pad(a, (0, 1, 0, 1)), 2, 1) * 4 / counts(5, 2), kernel_shape=[2, 2], auto_pad="SAME_UPPER")
    for p in (1, 2, 3):
        y = F.avg_pool2d(a.abs() ** p, 3, 2).mul(9) ** (1 / p)
        case(f"lppool_{p}", "LpPool", (a,), y, kernel_shape=[3, 3], strides=[2, 2], p=p)
        case(f"global_lppool_{p}", "GlobalLpPool", (a,), (a.abs() ** p).sum((2, 3), keepdim=True) ** (1 / p), p=p)
    case("globalaveragepool", "GlobalAveragePool", (a,), a.mean((2, 3), keepdim=True))
    case("globalmaxpool", "GlobalMaxPool", (a,), a.amax((2, 3), keepdim=True))
    a = array(1, 1, 6, 6)
    case("averagepool_ceil_with_pads", "AveragePool", (a,), F.avg_pool2d(a, 3, 2, 0, ceil_mode=True, count_include_pad=True), kernel_shape=[3, 3],
         strides=[2, 2], count_include_pad=1, ceil_mode=1)
    a = array(2, 2, 7)
    case("maxpool_1d", "MaxPool", (a,), F.max_pool1d(a, 3, 2, 1), kernel_shape=[3], strides=[2], pads=[1, 1])
    case("averagepool_1d", "AveragePool", (a,), F.avg_pool1d(a, 2, 2), kernel_shape=[2], strides=[2])
    a = array(1, 2, 4, 4, 3)
    case("maxpool_3d", "MaxPool", (a,), F.max_pool3d(a, 2, (2, 1, 2)), kernel_shape=[2, 2, 2], strides=[2, 1, 2])
    case("averagepool_3d", "AveragePool", (a,), F.avg_pool3d(a, (2, 3, 2)), kernel_shape=[2, 3, 2], strides=[2, 3, 2])
    for kind in (np.int8, np.uint8):
        x = codes(kind, 1, 2, 4, 4)
        y = F.max_pool2d(torch.from_numpy(x.astype(np.float64)), 2, 2, 1).numpy().astype(kind)
        case(f"maxpool_{np.dtype(kind)}", "MaxPool", (x,), y, kernel_shape=[2, 2], strides=[2, 2], pads=[1, 1, 1, 1])


def counts(size, kernel):
    """How many elements each window of a stride of 1 covers when the end is padded to keep the size."""
    one = np.minimum(kernel, size - np.arange(size)).astype(np.float64)
    return torch.from_numpy(np.outer(one, one))


# ---- products

def products():
    a, b, c = array(3, 4), array(4, 2), array(3, 2)
    case("gemm", "Gemm", (a, b, c), 0.5 * (a @ b) + 2 * c, alpha=0.5, beta=2.0)
    case("gemm_transposed", "Gemm", (a.T.contiguous(), b.T.contiguous()), a @ b, transA=1, transB=1)
    case("gemm_bias_row", "Gemm", (a, b, c[0]), a @ b + c[0])
    case("gemm_bias_column", "Gemm", (a, b, c[:, :1]), a @ b + c[:, :1])
    case("gemm_bias_scalar", "Gemm", (a, b, c[0, 0]), a @ b + c[0, 0])
    a, b, c = array(2, 70), array(101, 70), array(101)
    case("gemm_fully_connected", "Gemm", (a, b, c), a @ b.T + c, transB=1)
    a, b = array(2, 1, 3, 4), array(3, 4, 2)
    case("matmul_batches", "MatMul", (a, b), a @ b)
    a, b = array(4), array(2, 4, 3)
    case("matmul_vector", "MatMul", (a, b), a @ b)
    a, b = array(2, 3, 4), array(4)
    case("matmul_by_vector", "MatMul", (a, b), a @ b)
    a, b = array(4), array(4)
    case("matmul_vectors", "MatMul", (a, b), a @ b)
    for name, equation, shapes in (("product", "ij,jk->ik", ((3, 4), (4, 2))), ("turned", "ij,kj->ki", ((3, 4), (2, 4))),
                                   ("heads", "bqhd,bkhd->bhqk", ((2, 3, 2, 4), (2, 5, 2, 4))), ("outer", "i,j->ij", ((3,), (2,))),
                                   ("implied", "ij,jk", ((3, 4), (4, 2))), ("elements", "ij,ij->ij", ((2, 3), (2, 3))), ("all", "ij,ij->", ((2, 3), (2, 3))),
                                   ("summed_alone", "ijx,jk->ik", ((2, 3, 2), (3, 4))), ("transpose", "ijk->kij", ((2, 3, 4),)), ("diagonal", "ii->i", ((3, 3),)),
                                   ("trace", "ii", ((3, 3),)), ("sum", "ij->j", ((3, 2),))):
        t = [array(*shape) for shape in shapes]
        case("einsum_" + name, "Einsum", t, torch.einsum(equation, *t), equation=equation)
    for kind in (np.uint8, np.int8):
        name = np.dtype(kind)
        x, w = codes(kind, 2, 3, 5), codes(np.int8, 5, 4)
        xz, wz = codes(kind), codes(np.int8, 4)
        y = (x.astype(np.int32) - np.int32(xz)) @ (w.astype(np.int32) - wz.astype(np.int32))
        case(f"matmul_integer_{name}", "MatMulInteger", (x, w, scalar(xz, kind), wz), y)
    x, rows = codes(np.uint8, 3, 5), codes(np.uint8, 3)
    y = (x.astype(np.int32) - rows.astype(np.int32)[:, None]) @ w.astype(np.int32)
    case("matmul_integer_rows", "MatMulInteger", (x, w, rows), y)
    x, w = codes(np.uint8, 3, 6), codes(np.int8, 4, 6)
    sums = (x.astype(np.int64) - 100) @ w.T.astype(np.int64)
    ws, bias = np.asarray([0.25, 0.125, 0.5, 0.0625], np.float32), random.integers(-2000, 2000, 4).astype(np.int32)
    head = (x, scalar(0.5), scalar(100, np.uint8), w, ws, np.zeros(4, np.int8), bias)
    real = (sums + bias) * 0.5 * ws.astype(np.float64)
    case("qgemm", "com.microsoft.QGemm", head + (scalar(32), scalar(128, np.uint8)), encode(real, 32, 128, np.uint8), transB=1)
    case("qgemm_real", "com.microsoft.QGemm", head, real * 0.25, transB=1, alpha=0.25)
    case("qgemm_no_bias", "com.microsoft.QGemm", head[:6], sums * 0.5 * ws.astype(np.float64), transB=1)


# ---- elements

def mish(t):
    return t * torch.tanh(F.softplus(t))


def elements():
    a = array(2, 3, 2)
    for op, f in (("Acosh", lambda t: torch.acosh(t.abs() + 1)), ("Asinh", torch.asinh), ("Atan", torch.atan), ("Ceil", torch.ceil), ("Cos", torch.cos),
                  ("Cosh", torch.cosh), ("Erf", torch.erf), ("Exp", torch.exp), ("Floor", torch.floor), ("Neg", torch.neg), ("Abs", torch.abs),
                  ("Round", torch.round), ("Sign", torch.sign), ("Sin", torch.sin), ("Sinh", torch.sinh), ("Tan", torch.tan), ("Sigmoid", torch.sigmoid),
                  ("Tanh", torch.tanh), ("LeakyRelu", F.leaky_relu), ("Relu", F.relu), ("Elu", F.elu), ("Selu", F.selu), ("Celu", F.celu),
                  ("Softplus", F.softplus), ("Softsign", F.softsign)):
        case(op.lower(), op, (a.abs() + 1 if op == "Acosh" else a,), f(a))
    for op, f in (("Acos", torch.acos), ("Asin", torch.asin), ("Atanh", torch.atanh)):
        case(op.lower(), op, (a / 2.5,), f((a / 2.5).float().double()))
    b = array(3, 2).abs() + 0.25
    for op, f in (("Log", torch.log), ("Sqrt", torch.sqrt), ("Reciprocal", torch.reciprocal)):
        case(op.lower(), op, (b,), f(b))
    halves = torch.tensor([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 1e9, -0.0], dtype=torch.float64)
    case("round_halves", "Round", (halves,), torch.round(halves))
    far = torch.tensor([-1000., -90., -20., 0., 20., 90., 1000.], dtype=torch.float64)
    case("softplus_far", "Softplus", (far,), F.softplus(far, threshold=1e9).nan_to_num(posinf=1000.))
    case("mish", "Mish", (a,), mish(a), 17)
    case("hardswish", "HardSwish", (a * 2,), F.hardswish(a * 2), 14)
    case("hardsigmoid", "HardSigmoid", (a * 2,), (0.2 * a * 2 + 0.5).clamp(0, 1))
    case("hardsigmoid_torch", "HardSigmoid", (a * 2,), F.hardsigmoid(a * 2), alpha=1 / 6, beta=0.5)
    case("elu_alpha", "Elu", (a,), F.elu(a, 0.5), alpha=0.5)
    case("celu_alpha", "Celu", (a,), F.celu(a, 2.0), alpha=2.0)
    case("selu_attributes", "Selu", (a,), 1.5 * torch.where(a > 0, a, 0.75 * torch.expm1(a)), alpha=0.75, gamma=1.5)
    case("thresholdedrelu", "ThresholdedRelu", (a,), F.threshold(a, 0.5, 0.0), alpha=0.5)
    case("gelu", "Gelu", (a,), F.gelu(a), 17)
    case("gelu_tanh", "Gelu", (a,), F.gelu(a, approximate="tanh"), 17, approximate="tanh")
    case("gelu_microsoft", "com.microsoft.Gelu", (a,), F.gelu(a))
    slope = array(3, 1)
    case("prelu", "PRelu", (a, slope), torch.where(a < 0, a * slope, a))
    case("prelu_one", "PRelu", (a, slope[:1]), torch.where(a < 0, a * slope[0], a))
    b = array(3, 1)
    case("sub_broadcast", "Sub", (a, b), a - b)
    case("div_broadcast", "Div", (a, b.abs() + 0.5), a / (b.abs() + 0.5))
    case("add_broadcast", "Add", (b, a), a + b)
    case("mul_broadcast", "Mul", (a, b), a * b)
    case("min_three", "Min", (a, b, a[0, 0]), torch.minimum(torch.minimum(a, b), a[0, 0]))
    case("max_three", "Max", (a, b, a[0, 0]), torch.maximum(torch.maximum(a, b), a[0, 0]))
    case("sum_three", "Sum", (b, a, a[0, 0]), a + b + a[0, 0])
    case("mean_three", "Mean", (b, a, a[0, 0]), (a + b + a[0, 0]) / 3)
    case("sum_one", "Sum", (a,), a)
    case("pow", "Pow", (a.abs(), b), a.abs().pow(b).nan_to_num(posinf=float("inf")))
    case("pow_square", "Pow", (a, scalar(2)), a * a)
    case("pow_integer_exponent", "Pow", (a, scalar(3, np.int64)), a ** 3)
    whole = random.integers(-5, 6, (2, 3)).astype(np.int64)
    case("pow_integers", "Pow", (whole, scalar(3, np.int64)), whole ** 3)
    case("abs_int64", "Abs", (whole,), np.abs(whole))
    case("neg_int32", "Neg", (whole.astype(np.int32),), -whole.astype(np.int32))
    case("sign_int8", "Sign", (whole.astype(np.int8),), np.sign(whole).astype(np.int8))
    case("transpose", "Transpose", (a,), a.permute(2, 0, 1).contiguous(), perm=[2, 0, 1])


# ---- vectors, normalisations, reductions

def vectors():
    a = array(2, 3, 4)
    for op, f in (("Softmax", torch.softmax), ("LogSoftmax", torch.log_softmax), ("Hardmax", lambda t, d: F.one_hot(t.argmax(d), t.shape[d]).double())):
        move = (lambda t: t) if op != "Hardmax" else (lambda t: t.permute(0, 2, 1).contiguous())
        case(op.lower() + "_axis_1", op, (a,), move(f(a, 1)), axis=1)
        case(op.lower() + "_last", op, (a,), f(a, -1))
        case(op.lower() + "_old", op, (a,), f(a.reshape(2, 12), 1).reshape(2, 3, 4), 11, axis=1)
        case(op.lower() + "_old_negative_axis", op, (a,), f(a, -1), 11, axis=-1)
        case(op.lower() + "_oldest", op, (a,), f(a.reshape(1, 24), 1).reshape(2, 3, 4), 7, axis=0)
    for p in (1, 2):
        case(f"lpnormalization_{p}", "LpNormalization", (a,), F.normalize(a, p, 1), axis=1, p=p)
    b = array(1, 5, 2, 2)
    for size in (3, 4):
        window = lambda c: (b[:, max(0, c - (size - 1) // 2):c + size // 2 + 1] ** 2).sum(1)
        squares = torch.stack([window(c) for c in range(5)], 1)
        y = b / (1.5 + 0.25 / size * squares) ** 0.75
        case(f"lrn_{size}", "LRN", (b,), y, size=size, alpha=0.25, beta=0.75, bias=1.5)
        if size == 3:
            torch.testing.assert_close(y, F.local_response_norm(b, 3, 0.25, 0.75, 1.5))


def normalisations():
    a = array(2, 3, 4)
    gamma, beta, mean, variance = array(3), array(3), array(3), array(3).abs() + 0.5
    case("batchnormalization", "BatchNormalization", (a, gamma, beta, mean, variance), F.batch_norm(a, mean, variance, gamma, beta, eps=0.001),
         epsilon=0.001)
    case("batchnormalization_old", "BatchNormalization", (a, gamma, beta, mean, variance), F.batch_norm(a, mean, variance, gamma, beta), 7)
    case("instancenormalization", "InstanceNormalization", (a, gamma, beta), F.instance_norm(a, weight=gamma, bias=beta, eps=0.01), epsilon=0.01)
    w, b = array(4), array(4)
    case("layernormalization", "LayerNormalization", (a, w, b), F.layer_norm(a, (4,), w, b), 17)
    case("layernormalization_no_bias", "LayerNormalization", (a, w), F.layer_norm(a, (4,), w, eps=0.1), 17, epsilon=0.1)
    w, b = array(3, 4), array(3, 4)
    case("layernormalization_axis_1", "LayerNormalization", (a, w, b), F.layer_norm(a, (3, 4), w, b), 17, axis=1)
    w, b = array(4), array(3, 1)
    y = F.layer_norm(a, (3, 4)) * w + b
    m, v = a.mean((1, 2), keepdim=True), a.var((1, 2), unbiased=False, keepdim=True)
    case("layernormalization_three_outputs", "LayerNormalization", (a, w, b), (y, m, (v + 1e-5).rsqrt()), 17, axis=-2)
    a = array(2, 3, 2, 2)
    for name, axes, opset, attributes in (("default", (0, 2, 3), 13, {}), ("axes", (1, 3), 13, {"axes": [1, 3]})):
        m, v = a.mean(axes, keepdim=True), a.var(axes, unbiased=False, keepdim=True)
        case("meanvariancenormalization_" + name, "MeanVarianceNormalization", (a,), (a - m) / (v.sqrt() + 1e-9), opset, **attributes)


def reductions():
    a = array(2, 3, 2, 2)
    f = {"L1": lambda t, d, k: t.abs().sum(d, k), "L2": lambda t, d, k: (t * t).sum(d, k).sqrt(), "Max": torch.amax, "Mean": torch.mean,
         "Min": torch.amin, "SumSquare": lambda t, d, k: (t * t).sum(d, k), "LogSumExp": torch.logsumexp, "Sum": torch.sum,
         "LogSum": lambda t, d, k: t.sum(d, k).log(), "Prod": lambda t, d, k: torch.exp(torch.log(t.abs()).sum(d, k)) * (1 - 2 * ((t < 0).sum(d, k) % 2))}
    for op, g in f.items():
        x = a.abs() + 0.125 if op == "LogSum" else a + 0.0625 if op == "Prod" else a
        old = 11  # axes as an attribute
        case(f"reduce{op.lower()}_two", "Reduce" + op, (x,), g(x, (1, 3), True), old, axes=[1, -1])
        case(f"reduce{op.lower()}_dropped", "Reduce" + op, (x,), g(x, (2,), False), old, axes=[2], keepdims=0)
        case(f"reduce{op.lower()}_all", "Reduce" + op, (x,), g(x, (0, 1, 2, 3), True), old)
    axes = lambda *v: np.asarray(v, np.int64)
    case("reducesum_input", "ReduceSum", (a, axes(0, 2)), a.sum((0, 2)), keepdims=0)
    case("reducesum_no_axes", "ReduceSum", (a,), a.sum((0, 1, 2, 3), True))
    case("reducesum_noop", "ReduceSum", (a, axes()), a, noop_with_empty_axes=1)
    case("reducesum_empty_axes", "ReduceSum", (a, axes()), a.sum((0, 1, 2, 3), True))
    whole = random.integers(-9, 10, (2, 3)).astype(np.int64)
    case("reducesum_int64", "ReduceSum", (whole, axes(1)), whole.sum(1, keepdims=True))
    case("reducemax_int32", "ReduceMax", (whole.astype(np.int32),), whole.max(0).astype(np.int32), axes=[0], keepdims=0)
    case("reduceprod_int64", "ReduceProd", (whole,), whole.prod(1, keepdims=True), axes=[1])
    case("reducemin_int8", "ReduceMin", (whole.astype(np.int8),), whole.min(1, keepdims=True).astype(np.int8), axes=[1])
    far = torch.tensor([[1000., 999.], [-1000., -1001.]], dtype=torch.float64)
    case("reducelogsumexp_far", "ReduceLogSumExp", (far,), torch.logsumexp(far, 1, True), axes=[1])


# ---- quantised

def encode(real, scale, zero, kind):
    info = np.iinfo(kind)
    return np.clip(np.rint(np.asarray(real, np.float64) / np.float64(scale)) + zero, info.min, info.max).astype(kind)


def quantised():
    scales = dict(a=np.float32(0.05), b=np.float32(0.11), y=np.float32(0.15))
    for kind, az, bz, yz in ((np.uint8, 120, 7, 30), (np.int8, 3, -20, 0)):
        name, one = np.dtype(kind), lambda v: scalar(v, kind)
        a, b = codes(kind, 2, 3, 4), codes(kind, 3, 1)
        real = lambda t, s, z: (t.astype(np.float64) - z) * np.float64(s)
        ra, rb = real(a, scales["a"], az), real(b, scales["b"], bz)
        both = (a, scales["a"], one(az), b, scales["b"], one(bz), scales["y"], one(yz))
        case(f"qlinearadd_{name}", "com.microsoft.QLinearAdd", both, encode(ra + rb, scales["y"], yz, kind))
        case(f"qlinearmul_{name}", "com.microsoft.QLinearMul", both, encode(ra * rb, scales["y"], yz, kind))
        head, sy, sz = (a, scales["a"], one(az)), np.float32(1 / 256), 0 if kind == np.uint8 else -128
        case(f"qlinearsigmoid_{name}", "com.microsoft.QLinearSigmoid", head + (sy, one(sz)), encode(1 / (1 + np.exp(-ra)), sy, sz, kind))
        case(f"qlinearleakyrelu_{name}", "com.microsoft.QLinearLeakyRelu", head + (scales["y"], one(yz)),
             encode(np.where(ra < 0, np.float32(0.1) * ra.astype(np.float64), ra), scales["y"], yz, kind), alpha=0.1)
        c = codes(kind, 2, 2, 4)
        rc = real(c, scales["b"], bz)
        case(f"qlinearconcat_{name}", "com.microsoft.QLinearConcat", (scales["y"], one(yz)) + head + (c, scales["b"], one(bz)),
             encode(np.concatenate((ra, rc), 1), scales["y"], yz, kind), axis=1)
        x = codes(kind, 1, 2, 5, 4)
        rx = torch.from_numpy(real(x, scales["a"], az))
        head = (x, scales["a"], one(az), scales["b"], one(bz))
        case(f"qlinearglobalaveragepool_{name}", "com.microsoft.QLinearGlobalAveragePool", head, encode(rx.mean((2, 3), keepdim=True), scales["b"], bz, kind))
        last = (np.ascontiguousarray(x.transpose(0, 2, 3, 1)),) + head[1:]
        case(f"qlinearglobalaveragepool_last_{name}", "com.microsoft.QLinearGlobalAveragePool", last,
             encode(rx.mean((2, 3)).reshape(1, 1, 1, 2), scales["b"], bz, kind), channels_last=1)
        for with_pads in (0, 1):
            y = F.avg_pool2d(rx, 3, 2, 1, count_include_pad=bool(with_pads))
            case(f"qlinearaveragepool_{with_pads}_{name}", "com.microsoft.QLinearAveragePool", head, encode(y, scales["b"], bz, kind),
                 kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=with_pads)
    for name, x in (("both", array(2, 5)), ("positive", array(6).abs() + 1), ("negative", -array(6).abs() - 1), ("zeros", torch.zeros(3))):
        v = np.asarray(x, np.float32)
        low, high = np.float32(min(0, v.min())), np.float32(max(0, v.max()))
        scale = np.float32(1) if low == high else (high - low) / np.float32(255)
        zero = np.clip(np.rint(-low / scale), 0, 255)
        y = np.clip(np.rint(v / scale) + zero, 0, 255).astype(np.uint8)
        case("dynamicquantizelinear_" + name, "DynamicQuantizeLinear", (v,), (y, scalar(scale), scalar(zero, np.uint8)))


def quantised_products():
    """Multipliers that are powers of two: float32 and the exact product agree, ties go to even."""
    for kind, wkind in ((np.uint8, np.int8), (np.int8, np.int8), (np.uint8, np.uint8)):
        name = f"{np.dtype(kind)}_{np.dtype(wkind)}"
        x, w = codes(kind, 1, 4, 5, 4), codes(wkind, 6, 2, 3, 3)
        xz, wz, yz = int(codes(kind)), 0 if wkind == np.int8 else 128, int(codes(kind))
        ws = np.asarray([0.5, 0.25, 0.125, 0.5, 0.0625, 1], np.float32)
        bias = random.integers(-3000, 3000, 6).astype(np.int32)
        wide = lambda t, z: torch.from_numpy(t.astype(np.float64) - z)
        sums = F.conv2d(F.pad(wide(x, xz), (1, 1, 1, 1)), wide(w, wz), torch.from_numpy(bias.astype(np.float64)), groups=2, stride=2)
        y = encode(sums.numpy() * 0.5 * ws.reshape(1, 6, 1, 1).astype(np.float64), 128, yz, kind)
        case(f"qlinearconv_{name}", "QLinearConv", (x, scalar(0.5), scalar(xz, kind), w, ws, np.full(6, wz, wkind), scalar(128), scalar(yz, kind), bias), y,
             group=2, strides=[2, 2], pads=[1, 1, 1, 1])
        a, b = codes(kind, 2, 3, 7), codes(wkind, 7, 4)
        sums = (a.astype(np.int64) - xz) @ (b.astype(np.int64) - wz)
        case(f"qlinearmatmul_{name}", "QLinearMatMul", (a, scalar(0.5), scalar(xz, kind), b, scalar(0.25), scalar(wz, wkind), scalar(32), scalar(yz, kind)),
             encode(sums * 0.125, 32, yz, kind))


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    for part in (convolutions, transposed_convolutions, pools, products, elements, vectors, normalisations, reductions, quantised, quantised_products):
        part()
    with open(TEXT, "w") as out:
        out.write("\n".join(lines) + "\n")
    print(f"{len(os.listdir(FOLDER))} models", file=sys.stderr)


if __name__ == "__main__":
    main()
