"""Reads what feedparser drops from a feed's items: all transcripts, links to chapters, and inline chapters."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from articles.core.recordings.people import NAME_MOST, PEOPLE_MOST, Person, folded, parse_people
from articles.core.timestamps import Form, TimestampError, parse_time

from .types import TranscriptLink

TITLE_MAX = 300
_PODCAST = ("https://podcastindex.org/namespace/", "https://github.com/podcastindex-org/podcast-namespace/")
_SIMPLE_CHAPTERS = "http://podlove.org/simple-chapters"
# feedparser treats items in these namespaces, or in none, as entries; both lists are in file order.
_FEEDS = (
    "http://backend.userland.com/",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://cyber.law.harvard.edu/rss/rss.html",
    "http://my.netscape.com/",
    "http://purl.org/atom/",
    "http://purl.org/net/rss",
    "http://purl.org/rss/",
    "http://rssnamespace.org/feed/ext/1.0",
    "http://www.w3.org/2005/atom",
    "http://www.w3.org/1999/xhtml",
)
_NORMAL_PLAY_TIME = Form.CLOCK | Form.SHORT | Form.FRACTION | Form.SECONDS


@dataclass(frozen=True)
class ItemTags:
    """The tags of one item, its guid as written.

    Chapters are pairs of seconds and title, `recordings` (alternate enclosures) are pairs of address and media type,
    problems are triples of part, text and reason.
    """

    guid: str = ""
    chapters_url: str = ""
    transcripts: tuple[TranscriptLink, ...] = ()
    chapters: tuple[tuple[int, str], ...] = ()
    recordings: tuple[tuple[str, str], ...] = ()
    people: tuple[Person, ...] = ()
    problems: tuple[tuple[str, str, str], ...] = ()


def channel_of(root: Element) -> Element:
    """Return the part of a feed that describes the show: the channel of RSS, else the root."""
    return next((element for element in root.iter() if _name(element)[1] == "channel" and _is_of_feed(element)), root)


def items_of(root: Element) -> Iterator[Element]:
    """Yield the items of a feed in file order."""
    for element in root.iter():
        if _name(element)[1] in ("item", "entry") and _is_of_feed(element):
            yield element


def people_in(parent: Element, address: str) -> tuple[tuple[Person, ...], list[tuple[str, str, str]]]:
    """Return the `podcast:person` tags directly in a channel or item, each name once, and problems as in `ItemTags`."""
    people: dict[str, Person] = {}
    problems: list[tuple[str, str, str]] = []
    for element in parent:
        if not _is_podcast(element, "person"):
            continue
        link, image = (joined(address, element.get(key, "")) for key in ("href", "img"))
        role, group = (_plain(element.get(key, "")).lower() for key in ("role", "group"))
        person = Person(_plain("".join(element.itertext())), role, group, link, image)
        try:
            [person] = parse_people(person.line or "|")
        except ValueError as error:
            problems.append(("podcast:person", person.name, f"This person was skipped. {error}"))
        else:
            people.setdefault(folded(person.name), person)
    kept = tuple(people.values())[:PEOPLE_MOST]
    if len(kept) < len(people):
        problems.append(("podcast:person", "", f"Only the first {PEOPLE_MOST} people were kept."))
    return kept, problems


def _plain(text: str) -> str:
    """Return a text as a line of people can hold it: without line ends, controls and separators."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.replace("|", "/").split())[:NAME_MOST].strip()


def read_tags(item: Element, address: str) -> ItemTags:
    """Return the item's Podcasting 2.0 and Podlove Simple Chapters tags; links are resolved against `address`."""
    transcripts: list[TranscriptLink] = []
    chapter_links: list[str] = []
    guids = {"guid": "", "id": ""}
    chapters: dict[int, str] = {}
    recordings: list[tuple[str, str]] = []
    problems: list[tuple[str, str, str]] = []
    for element in item:
        if _is_podcast(element, "transcript") or _is_podcast(element, "chapters"):
            part = f"podcast:{_name(element)[1]}"
            url = joined(address, element.get("url", ""))
            if not url:
                problems.append((part, element.get("url", ""), "The tag has no usable address."))
            elif part == "podcast:chapters":
                chapter_links.append(url)
            else:
                kind = element.get("type", "").split(";")[0].strip().lower()
                transcripts.append(TranscriptLink(url, kind, element.get("language", "").strip()))
        elif _is_podcast(element, "alternateenclosure"):
            kind = element.get("type", "").strip().lower()
            sources = [source.get("uri", "") for source in element if _is_podcast(source, "source")]
            recordings += [(url, kind) for source in sources if (url := joined(address, source))]
        elif _name(element)[1] in guids and _is_of_feed(element):
            guids[_name(element)[1]] = "".join(element.itertext()).strip()
        elif _name(element) == (_SIMPLE_CHAPTERS, "chapters"):
            for chapter in element:
                if _name(chapter) == (_SIMPLE_CHAPTERS, "chapter"):
                    _read_chapter(chapter, chapters, problems)
    problems += [
        ("podcast:chapters", url, "Another link to chapters came first; this one was ignored.")
        for url in chapter_links[1:]
    ]
    people, skipped = people_in(item, address)
    problems += skipped
    return ItemTags(
        guid=guids["guid"] or guids["id"],
        chapters_url=chapter_links[0] if chapter_links else "",
        transcripts=tuple(transcripts),
        chapters=tuple(sorted(chapters.items())),
        recordings=tuple(recordings),
        people=people,
        problems=tuple(problems),
    )


def _read_chapter(chapter: Element, chapters: dict[int, str], problems: list[tuple[str, str, str]]) -> None:
    written = chapter.get("start", "").strip()
    title = " ".join(chapter.get("title", "").split())
    try:
        start_seconds = int(parse_time(written, _NORMAL_PLAY_TIME).seconds)
    except TimestampError:
        start_seconds = -1
    if start_seconds < 0:
        reason = "The chapter’s start isn’t a time such as 00:05:13; it was skipped."
    elif not title:
        reason = "The chapter has no title and was skipped."
    elif len(title) > TITLE_MAX:
        reason = f"The chapter’s title has more than {TITLE_MAX} characters; it was skipped."
    elif start_seconds in chapters:
        reason = "Another chapter starts at the same second; this one was skipped."
    else:
        chapters[start_seconds] = title
        return
    problems.append(("psc:chapter", f"{written} {title}".strip(), reason))


def joined(address: str, url: str) -> str:
    """Return `url` resolved against the feed's address, "" if the result isn't an http(s) URL."""
    try:
        absolute = urljoin(address, url.strip()).replace(" ", "%20")
    except ValueError:
        return ""
    return absolute if url.strip() and absolute.lower().startswith(("http://", "https://")) else ""


def _is_of_feed(element: Element) -> bool:
    namespace = _name(element)[0]
    return not namespace or namespace.startswith(_FEEDS)


def _is_podcast(element: Element, name: str) -> bool:
    namespace, own = _name(element)
    return own == name and namespace.startswith(_PODCAST)


def _name(element: Element) -> tuple[str, str]:
    """Return the namespace and name of an element, both in lower case."""
    tag = element.tag if isinstance(element.tag, str) else ""
    namespace, _, name = tag.rpartition("}")
    return namespace.removeprefix("{").lower(), name.lower()
