import re
import time
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from articles.core.evidence import Transcript
from articles.core.evidence.discrepancies.quotation_marks import parts, quotations
from articles.core.evidence.discrepancies.quotations import LEAST_CONTENT, LEAST_WORDS
from articles.core.evidence.indexing.tokens import words_of
from articles.core.evidence.types import Discrepancy
from articles.core.recordings.transcripts import Cue

# An invented talk by a ferryman: the second at which each passage begins, and its text.
TALK = (
    (0, "Good evening. I've been running the ferry between the two islands for, um, thirty one years now."),
    (20, "People ask me what the sea is like in winter, and I always say the sea keeps no promises to anybody."),
    (45, "My grandmother, Agathe Lindqvist, rowed this crossing before there was a motor, and she sang the whole way."),
    (70, "You're gonna hear that the old boats were safer. They were not safer, they were only slower."),
    (95, "A ferry is a bridge that has to be built again every morning, you know, and nobody thanks the carpenter."),
    (120, "We carried two hundred and forty sheep on one day, and the dog did not let a single one go overboard."),
    (150, "When the lighthouse went dark in nineteen ninety eight we followed the smell of the bakery home."),
    (180, "So that is it, I suppose. Keep your rope dry and your tickets ready."),
)  # fmt: skip
ENDS = [start for start, _ in TALK[1:]] + [200]
TRANSCRIPT = Transcript(
    [Cue(float(start), float(end), "Ferryman", text) for (start, text), end in zip(TALK, ENDS, strict=True)]
)
MARKS = ["“”", '""', "«»", "„“", "‘’", "»«", "「」", "''"]
NEVER_SAID = ["volcano", "algebra", "saxophone", "parliament", "cucumber", "microscope", "desert", "emperor"]


PARTS_OF_NUMBERS = {"thirty", "one", "two", "hundred", "forty", "nineteen", "ninety", "eight"}


def _is_long(word):
    return len(re.sub(r"\W", "", word)) >= 6 and word not in {*PARTS_OF_NUMBERS, "nobody"}


def misquoted(claim, seconds=95):
    return [found for found in TRANSCRIPT.check(claim, seconds).discrepancies if found.kind == "quotation"]


@pytest.mark.parametrize(
    ("claim", "texts"),
    [
        ('He said “it’s a boat” and "no way".', ["it’s a boat", "no way"]),
        ("„Das ist gut“, »nicht so«, « très bon » and 「船です」", ["Das ist gut", "nicht so", " très bon ", "船です"]),
        ("'Don't go there' or ‘it’s the crew’s day’", ["Don't go there", "it’s the crew’s day"]),
        ("A 5\" and a 6\" pipe, the workers' rights and the owners' duties", []),
        ("(“a bridge”) and [“a rope”]", ["a bridge", "a rope"]),
        ("An “unclosed quotation and stray marks”of all kinds“", []),
        ('“”, "" and “ ”', [" "]),
    ],
)
def test_quotations_stand_between_marks_of_one_kind(claim, texts):
    found = list(quotations(claim))

    assert [quotation.text for quotation in found] == texts
    assert [claim[quotation.start : quotation.end] for quotation in found] == texts


@pytest.mark.parametrize("opening", ['"', "'", "“", "„", "«", "‘", "‚", "「"])
def test_apostrophes_after_a_mark_that_nothing_closes_take_no_time(opening):
    claim = f"He said {opening}" + "a’b" * 600 + "o'c" * 600 + " and went on"
    started = time.perf_counter()

    assert list(quotations(claim)) == []
    assert time.perf_counter() - started < 1  # with two ways to read each apostrophe, longer than anyone can wait


@pytest.mark.parametrize(
    ("quotation", "expected"),
    [
        ("a bridge … every morning", ["a bridge", "every morning"]),
        ("a bridge [...] every morning", ["a bridge", "every morning"]),
        ("a bridge . . . every morning", ["a bridge", "every morning"]),
        ("[T]he sea keep[s] no promises", ["The sea keeps no promises"]),
        ("the sea [in winter] keeps (as ever) no promises", ["the sea   keeps   no promises"]),
    ],
)
def test_ellipses_divide_and_brackets_add(quotation, expected):
    assert parts(quotation) == expected


