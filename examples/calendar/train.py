#!/usr/bin/env python3
"""Train the small masked language model of examples/fill_mask.cpp: names in the order in which they
follow each other. Writes config.json, model.safetensors and vocab.txt beside this file.

    python3 train.py        (python3-torch; 15 seconds)
"""
import json
import os
import random
import struct

import torch
import torch.nn.functional as F
from torch import nn

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
CYCLES = [
    "monday tuesday wednesday thursday friday saturday sunday",
    "january february march april may june july august september october november december",
    "spring summer autumn winter",
    "one two three four five six seven eight nine ten eleven twelve",
]
HERE = os.path.dirname(os.path.abspath(__file__))
CONFIG = {
    "architectures": ["BertForMaskedLM"], "hidden_act": "gelu", "hidden_size": 32, "intermediate_size": 64,
    "layer_norm_eps": 1e-12, "max_position_embeddings": 16, "model_type": "bert", "num_attention_heads": 4,
    "num_hidden_layers": 2, "pad_token_id": 0, "type_vocab_size": 2,
}


class Group(nn.Module):
    """A container that only contributes its name to the parameters below it."""
    def __init__(this, **parts):
        super().__init__()
        for name, part in parts.items():
            setattr(this, name, part)


class Model(nn.Module):
    """BertForMaskedLM with the names of Hugging Face; the decoder is the token table."""
    def __init__(self, c):
        super().__init__()
        self.c = c
        h, i = c["hidden_size"], c["intermediate_size"]
        line, norm = nn.Linear, lambda: nn.LayerNorm(h, eps=c["layer_norm_eps"])
        layer = lambda: Group(
            attention=Group(self=Group(query=line(h, h), key=line(h, h), value=line(h, h)),
                            output=Group(dense=line(h, h), LayerNorm=norm())),
            intermediate=Group(dense=line(h, i)), output=Group(dense=line(i, h), LayerNorm=norm()))
        self.bert = Group(
            embeddings=Group(word_embeddings=nn.Embedding(c["vocab_size"], h),
                             position_embeddings=nn.Embedding(c["max_position_embeddings"], h),
                             token_type_embeddings=nn.Embedding(c["type_vocab_size"], h), LayerNorm=norm()),
            encoder=Group(layer=nn.ModuleList([layer() for _ in range(c["num_hidden_layers"])])))
        self.cls = Group(predictions=Group(transform=Group(dense=line(h, h), LayerNorm=norm())))
        self.cls.predictions.bias = nn.Parameter(torch.zeros(c["vocab_size"]))

    def forward(self, ids):
        n, t = ids.shape
        heads = self.c["num_attention_heads"]
        e = self.bert.embeddings
        x = e.LayerNorm(e.word_embeddings(ids) + e.position_embeddings.weight[:t] + e.token_type_embeddings.weight[0])
        for layer in self.bert.encoder.layer:
            s = layer.attention.self
            q, k, v = (f(x).view(n, t, heads, -1).transpose(1, 2) for f in (s.query, s.key, s.value))
            p = torch.softmax(q @ k.transpose(2, 3) / q.shape[-1] ** 0.5, -1)
            y = layer.attention.output.dense((p @ v).transpose(1, 2).reshape(n, t, -1))
            x = layer.attention.output.LayerNorm(x + y)
            x = layer.output.LayerNorm(x + layer.output.dense(F.gelu(layer.intermediate.dense(x))))
        head = self.cls.predictions
        x = head.transform.LayerNorm(F.gelu(head.transform.dense(x)))
        return x @ e.word_embeddings.weight.T + head.bias


def save(path, tensors):
    header, blobs, at = {"__metadata__": {"format": "pt"}}, [], 0
    for name in sorted(tensors):
        raw = tensors[name].numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [at, at + len(raw)]}
        at += len(raw)
        blobs.append(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def main():
    torch.manual_seed(1)
    random.seed(1)
    torch.set_num_threads(1)
    cycles = [c.split() for c in CYCLES]
    vocab = SPECIAL + [w for c in cycles for w in c]
    ids = {w: i for i, w in enumerate(vocab)}
    config = dict(CONFIG, vocab_size=len(vocab))
    model = Model(config)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, total_steps=1200)
    for step in range(1200):
        length = random.randint(2, 6)
        batch, places, targets = [], [], []
        for _ in range(48):
            cycle = random.choice(cycles)
            start = random.randrange(len(cycle))
            words = [cycle[(start + i) % len(cycle)] for i in range(length)]
            hidden = random.randrange(length)
            targets.append(ids[words[hidden]])
            places.append(hidden + 1)
            words[hidden] = "[MASK]"
            batch.append([ids[w] for w in ["[CLS]"] + words + ["[SEP]"]])
        logits = model(torch.tensor(batch))[range(len(batch)), places]
        loss = F.cross_entropy(logits, torch.tensor(targets))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 200 == 199:
            print(f"step {step + 1}: loss {loss.item():.4f}")
    save(os.path.join(HERE, "model.safetensors"), {k: v.detach() for k, v in model.state_dict().items()})
    with open(os.path.join(HERE, "config.json"), "w") as f:
        json.dump(config, f, indent=2, sort_keys=True)
        f.write("\n")
    with open(os.path.join(HERE, "vocab.txt"), "w") as f:
        f.write("\n".join(vocab) + "\n")


if __name__ == "__main__":
    main()
