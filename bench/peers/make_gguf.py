#!/usr/bin/env python3
"""Writes a Llama or GPT-2 checkpoint of xzoo (F32 safetensors) as a GGUF file.

Usage: make_gguf.py FOLDER OUTPUT f32|bf16|q8|q4
q8 is Q8_0 and q4 is Q4_0, but for the table and the head, which have 8 bits as xzoo's q4 has them.
Source: the GGUF specification; rows of q_proj and k_proj stand in the order of neighbouring pairs
there.
"""
import json
import os
import struct
import sys

import numpy

TYPES = {"f32": 0, "bf16": 30, "q8": 8, "q4": 2}
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


def gpt2_name(name):
    whole = {"wte.weight": "token_embd.weight", "wpe.weight": "position_embd.weight", "ln_f.weight": "output_norm.weight", "ln_f.bias": "output_norm.bias"}
    name = name.removeprefix("transformer.")
    if name in whole:
        return whole[name]
    number, part = name.removeprefix("h.").split(".", 1)
    part, kind = part.rsplit(".", 1)
    parts = {
        "ln_1": "attn_norm", "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output",
        "ln_2": "ffn_norm", "mlp.c_fc": "ffn_up", "mlp.c_proj": "ffn_down",
    }
    return f"blk.{number}.{parts[part]}.{kind}"


def llama_name(name):
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


def in_blocks(values):
    """Blocks of 32 inputs, and one over what scales them by the divisor."""
    return numpy.ascontiguousarray(values).reshape(-1, 32)


def to_q8(values):
    blocks = in_blocks(values)
    scale = (numpy.abs(blocks).max(axis=1, keepdims=True) / 127).astype(numpy.float16)
    wide = scale.astype(numpy.float32)
    q = numpy.rint(blocks / numpy.where(wide == 0, 1, wide)).clip(-127, 127).astype(numpy.int8)
    return numpy.concatenate([scale.view(numpy.uint8), q.view(numpy.uint8)], axis=1)


def to_q4(values):
    """Exact for weights that were rounded to 4 bits before, whatever level of theirs is the extreme one."""
    blocks = in_blocks(values)
    extreme = numpy.take_along_axis(blocks, numpy.abs(blocks).argmax(axis=1)[:, None], axis=1)
    scale = numpy.zeros(extreme.shape, numpy.float16)
    q = numpy.zeros(blocks.shape, numpy.uint8)
    best = numpy.full(len(blocks), numpy.inf, numpy.float32)
    for level in (-8, 7, -7, 6, -6, 5, -5, 4, -4, 3, -3, 2, -2, 1, -1):
        rest = numpy.flatnonzero(best > 1e-4 * numpy.abs(extreme[:, 0]))
        new_scale = (extreme[rest] / level).astype(numpy.float16)
        wide = new_scale.astype(numpy.float32)
        levels = numpy.rint(blocks[rest] / numpy.where(wide == 0, 1, wide)).clip(-8, 7)
        error = numpy.abs(levels * wide - blocks[rest]).max(axis=1)
        better = error < best[rest]
        taken = rest[better]
        best[taken], scale[taken], q[taken] = error[better], new_scale[better], levels[better] + 8
    return numpy.concatenate([scale.view(numpy.uint8), q[:, :16] | (q[:, 16:] << 4)], axis=1)


CONVERTERS = {"f32": numpy.ascontiguousarray, "bf16": to_bf16, "q8": to_q8, "q4": to_q4}


def llama_pairs(config):
    return [
        pair("general.architecture", STRING, "llama"),
        pair("llama.context_length", U32, config["max_position_embeddings"]),
        pair("llama.embedding_length", U32, config["hidden_size"]),
        pair("llama.block_count", U32, config["num_hidden_layers"]),
        pair("llama.feed_forward_length", U32, config["intermediate_size"]),
        pair("llama.attention.head_count", U32, config["num_attention_heads"]),
        pair("llama.attention.head_count_kv", U32, config["num_key_value_heads"]),
        pair("llama.attention.layer_norm_rms_epsilon", F32, config["rms_norm_eps"]),
        pair("llama.rope.freq_base", F32, config["rope_theta"]),
    ]


def gpt2_pairs(config):
    return [
        pair("general.architecture", STRING, "gpt2"),
        pair("gpt2.context_length", U32, config["n_positions"]),
        pair("gpt2.embedding_length", U32, config["n_embd"]),
        pair("gpt2.block_count", U32, config["n_layer"]),
        pair("gpt2.feed_forward_length", U32, 4 * config["n_embd"]),
        pair("gpt2.attention.head_count", U32, config["n_head"]),
        pair("gpt2.attention.layer_norm_epsilon", F32, config["layer_norm_epsilon"]),
    ]


def as_matrix(name, values, config):
    """(outputs, inputs), in the order of llama.cpp."""
    if config["model_type"] == "gpt2":
        return values.T if ".c_" in name and values.ndim == 2 else values
    if name.endswith("q_proj.weight"):
        return neighbouring_pairs(values, config["num_attention_heads"])
    if name.endswith("k_proj.weight"):
        return neighbouring_pairs(values, config["num_key_value_heads"])
    return values


def type_of(name, values, kind):
    """What llama.cpp keeps a tensor in: norms, biases and positions in F32."""
    if values.ndim < 2 or name == "position_embd.weight":
        return "f32"
    return "q8" if kind == "q4" and name in ("token_embd.weight", "output.weight") else kind


def main():
    folder, output, kind = sys.argv[1:]
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    is_gpt2 = config["model_type"] == "gpt2"
    vocabulary = config["vocab_size"]
    # llama.cpp wants a token for each byte.
    words = ["<unk>", "<s>", "</s>"] + [f"<0x{i:02X}>" for i in range(256)]
    words += [f"w{i}" for i in range(len(words), vocabulary)]
    pairs = gpt2_pairs(config) if is_gpt2 else llama_pairs(config)
    pairs += [
        pair("tokenizer.ggml.model", STRING, "llama"),
        pair("tokenizer.ggml.tokens", ARRAY, (STRING, words)),
        pair("tokenizer.ggml.scores", ARRAY, (F32, [0.0] * vocabulary)),
        pair("tokenizer.ggml.token_type", ARRAY, (I32, [2, 3, 3] + [6] * 256 + [1] * (vocabulary - 259))),
    ]
    infos, blobs, offset = [], [], 0
    for name, values in read_safetensors(os.path.join(folder, "model.safetensors")):
        values = as_matrix(name, values, config)
        name = gpt2_name(name) if is_gpt2 else llama_name(name)
        kept = type_of(name, values, kind)
        blob = CONVERTERS[kept](values).tobytes()
        dims = values.shape[::-1]
        infos.append(string(name) + struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, TYPES[kept], offset))
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
