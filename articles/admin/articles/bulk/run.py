"""Carries a bulk action out, each item in a transaction of its own: at once, or for many as a background task."""

import logging
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from articles import workflow
from articles.admin.shared.helpers import local_time
from articles.models import Article, LogEntry, Revision

from .actions import ACTIONS, Item

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of an item, named by its title on a page and by its address in a task, which quotes no text."""

    title: str
    slug: str
    is_done: bool
    result: str

    def __str__(self):
        return gettext("“%(title)s”: %(result)s") % {"title": self.title, "result": self.result}

    @property
    def line(self):
        text = self.result if self.is_done else gettext("not done. %(reason)s") % {"reason": self.result}
        return f"{self.slug}: {text}"


def carry_out(action, key, *, by, values, since=None):
    """Carry `action` out with the item of this key (`Item.key`) and return its `Outcome`; raises nothing for an item.

    `since` is when an interrupted run began: what it did isn't done again, even if somebody has undone it.
    """
    pk, _, of_revision = key.partition("-")
    article = Article.objects.visible_to(by).select_related("published_revision").filter(pk=pk).first()
    revision = Revision.objects.visible_to(by).filter(pk=of_revision, article=pk).select_related("article").first()
    if article is None or (revision is None and of_revision != "0"):
        return Outcome(key, key, False, gettext("It no longer exists."))
    item = Item(article, revision)
    if since and (done := _done(action, item, by, since)):
        result = gettext("you did this at %(time)s, after the action had been started; it isn’t done again.")
        return Outcome(item.title, article.slug, True, result % {"time": local_time(done.at, "TIME_FORMAT")})
    try:
        with transaction.atomic():
            result = action.run(item, by=by, **values)
    except workflow.WorkflowError as refusal:
        return Outcome(item.title, article.slug, False, str(refusal))
    except Exception:
        logger.exception("Bulk action %s failed for %s", action.name, article.slug)
        return Outcome(item.title, article.slug, False, gettext("It failed unexpectedly; the log has the details."))
    return Outcome(item.title, article.slug, True, result)


def _done(action, item, by, since):
    """The log entry of what the interrupted run, or the person meanwhile by hand, did with the item; None without one."""
    entries = LogEntry.objects.filter(article=item.article, action=action.logged, by=by, at__gte=since)
    return entries.filter(Q(revision=None) | Q(revision=item.revision)).order_by("number").last()


def run(progress, action, items, values):
    """Do the work of a task: the `action` of this name with the `items` of these keys and the `values` of its form."""
    action = ACTIONS[action]
    by = get_user_model()._default_manager.filter(pk=progress.task.by_id).first()
    if by is None:
        raise workflow.NotAllowed(gettext("The account that started this no longer exists."))
    values = action.form.values_of(values)
    since = progress.task.created_at if progress.is_repeated else None
    outcomes = []
    for done, key in enumerate(items):
        progress.step(done, len(items))
        outcomes.append(carry_out(action, key, by=by, values=values, since=since))
    progress.step(len(items), len(items))
    count = sum(outcome.is_done for outcome in outcomes)
    summary = gettext("Done: %(done)s. Not done: %(skipped)s.") % {"done": count, "skipped": len(outcomes) - count}
    outcomes.sort(key=lambda outcome: outcome.is_done)  # what needs somebody comes first
    return {"lines": [summary, *(outcome.line for outcome in outcomes)]}
