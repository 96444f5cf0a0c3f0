"""Measures the citation report of a site with many public citations: `python bench/report.py [CITATIONS]`.

Each view alternates with an empty admin page (the floor). Fails if a view takes more than a given multiple of the floor
or too many queries. Also prints how long what is cached takes the first time, and the CSV export's lines per second and memory. `analyze` as another argument gathers
statistics first, and `sql` prints the slowest queries.
"""

import os
import random
import resource
import statistics
import sys
import tempfile
import time
from datetime import timedelta

import process

CITATIONS = 100_000
PER_ARTICLE = 8
ROUNDS = 7
BOUND = 25  # times the floor, an inbox without notices
QUERIES = 27
VIEWS = {
    "first page": "",
    "far behind (risk)": "?after=0_4_{middle}",
    "one verdict": "?verdict=not+found",
    "one verdict, far behind": "?verdict=not+found&after=10_{middle}",
    "lowest score first": "?sort=score",
    "by timestamp": "?sort=moment",
    "by timestamp, far behind": "?sort=moment&after=200_100_{middle}",
    "by article": "?sort=article",
    "one show": "?show=3",
    "one show and verdict": "?show=3&verdict=partly",
    "one episode": "?episode=17&sort=moment",
    "one article": "?article=text-17",
    "unchecked": "?state=nobody",
    "confirmed": "?state=heard",
    "dismissed": "?state=dismissed",
    "one check": "?check=sponsor",
    "one check, unchecked": "?check=sponsor&state=nobody",
    "next problem": "problem/",
    "next problem, far behind": "problem/?after=10_{middle}",
    "next problem of one show": "problem/?of_show=3",
    "next problem of own articles": "problem/?mine=on",
    "how often flags are right": "precision/?period=all",
}
WORDS = "harbour tide gull rope anchor keel mast sail storm pier crane barge cargo pilot buoy lamp chart dose".split()  # noqa: SIM905


