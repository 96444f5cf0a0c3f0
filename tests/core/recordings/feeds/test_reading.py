"""Feeds: what is read about a show and its episodes."""

from datetime import date

import pytest

from articles.core.recordings.feeds import (
    Feed,
    FeedEpisode,
    TranscriptLink,
    read,
)
from tests.support.samples.feeds import EPISODE, VIDEOS, make_feed, make_item, problems_of


def test_read_reads_a_show_and_its_episodes():
    feed = read(make_feed(make_item(), tags="<podcast:guid>9b0246c0</podcast:guid>"))

    assert feed == Feed("The Harbour Hour", "https://harbour.example", (EPISODE,), ())


def test_read_reads_a_channel_of_videos():
    feed = read(VIDEOS)

    video = FeedEpisode(1, "On tides", published_on=date(2024, 5, 6), youtube_id="abcdefghijk")
    assert feed == Feed("The Harbour Hour", "https://www.youtube.com/channel/UCharbour", episodes=(video,))


def test_read_keeps_every_transcript_and_the_link_to_chapters():
    tags = """
    <podcast:transcript url="https://a.example/1.html" type="text/html"/>
    <podcast:transcript url="1.srt" type="application/x-subrip" language="en-GB" rel="captions"/>
    <podcast:transcript url="/1.vtt" type="text/vtt; charset=utf-8" language="de"/>
    <podcast:chapters url="1.json" type="application/json+chapters"/>"""

    episode = read(make_feed(make_item(tags=tags)), "https://harbour.example/feeds/all.xml").episodes[0]

    assert episode.transcripts == (
        TranscriptLink("https://a.example/1.html", "text/html"),
        TranscriptLink("https://harbour.example/feeds/1.srt", "application/x-subrip", "en-GB"),
        TranscriptLink("https://harbour.example/1.vtt", "text/vtt", "de"),
    )
    assert episode.chapters_url == "https://harbour.example/feeds/1.json"


def test_tags_belong_to_their_items():
    items = [make_item(n, tags=f'<podcast:chapters url="https://a.example/{n}.json"/>') for n in (1, 2, 3)]

    episodes = read(make_feed(*items)).episodes

    assert [(e.guid, e.chapters_url) for e in episodes] == [
        (f"urn:harbour:{n}", f"https://a.example/{n}.json") for n in (1, 2, 3)
    ]


def test_read_knows_the_old_podcast_namespace():
    old = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
    data = make_feed(make_item(tags='<podcast:chapters url="https://a.example/1.json"/>')).decode()

    feed = read(data.replace("https://podcastindex.org/namespace/1.0", old).encode())

    assert feed.episodes[0].chapters_url == "https://a.example/1.json"


def test_read_reads_inline_chapters():
    tags = """<psc:chapters version="1.2">
      <psc:chapter start="00:05:13.500" title="Moon"/><psc:chapter start="0" title=" Hello  there "/>
      <psc:chapter start="later" title="Lost"/><psc:chapter start="5:13" title="Twice"/><psc:chapter start="6:00"/>
    </psc:chapters>"""

    feed = read(make_feed(make_item(tags=tags)))

    assert feed.episodes[0].chapters == ((0, "Hello there"), (313, "Moon"))
    assert problems_of(feed) == [
        (1, "psc:chapter", "later Lost", "The chapter’s start isn’t a time such as 00:05:13; it was skipped."),
        (1, "psc:chapter", "5:13 Twice", "Another chapter starts at the same second; this one was skipped."),
        (1, "psc:chapter", "6:00", "The chapter has no title and was skipped."),
    ]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Tides &amp; time", "Tides & time"),
        ("Tides &amp;amp; time", "Tides & time"),
        ("<![CDATA[<b>Tides</b>  & time]]>", "Tides & time"),
        ("\n Tides\n time ", "Tides time"),
        ("1 &lt; 2", "1 < 2"),
        ("&lt;section&gt;", "<section>"),
        ("When to use &lt;b&gt; and &lt;strong&gt;", "When to use <b> and <strong>"),
        ("<![CDATA[Why &lt;slot&gt; matters]]>", "Why <slot> matters"),
        ("Without &amp;lt;marquee&amp;gt;", "Without <marquee>"),
        ("Is a &lt;b and b&gt; c", "Is a <b and b> c"),
        ("&lt;em&gt;Deep &lt;i&gt;sea&lt;/i&gt;&lt;/em&gt; &lt;!-- x --&gt;", "Deep sea <!-- x -->"),
    ],
)
def test_read_returns_titles_as_one_line_of_plain_text(written, title):
    assert read(make_feed(make_item(title=written))).episodes[0].title == title


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Mon, 06 May 2024 23:30:00 -0700", date(2024, 5, 6)),
        ("6 May 2024 10:00 GMT", date(2024, 5, 6)),
        ("2024-05-06T10:00:00Z", date(2024, 5, 6)),
        ("2024-05-06", date(2024, 5, 6)),
    ],
)
def test_read_uses_the_publishers_date(written, day):
    assert read(make_feed(make_item(pubDate=written))).episodes[0].published_on == day


