"""The values that reading a feed returns: a show, its episodes with their links, and what could not be read."""

from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from articles.core.recordings.people import Person

SIZE_LIMIT = 32 * 1024 * 1024  # bytes; twenty years of a daily show take about fifteen million

# Best first: WebVTT and SubRip have cues of a few seconds with end times; plain text may have no times at all.
_FORMATS = {
    "text/vtt": 0,
    "application/srt": 1,
    "application/x-subrip": 1,
    "text/srt": 1,
    "application/json": 2,
    "application/ttml+xml": 3,
    "text/plain": 4,
}
_ENDINGS = {".vtt": 0, ".srt": 1, ".json": 2, ".ttml": 3, ".dfxp": 3, ".txt": 4}
_ENDING_OF = {0: ".vtt", 1: ".srt", 2: ".json", 3: ".ttml", 4: ".txt"}


class FeedError(ValueError):
    """A file without a readable feed; the message says what is wrong, where, and what to do."""


@dataclass(frozen=True)
class TranscriptLink:
    """One `podcast:transcript`: its URL, media type and language (BCP 47); "" if not given."""

    url: str
    type: str = ""
    language: str = ""

    @property
    def rank(self) -> int | None:
        """The rank of the format: 0 is best, None means that it can't be read, such as HTML."""
        ending = PurePosixPath(urlsplit(self.url).path).suffix.lower()
        return _FORMATS.get(self.type, _ENDINGS.get(ending) if self.type in ("", "application/octet-stream") else None)

    @property
    def file_name(self) -> str:
        """The last part of the URL, with the extension for its type."""
        path = PurePosixPath(urlsplit(self.url).path)
        if self.rank is None or path.suffix.lower() in _ENDINGS:
            return path.name
        return f"{path.name or 'transcript'}{_ENDING_OF[self.rank]}"


@dataclass(frozen=True)
class FeedProblem:
    """A part of an item that could not be read: the item's number from 1 (0 for the feed itself), text and reason."""

    item: int
    part: str
    text: str
    reason: str


@dataclass(frozen=True)
class FeedEpisode:
    """One item of a feed; "" and None mean not given. `chapters` are pairs of seconds and title.

    `guid` is as written. `joined_guid` is the same resolved against the feed's address, "" if that makes no difference:
    what earlier imports may have stored.
    """

    number: int
    title: str
    guid: str = ""
    joined_guid: str = ""
    published_on: date | None = None
    duration_seconds: int | None = None
    page_url: str = ""
    audio_url: str = ""
    youtube_id: str = ""
    chapters_url: str = ""
    transcripts: tuple[TranscriptLink, ...] = ()
    chapters: tuple[tuple[int, str], ...] = ()
    people: tuple[Person, ...] = ()

    @property
    def best_transcript(self) -> TranscriptLink | None:
        """The transcript to use: English first, because the checker handles it best, then by format."""
        usable = [link for link in self.transcripts if link.rank is not None]
        return min(usable, key=lambda link: (not _is_english(link.language), link.rank), default=None)


@dataclass(frozen=True)
class Feed:
    """A show as described by its feed, its episodes in feed order, and what could not be read."""

    title: str
    url: str = ""
    episodes: tuple[FeedEpisode, ...] = ()
    problems: tuple[FeedProblem, ...] = ()
    people: tuple[Person, ...] = ()


def _is_english(language: str) -> bool:
    return language.lower().replace("_", "-").split("-")[0] == "en"
