"""The labels, their scripts, and how a locale name becomes a label."""
import re

# code: (English name, Unicode script prefixes of which a sentence must consist)
LANGUAGES = {
    "af": ("Afrikaans", "LATIN"), "ar": ("Arabic", "ARABIC"), "ast": ("Asturian", "LATIN"),
    "be": ("Belarusian", "CYRILLIC"), "bg": ("Bulgarian", "CYRILLIC"), "bn": ("Bengali", "BENGALI"),
    "br": ("Breton", "LATIN"), "ca": ("Catalan", "LATIN"), "cs": ("Czech", "LATIN"),
    "cy": ("Welsh", "LATIN"), "da": ("Danish", "LATIN"), "de": ("German", "LATIN"),
    "el": ("Greek", "GREEK"), "en": ("English", "LATIN"), "eo": ("Esperanto", "LATIN"),
    "es": ("Spanish", "LATIN"), "et": ("Estonian", "LATIN"), "eu": ("Basque", "LATIN"),
    "fa": ("Persian", "ARABIC"), "fi": ("Finnish", "LATIN"), "fr": ("French", "LATIN"),
    "fy": ("Western Frisian", "LATIN"), "ga": ("Irish", "LATIN"), "gd": ("Scottish Gaelic", "LATIN"),
    "gl": ("Galician", "LATIN"), "gu": ("Gujarati", "GUJARATI"), "he": ("Hebrew", "HEBREW"),
    "hi": ("Hindi", "DEVANAGARI"), "hr": ("Croatian", "LATIN"), "hu": ("Hungarian", "LATIN"),
    "hy": ("Armenian", "ARMENIAN"), "id": ("Indonesian", "LATIN"), "is": ("Icelandic", "LATIN"),
    "it": ("Italian", "LATIN"), "ja": ("Japanese", "CJK HIRAGANA KATAKANA"), "ka": ("Georgian", "GEORGIAN"),
    "kk": ("Kazakh", "CYRILLIC"), "km": ("Khmer", "KHMER"), "kn": ("Kannada", "KANNADA"),
    "ko": ("Korean", "HANGUL"), "lt": ("Lithuanian", "LATIN"), "lv": ("Latvian", "LATIN"),
    "mk": ("Macedonian", "CYRILLIC"), "ml": ("Malayalam", "MALAYALAM"), "mr": ("Marathi", "DEVANAGARI"),
    "ms": ("Malay", "LATIN"), "my": ("Burmese", "MYANMAR"), "nb": ("Norwegian Bokmal", "LATIN"),
    "ne": ("Nepali", "DEVANAGARI"), "nl": ("Dutch", "LATIN"), "nn": ("Norwegian Nynorsk", "LATIN"),
    "oc": ("Occitan", "LATIN"), "pa": ("Punjabi", "GURMUKHI"), "pl": ("Polish", "LATIN"),
    "pt": ("Portuguese", "LATIN"), "ro": ("Romanian", "LATIN"), "ru": ("Russian", "CYRILLIC"),
    "si": ("Sinhala", "SINHALA"), "sk": ("Slovak", "LATIN"), "sl": ("Slovenian", "LATIN"),
    "sq": ("Albanian", "LATIN"), "sr": ("Serbian", "CYRILLIC LATIN"), "sv": ("Swedish", "LATIN"),
    "ta": ("Tamil", "TAMIL"), "te": ("Telugu", "TELUGU"), "tg": ("Tajik", "CYRILLIC"),
    "th": ("Thai", "THAI"), "tl": ("Tagalog", "LATIN"), "tr": ("Turkish", "LATIN"),
    "uk": ("Ukrainian", "CYRILLIC"), "ur": ("Urdu", "ARABIC"), "uz": ("Uzbek", "LATIN CYRILLIC"),
    "vi": ("Vietnamese", "LATIN"), "zh-Hans": ("Chinese (simplified)", "CJK"),
    "zh-Hant": ("Chinese (traditional)", "CJK"),
    "az": ("Azerbaijani", "LATIN"),
}

_SPECIAL = {
    "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-hans": "zh-Hans", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant",
    "zh-hant": "zh-Hant", "zh-hans-cn": "zh-Hans", "zh-hant-tw": "zh-Hant", "zh": None, "cn": "zh-Hans",
    "no": "nb", "fil": "tl", "ca-valencia": "ca", "be-tarask": "be", "be-x-old": "be",
    "sr-latin": "sr", "sr-latn": "sr", "sr-cyrl": "sr", "sr-ec": "sr", "sr-el": "sr", "sr-ijekavian": "sr",
    "sr-ijekavianlatin": "sr", "sr-rs-latin": "sr", "uz-cyrillic": "uz", "uz-cyrl": "uz", "uz-latn": "uz", "kk-cyrl": "kk",
    "tg-cyrl": "tg", "de-formal": "de", "nl-informal": "nl", "es-formal": "es", "hu-formal": "hu",
    "de-sie": "de", "en-us": "en", "c": "en",
    # same base code, other orthography or another script: left out
    "be-latin": None, "en-shaw": None, "kk-arab": None, "kk-latn": None, "tg-latn": None,
}


def label_of(locale):
    """Label for a locale name such as pt_BR, sr@latin or zh-Hant; None when we do not use it."""
    loc = re.sub(r"\.(utf-?8|UTF-?8)", "", locale).replace("_", "-").replace("@", "-").lower()
    if loc in _SPECIAL:
        return _SPECIAL[loc]
    if loc in LANGUAGES:
        return loc
    m = re.fullmatch(r"([a-z]{2,3})-([a-z]{2}|419)", loc)  # a country suffix
    if m and m.group(1) in LANGUAGES:
        return m.group(1)
    if m and m.group(1) in ("no", "fil"):
        return _SPECIAL[m.group(1)]
    return None
