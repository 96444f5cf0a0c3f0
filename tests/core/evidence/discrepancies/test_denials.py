"""Whether a claim and a recording deny the same thing, in whatever words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.evidence.discrepancies.denials import denials
from articles.core.evidence.discrepancies.missing import TranscriptPassage, missing_parts
from articles.core.evidence.indexing.tokens import words_of

THINGS = ["walnut bread", "salted butter", "smoked herring", "pickled ginger", "roasted barley", "candied lemon"]
SAID = "Long before the ship sails, the cook decides what is served, and that day the whole crew "
THEN = " is the rule for everybody, and then we spoke about ropes and sails for the rest of the afternoon."
DENYING = [
    "not {}", "no {}", "never {}", "without {}", "avoiding {}", "avoid {}", "the lack of {}", "lacking {}",
    "rather than {}", "instead of {}", "free of {}", "the absence of {}", "abstaining from {}", "refusing {}",
    "failing to have {}", "skipping {}", "excluding {}", "non {}", "eliminating {}", "don’t have {}", "{} is forbidden",
]  # fmt: skip
PLAIN = ["not {}", "no {}", "never {}", "don’t have {}"]
CANCELLED = [
    "does not avoid {}", "is not without {}", "can’t do without {}", "never fails to have {}", "doesn’t lack {}",
    "doesn’t stop having {}", "doesn’t skip {}", "no doubt has {}", "not only has {}", "does not refuse {}",
]  # fmt: skip

things = st.lists(st.sampled_from(THINGS), min_size=2, max_size=3, unique=True).map(", ".join)


def missing(claim, said):
    return missing_parts(claim, TranscriptPassage(words_of(f"{SAID}{said}{THEN}", is_english=True)))


@given(things, st.sampled_from(DENYING), st.sampled_from(DENYING))
def test_words_that_deny_are_alike(things, claimed, said):
    assert missing(f"The crew prefers {claimed.format(things)}.", said.format(things)) == ()


@given(things, st.sampled_from(CANCELLED), st.sampled_from(["has {}", *CANCELLED]))
def test_two_denials_cancel_each_other_out(things, double, single):
    assert missing(f"The crew {double.format(things)}.", single.format(things)) == ()
    assert missing(f"The crew {single.format(things)}.", double.format(things)) == ()


@given(things, st.sampled_from(PLAIN))
def test_a_plain_negation_on_one_side_is_reported(things, plain):
    assert len(missing(f"The crew has {plain.format(things)}.", f"has {things}")) == 1
    assert len(missing(f"The crew has {things}.", f"has {plain.format(things)}")) == 1


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("Fine sand is unsuitable for glass, mortar and bricks.", "fine sand is not suitable for glass, mortar, bricks"),
        ("It isn’t suitable for glass, mortar and bricks.", "it’s unsuitable for glass, mortar, bricks, and glass is not a suitable thing"),
        ("Sugar-free, salt-free and alcohol-free drinks are served.", "no sugar, salt or alcohol in drinks that are served"),
        ("It is not uncommon for herring, butter and bread to spoil.", "it’s common for herring, butter and bread to spoil"),
    ],
)  # fmt: skip
def test_prefixes_and_suffixes_deny(claim, said):
    assert missing(claim, said) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They do not grow barley, hops or rye.", ["barley", "grow", "hop"]),
        ("They do not avoid barley.", []),
        ("They can’t bake without barley flour.", []),
        ("They bake without barley flour.", ["barley", "flour"]),
        ("No doubt they grow barley.", []),
        ("They fail to not grow barley.", []),
        ("They do not eat salt, rather they eat barley.", []),
    ],
)
def test_what_plain_negations_deny(text, expected):
    words = words_of(text, is_english=True)

    assert sorted(words[at].term for denied in denials(words).values() for at in denied) == expected


def test_the_negation_that_denies_is_reported():
    claim = "They do not avoid the sea, but never eat walnut bread, butter and herring."

    assert missing(claim, "eats walnut bread, butter and herring") == ("never",)


@pytest.mark.parametrize(
    ("claim", "said", "expected"),
    [
        ("Herring should be eaten with ginger.", "you should not eat herring with ginger", "Herring should be eaten with ginger (denied there)"),
        ("The crew drank vinegar on deck.", "the crew must never drink vinegar on deck", "drank vinegar on deck (denied there)"),
        ("Never eat the herring with ginger.", "if herring were eaten with ginger, we’d be ill", None),
        ("Herring should not be eaten with ginger.", "you should not eat herring with ginger", None),
        ("Herring was eaten with ginger.", "we ate the herring with ginger", None),
    ],
)  # fmt: skip
def test_what_is_denied_there_is_found_in_any_form_of_the_verb(claim, said, expected):
    assert missing(claim, said) == ((expected,) if expected else ())


BIRDS = (
    "Birds breathe in an odd way. Air runs through the bag behind the lungs, since they {} a diaphragm, and they sing."
)


@pytest.mark.parametrize(
    ("claim", "said", "expected"),
    [
        ("Birds have a diaphragm, too.", "don’t have", ("have a diaphragm (denied there)",)),
        ("In the past, birds had any diaphragm.", "never had", ("had any diaphragm (denied there)",)),
        ("Birds don’t have a diaphragm.", "have", ("don’t",)),
        ("A bird never has its diaphragm.", "have", ("never",)),
        ("Birds have a diaphragm.", "have", ()),
        ("Birds don’t have a diaphragm.", "do not have", ()),
        ("Birds lack a diaphragm.", "don’t have", ()),
        ("Mammals have a diaphragm.", "don’t have", ()),
        ("Birds use a diaphragm.", "don’t have", ()),
        ("If birds have a diaphragm, they hide it.", "don’t have", ()),
        ("Birds have a diaphragm.", "have a diaphragm or wouldn’t have", ()),
        ("Birds have a diaphragm.", "hide that they don’t avoid", ()),
    ],
)
def test_a_verb_and_its_object_are_denied_or_affirmed_of_the_same(claim, said, expected):
    passage = TranscriptPassage(words_of(BIRDS.format(said), is_english=True))

    assert missing_parts(claim, passage) == expected


def test_what_is_also_said_without_a_denial_is_not_denied():
    said = "Birds sing. They don’t have a diaphragm, as we know. Only that one bird is said to have a diaphragm."

    assert missing_parts("Birds have a diaphragm.", TranscriptPassage(words_of(said, is_english=True))) == ()


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("Whales have a keel.", "unlike whales, boats don’t have a keel"),
        ("Only whales have a keel.", "boats and whales differ: boats don’t have a keel"),
        ("Sailors get scurvy.", "most sailors say they don’t get scurvy, but sailors do"),
        ("Only sailors who have a licence may steer.", "sailors who don’t have a licence may not steer"),
        ("Few boats have a keel.", "most boats don’t have a keel"),
        ("Boats once had a keel.", "boats today don’t have a keel"),
        ("Does a boat have a keel?", "a boat doesn’t have a keel"),
        ("Critics say boats need a keel.", "boats don’t need a keel"),
        ("It is a myth that boats have a keel.", "boats don’t have a keel"),
        ("The boat needs no keel.", "the boat doesn’t need a keel"),
        ("Fishers must have a licence.", "fishers who do not have a licence can’t sail"),
    ],
)
def test_a_verb_and_its_object_are_not_denied_of_others_of_some_or_in_an_opinion(claim, said):
    assert missing(claim, said) == ()


HULLS = "A ship’s hull has ribs. The hull and its deck are {} soft wood, as sailors know, and ribs are oak."


@pytest.mark.parametrize(
    ("claim", "said", "expected"),
    [
        ("The deck and hull are made up of soft wood.", "not made up of", ("made up of soft wood (denied there)",)),
        ("The deck and hull are not made up of soft wood.", "made up of", ("not",)),
        ("The deck and hull are made up of soft wood.", "made up of", ()),
        ("The deck and hull are not made up of soft wood.", "not made up of", ()),
        ("If the deck and hull are made up of soft wood, they rot.", "not made up of", ()),
        ("Masts are made up of soft wood.", "not made up of", ()),
        ("The deck and hull avoid what is made up of soft wood.", "not made up of", ()),
        ("The deck and hull are made up of soft wood.", "made up of soft wood, not made up of", ()),
    ],
)  # fmt: skip
def test_a_wording_is_denied_or_affirmed_of_the_same(claim, said, expected):
    passage = TranscriptPassage(words_of(HULLS.format(said), is_english=True))

    assert missing_parts(claim, passage) == expected
