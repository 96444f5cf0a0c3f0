"""The length of recordings that give none: where the transcript ends."""

import math

from django.db.models import Max, Q

from articles.derived.bulk import update
from articles.models import Cue, Episode, Revision

from .republishing import refresh


def differing(episodes):
    """Return {primary key: where the transcript ends, in seconds, or None} of `episodes` that have another one stored."""
    stored = dict(episodes.order_by().values_list("pk", "transcript_seconds"))
    ends = Cue.objects.filter(episode__in=episodes.order_by().values("pk")).order_by().values("episode")
    ends = {row["episode"]: math.ceil(row["end"]) for row in ends.annotate(end=Max("end_seconds"))}
    return {pk: ends.get(pk) for pk, seconds in stored.items() if ends.get(pk) != seconds}


def store(episodes):
    """Store where the transcripts of `episodes`, a query set, end; returns how many weren't up to date.

    Texts whose citations have come to be, or no longer are, past the end are derived again.
    """
    changed = differing(episodes)
    update(Episode, ["transcript_seconds"], [(seconds, pk) for pk, seconds in changed.items()])
    for episode in Episode.objects.filter(pk__in=changed, duration_seconds=None):
        is_past = Q(problem_count__gt=0)  # perhaps one that was past the end before
        if episode.transcript_seconds is not None:
            latest = episode.transcript_seconds
            cited = Q(citation__start_seconds__gt=latest) | Q(citation__end_seconds__gt=latest)
            is_past |= Q(citation__episode=episode) & cited
        refresh(Revision.objects.filter(is_past, source__episode=episode).distinct())
    return len(changed)
