"""Decides or arranges several revisions at once: each in a transaction of its own, each with its answer."""

from dataclasses import dataclass

from django.db import transaction

from articles import workflow
from articles.models import Revision
from articles.workflow import claiming

BEHIND = "It is behind: the public text has changed since it was started. It has to be brought up to date first."


@dataclass(frozen=True)
class Outcome:
    """What became of one of the chosen revisions; `revision` is None where there is no such one."""

    revision: Revision | None
    is_done: bool
    said: str

    def __str__(self):
        if self.revision is None:
            return self.said
        return f"“{self.revision.title or 'Untitled'}”, revision {self.revision.number}: {self.said}"


def carry_out(act, revisions, *, by, comment="", due_on=None):
    """Do `act` to each of `revisions` (keys), in their order; the `Outcome` of each."""
    found = Revision.objects.select_related("article").in_bulk(revisions)
    return [_one(act, found.get(key), key, by=by, comment=comment, due_on=due_on) for key in revisions]


def _one(act, revision, key, **words):
    if revision is None:
        return Outcome(None, False, f"Number {key}: there is no such revision any more.")
    try:
        with transaction.atomic():
            return Outcome(revision, True, _ACTS[act](revision, **words))
    except workflow.WorkflowError as refusal:
        return Outcome(revision, False, str(refusal))


def _approve(revision, *, by, comment, due_on):
    if revision.needs_look and revision.status == Revision.Status.APPROVED:
        workflow.confirm(revision, by=by, comment=comment)
        return "looked at afterwards, and found right."
    if revision.is_behind:
        raise workflow.InvalidTransition(BEHIND)
    workflow.approve(revision, by=by, comment=comment)
    return "approved; it waits to be published."


def _request_changes(revision, *, by, comment, due_on):
    workflow.request_changes(revision, by=by, comment=comment)
    return "sent back to its author."


def _urgent(revision, *, by, comment, due_on):
    claiming.arrange(revision, by=by, is_urgent=True)
    return "urgent: it stands first."


def _not_urgent(revision, *, by, comment, due_on):
    claiming.arrange(revision, by=by, is_urgent=False)
    return "not urgent any more."


def _due(revision, *, by, comment, due_on):
    claiming.arrange(revision, by=by, due_on=due_on)
    return f"due on {due_on:%d %b %Y}." if due_on else "has no date any more."


_ACTS = {
    "approve": _approve,
    "request_changes": _request_changes,
    "urgent": _urgent,
    "not_urgent": _not_urgent,
    "due": _due,
}
