import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core import markdown, outline
from articles.core.language.sentences import count_words
from articles.core.markdown import Context
from tests.core.markdown.contexts import MARKDOWN_LIKE, WORDS, Tape

EBB = "p-82744c"  # blake2b of “Ebb at noon.”, three bytes
ID = re.compile(r' id="([^"]+)"')
PARAGRAPH = re.compile(r'<p id="([^"]+)">(.*?)<a class="anchor"', re.DOTALL)


def render(text, *, label="Link to this paragraph", **kwargs):
    context = Context({"": Tape()}, lambda slug: None, has_notes=False, paragraph_label=label, **kwargs)
    return markdown.render(text, context)


def anchors(text, **kwargs):
    """Return the ids of the paragraphs by their HTML."""
    return {html: anchor for anchor, html in PARAGRAPH.findall(render(text, **kwargs).html)}


def test_a_paragraph_has_a_link_to_itself():
    html = render("Ebb at noon.", label="Zu <diesem> Absatz").html

    assert html == (
        f'<p id="{EBB}">Ebb at noon.<a class="anchor" href="#{EBB}" aria-label="Zu &lt;diesem&gt; Absatz">¶</a></p>\n'
    )


def test_paragraphs_have_no_link_without_a_label():
    html = render("Ebb at noon.", label="").html

    assert html == "<p>Ebb at noon.</p>\n"


def test_the_link_is_not_part_of_the_text():
    with_links = render("Ebb at noon [00:01:00]. Flow.\n\nEbb [00:02:00].")
    without = render("Ebb at noon [00:01:00]. Flow.\n\nEbb [00:02:00].", label="")

    assert with_links.plain_text == "Ebb at noon. Flow.\nEbb."
    assert with_links.html.count("¶") == 2
    assert (with_links.plain_text, with_links.citations, with_links.sentences) == (
        without.plain_text,
        without.citations,
        without.sentences,
    )


@pytest.mark.parametrize(
    "text",
    [
        "- Ebb at noon.\n\n- Flow.",
        "> Ebb at noon.",
        "> [!info] Ebb\n> At noon.",
        "# Ebb at noon",
        "| Ebb | Flow |\n|-|-|\n| noon | night |",
        "```\nEbb\n```",
        "[00:01:00]",
    ],
)
def test_nested_paragraphs_and_other_blocks_have_no_link(text):
    assert "¶" not in render(text).html


def test_a_paragraph_with_a_footnote_has_a_link_but_the_footnote_has_none():
    html = render("Ebb[^1].\n\n[^1]: At noon.\n\n    And at night.").html

    assert [words for _, words in PARAGRAPH.findall(html)] == [
        'Ebb<sup class="footnote-ref"><a id="fnref-1" href="#fn-1">1</a></sup>.'
    ]


def test_an_id_survives_changes_to_marks_links_and_markup():
    before = render("*Ebb* at [[noon]] [00:01:00].").html
    after = render("Ebb at **noon** [00:03:00-00:04:00].").html

    assert re.findall(r'<p id="([^"]+)', before) == re.findall(r'<p id="([^"]+)', after) == [EBB]


def test_equal_paragraphs_are_numbered_across_a_page():
    used = {}

    html = render("Ebb at noon.\n\nEbb at noon.", used_ids=used).html + render("Ebb at noon.", used_ids=used).html

    assert re.findall(r'<p id="([^"]+)', html) == [EBB, f"{EBB}-2", f"{EBB}-3"]


def test_headings_never_get_the_id_of_a_paragraph():
    assert outline.make_anchors(["P 82744c", "P 82744c 2", "P values"]) == [
        "section-p-82744c",
        "section-p-82744c-2",
        "p-values",
    ]


@given(st.one_of(MARKDOWN_LIKE, st.lists(WORDS, max_size=6).map("\n\n".join)))
def test_ids_are_unique_and_match_their_links(text):
    html = render(text, id_prefix="s1-").html

    found = ID.findall(html)
    own = re.findall(r'<p id="([^"]+)"', html)
    assert len(set(found)) == len(found)
    assert own == re.findall(r'<a class="anchor" href="#([^"]+)"', html)
    assert html == render(text, id_prefix="s1-").html


@given(st.lists(WORDS, min_size=1, max_size=6, unique=True), WORDS, st.data())
def test_ids_survive_inserting_and_moving_paragraphs(paragraphs, more, data):
    place = data.draw(st.integers(0, len(paragraphs)))
    moved = data.draw(st.permutations(paragraphs))

    before = anchors("\n\n".join(paragraphs))

    inserted = anchors("\n\n".join([*paragraphs[:place], f"{more}. New", *paragraphs[place:]]))
    assert {html: anchor for html, anchor in inserted.items() if html in before} == before
    assert anchors("\n\n".join(moved)) == before


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Ebb and flow\nat noon", 5),
        ("Größe, “Ebbe”", 2),
        ("潮の満ち引き", 3),
        ("潮は tide です", 3),
        ("조류 와 밀물", 3),
    ],
)
def test_count_words(text, count):
    assert count_words(text) == count
