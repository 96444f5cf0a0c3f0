"""How urgent the review of a revision is: its due date, and whether it comes first."""

from django.utils.formats import date_format
from django.utils.translation import gettext

from articles.models import Revision
from articles.workflow.history import rows
from articles.workflow.transitions import (
    Action,
    compare_and_set,
    lock_article,
    moved_on,
    record,
    require,
    transition,
)


@transition
def set_priority(revision, *, by, **changes):
    """Set `due_on` (a date or None), `is_urgent` or both on a revision in review, and log what changed."""
    require(by, "articles.review_revision", gettext("review revisions"))
    lock_article(revision.article)
    before = Revision.objects.filter(pk=revision.pk).values(*changes).get()
    with rows.recorded(Revision, [revision.pk]):
        done = compare_and_set(Revision.objects.awaiting_review(), revision, **changes)
    if not done:
        raise moved_on(revision)
    if changed := {name: value for name, value in changes.items() if value != before[name]}:
        record(revision.article, revision, Action.PRIORITY_CHANGED, by, _note(changed, before))
    return revision


def _note(changed, before):
    """Describe a change of priority for the log: what it is now, and the due date it replaces."""
    notes = []
    if "due_on" in changed:
        day = _day(changed["due_on"])
        notes.append(day if before["due_on"] is None else f"{_day(before['due_on'])} → {day}")
    if "is_urgent" in changed:
        notes.append(gettext("urgent") if changed["is_urgent"] else gettext("not urgent"))
    return ", ".join(notes)


def _day(due_on):
    return gettext("due on %(day)s") % {"day": date_format(due_on, "DATE_FORMAT")} if due_on else gettext("no due date")
