#!/usr/bin/env python3
"""Compare the C++ runtime with torch on the sentences of expected.json.

    python3 check_cpp.py --xzoo PATH/TO/xzoo --model MODEL_DIR

Runs `xzoo classify --model MODEL_DIR --json` with one sentence a line on standard input and
expects one JSON object a line: {"label": "de", "scores": {"de": 0.99, ...}}.  `scores` may also
be a list of {"label":, "score":} objects or a plain list in id order; see scores_of().
Needs no torch: the expected probabilities are the softmax of the stored logits.
"""
import argparse
import json
import math
import os
import subprocess
import sys


def scores_of(answer, labels):
    """The answer's probabilities as {label: probability}, whatever shape they came in."""
    s = answer["scores"]
    if isinstance(s, dict):
        return s
    if s and isinstance(s[0], dict):
        return {e["label"]: e["score"] for e in s}
    return dict(zip(labels, s))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--xzoo", required=True)
    ap.add_argument("--model", required=True)
    ap.add_argument("--tolerance", type=float, default=1e-4)
    ap.add_argument("--args", nargs="*", default=["--json"], help="further arguments of `classify`")
    a = ap.parse_args()
    with open(os.path.join(a.model, "config.json"), encoding="utf-8") as f:
        id2label = json.load(f)["id2label"]
    labels = [id2label[str(i)] for i in range(len(id2label))]
    with open(os.path.join(a.model, "expected.json"), encoding="utf-8") as f:
        sentences = json.load(f)["sentences"]
    run = subprocess.run([a.xzoo, "classify", "--model", a.model] + a.args, check=True, stdout=subprocess.PIPE,
                         input="".join(s["text"] + "\n" for s in sentences).encode())
    answers = [json.loads(l) for l in run.stdout.decode().splitlines() if l.strip()]
    if len(answers) != len(sentences):
        sys.exit(f"{len(sentences)} sentences in, {len(answers)} answers out")
    bad, worst = 0, 0.0
    for s, answer in zip(sentences, answers):
        top = max(s["logits"])
        e = [math.exp(z - top) for z in s["logits"]]
        want = {l: v / sum(e) for l, v in zip(labels, e)}
        got = scores_of(answer, labels)  # a list of the top few is enough
        diff = max(abs(want[l] - p) for l, p in got.items())
        worst = max(worst, diff)
        if answer["label"] != s["predicted"] or diff > a.tolerance:
            bad += 1
            print(f"{s['label']}: expected {s['predicted']}, got {answer['label']}, largest difference {diff:.2e}: {s['text']}")
    print(f"{len(sentences) - bad} of {len(sentences)} agree, largest difference in probability {worst:.2e}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
