"""Readers of the containers that the texts lie in: R's lazy-load data and SWORD modules."""
import gzip
import struct
import zlib

# Types of R's serialization format (R Internals, section 1.8), as far as tables of strings need them.
SYMBOL, PAIRLIST, CHAR, LOGICAL, INTEGER, REAL, STRINGS, LIST, REFERENCE, NIL = 1, 2, 9, 10, 13, 14, 16, 19, 255, 254
HAS_ATTRIBUTES, HAS_TAG = 0x200, 0x400


class RValue:
    """One value in R's XDR serialization: lists with names become dicts, other vectors lists."""

    def __init__(self, data):
        assert data[:2] == b"X\n", "not in R's XDR form"
        self.data, self.pos = data, 2
        version = self.integer()
        self.pos += 8
        if version == 3:  # it names its encoding
            size = self.integer()
            self.pos += size
        self.symbols = []

    def integer(self):
        self.pos += 4
        return struct.unpack_from(">i", self.data, self.pos - 4)[0]

    def numbers(self, form):
        n = self.integer()
        self.pos += n * struct.calcsize(form)
        return list(struct.unpack_from(f">{n}{form}", self.data, self.pos - n * struct.calcsize(form)))

    def item(self):
        flags = self.integer()
        kind = flags & 255
        if kind == NIL:
            return None
        if kind == REFERENCE:
            return self.symbols[(flags >> 8) - 1]
        if kind == SYMBOL:
            self.symbols.append(self.item())
            return self.symbols[-1]
        if kind == PAIRLIST:
            tag = self.item() if flags & HAS_TAG else None
            first = {tag: self.item()}
            return {**first, **(self.item() or {})}
        if kind == CHAR:
            n = max(self.integer(), 0)  # -1 is NA
            self.pos += n
            return self.data[self.pos - n:self.pos].decode("utf-8")
        if kind in (STRINGS, LIST):
            out = [self.item() for _ in range(self.integer())]
        elif kind in (LOGICAL, INTEGER, REAL):
            out = self.numbers("d" if kind == REAL else "i")
        else:
            raise ValueError(f"R type {kind} at byte {self.pos}")
        names = self.item().get("names") if flags & HAS_ATTRIBUTES else None
        return dict(zip(names, out)) if names else out


def read_r_data(base):
    """BASE.rdx and BASE.rdb, which R's lazy loading reads: name -> value."""
    with open(base + ".rdx", "rb") as f:
        index = RValue(gzip.decompress(f.read())).item()
    with open(base + ".rdb", "rb") as f:
        data = f.read()
    # a block: its inflated size in four bytes, then zlib
    return {name: RValue(zlib.decompress(data[at + 4:at + size])).item() for name, (at, size) in index["variables"].items()}


def read_sword_text(base):
    """BASE.bzs, .bzv and .bzz, a compressed SWORD text (zText) with a block a book: the books, each a list of verses in OSIS markup."""
    with open(base + ".bzs", "rb") as f:
        blocks = struct.iter_unpack("<III", f.read())  # offset, size, inflated size
    with open(base + ".bzv", "rb") as f:
        verses = struct.iter_unpack("<IIH", f.read())  # block, offset, size
    with open(base + ".bzz", "rb") as f:
        data = f.read()
    text = [zlib.decompress(data[at:at + size]) for at, size, _ in blocks]
    books = [[] for _ in text]
    for block, at, size in verses:
        books[block].append(text[block][at:at + size].decode("utf-8"))
    return books
