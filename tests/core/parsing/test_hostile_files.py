"""Files that no program writes are refused early: four times as much takes about four times as long."""

import json
import signal
import time
from contextlib import contextmanager, suppress

import pytest

from articles.core.formats import FormatError
from articles.core.formats import read as read_article
from articles.core.parsing import markup_limits
from articles.core.parsing.markup_limits import ATTRIBUTES_MAX, DEPTH_MAX, NAMESPACES_MAX, excess_in_json, excess_in_xml
from articles.core.recordings import chapters, feeds, transcripts
from articles.core.recordings.feeds.recovery import parse as parse_feed_xml

ITEM = '<item><title>A</title><guid>1</guid><enclosure url="https://a.example/a.mp3" type="audio/mpeg"/></item>'
HEAD = (
    '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0" '
    'xmlns:psc="http://podlove.org/simple-chapters" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
)


def feed(*parts, start=""):
    return f"{start}{HEAD}<title>T</title>{''.join(parts)}{ITEM}</channel></rss>"


def ttml(*parts, attributes=""):
    body = f'<p begin="1s" end="2s" {attributes}>Word.</p>{"".join(parts)}'
    return f'<tt xmlns="http://www.w3.org/ns/ttml"><body><div>{body}</div></body></tt>'


def vtt(*parts):
    return f"WEBVTT\n\n00:01.000 --> 00:02.000\n{''.join(parts)}\n"


def numbered(piece, count):
    return "".join(piece.replace("#", str(number)) for number in range(count))


