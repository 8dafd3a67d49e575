#!/usr/bin/env python3
"""Train the classifier on DIR/train with DIR/vocab.txt; writes DIR/model.pt.

    python3 train.py --work DIR [--samples N]
"""
import argparse
import math
import os
import random
import time

import torch
import torch.nn.functional as F

from languages import LANGUAGES
from model import Bert
from wordpiece import PAD, UNK, WordPiece


# How often a label is drawn, where that is not 1: close relatives need more examples, and a
# language alone in its script needs few.
BOOST = (
    "ms=2,id=2,nn=2,nb=2,da=1.5,sr=2,hr=1.6,sl=1.3,gl=2,ast=1.7,es=2,pt=1.7,af=1.4,nl=1.4,ca=1.4,oc=1.4,"
    "fy=1.3,mk=1.2,cs=1.2,sk=1.2,en=1.3,ka=0.4,hy=0.4,th=0.4,km=0.4,my=0.4,si=0.4,ml=0.4,ta=0.4,te=0.4,"
    "kn=0.4,gu=0.4,pa=0.4,bn=0.4,ko=0.5,he=0.4,el=0.4,ja=0.6"
)


def config_for(labels, vocab_size, a):
    return {
        "architectures": ["BertForSequenceClassification"],
        "attention_probs_dropout_prob": 0.0,
        "classifier_dropout": None,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": a.hidden,
        "id2label": {str(i): l for i, l in enumerate(labels)},
        "initializer_range": 0.02,
        "intermediate_size": a.intermediate,
        "label2id": {l: i for i, l in enumerate(labels)},
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": 128,
        "model_type": "bert",
        "num_attention_heads": a.heads,
        "num_hidden_layers": a.layers,
        "pad_token_id": PAD,
        "position_embedding_type": "absolute",
        "problem_type": "single_label_classification",
        "torch_dtype": "bfloat16",
        "transformers_version": "4.40.0",
        "type_vocab_size": 2,
        "use_cache": True,
        "vocab_size": vocab_size,
    }


def piece_of(text, rng):
    """A training view of a sentence: whole, or a random stretch of it, so that short text works too."""
    r = rng.random()
    if r > 0.45 or len(text) < 8:
        return text
    if " " in text:
        w = text.split(" ")
        n = rng.randint(1, min(len(w), 6 if r < 0.3 else 15))
        i = rng.randint(0, len(w) - n)
        return " ".join(w[i:i + n])
    n = rng.randint(4, min(len(text), 60))
    i = rng.randint(0, len(text) - n)
    return text[i:i + n]


def batches(ids, labels, order_rng, max_tokens):
    """Batches of similar length, in random order."""
    idx = sorted(range(len(ids)), key=lambda i: (len(ids[i]), order_rng.random()))
    out, cur = [], []
    for i in idx:
        if cur and len(ids[i]) * (len(cur) + 1) > max_tokens:
            out.append(cur)
            cur = []
        cur.append(i)
    out.append(cur)
    order_rng.shuffle(out)
    for b in out:
        yield pad([ids[i] for i in b]) + (torch.tensor([labels[i] for i in b]),)


