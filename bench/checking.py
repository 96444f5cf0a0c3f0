"""Measures how many citations `check_citations` checks per second on one core, and how much memory it takes.

Makes a database of N citations of sixteen generated two-hour recordings, and one of 4 N. Runs the command on each
twice: first to check every citation, then with every check up to date. Prints a table. Exits 1 if the speed is below
the target, or if memory grows with the number of citations. Run by `make bench`; for other sizes, run
`bench/checking.py 10000 100000`.
"""

import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TARGET = 100.0  # citations per CPU second, including the rebuild of their pages
GROWTH = 1.15  # peak memory with 4 N citations, against N
CITATIONS = 2000
EPISODES = 16  # more than a process keeps indexed
PER_ARTICLE = 50
SECONDS = 7200

ROOT = Path(__file__).resolve().parents[1]

STARTS = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "do",
    "ga",
    "ka",
    "ke",
    "ko",
    "la",
    "le",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "no",
    "pa",
    "pe",
    "ra",
    "re",
    "ro",
    "sa",
    "se",
    "so",
    "ta",
    "te",
    "to",
    "va",
    "ve",
]
WORDS = [first + second + end for first in STARTS for second in STARTS for end in ("", "n", "rd")]


def sentence(chance: random.Random, length: int) -> str:
    """Return a sentence of `length` words, in which the first of `WORDS` are the most common, as in speech."""
    return " ".join(WORDS[min(int(chance.paretovariate(0.6)) - 1, len(WORDS) - 1)] for _ in range(length))


def make(citations: int) -> None:
    """Fill the empty database."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from articles.importing import import_transcript
    from articles.models import Article, Citation, Episode, Rendering, Revision, Section, Show, Source

    call_command("migrate", verbosity=0)
    chance = random.Random(4)
    show = Show.objects.create(handle="bench", title="Bench")
    episodes, talks = [], []
    for number in range(EPISODES):
        episode = Episode.objects.create(
            show=show, slug=f"talk-{number}", title=f"Talk {number}", duration_seconds=SECONDS
        )
        talk = [sentence(chance, 16) for _ in range(SECONDS // 5)]
        lines = (f"{at * 5 // 3600}:{at * 5 // 60 % 60:02}:{at * 5 % 60:02} {text}" for at, text in enumerate(talk))
        import_transcript(episode, "\n".join(lines).encode())
        episodes.append(episode)
        talks.append(talk)
    now = timezone.now()
    for number in range(citations // PER_ARTICLE):
        episode_number = number % EPISODES
        article = Article.objects.create(slug=f"text-{number}", created_by_name="bench")
        revision = Revision.objects.create(
            article=article, number=1, title=f"Text {number}", slug=article.slug, saved_at=now
        )
        Source.objects.create(revision=revision, position=1, key="e1", episode=episodes[episode_number])
        section = Section.objects.create(revision=revision, position=1, heading="Part", anchor="part")
        rows = []
        for position in range(1, PER_ARTICLE + 1):
            cue = chance.randrange(SECONDS // 5)
            claim = f"{talks[episode_number][cue]} {sentence(chance, 4)} {number} {position}."
            row = Citation(revision=revision, section=section, position=position, episode=episodes[episode_number])
            row.start_seconds, row.anchor, row.text = cue * 5, f"c-{position}", "[00:00:00]"
            row.offset, row.claim, row.context = position * 100, claim.capitalize(), "Part"
            rows.append(row)
        Citation.objects.bulk_create(rows)
        Rendering.objects.create(
            revision=revision, renderer_version=1, lead_html="", text_html=f"<p>{'word ' * 2000}</p>", plain_text=""
        )
        Revision.objects.filter(pk=revision.pk).update(status=Revision.Status.RECEIVED)
        Article.objects.filter(pk=article.pk).update(published_revision=revision, published_at=now)


def measure() -> None:
    """Check everything in this process; prints CPU seconds, seconds, and peak memory in KB."""
    import django

    django.setup()
    from django.core.management import call_command

    started, started_cpu = time.perf_counter(), time.process_time()
    call_command("check_citations", verbosity=0)
    cpu, elapsed = time.process_time() - started_cpu, time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"RESULT {cpu} {elapsed} {peak}")


def run(*options: str, database: Path) -> str:
    """Run this file in a new process on the database; returns its output."""
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "SECRET_KEY": os.environ.get("SECRET_KEY", os.urandom(30).hex()),
        "ALLOWED_HOSTS": "localhost",
        "DEBUG": "",
        "DJANGO_SETTINGS_MODULE": "ketamine_site.settings",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, __file__, *options]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def measured(database: Path) -> tuple[float, float, float]:
    """Return CPU seconds, seconds, and peak MB of one run of the command."""
    output = run("--measure", database=database)
    result = re.search(r"RESULT (\S+) (\S+) (\d+)", output)
    if result is None:
        raise RuntimeError(f"No result: {output}")
    return float(result[1]), float(result[2]), int(result[3]) / 1024


def main(numbers: list[int]) -> int:
    rows = []
    for citations in numbers:
        with tempfile.TemporaryDirectory() as scratch:
            database = Path(scratch) / "bench.sqlite3"
            run("--make", str(citations), database=database)
            rows.append((citations, "first run", *measured(database)))
            rows.append((citations, "all up to date", *measured(database)))
    print(f"{'citations':>10}  {'':<18}{'CPU s':>10}{'s':>8}{'per CPU s':>11}{'peak MB':>9}")
    for citations, run_name, cpu, elapsed, peak in rows:
        print(f"{citations:>10}  {run_name:<18}{cpu:>10.1f}{elapsed:>8.1f}{citations / cpu:>11.1f}{peak:>9.0f}")
    slowest = min(citations / cpu for citations, _, cpu, _, _ in rows)
    growth = rows[-2][4] / rows[0][4]
    print(f"With {numbers[-1] / numbers[0]:.0f} times the citations, peak memory is {growth:.2f} times as large.")
    if slowest < TARGET:
        print(f"FAILED: below {TARGET:.0f} citations per CPU second.")
    return int(slowest < TARGET or growth > GROWTH)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make(int(sys.argv[2]))
    elif sys.argv[1:2] == ["--measure"]:
        measure()
    else:
        sys.exit(main([int(number) for number in sys.argv[1:]] or [CITATIONS, 4 * CITATIONS]))
