#!/usr/bin/python3
"""Trains the shipped network on scikit-learn's handwritten digits and writes sim/networks/digits.

Usage: /usr/bin/python3 scripts/train_digits.py [OUTPUT_FOLDER]

Needs Debian's python3-torch, python3-sklearn, python3-onnx, python3-numpy. Nothing else in the project needs Python to run the network: the
files written here are committed. One thread and fixed seeds, so that one machine gives the same files again; another CPU may round
differently in training.
"""
import json
import pathlib
import sys

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SEED = 2021
EPOCHS = 80
TEST_SHARE = 0.25
OPSET = 13
IR_VERSION = 7


# ---- training

class Net(torch.nn.Module):
    """1x8x8 -> conv 3x3 -> conv 3x3 / 2 -> depthwise 3x3 -> pointwise -> max pool -> dense 10."""

    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = torch.nn.Conv2d(16, 32, 3, stride=2, padding=1)
        self.depthwise = torch.nn.Conv2d(32, 32, 3, padding=1, groups=32)
        self.pointwise = torch.nn.Conv2d(32, 32, 1)
        self.dense = torch.nn.Linear(128, 10, bias=False)

    def forward(self, x):
        for conv in (self.conv1, self.conv2, self.depthwise, self.pointwise):
            x = torch.relu(conv(x))
        return self.dense(torch.nn.functional.max_pool2d(x, 2).flatten(1))


def data():
    digits = load_digits()
    images = (digits.images.astype(np.float32) / 16)[:, None]
    labels = digits.target.astype(np.int64)
    return train_test_split(images, labels, test_size=TEST_SHARE, random_state=SEED, stratify=labels)


def shifted(x, generator):
    """Each image moved by up to one pixel in each direction."""
    padded = torch.nn.functional.pad(x, (1, 1, 1, 1))
    moves = torch.randint(0, 3, (len(x), 2), generator=generator)
    return torch.stack([p[:, dy:dy + 8, dx:dx + 8] for p, (dy, dx) in zip(padded, moves.tolist())])


def train(images, labels):
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    generator = torch.Generator().manual_seed(SEED)
    net = Net()
    optimiser = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=1e-2)
    batches = (len(images) + 63) // 64
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 8e-3, EPOCHS * batches)
    x, y = torch.from_numpy(images), torch.from_numpy(labels)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(x), generator=generator).split(64):
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(net(shifted(x[batch], generator)), y[batch], label_smoothing=0.05)
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()


# ---- numpy reference of the ONNX operators used

def conv(x, w, stride, pad, group, pad_value=0):
    """Convolution without bias, in x's and w's own arithmetic (float64 or int64)."""
    n, channels, height, width = x.shape
    outputs, _, kh, kw = w.shape
    padded = np.full((n, channels, height + 2 * pad, width + 2 * pad), pad_value, x.dtype)
    padded[:, :, pad:pad + height, pad:pad + width] = x
    oh, ow = (height + 2 * pad - kh) // stride + 1, (width + 2 * pad - kw) // stride + 1
    y = np.zeros((n, outputs, oh, ow), x.dtype)
    per_in, per_out = channels // group, outputs // group
    for g in range(group):
        xg, wg = padded[:, g * per_in:(g + 1) * per_in], w[g * per_out:(g + 1) * per_out]
        for i in range(kh):
            for j in range(kw):
                patch = xg[:, :, i:i + stride * oh:stride, j:j + stride * ow:stride]
                y[:, g * per_out:(g + 1) * per_out] += np.einsum("nchw,oc->nohw", patch, wg[:, :, i, j])
    return y


def max_pool(x):
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w // 2, 2).max((3, 5))


def quantize(x, scale, zero):
    """QuantizeLinear: float32 division, round half to even, saturate."""
    q = np.rint(x.astype(np.float32) / np.float32(scale)) + zero
    return np.clip(q, -128, 127).astype(np.int8)


