"""Where somebody's drafts cite what the published texts cite at another timestamp."""

from collections import defaultdict
from dataclasses import dataclass

from articles.core.timestamps import format_label
from articles.derived.checks import labels
from articles.models import Citation


@dataclass(frozen=True)
class Drafted:
    """A public citation in a draft that has it at another timestamp: its key and moment there, and what the check finds."""

    claim_key: str
    label: str
    verdict: str


def of_citations(citations, drafts):
    """Return {primary key of a public citation: `Drafted`} of those that one of `drafts`, {article: draft}, has moved.

    One query, none without a draft.
    """
    citations = [citation for citation in citations if citation.revision.article_id in drafts]
    if not citations:
        return {}
    texts = {citation.revision_id for citation in citations} | {draft.pk for draft in drafts.values()}
    same = Citation.objects.filter(revision__in=texts, claim__in={citation.claim for citation in citations})
    same = same.select_related("finding").defer("context", "finding__candidates", "finding__context")
    by_text = defaultdict(list)
    for row in same.order_by("position"):
        by_text[row.revision_id, row.episode_id, row.claim].append(row)
    found = {}
    for citation in citations:
        said = citation.episode_id, citation.claim
        published = by_text[citation.revision_id, *said]
        drafted = by_text[drafts[citation.revision.article_id].pk, *said]
        # Of equal claims, those that have left their timestamps are still in the same order.
        left = [row.pk for row in _without(published, drafted)]
        arrived = _without(drafted, published)
        if citation.pk in left and left.index(citation.pk) < len(arrived):
            found[citation.pk] = _drafted(arrived[left.index(citation.pk)])
    return found


def verdict_in(draft, citation, seconds):
    """Return what the check finds at `seconds`, to which a public citation was just moved in `draft`."""
    moved = draft.citation_set.filter(episode=citation.episode, claim=citation.claim, start_seconds=seconds)
    row = moved.select_related("finding").first()
    return _verdict(row.finding if row else None)


def _without(rows, others):
    keys = {row.claim_key for row in others}
    return [row for row in rows if row.claim_key not in keys]


def _drafted(row):
    label = format_label(row.start_seconds)
    if row.end_seconds is not None:
        label += f"–{format_label(row.end_seconds)}"
    return Drafted(row.claim_key, label, _verdict(row.finding))


def _verdict(check):
    return labels.verdict_text(check).rstrip(".")  # it is part of a sentence
