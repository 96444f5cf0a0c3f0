"""Finds the recording in which claims are said that cite another one."""

import re
from collections import Counter
from dataclasses import dataclass

from articles.core import evidence
from articles.derived import search
from articles.derived.checks import run, status
from articles.models import Episode

SAMPLE = 12  # claims that are looked for
WORDS = 2  # the longest of each, which search must find close together
SHORTLIST = 5  # episodes whose transcripts are checked
LEAST = 0.6  # share of the claims that must be said in it
_LONG = re.compile(r"[^\W\d_]{6,}")
_NOT_SAID = {evidence.NOT_FOUND, evidence.NOT_CHECKED, evidence.CANT_TELL}


@dataclass(frozen=True)
class Fitting:
    """An episode in which `said` of `of` claims are said, `there` of them at the timestamps that they cite."""

    episode: Episode
    said: int
    there: int
    of: int


def fitting(places, cited):
    """Return the `Fitting` episode for the claims of `CitedPlace`s, None if none fits; not one of `cited`.

    Search gives the episodes in which the claims' longest words are said together; only a few transcripts are checked,
    so this takes about a second however many there are.
    """
    chosen = places[:: max(1, -(-len(places) // SAMPLE))]
    searched = Counter(filter(None, (_searched(place.query.claim) for place in chosen)))
    votes = Counter()
    for words, number in searched.items():
        votes.update(dict.fromkeys(search.episodes_saying(words), number))
    for episode in cited:
        votes.pop(episode.pk, None)
    by_pk = Episode.objects.select_related("show").in_bulk([pk for pk, _ in votes.most_common(SHORTLIST)])
    queries = [place.query for place in chosen]
    fits = [_fit(episode, queries) for episode in by_pk.values()]
    best = max(fits, key=lambda fit: (fit.said, fit.there), default=None)
    return best if best is not None and best.said >= LEAST * best.of else None


def _searched(claim):
    """Return the longest words of a claim in lower case; "" if it has too few."""
    words = sorted(set(_LONG.findall(claim.lower())), key=lambda word: (-len(word), word))[:WORDS]
    return " ".join(words) if len(words) == WORDS else ""


def _fit(episode, queries):
    verdicts = [status.verdict_of(check) for check in run.checks_for(episode, queries)]
    said = sum(verdict not in _NOT_SAID for verdict in verdicts)
    return Fitting(episode, said, verdicts.count(evidence.SAID_HERE) + verdicts.count(evidence.PARTLY), len(verdicts))
