#!/usr/bin/env python3
"""Measure an exported model folder on the held-out text of DIR and write everything that is reported.

    python3 evaluate.py --work DIR --out MODEL_DIR

Uses the bfloat16 values of model.safetensors in float32 arithmetic.  Writes metrics.json,
sources.tsv, expected.json, expected.safetensors and README.md to MODEL_DIR.
"""
import argparse
import json
import math
import os
import sys

import torch

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import data  # noqa: E402
from generate import greedy, last_logits, sample  # noqa: E402
from measure import heldout_loss  # noqa: E402
from model import Llama  # noqa: E402
from model_card import card  # noqa: E402
from tokenizer import END, Tokenizer  # noqa: E402
from training.tensors import dump, load_safetensors_bf16, save_safetensors  # noqa: E402

# Each is continued greedily in expected.json; those with a seed are continued by sampling in the README.
PROMPTS = [
    ("It is a truth universally acknowledged, that", 1),
    ("And it came to pass in those days, that", 2),
    ("Call me Ishmael.", 3),
    ("\"My dear Mr. Bennet,\" said", 4),
    ("The LORD said unto", 5),
    ("Elizabeth was", 6),
    ("The ship", 7),
    ("Na\u00efve caf\u00e9s, 1999!\n  \"Quoth he\"", None),
]
GREEDY_TOKENS = 96
SAMPLE_TOKENS = 120


def load(folder):
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as f:
        model = Llama(json.load(f))
    model.load_state_dict(load_safetensors_bf16(os.path.join(folder, "model.safetensors")))
    return model.eval(), Tokenizer.load(os.path.join(folder, "tokenizer.json"))


def expected(folder, model, tokenizer):
    """Continuations and, in rows of the safetensors file, the logits after the prompt and after all of it."""
    rows, first, last = [], [], []
    for prompt, _ in PROMPTS:
        ids = [END, *tokenizer.encode(prompt)]
        found, lead = greedy(model, ids, GREEDY_TOKENS)
        rows.append({"prompt": prompt, "ids": ids, "greedy": found, "text": tokenizer.decode(found), "least_lead": round(lead, 6)})
        first.append(last_logits(model, ids))
        last.append(last_logits(model, ids + found))
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as f:
        f.write('{"prompts": [\n' + ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n]}\n")
    save_safetensors(os.path.join(folder, "expected.safetensors"),
                     {"logits_of_prompt": torch.stack(first), "logits_of_continuation": torch.stack(last)}, "F32")
    return rows


def samples(model, tokenizer):
    for prompt, seed in PROMPTS:
        if seed is not None:
            ids = [END, *tokenizer.encode(prompt)]
            yield prompt, tokenizer.decode(sample(model, ids, SAMPLE_TOKENS, 0.8, 0.9, seed))


def write_sources(work, folder):
    with open(os.path.join(work, "packages.json"), encoding="utf-8") as f:
        rows = json.load(f)
    with open(os.path.join(folder, "sources.tsv"), "w", encoding="utf-8") as f:
        f.write("package\tversion\tsource package\tlicence\ttext\ttraining bytes\theld-out bytes\theld out\n")
        for r in rows:
            f.write("\t".join(map(str, (r["package"], r["version"], r["source"], r["licence"], r["text"], r["train_bytes"], r["heldout_bytes"],
                                        r["heldout"]))) + "\n")
    return rows


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--quick", action="store_true", help="print loss and samples, write nothing")
    a = ap.parse_args()
    torch.set_num_threads(1)
    model, tokenizer = load(a.out)
    heldout = heldout_loss(model, data.load(a.work, "heldout", tokenizer))
    for v in heldout.values():
        v["perplexity"] = math.exp(v["loss"])
    heldout = {k: {n: round(x, 4) for n, x in v.items()} for k, v in heldout.items()}
    print(json.dumps(heldout, indent=1))
    written = list(samples(model, tokenizer))
    for prompt, text in written:
        print(f"--- {prompt}|{text}")
    if a.quick:
        return
    checkpoint = torch.load(os.path.join(a.work, "model.pt"))
    training = {**checkpoint["training"], "seconds": round(checkpoint["training"]["seconds"]), "arguments": checkpoint["arguments"]}
    parameters = sum(p.numel() for p in model.parameters())
    size = os.path.getsize(os.path.join(a.out, "model.safetensors"))
    metrics = {"heldout": heldout, "parameters": parameters, "file_bytes": size, "weights": "bfloat16", "training": training}
    dump(os.path.join(a.out, "metrics.json"), metrics, indent=1)
    for row in expected(a.out, model, tokenizer):
        print(f"greedy, least lead {row['least_lead']}: {row['prompt']}|{row['text']}")
    with open(os.path.join(a.out, "README.md"), "w", encoding="utf-8") as f:
        f.write(card(model.c, metrics, write_sources(a.work, a.out), written))


if __name__ == "__main__":
    main()
