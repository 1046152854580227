#!/usr/bin/python3
"""Writes tests/network/tflite_cases.txt: TensorFlow Lite's operators with what they give, computed here a second time, from the definitions alone.

Usage: /usr/bin/python3 scripts/make_tflite_cases.py

Needs Debian's python3-numpy. Integers are Python's, so that nothing overflows unnoticed; codes are checked to lie beside what real numbers give.
"""
import math
import zlib

import numpy as np

from tflite_case_layers import *
from tflite_case_math import *
from tflite_case_moves import *


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
    a, b = Tensor(np.repeat(np.arange(-128, 128, 5), 52), "int8", 0.031, 4), Tensor(np.tile(np.arange(-128, 128, 5), 52), "int8", 0.0173, -6)
    case("add_int8_many", "ADD", [a, b], add_codes(a, b, F(0.0113), 9, "NONE", 1, "int8"))
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