QUOTED, IN_NAMESPACE, TWICE = ' a#="1"', ' itunes:a#="1"', ' a="1"'
YOUTUBE = '<text start="#" dur="1">x</text>'
FEEDS = {
    "attributes": lambda n: feed(f"<item{numbered(QUOTED, n)}><title>b</title></item>"),
    "attributes in a namespace": lambda n: feed(f"<item{numbered(IN_NAMESPACE, n)}><title>b</title></item>"),
    "unquoted attributes": lambda n: feed(f"<item{numbered(' a#=1', n)}><title>b</title></item>"),
    "attributes without a space": lambda n: feed(f"<item{numbered(QUOTED.strip(), n)}><title>b</title></item>"),
    "attributes without a value": lambda n: feed(f"<item{numbered(' a#', n)}><title>b</title></item>"),
    "one attribute often": lambda n: feed(f"<item{TWICE * n}><title>b</title></item>"),
    "depth": lambda n: feed("<a>" * n, "</a>" * n),
    "depth in an item": lambda n: feed("<item><title>x</title>", "<a>" * n, "</a>" * n, "</item>"),
    "unclosed elements": lambda n: feed("<a>" * n),
    "ends of nothing": lambda n: feed("</a>" * n),
    "default namespaces": lambda n: feed(numbered('<a xmlns="u:#"/>', n)),
    "one prefix": lambda n: feed(numbered('<a xmlns:p="u:#"/>', n)),
    "prefixes": lambda n: feed(numbered('<a xmlns:p#="u:x"/>', n)),
    "undeclared prefixes": lambda n: feed(numbered("<p#:a/>", n)),
    "elements": lambda n: feed("<category>x</category>" * n),
    "items": lambda n: feed("<item><title>x</title></item>" * n),
    "titles": lambda n: feed("<item>", "<title>x</title>" * n, "</item>"),
    "enclosures": lambda n: feed(
        "<item><title>x</title>", numbered('<enclosure url="https://a.example/#" type="audio/mpeg"/>', n), "</item>"
    ),
    "transcripts": lambda n: feed(
        "<item><title>x</title>",
        numbered('<podcast:transcript url="https://a.example/#" type="text/vtt"/>', n),
        "</item>",
    ),
    "chapters": lambda n: feed(
        "<item><title>x</title><psc:chapters>",
        numbered('<psc:chapter start="#" title="x#"/>', n),
        "</psc:chapters></item>",
    ),
    "formatting in a title": lambda n: feed("<item><title>", "&lt;b&gt;" * n, "x", "&lt;/b&gt;" * n, "</title></item>"),
    "unclosed formatting in a title": lambda n: feed("<item><title>", "&lt;b&gt;" * n, "x</title></item>"),
    "ampersands": lambda n: feed("<item><title>", "& " * n, "x</title></item>"),
    "less than": lambda n: feed("<item><title>", "< " * n, "x</title></item>"),
    "unclosed quotes": lambda n: feed("<item><title>", '<a "' * n, "x</title></item>"),
    "two kinds of quotes": lambda n: feed("<item><title>", "<a '\"" * n, "x</title></item>"),
    "comments": lambda n: feed("<!-- -" * n),
    "CDATA": lambda n: feed("<![CDATA[" * n),
    "ends of CDATA": lambda n: feed("]]>" * n),
    "unclosed items": lambda n: feed("<item>" * n),
    "broken items": lambda n: feed("<item>\n<title>a</b></item>\n" * n),
    "instructions": lambda n: feed("<?a ?>" * n),
    "a prolog": lambda n: feed("& ", start="<!-- --> <?x ?>" * n),
    "an unclosed prolog": lambda n: feed("& ", start="<!-- -->" * n + "<?x" * n),
    "a DTD": lambda n: feed(start=f"<!DOCTYPE x [{'<!ELEMENT a ANY>' * n}]>"),
    "blank lines in a title": lambda n: feed("<item><title>", "\n" * 20 * n, "x</b></item>"),
    "links in a description": lambda n: feed(
        "<item><title>x</title><description>", '&lt;a href="x"&gt;00:01:02 x' * n, "</description></item>"
    ),
}
TRANSCRIPTS = {
    "attributes": lambda n: ttml(attributes=numbered(QUOTED, n)),
    "depth": lambda n: ttml("<span>" * n, "x", "</span>" * n),
    "elements": lambda n: ttml("<p/>" * n),
    "cues": lambda n: ttml(numbered('<p begin="#s" end="#s">Word.</p>', n)),
    "loose text": lambda n: ttml("x<br/>" * n),
    "YouTube": lambda n: f"<transcript>{numbered(YOUTUBE, n)}</transcript>",
    "tags": lambda n: vtt("<b>" * n),
    "closed tags": lambda n: vtt("<b>" * n, "x", "</b>" * n),
    "voices": lambda n: vtt("<v " * n),
    "settings": lambda n: f"WEBVTT\n\n00:01.000 --> 00:02.000{numbered(' a:#', n)}\nWord.\n",
    "entities": lambda n: vtt("&amp;" * n),
    "arrows": lambda n: vtt("-->" * n),
    "times": lambda n: vtt("00:01.000 --> " * n),
    "a long word": lambda n: vtt("x" * 20 * n),
    "lines": lambda n: vtt("x\n" * n),
    "blank lines": lambda n: vtt("\n\n" * n, "x"),
    "carriage returns": lambda n: vtt("\r" * 20 * n, "x"),
    "digits": lambda n: f"1\n00:00:01,000 --> 00:00:02,000\n{'1' * n}\n",
    "brackets": lambda n: f"[00:00:04] {'[' * n}",
    "colons": lambda n: f"[00:00:04] {'1:' * n}",
    "speakers": lambda n: "".join(f"[00:00:{i % 60:02}] S{i}: x\n" for i in range(n)),
    "JSON lists": lambda n: json.dumps([[]] * n),
    "JSON depth": lambda n: "[" * n + "]" * n,
    "JSON lines": lambda n: '{"start": 1, "end": 2, "text": "x"}\n' * n,
    "JSON keys": lambda n: json.dumps({"segments": [{"start": 1, "text": "x"} | {f"k{i}": i for i in range(n)}]}),
    "table": lambda n: "start,end,text\n" + "1,2," + '"' * n,
}
CHAPTERS = {
    "rows": lambda n: json.dumps({"chapters": [{"startTime": i, "title": f"x{i}"} for i in range(n)]}),
    "rows without a title": lambda n: json.dumps({"chapters": [{"startTime": i} for i in range(n)]}),
    "keys": lambda n: json.dumps({"chapters": [{"startTime": 1, "title": "x"} | {f"k{i}": i for i in range(n)}]}),
    "depth": lambda n: '{"chapters": ' + "[" * n + "]" * n + "}",
    "formatting": lambda n: json.dumps({"chapters": [{"startTime": 1, "title": "<b>" * n + "x" + "</b>" * n}]}),
    "entities": lambda n: json.dumps({"chapters": [{"startTime": 1, "title": "&amp;" * n}]}),
}
ARTICLES = {
    "JSON lists": lambda n: '{"format": "cited-article/1", "sections": ' + json.dumps([[]] * n) + "}",
    "JSON depth": lambda n: '{"format": "cited-article/1", "sections": ' + "[" * n + "]" * n + "}",
    "tags": lambda n: article("<b>" * n),
    "closed tags": lambda n: article("<div>" * n, "x", "</div>" * n),
    "attributes": lambda n: article(f"<a{numbered(QUOTED, n)}>x</a>"),
    "images": lambda n: article(numbered("![x](https://a.example/#.png) ", n)),
    "data": lambda n: article("![](data:image/png;base64," * n),
    "comments": lambda n: article("<!--" * n),
}


