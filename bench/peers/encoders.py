#!/usr/bin/env python3
"""Compares xzoo's encoders with ONNX Runtime: same random weights, same shapes, same run.

Engines take turns, one forward pass each, so that a busy machine slows all of them; medians and
their ratios are reported. The outputs of all engines are compared first.
Needs: python3-onnx, python3-numpy, node, and onnxruntime-node in --node-modules' parent folder.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

import numpy

HERE = os.path.dirname(os.path.abspath(__file__))


class Engine:
    def __init__(self, name, command, output, cwd=None):
        self.name = name
        self.output = output
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=cwd
        )

    def run(self, batch, length):
        self.process.stdin.write(f"{batch} {length}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def compare_outputs(engines):
    first = numpy.fromfile(engines[0].output, numpy.float32)
    for engine in engines[1:]:
        error = numpy.abs(numpy.fromfile(engine.output, numpy.float32) - first).max()
        if not error < 1e-3:
            sys.exit(f"{engine.name} disagrees with {engines[0].name} by {error}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="the encoder_peer program")
    parser.add_argument("--node-modules", required=True, help="folder that has node_modules")
    parser.add_argument("--work", required=True, help="folder for weights and graphs")
    parser.add_argument("--config", default="bert_base", choices=["bert_base", "minilm_l6"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--shapes", default="1,16 1,128 1,512 8,128")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", help="write the table to this file")
    options = parser.parse_args()
    work = os.path.abspath(options.work)
    folder = os.path.join(work, options.config)
    os.makedirs(folder, exist_ok=True)

    out = lambda name: os.path.join(work, name + ".raw")
    threads = str(options.threads)
    command = [options.program, options.config, threads, out("xzoo"), "--save", folder]
    engines = [Engine("xzoo", command, out("xzoo"))]
    engines[0].run(1, 4)  # the weights are saved by then
    for kind in ("plain", "fused"):
        graph = os.path.join(work, f"{options.config}-{kind}.onnx")
        flags = ["--fused"] if kind == "fused" else []
        make = [sys.executable, os.path.join(HERE, "make_onnx.py"), folder, graph] + flags
        subprocess.run(make, check=True)
        script = os.path.join(HERE, "onnxruntime.mjs")
        command = ["node", script, graph, threads, out(kind)]
        engines.append(Engine(f"ONNX Runtime, {kind}", command, out(kind), options.node_modules))

    table = []
    for shape in options.shapes.split():
        batch, length = map(int, shape.split(","))
        for engine in engines:
            engine.run(batch, length)  # first pass: memory, caches, outputs
        compare_outputs(engines)
        times = {engine.name: [] for engine in engines}
        for _ in range(options.rounds):
            for engine in engines:
                times[engine.name].append(engine.run(batch, length))
        medians = {name: statistics.median(values) for name, values in times.items()}
        best = min(value for name, value in medians.items() if name != "xzoo")
        row = {"config": options.config, "batch": batch, "length": length, "threads": options.threads}
        row.update({"milliseconds": medians, "ratio_to_best_peer": best / medians["xzoo"]})
        table.append(row)
        figures = "  ".join(f"{name} {value:.2f} ms" for name, value in medians.items())
        print(f"{options.config} ({batch}, {length}): {figures}  ratio {row['ratio_to_best_peer']:.2f}", flush=True)
    for engine in engines:
        engine.close()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(table, file, indent=2)


if __name__ == "__main__":
    main()
