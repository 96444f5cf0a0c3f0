"""A time that is the label of a link cites nothing unless the recording plays there."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.lint import find_issues
from articles.core.markdown import render
from articles.core.timestamps import find_marks
from tests.core.markdown.contexts import html_of, make_context
from tests.support.samples.lint import TALK, make_text


def cited(text):
    return [citation.start_seconds for citation in render(text, make_context()).citations]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("[10:30](/timetable/)", "/timetable/"),
        ("[3:16](/bible/john/ 'John')", "/bible/john/"),
        ("[3:16](</bible/john/>)", "/bible/john/"),
        ("[10:30]( https://trains.example/ )", "https://trains.example/"),
        ("[10:30](/time_(unit))", "/time_(unit)"),
        ("[06:31](mailto:a@b.example)", "mailto:a@b.example"),
    ],
)
def test_a_time_that_links_to_a_page_or_person_is_a_link(written, address):
    text = f"The bus leaves at {written} sharp."

    assert cited(text) == []
    assert f'href="{address}"' in html_of(text)
    assert [issue for issue in find_issues(make_text(text)) if "citation" in issue.code] == []


@pytest.mark.parametrize("address", ["tables/x.html", "tables/", "../tables/winter", "x.html#monday", "tel:123"])
def test_a_time_that_links_beside_the_text_is_not_a_citation(address):
    assert cited(f"The bus leaves at [10:30]({address}).") == []


@pytest.mark.parametrize(
    "after",
    [" (see the map/chart)", "(see the map/chart)", "(sic)", "(e.g.)", "(3/4)", "(#t=391)", "(#)", "()", "(?t=391)",
     "(talk.mp3#t=391)", "(/watch?v=abcdefghijk&t=391)", "(https://tape.example/?v=1&t=391s)"],
)  # fmt: skip
def test_a_time_before_other_brackets_or_a_moment_is_a_citation(after):
    assert cited(f"The tide turns [06:31]{after}.") == [391]


@given(st.text("ab0/.#?=:()<> \"'t", max_size=20))
def test_an_address_counts_only_as_a_link(inside):
    (mark,) = find_marks(f"[06:31]({inside})")

    assert mark.address in inside
    assert not mark.address or cited(f"[06:31]({inside})") == []


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9 -]{0,9}", fullmatch=True), st.text("ab0/.#?=:", min_size=1, max_size=20))
def test_a_reference_says_the_same_as_a_link(label, address):
    (inline, *_), (reference, *_) = (
        find_marks(f"[06:31]({address})"),
        find_marks(f"[06:31][{label}]\n\n[{label}]: {address}"),
    )

    assert reference.address == inline.address


@pytest.mark.parametrize("label", ["y", "Y ", "the  bus"])
@pytest.mark.parametrize("address", ["https://youtu.be/zzzzzzzzzzz?t=391", "https://trains.example/", "/timetable/"])
def test_a_time_with_a_reference_to_another_place_is_a_link(label, address):
    text = f"The bus leaves at [10:30][{label}] sharp.\n\n[y]: {address}\n\n[the bus]: {address}"

    assert cited(text) == []
    assert f'<a href="{address}"' in html_of(text)
    assert "10:30</a> sharp." in html_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "It turns [06:31][07:10].\n\n[07:10]: https://trains.example/",
        "It turns [06:31][y].",
        "It turns [06:31][y].\n\n[^y]: https://trains.example/",
        "It turns [06:31] [y].\n\n[y]: https://trains.example/",
        "It turns [06:31][y].\n\n[y]: https://tape.example/?v=1&t=391s",
    ],
)
def test_a_time_before_other_square_brackets_is_a_citation(text):
    assert cited(text)[0] == 391


@pytest.mark.parametrize(
    ("address", "replacement"),
    [
        ("https://talks.example/tides.mp3#t=391", "[00:06:31]"),
        ("https://talks.example/tides.mp3#t=400", "[00:06:40]"),
        ("https://youtu.be/zzzzzzzzzzz?t=391", None),
    ],
)
@pytest.mark.parametrize("sections", [(), ("It falls.",)])
def test_a_reference_is_flagged_as_a_link_is(address, replacement, sections):
    talk = dataclasses.replace(TALK, address="https://talks.example/tides.mp3")
    definition = f"[y]: {address}"
    sections = [f"{body}\n\n{definition}" for body in sections]
    body = "The tide turns [06:31][y] often." + ("" if sections else f"\n\n{definition}")
    issues = find_issues(make_text(body, *sections, sources={"e1": talk}))

    (issue,) = [issue for issue in issues if issue.code == "unread-citation"]
    assert issue.text == "[06:31][y]"
    assert (issue.repair and issue.repair.replacement) == replacement
