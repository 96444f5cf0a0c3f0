"""Decides or arranges several revisions at once: each in a transaction of its own, each with its answer."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from articles import workflow
from articles.models import Revision
from articles.workflow.collaboration import review_locks

BEHIND = gettext_lazy(
    "It is behind: the public text has changed since it was started. It has to be brought up to date first."
)


@dataclass(frozen=True)
class Outcome:
    """What became of one of the chosen revisions; `revision` is None where there is no such one."""

    revision: Revision | None
    is_done: bool
    said: str

    def __str__(self):
        if self.revision is None:
            return self.said
        return gettext("“%(title)s”, revision %(number)s: %(said)s") % {
            "title": self.revision.title or gettext("Untitled"),
            "number": self.revision.number,
            "said": self.said,
        }


def carry_out(act, revisions, *, by, comment="", due_on=None):
    """Do `act` to each of `revisions` (keys), in their order; the `Outcome` of each."""
    found = Revision.objects.select_related("article").in_bulk(revisions)
    return [_one(act, found.get(key), key, by=by, comment=comment, due_on=due_on) for key in revisions]


def _one(act, revision, key, **words):
    if revision is None:
        return Outcome(None, False, gettext("Number %(key)s: there is no such revision any more.") % {"key": key})
    try:
        with transaction.atomic():
            return Outcome(revision, True, _ACTS[act](revision, **words))
    except workflow.WorkflowError as refusal:
        return Outcome(revision, False, str(refusal))


def _approve(revision, *, by, comment, due_on):
    if revision.needs_look and revision.status == Revision.Status.APPROVED:
        workflow.confirm(revision, by=by, comment=comment)
        return gettext("looked at afterwards, and found right.")
    if revision.is_outdated:
        raise workflow.InvalidTransition(BEHIND)
    workflow.approve(revision, by=by, comment=comment)
    return gettext("approved; it waits to be published.")


def _request_changes(revision, *, by, comment, due_on):
    workflow.request_changes(revision, by=by, comment=comment)
    return gettext("sent back to its author.")


def _urgent(revision, *, by, comment, due_on):
    review_locks.arrange(revision, by=by, is_urgent=True)
    return gettext("urgent: it stands first.")


def _not_urgent(revision, *, by, comment, due_on):
    review_locks.arrange(revision, by=by, is_urgent=False)
    return gettext("not urgent any more.")


def _due(revision, *, by, comment, due_on):
    review_locks.arrange(revision, by=by, due_on=due_on)
    return (
        gettext("due on %(day)s.") % {"day": date_format(due_on, "DATE_FORMAT")}
        if due_on
        else gettext("has no date any more.")
    )


_ACTS = {
    "approve": _approve,
    "request_changes": _request_changes,
    "urgent": _urgent,
    "not_urgent": _not_urgent,
    "due": _due,
}
