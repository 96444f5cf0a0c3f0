"""Checks claims against transcripts: once per claim and moment, stored, and redone when the check is outdated."""

import hashlib
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles.core import evidence
from articles.core.recordings import transcripts
from articles.models import Check, Citation, Cue, Episode

KEPT_UNUSED = timedelta(days=1)


def forget_checks(episode: Episode) -> int:
    """Delete the checks of `episode` that no citation uses or is likely to use again; return how many.

    A current check is kept for a day, because someone may be about to write its sentence again.
    """
    unused = Check.objects.filter(episode=episode, citation=None)
    is_still_current = Q(transcript_digest=episode.transcript_digest, checker_version=evidence.CHECKER_VERSION)
    deleted, _ = unused.filter(~is_still_current | Q(checked_at__lt=timezone.now() - KEPT_UNUSED)).delete()
    return deleted


INDEXES_KEPT = 8  # of 3 MB each for two hours
BATCH = 500
_indexes: dict = {}  # by (episode, digest), the most recently used last
_CUE = ["start_seconds", "end_seconds", "speaker", "text"]

# A new check of the same claim overwrites all fields but these; the last depends on other checks.
_QUERY = frozenset(
    ["id", "key", "episode", "start_seconds", "end_seconds", "claim", "context", "is_quotation", "is_excerpt_left_out"]
)
_RESULT = [field.name for field in Check._meta.concrete_fields if field.name not in _QUERY]


@dataclass(frozen=True)
class ClaimQuery:
    """A claim at a moment of an episode.

    `context` says what it is about and needn't occur in the transcript; `is_quotation` is that of its `Sentence`.
    """

    start_seconds: int
    end_seconds: int | None
    claim: str
    context: str = ""
    is_quotation: bool = False


def claim_key(episode, start_seconds, end_seconds, claim):
    """Return the digest of claim, moment and episode to which people's judgements refer: 64 hexadecimal digits."""
    return _digest(episode.pk, start_seconds, end_seconds, _folded(claim))


def check_key(episode, query):
    """Return the digest of everything that a check depends on, except transcript and checker version."""
    kind = ["quotation"] if query.is_quotation else []  # most keys stay those of earlier versions
    moment = query.start_seconds, query.end_seconds
    return _digest(episode.pk, *moment, _folded(query.claim), _folded(query.context), *kind)


def claim_key_of(citation):
    return claim_key(citation.episode, citation.start_seconds, citation.end_seconds, citation.claim)


def check_key_of(citation):
    return check_key(citation.episode, query_of(citation))


def transcript_of(episode):
    """Return the episode's indexed transcript, or None. The process caches the last `INDEXES_KEPT`."""
    key = episode.pk, episode.transcript_digest
    if not episode.transcript_digest:
        return None
    index = _indexes.pop(key, None)
    if index is None:
        cues = Cue.objects.filter(episode=episode.pk).order_by("start_seconds", "pk")
        index = evidence.Transcript([transcripts.Cue(*cue) for cue in cues.values_list(*_CUE)])
        # A caller whose `episode` was loaded before an import has the old digest but has just read the new cues.
        if not Episode.objects.filter(pk=episode.pk, transcript_digest=episode.transcript_digest).exists():
            return index
    _indexes[key] = index
    while len(_indexes) > INDEXES_KEPT:
        with suppress(KeyError, StopIteration):  # another thread may have deleted it first
            del _indexes[next(iter(_indexes))]
    return index


def checks_for(episode, queries):
    """Return a `Check` for each of `queries`, in order: the saved one if it's current, else a new, unsaved one.

    Writes nothing, so that it can serve people while they type. Without a transcript every check is None.
    """
    queries = list(queries)
    if not episode.transcript_digest:
        return [None] * len(queries)
    keys = [check_key(episode, query) for query in queries]
    current = Check.objects.filter(
        transcript_digest=episode.transcript_digest, checker_version=evidence.CHECKER_VERSION
    )
    checks = {check.key: check for check in current.filter(key__in=set(keys))}
    for key, query in zip(keys, queries, strict=True):
        if key not in checks:
            checks[key] = _new_check(episode, key, query)
    return [checks[key] for key in keys]


def preview(episode, queries, cues):
    """Return an unsaved `Check` for each of `queries`, as if the episode's transcript consisted of `cues`."""
    index, checks = evidence.Transcript(cues), {}
    for query in queries:
        if query not in checks:
            checks[query] = _new_check(episode, check_key(episode, query), query, index)
    return [checks[query] for query in queries]


