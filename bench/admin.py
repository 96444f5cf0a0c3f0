"""Measures the admin with a hundred thousand articles, against a thousand: its lists, the editor, a review page, and work.

Rows are written directly (`fill.py`), which takes a few minutes. Every request is relative to one of a constant Django
view under gunicorn (the floor), asked alternately, in CPU time. Fails if a page takes another number of queries or
clearly longer with a hundred times the articles, or if the editor, the review page, or saving, submitting, approving or
publishing an article of ordinary length takes more than its bound. Other sizes: `admin.py 100 1000`.
"""

import os
import statistics
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import process

from bench.serving import GUNICORN, serve
from tests.support.servers.production import children_of

SIZES = tuple(map(int, sys.argv[1:])) or (1_000, 100_000)
ROUNDS = 9
FLOOR_REQUESTS = 300  # between two measurements: one takes a third of a millisecond
GROWTH = 1.5  # times the floor with many articles, against few
SLACK = 10  # times the floor that a page may grow in any case: a count of all rows
READING, WRITING = 450, 150  # times the floor: the editor and a review page; saving and what follows
HERE = Path(__file__).parent

SECTIONS, PARAGRAPHS = 10, 3
CLAIM = (
    "The tide of harbour {n} rises with the moon and falls again before the boats have come back in, as the pilots say, "
    "which is why the tables are reprinted every spring [00:{m:02}:{s:02}]. Nobody who works there forgets it: the ropes "
    "are left long enough for both, the ladders reach down to the lowest step, and pupils learn the hours by heart."
)


class Clock:
    """Takes the CPU time of requests of a client, in milliseconds and relative to that of the floor's server."""

    def __init__(self, folder):
        page = Path(folder, "page.html")
        page.write_text("An ordinary page. " * 1000)
        self.server, self.address = serve(GUNICORN, HERE, FLOOR_PAGE=str(page))

    def floor(self):
        """Return the CPU seconds of one request, by all processes of the server."""
        processes = [self.server.pid, *children_of(self.server.pid)]
        before = sum(map(cpu_seconds, processes))
        for _ in range(FLOOR_REQUESTS):
            urllib.request.urlopen(self.address).read()
        return (sum(map(cpu_seconds, processes)) - before) / FLOOR_REQUESTS

    def ask(self, send, *arguments, **options):
        """Return (milliseconds, times the floor, response) of a request."""
        floor = self.floor()
        started = time.process_time()
        response = send(*arguments, **options)
        taken = time.process_time() - started
        if response.status_code not in (200, 302):
            sys.exit(f"{arguments[0]} returned {response.status_code}")
        return taken * 1000, taken / floor, response


def cpu_seconds(pid):
    """Return what a process has used of the processor, to a hundredth of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def lists():
    """Return the addresses of the admin's start page and lists."""
    from django.contrib import admin

    models = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]
    filters = [
        f"/admin/articles/article/?{query}"
        for query in ("state=published", "state=approved", "state=unreviewed", "issues=flagged", "review=never", "o=4")
    ]
    ordered = [
        "/admin/articles/article/?o=1",
        "/admin/articles/article/?p=2",
        *filters,
        "/admin/articles/revision/?status=all",
    ]
    return ["/admin/", "/admin/evidence/", *models, *ordered]


def ordinary_article(by):
    """Publish an article of ordinary length, 12 KB with 30 citations of a transcript, and return it."""
    from articles import workflow
    from articles.core.recordings.transcripts import Cue, Reading
    from articles.models import Episode, Show
    from articles.workflow import recordings
    from articles.workflow.content import Content, SectionContent, SourceContent

    show = Show.objects.create(handle="tides", title="Tides")
    episode = Episode.objects.create(show=show, title="On tides", slug="on-tides", duration_seconds=3600)
    words = CLAIM.format(n=0, m=0, s=0).split() * 2
    cues = tuple(
        Cue(start, start + 8, "", " ".join(words[start % 50 : start % 50 + 20])) for start in range(0, 3600, 8)
    )
    recordings.replace_transcript(episode, Reading(cues, (), "srt"), by=by, at_once=True)
    sections = []
    for section in range(SECTIONS):
        claims = [section * PARAGRAPHS + paragraph for paragraph in range(PARAGRAPHS)]
        body = "\n\n".join(CLAIM.format(n=n, m=n, s=n * 7 % 60) for n in claims)
        sections.append(SectionContent(f"Part {section} of the tide", body, 1 + section % 2))
    content = Content(
        "The tide", "the-tide", CLAIM.format(n=0, m=1, s=1), sources=(SourceContent(episode),), sections=tuple(sections)
    )
    draft = workflow.create_article(content, by=by, received_as="bench/tide", received_digest="0" * 64)
    workflow.publish_received(draft, by=by)
    return draft.article


