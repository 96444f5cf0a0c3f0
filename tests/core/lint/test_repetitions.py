"""Doubled phrases and sentences are flagged, intended repetitions aren't."""

import pytest

from articles.core.lint import find_issues
from tests.core.lint.flagging import details, flagged, repaired
from tests.support.samples.lint import make_text

# Wording


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (
            "Boats sink with salt in the pump with salt in the pump [00:06:00].",
            "Boats sink with salt in the pump [00:06:00].",
        ),
        ("The the tide turns.", "The tide turns."),
        ("The tide\nthe tide turns.", "The tide turns."),
        ("It is *a strong tide* a strong tide.", "It is *a strong tide*."),
        ("It is a strong tide [[tide|a strong tide]].", "It is [[tide|a strong tide]]."),
        ("It is [[tide | strong]] strong.", "It is [[tide | strong]]."),
        ("It is *very* **neap neap**.", "It is *very* **neap**."),
    ],
)
def test_the_repair_deletes_one_of_two_repeated_phrases(body, after):
    written = repaired(body)

    assert written == after


def test_a_doubled_phrase_is_flagged_at_its_second_occurrence():
    body = "Boats sink.\nBoats sink *with salt* *with salt* [00:06:00]."

    (flag,) = find_issues(make_text(body))

    sentence = "Boats sink with salt with salt."
    assert details(flag) == ("doubled-phrase", 0, "body", 36, 9, 2, 25, "with salt", sentence)
    assert flag.message == "“with salt” is repeated: delete one of the two."
    assert flag.repair is None


def test_a_doubled_sentence_is_flagged():
    found = flagged("doubled-phrase", "Tides turn twice. Tides turn twice. Boats wait. Boats wait.")

    assert found == ["Tides turn twice."]


@pytest.mark.parametrize(
    "body",
    [
        "It is very, very far and really really old.",
        "He had had enough, and that that is so.",
        "They sailed to Bora Bora and Walla Walla.",
        "Step by step by step it rose, again and again and again.",
        "The bits are 0 1 0 1 and x y x y.",
        "They call it “no rules rules” here.",
        "A strong tide. A strong tide rises.",
        "वह धीरे धीरे चला।",
        "Values like 2, the root of 2, the root of 3.",
    ],
)
def test_intended_repetitions_are_not_flagged(body):
    found = flagged("doubled-phrase", body)

    assert found == []
