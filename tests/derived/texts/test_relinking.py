"""A text whose links are changed in place is as if it had been derived again."""

import pytest

from articles.derived.texts import derivation, relinking
from articles.models import Article, Link, Rendering
from articles.workflow.content import SectionContent
from tests.support.factories import make_published

pytestmark = pytest.mark.django_db

PLAIN = [
    "See [[naps]] and [[Naps|a “nap” & more]], [[owls]], again [[naps]].",
    "- In a list: [[naps_]]\n\n| a | b |\n|---|---|\n| [[naps|x]] | [[owls|y < z]] |",
    "> **[[naps]]**, _[[owls]]_ and `code`",
    "No link at all.",
]
DERIVED_AGAIN = [
    "`[[naps]]` is code, [[naps]] is not.",
    "[See [[naps]] there](https://example.org/), and [[owls]].",
    "![An image of [[naps]]](/media/uploads/x.webp) [[naps]]",
    '<span class="wiki-link wiki-link--missing">naps</span> `[[naps]]`',
]


def all_of(revision):
    rendering = Rendering.objects.values("lead_html", "text_html", "plain_text", "word_count").get(revision=revision)
    return rendering, sorted(Link.objects.filter(revision=revision).values_list("slug", flat=True))


@pytest.mark.parametrize("text", [*PLAIN, *DERIVED_AGAIN])
def test_links_are_as_if_derived_again(text, people):
    sections = (SectionContent("About [[naps|napping]]", text), SectionContent("Plain", text, level=2))
    linking = make_published("sleep", lead=text, sections=sections, **people).published_revision
    before = all_of(linking)

    make_published("naps", **people)
    there = all_of(linking)
    relinking.relink(linking)
    is_changed = relinking.relink(linking)
    derivation.derive(linking)

    assert all_of(linking) == there
    assert not is_changed
    assert there != before
    Article.objects.filter(slug="naps").update(published_revision=None)
    assert relinking.relink(linking)
    gone = all_of(linking)
    derivation.derive(linking)
    assert all_of(linking) == gone


@pytest.mark.parametrize(("text", "count"), [*((text, 0) for text in PLAIN), *((text, 1) for text in DERIVED_AGAIN)])
def test_only_what_can_not_be_told_apart_is_read_again(text, count, people, monkeypatch):
    linking = make_published("sleep", lead=text, **people).published_revision
    again = []
    read = derivation.read_revision
    monkeypatch.setattr(derivation, "read_revision", lambda *args: again.append(1) or read(*args))

    relinking.relink(linking)

    assert len(again) == count