@pytest.mark.parametrize(
    "quoted",
    [
        "the sea keeps no promises to anybody",
        "The sea keeps no promises!",
        "A ferry is a bridge that has to be built again every morning, and nobody thanks the carpenter",  # no “you know”
        "You are going to hear that the old boats were safer",  # for “You’re gonna”
        "I have been running the ferry between the two islands for 31 years",
        "we carried 240 sheep on one day",
        "When the lighthouse went dark in nineteen ninety eight",
        "A ferry is a bridge … and nobody thanks the carpenter",
        "[The boats] were only slower",
        "my grandmother, Agathe Lindquist, rowed this crossing",  # misheard, or misspelled
        "A ferry is a bridge",
    ],
)
def test_a_quotation_that_is_said_is_no_discrepancy(quoted):
    assert misquoted(f"The ferryman says: “{quoted}”.") == []


@pytest.mark.parametrize(
    ("quoted", "closest", "seconds"),
    [
        (
            "A ferry is a road that has to be painted again every evening",
            "A ferry is a bridge that has to be built again every morning",
            95,
        ),
        ("the sea keeps all its promises", "the sea keeps no promises", 37),
        ("They were safer, they were only slower", "were not safer, they were only slower", 85),
        ("we carried 900 sheep on one day", "We carried two hundred and forty sheep on one day", 120),
        ("nobody pays the plumber for cucumbers", "nobody thanks the carpenter", 115),
        ("a volcano of parliament cucumbers", "", None),
        ("every promise of a saxophone", "", None),
        ("row the saxophone", "", None),
        ("bakery and parliament", "", None),
        ("the smell of the saxophone", "the smell of the bakery", 169),
    ],
)
def test_a_quotation_in_other_words_has_its_closest_wording(quoted, closest, seconds):
    assert misquoted(f"He says: “{quoted}”.") == [Discrepancy("quotation", quoted, closest, seconds)]


@pytest.mark.parametrize(
    "claim",
    [
        "The “cucumber” is a “volcano algebra” of ferries.",  # scare quotes
        "It is what it “is not for any of them”.",  # no content
        "His book “The Emperor and the Saxophone” is about ferries.",  # a title
        "A ferry is a bridge that has to be built again.",
    ],
)
def test_scare_quotes_and_titles_need_not_be_said(claim):
    assert misquoted(claim) == []


def test_a_quotation_that_is_said_elsewhere_is_no_discrepancy():
    assert misquoted("He says “keep your rope dry and your tickets ready”.", seconds=5) == []


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("a wooden keel is extremely efficient in calm water", "a wooden keel is extremely inefficient in calm water"),
        ("a wooden keel is extremely efficient in calm water", "a wooden keel is extremely deficient in calm water"),
        ("then there is a huge increase in the swell near the harbour", "then there is a huge decrease in the swell near the harbour"),
        ("when the wind drops you're increasing the sail by half", "when the wind drops you're decreasing the sail by half"),
        ("the wider the deck the more cargo that can be stowed on it", "the wider the deck the less cargo that can be stowed on it"),
        ("there is no secret about making the water run out below the hull", "there is no secret about making the water run in below the hull"),
        ("crabs are the only invertebrates that live in the old dock", "crabs are the only vertebrates that live in the old dock"),
        ("a rudder that is responsive in any storm", "a rudder that is unresponsive in any storm"),
        ("the whole crew suffered from hypothermia that night", "the whole crew suffered from hyperthermia that night"),
        ("bigger ropes are what everybody on board wants to have", "smaller ropes are what everybody on board wants to have"),
        ("what everybody on board wants to have is a strong rope", "what everybody on board wants to have is a weak rope"),
    ],
)  # fmt: skip
def test_a_quotation_that_says_the_opposite_was_never_said(said, quoted):
    transcript = Transcript([Cue(0.0, 20.0, "", "We sailed at dawn."), Cue(20.0, 40.0, "", f"Well, {said}, I think.")])

    assert transcript.check(f"He says “{said}”.", 20).discrepancies == ()
    (found,) = transcript.check(f"He says “{quoted}”.", 20).discrepancies
    assert (found.kind, found.text, found.start_seconds is not None) == ("quotation", quoted, True)


def test_the_in_and_out_of_different_verbs_are_no_opposites():
    said = "it was the old ferry that turned out to be the new lighthouse, to everybody's surprise on the whole island"
    transcript = Transcript([Cue(0.0, 20.0, "", f"Well, {said}, I think.")])

    assert transcript.check(f"He says “{said.replace('turned out to be', 'turned into')}”.", 5).discrepancies == ()


def test_a_misquotation_makes_a_claim_that_is_said_here_partly_supported():
    claim = "A ferry is a bridge that is built again every morning, and nobody thanks the carpenter"

    assert TRANSCRIPT.check(f"{claim}.", 95).verdict == "said here"
    assert TRANSCRIPT.check(f"{claim}: “nobody ever praises a humble carpenter”.", 95).verdict == "partly"


