"""What is wrong with all citations of a recording, as the evidence panel shows it, and the flags that this explains."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext

from articles.core.evidence import source_issues as kinds
from articles.derived import source_issues
from articles.models import Dismissal

from .claims import KEY_LENGTH, Claim

LISTED = 200  # citations in the list under the issue


@dataclass(frozen=True)
class SourceIssue:
    """An issue of all citations of one recording. `items` are the claims and lint issues of the panel that it explains.

    `is_first` if the recording is the article's first source, which the editor asks for apart from the others.
    """

    id: str
    found: source_issues.Found
    dismissal: Dismissal | None
    items: tuple
    is_first: bool

    @property
    def is_foreign(self):
        return self.found.kind == kinds.OTHER_RECORDING

    @property
    def key(self):
        return self.found.subject[:KEY_LENGTH]

    @property
    def is_flagged(self):
        return self.dismissal is None

    @property
    def text(self):
        return self.found.in_words

    @property
    def advice(self):
        """What to do about it."""
        if self.is_foreign:
            return gettext("Check the source, and choose the recording that the article is about.")
        if self.found.issue.reading is None:
            return gettext("No single correction fits all of them. The list shows the best match of each.")
        return gettext("One correction fits them. The list shows each timestamp before and after.")

    @property
    def listed(self):
        return self.items[:LISTED]

    @property
    def more(self):
        return max(0, len(self.items) - LISTED)

    reasons = [choice for choice in Dismissal.Reason.choices if choice[0] in {Dismissal.Reason.HEARD, "other"}]


def explain(parts, lead, episodes, lists, dismissals):
    """Return the `SourceIssue`s of a text; replaces the items of `lists`, its claims and lint issues, that they explain.

    `dismissals` are the article's. Queries only if marks are past the end: two per episode that these cite.
    """
    items = {item.id: item for items in lists for item in items}
    cited = [_cited(item) for item in items.values() if isinstance(item, Claim)]
    marks = source_issues.past_end([part.part for part in parts], lead, episodes)
    for mark, check in zip(marks, source_issues.checks_of(marks), strict=True):
        ref = _id_of(mark, parts[mark.part])
        cited.append(source_issues.cited_with(mark.episode, mark.citation.start_seconds, check, ref))
    by_subject = {row.subject: row for row in dismissals if row.code == source_issues.CODE}
    shown = []
    for found in source_issues.find(cited):
        name = f"source-issue-{found.episode.pk}"
        dismissal = by_subject.get(found.subject)
        is_first = found.episode == next(iter(episodes.values()))
        explained = [ref for ref in dict.fromkeys(found.explained) if ref in items]
        shown.append(SourceIssue(name, found, dismissal, tuple(items[ref] for ref in explained), is_first))
        if dismissal is None:
            covered = [*explained, *(_by_chance(found, items) if found.kind == kinds.OTHER_RECORDING else ())]
            items |= {ref: replace(items[ref], explained_by=name) for ref in covered}
    for of_part in lists:
        of_part[:] = [items[item.id] for item in of_part]
    return shown


def _by_chance(found, items):
    """Yield the ids of claims of another recording that aren't flagged, because something like them is said there."""
    for ref, item in items.items():
        if isinstance(item, Claim) and item.episode == found.episode and not item.status.is_settled:
            yield ref


def _cited(claim):
    is_settled = claim.status.is_settled
    return source_issues.cited_with(
        claim.episode, claim.start_seconds, claim.status.check, claim.id, is_settled=is_settled
    )


def _id_of(mark, part):
    """Return the id of the lint issue about a `PastEnd`."""
    field = part.fields["heading" if mark.is_in_heading else "body"]
    return f"f-{source_issues.PAST_END}-{field}-{mark.citation.offset}"