def assign_checks(citations):
    """Set `finding` and `claim_key` of each of `citations`, saved or not, and save new checks.

    The caller saves the citations.
    """
    of_episode = defaultdict(list)
    for citation in citations:
        citation.claim_key = claim_key_of(citation)
        citation.finding = None
        if citation.episode.transcript_digest:
            of_episode[citation.episode].append(citation)
    for episode in sorted(of_episode, key=lambda episode: episode.pk):  # a fixed order, as in _save
        cited = of_episode[episode]
        checks = checks_for(episode, [query_of(citation) for citation in cited])
        new = {check.key: check for check in checks if check.pk is None}
        saved = {check.key: check for check in checks if check.pk is not None} | _save(new)
        for citation, check in zip(cited, checks, strict=True):
            citation.finding = saved[check.key]


def recheck(episode, *, citations=None):
    """Redo the outdated checks of `episode`'s citations; return how many checks were made.

    Works in batches, one transaction each, so that memory doesn't grow with the number of citations.
    """
    citations = Citation.objects.filter(episode=episode) if citations is None else citations
    if not episode.transcript_digest:
        Citation.objects.filter(episode=episode).exclude(finding=None).update(finding=None)
        Check.objects.filter(episode=episode).delete()
        return 0
    made = latest = 0
    while batch := list(citations.filter(pk__gt=latest).order_by("pk").select_related("finding")[:BATCH]):
        latest = batch[-1].pk
        stale = [citation for citation in batch if not is_current(citation.finding, episode)]
        if stale:
            for citation in stale:
                citation.episode = episode
            with transaction.atomic():
                # Saving a text takes its citations first and then their checks; in any other order both could wait.
                there = Citation.objects.filter(pk__in=[citation.pk for citation in stale]).order_by("pk")
                held = set(there.select_for_update(no_key=True).values_list("pk", flat=True))
                stale = [citation for citation in stale if citation.pk in held]
                made += len({check_key(episode, query_of(citation)) for citation in stale})
                assign_checks(stale)
                Citation.objects.bulk_update(stale, ["finding", "claim_key"])
    return made


def is_current(check, episode):
    """Whether `check` was made from the episode's current transcript by the current checker."""
    if not episode.transcript_digest:
        return check is None
    return (
        check is not None
        and check.transcript_digest == episode.transcript_digest
        and check.checker_version == evidence.CHECKER_VERSION
    )


def is_of_earlier_checker(check, episode):
    """Whether all that keeps a check of the episode's current transcript from being current is the checker's version."""
    is_of_transcript = bool(episode.transcript_digest) and check.transcript_digest == episode.transcript_digest
    return is_of_transcript and check.checker_version != evidence.CHECKER_VERSION


def differing(check):
    """Return the names of the columns of a current `Check` that aren't what checking its claim again gives."""
    query = ClaimQuery(check.start_seconds, check.end_seconds, check.claim, check.context, check.is_quotation)
    again = _new_check(check.episode, check.key, query)
    return [name for name in _RESULT if name != "checked_at" and getattr(check, name) != getattr(again, name)]


def _save(new):
    """Save `new`, {key: Check}, over outdated checks of the same keys; return them as read from the database."""
    if not new:
        return {}
    in_order = [new[key] for key in sorted(new)]  # concurrent saves of the same checks must not deadlock
    Check.objects.bulk_create(
        in_order, update_conflicts=True, unique_fields=["key"], update_fields=_RESULT, batch_size=BATCH
    )
    return {check.key: check for check in Check.objects.filter(key__in=list(new))}


def query_of(citation):
    """Return the `ClaimQuery` of a `Citation`."""
    moment = citation.start_seconds, citation.end_seconds
    return ClaimQuery(*moment, citation.claim, citation.context, citation.is_quotation)


def _new_check(episode, key, query, index=None):
    moment = query.start_seconds, query.end_seconds
    transcript = index or transcript_of(episode)
    result = transcript.check(query.claim, *moment, query.context, is_quotation=query.is_quotation)
    return Check(
        key=key,
        episode=episode,
        **vars(query),
        transcript_digest=episode.transcript_digest,
        checker_version=evidence.CHECKER_VERSION,
        verdict=result.verdict,
        score=result.score,
        excerpt=result.excerpt,
        matched_words=list(result.matched_words),
        missing=list(result.missing),
        discrepancies=[[row.kind, row.text, row.closest, row.start_seconds] for row in result.discrepancies],
        discrepancy_kinds=" ".join(sorted({row.kind for row in result.discrepancies})),
        where_seconds=int(result.where.start_seconds) if result.where else None,
        where_excerpt=result.where.excerpt if result.where else "",
        candidates=[[int(match.start_seconds), int(match.end_seconds), match.score] for match in result.candidates],
        reason=result.reason,
        checked_at=timezone.now(),
    )


def _folded(text):
    return " ".join(text.split())


def _digest(*values):
    return hashlib.sha256("\x1f".join("" if value is None else str(value) for value in values).encode()).hexdigest()
