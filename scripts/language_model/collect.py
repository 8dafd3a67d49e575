#!/usr/bin/env python3
"""Download the Debian packages that carry the texts and split the texts into documents.

    python3 collect.py --work DIR

Nothing is installed. Writes DIR/train.jsonl and DIR/heldout.jsonl, a chapter a line, and
DIR/packages.json.
"""
import argparse
import json
import os
import re
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from texts import austen, king_james, moby_dick  # noqa: E402
from training.packages import describe, fetch  # noqa: E402

# package -> (reader, where the text lies, licence of the text, what the text is)
PACKAGES = {
    "r-cran-janeaustenr": (austen, "usr/lib/R/site-library/janeaustenr/data/Rdata", "public-domain, package MIT",
                           "the six novels of Jane Austen (1811-1818)"),
    "r-cran-tokenizers": (moby_dick, "usr/lib/R/site-library/tokenizers/data/Rdata", "public-domain, package MIT",
                          "Herman Melville, Moby-Dick (1851)"),
    "sword-text-kjv": (king_james, "usr/share/sword/modules/texts/ztext/engKJV2006eb", "public-domain",
                       "the King James Bible (1611, standard text of 1769)"),
}
WANTED = re.compile(r"(/data/Rdata\.rd[bx]|/engKJV2006eb/[no]t\.bz[svz]|/copyright)$")

# What is never trained on: a whole novel, whole books of the Bible, and every tenth chapter of the
# novel that stands alone.
HELDOUT = {"Northanger Abbey", "Ruth", "Esther", "Ecclesiastes", "Jonah", "Micah", "Philippians", "James", "2 Peter"}


def is_heldout(document):
    return document["work"] in HELDOUT or document["work"] == "Moby-Dick" and document["chapter"] % 10 == 0


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", required=True)
    ap.add_argument("--keep-debs", action="store_true")
    a = ap.parse_args()
    debs, files = os.path.join(a.work, "debs"), os.path.join(a.work, "files")
    os.makedirs(debs, exist_ok=True)
    os.makedirs(files, exist_ok=True)
    fetch(list(PACKAGES), debs, files, WANTED, a.keep_debs)
    meta = describe(list(PACKAGES))
    documents, rows = [], []
    for package, (read, path, licence, what) in PACKAGES.items():
        got = [{"package": package, **d} for d in read(os.path.join(files, package, path))]
        documents += got
        rows.append({"package": package, "version": meta[package]["Version"], "source": meta[package].get("Source", package),
                     "licence": licence, "text": what})
        print(f"{package}: {len(got)} chapters, {sum(len(d['text']) for d in got)} characters")
    for role in ("train", "heldout"):
        part = [d for d in documents if is_heldout(d) == (role == "heldout")]
        for row in rows:
            own = [d for d in part if d["package"] == row["package"]]
            row[role + "_bytes"] = sum(len(d["text"].encode()) for d in own)
            if role == "heldout":
                row[role] = ", ".join(dict.fromkeys(d["work"] if d["work"] in HELDOUT else "every tenth chapter" for d in own))
        with open(os.path.join(a.work, role + ".jsonl"), "w", encoding="utf-8") as f:
            f.writelines(json.dumps(d, ensure_ascii=False) + "\n" for d in part)
    missing = HELDOUT - {d["work"] for d in documents}
    assert not missing, f"no text for {missing}"
    with open(os.path.join(a.work, "packages.json"), "w", encoding="utf-8") as f:
        json.dump(rows, f, indent=1)


if __name__ == "__main__":
    main()
