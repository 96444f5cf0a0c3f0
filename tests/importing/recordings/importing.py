"""The command that imports a feed."""

import csv
from io import StringIO

from django.core.management import call_command

from articles.importing import FeedDelivery
from tests.support.servers.http import fetch_here


def run(source, **options):
    """Run the command and return its output."""
    out, err = StringIO(), StringIO()
    call_command("import_feed", str(source), **({"stdout": out, "stderr": err} | options))
    return out.getvalue()


def deliver(source, **options):
    """Import a feed and return (outcome, [(part, text, reason)]) for each item, and the fetched URLs.

    Fetching may reach the tests' own server.
    """
    fetched = []

    def fetch(url, **limits):
        fetched.append(url)
        return fetch_here(url, **limits)

    delivery = FeedDelivery(**({"fetch": fetch} | options))
    delivery.open(str(source))
    results = [delivery.import_item(item) for item in delivery.feed.episodes]
    results = [(r.outcome, [(p.part, p.text, p.reason) for p in r.problems]) for r in results]
    return results, fetched


def report_of(folder):
    with (folder / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *lines = csv.reader(file)
    assert head == ["item", "episode", "part", "text", "reason", "outcome"]
    return lines