@given(st.integers(0, len(TALK) - 1), st.data(), st.sampled_from(MARKS))
def test_whatever_is_said_can_be_quoted(number, data, marks):
    words = TALK[number][1].split()
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    assume(not set(words[max(0, first - 1) : first + 1] + words[last - 1 : last + 1]) & PARTS_OF_NUMBERS)
    assume(not first or words[first - 1] != "not")  # without it, the opposite is quoted
    quoted = " ".join(words[first:last]).strip("\"'.,?")

    assert misquoted(f"The ferryman says {marks[0]}{quoted}{marks[1]} here.", TALK[number][0]) == []


@given(st.lists(st.sampled_from(NEVER_SAID), min_size=LEAST_WORDS, max_size=12), st.sampled_from(MARKS))
def test_whatever_is_not_said_is_found(words, marks):
    quoted = " ".join(words)

    assert misquoted(f"He says {marks[0]}{quoted}{marks[1]} here.") == [Discrepancy("quotation", quoted)]


@given(st.integers(0, len(TALK) - 1), st.data())
def test_a_word_that_lost_a_letter_was_misheard(number, data):
    words = TALK[number][1].split()
    at = data.draw(st.sampled_from([i for i, word in enumerate(words) if _is_long(word)]))
    word = words[at]
    cut = data.draw(st.integers(1, len(word) - 3))
    assume(word[cut].isalpha())
    words[at] = word[:cut] + word[cut + 1 :]
    quoted = " ".join(words).strip(".?")

    assert misquoted(f"He says «{quoted}».", TALK[number][0]) == []


@given(st.text(alphabet="ab “”„\"'‘’«»「」[]….(1", max_size=80), st.integers(0, 300))
def test_any_text_gives_quotations_in_order_that_it_contains(claim, seconds):
    found = list(quotations(claim))

    assert all(claim[quotation.start : quotation.end] == quotation.text for quotation in found)
    assert all(first.end < second.start for first, second in pairwise(found))
    for discrepancy in misquoted(claim, seconds):
        words = words_of(discrepancy.text, is_english=True)
        assert len(words) >= LEAST_WORDS
        assert sum(not word.is_stop or word.is_negation for word in words) >= LEAST_CONTENT


HOSTILE = ["“" * 100_000, "'a " * 50_000, "‘" + "a’" * 60_000, "“a b c d e” " * 9_000]
HOSTILE += ["[x] word " * 20_000, "e.g. word " * 20_000, "♪ word " * 20_000, "the sea keeps " * 20_000]


@pytest.mark.parametrize("is_quotation", [False, True])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_claim_is_read_in_linear_time(hostile, is_quotation):
    TRANSCRIPT.check(hostile, 95, is_quotation=is_quotation)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The sea keeps no promises to anybody.", None),
        ("the sea keeps no promises to anybody", None),
        ("The sea keeps all its promises to everybody.", "The sea keeps all its promises to everybody."),
        ("The ferry is like a bridge which people build again each day.", "The ferry is like a bridge which people build again each day."),
        ("The sea keeps no promises to anybody – Agathe Lindqvist", None),
        ("It keeps no promises to anybody\" – Agathe Lindqvist", None),
        ("He was clear: “The sea keeps no promises to anybody.", None),
        ("He was clear: “The sea likes all the promises of everybody.", "The sea likes all the promises of everybody."),
        ("He called it “the sea” in his long and winding speech.", None),
        ("My grandmother Agatha Linquist rowed this crossing before there was a motor.", None),  # misheard
        ("— Agathe Lindqvist", None),
    ],
)  # fmt: skip
def test_a_sentence_of_a_block_quote_is_compared_in_whole(claim, expected):
    check = TRANSCRIPT.check(claim, 20, is_quotation=True)

    assert [found.text for found in check.discrepancies if found.kind == "quotation"] == (
        [expected] if expected else []
    )
    assert misquoted(claim, 20) == []


def test_a_block_quote_in_other_words_is_said_but_for_them():
    claim = "A ferry is a bridge that is rebuilt by somebody each evening, and everybody thanks the carpenter."

    check = TRANSCRIPT.check(claim, 95, is_quotation=True)

    assert (check.verdict, TRANSCRIPT.check(claim, 95).verdict) == ("partly", "said here")
    assert check.discrepancies[0].closest.startswith("A ferry is a bridge that has to be built again every morning")
