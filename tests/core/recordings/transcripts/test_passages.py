"""Passages keep every cue, speaker and chapter."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.transcripts import Cue
from articles.core.recordings.transcripts.passages import MOST_SECONDS, SECONDS, passages

CUES = st.lists(
    st.tuples(
        st.integers(0, 40), st.sampled_from(["", "Ann", "Bob"]), st.sampled_from(["It rises.", "and then", "Why?”"])
    ),
    max_size=40,
)


def timed(rows):
    """Cues from (seconds since the one before, speaker, text)."""
    cues, at = [], 0.0
    for gap, speaker, text in rows:
        at += gap
        cues.append(Cue(at, at + 2, speaker, text))
    return cues


@given(rows=CUES, chapters=st.sets(st.integers(0, 600)).map(sorted))
def test_every_cue_is_in_one_passage_of_its_speaker_and_chapter(rows, chapters):
    cues = timed(rows)

    found = passages(cues, chapters)

    assert [cue for passage in found for cue in passage.cues] == cues
    assert all({cue.speaker for cue in passage.cues} == {passage.speaker} for passage in found)
    for passage in found:
        inside = [start for start in chapters if passage.start_seconds < start <= passage.cues[-1].start_seconds]
        assert inside == []
        assert passage.cues[-1].start_seconds - passage.start_seconds < MOST_SECONDS
    begun = [passage.chapter for passage in found if passage.chapter is not None]
    assert begun == sorted(set(begun))
    for before, after in pairwise(found):  # no passage ends without a reason
        lasted = after.start_seconds - before.start_seconds
        assert after.chapter is not None or before.speaker != after.speaker or lasted >= SECONDS


def test_a_passage_ends_with_a_sentence_and_names_its_chapter():
    cues = timed(
        [
            (0, "Ann", "The tide"),
            (20, "Ann", "rises and"),
            (20, "Ann", "falls."),
            (5, "Ann", "Then"),
            (5, "Bob", "Yes."),
        ]
    )

    found = passages(cues, [0, 44])

    assert [(p.chapter, p.speaker, " ".join(cue.text for cue in p.cues)) for p in found] == [
        (0, "Ann", "The tide rises and falls."),
        (1, "Ann", "Then"),
        (None, "Bob", "Yes."),
    ]
