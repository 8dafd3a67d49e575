"""Which text of a package is in which language: (label, text, English original) from its files."""
import gzip
import json
import os
import re
import struct
import sys
import zipfile

from catalogues import read_mo, read_po, read_qm, read_xpi
from documents import read_man, read_markup
from languages import label_of

BY_SUFFIX = ("libreoffice-", "gimp-help-", "manpages-", "aptitude-doc-", "debian-faq-", "maint-guide-",
             "developers-reference-", "debian-reference-", "debian-edu-doc-", "fortunes-", "firefox-esr-l10n-", "thunderbird-l10n-")

ENGLISH_HTML = {"debian-faq", "maint-guide", "developers-reference", "debian-history", "live-manual-html"}


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
