#!/usr/bin/env python3
"""Train the language model on DIR/train.jsonl with DIR/tokenizer.json; writes DIR/model.pt.

    python3 train.py --work DIR [--minutes N]

The learning rate is constant after its warmup and falls to nothing in the last part of the time.
SIGTERM ends a run in good order. One that was ended goes on where it was when it is started again, and
--minutes may then be another.
"""
import argparse
import os
import signal
import time

import torch
import torch.nn.functional as F

import data
from measure import heldout_loss
from model import Llama
from optimizer import Muon
from tokenizer import END, Tokenizer


def config_for(tokenizer, a):
    return {
        "architectures": ["LlamaForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": END,
        "eos_token_id": END,
        "hidden_act": "silu",
        "hidden_size": a.hidden,
        "initializer_range": 0.02,
        "intermediate_size": a.intermediate,
        "max_position_embeddings": 2 * a.length,
        "mlp_bias": False,
        "model_type": "llama",
        "num_attention_heads": a.heads,
        "num_hidden_layers": a.layers,
        "num_key_value_heads": a.key_value_heads,
        "pretraining_tp": 1,
        "rms_norm_eps": 1e-05,
        "rope_scaling": None,
        "rope_theta": 10000.0,
        "tie_word_embeddings": True,
        "torch_dtype": "bfloat16",
        "transformers_version": "4.40.0",
        "use_cache": True,
        "vocab_size": len(tokenizer.pieces),
    }


def arguments():
    ap = argparse.ArgumentParser()
    ap.add_argument("--work", required=True)
    ap.add_argument("--minutes", type=float, default=50, help="of training, over all runs")
    ap.add_argument("--decay", type=float, default=0.3, help="part of the time in which the learning rate falls")
    ap.add_argument("--warmup", type=int, default=60, help="steps")
    ap.add_argument("--tokens", type=int, default=6144, help="a step")
    ap.add_argument("--length", type=int, default=256, help="of the rows; twice as long in the decay")
    ap.add_argument("--matrix-lr", type=float, default=0.02)
    ap.add_argument("--other-lr", type=float, default=0.003)
    ap.add_argument("--hidden", type=int, default=256)
    ap.add_argument("--layers", type=int, default=4)
    ap.add_argument("--heads", type=int, default=4)
    ap.add_argument("--key-value-heads", type=int, default=2)
    ap.add_argument("--intermediate", type=int, default=512)
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--seed", type=int, default=7)
    return ap.parse_args()


class Run:
    """The model, its optimizers and what has been done so far; all of it is in the checkpoint."""

    def __init__(self, config, a):
        self.model = Llama(config)
        matrices = [p for n, p in self.model.named_parameters() if ".layers." in n and p.dim() == 2]
        others = [p for n, p in self.model.named_parameters() if not (".layers." in n and p.dim() == 2)]
        self.optimizers = [Muon(matrices, lr=a.matrix_lr), torch.optim.AdamW(others, lr=a.other_lr, betas=(0.9, 0.95), weight_decay=0.0)]
        self.rates = [a.matrix_lr, a.other_lr]
        self.done = {"steps": 0, "tokens": 0, "seconds": 0.0, "epoch": 0, "starts": 0, "history": []}

    def save(self, path, config, a):
        state = {"config": config, "state": self.model.state_dict(), "optimizers": [o.state_dict() for o in self.optimizers],
                 "training": self.done, "arguments": {k: v for k, v in vars(a).items() if k != "work"}}
        torch.save(state, path + ".new")
        os.replace(path + ".new", path)

    def load(self, path):
        state = torch.load(path)
        self.model.load_state_dict(state["state"])
        for o, s in zip(self.optimizers, state["optimizers"]):
            o.load_state_dict(s)
        self.done = state["training"]
        self.done["epoch"] += 1  # the one that was broken off is not gone on with

    def step(self, ids, factor):
        for o, rate in zip(self.optimizers, self.rates):
            for group in o.param_groups:
                group["lr"] = rate * factor
            o.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = self.model(ids[:, :-1])
        loss = F.cross_entropy(logits.float().flatten(0, 1), ids[:, 1:].flatten())
        loss.backward()
        for o in self.optimizers:
            o.step()
        self.done["steps"] += 1
        self.done["tokens"] += ids[:, 1:].numel()
        return loss.item()


def main():
    a = arguments()
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)
    torch.set_flush_denormal(True)
    tokenizer = Tokenizer.load(os.path.join(a.work, "tokenizer.json"))
    config = config_for(tokenizer, a)
    stream = data.Stream(data.load(a.work, "train", tokenizer), tokenizer)
    heldout = data.load(a.work, "heldout", tokenizer)
    path = os.path.join(a.work, "model.pt")
    run = Run(config, a)
    if os.path.exists(path):
        run.load(path)
    run.done["starts"] += 1
    run.done["stream_tokens"] = len(stream.ids)
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    print(f"{len(stream.ids)} training tokens, {sum(len(d['ids']) for d in heldout)} held-out, "
          f"{sum(p.numel() for p in run.model.parameters())} parameters, {run.done['steps']} steps done", flush=True)
    before, start, saved, losses, length, rows = run.done["seconds"], time.time(), time.time(), [], 0, None
    while run.done["seconds"] < 60 * a.minutes and not stop:
        left = 1 - run.done["seconds"] / (60 * a.minutes)
        factor = min(1.0, left / a.decay, (run.done["steps"] + 1) / a.warmup)
        wanted = a.length if left > a.decay else 2 * a.length
        if length != wanted:
            length = wanted
            rows = data.batches(stream, a.tokens // length, length, a.seed, run.done["epoch"])
        run.done["epoch"], ids = next(rows)
        losses = [*losses[-49:], run.step(ids, factor)]
        run.done["seconds"] = before + time.time() - start
        done, mean = run.done, sum(losses) / len(losses)
        if done["steps"] % 50 == 0:
            print(f"step {done['steps']} epoch {done['epoch']} tokens {done['tokens']} loss {mean:.4f} rate {factor:.3f} {done['seconds']:.0f} s",
                  flush=True)
        if done["steps"] % 250 == 0:
            nats = heldout_loss(run.model, heldout, every=5)
            done["history"].append({"steps": done["steps"], "tokens": done["tokens"], "train_loss": round(mean, 4),
                                    "heldout_loss": {k: round(v["loss"], 4) for k, v in nats.items()}})
            print("held-out", done["history"][-1]["heldout_loss"], flush=True)
        if time.time() - saved > 120:
            run.save(path, config, a)
            saved = time.time()
    run.save(path, config, a)


if __name__ == "__main__":
    main()
