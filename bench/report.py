"""Tables and plots of what bench/run.py measured."""
import os

NOTE = (
    "Times are medians, ratios are how many times faster xzoo was than the best other engine in the "
    "same run, taking turns with the same weights. Outputs were compared first. xzoo is compiled for "
    "the machine (`-march=native`). Not compared here: CTranslate2, of which there is no package."
)
PRECISIONS = {"f32": "#1f77b4", "bf16": "#2ca02c", "i8": "#9467bd", "q8": "#ff7f0e", "q4": "#d62728"}


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def number(value, digits=2):
    return "" if value is None else f"{value:.{digits}f}"


def machine(result):
    cores = f"{result['cores']} cores"
    points = " A run of few points (`--quick`)." if result["quick"] else ""
    peers = "".join(f" {name} {version}." for name, version in result.get("versions", {}).items())
    return f"{result['cpu']}, {cores}, kernels for {result['kernels']['architecture']}.{points}{peers}"


def kernel_table(result):
    rows = []
    for row in result["kernels"]["products"]:
        shape = f"{row['rows']} x {row['out']} x {row['in']}"
        where = "" if row["weights"] == 1 else "from memory"
        rows.append([row["precision"], shape, where, number(row["gops"], 0), number(row["of_peak"]),
                     number(row.get("gbps"), 1), number(row.get("of_read"))])
    head = ["weights", "rows x outputs x inputs", "", "GOP/s", "of the peak", "GB/s", "of reading memory"]
    return table(head, rows)


def rival_table(result):
    rows = [[row["name"], number(row["GFLOP/s"], 0), number(row["of_peak"]), number(row.get("blas"), 0),
             number(row.get("vs_blas"))] for row in result.get("rivals", [])]
    return table(["float32", "GFLOP/s", "of the peak", "OpenBLAS", "ratio"], rows)


def onednn_table(result):
    rows = [[row["precision"], f"{row['rows']} x {row['out']} x {row['in']}", number(row["gops"], 0),
             number(row["of_peak"]), number(row["onednn"], 0), number(row["ratio"])] for row in result["onednn"]]
    return table(["weights", "rows x outputs x inputs", "GOP/s", "of the peak", "oneDNN", "ratio"], rows)


def encoder_table(result):
    rows = []
    for row in result["encoders"]:
        times = dict(row["milliseconds"])
        ours = times.pop("xzoo")
        best = min(times, key=times.get) if times else None
        rows.append([row["config"], row["precision"], str(row["threads"]), f"({row['batch']}, {row['length']})",
                     number(ours), number(times[best]) + " " + best if best else "", number(row["ratio_to_best_peer"]),
                     *(number(row["cosine"].get(name), 5) for name in ("xzoo", best))])
    head = ["encoder", "weights", "threads", "batch, tokens", "xzoo ms", "best other ms", "ratio",
            "cosine to float32", "the other's"]
    return table(head, rows)


def decoder_table(result):
    rows = []
    for row in result["decoders"]:
        if row["work"] == "prefill" and row["batch"] > 1:
            continue
        speed = row["tokens_per_second"]
        alike = "" if row["tokens_alike"] is None else f"{row['tokens_alike']} of 16"
        rows.append([row["config"], row["precision"], str(row["threads"]), row["work"], str(row["batch"]),
                     number(speed["xzoo"], 1), number(speed.get("llama.cpp"), 1), number(row["ratio"]), alike])
    head = ["decoder", "weights", "threads", "work", "batch", "xzoo tokens/s", "llama.cpp tokens/s", "ratio", "tokens alike"]
    return table(head, rows)


def tables(result):
    parts = [machine(result), NOTE, "Encoders", encoder_table(result), "Decoders", decoder_table(result),
             "Matrix products, one thread", kernel_table(result)]
    if result.get("rivals"):
        core = result.get("openblas_core")
        parts += [f"Beside OpenBLAS ({core}), one thread", rival_table(result)]
    if result.get("onednn"):
        parts += ["Beside oneDNN with packed weights, one thread. Its inputs are in their precision before; xzoo's are brought into it.",
                  onednn_table(result)]
    return "\n\n".join(parts) + "\n"


def plotter():
    """matplotlib, or None; says so where it is missing."""
    try:
        import matplotlib
    except ImportError:
        print("no plots: matplotlib is not installed (python3-matplotlib)")
        return None
    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "xzoo", "font.size": 9})
    from matplotlib import pyplot

    return pyplot


