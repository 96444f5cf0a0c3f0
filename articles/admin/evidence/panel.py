"""The column beside the text, part by part: flags, claims and sentences without a citation in their order."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from django.conf import settings

from articles.core.lint import coverage
from articles.derived.i18n import translate
from articles.models import Dismissal, Exemption
from articles.workflow import content

from . import claims as evidence
from . import flags


@dataclass
class Group:
    """What stands beside the lead or one section."""

    card: object
    section_key: object
    items: list
    dismissed: list
    exemption: Exemption | None = None
    can_be_exempt: bool = False
    count: coverage.Count = field(default_factory=coverage.Count)
    usual_reason: str = ""

    @property
    def look_count(self):
        """How many of its items somebody should look at."""
        return sum(one.is_flagged for one in self.items if not isinstance(one, evidence.Uncited))

    @property
    def uncited(self):
        return [one for one in self.items if isinstance(one, evidence.Uncited)]


@dataclass
class EvidencePanel:
    """All of the column. `sources` are (key, episode) of the text, `lacking` the episodes without a transcript."""

    groups: list[Group]
    lacking: list
    sources: list
    coverage: coverage.Coverage
    verdict: coverage.CoverageVerdict
    wanted: list[str] = field(default_factory=list)
    has_several_sources: bool = False
    is_saved: bool = False  # only of a saved article can something be said that is kept

    @property
    def items(self):
        return [one for group in self.groups for one in [*group.items, *group.dismissed]]

    @property
    def claims(self):
        return [one for one in self.items if isinstance(one, evidence.Claim)]

    @property
    def flags(self):
        return [one for group in self.groups for one in group.items if isinstance(one, flags.ShownIssue)]

    @property
    def look_count(self):
        return sum(group.look_count for group in self.groups)

    @property
    def about_safety(self):
        """The sentences without a citation on which a reader may act and come to harm."""
        needed = [group for group in self.groups if group.exemption is None]
        return [one for group in needed for one in group.uncited if one.is_about_safety]


def build_panel(title, lead, parts, article, episodes, *, is_editor, wanted):
    """The column beside `parts` as they are read; its questions to the database do not grow with the text."""
    is_saved = article is not None and article.pk is not None
    dismissals = Dismissal.objects.active().filter(article=article) if is_saved else []
    exemptions = (
        {one.section_key: one for one in Exemption.objects.active().filter(article=article)} if is_saved else {}
    )
    text = content.as_text(title, lead, [part.part for part in parts], episodes)
    exempt = {
        index: exemptions[part.section_key].reason
        for index, part in enumerate(parts)
        if (part is parts[0] or part.section_key) and part.section_key in exemptions
    }
    measured = coverage.measure(text, exempt)
    usual = coverage.usual_exemptions(text)
    flagged = flags.issues(text, parts, dismissals)
    claims = evidence.claims(parts, article, episodes, is_editor=is_editor)
    of_card = defaultdict(list)
    for claim in claims:
        of_card[claim.place.card].append(claim)
    groups = []
    for part, read, of_part in zip(parts, text.parts, flagged, strict=True):
        items = [one for one in of_part if one.is_flagged]
        items += of_card[part.card.anchor]
        items += evidence.uncited(part, read, episodes, wanted if is_editor else set())
        items.sort(key=_order)
        index = read.index
        exemption = exemptions[part.section_key] if index in exempt else None
        groups.append(
            Group(
                part.card,
                part.section_key,
                items,
                [one for one in of_part if not one.is_flagged],
                exemption,
                can_be_exempt=index in {0, len(parts) - 1, *usual} and exemption is None,
                count=measured.parts[index].count,
                usual_reason=translate(usual.get(index, "")),
            )
        )
    asked = {one.digest for group in groups for one in group.uncited if one.offers is not None}
    verdict = coverage.verdict(measured, settings.COVERAGE_TARGET, settings.COVERAGE_POLICY)
    return EvidencePanel(
        groups,
        lacking=[episode for episode in episodes.values() if not episode.transcript_digest],
        sources=list(episodes.items()),
        coverage=measured,
        verdict=replace(verdict, message=translate(verdict.message)),
        wanted=sorted(asked),
        has_several_sources=len(episodes) > 1,
        is_saved=is_saved,
    )


def _order(item):
    """In the order of the text: the heading before the body, at one place what is flagged first."""
    rank = [flags.ShownIssue, evidence.Uncited, evidence.Claim].index(type(item))
    return not item.place.field.endswith("-heading"), item.place.offset, rank
