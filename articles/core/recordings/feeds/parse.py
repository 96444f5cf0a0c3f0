"""Reads a feed: the common parts with feedparser, the podcast tags with a parser that expands no entities."""

import html
import io
import math
import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import nh3

from articles.core.language.shorten import shorten
from articles.core.timestamps import Form, TimestampError, format_label, one_field_lower, parse_time

from .decoding import decode, decompressed
from .podcast_tags import ItemTags, channel_of, items_of, joined, people_in, read_tags
from .repair import well_formed
from .types import Feed, FeedEpisode, FeedError, FeedProblem

PROBLEM_LIMIT = 5_000
TITLE_LIMIT = 1_000  # characters that are read; a title has at most 300
LONGEST = 24 * 3600  # seconds; longer durations are nearly always minutes written as hours
# Anything else in a title that looks like a tag is what the title is about: “How <dialog> works”.
_FORMATTED = re.compile(
    r"<(b|i|em|strong|u|small|sub|sup|span|font)(?:\s[^<>]*)?>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL
)
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_LENGTH = Form.CLOCK | Form.SHORT | Form.FRACTION | Form.SECONDS | Form.UNITS | Form.ISO
_CLOCK = re.compile(r"(?:[0-9]{1,4}:)?[0-9]{1,3}:[0-9]{1,2}(?:[.,][0-9]{1,9})?")
_LONG_MINUTES = re.compile(r"[0-9]{4}:[0-5][0-9]")
_THOUSANDS = re.compile(r"[0-9]{1,3},[0-9]{3}|[0-9]{1,2}\.[0-9]{3}")
_PAGE = re.compile(r"\s*+(?><!--.*?-->\s*+)*+<(?:!DOCTYPE\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF)\b")
_FEED_LINK = re.compile(r"""<link\b[^>]*\btype=["']?application/(?:rss|atom)\+xml\b[^>]*>""", re.IGNORECASE)
_HREF = re.compile(r"""\bhref=["']?([^"'\s>]+)""", re.IGNORECASE)
NOT_A_FEED = "not a feed: it is neither RSS nor Atom. Give the address of the feed, not of the show’s page."
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}\Z")


def read(data: bytes, address: str = "", charset: str = "") -> Feed:
    """Return what an RSS or Atom feed (including YouTube's) says about a show and its episodes.

    Relative links are resolved against `address`, the URL of the feed; `charset` is what its server said. Broken XML
    is repaired where possible; unreadable items are skipped and listed. Raises only FeedError, if it isn't a feed.
    """
    text, problems = decode(decompressed(data), charset)
    if refusal := _other_kind(text):
        raise FeedError(refusal)
    document, repairs = well_formed(text)
    parsed = _parsed(document.text, address)
    items = list(items_of(document.root))
    entries = parsed.entries
    if not parsed.version and not entries:
        raise FeedError(NOT_A_FEED)
    if len(items) != len(entries):
        raise FeedError(f"the file has {len(items)} items but {len(entries)} were read, so they can’t be matched.")
    people, skipped = people_in(channel_of(document.root), address)
    problems += [*repairs, *(FeedProblem(0, *problem) for problem in skipped)]
    numbers = document.numbers
    if numbers is None or len(numbers) != len(items):
        numbers = tuple(range(1, len(items) + 1))
    episodes: list[FeedEpisode] = []
    for number, entry, item in zip(numbers, entries, items, strict=True):
        episode, item_problems = _episode(number, entry, read_tags(item, address), address, parsed.version)
        problems += item_problems
        if episode is not None:
            episodes.append(episode)
    if len(problems) > PROBLEM_LIMIT:
        more = len(problems) - PROBLEM_LIMIT
        problems[PROBLEM_LIMIT:] = [FeedProblem(0, "feed", "", f"{more} more problems are not listed.")]
    title, url = _title(parsed.feed, parsed.version), _text(parsed.feed.get("link"))
    return Feed(title, url, tuple(episodes), tuple(problems), people)


