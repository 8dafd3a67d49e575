#!/usr/bin/env python3
"""Turn the collected files into clean labelled sentences.

    python3 clean.py --work DIR

Reads DIR/packages.json and DIR/files, writes DIR/train/LABEL.txt and
DIR/heldout/LABEL.txt, one `package<TAB>sentence` a line.  What a sentence is, is up to
text_rules.py; duplicates, the share of each package and the choice of languages are up to this.
"""
import argparse
import collections
import json
import multiprocessing
import os
import random
import sys

from languages import LANGUAGES
from segments import raw_segments
from text_rules import clean, key_of

# Catalogues whose text is not (or hardly) in the language their name says.
MISLABELLED = {("vlc-l10n", "fy"), ("tuxpaint-data", "mr"), ("gimp-help-hr", "hr"), ("gimp-help-hu", "hu")}

PER_PACKAGE = 10000  # sentences of one label that one package may give


def do_package(job):
    role, pkg, root = job
    raw = collections.defaultdict(set)
    for label, text, src in raw_segments(pkg, root):
        if (pkg, label) in MISLABELLED:
            continue
        if text and len(text) < 20000 and (src is None or text.strip() != src.strip()):
            raw[label].add(text)
    out = []
    for label, texts in raw.items():
        seen = set()
        texts = sorted(texts)
        random.Random(pkg + label).shuffle(texts)
        for text in texts:
            if len(seen) >= PER_PACKAGE:
                break
            for s in clean(text, label):
                k = key_of(s)
                if k and k not in seen:
                    seen.add(k)
                    out.append((label, s, k))
    return role, pkg, out


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", required=True)
    ap.add_argument("--jobs", type=int, default=2)
    ap.add_argument("--cap-train", type=int, default=40000, help="sentences a language kept for training")
    ap.add_argument("--cap-heldout", type=int, default=1500, help="held-out sentences a language, for >= 60 chars and for shorter each")
    ap.add_argument("--min-train", type=int, default=3000)
    ap.add_argument("--min-heldout", type=int, default=100, help="held-out sentences of 60 characters or more")
    ap.add_argument("--seed", type=int, default=7)
    a = ap.parse_args()
    rows = json.load(open(os.path.join(a.work, "packages.json")))
    jobs = [(r["role"], r["package"], os.path.join(a.work, "files", r["package"])) for r in rows]
    jobs = [j for j in jobs if os.path.isdir(j[2])]
    jobs.sort(key=lambda j: -sum(len(f) for _, _, f in os.walk(j[2])))
    data = {"train": collections.defaultdict(dict), "heldout": collections.defaultdict(dict)}
    with multiprocessing.Pool(a.jobs) as pool:
        for n, (role, pkg, out) in enumerate(pool.imap_unordered(do_package, jobs)):
            if n % 50 == 0:
                print(f"{n}/{len(jobs)} packages", file=sys.stderr, flush=True)
            src = next(r["source"] for r in rows if r["package"] == pkg)
            for label, s, k in out:
                data[role][label].setdefault(k, (s, pkg, src))
    # English strings inside other languages' files are untranslated ones.
    english = set(data["train"]["en"]) | set(data["heldout"]["en"])
    owners = {"train": collections.Counter(), "heldout": collections.Counter()}
    for role in data:
        for label, d in data[role].items():
            if label != "en":
                for k in [k for k in d if k in english]:
                    del d[k]
            owners[role].update(d.keys())
    train_keys = set(owners["train"])
    rng = random.Random(a.seed)
    report = {}
    for label in sorted(LANGUAGES):
        # A string that three or more languages share says nothing about any of them.
        tr = [(k, v) for k, v in sorted(data["train"][label].items()) if owners["train"][k] < 3]
        # Held-out: unseen in any training language, and not shared by two labels.
        he = [(k, v) for k, v in sorted(data["heldout"][label].items())
              if k not in train_keys and owners["heldout"][k] < 2]
        he_long = [v for _, v in he if len(v[0]) >= 60]
        he_short = [v for _, v in he if len(v[0]) < 60]
        report[label] = (len(tr), len(he_long), len(he_short), len({v[2] for _, v in tr}), len({v[2] for _, v in he}))
        if len(tr) < a.min_train or len(he_long) < a.min_heldout:
            continue

        def spread(items, cap):
            """Take from every source in turn, so that one big package does not fill the cap."""
            by = collections.defaultdict(list)
            for v in items:
                by[v[2]].append(v)
            for v in by.values():
                rng.shuffle(v)
            got, queues = [], [by[s] for s in sorted(by)]
            while queues and len(got) < cap:
                queues = [q for q in queues if q]
                for q in queues:
                    if q and len(got) < cap:
                        got.append(q.pop())
            return got
        for role, items in (("train", spread([v for _, v in tr], a.cap_train)),
                            ("heldout", spread(he_long, a.cap_heldout) + spread(he_short, a.cap_heldout))):
            os.makedirs(os.path.join(a.work, role), exist_ok=True)
            with open(os.path.join(a.work, role, label + ".txt"), "w", encoding="utf-8") as f:
                for s, pkg, _ in items:
                    f.write(f"{pkg}\t{s}\n")
    print("label  train  heldout>=60  heldout<60  train-sources heldout-sources")
    for label, r in sorted(report.items(), key=lambda x: x[1][1]):
        used = os.path.exists(os.path.join(a.work, "train", label + ".txt"))
        print(f"{label:8}", *r, "" if used else "NOT USED")


if __name__ == "__main__":
    main()
