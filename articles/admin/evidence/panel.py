"""The evidence panel: lint issues, claims and uncited sentences for each part of the text, in text order."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from django.conf import settings

from articles.core.lint import coverage
from articles.derived.checks.lint_results import as_text
from articles.derived.i18n import translate
from articles.models import Dismissal, Exemption, Revision
from articles.workflow.collaboration import comments

from . import claims, flags, source_issues, threads
from .notes import Notes, notes_of

ITEMS_MAX = 150  # on one page of the panel
SENTENCES_MAX = 100  # in the list of uncited safety claims


@dataclass
class Group:
    """The panel's group for the lead or one section. `shown` and `shown_dismissed` are those on the panel's page.

    `elsewhere` is the number of the others, and `page` the number of the page with the first of them, from 1.
    """

    card: object
    section_key: object
    items: list
    dismissed: list
    exemption: Exemption | None = None
    can_be_exempt: bool = False
    usual_reason: str = ""
    shown: list = field(default_factory=list)
    shown_dismissed: list = field(default_factory=list)
    elsewhere: int = 0
    page: int = 1
    notes: Notes | None = None

    def show(self, first, page):
        """Choose what is shown on `page`; the group's items are those from number `first` (from 0) of the panel on."""
        items = [*self.items, *self.dismissed]
        start = (page - 1) * ITEMS_MAX - first
        chosen = range(max(0, start), max(0, min(len(items), start + ITEMS_MAX)))
        self.shown = [items[at] for at in chosen if at < len(self.items)]
        self.shown_dismissed = [items[at] for at in chosen if at >= len(self.items)]
        self.elsewhere = len(items) - len(chosen)
        at = first if chosen.start > 0 or not chosen else first + len(chosen)
        self.page = at // ITEMS_MAX + 1

    @property
    def issue_count(self):
        """The number of issues; uncited sentences aren't counted."""
        return sum(item.is_flagged for item in self.items if not isinstance(item, claims.Uncited))

    @property
    def uncited(self):
        return [item for item in self.items if isinstance(item, claims.Uncited)]


@dataclass
class EvidencePanel:
    """The whole panel.

    `source_issues` are about all citations of a recording, `sources` are the (key, episode) of the text, and `wanted`
    are the digests of the sentences with suggestions.
    """

    groups: list[Group]
    without_transcript: list
    sources: list
    coverage_verdict: coverage.CoverageVerdict
    exempt_count: int = 0  # uncited sentences of exempt sections, which the verdict doesn't count
    wanted: list[str] = field(default_factory=list)
    has_several_sources: bool = False
    is_saved: bool = False  # confirmations, dismissals and exemptions need a saved article
    page: int = 1
    page_count: int = 1
    source_issues: list = field(default_factory=list)
    discussion: threads.Threads = field(default_factory=threads.Threads)
    may_discuss: bool = False  # on the revision that the text was loaded from
    is_in_review: bool = False  # that revision; no suggested edit can be accepted then

    @property
    def next_page(self):
        return self.page + 1 if self.page < self.page_count else None

    @property
    def previous_page(self):
        return self.page - 1 if self.page > 1 else None

    @property
    def items(self):
        return [item for group in self.groups for item in [*group.items, *group.dismissed]]

    @property
    def has_own_claims(self):
        return any(isinstance(item, claims.Claim) and item.is_by_reader for item in self.items)

    def page_of(self, item):
        """The number of the page with `item`, from 1."""
        return [of_panel.id for of_panel in self.items].index(item.id) // ITEMS_MAX + 1

    @property
    def issue_count(self):
        return sum(group.issue_count for group in self.groups) + sum(issue.is_flagged for issue in self.source_issues)

    @property
    def about_safety(self):
        """The uncited sentences that could harm a reader who acts on them."""
        not_exempt = [group for group in self.groups if group.exemption is None]
        return [sentence for group in not_exempt for sentence in group.uncited if sentence.is_about_safety]

    @property
    def first_about_safety(self):
        return self.about_safety[:SENTENCES_MAX]

    @property
    def more_about_safety(self):
        return max(0, len(self.about_safety) - SENTENCES_MAX)


