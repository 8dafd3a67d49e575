"""Readers of running text: HTML, Mallard, DocBook and man pages."""
import html
import re

BLOCK = re.compile(r"</?(?:p|para|simpara|li|dd|dt|td|th|h[1-6]|div|br|tr|table|ul|ol|dl|title|term|item|listitem|desc|blockquote|"
                   r"section|caption|center|note|hr|entry|body|header|nav|label|option|link|meta|screen|info|credit|name|revision)\b[^>]*>", re.I)
DROP = re.compile(r"<(script|style|pre|screen|programlisting|head|credit|legal|authorgroup|bookinfo|info)\b.*?</\1\s*>|<!--.*?-->|<!DOCTYPE.*?\]>|<\?.*?\?>", re.S | re.I)
CODE = re.compile(r"<(code|tt|kbd|cmd|command|filename|literal|userinput|option|key|keycap|keyseq|var|samp|input|output|file)\b[^>]*>.*?</\1\s*>", re.S | re.I)


def read_markup(text):
    """Blocks of text of HTML, Mallard or DocBook; inline code is cut out."""
    text = DROP.sub("\n", text)
    text = CODE.sub(" \uE000 ", text)  # a private mark: the sentence had a hole here
    text = re.sub(r"\s+", " ", text)
    text = BLOCK.sub("\n", text)
    text = re.sub(r"<[^>]*>", "", text)
    return [html.unescape(t).strip() for t in text.split("\n")]


def read_man(text):
    para, out = [], []
    for line in text.split("\n"):
        if line[:1] in ".'":
            m = re.match(r"[.'](B|I|SM|BR|IR|RB|RI|BI|IB)\s+(.*)", line)
            if m and para:
                para.append(m.group(2).replace('"', " "))
            elif not line.startswith('.\\"'):
                out.append(" ".join(para))
                para = []
            continue
        if not line.strip() or line[0] in " \t":
            out.append(" ".join(para))
            para = []
            continue
        para.append(line)
    out.append(" ".join(para))
    for t in out:
        t = re.sub(r"\\f\[[^\]]*\]|\\f\(..|\\f.|\\s[-+]?\d|\\&|\\c|\\/|\\,|\\%|\\:", "", t)
        t = re.sub(r"\\\(?(aq|cq|oq|dq|lq|rq|Bq|em|en|co|bu|hy)|\\\[[^\]]*\]|\\\*\([a-zA-Z]{2}", " ", t)
        yield t.replace("\\-", "-").replace("\\ ", " ").replace("\\~", " ").replace("\\(em", "-").replace("\\e", "\\")
