"""What an export writes, leaves and removes; what stops it, and how it goes on."""

import fcntl
import gzip
import os
import re
import signal
import subprocess
import sys

import brotli
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.http import HttpResponse

from articles import workflow
from articles.derived.responses import fresh, keys
from articles.models import Article, BackgroundTask
from articles.workflow.tasks.progress import Progress
from ketamine_site.operations import static_export
from tests.site.operations.static_export.conftest import export, export_after
from tests.support.factories import make_episode, make_moderator, make_published
from tests.support.paths import PROJECT
from tests.support.scenarios.sites.exported_site import ERASED, ERASED_LATER, UNPUBLISHED
from tests.support.servers import programs
from tests.support.servers.production import wait_for

pytestmark = pytest.mark.timeout(900)  # for the site that the first test makes
on_sqlite = pytest.mark.one_database(
    reason="has a database of its own; the export in this process uses PostgreSQL, too"
)

ARTICLE_PAGE = re.compile(r"site/files/articles/[^/]+/index\.html")
CHANGED = re.compile(rb"/articles/night-[345]/")  # in the page of the article itself, and where others lead to it


def contents(folder, part="site"):
    """Return {name: bytes} of the files in a part of an export."""
    files = (
        (path, path.relative_to(folder).as_posix()) for path in sorted((folder / part).rglob("*")) if path.is_file()
    )
    return {name: path.read_bytes() for path, name in files}


def written(folder):
    """Return {name: what is another after each writing} of the files in an export."""
    files = (path for path in (folder / "site").rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}


def plain(name, body):
    return brotli.decompress(body) if name.endswith(".br") else gzip.decompress(body) if name.endswith(".gz") else body


def naming(files, text):
    return [name for name, body in files.items() if text.encode() in plain(name, body)]


@on_sqlite
def test_every_coding_has_the_same_text(made):
    files = contents(made.export)
    coded = [name for name in files if name.endswith((".br", ".gz"))]

    assert [name for name in coded if plain(name, files[name]) != files[name[:-3]]] == []
    assert len(coded) > 500
    assert naming(files, ERASED) == []
    assert {"index.html", "index.html.br", "index.html.gz"} <= {
        path.name for path in (made.export / "site/files").iterdir()
    }
    assert (made.export / f"site/gone/articles/{UNPUBLISHED}/index.html").is_file()
    assert not (made.export / f"site/files/articles/{UNPUBLISHED}").exists()


@on_sqlite
def test_a_repeated_export_writes_nothing(copy):
    export(copy)
    before = written(copy.export)

    said = export(copy)

    assert "0 files written, 0 removed" in said
    assert int(re.search(r"(\d+) answered", said)[1]) < 10
    assert "systemctl" not in said
    assert written(copy.export) == before


@on_sqlite
def test_only_what_changed_is_written_as_by_a_new_export_that_is_killed_and_goes_on(copy, tmp_path):
    """Nothing of an erased text is left, and what a killed export left are whole files."""
    before, texts = written(copy.export), contents(copy.export)
    assert len(naming(texts, ERASED_LATER)) > 10

    export_after(copy, "change")

    after, now = written(copy.export), contents(copy.export)
    assert naming(now, ERASED_LATER) == []
    assert ERASED_LATER.encode() not in (copy.export / ".export/index.sqlite3").read_bytes()
    rewritten = {name for name in after if after[name] != before.get(name)}
    assert {name for name in rewritten if now[name] == texts.get(name)} == set()
    pages = {name: texts[name] + body for name, body in now.items() if ARTICLE_PAGE.fullmatch(name)}
    assert {name for name in pages if name in rewritten} == {
        name for name, text in pages.items() if CHANGED.search(text)
    }
    assert "site/files/articles/night-3/index.html.br" in rewritten
    assert len(pages.keys() - rewritten) > 20
    assert not any(name.startswith("site/files/static/") for name in rewritten)
    assert not (copy.export / "site/files/articles/night-4").exists()
    assert "site/gone/articles/night-4.json" in now
    assert "site/gone/articles/night-5/revisions/1/index.html" in now
    kill_while_it_exports(copy, tmp_path / "again")
    left = contents(tmp_path / "again")
    assert 0 < len(left) < len(now)
    assert left.items() <= now.items()

    said = export(copy, folder=tmp_path / "again")

    assert contents(tmp_path / "again") == now
    assert int(re.search(r"(\d+) answered", said)[1]) < int(re.search(r"(\d+) addresses", said)[1])
    assert list((tmp_path / "again/.export/new").iterdir()) == []


def kill_while_it_exports(site, folder):
    command = [sys.executable, "manage.py", "export_site", str(folder)]
    process = subprocess.Popen(command, cwd=PROJECT, env=site.environment)  # noqa: S603
    assert wait_for(lambda: len(list((folder / "site").rglob("*.br"))) > 100, 120)
    process.send_signal(signal.SIGKILL)
    process.wait()


@on_sqlite
def test_damaged_missing_and_foreign_files_are_put_right(copy):
    texts = contents(copy.export)
    pages = copy.export / "site/files"
    (pages / "index.html.gz").write_bytes(b"cut off")
    (pages / "articles/naps/index.html").unlink()
    (pages / "articles/naps/foreign.html").write_text("left over")
    (pages / "empty/folder").mkdir(parents=True)

    export(copy)

    assert contents(copy.export) == texts
    assert not (pages / "empty").exists()


