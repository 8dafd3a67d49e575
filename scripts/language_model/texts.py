"""From each package's own form to documents: {"work", "chapter", "text"}, a chapter each, a paragraph a line."""
import re

from readers import read_r_data, read_sword_text

NOVELS = {
    "sensesensibility": "Sense and Sensibility",
    "prideprejudice": "Pride and Prejudice",
    "mansfieldpark": "Mansfield Park",
    "emma": "Emma",
    "northangerabbey": "Northanger Abbey",
    "persuasion": "Persuasion",
}
HEADING = re.compile(r"^ *(?:CHAPTER|Chapter) +(?:[0-9]+|[IVXL]+)\b.*$", re.M)
VOLUME = re.compile(r"^ *VOLUME [IV]+ *$", re.M)
END = re.compile(r"^ *(?:FINIS|Finis|THE END|A NOTE ON THE TEXT|End of (?:the )?Project Gutenberg.*|\*\*\* *END OF .*|\* \* \*|Epilogue)\.? *$", re.M)
ASCII = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2014": "--", "\u2013": "-", "\u2026": "...",
                       "\u00a0": " ", "\u00e6": "ae", "\u00c6": "Ae"})


def paragraphs(text):
    """Unwraps paragraphs, which blank lines part, and drops underlines, notes in brackets and lines of stars."""
    text = re.sub(r"\[[^\]]*\]", "", text.translate(ASCII).replace("_", "").replace("*", ""))
    found = (re.sub(r"\s+", " ", p).strip() for p in re.split(r"\n\s*\n", text))
    return [p for p in found if re.search("[a-z]", p)]


def chapters(work, text):
    """What stands between the headings; nothing before the first, and nothing after the end."""
    starts = [m.end() for m in HEADING.finditer(text)]
    ends = [m.start() for m in HEADING.finditer(text)][1:] + [len(text)]
    for number, (start, end) in enumerate(zip(starts, ends), 1):
        body = END.split(VOLUME.sub("", text[start:end]))[0]
        yield {"work": work, "chapter": number, "text": "\n".join(paragraphs(body))}


def austen(base):
    """The table of r-cran-janeaustenr: a novel a vector, a line of print a string."""
    data = read_r_data(base)
    for name, title in NOVELS.items():
        yield from chapters(title, "\n".join(data[name]))


def moby_dick(base):
    """The text of r-cran-tokenizers: one string, with Project Gutenberg's words before and after."""
    (text,) = read_r_data(base)["mobydick"].values()
    body = text[re.search(r"^CHAPTER 1\. Loomings\.\s*\n\s*Call me", text, re.M).start():]
    yield from chapters("Moby-Dick", body)


def king_james(folder):
    """The SWORD module of sword-text-kjv; the pilcrows of the print start paragraphs."""
    for testament in ("ot", "nt"):
        for book in read_sword_text(f"{folder}/{testament}"):
            markup = "".join(book)
            name = re.search(r'<milestone n="([^"]+)" type="x-usfm-h"/>', markup)
            for number, chapter in enumerate(re.split(r"<chapter n=[^>]*>", markup)[1:], 1):
                yield {"work": name.group(1), "chapter": number, "text": plain_osis(chapter)}


def plain_osis(markup):
    text = re.sub(r"<(note|title)\b.*?</\1>", "", markup)
    text = re.sub(r"<[^>]+>", "", text).translate(ASCII)
    return "\n".join(p for p in (re.sub(r"\s+", " ", p).strip() for p in text.split("\u00b6")) if p)
