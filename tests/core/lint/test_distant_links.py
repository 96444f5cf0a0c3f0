"""Timestamps with a link's label: page, lint rules and import agree on whether they are links or citations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.formats import read
from articles.core.lint import Source, find_issues
from tests.support.samples.lint import make_text

ELSEWHERE = "https://other.example/talk"
OWN = {"": Source((), "https://tape.example/")}
LABELLED = ["[x]", "[X]", "[]", ""]
TIMES = ["06:31", "00:06:31", "00:06:31-00:07:00"]
DEFINED = [None, "[x]: {}", "[x]: <{}>", "[{time}]: {}"]


def cited(part):
    return [citation.offset for citation in part.rendered.citations]


def texts(time, label, own, other):
    """Return the bodies of two parts: the first has the time, and both may define the label."""
    definitions = [line.format(ELSEWHERE, time=time) if line else "" for line in (own, other)]
    return f"It rises [{time}]{label} here.\n\n{definitions[0]}", f"Words.\n\n{definitions[1]}"


@given(*map(st.sampled_from, (TIMES, LABELLED, DEFINED, DEFINED)))
def test_what_is_flagged_as_a_link_is_no_citation_and_the_reverse(time, label, own, other):
    text = make_text(*texts(time, label, own, other))
    at = text.parts[0].body.index("[")

    issues = [issue for issue in find_issues(text) if (issue.part, issue.offset) == (0, at)]

    is_cited = at in cited(text.parts[0])
    said = [str(issue.message) for issue in issues if issue.code == "unread-citation"]
    assert not any("isn’t a citation" in message for message in said) or not is_cited
    assert not any("readers see a citation" in message for message in said) or is_cited
    is_link = label.lower() == "[x]" and bool(own or other) and "x" in f"{own} {other}"
    assert is_cited or is_link


@given(*map(st.sampled_from, (TIMES, LABELLED, DEFINED, DEFINED)))
def test_an_imported_text_cites_what_no_definition_makes_a_link(time, label, own, other):
    first, second = texts(time, label, own, other)
    article = read(f"# Tides\n\n{first}\n\n## Two\n\n{second}\n".encode(), "tides.md")
    text = make_text(article.lead, *(section.body for section in article.sections))
    at = text.parts[0].body.index("[")

    is_link = label.lower() == "[x]" and "[x]" in f"{own} {other}"

    assert (at in cited(text.parts[0])) is not is_link


@pytest.mark.parametrize("time", TIMES)
def test_a_distant_label_is_flagged_with_the_link_that_was_meant(time):
    first, second = texts(time, "[x]", None, "[x]: {}")

    [issue] = [issue for issue in find_issues(make_text(first, second)) if issue.code == "unread-citation"]

    assert issue.text == f"[{time}][x]"
    assert f"so readers see a citation. If it is meant as a link, write [{time}]({ELSEWHERE});" in issue.message
    linked = make_text(f"It rises [{time}]({ELSEWHERE}) here.", second)
    assert cited(linked.parts[0]) == []


def test_code_has_no_labels():
    text = make_text("Write `[00:06:31][x]`.", f"Words.\n\n[x]: {ELSEWHERE}")

    assert [issue for issue in find_issues(text) if issue.code == "unread-citation"] == []


def test_a_label_of_the_texts_own_recording_stays_a_citation():
    text = make_text("It rises [00:06:31][x].", "Words.\n\n[x]: https://tape.example/?t=391", sources=OWN)

    [issue] = [issue for issue in find_issues(text) if issue.code.startswith("unread")]

    assert (issue.code, issue.repair.replacement) == ("unread-citation", "[00:06:31]")
