"""Operators that move numbers, and resizing: for scripts/make_tflite_cases.py."""
import math

import numpy as np

from tflite_case_math import *


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
