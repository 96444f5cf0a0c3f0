"""Actions on approved and published revisions: publish, schedule, unpublish."""

from django.utils.translation import gettext, gettext_lazy

from articles import workflow

from .base import PUBLISH, Action, AtATime, Publishing


class Unpublish(Action):
    name = "unpublish"
    consequence = gettext_lazy("The article leaves the site at once. Its address says when and why.")
    asks_comment = True
    label, done = gettext_lazy("Unpublish"), gettext_lazy("Unpublished")
    emphasis = "danger"
    comment_label = gettext_lazy("Reason for unpublishing")
    comment_hint = gettext_lazy("readers see it at the article’s address")
    permissions = (PUBLISH,)
    fields = ("comment",)

    def fits(self, situation):
        return situation.is_public

    def run(self, revision, *, by, comment):
        if revision.article.published_revision_id != revision.pk:
            raise workflow.InvalidTransition(
                gettext("This revision is no longer published, so there is nothing to unpublish.")
            )
        workflow.unpublish(revision.article, by=by, reason=comment)


class Publish(Publishing):
    name = "publish"
    consequence = gettext_lazy("Readers see this text at once.")
    label, done = gettext_lazy("Publish"), gettext_lazy("Published")
    emphasis = "primary"
    permissions = (PUBLISH,)
    fields = ("public_note",)
    run = staticmethod(workflow.publish)

    def fits(self, situation):
        return _is_ready(situation)


class Schedule(AtATime):
    name = "schedule"
    label, done = gettext_lazy("Schedule"), gettext_lazy("Scheduled")
    permissions = (PUBLISH,)
    fields = ("publish_at", "take_down_at", "public_note")

    def fits(self, situation):
        return _is_ready(situation)


class Unschedule(Action):
    name = "unschedule"
    consequence = gettext_lazy("The revision stays approved and isn’t published until somebody does it.")
    label, done = gettext_lazy("Cancel schedule"), gettext_lazy("Schedule cancelled")
    no = gettext_lazy("Keep schedule")
    permissions = (PUBLISH,)
    run = staticmethod(workflow.unschedule)

    def fits(self, situation):
        return situation.is_approved and situation.revision.publish_at is not None


def _is_ready(situation):
    is_ready = situation.is_approved and not situation.revision.is_outdated
    return is_ready and not situation.changed_recordings


ACTIONS = (Unpublish, Publish, Schedule, Unschedule)
