"""Measures an export of the site as files: the first one, one after nothing, and one after one article has changed.

`python bench/exporting.py 1000` fills a site with so many articles (`fill.py`), each of which has some twenty addresses.
Fails if a repeated export costs more than MOST of the first one, or memory grows with the site.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = (100, 400)
MOST = 0.2  # of the processor time of the first export
GROWTH = 1.3  # of the memory, from the first size to the last
HERE = Path(__file__).parent
PROJECT = HERE.parent
CHANGE = """
from articles.models import Article
from articles import workflow
from django.contrib.auth.models import User
workflow.unpublish(Article.objects.get(slug="sleep-7"), by=User.objects.get(username="bench"), reason="Measured.")
"""


def run(environment, *arguments):
    """Run a manage.py command; returns what it says and its processor seconds, and the largest memory so far in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    memory = re.search(r"memory (\d+)", done.stderr)
    return done.stdout, seconds, int(memory[1]) / 1024 if memory else 0


MEASURED = """
import resource, sys
from ketamine_site.__main__ import main
main()
print("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def measure(size, folder):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "ketamine_site.settings",
        "PYTHONPATH": str(PROJECT),
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "example.org",
        "SITE_URL": "https://example.org",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "STATIC_ROOT": f"{folder}/static",
        "MEDIA_ROOT": f"{folder}/media",
        "SIGNING_KEY_FILE": f"{folder}/key.pem",
        "SIGNED_HEADS_FILE": f"{folder}/heads.txt",
    }
    for command in (["migrate"], ["collectstatic", "--noinput"]):
        run(environment, "manage.py", *command)
    run(environment, str(HERE / "fill.py"), str(size))
    export = ["-c", MEASURED, "export_site", f"{folder}/export"]
    measured = {}
    for name in ("first", "nothing changed", "one article unpublished"):
        if name.startswith("one"):
            run(environment, "manage.py", "shell", "--no-imports", "-c", CHANGE)
        said, seconds, memory = run(environment, *export)
        measured[name] = seconds, memory
        print(
            f"{size:6} articles, {name:24} {seconds:7.1f} s of CPU  {memory:4.0f} MB  {said.splitlines()[0]}",
            flush=True,
        )
    return measured


def main():
    sizes = [int(argument) for argument in sys.argv[1:]] or SIZES
    measured = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            measured[size] = measure(size, folder)
    last = measured[sizes[-1]]
    if last["nothing changed"][0] > MOST * last["first"][0]:
        sys.exit(f"A repeated export costs more than {MOST:.0%} of the first one.")
    if last["first"][1] > GROWTH * measured[sizes[0]]["first"][1]:
        sys.exit("Memory grows with the site.")


main()
