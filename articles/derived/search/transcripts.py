"""Searches one transcript, or those of all recordings by windows that overlap; only for people who may see transcripts."""

from dataclasses import dataclass

from django.db import transaction

from articles.core.recordings import transcripts
from articles.core.timestamps import format_label
from articles.derived.checks import run
from articles.models import Cue, Episode, TranscriptWindow

from . import highlight
from .backends import SPOKEN, Range, keys
from .keys import key
from .query import Query, parse
from .tokens import BREAK, Word, neighbours, sequence, words_of

BLOCK_SECONDS = 20.0  # two blocks that follow each other are a window: what lies within 20 s is never cut apart
BLOCK_WORDS = 700  # and of a cue without an end in sight no more than these
LIMIT = 2000  # windows, by episode number
PER_PAGE = 20
BATCH = 200


@dataclass(frozen=True)
class Said:
    """What is said at a moment of a recording: as `text`, or in `runs` that mark what was looked for.

    `is_there` marks the moment that was asked about.
    """

    episode: Episode
    start_seconds: int
    text: str = ""
    runs: tuple = ()
    speaker: str = ""
    is_there: bool = False

    @property
    def label(self):
        return format_label(self.start_seconds)

    @property
    def href(self):
        """Where it can be heard."""
        return self.episode.link_at(self.start_seconds)

    @property
    def chapter(self):
        return self.episode.chapter_title_at(self.start_seconds)


@dataclass(frozen=True)
class Results:
    query: Query
    found: list
    count: int
    page: int
    page_count: int
    is_more: bool


@transaction.atomic(savepoint=False)
def index_transcript(episode):
    """Make the windows of `episode` say what its cues say now; how many there are."""
    TranscriptWindow.objects.filter(episode=episode).delete()
    cues = Cue.objects.filter(episode=episode).values_list("start_seconds", "end_seconds", "text")
    blocks = list(_blocks(cues.order_by("start_seconds", "pk").iterator(chunk_size=500)))
    windows = [
        TranscriptWindow(
            id=key(0, episode.pk, number),
            episode=episode,
            start_seconds=one[0],
            end_seconds=other[1],
            words=_tokens([*one[2], *(other[2] if other is not one else ())]),
        )
        for number, (one, other) in enumerate(zip(blocks, blocks[1:] or blocks, strict=False))
    ]
    TranscriptWindow.objects.bulk_create(windows, batch_size=BATCH, ignore_conflicts=True)
    return len(windows)


def rebuild_transcripts():
    """Make the windows of all transcripts again; how many recordings have any."""
    TranscriptWindow.objects.all().delete()
    episodes = Episode.objects.exclude(transcript_digest="").order_by("pk")
    return sum(1 for episode in episodes.iterator(chunk_size=100) if index_transcript(episode))


def find_in(episode, text, limit):
    """At most `limit` places of one recording at which the terms of `text` are all said, in the order of time.

    Words are found by their beginnings and to the second, which the index of all recordings cannot tell.
    """
    transcript = run.transcript_of(episode)
    found = transcripts.search(transcript.cues, text, limit) if transcript else []
    return [Said(episode, int(place.start_seconds), place.excerpt) for place in found]


def find_spoken(text, page=1):
    """The moments at which the terms of `text` are all said, by recording and in the order of time."""
    query = parse(text)
    found = keys(query, SPOKEN, Range(LIMIT))
    places = []
    for one in found:  # two windows that share a block are one place
        if not places or one - places[-1][-1] != 1 or len(places[-1]) == 2:
            places.append([])
        places[-1].append(one)
    page_count = max(1, -(-len(places) // PER_PAGE))
    page = min(max(page, 1), page_count)
    shown = places[(page - 1) * PER_PAGE : page * PER_PAGE]
    windows = TranscriptWindow.objects.filter(pk__in=[one for place in shown for one in place]).defer("words")
    by_pk = {window.pk: window for window in windows.select_related("episode__show")}
    said = [_said(query, [by_pk[one] for one in place if one in by_pk]) for place in shown]
    return Results(query, [one for one in said if one], len(places), page, page_count, len(found) == LIMIT)


def _said(query, windows):
    """The cue in which the most of what is asked is said, with those around it."""
    if not windows:
        return None
    episode, last = windows[0].episode, windows[-1].end_seconds
    cues = Cue.objects.filter(episode=episode, start_seconds__gte=windows[0].start_seconds, start_seconds__lt=last)
    cues = list(cues.order_by("start_seconds", "pk"))
    if not cues:
        return None
    told = [highlight.number_told(cue.text, query) for cue in cues]
    at = told.index(max(told))
    text = highlight.shortened(" ".join(cue.text for cue in cues[max(0, at - 1) :]), query)
    return Said(episode, int(cues[at].start_seconds), runs=tuple(highlight.runs(text, query)))


def _blocks(cues):
    """(start, end, words) of cues together, each at least `BLOCK_SECONDS` long but for the last."""
    first, words = None, []
    for start, end, text in cues:
        first = start if first is None else first
        words += words_of(text)
        if end - first >= BLOCK_SECONDS or len(words) > BLOCK_WORDS:
            yield first, end, words[:BLOCK_WORDS]
            for at in range(BLOCK_WORDS, len(words), BLOCK_WORDS):
                yield first, end, words[at : at + BLOCK_WORDS]
            first, words = None, []
    if words:
        yield first, end, words


def _tokens(words: list[Word]):
    return f"{sequence(words)}{BREAK} {' '.join(dict.fromkeys(neighbours(words)))} "
