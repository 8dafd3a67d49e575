#!/usr/bin/env python3
"""Compare the C++ runtime with torch on the sentences of expected.json.

    python3 check_cpp.py --xzoo PATH/TO/xzoo --model MODEL_DIR

Runs `xzoo classify --model MODEL_DIR --json --top-k 0` with one sentence a line on standard
input; it answers each with one JSON object a line, all labels in its scores, best first:
{"text": "Hallo", "label": "de", "score": 0.98, "scores": {"de": 0.98, ...}}.
With --embedded it asks the model that the program carries, which should be the same.
Needs no torch: the expected probabilities are the softmax of the stored logits.
"""
import argparse
import json
import math
import os
import subprocess
import sys


def softmax(logits):
    top = max(logits)
    e = [math.exp(z - top) for z in logits]
    return [v / sum(e) for v in e]


def ask(xzoo, arguments, texts):
    """The program's answers, one a text."""
    run = subprocess.run([xzoo, "classify", *arguments, "--json", "--top-k", "0"],
                         stdout=subprocess.PIPE, input="".join(t + "\n" for t in texts).encode())
    if run.returncode:
        sys.exit(f"{xzoo} ended with status {run.returncode}")
    answers = [json.loads(l) for l in run.stdout.decode().splitlines()]
    if len(answers) != len(texts):
        sys.exit(f"{len(texts)} sentences in, {len(answers)} answers out")
    return answers


def faults(answer, sentence, want, tolerance):
    """What is wrong with an answer, and the largest difference from want, {label: probability}."""
    scores = answer["scores"]
    if set(scores) != set(want) or None in scores.values():  # null: not a finite number
        return ["scores are not one number a label"], math.inf
    diff = max(abs(want[l] - p) for l, p in scores.items())
    found = []
    if answer["text"] != sentence["text"]:
        found.append("the text came back changed: " + answer["text"])
    if answer["label"] != sentence["predicted"]:
        found.append(f"expected {sentence['predicted']}, got {answer['label']}")
    if answer["score"] != scores[answer["label"]] or answer["score"] != max(scores.values()):
        found.append("score is not the best of scores")
    if list(scores.values()) != sorted(scores.values(), reverse=True):
        found.append("scores are not best first")
    if diff > tolerance:
        found.append(f"largest difference {diff:.2e}")
    return found, diff


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--xzoo", required=True)
    ap.add_argument("--model", required=True, help="folder with expected.json")
    ap.add_argument("--embedded", action="store_true", help="ask the model in the program, not that of the folder")
    ap.add_argument("--tolerance", type=float, default=1e-4)
    a = ap.parse_args()
    with open(os.path.join(a.model, "config.json"), encoding="utf-8") as f:
        id2label = json.load(f)["id2label"]
    labels = [id2label[str(i)] for i in range(len(id2label))]
    with open(os.path.join(a.model, "expected.json"), encoding="utf-8") as f:
        sentences = json.load(f)["sentences"]
    answers = ask(a.xzoo, [] if a.embedded else ["--model", a.model], [s["text"] for s in sentences])
    bad, worst = 0, 0.0
    for s, answer in zip(sentences, answers):
        found, diff = faults(answer, s, dict(zip(labels, softmax(s["logits"]))), a.tolerance)
        worst = max(worst, diff)
        if found:
            bad += 1
            print(f"{s['label']}: {'; '.join(found)}: {s['text']}")
    print(f"{len(sentences) - bad} of {len(sentences)} agree, largest difference in probability {worst:.2e}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
