"""Turns caption text into spoken text: splits voices, strips markup and decodes entities."""

import html
import re

from .types import replace_surrogates

_TAG = re.compile(r"<(/?)([^<>\s.]*)((?:\.[^<>\s]*)?)(?:\s([^<>]*))?>")
_TWICE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_SPACES = re.compile(r"\s+")
_BREAK = re.compile(r"<[bB][rR]\s*/?>|\\N")  # the second is from ASS, kept by some converters
_PLAYER_TAG = re.compile(r"</?(?:b|i|u|s|font|c|span)\b[^<>]*>|\{\\[^{}]*\}|\{/?[biu]\}", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
_WIDE = {ord(wide): str(digit) for digit, wide in enumerate("０１２３４５６７８９")}
_WIDE_COLON = re.compile(r"(?<=[0-9])：(?=[0-9])")
_LONG_GAP = re.compile(r"\s{5,}")
_LINK = re.compile(r"(\[[^\[\]]*[0-9][^\[\]]*\])\([^()\s]*\)")  # [00:05](https://…)


def spoken_parts(text: str) -> list[tuple[str, str]]:
    """Return (speaker, text) for each voice of a WebVTT cue in order; one part with speaker "" if there are no voices.

    Follows the WebVTT "cue text parsing rules". An unclosed tag counts as text.
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
        _finish_part(parts, speaker, pieces)
        speaker = "" if is_end else plain_text(annotation or "")
    pieces.append(text[end:])
    _finish_part(parts, speaker, pieces)
    return parts or [("", "")]


def plain_text(text: str) -> str:
    """Return the text with entities decoded, including doubly encoded ones, and white space collapsed."""
    once = html.unescape(text)
    decoded = replace_surrogates(_TWICE.sub(lambda match: html.unescape(match[0]), once)).replace("\x00", "\ufffd")
    return _SPACES.sub(" ", decoded.replace("\u200b", "")).strip()


def without_tags(text: str, *, every: bool = False) -> str:
    """Return a SubRip text without the HTML-like and brace markup that players support, or without `every` tag."""
    if every:
        return _TAG.sub(lambda match: " " if match[2] == "br" else "", text)
    return _PLAYER_TAG.sub("", _BREAK.sub(" ", text))


def _finish_part(parts: list[tuple[str, str]], speaker: str, pieces: list[str]) -> None:
    text = plain_text("".join(pieces))
    pieces.clear()
    if not text:
        return
    if parts and parts[-1][0] == speaker:
        parts[-1] = (speaker, f"{parts[-1][1]} {text}")
    else:
        parts.append((speaker, text))


def clean_line(line: str) -> str:
    """Return a line of plain text without tags, invisible characters and links, its times in ASCII digits."""
    # Long runs of spaces are cut, so that patterns with spaces are matched in linear time.
    line = _LONG_GAP.sub("    ", without_tags(line))
    return _LINK.sub(r"\1", _WIDE_COLON.sub(":", _INVISIBLE.sub("", line).translate(_WIDE))).strip()
