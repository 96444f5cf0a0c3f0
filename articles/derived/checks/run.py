"""What the machine finds of claims in transcripts: made once per claim and moment, kept, and made again when due."""

import hashlib
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles.core import evidence
from articles.core.evidence import CHECKER_VERSION
from articles.core.recordings import transcripts
from articles.models import Check, Citation, Cue, Episode

KEPT_UNUSED = timedelta(days=1)


def forget_checks(episode: Episode) -> int:
    """Delete the checks of `episode` that no citation has: those that nobody can come back to; how many.

    One that still holds may be taken up again at this very moment by somebody who writes the sentence once more: it
    stays for a day.
    """
    unused = Check.objects.filter(episode=episode, citation=None)
    holding = Q(transcript_digest=episode.transcript_digest, checker_version=CHECKER_VERSION)
    deleted, _ = unused.filter(~holding | Q(checked_at__lt=timezone.now() - KEPT_UNUSED)).delete()
    return deleted


INDEXES_KEPT = 8  # of 3 MB each for two hours
BATCH = 500
_indexes: dict = {}  # by episode and digest, the latest used last
_CUE = ["start_seconds", "end_seconds", "speaker", "text"]

# What makes a check another check; everything else is its result.
_RESULT = [
    "transcript_digest",
    "checker_version",
    "verdict",
    "score",
    "excerpt",
    "matched_words",
    "missing",
    "where_seconds",
    "where_excerpt",
    "candidates",
    "reason",
    "checked_at",
]


@dataclass(frozen=True)
class ClaimQuery:
    """A claim at a moment of an episode; `context` says what it is about and need not be said there."""

    start_seconds: int
    end_seconds: int | None
    claim: str
    context: str = ""


def claim_key(episode, start_seconds, end_seconds, claim):
    """The digest that binds what a person says to claim, moment and episode: 64 hexadecimal digits."""
    return _digest(episode.pk, start_seconds, end_seconds, _folded(claim))


def check_key(episode, query):
    """The digest of all that a check is made from besides transcript and checker."""
    return _digest(episode.pk, query.start_seconds, query.end_seconds, _folded(query.claim), _folded(query.context))


def transcript_of(episode):
    """The episode's transcript, indexed; None where there is none. The latest few are kept in this process."""
    return _indexed(episode.pk, episode.transcript_digest) if episode.transcript_digest else None


def findings(episode, queries):
    """A `Check` for each of `queries`, in their order: saved ones that are current, else new and unsaved ones.

    Nothing is written: who types is answered from here. Without a transcript each is None.
    """
    queries = list(queries)
    if not episode.transcript_digest:
        return [None] * len(queries)
    keys = [check_key(episode, query) for query in queries]
    saved = {check.key: check for check in _current(episode).filter(key__in=set(keys))}
    made = {}
    for key, query in zip(keys, queries, strict=True):
        if key not in saved and key not in made:
            made[key] = _made(episode, key, query)
    return [saved.get(key) or made[key] for key in keys]


def assign_checks(citations):
    """Give each of the unsaved or saved `citations` its `finding` and `claim_key`; checks that are new are saved.

    The caller saves the citations.
    """
    of_episode = defaultdict(list)
    for citation in citations:
        citation.claim_key = claim_key(citation.episode, citation.start_seconds, citation.end_seconds, citation.claim)
        citation.finding = None
        if citation.episode.transcript_digest:
            of_episode[citation.episode].append(citation)
    for episode in sorted(of_episode, key=lambda one: one.pk):  # as _save does: in one order
        cited = of_episode[episode]
        found = findings(episode, [_query_of(citation) for citation in cited])
        new = {check.key: check for check in found if check.pk is None}
        saved = {check.key: check for check in found if check.pk is not None} | _save(new)
        for citation, check in zip(cited, found, strict=True):
            citation.finding = saved[check.key]


