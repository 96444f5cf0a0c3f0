"""The command that imports transcripts: which files it finds, what it reports, and what it refuses."""

import csv
from io import StringIO

import pytest
from django.core.management import call_command

from articles.importing import import_transcript
from articles.models import Check, Citation, Cue, Transcript
from tests.importing.transcripts.importing import ELSEWHERE, RIGHT, run, verdicts
from tests.support.factories import make_draft, make_episode, make_user

pytestmark = pytest.mark.django_db


# The command.


@pytest.mark.parametrize("name", ["night-talks/on-sleep", "abc-EFG_123", "on-sleep", "PK"])
def test_command_imports_one_file(tmp_path, name):
    episode = make_episode(youtube_id="abc-EFG_123")
    make_episode("on-dreams")
    file = tmp_path / "any.vtt"
    file.write_text(RIGHT)

    output, status = run(str(episode.pk) if name == "PK" else name, file)

    assert status == 0
    assert f"{file}: imported for night-talks/on-sleep, 3 cues\n" in output
    assert "1 imported.\n3 cues; 0 citations checked; 0 published pages rebuilt.\nNo problems.\n" in output
    assert Transcript.objects.get().episode == episode


def test_command_records_the_importing_user(tmp_path):
    make_episode()
    make_user("root", groups=(), is_superuser=True)
    make_user("editor")
    file = tmp_path / "any.vtt"
    file.write_text(RIGHT)

    output, status = run("on-sleep", file, username="editor")
    run("on-sleep", file)

    assert (output, status) == ("editor lacks permission: articles.publish_revision.", 1)
    assert Transcript.objects.get().imported_by_name == "root"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such", "x.vtt"], "There is no episode “no-such”. Give its handle/slug, YouTube id or number."),
        (
            ["same", "x.vtt"],
            "Several episodes are called “same”: a/same, b/same. Give the handle/slug.",
        ),
        (["a/same"], "Give an episode and a file, or --all with files or folders."),
        (["--all", "no-folder"], "Not found: no-folder."),
        (["a/same", "x.vtt", "--as", "nobody"], "There is no active user “nobody”."),
        (["a/same", ".", "--as", "nobody"], ". is a folder. Use --all to import folders."),
    ],
)
def test_command_explains_invalid_arguments(arguments, message):
    make_episode("same", handle="a")
    make_episode("same", handle="b")

    assert run(*arguments) == (message, 1)


def test_command_matches_many_by_name_and_folder(tmp_path):
    by_id = make_episode("one", youtube_id="-bc-EFG_123")
    by_bracket = make_episode("two", youtube_id="xyzXYZ12345")
    by_slug = make_episode("three")
    by_folder = make_episode("four")
    by_show = make_episode("same", handle="a")
    make_episode("same", handle="b")
    files = [
        "-bc-EFG_123.en.vtt",
        "A long title [xyzXYZ12345].en-GB.srt",
        "three.json",
        "four/transcript.txt",
        "a/same.vtt",
    ]
    for number, name in enumerate(files):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"00:00:0{number} This is number {number}.\n")

    output, status = run("--all", tmp_path)

    assert status == 0
    assert "5 imported.\n5 cues;" in output
    texts = dict(Cue.objects.values_list("episode", "text"))
    episodes = [by_id, by_bracket, by_slug, by_folder, by_show]
    assert texts == {episode.pk: f"This is number {number}." for number, episode in enumerate(episodes)}


def test_a_file_whose_name_has_no_ending_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "talk").write_text(RIGHT)

    output, status = run("--all", tmp_path)

    assert status == 1
    assert "The file’s name doesn’t say what is in it. Use .csv, " in output
    assert "“”" not in output


