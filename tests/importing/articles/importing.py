"""A text and an episode to import, and the command that imports them."""

from io import StringIO

from django.core.management import call_command

from articles.importing import Delivery, files_in
from articles.models import Article, Chapter, Citation, Episode, LogEntry, Revision, Section, Show

TIDES = """---
title: Tides
videoId: abcdefghijk
---

From: [[harbour]] <br/>

The sea rises <a class="yt-timestamp" data-t="00:01:02">[00:01:02]</a>.

## Moon

It pulls, as [[neap_tide | neap tides]] show <a class="yt-timestamp" data-t="00:02:03">[00:02:03]</a>.

### Pull

It pulls hard.
"""


EPISODE = {
    "show": {"handle": "harbour", "title": "The Harbour Hour", "url": "https://example.org/harbour"},
    "title": "Why tides turn",
    "published_on": "2024-05-06",
    "duration_seconds": 3600,
    "youtube_id": "abcdefghijk",
    "chapters": [["00:00:00", "Hello"], ["00:02:00", "Sponsor: Ropes"]],
}


def run(*paths, **options):
    """Run the command as `importer` and return its output."""
    out, err = StringIO(), StringIO()
    options = {"username": "importer", "stdout": out, "stderr": err} | options
    call_command("import_articles", *map(str, paths), **options)
    return out.getvalue()


def rows():
    """Return everything that an import may write, for comparison."""
    models = (Show, Episode, Chapter, Article, Revision, Section, Citation, LogEntry)
    return [list(model.objects.order_by("pk").values()) for model in models]


def outcomes(*paths, by, **options):
    """Import `paths` in one run and return the name, outcome and problem reasons of each file."""
    delivery = Delivery(by=by, **options)
    delivery.prepare(paths)
    results = [delivery.import_file(file.path, file.refused) for file in files_in(paths)]
    return [(result.path.name, result.outcome, [problem.reason for problem in result.problems]) for result in results]
