"""Turns the text of a caption into spoken text: voices apart, markup off, entities decoded."""

import html
import re

from .types import whole

_TAG = re.compile(r"<(/?)([^<>\s.]*)((?:\.[^<>\s]*)?)(?:\s([^<>]*))?>")
_TWICE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_SPACES = re.compile(r"\s+")


def spoken_parts(text: str) -> list[tuple[str, str]]:
    """Return (speaker, text) for each voice of a WebVTT cue text in order; without a voice one part, speaker "".

    Source of the rules: WebVTT, "cue text parsing rules". What starts like a tag and does not end is text.
    """
    parts: list[tuple[str, str]] = []
    speaker = ""
    pieces: list[str] = []
    end = 0
    for match in _TAG.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        is_end, name, _, annotation = match.groups()
        if name != "v":
            if name == "br":
                pieces.append(" ")
            continue
        _close(parts, speaker, pieces)
        speaker = "" if is_end else plain_text(annotation or "")
    pieces.append(text[end:])
    _close(parts, speaker, pieces)
    return parts or [("", "")]


def plain_text(text: str) -> str:
    """Return the text with entities decoded, those that were encoded twice as well, and white space folded."""
    once = html.unescape(text)
    decoded = whole(_TWICE.sub(lambda match: html.unescape(match[0]), once)).replace("\x00", "\ufffd")
    return _SPACES.sub(" ", decoded.replace("\u200b", "")).strip()


def without_tags(text: str) -> str:
    """Return a SubRip text without the HTML-like and brace markup that players know."""
    return re.sub(r"</?(?:b|i|u|s|font|c|span)\b[^<>]*>|\{\\[^{}]*\}", "", text, flags=re.IGNORECASE)


def _close(parts: list[tuple[str, str]], speaker: str, pieces: list[str]) -> None:
    text = plain_text("".join(pieces))
    pieces.clear()
    if not text:
        return
    if parts and parts[-1][0] == speaker:
        parts[-1] = (speaker, f"{parts[-1][1]} {text}")
    else:
        parts.append((speaker, text))
