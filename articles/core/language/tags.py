"""Languages by their tags: how a tag is written, and which way a text in the language runs."""

import re
from unicodedata import bidirectional

# The part of BCP 47 (RFC 5646, 2.1) that names languages in use: language, script, region, variants.
PATTERN = r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*\Z"
LONGEST = 35  # characters of a tag

# What an editor is offered; every other tag can be written.
COMMON = [
    "ar",
    "bg",
    "bn",
    "ca",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "eu",
    "fa",
    "fi",
    "fr",
    "ga",
    "gl",
    "he",
    "hi",
    "hr",
    "hu",
    "id",
    "is",
    "it",
    "ja",
    "ko",
    "lt",
    "lv",
    "nb",
    "nl",
    "pl",
    "pt",
    "pt-BR",
    "ro",
    "ru",
    "sk",
    "sl",
    "sr",
    "sv",
    "sw",
    "ta",
    "th",
    "tr",
    "uk",
    "ur",
    "vi",
    "zh-Hans",
    "zh-Hant",
]

# Scripts that run from right to left (ISO 15924), and languages that are commonly written in one of them (ISO 639).
_RTL_SCRIPTS = frozenset(
    [
        "Adlm",
        "Arab",
        "Aran",
        "Armi",
        "Hebr",
        "Hung",
        "Khar",
        "Mand",
        "Mend",
        "Narb",
        "Nbat",
        "Nkoo",
        "Orkh",
        "Palm",
        "Phli",
        "Phnx",
        "Prti",
        "Rohg",
        "Samr",
        "Sarb",
        "Syrc",
        "Thaa",
        "Yezi",
    ]
)
_RTL = frozenset(
    ["ar", "arc", "arz", "ckb", "dv", "fa", "he", "iw", "lrc", "mzn", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"]
)
# Written in several scripts: the letters decide.
_EITHER = frozenset(["az", "ff", "ha", "kk", "ks", "ku", "ms", "pa", "tg", "tk", "uz"])


def canonical(tag: str) -> str:
    """Return the tag in the usual letters (RFC 5646, 2.1.1), such as `pt-BR` for `PT_br`; "" for "" and for no tag."""
    tag = tag.strip().replace("_", "-")
    if len(tag) > LONGEST or not re.match(PATTERN, tag):
        return ""
    language, *subtags = tag.split("-")
    return "-".join([language.lower(), *map(_in_usual_letters, subtags)])


def _in_usual_letters(subtag: str) -> str:
    if _is_script(subtag):
        return subtag.title()
    return subtag.upper() if len(subtag) <= 3 else subtag.lower()


def _is_script(subtag: str) -> bool:
    return len(subtag) == 4 and subtag.isalpha()


def direction(text: str, tag: str = "") -> str:
    """Return `ltr` or `rtl`: what the tag's script or language is written in, else where most letters of `text` run.

    Letters run as Unicode's bidirectional classes say (UAX 9); the first 2,000 characters are looked at.
    """
    if re.match(PATTERN, tag):
        language, *subtags = tag.split("-")
        language = language.lower()
        if subtags and _is_script(subtags[0]):
            return "rtl" if subtags[0].title() in _RTL_SCRIPTS else "ltr"
        if language not in _EITHER:
            return "rtl" if language in _RTL else "ltr"
    classes = [bidirectional(character) for character in text[:2000]]
    return "rtl" if classes.count("R") + classes.count("AL") > classes.count("L") else "ltr"
