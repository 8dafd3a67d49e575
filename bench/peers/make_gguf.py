#!/usr/bin/env python3
"""Writes a Llama checkpoint of xzoo (F32 safetensors) as a GGUF file in F32 or BF16.

Usage: make_gguf.py FOLDER OUTPUT f32|bf16
Source: the GGUF specification; rows of q_proj and k_proj stand in the order of neighbouring pairs
there.
"""
import json
import os
import struct
import sys

import numpy

TYPES = {"f32": 0, "bf16": 30}
U32, F32, STRING, ARRAY, I32 = 4, 6, 8, 9, 5
ALIGNMENT = 32


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def pair(key, kind, value):
    head = string(key) + struct.pack("<I", kind)
    if kind == U32:
        return head + struct.pack("<I", value)
    if kind == F32:
        return head + struct.pack("<f", value)
    if kind == STRING:
        return head + string(value)
    element, items = value
    packed = b"".join(string(i) if element == STRING else struct.pack("<f" if element == F32 else "<i", i) for i in items)
    return head + struct.pack("<IQ", element, len(items)) + packed


def read_safetensors(path):
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = numpy.memmap(path, numpy.uint8, "r", 8 + size)
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            if entry["dtype"] == "F32":
                values = data[begin:end].view(numpy.float32)
            else:  # BF16
                values = (data[begin:end].view(numpy.uint16).astype(numpy.uint32) << 16).view(numpy.float32)
            yield name, values.reshape(entry["shape"])


def gguf_name(name):
    if not name.startswith("model.layers."):
        return {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight", "lm_head.weight": "output.weight"}[name]
    number, part = name[len("model.layers."):].split(".", 1)
    parts = {
        "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    }
    return f"blk.{number}.{parts[part.removesuffix('.weight')]}.weight"


def neighbouring_pairs(values, heads):
    rows, columns = values.shape
    return values.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def to_bf16(values):
    bits = numpy.ascontiguousarray(values).view(numpy.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(numpy.uint16)


def main():
    folder, output, kind = sys.argv[1:]
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    heads, kv_heads = config["num_attention_heads"], config["num_key_value_heads"]
    vocabulary = config["vocab_size"]
    # llama.cpp wants a token for each byte.
    words = ["<unk>", "<s>", "</s>"] + [f"<0x{i:02X}>" for i in range(256)]
    words += [f"w{i}" for i in range(len(words), vocabulary)]
    pairs = [
        pair("general.architecture", STRING, "llama"),
        pair("llama.context_length", U32, config["max_position_embeddings"]),
        pair("llama.embedding_length", U32, config["hidden_size"]),
        pair("llama.block_count", U32, config["num_hidden_layers"]),
        pair("llama.feed_forward_length", U32, config["intermediate_size"]),
        pair("llama.attention.head_count", U32, heads),
        pair("llama.attention.head_count_kv", U32, kv_heads),
        pair("llama.attention.layer_norm_rms_epsilon", F32, config["rms_norm_eps"]),
        pair("llama.rope.freq_base", F32, config["rope_theta"]),
        pair("tokenizer.ggml.model", STRING, "llama"),
        pair("tokenizer.ggml.tokens", ARRAY, (STRING, words)),
        pair("tokenizer.ggml.scores", ARRAY, (F32, [0.0] * vocabulary)),
        pair("tokenizer.ggml.token_type", ARRAY, (I32, [2, 3, 3] + [6] * 256 + [1] * (vocabulary - 259))),
    ]
    infos, blobs, offset = [], [], 0
    for name, values in read_safetensors(os.path.join(folder, "model.safetensors")):
        if name.endswith("q_proj.weight"):
            values = neighbouring_pairs(values, heads)
        elif name.endswith("k_proj.weight"):
            values = neighbouring_pairs(values, kv_heads)
        matrix = values.ndim == 2 and kind == "bf16"
        blob = (to_bf16(values) if matrix else numpy.ascontiguousarray(values)).tobytes()
        dims = values.shape[::-1]
        infos.append(string(gguf_name(name)) + struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, TYPES["bf16" if matrix else "f32"], offset))
        blob += b"\0" * (-len(blob) % ALIGNMENT)
        blobs.append(blob)
        offset += len(blob)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(pairs)) + b"".join(pairs) + b"".join(infos)
    with open(output, "wb") as file:
        file.write(head + b"\0" * (-len(head) % ALIGNMENT))
        for blob in blobs:
            file.write(blob)


if __name__ == "__main__":
    main()