def requantize(total, x_scale, w_scale, y_scale, y_zero):
    """int32 sums to int8: one float32 multiplier a channel, the product exact, rounded half to even.

    ONNX leaves the arithmetic open. This is what an output stage of integers does (docs: numerics, fixed point); onnxruntime rounds the
    product to float32 first, which moves a value from one side of a half to the other now and then: counted in float32_differs.
    """
    multiplier = np.float32(x_scale) * w_scale.astype(np.float32) / np.float32(y_scale)
    assert np.abs(total).max() < 2 ** 29  # so that the float64 product is exact
    rounded = np.rint(total.astype(np.float64) * multiplier.astype(np.float64))
    requantize.values += rounded.size
    requantize.float32_differs += int((np.rint(total.astype(np.float32) * multiplier) != rounded).sum())
    return np.clip(rounded + y_zero, -128, 127).astype(np.int8)


requantize.values = requantize.float32_differs = 0


# ---- the two networks

LAYERS = (("conv1", 1, 1, 1), ("conv2", 2, 1, 1), ("depthwise", 1, 1, 32), ("pointwise", 1, 0, 1))  # name, stride, pad, group


def run_float(params, images):
    """float64 evaluation of the fp32 network; gives every tensor by name."""
    x = {"image": images.astype(np.float64)}
    last = x["image"]
    for name, stride, pad, group in LAYERS:
        y = conv(last, params[name + ".weight"].astype(np.float64), stride, pad, group)
        last = np.maximum(y + params[name + ".bias"].astype(np.float64)[None, :, None, None], 0)
        x[name] = last
    x["pool"] = max_pool(last)
    x["logits"] = x["pool"].reshape(len(images), -1) @ params["dense.weight"].astype(np.float64)
    return x


def calibrate(tensors):
    """Scale and zero point of each tensor for int8 codes -128 .. 127, from its smallest and largest value."""
    out = {}
    for name, value in tensors.items():
        low, high = min(value.min(), 0.0), max(value.max(), 0.0)
        scale = np.float32((high - low) / 255)
        out[name] = scale, int(np.clip(np.rint(-128 - low / scale), -128, 127))
    out["pool"] = out["pointwise"]
    return out


def quantize_params(params, scales):
    """int8 weights, symmetric (-127 .. 127), a scale by output channel; int32 biases."""
    out, source = {}, "image"
    for name, *_ in LAYERS:
        w = params[name + ".weight"]
        scale = (np.abs(w).max((1, 2, 3)) / 127).astype(np.float32)
        out[name + ".scale"] = scale
        out[name + ".weight"] = np.clip(np.rint(w / scale[:, None, None, None]), -127, 127).astype(np.int8)
        total = np.float64(scales[source][0]) * scale.astype(np.float64)
        out[name + ".bias"] = np.rint(params[name + ".bias"].astype(np.float64) / total).astype(np.int32)
        source = name
    w = params["dense.weight"]
    scale = (np.abs(w).max(0) / 127).astype(np.float32)
    out["dense.scale"] = scale
    out["dense.weight"] = np.clip(np.rint(w / scale), -127, 127).astype(np.int8)
    return out


def run_int8(q, scales, images):
    """The int8 network by the rules of QuantizeLinear, QLinearConv, MaxPool, QLinearMatMul; gives every int8 tensor by name."""
    x = {"image": quantize(images, *scales["image"])}
    source = "image"
    for name, stride, pad, group in LAYERS:
        centred = x[source].astype(np.int64) - scales[source][1]
        total = conv(centred, q[name + ".weight"].astype(np.int64), stride, pad, group)
        total += q[name + ".bias"].astype(np.int64)[None, :, None, None]
        x[name] = requantize(total, scales[source][0], q[name + ".scale"][None, :, None, None], *scales[name])
        source = name
    x["pool"] = max_pool(x[source])
    centred = x["pool"].reshape(len(images), -1).astype(np.int64) - scales["pool"][1]
    x["logits"] = requantize(centred @ q["dense.weight"].astype(np.int64), scales["pool"][0], q["dense.scale"], *scales["logits"])
    return x


# ---- ONNX files

def conv_attributes(q, name, stride, pad, group):
    kernel = q[name + ".weight"].shape[2:]
    return dict(kernel_shape=list(kernel), strides=[stride] * 2, pads=[pad] * 4, dilations=[1, 1], group=group)


def save_model(path, name, nodes, constants):
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 1, 8, 8])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 10])],
        [numpy_helper.from_array(np.asarray(value), key) for key, value in constants.items()])
    model = helper.make_model(graph, producer_name="bitlet train_digits.py", opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString())


