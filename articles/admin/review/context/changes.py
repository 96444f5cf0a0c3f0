"""The changes on one page of the review page, and the checkboxes that accept them one by one."""

from dataclasses import dataclass, field

from django.core.paginator import Page

TICKED_MAX = 1_000  # changes that can be accepted one by one: each is a field of the form


@dataclass(frozen=True)
class ReviewedChanges:
    """`on_page` has the changes of this page, `elsewhere` those of the others, and `ticked` is how many are selected.

    `accepted` are the ids of a selection made before, if this page has no checkboxes; None if none was made.
    """

    on_page: Page | list = field(default_factory=list)
    elsewhere: list = field(default_factory=list)
    can_be_ticked: bool = False
    ticked: int = 0
    accepted: list[str] | None = None

    @property
    def ticked_elsewhere(self):
        return [change for change in self.elsewhere if change.is_ticked]


def reviewed_changes(shown, page, kept, *, is_own_comparison, in_part):
    """The `ReviewedChanges` of the comparison `shown`, None without one, on `page`; `kept` is what was typed and chosen.

    `in_part` says whether the revision may be accepted in part. Sets `is_ticked` on the changes.
    """
    accepted = kept.getlist("accept") if kept.get("parts") else None
    if shown is None:
        return ReviewedChanges(accepted=accepted if in_part else None)
    on_page = shown.page(page)
    can_be_ticked = is_own_comparison and in_part and len(shown.changes) <= TICKED_MAX
    ids = {change.id for change in on_page}
    return ReviewedChanges(
        on_page,
        [change for change in shown.changes if change.id not in ids],
        can_be_ticked,
        _tick(shown, accepted) if can_be_ticked else 0,
        # Another comparison has no checkboxes, but a selection that was made still counts.
        accepted if in_part and not can_be_ticked else None,
    )


def _tick(shown, accepted):
    """Set `is_ticked` on the changes with the ids `accepted` (None: all); returns the number of selected changes."""
    for change in shown.changes:
        change.is_ticked = accepted is None or change.id in accepted
    return sum(change.is_ticked for change in shown.changes)
