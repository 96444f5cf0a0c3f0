import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.core.markdown import Context, Link, plain_heading, render, render_inline, wiki_slug
from tests.support.paths import SHARED

CORPUS = SHARED / "corpus"
PIECES = r"""
[00:06:31] [00:01:00,02:00] [00:75:12] [99:00:00] [01:02 [ ] ( ) ]( ![ [[ ]] [[tides]] [[tides|ebb]] * ** _ ~~
` ``` ~~~ $ $$ \\ < > & " ' # - + 1. | |-|-| a|b : [^1] [^1]: [x]: [x] > [!info] [!NOTE|Ebb] <script>
</script> javascript:alert(1) https://example.org/a /media/a.png onclick=alert(1) style="x" word Tide. ebb!
潮。 &lt; &#0;
"""
MARKDOWN_LIKE = st.lists(
    st.sampled_from(PIECES.split())
    | st.sampled_from(["[e2 00:06:31-00:07:10]", "[no 01:02]", "<img src=x onerror=alert(1)>", "\ufdd0", "\0"])
    | st.sampled_from([chr(0xD800), " ", "\n", "\n\n", "    ", "\t", "\r\n", "> ", "- "])
    | st.text(max_size=5),
    max_size=40,
).map("".join)
WORDS = st.lists(st.from_regex(r"[a-z]{2,8}", fullmatch=True), min_size=1, max_size=6).map(" ".join)


@dataclass
class Tape:
    reference: str = "harbour-talks/tides"
    duration_seconds: int | None = 6000
    transcript_seconds: int | None = None

    def link_at(self, start_seconds, end_seconds=None):
        return f"https://tape.example/?v=1&t={start_seconds}s"

    def chapter_title_at(self, seconds):
        return "Ebb & flow" if seconds < 600 else ""


def make_context(**kwargs):
    sources = {"": Tape(), "e1": Tape(), "e2": Tape("harbour-talks/winds", None)}
    options = {
        "sources": sources,
        "link_url": {"tides": "/articles/tides/", "old-harbour": "/articles/old-harbour/"}.get,
        "has_notes": False,
    }
    return Context(**(options | kwargs))


def cite(label, anchor, start, *, episode="harbour-talks/tides", iso):
    return (
        f'<a class="citation" id="{anchor}" href="https://tape.example/?v=1&amp;t={start}s"'
        f' data-episode="{episode}" data-start="{start}"><time datetime="{iso}">{label}</time></a>'
    )


ONE = cite("01:00", "c-60", 60, iso="PT1M")
TWO = cite("02:00", "c-120", 120, iso="PT2M")


def html_of(text, **kwargs):
    return render(text, make_context(**kwargs)).html.strip()


def claims_of(text):
    return [citation.claim for citation in render(text, make_context()).citations]


def test_render_writes_citations_as_the_html_contract_says():
    html = html_of("The sea rises [00:06:31].", has_notes=True)

    assert html == (
        '<p>The sea rises <span class="cite"><a class="citation" id="c-391"'
        ' href="https://tape.example/?v=1&amp;t=391s" data-episode="harbour-talks/tides" data-start="391">'
        '<time datetime="PT6M31S">06:31</time></a><span class="cite-note">'
        '<span class="cite-note__chapter">Ebb &amp; flow</span>'
        ' <span class="cite-note__verdict">not checked</span></span></span>.</p>'
    )


def test_render_writes_a_range_with_both_ends():
    html = html_of("[e2 00:06:31-01:31:01]")

    assert html == (
        '<p><a class="citation" id="c-e2-391" href="https://tape.example/?v=1&amp;t=391s"'
        ' data-episode="harbour-talks/winds" data-start="391" data-end="5461">'
        '<time datetime="PT6M31S">06:31</time>–<time datetime="PT1H31M1S">1:31:01</time></a></p>'
    )


def test_render_returns_the_place_and_the_claim():
    rendered = render("# Ebb\n\nIt rises. Then it\nfalls [00:01:00], slowly.", make_context())

    (citation,) = rendered.citations
    assert (citation.anchor, citation.key, citation.start_seconds, citation.end_seconds) == (
        "c-60",
        "",
        60,
        None,
    )
    assert (citation.text, citation.offset, citation.line, citation.column) == ("[00:01:00]", 31, 4, 7)
    assert citation.claim == "Then it falls, slowly."
    assert (rendered.sentence_count, rendered.cited_sentence_count) == (2, 1)
    assert rendered.plain_text == "Ebb\nIt rises. Then it falls, slowly."


