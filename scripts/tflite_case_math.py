"""TensorFlow Lite's arithmetic a second time, from the definitions, and tensors and cases as text: for scripts/make_tflite_cases.py."""
import math

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


def reciprocal(x, bits):
    zeros = 32 - x.bit_length()
    return inverse_sum((x << zeros) - 2**31), bits - zeros
