#!/usr/bin/env python3
"""Evaluate an exported model folder on DIR/heldout and write everything that is reported.

    python3 evaluate.py --work DIR --out MODEL_DIR

Uses the bfloat16 values of model.safetensors in float32 arithmetic.  Writes metrics.json,
confusion.png, sources.tsv, expected.json, expected.safetensors and README.md to MODEL_DIR.
"""
import argparse
import collections
import json
import os
import sys

import torch

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from confusion import confusions, plot  # noqa: E402
from languages import LANGUAGES  # noqa: E402
from model import Bert  # noqa: E402
from model_card import card  # noqa: E402
from sources import source_table, sources  # noqa: E402
from training.tensors import dump, load_safetensors_bf16, save_safetensors  # noqa: E402
from wordpiece import PAD, WordPiece  # noqa: E402

BUCKETS = [(1, 10), (11, 20), (21, 40), (41, 60), (61, 100), (101, 10 ** 9)]
SAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "samples.tsv")


def load(folder):
    config = json.load(open(os.path.join(folder, "config.json"), encoding="utf-8"))
    model = Bert(config)
    model.load_state_dict(load_safetensors_bf16(os.path.join(folder, "model.safetensors")))
    model.eval()
    return config, model, WordPiece.load(os.path.join(folder, "vocab.txt"))


@torch.no_grad()
def predict(model, ids):
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    out = [0] * len(ids)
    for k in range(0, len(order), 64):
        part = order[k:k + 64]
        t = max(len(ids[i]) for i in part)
        x = torch.tensor([ids[i] + [PAD] * (t - len(ids[i])) for i in part])
        for i, y in zip(part, model(x, (x != PAD).float()).argmax(1).tolist()):
            out[i] = y
    return out


def name_of(lo, hi):
    return f"{lo}-{hi}" if hi < 10 ** 6 else f"{lo}+"


def evaluate(work, folder, config, model, wp):
    labels = [config["id2label"][str(i)] for i in range(len(config["id2label"]))]
    n = len(labels)
    matrix = [[0] * n for _ in range(n)]
    right, total = collections.Counter(), collections.Counter()
    per_bucket = {b: (collections.Counter(), collections.Counter()) for b in BUCKETS}
    held = collections.Counter()
    errors = []
    scripts = {}
    for y, l in enumerate(labels):
        with open(os.path.join(work, "heldout", l + ".txt"), encoding="utf-8") as f:
            texts = [x.rstrip("\n").split("\t", 1)[1] for x in f]
        held[l] = len(texts)
        for t, p in zip(texts, predict(model, [wp.encode(t) for t in texts])):
            k = len(t)
            for b in BUCKETS:
                if b[0] <= k <= b[1]:
                    per_bucket[b][1][y] += 1
                    per_bucket[b][0][y] += p == y
            if k >= 60 and l in ("sr", "uz"):  # written in two scripts: report both
                key = l + ("-Cyrl" if any("\u0400" <= c <= "\u04ff" for c in t) else "-Latn")
                r = scripts.setdefault(key, [0, 0])
                r[0] += p == y
                r[1] += 1
            if k >= 60:
                total[y] += 1
                right[y] += p == y
                matrix[y][p] += 1
                if p != y:
                    errors.append((l, labels[p], t))
    macro = lambda r, t: sum(r[y] / t[y] for y in t) / len(t)
    by_length = {name_of(*b): {"macro_accuracy": round(macro(*c), 5), "accuracy": round(sum(c[0].values()) / sum(c[1].values()), 5),
                               "sentences": sum(c[1].values()), "languages": len(c[1])} for b, c in per_bucket.items()}
    langs = [{"code": l, "name": LANGUAGES[l][0], "train_sentences": 0, "heldout_sentences": held[l],
              "heldout_sentences_60": total[y], "accuracy_60": round(right[y] / total[y], 5)} for y, l in enumerate(labels)]
    scripts = {k: {"accuracy_60": round(r / n, 5), "sentences": n} for k, (r, n) in sorted(scripts.items())}
    return macro(right, total), by_length, langs, labels, matrix, errors, scripts