def parse_duration(text: str) -> int:
    """Return the whole seconds of a length: `3723`, `3723.4`, `62:03`, `1:02:03`, `01:02:03.400`, `1h 2m`, `PT1H2M3S`.

    Raises ValueError with a readable message for anything else, for zero, and for more than a day.
    """
    text = text.strip()
    if _LONG_MINUTES.fullmatch(text):
        hours, minutes = divmod(int(text[:4]), 60)
        text = f"{hours}:{minutes:02}:{text[5:]}"
    if _THOUSANDS.fullmatch(text):
        raise ValueError("The length may be thousands or a fraction of seconds; it was ignored. Enter it by hand.")
    try:
        seconds = math.floor(parse_time(text, _LENGTH).seconds + 0.5)
    except TimestampError as error:
        if _CLOCK.fullmatch(text):
            raise ValueError("Minutes and seconds go from 0 to 59; the length was ignored.") from error
        raise ValueError("This isn’t a length such as 3723, 62:03 or 1:02:03; it was ignored.") from error
    if seconds == 0:
        raise ValueError("The length is 0; it was ignored.")
    if seconds > LONGEST:
        lower = one_field_lower(text)
        hint = f" ({format_label(lower)} was probably meant)" if lower else ""
        raise ValueError(f"The length is over a day{hint}; it was ignored. Enter the right one by hand.")
    return seconds


def _other_kind(text: str) -> str:
    """Return why a text isn't XML and so not a feed, "" if it may be one."""
    if not text.strip():
        return "the file is empty."
    if _PAGE.match(text):
        link = _FEED_LINK.search(text)
        href = _HREF.search(link[0]) if link else None
        return f"{NOT_A_FEED} The page names this feed: {html.unescape(href[1])}" if href else NOT_A_FEED
    if text.lstrip().startswith(("{", "[")) and not _ROOT.search(text):
        return "this is JSON, perhaps a JSON Feed, and only RSS and Atom are read. Give the address of one of these."
    return ""


def _parsed(text: str, address: str) -> Any:
    """Return feedparser's result. It only gets bytes, because it would open a path or fetch a URL."""
    # Imported when first needed: every command would wait for it, and few read a feed.
    import feedparser  # type: ignore[import-untyped]

    headers = {"content-type": "application/xml; charset=utf-8", "content-location": address}
    data = io.BytesIO(text.encode("utf-8", "replace"))
    try:
        return feedparser.parse(data, response_headers=headers, resolve_relative_uris=False, sanitize_html=False)
    except Exception as error:  # feedparser doesn't document what it raises
        raise FeedError(f"the feed cannot be read ({type(error).__name__}: {error}).") from error


def _episode(
    number: int, entry: Any, tags: ItemTags, address: str, version: str
) -> tuple[FeedEpisode | None, list[FeedProblem]]:
    """Return an item as an episode and its problems; None instead of an episode if it has no title."""
    problems: list[FeedProblem] = []

    def note(part: str, text: str, reason: str) -> None:
        problems.append(FeedProblem(number, part, shorten(" ".join(text.split()), 120), reason))

    for problem in tags.problems:
        note(*problem)
    title = _title(entry, version) or _line(entry.get("itunes_title"))
    if not title:
        note("title", _text(entry.get("id")), "The item has no title and was skipped.")
        return None, problems
    youtube_id = _text(entry.get("yt_videoid"))
    if youtube_id and not _YOUTUBE_ID.match(youtube_id):
        note("yt:videoId", youtube_id, "This isn’t a YouTube id of eleven characters; it was ignored.")
        youtube_id = ""
    published = _text(entry.get("published"))
    published_on = _date(published, entry.get("published_parsed"))
    if published and published_on is None:
        note("pubDate", published, "This isn’t a date such as “Mon, 06 May 2024 10:00:00 GMT”; it was ignored.")
    duration_seconds = None
    for written in (_text(entry.get("itunes_duration")), _text(_first(entry.get("media_content")).get("duration"))):
        if written and duration_seconds is None:
            try:
                duration_seconds = parse_duration(written)
            except ValueError as error:
                note("duration", written, str(error))
    offered = [] if youtube_id else [{"href": url, "type": kind} for url, kind in dict(tags.recordings).items()]
    audio_url, others = _enclosure(entry.get("enclosures") or ([] if youtube_id else _media(entry)) or offered, address)
    for url in [*others, *(url for url in dict(tags.recordings) if url not in (audio_url, *others))]:
        note("enclosure", url, "Another recording of this item was used.")
    if any(link.rank is None for link in tags.transcripts):
        named = ", ".join(link.type or link.url for link in tags.transcripts if link.rank is None)
        note("podcast:transcript", named, "Transcripts of this type can’t be read; they were ignored.")
    found = _text(entry.get("id"))
    guid = _text(tags.guid) or found
    page_url = "" if youtube_id else _page(_text(entry.get("link")), found, guid)
    if not (audio_url or youtube_id or page_url):
        note("enclosure", "", "This item has neither a recording nor a page, so nothing of it can be heard.")
    episode = FeedEpisode(
        number=number,
        title=title,
        guid="" if youtube_id and guid == f"yt:video:{youtube_id}" else guid,
        joined_guid=found if found != guid else "",
        published_on=published_on,
        duration_seconds=duration_seconds,
        page_url=page_url,
        audio_url=audio_url,
        youtube_id=youtube_id,
        chapters_url=tags.chapters_url,
        transcripts=tags.transcripts,
        chapters=tags.chapters,
        people=tags.people,
    )
    return episode, problems


