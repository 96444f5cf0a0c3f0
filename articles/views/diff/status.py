"""How the citations of two compared texts stand: what the machine found at each moment, what people said of it."""

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from articles.core import evidence
from articles.core.language.shorten import shorten_at_word
from articles.core.timestamps import format_label
from articles.derived.checks import labels, risk, status
from articles.derived.i18n import translate
from articles.derived.pages.recordings import EXCERPT_LENGTH
from articles.models import Citation


@dataclass(frozen=True)
class StatusDetails:
    """The status of one citation as a page shows it. `said` and `where_said` are words of the transcript, "" where they may not be shown.

    `words` is its label for readers, `verdict` what the machine found; `heard`, `dismissed` and `lapsed` are sentence
    parts, "" where nobody said so. `missing` lists what of the claim is not said there.
    """

    citation: Citation
    verdict: str
    words: labels.StatusLabel
    is_flagged: bool
    said: str = ""
    where: str = ""
    where_href: str = ""
    where_said: str = ""
    missing: tuple = ()
    reason: str = ""
    heard: str = ""
    dismissed: str = ""
    lapsed: str = ""

    @property
    def weight(self):
        return risk.WEIGHTS[self.verdict]


@dataclass(frozen=True)
class Counts:
    """How the citations of a text stand, and of the text before it (None: there is none).

    `verdicts` pairs each verdict that occurs with its number, the riskiest first.
    """

    total: int
    said_here: int
    verdicts: list
    flagged: int
    heard: list
    dismissed: list
    lapsed: list
    said_here_before: int | None = None
    total_before: int | None = None

    @property
    def is_checked(self):
        """The machine, or a person, has said something of a citation."""
        unchecked = dict(self.verdicts).get(evidence.NOT_CHECKED, 0)
        return bool(self.total > unchecked or self.heard or self.dismissed or self.lapsed)


class Text:
    """The citations of one text with how they stand, found by section, moment and sentence."""

    def __init__(self, stands):
        self.stands = stands
        self._by_moment = {}
        for one in stands:
            citation = one.citation
            section = str(citation.section.key) if citation.section_id else ""
            place = section, citation.episode_id, citation.start_seconds, citation.end_seconds
            self._by_moment.setdefault(place, []).append(one)

    def at(self, section_key, episode, cited, sentence):
        """The `StatusDetails` of a citation; of several at one moment in a section, that whose claim is most like `sentence`."""
        if episode is None:
            return None
        found = self._by_moment.get((section_key, episode.pk, cited.start_seconds, cited.end_seconds), [])
        if len(found) < 2:
            return found[0] if found else None
        return max(found, key=lambda one: SequenceMatcher(None, one.citation.claim, sentence, autojunk=False).ratio())


def texts(*revisions, excerpts):
    """A `Text` for each of the revisions, of one article: one query, and three for each.

    `excerpts` shows words of transcripts, which is for who may edit; without it only where the episode allows it.
    """
    ids = [revision.pk for revision in revisions]
    rows = Citation.objects.filter(revision__in=ids).select_related("finding", "section", "episode__show")
    rows = rows.defer("section__body", "finding__candidates").order_by("revision", "position")
    cited = {pk: [] for pk in ids}
    for row in rows:
        cited[row.revision_id].append(row)
    article = revisions[-1].article
    return [_text(article, cited[pk], excerpts) for pk in ids]


def _text(article, citations, excerpts):
    found = status.of_claims(article, citations, [citation.finding for citation in citations])
    return Text([details_of(*pair, excerpts=excerpts) for pair in zip(citations, found, strict=True)])


def details_of(citation, found, *, excerpts):
    """The `StatusDetails` of a citation row (with its episode) from its `CitationStatus`."""
    check = found.check
    may = excerpts or citation.episode.allows_excerpts

    def excerpt(text):
        return text if excerpts else shorten_at_word(text, EXCERPT_LENGTH)

    is_at_other = check is not None and check.where_seconds is not None
    return StatusDetails(
        citation=citation,
        verdict=found.verdict,
        words=labels.label_of(found),
        is_flagged=found.is_flagged,
        said=excerpt(check.excerpt) if check and may else "",
        where=format_label(check.where_seconds) if is_at_other else "",
        where_href=citation.episode.link_at(check.where_seconds) if is_at_other else "",
        where_said=excerpt(check.where_excerpt) if check and may else "",
        missing=tuple(check.missing) if check and may else (),
        reason=translate(check.reason) if check else "",
        heard=labels.confirmed_by(found.confirmation),
        dismissed=labels.dismissed_by(found.dismissal, with_note=excerpts),
        lapsed=labels.lapsed_by(found),
    )


def counts(after, before=None):
    """The `Counts` of a `Text`, with what stood in the one before."""
    numbers = Counter(one.verdict for one in after.stands)
    by_weight = sorted(risk.WEIGHTS, key=risk.WEIGHTS.get, reverse=True)
    return Counts(
        total=len(after.stands),
        said_here=numbers[evidence.SAID_HERE],
        verdicts=[(verdict, numbers[verdict]) for verdict in by_weight if numbers[verdict]],
        flagged=sum(one.is_flagged for one in after.stands),
        heard=[one for one in after.stands if one.heard],
        dismissed=[one for one in after.stands if one.dismissed],
        lapsed=[one for one in after.stands if one.lapsed],
        said_here_before=sum(one.verdict == evidence.SAID_HERE for one in before.stands) if before else None,
        total_before=len(before.stands) if before else None,
    )
