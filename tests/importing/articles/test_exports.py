"""Our own exports are imported without a loss, here and on another site."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings

from articles.core.formats import ArticleFile, FileSource, read, write_json, write_markdown, write_text
from articles.importing import Delivery, KnownEpisodes, Outcome, export_value
from articles.models import Article, Episode, Revision
from tests.core.formats.test_exports import ARTICLE
from tests.importing.articles.importing import TIDES, outcomes, rows, run
from tests.support.factories import make_draft, make_episode, make_published

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("form", ["markdown", "json", "text"])
def test_importing_an_export_changes_nothing(importer, tmp_path, form):
    episode = make_episode(youtube_id="abcdefghijk")
    article = make_published("sleep", episode=episode)
    out = StringIO()
    call_command("export_article", "sleep", format=form, stdout=out)
    path = tmp_path / f"sleep.{'md' if form == 'markdown' else 'json' if form == 'json' else 'txt'}"
    path.write_text(out.getvalue())
    before = rows()

    run(path, publish=True)

    assert rows() == before
    assert article.published_revision.citation_count == 1


def test_edited_export_becomes_a_draft_of_the_same_article(importer, tmp_path):
    make_published("sleep", episode=make_episode())
    path = tmp_path / "anything.md"
    call_command("export_article", "sleep", output=path)
    path.write_text(path.read_text().replace("clears waste", "rests"))

    run(path)

    article = Article.objects.get()
    assert article.revision_set.count() == 2
    draft = article.revision_set.get(status="draft")
    assert draft.section_set.get().body == "The brain rests at night [00:06:31]."
    assert draft.source_set.get().episode == Episode.objects.get()


def test_export_to_another_site_creates_its_episodes(importer, tmp_path):
    make_published("sleep", episode=make_episode(youtube_id="abcdefghijk"))
    path = tmp_path / "sleep.md"
    call_command("export_article", "sleep", output=path)
    text = (
        path.read_text()
        .replace("night-talks", "day-talks")
        .replace("abcdefghijk", "ABCDEFGHIJK")
        .replace('slug: "sleep"', 'slug: "rest"')
    )
    path.write_text(text)

    run(path)

    source = Article.objects.get(slug="rest").revision_set.get().source_set.get()
    assert (source.key, source.episode.reference, source.episode.title) == ("e1", "day-talks/on-sleep", "On sleep")


def test_imported_text_never_replaces_an_export_with_the_same_name(importer, folder):
    (folder / "tides.txt").write_text(
        '---\nformat: cited-article/1\ntitle: "Our tides"\nslug: "tides"\nshow: "harbour"\n---\n\nOurs.\n'
    )
    run(folder / "tides.txt", publish=True)

    run(folder / "tides.md", publish=True)

    assert Article.objects.get(slug="tides").published_revision.lead == "Ours."
    assert Article.objects.get(slug="tides-harbour").published_revision.title == "Tides"


def test_export_of_unknown_article_or_revision(importer):
    with pytest.raises(CommandError, match="no article with the slug “nothing”"):
        call_command("export_article", "nothing")
    make_draft("sleep", by=importer)
    with pytest.raises(CommandError, match="“sleep” has no revision 9"):
        call_command("export_article", "sleep", revision=9)


@settings(max_examples=25)
@given(article=ARTICLE)
def test_import_of_export_is_the_identity(article, importer, tmp_path):
    sources = tuple(
        FileSource(f"k{number}", f"harbour/episode-{number}", f"Episode {number}")
        for number in range(len(article.sources))
    )
    value = read(
        write_json(type(article)(**{**vars(article), "sources": sources, "show_handle": "", "video_id": ""})), "x"
    )
    path = tmp_path / "article.json"
    path.write_text(write_json(value))
    delivery = Delivery(by=importer, known=KnownEpisodes())
    assert delivery.import_file(path).outcome in (Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED)
    revision = Article.objects.get(slug=value.name).revision_set.order_by("-number").first()
    again = export_value(revision)
    assert (again.title, again.lead, again.sections, again.notice) == (
        value.title,
        value.lead,
        value.sections,
        value.notice,
    )
    count = Revision.objects.count()

    for write, suffix in ((write_markdown, "md"), (write_json, "json")):
        path = tmp_path / f"again.{suffix}"
        path.write_text(write(again))
        assert Delivery(by=importer).import_file(path).outcome == Outcome.UNCHANGED

    assert Revision.objects.count() == count


def test_text_export_warns_if_it_cannot_represent_the_article(importer):
    make_draft("sleep", by=importer, lead="Some <b>words</b>.")
    out, err = StringIO(), StringIO()

    call_command("export_article", "sleep", format="text", stdout=out, stderr=err)

    assert "Plain text can’t represent all of this" in err.getvalue()
    assert write_text(export_value(Revision.objects.get())) == out.getvalue()


def test_second_export_with_the_same_slug_is_refused(importer, tmp_path):
    for name, lead in (("a.json", "One."), ("b.json", "Two.")):
        (tmp_path / name).write_text(write_json(ArticleFile("tides", "", "Tides", "", lead, ())))

    results = outcomes(tmp_path, by=importer)

    assert results[1] == ("b.json", "not imported", [f"same slug as {tmp_path / 'a.json'}. Rename one of them."])
    assert Revision.objects.get().lead == "One."


GERMAN = (
    "Das Meer steigt und fällt zweimal am Tag, weil der Mond es anzieht. Wer am Hafen wohnt, kennt die Zeiten. " * 3
)


@pytest.mark.parametrize(("lead", "language"), [(GERMAN, "de"), ("Das Meer steigt.", "")])
def test_the_language_of_a_text_is_identified(importer, tmp_path, lead, language):
    (tmp_path / "tides.md").write_text(TIDES.replace("The sea rises", f"{lead} Es steigt"))

    run(tmp_path)

    assert Revision.objects.get().language == language


def test_an_export_keeps_its_language_and_a_newer_text_the_one_that_was_entered(importer, tmp_path):
    file = tmp_path / "tides.md"
    file.write_text(write_markdown(ArticleFile("tides", "", "Tides", "", GERMAN, ())))
    run(file)
    assert Revision.objects.get().language == ""

    other = tmp_path / "moon.md"
    other.write_text(TIDES.replace("Tides", "Moon"))
    run(other)
    Revision.objects.filter(title="Moon").update(language="pt")
    other.write_text(TIDES.replace("Tides", "Moon").replace("The sea rises", GERMAN))
    run(other)

    assert Revision.objects.filter(title="Moon").latest("pk").language == "pt"
