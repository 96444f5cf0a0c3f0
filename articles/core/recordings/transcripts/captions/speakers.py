"""Separates speakers from what they say, by the file's own pattern."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from articles.core.recordings.transcripts.types import RawCue

Parts = list[tuple[str, str]]  # (speaker, text)

_PARTICLES_TEXT = "de del della der di du da das dos van von den ten ter la le el al bin ibn of the and und et y e zu"
_PARTICLES = frozenset(_PARTICLES_TEXT.split())
_WORD = r"[^\W_][\w.'’&/-]*"
NAME = rf"{_WORD}(?:[ \t]{_WORD}){{0,5}}(?:,? ?\([^()\n]{{1,40}}\))?"
_MARKER = r"(?:>{1,3}|»|[-–—](?=\s*[^\W\d_]))"
_BRACKETED = re.compile(rf"\A\s*(?:<(?P<name>{NAME})>|\((?P<number>[^()\n]{{1,30}})\):?)\s+(?=\S)")
# Ann: text · **Ann:** text · [SPEAKER_00]: text · >> ANN: text · - Ann: text
_PREFIX = re.compile(
    rf"(?P<marker>{_MARKER})?\s*[*_]{{0,3}}\[?(?P<name>{NAME})\]?[*_]{{0,3}}(?:\s*:[*_]{{0,3}}(?:\s+|$)|\s*：\s*)(?P<text>.*)",
    re.DOTALL,
)
_CHEVRONS = re.compile(r"(?:^|(?<=\s))>{2,3}\s*")
_ENOUGH = 3  # first lines that could be names, in four fifths of all blocks, show that they are
_NUMBERED = re.compile(
    r"(?:unknown )?(?:speaker|sprecher|spk|participant|guest|host|interviewer|interviewee|locuteur|hablante)[ _-]?\w{0,3}",
    re.IGNORECASE,
)
_SOLITARY = re.compile(rf"[*_]{{0,3}}\[?(?P<name>{NAME})\]?[*_]{{0,3}}(?P<colon>\s*[:：])?[*_]{{0,3}}")
# Words before a colon that are part of a sentence.
_NO_NAMES_TEXT = """
again also and answer anyway because but caution chapter conclusion date edit episode example fact finally
first here hint however http https i important it listen look no note notes now ok okay part problem question
reason remember reminder result right second so solution source step summary that think third this time tip
title topic update warning well yeah yes
"""
_NO_NAMES = frozenset(_NO_NAMES_TEXT.split())


def is_name(text: str) -> bool:
    """Tell whether a text can be a speaker's name: up to six capitalised words, such as “Ann van Dyke (Host)”."""
    if not re.fullmatch(NAME, text) or text.lower() in _NO_NAMES:
        return False
    words = re.sub(r"\(.*\)", "", text).split()
    if _NUMBERED.fullmatch(" ".join(words)):
        return True
    if words[0][0].isdigit() or not any(letter.isalpha() for letter in text):
        return False
    if words[-1].endswith(".") and len(words[-1]) > 4:
        return False  # a short sentence, not an initial or “Jr.”
    return all(not word[0].islower() or word in _PARTICLES for word in words) and not words[0].islower()


def solitary_name(line: str) -> str:
    """Return the name that a line consists of, with or without a colon, "" if it doesn't."""
    match = _SOLITARY.fullmatch(line.strip())
    return match["name"] if match and is_name(match["name"]) else ""


def prefixed(line: str) -> tuple[str, str] | None:
    """Return the speaker and text of “Ann: text”, None if the line doesn't start with a name."""
    match = _PREFIX.match(line.strip())
    return (match["name"], match["text"]) if match and is_name(match["name"]) else None


