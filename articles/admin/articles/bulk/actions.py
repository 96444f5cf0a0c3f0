"""What can be done with several articles at once, and which of them it can be done with.

Every rule is the workflow's, which decides again when an item's turn comes; a plan only says beforehand what to expect.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext, gettext_lazy

from articles import workflow
from articles.models import Article, LogEntry, Revision
from articles.workflow.history import audit_log
from articles.workflow.recordings import with_changed_recordings
from articles.workflow.transitions import clock

from . import forms

PUBLISH, PROTECT = "articles.publish_revision", "articles.protect_article"


@dataclass(frozen=True)
class Item:
    """An article, and the revision that an action is about, if any; `refusal` says why nothing will be done with it."""

    article: Article
    revision: Revision | None = None
    refusal: str = ""

    @property
    def key(self):
        """Both keys, as the page sends them back, so that nothing else is done than what it listed."""
        return f"{self.article.pk}-{self.revision.pk if self.revision else 0}"

    @property
    def title(self):
        newest = self.revision or self.article.published_revision
        return (newest and newest.title) or self.article.slug


@dataclass(frozen=True)
class BulkAction:
    """An action of the list. `plan` makes an `Item` of each article, `run` does it with one and the form's values.

    `run` returns what was done, in words, and raises `workflow.WorkflowError`. `logged` is the log entry
    that it leaves, by which a repeated run knows what an interrupted one did already.
    """

    name: str
    label: str
    question: str
    permission: str
    plan: Callable
    run: Callable
    logged: LogEntry.Action
    form: type = forms.NoForm


def _approved_of(articles, user):
    """Return {key of an article: its approved revisions that `user` may read and that were never public}; one query."""
    waiting = Revision.objects.visible_to(user).filter(
        status=Revision.Status.APPROVED, first_public_at=None, published_for=None, article__in=articles
    )
    found = defaultdict(list)
    for revision in (
        with_changed_recordings(waiting.filter(~audit_log.was_ever_public())).select_related("article").defer("lead")
    ):
        found[revision.article_id].append(revision)
    return found


def _plan_approved(articles, user):
    """The approved revision of each article; which of several to publish is for a person to say."""
    approved = _approved_of(articles, user)
    for article in articles:
        revisions = approved[article.pk]
        if len(revisions) != 1:
            text = gettext("Nothing is approved and waits to be published.")
            if revisions:
                text = gettext("%(count)s revisions are approved. Open the one to publish.")
                text %= {"count": intcomma(len(revisions))}
            yield Item(article, refusal=text)
            continue
        (revision,) = revisions
        yield Item(article, revision, _why_not_published(revision))


def _why_not_published(revision):
    if revision.is_outdated:
        return gettext("Outdated: the published text has changed since. Update the revision first.")
    if revision.has_changed_recordings:
        return gettext("A recording that it cites may have changed since the approval. Open the revision.")
    return ""


def _plan_published(articles, user):
    for article in articles:
        if article.published_revision is None:
            yield Item(article, refusal=gettext("It isn’t published."))
        else:
            yield Item(article, article.published_revision)


def _plan_protection(articles, user, *, is_protected):
    for article in articles:
        refusal = ""
        if article.is_protected == is_protected:
            refusal = gettext("It is protected already.") if is_protected else gettext("It isn’t protected.")
        yield Item(article, refusal=refusal)


def _require_never_public(revision):
    """Require that nobody has published the revision since it was chosen, and perhaps taken it down again."""
    if audit_log.was_published(revision):
        raise workflow.InvalidTransition(gettext("It has been published in the meantime."))


def _publish(item, *, by):
    _require_never_public(item.revision)
    workflow.publish(item.revision, by=by)
    return gettext("revision %(number)s published.") % {"number": item.revision.number}


def _schedule(item, *, by, publish_at, take_down_at):
    _require_never_public(item.revision)
    workflow.schedule(item.revision, by=by, publish_at=publish_at, take_down_at=take_down_at)
    values = {"number": item.revision.number, "moment": clock(publish_at)}
    return gettext("revision %(number)s will be published at %(moment)s.") % values


def _unpublish(item, *, by, reason):
    if item.article.published_revision_id != item.revision.pk:
        raise workflow.InvalidTransition(
            gettext("What is published has changed since you opened the page. Reload the page.")
        )
    workflow.unpublish(item.article, by=by, reason=reason)
    return gettext("unpublished.")


def _protect(item, *, by, reason):
    workflow.protect(item.article, by=by, reason=reason)
    return gettext("protected.")


def _release(item, *, by, reason):
    workflow.release(item.article, by=by, reason=reason)
    return gettext("unprotected.")


ACTIONS = {
    action.name: action
    for action in (
        BulkAction(
            "publish_approved",
            gettext_lazy("Publish approved…"),
            gettext_lazy("Publish approved texts"),
            PUBLISH,
            _plan_approved,
            _publish,
            LogEntry.Action.PUBLISHED,
        ),
        BulkAction(
            "schedule_approved",
            gettext_lazy("Schedule approved…"),
            gettext_lazy("Schedule approved texts"),
            PUBLISH,
            _plan_approved,
            _schedule,
            LogEntry.Action.SCHEDULED,
            forms.ScheduleForm,
        ),
        BulkAction(
            "unpublish",
            gettext_lazy("Unpublish…"),
            gettext_lazy("Unpublish articles"),
            PUBLISH,
            _plan_published,
            _unpublish,
            LogEntry.Action.UNPUBLISHED,
            forms.UnpublishForm,
        ),
        BulkAction(
            "protect",
            gettext_lazy("Protect…"),
            gettext_lazy("Protect articles"),
            PROTECT,
            partial(_plan_protection, is_protected=True),
            _protect,
            LogEntry.Action.PROTECTED,
            forms.ProtectForm,
        ),
        BulkAction(
            "release",
            gettext_lazy("Unprotect…"),
            gettext_lazy("Unprotect articles"),
            PROTECT,
            partial(_plan_protection, is_protected=False),
            _release,
            LogEntry.Action.RELEASED,
            forms.ReleaseForm,
        ),
    )
}
