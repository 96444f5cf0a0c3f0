"""A change to a recording as reviewers compare it: each changed part, before and after, as lines of text."""

from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext, ngettext

from articles.core.language.tags import isolated
from articles.core.recordings.editions import OffsetMap, Piece, format_stretches
from articles.core.revisions.diff import Run, runs_between
from articles.core.timestamps import format_label, format_timestamp
from articles.workflow.content.recordings import part_label

LINES_MAX = 100  # of each side


@dataclass(frozen=True)
class Part:
    """One changed part: its name, what it was and what it becomes, as lines; of lists only the lines that differ.

    A line is a list of `Run`s: what both sides of a cue have in common isn't marked, if that is most of it.
    """

    name: str
    before: list
    after: list


def parts_of(change):
    """Return the `Part`s of a `RecordingChange`, in the order in which it keeps them."""
    return [_part(name, *_sides(name, change.before[name], value)) for name, value in change.after.items()]


def names_of(change):
    """Return the names of the changed parts as one text."""
    return ", ".join(part_label(name) for name in change.after)


def _part(name, before, after):
    if name == "cue" and after:
        runs = runs_between(before[0], after[0])
        common = sum(len(run.text) for run in runs if run.op == "equal")
        if 2 * common >= len(after[0]):  # else single words in common only make both harder to read
            return Part(part_label(name), *([[run for run in runs if run.op != op]] for op in ("insert", "delete")))
    return Part(part_label(name), [[Run("delete", line)] for line in before], [[Run("insert", line)] for line in after])


def _sides(name, before, after):
    if name == "transcript":
        return _transcript(before), _transcript(after)
    if name == "cue":
        return [_cue(before)], [_cue(after)] if after else []
    if name == "people":
        old, new = before.splitlines(), after.splitlines()
        return [line for line in old if line not in new], [line for line in new if line not in old]
    if name in LISTED:
        old, new = ([line for row in rows for line in LISTED[name](row)] for rows in (before, after))
        return _cut([line for line in old if line not in new]), _cut([line for line in new if line not in old])
    return _value(name, before), _value(name, after)


def _value(name, value):
    if name == "show":
        allowed = [part_label(permission) for permission in value[3:] if isinstance(permission, str)]
        people = [line for part in value[3:] if isinstance(part, dict) for line in part["people"].splitlines()]
        return [f"{value[1]} ({value[0]})", *allowed, *people]
    if name in {"allows_excerpts", "allows_transcript", "allows_transcripts"}:
        return [gettext("yes") if value else gettext("no")]
    if name == "duration_seconds" and value is not None:
        return [format_label(value)]
    return [str(value)] if value not in (None, "") else []


def _chapter(row):
    start, title, is_sponsor = row
    said = f"{isolated(title)} ({gettext('sponsor')})" if is_sponsor else title
    return [f"{format_timestamp(start)} {said}"]


def _edition(row):
    key, title, audio_url, youtube_id, duration, stretches = row
    length = format_label(duration) if duration else ""
    yield f"{key}: " + ", ".join(filter(None, [title, youtube_id, audio_url, length]))
    for line in format_stretches(OffsetMap(Piece(*stretch) for stretch in stretches).pieces).splitlines():
        yield f"{key}: {line}"


LISTED = {"chapters": _chapter, "editions": _edition}


def _transcript(described):
    """Return what is kept of a transcript: where it is from, its length, its issues, and its first cues that differ."""
    if not described:
        return []
    count = described["cue_count"]
    cues = ngettext("%(count)s cue", "%(count)s cues", count) % {"count": intcomma(count)}
    head = ", ".join(filter(None, [described["file_name"], described["format"], described["language"], cues]))
    lines = [_spoken(start, speaker, text) for start, _, speaker, text in described["lines"]]
    issues = [gettext("Issue: %(reason)s") % {"reason": reason} for *_, reason in described["problems"]]
    return [head, *_cut(issues), *lines, *_more(described["line_count"] - len(lines))]


def _cue(cue):
    return _spoken(cue["start"], cue["speaker"], cue["text"])


def _spoken(start, speaker, text):
    return f"{format_timestamp(int(start))} " + (f"{speaker}: {text}" if speaker else text)


def _cut(lines):
    return [*lines[:LINES_MAX], *_more(len(lines) - LINES_MAX)]


def _more(count):
    if count <= 0:
        return []
    return [ngettext("… and %(count)s more line", "… and %(count)s more lines", count) % {"count": intcomma(count)}]
