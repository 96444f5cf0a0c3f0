"""Changing rows only if they are still what was expected, above all the status of a revision."""

from django.utils.translation import gettext, gettext_lazy

from articles.models import LogEntry, Revision
from articles.workflow.history import rows

from .errors import InvalidTransition, clock

Status = Revision.Status
Action = LogEntry.Action
# What is logged about a revision without changing its status.
ASIDE = [Action.PRIORITY_CHANGED, Action.ASSIGNED, Action.REVIEW_CLAIMED, Action.VERSIONS_DISCARDED]
ASIDE += [Action.SHARED, Action.SHARING_ENDED, Action.EDIT_ACCEPTED, Action.CO_APPROVED]
ASIDE += [Action.RECORDING_CHANGED, Action.RECORDING_PROPOSED]
ASIDE += [Action.RECORDING_REJECTED, Action.RECORDING_WITHDRAWN]

_HAPPENED = {
    Revision.Status.DRAFT: gettext_lazy("Revision %(number)s is a draft"),
    Revision.Status.SUBMITTED: gettext_lazy("Revision %(number)s was submitted for review"),
    Revision.Status.APPROVED: gettext_lazy("Revision %(number)s was approved"),
    Revision.Status.CHANGES_REQUESTED: gettext_lazy("Changes to revision %(number)s were requested"),
    Revision.Status.REJECTED: gettext_lazy("Revision %(number)s was rejected"),
    Revision.Status.WITHDRAWN: gettext_lazy("Revision %(number)s was withdrawn"),
    Revision.Status.RECEIVED: gettext_lazy("Revision %(number)s was imported"),
    Revision.Status.DISCARDED: gettext_lazy("Revision %(number)s was discarded"),
}


def moved_on(revision):
    """Return the error that says who changed the revision's status, and when."""
    current = Revision.objects.select_related("article").get(pk=revision.pk)
    last = LogEntry.objects.filter(revision=current).exclude(action__in=ASIDE).order_by("number").last()
    values = {"happened": _HAPPENED[current.status] % {"number": current.number}}
    if last is None:
        return InvalidTransition(gettext("%(happened)s: this is no longer possible.") % values)
    values |= {"name": last.by_name, "moment": clock(last.at)}
    return InvalidTransition(gettext("%(happened)s (%(name)s, %(moment)s): this is no longer possible.") % values)


def compare_and_set(expected, row, **changes):
    """Set `changes` on `row`, in the database and in memory, if it is one of the `expected` rows, a query set.

    Returns whether it was; if not, another transaction has changed it first.
    """
    if not expected.filter(pk=row.pk).update(**changes):
        return False
    for name, value in changes.items():
        setattr(row, name, value)
    return True


def set_status(revision, before, after, **changes):
    """Compare and set the status, along with `changes`. Raises `InvalidTransition` if the status isn't `before`."""
    with rows.recorded(Revision, [revision.pk] if rows.are_covered(Revision, changes) else ()):
        done = compare_and_set(Revision.objects.filter(status=before), revision, status=after, **changes)
    if not done:
        raise moved_on(revision)
