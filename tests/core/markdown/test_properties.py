"""Whatever the text, rendering never fails, writes no script and loses no word."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.core.markdown import plain_heading, render, render_inline
from tests.core.markdown.contexts import MARKDOWN_LIKE, WORDS, Tape, make_context
from tests.support.paths import SHARED

CORPUS = SHARED / "corpus"


class Inspector(HTMLParser):
    """Collects elements and attributes that no page may contain."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style", "iframe", "svg", "form"):
            self.found.append(tag)
        for name, value in attrs:
            address = re.sub(r"[\s\x00-\x1f]", "", unescape(value or "")).lower()
            is_bad_address = name in ("href", "src") and address.startswith(("javascript:", "data:", "vbscript:"))
            if name.startswith("on") or name == "style" or is_bad_address:
                self.found.append((tag, name, value))


@given(st.one_of(MARKDOWN_LIKE, st.text()))
@example("[^a]: [^b]: [00:01:00]")
@example("[x]: /a\n[x]: /b\n\n[x]")
def test_render_never_raises_and_writes_no_script(text):
    rendered = render(text, make_context())

    inspector = Inspector()
    inspector.feed(rendered.html)
    assert inspector.found == []
    assert "\ufdd0" not in rendered.html + rendered.plain_text
    assert "\ufdd1" not in rendered.html + rendered.plain_text
    assert rendered == render(text, make_context())
    for mark in [*rendered.citations, *rendered.problems]:
        assert text[mark.offset : mark.offset + len(mark.text)] == mark.text
    assert all(text.startswith("[[", link.offset) for link in rendered.links)
    offsets = [citation.offset for citation in rendered.citations]
    assert offsets == sorted(offsets)
    assert len({citation.anchor for citation in rendered.citations}) == len(offsets)
    assert rendered.html.count('class="citation"') == len(offsets)
    assert 0 <= rendered.cited_sentence_count <= rendered.sentence_count


@given(st.text())
def test_render_inline_never_raises(text):
    render_inline(text, make_context())
    plain_heading(text)


BLOCK = st.one_of(
    WORDS,
    WORDS.map("# {}".format),
    WORDS.map("- {}\n- b".format),
    WORDS.map("> [!info] {}\n> body".format),
    WORDS.map("> {}".format),
    WORDS.map("| {} | b |\n|-|-|\n| c | d | e |".format),
    WORDS.map("a[^1]\n\n[^1]: {}".format),
    WORDS.map("[^n]: {}".format),
    WORDS.map("[{}]: one two".format),
    WORDS.map("**{}** [00:01:00].".format),
    WORDS.map("[{}](/x) [[tides|ebb]]".format),
    WORDS.map("<b>{}</b>".format),
    WORDS.map("[00:01:00 {}]".format),
)


@given(st.lists(BLOCK, max_size=6).map("\n\n".join))
def test_no_word_of_prose_is_lost(text):
    rendered = render(text, make_context())

    prose = re.sub(r"\[00:01:00\]|\(/x\)|\[\[tides\||\[!info\]|\[\^\w\]", " ", text)
    words = set(re.findall(r"[a-z]+", prose))
    assert words <= set(re.findall(r"[a-z]+", unescape(re.sub(r"<[^>]*>", " ", rendered.html))))
    assert words <= set(re.findall(r"[a-z]+", rendered.plain_text))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the imported articles are not available")
def test_imported_articles_keep_their_marks():
    counts = []
    for path in sorted(CORPUS.rglob("*.md")):
        text = re.sub(r'<a class="yt-timestamp"[^>]*>(.*?)</a>', r"\1", path.read_text(encoding="utf-8"))
        rendered = render(text, make_context(sources={"": Tape(duration_seconds=None)}))
        problems = {problem.code for problem in rendered.problems}
        counts.append((len(rendered.citations), rendered.cited_sentence_count))
        assert problems <= {"malformed", "unknown-source"}
        assert all(text[c.offset : c.offset + len(c.text)] == c.text for c in rendered.citations)

    assert sum(citations for citations, _ in counts) > len(counts)


@given(st.text("abz09é睡 ,.;:()?%+/=’“–-_*[`&\"'<\\", max_size=30))
def test_the_fast_path_for_plain_words_changes_nothing(text):
    context = make_context()
    fast = render_inline(text, context), plain_heading(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("articles.core.markdown.rendering._WORDS", re.compile(r"(?!)"))
        full = render_inline(text, make_context()), plain_heading(text)

    assert fast == full
