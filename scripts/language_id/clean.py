#!/usr/bin/env python3
"""Turn the collected files into clean labelled sentences.

    python3 clean.py --work DIR

Reads DIR/packages.json and DIR/files, writes DIR/train/LABEL.txt and
DIR/heldout/LABEL.txt, one `package<TAB>sentence` a line.
"""
import argparse
import collections
import gzip
import html
import json
import multiprocessing
import os
import random
import re
import struct
import sys
import unicodedata
import zipfile

from languages import LANGUAGES, label_of

# ---------------------------------------------------------------- file formats


def read_mo(data):
    """(msgid, msgstr) pairs of a GNU message catalogue."""
    magic = struct.unpack("<I", data[:4])[0]
    e = "<" if magic == 0x950412DE else ">"
    _, n, o_off, t_off = struct.unpack(e + "4I", data[4:20])
    for i in range(n):
        ol, op = struct.unpack_from(e + "2I", data, o_off + 8 * i)
        tl, tp = struct.unpack_from(e + "2I", data, t_off + 8 * i)
        if not ol:
            continue
        try:
            s, t = data[op:op + ol].decode("utf-8"), data[tp:tp + tl].decode("utf-8")
        except UnicodeDecodeError:
            continue
        s = s.split("\x04")[-1].split("\0")
        for k, part in enumerate(t.split("\0")):
            yield s[min(k, len(s) - 1)], part


def read_po(text):
    """(msgid, msgstr) pairs of a .po file (fuzzy entries left out)."""
    for block in re.split(r"\n\s*\n", text):
        if re.search(r"^#,.*fuzzy", block, re.M):
            continue
        block = re.sub(r"^#.*\n?", "", block, flags=re.M)
        get = lambda key: ["".join(re.findall(r'"((?:[^"\\]|\\.)*)"', m)) for m in
                           re.findall(r'^%s((?:\s*"(?:[^"\\]|\\.)*")+)' % key, block, re.M)]
        src = get("msgid") + get("msgid_plural")
        for t in get(r"msgstr(?:\[\d\])?"):
            if src and src[0] and t:
                unq = lambda x: x.replace("\\n", "\n").replace('\\"', '"').replace("\\t", " ")
                yield unq(src[0]), unq(t)


def read_qm(data):
    """Translations of a Qt message file (its source texts are usually stripped)."""
    pos = 16
    while pos + 5 <= len(data):
        tag, size = struct.unpack_from(">BI", data, pos)
        pos += 5
        if tag == 0x69:
            end, p = pos + size, pos
            while p < end:
                t = data[p]
                p += 1
                if t in (1, 5):
                    p += 4 if t == 5 else 0
                    continue
                n = struct.unpack_from(">I", data, p)[0]
                p += 4
                if n == 0xFFFFFFFF:
                    continue
                if t == 3:
                    yield data[p:p + n].decode("utf-16-be", "ignore")
                p += n
        pos += size


BLOCK = re.compile(r"</?(?:p|para|simpara|li|dd|dt|td|th|h[1-6]|div|br|tr|table|ul|ol|dl|title|term|item|listitem|desc|blockquote|"
                   r"section|caption|center|note|hr|entry|body|header|nav|label|option|link|meta|screen|info|credit|name|revision)\b[^>]*>", re.I)
DROP = re.compile(r"<(script|style|pre|screen|programlisting|head|credit|legal|authorgroup|bookinfo|info)\b.*?</\1\s*>|<!--.*?-->|<!DOCTYPE.*?\]>|<\?.*?\?>", re.S | re.I)
CODE = re.compile(r"<(code|tt|kbd|cmd|command|filename|literal|userinput|option|key|keycap|keyseq|var|samp|input|output|file)\b[^>]*>.*?</\1\s*>", re.S | re.I)


def read_markup(text):
    """Blocks of text of HTML, Mallard or DocBook; inline code is cut out."""
    text = DROP.sub("\n", text)
    text = CODE.sub(" \uE000 ", text)  # a private mark: the sentence had a hole here
    text = re.sub(r"\s+", " ", text)
    text = BLOCK.sub("\n", text)
    text = re.sub(r"<[^>]*>", "", text)
    return [html.unescape(t).strip() for t in text.split("\n")]


