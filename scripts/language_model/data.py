"""Documents as token ids, and the rows that training takes from them."""
import array
import json
import os
import random

import torch

from tokenizer import END


def load(work, role, tokenizer):
    """The documents of train.jsonl or heldout.jsonl, each with its "ids"."""
    with open(os.path.join(work, role + ".jsonl"), encoding="utf-8") as f:
        documents = [json.loads(line) for line in f]
    for d in documents:
        d["ids"] = tokenizer.encode(d["text"])
    return documents


class Stream:
    """All documents one after the other, END before each of them and after the last."""

    def __init__(self, documents, tokenizer):
        self.ids = array.array("l", [END])
        for d in documents:
            self.ids.extend(d["ids"])
            self.ids.append(END)
        line_end = tokenizer.ids["\u010a"]
        self.breaks = [0] * len(self.ids)  # where the paragraph that follows each position begins
        at = 0
        for i in reversed(range(len(self.ids))):
            at = i if self.ids[i] in (END, line_end) else at
            self.breaks[i] = at

    def epoch(self, length, rng):
        """Rows [length + 1] of the whole stream, parted anew, in random order.

        Half of the rows are moved on to the next paragraph. Rows that start at one begin with END, so that
        END means "a text starts here" and not only "a chapter starts here".
        """
        cuts = list(range(rng.randrange(length), len(self.ids) - length - 1, length))
        rng.shuffle(cuts)
        for cut in cuts:
            moved = self.breaks[cut] if rng.random() < 0.5 else cut
            row = self.ids[moved:moved + length + 1]
            if len(row) <= length:
                continue  # the last paragraph
            if self.breaks[moved] == moved:
                row[0] = END
            yield torch.tensor(row)


def batches(stream, size, length, seed, epoch):
    """Endless (epoch, ids [size, length + 1]); epochs count from the given one."""
    rows = []
    while True:
        for row in stream.epoch(length, random.Random(f"{seed} {epoch}")):
            rows.append(row)
            if len(rows) == size:
                yield epoch, torch.stack(rows)
                rows = []
        epoch += 1