def expected(folder, config, model, wp):
    rows, logits = [], []
    with open(SAMPLES, encoding="utf-8") as f:
        for line in f:
            label, text = line.rstrip("\n").split("\t", 1)
            ids = wp.encode(text)
            x = torch.tensor([ids])
            with torch.no_grad():
                z = model(x, torch.ones(1, len(ids)))[0]
            rows.append({"text": text, "label": label, "predicted": config["id2label"][str(int(z.argmax()))],
                         "ids": ids, "logits": [round(float(v), 6) for v in z]})
            logits.append(z)
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as f:
        f.write('{"sentences": [\n' + ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows) + "\n]}\n")
    t = max(len(r["ids"]) for r in rows)
    # F32 file: logits only; the ids are integers and live in expected.json.
    save_safetensors(os.path.join(folder, "expected.safetensors"), {"logits": torch.stack(logits)}, "F32")
    return [r for r in rows if r["label"] != r["predicted"]], t


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--quick", action="store_true", help="print the numbers, write nothing")
    a = ap.parse_args()
    torch.set_num_threads(1)
    config, model, wp = load(a.out)
    macro, by_length, langs, labels, matrix, errors, scripts = evaluate(a.work, a.out, config, model, wp)
    print(f"macro accuracy >= 60: {macro:.5f}")
    for b, v in by_length.items():
        print(f"{b:8} {v}")
    worst = sorted(langs, key=lambda l: l["accuracy_60"])
    print("worst:", ", ".join(f"{l['code']} {100 * l['accuracy_60']:.2f}" for l in worst[:15]))
    print("by script:", scripts)
    print("confusions:", ", ".join(f"{x}>{y} {100 * s:.1f}%" for s, x, y, _, _ in confusions(labels, matrix)))
    with open(os.path.join(a.work, "errors.tsv"), "w", encoding="utf-8") as f:
        f.writelines("\t".join(e) + "\n" for e in errors)
    if a.quick:
        return
    tr = torch.load(os.path.join(a.work, "model.pt"))["training"]
    phases = tr["earlier"] + [{k: v for k, v in tr.items() if k != "earlier"}]
    for ph in phases:  # the same for every phase, and listed by language below
        ph.pop("train_sentences", None)
        ph["arguments"].pop("work", None)
    samples, seconds = (sum(ph[k] for ph in phases) for k in ("samples", "seconds"))
    epochs = samples / sum(tr["train_sentences"].values())
    for l in langs:
        l["train_sentences"] = tr["train_sentences"][l["code"]]
    params = sum(p.numel() for p in model.parameters())
    size = os.path.getsize(os.path.join(a.out, "model.safetensors"))
    dump(os.path.join(a.out, "metrics.json"), {
        "macro_accuracy_60": round(macro, 5), "accuracy_by_length": by_length, "parameters": params, "file_bytes": size,
        "weights": "bfloat16", "seed": tr["seed"], "epochs": round(epochs, 3), "samples": samples,
        "training_seconds": seconds, "training_phases": phases,
        "by_script": scripts, "languages": langs, "confusion": {"labels": labels, "matrix": matrix}})
    plot(os.path.join(a.out, "confusion.png"), labels, matrix)
    wrong, longest = expected(a.out, config, model, wp)
    print("samples answered wrongly:", [(r["label"], r["predicted"], r["text"]) for r in wrong], "longest", longest)
    rows, used = sources(a.work, a.out, labels)
    text = card(config, size, params, macro, by_length, langs, scripts, confusions(labels, matrix), tr, phases,
                {role: source_table(rows, used, role) for role in ("train", "heldout")})
    with open(os.path.join(a.out, "README.md"), "w", encoding="utf-8") as f:
        f.write(text)


if __name__ == "__main__":
    main()
