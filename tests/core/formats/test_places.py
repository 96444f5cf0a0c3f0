"""Where in a file an offset of its text is."""

from hypothesis import given
from hypothesis import strategies as st

from articles.core.formats import place_of


@given(st.text(alphabet="a\n", max_size=40), st.data())
def test_a_place_is_counted_from_the_last_one_recorded_before_it(text, data):
    offsets = st.integers(0, len(text))
    places = [(offset, 10 + offset, 5) for offset in sorted(data.draw(st.sets(offsets, max_size=4)))]
    offset = data.draw(offsets)

    before = [place for place in places if place[0] <= offset]
    line, column = 1, 1
    if before:
        start, line, column = before[-1]
        for character in text[start:offset]:
            line, column = (line + 1, 1) if character == "\n" else (line, column + 1)
    assert place_of(places, text, offset) == (line, column)
