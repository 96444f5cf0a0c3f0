"""The checks that need no transcript: what each flags and where, its repair, and what it doesn't flag."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.core.lint import RULES, find_issues
from articles.core.lint.rules.wording import doses, percentages
from tests.core.lint.flagging import details, flagged, flags_of, repaired
from tests.core.markdown.contexts import MARKDOWN_LIKE
from tests.support.paths import PROJECT
from tests.support.samples.lint import make_text

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
    found = [text[first:last] for first, last in [*doses(text), *percentages(text)]]

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
