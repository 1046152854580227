#!/usr/bin/python3
"""Makes an ONNX file of a fast-style-transfer network from its raw float32 weights.

Usage: /usr/bin/python3 scripts/style_onnx.py WEIGHTS_FOLDER OUTPUT.onnx [HEIGHT WIDTH]

WEIGHTS_FOLDER holds manifest.json and one file a variable, as github.com/reiinakano/fast-style-transfer-deeplearnjs publishes them in
src/ckpts/<style>; the network is that of github.com/lengstrom/fast-style-transfer (transform.py): three convolutions, five residual blocks, two
transposed convolutions, one convolution, an instance normalisation behind each. Input `image` [1, 3, HEIGHT, WIDTH], pixels 0..255, both multiples of 4
(256 x 256 without them); output `styled` likewise, not yet clamped. Needs Debian's python3-onnx and python3-numpy.
"""
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

EPSILON = 1e-3
OPSET = 13
IR_VERSION = 7


class Builder:
    """Takes the variables in the order of the file and adds layers."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.manifest = json.loads((self.folder / 'manifest.json').read_text())
        self.taken = 0
        self.nodes = []
        self.weights = []

    def variable(self):
        name = 'Variable' if self.taken == 0 else f'Variable_{self.taken}'
        self.taken += 1
        entry = self.manifest[name]
        return np.fromfile(self.folder / entry['filename'], '<f4').reshape(entry['shape'])

    def constant(self, name, value):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value, np.float32), name))
        return name

    def node(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def norm(self, x, name):
        shift = self.constant(f'{name}.shift', self.variable())
        scale = self.constant(f'{name}.scale', self.variable())
        return self.node('InstanceNormalization', [x, scale, shift], f'{name}_norm', epsilon=EPSILON)

    def conv(self, x, name, stride=1, relu=True):
        w = self.constant(f'{name}.weight', self.variable().transpose(3, 2, 0, 1))
        x = self.node('Conv', [x, w], name, auto_pad='SAME_UPPER', strides=[stride, stride])
        x = self.norm(x, name)
        return self.node('Relu', [x], f'{name}_relu') if relu else x

    def residual(self, x, name):
        inner = self.conv(self.conv(x, f'{name}a'), f'{name}b', relu=False)
        return self.node('Add', [x, inner], name)

    def conv_transpose(self, x, name):
        # stored [height][width][outputs][inputs]; with stride 2 and "SAME" the forward convolution pads one row at the end
        w = self.constant(f'{name}.weight', self.variable().transpose(3, 2, 0, 1))
        x = self.node('ConvTranspose', [x, w], name, pads=[0, 0, 1, 1], strides=[2, 2])
        return self.node('Relu', [self.norm(x, name)], f'{name}_relu')


def build(folder, height, width):
    b = Builder(folder)
    x = b.conv('image', 'conv1')
    x = b.conv(x, 'conv2', stride=2)
    x = b.conv(x, 'conv3', stride=2)
    for i in range(1, 6):
        x = b.residual(x, f'residual{i}')
    x = b.conv_transpose(x, 'up1')
    x = b.conv_transpose(x, 'up2')
    x = b.conv(x, 'last', relu=False)
    x = b.node('Tanh', [x], 'tanh')
    x = b.node('Mul', [x, b.constant('range', np.float32(150))], 'scaled')
    b.node('Add', [x, b.constant('middle', np.float32(127.5))], 'styled')
    if b.taken != len(b.manifest):
        sys.exit(f'{folder}: {len(b.manifest)} variables; expected {b.taken}')
    shape = [1, 3, height, width]
    graph = helper.make_graph(b.nodes, 'style', [helper.make_tensor_value_info('image', TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info('styled', TensorProto.FLOAT, shape)], b.weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', OPSET)], ir_version=IR_VERSION, producer_name='bitlet')
    onnx.checker.check_model(model, full_check=True)
    return model


def main(arguments):
    if len(arguments) not in (2, 4):
        sys.exit(__doc__)
    height, width = (int(v) for v in arguments[2:]) if len(arguments) == 4 else (256, 256)
    if height < 8 or width < 8 or height % 4 or width % 4:
        sys.exit(f'{height} x {width}; expected multiples of 4, at least 8')
    onnx.save(build(arguments[0], height, width), arguments[1])


if __name__ == '__main__':
    main(sys.argv[1:])
