"""What every action of the review page is, and the situation in which it is offered."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from articles import workflow
from articles.models import Revision
from articles.workflow.transitions import clock

REVIEW, PUBLISH = "articles.review_revision", "articles.publish_revision"


@dataclass(frozen=True)
class Situation:
    """A revision as it stands, and the person who looks at it."""

    revision: Revision
    user: object
    wrote: bool  # the user wrote a part of it

    @classmethod
    def of(cls, revision, user):
        """Contributors and the article should be at hand."""
        return cls(revision, user, user.pk in {writer.user_id for writer in revision.contributor_set.all()})

    @property
    def is_submitted(self):
        return self.revision.status == Revision.Status.SUBMITTED

    @property
    def is_public(self):
        return not self.is_submitted and self.revision.article.published_revision_id == self.revision.pk

    @property
    def is_approved(self):
        return self.revision.status == Revision.Status.APPROVED and not self.is_public

    @property
    def needs_second_person(self):
        return self.wrote and settings.FOUR_EYES

    def may(self, *permissions):
        return all(self.user.has_perm(permission) for permission in permissions)


class Action:
    """A button. `name` is what the form sends, `done` what is said afterwards.

    `permissions` are those that the workflow asks for, `fields` those of the `DecisionForm` that `run` takes.
    `panel` is where the button stands if not in the row of buttons: among the times, or behind the override.
    """

    name = label = done = emphasis = panel = ""
    comment_label, comment_hint = gettext_lazy("Comment to the author"), ""
    permissions = ()
    fields = ()

    def is_open(self, situation):
        """Whether the button is shown; the workflow decides again when it is pressed."""
        return situation.may(*self.permissions) and self.fits(situation)

    def fits(self, situation):
        """Whether the state of the revision allows it."""
        raise NotImplementedError

    def run(self, revision, *, by, **words):
        """Do it through the workflow. Raises `workflow.WorkflowError`; what it returns goes to `message`."""
        raise NotImplementedError

    def message(self, revision, result):
        """What is said once it is done."""
        return format_html(gettext("{}: “{}”, revision {}."), self.done, revision.title, revision.number)

    def leads_to(self, revision):
        """The address of the page that comes next."""
        return reverse("admin:index")


class Publishing(Action):
    """An action after which readers see the text: its message leads there."""

    def message(self, revision, result):
        said = super().message(revision, result)
        return format_html(gettext('{} <a href="{}">See the page</a>'), said, revision.article.get_absolute_url())


class AtATime(Action):
    """An action after which the text goes out by itself."""

    panel = "later"

    def schedule(self, revision, *, by, publish_at, take_down_at, public_note):
        if publish_at is None:
            raise workflow.InvalidTransition(gettext("Say when it is to go out."))
        times = {"publish_at": publish_at, "take_down_at": take_down_at}
        workflow.schedule(revision, by=by, public_note=public_note, **times)

    def message(self, revision, result):
        values = {"said": super().message(revision, result), "from": clock(revision.publish_at)}
        if revision.take_down_at is None:
            return format_html(gettext("{said} It goes out at {from}."), **values)
        until = clock(revision.take_down_at)
        return format_html(gettext("{said} It goes out at {from}, and comes down at {until}."), **values, until=until)
