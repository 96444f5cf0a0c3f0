"""Feeds that aren’t well-formed or valid: what is repaired, what is skipped, and how it is reported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.feeds import (
    FeedError,
    FeedProblem,
    read,
)
from tests.support.samples.feeds import EPISODE, NAMESPACES, VIDEOS, make_feed, make_item, problems_of


@pytest.mark.parametrize(
    ("title", "read_as", "reason"),
    [
        ("Salt & sand", "Salt & sand", "& doesn’t start an XML reference; read as HTML (1, starting here)."),
        ("Salt&nbsp;sand", "Salt sand", "& doesn’t start an XML reference; read as HTML (1, starting here)."),
        ("A&B;", "A&B;", "& doesn’t start an XML reference; read as HTML (1, starting here)."),
        (
            "Salt&#2;sand",
            "Salt\ufffdsand",
            "& doesn’t start an XML reference; read as HTML (1, starting here).",
        ),
        ("Salt \x08sand", "Salt sand", "characters that XML forbids were removed (1, starting here)."),
    ],
)
def test_broken_text_is_repaired_and_reported(title, read_as, reason):
    feed = read(make_feed(make_item(title=title)))

    assert feed.episodes[0].title == read_as
    assert [(problem.item, problem.part, problem.reason) for problem in feed.problems] == [
        (0, "xml", f"Line 9: {reason}")
    ]


def test_undeclared_prefixes_have_their_usual_meaning():
    data = make_feed(make_item(tags='<podcast:chapters url="https://a.example/1.json"/>')).decode()

    feed = read(data.replace(NAMESPACES, "").encode())

    assert (feed.episodes[0].duration_seconds, feed.episodes[0].chapters_url) == (3723, "https://a.example/1.json")
    assert problems_of(feed) == [
        (0, "xml", "itunes:, podcast:", "Line 1: these prefixes aren’t declared; they got their usual meaning.")
    ]


def test_an_item_whose_tag_hides_others_is_skipped_and_the_others_keep_their_tags():
    items = [make_item(n, tags=f'<podcast:chapters url="https://a.example/{n}.json"/>') for n in (1, 2, 3)]
    items[1] = items[1].replace("</title>", "")

    feed = read(make_feed(*items))

    assert [(e.number, e.guid, e.chapters_url) for e in feed.episodes] == [
        (1, "urn:harbour:1", "https://a.example/1.json"),
        (3, "urn:harbour:3", "https://a.example/3.json"),
    ]
    assert problems_of(feed) == [
        (
            2,
            "item",
            "<item> <title>On tides <guid>urn:harbour:2</guid> <link>https://harbour.example/",
            "Line 17: the item is not well-formed (mismatched tag) and was skipped.",
        )
    ]


SLIPS = [
    ("<rss ", '<rss version="2.0" ', "Line 2: version is given twice; the first was used."),
    ("<rss ", '<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" ', "xmlns:itunes is given twice"),
    ("<channel>", "<channel>\n<!-- made -- by hand -->", "Line 4: -- in a comment was removed."),
    (
        "<channel>",
        "<channel>\n<description>Boats<br>and more</description>",
        "Line 4: <br> isn’t closed; read as ending here.",
    ),
    ("<language>", "<image><title>Logo</title><language>", "The feed is broken outside its items"),
    ("<language>", "</p><language>", "Line 6: </p> ends nothing; it was removed."),
    ("</channel>", "</chanel>", "The feed is broken outside its items"),
    ("</rss>", "</rss><script>track()</script>", "The channel’s own elements after its first item were left out."),
    ("On tides</title>", "On tides</Title>", "</Title> ends nothing; read as </title>."),
    ("</guid>", "</giud>", "</giud> ends nothing; read as </guid>."),
    ('length="1"', "length=1", 'the value of length isn’t quoted; read as "1".'),
    ('" length=', '"length=', "there is no space before length."),
    ("<guid>", "<guid isPermaLink>", 'the value of isPermaLink isn’t quoted; read as "".'),
    ("</link>", " ]]></link>", "]]> ends nothing; read as text."),
    ("</channel>", "<docs>1 < 2 <3</docs></channel>", "< doesn’t start a tag; read as text."),
]


@pytest.mark.parametrize(("part", "broken", "reason"), SLIPS)
def test_one_slip_rejects_nothing_and_is_reported(part, broken, reason):
    data = make_feed(make_item(1), make_item(2)).decode().replace(part, broken, 1)

    feed = read(data.encode())

    assert feed.title == "The Harbour Hour"
    assert [(e.number, e.title, e.guid, e.duration_seconds, e.audio_url) for e in feed.episodes] == [
        (n, "On tides", f"urn:harbour:{n}", 3723, f"https://audio.example/{n}.mp3") for n in (1, 2)
    ]
    assert any(reason in problem.reason for problem in feed.problems)


def test_text_before_the_feed_is_left_out_and_reported():
    feed = read(b"Warning: date() on line 3\n" + make_feed(make_item()))

    assert feed.episodes == (EPISODE,)
    assert problems_of(feed) == [
        (0, "xml", "Warning: date() on line 3", "Line 1: the text before the feed was left out.")
    ]


def test_a_broken_atom_feed_is_recovered_in_its_namespace():
    feed = read(VIDEOS.replace(b"</yt:channelId>", b"</yt:chanelId>").replace(b"</published>", b"</publised>"))

    assert [(episode.title, episode.youtube_id) for episode in feed.episodes] == [("On tides", "abcdefghijk")]
    assert [problem.item for problem in feed.problems] == [0, 1]


def test_only_atom_says_that_a_title_is_html():
    html = b'<title type="html">Why &lt;a href="x"&gt;salt&lt;/a&gt; needs &amp;lt;b&amp;gt;</title>'
    text = b'<title type="text">Why &lt;a&gt; is a tag</title>'
    entry = b"<title>On tides</title>\n  <link"
    assert entry in VIDEOS

    titles = [read(VIDEOS.replace(entry, title + b"<link")).episodes[0].title for title in (html, text)]

    assert titles == ["Why salt needs <b>", "Why <a> is a tag"]


@given(st.integers(0, 700), st.sampled_from("<>&\"'/=x\x0b"))
def test_one_stray_character_never_loses_an_item_silently(place, character):
    data = make_feed(make_item(1), make_item(2), make_item(3)).decode()
    start = data.index("<item>")
    try:
        feed = read((data[: start + place] + character + data[start + place :]).encode())
    except FeedError as error:
        assert str(error)  # noqa: PT017  (a refusal must say why)
        return

    skipped = [problem for problem in feed.problems if problem.part in ("item", "title")]
    assert len(feed.episodes) + len(skipped) >= 3


def test_a_truncated_feed_is_read_as_far_as_possible():
    whole = make_feed(make_item(1), make_item(2), make_item(3))

    feed = read(whole[: whole.index(b"urn:harbour:3")])

    assert [episode.guid for episode in feed.episodes] == ["urn:harbour:1", "urn:harbour:2"]
    assert problems_of(feed) == [(3, "item", "", "Line 24: the item doesn’t end and was skipped.")]


def test_an_item_without_a_title_is_skipped_and_reported():
    feed = read(make_feed(make_item(title=""), make_item(2)))

    assert [episode.number for episode in feed.episodes] == [2]
    assert problems_of(feed) == [(1, "title", "urn:harbour:1", "The item has no title and was skipped.")]


def test_invalid_values_are_reported_and_the_rest_is_kept():
    tags = """<podcast:transcript type="text/vtt"/><podcast:transcript url="ftp://a.example/1.vtt"/>
    <podcast:transcript url="https://a.example/1.html" type="text/html"/>
    <podcast:chapters url="https://a.example/1.json"/><podcast:chapters url="https://a.example/2.json"/>
    <yt:videoId xmlns:yt="http://www.youtube.com/xml/schemas/2015">abc</yt:videoId>"""

    feed = read(make_feed(make_item(pubDate="soon", tags=tags)))

    assert feed.episodes[0].audio_url == "https://audio.example/1.mp3"
    assert problems_of(feed) == [
        (1, "podcast:transcript", "", "The tag has no usable address."),
        (1, "podcast:transcript", "ftp://a.example/1.vtt", "The tag has no usable address."),
        (
            1,
            "podcast:chapters",
            "https://a.example/2.json",
            "Another link to chapters came first; this one was ignored.",
        ),
        (1, "yt:videoId", "abc", "This isn’t a YouTube id of eleven characters; it was ignored."),
        (1, "pubDate", "soon", "This isn’t a date such as “Mon, 06 May 2024 10:00:00 GMT”; it was ignored."),
        (1, "podcast:transcript", "text/html", "Transcripts of this type can’t be read; they were ignored."),
    ]


@pytest.mark.parametrize("written", ["1715000000", "06.05.", "Mon, 32 Foo 2024"])
def test_what_only_looks_like_a_date_is_reported(written):
    feed = read(make_feed(make_item(pubDate=written)))

    assert feed.episodes[0].published_on is None
    assert [(problem.part, problem.text) for problem in feed.problems] == [("pubDate", written)]


@pytest.mark.parametrize("before", ["<br />\n<b>Warning</b>: x() in y.php on line 3<br />\n", "</div><!-- a -->\n"])
def test_tags_before_the_feed_are_left_out(before):
    feed = read(before.encode() + make_feed(make_item()))

    assert feed.episodes == (EPISODE,)
    assert [problem.reason for problem in feed.problems] == ["Line 1: the text before the feed was left out."]


def test_problems_are_values_with_a_place():
    assert read(make_feed(make_item(itunes__duration="0"))).problems == (
        FeedProblem(1, "duration", "0", "The length is 0; it was ignored."),
    )


ALTERNATE = '<podcast:alternateEnclosure type="{type}"><podcast:source uri="{uri}"/></podcast:alternateEnclosure>'


def test_alternate_enclosures_are_reported_or_used():
    same = ALTERNATE.format(type="audio/mpeg", uri="https://audio.example/1.mp3")
    other = ALTERNATE.format(type="video/mp4", uri="https://video.example/1.mp4")

    feed = read(make_feed(make_item(1, tags=same + other), make_item(2, enclosure="", tags=other + same)))

    assert [episode.audio_url for episode in feed.episodes] == ["https://audio.example/1.mp3"] * 2
    reason = "Another recording of this item was used."
    assert problems_of(feed) == [(n, "enclosure", "https://video.example/1.mp4", reason) for n in (1, 2)]


def test_an_item_of_which_nothing_can_be_heard_is_reported():
    item = "<item><title>{title}</title>{tags}</item>"
    page = "<link>https://harbour.example/2</link>"

    feed = read(make_feed(item.format(title="On tides", tags=""), item.format(title="On ebb", tags=page), make_item(3)))

    assert [episode.title for episode in feed.episodes][:2] == ["On tides", "On ebb"]
    reason = "This item has neither a recording nor a page, so nothing of it can be heard."
    assert problems_of(feed) == [(1, "enclosure", "", reason)]
