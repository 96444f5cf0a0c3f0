"""The cues of what is playing, for the docked player: for editors only, and only around a moment."""

import pytest
from django.urls import reverse

from articles.derived.checks import run
from articles.importing import import_transcript
from tests.support.factories import make_episode
from tests.support.samples.cited import make_talk

pytestmark = pytest.mark.django_db


def spoken(client, **parameters):
    return client.get(reverse("admin:articles_spoken"), parameters)


def test_it_answers_with_the_cues_around_a_moment_of_a_video(editor_client):
    episode = make_talk(youtube_id="abcdefghijk")
    cues = run.transcript_of(episode).cues

    answer = spoken(editor_client, video="abcdefghijk", at=541).json()

    assert (answer["from"], answer["to"], answer["isLast"]) == (541 - 45, 541 + 180, False)
    expected = [cue for cue in cues if cue.end_seconds > 496 and cue.start_seconds < 721]
    assert answer["cues"] == [
        {"start": cue.start_seconds, "speaker": cue.speaker, "text": cue.text} for cue in expected
    ]
    assert len(expected) < len(cues)
    assert {"that", "this", "have"} < set(answer["common"])
    assert "brain" not in answer["common"]


def test_of_recordings_with_the_same_file_it_takes_one_with_a_transcript(editor_client):
    address = "https://audio.example/talk.mp3"
    spoken_episode = make_episode("spoken", duration_seconds=60, audio_url=address)
    make_episode("silent", duration_seconds=60, audio_url=address)
    import_transcript(spoken_episode, b"[00:05] Ann: The night is long.", "talk.txt")

    answer = spoken(editor_client, audio=address, at=5).json()

    assert answer["isLast"] is True
    assert [(cue["speaker"], cue["text"]) for cue in answer["cues"]] == [("Ann", "The night is long.")]


def test_without_a_transcript_there_are_no_cues(editor_client):
    make_episode(youtube_id="abcdefghijk")

    assert spoken(editor_client, video="abcdefghijk", at=5).json()["cues"] == []


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"video": "abcdefghijk"}, 400),
        ({"at": "5"}, 400),
        ({"video": "abcdefghijk", "at": "-1"}, 400),
        ({"audio": "a\0b", "at": "5"}, 404),
        ({"video": "unknown", "at": "5"}, 404),
    ],
)
def test_what_it_does_not_understand_is_refused_with_a_reason(editor_client, parameters, status):
    response = spoken(editor_client, **parameters)

    assert response.status_code == status
    assert response.json()["error"]


def test_nobody_else_learns_what_was_said(client, django_user_model):
    make_talk(youtube_id="abcdefghijk")
    viewer = django_user_model.objects.create_user("viewer", is_staff=True)

    assert spoken(client, video="abcdefghijk", at=541).status_code == 403
    client.force_login(viewer)
    assert spoken(client, video="abcdefghijk", at=541).status_code == 403
