import csv
import json
from io import StringIO
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from articles.core.recordings.transcripts import DoubtfulTranscriptError, TranscriptError
from articles.importing import import_transcript
from articles.importing.transcripts import transcript as importing_transcripts
from articles.models import BackgroundTask, Check, Citation, Cue, LogEntry, Transcript
from articles.workflow import InvalidTransition, remove_transcript, tasks
from articles.workflow.recordings import rechecking, transcripts
from tests.support.factories import make_draft, make_episode, make_published, make_user
from tests.support.scenarios.published_pages import page_of

pytestmark = pytest.mark.django_db

# The text of the factories cites 00:06:31 for “The brain clears waste at night.”
RIGHT = """WEBVTT

00:05:00.000 --> 00:05:10.000
<v Ida>Let us talk about the sea for a while.

00:06:29.000 --> 00:06:40.000
<v Oto>At night the brain clears its waste, and that is why we sleep.

00:40:00.000 --> 00:40:10.000
<v Ida>Thank you all for listening to this.
"""
ELSEWHERE = """1
00:06:20,000 --> 00:06:45,000
Let us talk about the sea for a while.

2
00:39:00,000 --> 00:40:00,000
Boats come in with the water and leave again with it, twice in a day and a night.

3
00:40:00,000 --> 00:40:10,000
At night the brain clears its waste, and that is why we sleep.
"""


