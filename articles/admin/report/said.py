"""Reads what is said at moments of several recordings, without the rest of their transcripts."""

from django.db.models import Q

from articles.admin.evidence.suggestions import BEFORE_SECONDS, NEAR_SECONDS
from articles.core.recordings import transcripts
from articles.models import Cue

LONGEST_SECONDS = 300  # of a cue that goes on at a moment: some transcripts have one per paragraph


def cues_in(windows):
    """Return {episode: [`transcripts.Cue`] in order} of the cues in `windows`, (episode, start, end) in seconds. One query.

    Cues outside of them are left out, so that a page of the report doesn’t read whole transcripts. No query without any.
    """
    conditions = Q()
    for episode, start, end in _merged(windows):
        began = Q(start_seconds__gte=start - LONGEST_SECONDS, start_seconds__lt=end)
        conditions |= began & Q(episode=episode, end_seconds__gt=start)
    cues = {}
    if conditions:
        found = Cue.objects.filter(conditions).order_by("start_seconds", "pk")
        for episode, *cue in found.values_list("episode", "start_seconds", "end_seconds", "speaker", "text"):
            cues.setdefault(episode, []).append(transcripts.Cue(*cue))
    return cues


def _merged(windows):
    """Yield the windows with what is needed before them, those that overlap as one."""
    last = None
    for episode, start, end in sorted(windows):
        start, end = start - BEFORE_SECONDS, min(end, start + NEAR_SECONDS)
        if last and last[0] == episode and start <= last[2]:
            last = episode, last[1], max(last[2], end)
            continue
        if last:
            yield last
        last = episode, start, end
    if last:
        yield last
