"""Random networks of real numbers: images of one to three dimensions, and sequences. Used by scripts/random_networks."""
import math

import numpy as np
import torch
import torch.nn.functional as F

CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
MAX_POOL = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
AVERAGE_POOL = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}


def both_ends(pads):
    """ONNX's pads (all beginnings, then all ends) from pairs."""
    return [p[0] for p in pads] + [p[1] for p in pads]


def padded(t, pads, value=0.0):
    return F.pad(t, [p for pair in reversed(pads) for p in pair], value=value)


# ---- single operators

def convolution(b, x, outputs=None, keep=False):
    t, rank = b.value[x], b.value[x].dim() - 2
    channels = t.shape[1]
    groups = b.pick(1, 1, channels, *(g for g in (2, 3) if channels % g == 0))
    outputs = outputs or groups * b.between(1, 3 if groups == channels > 3 else 12 // groups + 1)
    if outputs % groups:
        groups = 1
    kernel = [b.pick(1, 3) if keep else b.between(1, min(3, s)) for s in t.shape[2:]]
    dilation = [1 if k == 1 or not b.chance(0.25) or (k - 1) * 2 >= s else 2 for k, s in zip(kernel, t.shape[2:])]
    stride = [1 if keep else b.pick(1, 1, 2) for _ in kernel]
    reach = [(k - 1) * d for k, d in zip(kernel, dilation)]
    pads = [(r // 2, r - r // 2) if keep else (b.between(0, 2), b.between(0, 2)) for r in reach]
    w, wv = b.weight(outputs, channels // groups, *kernel, scale=1 / math.sqrt(channels // groups * math.prod(kernel)))
    bias, bv = b.weight(outputs, scale=0.3) if b.chance(0.7) else (None, None)
    y = CONV[rank](padded(t, pads), wv, bv, stride, 0, dilation, groups)
    attributes = dict(kernel_shape=kernel, strides=stride, dilations=dilation, group=groups)
    if keep and all(s == 1 for s in stride) and b.chance(0.3):
        attributes["auto_pad"] = "SAME_UPPER"
    else:
        attributes["pads"] = both_ends(pads)
    return b.op("Conv", [x, w] + ([bias] if bias else []), y, **attributes)


def transposed(b, x):
    t, rank = b.value[x], b.value[x].dim() - 2
    channels = t.shape[1]
    groups = b.pick(1, 1, channels)
    each = b.between(1, 6 if groups == 1 else 2)
    kernel, stride = [b.between(1, 4) for _ in range(rank)], [b.pick(1, 2, 2, 3) for _ in range(rank)]
    pads = [b.between(0, (k - 1) // 2) for k in kernel]
    extra = [b.between(0, s - 1) for s in stride]
    w, wv = b.weight(channels, each, *kernel, scale=1 / math.sqrt(channels // groups))
    bias, bv = b.weight(each * groups) if b.chance(0.5) else (None, None)
    y = TRANSPOSED[rank](t, wv, bv, stride, pads, extra, groups)
    return b.op("ConvTranspose", [x, w] + ([bias] if bias else []), y, group=groups, kernel_shape=kernel, strides=stride, pads=pads + pads, output_padding=extra)


def norm(b, x):
    t = b.value[x]
    c = t.shape[1]
    gamma, gv = b.weight(c, scale=0.5)
    beta, ev = b.weight(c, scale=0.5)
    if b.chance(0.3) and math.prod(t.shape[2:]) > 8:
        return b.op("InstanceNormalization", [x, gamma, beta], F.instance_norm(t, weight=gv, bias=ev, eps=float(np.float32(1e-2))), epsilon=1e-2)
    mean, mv = b.weight(c, scale=0.3)
    spread = np.abs(b.real(c)) + np.float32(0.5)
    y = F.batch_norm(t, mv, torch.from_numpy(spread.astype(np.float64)), gv, ev, eps=float(np.float32(1e-5)))
    return b.op("BatchNormalization", [x, gamma, beta, mean, b.constant(spread)], y)


def clip(b, x, low, high):
    y = b.value[x].clamp(low, high)
    if b.opset < 11:
        return b.op("Clip", [x], y, min=low, max=high)
    return b.op("Clip", [x, b.constant(np.float32(low)), b.constant(np.float32(high))], y)


def activation(b, x):
    t = b.value[x]
    kind = b.pick("Relu", "Relu", "Relu", "Clip", "LeakyRelu", "Sigmoid", "Tanh", "Elu", "Selu", "HardSigmoid", "PRelu", "Softplus", "Softsign", "Swish", "Erf",
                  "ThresholdedRelu", "HardSwish")
    plain = {"Relu": F.relu, "Sigmoid": torch.sigmoid, "Tanh": torch.tanh, "Elu": F.elu, "Selu": F.selu, "Softplus": F.softplus, "Softsign": F.softsign}
    if kind in plain:
        return b.op(kind, [x], plain[kind](t))
    if kind == "Clip":
        return clip(b, x, *b.pick((0.0, 6.0), (-1.0, 1.0), (-0.5, 2.5)))
    if kind == "LeakyRelu":
        return b.op(kind, [x], F.leaky_relu(t, float(np.float32(0.1))), alpha=0.1)
    if kind == "HardSigmoid":
        return b.op(kind, [x], (t * 0.25 + 0.5).clamp(0, 1), alpha=0.25, beta=0.5)
    if kind == "PRelu":
        slope, sv = b.weight(t.shape[1], *[1] * (t.dim() - 2))
        return b.op(kind, [x, slope], torch.where(t < 0, t * sv, t))
    if kind == "HardSwish" and b.opset >= 14:
        return b.op(kind, [x], F.hardswish(t))
    if kind == "Erf" and b.opset >= 9:
        return gelu(b, x)
    return b.op("Mul", [x, b.op("Sigmoid", [x], torch.sigmoid(t))], F.silu(t))


def gelu(b, x):
    t = b.value[x]
    root = np.float32(math.sqrt(2))
    d = b.op("Div", [x, b.constant(root)], t / float(root))
    e = b.op("Erf", [d], torch.erf(b.value[d]))
    s = b.op("Add", [e, b.constant(np.float32(1))], b.value[e] + 1)
    m = b.op("Mul", [x, s], t * b.value[s])
    return b.op("Mul", [m, b.constant(np.float32(0.5))], b.value[m] * 0.5)


def pool(b, x):
    t, rank = b.value[x], b.value[x].dim() - 2
    kernel = [b.between(1, min(3, s)) for s in t.shape[2:]]
    stride = [b.pick(1, 2) for _ in kernel]
    if rank == 1:
        stride = stride[:1]
    pads = [b.between(0, k // 2) for k in kernel]
    attributes = dict(kernel_shape=kernel, strides=stride, pads=pads + pads)
    kind = b.pick("MaxPool", "AveragePool", "AveragePool")
    if b.opset >= 10 and b.chance(0.2):
        attributes["ceil_mode"] = 1
    ceil = bool(attributes.get("ceil_mode"))
    one = (lambda v: v[0]) if rank == 1 else (lambda v: v)
    if kind == "MaxPool":
        return b.op(kind, [x], MAX_POOL[rank](t, one(kernel), one(stride), one(pads), ceil_mode=ceil), **attributes)
    inside = b.chance(0.5)
    if inside:
        attributes["count_include_pad"] = 1
    return b.op(kind, [x], AVERAGE_POOL[rank](t, one(kernel), one(stride), one(pads), ceil_mode=ceil, count_include_pad=inside), **attributes)


def pad(b, x):
    t, rank = b.value[x], b.value[x].dim() - 2
    pads = [(b.between(0, 2), b.between(0, 2)) for _ in range(rank)]
    mode = b.pick("constant", "constant", "edge", "reflect")
    if mode == "reflect" and any(s < 3 for s in t.shape[2:]) or rank == 3 and mode == "reflect":
        mode = "edge"
    value = b.pick(0.0, 0.5) if mode == "constant" else 0.0
    flat = [p for pair in reversed(pads) for p in pair]
    y = F.pad(t, flat, value=value) if mode == "constant" else F.pad(t, flat, mode={"edge": "replicate", "reflect": "reflect"}[mode])
    numbers = both_ends([(0, 0), (0, 0)] + pads)
    if b.opset < 11:
        return b.op("Pad", [x], y, mode=mode, pads=numbers, value=value)
    return b.op("Pad", [x, b.ints(*numbers), b.constant(np.float32(value))], y, mode=mode)


def enlarge(b, x):
    t, rank = b.value[x], b.value[x].dim() - 2
    factor = [b.pick(1, 2, 3) for _ in range(rank)]
    scales = np.asarray([1, 1] + factor, np.float32)
    size = [s * f for s, f in zip(t.shape[2:], factor)]
    if b.opset < 9:
        return b.op("Upsample", [x], F.interpolate(t, size=size, mode="nearest"), mode="nearest", scales=[float(s) for s in scales])
    if b.opset == 9:
        return b.op("Upsample", [x, b.constant(scales)], F.interpolate(t, size=size, mode="nearest"), mode="nearest")
    if b.opset == 10:
        return b.op("Resize", [x, b.constant(scales)], F.interpolate(t, size=size, mode="nearest"), mode="nearest")
    roi = b.constant(np.zeros(0, np.float32)) if b.opset < 13 else None
    inputs = [x, roi, b.constant(scales)] if b.chance(0.5) else [x, roi, b.constant(np.zeros(0, np.float32)) if b.opset < 13 else None, b.ints(*t.shape[:2], *size)]
    if b.chance(0.5):
        return b.op("Resize", inputs, F.interpolate(t, size=size, mode="nearest"), mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    mode = {1: "linear", 2: "bilinear", 3: "trilinear"}[rank]
    corners = b.chance(0.5)
    return b.op("Resize", inputs, F.interpolate(t, size=size, mode=mode, align_corners=corners), mode="linear",
                coordinate_transformation_mode="align_corners" if corners else "half_pixel" if min(size) > 1 else "pytorch_half_pixel")


# ---- blocks of several

def residual(b, x):
    y = convolution(b, x, b.value[x].shape[1], keep=True)
    y = activation(b, norm(b, y) if b.chance(0.5) else y)
    y = convolution(b, y, b.value[x].shape[1], keep=True)
    z = b.op("Add", [x, y] if b.chance(0.5) else [y, x], b.value[x] + b.value[y])
    return b.op("Relu", [z], F.relu(b.value[z])) if b.chance(0.6) else z


def branches(b, x):
    parts = [convolution(b, x, b.between(1, 6), keep=True) for _ in range(b.between(1, 3))] + ([x] if b.chance(0.5) else [])
    return b.op("Concat", parts, torch.cat([b.value[p] for p in parts], 1), axis=1)


def split(b, x):
    t = b.value[x]
    if t.shape[1] < 2:
        return x
    first = b.between(1, t.shape[1] - 1)
    parts = b.listed("Split", x, list(torch.split(t, [first, t.shape[1] - first], 1)), "split", [first, t.shape[1] - first], 13, axis=1)
    parts = [activation(b, parts[0]), parts[1]]
    if b.chance(0.5):
        parts.reverse()
    return b.op("Concat", parts, torch.cat([b.value[p] for p in parts], 1), axis=1)


def squeeze_excite(b, x):
    t, rank = b.value[x], b.value[x].dim() - 2
    dims = tuple(range(2, 2 + rank))
    if b.chance(0.5):
        s = b.op("GlobalAveragePool", [x], t.mean(dims, keepdim=True))
    else:
        s = b.op("ReduceMean", [x], t.mean(dims, keepdim=True), axes=list(dims), keepdims=1)
    for outputs, f in ((b.between(1, 4), "Relu"), (t.shape[1], "Sigmoid")):
        w, wv = b.weight(outputs, b.shape(s)[1], *[1] * rank, scale=1 / math.sqrt(b.shape(s)[1]))
        s = b.op("Conv", [s, w], CONV[rank](b.value[s], wv))
        s = b.op(f, [s], (F.relu if f == "Relu" else torch.sigmoid)(b.value[s]))
    return b.op("Mul", [x, s], t * b.value[s])


def cut(b, x):
    t = b.value[x]
    axis = b.between(2, t.dim() - 1)
    start = b.between(0, t.shape[axis] - 1)
    end = b.between(start + 1, t.shape[axis])
    y = t.narrow(axis, start, end - start)
    if b.opset < 10:
        return b.op("Slice", [x], y, axes=[axis], starts=[start], ends=[end])
    return b.op("Slice", [x, b.ints(start), b.ints(end if b.chance(0.5) else end - t.shape[axis] if end < t.shape[axis] else 2**31), b.ints(axis)], y)


def lrn(b, x):
    size = b.pick(3, 5)
    return b.op("LRN", [x], F.local_response_norm(b.value[x], size, 0.5, 0.75, 1.0), size=size, alpha=0.5, beta=0.75, bias=1.0)


def dense(b, x, outputs):
    t = b.value[x]
    turned = b.chance(0.5)
    w, wv = b.weight(*((outputs, t.shape[1]) if turned else (t.shape[1], outputs)), scale=1 / math.sqrt(t.shape[1]))
    bias, bv = b.weight(outputs)
    if not turned and b.chance(0.3):
        y = b.op("MatMul", [x, w], t @ wv)
        return b.op("Add", [y, bias], b.value[y] + bv)
    return b.op("Gemm", [x, w, bias], t @ (wv.T if turned else wv) + bv, transB=int(turned))


def head(b, x):
    t = b.value[x]
    kind = b.pick("flat", "pool", "mean", "none", "none")
    if kind == "none" or t.numel() // t.shape[0] > 4096 and kind == "flat":
        return x
    dims = tuple(range(2, t.dim()))
    if kind == "flat":
        y = b.op("Flatten", [x], t.flatten(1)) if b.chance(0.5) else b.op("Reshape", [x, b.ints(0, -1)], t.flatten(1))
    elif kind == "pool":
        y = b.op("GlobalMaxPool", [x], t.amax(dims, keepdim=True))
        y = b.listed("Squeeze", y, b.value[y].flatten(1), "axes", dims, 13)
    else:
        y = b.op("ReduceMean", [x], t.mean(dims), axes=list(dims), keepdims=0)
    y = dense(b, y, b.between(2, 12))
    return b.op("Softmax", [y], torch.softmax(b.value[y], 1), axis=1) if b.chance(0.5) else y


def images(b):
    rank = b.pick(1, 2, 2, 2, 2, 3)
    size = {1: (6, 24), 2: (5, 14), 3: (3, 6)}[rank]
    x = b.input(b.real(b.batch, b.between(1, 6), *[b.between(*size) for _ in range(rank)]))
    blocks = [lambda b, x: activation(b, convolution(b, x)), lambda b, x: activation(b, norm(b, convolution(b, x))), convolution, transposed, residual, branches,
              split, squeeze_excite, pool, pad, enlarge, cut, lrn, activation, norm]
    weights = np.asarray([4, 4, 2, 2, 3, 2, 1, 1, 2, 1, 1, 1, 0.5, 1, 1])
    outputs = []
    for _ in range(b.between(2, 6)):
        if b.value[x].numel() > 60000:
            break
        x = blocks[b.random.choice(len(blocks), p=weights / weights.sum())](b, x)
        if b.chance(0.1):
            outputs.append(x)
    x = head(b, x)
    return [o for o in dict.fromkeys(outputs + [x]) if o not in b.inputs] or [activation(b, x)]


# ---- sequences

def layer_norm(b, x):
    t = b.value[x]
    d = t.shape[-1]
    w, wv = b.weight(d)
    bias, bv = b.weight(d)
    eps = float(np.float32(1e-3))
    y = F.layer_norm(t, (d,), wv, bv, eps)
    if b.opset >= 17 and b.chance(0.7):
        return b.op("LayerNormalization", [x, w, bias], y, axis=-1, epsilon=1e-3)
    m = b.op("ReduceMean", [x], t.mean(-1, keepdim=True), axes=[-1])
    c = b.op("Sub", [x, m], t - b.value[m])
    s = b.op("Pow", [c, b.constant(np.float32(2))], b.value[c] ** 2)
    v = b.op("ReduceMean", [s], b.value[s].mean(-1, keepdim=True), axes=[-1])
    e = b.op("Add", [v, b.constant(np.float32(1e-3))], b.value[v] + eps)
    r = b.op("Sqrt", [e], b.value[e].sqrt())
    n = b.op("Div", [c, r], b.value[c] / b.value[r])
    n = b.op("Mul", [n, w], b.value[n] * wv)
    return b.op("Add", [n, bias], b.value[n] + bv)


def linear(b, x, outputs):
    t = b.value[x]
    w, wv = b.weight(t.shape[-1], outputs, scale=1 / math.sqrt(t.shape[-1]))
    y = b.op("MatMul", [x, w], t @ wv)
    bias, bv = b.weight(outputs)
    return b.op("Add", [y, bias] if b.chance(0.5) else [bias, y], b.value[y] + bv) if b.chance(0.8) else y


def attention(b, x):
    n, length, d = b.shape(x)
    heads = b.pick(*(h for h in (1, 2, 4) if d % h == 0))
    parts = []
    for order in ((0, 2, 1, 3), (0, 2, 3, 1), (0, 2, 1, 3)):
        y = linear(b, x, d)
        y = b.op("Reshape", [y, b.ints(0, b.pick(0, length), heads, d // heads)], b.value[y].reshape(n, length, heads, d // heads))
        parts.append(b.op("Transpose", [y], b.value[y].permute(order), perm=list(order)))
    s = b.op("MatMul", parts[:2], b.value[parts[0]] @ b.value[parts[1]])
    root = np.float32(math.sqrt(d // heads))
    s = b.op("Div", [s, b.constant(root)], b.value[s] / float(root))
    s = b.op("Softmax", [s], torch.softmax(b.value[s], -1), axis=3 if b.chance(0.5) else -1)
    y = b.op("MatMul", [s, parts[2]], b.value[s] @ b.value[parts[2]])
    y = b.op("Transpose", [y], b.value[y].permute(0, 2, 1, 3), perm=[0, 2, 1, 3])
    y = b.op("Reshape", [y, b.ints(0, 0, -1)], b.value[y].reshape(n, length, d))
    return linear(b, y, d)


def transformer_block(b, x):
    y = attention(b, layer_norm(b, x))
    x = b.op("Add", [x, y], b.value[x] + b.value[y])
    y = linear(b, layer_norm(b, x), b.between(4, 24))
    y = gelu(b, y) if b.opset >= 9 else b.op("Relu", [y], F.relu(b.value[y]))
    y = linear(b, y, b.shape(x)[-1])
    return b.op("Add", [x, y], b.value[x] + b.value[y])


def reduced(b, x):
    t = b.value[x]
    f = {"ReduceMean": torch.mean, "ReduceMax": torch.amax, "ReduceMin": torch.amin, "ReduceL2": lambda v, d, k: (v * v).sum(d, k).sqrt(),
         "ReduceSumSquare": lambda v, d, k: (v * v).sum(d, k), "ReduceL1": lambda v, d, k: v.abs().sum(d, k), "ReduceLogSumExp": torch.logsumexp}
    kind = b.pick("ReduceSum", *f)
    if kind == "ReduceSum":
        return b.listed(kind, x, t.sum(1), "axes", [1], 13, keepdims=0)
    return b.op(kind, [x], f[kind](t, (1,), False), axes=[1], keepdims=0)


def sequences(b):
    length, d = b.between(2, 9), b.pick(4, 8, 12, 16)
    if b.chance(0.5):
        words = b.between(5, 30)
        table, tv = b.weight(words, d)
        index = b.input(b.random.integers(0, words, (b.batch, length)).astype(np.int64))
        x = b.op("Gather", [table, index], tv[torch.from_numpy(b.value[index])], axis=0)
        place, pv = b.weight(length, d, scale=0.3)
        x = b.op("Add", [x, place], b.value[x] + pv)
    else:
        x = b.input(b.real(b.batch, length, d))
    for _ in range(b.between(1, 2)):
        x = transformer_block(b, x)
    x = layer_norm(b, x)
    if b.chance(0.6):
        x = dense(b, reduced(b, x), b.between(2, 10))
    return [x]
