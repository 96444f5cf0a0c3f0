"""The new release migrates the database while the previous one serves and saves; then both do, beside each other."""

import json
import os
import re
import shutil
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from django.db import connection
from lxml import html

from tests.support import postgresql
from tests.support.databases import previous_release
from tests.support.paths import PROJECT
from tests.support.servers.production import environment_in, manage, manage_all, manage_each, running
from tests.support.servers.visitor import Visitor

ARTICLE, EDITOR, REVIEW = (
    "/articles/ketamine/",
    "/admin/articles/article/1/change/",
    "/admin/articles/revision/{}/change/",
)
DUMP = "database.sql"
PAUSE = 0.2  # seconds
READ = (
    "/",
    ARTICLE,
    "/articles/ketamine.json",
    "/feeds/articles.atom",
    "/api/articles/",
    "/search/?q=ketamine",
    "/admin/login/",
)
WRITTEN = re.compile(r"Round (\d+) of the upgrade")
# What a migration mustn't do: the previous release doesn't know the column, and the database has no default for it.
INCOMPATIBLE = """
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("articles", "{last}")]
    operations = [migrations.AddField("draftversion", "planted", models.TextField(default="x"))]
"""
SAVED = """
import json
from articles.models import Revision
print(json.dumps({r.pk: [r.lead, r.status] for r in Revision.objects.all()}))
"""


@pytest.fixture(scope="module")
def previous():
    """The folder of the previous release's sources."""
    return previous_release.sources() or pytest.skip(previous_release.NO_HISTORY)


@pytest.fixture(scope="module")
def upgradable(previous, django_db_setup):
    """A site that the previous release has set up: its folder, the name of its database, and passwords by account."""
    name = f"upgrade_{uuid.uuid4().hex}"
    if connection.vendor == "postgresql":
        folder = previous_release.kept("site-postgresql", partial(set_up_and_dump, previous))
        postgresql.load(name, folder / DUMP)
    else:
        folder = previous_release.kept("site", lambda folder: set_up(previous, folder, name))
    yield folder, name, json.loads((folder / "passwords.json").read_text())
    if connection.vendor == "postgresql":
        postgresql.drop(name)


def set_up(release, folder, name):
    printed = manage(environment_of(release, folder, name), "prepare_demo", project=release)
    (folder / "passwords.json").write_text(json.dumps(dict(re.findall(r"^  (\w+) +(\S+)$", printed, re.MULTILINE))))


def set_up_and_dump(release, folder):
    name = f"previous_{uuid.uuid4().hex}"
    postgresql.create(name)
    set_up(release, folder, name)
    postgresql.dump(name, folder / DUMP)
    postgresql.drop(name)


@pytest.fixture
def site_of(upgradable, prepared, tmp_path):
    """A copy of that site: a function (project) -> the environment of a release there."""
    original, original_name, _ = upgradable
    folder, name = shutil.copytree(original, tmp_path / "site"), f"upgrade_{uuid.uuid4().hex}"
    if connection.vendor == "postgresql":
        postgresql.create(name, template=original_name)
    static = {"STATIC_ROOT": str(prepared / "static")}
    yield lambda project: environment_of(project, folder, name) | (static if project == PROJECT else {})
    if connection.vendor == "postgresql":
        postgresql.drop(name)


def environment_of(project, folder, database):
    """Return the environment of a release: all have the same data in `folder`, each has its own static files."""
    more = {"PYTHONPATH": str(project), "STATIC_ROOT": str(folder / f"static-{project.name}")}
    if connection.vendor == "postgresql":
        more["SCHEDULER"] = "0"  # that of the previous release is forked with the connection of its worker
        more["DATABASE_URL"] = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    return environment_in(folder, STORED_RESPONSES_MB="50", WORKERS="1", **more)


