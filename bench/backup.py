"""Measures backup and restore of a large site: seconds relative to copying the database's file, and peak memory.

Fills a new SQLite site with N articles (20,000: `backup.py N`) and one with a tenth, backs each up, restores it into an
empty site and compares every row of every table. Exits 1 if a row differs, memory grows with the number of articles, or
either takes too many times as long as the copy. Run by `make bench`; needs 300 KB of disk per article.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from itertools import zip_longest
from pathlib import Path

ARTICLES = 20_000
GROWTH = 1.15  # peak memory with ten times the articles
TARGETS = {"backup": 60, "restore": 40}  # times the floor: copying the file and waiting until it is on the disk
HERE = Path(__file__).parent
PROJECT = HERE.parent


def environment(folder, name):
    return os.environ | {
        "SECRET_KEY": "benchmark-" + "x" * 50,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DEBUG": "",
        "DJANGO_SETTINGS_MODULE": "ketamine_site.settings",
        "PYTHONPATH": str(PROJECT),
        "DATABASE_URL": f"sqlite:///{folder}/{name}.sqlite3",
        "MEDIA_ROOT": f"{folder}/{name}-media",
        "SIGNING_KEY_FILE": f"{folder}/signing-key.pem",
        "SIGNED_HEADS_FILE": f"{folder}/{name}-heads.txt",
    }


def run(folder, name, *command):
    """Run Python with `command` on the site `name`; returns seconds and peak memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], cwd=PROJECT, env=environment(folder, name))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}.")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def copy(source, target):
    """Copy a file as a backup has to, until it is on the disk; returns seconds."""
    started = time.perf_counter()
    shutil.copyfile(source, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return time.perf_counter() - started


def compare(one, other):
    """Return (number of rows, names of the tables that differ) of two SQLite files."""
    rows, differing = 0, []
    with closing(sqlite3.connect(one)) as first, closing(sqlite3.connect(other)) as second:
        schemas = [
            file.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()
            for file in (first, second)
        ]
        if schemas[0] != schemas[1]:
            differing.append("the schema")
        for table in [name for kind, name, _ in schemas[0] if kind == "table"]:
            columns = ", ".join(str(n) for n, _ in enumerate(first.execute(f'PRAGMA table_info("{table}")'), 1))
            statement = f'SELECT * FROM "{table}" ORDER BY {columns}'  # noqa: S608
            for row, restored in zip_longest(first.execute(statement), second.execute(statement)):
                rows += 1
                if row != restored:
                    differing.append(table)
                    break
    return rows, differing


def measure(folder, count):
    """Return {what: (seconds, peak MB)}, bytes of database and backup, rows, and the tables that differ."""
    database, archive = folder / "site.sqlite3", folder / "backup.tar.gz"
    for command in (["manage.py", "migrate", "-v0"], ["manage.py", "signing_key", "--create", "-v0"]):
        run(folder, "site", *command)
    run(folder, "site", HERE / "fill.py", str(count))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    results = {
        "copy": (copy(database, folder / "copy.sqlite3"), 0),
        "backup": run(folder, "site", "manage.py", "backup", archive),
        "restore": run(folder, "restored", "manage.py", "restore", archive),
    }
    return results, database.stat().st_size, archive.stat().st_size, compare(database, folder / "restored.sqlite3")


def main():
    articles = int(sys.argv[1]) if sys.argv[1:] else ARTICLES
    failed, peaks = [], []
    print(f"{'':<10}{'articles':>9}{'seconds':>9}{'× copy':>8}{'peak MB':>9}")
    for count in (articles // 10, articles):
        with tempfile.TemporaryDirectory() as folder:
            results, size, packed, (rows, differing) = measure(Path(folder), count)
        floor = results["copy"][0]
        for name, (seconds, peak) in results.items():
            print(f"{name:<10}{count:>9,}{seconds:>9.1f}{seconds / floor:>8.1f}{peak:>9.0f}")
            if name in TARGETS and count == articles and seconds > TARGETS[name] * floor:
                failed.append(f"{name} took {seconds / floor:.1f} times as long as the copy, target {TARGETS[name]}")
        print(f"{size / 1e6:,.0f} MB of database, {packed / 1e6:,.0f} MB of backup, {rows:,} rows compared", flush=True)
        if differing:
            failed.append(f"with {count:,} articles, {', '.join(differing)} differ after restoring")
        peaks.append({name: peak for name, (_, peak) in results.items() if peak})
    for name, peak in peaks[1].items():
        if peak > GROWTH * peaks[0][name]:
            failed.append(f"{name} took {peak:.0f} MB, with a tenth of the articles {peaks[0][name]:.0f} MB")
    for message in failed:
        print(f"FAILED: {message}.")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
