"""The evidence panel: lint issues, claims and uncited sentences for each part of the text, in text order."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from django.conf import settings

from articles.core.lint import coverage
from articles.derived.checks.lint_results import as_text
from articles.derived.i18n import translate
from articles.models import Dismissal, Exemption

from . import claims as evidence
from . import flags, threads


@dataclass
class Group:
    """The panel's group for the lead or one section."""

    card: object
    section_key: object
    items: list
    dismissed: list
    exemption: Exemption | None = None
    can_be_exempt: bool = False
    usual_reason: str = ""

    @property
    def issue_count(self):
        """The number of issues; uncited sentences aren't counted."""
        return sum(item.is_flagged for item in self.items if not isinstance(item, evidence.Uncited))

    @property
    def uncited(self):
        return [item for item in self.items if isinstance(item, evidence.Uncited)]


@dataclass
class EvidencePanel:
    """The whole panel. `sources` are the (key, episode) of the text; `wanted` are the digests with suggestions."""

    groups: list[Group]
    without_transcript: list
    sources: list
    coverage_verdict: coverage.CoverageVerdict
    wanted: list[str] = field(default_factory=list)
    has_several_sources: bool = False
    is_saved: bool = False  # confirmations, dismissals and exemptions need a saved article

    @property
    def items(self):
        return [item for group in self.groups for item in [*group.items, *group.dismissed]]

    @property
    def issue_count(self):
        return sum(group.issue_count for group in self.groups)

    @property
    def about_safety(self):
        """The uncited sentences that could harm a reader who acts on them."""
        not_exempt = [group for group in self.groups if group.exemption is None]
        return [sentence for group in not_exempt for sentence in group.uncited if sentence.is_about_safety]


def build_panel(title, lead, parts, article, episodes, *, lineage, editor, wanted):
    """Return the panel for `parts`, whose text comes from the revisions in `lineage`.

    `editor` is the user if they may edit it, else None. The number of queries doesn't depend on the length of the text.
    """
    is_saved = article is not None and article.pk is not None
    dismissals = Dismissal.objects.active().filter(article=article) if is_saved else []
    active = Exemption.objects.active().filter(article=article) if is_saved else []
    exemptions = {exemption.section_key: exemption for exemption in active}
    text = as_text(title, lead, [part.part for part in parts], episodes)
    exempt = {
        index: exemptions[part.section_key].reason
        for index, part in enumerate(parts)
        if (part is parts[0] or part.section_key) and part.section_key in exemptions
    }
    measured = coverage.measure(text, exempt)
    usual = coverage.usual_exemptions(text)
    issues_by_part = flags.issues(text, parts, dismissals)
    claims_by_card = defaultdict(list)
    for claim in evidence.claims(parts, article, episodes, before=lineage.before, editor=editor):
        claims_by_card[claim.place.card].append(claim)
    threads_by_card = threads.threads(parts, lineage.discussed if editor else ())
    groups = []
    for part, read, issues in zip(parts, text.parts, issues_by_part, strict=True):
        items = [issue for issue in issues if issue.is_flagged]
        items += claims_by_card[part.card.anchor]
        items += threads_by_card.get(part.card.anchor, [])
        items += evidence.uncited(part, read, episodes, wanted if editor else set())
        items.sort(key=_text_order)
        index = read.index
        exemption = exemptions[part.section_key] if index in exempt else None
        groups.append(
            Group(
                part.card,
                part.section_key,
                items,
                [issue for issue in issues if not issue.is_flagged],
                exemption,
                can_be_exempt=index in {0, len(parts) - 1, *usual} and exemption is None,
                usual_reason=translate(usual.get(index, "")),
            )
        )
    searched = {sentence.digest for group in groups for sentence in group.uncited if sentence.suggestions is not None}
    verdict = coverage.verdict(measured, settings.COVERAGE_TARGET, settings.COVERAGE_POLICY)
    return EvidencePanel(
        groups,
        without_transcript=[episode for episode in episodes.values() if not episode.transcript_digest],
        sources=list(episodes.items()),
        coverage_verdict=replace(verdict, message=translate(verdict.message)),
        wanted=sorted(searched),
        has_several_sources=len(episodes) > 1,
        is_saved=is_saved,
    )


def _text_order(item):
    """Sort key: the heading before the body, then by position; at the same position issues come first."""
    rank = [threads.Thread, flags.ShownIssue, evidence.Uncited, evidence.Claim].index(type(item))
    return not item.place.field.endswith("-heading"), item.place.offset, rank
