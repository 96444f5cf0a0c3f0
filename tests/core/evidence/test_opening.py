"""The words of a suggestion: those that a listener hears first."""

import pytest

from articles.core.evidence.excerpts import opening
from articles.core.recordings.transcripts import Cue

CUES = [
    Cue(0.0, 10.0, "", "The tide comes in twice a day. It is the moon"),
    Cue(10.0, 20.0, "", "that pulls. “It never rests.” So do the boats, which wait for it."),
    Cue(20.4, 24.0, "", "Harbours silt up."),
]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (0, "The tide comes in …"),
        (6, "It is the moon …"),
        (10, "that pulls. “It never …"),
        (12, "“It never rests.” So …"),
        (15, "So do the boats, …"),
        (20, "Harbours silt up."),
        (500, "Harbours silt up."),
    ],
)
def test_it_begins_with_the_sentence_or_cue_that_begins_at_the_second(second, words):
    assert opening(CUES, second, 4) == words


def test_without_cues_it_is_empty():
    assert opening([], 12, 4) == ""
