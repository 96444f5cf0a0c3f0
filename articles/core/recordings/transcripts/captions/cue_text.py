"""Turns caption text into spoken text: splits voices, strips markup and decodes entities."""

import html
import re

from articles.core.recordings.transcripts.types import replace_surrogates

# WebVTT's tags and the HTML that converters leave; any other text in angle brackets is speech.
_ATTRIBUTES = r"""(?:\s+[\w-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))*\s*"""  # “a<b && b>c” has none
_TAG = re.compile(
    rf"<(/?)(?:(v|c|lang)((?:\.[^<>\s]*)?)(?:\s([^<>]*))?|(b|i|u|s|em|strong|ruby|rt|rp|font|span|br|p)(?:\.[^<>\s]*)?{_ATTRIBUTES})/?>"
    r"|<(?:[0-9]+:)?[0-9]{2}:[0-9]{2}\.[0-9]{3}>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")  # “Q&amplifier” has none
_SPACES = re.compile(r"\s+")
_BREAK = re.compile(r"<[bB][rR]\s*/?>|\\N")  # the second is from ASS, kept by some converters
_PLAYER_TAG = re.compile(rf"</?(?:b|i|u|s|font|c|span){_ATTRIBUTES}/?>|\{{\\[^{{}}]*\}}|\{{/?[biu]\}}", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
# Controls, and what changes the direction of the text after it.
_NEVER_TYPED = re.compile("[\x00-\x1f\x7f-\x9f\u2066-\u2069\ufffe\uffff]")
_PAIRED_TAG = re.compile(rf"<(b|i|u|s|em|strong|font|span){_ATTRIBUTES}>(.*?)</\1>", re.IGNORECASE)
_WORD_TIME = re.compile(r"<[0-9]{1,3}:[0-9]{2}[.:][0-9]{2,3}>")
_LONG_GAP = re.compile(r"\s{5,}")
_LINK = re.compile(r"(\[[^\[\]]*[0-9]:[0-9]{2}[^\[\]]*\])\([^()\s]*\)")  # [00:05](https://…)


def spoken_parts(text: str) -> list[tuple[str, str]]:
    """Return (speaker, text) for each voice of a WebVTT cue in order; one part with speaker "" if there are no voices.

    Follows the WebVTT "cue text parsing rules", but an unknown or unclosed tag counts as text, so that nothing is lost.
    """
    parts: list[tuple[str, str]] = []
    speaker = ""
    pieces: list[str] = []
    end = 0
    for match in _TAG.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        is_end, name, _, annotation, other = match.groups("")
        if name.lower() != "v":
            if other.lower() in ("br", "p"):
                pieces.append(" ")
            continue
        _finish_part(parts, speaker, pieces)
        speaker = "" if is_end else plain_text(annotation or "")
    pieces.append(text[end:])
    _finish_part(parts, speaker, pieces)
    return parts or [("", "")]


def plain_text(text: str) -> str:
    """Return the text with entities decoded, including doubly encoded ones, and white space collapsed."""
    for _ in range(2 if "&" in text else 0):
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    decoded = text if text.isascii() else replace_surrogates(text).replace("\u200b", "")
    return _SPACES.sub(" ", decoded.replace("\x00", "\ufffd")).strip()


def without_tags(text: str, *, every: bool = False) -> str:
    """Return a SubRip text without the HTML-like and brace markup that players support, or without `every` tag."""
    if every:
        return _TAG.sub(lambda match: " " if (match[5] or "").lower() in ("br", "p") else "", text)
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


def without_word_times(text: str) -> str:
    """Return a line of lyrics without the times of its words: `<00:03.50>`."""
    return _WORD_TIME.sub("", text)


def clean_line(line: str) -> str:
    """Return a line of plain text without pairs of tags, invisible characters and links.

    A single tag is speech: “use the <b> tag”.
    """
    # Long runs of spaces are cut, so that patterns with spaces are matched in linear time.
    line = _LONG_GAP.sub("    ", line)
    if "<" in line:
        line = _PAIRED_TAG.sub(r"\2", _BREAK.sub(" ", line))
    if "](" in line:
        line = _LINK.sub(r"\1", line)
    return (line if line.isascii() else _INVISIBLE.sub("", line)).strip()


def typed_text(text: str) -> str:
    """Return what somebody typed on one line, without controls and invisible characters: reviewers have to see it all."""
    text = _INVISIBLE.sub("", _NEVER_TYPED.sub(" ", replace_surrogates(text)))
    return _SPACES.sub(" ", text).strip()
