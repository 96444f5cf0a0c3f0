"""Replaces marks and wiki links with stand-ins before Markdown parses the text, and keeps the originals.

Inline tokens have no offsets. So each candidate is replaced by `[`, a sentinel, its number, the sentinel and `]`;
brackets, because adjacent punctuation decides where emphasis opens and closes. An inline rule turns stand-ins back
into candidates. Anywhere else (code, addresses, titles), the original text is restored.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from articles.core.timestamps import Malformed, Mark, code_spans, find_marks, is_escaped

from .link_text import BREAK, LABEL

# Unicode noncharacters are "permanently reserved for internal use", so replacing them in a text does no harm.
SENTINEL = "\ufdd0"
PLACEHOLDER = "\ufdd1"
_UNUSABLE = re.compile(f"[\x00\ud800-\udfff{SENTINEL}{PLACEHOLDER}]")
_STAND_IN = re.compile(rf"\[{SENTINEL}([0-9]+){SENTINEL}\]|{SENTINEL}([0-9]+){SENTINEL}")
_ESCAPED = "%EF%B7%90"
_STAND_IN_IN_ADDRESS = re.compile(rf"(?:\[|%5B){_ESCAPED}([0-9]+){_ESCAPED}(?:\]|%5D)|{_ESCAPED}([0-9]+){_ESCAPED}")
_NUMBER = re.compile(rf"\[{SENTINEL}([0-9]+){SENTINEL}\]")
_WIKI = re.compile(rf"\[\[([^\[\]|\r\n`{SENTINEL}]+)(?:\|((?:{LABEL}|\[{SENTINEL}[0-9]+{SENTINEL}\])*))?\]\]")
_BREAK = re.compile(BREAK)
_HYPHENS = re.compile(r"[-\s_]+")
_NOT_SLUG = re.compile(r"[^\w\s-]")


@dataclass(slots=True)
class WikiLink:
    """`[[target|label]]` at `start`; `name` is its `wiki_name`, `inner` are the numbers of the marks in its label."""

    start: int
    text: str
    name: str
    label: str
    inner: list[int] = field(default_factory=list)


Candidate = Mark | Malformed | WikiLink


@dataclass(frozen=True, slots=True)
class Candidates:
    """A text with numbered stand-ins, and the original candidates by number."""

    text: str
    originals: list[Candidate]

    def restore(self, text: str, escape: Callable[[str], str] = str) -> str:
        """Return `text` with the original text, passed through `escape`, instead of stand-ins."""
        if SENTINEL not in text:
            return text
        return _STAND_IN.sub(lambda match: self._original_text(match, escape), text)

    def restore_address(self, text: str, escape: Callable[[str], str]) -> str:
        """Return `text` with the original text, passed through `escape`, instead of percent-encoded stand-ins."""
        if _ESCAPED not in text:
            return text
        return _STAND_IN_IN_ADDRESS.sub(lambda match: self._original_text(match, escape), text)

    def _original_text(self, match: re.Match[str], escape: Callable[[str], str]) -> str:
        whole, inner = match.groups()
        number = int(whole or inner)
        if number >= len(self.originals):
            return ""
        written = self.originals[number].text
        return escape(written if whole else written[1:-1])


def take_out(text: str, cites: Callable[[Mark], bool] = lambda mark: True) -> Candidates:
    """Replace every mark and wiki link of `text`, even in code, which only the Markdown parser can recognise.

    Marks for which `cites` is false remain text. Characters that HTML can't contain and our sentinels (NUL, surrogates,
    two noncharacters) become U+FFFD; offsets don't change.
    """
    text = _UNUSABLE.sub("\ufffd", text)
    marks = find_marks(text, in_code=True)
    originals: list[Candidate] = [mark for mark in marks if not isinstance(mark, Mark) or cites(mark)]
    composed, shifts = _compose(text, originals)
    if "[[" not in composed:
        return Candidates(composed, originals)
    pieces, end, passed = list[str](), 0, 0
    code: list[tuple[int, int]] | None = None
    for match in _WIKI.finditer(composed):
        while passed < len(shifts) and shifts[passed][0] < match.start():
            passed += 1
        if is_escaped(composed, match.start()) or not (name := wiki_name(match.group(1))):
            continue
        breaks = _BREAK.findall(match.group())
        if breaks or "`" in match.group():  # rare: code is otherwise found by the parser
            code = code_spans(composed) if code is None else code
            if any(first <= match.start() < last for first, last in code):
                continue
        start = match.start() + (shifts[passed - 1][1] if passed else 0)
        label, inner = _read_label(match)
        written = Candidates("", originals).restore(match.group())
        # The line breaks stay, in front of the link, so that lines keep their numbers.
        pieces += [composed[end : match.start()], *breaks, f"[{SENTINEL}{len(originals)}{SENTINEL}]"]
        originals.append(WikiLink(start, written, name, label, inner))
        end = match.end()
    return Candidates("".join([*pieces, composed[end:]]), originals)


def number_at(text: str, offset: int) -> tuple[int, int] | None:
    """Return the number and the end of the stand-in at `offset`, None if there is none."""
    match = _NUMBER.match(text, offset)
    return (int(match.group(1)), match.end()) if match else None


def split_at_stand_ins(text: str) -> Iterator[str | int]:
    """Yield the pieces of `text` in order: strings for text, numbers for stand-ins."""
    for index, piece in enumerate(_NUMBER.split(text)):
        if index % 2:
            yield int(piece)
        elif piece:
            yield piece


def wiki_name(target: str) -> str:
    """Return a link's target as a slug in its own case, "" if there is none: `Complex_numbers` is `Complex-numbers`.

    A `#` and what follows, which names a part of the article, is ignored.
    """
    value = unicodedata.normalize("NFKC", target.split("#")[0])
    return _HYPHENS.sub("-", _NOT_SLUG.sub("", value)).strip("-")


def wiki_slug(target: str) -> str:
    """Return the slug made of a link's target or a title: like Django's slugify with Unicode, `_` as a space.

    `complex_numbers_introduction` and `Complex numbers introduction` both become `complex-numbers-introduction`.
    """
    return wiki_name(unicodedata.normalize("NFKC", target.split("#")[0]).lower())


def link_targets(text: str) -> list[str]:
    """Return the targets of everything that looks like a wiki link, even in code: a fast way to look up what exists."""
    if "[[" not in text:
        return []
    text = _UNUSABLE.sub("\ufffd", text)
    composed, _ = _compose(text, list(find_marks(text, in_code=True)))
    return [match.group(1).strip() for match in _WIKI.finditer(composed)]


def wiki_links(text: str) -> list[tuple[str, str]]:
    """Return the name and label of everything that looks like a wiki link, even in code, in the order of the text."""
    if "[[" not in text:
        return []
    return [(link.name, link.label) for link in take_out(text).originals if isinstance(link, WikiLink)]


def _compose(text: str, marks: list[Candidate]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text with stand-ins, and for each its new offset and how far the text after it moved."""
    pieces, shifts = [], []
    end = length = 0
    for number, mark in enumerate(marks):
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
    label = " ".join(_BREAK.sub(" ", _NUMBER.sub(" ", written)).replace("`", "").split())
    if not label:
        target = match.group(1).strip().rstrip("\\")
        label = target.replace("_", " ") if " " not in target else target
    return label, inner