def test_anchors_are_counted_over_a_page():
    context = make_context()

    first = render("[00:01:00] [00:01:00, 00:02:00]", context)
    second = render("[00:01:00] [e1 00:01:00]", context)

    assert [citation.anchor for citation in first.citations] == ["c-60", "c-60-2", "c-120"]
    assert [citation.anchor for citation in second.citations] == ["c-60-3", "c-e1-60"]


def test_anchors_differ_if_a_key_ends_like_a_count():
    context = make_context(sources={"a": Tape(), "a-60": Tape()})

    rendered = render("[a 01:00] [a 01:00] [a-60 00:02]", context)

    assert [citation.anchor for citation in rendered.citations] == ["c-a-60", "c-a-60-2", "c-a-60-2-2"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[00:01:00](x)", f"<p>{ONE}(x)</p>"),
        ("[00:01:00]: https://example.org/", f"<p>{ONE}: https://example.org/</p>"),
        ("[00:01:00][00:02:00]", f"<p>{ONE}{TWO}</p>"),
        ("[ebb][00:01:00]", f"<p>[ebb]{ONE}</p>"),
        ("Ebb![00:01:00](/media/a.png)", f"<p>Ebb!{ONE}(/media/a.png)</p>"),
        ("**Ebb.**[00:01:00]**flow**", f"<p><strong>Ebb.</strong>{ONE}<strong>flow</strong></p>"),
        ("*ebb [00:01:00]*", f"<p><em>ebb {ONE}</em></p>"),
        ("## Ebb [00:01:00]", f"<h3>Ebb {ONE}</h3>"),
        ("- ebb [00:01:00]", f"<ul>\n<li>ebb {ONE}</li>\n</ul>"),
        ("[ebb [00:01:00] flow](/x)", f'<p><a href="/x">ebb  flow</a>{ONE}</p>'),
        ("[[tides|ebb [00:01:00]]]", f'<p><a class="wiki-link" href="/articles/tides/">ebb</a>{ONE}</p>'),
        ("[[00:01:00]]", f"<p>[{ONE}]</p>"),
        ("[00:01:00, 00:02:00]", f"<p>{ONE} {TWO}</p>"),
        ("\\\\[00:01:00]", f"<p>\\{ONE}</p>"),
    ],
)
def test_marks_take_precedence_over_links(text, html):
    assert html_of(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("\\[00:01:00]", "<p>[00:01:00]</p>"),
        ("`[00:01:00] [[tides]]`", "<p><code>[00:01:00] [[tides]]</code></p>"),
        ("```py [[tides]]\n[00:01:00]\n```", '<pre><code class="language-py">[00:01:00]\n</code></pre>'),
        ("    [00:01:00]", "<pre><code>[00:01:00]\n</code></pre>"),
        ("$a[00:01:00]$", '<p><code class="math">a[00:01:00]</code></p>'),
        ("[x](/a/[00:01:00] '[02:00]')", '<p><a href="/a/%5B00:01:00%5D" title="[02:00]">x</a></p>'),
        (
            "<https://e.org/[00:01:00]>",
            '<p><a href="https://e.org/%5B00:01:00%5D" rel="noopener">https://e.org/[00:01:00]</a></p>',
        ),
        (
            "![ebb [00:01:00]](/media/a.png)",
            '<p><img src="/media/a.png" alt="ebb [00:01:00]" loading="lazy"></p>',
        ),
    ],
)
def test_marks_in_code_and_addresses_are_text(text, html):
    rendered = render(text, make_context())

    assert rendered.html.strip() == html
    assert (rendered.citations, rendered.links, rendered.problems) == ([], [], [])


LOWERED = (
    "07:54:00 is past the end of the recording (01:40:00)."
    " Read as minutes and seconds, it is 07:54, which fits: [00:07:54]."
)


