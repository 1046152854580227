"""Convolutions, products, pools and reductions, each by its definition: for scripts/make_tflite_cases.py."""
import math

import numpy as np

from tflite_case_math import *


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
