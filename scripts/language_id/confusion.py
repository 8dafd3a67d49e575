"""The confusion matrix: its picture and its largest entries."""


def plot(path, labels, matrix):
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    m = np.array(matrix, float)
    m = 100 * m / m.sum(1, keepdims=True)
    n = len(labels)
    fig, ax = plt.subplots(figsize=(0.27 * n + 2, 0.27 * n + 1.5), dpi=80)
    im = ax.imshow(np.where(m > 0, m, np.nan), cmap="viridis_r", norm=matplotlib.colors.LogNorm(0.05, 100))
    ax.set_xticks(range(n), labels, rotation=90, fontsize=9)
    ax.set_yticks(range(n), labels, fontsize=9)
    ax.tick_params(top=True, labeltop=True, right=True, labelright=True, length=0)
    ax.set_xticks(np.arange(-0.5, n), minor=True)
    ax.set_yticks(np.arange(-0.5, n), minor=True)
    ax.grid(which="minor", color="#e4e4e4", linewidth=0.5)
    ax.tick_params(which="minor", length=0)
    for i in range(n):
        for j in range(n):
            if i != j and m[i, j] >= 0.5:  # the confusions worth reading get their number
                ax.text(j, i, f"{m[i, j]:.0f}" if m[i, j] >= 1 else f"{m[i, j]:.1f}"[1:], ha="center", va="center", fontsize=7, color="black" if m[i, j] < 2 else "white")
    ax.set_xlabel("predicted", fontsize=12)
    ax.set_ylabel("actual", fontsize=12)
    ax.set_title("Held-out sentences of 60 characters or more, percent of each row (log colours)", fontsize=12)
    cb = fig.colorbar(im, ax=ax, fraction=0.03, pad=0.06)
    cb.set_ticks([0.1, 1, 10, 100], labels=["0.1 %", "1 %", "10 %", "100 %"])
    fig.tight_layout()
    fig.savefig(path)


def confusions(labels, matrix, top=20):
    out = []
    for i, row in enumerate(matrix):
        for j, v in enumerate(row):
            if i != j and v:
                out.append((v / sum(row), labels[i], labels[j], v, sum(row)))
    out.sort(reverse=True)
    return out[:top]
