"""Reads plain-text transcripts: times before, above or after the text, alone or with the speaker's name."""

import re

from articles.core.language.messages import lazy_message
from articles.core.recordings.transcripts.captions.cue_text import clean_line, plain_text
from articles.core.recordings.transcripts.captions.speakers import (
    NAME,
    is_name,
    separate,
    solitary_name,
    split_by_voice,
)

from ...parsed import Parsed, Source
from ..types import TranscriptFormat
from .inline_times import Block, begin_inside, inline_only, split_inline
from .layouts import SIGN_AND_TIME, Layout, Mark, marks_of, unglued
from .patterns import Pattern, find_pattern

_FOOTER = re.compile(
    r".*\b(?:transcri\w+|captions?|subtitles?|generated|exported|created|powered|recorded)\b.{0,40}?\b(?:by|with|using|from|at|on)\b.*"
    r"|.{1,60} (?:started|stopped) (?:the )?(?:transcription|recording)\W*"
    r"|\W*(?:https?://|www\.)\S+\W*|\W*(?:end of (?:the )?(?:transcript|recording)|the end|fin)\W*|\W*\[(?:end|music ends)\]\W*|<end subtitles>",
    re.IGNORECASE,
)
_COLUMN = re.compile(rf"({NAME})(?:\s*\|\s+|\t+|;\s*)(\S.*)")


def score_plain(source: Source) -> float:
    """Score a file by half the number of its lines with times, since captions have such lines as well."""
    texts = _texts(source)
    pattern = _pattern(texts)
    source.found["plain"] = texts, pattern
    return pattern.count / 2 if pattern else 0.0


def _texts(source: Source) -> dict[int, str]:
    """Return the lines with text by number; rules such as “---” are none."""
    cleaned = (unglued(clean_line(line)) for line in source.lines)
    return {number: line for number, line in enumerate(cleaned, 1) if any(letter.isalnum() for letter in line)}


def _pattern(texts: dict[int, str]) -> Pattern | None:
    candidates = [mark for number, line in texts.items() for mark in marks_of(number, line)]
    return find_pattern(candidates, list(texts)) if candidates else None


def read_plain(source: Source) -> Parsed:
    """Read lines; a line without a time continues the cue above it, a line before the first time is reported."""
    parsed = Parsed("plain")
    every, pattern = source.found.get("plain") or (_texts(source), None)
    texts = _without_constant_time(parsed, every)
    if pattern is None or texts is not every:
        pattern = _pattern(texts)
    blocks = _blocks(parsed, texts, pattern) if pattern else inline_only(parsed, texts)
    if blocks:
        _drop_footer(parsed, blocks[-1])
        blocks = [part for block in blocks for part in split_inline(parsed, block)]
    _add_cues(parsed, blocks)
    return parsed


def _without_constant_time(parsed: Parsed, texts: dict[int, str]) -> dict[int, str]:
    """Return the lines without a time that all of them begin with, which says nothing."""
    firsts = [re.match(r"[\[(]?([0-9:.,]*[0-9])[\])]?\s+(?=\S)", line) for line in texts.values()]
    if len(firsts) < 3 or None in firsts or len({match[1] for match in firsts if match}) > 1 or ":" not in firsts[0][1]:  # type: ignore[index]
        return texts
    shortened = {
        number: line[match.end() :] for (number, line), match in zip(texts.items(), firsts, strict=True) if match
    }
    pattern = _pattern(shortened)
    if pattern is None or pattern.count < 2:
        return texts
    line, text = next(iter(texts.items()))
    parsed.note(line, 0, text, lazy_message("Every line begins with the same time; it was ignored."))
    return shortened


def _blocks(parsed: Parsed, texts: dict[int, str], pattern: Pattern) -> list[Block]:
    names = _names_above(texts, pattern)
    if pattern.layout is Layout.AFTER or _is_below(texts, pattern):
        return _blocks_before_times(parsed, texts, pattern)
    for doubtful in pattern.doubtful:
        reason = lazy_message(
            "%(time)s doesn’t fit the times around it; the line was read as speech.", time=doubtful.written
        )
        parsed.note(doubtful.line, 0, texts[doubtful.line], reason)
    listed = {mark.line for mark in pattern.doubtful}
    blocks: list[Block] = []
    is_lost = False
    for number, line in texts.items():
        mark = pattern.marks.get(number)
        if mark is None and number in names.values():
            continue
        if mark is not None:
            block = _start(parsed, mark, len(blocks) + 1, texts[number])
            is_lost = block is None
            if block is None:
                continue
            if number in names:
                block.name = texts[names[number]].strip("*_ :")
            if blocks and _is_repeated(blocks[-1], block):
                previous = blocks.pop()
                block.name, block.start = block.name or previous.name, max(block.start, previous.start)
            blocks.append(block)
        elif is_lost:
            parsed.skip(number, 0, line, lazy_message("The cue has no valid start time and was skipped."))
        elif blocks:
            if number not in listed and SIGN_AND_TIME.match(line):
                reason = lazy_message("The line begins with a time unlike the file’s others; it was read as speech.")
                parsed.note(number, len(blocks), line, reason)
            blocks[-1].lines.append((number, line))
        elif block := begin_inside(parsed, number, line):
            blocks.append(block)
        else:
            parsed.skip(number, 0, line, lazy_message("Text before the first time was skipped."))
    return blocks


