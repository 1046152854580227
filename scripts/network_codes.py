"""Random quantised networks, as QLinear operators and as QuantizeLinear / DequantizeLinear around operators of real numbers, evaluated exactly in
numpy by the rules that refmodel/requantize.h and host_ops_qlinear.c state. Used by scripts/random_networks."""
import math

import numpy as np
import torch
import torch.nn.functional as F


class Coded:
    """A value with scale and zero point: names in the graph, and numbers."""

    def __init__(self, name, scale, zero):
        self.name, self.scale, self.zero = name, np.float32(scale), zero


def clamped(v, kind):
    info = np.iinfo(kind)
    return np.clip(v, info.min, info.max).astype(kind)


def requantize(sums, scales, y):
    """sums [n][channel]...; scales: float32 products of operand scales, one a channel. Longer than double: the product has up to 60 bits."""
    m = (scales.astype(np.float32) / y.scale).astype(np.float32).astype(np.longdouble)
    return np.rint(sums.astype(np.longdouble) * m.reshape([1, -1] + [1] * (sums.ndim - 2))) + y.zero


def encode(real, y, kind):
    return clamped(np.rint(real / np.float64(y.scale)) + y.zero, kind)


def scale_of(b, exact):
    return np.float32(2.0 ** b.between(-5, -2)) if exact else np.float32(0.02 + 0.2 * b.random.random())


def zero_of(b, kind):
    return b.between(100, 150) if kind == np.uint8 else b.between(-30, 30)


def scalars(b, v, kind):
    return [b.constant(np.float32(v.scale)), b.constant(np.asarray(v.zero, kind))]


def sums_of(b, x, w, geometry):
    t = torch.from_numpy(b.value[x.name].astype(np.float64) - x.zero)
    t = F.pad(t, geometry["flat"])
    f = {1: F.conv1d, 2: F.conv2d}[t.dim() - 2]
    return f(t, torch.from_numpy(w.astype(np.float64)), None, geometry["strides"], 0, geometry["dilations"], geometry["group"]).numpy().astype(np.int64)


