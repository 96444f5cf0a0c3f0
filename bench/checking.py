"""Measures how many citations are checked a second on one core, and how much memory `check_citations` takes.

Makes a database of N citations in published articles about sixteen generated recordings of two hours, then one of
4 N; checks all of them, and looks through them once more when every check holds. Prints a table. Exits 1 where fewer
are checked than the target, or where memory grows with the number of citations. Run by `make bench`; other numbers of
citations by `bench/checking.py 10000 100000`.
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

TARGET = 100.0  # citations a second of processor time: checked, and their pages stored anew
GROWTH = 1.15  # peak memory with 4 N citations, against N
CITATIONS = 2000
EPISODES = 16  # more than the process keeps indexed
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
WORDS = [one + two + end for one in STARTS for two in STARTS for end in ("", "n", "rd")]


def sentence(chance: random.Random, length: int) -> str:
    """Words of which the first are the most common, as in speech."""
    return " ".join(WORDS[min(int(chance.paretovariate(0.6)) - 1, len(WORDS) - 1)] for _ in range(length))


def make(citations: int) -> None:
    """Fill the database, which exists and is empty."""
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
        which = number % EPISODES
        article = Article.objects.create(slug=f"text-{number}", created_by_name="bench")
        revision = Revision.objects.create(
            article=article, number=1, title=f"Text {number}", slug=article.slug, saved_at=now
        )
        Source.objects.create(revision=revision, position=1, key="e1", episode=episodes[which])
        section = Section.objects.create(revision=revision, position=1, heading="Part", anchor="part")
        rows = []
        for position in range(1, PER_ARTICLE + 1):
            cue = chance.randrange(SECONDS // 5)
            said = f"{talks[which][cue]} {sentence(chance, 4)} {number} {position}."
            row = Citation(revision=revision, section=section, position=position, episode=episodes[which])
            row.start_seconds, row.anchor, row.text = cue * 5, f"c-{position}", "[00:00:00]"
            row.offset, row.claim, row.context = position * 100, said.capitalize(), "Part"
            rows.append(row)
        Citation.objects.bulk_create(rows)
        Rendering.objects.create(
            revision=revision, renderer_version=1, lead_html="", text_html=f"<p>{'word ' * 2000}</p>", plain_text=""
        )
        Revision.objects.filter(pk=revision.pk).update(status=Revision.Status.RECEIVED)
        Article.objects.filter(pk=article.pk).update(published_revision=revision, published_at=now)


def measure() -> None:
    """Check everything in this process, and print checks, seconds of processor time, of time, and peak memory in KB."""
    import django

    django.setup()
    from django.core.management import call_command

    started, started_cpu = time.perf_counter(), time.process_time()
    call_command("check_citations", verbosity=0)
    cpu, elapsed = time.process_time() - started_cpu, time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"RESULT {cpu} {elapsed} {peak}")


def run(*options: str, database: Path) -> str:
    """Run this file in a process of its own on the database; what it prints."""
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
    """Seconds of processor time, seconds, peak MB of one run of the command."""
    output = run("--measure", database=database)
    found = re.search(r"RESULT (\S+) (\S+) (\d+)", output)
    if found is None:
        raise RuntimeError(f"No result: {output}")
    return float(found[1]), float(found[2]), int(found[3]) / 1024


def main(numbers: list[int]) -> int:
    rows = []
    for citations in numbers:
        with tempfile.TemporaryDirectory() as scratch:
            database = Path(scratch) / "bench.sqlite3"
            run("--make", str(citations), database=database)
            rows.append((citations, "all are checked", *measured(database)))
            rows.append((citations, "every check holds", *measured(database)))
    print(f"{'citations':>10}  {'':<18}{'s of CPU':>10}{'s':>8}{'per CPU s':>11}{'peak MB':>9}")
    for citations, what, cpu, elapsed, peak in rows:
        print(f"{citations:>10}  {what:<18}{cpu:>10.1f}{elapsed:>8.1f}{citations / cpu:>11.1f}{peak:>9.0f}")
    slowest = min(citations / cpu for citations, _, cpu, _, _ in rows)
    growth = rows[-2][4] / rows[0][4]
    print(f"Peak memory with {numbers[-1] / numbers[0]:.0f} times the citations: {growth:.2f} times.")
    if slowest < TARGET:
        print(f"Below {TARGET:.0f} citations a second.")
    return int(slowest < TARGET or growth > GROWTH)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make(int(sys.argv[2]))
    elif sys.argv[1:2] == ["--measure"]:
        measure()
    else:
        sys.exit(main([int(number) for number in sys.argv[1:]] or [CITATIONS, 4 * CITATIONS]))