def read_man(text):
    para, out = [], []
    for line in text.split("\n"):
        if line[:1] in ".'":
            m = re.match(r"[.'](B|I|SM|BR|IR|RB|RI|BI|IB)\s+(.*)", line)
            if m and para:
                para.append(m.group(2).replace('"', " "))
            elif not line.startswith('.\\"'):
                out.append(" ".join(para))
                para = []
            continue
        if not line.strip() or line[0] in " \t":
            out.append(" ".join(para))
            para = []
            continue
        para.append(line)
    out.append(" ".join(para))
    for t in out:
        t = re.sub(r"\\f\[[^\]]*\]|\\f\(..|\\f.|\\s[-+]?\d|\\&|\\c|\\/|\\,|\\%|\\:", "", t)
        t = re.sub(r"\\\(?(aq|cq|oq|dq|lq|rq|Bq|em|en|co|bu|hy)|\\\[[^\]]*\]|\\\*\([a-zA-Z]{2}", " ", t)
        yield t.replace("\\-", "-").replace("\\ ", " ").replace("\\~", " ").replace("\\(em", "-").replace("\\e", "\\")


def read_ftl(text):
    cur = []
    for line in text.split("\n") + ["#"]:
        m = re.match(r"(?:[a-zA-Z-][\w-]*\s*=|\s+\.[\w-]+\s*=|\s*\*?\[[^\]]*\])\s*(.*)", line)
        if m or line.startswith("#") or not line.strip() or re.match(r"\s*\}", line):
            if cur:
                yield " ".join(cur)
            cur = [m.group(1)] if m and m.group(1) else []
        elif line.strip().startswith("{") and "->" in line:
            continue
        else:
            cur.append(line.strip())


def read_xpi(path):
    with zipfile.ZipFile(path) as z:
        for n in z.namelist():
            if n.endswith((".ftl", ".properties", ".dtd")) and "brand" not in n:
                t = z.read(n).decode("utf-8", "replace")
                if n.endswith(".ftl"):
                    yield from read_ftl(t)
                elif n.endswith(".dtd"):
                    yield from re.findall(r'<!ENTITY\s+\S+\s+"([^"]*)"', t)
                else:
                    for m in re.finditer(r"^(?!#)[^=\n]+=(.*)$", t, re.M):
                        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda u: chr(int(u.group(1), 16)), m.group(1))


# ---------------------------------------------------------------- one package

BY_SUFFIX = ("libreoffice-", "gimp-help-", "manpages-", "aptitude-doc-", "debian-faq-", "maint-guide-",
             "developers-reference-", "debian-reference-", "debian-edu-doc-", "fortunes-", "firefox-esr-l10n-", "thunderbird-l10n-")


# Catalogues whose text is not (or hardly) in the language their name says.
MISLABELLED = {("vlc-l10n", "fy"), ("tuxpaint-data", "mr"), ("gimp-help-hr", "hr"), ("gimp-help-hu", "hu")}


def locale_from_package(pkg):
    if pkg == "fortunes-br":  # Brazil, not Breton
        return "pt-br"
    for prefix in BY_SUFFIX:
        if pkg.startswith(prefix):
            rest = re.sub(r"^(l10n-|help-|legacy-)", "", pkg[len(prefix):])
            return {"pa-in": "pa", "min": "en"}.get(rest, rest)
    return None


def locale_from_path(rel):
    parts = rel.split("/")
    name = parts[-1]
    m = re.search(r"\.([a-z]{2}(?:[-_][a-zA-Z]{2})?)\.x?html$|\.x?html\.([a-z]{2}(?:[-_][a-zA-Z]{2})?)$", name)
    if m:
        return m.group(1) or m.group(2)
    for p in reversed(parts[:-1]):
        if p == "C" or (p not in ("doc", "lib", "bin", "man", "js", "sr", "is", "id", "app", "ui") and label_of(p)):
            return p
        if p in ("is", "id", "sr"):
            return p
    return None


