"""Refusals of the workflow: what may be said to the person who attempted a transition."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext


def clock(moment):
    """Format a datetime for people, in the site's time zone."""
    local = timezone.localtime(moment)
    values = {"time": date_format(local, "TIME_FORMAT"), "day": date_format(local, "DATE_FORMAT")}
    return gettext("%(time)s on %(day)s") % values


class WorkflowError(Exception):
    """A refused transition; the message is for the person who attempted it."""


class NotAllowed(WorkflowError):
    """The person isn't allowed to do this."""


class InvalidTransition(WorkflowError):
    """The current state doesn't permit it, or has changed in the meantime."""


class NotReady(WorkflowError):
    """The draft can't be submitted yet; `missing` lists what it lacks, as sentences."""

    def __init__(self, missing):
        self.missing = missing
        super().__init__(gettext("Required before submitting: %(missing)s") % {"missing": " ".join(missing)})


class StaleDraft(WorkflowError):
    """Someone, perhaps `by` in another window, saved in between; `revision` is the draft as it is stored now."""

    def __init__(self, revision, by):
        self.revision = revision
        if revision.saved_by_id == by.pk:
            message = gettext(
                "You saved this draft in another window at %(saved_at)s, after you opened it here. Your changes here "
                "weren’t saved."
            )
        else:
            message = gettext(
                "%(saved_by_name)s saved this draft at %(saved_at)s, after you opened it. Your changes weren’t saved."
            )
        super().__init__(message % {"saved_by_name": revision.saved_by_name, "saved_at": clock(revision.saved_at)})


class MergeConflicts(WorkflowError):
    """Both texts changed the same places; `merge` holds both sides of each conflict, for a person to choose."""

    def __init__(self, merge):
        self.merge = merge
        count = len(merge.conflicts)
        super().__init__(
            ngettext(
                "The published text and this one both changed %(count)s place. Choose which version to keep.",
                "The published text and this one both changed %(count)s places. Choose which version to keep in each.",
                count,
            )
            % {"count": count}
        )
