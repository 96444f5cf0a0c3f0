"""How the mark of a citation reads once another time is set in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.admin.evidence.mark_edits import retimed, settable
from articles.core.timestamps import format_timestamp


@pytest.mark.parametrize(
    ("mark", "index", "expected"),
    [
        ("[00:06:31]", 0, ("[{start}]", None)),
        ("[00:06:40, 00:09:01]", 1, ("[00:06:40, {start}]", None)),
        ("[e2 00:06:31-00:07:10]", 0, ("[e2 {start}-{end}]", 39)),
    ],
)
def test_the_place_of_the_moment_stays_free(mark, index, expected):
    assert settable(mark, index) == expected


@given(first=st.integers(0, 9000), span=st.integers(1, 600), second=st.integers(0, 90_000), index=st.integers(0, 1))
def test_filling_it_writes_what_a_suggestion_does(first, span, second, index):
    mark = f"[{format_timestamp(first)}-{format_timestamp(first + span)}, {format_timestamp(first + 5)}]"

    template, length = settable(mark, index)

    filled = template.replace("{start}", format_timestamp(second))
    assert filled.replace("{end}", format_timestamp(second + (length or 0))) == retimed(mark, index, second)
