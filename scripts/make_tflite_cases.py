#!/usr/bin/python3
"""Writes tests/network/tflite_cases.txt: TensorFlow Lite's operators with what they give, computed here a second time, from the definitions alone.

Usage: /usr/bin/python3 scripts/make_tflite_cases.py

Needs Debian's python3-numpy. Integers are Python's, so that nothing overflows unnoticed; codes are checked to lie beside what real numbers give.
"""
import math
import zlib

import numpy as np

F = np.float32
random = np.random.default_rng(11)
lines = ["# Made by scripts/make_tflite_cases.py. Format: tflite_case.h."]
LOW = {"int8": -128, "uint8": 0, "int16": -32768}
HIGH = {"int8": 127, "uint8": 255, "int16": 32767}


class Tensor:
    """Numbers of a type; codes with scale and zero point, or a list of scales along an axis."""

    def __init__(self, values, kind="float32", scale=None, zero=0, axis=None):
        self.values, self.kind, self.zero, self.axis = np.asarray(values), kind, zero, axis
        self.scale = None if scale is None else [F(s) for s in scale] if axis is not None else F(scale)

    def text(self):
        shape = "x".join(map(str, self.values.shape)) or "-"
        quant = ""
        if self.axis is not None:
            quant = " q=" + "/".join(repr(float(s)) for s in self.scale) + f"@{self.axis}"
        elif self.scale is not None:
            quant = f" q={float(self.scale)!r},{self.zero}"
        numbers = " ".join(repr(float(F(v))) if self.kind == "float32" else str(int(v)) for v in self.values.flat)
        return f"{self.kind} {shape}{quant} {numbers}".rstrip()

    def real(self):
        return (self.values.astype(np.float64) - self.zero) * float(self.scale)


def case(name, op, inputs, outputs, **options):
    """inputs: Tensor (of the network), (Tensor,) (in the file), None (left out)."""
    lines.append("")
    lines.append(f"case {name}")
    lines.append(" ".join(["op", op] + [f"{k}={v}" for k, v in options.items()]))
    for t in inputs:
        lines.append("none" if t is None else "const " + t[0].text() if isinstance(t, tuple) else "in " + t.text())
    for t in outputs if isinstance(outputs, list) else [outputs]:
        lines.append("out " + t.text())


def floats(*shape):
    return Tensor(random.integers(-16, 17, shape) / 8)


def codes(shape, scale=0.05, zero=3, kind="int8", low=None, high=None):
    return Tensor(random.integers(LOW[kind] if low is None else low, (HIGH[kind] if high is None else high) + 1, shape), kind, scale, zero)


def ints(values, kind="int32"):
    return (Tensor(np.asarray(values), kind),)


# ---- the arithmetic


def wrap(v):
    return (v + 2**31) % 2**32 - 2**31


def towards_zero(a, b):
    return abs(a) // b * (1 if a >= 0 else -1)


def high(a, b):
    if a == b == -2**31:
        return 2**31 - 1
    p = a * b
    return towards_zero(p + (2**30 if p >= 0 else 1 - 2**30), 2**31)


def divide(x, n):
    """Rounded to nearest, halves away from 0."""
    return (abs(x) + (2**n >> 1)) // 2**n * (1 if x >= 0 else -1)


def multiplier(real):
    if real == 0:
        return 0, 0
    m, e = math.frexp(real)
    m = math.floor(m * 2**31 + 0.5)
    if m == 2**31:
        m, e = m // 2, e + 1
    return (0, 0) if e < -31 else (m, e)


def scaled(x, m):
    mantissa, shift = m
    return divide(high(wrap(x << max(shift, 0)), mantissa), max(-shift, 0))


def clamp(v, low, high):
    return min(max(v, low), high)


def activation(name, kind, scale, zero):
    """Halves away from 0."""
    def code(v):
        r = float(F(v) / F(scale))
        return int(math.copysign(math.floor(abs(r) + 0.5), r)) + zero
    low, high = LOW[kind], HIGH[kind]
    if name == "RELU":
        low = max(low, code(0))
    if name == "RELU6":
        low, high = max(low, code(0)), min(high, code(6))
    if name == "RELU_N1_TO_1":
        low, high = max(low, code(-1)), min(high, code(1))
    return low, high


FLOAT_RANGE = {"NONE": (-math.inf, math.inf), "RELU": (0, math.inf), "RELU6": (0, 6), "RELU_N1_TO_1": (-1, 1)}


def near(out, real, codes=1.01, name="?"):
    """Codes lie beside what real numbers give (clamped)."""
    want = np.clip(np.asarray(real) / float(out.scale) + out.zero, LOW[out.kind], HIGH[out.kind])
    worst = np.max(np.abs(out.values - want)) if want.size else 0
    assert worst <= codes, (name, worst)


# ---- convolutions: sums by definition


