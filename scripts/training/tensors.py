"""Files of an exported model: safetensors and JSON."""
import json
import struct

import numpy as np
import torch


def save_safetensors(path, tensors, dtype):
    """tensors: name -> torch tensor; all stored as dtype (BF16, F32 or I64)."""
    header, blobs, pos = {"__metadata__": {"format": "pt"}}, [], 0
    for name in sorted(tensors):  # one dtype a file, so sorting by name is sorting by (dtype, name)
        t = tensors[name].detach().contiguous()
        if dtype == "BF16":  # round to nearest even, as torch does; store the upper halves
            raw = (t.to(torch.bfloat16).float().numpy().view("<u4") >> 16).astype("<u2").tobytes()
        else:
            raw = t.numpy().astype({"F32": "<f4", "I64": "<i8"}[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": list(t.shape), "data_offsets": [pos, pos + len(raw)]}
        pos += len(raw)
        blobs.append(raw)
    h = json.dumps(header, separators=(",", ":")).encode()
    h += b" " * (-len(h) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(h)) + h)
        for b in blobs:
            f.write(b)


def load_safetensors_bf16(path):
    """name -> float32 tensor holding the stored bfloat16 values."""
    with open(path, "rb") as f:
        data = f.read()
    n = struct.unpack("<Q", data[:8])[0]
    out = {}
    for name, e in json.loads(data[8:8 + n]).items():
        if name == "__metadata__":
            continue
        a, b = e["data_offsets"]
        v = np.frombuffer(data, "<u2", (b - a) // 2, 8 + n + a).astype("<u4") << 16
        out[name] = torch.from_numpy(v.view("<f4").reshape(e["shape"]).copy())
    return out


def save_bf16_model(path, state):
    """Writes the state and reads it back to see that it holds the state's values rounded to bfloat16; returns those."""
    save_safetensors(path, state, "BF16")
    back = load_safetensors_bf16(path)
    assert back.keys() == state.keys() and all(torch.equal(back[k], v.to(torch.bfloat16).float()) for k, v in state.items())
    return back


def dump(path, obj, **kw):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(obj, f, ensure_ascii=False, **kw)
        f.write("\n")
