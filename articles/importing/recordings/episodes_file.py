"""Reads an episodes file, and holds what is known about shows and episodes before an import."""

import json
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError

from articles.core.language.folding import folded_name
from articles.core.parsing.markup_limits import excess_in_json
from articles.core.recordings.chapters import plain_title, read_start
from articles.core.timestamps import TimestampError
from articles.models import Episode, Show
from articles.models.recordings.addresses import validate_web_address, validate_youtube_id

from .editions import KEYS as EDITION_KEYS
from .editions import KnownEdition, duration_of, read_editions, text_of

ADDRESS_LIMIT = 500
_SHOW = frozenset({"handle", "title", "url"})
_TIMES = {"published_on", "duration_seconds", "chapters"}
_ENTRY = frozenset({"show", "title", "page_url", "audio_url", "youtube_id", "editions", *_TIMES})


class EpisodesError(ValueError):
    """An unusable episodes file; the message says which entry is wrong and why."""


EPISODES_KEPT = 50


@dataclass(frozen=True)
class KnownEpisode:
    """What is known about an episode. None and empty values don't overwrite existing ones."""

    show_handle: str
    title: str
    youtube_id: str = ""
    show_title: str = ""
    show_url: str = ""
    published_on: date | None = None
    duration_seconds: int | None = None
    page_url: str = ""
    audio_url: str = ""
    chapters: tuple[tuple[int, str], ...] = ()
    editions: tuple[KnownEdition, ...] = ()


@dataclass
class KnownEpisodes:
    """What is known before an import: entries of an episodes file, and titles from show indexes."""

    by_youtube_id: dict[str, KnownEpisode] = field(default_factory=dict)
    by_show: dict[str, list[KnownEpisode]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)  # reported: what wasn't replaced, keys that aren't used
    # A cache of committed rows from this run, because neighbouring files often share them.
    shows: dict[str, Show] = field(default_factory=dict)
    episodes: dict[str, Episode] = field(default_factory=dict)  # the latest few, by YouTube id

    def add(self, known):
        if known.youtube_id:
            self.by_youtube_id[known.youtube_id] = known
        self.by_show.setdefault(folded_name(show_handle(known.show_handle)), []).append(known)

    def audio_urls(self):
        """Return the addresses of the audio files of all entries and their editions."""
        entries = [known for entries in self.by_show.values() for known in entries]
        return [row.audio_url for known in entries for row in (known, *known.editions) if row.audio_url]

    def remember(self, episode):
        self.episodes[episode.youtube_id] = episode
        if len(self.episodes) > EPISODES_KEPT:
            del self.episodes[next(iter(self.episodes))]
        return episode

    def forget(self):
        """Clear the cache after a rollback, which may have removed cached rows from the database."""
        self.shows.clear()
        self.episodes.clear()

    def only_one_of(self, handle):
        """Return the only known episode of a show, None if there are none or several."""
        known = self.by_show.get(folded_name(show_handle(handle)), [])
        return known[0] if len(known) == 1 else None


def show_handle(written):
    """Return a handle that can be used in URLs, in Unicode's NFKC, as slugs are."""
    return re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFKC", written).strip()).strip("-")[:100]


def read_episodes(text):
    """Return the entries of an episodes file, which is a JSON object or a list of them. Raises EpisodesError.

    An entry has ``show`` (``handle``, ``title``, ``url``), ``title``, and optionally ``published_on`` (ISO 8601),
    ``duration_seconds``, ``page_url``, ``audio_url``, ``youtube_id``, ``chapters`` (pairs of timestamp and title) and
    ``editions`` (see `editions.read_editions`).
    """
    if excess := excess_in_json(text):
        raise EpisodesError(excess)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise EpisodesError(f"line {error.lineno}: invalid JSON ({error.msg}).") from error
    except (ValueError, RecursionError) as error:  # Python refuses numbers of more than 4,300 digits
        raise EpisodesError("the JSON contains a number that’s too long or is nested too deeply.") from error
    rows = value if isinstance(value, list) else [value]
    known = KnownEpisodes()
    for number, row in enumerate(rows, 1):
        try:
            known.add(_entry(row))
        except (ValidationError, TimestampError, KeyError, TypeError, ValueError) as error:
            reason = "; ".join(error.messages) if isinstance(error, ValidationError) else _reason(error)
            raise EpisodesError(f"episode {number}: {reason}") from error
        known.kept += [f"Episodes file, episode {number}: the key “{key[:50]}” isn’t used." for key in _unused(row)]
    return known


def _unused(row):
    """Return the keys of an entry that nobody reads, those of its show and editions with where they are."""
    editions = enumerate(row.get("editions") or [], 1)
    inner = [("show", row["show"], _SHOW), *((f"editions {n}", value, EDITION_KEYS) for n, value in editions)]
    found = [f"{where}.{key}" for where, value, known in inner for key in value if key not in known]
    return [key for key in row if key not in _ENTRY] + found


def _reason(error):
    return f"“{error.args[0]}” is missing." if isinstance(error, KeyError) else str(error)


def _entry(row):
    if not isinstance(row, dict) or not isinstance(row.get("show"), dict):
        raise TypeError("an entry must be an object with “show” (handle, title) and “title”.")
    show = row["show"]
    known = KnownEpisode(
        show_handle=_required(show, "handle"),
        title=_required(row, "title")[:300],
        youtube_id=text_of(row, "youtube_id"),
        show_title=text_of(show, "title")[:200],
        show_url=text_of(show, "url"),
        published_on=date.fromisoformat(row["published_on"]) if row.get("published_on") else None,
        duration_seconds=duration_of(row),
        page_url=text_of(row, "page_url"),
        audio_url=text_of(row, "audio_url"),
        chapters=tuple(
            sorted((read_start(start), plain_title(str(title))[:300]) for start, title in row.get("chapters") or [])
        ),
        editions=read_editions(row.get("editions")),
    )
    if not show_handle(known.show_handle):
        raise ValueError("“handle” must contain letters or digits.")
    if known.youtube_id:
        validate_youtube_id(known.youtube_id)
    for address in filter(None, (known.show_url, known.page_url, known.audio_url)):
        validate_web_address(address)
        if len(address) > ADDRESS_LIMIT:
            raise ValueError(f"the address “{address[:50]}…” has more than {ADDRESS_LIMIT} characters.")
    starts = [start for start, _ in known.chapters]
    if len(set(starts)) < len(starts):
        raise ValueError("two chapters start at the same second.")
    return known


def _required(row, key):
    text = row[key].strip() if isinstance(row[key], str) else ""
    if not text:
        raise TypeError(f"“{key}” must be a string.")
    return text
