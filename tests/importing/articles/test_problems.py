"""What is wrong with a file is reported or refused with a reason, and affects only that file."""

import csv
import json
import os
from io import StringIO

import pytest
from django.core.management import CommandError

from articles import workflow
from articles.core.formats import ArticleFile, write_markdown
from articles.importing import EpisodesError, read_episodes
from articles.importing.reports import ImportProgress
from articles.models import Article, Episode, Revision
from articles.workflow.content import MAX_SECTIONS, content_of
from tests.importing.articles.importing import EPISODE, TIDES, outcomes, rows, run
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_folder_without_files_is_no_success(importer, tmp_path):
    (tmp_path / ".hidden").write_text("x")

    with pytest.raises(CommandError, match=f"^No files in {tmp_path}. Hidden files and folders aren’t read.$"):
        run(tmp_path)


def test_broken_file_does_not_stop_the_others(importer, folder):
    (folder / "broken.md").write_text("---\ntitle: Broken\nNo end.")
    (folder / "latin.txt").write_bytes(b"caf\xe9\0")
    (folder / "picture.png").write_bytes(b"x")

    with pytest.raises(CommandError, match="3 of 4 files not imported"):
        run(folder)

    assert list(Article.objects.values_list("slug", flat=True)) == ["tides"]


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


def test_text_without_recording_is_reported(importer, tmp_path):
    (tmp_path / "tides.txt").write_text("From: harbour\n\nThe sea rises [00:01:02].")

    out = run(tmp_path / "tides.txt")

    assert "The text names no recording" in out
    assert Revision.objects.get().problem_count == 1


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


def test_progress_on_a_terminal_and_elsewhere():
    class Stream(StringIO):
        def write(self, text, style_func=None, ending="\n"):
            return super().write(text + ending)

    bar, lines = Stream(), Stream()
    for stream, is_terminal in ((bar, True), (lines, False)):
        progress = ImportProgress(stream, 200, is_terminal=is_terminal)
        for done in range(1, 201):
            progress.show(done)

    assert bar.getvalue().startswith("\r[")
    assert bar.getvalue().endswith("left \n")
    assert "200/200" in bar.getvalue()
    assert [line.split(",")[0] for line in lines.getvalue().splitlines()] == ["100 of 200 files", "200 of 200 files"]


def test_second_file_with_the_same_show_and_name_is_refused(importer, folder):
    (folder / "zsub").mkdir()
    (folder / "zsub" / "tides.md").write_text(TIDES.replace("hard", "softly"))

    results = outcomes(folder, by=importer)

    reason = f"same show and file name as {folder / 'tides.md'}. Rename one of them."
    assert results == [("tides.md", "new", []), ("tides.md", "not imported", [reason])]
    assert Revision.objects.get().section_set.get(heading="Pull").body == "It pulls hard."


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


def test_too_many_sections_are_refused(importer, tmp_path):
    head = "---\ntitle: Tides\nvideoId: abcdefghijk\n---\n\nFrom: [[harbour]] <br/>\n\n"
    text = "".join(f"## Part {number}\n\nWords.\n\n" for number in range(MAX_SECTIONS + 1))
    (tmp_path / "tides.md").write_text(head + text)

    results = outcomes(tmp_path, by=importer)

    assert results == [("tides.md", "not imported", ["the text has 1001 sections, more than 1000. Split it."])]
    assert not Article.objects.exists()


def test_keys_of_an_episodes_file_that_nobody_reads_are_reported():
    entry = EPISODE | {"colour": "blue", "show": EPISODE["show"] | {"website": "x"}}
    entry["editions"] = [{"key": "ad", "title": "Ad", "audio_url": "https://example.org/a.mp3", "offset": 3}]

    assert read_episodes(json.dumps([EPISODE, entry])).kept == [
        "Episodes file, episode 2: the key “colour” isn’t used.",
        "Episodes file, episode 2: the key “show.website” isn’t used.",
        "Episodes file, episode 2: the key “editions 1.offset” isn’t used.",
    ]


def test_an_episodes_file_in_another_encoding_is_read_and_that_is_said(importer, tmp_path):
    episodes = json.dumps(EPISODE | {"title": "Pourquoi l’été est déjà fini"}, ensure_ascii=False)
    (tmp_path / "episodes.json").write_bytes(episodes.encode("cp1252"))
    (tmp_path / "tides.md").write_text(TIDES)
    said = StringIO()

    run(tmp_path / "tides.md", episodes=tmp_path / "episodes.json", stderr=said)

    assert Episode.objects.get().title == "Pourquoi l’été est déjà fini"
    assert said.getvalue().splitlines()[:1] == [
        "Episodes file, line 1: The file isn’t UTF-8; it was read as Windows-1252. Check that its letters are right."
    ]


def test_an_unknown_notice_is_reported(importer, tmp_path):
    (tmp_path / "tides.md").write_text(
        write_markdown(ArticleFile("tides", "", "Tides", "", "The sea.", (), notice="helth"))
    )

    output = run(tmp_path)

    assert "1 front-matter" in output
    assert "This notice doesn’t exist" in output
