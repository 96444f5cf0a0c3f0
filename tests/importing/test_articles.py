"""Files are imported once, as drafts or published; an error affects only its own file."""

import csv
import json
import os
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings

from articles import workflow
from articles.core.formats import ArticleFile, FileSource, read, write_json, write_markdown, write_text
from articles.importing import Delivery, EpisodesError, KnownEpisodes, Outcome, export_value, files_in, read_episodes
from articles.importing.articles.matching import find
from articles.importing.reports import Progress
from articles.models import Article, Chapter, Citation, Episode, LogEntry, Revision, Section, Show, same_name
from articles.workflow import integrity
from articles.workflow.content import MAX_SECTIONS, content_of
from tests.core.formats.test_exports import ARTICLE
from tests.support.factories import make_draft, make_episode, make_moderator, make_published, make_user
from tests.support.paths import SHARED

pytestmark = pytest.mark.django_db


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


@pytest.fixture
def importer():
    return make_user("importer", groups=("Administrators",))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tides.md").write_text(TIDES)
    return tmp_path


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


@pytest.mark.parametrize("publish", [False, True])
def test_second_run_changes_nothing(importer, folder, publish):
    run(folder, publish=publish)
    before = rows()

    out = run(folder, publish=publish)

    assert rows() == before
    assert "1 file in " in out
    assert "1 unchanged" in out


def test_second_run_publishes_the_draft_of_the_first(importer, folder):
    run(folder)

    run(folder, publish=True)

    assert Article.objects.get().published_revision == Revision.objects.get()


def test_changed_file_replaces_the_untouched_draft(importer, folder):
    run(folder)
    keys = list(Section.objects.values_list("key", flat=True))
    (folder / "tides.md").write_text(TIDES.replace("hard", "softly").replace("## Moon", "## The moon"))

    run(folder)

    assert Revision.objects.get().section_set.get(heading="Pull").body == "It pulls softly."
    assert list(Section.objects.values_list("key", flat=True)) == keys


def test_changed_file_becomes_a_new_published_revision(importer, folder):
    run(folder, publish=True)
    (folder / "tides.md").write_text(TIDES.replace("hard", "softly"))

    run(folder, publish=True)

    first, second = Revision.objects.order_by("number")
    assert Article.objects.get().published_revision == second
    assert (second.base, second.target, second.status) == (first, first, "received")
    assert list(second.section_set.values_list("key", flat=True)) == list(
        first.section_set.values_list("key", flat=True)
    )


def test_changed_file_never_replaces_an_edited_text(importer, folder):
    run(folder, publish=True)
    editor, moderator = make_user(), make_moderator()
    base = Revision.objects.get()
    content = content_of(base)
    draft = workflow.start_draft(base.article, content, by=editor, base=base)
    draft = workflow.save_draft(
        draft,
        type(content)(**{**vars(content), "lead": "Edited.", "edit_summary": "Shorter."}),
        by=editor,
        version=draft.version,
    )
    workflow.publish(workflow.approve(workflow.submit(draft, by=editor), by=moderator), by=moderator)
    (folder / "tides.md").write_text(TIDES.replace("hard", "softly"))

    out = run(folder, publish=True)

    assert Article.objects.get().published_revision.lead == "Edited."
    assert Revision.objects.order_by("-number").first().status == "draft"
    assert "been edited here since" in out


def test_importing_again_after_editing_changes_nothing(importer, folder):
    run(folder, publish=True)
    base = Revision.objects.get()
    workflow.start_draft(base.article, content_of(base), by=make_user(), base=base)
    before = rows()

    run(folder, publish=True)

    assert rows() == before


def test_dry_run_changes_nothing(importer, folder):
    before = rows()

    out = run(folder, publish=True, dry_run=True)

    assert rows() == before
    assert "1 new" in out
    assert "Nothing was changed" in out


def test_a_folder_without_files_is_no_success(importer, tmp_path):
    (tmp_path / ".hidden").write_text("x")

    with pytest.raises(CommandError, match=f"^No files in {tmp_path}. Hidden files and folders aren’t read.$"):
        run(tmp_path)


def test_broken_file_does_not_stop_the_others(importer, folder):
    (folder / "broken.md").write_text("---\ntitle: Broken\nNo end.")
    (folder / "latin.txt").write_bytes(b"caf\xe9")
    (folder / "picture.png").write_bytes(b"x")

    with pytest.raises(CommandError, match="3 of 4 files not imported"):
        run(folder)

    assert list(Article.objects.values_list("slug", flat=True)) == ["tides"]


