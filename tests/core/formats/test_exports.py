"""Exports read back as exactly what was written, in Markdown and JSON, and no text breaks a reader."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.core.formats import (
    ArticleFile,
    FileSection,
    FileSource,
    FormatError,
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
SECTION = st.builds(FileSection, level=st.integers(1, 5), heading=LINE, body=BLOCK)
SOURCE = st.builds(
    FileSource,
    key=st.from_regex(r"[a-z][a-z0-9_-]{0,5}", fullmatch=True),
    reference=LINE,
    title=LINE,
    youtube_id=st.sampled_from(["", "abcdefghijk", "-_3456789ab"]),
)
ARTICLE = st.builds(
    ArticleFile,
    name=st.from_regex(r"[a-z]{1,9}", fullmatch=True),
    show_handle=LINE,
    title=LINE,
    video_id=st.sampled_from(["", "abcdefghijk", "-_3456789ab"]),
    lead=BLOCK,
    sections=st.lists(SECTION, max_size=5).map(tuple),
    notice=st.sampled_from(["", "health"]),
    sources=st.lists(SOURCE, max_size=3, unique_by=lambda source: source.key).map(tuple),
    topics=st.lists(st.tuples(LINE, LINE), max_size=3).map(tuple),
)


@settings(max_examples=300)
@given(article=ARTICLE)
@example(
    article=ArticleFile("t", "", "", "", "```\n# x", (FileSection(1, "A", "# b\n```\n# c"),)),
)
def test_markdown_export_is_read_back(article):
    text = write_markdown(article)

    reread = read(text, article.name)

    assert reread == article
    assert reread.digest() == article.digest()
    assert reread.is_export
    assert reread.problems == ()


@settings(max_examples=200)
@given(article=ARTICLE)
def test_json_export_is_read_back(article):
    reread = read(write_json(article), article.name)

    assert reread == article
    assert reread.problems == ()


@settings(max_examples=300)
@given(text=st.lists(TRICKY | st.text(max_size=40), max_size=12).map("\n".join) | st.text() | st.binary())
@example(text="---\ntitle: x\nformat: cited-article/1\n---\n#")
@example(text="---\nformat: cited-article/1\nsource-a: x\n---\n#")
def test_reading_raises_nothing_but_format_errors(text):
    with suppress(FormatError):
        read(text, "any")


def test_digest_changes_only_with_content():
    article = ArticleFile("tides", "harbour", "Tides", "", "The sea.", (FileSection(1, "Moon", "It pulls."),))

    same = replace(
        article,
        name="other",
        kind="json",
        sections=tuple(replace(s, places=((0, 9, 9),)) for s in article.sections),
    )

    assert same.digest() == article.digest()
    assert replace(article, topics=(("sea", "The sea"),)).digest() == article.digest()
    assert replace(article, lead="The seas.").digest() != article.digest()


def test_markdown_export_is_readable():
    article = ArticleFile(
        "tides",
        "harbour",
        "Tides: why",
        "abcdefghijk",
        "The sea.",
        (
            FileSection(1, "Moon", "It pulls [00:06:31]."),
            FileSection(2, "Pull", "```\n# code\n```\n\n# Not a section"),
        ),
        notice="health",
        sources=(FileSource("e1", "harbour/why-tides-turn", "Why tides turn", "abcdefghijk"),),
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


EXPORT = {"format": "cited-article/1", "title": "Tides", "slug": "tides"}
SOURCE_ROW = {"key": "e1", "reference": "harbour/tides", "title": "On tides", "youtube_id": ""}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (json.dumps(EXPORT | {"title": "x" * 201}), "the title has 201 characters (limit 200): shorten it."),
        (json.dumps(EXPORT | {"slug": "x" * 201}), "the slug has 201 characters (limit 200): shorten it."),
        (json.dumps(EXPORT | {"slug": "a b"}), "the slug “a b” may contain only letters, digits, - and _: fix it."),
        (
            json.dumps(EXPORT | {"sections": [{"level": 1, "heading": "x" * 301, "body": ""}]}),
            "the heading of section 1 has 301 characters (limit 300): shorten it.",
        ),
        (
            json.dumps(EXPORT | {"sections": [{"level": 1.5, "heading": "x", "body": ""}]}),
            "the level of section 1 must be a number from 1 to 5.",
        ),
        (
            json.dumps(EXPORT | {"sections": [{"level": 7, "heading": "x", "body": ""}]}).replace("7", "7" * 5000),
            "the JSON contains a number with too many digits: use a smaller one.",
        ),
        (
            json.dumps(EXPORT | {"sources": [SOURCE_ROW | {"key": "k" * 21}]}),
            f"the source key “{'k' * 21}” has 21 characters (limit 20): shorten it.",
        ),
        (
            json.dumps(EXPORT | {"sources": [SOURCE_ROW | {"key": "1e"}]}),
            "the source key “1e” must start with a letter, followed by letters, digits, - or _: fix it.",
        ),
        (
            json.dumps(EXPORT | {"sources": [SOURCE_ROW, SOURCE_ROW]}),
            "two sources have the key “e1”: change one of them.",
        ),
        (
            json.dumps(EXPORT | {"sources": [SOURCE_ROW | {"title": "x" * 301}]}),
            "the title of source “e1” has 301 characters (limit 300): shorten it.",
        ),
        (
            json.dumps(EXPORT | {"video_id": "abc"}),
            "the YouTube id “abc” must be eleven letters, digits, - or _: fix it or leave it empty.",
        ),
        (
            json.dumps(EXPORT).replace('"slug"', '"title"'),
            "“title” appears twice in the same object: remove one.",
        ),
        (
            json.dumps({"title": "Tides"}),
            'not an exported article: the JSON needs "format": "cited-article/1" at the top level.',
        ),
        (
            json.dumps([EXPORT]),
            'not an exported article: the JSON needs "format": "cited-article/1" at the top level.',
        ),
        (
            json.dumps([{"show": {"handle": "harbour"}, "title": "On tides"}]),
            "this is an episodes file: pass it with --episodes.",
        ),
    ],
)
def test_invalid_json_export_says_why(text, message):
    with pytest.raises(FormatError) as raised:
        read(text, "any")

    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (f"title: {'x' * 201}\n---\n", "line 3: the title has 201 characters (limit 200): shorten it."),
        ("slug: a/b\n---\n", "line 3: the slug “a/b” may contain only letters, digits, - and _: fix it."),
        (
            f"title: x\n---\n\n# {'x' * 301}\n",
            "line 6: the heading of a section has 301 characters (limit 300): shorten it.",
        ),
        (
            'source-e1: ["e1", 1, "x", ""]\n---\n',
            'line 3: a source must be written as "[\\"key\\", \\"show/episode\\", \\"title\\", \\"YouTube id\\"]".',
        ),
        (
            "source-e1: 5\n---\n",
            'line 3: a source must be written as "[\\"key\\", \\"show/episode\\", \\"title\\", \\"YouTube id\\"]".',
        ),
        (
            'source-a: ["e1", "a/b", "x", ""]\nsource-b: ["e1", "a/c", "y", ""]\n---\n',
            "line 4: two sources have the key “e1”: change one of them.",
        ),
        ("title: x\ntitle: y\n---\n", "line 4: “title” appears twice in the front matter: remove one."),
        (
            'title: "\\ud800"\n---\n',
            "line 3: the text contains an invalid character (NUL or half a surrogate pair): remove it.",
        ),
    ],
)
def test_invalid_markdown_export_says_where(lines, message):
    with pytest.raises(FormatError) as raised:
        read(f"---\nformat: cited-article/1\n{lines}", "any")

    assert str(raised.value) == message


def test_json_file_is_never_read_as_prose():
    assert read("[00:06:31] is a moment.", "any").lead == "[00:06:31] is a moment."

    with pytest.raises(FormatError, match=r"^line 1: invalid JSON"):
        read("[00:06:31] is a moment.", "any", is_json=True)


def test_keys_that_nobody_reads_are_reported_in_markdown():
    text = 'format: cited-article/1\ntitle: "Tides"\ncolour: "blue"\nlanguage: de\nnotices: health\nsource-e: "[\\"e\\", \\"\\", \\"\\", \\"\\"]"'

    article = read(f"---\n{text}\n---\n\nThe sea.\n", "tides")

    assert [(p.line, p.text, p.reason, p.code) for p in article.problems] == [
        (4, "colour: blue", "The front matter key “colour” isn’t used.", "front-matter"),
        (5, "language: de", "The front matter key “language” isn’t used.", "front-matter"),
        (6, "notices: health", "The front matter key “notices” isn’t used.", "front-matter"),
    ]


def test_what_nobody_reads_is_reported_even_if_it_cannot_be_written():
    value = {"format": "cited-article/1", "title": "Tides", "sections": [], "\ud800": "half \udc00"}

    (problem,) = read(json.dumps(value), "tides", is_json=True).problems

    assert (problem.text, problem.reason) == ("?: half ?", "The key “?” isn’t used.")


def test_keys_that_nobody_reads_are_reported_in_json():
    value = {
        "format": "cited-article/1",
        "title": "Tides",
        "colour": "blue",
        "sections": [{"level": 1, "heading": "Moon", "textt": "lost words"}],
        "sources": [{"key": "e", "reference": "", "title": "", "youtube_id": "", "url": "https://e.example"}],
        "topics": [{"slug": "sea", "title": "Sea", "colour": 1}],
    }
    value["sections"][0]["body"] = ""

    article = read(json.dumps(value), "tides", is_json=True)

    assert [(p.text, p.reason) for p in article.problems] == [
        ("textt: lost words", "In sections, row 1, the key “textt” isn’t used."),
        ("url: https://e.example", "In sources, row 1, the key “url” isn’t used."),
        ("colour: 1", "In topics, row 1, the key “colour” isn’t used."),
        ("colour: blue", "The key “colour” isn’t used."),
    ]