def build_panel(
    title,
    lead,
    parts,
    article,
    episodes,
    *,
    lineage,
    editor,
    wanted,
    is_change,
    is_about_health,
    page=1,
    chosen_threads="",
):
    """Return the panel for `parts`, whose text comes from the revisions in `lineage`, open at `page` of its items.

    `editor` is the user if they may edit it, else None. If it `is_change` of a published text, there are no working notes.
    An article with the health notice `is_about_health`: more of its sentences could harm a reader.
    The number of queries doesn't depend on the length of the text.
    """
    is_saved = article is not None and article.pk is not None
    dismissals = Dismissal.objects.active().filter(article=article) if is_saved else []
    active = Exemption.objects.active().filter(article=article) if is_saved else []
    exemptions = {exemption.section_key: exemption for exemption in active}
    text = as_text(title, lead, [part.part for part in parts], episodes)
    exempt = {
        index: exemptions[part.section_key]
        for index, part in enumerate(parts)
        if (part is parts[0] or part.section_key) and part.section_key in exemptions
    }
    measured = coverage.measure(text, exempt, is_about_health=is_about_health)
    shown_claims = claims.claims(parts, article, episodes, before=lineage.before, editor=editor)
    issues_by_part = flags.with_moves(flags.issues(text, parts, dismissals), shown_claims)
    whole = source_issues.explain(parts, lead, episodes, [shown_claims, *issues_by_part], dismissals)
    discussed = lineage.discussed if editor else None
    found_threads = threads.threads(title, parts, discussed, chosen_threads)
    notes = notes_of(parts, episodes) if editor and not is_change else {}
    others = defaultdict(list, {anchor: [*found] for anchor, found in found_threads.by_card.items()})
    for claim in shown_claims:
        others[claim.place.card].append(claim)
    for part, read in zip(parts, text.parts, strict=True):
        searched_for = wanted if editor else set()
        others[part.card.anchor] += claims.uncited(part, read, episodes, searched_for, is_about_health=is_about_health)
    groups = _groups(parts, text, issues_by_part, others, exempt, notes)
    page_count, page = _turn_to(page, groups)
    searched = {sentence.digest for group in groups for sentence in group.uncited if sentence.suggestions is not None}
    verdict = coverage.verdict(measured, settings.COVERAGE_TARGET, settings.COVERAGE_POLICY)
    return EvidencePanel(
        groups,
        without_transcript=[episode for episode in episodes.values() if not episode.transcript_digest],
        sources=list(episodes.items()),
        coverage_verdict=replace(verdict, message=translate(verdict.message)),
        exempt_count=coverage.measure(text, is_about_health=is_about_health).uncited - measured.uncited,
        wanted=sorted(searched),
        has_several_sources=len(episodes) > 1,
        is_saved=is_saved,
        page=page,
        page_count=page_count,
        source_issues=whole,
        discussion=found_threads,
        may_discuss=discussed is not None and comments.may_discuss(Revision(pk=lineage.loaded), editor),
        is_in_review=lineage.is_in_review,
    )


def _groups(parts, text, issues_by_part, others, exempt, notes):
    """Return the `Group`s in text order.

    `others` are the items besides issues and `notes` the `Notes`, by the anchor of their card; `exempt` are the
    exemptions by the index of their part.
    """
    usual = coverage.usual_exemptions(text)
    may_be_exempt = {0, len(parts) - 1, *usual}
    return [
        Group(
            part.card,
            part.section_key,
            sorted(
                [*(issue for issue in issues if issue.dismissal is None), *others[part.card.anchor]], key=_text_order
            ),
            [issue for issue in issues if issue.dismissal is not None],
            exempt.get(index),
            can_be_exempt=index in may_be_exempt and index not in exempt,
            usual_reason=translate(usual.get(index, "")),
            notes=notes.get(part.card.anchor),
        )
        for index, (part, issues) in enumerate(zip(parts, issues_by_part, strict=True))
    ]


def _turn_to(page, groups):
    """Choose what the groups show on `page`; return the number of pages, and the page, which may be the last one."""
    counts = [len(group.items) + len(group.dismissed) for group in groups]
    page_count = max(1, -(-sum(counts) // ITEMS_MAX))
    page = max(1, min(page, page_count))
    first = 0
    for group, count in zip(groups, counts, strict=True):
        group.show(first, page)
        first += count
    return page_count, page


def _text_order(item):
    """Sort key: the heading before the body, then by position; at the same position issues come first."""
    rank = [threads.Thread, flags.ShownIssue, claims.Uncited, claims.Claim].index(type(item))
    return not item.place.field.endswith("-heading"), item.place.offset, rank
