"""Markdown articles: front matter, shows, headings, fences, raw HTML, indexes."""

import re
import time

import pytest

from articles.core.formats import ArticleFile, FormatError, IndexFile, place_of, read
from articles.core.formats.types import IndexedEpisode

FRONT = "---\ntitle: Tides\nvideoId: abcdefghijk\n---\n\nFrom: [[harbour]] <br/> \n"


def outline(article):
    return [(section.level, section.heading) for section in article.sections]


def codes(article):
    return [problem.code for problem in article.problems]


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("title: Tides", "Tides"),
        ("title: Tides: why they turn", "Tides: why they turn"),
        ('title: "Tides: \\"spring\\" and neap"', 'Tides: "spring" and neap'),
        ("title: 'The moon''s pull'", "The moon's pull"),
        ("title: Ebb &amp; flow", "Ebb & flow"),
    ],
)
def test_title_is_read(front, title):
    article = read(f"---\n{front}\nvideoId: abcdefghijk\n---\nText.", "tides")

    assert article.title == title
    assert article.video_id == "abcdefghijk"
    assert article.problems == ()


def test_bom_and_windows_line_endings_make_no_difference():
    text = FRONT + "The sea.\n\n## Moon\n\nIt pulls.\n"

    article = read(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "tides")

    assert article == read(text, "tides")
    assert article.lead == "The sea."


@pytest.mark.parametrize(
    ("line", "handle"),
    [
        ("From: [[harbour]] <br/> ", "harbour"),
        ("From: [[harbour | The Harbour Hour]]", "harbour"),
        ("From: harbour", "harbour"),
        ("From: harbour<br>", "harbour"),
    ],
)
def test_show_is_read(line, handle):
    article = read(f"---\ntitle: Tides\n---\n{line}\nThe sea.", "tides")

    assert (article.show_handle, article.lead) == (handle, "The sea.")


def test_unused_front_matter_is_reported():
    article = read("---\ntitle: Tides\ntags: [sea]\n  - odd\nvideoId: short\n---\nText.", "tides")

    assert [(p.line, p.text) for p in article.problems] == [(3, "tags: [sea]"), (4, "  - odd"), (5, "short")]
    assert article.video_id == ""


@pytest.mark.parametrize(
    ("received", "line", "message"),
    [
        ("---\ntitle: Tides\nText.", 1, "the front matter isn’t closed"),
        (b"---\ntitle: Tides\n---\n\xe9\0", 0, "the file isn’t text in a known encoding. Save it as UTF-8."),
        ("  \n", 0, "the file is empty"),
        (f"---\ntitle: {'x' * 201}\n---\n", 2, "the title has 201 characters"),
        ('{"format": "cited-article/1", "title": }', 1, "invalid JSON"),
        ('{"format": "cited-article/1", "title": 3}', 0, "“title” of the article must be a string"),
        ("---\nformat: cited-article/9\n---\n", 2, "unknown format “cited-article/9”"),
    ],
)
def test_unreadable_file_says_what_to_do(received, line, message):
    with pytest.raises(FormatError) as caught:
        read(received, "tides")

    assert caught.value.line == line
    assert message in str(caught.value)


def test_levels_are_normalised():
    article = read(FRONT + "## A\n#### B\n## C\n### D ###\n", "tides")

    assert outline(article) == [(1, "A"), (2, "B"), (1, "C"), (2, "D")]


def test_section_that_is_too_deep_is_moved_up_and_reported():
    article = read(FRONT + "\n".join(f"{'#' * n} H{n}" for n in range(1, 8)), "tides")

    assert [level for level, _ in outline(article)] == [1, 2, 3, 4, 5, 5, 5]
    assert codes(article) == ["level", "level"]


def test_headings_in_code_are_text():
    body = "```bash\n# not a heading\n```\n\n    # nor this\n\n> # nor this"

    article = read(FRONT + "## A\n\n" + body, "tides")

    assert outline(article) == [(1, "A")]
    assert article.sections[0].body == body


def test_underlined_and_html_headings():
    article = read(
        FRONT + "Moon\n====\n\nText.\n\nSun\n---\n\nText.\n\n<h2 id=x>Wind</h2>\n\nText.\n\nEnd.\n---\n", "t"
    )

    assert outline(article) == [(1, "Moon"), (2, "Sun"), (2, "Wind")]
    assert article.sections[2].body == "Text.\n\nEnd.\n---"


def test_title_repeated_above_the_text_is_not_a_section():
    article = read(FRONT + "# Tides\n\nThe sea.\n\n## Moon\n", "tides")

    assert (article.lead, outline(article)) == ("The sea.", [(1, "Moon")])
    assert codes(article) == ["title"]


