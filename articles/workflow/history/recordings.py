"""Compares recordings with what was recorded of them: their digests, their changes, and the logs of what cites them."""

from django.db.models import Exists, OuterRef, Q, Subquery

from articles.core.recordings import state
from articles.derived.rebuilding import recording_lengths
from articles.models import Cue, Episode, LogEntry, RecordingChange, Source
from articles.workflow.content.recordings import states_of

from .attribution import TOGETHER
from .names import WITHHELD

BATCH = 500
EMPTY = state.cues_digest(())


def contradiction(article, entries):
    """Return the first contradiction between an article's log and the recordings under its public text, or None.

    As (place, reason). Each change that was logged is on record, by the same person at the same time, and the last
    entry that covers a recording says what it is now.
    """
    if found := _in_changes(entries):
        return found
    recorded = {pk: digest for entry in entries for pk, digest in entry.recordings or ()}
    if not recorded or article.published_revision_id is None:
        return None
    cited = Source.objects.filter(revision=article.published_revision_id, episode__in=recorded).order_by("position")
    for pk, title, digest in cited.values_list("episode", "episode__title", "episode__recording_digest"):
        if digest != recorded[pk]:
            return f"the recording “{title}”", "it isn’t the one that the log covers"
    return None


def _in_changes(entries):
    changed = [entry for entry in entries if entry.action == LogEntry.Action.RECORDING_CHANGED and entry.recordings]
    if not changed:
        return None
    episodes = {pk for entry in changed for pk, _ in entry.recordings}
    rows = RecordingChange.objects.applied().filter(Q(episode__in=episodes) | Q(episode=None)).defer("cues")
    rows = list(rows.order_by("pk"))
    for entry in changed:
        known = [row for row in rows if _is_logged_as(row, entry)]
        for pk, digest in entry.recordings:
            # A change to a show has no digest, since it gives several episodes another one.
            if not any(row.episode_id is None or (row.episode_id, row.after_digest) == (pk, digest) for row in known):
                return f"log entry {entry.number}", "the change to a recording isn’t on record as it was logged"
    return None


def _is_logged_as(row, entry):
    is_same_name = row.decided_by_name == entry.by_name or WITHHELD in {row.decided_by_name, entry.by_name}
    is_same_time = abs(row.decided_at - entry.at) < TOGETHER
    return is_same_name and row.decided_by_id in {None, entry.account} and is_same_time


def contradictions():
    """Yield (reference, reason) for each episode that isn't as its digest or its last recorded change says."""
    changes = RecordingChange.objects.applied().filter(episode=OuterRef("pk"), is_visible=True)
    last = Subquery(changes.order_by("-decided_at", "-pk").values("after_digest")[:1])
    # A change to a show gives its episodes other digests.
    of_show = RecordingChange.objects.applied().filter(episode=None, show=OuterRef("show"))
    cues = Cue.objects.order_by("start_seconds", "pk").values_list("start_seconds", "end_seconds", "speaker", "text")
    keys = list(Episode.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = Episode.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        states, ends = states_of(batch), recording_lengths.differing(batch)
        for episode in batch.select_related("show").annotate(recorded=last, is_of_changed_show=Exists(of_show)):
            if state.digest(states[episode.pk]) != episode.recording_digest:
                yield episode.reference, "it differs from its digest"
            elif episode.recorded not in {None, episode.recording_digest} and not episode.is_of_changed_show:
                yield episode.reference, "it isn’t as its last recorded change left it"
            elif state.cues_digest(cues.filter(episode=episode)) != (episode.transcript_digest or EMPTY):
                yield episode.reference, "its transcript differs from its digest"
            elif episode.pk in ends:
                yield episode.reference, "its transcript ends elsewhere than is stored; `manage.py rebuild` mends it"