def recheck(episode, *, citations=None):
    """Check every citation of `episode` again where its check does not hold any more; how many checks were made.

    In batches, one transaction each: memory does not grow with the number of citations.
    """
    citations = Citation.objects.filter(episode=episode) if citations is None else citations
    if not episode.transcript_digest:
        Citation.objects.filter(episode=episode).exclude(finding=None).update(finding=None)
        Check.objects.filter(episode=episode).delete()
        return 0
    made = 0
    latest = 0
    while True:
        batch = list(citations.filter(pk__gt=latest).order_by("pk").select_related("finding")[:BATCH])
        if not batch:
            break
        latest = batch[-1].pk
        stale = [citation for citation in batch if not is_current(citation.finding, episode)]
        if stale:
            for citation in stale:
                citation.episode = episode
            with transaction.atomic():
                made += len({check_key(episode, _query_of(citation)) for citation in stale})
                assign_checks(stale)
                Citation.objects.bulk_update(stale, ["finding", "claim_key"])
    return made


def is_current(check, episode):
    """Whether the check was made from the transcript that the episode has, by the checker that we have."""
    if not episode.transcript_digest:
        return check is None
    return (
        check is not None
        and check.transcript_digest == episode.transcript_digest
        and check.checker_version == evidence.CHECKER_VERSION
    )


def _current(episode):
    return Check.objects.filter(transcript_digest=episode.transcript_digest, checker_version=evidence.CHECKER_VERSION)


def _save(new):
    """Save new checks by key over what an earlier transcript gave; all of them as they stand in the database."""
    if not new:
        return {}
    in_order = [new[key] for key in sorted(new)]  # two that save the same ones wait for each other in one order
    Check.objects.bulk_create(
        in_order, update_conflicts=True, unique_fields=["key"], update_fields=_RESULT, batch_size=BATCH
    )
    return {check.key: check for check in Check.objects.filter(key__in=list(new))}


def _query_of(citation):
    return ClaimQuery(citation.start_seconds, citation.end_seconds, citation.claim, citation.context)


def _made(episode, key, query):
    found = transcript_of(episode).check(query.claim, query.start_seconds, query.end_seconds, query.context)
    return Check(
        key=key,
        episode=episode,
        start_seconds=query.start_seconds,
        end_seconds=query.end_seconds,
        claim=query.claim,
        context=query.context,
        transcript_digest=episode.transcript_digest,
        checker_version=evidence.CHECKER_VERSION,
        verdict=found.verdict,
        score=found.score,
        excerpt=found.excerpt,
        matched_words=list(found.matched_words),
        missing=list(found.missing),
        where_seconds=int(found.where.start_seconds) if found.where else None,
        where_excerpt=found.where.excerpt if found.where else "",
        candidates=[[int(one.start_seconds), int(one.end_seconds), one.score] for one in found.candidates],
        reason=found.reason,
        checked_at=timezone.now(),
    )


def _indexed(episode_pk, transcript_digest):
    """The index of an episode's cues; it is kept under the digest of the transcript that they are of."""
    kept = _indexes.pop((episode_pk, transcript_digest), None)
    if kept is None:
        cues = Cue.objects.filter(episode=episode_pk).order_by("start_seconds", "pk")
        kept = evidence.Transcript([transcripts.Cue(*cue) for cue in cues.values_list(*_CUE)])
        # Who holds the episode from before an import has an old digest, and has just read the new cues.
        if not Episode.objects.filter(pk=episode_pk, transcript_digest=transcript_digest).exists():
            return kept
    _indexes[episode_pk, transcript_digest] = kept
    while len(_indexes) > INDEXES_KEPT:
        with suppress(KeyError, StopIteration):  # another thread may have been quicker
            del _indexes[next(iter(_indexes))]
    return kept


def _folded(text):
    return " ".join(text.split())


def _digest(*values):
    return hashlib.sha256("\x1f".join("" if value is None else str(value) for value in values).encode()).hexdigest()
