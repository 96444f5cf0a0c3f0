"""Soundbites are read back by lxml and feedparser, playlists line by line as players read them."""

import feedparser
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from articles.core.recordings.cited_moments import NAMESPACE, CitedMoment, Recording, playlist, soundbites

RECORDING = Recording("Tides & <moons>", "https://x.example/t/", "Harbour", "https://x.example/", 3600)
TEXTS = st.text(max_size=40)
MOMENTS = st.lists(
    st.builds(
        lambda start, length, claim, address: CitedMoment(start, length and start + length, claim, address),
        st.integers(0, 5000),
        st.none() | st.integers(1, 600),
        TEXTS,
        st.just("") | TEXTS.map(lambda text: f"https://a.example/{text.strip()}"),
    ),
    max_size=8,
).map(lambda moments: sorted(moments, key=lambda moment: moment.start_seconds))


def read_soundbites(text):
    root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
    return [
        (float(row.get("startTime")), float(row.get("duration")), row.text or "")
        for row in root.iterfind(f"channel/item/{{{NAMESPACE}}}soundbite")
    ]


def read_playlist(text):
    """Return (seconds, title, address) of the entries."""
    head, *lines = text.split("\n")
    assert head == "#EXTM3U"
    entries, info = [], None
    for line in lines:
        if line.startswith("#EXTINF:"):
            seconds, _, title = line.removeprefix("#EXTINF:").partition(",")
            info = int(seconds), title
        elif line and not line.startswith("#"):
            entries.append((*info, line))
    return entries


@given(moments=MOMENTS, length=st.none() | st.integers(1, 6000), title=TEXTS)
def test_soundbites_are_read_back(moments, length, title):
    recording = Recording(title, "https://x.example/t/", title, "https://x.example/", length)

    found = read_soundbites("".join(soundbites(recording, moments)))

    times = [(float(m.start_seconds), float(m.seconds(length))) for m in moments]
    assert [(start, duration) for start, duration, _ in found] == list(dict.fromkeys(times))
    assert all(len(text) <= 128 and duration >= 1 for _, duration, text in found)


@given(moments=MOMENTS, title=TEXTS)
def test_playlists_are_read_back(moments, title):
    recording = Recording(title, "https://x.example/t/", title, "https://x.example/", None)

    found = read_playlist("".join(playlist(recording, moments)))

    heard = {}
    for moment in moments:
        if moment.address:
            heard.setdefault((moment.start_seconds, moment.seconds(None)), " ".join(moment.address.split()))
    assert [(seconds, address) for seconds, _, address in found] == [
        (seconds, address) for (_, seconds), address in heard.items()
    ]


def test_soundbites_are_an_item_of_a_feed():
    moments = [
        CitedMoment(391, None, "It rises & falls.", "https://a.example/1.mp3#t=391"),
        CitedMoment(391, 400, "Only the beginning.", ""),
        CitedMoment(391, None, "Said again.", ""),
        CitedMoment(3590, 3700, "<b>", ""),
        CitedMoment(4000, None, "\x00past the end", ""),
    ]
    text = "".join(soundbites(RECORDING, moments))

    feed = feedparser.parse(text)

    assert (feed.bozo, feed.version, feed.feed.title) == (False, "rss20", "Harbour")
    assert [(entry.title, entry.link) for entry in feed.entries] == [("Tides & <moons>", "https://x.example/t/")]
    assert read_soundbites(text) == [
        (391.0, 30.0, "It rises & falls."),
        (391.0, 9.0, "Only the beginning."),
        (3590.0, 10.0, "<b>"),
        (4000.0, 1.0, "\ufffdpast the end"),
    ]


def test_a_playlist_has_what_can_be_heard_and_where_it_ends():
    moments = [
        CitedMoment(391, 430, "It\nrises.", "https://a.example/1.mp3#t=391,430"),
        CitedMoment(500, None, "", "https://www.youtube.com/watch?v=abcdefghijk&t=500s"),
        CitedMoment(500, None, "Said again.", "https://www.youtube.com/watch?v=abcdefghijk&t=500s"),
        CitedMoment(600, None, "Nowhere.", ""),
    ]

    assert "".join(playlist(RECORDING, moments)) == (
        "#EXTM3U\n#PLAYLIST:Tides & <moons>\n"
        "#EXTINF:39,It rises.\n#EXTVLCOPT:start-time=391\n#EXTVLCOPT:stop-time=430\nhttps://a.example/1.mp3#t=391,430\n"
        "#EXTINF:30,Tides & <moons>\n#EXTVLCOPT:start-time=500\n#EXTVLCOPT:stop-time=530\n"
        "https://www.youtube.com/watch?v=abcdefghijk&t=500s\n"
    )
