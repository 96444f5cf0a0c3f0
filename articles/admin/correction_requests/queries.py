"""What the page of a correction request shows: the citations in question, with their evidence."""

from dataclasses import replace
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from articles.derived.checks import status
from articles.models import Citation
from articles.views.diff import details_of, moment
from articles.workflow.history.audit_log import was_ever_public


def later_revisions(correction_request, user):
    """The revisions that `user` may read of those published after the one that the reader saw."""
    later = correction_request.article.revision_set.visible_to(user)
    later = later.filter(number__gt=correction_request.revision.number)
    return later.filter(was_ever_public()).order_by("-number")


def cited_claims(correction_request, published, *, may_quote):
    """[(revision, [(claim, moment, address of the transcript there), …])]: as the reader saw it, and as it is now.

    Each moment has the finding of the check and, if `may_quote`, what the transcript says there; the address is ""
    without. A constant number of queries.
    """
    here = Q(section__key=correction_request.section_key) if correction_request.section_key else Q(section=None)
    revisions = {correction_request.revision.pk: correction_request.revision}
    if published:
        revisions[published.pk] = published
    citations = Citation.objects.filter(here, revision__in=revisions)
    citations = citations.select_related("episode__show", "finding").prefetch_related("episode__chapter_set")
    citations = [
        citation
        for citation in citations.order_by("revision", "position")
        if not _is_about_another(citation, correction_request)
    ]
    for citation in citations:
        citation.revision = revisions[citation.revision_id]
    is_named = len({citation.episode_id for citation in citations}) > 1
    claims = {pk: [] for pk in revisions}
    for citation, citation_status in zip(citations, status.of_citations(citations), strict=True):
        episode = citation.episode
        cited = moment(episode, citation.start_seconds, citation.end_seconds, is_named=is_named)
        cited = replace(cited, details=details_of(citation, citation_status, excerpts=may_quote))
        around = ""
        if may_quote and episode.transcript_digest:
            place = {"source": f"e1:{episode.reference}", "at": citation.start_seconds}
            around = f"{reverse('admin:articles_passages')}?{urlencode(place)}"
        claims[citation.revision_id].append((citation.claim, cited, around))
    return [(revisions[pk], cited) for pk, cited in claims.items()]


def _is_about_another(citation, correction_request):
    """Whether the reader, who asked about a claim, saw the citation at another one."""
    is_original = citation.revision_id == correction_request.revision_id
    return is_original and correction_request.claim and citation.claim != correction_request.claim
