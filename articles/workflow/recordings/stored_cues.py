"""The cues of an episode as they are stored, and the digest of all of them."""

from articles.core.recordings import state
from articles.derived import bulk, search
from articles.derived.rebuilding import recording_lengths
from articles.models import Cue, Episode, Transcript
from articles.workflow.content.recordings import store_digests
from articles.workflow.history import rows

from . import rechecking

BATCH = 500  # cues per INSERT statement
CUE = ("start_seconds", "end_seconds", "speaker", "text")


def digest_of(cues):
    """Return the digest of a transcript's `Cue`s (64 hex digits)."""
    return state.cues_digest(map(row_of, cues))


def row_of(cue):
    return [getattr(cue, name) for name in CUE]


def replace(episode, kept, now):
    """Replace the episode's cues with a `Carried`, and retire its current transcript."""
    current = Transcript.objects.current().filter(episode=episode)
    with rows.recorded(Transcript, current.values_list("pk", flat=True)):
        current.update(replaced_at=now)
    Cue.objects.filter(episode=episode).delete()
    Cue.objects.bulk_create(
        (
            Cue(episode=episode, correction_id=number, **vars(cue))
            for cue, number in zip(kept.cues, kept.numbers, strict=True)
        ),
        batch_size=BATCH,
    )
    search.index_transcript(episode)


def set_corrections(episode, numbers):
    """Note in the cues, which stay as they are, which correction each of them has, if a file says that by itself now."""
    stored = list(ordered(episode).values_list("pk", "correction"))
    bulk.update(Cue, ["correction"], [(now, pk) for (pk, old), now in zip(stored, numbers, strict=True) if now != old])


def ordered(episode):
    return Cue.objects.filter(episode=episode).order_by("start_seconds", "pk")


def set_digest(episode, digest):
    row = Episode.objects.filter(pk=episode.pk)
    if row.exclude(transcript_digest=digest).update(transcript_digest=digest):
        store_digests(row)
        rechecking.note(episode)
    recording_lengths.store(row)
    episode.refresh_from_db(fields=["transcript_digest", "transcript_seconds"])
