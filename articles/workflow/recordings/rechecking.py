"""Checking citations again in the background: those of an episode, an article, a show, or all.

A process that checks the citations of a changed transcript itself may be killed before its end. So each change leaves a
note of what is to be done, in its own transaction: a task for later, which is deleted once the work is done.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext

from articles.derived.checks import statistics
from articles.derived.rebuilding.citation_checks import Scope, recheck_outdated
from articles.models import Article, BackgroundTask, Citation, Episode, Show
from articles.workflow import tasks

AT_ONCE = 200  # citations that a request checks itself, within about a second, so that whoever waits sees the result
LEFT_AFTER = timedelta(minutes=30)  # what a process hasn't done by then is left to a worker
_NOTE = "checks left of episode {}"


def start(*, by=None, **scope):
    """Start checking the outdated citations in a `scope`, given by keys as for `check_again`; returns the task."""
    key = " ".join(["checks", *(f"{name} {pk}" for name, pk in sorted(scope.items()))])
    return tasks.start(BackgroundTask.Kind.CHECKS, scope, by=by, key=key)


def start_if_long(episode, *, by=None):
    """Start checking the citations of `episode` if they are too many for a request; returns the task, or None.

    The task makes a note of this work unnecessary.
    """
    if Citation.objects.filter(episode=episode)[: AT_ONCE + 1].count() <= AT_ONCE:
        return None
    remove_notes(notes(episode=episode))
    return start(by=by, episode=episode.pk)


def note(episode):
    """Note that the citations of `episode` are to be checked again, in the transaction that makes it necessary."""
    key, now = _NOTE.format(episode.pk), timezone.now()
    task = tasks.start(BackgroundTask.Kind.CHECKS, {"episode": episode.pk}, key=key, delay=LEFT_AFTER)
    # A note that was there may be about to be removed by a process that doesn't see this change: it is a new one now.
    BackgroundTask.objects.filter(pk=task.pk).update(created_at=now, due_at=now + LEFT_AFTER)


def notes(*, episode=None):
    """Return the notes of work that isn't done yet, of one episode or of all, as pairs of key and time."""
    waiting = BackgroundTask.objects.waiting().filter(kind=BackgroundTask.Kind.CHECKS)
    keys = {"key": _NOTE.format(episode.pk)} if episode else {"key__startswith": _NOTE.format("")}
    return list(waiting.filter(**keys).values_list("pk", "created_at"))


def remove_notes(noted):
    """Remove the notes of work that is done now; `noted` are what `notes` returned before it."""
    for pk, created_at in noted:
        BackgroundTask.objects.waiting().filter(pk=pk, created_at=created_at).delete()


def check_again(progress, *, episode=None, article=None, show=None):
    """Redo outdated checks, a task; those of one `episode` after its transcript has changed. Returns the counts."""
    scope = Scope(article=_row(Article, article), show=_row(Show, show), episode=_row(Episode, episode))
    noted = notes(episode=scope.episode) if scope.episode else []
    progress.step(0, scope.citations().count())
    # What cites the episode is stored again even if its checks have just been made by someone who saved a text.
    for done in recheck_outdated(scope, is_repeated=progress.is_repeated or episode is not None):
        progress.step(done.citations)
    remove_notes(noted)
    if not any([episode, article, show]):
        statistics.record(timezone.localdate())
    return {"citations": done.citations, "checks": done.checks, "pages": done.pages}


def _row(model, pk):
    if pk is None:
        return None
    row = model.objects.filter(pk=pk).first()
    if row is None:
        raise tasks.Refusal(gettext("What was to be checked has been deleted."))
    return row
