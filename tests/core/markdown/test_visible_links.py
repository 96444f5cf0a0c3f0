"""What readers see of wiki links where Markdown is shown as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.markdown import hidden_spans, links_with_targets, plain_heading, visible_links
from tests.support.samples.lint import make_text


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
        ("See [[tides|the\ntides]] there.", "See the\ntides there."),
        ("> See [[tides|the\n> tides]].", "> See the\n> tides."),
        ("[[tides|a `code` b]]", "a `code` b"),
        ("`a [[tides|b` c]]", "`a [[tides|b` c]]"),
        ("[[tides|a\n\nb]]", "[[tides|a\n\nb]]"),
        ("[a](http://b.example) [x]", "[a](http://b.example) [x]"),
        ("[[open", "[[open"),
    ],
)
def test_a_link_is_shown_as_readers_see_it(text, shown):
    assert visible_links(text) == shown


def test_the_target_is_named_on_request():
    assert links_with_targets("See [[tides|it]], [[moon]].") == "See it (tides), moon."
    assert links_with_targets("Write `[[tides|it]]` or \\[[moon]].") == "Write `[[tides|it]]` or \\[[moon]]."


@given(st.text(alphabet="ab[]| \n`\\|", max_size=40))
def test_only_characters_of_links_are_left_out(text):
    spans = hidden_spans(text)

    assert spans == sorted(spans)
    assert "".join(text[start:end] for start, end in spans).strip("[]| ab\\") == ""
    assert visible_links(text) == visible_links(visible_links(text)) or "[[" in visible_links(text)


@given(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.from_regex(r"[a-z]{1,8}( [a-z]{1,8})?", fullmatch=True))
def test_it_agrees_with_the_renderer(slug, label):
    assert visible_links(f"A [[{slug}|{label}]] b") == plain_heading(f"A [[{slug}|{label}]] b") == f"A {label} b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See [[tides|the\ntides]] there.", "See the tides there."),
        ("See [[tides|the\r\n  high tides]].", "See the high tides."),
        ("> See [[tides|the\n> tides]].", "See the tides."),
        ("See [[tides|a `code` b]].", "See a code b."),
        ("See [[tides|`a|b`\nand [00:06:31] c]].", "See a|b and c."),
        ("`a [[tides|b` c]] d", "a [[tides|b c]] d"),
        ("```\n[[tides|a\nb]]\n```", "[[tides|a\nb]]"),
        ("- a [[tides|x\n- y]]", "a [[tides|x\ny]]"),
        ("a [[tides|x\n\ny]]", "a [[tides|x\ny]]"),
    ],
)
def test_a_label_may_contain_a_line_break_and_code(text, shown):
    (part,) = make_text(text).parts

    assert part.rendered.plain_text == shown
    assert ("[[" in part.rendered.html) == ("[[" in shown)


def test_a_line_break_in_a_label_moves_no_sentence():
    body = "See [[tides|the\ntides]].\n\nThey rise [00:06:31]. They fall."
    sentences = make_text(body).parts[0].sentences

    assert [body[sentence.place.start : sentence.place.end] for sentence in sentences[1:]] == [
        "They rise [00:06:31]",
        "They fall",
    ]
