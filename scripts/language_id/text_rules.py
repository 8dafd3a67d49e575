"""The rules that make clean sentences of a raw segment, and the key by which duplicates are found."""
import html
import re
import unicodedata

from languages import LANGUAGES

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
