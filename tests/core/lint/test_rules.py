"""The checks that need no transcript: what each flags and where, its repair, and what it doesn't flag."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.core.formats import ArticleFile, read
from articles.core.lint import RULES, Source, doses, find_issues
from articles.core.lint.chapter_titles import Titles
from articles.core.timestamps import parse_timestamp
from tests.core.markdown.test_render import MARKDOWN_LIKE
from tests.support.paths import PROJECT, SHARED
from tests.support.samples.lint import TALK, make_text


def flags_of(code, *args, **kwargs):
    text = make_text(*args, **kwargs)
    return [flag for flag in find_issues(text) if flag.code == code]


def flagged(code, *args, **kwargs):
    """Return the texts that a check flags."""
    return [flag.text for flag in flags_of(code, *args, **kwargs)]


def repaired(body, **kwargs):
    """Return the body after all repairs, applied from the last to the first."""
    for flag in reversed(find_issues(make_text(body, **kwargs))):
        if flag.repair:
            start, written = flag.repair.offset, flag.repair.written
            assert body[start : start + len(written)] == written
            body = body[:start] + flag.repair.replacement + body[start + len(written) :]
    return body


def details(flag):
    return flag.code, flag.part, flag.field, flag.offset, flag.length, flag.line, flag.column, flag.text, flag.claim


# The registry


def test_every_check_has_its_own_code_and_an_explanation():
    codes = [check.code for check in RULES]

    assert len(set(codes)) == len(codes)
    assert all(check.title and check.explanation.endswith(".") and check.weight in (1, 2, 3) for check in RULES)


def test_every_check_is_documented():
    lines = (PROJECT / "docs" / "checks.md").read_text().splitlines()
    rows = [line.split(" | ") for line in lines if line.startswith("| `")]
    documented = {row[0].split("`")[1]: row[-1].rstrip(" |") for row in rows if len(row) == 5}

    registered = {check.code: str(check.weight) for check in RULES}

    assert documented == registered


def test_find_issues_returns_issues_in_text_order():
    text = make_text("It is 20 % [99:00:00].", (3, "Ebb", "It always always turns. [00:01:00]"), (1, "Flow", ""))

    found = [(flag.part, flag.field, flag.offset, flag.code) for flag in find_issues(text)]

    assert found == [
        (0, "body", 6, "uncited-dose"),
        (0, "body", 11, "past-end"),
        (1, "heading", 0, "skipped-level"),
        (1, "body", 3, "absolute-words"),
        (1, "body", 10, "absolute-words"),
        (1, "body", 24, "after-full-stop"),
        (2, "heading", 0, "empty-section"),
    ]


def test_find_issues_skips_checks_that_are_off():
    text = make_text("It always turns [99:00:00].")

    found = [flag.code for flag in find_issues(text, off=("past-end", "no-such-check"))]

    assert found == ["absolute-words"]


# Subjects, which identify dismissals


def test_a_subject_survives_moving_the_text_but_not_changing_it():
    (here,) = flags_of("absolute-words", "It always turns.")
    (moved,) = flags_of("absolute-words", "New.", "Other text.\n\nIt  always\nturns.")
    (changed,) = flags_of("absolute-words", "It always turns twice.")

    assert here.subject == moved.subject
    assert here.subject != changed.subject
    assert len(here.subject) == 64


# Marks


def test_past_end_offers_the_reading_one_field_lower():
    (flag,) = find_issues(make_text("One.\nThe tide turns [07:54:00]."))

    assert details(flag) == ("past-end", 0, "body", 20, 10, 2, 16, "[07:54:00]", "One. The tide turns."[5:])
    assert (flag.repair.written, flag.repair.replacement) == ("[07:54:00]", "[00:07:54]")
    assert flag.repair.label == "Change to [00:07:54]"


def test_past_end_without_another_reading_has_no_repair():
    (flag,) = find_issues(make_text("The tide turns [07:54:12]."))

    assert (flag.code, flag.repair) == ("past-end", None)


@pytest.mark.parametrize(
    ("code", "body", "text"),
    [
        ("malformed", "The tide turns [00:75:12].", "[00:75:12]"),
        ("unknown-source", "The tide turns [e9 00:05:12].", "[e9 00:05:12]"),
    ],
)
def test_marks_that_cite_nothing_are_flagged(code, body, text):
    (flag,) = find_issues(make_text(body))

    assert (flag.code, flag.text, flag.column) == (code, text, 16)


def test_a_malformed_mark_is_repaired_if_its_meaning_is_clear():
    after = repaired("The tide turns [00:05:12; 00:06:00].")

    assert after == "The tide turns [00:05:12, 00:06:00]."


def test_no_episode_is_flagged_if_there_is_nothing_to_cite():
    found = flagged("no-episode", "The tide turns [00:05:12].", sources={})

    assert found == ["[00:05:12]"]


def test_marks_in_headings_are_flagged_in_the_heading():
    (flag,) = find_issues(make_text("", (1, "Ebb [99:00:00]", "Text.")))

    assert (flag.code, flag.part, flag.field, flag.offset, flag.claim) == (
        "past-end",
        1,
        "heading",
        4,
        "Ebb [99:00:00]",
    )


def test_same_moment_flags_the_second_claim_of_a_section():
    body = "The moon pulls [00:06:00]. Tides rise [00:06:00]. Tides  rise [00:06:00]. Boats [00:06:01]."

    (flag,) = flags_of("same-moment", body, "Tides fall [00:06:00].")

    assert details(flag) == ("same-moment", 0, "body", 38, 10, 1, 39, "[00:06:00]", "Tides rise.")
    assert flag.message == (
        "06:00 is also cited in this section for “The moon pulls.”. "
        "Two claims are seldom made in the same second: listen, and give each its own timestamp."
    )


def test_one_moment_of_a_mark_of_several_is_flagged_by_itself():
    (flag,) = flags_of("sponsor", "The moon pulls [00:06:00, 00:02:30].")

    assert (flag.offset, flag.text) == (26, "00:02:30")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Tides rise. [00:06:00]", "Tides rise [00:06:00]."),
        ("Tides rise. [00:06:00] Boats too.", "Tides rise [00:06:00]. Boats too."),
        ("Tides rise.[00:06:00][00:07:00] Boats.", "Tides rise [00:06:00][00:07:00]. Boats."),
        ("Tides *rise*! [00:06:00]", "Tides *rise* [00:06:00]!"),
        ("**Tides rise.** [00:06:00]", "**Tides rise** [00:06:00]."),
        ("“Tides rise.” [00:06:00]", "“Tides rise” [00:06:00]."),
        ("Do tides rise … [00:06:00]", "Do tides rise [00:06:00]…"),
        ("潮が満ちる。[00:06:00]", "潮が満ちる[00:06:00]。"),
    ],
)
def test_a_citation_after_the_full_stop_is_moved_before_it(before, after):
    written = repaired(before)

    assert written == after


@pytest.mark.parametrize(
    "body",
    [
        "Tides rise [00:06:00].",
        "Tides rise approx. [00:06:00] by a metre.",
        "Tides by J. [00:06:00] Smith.",
        "“Do tides rise?” [00:06:00]",
        "[00:06:00] Tides rise.",
        "Tides rise.\n\n[00:06:00]",
        "- First.\n- [00:06:00] Second",
    ],
)
def test_correctly_placed_citations_are_not_flagged(body):
    found = flagged("after-full-stop", body)

    assert found == []


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5 mg/kg of salt", ["0.5 mg/kg"]),
        ("from 50 to 100 mg a day", ["50 to 100 mg"]),
        ("20–30 % of boats, 5% of ships", ["20–30 %", "5%"]),
        ("ten percent, 10 per cent, 12.5 percentage points", ["ten percent", "10 per cent", "12.5 percentage points"]),
        ("a 50-mg pill, 400mcg, 1,000 IU, 3 units of insulin", ["50-mg", "400mcg", "1,000 IU", "3 units of insulin"]),
        ("5G masts, 100 kg, 3 units, 4 grammar books, 20 m, percent", []),
    ],
)
def test_doses_and_percentages_are_found(text, expected):
    found = [text[first:last] for first, last in doses(text)]

    assert found == expected


def test_uncited_dose_flags_a_sentence_once():
    body = "Salt is 3.5 % of the sea [01:31:01]. Of **20 mg** a tenth, 2 mg or 10 %, is lost."

    (flag,) = find_issues(make_text(body))

    sentence = "Of 20 mg a tenth, 2 mg or 10 %, is lost."
    assert details(flag) == ("uncited-dose", 0, "body", 42, 5, 1, 43, "20 mg", sentence)
    assert flag.message == (
        "“20 mg” and “2 mg” and “10 %” are in a sentence without a citation. "
        "Readers may act on numbers: cite the timestamp where they are said, or remove them."
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Salt cures colds.", ["cures"]),
        ("It is a *proven* remedy, guaranteed.", ["proven", "guaranteed"]),
        ("Clinically proven: it has cured many and never fails.", ["proven", "cured", "never"]),
        ("It works in 100 % of cases without any side effects.", ["100 % of", "without any side effects"]),
        ("It is completely safe.", ["completely safe"]),
        ("Not only cures it colds.", ["cures"]),
    ],
)
def test_absolute_words_are_flagged(body, expected):
    found = flagged("absolute-words", body)

    assert found == expected


@pytest.mark.parametrize(
    "body",
    [
        "Salt does not always help, and nothing cures colds.",
        "It isn’t proven, nor is it always so; it almost never fails.",
        'He calls it a “miracle” that "always works".',
        "The book Never Again by the band The Cure.",
        "Always ask a doctor; one should never mix them, and has never done so.",
        "A never-ending story with a return of 100 %.",
        "It is unproven.",
    ],
)
def test_negated_quoted_and_advisory_absolute_words_and_names_are_not_flagged(body):
    found = flagged("absolute-words", body)

    assert found == []


# Structure


def test_empty_section_flags_a_heading_above_nothing():
    sections = [
        (1, "Ebb", ""),
        (2, "Neap", "\n\n"),
        (1, "Flow", "Text."),
        (1, "Boats", "![A boat](/media/uploads/a.webp)"),
    ]

    (flag,) = find_issues(make_text("", *sections))

    assert details(flag) == ("empty-section", 2, "heading", 0, 4, 1, 1, "Neap", "")
    assert flag.message == ("The section “Neap” has no text and no subsections. Write its text, or delete the heading.")


DEEPER = "The section “Neap” is at level 3, but the previous one is at level 1: change it to level 2."


def test_skipped_level_flags_the_first_heading_that_is_too_deep():
    sections = [(2, "Ebb", "a"), (1, "Flow", "a"), (3, "Neap", "a"), (3, "Spring", "a"), (1, "Boats", "a")]

    found = [(flag.text, flag.message) for flag in find_issues(make_text("", *sections))]

    assert found == [
        ("Ebb", "The first section, “Ebb”, is at level 2: change it to level 1."),
        ("Neap", DEEPER),
    ]


# Any text

LIKE_TEXT = MARKDOWN_LIKE | st.lists(
    st.sampled_from(
        [
            "tide",
            "Tide",
            "the",
            "the",
            "always",
            "never",
            "cures",
            "20",
            "%",
            "mg",
            "[00:06:00]",
            "[00:02:30,00:06:00]",
            "[e9",
            "00:01:00]",
            ".",
            "!",
            "“",
            "”",
            '"',
            "|",
            "\n",
        ]
    )
).map(" ".join)


@given(LIKE_TEXT, LIKE_TEXT, LIKE_TEXT, st.integers(1, 5))
@example("[00:06:00]. [00:06:00]", "a.[00:06:00,00:06:00]\n[00:06:00]", "", 1)
def test_find_issues_never_raises_and_its_offsets_and_repairs_match_the_text(lead, heading, body, level):
    text = make_text(lead, (level, heading, body))

    found = find_issues(text)

    for flag in found:
        part = text.parts[flag.part]
        written = part.heading if flag.field == "heading" else part.body
        assert 0 <= flag.offset <= flag.offset + flag.length <= len(written)
        assert written.count("\n", 0, flag.offset) + 1 == flag.line
        assert len(flag.subject) == 64
        if flag.repair:
            assert written.startswith(flag.repair.written, flag.repair.offset)
            assert flag.repair.replacement != flag.repair.written


def test_missing_alt_flags_images_that_say_nothing():
    body = "![](/a.webp)\n\n![  ][b]\n\n![A map](/c.webp)\n\n`![](/d.webp)` \\![](/e.webp) ![Decorative](/f.webp)\n\n[b]: /b.webp"

    assert flagged("missing-alt", body) == ["![]", "![  ]"]