@pytest.mark.parametrize(
    ("text", "code", "message", "replacement"),
    [
        ("[00:75:12]", "malformed", "Minutes after hours go from 00 to 59; “00:75:12” has 75.", None),
        (
            "[07:54:00]",
            "past-end",
            LOWERED,
            "[00:07:54]",
        ),
        (
            "[00:06:31-07:54:00]",
            "past-end",
            "00:06:31-07:54:00 is past the end of the recording (01:40:00). Check the timestamp.",
            None,
        ),
        (
            "[e3 00:01:00]",
            "unknown-source",
            "There is no source “e3”. Available sources: e1, e2. Write \\[ if this isn’t a citation.",
            None,
        ),
        (
            "[E2 1:00]",
            "unknown-source",
            "There is no source “E2”. Available sources: e1, e2. Write \\[ if this isn’t a citation.",
            "[e2 00:01:00]",
        ),
    ],
)
def test_a_mark_that_cites_nothing_remains_text(text, code, message, replacement):
    rendered = render(f"Ebb\n& {text}", make_context())

    assert rendered.html == f"<p>Ebb\n&amp; {text}</p>\n"
    (problem,) = rendered.problems
    assert (problem.code, problem.message, problem.replacement) == (code, message, replacement)
    assert (problem.text, problem.offset, problem.line, problem.column) == (text, 6, 2, 3)
    assert rendered.citations == []


def test_without_an_episode_a_mark_is_a_problem():
    rendered = render("Ebb [00:01:00].", make_context(sources={}))

    assert rendered.html == "<p>Ebb [00:01:00].</p>\n"
    assert [problem.code for problem in rendered.problems] == ["no-episode"]
    assert (rendered.sentence_count, rendered.cited_sentence_count) == (1, 0)


def test_no_mark_is_past_the_end_if_the_duration_is_unknown():
    assert render("[e2 99:00:00]", make_context()).problems == []


def test_past_the_end_of_the_transcript_is_past_the_end_if_the_duration_is_unknown():
    """A recording may go on for a while after its last words."""
    context = make_context(sources={"": Tape(duration_seconds=None, transcript_seconds=6000)})

    within, past = render("[01:41:00]", context), render("[07:54:00]", context)
    known = render("[01:41:00]", make_context(sources={"": Tape(transcript_seconds=7000)}))

    assert (within.problems, [problem.replacement for problem in past.problems]) == ([], ["[00:07:54]"])
    assert past.problems[0].message == LOWERED.replace(
        "the recording (01:40:00)", "the transcript (01:40:00; the recording’s length isn’t known)"
    )
    assert [problem.code for problem in known.problems] == ["past-end"]


def test_the_valid_moments_of_a_list_are_cited():
    rendered = render("[00:01:00, 09:00:00]", make_context())

    assert rendered.html == f"<p>{ONE} [09:00:00]</p>\n"
    assert [problem.replacement for problem in rendered.problems] == ["[00:01:00, 00:09:00]"]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("It rises [00:01:00]. It falls.", ["It rises."]),
        ("It rises. [00:01:00] It falls. [00:02:00]", ["It rises.", "It falls."]),
        ("[00:01:00] It rises. It falls.", ["It rises."]),
        ("It rises.[00:01:00]It falls.", ["It rises."]),
        ("It rises. It falls ([00:01:00], [00:02:00]).", ["It falls.", "It falls."]),
        ("It **rises [00:01:00]** with the [[tides]] and `x`.", ["It rises with the tides and x."]),
        ("It rises. It falls.\n\n[00:01:00]", ["It falls."]),
        ("It rises.\n\n# Ebb\n\n[00:01:00]", [""]),
        ("| Place | Range |\n|-|-|\n| Bay [00:01:00] | 2 m |", ["Place: Bay; Range: 2 m"]),
        ("潮が満ちる[00:01:00]。潮が引く。", ["潮が満ちる。"]),
        ("- first\n- second [00:01:00]", ["second"]),
    ],
)
def test_the_claim_is_the_sentence_around_the_mark(text, claims):
    assert claims_of(text) == claims


def test_sentences_of_prose_are_counted():
    blocks = ["# Ebb. And flow.", "One. Two [00:01:00].", "- three", "```\nCode.\n```"]
    text = "\n\n".join([*blocks, "> [!info] Title.\n> Four.", "|a|\n|-|\n|b|"])

    rendered = render(text, make_context())

    assert (rendered.sentence_count, rendered.cited_sentence_count) == (5, 1)