def test_taken_slug_gets_the_show_added(importer, folder):
    (folder / "zebra.md").write_text(TIDES.replace("harbour", "zoo").replace("abcdefghijk", "zzzzzzzzzzz"))
    make_draft("zebra", by=importer)

    run(folder)

    assert set(Article.objects.values_list("slug", flat=True)) == {"tides", "zebra", "zebra-zoo"}


def test_refused_file_leaves_no_episode(importer, folder):
    run(folder)
    draft = Revision.objects.get()
    workflow.save_draft(draft, content_of(draft), by=importer, version=draft.version)  # edited by hand now
    (folder / "tides.md").write_text(TIDES.replace("abcdefghijk", "ABCDEFGHIJK"))
    before = rows()

    with pytest.raises(CommandError):
        run(folder)

    assert rows() == before


def test_audio_that_browsers_would_block_is_reported(importer, folder):
    entry = EPISODE | {"audio_url": "http://audio.example/1.mp3"}
    (folder.parent / "episodes.json").write_text(json.dumps(entry))

    err = StringIO()

    run(folder, episodes=folder.parent / "episodes.json", stderr=err)

    assert "http://audio.example/1.mp3: Browsers won’t play this file on this site" in err.getvalue()


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


def test_text_without_recording_is_reported(importer, tmp_path):
    (tmp_path / "tides.txt").write_text("From: harbour\n\nThe sea rises [00:01:02].")

    out = run(tmp_path / "tides.txt")

    assert "The text names no recording" in out
    assert Revision.objects.get().problem_count == 1


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


def test_report_lists_every_problem_without_formulas(importer, tmp_path):
    (tmp_path / "tides.md").write_text(TIDES + '\n=1+1 <a data-t="05:27:99">[05:27:99]</a> [09:00:00]\n<!-- =x -->\n')
    (tmp_path / "episodes.json").write_text(json.dumps(EPISODE))

    run(tmp_path / "tides.md", report=tmp_path / "report.csv", episodes=tmp_path / "episodes.json")

    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *lines = csv.reader(file)
    assert header == ["file", "line", "column", "kind", "text", "reason", "outcome"]
    assert [line[1:5] for line in lines] == [
        ["18", "6", "time-broken", '<a data-t="05:27:99">[05:27:99]</a>'],
        ["19", "1", "html", "<!-- =x -->"],
        ["18", "42", "past-end", "[09:00:00]"],
    ]


@pytest.mark.parametrize("has_report", [True, False])
def test_the_table_says_where_all_problems_are_listed(importer, tmp_path, has_report):
    broken = "".join(f'<a data-t="05:27:9{n}">[05:27:9{n}]</a> ' for n in range(5))
    (tmp_path / "tides.md").write_text(f"{TIDES}\n{broken}")

    out = run(tmp_path / "tides.md", **({"report": tmp_path / "report.csv"} if has_report else {}))

    where = "The report lists all of them" if has_report else "Use --report FILE.csv to list all of them"
    assert f" more. {where}.\n" in out


def test_links_between_delivered_articles_work(importer, folder):
    (folder / "neap_tide.md").write_text(TIDES.replace("Tides", "Neap tide").replace("abcdefghijk", "ABCDEFGHIJK"))
    (folder / "neap_tide.md").rename(folder / "zneap.md")
    (folder / "tides.md").write_text(TIDES.replace("[[neap_tide |", "[[zneap |"))

    run(folder, publish=True)

    html = Article.objects.get(slug="tides").published_revision.rendering.text_html
    assert 'href="/articles/zneap/"' in html


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"username": "nobody"}, "There is no active user “nobody”"),
        ({"username": "editor", "publish": True}, "editor lacks permission: articles.import_received"),
        ({"title": "x" * 201}, "more than 200 characters"),
    ],
)
def test_command_explains_what_it_needs(importer, folder, options, message):
    make_user("editor")

    with pytest.raises(CommandError, match=message):
        run(folder / "tides.md", **options)


