"""Removes markup from chapter titles, which are plain text: show notes are HTML or Markdown."""

import html
import re

_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|<!--[^<>]*-->")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\(\s*(?:[#/?]|https?:|mailto:|www\.|\))[^()]*\)?")
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<stars>\*{1,3})(?![\s*])(?P<a>[^*]+)(?<!\s)(?P=stars)(?![\w*])"
    r"|~~(?P<b>[^~]+)~~"
    r"|`(?P<c>[^`]+)`"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain_title(text: str) -> str:
    """Return `text` as one line without HTML tags, entities, Markdown links and emphasis. Linear in the text."""
    text = _TAG.sub(" ", text) if "<" in text else text
    text = _LINK.sub(r"\1", text) if "](" in text else text
    text = _EMPHASIS.sub(_words, text)
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text
    return " ".join(text.split())


def _words(match: re.Match[str]) -> str:
    return next(words for words in match.group("a", "b", "c") if words)
