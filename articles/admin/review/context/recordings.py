"""What a reviewer has to know of the cited recordings: their changes, and transcripts that become public."""

from collections import defaultdict

from django.db.models import Exists, OuterRef, Q

from articles.admin.recordings.changes.comparison import parts_of
from articles.core.evidence.scoring.calibration import HEARD_AFTER, HEARD_BEFORE
from articles.models import Episode, Source
from articles.workflow.recordings import changes_to

CHANGES_SHOWN = 20  # changes to recordings
CORRECTIONS_SHOWN = 100  # of transcripts, by those who wrote the text


def recording_changes(revision):
    """The changes to the cited recordings that a reviewer has to know of, as pairs of a change and its parts, compared.

    They wait for a decision, were made since the submission, or are corrections that a contributor made where the text
    cites: the check compares the text with these words, and nobody else has seen them. The newest come first.
    """
    since = revision.submitted_at or revision.saved_at
    is_recent = Q(outcome="waiting") | Q(outcome="applied", decided_at__gte=since)
    known = changes_to(revision).select_related("episode", "show").defer("cues")
    changes = list(known.filter(is_recent)[:CHANGES_SHOWN])
    contributors = revision.contributor_set.values("user")
    own = known.filter(outcome="applied", after__has_key="cue", decided_at__lt=since, decided_by__in=contributors)
    changes += _where_cited(revision, own)[:CORRECTIONS_SHOWN] if (own := list(own)) else []
    return [(change, parts_of(change)) for change in changes]


def _where_cited(revision, corrections):
    """Return the `corrections` of cues that may be heard at a moment that `revision` cites."""
    spans = defaultdict(list)
    for episode, start, end in revision.citation_set.values_list("episode", "start_seconds", "end_seconds"):
        spans[episode].append((start - HEARD_BEFORE, (end or start) + HEARD_AFTER))
    cues = [(change, change.before["cue"]) for change in corrections]
    return [
        change
        for change, cue in cues
        if any(cue["start"] <= last and cue["end"] >= first for first, last in spans[change.episode_id])
    ]


def made_public(revision):
    """The cited episodes whose transcripts everybody may read once the revision is published, and nobody before."""
    already = Source.objects.filter(episode=OuterRef("pk"), revision__published_for__isnull=False)
    cited = Episode.objects.filter(~Exists(already), source__revision=revision).select_related("show").distinct()
    return [episode for episode in cited if episode.has_public_transcript]
