#!/usr/bin/env python3
"""Byte-level BPE as GPT-2 has it: the trainer, the encoder, and Hugging Face's tokenizer.json.

    python3 tokenizer.py --work DIR [--size N]

Writes DIR/tokenizer.json from DIR/train.jsonl.
"""
import argparse
import collections
import heapq
import json
import os

import regex

END_OF_TEXT = "<|endoftext|>"  # begins a text and ends it
END = 0
WORD = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")


def byte_letters():
    """GPT-2's printable stand-in for every byte."""
    plain = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in plain]
    return {**{b: chr(b) for b in plain}, **{b: chr(256 + i) for i, b in enumerate(others)}}


LETTERS = byte_letters()


def spell(text):
    return "".join(LETTERS[b] for b in text.encode("utf-8"))


def train(texts, size):
    """The merges, most frequent pair first; ties go to the pair that sorts first."""
    counts = collections.Counter(spell(w) for t in texts for w in WORD.findall(t))
    words = [(list(w), n) for w, n in counts.items()]
    pairs, where = collections.Counter(), collections.defaultdict(set)
    for i, (w, n) in enumerate(words):
        for pair in zip(w, w[1:]):
            pairs[pair] += n
            where[pair].add(i)
    queue = [(-n, pair) for pair, n in pairs.items()]
    heapq.heapify(queue)
    merges = []
    while len(merges) < size - len(LETTERS) - 1 and queue:
        n, pair = heapq.heappop(queue)
        if -n != pairs[pair]:  # an old count; the pair's present one has an entry of its own
            continue
        merges.append(pair)
        touched = set()
        for i in where.pop(pair):
            w, n = words[i]
            for old in zip(w, w[1:]):
                pairs[old] -= n
                touched.add(old)
            merge(w, pair)
            for new in zip(w, w[1:]):
                pairs[new] += n
                where[new].add(i)
                touched.add(new)
        for other in touched:
            if pairs[other] > 0:
                heapq.heappush(queue, (-pairs[other], other))
    return merges


def merge(word, pair):
    """Joins every occurrence of pair in the list word, from the left."""
    i = 0
    while i + 1 < len(word):
        if word[i] == pair[0] and word[i + 1] == pair[1]:
            word[i:i + 2] = [pair[0] + pair[1]]
        i += 1


class Tokenizer:
    def __init__(self, merges):
        self.merges = merges
        self.rank = {pair: i for i, pair in enumerate(merges)}
        self.pieces = [END_OF_TEXT, *sorted(LETTERS.values()), *(a + b for a, b in merges)]
        self.ids = {p: i for i, p in enumerate(self.pieces)}
        self.bytes = {letter: b for b, letter in LETTERS.items()}
        self.known = {}

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as f:
            return cls([tuple(m.split(" ")) for m in json.load(f)["model"]["merges"]])

    def word(self, text):
        got = self.known.get(text)
        if got is None:
            w = list(spell(text))
            while len(w) > 1:
                best = min(zip(w, w[1:]), key=lambda p: self.rank.get(p, len(self.rank)))
                if best not in self.rank:
                    break
                merge(w, best)
            got = self.known[text] = [self.ids[p] for p in w]
        return got

    def encode(self, text):
        """The ids of the text alone; tokenizer.json's post-processor puts END before them."""
        return [i for w in WORD.findall(text) for i in self.word(w)]

    def decode(self, ids):
        letters = "".join(self.pieces[i] for i in ids if i != END)
        return bytes(self.bytes[c] for c in letters).decode("utf-8", "replace")

    def tokenizer_json(self):
        level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
        end = {"id": END_OF_TEXT, "type_id": 0}
        return {
            "version": "1.0", "truncation": None, "padding": None,
            "added_tokens": [{"id": END, "content": END_OF_TEXT, "single_word": False, "lstrip": False, "rstrip": False,
                              "normalized": False, "special": True}],
            "normalizer": None, "pre_tokenizer": level,
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [{"SpecialToken": end}, {"Sequence": {"id": "A", "type_id": 0}}],
                "pair": [{"SpecialToken": end}, {"Sequence": {"id": "A", "type_id": 0}},
                         {"SpecialToken": {**end, "type_id": 1}}, {"Sequence": {"id": "B", "type_id": 1}}],
                "special_tokens": {END_OF_TEXT: {"id": END_OF_TEXT, "ids": [END], "tokens": [END_OF_TEXT]}}},
            "decoder": level,
            "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                      "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                      "vocab": self.ids, "merges": [f"{a} {b}" for a, b in self.merges]}}


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", required=True)
    ap.add_argument("--size", type=int, default=2048)
    a = ap.parse_args()
    with open(os.path.join(a.work, "train.jsonl"), encoding="utf-8") as f:
        texts = [json.loads(line)["text"] for line in f]
    tokenizer = Tokenizer(train(texts, a.size))
    with open(os.path.join(a.work, "tokenizer.json"), "w", encoding="utf-8") as f:
        json.dump(tokenizer.tokenizer_json(), f, ensure_ascii=False, indent=1)
    tokens = sum(len(tokenizer.encode(t)) for t in texts)
    print(f"{len(tokenizer.pieces)} pieces, {tokens} tokens, {sum(len(t.encode()) for t in texts) / tokens:.3f} bytes a token")
    assert all(tokenizer.decode(tokenizer.encode(t)) == t for t in texts)


if __name__ == "__main__":
    main()
