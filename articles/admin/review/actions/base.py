"""Base classes of the review page's actions, and the situation that decides whether they are available."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from articles import workflow
from articles.derived.pages import review_coverage
from articles.models import Review, Revision
from articles.workflow.publishing.reviews import progress_of, why_no_confirmation, why_no_review
from articles.workflow.recordings import changed_since_approval
from articles.workflow.transitions import clock, four_eyes

REVIEW, PUBLISH = "articles.review_revision", "articles.publish_revision"


@dataclass(frozen=True)
class Situation:
    """A revision, which should have its contributors and article loaded, and the user who reviews it."""

    revision: Revision
    user: object

    @property
    def wrote(self):
        """Whether the user contributed to the revision."""
        return self.user.pk in {writer.user_id for writer in self.revision.contributor_set.all()}

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
    def awaits_second_review(self):
        return self.revision.needs_second_review and self.revision.erased_at is None

    @cached_property
    def changed_recordings(self):
        """What has changed of the cited recordings since an approved revision was approved, as the workflow lists it."""
        return changed_since_approval(self.revision) if self.is_approved else []

    @cached_property
    def unreviewed(self):
        """The `Part`s of the published text if some of it was never reviewed, else None."""
        if not self.is_public or self.revision.needs_second_review:
            return None
        return review_coverage.parts_of(self.revision)

    @cached_property
    def why_no_confirmation(self):
        """Why the user can't confirm what was published without a second review, "" if they can."""
        return why_no_confirmation(self.revision, self.user) if self.awaits_second_review else ""

    @cached_property
    def why_no_review(self):
        """Why the user can't review what nobody reviewed of the published text, "" if they can."""
        if not self.unreviewed:
            return ""
        unreviewed = review_coverage.unreviewed_revisions(self.revision)
        return why_no_review(self.revision, unreviewed, self.user, is_one_of_several=bool(self.progress))

    @cached_property
    def why_one_person(self):
        """Why the user may be one person with a contributor, "" if nothing suggests it."""
        return four_eyes.why_one_person(self.user, {writer.user_id for writer in self.revision.contributor_set.all()})

    @cached_property
    def progress(self):
        """The workflow's `ApprovalProgress` of what waits for an approval, None if one is enough or nothing waits."""
        waits = self.is_submitted or self.changed_recordings or self.awaits_second_review or self.unreviewed
        return progress_of(self.revision) if waits else None

    @cached_property
    def why_no_addition(self):
        """Why an approval by the user would add nothing to those that were given, "" if it would."""
        if not self.progress:
            return ""
        others = {review.by_id for review in self.progress.given}
        return self.progress.why_not(self.user) or four_eyes.why_one_person(self.user, others)

    @cached_property
    def completes(self):
        """Whether nothing is missing once the user has approved."""
        return self.progress is None or self.progress.is_completed_by(self.user)

    @property
    def needs_second_person(self):
        return settings.FOUR_EYES and (self.wrote or bool(self.why_one_person))


class Action:
    """A button. `name` is the value the form sends, `done` the start of the success message.

    `consequence` says what will happen, before it does; buttons inside of a panel have none, since the panel says it.
    `no` is the answer that leaves things as they are, if “Cancel” could be read as the action.
    `asks_comment` is whether the question asks for the comment as well, `is_loaded` whether the page that it `leads_to`
    is of another kind, which can't be shown in place of the review page. `permissions` are those the workflow requires,
    `fields` the `DecisionForm` fields that `run` takes. `panel` is "later" or "override" for a button inside one of
    these panels.
    """

    name = label = done = emphasis = panel = no = ""
    is_approval = False
    consequence = ""
    asks_comment = is_loaded = False
    comment_label, comment_hint = gettext_lazy("Comment for the author"), ""
    permissions = ()
    fields = ()

    def is_open(self, situation):
        """Whether to show the button. The workflow checks again when it is pressed."""
        return situation.user.has_perms(self.permissions) and self.fits(situation)

    def fits(self, situation):
        """Whether the revision's state allows the action."""
        raise NotImplementedError

    def run(self, revision, *, by, **values):
        """Perform the action. Its result is passed to `message`. Raises `workflow.WorkflowError`."""
        raise NotImplementedError

    def message(self, revision, result):
        """The success message."""
        return format_html(gettext("{}: “{}”, revision {}."), self.done, revision.title, revision.number)

    def leads_to(self, revision):
        """The address to redirect to afterwards, "" for the queue."""
        return ""


class Approving(Action):
    """An approval, of which a text may need several; its message says what is still missing."""

    is_approval = True

    def is_open(self, situation):
        return super().is_open(situation) and not situation.why_no_addition

    def message(self, revision, result):
        message = super().message(revision, result)
        last = revision.review_set.order_by("pk").last()
        if last.decision != Review.Decision.CO_APPROVED or not (progress := progress_of(revision)):
            return message
        recorded = gettext("Your approval of “{}”, revision {}, is recorded. {}")
        return format_html(recorded, revision.title, revision.number, progress.wanted)


class Publishing(Action):
    """An action that publishes the text; its message links to the public page."""

    def message(self, revision, result):
        message = super().message(revision, result)
        return format_html(gettext('{} <a href="{}">View page</a>'), message, revision.article.get_absolute_url())


class AtATime(Action):
    """An action that schedules publication."""

    panel = "later"

    def run(self, revision, *, by, publish_at, take_down_at, public_note):
        if publish_at is None:
            raise workflow.InvalidTransition(gettext("Enter a time to publish at."))
        workflow.schedule(revision, by=by, publish_at=publish_at, take_down_at=take_down_at, public_note=public_note)

    def message(self, revision, result):
        values = {"message": super().message(revision, result), "from": clock(revision.publish_at)}
        if revision.take_down_at is None:
            return format_html(gettext("{message} It will be published at {from}."), **values)
        until = clock(revision.take_down_at)
        return format_html(
            gettext("{message} It will be published at {from} and unpublished at {until}."), **values, until=until
        )