class Site:
    """An editor and a moderator at work on servers of one database, and what they were told is saved or public."""

    def __init__(self, url, passwords):
        self.editor, self.moderator = (Visitor().log_in(url, name, passwords[name]) for name in ("editor", "moderator"))
        self.saved, self.published, self.rounds = {}, 0, 0

    def approve(self, url, revision):
        page = self.moderator.open(url + REVIEW.format(revision))
        self.moderator.send(page, "//form[@id='decision']", act="approve_and_publish")

    def publish(self, url):
        """Save a new text twice, submit, approve and publish it; raises if any of that isn't acknowledged."""
        self.rounds += 1
        page = self.editor.open(url + EDITOR)
        for words in ("a draft", "a later draft"):
            page = self._save(page, f"Round {self.rounds} of the upgrade, {words}.", "_save")
            revision = re.search(r"[?&]revision=(\d+)", page.base_url)[1]
            assert words in page.xpath("string(//textarea[@name='lead'])")
        text = f"Round {self.rounds} of the upgrade."
        self._save(page, text, "_submit")
        self.saved[revision] = [text, "submitted"]
        self.approve(url, revision)
        self.saved[revision] = [text, "approved"]
        self.published = self.rounds

    def _save(self, page, lead, button):
        return self.editor.send(page, "//form[@data-editor]", lead=lead, edit_summary="Another round.", **{button: ""})

    def read(self, visitor, url):
        """Read every kind of page; the article has what was published before it was asked for."""
        for path in READ:
            expected = self.published
            page = visitor.open(url + path)
            if path == ARTICLE:
                assert number_in(page) >= expected


def number_in(page):
    text = "".join(
        html.tostring(element, encoding="unicode") for element in page.iter("article")
    )  # not only in the head
    return int(found[1]) if (found := WRITTEN.search(text)) else 0


@contextmanager
def at_work(url, site):
    """Publish and read at a server all the time that the block takes, and for two more rounds.

    Everybody pauses for a moment now and then: the migration gets on, and isn't kept waiting for a processor.
    """
    has_ended = threading.Event()

    def work(step):
        more = 2
        while more:
            more -= has_ended.is_set()
            step()
            time.sleep(PAUSE)

    with ThreadPoolExecutor(3) as threads:
        steps = [lambda: site.publish(url), *(partial(site.read, Visitor(), url) for _ in range(2))]
        workers = [threads.submit(work, step) for step in steps]
        try:
            yield
        finally:
            has_ended.set()
    for worker in workers:
        worker.result()


@pytest.fixture
def served(previous, upgradable, site_of):
    """The previous release's server on that site: its URL, and the people who work there."""
    *_, passwords = upgradable
    with running(site_of(previous), project=previous) as (_, url):
        site = Site(url, passwords)
        site.approve(url, 2)  # which the sample content has waiting
        site.publish(url)
        yield url, site


def test_both_releases_serve_and_save_during_and_after_the_migration(served, site_of):
    (old, site), environment = served, site_of(PROJECT)
    before = site.rounds
    with at_work(old, site):
        manage_all(environment, ["migrate"], ["ensure_groups"])
    assert site.rounds >= before + 2

    with running(environment) as (_, new):
        reader = Visitor()
        for written, other in ((old, new), (new, old), (old, new)):
            site.read(reader, other)  # so that it is stored there
            site.publish(written)
            site.read(reader, other)
            site.read(reader, written)
        with at_work(old, site):
            manage(environment, "rebuild", "--stale")

    # Once the previous release has ended:
    shell = ["shell", "--no-imports", "-c", SAVED]
    _, saved, checked = manage_all(environment, ["rebuild", "--stale"], shell, ["check_integrity"])
    found = json.loads(saved)
    assert {pk: found[pk] for pk in site.saved} == site.saved
    assert len(site.saved) == site.rounds
    assert "Everything is as it should be" in checked


def test_what_the_previous_release_derived_is_only_stale(upgradable, site_of):
    commands = [["migrate"], ["ensure_groups"], ["check_integrity"], ["rebuild", "--stale"], ["check_integrity"]]

    done = manage_each(site_of(PROJECT), commands)

    assert [code for code, *_ in done] == [0, 0, 3, 0, 0], done
    assert "Only stale" in done[2][2]
    assert "Everything is as it should be" in done[4][1]


@pytest.fixture
def incompatible(tmp_path):
    """The folder of a release with a migration that the previous one can't work with."""
    folder = tmp_path / "incompatible"
    for name in ("articles", "ketamine_site", "templates", "static", "content"):
        # With what is compiled of it, but no file of a moment.
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("*.pyc.*"))
    shutil.copy(PROJECT / "manage.py", folder)
    last = (PROJECT / "articles" / "migrations" / "max_migration.txt").read_text().strip()
    (folder / "articles" / "migrations" / "9999_planted.py").write_text(INCOMPATIBLE.format(last=last))
    return folder


def test_an_incompatible_migration_is_noticed(served, site_of, incompatible):
    old, site = served

    with pytest.raises(HTTPError, match="500"), at_work(old, site):
        manage(site_of(incompatible), "migrate", project=incompatible)
