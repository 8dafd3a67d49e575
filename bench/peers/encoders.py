#!/usr/bin/env python3
"""Compares xzoo's encoders with ONNX Runtime and LibTorch: same random weights, same shapes, same run.

Engines take turns, one forward pass each, so that a busy machine slows all of them; medians and
their ratios are reported. The outputs of all engines are compared with those of xzoo in float32
first: in float32 number by number, in 8 bits by their cosine, which is reported, too.
Needs: python3-onnx, python3-torch with libopenblas0-openmp, python3-numpy, node, and onnxruntime-node in
--node-modules.
Without --node-modules xzoo runs alone.
"""
import argparse
import glob
import json
import os
import statistics
import subprocess
import sys

import numpy

from engine import Engine

HERE = os.path.dirname(os.path.abspath(__file__))


def cosines(reference, engines, precision):
    """Each engine's cosine to the outputs of the reference, which is xzoo in float32."""
    wanted = numpy.fromfile(reference.output, numpy.float32)
    result = {}
    for engine in engines:
        found = numpy.fromfile(engine.output, numpy.float32)
        error = numpy.abs(found - wanted).max()
        cosine = float(found @ wanted / (numpy.linalg.norm(found) * numpy.linalg.norm(wanted)))
        if not (error < 1e-3 if precision == "f32" else cosine > 0.99):
            sys.exit(f"{engine.name} disagrees with xzoo in float32: error {error}, cosine {cosine}")
        result[engine.name] = cosine
    return result


def start_peers(options, work, folder):
    """The other engines, with the weights in the folder."""
    threads = str(options.threads)
    peers = []
    for kind in ("plain", "fused") if options.precision == "f32" else ("int8",):
        graph = os.path.join(work, f"{options.config}-{kind}.onnx")
        make = [sys.executable, os.path.join(HERE, "make_onnx.py"), folder, graph, "--kind", kind]
        subprocess.run(make, check=True)
        output = os.path.join(work, kind + ".raw")
        command = ["node", os.path.join(HERE, "onnxruntime.mjs"), graph, threads, output]
        peers.append(Engine(f"ONNX Runtime, {kind}", command, options.threads, options.node_modules, output))
    output = os.path.join(work, "torch.raw")
    command = [sys.executable, os.path.join(HERE, "torch_encoder.py"), folder, threads, output]
    name = "LibTorch"
    if options.precision == "i8":
        name, command = "LibTorch, int8", [*command, "--int8"]
    return peers + [Engine(name, command, options.threads, output=output, env=torch_environment())]


def torch_environment():
    """Debian's LibTorch multiplies in the OpenBLAS that the system prefers. The one with threads of its own
    takes every core whatever torch is told, and they get in the way of torch's; the one of OpenMP shares them."""
    folders = glob.glob("/usr/lib/*/openblas-openmp")
    return {**os.environ, "LD_LIBRARY_PATH": ":".join([*folders, os.environ.get("LD_LIBRARY_PATH", "")]).strip(":")}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="the encoder_peer program")
    parser.add_argument("--node-modules", help="folder that has node_modules")
    parser.add_argument("--work", required=True, help="folder for weights and graphs")
    parser.add_argument("--config", default="bert_base", choices=["bert_base", "minilm_l6"])
    parser.add_argument("--precision", default="f32", choices=["f32", "i8"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--shapes", default="1,16 1,128 1,512 8,128")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", help="write the table to this file")
    options = parser.parse_args()
    work = os.path.abspath(options.work)
    folder = os.path.join(work, options.config)
    os.makedirs(folder, exist_ok=True)

    def xzoo(name, precision, *more):
        output = os.path.join(work, name + ".raw")
        command = [options.program, options.config, precision, str(options.threads), output, *more]
        return Engine(name, command, options.threads, output=output)

    reference = xzoo("float32", "f32", "--save", folder)
    reference.ask("1 4")  # the weights are saved by then
    engines = [xzoo("xzoo", options.precision)]
    if options.node_modules is not None:
        engines += start_peers(options, work, folder)

    table = []
    for shape in options.shapes.split():
        batch, length = map(int, shape.split(","))
        for engine in [reference, *engines]:
            engine.ask(f"{batch} {length}")  # first pass: memory, caches, outputs
        alike = cosines(reference, engines, options.precision)
        times = {engine.name: [] for engine in engines}
        for _ in range(options.rounds):
            for engine in engines:
                times[engine.name].append(engine.time(f"{batch} {length}"))
        medians = {name: statistics.median(values) for name, values in times.items()}
        best = min((value for name, value in medians.items() if name != "xzoo"), default=None)
        ratio = None if best is None else best / medians["xzoo"]
        row = {"config": options.config, "precision": options.precision, "cosine": alike, "batch": batch, "length": length, "threads": options.threads}
        spread = {name: [min(values), max(values)] for name, values in times.items()}
        row.update({"milliseconds": medians, "spread": spread, "ratio_to_best_peer": ratio})
        table.append(row)
        figures = "  ".join(
            f"{name} {value:.2f} ms" + ("" if options.precision == "f32" else f" (cosine {alike[name]:.5f})")
            for name, value in medians.items()
        )
        print(f"{options.config} {options.precision} ({batch}, {length}): {figures}" + ("" if ratio is None else f"  ratio {ratio:.2f}"), flush=True)
    for engine in [reference, *engines]:
        engine.close()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(table, file, indent=2)


if __name__ == "__main__":
    main()