def test_read_prefers_audio_to_other_recordings():
    tags = """<enclosure url="https://a.example/cover.png" type="image/png"/>
    <enclosure url="https://a.example/1.mp4" type="video/mp4"/><enclosure url="https://a.example/1.m4a" type="audio/mp4"/>"""

    feed = read(make_feed(make_item(enclosure="", tags=tags)))

    assert feed.episodes[0].audio_url == "https://a.example/1.m4a"
    assert problems_of(feed) == [
        (1, "enclosure", "https://a.example/1.mp4", "Another recording of this item was used.")
    ]


@pytest.mark.parametrize(
    ("links", "best"),
    [
        ([("a", "application/json", ""), ("b", "application/x-subrip", ""), ("c", "text/vtt", "")], "c"),
        ([("a", "text/plain", ""), ("b", "application/json", ""), ("c", "application/srt", "")], "c"),
        ([("a", "text/html", ""), ("b", "text/plain", "")], "b"),
        ([("a", "text/vtt", "de"), ("b", "text/plain", "en_US")], "b"),
        ([("a", "text/vtt", "de"), ("b", "application/x-subrip", "fr")], "a"),
        ([("a.html", "", ""), ("b.srt", "", ""), ("c.vtt?x=1", "", "")], "c.vtt?x=1"),
        ([("a", "text/html", ""), ("b", "", "")], None),
        ([], None),
    ],
)
def test_best_transcript_is_english_and_in_the_best_format(links, best):
    transcripts = tuple(TranscriptLink(f"https://a.example/{url}", kind, lang) for url, kind, lang in links)

    found = FeedEpisode(1, "On tides", transcripts=transcripts).best_transcript

    assert (found.url.removeprefix("https://a.example/") if found else None) == best


@pytest.mark.parametrize(
    ("link", "name"),
    [
        (TranscriptLink("https://a.example/talk.vtt?key=1", "text/vtt"), "talk.vtt"),
        (TranscriptLink("https://a.example/talk/42", "application/x-subrip"), "42.srt"),
        (TranscriptLink("https://a.example/", "application/json"), "transcript.json"),
    ],
)
def test_file_name_of_a_transcript_has_the_extension_of_its_format(link, name):
    assert link.file_name == name


def test_a_guid_is_the_same_wherever_the_feed_is():
    data = make_feed(make_item(guid="41 b"), make_item(2, guid="https://harbour.example/?p=2"))

    feeds = [read(data), read(data, "https://one.example/feed.xml"), read(data, "https://two.example/rss/")]

    assert [[episode.guid for episode in feed.episodes] for feed in feeds] == [
        ["41 b", "https://harbour.example/?p=2"]
    ] * 3
    assert feeds[1].episodes[0].joined_guid == "https://one.example/41 b"
    assert feeds[1].episodes[1].joined_guid == ""


def test_a_guid_that_is_no_address_is_no_page():
    [episode] = read(make_feed(make_item(guid="41", link="")), "https://one.example/feed.xml").episodes

    assert (episode.guid, episode.page_url) == ("41", "")


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("/audio/1.mp3", "https://one.example/audio/1.mp3"),
        ("//cdn.example/1.mp3", "https://cdn.example/1.mp3"),
        (" https://cdn.example/my file.mp3 ", "https://cdn.example/my%20file.mp3"),
        ("ftp://cdn.example/1.mp3", "ftp://cdn.example/1.mp3"),
    ],
)
def test_the_address_of_the_recording_is_completed(written, url):
    [episode] = read(make_feed(make_item(enclosure=written)), "https://one.example/feed.xml").episodes

    assert episode.audio_url == url


def test_a_recording_that_is_only_media_content_is_used():
    media = 'xmlns:media="http://search.yahoo.com/mrss/"'
    content = f'<media:content {media} url="https://a.example/1.mp3" type="audio/mpeg" duration="99"/>'
    page = f'<media:content {media} url="https://a.example/1.html" type="text/html"/>'

    feed = read(make_feed(*(make_item(enclosure="", itunes__duration="", tags=tag) for tag in (content, page))))

    assert [(e.audio_url, e.duration_seconds) for e in feed.episodes] == [("https://a.example/1.mp3", 99), ("", None)]
