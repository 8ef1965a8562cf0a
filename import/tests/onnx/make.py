"""Writes models/*.onnx, and beside each what onnxruntime makes of a sequence: x and y in a safetensors file.

Half of them are written by PyTorch's two exporters, the others node by node, with what PyTorch does not write: the GRU that
resets before the product, layers of different kinds and sizes, lengths of sequences, the axes of older versions.

    pip install torch onnx onnxruntime onnxscript safetensors && python make.py
"""

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file
from torch import nn

random = np.random.default_rng(1)
torch.manual_seed(1)


class Net(nn.Module):
    """A recurrent module, an embedding below it if there is one, and a linear layer that reads `answer`."""

    def __init__(self, rnn, outputs, answer, symbols=0):
        super().__init__()
        self.emb = nn.Embedding(symbols, rnn.input_size) if symbols else nn.Identity()
        self.rnn, self.answer = rnn, answer
        self.head = nn.Linear(rnn.hidden_size * (2 if rnn.bidirectional else 1), outputs)

    def forward(self, x):
        y, h = self.rnn(self.emb(x))
        h = h[0] if isinstance(h, tuple) else h
        if self.answer == "each":
            return self.head(y)
        if self.answer == "last":
            return self.head(y[:, -1])
        return self.head(torch.cat([h[-2], h[-1]], -1) if self.rnn.bidirectional else h[-1])


def save(name, x):
    session = onnxruntime.InferenceSession(f"models/{name}.onnx", providers=["CPUExecutionProvider"])
    feed = {"x": x, "lengths": np.array([len(x)], np.int32)}
    y = session.run(["y"], {i.name: feed[i.name] for i in session.get_inputs()})[0]
    x = x.reshape(-1) if x.dtype == np.int64 else x.reshape(-1, x.shape[-1])
    save_file({"x": x, "y": y.reshape(-1, y.shape[-1])}, f"models/{name}.safetensors")


def torch_case(name, net, steps, **options):
    shape = (1, steps) if net.rnn.batch_first else (steps, 1)
    if isinstance(net.emb, nn.Embedding):
        x = torch.randint(0, net.emb.num_embeddings, shape)
    else:
        x = torch.randn(*shape, net.rnn.input_size)
    names = {"input_names": ["x"], "output_names": ["y"]}
    torch.onnx.export(net.eval(), (x,), f"models/{name}.onnx", **names, **options)
    model = onnx.load(f"models/{name}.onnx")
    # Nothing of the machine that wrote it.
    model.graph.ClearField("value_info")
    del model.metadata_props[:]
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.save(model, f"models/{name}.onnx")
    save(name, x.numpy())


def tensor(name, *shape):
    return numpy_helper.from_array(random.normal(0, 0.5, shape).astype(np.float32), name)


def layer(operator, n, inputs, units, directions=1, bias=True, below="x", lengths="", **attributes):
    """Nodes and tensors of a layer, whose output y<n> is [steps, sequences, directions * units]."""
    rows = {"RNN": 1, "GRU": 3, "LSTM": 4}[operator] * units
    tensors = [tensor(f"w{n}", directions, rows, inputs), tensor(f"r{n}", directions, rows, units)]
    tensors += [tensor(f"b{n}", directions, 2 * rows)] if bias else []
    names = [below] + [t.name for t in tensors] + ([""] if lengths and not bias else []) + ([lengths] if lengths else [])
    attributes |= {"direction": "bidirectional"} if directions == 2 else {}
    nodes = [helper.make_node(operator, names, [f"all{n}", f"h{n}"], f"layer{n}", hidden_size=units, **attributes)]
    if directions == 2:
        tensors.append(numpy_helper.from_array(np.array([0, 0, -1]), f"shape{n}"))
        nodes += [
            helper.make_node("Transpose", [f"all{n}"], [f"turned{n}"], perm=[0, 2, 1, 3]),
            helper.make_node("Reshape", [f"turned{n}", f"shape{n}"], [f"y{n}"]),
        ]
    else:
        nodes.append(helper.make_node("Squeeze", [f"all{n}"], [f"y{n}"], axes=[1]))
    return nodes, tensors


def onnx_case(name, layers, below, features, steps, inputs, outputs, lengths=False):
    nodes, tensors = [sum(parts, []) for parts in zip(*layers)]
    tensors += [tensor("weight", features, outputs), tensor("bias", outputs)]
    nodes += [
        helper.make_node("MatMul", [below, "weight"], ["product"]),
        helper.make_node("Add", ["product", "bias"], ["y"]),
    ]
    graph_inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["steps", 1, inputs])]
    graph_inputs += [helper.make_tensor_value_info("lengths", TensorProto.INT32, [1])] if lengths else []
    graph_outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)]
    graph = helper.make_graph(nodes, name, graph_inputs, graph_outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6)
    onnx.save(model, f"models/{name}.onnx")
    save(name, random.normal(0, 1, (steps, 1, inputs)).astype(np.float32))


def script(time=None, **more):
    axes = {} if time is None else {"dynamic_axes": {"x": {time: "time"}}}
    return {"dynamo": False} | axes | more


export = {"dynamo": True, "external_data": False, "verbose": False}
torch_case("rnn_relu_l2_script", Net(nn.RNN(3, 5, 2, nonlinearity="relu"), 4, "each"), 7, **script())
torch_case("gru_last_export", Net(nn.GRU(3, 7, batch_first=True), 4, "last"), 6, **export)
torch_case("gru_plain_script", Net(nn.GRU(3, 5), 4, "each"), 6, **script(0, do_constant_folding=False))
torch_case("gru_embedding_script", Net(nn.GRU(5, 7, bias=False), 11, "each", symbols=11), 9, **script(0))
torch_case("lstm_l2_export", Net(nn.LSTM(3, 5, 2), 2, "end"), 8, **export)
torch_case("lstm_l2_bi_script", Net(nn.LSTM(3, 5, 2, bidirectional=True, batch_first=True), 4, "end"), 6, **script(1))
torch_case("lstm_bi_export", Net(nn.LSTM(3, 5, bidirectional=True), 4, "each"), 6, **export)

before = {"linear_before_reset": 0}
onnx_case("gru_before_i1h1", [layer("GRU", 0, 1, 1, **before)], "y0", 1, 4, 1, 2)
onnx_case("gru_before_nobias", [layer("GRU", 0, 3, 5, bias=False)], "y0", 5, 7, 3, 4)
kinds = [layer("GRU", 0, 3, 6, **before), layer("LSTM", 1, 6, 4, below="y0", lengths="lengths")]
onnx_case("gru_before_lstm_lengths", kinds, "y1", 4, 7, 3, 4, lengths=True)
stack = [layer("RNN", 0, 3, 5, 2, activations=["Tanh", "Tanh"]), layer("RNN", 1, 10, 3, 2, below="y0")]
onnx_case("rnn_bi_l2", stack, "y1", 6, 8, 3, 4)
torch_case("lstm_bi_last_script", Net(nn.LSTM(3, 5, bidirectional=True, batch_first=True), 4, "last"), 6, **script(1))