def save_float(path, params):
    nodes, source = [], "image"
    for name, stride, pad, group in LAYERS:
        nodes.append(helper.make_node("Conv", [source, name + ".weight", name + ".bias"], [name + "_sum"], name,
                                      **conv_attributes(params, name, stride, pad, group)))
        nodes.append(helper.make_node("Relu", [name + "_sum"], [name + "_out"], name + "_relu"))
        source = name + "_out"
    nodes.append(helper.make_node("MaxPool", [source], ["pool_out"], "pool", kernel_shape=[2, 2], strides=[2, 2]))
    nodes.append(helper.make_node("Flatten", ["pool_out"], ["features"], "flatten", axis=1))
    nodes.append(helper.make_node("MatMul", ["features", "dense.weight"], ["logits"], "dense"))
    save_model(path, "digits_fp32", nodes, params)


def save_int8(path, q, scales):
    constants = {}

    def scale_of(name):
        constants.setdefault(name + ".out_scale", np.float32(scales[name][0]))
        constants.setdefault(name + ".out_zero", np.int8(scales[name][1]))
        return [name + ".out_scale", name + ".out_zero"]

    def weights_of(name):
        constants[name + ".weight"] = q[name + ".weight"]
        constants[name + ".scale"] = q[name + ".scale"]
        constants[name + ".zero"] = np.zeros(q[name + ".scale"].shape, np.int8)
        return [name + ".weight", name + ".scale", name + ".zero"]

    nodes = [helper.make_node("QuantizeLinear", ["image"] + scale_of("image"), ["image_q"], "quantize")]
    source = "image"
    for name, stride, pad, group in LAYERS:
        constants[name + ".bias"] = q[name + ".bias"]
        inputs = [source + "_q"] + scale_of(source) + weights_of(name) + scale_of(name) + [name + ".bias"]
        nodes.append(helper.make_node("QLinearConv", inputs, [name + "_q"], name, **conv_attributes(q, name, stride, pad, group)))
        source = name
    nodes.append(helper.make_node("MaxPool", [source + "_q"], ["pool_q"], "pool", kernel_shape=[2, 2], strides=[2, 2]))
    nodes.append(helper.make_node("Flatten", ["pool_q"], ["features_q"], "flatten", axis=1))
    inputs = ["features_q"] + scale_of("pointwise") + weights_of("dense") + scale_of("logits")
    nodes.append(helper.make_node("QLinearMatMul", inputs, ["logits_q"], "dense"))
    nodes.append(helper.make_node("DequantizeLinear", ["logits_q"] + scale_of("logits"), ["logits"], "dequantize"))
    save_model(path, "digits_int8", nodes, constants)


def accuracy(logits, labels):
    return {"images": len(labels), "correct": int((logits.argmax(1) == labels).sum())}


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "sim" / "networks" / "digits"
    folder.mkdir(parents=True, exist_ok=True)
    train_images, test_images, train_labels, test_labels = data()
    net = train(train_images, train_labels)
    params = {key: value.detach().numpy() for key, value in net.state_dict().items()}
    params["dense.weight"] = np.ascontiguousarray(params["dense.weight"].T)

    scales = calibrate(run_float(params, train_images))
    q = quantize_params(params, scales)
    fp32, int8 = run_float(params, test_images), run_int8(q, scales, test_images)
    torch_logits = net(torch.from_numpy(test_images)).detach().numpy()
    assert np.abs(torch_logits - fp32["logits"]).max() < 1e-5 * np.abs(fp32["logits"]).max(), "numpy and PyTorch disagree"

    save_float(folder / "digits_fp32.onnx", params)
    save_int8(folder / "digits_int8.onnx", q, scales)
    np.save(folder / "images.npy", test_images)
    np.save(folder / "labels.npy", test_labels.astype(np.uint8))
    np.save(folder / "logits_fp32.npy", fp32["logits"].astype(np.float32))
    np.save(folder / "logits_int8.npy", int8["logits"])
    result = {"train_images": len(train_labels), "fp32": accuracy(fp32["logits"], test_labels),
              "int8": accuracy(int8["logits"], test_labels)}
    (folder / "accuracy.json").write_text(json.dumps(result, indent="\t") + "\n")
    print(json.dumps(result))
    print("train accuracy", accuracy(run_float(params, train_images)["logits"], train_labels))
    print("requantised values that a float32 product would round differently:", requantize.float32_differs, "of", requantize.values)


if __name__ == "__main__":
    main()