def pad(seqs):
    t = max(map(len, seqs))
    x = torch.tensor([s + [PAD] * (t - len(s)) for s in seqs])
    return x, (x != PAD).float()


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", required=True)
    ap.add_argument("--samples", type=int, default=1_700_000)
    ap.add_argument("--chunk", type=int, default=60_000)
    ap.add_argument("--max-tokens", type=int, default=4096, help="tokens (with padding) a batch")
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--warmup", type=float, default=0.03)
    ap.add_argument("--smoothing", type=float, default=0.02)
    ap.add_argument("--hidden", type=int, default=96)
    ap.add_argument("--layers", type=int, default=2)
    ap.add_argument("--heads", type=int, default=3)
    ap.add_argument("--intermediate", type=int, default=288)
    ap.add_argument("--boost", default=BOOST, help="label=factor,...")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--minutes", type=float, default=0, help="end the schedule after this time if --samples is not reached before")
    ap.add_argument("--resume", action="store_true", help="go on from DIR/model.pt (fresh optimizer, new schedule)")
    ap.add_argument("--seed", type=int, default=7)
    a = ap.parse_args()
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)
    torch.set_flush_denormal(True)
    rng = random.Random(a.seed)
    wp = WordPiece.load(os.path.join(a.work, "vocab.txt"))
    labels = [l for l in sorted(LANGUAGES) if os.path.exists(os.path.join(a.work, "train", l + ".txt"))]
    texts = []
    for l in labels:
        with open(os.path.join(a.work, "train", l + ".txt"), encoding="utf-8") as f:
            texts.append([x.rstrip("\n").split("\t", 1)[1] for x in f])
    config = config_for(labels, len(wp.pieces), a)
    boost = dict(x.split("=") for x in a.boost.split(",") if x)
    weights = [float(boost.get(l, 1)) for l in labels]
    model = Bert(config)
    earlier = []
    if a.resume:
        ck = torch.load(os.path.join(a.work, "model.pt"))
        assert ck["config"] == config
        model.load_state_dict(ck["state"])
        earlier = ck["training"].pop("earlier", []) + [ck["training"]]
        rng = random.Random(f"{a.seed} {len(earlier)}")
    decay = [p for n, p in model.named_parameters() if p.dim() > 1]
    plain = [p for n, p in model.named_parameters() if p.dim() == 1]
    opt = torch.optim.AdamW([{"params": decay, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}],
                            lr=a.lr, betas=(0.9, 0.98), eps=1e-8)
    print(f"{len(labels)} labels, {sum(map(len, texts))} sentences, {sum(p.numel() for p in model.parameters())} parameters", flush=True)
    model.train()
    done, start, loss_avg, acc_avg, steps = 0, time.time(), None, None, 0
    part = 0.0
    while part < 1:
        ids, ys = [], []
        for y in rng.choices(range(len(labels)), weights, k=min(a.chunk, a.samples - done)):
            t = piece_of(rng.choice(texts[y]), rng)
            if len(t) < 80 and rng.random() < 0.05:
                t += " " + rng.choice(texts[y])
            s = wp.encode(t)[:128]
            for k in range(1, len(s) - 1):  # words it has never seen must not upset it
                if rng.random() < 0.02:
                    s[k] = UNK
            ids.append(s)
            ys.append(y)
        for x, m, y in batches(ids, ys, rng, a.max_tokens):
            part = min(1.0, max(done / a.samples, (time.time() - start) / 60 / a.minutes if a.minutes else 0.0))
            if part == 1.0:
                break
            lr = a.lr * (part / a.warmup if part < a.warmup else 0.5 * (1 + math.cos(math.pi * (part - a.warmup) / (1 - a.warmup))) + 0.002)
            for g in opt.param_groups:
                g["lr"] = lr
            z = model(x, m)
            loss = F.cross_entropy(z, y, label_smoothing=a.smoothing)
            opt.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            done += len(y)
            steps += 1
            acc = (z.argmax(1) == y).float().mean().item()
            loss_avg = loss.item() if loss_avg is None else 0.99 * loss_avg + 0.01 * loss.item()
            acc_avg = acc if acc_avg is None else 0.99 * acc_avg + 0.01 * acc
            if steps % 200 == 0:
                print(f"step {steps} samples {done} loss {loss_avg:.4f} acc {acc_avg:.4f} lr {lr:.2e} {time.time() - start:.0f}s", flush=True)
        if done >= a.samples:
            part = 1.0
        torch.save({"config": config, "state": model.state_dict(),
                    "training": {"earlier": earlier, "samples": done, "steps": steps, "seconds": round(time.time() - start), "seed": a.seed,
                                 "epochs": round(done / sum(map(len, texts)), 3), "arguments": {k: v for k, v in vars(a).items() if k != "work"},
                                 "train_sentences": {l: len(t) for l, t in zip(labels, texts)}}},
                   os.path.join(a.work, "model.pt"))


if __name__ == "__main__":
    main()
