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

import torch

from export import dump, load_safetensors_bf16, save_safetensors
from languages import LANGUAGES
from model import Bert
from wordpiece import PAD, WordPiece

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


def plot(path, labels, matrix):
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    m = np.array(matrix, float)
    m = 100 * m / m.sum(1, keepdims=True)
    n = len(labels)
    fig, ax = plt.subplots(figsize=(0.27 * n + 2, 0.27 * n + 1.5), dpi=80)
    im = ax.imshow(np.where(m > 0, m, np.nan), cmap="viridis_r", norm=matplotlib.colors.LogNorm(0.05, 100))
    ax.set_xticks(range(n), labels, rotation=90, fontsize=9)
    ax.set_yticks(range(n), labels, fontsize=9)
    ax.tick_params(top=True, labeltop=True, right=True, labelright=True, length=0)
    ax.set_xticks(np.arange(-0.5, n), minor=True)
    ax.set_yticks(np.arange(-0.5, n), minor=True)
    ax.grid(which="minor", color="#e4e4e4", linewidth=0.5)
    ax.tick_params(which="minor", length=0)
    for i in range(n):
        for j in range(n):
            if i != j and m[i, j] >= 0.5:  # the confusions worth reading get their number
                ax.text(j, i, f"{m[i, j]:.0f}" if m[i, j] >= 1 else f"{m[i, j]:.1f}"[1:], ha="center", va="center", fontsize=7, color="black" if m[i, j] < 2 else "white")
    ax.set_xlabel("predicted", fontsize=12)
    ax.set_ylabel("actual", fontsize=12)
    ax.set_title("Held-out sentences of 60 characters or more, percent of each row (log colours)", fontsize=12)
    cb = fig.colorbar(im, ax=ax, fraction=0.03, pad=0.06)
    cb.set_ticks([0.1, 1, 10, 100], labels=["0.1 %", "1 %", "10 %", "100 %"])
    fig.tight_layout()
    fig.savefig(path)


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


def sources(work, folder, labels):
    used = collections.defaultdict(collections.Counter)
    for role in ("train", "heldout"):
        for l in labels:
            with open(os.path.join(work, role, l + ".txt"), encoding="utf-8") as f:
                for line in f:
                    used[(role, line.split("\t", 1)[0])][l] += 1
    rows = json.load(open(os.path.join(work, "packages.json")))
    rows = [r for r in rows if (r["role"], r["package"]) in used]
    rows.sort(key=lambda r: (r["role"] != "train", r["source"], r["package"]))
    with open(os.path.join(folder, "sources.tsv"), "w") as f:
        f.write("role\tpackage\tversion\tsource package\tlicence\tsentences\tlabels\n")
        for r in rows:
            c = used[(r["role"], r["package"])]
            f.write("\t".join([r["role"], r["package"], r["version"], r["source"], r["licence"], str(sum(c.values())), str(len(c))]) + "\n")
    return rows, used


def source_table(rows, used, role):
    by = collections.defaultdict(list)
    for r in rows:
        if r["role"] == role:
            by[r["source"]].append(r)
    out = ["| source package | binary packages | version | licence | sentences |", "| --- | --- | --- | --- | ---: |"]
    for src, rs in sorted(by.items()):
        names = rs[0]["package"] if len(rs) == 1 else f"{os.path.commonprefix([r['package'] for r in rs])}\\* ({len(rs)})"
        n = sum(sum(used[(role, r["package"])].values()) for r in rs)
        out.append(f"| {src} | {names} | {', '.join(sorted({r['version'] for r in rs}))} | {', '.join(sorted({r['licence'] for r in rs}))} | {n} |")
    return "\n".join(out)


def confusions(labels, matrix, top=20):
    out = []
    for i, row in enumerate(matrix):
        for j, v in enumerate(row):
            if i != j and v:
                out.append((v / sum(row), labels[i], labels[j], v, sum(row)))
    out.sort(reverse=True)
    return out[:top]


