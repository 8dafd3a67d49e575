"""Continuations of a prompt, token after token and without a cache: slow and plain."""
import torch

from tokenizer import END


@torch.no_grad()
def last_logits(model, ids):
    return model(torch.tensor([ids[-model.c["max_position_embeddings"]:]]))[0, -1]


def greedy(model, ids, count):
    """The likeliest tokens after ids, END at the last, and by how much in logits the closest choice was won."""
    found, lead = [], float("inf")
    while len(found) < count and END not in found:
        (first, second), (best, _) = last_logits(model, ids + found).topk(2)
        found.append(int(best))
        lead = min(lead, float(first - second))
    return found, lead


def sample(model, ids, count, temperature, top_p, seed):
    """Tokens drawn after ids: of the likeliest whose probabilities reach top_p together; ends before END."""
    rng = torch.Generator().manual_seed(seed)
    found = []
    while len(found) < count:
        p, order = torch.softmax(last_logits(model, ids + found) / temperature, -1).sort(descending=True)
        p[p.cumsum(0) - p >= top_p] = 0
        token = int(order[torch.multinomial(p, 1, generator=rng)])
        if token == END:
            break
        found.append(token)
    return found