def test_long_heading_continues_in_the_body():
    words = "tide " * 80

    article = read(FRONT + f"## {words}\n\nText.", "tides")

    section = article.sections[0]
    assert len(section.heading) <= 300
    assert f"{section.heading} {section.body}" == f"{words.strip()}\n\nText."
    assert codes(article) == ["heading"]


def test_fence_around_the_article_is_removed():
    text = "```markdown\nThe sea.\n\n## Moon\n\n```js\n# x\n```\n\nIt pulls.\n```\n"

    article = read(FRONT + text, "tides")

    assert article.lead == "The sea."
    assert article.sections[0].body == "```js\n# x\n```\n\nIt pulls."
    assert [(p.line, p.code) for p in article.problems] == [(7, "fence")]


def test_markdown_fence_among_text_stays_code():
    article = read(FRONT + "```markdown\n## Moon\n```\n\nAnd so on.", "tides")

    assert article.lead == "```markdown\n## Moon\n```\n\nAnd so on."


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("High<br>low", "High\\\nlow"),
        ("High<br/>\nlow", "High\\\nlow"),
        ("High\n\n<br>\n\nlow", "High\n\n\n\nlow"),
        ("High\n<hr>\nlow", "High\n\n\n---\n\n\nlow"),
        ("A<sup>-1</sup> and 4<sup>th</sup>", "A^-1 and 4th"),
        ("H<sub>2</sub>O", "H2O"),
        ("a <b>high</b> and <em>low</em> tide", "a **high** and *low* tide"),
        ("a <b>high tide", "a <b>high tide"),
        ("<span style='x'>high</span>", "high"),
        ("<p>High</p>", "High"),
        ('<iframe src="https://example.org/e?s=2m" title="x"></iframe>', "<https://example.org/e?s=2m>"),
        ('<img src="https://example.org/a.png" alt="A quay">', "![A quay](https://example.org/a.png)"),
        ('<img src="a.png" alt="A quay">', "A quay"),
        ('<svg width="1"><path d="M1 2"/></svg>High', "High"),
        ("High <!-- check this --> tide", "High  tide"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("| a | b |\n|---|---|\n| x<br>y | z |", "| a | b |\n|---|---|\n| x y | z |"),
        ("<div>\n    High\n</div>", "High"),
    ],
)
def test_html_is_converted_and_reported(html, expected):
    article = read(FRONT + html, "tides")

    assert article.lead == expected
    assert set(codes(article)) == {"html"}


@pytest.mark.parametrize(
    "text",
    [
        "a `<div>` in code",
        "```html\n<br>\n```",
        "less than 3 <5 or <x",
        "<https://example.org/>",
        "    <br>",
        "a &lt; b",
    ],
)
def test_text_that_only_looks_like_html_is_unchanged(text):
    article = read(FRONT + "Before.\n\n" + text, "tides")

    assert article.lead == "Before.\n\n" + text
    assert article.problems == ()


def test_box_becomes_callout():
    html = """<div class="callout">
    <div class="callout-title">
        <div class="callout-title-inner">Mind the tide</div>
    </div>
    <div class="callout-content">
        It comes in fast.
        *   Look at the table.
    </div>
</div>"""

    article = read(FRONT + html, "tides")

    assert article.lead == "> [!note] Mind the tide\n> It comes in fast.\n> *   Look at the table."
    assert codes(article) == ["html"]


def test_box_around_a_callout_is_removed():
    article = read(FRONT + '<div class="callout">\n> [!tip] Look\n> Twice.\n</div>', "tides")

    assert article.lead == "> [!tip] Look\n> Twice."


def test_places_are_lines_and_columns_in_the_file():
    mark = '<a class="yt-timestamp" data-t="00:01:02">[00:01:02]</a>'
    text = FRONT + f"The sea.\n\n## Moon {mark}\n\n\nFirst {mark} then.\nThen {mark}."

    article = read(text, "tides")

    section = article.sections[0]
    assert place_of(section.places, section.body, section.body.index("then")) == (12, 7 + len(mark) + 1)
    assert place_of(section.places, section.body, section.body.rindex("[")) == (13, 6)
    assert section.heading_place == (0, 9, 4)
    assert place_of(article.lead_places, article.lead, 4) == (7, 5)


def test_index_of_a_show_is_not_an_article():
    text = """---
title: harbour
---
### [Why tides turn](https://www.youtube.com/watch?v=abcdefghijk)
- [[neap_tide | Neap tide]]
- [[spring_tide]]

### [Night on the quay](https://youtu.be/ABCDEFGHIJK)
stray words
"""

    index = read(text, "harbour")

    assert isinstance(index, IndexFile)
    assert index.show_handle == "harbour"
    assert index.episodes == (
        IndexedEpisode("Why tides turn", "abcdefghijk", ("neap_tide", "spring_tide")),
        IndexedEpisode("Night on the quay", "ABCDEFGHIJK", ()),
    )
    assert [(p.line, p.text) for p in index.problems] == [(9, "stray words")]


