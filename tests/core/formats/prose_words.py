"""Counts words of prose in a received text and in the article parsed from it, so that tests notice lost words.

It knows as little as possible about the parser: it removes what isn't prose (front matter, `From:`, tags, URLs,
timestamps) and counts the rest.
"""

import re
from collections import Counter

from articles.core.formats.cleanup.html_tags import KNOWN
from articles.core.formats.types import ArticleFile

_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\n(?=[ \t\n]*[A-Za-z_][\w-]*[ \t]*:).*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)
_HEADER = re.compile(r"\A\s*(?:(?:From|Title|Video):[^\n]*(?:\n\s*|\Z))+")
_WRAPPER = re.compile(r"^(`{3,}|~{3,})[ \t]*(?:markdown|md)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BROKEN_LINK = re.compile(r"<a\s+(?:(?:class|data-t)\s*=\s*\"?[\w:=\[\]\".-]*\s*)+(?=</a|[^\w\s>])", re.IGNORECASE)
_LINK = re.compile(r"</?a(?:\s[^<>]*)?>", re.IGNORECASE)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?/?>")
_ALT = re.compile(r"\salt\s*=\s*\"([^\"]*)\"", re.IGNORECASE)
_ADDRESS = re.compile(r"\]\([^()\s]*\)|https?://[^\s<>()]+")
_MOMENT = re.compile(r"(?<![\w:])(?:\d{1,4}|[HM]{2})(?::(?:\d{1,4}|[MS]{2})){1,5}(?![\w:])")
_CALLOUT = re.compile(r"\[!\w+\]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def prose_words(text: str | ArticleFile) -> Counter[str]:
    """Count each word in a received text, or in the lead, headings and bodies of an article."""
    if isinstance(text, ArticleFile):
        parts = [text.lead]
        for section in text.sections:
            parts += [section.heading, section.body]
        return _words("\n\n".join(parts))
    raw = text.replace("\r\n", "\n").replace("\r", "\n")
    raw = _HEADER.sub("", _FRONT_MATTER.sub("", raw, count=1), count=1)
    return _words(_WRAPPER.sub("", raw))


def _words(text: str) -> Counter[str]:
    text = _COMMENT.sub(" ", text)
    text = _BROKEN_LINK.sub("", text)
    text = _LINK.sub("", text)
    text = _TAG.sub(_without_tag, text)
    text = _ADDRESS.sub(" ", text)
    text = _MOMENT.sub(" ", text)
    return Counter(_WORD.findall(_CALLOUT.sub(" ", text)))


def _without_tag(match: re.Match[str]) -> str:
    """Replace a tag by nothing, an image by its alt text; keep tags that aren't HTML."""
    name = match[1].lower()
    if name not in KNOWN:
        return match[0]
    words = _ALT.search(match[0])
    return f" {words[1]} " if name == "img" and words else " "
