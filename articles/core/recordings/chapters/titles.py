"""Removes markup from chapter titles, which are plain text: show notes are HTML or Markdown."""

import html
import re

# Tags of lines and blocks, and pairs of tags inside a line; others are words: “How <dialog> works”.
_TAG = re.compile(r"</?(?:br|p|div|li|ul|ol|h[1-6]|tr|td|hr)(?:\s[^<>]*)?/?>|<!--[^<>]*-->", re.IGNORECASE)
_PAIR = re.compile(
    r"<(?P<tag>a|b|i|u|s|em|strong|span|font|small|sub|sup|code|mark)(?:\s[^<>]*)?>(?P<inside>[^<]*)</(?P=tag)\s*>",
    re.IGNORECASE,
)
NESTED = 4  # pairs of tags in each other, such as <p><b><a>
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(\s*(?:[#/?]|https?:|mailto:|www\.|\))[^()]*\)?")
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<stars>\*{1,3})(?![\s*])(?P<a>[^*]+)(?<!\s)(?P=stars)(?![\w*])"
    r"|~~(?P<b>[^~]+)~~"
    r"|`(?P<c>[^`]+)`"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain_title(text: str) -> str:
    """Return `text` as one line without HTML tags, entities, Markdown links and emphasis. Linear in the text."""
    if "<" in text:
        text = _TAG.sub(" ", text)
        for _ in range(NESTED):  # from the inside out
            text = _PAIR.sub(r"\g<inside>", text)
    text = _LINK.sub(r"\1", text) if "](" in text else text
    text = _EMPHASIS.sub(_words, text)
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text
    return " ".join(text.split())


def _words(match: re.Match[str]) -> str:
    return next(words for words in match.group("a", "b", "c") if words)