def geometry(size, kernel, stride, dilation, padding):
    reach = (kernel - 1) * dilation + 1
    out = -(-size // stride) if padding == "SAME" else -(-(size - reach + 1) // stride)
    pad = max(0, (out - 1) * stride + reach - size) // 2 if padding == "SAME" else 0
    return out, pad


def conv_sums(x, w, stride, dilation, padding, depthwise=False):
    """x less zero point [n][h][w][c]; w [o][kh][kw][c / groups], or [1][kh][kw][c * m]."""
    n, height, width, channels = x.shape
    kh, kw = w.shape[1:3]
    outputs = w.shape[3] if depthwise else w.shape[0]
    oh, top = geometry(height, kh, stride[0], dilation[0], padding)
    ow, left = geometry(width, kw, stride[1], dilation[1], padding)
    y = np.zeros((n, oh, ow, outputs), x.dtype)
    per_group = w.shape[3]
    for b, r, s, o, i, j in np.ndindex(n, oh, ow, outputs, kh, kw):
        iy, ix = r * stride[0] - top + i * dilation[0], s * stride[1] - left + j * dilation[1]
        if not (0 <= iy < height and 0 <= ix < width):
            continue
        if depthwise:
            y[b, r, s, o] += x[b, iy, ix, o // (outputs // channels)] * w[0, i, j, o]
        else:
            group = o // (outputs // (channels // per_group))
            for c in range(per_group):
                y[b, r, s, o] += x[b, iy, ix, group * per_group + c] * w[o, i, j, c]
    return y


def finish_codes(sums, bias, scales, out_scale, out_zero, act, kind="int8"):
    low, top = activation(act, kind, out_scale, out_zero)
    y = np.zeros(sums.shape, np.int64)
    for at in np.ndindex(*sums.shape):
        v = wrap(int(sums[at]) + (int(bias[at[-1]]) if bias is not None else 0))
        y[at] = clamp(scaled(v, multiplier(scales[at[-1]])) + out_zero, low, top)
    return Tensor(y, kind, out_scale, out_zero)


def finish_floats(sums, bias, act):
    v = (sums + bias if bias is not None else sums).astype(F)
    return Tensor(np.clip(v, *FLOAT_RANGE[act]))


def conv_case(name, op, shape, kernel, act="NONE", stride=(1, 1), dilation=(1, 1), padding="SAME", kind="int8", per_channel=True, with_bias=True, **more):
    depthwise = op == "DEPTHWISE_CONV_2D"
    outputs = kernel[3] if depthwise else kernel[0]
    options = dict(padding=padding, stride_w=stride[1], stride_h=stride[0], fused_activation_function=act, **more)
    if dilation != (1, 1):
        options.update(dilation_w_factor=dilation[1], dilation_h_factor=dilation[0])
    if kind == "float32":
        x, w, bias = floats(*shape), floats(*kernel), floats(outputs)
        sums = conv_sums(x.values.astype(np.float64), w.values.astype(np.float64), stride, dilation, padding, depthwise)
        y = finish_floats(sums, bias.values if with_bias else None, act)
    else:
        x = codes(shape, 0.02, 5 if kind == "int8" else 120, kind)
        if per_channel:
            w = Tensor(random.integers(-127, 128, kernel), "int8", random.uniform(0.002, 0.02, outputs), axis=3 if depthwise else 0)
            scales = [float(x.scale) * float(s) / 0.1 for s in w.scale]
            y_scale = F(0.1)
            scales = [float(x.scale) * float(s) / float(y_scale) for s in w.scale]
        else:
            w = codes(kernel, 0.01, 0 if kind == "int8" else 131, kind)
            y_scale = F(0.1)
            float_product = kind == "uint8"
            product = float(x.scale * w.scale) if float_product else float(x.scale) * float(w.scale)
            scales = [product / float(y_scale)] * outputs
        w_zero = 0 if per_channel else w.zero
        bias = Tensor(random.integers(-2000, 2001, outputs), "int32", 1e-4, 0)
        sums = conv_sums(x.values - x.zero, w.values - w_zero, stride, dilation, padding, depthwise)
        y = finish_codes(sums, bias.values if with_bias else None, scales, y_scale, -7 if kind == "int8" else 90, act, kind)
    case(name, op, [x, (w,)] + ([(bias,)] if with_bias else []), y, **options)


def convolutions():
    for act in FLOAT_RANGE:
        conv_case(f"conv_float_{act.lower()}", "CONV_2D", (1, 4, 5, 2), (3, 3, 2, 2), act, kind="float32")
        conv_case(f"conv_int8_{act.lower()}", "CONV_2D", (1, 4, 5, 2), (3, 3, 2, 2), act)
        conv_case(f"depthwise_int8_{act.lower()}", "DEPTHWISE_CONV_2D", (1, 4, 5, 3), (1, 3, 3, 3), act, depth_multiplier=1)
    conv_case("conv_int8_stride_2_same_even", "CONV_2D", (2, 6, 6, 3), (4, 3, 3, 3), stride=(2, 2))
    conv_case("conv_int8_stride_2_valid", "CONV_2D", (1, 6, 7, 3), (4, 3, 3, 3), stride=(2, 2), padding="VALID")
    conv_case("conv_int8_strides_differ", "CONV_2D", (1, 7, 6, 1), (2, 2, 3, 1), stride=(3, 1))
    conv_case("conv_int8_dilated", "CONV_2D", (1, 7, 7, 2), (2, 3, 3, 2), dilation=(2, 3))
    conv_case("conv_int8_grouped", "CONV_2D", (1, 3, 3, 4), (6, 2, 2, 2))
    conv_case("conv_int8_one_scale_no_bias", "CONV_2D", (1, 3, 3, 2), (2, 3, 3, 2), per_channel=False, with_bias=False)
    conv_case("conv_int8_1x1_many", "CONV_2D", (1, 5, 5, 20), (33, 1, 1, 20))
    conv_case("conv_uint8", "CONV_2D", (1, 4, 4, 3), (2, 3, 3, 3), "RELU6", kind="uint8", per_channel=False)
    conv_case("conv_float_no_bias_stride", "CONV_2D", (2, 5, 4, 3), (2, 3, 3, 3), stride=(2, 2), kind="float32", with_bias=False)
    conv_case("conv_float_grouped_dilated", "CONV_2D", (1, 5, 5, 4), (4, 2, 2, 2), dilation=(2, 1), kind="float32", padding="VALID")
    conv_case("depthwise_int8_multiplier_2", "DEPTHWISE_CONV_2D", (1, 5, 5, 2), (1, 3, 3, 4), stride=(2, 2), depth_multiplier=2)
    conv_case("depthwise_int8_multiplier_unsaid", "DEPTHWISE_CONV_2D", (2, 3, 4, 2), (1, 2, 2, 6), padding="VALID")
    conv_case("depthwise_int8_dilated_large", "DEPTHWISE_CONV_2D", (1, 4, 4, 2), (1, 3, 3, 2), dilation=(3, 3), depth_multiplier=1)
    conv_case("depthwise_uint8", "DEPTHWISE_CONV_2D", (1, 4, 4, 3), (1, 3, 3, 3), "RELU", kind="uint8", per_channel=False, depth_multiplier=1)
    conv_case("depthwise_float", "DEPTHWISE_CONV_2D", (1, 4, 5, 3), (1, 3, 3, 6), "RELU6", kind="float32", depth_multiplier=2)


def transposed_sums(x, w, out, stride, padding):
    n, height, width, channels = x.shape
    o, kh, kw, _ = w.shape
    _, top = geometry(out[1], kh, stride[0], 1, padding)
    _, left = geometry(out[2], kw, stride[1], 1, padding)
    y = np.zeros(out, x.dtype)
    for b, r, s, i, j, k, c in np.ndindex(n, height, width, kh, kw, o, channels):
        oy, ox = r * stride[0] - top + i, s * stride[1] - left + j
        if 0 <= oy < out[1] and 0 <= ox < out[2]:
            y[b, oy, ox, k] += x[b, r, s, c] * w[k, i, j, c]
    return y


def transposed():
    for name, out, shape, kernel, stride, padding in (
            ("same", (1, 6, 8, 2), (1, 3, 4, 3), (2, 3, 3, 3), (2, 2), "SAME"),
            ("same_odd", (1, 5, 7, 2), (1, 3, 4, 2), (2, 4, 4, 2), (2, 2), "SAME"),
            ("valid", (2, 7, 9, 2), (2, 3, 4, 2), (2, 3, 3, 2), (2, 2), "VALID"),
            ("overlap", (1, 4, 4, 1), (1, 4, 4, 2), (1, 3, 3, 2), (1, 1), "SAME")):
        x, w, bias = floats(*shape), floats(*kernel), floats(out[3])
        sums = transposed_sums(x.values, w.values, out, stride, padding)
        options = dict(padding=padding, stride_w=stride[1], stride_h=stride[0])
        case(f"transpose_conv_float_{name}", "TRANSPOSE_CONV", [ints(out), (w,), x, (bias,)], finish_floats(sums, bias.values, "NONE"), **options)
        x = codes(shape, 0.02, -4)
        w = Tensor(random.integers(-127, 128, kernel), "int8", random.uniform(0.002, 0.02, out[3]), axis=0)
        bias = Tensor(random.integers(-500, 500, out[3]), "int32", 1e-4, 0)
        sums = transposed_sums(x.values - x.zero, w.values, out, stride, padding)
        y = finish_codes(sums, bias.values, [float(x.scale) * float(s) / float(F(0.1)) for s in w.scale], F(0.1), 2, "NONE")
        case(f"transpose_conv_int8_{name}", "TRANSPOSE_CONV", [ints(out), (w,), x, (bias,)], y, **options)


def products():
    for name, shape, rows, act in (("2d", (3, 7), 3, "NONE"), ("4d", (2, 1, 2, 6), 4, "RELU"), ("relu6", (2, 5), 2, "RELU6")):
        k = shape[-1]
        x, w, bias = floats(*shape), floats(rows, k), floats(rows)
        y = finish_floats(x.values.reshape(-1, k) @ w.values.T, bias.values, act)
        case(f"dense_float_{name}", "FULLY_CONNECTED", [x, (w,), (bias,)], y, fused_activation_function=act)
        x, w = codes(shape, 0.033, -9), codes((rows, k), 0.0123, 0, low=-127)
        bias = Tensor(random.integers(-3000, 3000, rows), "int32", 0.033 * 0.0123, 0)
        real = float(x.scale * w.scale) / float(F(0.3))
        y = finish_codes((x.values - x.zero).reshape(-1, k) @ w.values.T, bias.values, [real] * rows, F(0.3), 11, act)
        case(f"dense_int8_{name}", "FULLY_CONNECTED", [x, (w,), (bias,)], y, fused_activation_function=act)
    x, w = codes((2, 2, 3), 0.04, 1), Tensor(random.integers(-127, 128, (4, 3)), "int8", [0.01, 0.02, 0.03, 0.004], axis=0)
    y = finish_codes((x.values - 1) @ w.values.T, None, [float(x.scale) * float(s) / float(F(0.2)) for s in w.scale], F(0.2), -3, "NONE")
    case("dense_int8_per_channel_keep", "FULLY_CONNECTED", [x, (w,), None], y, keep_num_dims=1)
    x, w = codes((2, 3), 0.04, 1), codes((4, 3), 0.01, 6)
    y = finish_codes((x.values - 1) @ (w.values.T - 6), None, [float(x.scale * w.scale) / float(F(0.2))] * 4, F(0.2), -3, "NONE")
    case("dense_int8_weight_zero", "FULLY_CONNECTED", [x, (w,)], y)
    for name, a, b, adj_x, adj_y in (("plain", (2, 3, 4), (2, 4, 5), 0, 0), ("adj_y", (3, 4), (5, 4), 0, 1), ("adj_x", (2, 1, 4, 3), (2, 4, 2), 1, 0),
                                     ("both", (4, 3), (2, 4), 1, 1)):
        def product(p, q):
            return np.matmul(p.swapaxes(-1, -2) if adj_x else p, q.swapaxes(-1, -2) if adj_y else q)
        x, w = floats(*a), floats(*b)
        case(f"batch_matmul_float_{name}", "BATCH_MATMUL", [x, w], Tensor(product(x.values, w.values)), adj_x=adj_x, adj_y=adj_y)
        x, w = codes(a, 0.03, 7), codes(b, 0.02, -5)
        sums = product(x.values - 7, w.values + 5)
        y = finish_codes(sums, None, [float(x.scale * w.scale) / float(F(0.15))] * sums.shape[-1], F(0.15), 4, "NONE")
        case(f"batch_matmul_int8_{name}", "BATCH_MATMUL", [x, w], y, adj_x=adj_x, adj_y=adj_y)


# ---- two operands


def map2(f, a, b):
    return np.vectorize(lambda p, q: f(int(p), int(q)), otypes=[np.int64])(a.values, b.values)


def add_codes(a, b, y_scale, y_zero, act, sign, kind):
    twice = 2 * max(float(a.scale), float(b.scale))
    ma, mb = multiplier(float(a.scale) / twice), multiplier(float(b.scale) / twice)
    my = multiplier(twice / (2**20 * float(y_scale)))
    low, top = activation(act, kind, y_scale, y_zero)

    def f(p, q):
        s = scaled((p - a.zero) << 20, ma) + sign * scaled((q - b.zero) << 20, mb)
        return clamp(scaled(s, my) + y_zero, low, top)
    return Tensor(map2(f, a, b), kind, y_scale, y_zero)


def arithmetic():
    shapes = (("same", (2, 3), (2, 3)), ("row", (2, 2, 3), (3,)), ("both", (2, 1, 3), (1, 4, 1)), ("scalar", (5,), ()))
    for name, sa, sb in shapes:
        for act in ("NONE", "RELU6") if name == "same" else ("NONE",):
            tag = f"{name}_{act.lower()}"
            for kind in ("int8", "uint8") if name in ("same", "both") else ("int8",):
                shift = 128 if kind == "uint8" else 0
                a, b = codes(sa, 0.031, 4 + shift, kind), codes(sb, 0.017, -6 + shift, kind)
                real = {1: np.add(a.real(), b.real()), -1: np.subtract(a.real(), b.real())}
                for op, sign in (("ADD", 1), ("SUB", -1)):
                    y = add_codes(a, b, F(0.045), 9 + shift, act, sign, kind)
                    near(y, np.clip(real[sign], *FLOAT_RANGE[act]), name=op)
                    case(f"{op.lower()}_{kind}_{tag}", op, [a, b], y, fused_activation_function=act)
                m = multiplier(float(a.scale) * float(b.scale) / float(F(0.06)))
                low, top = activation(act, kind, F(0.06), 2 + shift)
                y = Tensor(map2(lambda p, q: clamp(scaled((p - a.zero) * (q - b.zero), m) + 2 + shift, low, top), a, b), kind, 0.06, 2 + shift)
                near(y, np.clip(np.multiply(a.real(), b.real()), *FLOAT_RANGE[act]), name="MUL")
                case(f"mul_{kind}_{tag}", "MUL", [a, b], y, fused_activation_function=act)
            a, b = floats(*sa), floats(*sb)
            b.values = np.where(b.values == 0, 1, b.values)
            for op, f in (("ADD", np.add), ("SUB", np.subtract), ("MUL", np.multiply), ("DIV", np.divide)):
                y = f(a.values.astype(F), b.values.astype(F))
                case(f"{op.lower()}_float_{tag}", op, [a, b], Tensor(np.clip(y, *FLOAT_RANGE[act])), fused_activation_function=act)
            for op, f in (("MAXIMUM", np.maximum), ("MINIMUM", np.minimum), ("SQUARED_DIFFERENCE", lambda p, q: (p - q)**2)):
                if act == "NONE":
                    case(f"{op.lower()}_float_{name}", op, [a, b], Tensor(f(a.values, b.values)))
    a, b = Tensor([7, -7, 2**31 - 1], "int32"), Tensor([2, 2, 5], "int32")
    case("add_int32", "ADD", [a, b], Tensor([9, -5, wrap(2**31 + 4)], "int32"))
    case("sub_int32", "SUB", [a, b], Tensor([5, -9, 2**31 - 6], "int32"))
    case("mul_int32", "MUL", [a, b], Tensor([14, -14, wrap(5 * (2**31 - 1))], "int32"))
    case("div_int32", "DIV", [a, b], Tensor([3, -3, (2**31 - 1) // 5], "int32"))
    case("maximum_int32", "MAXIMUM", [a, b], Tensor([7, 2, 2**31 - 1], "int32"))
    case("minimum_int64", "MINIMUM", [Tensor([2**40, -1], "int64"), Tensor([5], "int64")], Tensor([5, -1], "int64"))
    a, b = codes((3, 4), 0.1, 5), codes((4,), 0.1, 5)
    case("maximum_int8", "MAXIMUM", [a, b], Tensor(np.maximum(a.values, b.values), "int8", 0.1, 5))
    case("minimum_int8", "MINIMUM", [a, b], Tensor(np.minimum(a.values, b.values), "int8", 0.1, 5))
    a = Tensor(random.uniform(0.1, 4, (6,)).astype(F))
    b = floats(6)
    case("pow_float", "POW", [a, b], Tensor(a.values.astype(np.float64)**b.values))


def reciprocal(x, bits):
    zeros = 32 - x.bit_length()
    return inverse_sum((x << zeros) - 2**31), bits - zeros


def quotients():
    a, b = codes((40,), 0.05, 3), codes((40,), 0.04, -20)
    b.values = np.where(b.values == -20, 7, b.values)
    m, shift = multiplier(float(F(a.scale) / F(F(b.scale) * F(0.08))))

    def f(p, q):
        p, q = p - a.zero, q - b.zero
        if q < 0:
            p, q = -p, -q
        inverse, over = reciprocal(q, 31)
        room = 31 - (p if p >= 0 else ~p).bit_length()
        v = divide(high(high(wrap(p << room), inverse), m), -(shift - over - room))
        return clamp(v - 3, -128, 127)
    y = Tensor(map2(f, a, b), "int8", 0.08, -3)
    near(y, a.real() / b.real(), 1.5, "DIV")
    case("div_int8", "DIV", [a, b], y)
    a, b = codes((5, 4), 0.05, 3), codes((4,), 0.04, -20)
    twice = 2 * max(float(a.scale), float(b.scale))
    ma, mb = multiplier(float(a.scale) / twice), multiplier(float(b.scale) / twice)
    my = multiplier(twice * twice / (2**14 * float(F(0.5))))

    def g(p, q):
        d = scaled((p - a.zero) << 7, ma) - scaled((q - b.zero) << 7, mb)
        return clamp(scaled(wrap(d * d), my) - 100, -128, 127)
    y = Tensor(map2(g, a, b), "int8", 0.5, -100)
    near(y, (a.real() - b.real())**2, name="SQUARED_DIFFERENCE")
    case("squared_difference_int8", "SQUARED_DIFFERENCE", [a, b], y)
    a, b = codes((2, 3, 4), 0.05, 3), codes((1, 1, 4), 0.01, -2)
    m1, m2 = multiplier(float(a.scale) / float(F(0.06))), multiplier(float(a.scale) * float(b.scale) / float(F(0.06)))
    y = Tensor(map2(lambda p, q: clamp((scaled(p - 3, m1) if p >= 3 else scaled((p - 3) * (q + 2), m2)) + 8, -128, 127), a, b), "int8", 0.06, 8)
    near(y, np.where(a.real() >= 0, a.real(), a.real() * b.real()), name="PRELU")
    case("prelu_int8", "PRELU", [a, (b,)], y)
    a, b = floats(2, 3, 4), floats(1, 1, 4)
    case("prelu_float", "PRELU", [a, (b,)], Tensor(np.where(a.values >= 0, a.values, a.values * b.values)))


# ---- fixed point: gemmlowp's algorithms


def power(x, n):
    return divide(x, -n) if n <= 0 else clamp(x << n, -2**31, 2**31 - 1)


def exp_fixed(x, bits):
    """e^x of x <= 0 in Q`bits`, Q0."""
    if x == 0:
        return 2**31 - 1
    one = 2**(31 - bits)
    part = x % (one // 4) - one // 4
    d = power(part, bits) + 2**28
    d2 = high(d, d)
    d3, d4 = high(d2, d), high(d2, d2)
    tail = divide(high(divide(d4, 2) + d3, 715827883) + d2, 1)
    v = 1895147668 + high(1895147668, d + tail)
    rest = part - x
    for i, factor in enumerate((1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242)):
        if i - 2 < bits and rest >> (31 - bits + i - 2) & 1:
            v = high(v, factor)
    return v


def newton(x):
    half = towards_zero(x + 2**31 - 1 + 1, 2)
    v = 1515870810 + high(half, -1010580540)
    for _ in range(3):
        v += power(high(v, 2**29 - high(half, v)), 2)
    return v


def inverse_sum(x):
    return power(newton(x), 1)


def logistic_fixed(x):
    if x == 0:
        return 2**30
    v = inverse_sum(exp_fixed(-abs(x), 4))
    return v if x > 0 else 2**31 - 1 - v


def tanh_fixed(x):
    v = power(newton(exp_fixed(-abs(x), 5)) - 2**29, 2)
    return 0 if x == 0 else v if x > 0 else -v


def inverse_root(x):
    if x <= 1:
        return 2**31 - 1, 0
    right = 11
    while x >= 2**29:
        x, right = x // 4, right + 1
    pairs = (32 - x.bit_length() - 1) // 2 - 1
    right, x = right - pairs, x << 2 * pairs
    half, v = divide(x >> 1, 1), 2**28
    for _ in range(5):
        cube = power(high(high(v, v), v), 6)
        v = power(high(2**28 + 2**27, v) - high(half, cube), 3)
    v = high(v, 1518500250)
    return (v << -right, 0) if right < 0 else (v, -right)


def all_codes(scale, zero):
    return Tensor(np.arange(-128, 128), "int8", scale, zero)


def map1(f, x):
    return np.vectorize(lambda p: f(int(p)), otypes=[np.int64])(x.values)


def q4(x, f):
    m, e = math.frexp(float(x.scale) * 2**27)
    m = math.floor(m * 2**31 + 0.5)
    radius = math.floor(15 * 2.0**(27 - e))

    def code(p):
        p -= x.zero
        return -128 if p <= -radius else 127 if p >= radius else clamp(f(scaled(p, (m, e))), -128, 127)
    return map1(code, x)


def fixed_functions():
    for i, (scale, zero) in enumerate(((0.05, 3), (0.011, -40), (0.4, 100), (0.0625, 0))):
        x = all_codes(scale, zero)
        y = Tensor(q4(x, lambda p: divide(logistic_fixed(p), 23) - 128), "int8", 1 / 256, -128)
        near(y, 1 / (1 + np.exp(-x.real())), name="LOGISTIC")
        case(f"logistic_int8_{i}", "LOGISTIC", [x], y)
        y = Tensor(q4(x, lambda p: divide(tanh_fixed(p), 24)), "int8", 1 / 128, 0)
        near(y, np.tanh(x.real()), name="TANH")
        case(f"tanh_int8_{i}", "TANH", [x], y)
        rows = codes((3, 7), scale, zero)
        for beta in (1.0, 0.5):
            y = Tensor(np.array([softmax(r, scale, beta) for r in rows.values]), "int8", 1 / 256, -128)
            e = np.exp(beta * (rows.real() - rows.real().max(1, keepdims=True)))
            near(y, e / e.sum(1, keepdims=True), name="SOFTMAX")
            case(f"softmax_int8_{i}_{beta}".replace(".", "_"), "SOFTMAX", [rows], y, beta=beta)
    x = codes((4, 5), 0.1, -6)
    out = []
    for row in x.values:
        m, e = inverse_root(int(sum((int(v) + 6)**2 for v in row)))
        out.append([clamp(scaled(int(v) + 6, (m, e + 7)), -128, 127) for v in row])
    y = Tensor(out, "int8", 1 / 128, 0)
    near(y, x.real() / np.sqrt((x.real()**2).sum(1, keepdims=True)), name="L2_NORMALIZATION")
    case("l2_normalization_int8", "L2_NORMALIZATION", [x], y)
    x = Tensor(np.arange(-30, 128), "int8", 0.07, -30)
    m, e = multiplier(1 / (math.sqrt(float(x.scale)) * float(F(0.02))))

    def root(p):
        if p == -30:
            return 127
        mantissa, shift = inverse_root(p + 30)
        return clamp(scaled(scaled(1, (mantissa, shift + 20)), (m, e - 20)) - 100, -128, 127)
    y = Tensor(map1(root, x), "int8", 0.02, -100)
    real = np.append(np.inf, 1 / np.sqrt(x.real()[1:]))
    near(y, real, name="RSQRT")
    case("rsqrt_int8", "RSQRT", [x], y)


def softmax(row, scale, beta):
    real = min(beta * float(F(scale)) * 2**26, 2**31 - 1)
    m, e = math.frexp(real)
    m = math.floor(m * 2**31 + 0.5)
    least = -math.floor(31 * 2.0**(26 - e))
    top = max(int(v) for v in row)

    def power_of(v):
        return exp_fixed(high((int(v) - top) << e, m), 5)
    inside = [int(v) - top >= least for v in row]
    total = sum(divide(power_of(v), 12) for v, i in zip(row, inside) if i)
    inverse, over = reciprocal(total, 12)
    return [clamp(divide(high(inverse, power_of(v)), over + 23) - 128, -128, 127) if i else -128 for v, i in zip(row, inside)]


def wrap16(v):
    return (v + 2**15) % 2**16 - 2**15


def swish(x, y_scale, y_zero):
    fine = F(F(1 / 128) * x.scale)
    m_out, e_out = multiplier(float(F(fine / F(y_scale))))
    m_rel, e_rel = multiplier(float(F(fine / F(F(3) / F(32768)))))

    def half(m):
        return min((m + 2**15) >> 16, 32767)

    def high16(a, b):
        p = a * b
        return clamp(towards_zero(p + (2**14 if p >= 0 else 1 - 2**14), 2**15), -32768, 32767)

    def code(p):
        v = (p - x.zero) * 128
        before, gate = high16(v, half(m_out)), v
        if e_rel > 0:
            gate = clamp(gate << (e_rel - 1), -32768, 32767)
        gate = high16(gate, half(m_rel))
        gate = clamp(gate * 2, -32768, 32767) if e_rel > 0 else divide(gate, -e_rel)
        gate = (gate + 2**15) >> 1
        v = clamp(towards_zero(gate * before, 2**15), -32768, 32767)
        return clamp(wrap16(divide(v, -e_out) + y_zero), -128, 127)
    return Tensor(map1(code, x), "int8", y_scale, y_zero)


def activations():
    for i, (scale, zero, y_scale, y_zero) in enumerate(((0.05, 3, 0.04, -100), (0.1, -20, 0.1, -20), (0.02, 60, 0.013, 7))):
        x = all_codes(scale, zero)
        m = multiplier(float(x.scale) / float(F(y_scale)))
        for op, act in (("RELU", "RELU"), ("RELU6", "RELU6"), ("RELU_N1_TO_1", "RELU_N1_TO_1")):
            low, top = activation(act, "int8", F(y_scale), y_zero)
            y = Tensor(map1(lambda p: clamp(scaled(p - zero, m) + y_zero, low, top), x), "int8", y_scale, y_zero)
            near(y, np.clip(x.real(), *FLOAT_RANGE[act]), name=op)
            case(f"{op.lower()}_int8_{i}", op, [x], y)
        for alpha in (0.1, -0.3, 1.5):
            same, slope = multiplier(float(F(x.scale / F(y_scale)))), F(F(x.scale * F(alpha)) / F(y_scale))
            below = multiplier(float(abs(slope)))
            below = (below[0] * (1 if slope >= 0 else -1), below[1])
            y = Tensor(map1(lambda p: clamp(scaled(p - zero, same if p >= zero else below) + y_zero, -128, 127), x), "int8", y_scale, y_zero)
            near(y, np.where(x.real() > 0, x.real(), x.real() * alpha), name="LEAKY_RELU")
            case(f"leaky_relu_int8_{i}_{'m' if alpha < 0 else ''}{abs(alpha)}".replace(".", "_"), "LEAKY_RELU", [x], y, alpha=alpha)
        y = swish(x, y_scale, y_zero)
        near(y, x.real() * np.clip(x.real() + 3, 0, 6) / 6, 1.6, "HARD_SWISH")
        case(f"hard_swish_int8_{i}", "HARD_SWISH", [x], y)
        size = map1(lambda p: abs(p - zero), x)
        y = [clamp((int(v) if scale == y_scale else scaled(int(v), m)) + y_zero, -128, 127) for v in size]
        case(f"abs_int8_{i}", "ABS", [x], Tensor(y, "int8", y_scale, y_zero))
        for op, f in (("ELU", lambda v: v if v > 0 else F(math.expm1(v))), ("EXP", lambda v: F(math.exp(v)))):
            out = []
            for p in x.values:
                r = F(F(f(F(x.scale * F(int(p) - zero)))) * F(F(1) / F(y_scale)))
                out.append(clamp(int(math.copysign(math.floor(abs(float(r)) + 0.5), r)) + y_zero, -128, 127))
            case(f"{op.lower()}_int8_{i}", op, [x], Tensor(out, "int8", y_scale, y_zero))
    x = Tensor(np.array([-7.5, -3, -2.5, -1, -0.5, 0, 0.25, 0.5, 1.5, 2.5, 3, 5.75, 6, 9]))
    v = x.values.astype(np.float64)
    table = {
        "RELU": np.maximum(v, 0), "RELU6": np.clip(v, 0, 6), "RELU_N1_TO_1": np.clip(v, -1, 1), "HARD_SWISH": v * np.clip(v + 3, 0, 6) / 6,
        "ELU": np.where(v < 0, np.expm1(v), v), "LOGISTIC": 1 / (1 + np.exp(-v)), "TANH": np.tanh(v), "ABS": np.abs(v), "NEG": -v,
        "FLOOR": np.floor(v), "CEIL": np.ceil(v), "ROUND": np.rint(v), "EXP": np.exp(v), "SQUARE": v * v,
    }
    for op, y in table.items():
        case(f"{op.lower()}_float", op, [x], Tensor(y))
    case("leaky_relu_float", "LEAKY_RELU", [x], Tensor(np.where(v > 0, v, v * float(F(0.2)))), alpha=0.2)
    x = Tensor(np.array([0.125, 0.5, 1, 2, 3.5, 100]))
    for op, f in (("LOG", np.log), ("SQRT", np.sqrt), ("RSQRT", lambda p: 1 / np.sqrt(p))):
        case(f"{op.lower()}_float", op, [x], Tensor(f(x.values)))
    x = floats(2, 3, 4)
    e = np.exp(0.7 * x.values - (0.7 * x.values).max(-1, keepdims=True))
    case("softmax_float", "SOFTMAX", [x], Tensor(e / e.sum(-1, keepdims=True)), beta=0.7)
    case("l2_normalization_float", "L2_NORMALIZATION", [x], Tensor(x.values / np.sqrt((x.values**2).sum(-1, keepdims=True))))


# ---- pools and reductions


def rounded(total, n):
    return towards_zero(total + (n // 2 if total > 0 else -(n // 2)), n)


def pools():
    for name, shape, size, stride, padding, act in (("valid", (2, 4, 6, 3), (2, 3), (2, 3), "VALID", "NONE"), ("same", (1, 5, 5, 2), (3, 3), (2, 2), "SAME", "RELU6"),
                                                    ("one", (1, 3, 3, 2), (2, 2), (1, 1), "SAME", "RELU")):
        options = dict(padding=padding, stride_w=stride[1], stride_h=stride[0], filter_width=size[1], filter_height=size[0], fused_activation_function=act)
        for kind in ("float32", "int8", "uint8", "int16"):
            zero = {"int8": -9, "uint8": 100}.get(kind, 0)
            x = floats(*shape) if kind == "float32" else codes(shape, 0.07, zero, kind)
            oh, top = geometry(shape[1], size[0], stride[0], 1, padding)
            ow, left = geometry(shape[2], size[1], stride[1], 1, padding)
            low, high_end = FLOAT_RANGE[act] if kind == "float32" else activation(act, kind, x.scale, zero)
            average, most = np.zeros((shape[0], oh, ow, shape[3])), np.zeros((shape[0], oh, ow, shape[3]))
            for b, r, s, c in np.ndindex(*average.shape):
                y0, x0 = r * stride[0] - top, s * stride[1] - left
                window = x.values[b, max(y0, 0):y0 + size[0], max(x0, 0):x0 + size[1], c]
                mean = window.mean() if kind == "float32" else rounded(int(window.sum()), window.size)
                average[b, r, s, c], most[b, r, s, c] = clamp(mean, low, high_end), clamp(window.max(), low, high_end)
            for op, y in (("AVERAGE_POOL_2D", average), ("MAX_POOL_2D", most)):
                case(f"{op.lower()}_{kind}_{name}", op, [x], Tensor(y, kind, x.scale, zero) if kind != "float32" else Tensor(y), **options)


def reductions():
    for name, shape, axes, keep in (("pixels", (2, 3, 4, 5), (1, 2), 1), ("last", (3, 4), (-1,), 0), ("all", (2, 3, 2), (0, 1, 2), 0), ("outer", (4, 3, 2), (0, 2), 0)):
        norm = tuple(a % len(shape) for a in axes)
        n = int(np.prod([shape[a] for a in norm]))
        x = floats(*shape)
        for op, f in (("MEAN", np.mean), ("SUM", np.sum), ("REDUCE_MAX", np.max), ("REDUCE_MIN", np.min), ("REDUCE_PROD", np.prod)):
            case(f"{op.lower()}_float_{name}", op, [x, ints(axes)], Tensor(f(x.values, axis=norm, keepdims=bool(keep))), keep_dims=keep)
        for kind in ("int8", "uint8"):
            x = codes(shape, 0.05, 7 if kind == "int8" else 140, kind)
            y_scale, y_zero = (x.scale, x.zero) if name == "all" else (F(0.03), x.zero + 5)
            total = np.sum(x.values - x.zero, axis=norm, keepdims=bool(keep))
            for op in ("MEAN", "SUM"):
                m, e = multiplier(float(x.scale) / float(y_scale))
                if op == "MEAN":
                    shift = min(n.bit_length() - 1, 32, 31 + e)
                    m, e = (m << shift) // n, e - shift
                y = np.vectorize(lambda t: clamp(scaled(int(t), (m, e)) + y_zero, LOW[kind], HIGH[kind]), otypes=[np.int64])(total)
                y = Tensor(y, kind, y_scale, y_zero)
                near(y, total * float(x.scale) / (n if op == "MEAN" else 1), name=op)
                case(f"{op.lower()}_{kind}_{name}", op, [x, ints(axes)], y, keep_dims=keep)
            for op, f in (("REDUCE_MAX", np.max), ("REDUCE_MIN", np.min)):
                case(f"{op.lower()}_{kind}_{name}", op, [x, ints(axes)], Tensor(f(x.values, axis=norm, keepdims=bool(keep)), kind, x.scale, x.zero), keep_dims=keep)
    x = floats(3, 4, 2)
    for op, f in (("ARG_MAX", np.argmax), ("ARG_MIN", np.argmin)):
        case(f"{op.lower()}_float", op, [x, ints(1)], Tensor(f(x.values, axis=1), "int32"), output_type="INT32")
        q = codes((4, 6), 0.1, 0)
        case(f"{op.lower()}_int8", op, [q, ints(-1)], Tensor(f(q.values, axis=-1), "int64"), output_type="INT64")


# ---- the same numbers elsewhere


def moved(name, op, x, f, extra=(), q=True, **options):
    """The same case for floats and codes; f works on arrays."""
    for kind in ("float32", "int8"):
        t = floats(*x) if kind == "float32" else codes(x, 0.05, -11)
        out = f(t.values)
        outs = [Tensor(v, kind, t.scale, t.zero) if kind != "float32" else Tensor(v) for v in (out if isinstance(out, list) else [out])]
        case(f"{name}_{kind}", op, [t if e is None else e for e in ((None,) + tuple(extra) if None not in extra else extra)], outs, **options)


def reflect(mode):
    return "reflect" if mode == "REFLECT" else "symmetric"


def movements():
    moved("reshape", "RESHAPE", (2, 6), lambda v: v.reshape(3, 4), (ints([3, 4]),))
    moved("reshape_open", "RESHAPE", (2, 6), lambda v: v.reshape(4, 1, 3), (ints([4, 1, -1]),))
    moved("reshape_option", "RESHAPE", (2, 6), lambda v: v.reshape(12), (), new_shape="12")
    moved("squeeze", "SQUEEZE", (1, 3, 1, 2), lambda v: v.reshape(3, 2))
    moved("squeeze_one", "SQUEEZE", (1, 3, 1, 2), lambda v: v.reshape(1, 3, 2), squeeze_dims="-2")
    moved("expand_dims", "EXPAND_DIMS", (3, 2), lambda v: v.reshape(3, 1, 2), (ints(1),))
    moved("expand_dims_end", "EXPAND_DIMS", (3, 2), lambda v: v.reshape(3, 2, 1), (ints(-1),))
    for perm in ((0, 2, 3, 1), (3, 1, 0, 2), (0, 1, 2, 3)):
        moved("transpose_" + "".join(map(str, perm)), "TRANSPOSE", (2, 3, 2, 4), lambda v: v.transpose(perm), (ints(perm),))
    case("shape", "SHAPE", [floats(2, 3, 4)], Tensor([2, 3, 4], "int32"), out_type="INT32")
    case("rank", "RANK", [floats(2, 3, 4)], Tensor(3, "int32"))
    moved("slice", "SLICE", (4, 5), lambda v: v[1:3, 2:], (ints([1, 2]), ints([2, -1])))
    moved("strided_slice", "STRIDED_SLICE", (5, 6), lambda v: v[1:5:2, 4:0:-2], (ints([1, 4]), ints([5, 0]), ints([2, -2])))
    moved("strided_slice_masks", "STRIDED_SLICE", (3, 4, 5), lambda v: v[-1, :, ::-1], (ints([-1, 9, 0]), ints([0, 9, 0]), ints([1, 1, -1])),
          begin_mask=6, end_mask=6, shrink_axis_mask=1)
    moved("strided_slice_few", "STRIDED_SLICE", (3, 4), lambda v: v[1:2], (ints([1]), ints([2]), ints([1])))
    moved("split", "SPLIT", (2, 6), lambda v: np.split(v, 3, axis=1), (ints(1), None), num_splits=3)
    moved("split_v", "SPLIT_V", (7, 2), lambda v: [v[:1], v[1:5], v[5:]], (ints([1, -1, 2]), ints(0)), num_splits=3)
    moved("unpack", "UNPACK", (2, 3, 2), lambda v: [v[:, i] for i in range(3)], (), num=3, axis=1)
    moved("gather", "GATHER", (4, 3), lambda v: v[[2, 0, 2]], (ints([2, 0, 2]),))
    moved("gather_axis", "GATHER", (2, 4, 3), lambda v: v[:, [[3, 1], [0, 0]]], (ints([[3, 1], [0, 0]]),), axis=1)
    moved("gather_batch", "GATHER", (2, 4, 3), lambda v: np.stack([v[0][[3, 1]], v[1][[0, 2]]]), (ints([[3, 1], [0, 2]], "int64"),), axis=1, batch_dims=1)
    pads = [[1, 0], [0, 2], [1, 1]]
    for kind, value in (("float32", 0), ("int8", -11)):
        t = floats(2, 3, 2) if kind == "float32" else codes((2, 3, 2), 0.05, -11)
        y = np.pad(t.values, pads, constant_values=value)
        case(f"pad_{kind}", "PAD", [t, ints(pads)], Tensor(y, kind, t.scale, t.zero))
        c = Tensor(5, kind, t.scale, t.zero)
        case(f"padv2_{kind}", "PADV2", [t, ints(pads, "int64"), (c,)], Tensor(np.pad(t.values, pads, constant_values=5), kind, t.scale, t.zero))
    for mode in ("REFLECT", "SYMMETRIC"):
        moved(f"mirror_pad_{mode.lower()}", "MIRROR_PAD", (3, 4), lambda v: np.pad(v, [[1, 2], [2, 0]], mode=reflect(mode)), (ints([[1, 2], [2, 0]]),), mode=mode)
    a, b = floats(2, 3), floats(2, 1)
    case("concatenation_float", "CONCATENATION", [a, b, a], Tensor(np.concatenate([a.values, b.values, a.values], 1)), axis=1)
    a, b = codes((1, 2, 3), 0.1, 4), codes((2, 2, 3), 0.1, 4)
    case("concatenation_int8", "CONCATENATION", [a, b], Tensor(np.concatenate([a.values, b.values], 0), "int8", 0.1, 4), axis=-3)
    a, b = floats(2, 3), floats(2, 3)
    case("pack_float", "PACK", [a, b], Tensor(np.stack([a.values, b.values], 1)), values_count=2, axis=1)
    a, b = codes((3,), 0.1, 4), codes((3,), 0.1, 4)
    case("pack_int8", "PACK", [a, b], Tensor(np.stack([a.values, b.values], -1), "int8", 0.1, 4), values_count=2, axis=-1)

    def depth_to_space(v):
        n, h, w, c = v.shape
        return v.reshape(n, h, w, 2, 2, c // 4).transpose(0, 1, 3, 2, 4, 5).reshape(n, 2 * h, 2 * w, c // 4)

    def space_to_depth(v):
        n, h, w, c = v.shape
        return v.reshape(n, h // 2, 2, w // 2, 2, c).transpose(0, 1, 3, 2, 4, 5).reshape(n, h // 2, w // 2, 4 * c)
    moved("depth_to_space", "DEPTH_TO_SPACE", (2, 2, 3, 8), depth_to_space, block_size=2)
    moved("space_to_depth", "SPACE_TO_DEPTH", (2, 4, 6, 3), space_to_depth, block_size=2)
    for kind, zero in (("float32", 0), ("int8", -11)):
        t = floats(2, 3, 5, 2) if kind == "float32" else codes((2, 3, 5, 2), 0.05, -11)
        padded = np.pad(t.values, [[0, 0], [1, 0], [0, 1], [0, 0]], constant_values=zero)
        n, h, w, c = padded.shape
        y = padded.reshape(n, h // 2, 2, w // 3, 3, c).transpose(2, 4, 0, 1, 3, 5).reshape(6 * n, h // 2, w // 3, c)
        case(f"space_to_batch_{kind}", "SPACE_TO_BATCH_ND", [t, ints([2, 3]), ints([[1, 0], [0, 1]])], Tensor(y, kind, t.scale, t.zero))
        back = Tensor(y, kind, t.scale, t.zero)
        case(f"batch_to_space_{kind}", "BATCH_TO_SPACE_ND", [back, ints([2, 3]), ints([[1, 0], [0, 1]])], Tensor(t.values, kind, t.scale, t.zero))
    t = floats(1, 6, 2)
    y = t.values.reshape(1, 3, 2, 2).transpose(2, 0, 1, 3).reshape(2, 3, 2)
    case("space_to_batch_line", "SPACE_TO_BATCH_ND", [t, ints([2]), ints([[0, 0]])], Tensor(y))


def resizes():
    for name, shape, size, corners, centers in (("up", (1, 2, 3, 2), (4, 7), 0, 0), ("corners", (1, 3, 2, 1), (5, 4), 1, 0), ("centers", (2, 3, 3, 1), (5, 2), 0, 1),
                                                ("down", (1, 6, 5, 1), (2, 3), 0, 0)):
        options = dict(align_corners=corners, half_pixel_centers=centers)

        def scale(d):
            a, b = shape[1 + d], size[d]
            return F(F(a - 1) / F(b - 1)) if corners and b > 1 else F(F(a) / F(b))

        def position(d, i):
            return F(F(F(i) + F(0.5)) * scale(d) - F(0.5)) if centers else F(F(i) * scale(d))

        def nearest(d, i):
            at = float(F(F(F(i) + F(0.5 if centers else 0)) * scale(d)))
            return clamp(math.floor(at + 0.5) if corners else math.floor(at), 0, shape[1 + d] - 1)

        def bilinear_float(v):
            y = np.zeros((shape[0],) + size + (shape[3],))
            for i, j in np.ndindex(*size):
                p, q = position(0, i), position(1, j)
                y0, x0 = max(math.floor(p), 0), max(math.floor(q), 0)
                y1, x1 = min(math.ceil(p), shape[1] - 1), min(math.ceil(q), shape[2] - 1)
                dy, dx = float(p) - y0, float(q) - x0
                y[:, i, j] = (v[:, y0, x0] * (1 - dy) * (1 - dx) + v[:, y1, x0] * dy * (1 - dx) + v[:, y0, x1] * (1 - dy) * dx + v[:, y1, x1] * dy * dx)
            return y

        def fixed(d, i):
            a, b = shape[1 + d], size[d]
            s = (1024 * (a - 1) + (b - 1) // 2) // (b - 1) if corners and b > 1 else (1024 * a + b // 2) // b
            at = i * s + s // 2 - 512 if centers else i * s
            low = max(towards_zero(at, 1024), 0)
            return low, min(towards_zero(at + 1023, 1024), a - 1), at - 1024 * low

        def bilinear_codes(v):
            y = np.zeros((shape[0],) + size + (shape[3],), np.int64)
            for b, i, j, c in np.ndindex(*y.shape):
                (y0, y1, dy), (x0, x1, dx) = fixed(0, i), fixed(1, j)
                total = (int(v[b, y0, x0, c]) * (1024 - dy) * (1024 - dx) + int(v[b, y1, x0, c]) * dy * (1024 - dx) +
                         int(v[b, y0, x1, c]) * (1024 - dy) * dx + int(v[b, y1, x1, c]) * dy * dx)
                y[b, i, j, c] = towards_zero(total + (2**19 if total > 0 else -2**19), 2**20)
            return y
        x = floats(*shape)
        case(f"resize_bilinear_float_{name}", "RESIZE_BILINEAR", [x, ints(size)], Tensor(bilinear_float(x.values)), **options)
        q = codes(shape, 0.05, 3)
        case(f"resize_bilinear_int8_{name}", "RESIZE_BILINEAR", [q, ints(size)], Tensor(bilinear_codes(q.values), "int8", 0.05, 3), **options)
        for t in (x, q):
            y = t.values[:, [nearest(0, i) for i in range(size[0])]][:, :, [nearest(1, j) for j in range(size[1])]]
            case(f"resize_nearest_{t.kind}_{name}", "RESIZE_NEAREST_NEIGHBOR", [t, ints(size)], Tensor(y, t.kind, t.scale, t.zero), **options)


def conversions():
    x = Tensor(np.array([-100, -1.3, -0.75, -0.25, 0, 0.125, 0.25, 0.375, 2.6, 1000]))
    for kind, scale, zero in (("int8", 0.25, -3), ("uint8", 0.1, 128), ("int16", 0.001, 0)):
        r = [float(F(F(v) / F(scale))) for v in x.values]
        y = [clamp(int(math.copysign(math.floor(abs(v) + 0.5), v)) + zero, LOW[kind], HIGH[kind]) for v in r]
        case(f"quantize_{kind}", "QUANTIZE", [x], Tensor(y, kind, scale, zero))
    for a, b, sa, za, sb, zb in (("int8", "int8", 0.1, 5, 0.07, -8), ("uint8", "int8", 0.1, 128, 0.1, 0), ("int8", "uint8", 0.1, 0, 0.1, 128),
                                 ("int16", "int8", 0.001, 0, 0.3, 4), ("int8", "int16", 0.1, 5, 0.002, 0)):
        t = codes((50,), sa, za, a)
        m = multiplier(float(F(sa)) / float(F(sb)))
        y = Tensor(map1(lambda p: clamp(scaled(p - za, m) + zb, LOW[b], HIGH[b]), t), b, sb, zb)
        near(y, t.real(), name="QUANTIZE")
        case(f"quantize_{a}_{b}_{zlib.crc32(repr((sa, sb)).encode()) % 100}", "QUANTIZE", [t], y)
    for kind in ("int8", "uint8", "int16"):
        t = codes((6,), 0.03, 0 if kind == "int16" else 17, kind)
        case(f"dequantize_{kind}", "DEQUANTIZE", [t], Tensor(t.real()))
    t = Tensor(random.integers(-128, 128, (2, 3, 2)), "int8", [0.1, 0.2, 0.3], axis=1)
    case("dequantize_per_channel", "DEQUANTIZE", [(t,)], Tensor(t.values * np.array([float(s) for s in t.scale])[None, :, None]))
    case("cast_float_int32", "CAST", [Tensor([1.9, -1.9, 0, 300])], Tensor([1, -1, 0, 300], "int32"), in_data_type="FLOAT32", out_data_type="INT32")
    case("cast_int8_float", "CAST", [Tensor([-128, 5], "int8")], Tensor([-128, 5]), in_data_type="INT8", out_data_type="FLOAT32")
    case("cast_int64_int32", "CAST", [Tensor([7, -9], "int64")], Tensor([7, -9], "int32"), in_data_type="INT64", out_data_type="INT32")


for part in (convolutions, transposed, products, arithmetic, quotients, fixed_functions, activations, pools, reductions, movements, resizes, conversions):
    part()
with open("tests/network/tflite_cases.txt", "w") as f:
    f.write("\n".join(lines) + "\n")
