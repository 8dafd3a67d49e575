#!/usr/bin/env python3
"""The tokenizer: BERT's normalizer, pre-tokenizer and WordPiece, and its vocabulary.

    python3 wordpiece.py --work DIR            trains DIR/vocab.txt from DIR/train

Written to give the same ids as a Hugging Face tokenizer.json with
BertNormalizer(clean_text, handle_chinese_chars, no strip_accents, lowercase),
BertPreTokenizer and WordPiece.
"""
import argparse
import collections
import glob
import heapq
import json
import os
import random
import sys
import unicodedata

from languages import LANGUAGES

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PAD, UNK, CLS, SEP, MASK = range(5)
MAX_WORD = 256    # max_input_chars_per_word: Thai or Khmer clauses are one long "word"
MAX_LENGTH = 128

CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
       (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))
WHITE = {0x20, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000} | set(range(0x2000, 0x200B))


def is_cjk(cp):
    return any(a <= cp <= b for a, b in CJK)


def is_punct(c):
    cp = ord(c)
    return 33 <= cp <= 47 or 58 <= cp <= 64 or 91 <= cp <= 96 or 123 <= cp <= 126 or unicodedata.category(c)[0] == "P"


class _Table(dict):
    """str.translate table: what one character becomes before splitting on spaces."""
    def __missing__(self, cp):
        c = chr(cp)
        if c in "\t\n\r":
            v = " "
        elif cp in (0, 0xFFFD) or unicodedata.category(c) in ("Cc", "Cf", "Cn", "Co", "Cs"):
            v = ""
        elif cp in WHITE:
            v = " "
        elif is_cjk(cp):
            v = " " + c + " "
        else:
            # Lower case one character at a time: no final-sigma rule, as in the Rust tokenizers.
            v = c.lower()
            v = "".join(" " + x + " " if is_punct(x) else x for x in v)
        self[cp] = v
        return v


TABLE = _Table()


def words(text):
    return text.translate(TABLE).split(" ")


class WordPiece:
    def __init__(self, vocab):
        self.vocab = {p: i for i, p in enumerate(vocab)}
        self.pieces = list(vocab)
        self.longest = max(len(p) for p in vocab)
        self.cache = {"": ()}

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as f:
            return cls(f.read().split("\n")[:-1])

    def word(self, w):
        got = self.cache.get(w)
        if got is not None:
            return got
        ids, start, n = [], 0, len(w)
        if n > MAX_WORD:
            ids = [UNK]
            start = n
        while start < n:
            prefix = "##" if start else ""
            end = min(n, start + self.longest)
            while end > start:
                i = self.vocab.get(prefix + w[start:end])
                if i is not None:
                    break
                end -= 1
            if end == start:
                ids = [UNK]
                break
            ids.append(i)
            start = end
        ids = tuple(ids)
        if len(self.cache) < 3_000_000:
            self.cache[w] = ids
        return ids

    def encode(self, text):
        ids = [CLS]
        for w in words(text):
            if w:
                ids.extend(self.word(w))
        return ids[:MAX_LENGTH - 1] + [SEP]

    def tokenizer_json(self):
        special = lambda i: {"id": i, "content": SPECIAL[i], "single_word": False, "lstrip": False,
                             "rstrip": False, "normalized": False, "special": True}
        piece = lambda i, t: {"SpecialToken": {"id": SPECIAL[i], "type_id": t}}
        return {
            "version": "1.0",
            "truncation": {"direction": "Right", "max_length": MAX_LENGTH, "strategy": "LongestFirst", "stride": 0},
            "padding": None,
            "added_tokens": [special(i) for i in range(5)],
            "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                           "strip_accents": False, "lowercase": True},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [piece(CLS, 0), {"Sequence": {"id": "A", "type_id": 0}}, piece(SEP, 0)],
                "pair": [piece(CLS, 0), {"Sequence": {"id": "A", "type_id": 0}}, piece(SEP, 0),
                         {"Sequence": {"id": "B", "type_id": 1}}, piece(SEP, 1)],
                "special_tokens": {SPECIAL[i]: {"id": SPECIAL[i], "ids": [i], "tokens": [SPECIAL[i]]} for i in (CLS, SEP)},
            },
            "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                      "max_input_chars_per_word": MAX_WORD, "vocab": self.vocab},
        }


# ---------------------------------------------------------------- vocabulary training

# A script that only one label uses gives the language away by itself; it gets
# fewer merges, so that the pieces go where they decide something.
SHARED = ("LATIN", "CYRILLIC", "ARABIC", "DEVANAGARI")


