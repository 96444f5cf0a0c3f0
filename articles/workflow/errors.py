"""What a transition says when it is refused."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext


def clock(moment):
    """A moment as people read it, in the site's time zone."""
    local = timezone.localtime(moment)
    values = {"time": date_format(local, "TIME_FORMAT"), "day": date_format(local, "DATE_FORMAT")}
    return gettext("%(time)s on %(day)s") % values


class WorkflowError(Exception):
    """A transition that was refused; the message is for the person who asked."""


class NotAllowed(WorkflowError):
    """The person may not do this."""


class InvalidTransition(WorkflowError):
    """The state does not permit it, or has moved on."""


class NotReady(WorkflowError):
    """The draft lacks something; `missing` lists what."""

    def __init__(self, missing):
        self.missing = missing
        super().__init__(gettext("Not ready to be submitted: %(missing)s") % {"missing": " ".join(missing)})


class StaleDraft(WorkflowError):
    """Somebody saved in between; `revision` is the draft as it stands now."""

    def __init__(self, revision):
        self.revision = revision
        super().__init__(
            gettext(
                "%(saved_by_name)s saved this draft at %(saved_at)s, after you opened it. Nothing of yours was "
                "saved over it."
            )
            % {"saved_by_name": revision.saved_by_name, "saved_at": clock(revision.saved_at)}
        )


class Clashes(WorkflowError):
    """Both texts changed the same place; `merge` holds both sides of each, for a person to choose."""

    def __init__(self, merge):
        self.merge = merge
        count = len(merge.clashes)
        super().__init__(
            ngettext(
                "The published text and this one differ in %(count)s place that both changed: choose for each.",
                "The published text and this one differ in %(count)s places that both changed: choose for each.",
                count,
            )
            % {"count": count}
        )