def read_text(path):
    data = open(path, "rb").read()
    if path.endswith(".gz"):
        data = gzip.decompress(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        m = re.search(rb"charset=[\"']?([\w-]+)", data[:3000])
        return data.decode(m.group(1).decode("ascii"), "replace") if m else ""


def raw_segments(pkg, root):
    """Yield (label, text, English original or None)."""
    forced = locale_from_package(pkg)
    for d, _, names in os.walk(root):
        for name in sorted(names):
            path = os.path.join(d, name)
            rel = os.path.relpath(path, root)
            try:
                yield from one_file(pkg, path, rel, name, forced)
            except (struct.error, ValueError, LookupError, OSError, zipfile.BadZipFile, RecursionError) as err:
                print(f"skipped {pkg}/{rel}: {type(err).__name__}", file=sys.stderr)


def one_file(pkg, path, rel, name, forced):
    if name == "copyright" or name.endswith((".dat", ".u8")):
        return
    if name.endswith((".mo", ".po")):
        m = re.search(r"/([^/]+)/LC_MESSAGES/", "/" + rel)
        if m:
            loc = m.group(1)
        elif pkg == "wordpress-l10n":
            m = re.match(r"(?:.*-)?([a-z]{2,3}(?:_[A-Z]{2})?)(?:_\w+)?\.mo$", name)
            loc = m.group(1) if m else ""
        else:
            m = re.match(r"(?:.*[-_.])?([a-z]{2,3}(?:_[A-Z]{2})?)\.(?:po|mo)$", name)
            loc = m.group(1) if m else (locale_from_path(rel) or "")
        label = label_of(loc)
        if label is None:
            return
        pairs = read_mo(open(path, "rb").read()) if name.endswith(".mo") else read_po(read_text(path))
        for s, t in pairs:
            if label != "en":
                yield label, t, s
            if label == "de":  # the English originals, once per catalogue
                yield "en", s, None
        return
    if name.endswith(".qm"):
        m = re.match(r"(?:.*?[_.-])?([a-z]{2,3}(?:[_-][A-Z]{2})?(?:@\w+)?)\.qm$", name)
        label = label_of(m.group(1)) if m else None
        if label is None and m is None:
            label = label_of(locale_from_path(rel) or "")
        if label:
            for t in read_qm(open(path, "rb").read()):
                yield label, t, None
        return
    if name.endswith(".json"):
        label = label_of(name[:-5])
        if label:
            def walk(o):
                if isinstance(o, str):
                    yield o
                elif isinstance(o, dict):
                    for k, v in o.items():
                        if k != "@metadata":
                            yield from walk(v)
            for t in walk(json.loads(read_text(path))):
                yield label, t, None
        return
    if name.endswith(".xpi"):
        label = label_of({"hy-am": "hy", "es-es": "es"}.get(forced or "", forced or ""))
        if label:
            for t in read_xpi(path):
                yield label, t, None
        return
    if name.endswith(".lua"):
        m = re.match(r"dialogs_([a-z]{2}(?:_[A-Z]{2})?)\.lua$", name)
        label = label_of(m.group(1)) if m else None
        if label:
            for t in re.findall(r'dialogStr\(\s*"((?:[^"\\]|\\.)*)"', read_text(path)):
                yield label, t, None
        return
    if "/localization/" in rel or "/inc/lang/" in rel:
        m = re.search(r"/(?:localization|lang)/([^/]+)/", rel)
        label = label_of(m.group(1)) if m else None
        if label:
            text = read_text(path)
            if name.endswith(".txt"):
                for t in text.split("\n"):
                    if not t.startswith(("  ", "\t", "^", "|", "<", "{{")):
                        yield label, re.sub(r"={2,}|\*\*|//|''|\[\[([^\]|]*\|)?|\]\]|%%|^\s+[*-] ", "", t), None
            else:
                for t in re.findall(r"=\s*'((?:[^'\\]|\\.)*)'", text) + re.findall(r'=\s*"((?:[^"\\]|\\.)*)"', text):
                    yield label, t.replace("\\'", "'"), None
        return
    if "/games/fortunes/" in rel:
        label = label_of(forced or "")
        if label:
            for t in re.split(r"^%\s*$", read_text(path), flags=re.M):
                t = re.sub(r"\x1b\[[0-9;]*m", "", t)
                yield label, re.sub(r"\s+", " ", t.split("\n\t\t")[0]), None
        return
    if "/man/" in rel and name.endswith(".gz"):
        m = re.search(r"/man/([a-z]{2}[^/]*)/man\d", rel)
        loc = m.group(1) if m and not re.fullmatch(r"man\d", m.group(1)) else "en"
        label = label_of(loc)
        if label:
            for t in read_man(read_text(path)):
                yield label, t, None
        return
    if re.search(r"(\.page|\.docbook|\.x?html?)(\.[a-z]{2}[\w-]*)?$", name) or "/skycultures/" in rel:
        if "/skycultures/" in rel:
            m = re.search(r"\.([a-z]{2}(?:_[A-Z]{2})?)\.utf8$", name)
            label = label_of(m.group(1)) if m else None
        else:
            label = label_of(forced or locale_from_path(rel) or ("en" if pkg in ENGLISH_HTML else ""))
        if label:
            for t in read_markup(read_text(path)):
                yield label, t, None


ENGLISH_HTML = {"debian-faq", "maint-guide", "developers-reference", "debian-history", "live-manual-html"}

# ---------------------------------------------------------------- cleaning

SPLIT = re.compile(r"(?<=[.!?\u2026\u061f\u06d4\u0964])[\"'\u201d\u00bb)]?\s+(?=\S)|(?<=[\u3002\uff01\uff1f])|\n+")
PLACE = re.compile(r"%\(\w+\)[a-z]|%(?:\d+\$)?[-+ #0]*\d*(?:\.\d+)?(?:l{0,2}|h|z)[a-zA-Z]\b|%L?\d+|%%|%n|\$\{[^}]*\}|\$\w+|#\{[^}]*\}|\{\{[^{}]*\}\}|\{[^{}]*\}|&[a-zA-Z.]+;|@\w+@")
ACCEL_CJK = re.compile(r"\s*[(\uff08][_&~]?[A-Z0-9][)\uff09]")
TOKEN_BAD = re.compile(r"[/\\@=<>{}#$^|~\[\]\uE000]|://|^-+\w|\w_\w|^\.\w|\w\.\w{1,4}\b(?=.*[A-Za-z])|[a-z][A-Z]|\d[A-Za-z]|[A-Za-z]\d|\(\)|::")
EN_WORDS = set("the and with this from that your you are be not by has will which have can when if it".split())


class Chars(dict):
    """char -> (is a letter, is a letter or a mark, script); filled on demand."""
    def __missing__(self, c):
        alpha = c.isalpha()
        self[c] = v = (alpha, alpha or unicodedata.category(c)[0] == "M",
                       unicodedata.name(c, "?").split(" ")[0].split("-")[0])
        return v


CHARS = Chars()


def clean(text, label):
    """Sentences of one raw segment, or nothing."""
    if text.count("|") > 1 and "{{" not in text and "[[" not in text:
        return
    text = text.replace("\\n", "\n").replace("\\t", " ").replace("\r", "")
    text = re.sub(r"\{\{(?:PLURAL|GENDER|GRAMMAR|int|FORMAL)[^{}|]*\|([^{}|]*)[^{}]*\}\}", r"\1", text, flags=re.I)
    text = re.sub(r"\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]|\[(?:https?:)?//\S+ ([^\]]*)\]", lambda m: m.group(1) or m.group(2) or "", text)
    text = re.sub(r"<(?:br|p|li|para)\b[^>]*>", "\n", text)
    text = re.sub(r"</?[a-zA-Z][^<>]*>", "", text)
    text = html.unescape(html.unescape(text)) if "&" in text else text
    text = re.sub(r"</?[a-zA-Z][^<>]*>", "", text)
    text = re.sub(r"\{\$?-?[\w.]+\}|\{ ?[\"$-][^{}]*\}", " \uE000 ", text)
    text = PLACE.sub(" \uE000 ", text)
    text = ACCEL_CJK.sub("", text)
    text = re.sub(r"(?<![\w])[_&~](?=\w)|(?<=\w)[_&~](?=[^\W\d_])(?!\w*_)", "", text)
    text = re.sub(r"'{2,}|\*{2,}|={2,}|`", "", text)
    text = text.replace("\u200e", "").replace("\u200f", "").replace("\u00ad", "").replace("\u202f", " ").replace("\xa0", " ")
    want = LANGUAGES[label][1].split()
    for s in SPLIT.split(text):
        s = " ".join(s.split())
        if not s:
            continue
        toks = s.split(" ")
        keep = [t for t in toks if not TOKEN_BAD.search(t.strip(".,;:!?()\"'\u201c\u201d\u00ab\u00bb"))]
        if len(keep) < len(toks):
            # a hole or a code word: tolerate a few, else the rest is no sentence
            if len(keep) < 4 or len(keep) < 0.7 * len(toks):
                continue
            s = " ".join(keep)
        s = re.sub(r"\s+([.,;:!?])", r"\1", s).strip(" -*\u2022\u00b7:;,\u2013\u2014")
        s = re.sub(r"\(\s*\)|\"\s*\"|\u201c\s*\u201d|\u00ab\s*\u00bb|\u2018\s*\u2019|''", "", s).strip()
        s = " ".join(s.split())
        if len(s) > 400:
            continue
        info = [CHARS[c] for c in s]
        letters = sum(1 for i in info if i[1])
        solid = len(s) - s.count(" ")
        if letters < 2 or letters < 0.75 * solid:
            continue
        base = [i[2] for i in info if i[0]]
        if not base or sum(1 for x in base if x in want) < 0.7 * len(base):
            continue
        if label == "ja" and len(base) >= 8 and "HIRAGANA" not in base and "KATAKANA" not in base:
            continue
        if label != "en":
            w = re.findall(r"[a-z]+", s.lower())
            n = sum(1 for t in w if t in EN_WORDS)
            if (n >= 2 and n >= 0.15 * len(w)) or "the" in w:
                continue
        elif sum(1 for c in s if ord(c) > 127 and CHARS[c][0]) > 0.1 * len(base):
            continue
        yield s


def key_of(s):
    """Normal form for duplicates: letters only, case folded."""
    return "".join(c for c in unicodedata.normalize("NFKC", s).casefold() if CHARS[c][1])


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