def test_folders_of_others_are_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear")

    with pytest.raises(static_export.ExportError, match="has other files"), static_export.folder.opened(tmp_path):
        pass

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_two_exports_keep_out_of_each_others_way(tmp_path):
    with static_export.folder.opened(tmp_path):
        pass
    with (tmp_path / ".export/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(static_export.ExportError, match="Another export"), static_export.folder.opened(tmp_path):
            pass


@pytest.fixture
def site(settings, tmp_path, transactional_db):
    """A small site in this process, and the folder to export it to."""
    settings.SITE_URL, settings.STATIC_ROOT = "https://example.org", tmp_path / "static"
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 3600
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "staticfiles.json").write_text("{}")
    keys.forget()
    fresh.whole_site.cache_clear()
    yield tmp_path / "export"
    keys.forget()
    fresh.whole_site.cache_clear()


def test_site_in_this_process(site):
    article, moderator = make_published(episode=make_episode()), make_moderator("other")
    first = static_export.export(site)
    assert (first.failed, first.removed, first.must_reload, first.changed_meanwhile) == ([], 0, True, False)
    assert b"https://example.org/articles/sleep/" in (site / "site/files/sitemap-articles.xml").read_bytes()
    assert "$sent_strict_transport_security" in (site / "nginx/server.conf").read_text()

    assert (static_export.export(site).written, static_export.export(site).answered < 5) == (0, True)

    workflow.unpublish(Article.objects.get(pk=article.pk), by=moderator, reason="Wrong.")
    static_export.export(site)
    assert [path.name for path in (site / "site/files").glob("articles*")] == []
    assert "Wrong." in (site / "site/gone/articles/sleep.md").read_text()


@pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")
def test_images_in_a_bucket_are_copied_wherever_readers_get_them(site, settings):
    name = f"uploads/{'0' * 64}.webp"
    settings.MEDIA_PUBLIC_URL = "https://images.example.org"
    make_published(episode=make_episode(), lead=f"![Night](/media/{name})\n\nSleep matters. [00:00:00]")
    with programs.object_storage() as (server, address), programs.in_bucket(address, "images"):
        default_storage.connection.create_bucket(Bucket="images")
        missing = static_export.export(site)
        default_storage.save(name, ContentFile(b"image"))
        first = static_export.export(site)
        again = static_export.export(site)
        server.kill()
        failed = static_export.export(site)

    assert (missing.failed, first.failed, again.written) == ([], [], 0)
    assert (site / "site/files/media" / name).read_bytes() == b"image"  # also after the export that failed
    assert failed.failed == [(f"/media/{name}", "The bucket can’t be read.")]


def test_a_worker_exports_the_site(site, monkeypatch):
    make_published(episode=make_episode())
    steps = []
    step = Progress.step
    monkeypatch.setattr(Progress, "step", lambda run, done: (steps.append(done), step(run, done)))

    call_command("export_site", str(site), "--background")

    task = BackgroundTask.objects.get()
    assert (task.kind, task.state, task.error) == ("site", "done", "")
    assert f"addresses in {site}: {task.done} answered again, " in task.result["lines"][0]
    assert steps == [*range(1, task.done + 1)]
    assert (site / "site/files/articles/sleep/index.html").exists()


def test_a_page_that_fails_is_named_and_stays_as_it_was(site, settings, capsys):
    article = make_published(episode=make_episode())
    static_export.export(site)
    texts = contents(site)
    make_published("naps", title="Naps", episode=make_episode("late"), by=article.created_by)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.failing"]
    fresh.whole_site.cache_clear()
    keys.forget()

    with pytest.raises(CommandError, match="1 addresses weren’t exported"):
        call_command("export_site", str(site))

    assert "Not exported: /topics/: The site answers with 500." in capsys.readouterr().err
    now = contents(site)
    assert now["site/files/topics/index.html"] == texts["site/files/topics/index.html"]
    assert "site/files/articles/naps/index.html" in now


def failing(get_response):
    return lambda request: HttpResponse(status=500) if request.path == "/topics/" else get_response(request)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"DEBUG": True}, "DEBUG is on"),
        ({"SITE_URL": ""}, "Set SITE_URL"),
        ({"STATIC_ROOT": "/nowhere"}, "collectstatic"),
    ],
)
def test_settings_that_would_give_a_wrong_copy_are_refused(settings, tmp_path, wrong, message):
    settings.SITE_URL = "https://example.org"
    for name, value in wrong.items():
        setattr(settings, name, value)

    with pytest.raises(CommandError, match=message):
        call_command("export_site", str(tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_live_site_must_be_an_address(tmp_path):
    with pytest.raises(CommandError, match="--live localhost isn’t an address"):
        call_command("export_site", str(tmp_path), "--live", "localhost")


def test_a_folder_that_cant_be_written_is_named(tmp_path, settings, site):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")

    with pytest.raises(CommandError, match=r"can’t be written: .*blocked"):
        call_command("export_site", str(blocked))


def test_files_can_be_read_by_the_web_server_whatever_the_umask(site):
    before = os.umask(0o077)
    try:
        static_export.export(site)
    finally:
        os.umask(before)

    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in [site, *(site / "site").rglob("*")]}
    assert modes == {True: 0o755, False: 0o644}
    assert (site / ".export").stat().st_mode & 0o777 == 0o700
