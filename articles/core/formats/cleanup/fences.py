"""Removes the code fence in which assistants hand over a whole article, perhaps after a sentence of their own."""

import re

from articles.core.language.messages import lazy_message
from articles.core.timestamps import code_spans

from .headings import Problems

_WRAPPED = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>(?:markdown|md)?)[ \t]*(?:\n|\Z)", re.IGNORECASE | re.MULTILINE
)
_TIME_LINK = re.compile(r"\bdata-t\s*=", re.IGNORECASE)
_CITED = re.compile(r"\bdata-t\s*=|\[\d{1,3}:\d\d(?::\d\d)?\]", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)


def unwrap(text: str, start: int, problems: Problems) -> tuple[str, int, int]:
    """Return the text without a fence around the article, at the same offsets, and [start, end) of the article.

    A ```markdown fence is around the article if it begins and ends with it, if it follows a single paragraph, goes on
    to the end and has headings, or if it holds timestamps; another fence, if it holds time links. A removed fence is
    reported.
    """
    if "```" not in text and "~~~" not in text:
        return text, start, len(text)
    openings = {start + begin for begin, _ in code_spans(text[start:], only_fenced=True)}
    for match in _WRAPPED.finditer(text, start):
        if match.start() not in openings:
            continue
        written = match[0].strip()
        closing, end = _closing(text, match)
        is_first, is_last = match.start() == start, not text[end:].strip()
        if not _is_article(text[match.end() : closing], text[start : match.start()], match["info"], is_last=is_last):
            continue
        if closing == end:
            reason = lazy_message("A code fence around the article was never closed, so it was removed.")
        elif is_first and is_last:
            reason = lazy_message("A code fence around the whole article was removed.")
        else:
            reason = lazy_message("A code fence around the article was removed.")
        problems.report(match.start(), written, reason, "fence")
        if is_first and is_last:
            return text, match.end(), closing
        return _blanked(text, match.span(), (closing, end)), start, len(text)
    return text, start, len(text)


def _is_article(fenced: str, before: str, info: str, *, is_last: bool) -> bool:
    if not info:
        return bool(_TIME_LINK.search(fenced))
    is_rest = is_last and "\n\n" not in before.strip()
    return bool(_CITED.search(fenced)) or (is_rest and (not before.strip() or bool(_HEADING.search(fenced))))


def _closing(text: str, opening: re.Match[str]) -> tuple[int, int]:
    """Return [start, end) of the line that closes a fence; twice the text's length if none does.

    A fence at the very end closes it, whatever is in between; otherwise fences in it come in pairs.
    """
    marker = re.escape(opening["fence"])
    closings = re.compile(rf"^{marker}{marker[-1]}*(?P<info>[^\n`]*)(?:\n|\Z)", re.MULTILINE)
    depth = 1
    lines = list(closings.finditer(text, opening.end()))
    if lines and not lines[-1]["info"].strip() and not text[lines[-1].end() :].strip():
        return lines[-1].span()
    for line in lines:
        depth += 1 if line["info"].strip() else -1
        if depth == 0:
            return line.span()
    return len(text), len(text)


def _blanked(text: str, *spans: tuple[int, int]) -> str:
    """Return a text in which the lines at `spans` are empty, so that all offsets stay."""
    for start, end in spans:
        line = text[start:end]
        text = text[:start] + " " * len(line.rstrip("\n")) + line[len(line.rstrip("\n")) :] + text[end:]
    return text