def train_vocab(work, size, per_label, seed):
    counts = collections.Counter()   # word -> weighted count
    chars = {}
    for path in sorted(glob.glob(os.path.join(work, "train", "*.txt"))):
        label = os.path.basename(path)[:-4]
        rng = random.Random(f"{seed}{label}")
        with open(path, encoding="utf-8") as f:
            lines = [l.rstrip("\n").split("\t", 1)[1] for l in f]
        rng.shuffle(lines)
        local, total = collections.Counter(), 0
        for l in lines:
            for w in words(l):
                if w:
                    local[w[:60]] += 1
                    total += len(w)
            if total > per_label:
                break
        scale = (1.0 if LANGUAGES[label][1].split()[0] in SHARED else 0.25) * 1e6 / total
        cc = collections.Counter()
        for w, n in local.items():
            counts[w] += n * scale
            for c in w:
                cc[c] += n
        chars[label] = cc
    # Characters first: enough of each label's letters to spell nearly every word.
    bare, cont = collections.Counter(), collections.Counter()
    for label, cc in chars.items():
        total, acc = sum(cc.values()), 0
        cover, limit = {"ja": (0.97, 800), "zh-Hans": (0.97, 800), "zh-Hant": (0.97, 800), "ko": (0.985, 420)}.get(label, (0.9997, 400))
        for c, n in cc.most_common(limit):
            if acc > cover * total or n < 3:
                break
            acc += n
            bare[c] += n / total
            # An ideograph or a punctuation mark always stands alone, so it has no ## form.
            if not is_cjk(ord(c)) and not is_punct(c):
                cont[c] += n / total
    for c in map(chr, range(33, 127)):
        if c == c.lower():
            bare[c] += 0
            if not is_punct(c):
                cont[c] += 0
    vocab = SPECIAL + sorted(bare) + ["##" + c for c in sorted(cont)]
    known = set(vocab)
    print(f"{len(bare)} characters, {len(cont)} continuations, {len(counts)} word types", file=sys.stderr)
    # Then merges, most frequent pair first (BPE on WordPiece symbols).
    seqs, freq = [], []
    for w, n in counts.items():
        if len(w) < 2 or is_cjk(ord(w[0])):
            continue
        s = [w[0]] + ["##" + c for c in w[1:]]
        if n > 0 and all(p in known for p in s):
            seqs.append(s)
            freq.append(n)
    pairs, where = collections.defaultdict(float), collections.defaultdict(set)
    for i, s in enumerate(seqs):
        for p in zip(s, s[1:]):
            pairs[p] += freq[i]
            where[p].add(i)
    heap = [(-n, p) for p, n in pairs.items()]
    heapq.heapify(heap)
    while len(vocab) < size and heap:
        n, p = heapq.heappop(heap)
        if p not in pairs or -n > pairs[p] * (1 + 1e-9) + 1e-6:
            if pairs.get(p, 0) > 1e-6:
                heapq.heappush(heap, (-pairs[p], p))
            continue
        new = p[0] + p[1][2:]
        if new not in known:
            known.add(new)
            vocab.append(new)
        touched = set()
        for i in where.pop(p):
            s, f = seqs[i], freq[i]
            out, k = [], 0
            while k < len(s):
                if k + 1 < len(s) and (s[k], s[k + 1]) == p:
                    out.append(new)
                    k += 2
                else:
                    out.append(s[k])
                    k += 1
            if len(out) == len(s):
                continue
            for q in zip(s, s[1:]):
                pairs[q] -= f
            for q in zip(out, out[1:]):
                pairs[q] += f
                where[q].add(i)
                touched.add(q)
            seqs[i] = out
        pairs.pop(p, None)
        for q in touched:
            if q in pairs:
                heapq.heappush(heap, (-pairs[q], q))
    return vocab


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", required=True)
    ap.add_argument("--size", type=int, default=12288)
    ap.add_argument("--per-label", type=int, default=250000, help="characters of each language counted")
    ap.add_argument("--seed", type=int, default=7)
    a = ap.parse_args()
    vocab = train_vocab(a.work, a.size, a.per_label, a.seed)
    with open(os.path.join(a.work, "vocab.txt"), "w", encoding="utf-8") as f:
        f.write("\n".join(vocab) + "\n")
    print(f"{len(vocab)} pieces", file=sys.stderr)


if __name__ == "__main__":
    main()
