import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.language.sentences import LONGEST, cut_at, join, split


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("The sea rose. It fell.", ["The sea rose.", "It fell."]),
        ("Did it rise? It did! Then…", ["Did it rise?", "It did!", "Then…"]),
        ("Dr. Moor met Mrs. Lind, e.g. in May.", ["Dr. Moor met Mrs. Lind, e.g. in May."]),
        ("It rose by 3.5 m in 12.4 s. No more.", ["It rose by 3.5 m in 12.4 s.", "No more."]),
        ("J. Moor and A. B. Lind agree.", ["J. Moor and A. B. Lind agree."]),
        ("They lack vitamin D. They know.", ["They lack vitamin D.", "They know."]),
        ("Made in the U.S. The rest is not.", ["Made in the U.S.", "The rest is not."]),
        ("“It rose.” She wrote it down.", ["“It rose.”", "She wrote it down."]),
        ("“Did it rise?” she asked.", ["“Did it rise?” she asked."]),
        ("See no. 4 of it. I said no. Then we left.", ["See no. 4 of it.", "I said no.", "Then we left."]),
        ("1. First the sea. 2. Then the land.", ["1. First the sea.", "2. Then the land."]),
        ("潮が満ちる。潮が引く！「本当？」はい。", ["潮が満ちる。", "潮が引く！", "「本当？」", "はい。"]),
        ("समुद्र बढ़ा। फिर घटा।", ["समुद्र बढ़ा।", "फिर घटा।"]),
        ("هل ارتفع البحر؟ نعم ارتفع.", ["هل ارتفع البحر؟", "نعم ارتفع."]),
        ("A heading\nA bullet\n\nThe end.", ["A heading", "A bullet", "The end."]),
        ("It rose. — ", ["It rose. —"]),
        ("  ", []),
        ("—", []),
    ],
)
def test_split_finds_sentences(text, sentences):
    assert [text[start:end] for start, end in split(text)] == sentences


@given(st.one_of(st.text(), st.text(alphabet='aB1.!?。 \n"”)“(', max_size=60)))
def test_split_loses_no_word_and_keeps_the_order(text):
    spans = split(text)

    inside = "".join(text[start:end] for start, end in spans)
    assert [c for c in inside if c.isalnum()] == [c for c in text if c.isalnum()]
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (["Clarification", "Changes: claim added."], "Clarification. Changes: claim added."),
        ([" It fell! ", "", "(It rose.)", "“So it did.”", "See 12:30"], "It fell! (It rose.) “So it did.” See 12:30."),
        (["潮が満ちる。", "「本当？」", "Not reviewed"], "潮が満ちる。 「本当？」 Not reviewed."),
        ([], ""),
    ],
)
def test_texts_are_joined_as_sentences(texts, joined):
    assert join(texts) == joined


def test_a_sentence_that_is_too_long_is_cut_after_its_marks():
    text = "the moon pulls, " * 150 + "the sun pulls! and boats wait ..."
    places = [text.index(",", 30), text.index("!"), text.index(" ...")]

    pieces = [text[start:end] for start, end in cut_at(text, [(0, len(text))], places)]

    assert pieces[0] == "the moon pulls, the moon pulls, the moon pulls,"[: places[0] + 1]
    assert pieces[1].endswith("the sun pulls!")
    assert pieces[2] == "and boats wait ..."
    assert len(pieces) == 3


def test_sentences_of_usual_length_stay_whole():
    text = "the moon pulls, the sun pulls. Boats wait."

    assert cut_at(text, split(text), [14, 29]) == split(text)


@given(
    st.lists(st.text("ab .,!?…”)é月", max_size=LONGEST // 2), min_size=1, max_size=6),
    st.lists(st.floats(0, 1), max_size=8),
)
def test_pieces_are_in_order_and_lose_no_letter(parts, shares):
    text = "".join(parts)
    places = sorted(int(share * len(text)) for share in shares)

    pieces = cut_at(text, split(text), places)

    assert all(start < end for start, end in pieces)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(pieces))
    kept = "".join(text[start:end] for start, end in pieces)
    assert [character for character in kept if character.isalnum()] == [
        character for character in text if character.isalnum()
    ]
