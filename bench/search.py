"""Measures search over ten thousand generated articles by kind of query, relative to a floor of the same run.

The floor is what any page of ten results needs: reading ten articles with their titles by key. Each query runs three
times and the fastest counts, since other programs can only slow it down; p50 and p95 are over the queries of a kind.
Exits 1 if a p95 is above the target. PostgreSQL is measured if it is installed, with its default configuration
(docs/search.md). `bench/search.py 1000` takes another number of articles.
"""

import itertools
import os
import pwd
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import process

ARTICLES = 10_000
TARGET = 20.0  # ms, p95
QUERIES = 40  # of each kind
REPEATS = 3
SECTIONS, WORDS_OF_SECTION, CLAIMS = 8, 60, 8

ONSETS = "b br c cl d dr f fl g gr h k l m n p pl qu r s sc sl sp st t tr v w z".split()  # noqa: SIM905
VOWELS = "a e i o u ai ea ou é ü".split()  # noqa: SIM905
CODAS = ["", "n", "r", "st", "ng", "m", "ting", "s"]


def vocabulary(rng):
    syllables = [onset + vowel for onset in ONSETS for vowel in VOWELS]
    words = {first + second + end for first, second in zip(syllables, rng.sample(syllables, len(syllables)), strict=True) for end in CODAS}  # fmt: skip
    words |= {"".join(rng.choices(syllables, k=3)) + rng.choice(CODAS) for _ in range(20_000)}
    words = sorted(words)
    rng.shuffle(words)
    weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(words))))  # the most common is 1 in 80
    return words, weights


