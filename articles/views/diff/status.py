"""Citation statuses in two compared texts: the automatic check at each moment, and what people recorded about it."""

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from articles.core import evidence
from articles.core.timestamps import format_label
from articles.derived.checks import discrepancies, labels, risk, status
from articles.derived.i18n import translate
from articles.derived.recordings.excerpts import public_excerpt
from articles.models import Citation, Confirmation


@dataclass(frozen=True)
class StatusDetails:
    """The status of one citation, as displayed.

    `status_label` is its label for readers, `verdict` the result of the automatic check. `excerpt` and `where_excerpt`
    are transcript excerpts, "" if they may not be shown. `confirmed`, `dismissed` and `lapsed` are sentence fragments,
    "" if they don't apply. `missing` lists the parts of the claim that aren't said there, `discrepancies` the
    `ShownDiscrepancy`s with the recording.
    """

    citation: Citation
    verdict: str
    status_label: labels.StatusLabel
    is_flagged: bool
    excerpt: str = ""
    where: str = ""
    where_href: str = ""
    where_excerpt: str = ""
    missing: tuple = ()
    discrepancies: tuple = ()
    reason: str = ""
    confirmed: str = ""
    dismissed: str = ""
    lapsed: str = ""
    confirmation: Confirmation | None = None

    @property
    def weight(self):
        return risk.WEIGHTS[self.verdict]


@dataclass(frozen=True)
class Counts:
    """Citation counts of a text, and of the text before it (None if there is none).

    `verdicts` are pairs (verdict, count) for each verdict that occurs, riskiest first; `discrepancies` are triples
    (kind, its name, number of citations that have one).
    """

    total: int
    said_here: int
    verdicts: list
    flagged: int
    confirmed: list
    dismissed: list
    lapsed: list
    discrepancies: list
    said_here_before: int | None = None
    total_before: int | None = None

    @property
    def is_checked(self):
        """Whether at least one citation was checked, automatically or by a person."""
        unchecked = dict(self.verdicts).get(evidence.NOT_CHECKED, 0)
        return bool(self.total > unchecked or self.confirmed or self.dismissed or self.lapsed)


class Text:
    """The `StatusDetails` of one text's citations, which can be looked up by section, moment and sentence."""

    def __init__(self, details):
        self.details = details
        self._by_moment = {}
        for citation_details in details:
            citation = citation_details.citation
            section = str(citation.section.key) if citation.section_id else ""
            place = section, citation.episode_id, citation.start_seconds, citation.end_seconds
            self._by_moment.setdefault(place, []).append(citation_details)

    def at(self, section_key, episode, cited, sentence):
        """Return the `StatusDetails` of a citation, or None.

        If a section cites the same moment several times, the citation whose claim is most similar to `sentence` is
        used.
        """
        if episode is None:
            return None
        candidates = self._by_moment.get((section_key, episode.pk, cited.start_seconds, cited.end_seconds), [])
        if len(candidates) < 2:
            return candidates[0] if candidates else None

        def similarity(details):
            return SequenceMatcher(None, details.citation.claim, sentence, autojunk=False).ratio()

        return max(candidates, key=similarity)


def texts(*revisions, excerpts):
    """Return a `Text` for each revision of an article, in one query plus three per revision.

    `excerpts` includes transcript excerpts for editors; otherwise they are those that readers see.
    """
    ids = [revision.pk for revision in revisions]
    rows = Citation.objects.filter(revision__in=ids).select_related("finding", "section", "episode__show")
    rows = rows.defer("section__body", "finding__candidates").order_by("revision", "position")
    cited = {pk: [] for pk in ids}
    for row in rows:
        cited[row.revision_id].append(row)
    article = revisions[-1].article
    return [_text(article, revision, cited[revision.pk], excerpts) for revision in revisions]


def _text(article, revision, citations, excerpts):
    for citation in citations:
        citation.revision = revision
    checks = [citation.finding for citation in citations]
    statuses = status.of_claims(article, citations, checks, before=revision.comes_from)
    return Text([details_of(*pair, excerpts=excerpts) for pair in zip(citations, statuses, strict=True)])


def details_of(citation, citation_status, *, excerpts):
    """Return the `StatusDetails` of a citation row, with its episode, from its `CitationStatus`."""
    check = citation_status.check
    if excerpts:
        excerpt, where_excerpt = (check.excerpt, check.where_excerpt) if check else ("", "")
    else:  # what the limit counts: nothing from other places, and nothing of earlier texts
        excerpt, where_excerpt = public_excerpt(citation.episode, check if citation.is_public else None), ""
    is_at_other = check is not None and check.where_seconds is not None
    return StatusDetails(
        citation=citation,
        verdict=citation_status.verdict,
        status_label=labels.label_of(citation_status),
        is_flagged=citation_status.is_flagged,
        excerpt=excerpt,
        where=format_label(check.where_seconds) if is_at_other else "",
        where_href=citation.episode.link_at(check.where_seconds) if is_at_other else "",
        where_excerpt=where_excerpt,
        missing=tuple(check.missing) if check and (excerpts or excerpt) else (),
        discrepancies=discrepancies.shown(check, citation.episode, may_quote=excerpts),
        reason=translate(check.reason) if check else "",
        confirmed=labels.confirmed_by(citation_status.confirmation),
        dismissed=labels.dismissed_by(citation_status.dismissal, with_note=excerpts),
        lapsed=labels.lapsed_by(citation_status),
        confirmation=citation_status.confirmation,
    )


def counts(after, before=None):
    """Return the `Counts` of the `Text` `after`, including those of `before`."""
    numbers = Counter(details.verdict for details in after.details)
    return Counts(
        total=len(after.details),
        said_here=numbers[evidence.SAID_HERE],
        verdicts=[(verdict, numbers[verdict]) for verdict in risk.WEIGHTS if numbers[verdict]],
        flagged=sum(details.is_flagged for details in after.details),
        confirmed=[details for details in after.details if details.confirmed],
        dismissed=[details for details in after.details if details.dismissed],
        lapsed=[details for details in after.details if details.lapsed],
        discrepancies=discrepancies.in_words(
            Counter(kind for details in after.details for kind in {found.kind for found in details.discrepancies})
        ),
        said_here_before=sum(details.verdict == evidence.SAID_HERE for details in before.details) if before else None,
        total_before=len(before.details) if before else None,
    )