def save(pyplot, figure, folder, name):
    for kind in ("svg", "png"):
        metadata = {"Date": None} if kind == "svg" else None
        figure.savefig(os.path.join(folder, f"{name}.{kind}"), dpi=120, metadata=metadata)
    pyplot.close(figure)


def plot_ratios(pyplot, result, folder):
    bars = [(f"{row['config']} ({row['batch']}, {row['length']}) {row['precision']}, {row['threads']} thr.",
             row["ratio_to_best_peer"], row["precision"]) for row in result["encoders"] if row["ratio_to_best_peer"]]
    bars += [(f"{row['config']} {row['work']} {row['precision']}, {row['threads']} thr.", row["ratio"], row["precision"])
             for row in result["decoders"] if row["ratio"]]
    bars += [(f"{row['rows']} x {row['out']} x {row['in']} {row['precision']}", row["ratio"], row["precision"])
             for row in result.get("onednn", [])]
    if not bars:
        return
    figure, axes = pyplot.subplots(figsize=(8, 0.2 * len(bars) + 1.2), layout="constrained")
    labels, ratios, kinds = zip(*bars)
    places = range(len(bars), 0, -1)
    axes.barh(places, ratios, color=[PRECISIONS[kind] for kind in kinds], height=0.75)
    for place, ratio in zip(places, ratios):
        axes.text(ratio + 0.03, place, f"{ratio:.2f}", va="center", fontsize=7)
    axes.axvline(1.0, color="black", linewidth=0.8)
    axes.set_yticks(list(places), labels, fontsize=7)
    axes.set_ylim(0.3, len(bars) + 0.7)
    axes.set_xlim(0, max(ratios) * 1.08)
    axes.set_xlabel("times as fast as the best other engine\n"
                    "(encoders: ONNX Runtime, LibTorch; decoders: llama.cpp; products: oneDNN)")
    axes.spines[["top", "right"]].set_visible(False)
    save(pyplot, figure, folder, "ratios")


def plot_roofline(pyplot, result, folder):
    products = result["kernels"]["products"]
    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    reads = sorted(row["gbps"] / row["of_read"] for row in products if row.get("of_read"))
    bits = {"f32": 32, "bf16": 16, "i8": 8, "q8": 8.5, "q4": 4.5}
    for precision, colour in PRECISIONS.items():
        rows = [row for row in products if row["precision"] == precision]
        if not rows:
            continue
        work = [2 * row["rows"] * 8 / bits[precision] for row in rows]
        axes.scatter(work, [row["gops"] for row in rows], s=14, color=colour, label=precision, zorder=3)
        peaks = sorted(row["gops"] / row["of_peak"] for row in rows)
        peak = peaks[len(peaks) // 2]
        axes.axhline(peak, color=colour, linewidth=0.7, linestyle="--")
    if reads:
        read = reads[len(reads) // 2]
        low, high = axes.get_xlim()
        xs = [0.25, axes.get_ylim()[1] / read]
        axes.plot(xs, [read * x for x in xs], color="black", linewidth=0.8, label=f"memory, {read:.0f} GB/s")
        axes.set_xlim(max(low, 0.25), high)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("operations for each byte of weights (dashed: the multiplications' rate)")
    axes.set_ylabel("GOP/s, one thread")
    axes.grid(True, linewidth=0.3)
    axes.legend(fontsize=8)
    save(pyplot, figure, folder, "roofline")


def write(result, folder):
    with open(os.path.join(folder, "results.md"), "w", encoding="utf-8") as file:
        file.write("# Benchmarks\n\n" + tables(result))
    pyplot = plotter()
    if pyplot is not None:
        plot_ratios(pyplot, result, folder)
        plot_roofline(pyplot, result, folder)


def put_into_readme(result, root):
    """The summary between the marks in README.md, everything in bench/results."""
    folder = os.path.join(root, "bench", "results")
    os.makedirs(folder, exist_ok=True)
    write(result, folder)
    path = os.path.join(root, "README.md")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    begin, end = "<!-- bench:begin -->\n", "<!-- bench:end -->"
    before, rest = text.split(begin, 1)
    after = rest.split(end, 1)[1]
    summary = "\n\n".join([
        machine(result), NOTE, encoder_table(result), decoder_table(result),
        "![ratios](bench/results/ratios.svg)", "![roofline](bench/results/roofline.svg)"])
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + begin + summary + "\n" + end + after)
