"""Writes the cited moments of an episode for other programs: as soundbites of a podcast feed, and as a playlist."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from articles.core.language.shorten import shorten_at_word
from articles.core.recordings.people import Person
from articles.core.recordings.transcripts import typed_text

SECONDS = 30  # of a moment without an end: the claim and some context
TITLE_LENGTH = 128  # that the podcast namespace recommends for a soundbite's title
NAMESPACE = "https://podcastindex.org/namespace/1.0"

# Characters that XML 1.0 doesn't allow, not even escaped (section 2.2).
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class CitedMoment:
    """What an article cites: whole seconds from the start, the end or None, the claim ("" if there is none) and where
    the moment can be heard ("" if nowhere)."""

    start_seconds: int
    end_seconds: int | None
    claim: str
    address: str

    def seconds(self, length: int | None) -> int:
        """Return how long the moment lasts, at least a second, in a recording of `length` seconds (None if unknown)."""
        end = self.end_seconds or self.start_seconds + SECONDS
        return max(min(end, length or end) - self.start_seconds, 1)


@dataclass(frozen=True)
class Recording:
    """The episode: its title and page, the show's title and page, its length in seconds, None if unknown, and the people
    of both."""

    title: str
    address: str
    show_title: str
    show_address: str
    length_seconds: int | None
    people: Sequence[Person] = ()
    show_people: Sequence[Person] = ()


def soundbites(recording: Recording, moments: Iterable[CitedMoment]) -> Iterator[str]:
    """Yield the pieces of an RSS 2.0 feed with one item, whose `podcast:soundbite` are the moments, each once.

    https://github.com/Podcastindex-org/podcast-namespace, "Soundbite" and "Person". Its publisher can copy them into the
    show's feed; `moments` are in order of time.
    """
    channel = "".join(
        f"<{name}>{_xml(text)}</{name}>"
        for name, text in [
            ("title", recording.show_title),
            ("link", recording.show_address),
            ("description", recording.show_title),
        ]
    )
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:podcast={quoteattr(NAMESPACE)}>\n<channel>'
    yield f"{channel}\n{_people(recording.show_people)}"
    yield f"<item><title>{_xml(recording.title)}</title><link>{_xml(recording.address)}</link>\n"
    yield _people(recording.people)
    for moment, seconds in _each_once(moments, recording):
        start, title = moment.start_seconds, _xml(shorten_at_word(_line(moment.claim), TITLE_LENGTH))
        yield f'<podcast:soundbite startTime="{start}.0" duration="{seconds}.0">{title}</podcast:soundbite>\n'
    yield "</item>\n</channel>\n</rss>\n"


def playlist(recording: Recording, moments: Iterable[CitedMoment]) -> Iterator[str]:
    """Yield the pieces of an extended M3U playlist in UTF-8 (`.m3u8`) of the moments that can be heard, each once.

    Addresses of audio files have a media fragment; for players that ignore it, VLC's options say the same.
    """
    yield f"#EXTM3U\n#PLAYLIST:{typed_text(recording.title)}\n"
    for moment, seconds in _each_once((moment for moment in moments if moment.address), recording):
        yield (
            f"#EXTINF:{seconds},{typed_text(moment.claim) or typed_text(recording.title)}\n"
            f"#EXTVLCOPT:start-time={moment.start_seconds}\n#EXTVLCOPT:stop-time={moment.start_seconds + seconds}\n"
            f"{_line(moment.address)}\n"
        )


def _each_once(moments: Iterable[CitedMoment], recording: Recording) -> Iterator[tuple[CitedMoment, int]]:
    """Yield the first of the `moments`, in order of time, that have the same start and length, and that length."""
    start, lengths = -1, set[int]()
    for moment in moments:
        if moment.start_seconds != start:
            start, lengths = moment.start_seconds, set()
        seconds = moment.seconds(recording.length_seconds)
        if seconds not in lengths:
            lengths.add(seconds)
            yield moment, seconds


def _people(people: Iterable[Person]) -> str:
    """Return the people as `podcast:person`, one per line."""
    lines = []
    for person in people:
        given = {"role": person.role, "group": person.group, "img": person.image, "href": person.link}
        attributes = "".join(f" {key}={quoteattr(_NO_XML.sub('', value))}" for key, value in given.items() if value)
        lines.append(f"<podcast:person{attributes}>{_xml(person.name)}</podcast:person>\n")
    return "".join(lines)


def _line(text: str) -> str:
    return " ".join(text.split())


def _xml(text: str) -> str:
    return escape(_NO_XML.sub("\ufffd", text))