def _date(written: str, parsed: Any) -> date | None:
    """Return the date in the publisher's time zone; for unusual formats, feedparser's date in UTC."""
    for reader in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            return reader(written).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    try:
        found = date(*parsed[:3])
    except (ValueError, TypeError, OverflowError):
        return None
    # feedparser finds a date in any number; a real one has its year.
    return found if re.search(rf"(?<!\d){found.year}(?!\d{{5}})|(?<!\d){found.year % 100:02}(?!\d)", written) else None


def _media(entry: Any) -> list[dict[str, Any]]:
    """Return the recordings that an item without enclosure gives as `media:content`, like enclosures."""
    media = entry.get("media_content")
    rows = [row for row in media if isinstance(row, dict)] if isinstance(media, list) else []
    kinds = ("audio/", "video/")
    return [row | {"href": row.get("url")} for row in rows if _text(row.get("type")).lower().startswith(kinds)]


def _enclosure(enclosures: list[Any], address: str) -> tuple[str, list[str]]:
    """Return the URL of the recording, preferring audio, and the URLs of the other recordings."""
    kinds = [(_text(enclosure.get("href")), _text(enclosure.get("type")).lower()) for enclosure in enclosures]
    recordings = [
        (joined(address, url) or url, kind)
        for url, kind in kinds
        if url and not kind.startswith(("image/", "application/pdf"))
    ]
    recordings.sort(key=lambda recording: not recording[1].startswith("audio/"))
    return (recordings[0][0], [url for url, _ in recordings[1:]]) if recordings else ("", [])


def _page(link: str, found: str, guid: str) -> str:
    """Return the item's page; feedparser replaces a missing link with the guid it `found`, even if that isn't a URL."""
    return "" if link == found and not guid.lower().startswith(("http://", "https://")) else link


def _first(values: Any) -> dict[str, Any]:
    return values[0] if isinstance(values, list) and values and isinstance(values[0], dict) else {}


def _text(value: Any) -> str:
    return _UNUSABLE.sub("\ufffd", value).strip() if isinstance(value, str) else ""


def _title(entry: Any, version: str) -> str:
    """Return the title of an item or feed as plain text. Only Atom says whether a title is HTML."""
    title = entry.get("title")
    detail = entry.get("title_detail") or {}
    if version.startswith("atom") and str(detail.get("type")) in ("text/html", "application/xhtml+xml"):
        title = nh3.clean(_text(title)[:TITLE_LIMIT], tags=set())
    return _line(title)


def _line(value: Any) -> str:
    """Return a title on one line, without pairs of formatting tags, and with doubly encoded entities decoded."""
    text = _text(value)[:TITLE_LIMIT]
    while (plain := _FORMATTED.sub(r"\2", text)) != text:
        text = plain
    return " ".join(_text(html.unescape(text)).split())
