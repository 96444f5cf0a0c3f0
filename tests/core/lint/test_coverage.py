"""Coverage, its exemptions and its verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.lint.coverage import (
    CONCLUSION_REASON,
    LEAD_REASON,
    Coverage,
    is_about_safety,
    measure,
    usual_exemptions,
    verdict,
)
from tests.core.markdown.contexts import MARKDOWN_LIKE
from tests.support.samples.lint import make_text

LEAD = "Tides turn twice a day."
EBB = "The moon pulls [00:06:00]. The sun pulls *too*.\n\nSalt at 20 mg is a risk. Boats wait."
FLOW = "| Port | Rise |\n|-|-|\n| Brest | 6 m [00:07:00] |\n| Cadiz | 3 m |\n\n```\nNo sentence.\n```"


def test_measure_weighs_the_sentences_of_all_parts():
    text = make_text(LEAD, EBB, FLOW, (1, "Empty", ""))

    coverage = measure(text, is_about_health=False)

    assert coverage == Coverage(weight=9, cited_weight=2, uncited=5, uncited_about_safety=1)
    assert coverage.share == pytest.approx(2 / 9)


def test_measure_weighs_cited_sentences_about_safety_too():
    text = make_text("", "Salt at 20 mg is a risk [00:06:00]. Boats wait.")

    coverage = measure(text, is_about_health=False)

    assert coverage == Coverage(weight=4, cited_weight=3, uncited=1, uncited_about_safety=0)


def test_measure_leaves_out_exempt_parts():
    text = make_text(LEAD, EBB)

    coverage = measure(text, {0}, is_about_health=False)

    assert coverage == Coverage(weight=6, cited_weight=1, uncited=3, uncited_about_safety=1)


def test_a_text_without_sentences_is_fully_covered():
    coverage = measure(make_text(), is_about_health=False)

    assert (coverage.share, coverage.uncited) == (1.0, 0)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Conclusion", {0: LEAD_REASON, 2: CONCLUSION_REASON}),
        ("Summary and Outlook", {0: LEAD_REASON, 2: CONCLUSION_REASON}),
        ("Final thoughts", {0: LEAD_REASON, 2: CONCLUSION_REASON}),
        ("Fazit", {0: LEAD_REASON, 2: CONCLUSION_REASON}),
        ("Tides", {0: LEAD_REASON}),
    ],
)
def test_the_lead_and_a_final_conclusion_are_usually_exempt(heading, expected):
    text = make_text("", (1, "Conclusion", "First."), (1, heading, "Last."))

    exempt = usual_exemptions(text)

    assert exempt == expected


@pytest.mark.parametrize(
    ("text", "everywhere", "about_health"),
    [
        ("The dose was doubled.", True, True),
        ("It takes 0.5 mg/kg.", True, True),
        ("A fifth, 20 %, sank.", False, True),
        ("It raises the risk.", False, True),
        ("Side effects are rare.", True, True),
        ("It is contraindicated in pregnancy.", True, True),
        ("Suicidality fell.", True, True),
        ("Overdoses happen.", True, True),
        ("It was combined with alcohol.", False, True),
        ("Wages bleed into prices at the bleeding edge.", False, True),
        ("Visit customers, because direct interaction beats a prescriptive roadmap.", False, True),
        ("The harmony of the tides is interactive.", False, False),
        ("The deadline, and what depends on it, is a hospitable one.", False, False),
        ("Tides turn twice a day.", False, False),
    ],
)
def test_safety_sentences_are_recognised(text, everywhere, about_health):
    found = [is_about_safety(text, is_about_health=is_about_health) for is_about_health in (False, True)]

    assert found == [everywhere, about_health]


@pytest.mark.parametrize(
    ("policy", "target", "is_met", "is_blocking"),
    [
        ("off", 0.9, True, False),
        ("warn", 0.9, False, False),
        ("block", 0.9, False, True),
        ("block", 1 / 6, True, False),
        ("warn", 0.0, True, False),
    ],
)
def test_the_verdict_depends_on_the_policy(policy, target, is_met, is_blocking):
    coverage = measure(make_text("", EBB), is_about_health=False)

    found = verdict(coverage, target, policy)

    assert (found.is_met, found.is_blocking, bool(found.message)) == (is_met, is_blocking, not is_met)


@pytest.mark.parametrize(
    ("body", "policy", "message"),
    [
        (
            EBB,
            "block",
            (
                "16 % of the text is cited (target 50 %): 3 sentences are uncited, including 1 about safety, "
                "which counts 3 times. Add citations before you submit."
            ),
        ),
        (
            "Boats wait.",
            "warn",
            "0 % of the text is cited (target 50 %): 1 sentence is uncited. You can still submit.",
        ),
    ],
)
def test_the_verdict_says_what_is_missing_and_what_to_do(body, policy, message):
    coverage = measure(make_text("", body), is_about_health=False)

    found = verdict(coverage, 0.5, policy)

    assert found.message == message


@given(st.lists(MARKDOWN_LIKE, max_size=3), st.sampled_from(["off", "warn", "block"]))
def test_measure_never_raises_and_counts_every_sentence(bodies, policy):
    text = make_text(*bodies)

    coverage = measure(text, is_about_health=False)

    sentences = sum(part.rendered.sentence_count for part in text.parts)
    assert coverage.uncited == sentences - sum(part.rendered.cited_sentence_count for part in text.parts)
    assert sentences <= coverage.weight
    assert 0 <= coverage.share <= 1
    assert verdict(coverage, coverage.share, policy).is_met
