"""Importing one transcript: what is kept, checked and reported, and what has to be confirmed."""

import json

import pytest

from articles.core.recordings.transcripts import DoubtfulTranscriptError, TranscriptError
from articles.importing import import_transcript
from articles.importing.transcripts import transcript as importing_transcripts
from articles.models import Check, Cue, LogEntry, Transcript
from articles.workflow import InvalidTransition, remove_transcript
from tests.importing.transcripts.importing import ELSEWHERE, RIGHT, verdicts
from tests.support.factories import make_draft, make_episode, make_published, make_user
from tests.support.scenarios.published_pages import page_of

pytestmark = pytest.mark.django_db


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
    assert [problem.reason.partition(".")[0] for problem in first.problems] == [
        "Less than 1 % of the recording has cues"
    ]
    assert import_transcript(episode, whole.encode(), "talk.txt").problems == ()
    episode.refresh_from_db()
    with pytest.raises(DoubtfulTranscriptError, match="Less than 1 % of the recording has cues"):
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