def _with_colons(blocks: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Return “<Ann> text” and “(Speaker 1) text” as “Ann: text” and “Speaker 1: text”, if most blocks begin like that.

    A single “<Dialog> is an element” is speech.
    """
    bracketed = [match for block in blocks if block and (match := _BRACKETED.match(block[0]))]
    if not bracketed or len(bracketed) * 2 < len(blocks) or not all(map(_is_bracketed_name, bracketed)):
        return blocks
    return [[_BRACKETED.sub(_with_colon, line) for line in block] for block in blocks]


def _with_colon(match: re.Match[str]) -> str:
    return f"{match['name'] or match['number']}: " if _is_bracketed_name(match) else match[0]


def _is_bracketed_name(match: re.Match[str]) -> bool:
    return is_name(match["name"]) if match["name"] else _NUMBERED.fullmatch(match["number"]) is not None


def separate(written: Sequence[Sequence[str]], *, is_dialogue: bool = False) -> list[Parts]:
    """Return the (speaker, text) parts of each block of lines; the speaker is "" where the file names none.

    A first line that is a name, or a name and a colon before the text, counts as the speaker if that is how the
    file is written: in most of its blocks, or repeatedly. In a dialogue, such as lines with times, once is enough.
    """
    blocks = _with_colons(written)
    has_name_lines = _has_name_lines(blocks)
    names = None if is_dialogue else _names(blocks)
    return [_parts(block, has_name_lines, names) for block in blocks]


def _has_name_lines(blocks: Sequence[Sequence[str]]) -> bool:
    longer = [block for block in blocks if len(block) > 1]
    named = [name for block in longer if (name := solitary_name(block[0])) and not _ends_sentence(block[0])]
    if not named or len(named) * 5 < len(blocks) * 4:
        return False
    is_certain = all(_NUMBERED.fullmatch(name) or " " in name for name in named)
    return is_certain or len(named) >= _ENOUGH or all(block[0].rstrip().endswith(":") for block in longer)


def _ends_sentence(line: str) -> bool:
    return line.rstrip().endswith((".", "?", "!", ","))


def _names(blocks: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return the names before colons that are speakers in this file."""
    matches = [match for block in blocks for line in block if (match := _PREFIX.match(line.strip()))]
    found = Counter(match["name"] for match in matches if match["name"].lower() not in _NO_NAMES)
    if found.total() * 2 >= len(blocks):
        return frozenset(found)
    certain = {match["name"] for match in matches if (match["marker"] or "").startswith(">")}
    certain |= {
        match["name"] for match in matches if match[0].lstrip().startswith("[") or _NUMBERED.fullmatch(match["name"])
    }
    is_repeated = {
        name for name, count in found.items() if is_name(name) and (count > 2 or (count > 1 and name.isupper()))
    }
    return frozenset((certain | is_repeated) & set(found))


def _parts(block: Sequence[str], has_name_lines: bool, names: frozenset[str] | None) -> Parts:
    parts: list[tuple[str, list[str]]] = [("", [])]
    lines = list(block)
    is_named = bool(has_name_lines and len(lines) > 1 and solitary_name(lines[0]))
    if has_name_lines and len(lines) > 1 and (name := solitary_name(lines[0])):
        parts = [(name, [])]
        lines = lines[1:]
    for line in lines:
        match = None if is_named else _PREFIX.match(line.strip())
        name = match["name"] if match else ""
        if match and (name in names if names is not None else is_name(name)):
            parts.append((name, [match["text"]]))
        else:
            parts[-1][1].append(_CHEVRONS.sub("", line))
    joined = [(name, " ".join(" ".join(texts).split())) for name, texts in parts]
    # A name without words stays part of the text, so that nothing is lost.
    return [(name, text) if text else ("", name) for name, text in joined if text or name] or [("", "")]


def split_by_voice(
    line: int, number: int, start: float, end: float | None, parts: Sequence[tuple[str, str]]
) -> Iterator[RawCue]:
    """Yield a cue for each (speaker, text); they share the time in proportion to the length of their text."""
    length = end - start if end is not None and end > start else 0.0
    total = sum(len(text) for _, text in parts) or 1
    spoken = 0
    for index, (speaker, text) in enumerate(parts):
        begin = start + length * spoken / total
        spoken += len(text)
        finish = end if index == len(parts) - 1 or not length else start + length * spoken / total
        yield RawCue(line, number, begin, finish, speaker, text)
