"""Language tags: their canonical form, and the direction of text in a language."""

import re
from unicodedata import bidirectional

# The subset of BCP 47 (RFC 5646, 2.1) that tags of languages in use need: language, script, region, variants.
PATTERN = r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*\Z"
LONGEST = 35  # characters

# Suggested to editors; any other tag can be typed.
_COMMON_TEXT = """
ar bg bn ca cs da de el en es et eu fa fi fr ga gl he hi hr hu id is it ja ko lt lv nb nl pl pt pt-BR ro ru sk
sl sr sv sw ta th tr uk ur vi zh-Hans zh-Hant
"""
COMMON = _COMMON_TEXT.split()

# Right-to-left scripts (ISO 15924), and languages commonly written in one of them (ISO 639).
_RTL_TEXT = """
Adlm Arab Aran Armi Hebr Hung Khar Mand Mend Narb Nbat Nkoo Orkh Palm Phli Phnx Prti Rohg Samr Sarb Syrc Thaa
Yezi
ar arc arz ckb dv fa he iw lrc mzn nqo ps sd syr ug ur yi
"""
_RTL = frozenset(_RTL_TEXT.split())
# Written in scripts of both directions: the letters decide.
_EITHER = frozenset(["az", "ff", "ha", "kk", "ks", "ku", "ms", "pa", "tg", "tk", "uz"])


def canonical(tag: str) -> str:
    """Return the tag in its usual case (RFC 5646, 2.1.1), such as `pt-BR` for `PT_br`; "" if it isn't a valid tag."""
    tag = tag.strip().replace("_", "-")
    if len(tag) > LONGEST or not re.match(PATTERN, tag):
        return ""
    language, *subtags = tag.split("-")
    return "-".join([language.lower(), *map(_in_usual_case, subtags)])


def _in_usual_case(subtag: str) -> str:
    if _is_script(subtag):
        return subtag.title()
    return subtag.upper() if len(subtag) <= 3 else subtag.lower()


def _is_script(subtag: str) -> bool:
    return len(subtag) == 4 and subtag.isalpha()


def direction(text: str, tag: str = "") -> str:
    """Return `ltr` or `rtl`: the direction of the tag's script or language, otherwise that of most letters of `text`.

    The letters' direction is their bidirectional class in Unicode (UAX 9); only the first 2,000 characters count.
    """
    if re.match(PATTERN, tag):
        language, *subtags = tag.split("-")
        language = language.lower()
        if subtags and _is_script(subtags[0]):
            return "rtl" if subtags[0].title() in _RTL else "ltr"
        if language not in _EITHER:
            return "rtl" if language in _RTL else "ltr"
    classes = [bidirectional(character) for character in text[:2000]]
    return "rtl" if classes.count("R") + classes.count("AL") > classes.count("L") else "ltr"


def isolated(text: str) -> str:
    """Return `text` between U+2068 and U+2069, so that control characters in it don't turn what is next to it round.

    For plain text, such as an SVG's `<title>`; in HTML use `<bdi>`.
    """
    return f"\u2068{text}\u2069"