def prepare(size):
    """Make `size` public citations, each with its own check; returns (moderator, key of a citation in the middle)."""
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django.utils import timezone

    from articles.derived.checks import risk
    from articles.models import (
        Article,
        Check,
        Citation,
        Confirmation,
        Dismissal,
        Episode,
        LintIssue,
        Revision,
        Show,
        Tally,
    )
    from articles.workflow.governance.permissions import ensure_groups

    call_command("migrate", verbosity=0)
    ensure_groups()
    rng = random.Random(7)
    now = timezone.now()
    moderator = User.objects.create_user("moderator", is_staff=True)
    moderator.groups.set(Group.objects.filter(name="Moderators"))
    shows = Show.objects.bulk_create(Show(handle=f"show-{n}", title=f"Show {n}") for n in range(20))
    episodes = Episode.objects.bulk_create(
        Episode(show=rng.choice(shows), title=f"On ships {n}", slug=f"on-ships-{n}", duration_seconds=7000, transcript_digest="x")
        for n in range(max(size // 300, 20))
    )  # fmt: skip
    verdicts = list(risk.WEIGHTS)
    count = 0
    while count < size:
        numbers = range(count // PER_ARTICLE, min(count + 8000, size) // PER_ARTICLE)
        articles = Article.objects.bulk_create(
            Article(slug=f"text-{n}", created_by_name="bench", published_at=now) for n in numbers
        )
        revisions = Revision.objects.bulk_create(
            Revision(article=article, number=1, status="approved", slug=article.slug, title=f"Text {article.slug}", saved_at=now, submitted_at=now)
            for article in articles
        )  # fmt: skip
        checks, citations = [], []
        for revision in revisions:
            for position in range(PER_ARTICLE):
                key = f"{count:064}"
                claim = f"The {' '.join(rng.choices(WORDS, k=12))}."
                episode, start = rng.choice(episodes), rng.randrange(7000)
                verdict = rng.choice(verdicts)
                check = Check(
                    key=key, episode=episode, start_seconds=start, claim=claim, transcript_digest="x", checker_version=1,
                    verdict=verdict, score=rng.random(), excerpt=claim * 3, checked_at=now,
                )  # fmt: skip
                checks.append(check)
                citations.append(
                    Citation(
                        revision=revision, position=position + 1, episode=episode, start_seconds=start, anchor=f"c-{position}",
                        text="[00:00:00]", offset=position, claim=claim, claim_key=key, finding=check, is_public=True,
                        verdict=verdict, score=check.score, risk=risk.of(verdict, claim, "none"),
                    )
                )  # fmt: skip
                count += 1
        Check.objects.bulk_create(checks)
        Citation.objects.bulk_create(citations)
        for article, revision in zip(articles, revisions, strict=True):
            article.published_revision = revision
        Article.objects.bulk_update(articles, ["published_revision"], batch_size=500)
        LintIssue.objects.bulk_create(
            LintIssue(revision_id=row.revision_id, citation=row, code="sponsor", subject="", text="", message="")
            for row in citations
            if rng.random() < 0.03
        )
    sample = list(Citation.objects.select_related("revision").order_by("pk")[:: max(size // 2000, 1)])
    Confirmation.objects.bulk_create(
        Confirmation(
            article_id=row.revision.article_id, by_name="a", at=now, claim_key=row.claim_key, episode_id=row.episode_id,
            start_seconds=row.start_seconds, claim=row.claim,
        )
        for row in sample[::2]
    )  # fmt: skip
    Dismissal.objects.bulk_create(
        Dismissal(article_id=row.revision.article_id, by_name="a", at=now, code=row.verdict, subject=row.claim_key, text="", reason="other")
        for row in sample[1::2]
    )  # fmt: skip
    Tally.objects.bulk_create(
        Tally(on=(now - timedelta(days=day)).date(), verdict=verdict, citation_count=rng.randrange(size))
        for day in range(90)
        for verdict in verdicts
    )
    return moderator, sample[len(sample) // 2].pk


def ask(client, address):
    started = time.perf_counter()
    response = client.get(address)
    elapsed = time.perf_counter() - started
    if response.status_code != 200:
        sys.exit(f"{address} returned {response.status_code}")
    return elapsed


def main():
    import django

    size = int(sys.argv[1]) if len(sys.argv) > 1 else CITATIONS
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/report.sqlite3"
        django.setup()
        from django.conf import settings
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        # So that static files needn't be collected.
        settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

        started = time.perf_counter()
        moderator, middle = prepare(size)
        print(f"{size} citations created in {time.perf_counter() - started:.0f} s")
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(moderator)
        if "analyze" in sys.argv:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        floor = "/admin/inbox/"
        ask(client, floor)
        failed = False
        print(f"{'view':<26} {'queries':>7} {'ms':>8} {'x floor':>8}")
        for name, query in VIEWS.items():
            address = f"/admin/evidence/{query.format(middle=middle)}"
            with CaptureQueriesContext(connection) as queries:
                ask(client, address)
            number = len(queries)
            if "sql" in sys.argv:
                for executed in sorted(queries.captured_queries, key=lambda executed: -float(executed["time"]))[:2]:
                    print("   ", executed["time"], executed["sql"][-400:])
            times, ratios = [], []
            for _ in range(ROUNDS):
                bare = ask(client, floor)
                times.append(ask(client, address))
                ratios.append(times[-1] / bare)
            elapsed = statistics.median(times)
            ratio = statistics.median(ratios)
            is_bad = ratio > BOUND or number > QUERIES
            failed |= is_bad
            mark = " ← too much" if is_bad else ""
            print(f"{name:<26} {number:>7} {elapsed * 1000:8.1f} {ratio:8.1f}{mark}", flush=True)
        from articles.derived.checks import precision

        started = time.perf_counter()
        precision.measure(None)
        print(f"how often flags are right, not cached: {time.perf_counter() - started:.2f} s")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started, lines = time.perf_counter(), 0
        for _line in client.get("/admin/evidence/export.csv").streaming_content:
            lines += 1
        elapsed = time.perf_counter() - started
        growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(f"CSV: {lines - 1} lines in {elapsed:.1f} s ({lines / elapsed:.0f}/s), {growth:.0f} MB more memory")
    print(f"bound: {BOUND} times the floor, an inbox without notices; {QUERIES} queries")
    return failed


if __name__ == "__main__":
    process.configure()
    sys.exit(main())