def test_control_characters_are_replaced_and_reported():
    article = read(FRONT + "The\x00sea\x07.", "tides")

    assert isinstance(article, ArticleFile)
    assert article.lead == "The\ufffdsea\ufffd."
    assert [(p.line, p.column, p.text) for p in article.problems] == [(7, 4, "U+0000")]


LINKED = 'The sea.\n\n## Moon\n\nIt pulls <a class="yt-timestamp" data-t="00:52:01">[00:52:01]</a>.'


@pytest.mark.parametrize(
    ("text", "lead", "body"),
    [
        (
            f"Here is the article:\n```markdown\n{LINKED}\n```\n",
            "Here is the article:\n\nThe sea.",
            "It pulls [00:52:01].",
        ),
        (f"Here is the article:\n\n```\n{LINKED}\n```", "Here is the article:\n\nThe sea.", "It pulls [00:52:01]."),
        (f"~~~md\n{LINKED}\n~~~\n\nAsk me more.", "The sea.", "It pulls [00:52:01].\n\nAsk me more."),
        (f"Sure!\n\n```markdown\n{LINKED}", "Sure!\n\nThe sea.", "It pulls [00:52:01]."),
        (
            "Here it is:\n```markdown\n## Moon\n\n```js\n# x\n```\n\nIt pulls.\n```",
            "Here it is:",
            "```js\n# x\n```\n\nIt pulls.",
        ),
    ],
)
def test_a_fence_around_the_article_is_removed_wherever_it_begins(text, lead, body):
    article = read(FRONT + text, "tides")

    read_texts = [re.sub(r"\n\s*\n", "\n\n", part) for part in article.texts()]
    assert read_texts == [lead, "Moon", body]
    assert [p.code for p in article.problems].count("fence") == 1


@pytest.mark.parametrize(
    "text",
    [
        "How to write a link:\n\n```\n[00:06:31]\n```\n\nThat’s all.",
        "One.\n\nTwo.\n\n```markdown\n## Moon\n```",
        "```js\n// data-t=1\n```",
        "````\n```markdown\n[00:06:31]\n```\n````",
    ],
)
def test_other_fences_stay_code(text):
    assert read(FRONT + text, "tides").lead == text


@pytest.mark.parametrize(
    "fences",
    [
        "```\na\n```\n\n" * 20_000,
        "```markdown\na\n```\n\n" * 10_000,
        "```js\n" * 30_000,
        "~~~ md\n" * 30_000,
        "".join("`" * length + "\na\n" for length in range(600, 2, -1)),
    ],
)
@pytest.mark.parametrize("rest", ["", "<a data-t=1>x</a>"])
def test_fences_are_read_in_linear_time(fences, rest):
    started = time.process_time()
    assert read(f"{FRONT}{fences}{rest}", "tides").title == "Tides"
    assert time.process_time() - started < 20


def test_plain_texts_lose_such_a_fence_too():
    article = read(f"From: harbour\n\nHere is the article:\n```markdown\n{LINKED}\n```\n", "tides")

    assert [(section.heading, section.body) for section in article.sections] == [("Moon", "It pulls [00:52:01].")]
    assert [(p.line, p.code) for p in article.problems] == [(4, "fence")]


def test_an_index_reports_keys_that_nobody_reads():
    text = "---\ntitle: Harbour\nauthor: Ada\n---\n\n### [Tides](https://youtu.be/abcdefghijk)\n- [[tides]]\n"

    assert [(p.line, p.reason) for p in read(text, "harbour").problems] == [
        (3, "The front matter key “author” isn’t used.")
    ]


@pytest.mark.parametrize(
    ("sentence", "encoding", "name"),
    [
        ("Le café naïf est fermé, déjà à l’été.", "cp1252", "Windows-1252"),
        ("Привет, как дела? Сегодня хорошая погода.", "cp1251", "Windows-1251"),
        ("こんにちは、今日は海の話です。", "cp932", "Shift JIS"),
    ],
)
def test_other_encodings_are_detected_and_reported(sentence, encoding, name):
    article = read(f"---\ntitle: Tides\n---\n\n{sentence}\n".encode(encoding), "tides")

    reason = f"The file isn’t UTF-8; it was read as {name}. Check that its letters are right."
    assert article.lead == sentence
    assert [(p.line, p.text, p.reason, p.code) for p in article.problems] == [(5, sentence, reason, "characters")]