def test_wiki_links_are_resolved():
    rendered = render("[[tides]] [[Old_harbour|the port]] [[ winds | Winds & <b> ]]\n[[!]]", make_context())

    assert rendered.html == (
        '<p><a class="wiki-link" href="/articles/tides/">tides</a>'
        ' <a class="wiki-link" href="/articles/old-harbour/">the port</a>'
        ' <span class="wiki-link wiki-link--missing">Winds &amp; &lt;b&gt;</span>\n[[!]]</p>\n'
    )
    assert rendered.links == [
        Link("tides", "tides", 0, 1, 1, True),
        Link("old-harbour", "the port", 10, 1, 11, True),
        Link("winds", "Winds & <b>", 35, 1, 36, False),
    ]


def test_offsets_of_wiki_links_count_the_marks_before_them():
    text = "[00:01:00] [1:00] `[00:01:00]` [[tides]] [00:02:00] [[winds]]"

    assert [text[link.offset :][:9] for link in render(text, make_context()).links] == [
        "[[tides]]",
        "[[winds]]",
    ]


@pytest.mark.parametrize(
    ("target", "slug"),
    [
        ("complex_numbers_introduction", "complex-numbers-introduction"),
        ("Complex numbers introduction", "complex-numbers-introduction"),
        (" Ebb & flow#part ", "ebb-flow"),
        ("潮の満ち引き", "潮の満ち引き"),
        ("?!", ""),
    ],
)
def test_wiki_slug(target, slug):
    assert wiki_slug(target) == slug


SPRINGS = """
<aside class="callout callout--info" role="note">
<p class="callout__title">Springs</p>
<p>High <em>water</em>.</p>
</aside>
"""
SENTENCE = """
<aside class="callout callout--note" role="note">
<p class="callout__title">Note</p>
<p>High water comes twice.</p>
</aside>
"""
NESTED = """
<aside class="callout callout--note" role="note">
<p class="callout__title">To read</p>
<p>High water.</p>
<aside class="callout callout--tip" role="note">
<p class="callout__title">Tip</p>
<ul>
<li>ebb</li>
</ul>
</aside>
</aside>
"""
TABLE = """
<table>
<thead>
<tr>
<th>a</th>
<th class="align-right">b</th>
</tr>
</thead>
<tbody>
<tr>
<td>c</td>
<td class="align-right">d | e</td>
</tr>
</tbody>
</table>
"""


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("> [!info] Springs\n> High *water*.", SPRINGS.strip()),
        ("> [!NOTE] High water comes twice.", SENTENCE.strip()),
        ("> [!NOTE|To read] High water.\n> > [!tip]\n> > - ebb", NESTED.strip()),
        ("> no [!info] callout", "<blockquote>\n<p>no [!info] callout</p>\n</blockquote>"),
    ],
)
def test_callouts(text, html):
    assert html_of(text) == html


def test_footnotes_are_moved_to_the_end_and_none_is_lost():
    notes = "[^1]: One [00:01:00].\n[^8^]: Eight.\n[^x]: Unused."
    back = ' <a class="footnote-back" href="#fnref-s1-{}" aria-label="Back to the text">↩\ufe0e</a>'

    html = html_of(f"Ebb[^1] and[^8^] not[^2]. Ebb[^1].\n\n{notes}", id_prefix="s1-")

    assert html == (
        '<p>Ebb<sup class="footnote-ref"><a id="fnref-s1-1" href="#fn-s1-1">1</a></sup>'
        ' and<sup class="footnote-ref"><a id="fnref-s1-2" href="#fn-s1-2">2</a></sup>'
        ' not[^2]. Ebb<sup class="footnote-ref"><a id="fnref-s1-1-2" href="#fn-s1-1">1</a></sup>.</p>\n'
        '<section class="footnotes"><ol>\n'
        f'<li id="fn-s1-1"><p>One {ONE}.{back.format("1")}{back.format("1-2")}</p>\n</li>\n'
        f'<li id="fn-s1-2"><p>Eight.{back.format("2")}</p>\n</li>\n'
        '<li id="fn-s1-3"><p>Unused.</p>\n</li>\n'
        "</ol></section>"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("$a_1$ and $$b*c*$$", '<p><code class="math">a_1</code> and <code class="math">b*c*</code></p>'),
        ("$$\n- a\n$$", '<pre class="math"><code class="math">- a</code></pre>'),
        ("$4-$5 by 2030, $ 6 and $7", "<p>$4-$5 by 2030, $ 6 and $7</p>"),
        ("from $5 million to A$ or B$", "<p>from $5 million to A$ or B$</p>"),
        ("\\$a$", "<p>$a$</p>"),
    ],
)
def test_math_is_code_and_money_is_text(text, html):
    assert html_of(text) == html


