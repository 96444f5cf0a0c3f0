"""Files are imported once, as drafts or published, with the recordings that they name."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.core.formats import read
from articles.importing.articles.matching import find
from articles.models import Article, Chapter, Episode, Revision, same_name
from articles.workflow import integrity
from tests.importing.articles.importing import EPISODE, TIDES, rows, run
from tests.support.factories import make_draft
from tests.support.paths import SHARED

pytestmark = pytest.mark.django_db


def test_file_becomes_a_draft(importer, folder):
    run(folder / "tides.md")

    revision = Revision.objects.get()
    assert (revision.title, revision.slug, revision.lead) == ("Tides", "tides", "The sea rises [00:01:02].")
    assert (revision.status, revision.author, revision.citation_count) == ("draft", importer, 2)
    assert list(revision.section_set.values_list("level", "heading", "body")) == [
        (1, "Moon", "It pulls, as [[neap_tide | neap tides]] show [00:02:03]."),
        (2, "Pull", "It pulls hard."),
    ]
    assert revision.article.received_as == "harbour/tides"
    assert revision.article.published_revision is None
    episode = revision.source_set.get().episode
    assert (episode.reference, episode.title) == ("harbour/abcdefghijk", "YouTube abcdefghijk")


def test_publish_publishes_the_imported_text(importer, folder):
    run(folder, publish=True)

    revision = Article.objects.get(slug="tides").published_revision
    assert (revision.status, revision.public_note) == ("received", "Imported text.")
    assert not revision.review_set.exists()


def test_published_texts_are_checked_for_the_report(importer, folder):
    (folder / "tides.md").write_text(f"{TIDES}\nTake 50 mg of it.\n")

    run(folder, publish=True)

    revision = Article.objects.get(slug="tides").published_revision
    assert "uncited-dose" in revision.lintissue_set.values_list("code", flat=True)
    assert list(integrity.check(Article.objects.all(), is_whole_site=False)) == []


def test_dry_run_changes_nothing(importer, folder):
    before = rows()

    out = run(folder, publish=True, dry_run=True)

    assert rows() == before
    assert "1 new" in out
    assert "Nothing was changed" in out


def test_taken_slug_gets_the_show_added(importer, folder):
    (folder / "zebra.md").write_text(TIDES.replace("harbour", "zoo").replace("abcdefghijk", "zzzzzzzzzzz"))
    make_draft("zebra", by=importer)

    run(folder)

    assert set(Article.objects.values_list("slug", flat=True)) == {"tides", "zebra", "zebra-zoo"}


def test_plain_text_uses_the_only_known_episode_of_its_show(importer, tmp_path):
    (tmp_path / "tides.txt").write_text("From: harbour\nThe sea rises [00:01:02].\n\nMoon\n\nIt pulls [00:02:03].")
    (tmp_path / "harbour.json").write_text(json.dumps(EPISODE))

    run(tmp_path / "tides.txt", title="On tides", episodes=tmp_path / "harbour.json")

    revision = Revision.objects.get()
    episode = Episode.objects.get()
    assert (revision.title, revision.slug) == ("On tides", "tides")
    assert (episode.title, episode.duration_seconds, str(episode.published_on)) == (
        "Why tides turn",
        3600,
        "2024-05-06",
    )
    assert episode.reference == "harbour/why-tides-turn"
    assert episode.show.title == "The Harbour Hour"
    assert list(Chapter.objects.values_list("start_seconds", "title", "is_sponsor")) == [
        (0, "Hello", False),
        (120, "Sponsor: Ropes", True),
    ]
    assert list(revision.citation_set.values_list("episode", "start_seconds")) == [(episode.pk, 62), (episode.pk, 123)]


def test_index_sets_titles_and_is_not_an_article(importer, folder):
    run(folder)
    (folder / "zindex.md").write_text(
        "---\ntitle: harbour\n---\n### [Why tides turn](https://www.youtube.com/watch?v=abcdefghijk)\n- [[tides]]\n"
    )

    out = run(folder)

    assert Episode.objects.get().title == "Why tides turn"
    assert Article.objects.count() == 1
    assert "1 index" in out


def test_index_in_the_same_delivery_names_the_episodes(importer, folder):
    (folder / "zindex.md").write_text(
        "---\ntitle: harbour\n---\n### [Why tides turn](https://www.youtube.com/watch?v=abcdefghijk)\n- [[tides]]\n"
    )

    run(folder)

    assert Episode.objects.get().reference == "harbour/why-tides-turn"


def test_links_between_delivered_articles_work(importer, folder):
    (folder / "neap_tide.md").write_text(TIDES.replace("Tides", "Neap tide").replace("abcdefghijk", "ABCDEFGHIJK"))
    (folder / "neap_tide.md").rename(folder / "zneap.md")
    (folder / "tides.md").write_text(TIDES.replace("[[neap_tide |", "[[zneap |"))

    run(folder, publish=True)

    html = Article.objects.get(slug="tides").published_revision.rendering.text_html
    assert 'href="/articles/zneap/"' in html


def test_dry_run_leaves_episodes_alone(importer, folder):
    run(folder)
    (folder.parent / "episodes.json").write_text(json.dumps(EPISODE))
    before = rows()

    run(folder, episodes=folder.parent / "episodes.json", dry_run=True)

    assert rows() == before


def test_episodes_that_nothing_cites_are_not_created(importer, folder):
    (folder.parent / "episodes.json").write_text(json.dumps(EPISODE | {"youtube_id": "ABCDEFGHIJK"}))

    run(folder, episodes=folder.parent / "episodes.json")

    assert Episode.objects.get().youtube_id == "abcdefghijk"


def test_text_without_recording_gets_one_once_it_is_known(importer, tmp_path):
    path = tmp_path / "tides.txt"
    path.write_text("From: harbour\n\nThe sea rises [00:01:02].")
    run(path)
    (tmp_path / "harbour.json").write_text(json.dumps(EPISODE))

    first = run(path, publish=True, episodes=tmp_path / "harbour.json")
    second = run(path, publish=True, episodes=tmp_path / "harbour.json")

    assert "1 changed" in first
    assert "1 unchanged" in second
    revision = Article.objects.get().published_revision
    assert (revision.problem_count, revision.citation_count) == (0, 1)
    assert revision.edit_summary == "Added the recording."
    assert revision.source_set.get().episode.title == "Why tides turn"


@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="no received articles next to the project")
def test_all_received_articles_are_imported(importer):
    out = run(SHARED / "corpus", SHARED / "seed", publish=True)

    assert "159 files" in out
    assert "157 new, 2 index" in out
    assert Article.objects.count() == 157
    assert list(Article.objects.filter(published_revision=None).values_list("slug", flat=True)) == ["ketamine"]
    assert "Choose the episode that the timestamps belong to." in out
    assert not Revision.objects.filter(rendering__isnull=True).exists()


@pytest.mark.skipif(not (SHARED / "seed").is_dir(), reason="no received text next to the project")
def test_received_text_keeps_its_headings_and_citations(importer):
    run(SHARED / "seed" / "ketamine.txt", episodes=SHARED / "episode.json")

    revision = Revision.objects.get()
    assert revision.section_set.count() == 9
    assert [c.text for c in revision.citation_set.all()] == [
        "[00:06:31]", "[00:24:44]", "[00:28:36]", "[00:09:01]", "[00:36:17]", "[00:56:01]", "[00:06:52]", "[01:31:01]",
    ]  # fmt: skip
    assert revision.problem_count == 0


@pytest.mark.parametrize(
    ("received_as", "is_found"),
    [
        ("harbour/tides", True),
        ("Harbour/tides", True),
        ("harbour/Tides", False),  # another file
        ("harbour/tides2", False),
        ("bay/tides", False),
    ],
)
def test_a_text_is_found_by_its_show_in_any_case_and_its_exact_file_name(received_as, is_found, editor):
    draft = make_draft("neap", by=editor)
    Article.objects.update(received_as=received_as)

    with CaptureQueriesContext(connection) as queries:
        found = find(read(TIDES, "tides"))

    assert found == (draft.article if is_found else None)
    assert len(queries) == 1


def test_the_exact_name_is_preferred_to_another_case(editor):
    for slug, name in (("neap", "Harbour/tides"), ("spring", "harbour/tides")):
        draft = make_draft(slug, by=editor)
        Article.objects.filter(pk=draft.article_id).update(received_as=name)

    assert find(read(TIDES, "tides")).slug == "spring"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere the plan depends on the number of rows")
def test_looking_for_a_text_reads_an_index_and_not_all_articles():
    rows = Article.objects.filter(same_name("received_as", "Harbour/tides")).order_by()

    assert "article_received_in_any_case" in rows.explain()
