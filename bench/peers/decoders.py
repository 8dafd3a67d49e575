#!/usr/bin/env python3
"""Compares xzoo's decoders with llama.cpp: same random weights, same bits a weight, same run.

Engines take turns, so that a busy machine slows all of them; medians and their ratios are
reported. The greedy tokens of both are compared first.
Needs: python3-numpy, node, and node-llama-cpp in --node-modules' parent folder. Without
--node-modules, or with --batch, xzoo runs alone.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

from engine import Engine

HERE = os.path.dirname(os.path.abspath(__file__))


def agreement(engines, count):
    """How many greedy tokens the engines write alike before they part."""
    texts = []
    for engine in engines.values():
        engine.ask("prefill 32")
        engine.ask(f"decode {count}")
        texts.append(engine.ask("tokens").split())
    alike = 0
    while alike < count and texts[0][alike] == texts[1][alike]:
        alike += 1
    return alike


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="the decoder_peer program")
    parser.add_argument("--node-modules", help="folder that has node_modules")
    parser.add_argument("--work", required=True, help="folder for weights")
    parser.add_argument("--config", default="smollm2_135m", choices=["smollm2_135m", "tinyllama_1_1b", "gpt2_small"])
    parser.add_argument("--precisions", default="f32 bf16")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1, help="texts that are continued side by side")
    parser.add_argument("--prefill", type=int, default=512)
    parser.add_argument("--decode", type=int, default=16, help="tokens of a turn")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", help="write the table to this file")
    options = parser.parse_args()
    folder = os.path.join(os.path.abspath(options.work), options.config)
    os.makedirs(folder, exist_ok=True)
    with_peer = options.node_modules is not None and options.batch == 1
    table = []
    for precision in options.precisions.split():
        threads = str(options.threads)
        command = [options.program, options.config, precision, threads, "--batch", str(options.batch)]
        command += ["--save", folder] if with_peer else []
        engines = {"xzoo": Engine("xzoo", command, options.threads)}
        engines["xzoo"].ask("prefill 4")  # the weights are saved by then
        alike = None
        if with_peer:
            gguf = f"{folder}-{precision}.gguf"
            make = [sys.executable, os.path.join(HERE, "make_gguf.py"), folder, gguf, precision]
            subprocess.run(make, check=True)
            script = os.path.join(HERE, "llama_cpp.mjs")
            command = ["node", script, gguf, threads]
            engines["llama.cpp"] = Engine("llama.cpp", command, options.threads, options.node_modules)
            alike = agreement(engines, 16)
            if alike < 8:  # rounding alone parts them later
                sys.exit(f"{options.config} {precision}: the engines write only {alike} of 16 tokens alike")
        times = {name: {"prefill": [], "decode": []} for name in engines}
        for _ in range(options.rounds):
            for name, engine in engines.items():
                times[name]["prefill"].append(engine.time(f"prefill {options.prefill}"))
                times[name]["decode"].append(engine.time(f"decode {options.decode}"))
        for what, tokens in (("prefill", options.prefill), ("decode", 1)):
            speed = {name: 1e3 * tokens * options.batch / statistics.median(t[what]) for name, t in times.items()}
            spread = {name: [min(t[what]), max(t[what])] for name, t in times.items()}
            ratio = speed["xzoo"] / speed["llama.cpp"] if with_peer else None
            table.append({"config": options.config, "precision": precision, "threads": options.threads,
                          "batch": options.batch, "work": what, "tokens_per_second": speed,
                          "milliseconds": spread, "ratio": ratio, "tokens_alike": alike})
            figures = "  ".join(f"{name} {value:.1f} tokens/s" for name, value in speed.items())
            peer = f"  ratio {ratio:.2f}  ({alike} of 16 greedy tokens alike)" if with_peer else ""
            print(f"{options.config} {precision} {what}, batch {options.batch}: {figures}{peer}", flush=True)
        for engine in engines.values():
            engine.close()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(table, file, indent=2)


if __name__ == "__main__":
    main()
