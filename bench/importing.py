"""Measures what importing an article costs: processor time, database, and memory of the whole import.

Imports N and 4 N generated articles of 6 KB of text that link to each other into a new SQLite file each, as drafts and
published, and the real articles next to the project if there are any. Prints a table. Exits 1 if drafts are imported
more slowly than the target, a generated article costs more than the target once published, or memory grows with the
number of files. Other numbers of published articles: `importing.py 20000`. Run by `make bench`.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

TARGET = 60.0  # drafts per CPU second
PUBLISHED_MS, PUBLISHED_KB = 25.0, 80.0  # CPU time and database for each article published from an import
GROWTH = 1.15  # peak memory with 4 N files, against N
FILES = 200

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"

CLAIM = (
    "The {word} rises with the moon and falls again before the boats of harbour {number} come in, which is why "
    "{tables} are reprinted every spring"
)
MORE = "The ropes are left long enough for both, and the ladders reach down."
WORDS = ("sea", "tide", "water", "bay", "river", "channel", "estuary")


def write_articles(folder: Path, count: int) -> None:
    """Write `count` articles in the received format: 6 KB of text, with 10 sections, 30 citations and 6 wiki links."""
    for number in range(count):
        lines = [f"---\ntitle: Tide {number}\nvideoId: v{number // 5:010}\n---\n\nFrom: [[harbour]] <br/>\n"]
        for paragraph in range(30):
            if paragraph % 3 == 0:
                lines.append(f"{'##' if paragraph % 9 == 0 else '###'} Part {paragraph} of tide {number}\n")
            clock = f"{paragraph * 61 // 3600:02}:{paragraph * 61 // 60 % 60:02}:{paragraph * 61 % 60:02}"
            word = WORDS[(number + paragraph) % len(WORDS)]
            tables = f"[[tide_{(number * 7 + paragraph) % count} | the tables]]" if paragraph % 5 == 0 else "the tables"
            claim = CLAIM.format(word=word, number=paragraph, tables=tables)
            mark = f'<a class="yt-timestamp" data-t="{clock}">[{clock}]</a>'
            lines.append(f"{claim} {mark}. {MORE.format(word=word)}\n")
        (folder / f"tide_{number}.md").write_text("\n".join(lines), encoding="utf-8")


def measure(folder: str, *, publish: bool) -> None:
    """Import `folder` in this process; prints articles, CPU seconds, seconds, peak memory in KB, and bytes of database."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("signing_key", "--create", verbosity=0)
    from django.contrib.auth import get_user_model

    get_user_model().objects.create(
        username="bench", is_superuser=True
    )  # without a password, because hashing one takes 100 MB
    empty = database_bytes()
    started, started_cpu = time.perf_counter(), time.process_time()
    call_command("import_articles", folder, publish=publish, verbosity=0)
    cpu, elapsed = time.process_time() - started_cpu, time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    from articles.models import Article

    print(f"RESULT {Article.objects.count()} {cpu} {elapsed} {peak} {database_bytes() - empty}")


def database_bytes() -> int:
    """Return the size of the SQLite file with everything that was written."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(connection.settings_dict["NAME"]).stat().st_size


class Result(NamedTuple):
    """What an import of `articles` took: CPU seconds, seconds, the process's peak MB, and KB of database."""

    articles: int
    cpu: float
    seconds: float
    peak: float
    database: float


def run(folder: Path, *options: str) -> Result:
    """Import `folder` in a new process and database."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{scratch}/bench.sqlite3",
            "SECRET_KEY": os.environ.get("SECRET_KEY", os.urandom(30).hex()),
            "ALLOWED_HOSTS": "localhost",
            "DEBUG": "",
            "DJANGO_SETTINGS_MODULE": "ketamine_site.settings",
            "PYTHONPATH": str(ROOT),
            "SIGNING_KEY_FILE": f"{scratch}/signing-key.pem",
        }
        command = [sys.executable, __file__, "--measure", str(folder), *options]
        output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    result = re.search(r"RESULT (\d+) (\S+) (\S+) (\d+) (\d+)", output.stdout)
    if result is None:
        raise RuntimeError(f"No result: {output.stdout}{output.stderr}")
    return Result(int(result[1]), float(result[2]), float(result[3]), int(result[4]) / 1024, int(result[5]) / 1024)


def faster(folder: Path, *options: str) -> Result:
    """Return the faster of two runs, since other programs can only slow one down."""
    return min(run(folder, *options), run(folder, *options), key=lambda result: result.cpu)


def main(sizes: list[int]) -> int:
    drafts, published, real = {}, {}, {}
    with tempfile.TemporaryDirectory() as scratch:
        for count in sizes or (FILES, 4 * FILES):
            folder = Path(scratch) / str(count)
            folder.mkdir()
            write_articles(folder, count)
            if not sizes:
                drafts[f"{count} drafts"] = faster(folder)
            # Each is linked to by a later one, so its links are derived twice.
            published[f"{count} published"] = run(folder, "--publish") if sizes else faster(folder, "--publish")
    if CORPUS.is_dir() and not sizes:
        real = {"real drafts": faster(CORPUS), "real, published": run(CORPUS, "--publish")}
    print(f"{'delivery':<16}{'articles':>9}{'CPU s':>10}{'s':>8}{'per CPU s':>11}{'CPU ms':>8}{'KB':>7}{'peak MB':>9}")
    for name, result in {**drafts, **published, **real}.items():
        articles, cpu, elapsed, peak, database = result
        print(
            f"{name:<16}{articles:>9}{cpu:>10.1f}{elapsed:>8.1f}{articles / cpu:>11.1f}{cpu / articles * 1000:>8.1f}"
            f"{database / articles:>7.0f}{peak:>9.0f}"
        )
    failures = [
        f"{name}: below {TARGET:.0f} articles per CPU second"
        for name, result in {**drafts, **real}.items()
        if "drafts" in name and result.articles / result.cpu < TARGET
    ]
    for name, result in published.items():
        if result.cpu / result.articles * 1000 > PUBLISHED_MS:
            failures.append(f"{name}: more than {PUBLISHED_MS:.0f} ms of CPU each")
        if result.database / result.articles > PUBLISHED_KB:
            failures.append(f"{name}: more than {PUBLISHED_KB:.0f} KB each")
    for results in (drafts, published):
        peaks = [result.peak for result in results.values()]
        if len(peaks) > 1 and peaks[-1] > peaks[0] * GROWTH:
            failures.append(f"With more files, peak memory is {peaks[-1] / peaks[0]:.2f} times as large")
    for failure in failures:
        print(f"FAILED: {failure}.")
    return int(bool(failures))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], publish="--publish" in sys.argv)
    else:
        sys.exit(main(list(map(int, sys.argv[1:]))))
