"""Chooses the format of a transcript from the whole file and returns its cues in order."""

import re
from collections.abc import Sequence

from articles.core.language.messages import lazy_message, lazy_plural
from articles.core.language.newlines import normalise_newlines

from .captions.ordering import normalize_cues
from .captions.rolling import unroll
from .decoding import decode
from .formats import CERTAIN, FORMATS, SIGNATURE, refuse_binary, refuse_text
from .parsed import Parsed, Source
from .plausibility import doubts_about_file, refuse_implausible
from .types import RawCue, Reading, TranscriptError, TranscriptProblem, problem, replace_surrogates

SIZE_LIMIT = 32 * 1024 * 1024  # bytes; ten hours of captions take about two million
PROBLEM_LIMIT = 500

_DOUBLED_RETURN = re.compile(r"(?<!\r)\r++\n")
_REPLACED = re.compile(r"\ufffd|\\ufffd", re.IGNORECASE)  # also as JSON escapes it


def read(data: bytes | str, name: str = "", max_bytes: int = SIZE_LIMIT) -> Reading:
    """Read a transcript; the extension of the file `name` decides the format only if the content doesn't.

    Raises TranscriptError, and nothing else, if there are no cues. Only a file that starts with WEBVTT may have none.
    `doubts` of the reading are what makes the file implausible as a whole.
    """
    text, problems = _decode(data, max_bytes)
    is_damaged = _REPLACED.search(text) is not None
    text = normalise_newlines(_DOUBLED_RETURN.sub("\n", text.removeprefix("\ufeff"))).replace("\x00", "\ufffd")
    if not text.strip():
        raise TranscriptError(lazy_message("the file is empty."))
    source = Source(text, name.lower())
    parsed = _parse(source)
    parsed.units = parsed.units or sum(bool(line.strip()) for line in source.lines)
    raw, repeat_problems = unroll(parsed.cues)
    cues, time_problems = normalize_cues(raw)
    if is_damaged and not problems:
        problems = _damaged_words(parsed.cues)
    problems += [*parsed.problems, *repeat_problems, *time_problems]
    if not cues and not SIGNATURE.match(text):
        where = lazy_message(" (%(reason)s)", reason=problems[0].reason) if problems else ""
        raise TranscriptError(
            lazy_message(
                "no line with a time was found%(where)s. Use WebVTT, SRT, Podcasting 2.0 or Podlove JSON, or lines "
                "such as “00:00:04 text”.",
                where=where,
            )
        )
    refuse_implausible(cues)
    doubts = doubts_about_file(parsed, raw)
    problems = [*doubts, *sorted(problems, key=lambda item: (item.line, item.cue))]
    return Reading(cues, tuple(_limited(problems)), parsed.format, parsed.language, tuple(doubts))


def _parse(source: Source) -> Parsed:
    scores: list[float] = []
    for form in FORMATS:
        scores.append(form.score(source))
        if scores[-1] == CERTAIN:
            break
    best = max(scores)
    if best < CERTAIN:
        refuse_text(source.text)
    parsed = FORMATS[scores.index(best)].read(source) if best else Parsed("plain")
    parsed.finish()
    return parsed


def _damaged_words(cues: Sequence[RawCue]) -> list[TranscriptProblem]:
    """Return a problem at the first of the cues in which an earlier program replaced what it couldn't read."""
    damaged = [cue for cue in cues if "\ufffd" in cue.text or "\ufffd" in cue.speaker]
    if not damaged:
        return []
    reason = lazy_plural(
        "A letter is missing in %(count)s cue, here: the file has � in its place. Export the transcript again as UTF-8.",
        "Letters are missing in %(count)s cues, first here: the file has � in their place. Export the transcript again "
        "as UTF-8.",
        len(damaged),
    )
    return [problem(damaged[0].line, damaged[0].number, damaged[0].text, reason)]


def _limited(problems: list[TranscriptProblem]) -> list[TranscriptProblem]:
    more = len(problems) - PROBLEM_LIMIT
    if more <= 0:
        return problems
    last = problems[PROBLEM_LIMIT]
    reason = lazy_message("%(more)s more problems are not listed.", more=more)
    return [*problems[:PROBLEM_LIMIT], problem(last.line, last.cue, last.text, reason)]


def _decode(data: bytes | str, max_bytes: int) -> tuple[str, list[TranscriptProblem]]:
    if len(data) > max_bytes:
        raise TranscriptError(
            lazy_message(
                "the file is larger than %(most)s MB, too large for a transcript.",
                most=f"{max_bytes / 1024 / 1024:.3g}",
            )
        )
    if isinstance(data, str):
        return replace_surrogates(data), []
    refuse_binary(data)
    return decode(data)
