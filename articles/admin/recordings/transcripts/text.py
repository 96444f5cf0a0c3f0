"""An episode's transcript as editors read it: the public page's passages, with what published and open texts cite."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext

from articles.admin.shared.helpers import editor_of
from articles.core.parsing.numbers import whole_number
from articles.derived.checks import labels
from articles.models import Citation, Revision
from articles.views.recordings.transcripts.passages import Note, cut_into_pages, read_page

NOTES_SHOWN = 400  # per page
SECONDS_MAX = 9_999_999
OPEN = [Revision.Status.DRAFT, Revision.Status.SUBMITTED, Revision.Status.APPROVED]


@dataclass
class CitedClaim:
    """A claim of one article at one moment: the citation that is shown, and the open revisions that have it as well."""

    citation: Citation
    revisions: list = field(default_factory=list)


def transcript_text(episode, given, corrections):
    """Return template context with a page of the transcript, its citations and the `Corrections` of its cues.

    It is number `page` in `given`, or the one with second `at` or with the cue to be corrected. Nine queries at most. Only
    for editors, who can read every open revision; `is_cut` says that a single moment has more citations than
    `NOTES_SHOWN`.
    """
    second = whole_number(given.get("at", ""), SECONDS_MAX)
    wanted = int(corrections.form.cue.start_seconds) if corrections.form else second
    is_open = Q(revision__status__in=OPEN, revision__published_for=None)
    citations = Citation.objects.filter(Q(is_public=True) | is_open, episode=episode)
    cut = cut_into_pages(episode, citations, NOTES_SHOWN)
    shown = read_page(episode, cut, given.get("page") if wanted is None else cut.page_with(wanted), second=second)
    claims, is_cut = _claims(shown.cited(citations))
    status_labels = labels.labels_of([claim.citation for claim in claims])
    by_citation = {claim.citation: (claim, label) for claim, label in zip(claims, status_labels, strict=True)}
    shown.add(by_citation, lambda citation, anchor: _note(*by_citation[citation], anchor))
    corrections.add_to(shown.passages)
    return {"shown": shown, "is_cut": is_cut}


def _claims(citations):
    """Return (the `CitedClaim`s of `citations` in published texts and open revisions, in order of time, is_cut).

    One query. The same sentence at the same timestamp in several revisions of an article is one claim: the published one if there
    is one, otherwise the newest.
    """
    rows = citations.select_related("finding", "revision", "section")
    rows = rows.defer("context", "revision__lead", "section__body", "finding__candidates", "finding__context")
    rows = list(rows.order_by("start_seconds", "-is_public", "-revision_id", "position")[: NOTES_SHOWN + 1])
    claims = {}
    for citation in rows[:NOTES_SHOWN]:
        claim = claims.setdefault((citation.revision.article_id, citation.claim_key), CitedClaim(citation))
        if not citation.is_public and citation.revision not in claim.revisions:
            claim.revisions.append(citation.revision)
    return list(claims.values()), len(rows) > NOTES_SHOWN


def _note(claim, status_label, anchor):
    citation = claim.citation
    texts = [gettext("published")] if citation.is_public else []
    for revision in claim.revisions:
        values = {"number": revision.number, "status": revision.get_status_display(), "name": revision.author_name}
        texts.append(gettext("revision %(number)s (%(status)s, %(name)s)") % values)
    return Note(citation, status_label, anchor, _address_of(citation), ", ".join(texts))


def _address_of(citation):
    """Return where the claim is worked on: in the editor, or in the review of a submitted or approved revision."""
    revision = citation.revision
    if revision.status in {Revision.Status.SUBMITTED, Revision.Status.APPROVED} and not citation.is_public:
        return f"{revision.get_absolute_url()}#claim-{citation.pk}"
    column = "heading" if citation.is_in_heading else "body"
    name = f"id_sections-{citation.section.position}-{column}" if citation.section else "id_lead"
    return f"{editor_of(revision)}#c-{name}-{citation.offset}-0"
