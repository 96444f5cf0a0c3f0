"""Doses in other units than those that are said."""

import pytest

from articles.core.evidence.discrepancies.missing import TranscriptPassage, missing_parts
from articles.core.evidence.discrepancies.occurrences import Occurrences
from articles.core.evidence.indexing.index import Index
from articles.core.evidence.indexing.tokens import words_of
from articles.core.recordings.transcripts import Cue


def _missing(claim, said):
    return missing_parts(claim, TranscriptPassage(words_of(said, is_english=True)))


@pytest.mark.parametrize("unit", ["µg", "μg", "ug", "mcg", "ng", "IU", "liters"])
def test_dose_in_another_unit_is_missing(unit):
    assert _missing(f"Patients took 40 {unit} of somnadil.", "patients took 40 milligrams of somnadil") == (
        f"40 {unit}",
    )


@pytest.mark.parametrize("dose", ["0.5 grams", "0.5 mcg", "0.5 µg"])
def test_half_is_compared_with_its_unit(dose):
    assert _missing(f"They took {dose} of somnadil.", "they took half a milligram of somnadil") == (dose,)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("40 µg of somnadil", "40 micrograms of somnadil"),
        ("0.04 mg of somnadil", "40 µg of somnadil"),
        ("40 IU of somnadil", "40 international units of somnadil"),
        ("500 ml of tea", "half a liter of tea"),
        ("2,500 ml of tea", "two and a half litres of tea"),
        ("0.5 mg of somnadil", "half a milligram of somnadil"),
        ("0.5 mg of somnadil", "half of the patients took 500 micrograms"),
    ],
)
def test_same_dose_in_other_words_is_said(claim, said):
    assert _missing(claim, said) == ()


def test_sign_of_mercury_is_no_name():
    index = Index(
        [
            Cue(
                start_seconds=0,
                end_seconds=9,
                speaker="",
                text="Your pressure should be below ninety millimeters of mercury.",
            )
        ]
    )
    assert list(Occurrences(index).absent_names("The pressure was 90 mm Hg in the evening.")) == []


@pytest.mark.parametrize(
    ("claim", "absent"),
    [
        ("The wash takes 90 minutes.", []),
        ("The jar keeps for 14 days.", []),
        ("The tank holds 2,500 ml.", []),
        ("They took 1,000 mg of somnadil.", []),
        ("The wash takes 95 minutes.", ["95"]),
        ("The jar keeps for 14 months.", ["14"]),
        ("The tank holds 2,500 mg.", ["2,500"]),
    ],
)
def test_a_number_that_is_said_in_another_unit_occurs(claim, absent):
    said = "The wash takes one and a half hours. The jar keeps for two weeks. They took a gram of somnadil. "
    index = Index([Cue(0.0, 20.0, "", f"{said}The tank holds two and a half liters.")])

    assert [claim[start:end] for start, end in Occurrences(index).absent_numbers(claim)] == absent
