"""Readers of translation files: .mo, .po, Qt .qm, Fluent, and the language packs (.xpi) of Firefox and Thunderbird."""
import re
import struct
import zipfile


def read_mo(data):
    """(msgid, msgstr) pairs of a GNU message catalogue."""
    magic = struct.unpack("<I", data[:4])[0]
    e = "<" if magic == 0x950412DE else ">"
    _, n, o_off, t_off = struct.unpack(e + "4I", data[4:20])
    for i in range(n):
        ol, op = struct.unpack_from(e + "2I", data, o_off + 8 * i)
        tl, tp = struct.unpack_from(e + "2I", data, t_off + 8 * i)
        if not ol:
            continue
        try:
            s, t = data[op:op + ol].decode("utf-8"), data[tp:tp + tl].decode("utf-8")
        except UnicodeDecodeError:
            continue
        s = s.split("\x04")[-1].split("\0")
        for k, part in enumerate(t.split("\0")):
            yield s[min(k, len(s) - 1)], part


def read_po(text):
    """(msgid, msgstr) pairs of a .po file (fuzzy entries left out)."""
    for block in re.split(r"\n\s*\n", text):
        if re.search(r"^#,.*fuzzy", block, re.M):
            continue
        block = re.sub(r"^#.*\n?", "", block, flags=re.M)
        get = lambda key: ["".join(re.findall(r'"((?:[^"\\]|\\.)*)"', m)) for m in
                           re.findall(r'^%s((?:\s*"(?:[^"\\]|\\.)*")+)' % key, block, re.M)]
        src = get("msgid") + get("msgid_plural")
        for t in get(r"msgstr(?:\[\d\])?"):
            if src and src[0] and t:
                unq = lambda x: x.replace("\\n", "\n").replace('\\"', '"').replace("\\t", " ")
                yield unq(src[0]), unq(t)


def read_qm(data):
    """Translations of a Qt message file (its source texts are usually stripped)."""
    pos = 16
    while pos + 5 <= len(data):
        tag, size = struct.unpack_from(">BI", data, pos)
        pos += 5
        if tag == 0x69:
            end, p = pos + size, pos
            while p < end:
                t = data[p]
                p += 1
                if t in (1, 5):
                    p += 4 if t == 5 else 0
                    continue
                n = struct.unpack_from(">I", data, p)[0]
                p += 4
                if n == 0xFFFFFFFF:
                    continue
                if t == 3:
                    yield data[p:p + n].decode("utf-16-be", "ignore")
                p += n
        pos += size


def read_ftl(text):
    cur = []
    for line in text.split("\n") + ["#"]:
        m = re.match(r"(?:[a-zA-Z-][\w-]*\s*=|\s+\.[\w-]+\s*=|\s*\*?\[[^\]]*\])\s*(.*)", line)
        if m or line.startswith("#") or not line.strip() or re.match(r"\s*\}", line):
            if cur:
                yield " ".join(cur)
            cur = [m.group(1)] if m and m.group(1) else []
        elif line.strip().startswith("{") and "->" in line:
            continue
        else:
            cur.append(line.strip())


def read_xpi(path):
    with zipfile.ZipFile(path) as z:
        for n in z.namelist():
            if n.endswith((".ftl", ".properties", ".dtd")) and "brand" not in n:
                t = z.read(n).decode("utf-8", "replace")
                if n.endswith(".ftl"):
                    yield from read_ftl(t)
                elif n.endswith(".dtd"):
                    yield from re.findall(r'<!ENTITY\s+\S+\s+"([^"]*)"', t)
                else:
                    for m in re.finditer(r"^(?!#)[^=\n]+=(.*)$", t, re.M):
                        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda u: chr(int(u.group(1), 16)), m.group(1))
