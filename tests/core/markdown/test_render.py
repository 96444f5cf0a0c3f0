"""Markdown becomes HTML with linked citations: marks, claims and links."""

import pytest

from articles.core.markdown import plain_heading, render, render_inline, wiki_slug
from articles.core.markdown.types import Link
from tests.core.markdown.contexts import ONE, Tape, cite, html_of, make_context

TWO = cite("02:00", "c-120", 120, iso="PT2M")


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


def test_render_inline_renders_one_line_without_sentences():
    rendered = render_inline("# *Ebb* [00:01:00] [[tides]]", make_context())

    assert rendered.html == f'# <em>Ebb</em> {ONE} <a class="wiki-link" href="/articles/tides/">tides</a>'
    assert rendered.plain_text == "# Ebb tides"
    assert (rendered.citations[0].claim, rendered.sentence_count) == ("# Ebb tides", 0)


def test_plain_heading_has_no_marks():
    assert plain_heading("The *Ebb* [00:01:00]: [[tides|flow]] `x`") == "The Ebb: flow x"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("{}.", "w7."),
        ("| Port | Tides |\n|-|-|\n| Brest | {} |", "Tides: w7."),
    ],
)
def test_a_sentence_without_end_gives_each_mark_what_was_written_since_the_last(text, claim):
    marks = ". ".join(f"w{number} [00:{number // 60:02}:{number % 60:02}]" for number in range(1000))

    claims = claims_of(text.format(marks))

    assert claims[7] == claim
    assert sum(map(len, claims)) < len(marks)
