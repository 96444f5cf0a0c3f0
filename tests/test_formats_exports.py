"""What is written is read back: exactly for Markdown and JSON, for any text; and no text breaks a reader."""

from contextlib import suppress
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.formats import (
    FormatError,
    ReceivedArticle,
    ReceivedSection,
    ReceivedSource,
    clean_block,
    clean_line,
    read,
    write_json,
    write_markdown,
)

CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff")
TRICKY = st.sampled_from(
    [
        "# Moon", "## ", "#", "\\# Moon", "\\\\## x", "#tag", "  # Moon", "    # x", "```", "```js",
        "~~~~", "> ```",
        "---", "---\ntitle: x\n---", "From: [[harbour]] <br/>", "From: harbour", "Title: x",
        "format: cited-article/1", "[00:06:31]", "[e2 00:06:31-00:07:10]", "[HH:01:02]",
        "[01:12:25 | 01:12:28]",
        "[[neap|tide]]", '<a class="yt-timestamp" data-t="00:01:02">[00:01:02]</a>', "<br>", "<div>",
        "| a | b |\n|---|---|", "> [!info] Look", "[^1]: a note", "{", "مد وجزر", "潮汐",
        "Moon\n====", "a\n---",
        "\u2028", "\u0085", "\t", " ",
    ]
)  # fmt: skip
LINE = st.text(CHARACTERS, max_size=20).map(clean_line) | TRICKY.map(clean_line)
BLOCK = st.lists(TRICKY | st.text(CHARACTERS, max_size=30), max_size=8).map(lambda rows: clean_block("\n".join(rows)))
SECTION = st.builds(ReceivedSection, level=st.integers(1, 5), heading=LINE, body=BLOCK)
SOURCE = st.builds(
    ReceivedSource,
    key=st.from_regex(r"[a-z][a-z0-9_-]{0,5}", fullmatch=True),
    reference=LINE,
    title=LINE,
    youtube_id=LINE,
)
ARTICLE = st.builds(
    ReceivedArticle,
    name=st.from_regex(r"[a-z]{1,9}", fullmatch=True),
    show_handle=LINE,
    title=LINE,
    video_id=st.sampled_from(["", "abcdefghijk", "-_3456789ab"]),
    lead=BLOCK,
    sections=st.lists(SECTION, max_size=5).map(tuple),
    notice=st.sampled_from(["", "health"]),
    sources=st.lists(SOURCE, max_size=3, unique_by=lambda source: source.key).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(article=ARTICLE)
@example(
    article=ReceivedArticle("t", "", "", "", "```\n# x", (ReceivedSection(1, "A", "# b\n```\n# c"),)),
)
def test_markdown_export_is_read_back(article):
    text = write_markdown(article)

    again = read(text, article.name)

    assert again == article
    assert again.digest() == article.digest()
    assert again.is_export
    assert again.problems == ()


@settings(max_examples=200, deadline=None)
@given(article=ARTICLE)
def test_json_export_is_read_back(article):
    again = read(write_json(article), article.name)

    assert again == article
    assert again.problems == ()


@settings(max_examples=300, deadline=None)
@given(text=st.lists(TRICKY | st.text(max_size=40), max_size=12).map("\n".join) | st.text() | st.binary())
@example(text="---\ntitle: x\nformat: cited-article/1\n---\n#")
@example(text="---\nformat: cited-article/1\nsource-a: x\n---\n#")
def test_reading_raises_nothing_but_format_errors(text):
    with suppress(FormatError):
        read(text, "any")


def test_digest_changes_with_content_alone():
    article = ReceivedArticle("tides", "harbour", "Tides", "", "The sea.", (ReceivedSection(1, "Moon", "It pulls."),))

    same = replace(
        article,
        name="other",
        kind="json",
        sections=tuple(replace(s, places=((0, 9, 9),)) for s in article.sections),
    )

    assert same.digest() == article.digest()
    assert replace(article, lead="The seas.").digest() != article.digest()


def test_markdown_export_is_pleasant_to_read():
    article = ReceivedArticle(
        "tides",
        "harbour",
        "Tides: why",
        "abcdefghijk",
        "The sea.",
        (
            ReceivedSection(1, "Moon", "It pulls [00:06:31]."),
            ReceivedSection(2, "Pull", "```\n# code\n```\n\n# Not a section"),
        ),
        notice="health",
        sources=(ReceivedSource("e1", "harbour/why-tides-turn", "Why tides turn", "abcdefghijk"),),
    )

    text = write_markdown(article)

    assert (
        text
        == """---
format: cited-article/1
title: "Tides: why"
slug: "tides"
show: "harbour"
videoId: "abcdefghijk"
notice: "health"
source-e1: "[\\"e1\\", \\"harbour/why-tides-turn\\", \\"Why tides turn\\", \\"abcdefghijk\\"]"
---

The sea.

# Moon

It pulls [00:06:31].

## Pull

```
# code
```

\\# Not a section
"""
    )
