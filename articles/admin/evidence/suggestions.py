"""Suggested timestamps for a claim, each with the edit that applies it."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import attrgetter

from django.utils.translation import gettext

from articles.core import evidence
from articles.core.evidence.excerpts import opening
from articles.core.timestamps import format_label
from articles.derived.checks import run

from .mark_edits import Edit, insertion, mark_at, retimed

CANDIDATES = 5
FEWEST = 3
FAINT = 0.1  # candidates below this share of the best score aren't worth showing
SAME_SECONDS = 2  # a candidate this close is the cited moment itself
NEAR_SECONDS = 25  # an excerpt covers at most this much after its moment
BEFORE_SECONDS = 15  # of the cues before a moment, from which the pace of its words shows
WORDS = 18  # length of an excerpt
_START = attrgetter("start_seconds")


@dataclass(frozen=True)
class Suggestion:
    """A moment that a claim may come from. Choosing it applies `edit`; without scripts its button sends `action`."""

    number: int
    label: str
    chapter: str
    excerpt: str
    url: str
    action: str
    edit: Edit | None
    mark: str


def likely(candidates, start_seconds, episode):
    """Return those of a check's `candidates`, [start, end, score], to which a citation of this second may be moved.

    Those in a sponsor's chapter of `episode` come last.
    """
    others = [candidate for candidate in candidates if abs(candidate[0] - start_seconds) > SAME_SECONDS]
    good = [candidate for candidate in others if candidate[2] >= FAINT * others[0][2]]
    shown = (good if len(good) >= FEWEST else others[:FEWEST])[:CANDIDATES]
    return sorted(shown, key=lambda candidate: _is_advertisement(episode, candidate[0]))


def _is_advertisement(episode, seconds):
    chapter = episode.chapter_at(seconds)
    return chapter is not None and chapter.is_sponsor


def retimings(citation, index, episode, check, field, name, key):
    """Yield suggestions from the candidates of a check; each moves the citation, moment `index` of its mark, there."""
    for number, (start, end, _) in enumerate(likely(check.candidates, citation.start_seconds, episode), 1):
        mark = retimed(citation.text, index, start, episode.length_seconds)
        message = gettext("%(text)s is now %(mark)s.") % {"text": citation.text, "mark": mark}
        edit = Edit(field, citation.offset, citation.text, mark, message)
        action = f"retime:{name}:{key}:{start}"
        yield _suggestion(number, episode, start, end, action=action, edit=edit, mark=mark)


def retimings_by_title(citation, index, episode, titles, field, name, key):
    """Yield suggestions to move a citation to the start of a chapter whose title fits its claim, the best first.

    `titles` are the episode's `chapter_titles.Titles`. For episodes without a transcript.
    """
    for number, chapter in enumerate(chapters_like(titles, citation.claim, citation.start_seconds), 1):
        start = chapter.start_seconds
        mark = retimed(citation.text, index, start, episode.length_seconds)
        message = gettext("%(text)s is now %(mark)s.") % {"text": citation.text, "mark": mark}
        yield Suggestion(
            number=number,
            label=format_label(start),
            chapter=chapter.title,
            excerpt=only_by_title(),
            url=episode.link_at(start),
            action=f"retime:{name}:{key}:{start}",
            edit=Edit(field, citation.offset, citation.text, mark, message),
            mark=mark,
        )


def chapters_like(titles, claim, start_seconds):
    """Return the chapters whose titles fit `claim`, the best first; none if that of the cited chapter shares a word with it."""
    fitting = [chapter for chapter, _ in titles.like(claim)]
    return [] if titles.source.chapter_at(start_seconds) in fitting else fitting[:FEWEST]


def only_by_title():
    """What a suggestion says in place of an excerpt."""
    return gettext("(start of a chapter with this title, not from a transcript)")


def insertions(claim, context, episodes, name, digest, at):
    """Yield suggestions of moments that an uncited sentence may come from, the best of all sources first.

    `at` is (field id, field text, offset for the mark in characters), or None if the offset isn't known.
    """
    passages = []
    for number, (key, episode) in enumerate(episodes.items()):
        if (transcript := run.transcript_of(episode)) is not None:
            mark_key = "" if number == 0 else key
            located = transcript.locate(claim, CANDIDATES, context=context)
            passages += [(passage, mark_key, episode) for passage in located]
    passages.sort(key=lambda row: (_is_advertisement(row[2], row[0].start_seconds), -row[0].score))
    for number, (passage, key, episode) in enumerate(passages[:CANDIDATES], 1):
        start = int(passage.start_seconds)
        mark = mark_at(start, key)
        message = gettext("Inserted %(mark)s after the sentence.") % {"mark": mark}
        edit = insertion(*at, mark, message) if at else None
        action = f"insert:{name}:{digest}:{start}:{key}"
        yield _suggestion(number, episode, start, passage.end_seconds, action=action, edit=edit, mark=mark)


def _suggestion(number, episode, start, end, **values):
    return Suggestion(
        number=number,
        label=format_label(start),
        chapter=episode.chapter_title_at(start),
        excerpt=said_between(episode, start, end),
        url=episode.link_at(start),
        **values,
    )


def said_between(episode, start, end):
    """Return the first words spoken between `start` and `end` (seconds); "" without a transcript."""
    transcript = run.transcript_of(episode)
    return said_in(transcript.cues, start, end) if transcript else ""


def said_in(cues, start, end):
    """The same of `cues`, `transcripts.Cue`s in order, which may be only those around these seconds."""
    began = bisect_left(cues, start - BEFORE_SECONDS, key=_START)
    first = max(0, min(began, bisect_right(cues, start, key=_START) - 1))
    last = bisect_left(cues, min(end, start + NEAR_SECONDS), key=_START)
    return opening(cues[first:last], start, WORDS)


def is_unlikely(check):
    """Return whether a `Check` has found the claim nowhere, so that its candidates are only the closest moments."""
    return check is not None and check.verdict == evidence.NOT_FOUND and check.where_seconds is None


def note(check):
    """What is said before the suggestions from a `Check` or, if it is None, from titles."""
    if is_unlikely(check):
        return gettext("None of these is likely. The closest moments:")
    return gettext("Suggested timestamps:")
