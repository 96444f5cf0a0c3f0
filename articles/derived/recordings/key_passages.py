"""The key passages of an episode's stretches, read from its transcript whenever they are asked for: they aren't stored."""

from functools import lru_cache

from articles.core import evidence
from articles.derived.checks import run
from articles.models import Episode

KEPT = 1000  # stretches whose passages a process remembers, of half a kilobyte each


def key_passages(episode, stretch):
    """Return the `KeyPassage` values of a `Stretch` of `episode`, none without a transcript. Only for editors."""
    return _passages(episode.pk, episode.transcript_digest, stretch.start_seconds, stretch.end_seconds)


@lru_cache(KEPT)
def _passages(pk, digest, start, end):
    transcript = run.transcript_of(Episode(pk=pk, transcript_digest=digest))
    return evidence.key_passages(transcript.index, start, end) if transcript else ()
