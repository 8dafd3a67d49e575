#!/usr/bin/env python3
"""Times a BERT encoder in LibTorch. Reads commands "BATCH LENGTH" from standard input, a line each, and
answers each with the milliseconds of one forward pass; the first answer of a shape is preceded by its
outputs in OUTPUT (raw float32), so that engines can be compared.

The model is traced, frozen and optimised for inference, as a C++ program would load it; query, key and
value are one product. With --int8 its linear layers are quantised dynamically, weights with a scale for
each output. Usage: torch_encoder.py FOLDER THREADS OUTPUT [--int8], FOLDER as xzoo saved it.
"""
import json
import sys
import time
import warnings

import torch
from torch import nn

from make_onnx import read_safetensors


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        size, inner = config["hidden_size"], config["intermediate_size"]
        self.heads = config["num_attention_heads"]
        self.qkv = nn.Linear(size, 3 * size)
        self.dense = nn.Linear(size, size)
        self.inner = nn.Linear(size, inner)
        self.output = nn.Linear(inner, size)
        self.norms = nn.ModuleList(nn.LayerNorm(size, config["layer_norm_eps"]) for _ in range(2))

    def forward(self, x):
        batch, length, size = x.shape
        split = self.qkv(x).view(batch, length, 3, self.heads, size // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-1, -2) * (size // self.heads) ** -0.5
        context = (torch.softmax(scores, -1) @ value).transpose(1, 2).reshape(batch, length, size)
        x = self.norms[0](x + self.dense(context))
        return self.norms[1](x + self.output(nn.functional.gelu(self.inner(x))))


class Encoder(nn.Module):
    def __init__(self, config, tensors):
        super().__init__()
        tensors = {name: torch.from_numpy(values.copy()) for name, values in tensors.items()}
        self.words = nn.Parameter(tensors["embeddings.word_embeddings.weight"])
        self.positions = nn.Parameter(tensors["embeddings.position_embeddings.weight"])
        self.segment = nn.Parameter(tensors["embeddings.token_type_embeddings.weight"][0])
        self.norm = nn.LayerNorm(config["hidden_size"], config["layer_norm_eps"])
        take(self.norm, tensors, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))
        for i, layer in enumerate(self.layers):
            prefix = f"encoder.layer.{i}."
            take(layer.qkv, tensors, *(f"{prefix}attention.self.{part}" for part in ("query", "key", "value")))
            take(layer.dense, tensors, prefix + "attention.output.dense")
            take(layer.norms[0], tensors, prefix + "attention.output.LayerNorm")
            take(layer.inner, tensors, prefix + "intermediate.dense")
            take(layer.output, tensors, prefix + "output.dense")
            take(layer.norms[1], tensors, prefix + "output.LayerNorm")

    def forward(self, ids):
        x = nn.functional.embedding(ids, self.words) + self.positions[: ids.shape[1]] + self.segment
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x)
        return x


def take(module, tensors, *prefixes):
    """Gives a module the parameters of these names, one behind the other."""
    for part in ("weight", "bias"):
        values = torch.cat([tensors[f"{prefix}.{part}"] for prefix in prefixes])
        getattr(module, part).data.copy_(values)


def ids_of(batch, length):
    return (torch.arange(batch * length) * 7919 % 30000).view(batch, length)


def main():
    folder, threads, output = sys.argv[1:4]
    torch.set_num_threads(int(threads))
    with open(folder + "/config.json", encoding="utf-8") as file:
        config = json.load(file)
    model = Encoder(config, read_safetensors(folder + "/model.safetensors")).eval()
    if "--int8" in sys.argv:
        scheme = torch.ao.quantization.per_channel_dynamic_qconfig
        model = torch.ao.quantization.quantize_dynamic(model, {nn.Linear: scheme})
    models = {}
    with torch.inference_mode():
        for line in sys.stdin:
            ids = ids_of(*map(int, line.split()))
            if line not in models:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # a trace is of one shape, which is what is wanted
                    traced = torch.jit.freeze(torch.jit.trace(model, ids, check_trace=False))
                    models[line] = traced if "--int8" in sys.argv else torch.jit.optimize_for_inference(traced)
                for _ in range(3):  # the first calls optimise
                    hidden = models[line](ids)
                hidden.numpy().tofile(output)
            begin = time.perf_counter()
            models[line](ids)
            print((time.perf_counter() - begin) * 1e3, flush=True)


if __name__ == "__main__":
    main()
