"""Bulk actions of the review queue, with each revision handled in its own transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from articles import workflow
from articles.admin.review.decision.unsent import forget, require_nothing_unsent
from articles.models import Revision
from articles.workflow.collaboration import assigning, priorities
from articles.workflow.publishing.reviews import progress_of, require_complete
from articles.workflow.recordings import require_as_submitted

OUTDATED = gettext_lazy("Outdated: the published text has changed since. Update the revision first.")


@dataclass(frozen=True)
class Outcome:
    """The result for one selected revision; `revision` is None if it no longer exists."""

    revision: Revision | None
    is_done: bool
    result: str

    def __str__(self):
        if self.revision is None:
            return self.result
        return gettext("“%(title)s”, revision %(number)s: %(result)s") % {
            "title": self.revision.title or gettext("Untitled"),
            "number": self.revision.number,
            "result": self.result,
        }


@dataclass(frozen=True)
class BulkAction:
    """A button. `name` is the value the form sends, `done` the heading of the list of successes.

    `run` applies the action to one revision with the `BulkForm` `fields`, and returns the result as text. Raises
    `workflow.WorkflowError`. With a `question`, a page asks first (`confirming.py`), which adds `digests` to the fields.
    """

    name: str
    done: str
    run: Callable
    fields: tuple = ()
    question: str = ""

    @property
    def is_decision(self):
        return "comment" in self.fields


def _approve(revision, *, by, comment):
    if revision.needs_second_review and revision.status == Revision.Status.APPROVED:
        workflow.confirm(revision, by=by, comment=comment)
        if revision.needs_second_review:
            return _recorded(revision)
        return gettext("confirmed.")
    require_current(revision)
    require_as_submitted(revision)
    workflow.approve(revision, by=by, comment=comment)
    if revision.status == Revision.Status.SUBMITTED:
        return _recorded(revision)
    return gettext("approved, ready to publish.")


def _recorded(revision):
    progress = progress_of(revision)  # None if the rule that asks for several was deleted just now
    return (gettext("your approval is recorded. %(wanted)s") % {"wanted": progress.wanted if progress else ""}).strip()


def require_current(revision):
    if revision.is_outdated:
        raise workflow.InvalidTransition(OUTDATED)


def not_in_review(revision):
    """Return the error that a revision can't be approved and published, because it isn't in review."""
    status = revision.get_status_display()
    return workflow.InvalidTransition(gettext("It isn’t in review: it is %(status)s.") % {"status": status})


def _approve_and_publish(revision, *, by, comment, digests):
    """Approve exactly what the page listed, and publish it, in the transaction of `carry_out`."""
    if revision.pk not in digests:
        raise workflow.InvalidTransition(gettext("It wasn’t listed on the page. Select it again."))
    if revision.status != Revision.Status.SUBMITTED:
        raise not_in_review(revision)
    require_current(revision)
    require_as_submitted(revision)
    workflow.approve(revision, by=by, comment=comment, digest=digests[revision.pk])
    require_complete(revision)
    workflow.publish(revision, by=by)
    return gettext("approved and published.")


def _request_changes(revision, *, by, comment):
    workflow.request_changes(revision, by=by, comment=comment)
    return gettext("changes requested.")


def _set_urgency(revision, *, by, is_urgent):
    priorities.set_priority(revision, by=by, is_urgent=is_urgent)
    return gettext("urgent, moved to the top.") if is_urgent else gettext("no longer urgent.")


def _set_due_date(revision, *, by, due_on):
    priorities.set_priority(revision, by=by, due_on=due_on)
    if due_on is None:
        return gettext("due date removed.")
    return gettext("due on %(day)s.") % {"day": date_format(due_on, "DATE_FORMAT")}


def _assign(revision, *, by, assignee):
    assigning.assign(revision, by=by, to=assignee)
    if assignee is None:
        return gettext("assigned to nobody.")
    return gettext("assigned to %(name)s.") % {"name": assigning.assignee_name(revision)}


def _take(revision, *, by):
    return _assign(revision, by=by, assignee=by)


ACTIONS = {
    action.name: action
    for action in (
        BulkAction("approve", gettext_lazy("Approved"), _approve, ("comment",)),
        BulkAction(
            "approve_and_publish",
            gettext_lazy("Approved and published"),
            _approve_and_publish,
            ("comment", "digests"),
            gettext_lazy("Approve and publish"),
        ),
        BulkAction("request_changes", gettext_lazy("Changes requested"), _request_changes, ("comment",)),
        BulkAction("urgent", gettext_lazy("Marked as urgent"), partial(_set_urgency, is_urgent=True)),
        BulkAction("not_urgent", gettext_lazy("Marked as not urgent"), partial(_set_urgency, is_urgent=False)),
        BulkAction("due", gettext_lazy("Due date set"), _set_due_date, ("due_on",)),
        BulkAction("assign", gettext_lazy("Assigned"), _assign, ("assignee",)),
        BulkAction("take", gettext_lazy("Taken"), _take),
    )
}


def carry_out(action, request, values):
    """Apply `action` to each of the revisions of `values` with its fields of them; returns an `Outcome` for each."""
    by_key = Revision.objects.visible_to(request.user).select_related("article").in_bulk(values["revision"])
    fields = {name: values[name] for name in action.fields}
    return [_outcome(action, request, by_key.get(key), key, fields) for key in values["revision"]]


def _outcome(action, request, revision, key, fields):
    if revision is None:
        return Outcome(None, False, gettext("Revision with id %(key)s no longer exists.") % {"key": key})
    try:
        if action.is_decision:
            require_nothing_unsent(request, revision)
        with transaction.atomic():
            outcome = Outcome(revision, True, action.run(revision, by=request.user, **fields))
    except workflow.WorkflowError as refusal:
        return Outcome(revision, False, str(refusal))
    if action.is_decision:
        forget(request, revision)
    return outcome