def _is_repeated(previous: Block, block: Block) -> bool:
    """Tell whether a heading only repeats the one above it, as in Teams’ transcripts."""
    is_same_time = not previous.lines and int(previous.start) == int(block.start)
    return is_same_time and (previous.name == block.name or not previous.name or not block.name)


def _start(parsed: Parsed, mark: Mark, number: int, line: str) -> Block | None:
    if mark.start is None:
        reason = lazy_message(
            "%(start)s isn’t a valid time (minutes and seconds go up to 59) and was skipped.", start=mark.written
        )
        parsed.skip(mark.line, number, line, reason)
        return None
    end = parsed.time(mark.line, number, mark.end_written) if mark.end_written else None
    if not mark.is_units:
        parsed.time(mark.line, number, mark.written)  # reports unusual notations
    rest = mark.rest.rstrip("| ") if "|" in line else mark.rest
    name = mark.name
    if not name and (column := _COLUMN.fullmatch(rest)) and is_name(column[1]):
        name, rest = column[1], column[2]
    return Block(mark.line, mark.start, end, name, [(mark.line, rest)] if rest else [])


def _names_above(texts: dict[int, str], pattern: Pattern) -> dict[int, int]:
    """Return the line of the speaker's name by the line of the time below it, if the file is written like that."""
    if pattern.layout is not Layout.ABOVE:
        return {}
    numbers = list(texts)
    before = dict(zip(numbers[1:], numbers, strict=False))
    firsts = [mark.line for mark in pattern.marks.values() if before.get(mark.line) not in pattern.marks]
    named = {line: before[line] for line in firsts if line in before and solitary_name(texts[before[line]])}
    has_speech = all(number - 1 not in pattern.marks for number in named.values())
    return named if named and has_speech and len(named) * 5 >= len(firsts) * 4 else {}


def _is_below(texts: dict[int, str], pattern: Pattern) -> bool:
    """Return whether times alone on a line are below their text: the file begins with text and ends with a time."""
    if pattern.layout is not Layout.ABOVE or len(pattern.marks) < 2:
        return False
    numbers = list(texts)
    return numbers[0] not in pattern.marks and numbers[-1] in pattern.marks and not _names_above(texts, pattern)


def _blocks_before_times(parsed: Parsed, texts: dict[int, str], pattern: Pattern) -> list[Block]:
    blocks: list[Block] = []
    waiting: list[tuple[int, str]] = []
    for number, line in texts.items():
        mark = pattern.marks.get(number)
        if mark is None:
            waiting.append((number, line))
            continue
        block = _start(parsed, mark, len(blocks) + 1, line)
        if block is None:
            for at, text in waiting:
                parsed.skip(at, 0, text, lazy_message("The cue has no valid start time and was skipped."))
        else:
            block.lines = [*waiting, *block.lines]
            blocks.append(block)
        waiting = []
    for at, text in waiting:
        parsed.skip(at, 0, text, lazy_message("Text after the last time was skipped."))
    if blocks:
        reason = lazy_message("The times come after the text; each was read as the time at which its text starts.")
        parsed.note(blocks[0].line, 1, texts[blocks[0].line], reason)
    return blocks


def _drop_footer(parsed: Parsed, block: Block) -> None:
    """Report the lines with which a program signs its export; they aren't speech."""
    while block.lines and len(block.lines[-1][1]) < 200 and _FOOTER.fullmatch(block.lines[-1][1]):
        number, line = block.lines.pop()
        parsed.skip(number, 0, line, lazy_message("A note of the program that made the file was skipped."))


def _add_cues(parsed: Parsed, blocks: list[Block]) -> None:
    texts = [[plain_text(line) for _, line in block.lines] for block in blocks]
    unnamed = iter(
        separate([lines for block, lines in zip(blocks, texts, strict=True) if not block.name], is_dialogue=True)
    )
    for number, (block, lines) in enumerate(zip(blocks, texts, strict=True), 1):
        parts = [(block.name, " ".join(lines).strip())] if block.name else next(unnamed)
        if not any(text for _, text in parts):
            reason = lazy_message("The time has no text and was skipped.")
            parsed.skip(block.line, number, block.name, reason)
            continue
        parsed.cues += split_by_voice(block.line, number, block.start, block.end, parts)


PLAIN = TranscriptFormat("plain", score_plain, read_plain)