def test_command_needs_existing_paths_and_one_file_for_a_title(importer, folder):
    with pytest.raises(CommandError, match="Not found: nowhere"):
        run("nowhere")
    with pytest.raises(CommandError, match="--title works with a single file only"):
        run(folder, title="Tides")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "line 1: invalid JSON"),
        ("[1]", "episode 1: an entry must be an object"),
        (json.dumps(EPISODE | {"title": ""}), "“title” must be a string"),
        (json.dumps([EPISODE, EPISODE | {"youtube_id": "x"}]), "episode 2: Enter the 11 characters after"),
        (json.dumps(EPISODE | {"duration_seconds": "1:00"}), "must be a whole number"),
        (json.dumps(EPISODE | {"chapters": [["00:75:00", "x"]]}), "Minutes after hours go from 00 to 59"),
        (json.dumps(EPISODE | {"chapters": [[None, "x"]]}), "isn’t a number of seconds"),
        (json.dumps(EPISODE | {"chapters": [["00:01", "x"], ["0:00:01", "y"]]}), "start at the same second"),
        (json.dumps(EPISODE | {"page_url": "javascript:x"}), "Enter a valid URL"),
        (json.dumps(EPISODE | {"page_url": "https://example.org/" + "x" * 500}), "has more than 500 characters"),
        (json.dumps(EPISODE | {"duration_seconds": 10**12}), "must be a whole number from 1 to 36000000"),
        (json.dumps(EPISODE).replace("3600", "3" * 5000), "a number that’s too long"),
        (json.dumps(EPISODE | {"show": {"handle": "!"}}), "“handle” must contain letters or digits"),
    ],
)
def test_unusable_episodes_file_is_refused_with_a_reason(text, message):
    with pytest.raises(EpisodesError, match=message):
        read_episodes(text)


def test_known_episode_is_updated(importer, folder):
    run(folder, publish=True)
    (folder.parent / "episodes.json").write_text(json.dumps(EPISODE | {"duration_seconds": 100}))
    (folder / "tides.md").write_text(TIDES.replace("hard", "softly"))

    run(folder, publish=True, episodes=folder.parent / "episodes.json")

    assert Episode.objects.get().duration_seconds == 100
    assert Article.objects.get().published_revision.problem_count == 1


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


def test_progress_on_a_terminal_and_elsewhere():
    class Stream(StringIO):
        def write(self, text, style_func=None, ending="\n"):
            return super().write(text + ending)

    bar, lines = Stream(), Stream()
    for stream, is_terminal in ((bar, True), (lines, False)):
        progress = Progress(stream, 200, is_terminal=is_terminal)
        for done in range(1, 201):
            progress.show(done)

    assert bar.getvalue().startswith("\r[")
    assert bar.getvalue().endswith("left \n")
    assert "200/200" in bar.getvalue()
    assert [line.split(",")[0] for line in lines.getvalue().splitlines()] == ["100 of 200 files", "200 of 200 files"]


def outcomes(*paths, by, **options):
    """Import `paths` in one run and return the name, outcome and problem reasons of each file."""
    delivery = Delivery(by=by, **options)
    delivery.prepare(paths)
    results = [delivery.import_file(file.path, file.refused) for file in files_in(paths)]
    return [(result.path.name, result.outcome, [problem.reason for problem in result.problems]) for result in results]


def test_second_file_with_the_same_show_and_name_is_refused(importer, folder):
    (folder / "zsub").mkdir()
    (folder / "zsub" / "tides.md").write_text(TIDES.replace("hard", "softly"))

    results = outcomes(folder, by=importer)

    reason = f"same show and file name as {folder / 'tides.md'}. Rename one of them."
    assert results == [("tides.md", "new", []), ("tides.md", "not imported", [reason])]
    assert Revision.objects.get().section_set.get(heading="Pull").body == "It pulls hard."


@pytest.mark.parametrize("dry_run", [False, True])
def test_the_same_text_twice_in_a_delivery_is_unchanged(importer, folder, dry_run):
    (folder / "zsub").mkdir()
    (folder / "zsub" / "tides.md").write_text(TIDES)

    results = outcomes(folder, by=importer, dry_run=dry_run)

    assert results == [("tides.md", "new", []), ("tides.md", "unchanged", [])]


def test_second_export_with_the_same_slug_is_refused(importer, tmp_path):
    for name, lead in (("a.json", "One."), ("b.json", "Two.")):
        (tmp_path / name).write_text(write_json(ArticleFile("tides", "", "Tides", "", lead, ())))

    results = outcomes(tmp_path, by=importer)

    assert results[1] == ("b.json", "not imported", [f"same slug as {tmp_path / 'a.json'}. Rename one of them."])
    assert Revision.objects.get().lead == "One."


def test_episodes_are_updated_even_if_no_text_is_new(importer, folder):
    run(folder, publish=True)
    (folder.parent / "episodes.json").write_text(json.dumps(EPISODE | {"duration_seconds": 100}))

    out = run(folder, publish=True, episodes=folder.parent / "episodes.json")

    assert "1 unchanged" in out
    episode = Episode.objects.get()
    assert (episode.title, episode.duration_seconds) == ("Why tides turn", 100)
    assert Article.objects.get().published_revision.problem_count == 1
    assert Revision.objects.count() == 1


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


