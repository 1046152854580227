#!/usr/bin/python3
"""Writes tests/refmodel/host_ops_torch.txt: operator cases whose expected outputs PyTorch or numpy computed.

Usage: /usr/bin/python3 scripts/make_op_cases.py > tests/refmodel/host_ops_torch.txt

Needs Debian's python3-torch and python3-numpy. The tests need only the file that this wrote.
"""
import numpy as np
import torch
import torch.nn.functional as F

random = np.random.default_rng(7)


def array(*shape):
    """Small multiples of 1/8: short in decimal and exact in binary."""
    return torch.from_numpy(random.integers(-16, 17, shape).astype(np.float32) / 8)


def text(t):
    a = np.asarray(t)
    shape = "x".join(map(str, a.shape)) or "scalar"
    return f"{a.dtype} {shape} " + " ".join(f"{v:.9g}" for v in a.reshape(-1))


def case(name, node, inputs, output, opset=13):
    print(f"\ncase torch_{name} {opset}\nnode {node}")
    for t in inputs:
        print("in " + text(t))
    print("out " + text(output))


def convolutions():
    for name, x, w, stride, pad, dilation, group in (
            ("3x3", (2, 3, 5, 4), (4, 3, 3, 3), 1, 1, 1, 1), ("stride", (1, 2, 7, 6), (3, 2, 3, 3), 2, 1, 1, 1),
            ("dilated", (1, 1, 7, 7), (2, 1, 3, 3), 1, 2, 2, 1), ("grouped", (1, 4, 4, 4), (6, 2, 3, 3), 1, 0, 1, 2),
            ("depthwise", (2, 3, 4, 4), (3, 1, 3, 3), 1, 1, 1, 3), ("pointwise", (1, 5, 3, 3), (4, 5, 1, 1), 1, 0, 1, 1)):
        a, b, bias = array(*x), array(*w), array(w[0])
        node = f"Conv group={group} strides=[{stride},{stride}] pads=[{pad},{pad},{pad},{pad}] dilations=[{dilation},{dilation}]"
        case("conv_" + name, node, (a, b, bias), F.conv2d(a, b, bias, stride, pad, dilation, group))
    a, b = array(1, 2, 3, 4, 3), array(2, 2, 2, 3, 2)
    case("conv_3d", "Conv pads=[0,1,0,0,1,0]", (a, b), F.conv3d(a, b, padding=(0, 1, 0)))
    a, b = array(2, 2, 6), array(3, 2, 3)
    case("conv_1d", "Conv strides=[2]", (a, b), F.conv1d(a, b, stride=2))


def pools():
    a = array(1, 2, 5, 5)
    case("maxpool", "MaxPool kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1]", (a,), F.max_pool2d(a, 3, 2, 1))
    case("maxpool_ceil", "MaxPool kernel_shape=[2,2] strides=[2,2] ceil_mode=1", (a,), F.max_pool2d(a, 2, 2, ceil_mode=True))
    case("maxpool_dilated", "MaxPool kernel_shape=[2,2] dilations=[2,2]", (a,), F.max_pool2d(a, 2, 1, dilation=2))
    case("averagepool", "AveragePool kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1]", (a,),
         F.avg_pool2d(a, 3, 2, 1, count_include_pad=False))
    case("averagepool_with_pads", "AveragePool kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1] count_include_pad=1", (a,),
         F.avg_pool2d(a, 3, 2, 1, count_include_pad=True))
    a = array(1, 1, 6, 6)
    case("averagepool_ceil_with_pads", "AveragePool kernel_shape=[3,3] strides=[2,2] count_include_pad=1 ceil_mode=1", (a,),
         F.avg_pool2d(a, 3, 2, 0, ceil_mode=True, count_include_pad=True))
    case("averagepool_ceil", "AveragePool kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1] ceil_mode=1", (a,),
         F.avg_pool2d(a, 3, 2, 1, ceil_mode=True, count_include_pad=False))


def products():
    a, b, c = array(3, 4), array(4, 2), array(3, 2)
    case("gemm", "Gemm alpha=0.5 beta=2.0", (a, b, c), 0.5 * (a @ b) + 2 * c)
    case("gemm_transposed", "Gemm transA=1 transB=1", (a.T.contiguous(), b.T.contiguous()), a @ b)
    a, b = array(2, 1, 3, 4), array(3, 4, 2)
    case("matmul_batches", "MatMul", (a, b), a @ b)
    a, b = array(4), array(2, 4, 3)
    case("matmul_vector", "MatMul", (a, b), a @ b)


def elements():
    a = array(2, 3, 2)
    case("sigmoid", "Sigmoid", (a,), torch.sigmoid(a))
    case("tanh", "Tanh", (a,), torch.tanh(a))
    case("leaky_relu", "LeakyRelu", (a,), F.leaky_relu(a))
    case("softmax", "Softmax axis=1", (a,), torch.softmax(a, 1))
    case("softmax_last", "Softmax", (a,), torch.softmax(a, -1))
    case("softmax_old", "Softmax axis=1", (a,), torch.softmax(a.reshape(2, 6), 1).reshape(2, 3, 2), 11)
    gamma, beta, mean, variance = array(3), array(3), array(3), array(3).abs() + 0.5
    case("batchnormalization", "BatchNormalization epsilon=0.001", (a, gamma, beta, mean, variance),
         F.batch_norm(a, mean, variance, gamma, beta, eps=0.001))
    b = array(3, 1)
    case("sub_broadcast", "Sub", (a, b), a - b)
    case("div_broadcast", "Div", (a, b.abs() + 0.5), a / (b.abs() + 0.5))
    case("add_broadcast", "Add", (b, a), a + b)
    case("mul_broadcast", "Mul", (a, b), a * b)
    case("transpose", "Transpose perm=[2,0,1]", (a,), a.permute(2, 0, 1).contiguous())


def main():
    print("# Made by scripts/make_op_cases.py. Format: test_host_ops.c.")
    convolutions()
    pools()
    products()
    elements()


if __name__ == "__main__":
    main()
