import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.core.recordings.transcripts import TranscriptError
from articles.importing import import_transcript
from articles.importing.transcripts import transcript as importing_transcripts
from articles.models import Check, Citation, Cue, LogEntry, Transcript
from articles.workflow import remove_transcript
from tests.support.factories import make_draft, make_episode, make_published, make_user

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
    """What the command says, and its exit status."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_transcript", *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue() + str(error), error.returncode
    return out.getvalue(), 0


def verdicts():
    return list(Citation.objects.order_by("pk").values_list("finding__verdict", flat=True))


# One transcript


def test_import_keeps_cues_and_record_and_checks_the_citations():
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
    assert (done.cue_count, done.problems, done.rechecked, done.is_unchanged) == (3, (), 1, False)
    assert (transcript.format, transcript.file_name, transcript.language) == ("webvtt", "on-sleep.vtt", "en")
    assert (transcript.imported_by, transcript.imported_by_name, transcript.cue_count) == (editor, "ida", 3)
    assert len(transcript.digest) == 64
    episode.refresh_from_db()
    assert episode.transcript_digest == transcript.digest
    assert draft.citation_set.get().finding.verdict == "said here"


def test_the_same_again_changes_nothing():
    episode = make_episode()
    make_draft(episode=episode)
    first = import_transcript(episode, RIGHT.encode(), "a.vtt")
    cues, checks = list(Cue.objects.values()), list(Check.objects.values())

    again = import_transcript(episode, RIGHT.encode(), "b.vtt")

    assert (again.is_unchanged, again.rechecked, again.page_count) == (True, 0, 0)
    assert again.transcript == first.transcript
    assert Transcript.objects.get().file_name == "a.vtt"
    assert list(Cue.objects.values()) == cues
    assert list(Check.objects.values()) == checks


def test_another_one_takes_its_place_and_the_earlier_stays_on_record():
    episode = make_episode()
    make_draft(episode=episode)
    first = import_transcript(episode, RIGHT.encode(), "a.vtt").transcript

    done = import_transcript(episode, ELSEWHERE.encode(), "b.srt")

    assert (done.rechecked, done.is_unchanged) == (1, False)
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


def test_the_published_page_and_the_article_s_log_follow():
    episode = make_episode()
    article = make_published(episode=episode)

    done = import_transcript(episode, RIGHT.encode())
    found = article.published_revision.rendering
    found.refresh_from_db()
    page = found.page_html
    import_transcript(episode, ELSEWHERE.encode())
    found.refresh_from_db()

    assert done.page_count == 1
    assert "Matches transcript (automatic" in page
    assert "Matches transcript (automatic" not in found.page_html
    assert found.page_html.count(">Better match at 39:38 (automatic, ") == 2  # at the mark, and in the list
    notes = LogEntry.objects.filter(article=article, action="recording_changed").order_by("number")
    assert [(entry.by_name, entry.note) for entry in notes] == [("manage.py", "On sleep: transcript")] * 2


def test_no_word_of_the_transcript_stands_in_public(client):
    episode = make_episode()
    article = make_published(episode=episode)

    import_transcript(episode, RIGHT.encode())

    for address in (article.get_absolute_url(), episode.get_absolute_url(), episode.show.get_absolute_url(), "/"):
        assert "clears its waste" not in client.get(address).content.decode()


def test_checks_that_no_citation_has_any_more_are_deleted():
    episode = make_episode()
    draft = make_draft(episode=episode)
    import_transcript(episode, RIGHT.encode())
    draft.citation_set.all().delete()

    import_transcript(episode, ELSEWHERE.encode())

    assert Check.objects.count() == 0


def test_removing_takes_cues_and_checks_away_and_keeps_the_record():
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
    rendering = article.published_revision.rendering
    rendering.refresh_from_db()
    assert "(automatic" not in rendering.page_html


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty: no transcript was read."),
        (b"WEBVTT\n\n", "there is no cue in it: nothing was changed. Check that it is the whole file."),
        (b"WEBVTT\n\n" + b"x" * 3000, "the file is larger than 0.00191 MB: no transcript is. Check it."),
    ],
)
def test_what_is_no_transcript_changes_nothing(settings, data, message):
    settings.TRANSCRIPT_MAX_BYTES = 2000
    episode = make_episode()
    kept = import_transcript(episode, RIGHT.encode()).transcript

    with pytest.raises(TranscriptError) as raised:
        import_transcript(episode, data)

    assert str(raised.value) == message
    assert Transcript.objects.get() == kept
    assert Transcript.objects.get().replaced_at is None
    assert Cue.objects.count() == 3


def test_more_cues_than_any_talk_has_are_refused(monkeypatch):
    monkeypatch.setattr(importing_transcripts, "CUE_LIMIT", 2)

    with pytest.raises(
        TranscriptError, match=r"^there are 3 cues in it, more than any talk has: nothing was changed.$"
    ):
        import_transcript(make_episode(), RIGHT.encode())

    assert not Cue.objects.exists()


def test_what_does_not_fit_the_episode_is_kept_and_told():
    episode = make_episode(duration_seconds=60)
    rows = [
        {"startTime": 1, "endTime": 2, "speaker": "x" * 300, "body": "Salt."},
        {"startTime": 200, "endTime": 201, "body": "Sand \ud800."},
        {"startTime": 300, "endTime": 301, "body": "Water."},
    ]

    done = import_transcript(episode, json.dumps({"segments": rows}).encode())

    assert [len(cue.speaker) for cue in Cue.objects.all()] == [200, 0, 0]
    assert Cue.objects.all()[1].text == "Sand �."
    assert [(one.cue, one.reason) for one in done.problems] == [
        (1, "1 speaker’s name is longer than 200 characters: cut. Is it a name?"),
        (
            2,
            (
                "2 cues, this one first, start after the episode’s end at 01:00: kept. "
                "Is it the transcript of this episode, and is its length right?"
            ),
        ),
    ]
    assert Transcript.objects.get().problems[1][:3] == [0, 2, "03:20 Sand �."]


# The command


@pytest.mark.parametrize("name", ["night-talks/on-sleep", "abc-EFG_123", "on-sleep", "PK"])
def test_command_imports_one_file(tmp_path, name):
    episode = make_episode(youtube_id="abc-EFG_123")
    make_episode("on-dreams")
    file = tmp_path / "any.vtt"
    file.write_text(RIGHT)

    told, status = run(str(episode.pk) if name == "PK" else name, file)

    assert status == 0
    assert f"{file}: imported for night-talks/on-sleep, 3 cues\n" in told
    assert "1 imported.\n3 cues; 0 checks made; 0 published pages stored anew.\nNo problems.\n" in told
    assert Transcript.objects.get().episode == episode


def test_command_records_who(tmp_path):
    make_episode()
    make_user("root", groups=(), is_superuser=True)
    make_user("editor")
    file = tmp_path / "any.vtt"
    file.write_text(RIGHT)

    told, status = run("on-sleep", file, username="editor")
    run("on-sleep", file)

    assert (told, status) == ("editor may not do this: articles.publish_revision is missing.", 1)
    assert Transcript.objects.get().imported_by_name == "root"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such", "x.vtt"], "There is no episode “no-such”: give its handle/slug, its YouTube id or its number."),
        (
            ["same", "x.vtt"],
            "Several episodes are called “same”: a/same, b/same. Give handle/slug.",
        ),
        (["a/same"], "Give an episode and a file, or --all and files."),
        (["--all", "no-folder"], "There is no no-folder."),
        (["a/same", "x.vtt", "--as", "nobody"], "There is no active user “nobody”."),
        (["a/same", ".", "--as", "nobody"], ". is a folder: --all reads folders."),
    ],
)
def test_command_says_what_it_cannot_do(arguments, message):
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

    told, status = run("--all", tmp_path)

    assert status == 0
    assert "5 imported.\n5 cues;" in told
    texts = dict(Cue.objects.values_list("episode", "text"))
    episodes = [by_id, by_bracket, by_slug, by_folder, by_show]
    assert texts == {episode.pk: f"This is number {number}." for number, episode in enumerate(episodes)}


def test_command_goes_on_after_files_that_cannot_be_read(tmp_path):
    make_episode("one")
    make_episode("same", handle="a")
    make_episode("same", handle="b")
    (tmp_path / "a.mp3").write_bytes(b"\xff\xfb")
    (tmp_path / "nobody.vtt").write_text(RIGHT)
    (tmp_path / "one.json").write_text("{")
    (tmp_path / "one.srt").write_text("1\n00:00:09,000 --> 00:00:01,000\n=cmd() \x1b[2J is said here\n")
    (tmp_path / "same.vtt").write_text(RIGHT)
    report = tmp_path.parent / "problems.csv"

    told, status = run("--all", tmp_path, report=report)

    assert status == 1
    assert "1 imported, 4 failed." in told
    assert told.endswith("4 of 5 files were not imported.")
    assert "=cmd() �[2J is said here" in told
    assert "\x1b" not in told
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = [[row[0].rpartition("/")[2], *row[1:]] for row in csv.reader(file)]
    assert rows == [
        ["file", "line", "cue", "text", "reason", "outcome"],
        ["a.mp3", "", "", "", "“.mp3” is none of .json, .srt, .txt, .vtt: nothing was read.", "failed"],
        [
            "nobody.vtt",
            "",
            "",
            "",
            (
                "No episode has “nobody” in it as its YouTube id or as its slug: name the file or its folder so, or "
                "import it alone: import_transcript EPISODE FILE."
            ),
            "failed",
        ],
        [
            "one.json",
            "",
            "",
            "",
            "Line 1: the JSON cannot be read (Expecting property name enclosed in double quotes): mend it there.",
            "failed",
        ],
        [
            "one.srt",
            "2",
            "1",
            "'=cmd() \x1b[2J is said here",
            "It ends at 1 s, not after its start at 9 s: taken to end at 14 s.",
            "imported",
        ],
        ["same.vtt", "", "", "", "Several episodes are called “same”: a/same, b/same. Give handle/slug.", "failed"],
    ]


def test_command_takes_one_file_for_an_episode(tmp_path):
    make_episode("one")
    (tmp_path / "one.de.vtt").write_text(RIGHT)
    (tmp_path / "one.en.vtt").write_text(ELSEWHERE)

    told, status = run("--all", tmp_path)

    assert status == 1
    assert "was for the same episode, night-talks/one: one has to go." in told
    assert Transcript.objects.get().file_name == "one.de.vtt"


def test_dry_run_says_what_would_be_done_and_changes_nothing(tmp_path):
    make_episode("one")
    two, three = make_episode("two"), make_episode("three")
    make_draft(episode=two)
    import_transcript(two, RIGHT.encode())
    import_transcript(three, RIGHT.encode())
    for name, text in [("one", RIGHT), ("two", ELSEWHERE), ("three", RIGHT)]:
        (tmp_path / f"{name}.vtt").write_text(text)
    before = [list(model.objects.values()) for model in (Transcript, Cue, Check, Citation)]

    told, status = run("--all", tmp_path, dry_run=True)

    assert status == 0
    assert "1 imported, 1 replaced, 1 unchanged.\n9 cues; 1 checks to be made; 0 published" in told
    assert told.endswith("Nothing was changed: this was a dry run.\n")
    assert [list(model.objects.values()) for model in (Transcript, Cue, Check, Citation)] == before


def test_an_empty_folder_is_no_success(tmp_path):
    told, status = run("--all", tmp_path)

    assert status == 1
    assert told.endswith("There is no file in it: nothing was imported.")


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
    assert (done.rechecked, Check.objects.count()) == (1, 1)