def test_file_name_that_is_not_utf8_is_reported(importer, folder):
    path = folder / os.fsdecode(b"caf\xe9.md")
    try:
        path.write_text(TIDES)
    except OSError:
        pytest.skip("this file system accepts only UTF-8 names")

    with pytest.raises(CommandError, match="1 of 2 files"):
        run(folder, report=folder.parent / "report.csv", verbosity=2)

    with (folder.parent / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[1:]
    reason = "the file’s name is not valid UTF-8. Rename it."
    assert lines == [[f"{folder}/caf\\xe9.md", "", "", "unreadable", "", reason, "not imported"]]


def test_json_that_is_not_an_article_is_refused(importer, folder):
    (folder / "episodes.json").write_text(json.dumps([EPISODE]))
    (folder / "package.json").write_text('{"name": "tides"}')
    (folder / "words.json").write_text("[1, 2]")

    results = outcomes(folder, by=importer)

    no_export = 'not an exported article: the JSON needs "format": "cited-article/1" at the top level.'
    assert results == [
        ("episodes.json", "not imported", ["this is an episodes file: pass it with --episodes."]),
        ("package.json", "not imported", [no_export]),
        ("tides.md", "new", []),
        ("words.json", "not imported", [no_export]),
    ]


def test_links_out_of_the_folder_and_pipes_are_refused(importer, folder):
    outside = folder.parent / f"{folder.name}-outside"
    outside.mkdir()
    (outside / "neap.md").write_text(TIDES.replace("Tides", "Neap"))
    (folder / "a_folder").symlink_to(outside)
    (folder / "b_loop").symlink_to(folder)
    (folder / "c_link.md").symlink_to(outside / "neap.md")
    (folder / "d_nowhere.md").symlink_to(folder / "nowhere.md")
    os.mkfifo(folder / "e_pipe.md")

    results = outcomes(folder, by=importer)

    out = "The link leads out of the folder. Name the file itself, or copy it into the folder."
    assert results == [
        ("a_folder", "not imported", [out]),
        ("c_link.md", "not imported", [out]),
        ("d_nowhere.md", "not imported", ["Can’t open the file: No such file or directory."]),
        ("e_pipe.md", "not imported", ["Not a regular file (but a pipe or device, for example); it was skipped."]),
        ("tides.md", "new", []),
    ]


def test_links_on_the_command_line_are_followed(importer, folder):
    linked = folder.parent / f"{folder.name}-linked"
    linked.symlink_to(folder)
    (folder.parent / f"{folder.name}.md").symlink_to(folder / "tides.md")

    results = outcomes(linked, folder.parent / f"{folder.name}.md", by=importer)

    assert [outcome for _, outcome, _ in results] == ["new", "new"]


def test_problems_of_an_unchanged_file_are_reported_again(importer, tmp_path):
    (tmp_path / "tides.md").write_text(TIDES + "\n[09:00:00] <!-- x -->\n")
    (tmp_path / "episodes.json").write_text(json.dumps(EPISODE))
    options = {"report": tmp_path / "report.csv", "episodes": tmp_path / "episodes.json", "publish": True}

    reports = []
    for _ in range(2):
        out = run(tmp_path / "tides.md", **options)
        with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
            reports.append(list(csv.reader(file))[1:])

    assert [row[1:5] for row in reports[0]] == [
        ["18", "12", "html", "<!-- x -->"],
        ["18", "1", "past-end", "[09:00:00]"],
    ]
    assert [row[:6] for row in reports[1]] == [row[:6] for row in reports[0]]
    assert [row[6] for row in reports[1]] == ["unchanged", "unchanged"]
    assert "2 problems: 1 html, 1 past-end. 2 of them in unchanged files." in out


def test_problems_of_an_unchanged_file_whose_article_was_edited_here(importer, folder):
    (folder / "tides.md").write_text(TIDES + "\n<!-- x -->\n")
    run(folder)
    draft = Revision.objects.get()
    content = content_of(draft)
    workflow.save_draft(draft, replace(content, sections=content.sections[:1]), by=importer, version=draft.version)

    results = outcomes(folder, by=importer)

    assert [(name, outcome, len(reasons)) for name, outcome, reasons in results] == [("tides.md", "unchanged", 1)]


def discarded(draft, by):
    return workflow.discard(draft, by=by, version=draft.version)


def said_of(draft):
    history = f"/admin/articles/article/{draft.article_id}/history/"
    return f"The draft of this text, revision {draft.number}, was discarded. To bring it back, restore it: {history}"


@pytest.mark.parametrize("publish", [False, True])
@pytest.mark.parametrize("is_edited", [False, True])
def test_a_discarded_draft_stays_discarded_and_the_import_says_so(importer, folder, is_edited, publish):
    run(folder)
    draft = Revision.objects.get()
    if is_edited:
        draft = workflow.save_draft(
            draft, replace(content_of(draft), lead="Edited."), by=importer, version=draft.version
        )
    discarded(draft, importer)
    before = rows()

    results = outcomes(folder, by=importer, publish=publish)
    out = run(folder, publish=publish)

    assert results == [("tides.md", "unchanged", [said_of(draft)])]
    assert said_of(draft) in out
    assert rows() == before


def test_a_discarded_draft_without_a_recording_stays_discarded_once_it_is_known(importer, tmp_path):
    path = tmp_path / "tides.txt"
    path.write_text("From: harbour\n\nThe sea rises [00:01:02].")
    run(path)
    draft = discarded(Revision.objects.get(), importer)
    (tmp_path / "harbour.json").write_text(json.dumps(EPISODE))

    out = run(path, publish=True, episodes=tmp_path / "harbour.json")

    assert said_of(draft) in out
    assert list(Revision.objects.all()) == [draft]


def test_a_discarded_draft_that_was_restored_is_not_called_discarded(importer, folder):
    run(folder)
    draft = discarded(Revision.objects.get(), importer)
    restored = workflow.restore(draft, by=importer, edit_summary="")

    assert outcomes(folder, by=importer) == [("tides.md", "unchanged", [])]

    discarded(restored, importer)
    assert outcomes(folder, by=importer) == [("tides.md", "unchanged", [said_of(restored)])]


def test_a_discarded_change_of_a_text_that_is_kept_is_not_mentioned(importer, folder):
    run(folder, publish=True)
    published = Revision.objects.get()
    change = workflow.start_draft(published.article, content_of(published), by=importer, base=published)
    discarded(change, importer)

    assert outcomes(folder, by=importer) == [("tides.md", "unchanged", [])]


def test_newer_text_replaces_the_importers_draft_and_not_anothers(importer, folder):
    run(folder)
    own = Revision.objects.get()
    workflow.start_draft(own.article, content_of(own), by=make_user(), base=own)
    (folder / "tides.md").write_text(TIDES.replace("hard", "softly"))

    run(folder)

    assert Revision.objects.count() == 2
    assert own.section_set.get(heading="Pull").body == "It pulls softly."


def test_importer_with_an_edited_draft_is_refused(importer, folder):
    run(folder, publish=True)
    base = Revision.objects.get()
    workflow.start_draft(base.article, content_of(base), by=importer, base=base)
    (folder / "tides.md").write_text(TIDES.replace("hard", "softly"))

    results = outcomes(folder, by=importer)

    reason = "importer has an open draft of this article. Submit or discard it."
    assert results == [("tides.md", "not imported", [reason])]


def test_too_many_sections_are_refused(importer, tmp_path):
    head = "---\ntitle: Tides\nvideoId: abcdefghijk\n---\n\nFrom: [[harbour]] <br/>\n\n"
    text = "".join(f"## Part {number}\n\nWords.\n\n" for number in range(MAX_SECTIONS + 1))
    (tmp_path / "tides.md").write_text(head + text)

    results = outcomes(tmp_path, by=importer)

    assert results == [("tides.md", "not imported", ["the text has 1001 sections, more than 1000. Split it."])]
    assert not Article.objects.exists()


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


def test_keys_of_an_episodes_file_that_nobody_reads_are_reported():
    entry = EPISODE | {"colour": "blue", "show": EPISODE["show"] | {"website": "x"}}
    entry["editions"] = [{"key": "ad", "title": "Ad", "audio_url": "https://example.org/a.mp3", "offset": 3}]

    assert read_episodes(json.dumps([EPISODE, entry])).kept == [
        "Episodes file, episode 2: the key “colour” isn’t used.",
        "Episodes file, episode 2: the key “show.website” isn’t used.",
        "Episodes file, episode 2: the key “editions 1.offset” isn’t used.",
    ]


def test_an_unknown_notice_is_reported(importer, tmp_path):
    (tmp_path / "tides.md").write_text(
        write_markdown(ArticleFile("tides", "", "Tides", "", "The sea.", (), notice="helth"))
    )

    output = run(tmp_path)

    assert "1 front-matter" in output
    assert "There is no such notice" in output


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
