"""Checking citations again in the background: those of an episode, an article, a show, or all."""

from django.utils import timezone
from django.utils.translation import gettext

from articles.derived.checks import statistics
from articles.derived.findings import Scope, recheck_outdated
from articles.models import Article, BackgroundTask, Citation, Episode, Show
from articles.workflow import tasks

AT_ONCE = 200  # citations that a request checks itself, within about a second, so that whoever waits sees the result


def start(*, by=None, **scope):
    """Start checking the outdated citations in a `scope`, given by keys as for `check_again`; returns the task."""
    key = " ".join(["checks", *(f"{name} {pk}" for name, pk in sorted(scope.items()))])
    return tasks.start(BackgroundTask.Kind.CHECKS, scope, by=by, key=key)


def start_if_long(episode, *, by=None):
    """Start checking the citations of `episode` if they are too many for a request; returns the task, or None."""
    if Citation.objects.filter(episode=episode)[: AT_ONCE + 1].count() <= AT_ONCE:
        return None
    return start(by=by, episode=episode.pk)


def check_again(progress, *, episode=None, article=None, show=None):
    """Redo outdated checks, a task; those of one `episode` after its transcript has changed. Returns the counts."""
    scope = Scope(article=_row(Article, article), show=_row(Show, show), episode=_row(Episode, episode))
    progress.step(0, scope.citations().count())
    # What cites the episode is stored again even if its checks have just been made by someone who saved a text.
    for done in recheck_outdated(scope, is_repeated=progress.is_repeated or episode is not None):
        progress.step(done.citations)
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
