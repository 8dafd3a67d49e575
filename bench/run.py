#!/usr/bin/env python3
"""Runs the benchmarks of scripts/bench one after the other and reports them.

Every comparison is interleaved by the script that makes it (peers/*.py, the kernels' programs).
"""
import argparse
import ctypes
import json
import os
import platform
import subprocess
import sys
import tempfile

import report

HERE = os.path.dirname(os.path.abspath(__file__))

FULL = {
    "kernels": "packed_gemm/(f32|bf16|i8|q8|q4)/",
    "kernel_seconds": "0.3",
    "encoders": [
        ("bert_base", "1,16 1,128 1,512 8,128 32,128", 5),
        ("minilm_l6", "1,16 1,128 1,512 8,128 32,128", 7),
    ],
    "encoder_precisions": ["f32", "i8"],
    "decoders": [("gpt2_small", 5), ("smollm2_135m", 5), ("tinyllama_1_1b", 3)],
    "decoder_precisions": "f32 bf16 q8 q4",
    "prefill": 512,
    "decode": 16,
    "threads": [1, 2],
}
QUICK = {
    "kernels": "packed_gemm/(f32|bf16|i8|q8|q4)/rows:128/out:768/in:768/weights:1/",
    "kernel_seconds": "0.05",
    "encoders": [("minilm_l6", "1,16 1,128", 3)],
    "encoder_precisions": ["f32", "i8"],
    "decoders": [("smollm2_135m", 2)],
    "decoder_precisions": "bf16 q8 q4",
    "prefill": 512,
    "decode": 8,
    "threads": [1],
}


