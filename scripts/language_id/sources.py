"""Which packages the sentences came from: sources.tsv and the tables of the model's README."""
import collections
import json
import os


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
