"""What readers see of wiki links where Markdown is shown as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.markdown import hidden_spans, links_with_targets, plain_heading, visible_links


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("No link.", "No link."),
        ("See [[tides|the tides]] there.", "See the tides there."),
        ("See [[tides]] there.", "See tides there."),
        ("See [[ tides | the tides ]] there.", "See the tides there."),
        ("[[a|x]][[b|y]]", "xy"),
        ("[[tides#spring|springs]]", "springs"),
        ("[[tides|]]", "tides"),
        ("[[tides|high [00:06:31]]] and", "high [00:06:31] and"),
        ("[[tides|the *tides*]] [00:06:31]", "the *tides* [00:06:31]"),
        ("Escaped \\[[tides|x]]", "Escaped \\[[tides|x]]"),
        ("Code `[[tides|x]]` and [[tides|y]]", "Code `[[tides|x]]` and y"),
        ("[a](http://b.example) [x]", "[a](http://b.example) [x]"),
        ("[[open", "[[open"),
    ],
)
def test_a_link_is_shown_as_readers_see_it(text, shown):
    assert visible_links(text) == shown


def test_the_target_is_named_on_request():
    assert links_with_targets("See [[tides|it]].") == "See it (tides)."


@given(st.text(alphabet="ab[]| \n`\\|", max_size=40))
def test_only_characters_of_links_are_left_out(text):
    spans = hidden_spans(text)

    assert spans == sorted(spans)
    assert "".join(text[start:end] for start, end in spans).strip("[]| ab\\") == ""
    assert visible_links(text) == visible_links(visible_links(text)) or "[[" in visible_links(text)


@given(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.from_regex(r"[a-z]{1,8}( [a-z]{1,8})?", fullmatch=True))
def test_it_agrees_with_the_renderer(slug, label):
    assert visible_links(f"A [[{slug}|{label}]] b") == plain_heading(f"A [[{slug}|{label}]] b") == f"A {label} b"
