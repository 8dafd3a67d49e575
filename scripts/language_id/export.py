#!/usr/bin/env python3
"""Write DIR/model.pt and DIR/vocab.txt as a Hugging Face model folder, weights in bfloat16.

    python3 export.py --work DIR --out MODEL_DIR
"""
import argparse
import os
import sys

import torch

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from training.tensors import dump, save_bf16_model  # noqa: E402
from wordpiece import MAX_LENGTH, WordPiece  # noqa: E402


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", required=True)
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    ck = torch.load(os.path.join(a.work, "model.pt"))
    wp = WordPiece.load(os.path.join(a.work, "vocab.txt"))
    path = os.path.join(a.out, "model.safetensors")
    back = save_bf16_model(path, ck["state"])
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
