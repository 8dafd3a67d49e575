#!/usr/bin/env python3
"""Writes a BERT encoder as an ONNX graph, from a folder that xzoo saved.

The graph is what a careful ONNX Runtime user runs: --kind fused has its fused attention, layer norm and
GELU operators; without it, it is a plain export that the runtime optimises by itself. --kind int8 is the
fused graph with weights in 8 bits, a scale for each output, and inputs quantised as they come.
"""
import argparse
import json
import struct

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper


def read_safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    begin = 8 + length
    tensors = {}
    for name, info in header.items():
        first, last = info["data_offsets"]
        values = numpy.frombuffer(data[begin + first : begin + last], numpy.float32)
        tensors[name] = values.reshape(info["shape"])
    return tensors


class Graph:
    def __init__(self, tensors, config):
        self.tensors = tensors
        self.config = config
        self.nodes = []
        self.initializers = []
        self.count = 0

    def constant(self, name, values):
        self.initializers.append(numpy_helper.from_array(numpy.ascontiguousarray(values), name))
        return name

    def node(self, kind, inputs, outputs=1, domain="", **attributes):
        self.count += 1
        names = [f"t{self.count}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def weight(self, name):
        return self.constant(name, self.tensors[name])

    def transposed(self, name):
        return self.constant(name, self.tensors[name].T)

    def norm(self, x, prefix):
        return self.node(
            "LayerNormalization",
            [x, self.weight(prefix + ".weight"), self.weight(prefix + ".bias")],
            epsilon=self.config["layer_norm_eps"],
        )

    def linear(self, x, prefix):
        product = self.node("MatMul", [x, self.transposed(prefix + ".weight")])
        return self.node("Add", [product, self.weight(prefix + ".bias")])


def embeddings(graph):
    words = graph.node("Gather", [graph.weight("embeddings.word_embeddings.weight"), "input_ids"])
    length = graph.node("Shape", ["input_ids"], start=1, end=2)
    zero = graph.constant("zero", numpy.array([0]))
    table = graph.weight("embeddings.position_embeddings.weight")
    positions = graph.node("Slice", [table, zero, length, zero])
    total = graph.node("Add", [words, positions])
    first = graph.tensors["embeddings.token_type_embeddings.weight"][0]
    total = graph.node("Add", [total, graph.constant("token_type_0", first)])
    return graph.norm(total, "embeddings.LayerNorm")


def plain_layer(graph, x, prefix):
    heads = graph.config["num_attention_heads"]
    size = graph.config["hidden_size"]
    split = graph.constant(prefix + "split", numpy.array([0, 0, heads, size // heads]))
    merge = graph.constant(prefix + "merge", numpy.array([0, 0, size]))
    parts = []
    for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])):
        y = graph.linear(x, f"{prefix}attention.self.{part}")
        y = graph.node("Reshape", [y, split])
        parts.append(graph.node("Transpose", [y], perm=order))
    scale = graph.constant(prefix + "scale", numpy.float32((size // heads) ** 0.5))
    scores = graph.node("Div", [graph.node("MatMul", parts[:2]), scale])
    context = graph.node("MatMul", [graph.node("Softmax", [scores], axis=-1), parts[2]])
    context = graph.node("Transpose", [context], perm=[0, 2, 1, 3])
    context = graph.node("Reshape", [context, merge])
    y = graph.linear(context, prefix + "attention.output.dense")
    x = graph.norm(graph.node("Add", [y, x]), prefix + "attention.output.LayerNorm")
    inner = graph.linear(x, prefix + "intermediate.dense")
    root = graph.constant(prefix + "root", numpy.float32(2**0.5))
    one = graph.constant(prefix + "one", numpy.float32(1))
    half = graph.constant(prefix + "half", numpy.float32(0.5))
    erf = graph.node("Add", [graph.node("Erf", [graph.node("Div", [inner, root])]), one])
    inner = graph.node("Mul", [graph.node("Mul", [inner, erf]), half])
    y = graph.linear(inner, prefix + "output.dense")
    return graph.norm(graph.node("Add", [y, x]), prefix + "output.LayerNorm")


def skip_norm(graph, y, x, norm, bias):
    names = [y, x, graph.weight(norm + ".weight"), graph.weight(norm + ".bias"), graph.weight(bias)]
    return graph.node(
        "SkipLayerNormalization", names, domain="com.microsoft", epsilon=graph.config["layer_norm_eps"]
    )


def fused_layer(graph, x, prefix):
    parts = [f"{prefix}attention.self.{part}." for part in ("query", "key", "value")]
    weights = numpy.concatenate([graph.tensors[part + "weight"].T for part in parts], axis=1)
    biases = numpy.concatenate([graph.tensors[part + "bias"] for part in parts])
    names = [x, graph.constant(prefix + "qkv", weights), graph.constant(prefix + "qkv_bias", biases)]
    context = graph.node(
        "Attention", names, domain="com.microsoft", num_heads=graph.config["num_attention_heads"]
    )
    dense = prefix + "attention.output.dense"
    y = graph.node("MatMul", [context, graph.transposed(dense + ".weight")])
    x = skip_norm(graph, y, x, prefix + "attention.output.LayerNorm", dense + ".bias")
    inner = graph.node("MatMul", [x, graph.transposed(prefix + "intermediate.dense.weight")])
    bias = graph.weight(prefix + "intermediate.dense.bias")
    inner = graph.node("BiasGelu", [inner, bias], domain="com.microsoft")
    y = graph.node("MatMul", [inner, graph.transposed(prefix + "output.dense.weight")])
    return skip_norm(graph, y, x, prefix + "output.LayerNorm", prefix + "output.dense.bias")


def quantised(graph, inputs, prefix):
    """inputs: what DynamicQuantizeLinear gave. The product without its bias."""
    values, scale, zero = inputs
    weights = graph.tensors[prefix + ".weight"]
    largest = numpy.abs(weights).max(axis=1)
    scales = (numpy.where(largest == 0, 1, largest) / 127).astype(numpy.float32)
    integers = numpy.rint(weights / scales[:, None]).astype(numpy.int8).T
    zeros = graph.constant(prefix + ".zero", numpy.zeros(len(scales), numpy.int8))
    names = [values, graph.constant(prefix + ".int8", integers), zero, zeros]
    sums = graph.node("Cast", [graph.node("MatMulInteger", names)], to=TensorProto.FLOAT)
    both = graph.node("Mul", [scale, graph.constant(prefix + ".scales", scales)])
    return graph.node("Mul", [sums, both])


def int8_layer(graph, x, prefix):
    quantise = lambda values: graph.node("DynamicQuantizeLinear", [values], 3)
    shared = quantise(x)
    parts = []
    for part in ("query", "key", "value"):
        name = f"{prefix}attention.self.{part}"
        parts.append(graph.node("Add", [quantised(graph, shared, name), graph.weight(name + ".bias")]))
    context = graph.node(
        "MultiHeadAttention", parts, domain="com.microsoft", num_heads=graph.config["num_attention_heads"]
    )
    dense = prefix + "attention.output.dense"
    y = quantised(graph, quantise(context), dense)
    x = skip_norm(graph, y, x, prefix + "attention.output.LayerNorm", dense + ".bias")
    inner = quantised(graph, quantise(x), prefix + "intermediate.dense")
    bias = graph.weight(prefix + "intermediate.dense.bias")
    inner = graph.node("BiasGelu", [inner, bias], domain="com.microsoft")
    y = quantised(graph, quantise(inner), prefix + "output.dense")
    return skip_norm(graph, y, x, prefix + "output.LayerNorm", prefix + "output.dense.bias")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="config.json and model.safetensors of a BertModel")
    parser.add_argument("output")
    parser.add_argument("--kind", default="plain", choices=["plain", "fused", "int8"])
    options = parser.parse_args()
    with open(options.folder + "/config.json", encoding="utf-8") as file:
        config = json.load(file)
    graph = Graph(read_safetensors(options.folder + "/model.safetensors"), config)
    x = embeddings(graph)
    layer = {"plain": plain_layer, "fused": fused_layer, "int8": int8_layer}[options.kind]
    for i in range(config["num_hidden_layers"]):
        x = layer(graph, x, f"encoder.layer.{i}.")
    graph.nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"]))
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])
    hidden = helper.make_tensor_value_info(
        "last_hidden_state", TensorProto.FLOAT, ["batch", "length", config["hidden_size"]]
    )
    body = helper.make_graph(graph.nodes, "bert", [ids], [hidden], graph.initializers)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    onnx.save(helper.make_model(body, opset_imports=opsets, ir_version=8), options.output)


if __name__ == "__main__":
    main()
