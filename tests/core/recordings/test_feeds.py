"""Feeds: what is read about a show and its episodes, what is repaired, and what is reported."""

import codecs
import gzip
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.language.charset import encoding_name
from articles.core.recordings.feeds import (
    SIZE_LIMIT,
    Feed,
    FeedEpisode,
    FeedError,
    FeedProblem,
    TranscriptLink,
    parse_duration,
    read,
)
from articles.core.recordings.feeds.decoding import decode
from articles.core.recordings.feeds.parse import NOT_A_FEED
from tests.support.samples.feeds import NAMESPACES, VIDEOS, make_feed, make_item

EPISODE = FeedEpisode(
    number=1,
    title="On tides",
    guid="urn:harbour:1",
    published_on=date(2024, 5, 6),
    duration_seconds=3723,
    page_url="https://harbour.example/1",
    audio_url="https://audio.example/1.mp3",
)


def problems_of(feed):
    return [(problem.item, problem.part, problem.text, problem.reason) for problem in feed.problems]


# What is read -------------------------------------------------------------------------------------


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


# Durations ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("3723", 3723),
        (" 3723.5 ", 3724),
        ("3722,6", 3723),
        ("62:03", 3723),
        ("1:02:03", 3723),
        ("01:02:03.400", 3723),
        ("1:2:3", 3723),
        ("0:59", 59),
        ("180:00", 10800),
        ("1h 2m 3s", 3723),
        ("62 minutes", 3720),
        ("01:02:03:400", 3723),
        ("24:00:00", 86400),
        ("1000:00", 60_000),
        ("01:02:03.5", 3724),
        ("372.500", 373),
        ("62 min", 3720),
        ("3723s", 3723),
        ("PT1H2M", 3720),
        ("PT62M3S", 3723),
        ("P0DT1H2M3.4S", 3723),
    ],
)
def test_parse_duration_reads_all_notations(written, seconds):
    assert parse_duration(written) == seconds


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("about an hour", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("1:02:03:04", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("-5", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("-00:30", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("PT", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("P1DT2H", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("3,723", "The length may be thousands or a fraction of seconds; it was ignored. Enter it by hand."),
        ("0", "The length is 0; it was ignored."),
        ("٣٧٢٣", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored."),
        ("1:62:03", "Minutes and seconds go from 0 to 59; the length was ignored."),
        ("2:63", "Minutes and seconds go from 0 to 59; the length was ignored."),
        ("00:00:00", "The length is 0; it was ignored."),
        ("86401", "The length is over a day; it was ignored. Enter the right one by hand."),
        (
            "62:03:00",
            "The length is over a day (1:02:03 was probably meant); it was ignored. Enter the right one by hand.",
        ),
    ],
)
def test_parse_duration_explains_what_is_wrong(written, message):
    with pytest.raises(ValueError, match=r"\A.") as refusal:
        parse_duration(written)

    assert str(refusal.value) == message


@given(st.text(max_size=20))
def test_parse_duration_raises_nothing_but_value_errors(text):
    try:
        assert 0 < parse_duration(text) <= 86_400
    except ValueError as error:
        assert str(error)  # noqa: PT017  (the error must have a message)


@given(st.integers(1, 86_400))
def test_parse_duration_reads_what_is_written(seconds):
    clock = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"

    assert parse_duration(clock) == parse_duration(str(seconds)) == seconds
    if seconds < 60_000:  # minutes have three digits at most
        assert parse_duration(f"{seconds // 60}:{seconds % 60:02}") == seconds


def test_an_invalid_length_is_left_empty_and_reported():
    feed = read(make_feed(make_item(itunes__duration="an hour")))

    assert feed.episodes[0].duration_seconds is None
    assert problems_of(feed) == [
        (1, "duration", "an hour", "This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored.")
    ]


def test_the_length_of_the_media_is_read():
    media = '<m:content xmlns:m="http://search.yahoo.com/mrss/" url="https://a.example/1.mp4" duration="77"/>'

    assert read(make_feed(make_item(itunes__duration="", tags=media))).episodes[0].duration_seconds == 77


# Transcripts --------------------------------------------------------------------------------------


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


# What is repaired, and what is skipped --------------------------------------------------------------


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


# Encodings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "windows-1252"])
def test_read_uses_the_declared_encoding(encoding):
    data = make_feed(make_item(title="Flöße")).decode().replace('"UTF-8"', f'"{encoding}"').encode(encoding)

    assert read(data).episodes[0].title == "Flöße"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_read_reads_text_with_and_without_a_byte_order_mark(encoding):
    data = make_feed(make_item(title="Flöße")).decode().encode(encoding)

    feed = read(data)

    assert (feed.episodes[0].title, feed.problems) == ("Flöße", ())


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ("utf-7", "“utf-7” isn’t a text encoding; read as UTF-8."),
        ("cp99999", "“cp99999” isn’t a known encoding; read as UTF-8."),
    ],
)
def test_an_invalid_encoding_is_reported(declared, reason):
    feed = read(make_feed(make_item()).replace(b'"UTF-8"', f'"{declared}"'.encode()))

    assert feed.episodes == (EPISODE,)
    assert problems_of(feed) == [(0, "encoding", declared, reason)]


def test_undecodable_bytes_are_reported():
    feed = read(make_feed(make_item(title="Fl@sse")).replace(b"@", b"\xf6"))

    assert feed.episodes[0].title == "Flösse"
    reason = "Line 9: byte 0xF6 isn’t valid UTF-8; read as Windows-1252 (1, starting here)."
    assert problems_of(feed) == [(0, "encoding", "", f"{reason} Check that letters with accents are right.")]


@pytest.mark.parametrize(
    ("title", "encoding", "name"),
    [
        ("Беседа о приливах и о том, почему море уходит от берега", "cp1251", "cp1251"),
        ("潮の満ち引きと、月がそれをどのように引き起こすかについて話します", "cp932", "Shift JIS"),
        ("Rozmowa o pływach, żegludze i łodziach, które wracają z morza", "cp1250", "Windows-1250"),
        ("La marée qui s’en va est déjà là, et l’été aussi", "cp1252", "Windows-1252"),
    ],
)
@pytest.mark.parametrize("declaration", [b"", b'<?xml version="1.0" encoding="UTF-8"?>'])
def test_other_encodings_without_a_true_declaration_are_detected(title, encoding, name, declaration):
    body = make_feed(make_item(title=title)).decode().partition("?>")[2].encode(encoding)

    feed = read(declaration + body)

    assert feed.episodes[0].title == title
    assert [problem.part for problem in feed.problems] == ["encoding"]
    assert encoding_name(codecs.lookup(encoding).name) in feed.problems[0].reason


def test_one_item_in_another_encoding_and_a_cut_letter_leave_the_rest_alone():
    items = [make_item(1, title="Flöße und Bäche"), make_item(2, title="@"), make_item(3, title="Über Öl und Fl@")]
    first, _, last = make_feed(*items).rpartition(b"@")
    data = first.replace(b"@", "Ebbe in Köln".encode("cp1252")) + b"\xc3" + last

    feed = read(data)

    assert [episode.title for episode in feed.episodes] == ["Flöße und Bäche", "Ebbe in Köln", "Über Öl und FlÃ"]
    assert ["(2, starting here)" in problem.reason for problem in feed.problems] == [True]


@pytest.mark.parametrize(
    ("declared", "charset", "title", "encoding", "reasons"),
    [
        ("", "windows-1251", "Море", "cp1251", []),
        ("windows-1251", "ISO-8859-1", "Море", "cp1251", []),
        ("UTF-8", "ISO-8859-1", "Ebbe – Köln", "cp1252", ["read as Windows-1252 (1, starting here)"]),
        ("UTF-8", "windows-1251", "Море", "cp1251", ["read as WINDOWS-1251, as the server says"]),
        ("ISO-8859-1", "", "Ebbe – Köln", "cp1252", []),
        ("", "ISO-8859-1", "Ebbe – Köln", "utf-8", []),
    ],
)
def test_the_declaration_comes_before_the_server_and_utf_8_before_both(declared, charset, title, encoding, reasons):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = make_feed(make_item(title=title)).decode().partition("?>")[2]

    feed = read((declaration + body).encode(encoding), charset=charset)

    assert feed.episodes[0].title == title
    assert [reason in problem.reason for reason, problem in zip(reasons, feed.problems, strict=True)] == [True] * len(
        reasons
    )


def test_compressed_feeds_are_read():
    data = make_feed(make_item(1), make_item(2))

    assert read(gzip.compress(data)) == read(gzip.compress(data[:200]) + gzip.compress(data[200:])) == read(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            gzip.compress(make_feed(make_item()))[:-20],
            "the compressed file ends before it is complete. Fetch the feed again.",
        ),
        (b"\x1f\x8b" + make_feed(make_item()), "the compressed file is damaged. Fetch the feed again."),
        (gzip.compress(bytes(SIZE_LIMIT + 10)), "the file is larger than 32 MB, too large for a feed."),
    ],
)
def test_damaged_and_too_large_compressed_feeds_are_refused(data, message):
    with pytest.raises(FeedError) as refusal:
        read(data)

    assert str(refusal.value) == message


@given(st.binary(max_size=300))
def test_decoding_loses_no_ascii(data):
    text, _ = decode(b"<a>" + data + b"</a>")

    assert text.startswith("<a>")
    assert [c for c in text if c in "<>"] == [chr(b) for b in b"<a>" + data + b"</a>" if b in b"<>"]


def test_utf_8_declared_as_something_else_is_read_and_reported():
    feed = read(make_feed(make_item(title="Flöße")).replace(b'"UTF-8"', b'"ISO-8859-1"'))

    assert feed.episodes[0].title == "Flöße"
    assert problems_of(feed) == [(0, "encoding", "ISO-8859-1", "The text isn’t ISO-8859-1 as declared; read as UTF-8.")]


# What is refused ----------------------------------------------------------------------------------

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


# Never any other error ------------------------------------------------------------------------------

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
