import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.evidence import NAME, NUMBER, Transcript
from articles.core.evidence.types import Discrepancy
from articles.core.recordings.transcripts import Cue

# An invented talk about a bell foundry.
CUES = [
    Cue(0.0, 30.0, "Runa Halvorsen", "We cast our first bell in nineteen twelve, and it weighed three hundred and ten kilos."),
    Cue(30.0, 60.0, "Runa Halvorsen", "The bronze comes from Falun, and Old Piet Sørby tuned it for two and a half weeks."),
    Cue(60.0, 90.0, "Runa Halvorsen", "Bells from the Glockenhof foundry are sharper, the professor said, they sell about forty percent more."),
    Cue(90.0, 120.0, "Runa Halvorsen", "Celestine Okafor rang it at the wedding, the twenty third of May."),
]  # fmt: skip
TRANSCRIPT = Transcript(CUES)


def absent(claim, seconds=0):
    return [(found.kind, found.text) for found in TRANSCRIPT.check(claim, seconds).discrepancies]


@pytest.mark.parametrize(
    "claim",
    [
        "The first bell was cast in 1912.",
        "It weighed 310 kg and took 2.5 weeks to tune.",
        "Others sell 40% more.",
        "It rang on the 23rd of May.",
        "The bronze is from Falun.",
        "It was tuned by Piet Sorby.",  # without the accent
        "It was rung by Celestina Ocafor.",  # misheard
        "Halvorsen describes it, and so does Runa.",  # the speaker’s name is only in the cues
        "GlockenHof bells are sharper.",
        "It was tuned by Pete Sorbi, and Bartholomew Okafor rang it.",  # misheard, or with another first name
        "Weeks In a foundry, bronze is cast.",
        "Quiet Harbours In a storm, bells are rung.",  # a heading before the sentence
        "Casting took place before COVID-19, and visitors may ring 24/7.",
        "2. Bells are cast from bronze.",
        "Level 14: tuning",
        "Chapters 14, 15 or 16 and level 14 or 17 are about tuning.",
        "Level 14 tuning is taught in chapter 17 and step 22.",
        "They filed an 83b election and met a GPT-14 bot.",
        "Tuning and Wedding: the bell rang.",
        "Casting is a craft. Patience is another. “Courage” is one too.",
        "There are five ways to cast, and 1 to ring.",
        "The metal is hot, says the BBC.",
        "=Patience is a craft.",
        "See casting bells Casting and tuning.",
    ],
)
def test_what_is_said_or_has_no_need_to_be_is_no_discrepancy(claim):
    assert absent(claim) == []


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ("The first bell was cast in 1921.", [(NUMBER, "1921")]),
        ("It weighed 450 kilos.", [(NUMBER, "450")]),
        ("It took seventeen weeks.", [(NUMBER, "seventeen")]),
        ("Others sell 40% to 75% more.", [(NUMBER, "75")]),
        ("It cost $83b in the 1870s.", [(NUMBER, "83b"), (NUMBER, "1870")]),
        ("Its level 75 percent up, a mid-85 percent share.", [(NUMBER, "75"), (NUMBER, "85")]),
        ("The bronze comes from Valparaiso.", [(NAME, "Valparaiso")]),
        ("Bartholomew Quigley tuned it.", [(NAME, "Bartholomew Quigley")]),
        ("Castor Quigley tuned it.", [(NAME, "Castor Quigley")]),  # “Castor” sounds like “cast”
        (
            "Dr. Harold Quigley and Professor Weddel Quigley tuned it.",
            [(NAME, "Harold Quigley"), (NAME, "Professor Weddel Quigley")],
        ),
        ("It was tuned by Bartholomew Quigley in 1921.", [(NAME, "Bartholomew Quigley"), (NUMBER, "1921")]),
        ("It was from Ülkümen, they said in Turkey.", [(NAME, "Ülkümen"), (NAME, "Turkey")]),
    ],
)
def test_numbers_and_names_that_never_occur_are_found_in_order(claim, found):
    assert absent(claim) == found


def test_a_claim_that_is_said_here_but_for_a_name_is_partly_supported():
    check = TRANSCRIPT.check("The bronze comes from Falun, and Bartholomew Quigley tuned it for weeks.", 30)

    assert (check.verdict, check.discrepancies) == ("partly", (Discrepancy(NAME, "Bartholomew Quigley"),))
    assert (
        TRANSCRIPT.check("The bronze comes from Falun, and Piet Sørby tuned it for weeks.", 30).verdict == "said here"
    )


def test_a_name_in_a_false_quotation_is_not_named_twice():
    check = TRANSCRIPT.check("She says: “We buy from Bartholomew Quigley in Valparaiso for 77 crowns”.", 0)

    assert [found.kind for found in check.discrepancies] == ["quotation"]


def test_numbers_and_names_are_only_read_in_english():
    german = Transcript(
        [Cue(0.0, 30.0, "", "Die Glocke wurde im Jahr 1912 gegossen und wiegt viel, sagt der Meister.")]
    )

    assert german.check("Die Glocke wurde im Jahr 1950 von Meister Quigley gegossen.", 0).discrepancies == ()


@given(st.integers(1, len(CUES)).map(lambda number: " ".join(cue.text for cue in CUES[:number])))
def test_the_transcript_itself_has_no_discrepancy(text):
    assert absent(text) == []


@given(st.text(alphabet="Ab 12,.:-$%“”", max_size=60))
def test_any_claim_gives_parts_of_itself(claim):
    assert all(text in claim for _, text in absent(claim))