FOREIGN = '<a class="image-link" href="{}" rel="noopener">{}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>ebb()</script>", "<p>&lt;script&gt;ebb()&lt;/script&gt;</p>"),
        ("<b>ebb</b> &lt;i&gt;", "<p>&lt;b&gt;ebb&lt;/b&gt; &lt;i&gt;</p>"),
        ("<!-- ebb -->", "<p>&lt;!-- ebb --&gt;</p>"),
        ("[x](javascript:ebb())", "<p>[x](javascript:ebb())</p>"),
        ("[x](&#106;avascript:ebb())", "<p>[x](javascript:ebb())</p>"),
        ("[x](data:text/html,ebb)", "<p>[x](data:text/html,ebb)</p>"),
        ("[x](https://e.org)", '<p><a href="https://e.org" rel="noopener">x</a></p>'),
        ("[x](//e.org)", '<p><a href="//e.org" rel="noopener">x</a></p>'),
        ("[x](/a?b#c) [y](mailto:a@e.org)", '<p><a href="/a?b#c">x</a> <a href="mailto:a@e.org">y</a></p>'),
        (
            "![ebb](/media/a.png 'T')",
            '<p><img src="/media/a.png" alt="ebb" title="T" loading="lazy"></p>',
        ),
        (
            "![Decorative](/media/a.png)",
            '<p><img src="/media/a.png" alt="" loading="lazy"></p>',
        ),
        ("![ebb](https://e.org/a.png 'T')", f"<p>{FOREIGN.format('https://e.org/a.png', 'ebb')}</p>"),
        ("![ebb](http://e.org/a.png)", f"<p>{FOREIGN.format('http://e.org/a.png', 'ebb')}</p>"),
        ("![](//e.org/a.png)", f"<p>{FOREIGN.format('//e.org/a.png', '//e.org/a.png')}</p>"),
        ("![ebb](HTTPS:e.org/a.png)", f"<p>{FOREIGN.format('HTTPS:e.org/a.png', 'ebb')}</p>"),
        ("![ebb][a]\n\n[a]: https://e.org/a.png", f"<p>{FOREIGN.format('https://e.org/a.png', 'ebb')}</p>"),
        (
            "[![ebb](https://e.org/a.png) b](/x) ![c](//e.org/)",
            f'<p><a href="/x">ebb b</a> {FOREIGN.format("//e.org/", "c")}</p>',
        ),
        ("![ebb](/admin/logout)", "<p>![ebb](/admin/logout)</p>"),
        ("![ebb](/media/%2e%2e/admin)", "<p>![ebb](/media/%2e%2e/admin)</p>"),
        ("###### deep", "<h3>deep</h3>"),
        ("~~ebb~~", "<p><s>ebb</s></p>"),
        ("[Ebb]: Tides", "<p>[Ebb]: Tides</p>"),
        ("[Ebb]\n\n[ebb]: /x", '<p><a href="/x">Ebb</a></p>'),
        ("|a|b|\n|-|-:|\n|c|d|e|", TABLE.strip()),
    ],
)
def test_html_and_addresses_that_are_not_allowed_are_shown_as_text(text, html):
    assert html_of(text) == html


@pytest.mark.parametrize("marker", ["> ", "- ", "[^a]: "])
def test_content_nested_too_deeply_is_shown(marker):
    rendered = render(marker * 200 + "ebb [00:01:00]", make_context())

    assert "ebb" in rendered.plain_text
    assert len(rendered.citations) == 1


def test_render_inline_renders_one_line_without_sentences():
    rendered = render_inline("# *Ebb* [00:01:00] [[tides]]", make_context())

    assert rendered.html == f'# <em>Ebb</em> {ONE} <a class="wiki-link" href="/articles/tides/">tides</a>'
    assert rendered.plain_text == "# Ebb tides"
    assert (rendered.citations[0].claim, rendered.sentence_count) == ("# Ebb tides", 0)


def test_plain_heading_has_no_marks():
    assert plain_heading("The *Ebb* [00:01:00]: [[tides|flow]] `x`") == "The Ebb: flow x"


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
