"""The actions on several revisions at once: one class for each, each revision in a transaction of its own."""

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


class BulkAction:
    """A button. `name` is what the form sends, `done` heads the list of those it was done to.

    `permissions` are those that the workflow asks for, `fields` those of the `BulkForm` that `run` takes; the form
    says why one of the `required` ones is missing.
    """

    name = done = ""
    permissions = ("articles.review_revision",)
    fields = ()
    required = {}

    def run(self, revision, *, by, **words):
        """Do it to one revision and return what became of it. Raises `workflow.WorkflowError`."""
        raise NotImplementedError


class Approve(BulkAction):
    name, done = "approve", gettext_lazy("Approved")
    fields = ("comment",)

    def run(self, revision, *, by, comment):
        if revision.needs_look and revision.status == Revision.Status.APPROVED:
            workflow.confirm(revision, by=by, comment=comment)
            return gettext("looked at afterwards, and found right.")
        if revision.is_outdated:
            raise workflow.InvalidTransition(BEHIND)
        workflow.approve(revision, by=by, comment=comment)
        return gettext("approved; it waits to be published.")


class RequestChanges(BulkAction):
    name, done = "request_changes", gettext_lazy("Sent back")
    fields = ("comment",)
    required = {"comment": gettext_lazy("Say what has to change: the authors only have your words.")}

    def run(self, revision, *, by, comment):
        workflow.request_changes(revision, by=by, comment=comment)
        return gettext("sent back to its author.")


class Urgent(BulkAction):
    name, done = "urgent", gettext_lazy("Marked as urgent")

    def run(self, revision, *, by):
        review_locks.arrange(revision, by=by, is_urgent=True)
        return gettext("urgent: it stands first.")


class NotUrgent(BulkAction):
    name, done = "not_urgent", gettext_lazy("Not urgent any more")

    def run(self, revision, *, by):
        review_locks.arrange(revision, by=by, is_urgent=False)
        return gettext("not urgent any more.")


class Due(BulkAction):
    name, done = "due", gettext_lazy("Given a date")
    fields = ("due_on",)

    def run(self, revision, *, by, due_on):
        review_locks.arrange(revision, by=by, due_on=due_on)
        if due_on is None:
            return gettext("has no date any more.")
        return gettext("due on %(day)s.") % {"day": date_format(due_on, "DATE_FORMAT")}


ACTIONS = {action.name: action() for action in (Approve, RequestChanges, Urgent, NotUrgent, Due)}


def carry_out(action, revisions, *, by, words):
    """Do `action` to each of `revisions` (keys), in their order, with what it needs of `words`; the `Outcome` of each."""
    found = Revision.objects.select_related("article").in_bulk(revisions)
    words = {name: words[name] for name in action.fields}
    return [_one(action, found.get(key), key, by, words) for key in revisions]


def _one(action, revision, key, by, words):
    if revision is None:
        return Outcome(None, False, gettext("Number %(key)s: there is no such revision any more.") % {"key": key})
    try:
        with transaction.atomic():
            return Outcome(revision, True, action.run(revision, by=by, **words))
    except workflow.WorkflowError as refusal:
        return Outcome(revision, False, str(refusal))
