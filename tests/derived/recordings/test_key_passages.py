"""The key passages of an episode: those of its transcript as it is now, computed once."""

import pytest

from articles import workflow
from articles.core.recordings.stretches import Stretch
from articles.derived.recordings.key_passages import key_passages
from tests.support.factories import make_episode
from tests.support.samples.cited import make_talk

pytestmark = pytest.mark.django_db

RECEPTORS = Stretch(1140, 1500)


def test_they_are_sentences_of_the_stretch():
    found = key_passages(make_talk(), RECEPTORS)

    assert len(found) == 3
    assert any("NMDA receptor antagonist" in passage.text for passage in found)
    assert all(1140 <= passage.start_seconds < 1500 for passage in found)


def test_without_a_transcript_there_are_none():
    assert key_passages(make_episode(), RECEPTORS) == ()


def test_they_are_computed_once_for_each_transcript(moderator, django_assert_num_queries):
    talk = make_talk()
    first = key_passages(talk, RECEPTORS)
    with django_assert_num_queries(0):
        assert key_passages(talk, RECEPTORS) is first

    workflow.remove_transcript(talk, by=moderator)
    talk.refresh_from_db()

    assert key_passages(talk, RECEPTORS) == ()
