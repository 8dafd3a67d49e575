"""Loss of the model on held-out documents."""
import torch
import torch.nn.functional as F

from tokenizer import END

NAMES = {"r-cran-janeaustenr": "austen", "r-cran-tokenizers": "melville", "sword-text-kjv": "king_james"}


@torch.no_grad()
def document_loss(model, ids):
    """Nats of ids and the END that follows them, in windows of the model's length that overlap by half, so
    that all but the first tokens are told from half a window at least."""
    window = model.c["max_position_embeddings"]
    row, total, done = [END, *ids, END], 0.0, 1
    for start in range(0, len(row) - 1, window // 2):
        end = min(start + window, len(row) - 1)
        logits = model(torch.tensor([row[start:end]]))[0, done - 1 - start:].float()
        total += F.cross_entropy(logits, torch.tensor(row[done:end + 1]), reduction="sum").item()
        done = end + 1
        if end == len(row) - 1:
            return total


def heldout_loss(model, documents, every=1):
    """By text and in "all": nats a token ("loss"), "bits_per_byte", and how many "tokens" and "bytes" there are.

    END counts as a token and not as a byte. every: takes only each so manieth document.
    """
    sums = {name: {"nats": 0.0, "tokens": 0, "bytes": 0} for name in (*NAMES.values(), "all")}
    for d in documents[::every]:
        nats = document_loss(model, d["ids"])
        for name in (NAMES[d["package"]], "all"):
            s = sums[name]
            s["nats"] += nats
            s["tokens"] += len(d["ids"]) + 1
            s["bytes"] += len(d["text"].encode())
    return {k: {"loss": s["nats"] / s["tokens"], "bits_per_byte": s["nats"] / s["bytes"] / 0.6931471805599453,
                "tokens": s["tokens"], "bytes": s["bytes"]} for k, s in sums.items()}