def cpu_name():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def peer_versions(node_modules):
    """Of the packages that bring the peers."""
    versions = {}
    for package in ("onnxruntime-node", "node-llama-cpp"):
        path = os.path.join(node_modules, "node_modules", package, "package.json")
        with open(path, encoding="utf-8") as file:
            versions[package] = json.load(file)["version"]
    for package in ("libdnnl-dev", "libopenblas-dev", "python3-torch"):
        query = ["dpkg-query", "--show", "--showformat=${Version}", package]
        answer = subprocess.run(query, capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            versions[package] = answer.stdout
    return versions


def name_core_for_openblas():
    """OpenBLAS takes a CPU that is newer than itself for one of 2004, unless it is told better."""
    try:
        library = ctypes.CDLL("libopenblas.so.0")
    except OSError:
        return None
    library.openblas_get_corename.restype = ctypes.c_char_p
    core = library.openblas_get_corename().decode()
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        flags = file.read()
    if core in ("Prescott", "Core2", "Nehalem", "Generic") and "avx2" in flags:
        core = "SkylakeX" if "avx512f" in flags else "Haswell"
        os.environ["OPENBLAS_CORETYPE"] = core
    return core


def run_json(command):
    """Runs a script that writes its table with --json; its lines go to the terminal meanwhile."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([*command, "--json", file.name], check=True)
        return json.load(file)


def kernels(options, plan):
    command = [os.path.join(options.programs, "packed_gemm_bench"), "--benchmark_format=json"]
    command += [f"--benchmark_filter={plan['kernels']}", f"--benchmark_min_time={plan['kernel_seconds']}"]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    rows = []
    for run in answer["benchmarks"]:
        _, precision, *shape = run["name"].split("/")
        numbers = [int(part.split(":")[1]) for part in shape if ":" in part]
        row = {"precision": precision, "rows": numbers[0], "out": numbers[1], "in": numbers[2],
               "weights": numbers[3], "gops": run["GOP/s"], "of_peak": run["of_peak"]}
        if "of_read" in run:
            row.update({"gbps": run["GB/s"], "of_read": run["of_read"]})
        rows.append(row)
        print(f"{precision} {numbers[0]} x {numbers[1]} x {numbers[2]}: {run['GOP/s']:.0f} GOP/s, "
              f"{run['of_peak']:.2f} of the peak", flush=True)
    return {"architecture": answer["context"]["architecture"], "products": rows}


def rivals(options, plan):
    """Single-precision products, attention and rows beside multiply-adds and OpenBLAS."""
    command = [os.path.join(options.programs, "kernels_bench"), "--benchmark_format=json"]
    command += ["--benchmark_filter=^(gemm|attention)/", f"--benchmark_min_time={plan['kernel_seconds']}"]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    keep = ("GFLOP/s", "of_peak", "blas", "vs_blas")
    return [{"name": run["name"].removesuffix("/manual_time"), **{key: run[key] for key in keep if key in run}}
            for run in answer["benchmarks"]]


def onednn(options, plan):
    """Products beside oneDNN's with packed weights."""
    command = [os.path.join(options.programs, "onednn_bench"), "--benchmark_format=json"]
    command += [f"--benchmark_min_time={plan['kernel_seconds']}"]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    rows = []
    for run in answer["benchmarks"]:
        if run.get("error_occurred"):
            sys.exit(f"{run['name']}: {run['error_message']}")
        _, precision, *shape = run["name"].removesuffix("/manual_time").split("/")
        numbers = {part.split(":")[0]: int(part.split(":")[1]) for part in shape}
        row = {"precision": precision, **numbers, "gops": run["GOP/s"], "of_peak": run["of_peak"],
               "onednn": run["onednn"], "ratio": run["vs_onednn"]}
        rows.append(row)
        print(f"{precision} {row['rows']} x {row['out']} x {row['in']}: {row['gops']:.0f} GOP/s, "
              f"oneDNN {row['onednn']:.0f}, ratio {row['ratio']:.2f}", flush=True)
    return rows


def models(options, plan, work):
    encoders, decoders = [], []
    peers = ["--node-modules", options.node_modules] if options.node_modules else []
    python = [sys.executable]
    for threads in plan["threads"]:
        for config, shapes, rounds in plan["encoders"]:
            for precision in plan["encoder_precisions"]:
                encoders += run_json(python + [
                    os.path.join(HERE, "peers", "encoders.py"), "--work", work, *peers,
                    "--program", os.path.join(options.programs, "encoder_peer"), "--config", config,
                    "--precision", precision, "--threads", str(threads), "--shapes", shapes,
                    "--rounds", str(rounds)])
        for config, rounds in plan["decoders"]:
            for batch in (1, 8):
                decoders += run_json(python + [
                    os.path.join(HERE, "peers", "decoders.py"), "--work", work, *peers,
                    "--program", os.path.join(options.programs, "decoder_peer"), "--config", config,
                    "--precisions", plan["decoder_precisions"], "--threads", str(threads),
                    "--prefill", str(plan["prefill"] if batch == 1 else 32),
                    "--decode", str(plan["decode"]), "--rounds", str(rounds), "--batch", str(batch)])
    return encoders, decoders


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", required=True, help="folder of the benchmarks' programs")
    parser.add_argument("--output", required=True)
    parser.add_argument("--node-modules", help="folder with the peers' node_modules; without it there are none")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--readme", action="store_true")
    options = parser.parse_args()
    plan = QUICK if options.quick else FULL
    plan["threads"] = [n for n in plan["threads"] if n <= (os.cpu_count() or 1)]
    os.makedirs(options.output, exist_ok=True)
    result = {"cpu": cpu_name(), "cores": os.cpu_count(), "quick": options.quick,
              "peers": options.node_modules is not None}
    result["kernels"] = kernels(options, plan)
    if options.node_modules:
        result["versions"] = peer_versions(options.node_modules)
        result["openblas_core"] = name_core_for_openblas()
        result["rivals"] = rivals(options, plan)
        result["onednn"] = onednn(options, plan)
    with tempfile.TemporaryDirectory(dir=options.output) as work:
        result["encoders"], result["decoders"] = models(options, plan, work)
    with open(os.path.join(options.output, "results.json"), "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
    report.write(result, options.output)
    if options.readme:
        report.put_into_readme(result, os.path.dirname(HERE))
    print(f"written: {options.output}/results.json, results.md")


if __name__ == "__main__":
    main()
