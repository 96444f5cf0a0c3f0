"""Whether scheduled publishing works: when it last ran, and what is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from articles.models import Article, Revision, ScheduledJob

SHOWN = 10


@dataclass(frozen=True)
class Health:
    """The state of the scheduler. `last_run` is the last run of publishing without an error, None if there was none.

    `late` are the revisions and published articles whose time has passed by more than `late_after()`; the pages show
    `SHOWN` of each. `problems` are the errors of the jobs' last runs, as sentences for administrators.
    """

    last_run: datetime | None
    is_running: bool
    late_revisions: list[Revision]
    late_articles: list[Article]
    late_count: int
    problems: list[str]

    @property
    def is_well(self):
        return self.is_running and not (self.late_count or self.problems)


def late_after():
    """The time after which a run or a scheduled text is late: four intervals, and at least two minutes."""
    return timedelta(seconds=max(120, 4 * settings.SCHEDULER_SECONDS))


def check_health(now=None):
    """The `Health` of the scheduler at `now`; at most five queries."""
    before = (now or timezone.now()) - late_after()
    jobs = ScheduledJob.objects.in_bulk()
    publishing = jobs.get(ScheduledJob.Name.PUBLISHING)
    last_run = publishing.succeeded_at if publishing else None
    revisions = Revision.objects.due(before).defer("lead").order_by("publish_at", "pk")
    articles = Article.objects.published().filter(take_down_at__lte=before).select_related("published_revision")
    articles = articles.defer("published_revision__lead").order_by("take_down_at", "pk")
    late_revisions, revision_count = _first(revisions)
    late_articles, article_count = _first(articles)
    return Health(
        last_run=last_run,
        is_running=last_run is not None and last_run > before,
        late_revisions=late_revisions,
        late_articles=late_articles,
        late_count=revision_count + article_count,
        problems=[f"{name}: {job.error}" for name, job in sorted(jobs.items()) if job.error],
    )


def _first(rows):
    """The first rows that a page shows, and the number of all; counts only if there are more."""
    found = list(rows[: SHOWN + 1])
    return found[:SHOWN], len(found) if len(found) <= SHOWN else rows.count()
