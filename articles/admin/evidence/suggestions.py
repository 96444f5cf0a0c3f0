"""The moments at which a claim may be said, each with the change to the text that choosing it makes."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext

from articles.core.timestamps import format_label
from articles.derived.checks import run

from .edits import Edit, insertion, mark_at, retimed

CANDIDATES = 5
FEWEST = 3
FAINT = 0.1  # of the best one's score: below that, a moment is not worth a look
SAME_SECONDS = 2  # a candidate as near as this is the cited moment itself
NEAR_SECONDS = 50
WORDS = 18  # of an excerpt
LEAD = 3  # words before the first one that fits
ALIKE = 5  # letters by which two words are taken for one: blocks, blocking
_LONG = re.compile(r"[^\W_]{4,}")


@dataclass(frozen=True)
class Suggestion:
    """A moment at which a claim may be said; choosing it makes `edit`, without scripts `action` asks for it."""

    number: int
    label: str
    chapter: str
    excerpt: str
    url: str
    action: str
    edit: Edit | None
    mark: str


def elsewhere(citation, index, episode, check, field, name, key):
    """The candidates of a check, each with what re-times the citation, the moment `index` of its mark, to it."""
    others = [one for one in check.candidates if abs(one[0] - citation.start_seconds) > SAME_SECONDS]
    worth = [one for one in others if one[2] >= FAINT * others[0][2]]
    if len(worth) < FEWEST:
        worth = others[:FEWEST]
    for number, (start, end, _) in enumerate(worth[:CANDIDATES], 1):
        mark = retimed(citation.text, index, start, episode.duration_seconds)
        yield Suggestion(
            number=number,
            label=format_label(start),
            chapter=episode.chapter_title_at(start),
            excerpt=telling(episode, start, end, citation.claim),
            url=episode.link_at(start),
            action=f"retime:{name}:{key}:{start}",
            edit=Edit(
                field,
                citation.offset,
                citation.text,
                mark,
                gettext("%(text)s is now %(mark)s.") % {"text": citation.text, "mark": mark},
            ),
            mark=mark,
        )


def insertions(claim, context, episodes, name, digest, at):
    """The moments at which an uncited sentence may be said, the best of all sources first.

    `at` is (field, its text, where in it the mark would stand), or None where that is not known.
    """
    found = []
    for number, (key, episode) in enumerate(episodes.items()):
        if (transcript := run.transcript_of(episode)) is not None:
            written = "" if number == 0 else key
            found += [(one, written, episode) for one in transcript.locate(claim, CANDIDATES, context=context)]
    found.sort(key=lambda row: -row[0].score)
    offers = []
    for number, (one, key, episode) in enumerate(found[:CANDIDATES], 1):
        start = int(one.start_seconds)
        mark = mark_at(start, key)
        offers.append(
            Suggestion(
                number=number,
                label=format_label(start),
                chapter=episode.chapter_title_at(start),
                excerpt=telling(episode, start, one.end_seconds, claim),
                url=episode.link_at(start),
                action=f"insert:{name}:{digest}:{start}:{key}",
                edit=insertion(*at, mark, gettext("%(mark)s stands behind the sentence.") % {"mark": mark})
                if at
                else None,
                mark=mark,
            )
        )
    return tuple(offers)


def telling(episode, start, end, claim):
    """The words said from `start` to `end` that have most in common with `claim`, as many as are read at a glance."""
    end = min(end, start + NEAR_SECONDS)  # behind that, the next candidate may begin
    cues = run.transcript_of(episode).cues
    first = max(0, bisect_right(cues, start, key=lambda cue: cue.start_seconds) - 1)
    last = bisect_left(cues, end, key=lambda cue: cue.start_seconds)
    return _telling(tuple(cue.text for cue in cues[first:last]), claim)


@lru_cache(maxsize=4096)
def _telling(texts, claim):
    words = " ".join(texts).split()
    if len(words) <= WORDS:
        return " ".join(words)
    wanted = {found[:ALIKE] for found in _LONG.findall(claim.casefold())}
    fits = [any(found[:ALIKE] in wanted for found in _LONG.findall(word.casefold())) for word in words]
    counts = [sum(fits[at : at + WORDS]) for at in range(len(words) - WORDS + 1)]
    best = max(range(len(counts)), key=lambda at: (counts[at], fits[at], -at))
    first = max(0, best - LEAD) if fits[best] else best
    shown = words[first : first + WORDS]
    return f"{'… ' if first else ''}{' '.join(shown)}{' …' if first + WORDS < len(words) else ''}"
