"""Measures the review queue with ten thousand submitted revisions relative to an empty admin page (the floor).

Both alternate within one run, so that a change of the machine's speed affects both; the ratio is taken in each round.
Fails if a view of the queue takes more than a given multiple of the floor, or too many queries.
"""

import random
import statistics
import sys
import time
from datetime import timedelta

import process

SIZES = (1, 10_000)
ROUNDS = 15
BOUND = 8  # times the floor
QUERIES = 22  # three of them ask whether the scheduler runs and what is late
VIEWS = {
    "first page": "",
    "last page": "?page=200",
    "waiting longest": "?sort=oldest",
    "due first": "?sort=due",
    "by title": "?sort=title",
    "search": "?q=gull",
    "one kind": "?kind=citation+re-timed",
    "one author": "?author=Author+3",
    "one show": "?show=1",
    "unclaimed": "?free=on",
    "to publish": "?tab=approved",
    "scheduled": "?tab=scheduled",
    "correction requests": "?tab=challenges",
}
WORDS = "harbour tide gull rope anchor keel mast sail storm pier crane barge cargo pilot buoy lamp chart".split()  # noqa: SIM905


def prepare(size):
    """Make a database of `size` articles, each with an old, a published and a submitted revision."""
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django.utils import timezone

    from articles.core.revisions.diff import Kind
    from articles.models import Article, Contributor, Episode, LogEntry, Revision, Show, Source
    from articles.workflow.governance.permissions import ensure_groups

    call_command("migrate", verbosity=0)
    ensure_groups()
    rng = random.Random(7)
    moderator = User.objects.create_user("moderator", is_staff=True)
    moderator.groups.set(Group.objects.filter(name="Moderators"))
    authors = User.objects.bulk_create(User(username=f"author-{n}", is_staff=True) for n in range(20))
    shows = Show.objects.bulk_create(Show(handle=f"show-{n}", title=f"Show {n}") for n in range(10))
    episodes = Episode.objects.bulk_create(Episode(show=show, title="On ships", slug="on-ships") for show in shows)
    now = timezone.now()
    kinds = [kind.value for kind in Kind]

    def revision(article, number, **values):
        author = number_of_author[article.pk]
        text = " ".join(rng.choice(WORDS) for _ in range(40))
        return Revision(
            article=article, number=number, slug=article.slug, title=" ".join(rng.sample(WORDS, 3)), lead=text,
            edit_summary=text[:90], author=authors[author], author_name=f"Author {author}", saved_at=now, **values
        )  # fmt: skip

    for start in range(0, size, 1000):
        numbers = range(start, min(start + 1000, size))
        articles = Article.objects.bulk_create(
            Article(slug=f"ship-{n}", created_by_name="bench", published_at=now) for n in numbers
        )
        number_of_author = {article.pk: rng.randrange(20) for article in articles}
        public = Revision.objects.bulk_create(
            revision(article, number, status="approved", submitted_at=now) for article in articles for number in (1, 2)
        )
        LogEntry.objects.bulk_create(
            LogEntry(article_id=each.article_id, revision=each, action="published", number=each.number, at=now)
            for each in public
        )
        for article, each in zip(articles, public[1::2], strict=True):
            article.published_revision = each
        Article.objects.bulk_update(articles, ["published_revision"])
        drafts = Revision.objects.bulk_create(
            revision(
                article, 3,
                target=article.published_revision,
                risk=rng.randrange(1, 14),
                change_kinds=rng.sample(kinds, 3),
                is_urgent=rng.random() < 0.02,
                due_on=(now + timedelta(days=rng.randrange(30))).date() if rng.random() < 0.1 else None,
            )
            for article in articles
        )  # fmt: skip
        Source.objects.bulk_create(
            Source(revision=each, position=0, key="e1", episode=rng.choice(episodes)) for each in drafts
        )
        Contributor.objects.bulk_create(
            Contributor(revision=each, user=each.author, user_name=each.author_name) for each in drafts
        )
        for each in drafts:
            each.status, each.submitted_at = "submitted", now - timedelta(minutes=rng.randrange(100_000))
        Revision.objects.bulk_update(drafts, ["status", "submitted_at"])
    return moderator


def ask(client, address):
    started = time.perf_counter()
    response = client.get(address)
    elapsed = time.perf_counter() - started
    if response.status_code != 200:
        sys.exit(f"{address} returned {response.status_code}")
    return elapsed


def measure(size, folder):
    """Return {view: (queries, milliseconds, times the floor)} for a site of that size; needs its own process."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    # So that static files needn't be collected.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    moderator = prepare(size)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(moderator)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    floor = "/admin/inbox/"
    ask(client, floor)
    results = {}
    for name, query in VIEWS.items():
        with CaptureQueriesContext(connection) as queries:
            ask(client, f"/admin/{query}")
        number = len(queries)  # read it now, because the next request empties the log
        times, ratios = [], []
        for _ in range(ROUNDS):
            bare = ask(client, floor)
            elapsed = ask(client, f"/admin/{query}")
            times.append(elapsed)
            ratios.append(elapsed / bare)
        results[name] = number, statistics.median(times) * 1000, statistics.median(ratios)
    return results


def main():
    few, many = (process.on_new_site(measure, size) for size in SIZES)
    failed = False
    print(
        f"{'view':<22} {'queries':>7} {'ms':>7} {'x floor':>8}   with {SIZES[-1]} revisions (with {SIZES[0]}: queries, ms)"
    )
    for name, (queries, milliseconds, ratio) in many.items():
        is_bad = ratio > BOUND or queries > QUERIES
        failed |= is_bad
        mark = " ← too much" if is_bad else ""
        print(f"{name:<22} {queries:>7} {milliseconds:7.1f} {ratio:8.1f}   ({few[name][0]}, {few[name][1]:.1f}){mark}")
    print(f"bound: {BOUND} times the floor, an inbox without notices; {QUERIES} queries")
    return failed


if __name__ == "__main__":
    process.configure()
    sys.exit(main())
