"""Shows with handles that differ only in case, width or composition are merged; texts and records stay."""

from importlib import import_module
from itertools import chain
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from articles import workflow
from articles.models import Episode, Rendering, Show
from tests.support.databases.empty import empty_database
from tests.support.factories import make_episode, make_user, publish_by_workflow

MIGRATION = import_module("articles.migrations.0016_folded_handles")
DIGESTS = import_module("articles.migrations.0021_recording_digests")


@pytest.fixture
def merge(db, monkeypatch):
    """Until the returned function is called, handles in another case count as other handles.

    No log entry covers a recording then, and their digests are made afterwards: both came with later migrations.
    """
    monkeypatch.setattr("articles.models.lookups.folded_name", str)
    for module in ("articles.workflow.publishing.reviews.records", "articles.workflow.drafts.submission"):
        monkeypatch.setattr(f"{module}.cited_recordings", lambda *_, **__: None)

    def merge():
        monkeypatch.undo()
        with connection.cursor() as cursor:
            editor = SimpleNamespace(connection=connection, execute=cursor.execute)
            MIGRATION.merge_shows(apps, editor)
            DIGESTS.store_digests(apps, editor)

    return merge


def test_episodes_move_and_conflicts_are_kept_apart_and_reported(merge, client, capsys):
    kept = make_episode("costco", handle="acquiredFM", guid="g1").show
    make_episode("visa", handle="acquiredFM")
    moved = make_episode("costco", handle="acquiredfm", title="Costco again", guid="g1")
    other = moved.show
    Show.objects.filter(pk=other.pk).update(url="https://acquired.example")
    author = make_user()
    first = publish_by_workflow("one", by=author, episode=moved)
    second = publish_by_workflow("two", by=author, episode=make_episode("lego", handle="acquiredfm"))
    make_episode("unrelated", handle="night-talks")

    merge()

    assert sorted(Show.objects.values_list("handle", "url"))[0] == ("acquiredFM", "https://acquired.example")
    show = Show.objects.exclude(handle="night-talks").get()
    assert sorted(show.episode_set.values_list("slug", "guid")) == [
        ("costco", "g1"),
        ("costco-2", ""),
        ("lego", ""),
        ("visa", ""),
    ]
    out = capsys.readouterr().out
    assert f"The show “acquiredfm” (Acquiredfm) became part of “{kept.handle}” (Acquiredfm): 2 episodes." in out
    assert "Both have an episode “costco”. That of “acquiredfm” is now “acquiredFM/costco-2”." in out
    assert "The guid “g1” stays with the episode that “acquiredFM” had; costco-2 lost it." in out
    assert "2 stored texts cite these episodes. Run manage.py rebuild --stale." in out

    call_command("rebuild", stale=True, verbosity=0)
    call_command("verify_history", verbosity=0)

    assert not Rendering.objects.filter(renderer_version=0).exists()
    for article, reference in ((first, "acquiredFM/costco-2"), (second, "acquiredFM/lego")):
        page = client.get(article.get_absolute_url()).content.decode()
        assert f'data-episode="{reference}"' in page
        assert "acquiredfm/" not in page
    assert client.get("/shows/acquiredfm/lego/")["Location"] == "/shows/acquiredFM/lego/"


def test_shows_with_different_handles_stay(merge, capsys):
    for handle in ("Ärzte", "Arzte", "Aerzte", "a-b", "ab"):
        Show.objects.create(handle=handle, title=handle)

    merge()

    assert (Show.objects.count(), capsys.readouterr().out) == (5, "")


def test_a_site_with_such_shows_is_migrated(tmp_path, django_db_blocker):
    duplicates = {
        ("Talks", "talks", "TALKS"): (["one", "one-2", "one-3"], "tALKS"),
        ("Ärzte", "ärzte", "A\u0308RZTE"): (["one", "one-2", "one-3"], "äRzte"),
        ("straße", "Straße"): (["one", "one-2"], "STRASSE"),
        ("Ｓea", "Sea"): (["one", "one-2"], "SEA"),
        ("rivers",): (["one"], "RIVERS"),
    }
    with django_db_blocker.unblock(), empty_database(tmp_path, at="0011_site_history"):
        executor = MigrationExecutor(connection)
        before = executor.loader.project_state([("articles", "0011_site_history")]).apps
        for handle in chain.from_iterable(duplicates):
            show = before.get_model("articles", "Show").objects.create(handle=handle, title=handle)
            before.get_model("articles", "Episode").objects.create(show=show, slug="one", title="One")

        executor.migrate(executor.loader.graph.leaf_nodes("articles"))

        assert sorted(Show.objects.values_list("handle", flat=True)) == sorted(handles[0] for handles in duplicates)
        for (handle, *_), (slugs, again) in duplicates.items():
            episodes = Episode.objects.filter(show__handle=handle).order_by("pk")
            assert list(episodes.values_list("slug", flat=True)) == slugs, handle
            with pytest.raises(IntegrityError), transaction.atomic():
                Show.objects.create(handle=again, title="Again")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "handle"),
    [("acquiredFM", "acquiredfm"), ("ÖlShow", "ölshow"), ("Straße", "STRASSE"), ("ölshow", "ｏ\u0308lshow")],
)
def test_no_second_show_with_a_handle_in_another_case(known, handle):
    show = Show.objects.create(handle=known, title="Known")

    assert workflow.get_or_create_show(handle, title="New") == show
    with pytest.raises(ValidationError):
        Show(handle=handle, title="New").full_clean()
    show.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Show.objects.bulk_create([Show(handle=handle, title="New")])
    show.handle = "Other"
    show.save(update_fields=["handle"])
    assert workflow.get_or_create_show("oTHER") == show
