"""Key passages: the sentences that say what a stretch of a recording is about, and nothing else does."""

from hypothesis import example, given
from hypothesis import strategies as st

from articles.core.evidence import Transcript, key_passages
from articles.core.evidence.keyness import COUNT, LENGTH, KeyPassage
from articles.core.recordings.transcripts import Cue

SECONDS = 10


def index_of(*texts):
    """An index of cues of ten seconds each."""
    cues = [Cue(n * SECONDS, (n + 1) * SECONDS, "", text) for n, text in enumerate(texts)]
    return Transcript(cues).index


TALK = (
    "As everybody listening to the show knows, the sea is wide.",
    "The moon pulls the water and that makes tides.",
    "Spring tides come with a full moon or a new moon.",
    "As everybody listening to the show knows, the sea is large.",
    "Harbour seals hunt herring in winter, when herring gather.",
    "Seals sleep on the rocks at low water.",
    "As everybody listening to the show knows, the sea is cold.",
)


def test_they_are_the_sentences_with_the_words_that_are_rarer_elsewhere():
    index = index_of(*TALK)

    assert key_passages(index, 0, 30, 2) == (
        KeyPassage(10, "The moon pulls the water and that makes tides."),
        KeyPassage(20, "Spring tides come with a full moon or a new moon."),
    )
    assert key_passages(index, 40, 70, 1) == (KeyPassage(40, TALK[4]),)


def test_a_sentence_that_says_the_same_again_is_not_taken():
    index = index_of(
        "Moon pulls tides up high there.", "Moon pulls tides up high there.", "Seals hunt herring all winter.", *TALK
    )

    assert [passage.start_seconds for passage in key_passages(index, 0, 30)] == [0, 20]


def test_what_is_said_everywhere_is_never_taken():
    index = index_of("We like the sea very much.", "We like the sea very much.")

    assert key_passages(index, 0, 10) == ()


def test_of_a_recording_that_is_one_stretch_the_words_that_are_said_most_count():
    index = index_of(
        "The moon pulls the water every day.", "Seals sleep on some rocks there.", "The moon and the water rise."
    )

    assert [passage.start_seconds for passage in key_passages(index, 0, 30, 1)] == [0]


def test_a_long_passage_is_cut_between_words():
    (passage,) = key_passages(index_of(" ".join(f"herring{n} swims" for n in range(60)), *TALK), 0, 10)

    assert len(passage.text) <= LENGTH + 2
    assert passage.text.endswith(" …")
    assert passage.text.removesuffix(" …").split()[-1] in {"swims", *(f"herring{n}" for n in range(60))}


def test_a_passage_never_begins_before_its_stretch():
    index = Transcript(
        [Cue(0, 20, "", "One two three seven. Herring gather here in winter always."), Cue(20, 30, "", TALK[0])]
    ).index

    assert all(passage.start_seconds >= 12 for passage in key_passages(index, 12, 20))


def test_where_nothing_is_said_there_are_none():
    assert key_passages(index_of(*TALK), 500, 900) == ()
    assert key_passages(index_of(), 0, 100) == ()
    assert key_passages(index_of("", "…", "[music]"), 0, 100) == ()


WORDS = st.sampled_from(
    ["moon", "tide", "seal", "herring", "the", "and", "of", "winter.", "Water!", "12", "潮", "не", "¿qué?", "sea…", "I"]
)
CUES = st.lists(
    st.builds(
        lambda start, length, words: Cue(start, start + length, "", " ".join(words)),
        st.floats(-5, 2000, allow_nan=False),
        st.floats(0, 60, allow_nan=False),
        st.lists(WORDS, max_size=12),
    ),
    max_size=30,
)


OVERLAPPING = [
    Cue(0.0, 3.0, "", "moon winter. moon moon moon moon"),
    Cue(1.0, 1.0, "", "moon tide"),
    Cue(0.0, 0.0, "", "winter. moon moon moon"),
]


@example(OVERLAPPING, 0, 2, 2)
@given(CUES, st.integers(0, 2100), st.integers(0, 2100), st.integers(0, 5))
def test_they_are_few_in_order_within_the_stretch_and_always_the_same(cues, start, end, count):
    found = key_passages(Transcript(cues).index, start, end, count)

    assert len(found) <= count
    assert [passage.start_seconds for passage in found] == sorted(passage.start_seconds for passage in found)
    assert all(start <= passage.start_seconds < end and passage.text for passage in found)
    assert found == key_passages(Transcript(cues).index, start, end, count)


@given(CUES)
def test_each_passage_is_said_in_the_transcript_word_for_word(cues):
    in_order = sorted(cues, key=lambda cue: max(0, cue.start_seconds))
    said = " ".join(" ".join(cue.text for cue in in_order).split())

    for passage in key_passages(Transcript(cues).index, 0, 3000, COUNT):
        assert passage.text.removesuffix(" …") in said