def form_with(response, button):
    """Return (address, values) of the form on a page that has a button, pressed."""
    from lxml import html

    page = html.document_fromstring(response.content.decode(), base_url="http://127.0.0.1")
    name, _, value = button.partition("=")
    found = f"//button[@name='{name}'{f' and @value={value!r}' if value else ''}]"
    (pressed, *_) = page.xpath(found)
    form = page.get_element_by_id(pressed.get("form")) if pressed.get("form") else next(pressed.iterancestors("form"))
    outside = page.xpath(f"//input[@form='{form.get('id')}'][@type!='checkbox' or @checked]")
    values = [*form.form_values(), *((field.name, field.value) for field in outside), (name, value)]
    return form.get("action") or response.request["PATH_INFO"], values


def measure(size, folder):
    """Return {page or action: (queries or None, CPU milliseconds, times the floor, bound or None)}; needs a process of its own."""
    import django

    django.setup()
    import fill
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    call_command("migrate", verbosity=0)
    call_command("signing_key", "--create", verbosity=0)
    fill.main(size)
    clients = {}
    for name in ("bench", "second"):
        clients[name] = Client(HTTP_HOST="127.0.0.1")
        clients[name].force_login(
            User.objects.get_or_create(username=name, defaults={"is_superuser": True, "is_staff": True})[0]
        )
    client = clients["bench"]
    article = ordinary_article(User.objects.get(username="bench"))
    clock, results = Clock(folder), {}
    bounded = {
        f"/admin/articles/article/{article.pk}/change/": "editor",
        article.published_revision.get_absolute_url(): "review page",
    }
    for address in [*lists(), *bounded]:
        client.get(address, follow=True)
        with CaptureQueriesContext(connection) as queries:
            client.get(address, follow=True)
        number = len(queries)
        asked = [clock.ask(client.get, address, follow=True)[:2] for _ in range(ROUNDS)]
        milliseconds, ratio = map(statistics.median, zip(*asked, strict=True))
        results[bounded.get(address, address)] = number, milliseconds, ratio, READING if address in bounded else None
    try:
        done = work(article, clients, clock)
    finally:
        clock.server.terminate()
    for name, asked in done.items():
        milliseconds, ratio = map(statistics.median, zip(*asked, strict=True))
        results[name] = None, milliseconds, ratio, READING if name == "review page of a change" else WRITING
    return results


def work(article, clients, clock):
    """Change the article again and again, and publish each change; returns {action: [(milliseconds, times the floor)]}."""
    from articles.models import Revision

    author, reviewer = clients["bench"], clients["second"]
    editor = f"/admin/articles/article/{article.pk}/change/"
    results = {}

    def act(name, client, page, button, change=lambda values: values):
        address, values = form_with(page, button)
        data = {}
        for key, value in change(values):
            data.setdefault(key, []).append(value)
        milliseconds, ratio, response = clock.ask(client.post, address, data)
        if response.status_code != 302:
            sys.exit(f"{name}: the form came back.")
        results.setdefault(name, []).append((milliseconds, ratio))
        return response

    for number in range(ROUNDS):

        def edited(values, number=number):
            changed = {"sections-1-body", "sections-4-body"}
            written = [
                (key, value.replace("back", f"back {number}", 1) if key in changed else value) for key, value in values
            ]
            return [*written, ("edit_summary", f"Change {number}")]

        act("save", author, author.get(editor, follow=True), "_save", edited)
        act("submit", author, author.get(editor, follow=True), "_submit", edited)
        revision = Revision.objects.filter(article=article).latest("pk")
        address = revision.get_absolute_url()
        *taken, page = clock.ask(reviewer.get, address, follow=True)
        results.setdefault("review page of a change", []).append(tuple(taken))
        act("approve", reviewer, page, "act=approve")
        act("publish", reviewer, reviewer.get(address, follow=True), "act=publish")
        article.refresh_from_db()
        if article.published_revision_id != revision.pk:
            sys.exit("Publishing did nothing.")
    return results


def main():
    few, many = (process.on_new_site(measure, size) for size in SIZES)
    failed = False
    print(f"{'':<44}{'queries':>8}{'CPU ms':>8}{'x floor':>9}{'bound':>7}   with {SIZES[1]} articles ({SIZES[0]})")
    for name, (queries, milliseconds, ratio, bound) in many.items():
        queries_few, milliseconds_few, ratio_few, _ = few[name]
        is_bad = queries != queries_few or ratio > (bound or GROWTH * ratio_few + SLACK)
        failed |= is_bad
        print(
            f"{name:<44}{queries or '':>8}{milliseconds:8.1f}{ratio:9.0f}{bound or '':>7}"
            f"   ({queries_few or '-'}, {milliseconds_few:.1f}, {ratio_few:.0f}){' ← too much' if is_bad else ''}"
        )
    return int(failed)


if __name__ == "__main__":
    process.configure()
    sys.exit(main())
