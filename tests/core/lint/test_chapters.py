"""Citations in a sponsor's chapter, at a chapter's start, or in a chapter about something else."""

import json

import pytest

from articles.core.formats import ArticleFile, read
from articles.core.lint import Source, find_issues
from articles.core.lint.chapter_titles import Titles
from articles.core.timestamps.grammar import parse_timestamp
from tests.core.lint.flagging import flagged, flags_of
from tests.support.paths import PROJECT, SHARED
from tests.support.samples.lint import TALK, make_text

# Chapters


def test_sponsor_flags_moments_in_sponsor_chapters():
    (flag,) = find_issues(make_text("Tides rise [00:02:29]."))

    assert (flag.code, flag.text) == ("sponsor", "[00:02:29]")
    assert flag.message == (
        "02:29 is in the sponsor’s chapter “Sponsor: Ropes”, which isn’t part of the talk. "
        "Cite the timestamp where the claim is made."
    )


def test_chapter_start_flags_only_the_exact_second():
    found = flagged("chapter-start", "The moon pulls tides [00:05:13]. They rise with the moon [00:05:14].")

    assert found == ["[00:05:13]"]


def test_a_named_source_has_its_own_chapters():
    winds = Source(((60, "Sponsor: Sails", True),))

    found = flagged("sponsor", "It blows [e2 00:01:30] here [00:01:30].", sources={"e1": TALK, "e2": winds})

    assert found == ["[e2 00:01:30]"]


# Modelled on a real article: eight citations, one of which is in a chapter about something else.
EBB = (
    "An article about what the sea does twice a day.",
    (1, "Uses", "Harbours have grown with the tides over the last decade [00:06:31]."),
    (2, "Marshes", "Rivers take days to change, while tides can change a marsh within hours [00:24:44]."),
    (2, "Bores", "Beyond rivers, the tide drives waves, turbines and mills [00:56:36]."),
    (
        1,
        "Mechanisms",
        "It works by resonance. It acts first as a gravity gradient [00:09:01]. This pull makes resonance [00:36:17].",
    ),
    (2, "The role of waves", "It helps boats to rise and underlies the power of the tide [00:57:01]."),
    (1, "Dangers", "The sea is dangerous."),
    (2, "Habit", "It is used for fun, and sailing by the moon can become a habit [00:06:52]."),
    (2, "Salt", "At higher dosages, salt can be bad for pumps and for the crew [01:31:01]."),
    (1, "Conclusion", "Tides hold promise."),
)


def test_chapter_topic_flags_the_one_moment_in_a_chapter_about_something_else():
    (flag,) = find_issues(make_text(*EBB, title="Ebb"), off=("skipped-level",))

    assert (flag.code, flag.part, flag.text) == ("chapter-topic", 4, "[00:09:01]")
    assert flag.claim == "It acts first as a gravity gradient."
    assert flag.message == (
        "09:01 is in the chapter “Storms & Old Forecasts”, whose title has nothing in common with this claim. "
        "The chapter “Gravity & Resonance” at 34:29 mentions “gravity”: check whether the claim is made there."
    )


@pytest.mark.parametrize(
    ("lead", "title", "expected"),
    [
        ("Gravity was discussed [00:09:01].", "Old tides", ["[00:09:01]"]),
        ("It is said that gravity matters [00:09:01].", "Tides", ["[00:09:01]"]),
        ("It is said that gravity matters [00:09:01].", "Old tides", []),
        ("The gravity of storms is known [00:09:01].", "Tides", []),
        ("Storms came. Then gravity was discussed [00:09:01].", "Tides", []),
        ("Nothing of the sort was discussed in the least [00:09:01].", "Tides", []),
        ("Gravity was discussed in an advertisement [00:02:30].", "Tides", []),
    ],
)
def test_chapter_topic_considers_the_claim_and_its_context(lead, title, expected):
    found = flagged("chapter-topic", lead, title=title)

    assert found == expected


def test_chapter_topic_considers_the_heading():
    found = flagged("chapter-topic", "", (1, "Forecasts", "Gravity was discussed [00:09:01]."))

    assert found == []


def test_chapter_topic_ignores_titles_without_a_topic():
    source = Source(((0, "Introduction", False), (300, "Gravity", False)))

    found = flagged("chapter-topic", "The pull is gravity and it is strong [00:01:00].", sources={"": source})

    assert found == []


@pytest.mark.parametrize(("has_transcript", "expected"), [(False, ["[00:01:00]"]), (True, [])])
def test_chapter_topic_leaves_it_to_the_transcript_if_there_is_one(has_transcript, expected):
    source = Source(((0, "Old storms", False), (300, "Gravity", False)), has_transcript=has_transcript)

    found = flagged("chapter-topic", "The pull is gravity and it is strong [00:01:00].", sources={"": source})

    assert found == expected


def test_chapters_like_a_claim_are_in_order_of_the_words_they_share():
    chapters = ((0, "Old storms", False), (300, "Gravity", False), (600, "Gravity of the Moon", False))
    titles = Titles(Source(((900, "Sponsor: Moon Gravity Beds", True), *chapters)), is_english=True)

    found = titles.like("The gravity of the Moon is weaker.")

    assert [(chapter.start_seconds, words) for chapter, words in found] == [
        (600, ["gravity", "Moon"]),
        (300, ["gravity"]),
    ]
    assert titles.like("Nothing in common.") == []


def test_chapter_topic_compares_longer_words_in_other_languages():
    source = Source(((0, "Stürme und Vorhersagen", False), (300, "Gezeitenkraft", False)))
    body = "Gezeitenkräfte wirken stets [00:01:00]. Stürmische See hebt Schiffe [00:02:00]."

    found = flags_of("chapter-topic", body, sources={"": source}, title="Ebbe")

    assert [flag.claim for flag in found] == ["Gezeitenkräfte wirken stets."]


def received(path, episode):
    article = read(path.read_bytes(), path.stem)
    assert isinstance(article, ArticleFile)
    described = json.loads(episode.read_text())
    described = described[0] if isinstance(described, list) else described
    chapters = tuple((parse_timestamp(at), title, title.startswith("Sponsor")) for at, title in described["chapters"])
    sections = [(section.level, section.heading, section.body) for section in article.sections]
    sources = {"": Source(chapters)}
    return make_text(
        article.lead, *sections, sources=sources, title=article.title, duration_seconds=described["duration_seconds"]
    )


def test_the_shipped_article_has_one_moment_in_a_chapter_about_something_else():
    text = received(PROJECT / "content" / "ketamine.md", PROJECT / "content" / "episodes.json")

    found = [(flag.code, flag.text) for flag in find_issues(text)]

    assert found == [("chapter-topic", "[00:09:01]")]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the imported article is not available")
def test_the_imported_article_has_one_wrong_chapter_and_one_doubled_phrase():
    text = received(SHARED / "seed" / "ketamine.txt", SHARED / "episode.json")

    found = [(flag.code, flag.text, flag.repair is not None) for flag in find_issues(text)]

    assert found == [
        ("chapter-topic", "[00:09:01]", False),
        ("doubled-phrase", "when combined with other substances like alcohol", True),
    ]
