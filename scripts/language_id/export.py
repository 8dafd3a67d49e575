#!/usr/bin/env python3
"""Write DIR/model.pt and DIR/vocab.txt as a Hugging Face model folder, weights in bfloat16.

    python3 export.py --work DIR --out MODEL_DIR
"""
import argparse
import json
import os
import struct

import torch

from wordpiece import MAX_LENGTH, WordPiece


def save_safetensors(path, tensors, dtype):
    """tensors: name -> torch tensor; all stored as dtype (BF16, F32 or I64)."""
    header, blobs, pos = {"__metadata__": {"format": "pt"}}, [], 0
    for name in sorted(tensors):  # one dtype a file, so sorting by name is sorting by (dtype, name)
        t = tensors[name].detach().contiguous()
        if dtype == "BF16":  # round to nearest even, as torch does; store the upper halves
            raw = (t.to(torch.bfloat16).float().numpy().view("<u4") >> 16).astype("<u2").tobytes()
        else:
            raw = t.numpy().astype({"F32": "<f4", "I64": "<i8"}[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": list(t.shape), "data_offsets": [pos, pos + len(raw)]}
        pos += len(raw)
        blobs.append(raw)
    h = json.dumps(header, separators=(",", ":")).encode()
    h += b" " * (-len(h) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(h)) + h)
        for b in blobs:
            f.write(b)


def load_safetensors_bf16(path):
    """name -> float32 tensor holding the stored bfloat16 values."""
    import numpy as np
    data = open(path, "rb").read()
    n = struct.unpack("<Q", data[:8])[0]
    out = {}
    for name, e in json.loads(data[8:8 + n]).items():
        if name == "__metadata__":
            continue
        a, b = e["data_offsets"]
        v = np.frombuffer(data, "<u2", (b - a) // 2, 8 + n + a).astype("<u4") << 16
        out[name] = torch.from_numpy(v.view("<f4").reshape(e["shape"]).copy())
    return out


def dump(path, obj, **kw):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(obj, f, ensure_ascii=False, **kw)
        f.write("\n")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", required=True)
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    ck = torch.load(os.path.join(a.work, "model.pt"))
    wp = WordPiece.load(os.path.join(a.work, "vocab.txt"))
    path = os.path.join(a.out, "model.safetensors")
    save_safetensors(path, ck["state"], "BF16")
    back = load_safetensors_bf16(path)
    assert all(torch.equal(back[k], v.to(torch.bfloat16).float()) for k, v in ck["state"].items())
    dump(os.path.join(a.out, "config.json"), ck["config"], indent=2)
    dump(os.path.join(a.out, "tokenizer.json"), wp.tokenizer_json(), indent=2)
    dump(os.path.join(a.out, "tokenizer_config.json"), {
        "clean_up_tokenization_spaces": True, "cls_token": "[CLS]", "do_lower_case": True, "mask_token": "[MASK]",
        "model_max_length": MAX_LENGTH, "pad_token": "[PAD]", "sep_token": "[SEP]", "strip_accents": False,
        "tokenize_chinese_chars": True, "tokenizer_class": "BertTokenizer", "unk_token": "[UNK]"}, indent=2)
    with open(os.path.join(a.out, "vocab.txt"), "w", encoding="utf-8") as f:
        f.write("\n".join(wp.pieces) + "\n")
    print(f"{path}: {os.path.getsize(path)} bytes, {sum(v.numel() for v in back.values())} parameters")


if __name__ == "__main__":
    main()
