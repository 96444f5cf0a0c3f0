"""Searches one transcript, or all of them by overlapping windows. Callers must check that users may see transcripts."""

from dataclasses import dataclass

from django.db import transaction

from articles.core.recordings import transcripts
from articles.core.timestamps import format_label
from articles.derived.bulk import one_by_one
from articles.derived.checks import run
from articles.models import Cue, Episode, TranscriptWindow

from . import highlight
from .backends import SPOKEN, Range, keys
from .keys import key
from .query import Results, paginate, parse
from .tokens import indexed, words_of

BLOCK_SECONDS = 20.0  # a window is two consecutive blocks, so words within 20 s are always in one window
BLOCK_WORDS = 700  # maximum, for cues that go on for minutes
LIMIT = 2000  # windows, in order of episode ids
PER_PAGE = 20
BATCH = 200


@dataclass(frozen=True)
class TranscriptHit:
    """What is said at a moment of a recording, as `text` or as highlighted `runs`.

    `is_there` marks the requested moment.
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
        """The address at which it can be heard, "" if there is none."""
        return self.episode.link_at(self.start_seconds) if self.episode.can_be_heard else ""

    @property
    def chapter(self):
        return self.episode.chapter_title_at(self.start_seconds)


@transaction.atomic(savepoint=False)
def index_transcript(episode):
    """Rebuild the windows of `episode` from its cues; return their number."""
    TranscriptWindow.objects.filter(episode=episode).delete()
    windows = windows_of(episode)
    TranscriptWindow.objects.bulk_create(windows, batch_size=BATCH, ignore_conflicts=True)
    return len(windows)


def windows_of(episode):
    """Return the unsaved windows of `episode` as its cues give them."""
    cues = Cue.objects.filter(episode=episode).values_list("start_seconds", "end_seconds", "text")
    blocks = list(_blocks(cues.order_by("start_seconds", "pk").iterator(chunk_size=500)))
    return [
        TranscriptWindow(
            id=key(0, episode.pk, number),
            episode=episode,
            start_seconds=first[0],
            end_seconds=second[1],
            words=indexed([[*first[2], *(second[2] if second is not first else ())]]),
        )
        for number, (first, second) in enumerate(zip(blocks, blocks[1:] or blocks, strict=False))
    ]


def rebuild_transcripts():
    """Rebuild the windows of all transcripts; return the number of episodes with windows."""
    TranscriptWindow.objects.all().delete()
    return refresh_transcripts()


def refresh_transcripts():
    """Rebuild the windows of each transcript that aren't those that its cues give; return of how many."""
    episodes = one_by_one(Episode.objects.exclude(transcript_digest=""))
    return sum(1 for episode in episodes if not _is_indexed(episode) and index_transcript(episode))


def _is_indexed(episode):
    stored = TranscriptWindow.objects.filter(episode=episode).order_by("pk")
    expected = [(window.pk, window.start_seconds, window.end_seconds, window.words) for window in windows_of(episode)]
    return list(stored.values_list("pk", "start_seconds", "end_seconds", "words")) == expected


def find_in(episode, text):
    """Return the places of one recording at which all terms of `text` are said, in order of time.

    Unlike the index of all recordings, this matches beginnings of words and gives the exact second.
    """
    transcript = run.transcript_of(episode)
    places = transcripts.search(transcript.cues, text) if transcript else []
    return [TranscriptHit(episode, int(place.start_seconds), place.excerpt) for place in places]


def find_spoken(text, page=1):
    """Return the `Results` for moments at which all terms of `text` are said, by recording and in order of time."""
    query = parse(text)
    window_keys = keys(query, SPOKEN, Range(LIMIT))
    places = []
    for pk in window_keys:  # two windows that share a block are one place
        if not places or pk - places[-1][-1] != 1 or len(places[-1]) == 2:
            places.append([])
        places[-1].append(pk)
    on_page, page, page_count = paginate(places, page, PER_PAGE)
    windows = TranscriptWindow.objects.filter(pk__in=[pk for place in on_page for pk in place]).defer("words")
    by_pk = windows.select_related("episode__show").in_bulk()
    passages = [_hit(query, [by_pk[pk] for pk in place if pk in by_pk]) for place in on_page]
    passages = [passage for passage in passages if passage]
    return Results(query, passages, len(places), page, page_count, len(window_keys) == LIMIT)


def episodes_saying(text):
    """Return the primary keys of the episodes in which all terms of `text` are said within a window."""
    found = keys(parse(text), SPOKEN, Range(LIMIT))
    return set(TranscriptWindow.objects.filter(pk__in=list(found)).order_by().values_list("episode", flat=True))


def _hit(query, windows):
    """Return the cue with the most matching terms, with its surroundings; None if the windows or cues are gone."""
    if not windows:
        return None
    episode, last = windows[0].episode, windows[-1].end_seconds
    cues = Cue.objects.filter(episode=episode, start_seconds__gte=windows[0].start_seconds, start_seconds__lt=last)
    cues = list(cues.order_by("start_seconds", "pk"))
    if not cues:
        return None
    match_counts = [highlight.count_matches(cue.text, query) for cue in cues]
    best = match_counts.index(max(match_counts))
    text = highlight.shortened(" ".join(cue.text for cue in cues[max(0, best - 1) :]), query)
    return TranscriptHit(episode, int(cues[best].start_seconds), runs=tuple(highlight.runs(text, query)))


def _blocks(cues):
    """Yield (start, end, words) of joined cues, each at least `BLOCK_SECONDS` long except the last."""
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
