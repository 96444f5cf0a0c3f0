"""Suggested timestamps for a claim, each with the edit that applies it."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from django.utils.translation import gettext

from articles.core.evidence.indexing.tokens import STOP_WORDS
from articles.core.timestamps import format_label
from articles.derived.checks import run

from .mark_edits import Edit, insertion, mark_at, retimed

CANDIDATES = 5
FEWEST = 3
FAINT = 0.1  # candidates below this share of the best score aren't worth showing
SAME_SECONDS = 2  # a candidate this close is the cited moment itself
NEAR_SECONDS = 50  # an excerpt covers at most this much after its moment
WORDS = 18  # length of an excerpt
LEAD = 3  # words shown before the first matching one
ALIKE = 5  # letters that have to be equal for two words to match: blocks, blocking
_LONG = re.compile(r"[^\W_]{4,}")


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


def likely(candidates, start_seconds):
    """Return those of a check's `candidates`, [start, end, score], to which a citation of this second may be moved."""
    others = [candidate for candidate in candidates if abs(candidate[0] - start_seconds) > SAME_SECONDS]
    good = [candidate for candidate in others if candidate[2] >= FAINT * others[0][2]]
    return (good if len(good) >= FEWEST else others[:FEWEST])[:CANDIDATES]


def retimings(citation, index, episode, check, field, name, key):
    """Yield suggestions from the candidates of a check; each moves the citation, moment `index` of its mark, there."""
    for number, (start, end, _) in enumerate(likely(check.candidates, citation.start_seconds), 1):
        mark = retimed(citation.text, index, start, episode.length_seconds)
        message = gettext("%(text)s is now %(mark)s.") % {"text": citation.text, "mark": mark}
        edit = Edit(field, citation.offset, citation.text, mark, message)
        action = f"retime:{name}:{key}:{start}"
        yield _suggestion(number, episode, start, end, citation.claim, action=action, edit=edit, mark=mark)


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
    passages.sort(key=lambda row: -row[0].score)
    for number, (passage, key, episode) in enumerate(passages[:CANDIDATES], 1):
        start = int(passage.start_seconds)
        mark = mark_at(start, key)
        message = gettext("Inserted %(mark)s after the sentence.") % {"mark": mark}
        edit = insertion(*at, mark, message) if at else None
        action = f"insert:{name}:{digest}:{start}:{key}"
        yield _suggestion(number, episode, start, passage.end_seconds, claim, action=action, edit=edit, mark=mark)


def _suggestion(number, episode, start, end, claim, **values):
    return Suggestion(
        number=number,
        label=format_label(start),
        chapter=episode.chapter_title_at(start),
        excerpt=said_between(episode, start, end, claim),
        url=episode.link_at(start),
        **values,
    )


def said_between(episode, start, end, claim):
    """Return the words spoken between `start` and `end` (seconds) that best match `claim`; "" without a transcript."""
    transcript = run.transcript_of(episode)
    cues = transcript.cues if transcript else ()
    first = max(0, bisect_right(cues, start, key=lambda cue: cue.start_seconds) - 1)
    last = bisect_left(cues, start + NEAR_SECONDS, key=lambda cue: cue.start_seconds)
    return said_in([(cue.start_seconds, cue.text) for cue in cues[first:last]], start, end, claim)


def said_in(cues, start, end, claim):
    """The same of `cues`, (start, text) in order, which may be only those around these seconds."""
    end = min(end, start + NEAR_SECONDS)  # the next candidate may start after that
    first = max(0, bisect_right(cues, start, key=itemgetter(0)) - 1)
    last = bisect_left(cues, end, key=itemgetter(0))
    return _best_excerpt(tuple(text for _, text in cues[first:last]), claim)


@lru_cache(maxsize=4096)
def _best_excerpt(texts, claim):
    """At most `WORDS` words of the texts, those that best match `claim`."""
    words = " ".join(texts).split()
    if len(words) <= WORDS:
        return " ".join(words)
    wanted = {stem[:ALIKE] for stem in _stems(claim)}
    matches = [any(stem[:ALIKE] in wanted for stem in _stems(word)) for word in words]
    counts = [sum(matches[at : at + WORDS]) for at in range(len(words) - WORDS + 1)]
    best = max(range(len(counts)), key=lambda at: (counts[at], matches[at], -at))
    first = max(0, best - LEAD) if matches[best] else best
    shown = words[first : first + WORDS]
    return f"{'… ' if first else ''}{' '.join(shown)}{' …' if first + WORDS < len(words) else ''}"


def _stems(text):
    return [word for word in _LONG.findall(text.casefold()) if word not in STOP_WORDS]