def test_command_continues_after_unreadable_files(tmp_path):
    make_episode("one")
    make_episode("same", handle="a")
    make_episode("same", handle="b")
    (tmp_path / "a.mp3").write_bytes(b"\xff\xfb")
    (tmp_path / "nobody.vtt").write_text(RIGHT)
    (tmp_path / "one.json").write_text("{")
    (tmp_path / "one.srt").write_text("1\n00:00:09,000 --> 00:00:01,000\n=cmd() \x1b[2J is said here\n")
    (tmp_path / "same.vtt").write_text(RIGHT)
    report = tmp_path.parent / "problems.csv"

    output, status = run("--all", tmp_path, report=report)

    assert status == 1
    assert "1 imported, 4 failed." in output
    assert output.endswith("4 of 5 files not imported.")
    assert "=cmd() �[2J is said here" in output
    assert "\x1b" not in output
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = [[row[0].rpartition("/")[2], *row[1:]] for row in csv.reader(file)]
    assert rows == [
        ["file", "line", "cue", "text", "reason", "outcome"],
        [
            "a.mp3",
            "",
            "",
            "",
            "“.mp3” files aren’t supported. Use .csv, .dfxp, .json, .json3, .jsonl, .lrc, .md, .sbv, .srt, .srv1, .srv2, .srv3, .sub, .tsv, .ttml, .txt, .vtt, .xml.",
            "failed",
        ],
        [
            "nobody.vtt",
            "",
            "",
            "",
            (
                "“nobody” matches no episode’s YouTube id or slug. Rename the file or its folder, or import it on "
                "its own: import_transcript EPISODE FILE."
            ),
            "failed",
        ],
        [
            "one.json",
            "",
            "",
            "",
            "Line 1: invalid JSON (Expecting property name enclosed in double quotes). Fix it there.",
            "failed",
        ],
        [
            "one.srt",
            "2",
            "1",
            "'=cmd() \x1b[2J is said here",
            "The cue ends at 1 s but starts at 9 s; its end was set to 14 s.",
            "imported",
        ],
        ["same.vtt", "", "", "", "Several episodes are called “same”: a/same, b/same. Give the handle/slug.", "failed"],
    ]


def test_command_refuses_what_looks_wrong_until_it_is_confirmed(tmp_path):
    make_episode("one", duration_seconds=60)
    (tmp_path / "one.vtt").write_text(RIGHT)

    dry = run("--all", tmp_path, dry_run=True)
    refused = run("--all", tmp_path)
    output, status = run("--all", tmp_path, confirm=True)

    assert (dry[1], refused[1], status) == (1, 1, 0)
    assert "If it’s right nevertheless, use --confirm." in refused[0]
    assert "1 imported." in output
    assert Transcript.objects.get().problem_count > 0


def test_command_imports_only_one_file_per_episode(tmp_path):
    make_episode("one")
    (tmp_path / "one.de.vtt").write_text(RIGHT)
    (tmp_path / "one.en.vtt").write_text(ELSEWHERE)

    output, status = run("--all", tmp_path)

    assert status == 1
    assert "is for the same episode, night-talks/one. Remove one of them." in output
    assert Transcript.objects.get().file_name == "one.de.vtt"


def test_dry_run_reports_what_it_would_do_and_changes_nothing(tmp_path):
    make_episode("one")
    two, three = make_episode("two"), make_episode("three")
    make_draft(episode=two)
    import_transcript(two, RIGHT.encode())
    import_transcript(three, RIGHT.encode())
    for name, text in [("one", RIGHT), ("two", ELSEWHERE), ("three", RIGHT)]:
        (tmp_path / f"{name}.vtt").write_text(text)
    before = [list(model.objects.values()) for model in (Transcript, Cue, Check, Citation)]

    output, status = run("--all", tmp_path, dry_run=True)

    assert status == 0
    assert "1 imported, 1 replaced, 1 unchanged.\n9 cues; 1 citation to check; 0 published" in output
    assert output.endswith("Nothing was changed: this was a dry run.\n")
    assert [list(model.objects.values()) for model in (Transcript, Cue, Check, Citation)] == before


def test_an_empty_folder_is_an_error(tmp_path):
    output, status = run("--all", tmp_path)

    assert status == 1
    assert output.endswith("No files found; nothing was imported.")


def test_progress_is_a_bar_on_a_terminal_and_silent_for_few_files_elsewhere(tmp_path):
    class Terminal(StringIO):
        def isatty(self):
            return True

    for name in ("one", "two"):
        make_episode(name)
        (tmp_path / f"{name}.vtt").write_text(RIGHT)
    terminal, file = Terminal(), StringIO()

    call_command("import_transcript", all=[tmp_path], stdout=StringIO(), stderr=terminal)
    call_command("import_transcript", all=[tmp_path], stdout=StringIO(), stderr=file)

    assert "\r[########################] 2/2 " in terminal.getvalue()
    assert file.getvalue() == ""


def test_two_articles_that_cite_an_episode_are_both_checked():
    episode = make_episode()
    editor = make_user()
    make_draft("one", by=editor, episode=episode)
    make_draft("two", by=editor, episode=episode)

    done = import_transcript(episode, RIGHT.encode())

    assert verdicts() == ["said here", "said here"]
    assert (done.check_count, Check.objects.count()) == (1, 1)