README = """# Language identification: the embedded model

`BertForSequenceClassification` in the Hugging Face layout: given a text, which of {n_labels} languages it is written in.
It is small enough ({bytes} bytes of bfloat16 weights, {params} parameters) to ship with the library and to run on any machine.

| | |
| --- | --- |
| macro accuracy, held-out sentences of 60 characters or more | **{macro:.2f} %** |
| languages | {n_labels} |
| architecture | {layers} layers, hidden {hidden}, {heads} heads, intermediate {inter}, {vocab} WordPiece tokens, at most 128 tokens |
| training | {samples} samples (about {epochs} epochs over {train_total} sentences), {phases} phase(s), {minutes} minutes on {threads} thread of a busy CPU, seed {seed} |

Macro accuracy is the mean over languages of the share of sentences labelled rightly. All numbers here are of the
bfloat16 weights in `model.safetensors`, run in float32, on text from source packages that gave no training text.

## Accuracy by length

| characters | macro accuracy | sentences | languages |
| --- | ---: | ---: | ---: |
{length_table}

The held-out strings are interface strings, help pages, game dialogue and manuals; very short ones are
menu words, many of which are spelt alike in related languages, so the first rows are as much about the question as about the model.

## Languages

| code | language | training sentences | held-out sentences | of these 60+ characters | accuracy, 60+ |
| --- | --- | ---: | ---: | ---: | ---: |
{language_table}

Lowest: {worst}.

Where a language is written in two scripts: {by_script}.

## Confusion matrix

![confusion matrix](confusion.png)

The largest confusions (share of the actual language's sentences of 60 or more characters):

| actual | predicted | share | count |
| --- | --- | ---: | ---: |
{confusion_table}

## Files

| file | what |
| --- | --- |
| `model.safetensors`, `config.json` | weights (BF16) and configuration |
| `tokenizer.json`, `tokenizer_config.json`, `vocab.txt` | the WordPiece tokenizer |
| `expected.json`, `expected.safetensors` | sentences with their token ids and logits, to check an implementation against (ids exactly, logits to 1e-4) |
| `metrics.json` | all numbers above and the whole confusion matrix |
| `sources.tsv` | every package used, with version, licence and sentence count |

The tokenizer lowercases (one character at a time, so there is no final-sigma rule), keeps accents, and allows 256
characters a word (`max_input_chars_per_word`) because Thai, Khmer and Burmese write whole clauses without spaces.
A word longer than that, or with a character outside the vocabulary, becomes `[UNK]`. The scripts' own tokenizer does not
look for special tokens written out in the text (`[CLS]` as five letters); everything else gives the ids of `tokenizer.json`.

## Recipe

The scripts are in `scripts/language_id/`. Text comes from Debian packages: message catalogues, help pages, manuals
and game dialogue. Training and held-out text come from different source packages. Cleaning drops untranslated strings,
markup, placeholders, accelerators, option names, paths and code, lines that are mostly not letters, text in the wrong
script, and duplicates. Sentences keep a hole where a placeholder was. A held-out sentence is dropped when its letters (case folded) equal those of any training
sentence of any language, or when two languages share it. Languages with close relatives are drawn more often and those alone in their script less often
(the factors are in `metrics.json`); about half of the draws are whole sentences, the rest are random stretches of one to
fifteen words (or 4 to 60 characters where there are no spaces). AdamW, warmup and cosine decay (peak learning rate {lr}),
label smoothing {smoothing}, dropout 0.1, and 2 % of the tokens replaced by `[UNK]`.
`pt` holds European and Brazilian Portuguese, `sr` both scripts, `ca` Valencian too, `uz` both scripts, `be` both orthographies in Cyrillic.

## Limits

- The text is about software, and translated from English. Held-out text is from other packages but the same world, apart from
  the games. Expect less on poetry, chat, dialects, old spelling or text about other matters.
- It always answers with one of its {n_labels} languages. Text in another language gets the nearest one, often with a high score: the scores are not calibrated.
- Close pairs stay hard when the text is short: see the table of confusions. Bosnian and Montenegrin are not labels; such text comes out as `hr` or `sr`.
- Serbian in Latin letters is often taken for Croatian (the figures by script are under the language table); in Cyrillic it is not.
- Indonesian and Malay are mixed up in about one sentence of eight.
- No held-out text was trained on, but the held-out scores of an earlier, shorter run decided which languages to draw more
  often, and one held-out package (gnome-chess, whose strings are templated moves with holes) was taken out after looking at it.
- Mixed-language text, names, numbers and code have no right answer here.
- Chinese is told apart by script (simplified or traditional), not by region; rare ideographs are `[UNK]`.
- Held-out labels are the catalogues' own; some rows are mislabelled at the source (untranslated or copied strings), which costs every model a little.

## Sources

The licences are those of the text in each package (its `debian/copyright` has the details). `sources.tsv` lists the binary packages one by one.

### Training

{train_table}

### Held-out

{heldout_table}
"""


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
    pct = lambda v: f"{100 * v:.2f} %"
    text = README.format(
        n_labels=len(labels), bytes=f"{size:,}", params=f"{params:,}", macro=100 * macro, layers=config["num_hidden_layers"],
        hidden=config["hidden_size"], heads=config["num_attention_heads"], inter=config["intermediate_size"], vocab=config["vocab_size"],
        samples=f"{samples:,}", epochs=round(epochs, 1), train_total=f"{sum(tr['train_sentences'].values()):,}",
        minutes=round(seconds / 60), phases=len(phases), threads=tr["arguments"]["threads"], seed=tr["seed"], lr=", then ".join(f"{ph['arguments']['lr']:g}" for ph in phases), smoothing=tr["arguments"]["smoothing"],
        length_table="\n".join(f"| {b} | {pct(v['macro_accuracy'])} | {v['sentences']:,} | {v['languages']} |" for b, v in by_length.items()),
        language_table="\n".join(f"| `{l['code']}` | {l['name']} | {l['train_sentences']} | {l['heldout_sentences']} | {l['heldout_sentences_60']} | {pct(l['accuracy_60'])} |" for l in langs),
        worst=", ".join(f"`{l['code']}` {pct(l['accuracy_60'])}" for l in worst[:8]),
        by_script=", ".join(f"`{k}` {pct(v['accuracy_60'])} of {v['sentences']}" for k, v in scripts.items()),
        confusion_table="\n".join(f"| `{x}` | `{y}` | {pct(s)} | {v} of {t} |" for s, x, y, v, t in confusions(labels, matrix)),
        train_table=source_table(rows, used, "train"), heldout_table=source_table(rows, used, "heldout"))
    with open(os.path.join(a.out, "README.md"), "w", encoding="utf-8") as f:
        f.write(text)


if __name__ == "__main__":
    main()
