"""A time that is the label of a link cites nothing unless the recording plays there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.lint import find_issues
from articles.core.markdown import render
from articles.core.timestamps import find_marks
from tests.core.markdown.contexts import html_of, make_context
from tests.support.samples.lint import make_text


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