def fill(count):
    """Publish `count` generated articles; returns the words, most common first, and some of the sentences."""
    from django.db import transaction
    from django.utils import timezone

    from articles.derived.bulk import insert
    from articles.models import Article, Citation, Episode, Rendering, Revision, Section, Show

    rng = random.Random(11)
    words, weights = vocabulary(rng)

    def sentence(length):
        return " ".join(rng.choices(words, cum_weights=weights, k=length)).capitalize() + "."

    show = Show.objects.create(handle="bench", title="Bench")
    episode = Episode.objects.create(show=show, slug="talk", title="Talk", youtube_id="abcdefghijk")
    now = timezone.now()
    texts = []
    for start in range(0, count, 500):
        numbers = range(start, min(start + 500, count))
        with transaction.atomic():
            articles = Article.objects.bulk_create(Article(slug=f"text-{n}", created_by_name="bench") for n in numbers)
            revisions = Revision.objects.bulk_create(
                Revision(
                    article=article, number=1, title=sentence(rng.randint(1, 4))[:-1], slug=article.slug, saved_at=now
                )
                for article in articles
            )
            sections = Section.objects.bulk_create(
                Section(revision=revision, position=n, level=1 + n % 2, heading=sentence(rng.randint(1, 4))[:-1], anchor=f"s-{n}")
                for revision in revisions
                for n in range(SECTIONS)
            )  # fmt: skip
            citations, bodies = [], {}
            for number, section in enumerate(sections):
                parts = [sentence(15) for _ in range(WORDS_OF_SECTION // 15)]
                bodies.setdefault(section.revision_id, []).append(f"{section.heading}\n{' '.join(parts)}")
                if number % SECTIONS < CLAIMS:
                    citations.append(
                        Citation(revision=section.revision, section=section, position=number % SECTIONS, episode=episode,
                                 start_seconds=number % 6000, anchor=f"c-{number % SECTIONS}", text="", offset=0, claim=parts[0])
                    )  # fmt: skip
                if number % 97 == 0:
                    texts.append(parts[1])
            insert(Citation, citations)
            leads = {revision.pk: sentence(20) for revision in revisions}
            Rendering.objects.bulk_create(
                Rendering(revision=revision, renderer_version=1, lead_html="", lead_text=leads[revision.pk], text_html="",
                          plain_text="\f".join([f"{revision.title}\n{leads[revision.pk]}", *bodies[revision.pk]]))
                for revision in revisions
            )  # fmt: skip
            Revision.objects.filter(pk__in=[revision.pk for revision in revisions]).update(
                status=Revision.Status.RECEIVED
            )
            for article, revision in zip(articles, revisions, strict=True):
                article.published_revision, article.published_at = revision, now
            Article.objects.bulk_update(articles, ["published_revision", "published_at"])
    return words, texts


def kinds_of(words, texts):
    """Return {kind: queries}; `words` are sorted by frequency, most common first."""
    rng = random.Random(12)

    def of(first, last, number=1):
        return [" ".join(rng.sample(words[first:last], number)) for _ in range(QUERIES)]

    def phrase(length):
        def cut(text):
            words = text[:-1].lower().split()
            at = rng.randrange(len(words) - length)
            return f'"{" ".join(words[at : at + length])}"'

        return [cut(text) for text in rng.sample(texts, QUERIES)]

    return {
        "the most common words": words[:QUERIES],
        "a common word": of(50, 500),
        "a rare word": of(5000, 15000),
        "two of the most common": of(0, 10, 2),
        "two common words": of(10, 200, 2),
        "four common words": of(0, 50, 4),
        "phrase of two": phrase(2),
        "phrase of four": phrase(4),
        "phrase of the most common": [f'"{query}"' for query in of(0, 6, 3)],
        "no results": [f"zqx{number}x" for number in range(QUERIES)],
        "prefix only": [word[:5] for word in words[2000 : 2000 + QUERIES]],
        "signs and scripts": ['(a OR b*) NEAR/2 "c', "睡眠 мозг", "a" * 199, "' ; -- %_", '"" : & | !'] * (QUERIES // 5),
        "suggest: one letter": [word[:1] for word in words[:QUERIES]],
        "suggest: three letters": [word[:3] for word in words[100 : 100 + QUERIES]],
        "suggest: a word and a letter": [f"{word} {following[:1]}" for word, following in zip(words[20:60], words[60:100], strict=True)],
    }  # fmt: skip


def timed(ask, query):
    """Return milliseconds, the fastest of `REPEATS` runs."""
    best = float("inf")
    for _ in range(REPEATS):
        started = time.perf_counter()
        ask(query)
        best = min(best, time.perf_counter() - started)
    return best * 1000


def measure(count, folder=None):
    """Return {kind: (p50, p95, times the floor)} and the seconds for indexing; needs its own process."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from articles.derived import search
    from articles.models import Article

    call_command("migrate", verbosity=0)
    words, texts = fill(count)
    started = time.process_time()
    search.rebuild()
    seconds = time.process_time() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    rng = random.Random(13)
    first = Article.objects.order_by("pk").first().pk

    def floor(pks):
        return [article.published_revision.title for article in Article.objects.filter(pk__in=pks).select_related("published_revision").only("slug", "published_revision__title")]  # fmt: skip

    results = {}
    kinds = kinds_of(words, texts)
    for query in kinds["the most common words"]:  # warm the caches
        search.find(query)
    for kind, queries in kinds.items():
        ask = search.suggest if kind.startswith("suggest") else search.find
        times, ratios = [], []
        for query in queries:
            bare = timed(floor, [first + rng.randrange(count) for _ in range(10)])
            times.append(timed(ask, query))
            ratios.append(times[-1] / bare)
        results[kind] = statistics.median(times), statistics.quantiles(times, n=20)[-1], statistics.median(ratios)
    return results, seconds


@contextmanager
def postgresql():
    """Run a temporary server and yield its URL, or None if PostgreSQL isn't installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    pg_ctl = shutil.which("pg_ctl") or (programs and programs[-1])
    if not pg_ctl:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    account = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        account = {"user": "postgres"}
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]

    def run(program, *arguments):
        command = [Path(pg_ctl).resolve().parent / program, "-D", folder / "data", *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **account)

    run("initdb", "-A", "trust", "-U", "postgres", "--no-sync")
    run("pg_ctl", "-o", f"-p {port} -k {folder} -c fsync=off", "-l", folder / "log", "-w", "start")
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def report(database, count, result):
    results, seconds = result
    failed = False
    print(
        f"{database}, {count} articles; indexed in {seconds:.0f} s of CPU time ({seconds / count * 1000:.1f} ms each)"
    )
    print(f"  {'query':<30} {'p50 ms':>8} {'p95 ms':>8} {'x floor':>8}")
    for kind, (middle, high, ratio) in results.items():
        failed |= high > TARGET
        print(f"  {kind:<30} {middle:8.1f} {high:8.1f} {ratio:8.1f}{'  ← too slow' if high > TARGET else ''}")
    return failed


def main(count):
    failed = report("SQLite", count, process.on_new_site(measure, count))
    with postgresql() as address:
        if address is None:
            print("PostgreSQL isn't installed, so it wasn't measured.")
        else:
            result = process.on_database(address, measure, count)
            failed |= report("PostgreSQL", count, result)
    print(f"target: {TARGET:.0f} ms for 95 of 100 queries; the floor reads ten articles by key")
    return failed


if __name__ == "__main__":
    process.configure()
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else ARTICLES))