def run(*arguments, **options):
    """Run the command and return its output and exit status."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_transcript", *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue() + str(error), error.returncode
    return out.getvalue(), 0


def verdicts():
    return list(Citation.objects.order_by("pk").values_list("finding__verdict", flat=True))


# One transcript.


def test_a_transcript_of_little_of_the_recording_is_reported_and_replaces_a_better_one_only_if_confirmed(
    silences_count,
):
    episode = make_episode(duration_seconds=6161)
    make_published(episode=episode)
    whole = "\n".join(
        f"{second // 3600}:{second // 60 % 60:02}:{second % 60:02} Owls hunt at night." for second in range(0, 6161, 60)
    )
    data = b"WEBVTT\n\n00:00:01.000 --> 00:00:05.000\nhello there my friends\n\n01:42:00.000 --> 01:42:10.000\nthanks"

    first = import_transcript(episode, data, "talk.vtt")
    assert [problem.reason.partition(":")[0] for problem in first.problems] == ["Only 0 % of the recording has cues"]
    assert import_transcript(episode, whole.encode(), "talk.txt").problems == ()
    episode.refresh_from_db()
    with pytest.raises(DoubtfulTranscriptError, match="Only 0 % of the recording has cues"):
        import_transcript(episode, data, "talk.vtt")
    done = import_transcript(episode, data, "talk.vtt", is_confirmed=True)

    assert len(done.problems) == 1
    assert verdicts() == ["can't tell"]


def test_a_stretch_without_cues_is_reported(silences_count):
    episode = make_episode(duration_seconds=3600)
    cues = [f"00:{minute:02}:{second:02} Owls hunt at night." for minute in range(60) for second in range(0, 60, 30)]
    data = "\n".join(cues[:80] + cues[86:]).encode()

    done = import_transcript(episode, data, "talk.txt")

    assert [problem.reason.partition(":")[0] for problem in done.problems] == ["Only 94 % of the recording has cues"]


def test_import_saves_cues_and_record_and_checks_the_citations():
    episode = make_episode()
    editor = make_user("ida")
    draft = make_draft(by=editor, episode=episode)

    done = import_transcript(episode, RIGHT.encode(), "talks/on-sleep.vtt", by=editor, language="en")

    assert list(Cue.objects.values_list("episode", "start_seconds", "end_seconds", "speaker", "text"))[1] == (
        episode.pk,
        389.0,
        400.0,
        "Oto",
        "At night the brain clears its waste, and that is why we sleep.",
    )
    transcript = Transcript.objects.get()
    assert done.transcript == transcript
    assert (done.transcript.cue_count, done.problems, done.check_count, done.is_unchanged) == (3, (), 1, False)
    assert (transcript.format, transcript.file_name, transcript.language) == ("webvtt", "on-sleep.vtt", "en")
    assert (transcript.imported_by, transcript.imported_by_name, transcript.cue_count) == (editor, "ida", 3)
    assert len(transcript.digest) == 64
    episode.refresh_from_db()
    assert episode.transcript_digest == transcript.digest
    assert draft.citation_set.get().finding.verdict == "said here"


def test_a_language_given_with_the_same_cues_is_stored():
    episode = make_episode()
    import_transcript(episode, RIGHT.encode(), "a.vtt")

    again = import_transcript(episode, RIGHT.encode(), "a.vtt", language="de")

    assert (again.is_unchanged, Transcript.objects.get().language) == (True, "de")
    import_transcript(episode, RIGHT.encode(), "a.vtt")
    assert Transcript.objects.get().language == "de"


def test_importing_the_same_cues_again_changes_nothing():
    episode = make_episode()
    make_draft(episode=episode)
    first = import_transcript(episode, RIGHT.encode(), "a.vtt")
    cues, checks = list(Cue.objects.values()), list(Check.objects.values())

    again = import_transcript(episode, RIGHT.encode(), "b.vtt")

    assert (again.is_unchanged, again.check_count, again.page_count) == (True, 0, 0)
    assert again.transcript == first.transcript
    assert Transcript.objects.get().file_name == "a.vtt"
    assert list(Cue.objects.values()) == cues
    assert list(Check.objects.values()) == checks


def test_another_transcript_replaces_it_and_the_earlier_record_is_kept():
    episode = make_episode()
    make_draft(episode=episode)
    first = import_transcript(episode, RIGHT.encode(), "a.vtt").transcript

    done = import_transcript(episode, ELSEWHERE.encode(), "b.srt")

    assert (done.check_count, done.is_unchanged) == (1, False)
    assert [cue.text for cue in Cue.objects.all()] == [
        "Let us talk about the sea for a while.",
        "Boats come in with the water and leave again with it, twice in a day and a night.",
        "At night the brain clears its waste, and that is why we sleep.",
    ]
    earlier, current = Transcript.objects.order_by("pk")
    assert (earlier.digest, earlier.imported_at) == (first.digest, first.imported_at)
    assert earlier.replaced_at == current.imported_at
    assert current.replaced_at is None
    assert current.digest != earlier.digest
    check = Check.objects.get()
    assert (check.verdict, check.transcript_digest) == ("said elsewhere", current.digest)
    assert 2370 <= check.where_seconds <= 2405
    assert verdicts() == ["said elsewhere"]


def test_the_published_page_and_the_log_are_updated():
    episode = make_episode()
    article = make_published(episode=episode)

    done = import_transcript(episode, RIGHT.encode())
    page = page_of(article)
    import_transcript(episode, ELSEWHERE.encode())

    assert done.page_count == 1
    assert "Matches transcript (automatic" in page
    assert "Matches transcript (automatic" not in page_of(article)
    assert page_of(article).count(">Better match at 40:00 (automatic, ") == 2  # at the mark, and in the list
    notes = LogEntry.objects.filter(article=article, action="recording_changed").order_by("number")
    assert [(entry.by_name, entry.note) for entry in notes] == [("manage.py", "On sleep: transcript")] * 2


def test_the_transcript_is_never_public(client):
    episode = make_episode()
    article = make_published(episode=episode)

    import_transcript(episode, RIGHT.encode())

    for address in (article.get_absolute_url(), episode.get_absolute_url(), episode.show.get_absolute_url(), "/"):
        assert "clears its waste" not in client.get(address).content.decode()


def test_checks_without_a_citation_are_deleted():
    episode = make_episode()
    draft = make_draft(episode=episode)
    import_transcript(episode, RIGHT.encode())
    draft.citation_set.all().delete()

    import_transcript(episode, ELSEWHERE.encode())

    assert Check.objects.count() == 0


def test_what_was_replaced_meanwhile_is_neither_replaced_nor_removed():
    """Two people may press the button at once, after both pages have been checked."""
    episode = make_episode()
    first = import_transcript(episode, RIGHT.encode(), loaded_as="").transcript
    second = import_transcript(episode, ELSEWHERE.encode(), loaded_as=first.digest).transcript

    with pytest.raises(InvalidTransition, match="Someone else imported or removed a transcript"):
        import_transcript(episode, RIGHT.encode(), loaded_as=first.digest)
    with pytest.raises(InvalidTransition, match="Someone else imported or removed a transcript"):
        remove_transcript(episode, loaded_as=first.digest)

    assert Transcript.objects.current().get(episode=episode) == second
    remove_transcript(episode, loaded_as=second.digest)
    with pytest.raises(InvalidTransition):
        import_transcript(episode, RIGHT.encode(), loaded_as=second.digest)
    assert Cue.objects.count() == 0


def test_removing_deletes_cues_and_checks_and_keeps_the_record():
    episode = make_episode()
    article = make_published(episode=episode)
    import_transcript(episode, RIGHT.encode())

    removed = remove_transcript(episode)

    assert removed
    assert not remove_transcript(episode)
    assert (Cue.objects.count(), Check.objects.count()) == (0, 0)
    assert Transcript.objects.get().replaced_at is not None
    episode.refresh_from_db()
    assert episode.transcript_digest == ""
    assert verdicts() == [None]
    assert "(automatic" not in page_of(article)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty."),
        (b"WEBVTT\n\n", "the file has no cues, so nothing was changed. Check that it is complete."),
        (b"WEBVTT\n\n" + b"x" * 3000, "the file is larger than 0.00191 MB, too large for a transcript."),
    ],
)
def test_a_file_that_is_not_a_transcript_changes_nothing(settings, data, message):
    settings.TRANSCRIPT_MAX_BYTES = 2000
    episode = make_episode()
    kept = import_transcript(episode, RIGHT.encode()).transcript

    with pytest.raises(TranscriptError) as raised:
        import_transcript(episode, data)

    assert str(raised.value) == message
    assert Transcript.objects.get() == kept
    assert Transcript.objects.get().replaced_at is None
    assert Cue.objects.count() == 3


def test_too_many_cues_are_refused(monkeypatch):
    monkeypatch.setattr(importing_transcripts, "CUE_LIMIT", 2)

    with pytest.raises(
        TranscriptError, match=r"^the file has 3 cues, too many for a transcript, so nothing was changed.$"
    ):
        import_transcript(make_episode(), RIGHT.encode())

    assert not Cue.objects.exists()


def test_too_much_text_is_refused(monkeypatch):
    monkeypatch.setattr(importing_transcripts, "TEXT_LIMIT", 100)
    episode = make_episode()

    with pytest.raises(TranscriptError, match=r"^the file has 136 characters of speech, more than the 100 of a day"):
        import_transcript(episode, RIGHT.encode())

    assert Cue.objects.count() == 0


SHORT = "00:00:04 Welcome.\n00:01:00 Let us talk about the sea for a while.\n00:01:30 Boats come in with the water.\n"
LOST = (
    "1 citation in a text that is in review, approved or published is past the end of this transcript (01:36), so it "
    "will no longer be a link to the recording. Is the transcript complete? If the recording goes on, enter the "
    "episode’s length."
)


def test_a_transcript_that_ends_before_what_is_cited_has_to_be_confirmed():
    episode = make_episode(duration_seconds=None)
    editor = make_user()
    article = make_published(by=editor, episode=episode)
    make_draft("other", by=editor, episode=episode)
    import_transcript(episode, RIGHT.encode())

    with pytest.raises(DoubtfulTranscriptError) as refused:
        import_transcript(episode, SHORT.encode())
    counts = article.published_revision.citation_set.count()
    result = import_transcript(episode, SHORT.encode(), is_confirmed=True)

    assert [doubt.reason for doubt in refused.value.doubts] == [LOST]
    assert (counts, article.published_revision.citation_set.count()) == (1, 0)
    assert [problem.reason for problem in result.problems] == [LOST]


def test_a_first_transcript_that_ends_before_what_is_cited_is_kept_and_reported():
    episode = make_episode(duration_seconds=None)
    make_published(episode=episode)

    result = import_transcript(episode, SHORT.encode())

    assert [problem.reason for problem in result.problems] == [LOST]


def test_a_known_length_says_what_is_past_the_end():
    episode = make_episode(duration_seconds=5000)
    make_published(episode=episode)
    import_transcript(episode, RIGHT.encode())

    result = import_transcript(episode, SHORT.encode())

    assert result.problems == ()


def test_implausible_cues_are_kept_and_reported():
    episode = make_episode(duration_seconds=60)
    rows = [
        {"startTime": 1, "endTime": 2, "speaker": "x" * 300, "body": "Salt."},
        {"startTime": 200, "endTime": 201, "body": "Sand \ud800."},
        {"startTime": 300, "endTime": 301, "body": "Water."},
    ]

    done = import_transcript(episode, json.dumps({"segments": rows}).encode())

    assert [len(cue.speaker) for cue in Cue.objects.all()] == [200, 0, 0]
    assert Cue.objects.all()[1].text == "Sand �."
    assert [(problem.cue, problem.reason) for problem in done.problems] == [
        (1, "1 speaker name is longer than 200 characters and was shortened. Check that it’s a name."),
        (
            2,
            (
                "2 cues, starting with this one, start after the end of the episode (01:00); they were kept. "
                "Check that the transcript belongs to this episode and that the episode’s length is right."
            ),
        ),
    ]
    assert Transcript.objects.get().problems[1][:3] == [0, 2, "03:20 Sand �."]


def test_a_transcript_that_looks_wrong_has_to_be_confirmed():
    episode = make_episode(duration_seconds=60)
    data = RIGHT.encode()
    reason = (
        "The transcript goes on until 40 min, but the episode is only 1 min long. Does it belong to this episode, and do "
        "its times count from the start of the recording?"
    )

    with pytest.raises(DoubtfulTranscriptError) as raised:
        import_transcript(episode, data)

    assert str(raised.value) == f"the transcript looks wrong, so nothing was changed. {reason}"
    assert not Cue.objects.exists()
    done = import_transcript(episode, data, is_confirmed=True)
    assert done.problems[0].reason == reason
    assert import_transcript(episode, data).is_unchanged  # it was confirmed before


def test_the_language_is_that_of_the_file_and_expected_to_be_that_of_the_show():
    first, second = make_episode(), make_episode("on-dreams")
    german = (
        "Die Flut steigt an den meisten Orten zweimal am Tag, und an manchen nur einmal, weil der Mond daran zieht. "
    )
    data = f"WEBVTT\nLanguage: de\n\n00:01.000 --> 01:00.000\n{german * 3}\n".encode()

    import_transcript(first, RIGHT.encode(), language="en")

    with pytest.raises(DoubtfulTranscriptError, match=r"another language \(de\) than the one expected \(en\)"):
        import_transcript(second, data)
    assert import_transcript(second, data, language="de").transcript.language == "de"


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


# Interrupted between the cues and what follows from them.


@pytest.fixture
def interrupted(monkeypatch, tmp_path):
    """A published article whose recording's transcript is stored and checked, but it wasn't stored again: the file."""
    make_published("sleep", episode=make_episode())
    path = tmp_path / "night-talks" / "on-sleep.vtt"
    path.parent.mkdir()
    path.write_text(RIGHT)
    with monkeypatch.context() as patch:
        patch.setattr(transcripts, "republish_citing", Mock(side_effect=OperationalError("disk is full")))
        output, status = run(all=[path])
    assert status != 0
    assert "The transcript is stored, but not all that cites it is checked. Import the file again." in output
    assert (Cue.objects.count(), shown()) == (3, "not checked")
    return path


def shown():
    return Citation.objects.get(is_public=True).verdict


def test_an_interrupted_import_is_finished_by_the_next_one(interrupted):
    output, status = run(all=[interrupted])

    assert (status, shown()) == (0, "said here")
    assert "1 published page rebuilt" in output
    assert not BackgroundTask.objects.exists()
    assert "0 published pages rebuilt" in run(all=[interrupted])[0]


def test_an_interrupted_import_is_finished_by_check_citations(interrupted):
    call_command("check_citations", stdout=StringIO())

    assert shown() == "said here"
    assert not BackgroundTask.objects.exists()


def test_an_interrupted_import_is_finished_by_a_worker(interrupted):
    tasks.run(BackgroundTask.objects.get().pk)
    assert shown() == "not checked"  # whoever imports may still be at it

    BackgroundTask.objects.update(due_at=timezone.now())
    tasks.recover()
    tasks.run(BackgroundTask.objects.get().pk)

    assert shown() == "said here"


def test_a_change_leaves_no_note_once_all_is_checked():
    episode = make_episode()
    make_published("sleep", episode=episode)

    import_transcript(episode, RIGHT.encode())

    assert shown() == "said here"
    assert not BackgroundTask.objects.exists()


def test_a_note_of_a_later_change_outlasts_the_end_of_an_earlier_one():
    episode = make_episode()
    rechecking.note(episode)
    before = rechecking.notes(episode=episode)
    rechecking.note(episode)

    rechecking.remove_notes(before)

    assert BackgroundTask.objects.count() == 1
    rechecking.remove_notes(rechecking.notes(episode=episode))
    assert not BackgroundTask.objects.exists()
