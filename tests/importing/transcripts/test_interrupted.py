"""Checks that an interrupted import didn't get to are finished later."""

from io import StringIO
from unittest.mock import Mock

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from articles.importing import import_transcript
from articles.models import BackgroundTask, Citation, Cue
from articles.workflow import tasks
from articles.workflow.recordings import rechecking, transcripts
from articles.workflow.tasks import running
from tests.importing.transcripts.importing import RIGHT, run
from tests.support.factories import make_episode, make_published

pytestmark = pytest.mark.django_db


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
    running.run(BackgroundTask.objects.get().pk)
    assert shown() == "not checked"  # whoever imports may still be at it

    BackgroundTask.objects.update(due_at=timezone.now())
    tasks.recover()
    running.run(BackgroundTask.objects.get().pk)

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