def article(*parts):
    return f"---\ntitle: T\nvideoId: abcdefghijk\n---\n\nFrom: [[x]]\n\n{''.join(parts)}\n"


READERS = [
    (feeds.read, feeds.FeedError, FEEDS),
    (transcripts.read, transcripts.TranscriptError, TRANSCRIPTS),
    (chapters.read_json, chapters.ChaptersError, CHAPTERS),
    (lambda data: read_article(data, "x"), FormatError, ARTICLES),
]
CASES = [
    pytest.param(reader, refused, make, id=f"{refused.__name__.removesuffix('Error')}: {name}")
    for reader, refused, shapes in READERS
    for name, make in shapes.items()
]


@contextmanager
def at_most(seconds):
    """Fail after that many seconds, rather than never end."""

    def fail(*args):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(("reader", "refused", "make"), CASES)
def test_reading_takes_time_in_proportion_to_the_file(reader, refused, make):
    def seconds(count):
        data = make(count).encode()
        started = time.process_time()
        with at_most(60), suppress(refused):
            reader(data)
        return time.process_time() - started

    seconds(10)
    assert seconds(6_000) < 9 * seconds(1_500) + 0.5


@pytest.mark.parametrize("kind", [name for name in FEEDS if "attribute" in name and "often" not in name])
def test_a_feed_with_too_many_attributes_is_refused_by_name_and_line(kind):
    with pytest.raises(
        feeds.FeedError, match=r"line 1: <item.* has more than 200 attributes, which no program writes\."
    ):
        feeds.read(FEEDS[kind](100_000).encode())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"<a{numbered(QUOTED, ATTRIBUTES_MAX)}/>", None),
        (f"<a{numbered(QUOTED, ATTRIBUTES_MAX + 1)}/>", "attributes"),
        (f"<p>{numbered(QUOTED, 900)}</p><!-- <a{numbered(QUOTED, 900)}> --><![CDATA[<a{numbered(QUOTED, 900)}>]]>", None),
        ("<a>" * DEPTH_MAX, None),
        ("<a>" * (DEPTH_MAX + 1), "nested"),
        ("<br><p>x</p><img>" * 900, None),
        ("<item><b></item>" * 900, None),
        (numbered('<a xmlns:p#="u:#"/>', NAMESPACES_MAX), None),
        (numbered('<a xmlns:p#="u:#"/>', NAMESPACES_MAX + 1), "namespaces"),
        ('<a xmlns="u:1"/>' * 900, None),
    ],
)  # fmt: skip
def test_what_a_program_may_write_is_read(text, reason):
    excess = excess_in_xml(text)

    assert (excess is None) == (reason is None)
    assert reason is None or reason in excess


def test_elements_and_objects_are_counted(monkeypatch):
    monkeypatch.setattr(markup_limits, "ELEMENTS_MAX", 3)
    monkeypatch.setattr(markup_limits, "OBJECTS_MAX", 3)

    assert excess_in_xml("<a/>" * 3) is None
    assert "elements" in excess_in_xml("<a/>" * 4)
    assert excess_in_json("[{}, {}]") is None
    assert "objects" in excess_in_json("[{}, {}, []]")


def test_a_refused_feed_is_never_parsed(monkeypatch):
    parsed = []
    monkeypatch.setattr(
        "articles.core.recordings.feeds.repair.parse", lambda text: parsed.append(text) or parse_feed_xml(text)
    )

    with pytest.raises(feeds.FeedError):
        feeds.read(FEEDS["attributes"](1_000).encode())
    assert parsed == []