def geometry_of(b, shape, keep):
    """Drawn attributes of a convolution over [n][c][spatial...], and its weights' shape."""
    channels, size = shape[1], shape[2:]
    groups = b.pick(1, 1, 1, channels)
    kernel = [b.pick(1, 3) if keep else b.between(1, min(3, s)) for s in size]
    pads = [(k // 2, k // 2) if keep else (b.between(0, 1), b.between(0, 1)) for k in kernel]
    outputs = channels if keep else groups * b.between(1, 2) if groups > 1 else b.between(1, 12)
    if outputs % groups:
        groups = 1
    strides = [1 if keep else b.pick(1, 1, 2) for _ in kernel]
    attributes = dict(kernel_shape=kernel, strides=strides, dilations=[1] * len(kernel), group=groups, pads=[p[0] for p in pads] + [p[1] for p in pads])
    return attributes, dict(attributes, flat=[p for pair in reversed(pads) for p in pair]), (outputs, channels // groups, *kernel)


def drawn_weights(b, shape, exact):
    """Codes, and scales: one, or one a channel, such that results keep the size of the activations."""
    w = b.random.integers(-127, 128, shape).astype(np.int8)
    count = shape[0] if b.chance(0.6) else 1
    size = 1 / (40 * math.sqrt(math.prod(shape[1:])))
    scales = 2.0 ** np.round(np.log2(size) + b.random.uniform(-1, 1, count)) if exact else size * b.random.uniform(0.5, 2, count)
    return w, scales.astype(np.float32)


# ---- QLinear

class QLinear:
    def __init__(self, b):
        self.b, self.kind, self.exact = b, b.pick(np.uint8, np.int8), b.chance(0.3)

    def output(self):
        return Coded(None, scale_of(self.b, self.exact), zero_of(self.b, self.kind))

    def start(self):
        b, x = self.b, self.output()
        shape = (b.batch, b.between(1, 5), *[b.between(4, 12) for _ in range(b.pick(1, 2, 2))])
        array = b.real(*shape, scale=60 * float(x.scale))
        name = b.input(array)
        x.name = b.op("QuantizeLinear", [name] + scalars(b, x, self.kind), clamped(np.rint(array / x.scale) + np.float32(x.zero), self.kind))
        return x

    def convolution(self, x, keep=False):
        b, y = self.b, self.output()
        attributes, geometry, shape = geometry_of(b, b.value[x.name].shape, keep)
        w, scales = drawn_weights(b, shape, self.exact)
        sums = sums_of(b, x, w, geometry)
        inputs = [x.name] + scalars(b, x, self.kind) + [b.constant(w), b.constant(scales if len(scales) > 1 else scales[0]),
                                                         b.constant(np.zeros(scales.shape if len(scales) > 1 else (), np.int8))] + scalars(b, y, self.kind)
        if b.chance(0.7):
            bias = b.random.integers(-4000, 4000, shape[0]).astype(np.int32)
            inputs.append(b.constant(bias))
            sums = sums + bias.astype(np.int64).reshape([1, -1] + [1] * (sums.ndim - 2))
        y.name = b.op("QLinearConv", inputs, clamped(requantize(sums, (x.scale * scales).astype(np.float32), y), self.kind), **attributes)
        return y

    def pair(self, op, x, z, f):
        b, y = self.b, self.output()
        real = lambda v: np.float64(v.scale) * (b.value[v.name].astype(np.int64) - v.zero)
        inputs = [x.name] + scalars(b, x, self.kind) + [z.name] + scalars(b, z, self.kind) + scalars(b, y, self.kind)
        y.name = b.op("com.microsoft." + op, inputs, encode(f(real(x), real(z)), y, self.kind))
        return y

    def residual(self, x):
        z = self.convolution(x, keep=True)
        return self.pair("QLinearAdd", x, z, np.add) if self.b.chance(0.8) else self.pair("QLinearMul", x, z, np.multiply)

    def pool(self, x):
        b = self.b
        if b.value[x.name].ndim != 4 or b.opset < 12:
            return x
        v = b.value[x.name].astype(np.float64)
        y = F.max_pool2d(torch.from_numpy(v), 2, 2, 1).numpy().astype(self.kind)
        return Coded(b.op("MaxPool", [x.name], y, kernel_shape=[2, 2], strides=[2, 2], pads=[1, 1, 1, 1]), x.scale, x.zero)

    def function(self, x):
        b, y = self.b, self.output()
        real = np.float64(x.scale) * (b.value[x.name].astype(np.int64) - x.zero)
        inputs = [x.name] + scalars(b, x, self.kind) + scalars(b, y, self.kind)
        slope = np.float64(np.float32(0.25))
        y.name = b.op("com.microsoft.QLinearLeakyRelu", inputs, encode(np.where(real < 0, slope * real, real), y, self.kind), alpha=0.25)
        return y

    def concat(self, x):
        b, y, z = self.b, self.output(), self.convolution(x, keep=True)
        real = [np.float64(v.scale) * (b.value[v.name].astype(np.int64) - v.zero) for v in (x, z)]
        inputs = scalars(b, y, self.kind) + [x.name] + scalars(b, x, self.kind) + [z.name] + scalars(b, z, self.kind)
        y.name = b.op("com.microsoft.QLinearConcat", inputs, encode(np.concatenate(real, 1), y, self.kind), axis=1)
        return y

    def head(self, x):
        b, y = self.b, self.output()
        v = b.value[x.name].astype(np.int64) - x.zero
        plane = math.prod(v.shape[2:])
        sums = v.reshape(*v.shape[:2], -1).sum(2).reshape(*v.shape[:2], *[1] * (v.ndim - 2))
        y.name = b.op("com.microsoft.QLinearGlobalAveragePool", [x.name] + scalars(b, x, self.kind) + scalars(b, y, self.kind),
                      encode(sums * np.float64(x.scale) / plane, y, self.kind))
        flat = Coded(b.op("Flatten", [y.name], b.value[y.name].reshape(v.shape[:2])), y.scale, y.zero)
        w, scales = drawn_weights(b, (b.between(2, 10), v.shape[1]), self.exact)
        scales, z = scales[:1], self.output()
        sums = (b.value[flat.name].astype(np.int64) - flat.zero) @ w.T.astype(np.int64)
        z.name = b.op("QLinearMatMul", [flat.name] + scalars(b, flat, self.kind) + [b.constant(np.ascontiguousarray(w.T)), b.constant(scales[0]),
                                                                                    b.constant(np.int8(0))] + scalars(b, z, self.kind),
                      clamped(requantize(sums, (flat.scale * scales).astype(np.float32), z), self.kind))
        return z


def qlinear(b):
    q = QLinear(b)
    x = q.start()
    blocks = [q.convolution, q.convolution, q.residual, q.pool, q.function, q.concat]
    for _ in range(b.between(1, 5)):
        x = blocks[b.random.integers(len(blocks))](x)
    if b.chance(0.5):
        x = q.head(x)
    if b.chance(0.5):
        return [x.name]
    real = (b.value[x.name].astype(np.float32) - np.float32(x.zero)) * x.scale
    return [x.name, b.op("DequantizeLinear", [x.name] + scalars(b, x, q.kind), real)]


# ---- around operators of real numbers; scales are powers of two, so that fused or not, in whatever order, nothing is rounded but to codes

class Around:
    def __init__(self, b):
        self.b, self.kind = b, b.pick(np.uint8, np.int8)

    def real(self, x):
        return np.float64(x.scale) * (self.b.value[x.name].astype(np.int64) - x.zero)

    def wrap(self, name, real):
        """QuantizeLinear of a real value."""
        b = self.b
        y = Coded(None, scale_of(b, True), zero_of(b, self.kind) if b.chance(0.7) else int(np.iinfo(self.kind).min))
        y.name = b.op("QuantizeLinear", [name] + scalars(b, y, self.kind), encode(real, y, self.kind))
        return y

    def unwrap(self, x):
        return self.b.op("DequantizeLinear", [x.name] + scalars(self.b, x, self.kind), self.real(x).astype(np.float32))

    def weights(self, w, scales):
        b = self.b
        by_channel = len(scales) > 1 and b.opset >= 13
        scales = scales if by_channel else scales[:1]
        wide = scales.reshape([-1] + [1] * (w.ndim - 1)).astype(np.float64)
        zero = b.constant(np.zeros(len(scales) if by_channel else (), np.int8))
        name = b.op("DequantizeLinear", [b.constant(w), b.constant(scales if by_channel else scales[0]), zero], (w * wide).astype(np.float32),
                    **(dict(axis=0) if by_channel else {}))
        return name, scales, wide

    def convolution(self, x, keep=False):
        b = self.b
        attributes, geometry, shape = geometry_of(b, b.value[x.name].shape, keep)
        w, scales = drawn_weights(b, shape, True)
        name, scales, wide = self.weights(w, scales)
        inputs = [self.unwrap(x), name]
        real = sums_of(b, x, w, geometry) * np.float64(x.scale) * wide.reshape([1, -1] + [1] * (len(shape) - 2))
        if b.chance(0.7):
            bias = b.random.integers(-4000, 4000, shape[0]).astype(np.int32)
            bias_scale = (x.scale * scales).astype(np.float32)
            bv = bias * np.float64(1) * bias_scale
            inputs.append(b.op("DequantizeLinear", [b.constant(bias), b.constant(bias_scale if len(bias_scale) > 1 else bias_scale[0])], bv.astype(np.float32),
                               **(dict(axis=0) if len(bias_scale) > 1 else {})))
            real = real + bv.reshape([1, -1] + [1] * (real.ndim - 2))
        y = b.op("Conv", inputs, real.astype(np.float32), **attributes)
        if b.chance(0.5):
            real = np.maximum(real, 0)
            y = b.op("Relu", [y], real.astype(np.float32))
        return self.wrap(y, real)

    def residual(self, x):
        b, z = self.b, self.convolution(x, keep=True)
        real = self.real(x) + self.real(z)
        return self.wrap(b.op("Add", [self.unwrap(x), self.unwrap(z)], real.astype(np.float32)), real)

    def pool(self, x):
        b = self.b
        if b.value[x.name].ndim != 4:
            return x
        real = F.max_pool2d(torch.from_numpy(self.real(x)), 3, 2, 1).numpy()
        return self.wrap(b.op("MaxPool", [self.unwrap(x)], real.astype(np.float32), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]), real)

    def head(self, x):
        b = self.b
        v = b.value[x.name]
        real = self.real(x).max(tuple(range(2, v.ndim)))
        y = b.op("ReduceMax", [self.unwrap(x)], real.astype(np.float32), axes=list(range(2, v.ndim)), keepdims=0)
        x = self.wrap(y, real)
        w, scales = drawn_weights(b, (b.between(2, 9), v.shape[1]), True)
        turned = b.opset >= 11 and b.chance(0.6)  # before, Gemm had to have a bias
        name, scales, wide = self.weights(w if turned else np.ascontiguousarray(w.T), scales[:1])
        real = self.real(x) @ (w * wide).T
        if turned:
            return self.wrap(b.op("Gemm", [self.unwrap(x), name], real.astype(np.float32), transB=1), real)
        return self.wrap(b.op("MatMul", [self.unwrap(x), name], real.astype(np.float32)), real)


def around(b):
    q = Around(b)
    shape = (b.batch, b.between(1, 5), *[b.between(4, 12) for _ in range(b.pick(1, 2, 2))])
    array = b.real(*shape, scale=4)
    x = q.wrap(b.input(array), array)
    for _ in range(b.between(1, 5)):
        x = b.pick(q.convolution, q.convolution, q.residual, q.pool)(x)
    if b.chance(0.5):
        x = q.head(x)
    return [q.unwrap(x)]
