import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.language.sentences import join, split


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
