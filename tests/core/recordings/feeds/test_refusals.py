"""Files that aren’t feeds are refused with a reason, and no content raises any other error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.feeds import (
    Feed,
    FeedError,
    read,
)
from articles.core.recordings.feeds.parse import NOT_A_FEED
from tests.support.samples.feeds import EPISODE, make_feed, make_item

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<rss version="2.0"><channel><title>&c;</title></channel></rss>"""


ENTITIES = (
    "the file declares its own entities, which a feed doesn’t need and which can exhaust memory. "
    "Remove the <!DOCTYPE …> at its start."
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty."),
        (b" \n", "the file is empty."),
        (
            b"<html><body><p>Our show</p></body></html>",
            NOT_A_FEED,
        ),
        (
            b'<!DOCTYPE HTML><link rel=alternate type="application/rss+xml" href="https://a.example/f?a&amp;b"><p>Our<br>show',
            f"{NOT_A_FEED} The page names this feed: https://a.example/f?a&b",
        ),
        (
            b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
            "this is JSON, perhaps a JSON Feed, and only RSS and Atom are read. Give the address of one of these.",
        ),
        (
            b"<rss><channel>\n<title>A</channel></rss>",
            "line 2, column 11: the XML is not well-formed (mismatched tag). Fix it there or fetch the feed again.",
        ),
        (BOMB, ENTITIES),
        (BOMB.decode().encode("utf-16"), ENTITIES),
        (b'<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel>&f;</channel></rss>', ENTITIES),
        (b'<!DOCTYPE rss [<!ENTITY % f SYSTEM "http://a.example/x">%f;]><rss/>', ENTITIES),
        (b" " * (32 * 1024 * 1024 + 1), "the file is larger than 32 MB, too large for a feed."),
        (
            b"<rss " + b" ".join(b'xmlns:p%d="urn:%d"' % (n, n) for n in range(501)) + b"/>",
            "it declares more than 500 prefixes (xmlns:…), too many for a feed.",
        ),
    ],
)
def test_a_file_that_is_not_a_feed_is_refused_with_a_reason(data, message):
    with pytest.raises(FeedError) as refusal:
        read(data)

    assert str(refusal.value) == message


def test_a_document_type_without_entities_is_read_and_not_fetched():
    doctype = b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss-0.91.dtd">\n<rss'

    assert read(make_feed(make_item()).replace(b"<rss", doctype)).episodes == (EPISODE,)


def test_a_file_whose_bytes_are_a_path_is_not_opened():
    with pytest.raises(FeedError):
        read(b"/etc/hostname")


pieces = st.sampled_from(
    [
        *("<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<rss>", "</rss>", "<channel>", "&amp;"),
        *("<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE rss [", "<!ENTITY a 'b'>", "]>", "&a;", "&nbsp;", "&#0;", "&"),
        *(
            "<podcast:transcript url='x'/>",
            "<podcast:chapters url='http://['/>",
            "<link>http://[</link>",
            "\x00",
            "\ud7ff",
        ),
        *(
            "<itunes:duration>",
            "</itunes:duration>",
            "<pubDate>Mon, 99 May 99999</pubDate>",
            "<a:b xmlns:a='c'>",
            "<?xml",
        ),
        *(
            "<enclosure url='http://[::1' type='audio/mpeg'/>",
            "<media:content duration='x'/>",
            "<yt:videoId>x</yt:videoId>",
        ),
        *("<psc:chapters><psc:chapter start='9999:99:999999' title='x'/></psc:chapters>", "<guid>", "</guid>", "words"),
    ]
)


@given(st.lists(pieces | st.text(max_size=5), max_size=14).map("".join))
def test_any_item_content_raises_only_feed_errors(inside):
    try:
        feed = read(make_feed(make_item(tags=inside), make_item(2)), "https://harbour.example/feed")
    except FeedError as error:
        feed = error

    assert isinstance(feed, Feed | FeedError)


@given(st.binary() | st.lists(pieces, max_size=20).map(lambda parts: "".join(parts).encode()), st.text(max_size=20))
def test_any_file_content_raises_only_feed_errors(data, address):
    try:
        feed = read(data, address)
    except FeedError as error:
        feed = error

    assert isinstance(feed, Feed | FeedError)


@given(st.integers(0, 2_000))
def test_a_feed_cut_anywhere_loses_no_item_silently(length):
    data = make_feed(make_item(1), make_item(2), make_item(3))[:length]
    begun = data.count(b"<item>")
    try:
        feed = read(data)
    except FeedError:
        return

    reported = {problem.item for problem in feed.problems if problem.part == "item"}
    assert len(feed.episodes) + len(reported) == begun
