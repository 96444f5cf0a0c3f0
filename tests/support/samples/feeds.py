"""Invented feeds: a podcast with Podcasting 2.0 tags, and a video channel."""

from datetime import date

from articles.core.recordings.feeds import FeedEpisode

NAMESPACES = (
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:podcast="https://podcastindex.org/namespace/1.0" '
    'xmlns:psc="http://podlove.org/simple-chapters"'
)


def make_item(number=1, *, title="On tides", tags="", **parts):
    """Return an item as XML; `parts` are elements by name, and "" leaves one out."""
    elements = {
        "title": title,
        "guid": f"urn:harbour:{number}",
        "link": f"https://harbour.example/{number}",
        "pubDate": "Mon, 06 May 2024 10:00:00 GMT",
        "itunes:duration": "1:02:03",
        "enclosure": f"https://audio.example/{number}.mp3",
    } | {name.replace("__", ":"): value for name, value in parts.items()}
    lines = [f"<{name}>{value}</{name}>" for name, value in elements.items() if value and name != "enclosure"]
    if elements["enclosure"]:
        lines.append(f'<enclosure url="{elements["enclosure"]}" length="1" type="audio/mpeg"/>')
    return "\n".join(["<item>", *lines, *([tags] if tags else []), "</item>"])


def make_feed(*items, title="The Harbour Hour", link="https://harbour.example", tags=""):
    """Return a podcast feed as bytes."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {NAMESPACES}>\n<channel>\n'
    channel = f"<title>{title}</title>\n<link>{link}</link>\n<language>en-GB</language>\n{tags}\n"
    return (head + channel + "\n".join(items) + "\n</channel>\n</rss>\n").encode()


VIDEOS = b"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"
  xmlns="http://www.w3.org/2005/Atom">
 <link rel="self" href="https://www.youtube.com/feeds/videos.xml?channel_id=UCharbour"/>
 <id>yt:channel:harbour</id>
 <yt:channelId>harbour</yt:channelId>
 <title>The Harbour Hour</title>
 <link rel="alternate" href="https://www.youtube.com/channel/UCharbour"/>
 <entry>
  <id>yt:video:abcdefghijk</id>
  <yt:videoId>abcdefghijk</yt:videoId>
  <title>On tides</title>
  <link rel="alternate" href="https://www.youtube.com/watch?v=abcdefghijk"/>
  <published>2024-05-06T23:30:00+00:00</published>
  <updated>2024-05-09T00:00:00+00:00</updated>
  <media:group><media:title>On tides</media:title></media:group>
 </entry>
</feed>
"""


# What is read of `make_item()`.
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
    """Return what was reported about a feed, as comparable tuples."""
    return [(problem.item, problem.part, problem.text, problem.reason) for problem in feed.problems]
