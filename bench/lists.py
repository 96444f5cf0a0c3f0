"""Measures the admin's lists, the editor and a review page with a hundred thousand articles, against a thousand.

Rows are written directly (`fill.py`), which takes a few minutes. Each page is relative to an empty admin page (the
floor), asked alternately. Fails if a page takes another number of queries or clearly longer with a hundred times the
articles, or if the editor or the review page takes more than a bound.
"""

import os
import statistics
import sys
import time
from pathlib import Path

from separately import run_separately

SIZES = tuple(map(int, sys.argv[1:])) or (1_000, 100_000)
ROUNDS = 9
GROWTH = 1.5  # times the floor with many articles, against few
SLACK = 1.0  # times the floor that a page may grow in any case: a count of all rows
BOUND = 150  # CPU milliseconds of the editor and of a review page
HERE = Path(__file__).parent
FLOOR = "/admin/inbox/"


def pages(article):
    """Return the addresses that are measured, and those of them for which `BOUND` holds."""
    from django.contrib import admin

    lists = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]
    editor = f"/admin/articles/article/{article.pk}/change/"
    review = article.published_revision.get_absolute_url()
    sorted_lists = [
        "/admin/articles/article/?o=1",
        "/admin/articles/article/?p=2",
        "/admin/articles/revision/?status=all",
    ]
    return ["/admin/", "/admin/evidence/", *lists, *sorted_lists, editor, review], {editor, review}


def measure(size):
    """Return {page: (queries, CPU milliseconds, times the floor)} and the bounded pages; needs its own process."""
    import django

    django.setup()
    import fill
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from articles.models import Article

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    call_command("migrate", verbosity=0)
    call_command("signing_key", "--create", verbosity=0)
    fill.main(size)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="bench"))

    def ask(address):
        started = time.process_time()
        response = client.get(address, follow=True)
        if response.status_code != 200:
            sys.exit(f"{address} returned {response.status_code}")
        return time.process_time() - started

    addresses, bounded = pages(Article.objects.select_related("published_revision").latest("pk"))
    results = {}
    for address in [FLOOR, *addresses]:
        ask(address)
        with CaptureQueriesContext(connection) as queries:
            ask(address)
        number, times, ratios = len(queries), [], []
        for _ in range(ROUNDS):
            bare, taken = ask(FLOOR), ask(address)
            times.append(taken)
            ratios.append(taken / bare)
        name = address.replace(f"/{size}/", "/…/")
        results[name] = number, statistics.median(times) * 1000, statistics.median(ratios), address in bounded
    return results


def main():
    results = {size: run_separately(measure, size) for size in SIZES}
    few, many = (results[size] for size in SIZES)
    failed = False
    print(f"{'page':<44}{'queries':>8}{'CPU ms':>8}{'x floor':>9}   with {SIZES[1]} articles ({SIZES[0]})")
    for name, (queries, milliseconds, ratio, is_bounded) in many.items():
        queries_few, milliseconds_few, ratio_few, _ = few[name]
        is_bad = queries != queries_few or ratio > GROWTH * ratio_few + SLACK or (is_bounded and milliseconds > BOUND)
        failed |= is_bad
        mark = " ← too much" if is_bad else ""
        print(
            f"{name:<44}{queries:>8}{milliseconds:8.1f}{ratio:9.1f}   ({queries_few}, {milliseconds_few:.1f}, {ratio_few:.1f}){mark}"
        )
    return int(failed)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketamine_site.settings")
    os.environ.setdefault("SECRET_KEY", "benchmark-" + "x" * 50)
    os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1")
    sys.path[:0] = [str(HERE.parent), str(HERE)]
    sys.exit(main())
