"""Takes marks and wiki links out of a text before Markdown reads it, and keeps what stood there.

Markdown's inline tokens carry no offsets. So each candidate is replaced by `[`, a sentinel, its number, the
sentinel and `]`: brackets, because emphasis is opened and closed by the punctuation beside it. An inline rule
reads them back; wherever else one turns up (code, addresses, titles) the written text is restored.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from articles.core.timestamps import Malformed, Mark, find_marks, is_escaped

# Unicode noncharacters: "permanently reserved for internal use", so no text is harmed when they are replaced.
SENTINEL = "\ufdd0"
PLACEHOLDER = "\ufdd1"
_UNUSABLE = re.compile(f"[\x00\ud800-\udfff{SENTINEL}{PLACEHOLDER}]")
_STAND_IN = re.compile(rf"\[{SENTINEL}([0-9]+){SENTINEL}\]|{SENTINEL}([0-9]+){SENTINEL}")
_ESCAPED = "%EF%B7%90"
_STAND_IN_IN_ADDRESS = re.compile(rf"(?:\[|%5B){_ESCAPED}([0-9]+){_ESCAPED}(?:\]|%5D)|{_ESCAPED}([0-9]+){_ESCAPED}")
_NUMBER = re.compile(rf"\[{SENTINEL}([0-9]+){SENTINEL}\]")
_WIKI = re.compile(rf"\[\[([^\[\]|\r\n`{SENTINEL}]+)(?:\|((?:[^\[\]\r\n`]|\[{SENTINEL}[0-9]+{SENTINEL}\])*))?\]\]")
_HYPHENS = re.compile(r"[-\s_]+")
_NOT_SLUG = re.compile(r"[^\w\s-]")


@dataclass(slots=True)
class WikiLink:
    """`[[target|label]]` at `start`; `inner` are the numbers of the marks that stood in its label."""

    start: int
    text: str
    slug: str
    label: str
    inner: list[int] = field(default_factory=list)


Candidate = Mark | Malformed | WikiLink


@dataclass(frozen=True, slots=True)
class Candidates:
    """A text with stand-ins in it, and what they stand for, by number."""

    text: str
    found: list[Candidate]

    def restore(self, text: str, escape: Callable[[str], str] = str) -> str:
        """Return `text` with what was written in place of the stand-ins, each passed through `escape`."""
        if SENTINEL not in text:
            return text
        return _STAND_IN.sub(lambda match: self._written(match, escape), text)

    def restore_address(self, text: str, escape: Callable[[str], str]) -> str:
        """Return `text` with what was written in place of percent-encoded stand-ins."""
        if _ESCAPED not in text:
            return text
        return _STAND_IN_IN_ADDRESS.sub(lambda match: self._written(match, escape), text)

    def _written(self, match: re.Match[str], escape: Callable[[str], str]) -> str:
        whole, inner = match.groups()
        number = int(whole or inner)
        if number >= len(self.found):
            return ""
        written = self.found[number].text
        return escape(written if whole else written[1:-1])


def take_out(text: str) -> Candidates:
    """Replace every mark and wiki link of `text`, in code too: what is code is Markdown's to decide.

    Characters that no HTML can hold (NUL, surrogates, two noncharacters) become U+FFFD; offsets stay.
    """
    text = _UNUSABLE.sub("\ufffd", text)
    found: list[Candidate] = list(find_marks(text, in_code=True))
    composed, shifts = _compose(text, found)
    if "[[" not in composed:
        return Candidates(composed, found)
    pieces, end, passed = [], 0, 0
    for match in _WIKI.finditer(composed):
        while passed < len(shifts) and shifts[passed][0] < match.start():
            passed += 1
        if is_escaped(composed, match.start()) or not (slug := wiki_slug(match.group(1))):
            continue
        start = match.start() + (shifts[passed - 1][1] if passed else 0)
        label, inner = _read_label(match)
        written = Candidates("", found).restore(match.group())
        pieces += [composed[end : match.start()], f"[{SENTINEL}{len(found)}{SENTINEL}]"]
        found.append(WikiLink(start, written, slug, label, inner))
        end = match.end()
    return Candidates("".join([*pieces, composed[end:]]), found)


def number_at(text: str, offset: int) -> tuple[int, int] | None:
    """Return number and end of the stand-in at `offset`, None if there is none."""
    match = _NUMBER.match(text, offset)
    return (int(match.group(1)), match.end()) if match else None


def split_at_stand_ins(text: str) -> Iterator[str | int]:
    """Yield the pieces of `text` in order: text as it stands, stand-ins as their numbers."""
    for index, piece in enumerate(_NUMBER.split(text)):
        if index % 2:
            yield int(piece)
        elif piece:
            yield piece


def wiki_slug(target: str) -> str:
    """Return the slug that a link's target names, "" if none: Django's slugify with Unicode, `_` as a space.

    `complex_numbers_introduction` and `Complex numbers introduction` are `complex-numbers-introduction`; what
    follows a `#` names a part of the article and is no part of its slug.
    """
    value = unicodedata.normalize("NFKC", target.split("#")[0]).lower()
    return _HYPHENS.sub("-", _NOT_SLUG.sub("", value)).strip("-")


def link_targets(text: str) -> list[str]:
    """Return the targets of all that looks like a wiki link, in code too: quick, for asking which exist."""
    return [match.group(1).strip() for match in _WIKI.finditer(take_marks(text))] if "[[" in text else []


def take_marks(text: str) -> str:
    """Return `text` with stand-ins for its marks alone."""
    text = _UNUSABLE.sub("\ufffd", text)
    return _compose(text, list(find_marks(text, in_code=True)))[0]


def _compose(text: str, found: list[Candidate]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text with stand-ins, and for each its place there and how far the text behind it moved."""
    pieces, shifts = [], []
    end = length = 0
    for number, mark in enumerate(found):
        stand_in = f"[{SENTINEL}{number}{SENTINEL}]"
        pieces += [text[end : mark.start], stand_in]
        length += mark.start - end
        end = mark.start + len(mark.text)
        shifts.append((length, end - length - len(stand_in)))
        length += len(stand_in)
    return "".join([*pieces, text[end:]]), shifts


def _read_label(match: re.Match[str]) -> tuple[str, list[int]]:
    written = match.group(2) if match.group(2) is not None else ""
    inner = [int(number) for number in _NUMBER.findall(written)]
    label = " ".join(_NUMBER.sub(" ", written).split())
    if not label:
        target = match.group(1).strip().rstrip("\\")
        label = target.replace("_", " ") if " " not in target else target
    return label, inner
