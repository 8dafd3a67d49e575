#!/usr/bin/env python3
"""Write DIR/model.pt and DIR/tokenizer.json as a Hugging Face model folder, weights in bfloat16.

    python3 export.py --work DIR --out MODEL_DIR
"""
import argparse
import os
import sys

import torch

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from tokenizer import END, END_OF_TEXT, Tokenizer  # noqa: E402
from training.tensors import dump, save_bf16_model  # noqa: E402


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", required=True)
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    os.makedirs(a.out, exist_ok=True)
    checkpoint = torch.load(os.path.join(a.work, "model.pt"))
    config = checkpoint["config"]
    path = os.path.join(a.out, "model.safetensors")
    stored = save_bf16_model(path, checkpoint["state"])
    dump(os.path.join(a.out, "config.json"), config, indent=2)
    dump(os.path.join(a.out, "generation_config.json"), {
        "bos_token_id": END, "do_sample": True, "eos_token_id": END, "pad_token_id": END, "temperature": 0.8, "top_p": 0.9,
        "transformers_version": config["transformers_version"]}, indent=2)
    dump(os.path.join(a.out, "tokenizer.json"), Tokenizer.load(os.path.join(a.work, "tokenizer.json")).tokenizer_json(), indent=1)
    dump(os.path.join(a.out, "tokenizer_config.json"), {
        "add_prefix_space": False, "bos_token": END_OF_TEXT, "clean_up_tokenization_spaces": False, "eos_token": END_OF_TEXT,
        "model_max_length": config["max_position_embeddings"], "pad_token": END_OF_TEXT,
        "tokenizer_class": "PreTrainedTokenizerFast"}, indent=2)
    print(f"{path}: {os.path.getsize(path)} bytes, {sum(v.numel() for v in stored.values())} parameters")


if __name__ == "__main__":
    main()
