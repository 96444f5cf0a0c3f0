"""Explains why a mark cites nothing, and suggests a replacement."""

import re
from dataclasses import dataclass, replace

from articles.core.language.messages import join_with_and, lazy_message, lazy_plural
from articles.core.timestamps import (
    Malformed,
    Mark,
    Moment,
    format_label,
    format_mark,
    format_timestamp,
    one_field_lower,
)

from .types import Context

AFTER_TRANSCRIPT = 60  # seconds for which a recording of unknown length may go on after its last words

_TIME = re.compile(r"[0-9:]+")
# Words that aren't keys.
_WORDS = re.compile(r"at|see|time(?:stamp|code)?|ts|tc|video|min(?:ute)?|from|um|ab|bei|siehe|zeit", re.IGNORECASE)


@dataclass(frozen=True)
class MarkProblem:
    """Why the moments with the indexes `bad` cite nothing; the other fields are those of Problem."""

    code: str
    message: str
    replacement: str | None
    bad: frozenset[int]


def examine(mark: Mark | Malformed, context: Context) -> MarkProblem | None:
    """Return what is wrong with a mark in this context, None if all its moments can be linked."""
    if isinstance(mark, Malformed):
        return MarkProblem("malformed", mark.message, mark.replacement, frozenset())
    everything = frozenset(range(len(mark.moments)))
    if mark.key not in context.sources:
        return replace(_no_source(mark, context), bad=everything)
    source = context.sources[mark.key]
    is_derived = source.duration_seconds is None
    duration = source.transcript_seconds if is_derived else source.duration_seconds
    if duration is None:
        return None
    latest = duration + AFTER_TRANSCRIPT if is_derived else duration
    bad = [i for i, moment in enumerate(mark.moments) if (moment.end_seconds or moment.start_seconds) > latest]
    return _past_end(mark, bad, duration, is_derived=is_derived) if bad else None


def _no_source(mark: Mark, context: Context) -> MarkProblem:
    if not context.sources:
        message = lazy_message("The article has no episode to cite: choose one, or write \\[ if this isn’t a citation.")
        return MarkProblem("no-episode", message, None, frozenset())
    if not mark.key:
        message = lazy_message(
            "The article has no default episode: add one as the first source, or name the source, as in [e2 00:06:31]."
        )
        return MarkProblem("no-episode", message, None, frozenset())
    keys = sorted(key for key in context.sources if key)
    similar = next((key for key in keys if key.lower() == mark.key.lower()), None)
    known = (
        lazy_message("Available sources: %(keys)s.", keys=", ".join(keys))
        if keys
        else lazy_message("The article’s sources have no keys.")
    )
    message = lazy_message(
        "There is no source “%(key)s”. %(known)s Write \\[ if this isn’t a citation.", key=mark.key, known=known
    )
    meant = "" if _WORDS.fullmatch(mark.key) and "" in context.sources else similar
    replacement = None if meant is None else format_mark(replace(mark, key=meant))
    return MarkProblem("unknown-source", message, replacement, frozenset())


def _past_end(mark: Mark, bad: list[int], duration: int, *, is_derived: bool) -> MarkProblem:
    written = join_with_and([mark.moments[index].text for index in bad])
    end = format_timestamp(duration)
    recording = (
        lazy_message("the transcript (%(end)s; the recording’s length isn’t known)", end=end)
        if is_derived
        else lazy_message("the recording (%(end)s)", end=end)
    )
    values = {"written": written, "recording": recording}
    corrected = {index: _read_one_field_lower(mark.moments[index], duration) for index in bad}
    moments = [corrected.get(index, moment) for index, moment in enumerate(mark.moments)]
    fitting = [moment for moment in moments if moment is not None]
    if len(fitting) < len(moments):
        message = lazy_plural(
            "%(written)s is past the end of %(recording)s. Check the timestamp.",
            "%(written)s are past the end of %(recording)s. Check the timestamps.",
            len(bad),
            **values,
        )
        return MarkProblem("past-end", message, None, frozenset(bad))
    replacement = format_mark(replace(mark, moments=tuple(fitting)))
    message = lazy_plural(
        "%(written)s is past the end of %(recording)s. Read as minutes and seconds, it is %(labels)s, "
        "which fits: %(replacement)s.",
        "%(written)s are past the end of %(recording)s. Read as minutes and seconds, they are %(labels)s, "
        "which fit: %(replacement)s.",
        len(bad),
        labels=join_with_and([format_label(fitting[index].start_seconds) for index in bad]),
        replacement=replacement,
        **values,
    )
    return MarkProblem("past-end", message, replacement, frozenset(bad))


def _read_one_field_lower(moment: Moment, duration: int) -> Moment | None:
    """Return the moment read one field lower, None if that is past the end or out of order too."""
    times = [one_field_lower(time) for time in _TIME.findall(moment.text)]
    seconds = [time for time in times if time is not None]
    if len(seconds) < len(times) or seconds[-1] > duration or sorted(set(seconds)) != seconds:
        return None
    return Moment(seconds[0], seconds[1] if len(seconds) == 2 else None, moment.text)
