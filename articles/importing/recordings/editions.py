"""Reads the editions in an episodes file, and compares them with the database."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from articles.core.recordings.editions import OffsetMap, Piece
from articles.core.timestamps import Form, parse_time
from articles.models import Edition

LIMIT = 10_000 * 3600  # seconds; timestamps can't express more
FIELDS = ("title", "audio_url", "youtube_id", "duration_seconds")
KEYS = frozenset({"key", "stretches", *FIELDS})


@dataclass(frozen=True)
class KnownEdition:
    """What is known about an edition. None and empty values don't overwrite existing ones."""

    key: str
    title: str
    audio_url: str = ""
    youtube_id: str = ""
    duration_seconds: int | None = None
    map: OffsetMap | None = None


def read_editions(rows):
    """Return the editions of one entry. Raises TypeError, ValueError or ValidationError with a readable message.

    A row has a unique ``key``, a ``title``, an ``audio_url`` or ``youtube_id``, and optionally ``duration_seconds``
    and ``stretches``: lists of start, end and offset in whole seconds; start and end may be timestamps.
    """
    if rows is None:
        return ()
    if not isinstance(rows, list):
        raise TypeError("“editions” must be a list of objects with “key” and “title”.")
    editions = {}
    for number, row in enumerate(rows, 1):
        try:
            edition = _edition(row)
        except (TypeError, ValueError) as error:
            raise ValueError(f"edition {number}: {error}") from error
        if edition.key in editions:
            raise ValueError(f"edition {number}: another edition has the key “{edition.key}”.")
        editions[edition.key] = edition
    return tuple(editions.values())


def changed_editions(episode, editions):
    """Return (row, map) for each of the `editions` that differs from the episode's edition with the same key."""
    changed = []
    for known in editions:
        edition = Edition.objects.filter(episode=episode, key=known.key).first() if episode.pk else None
        edition = edition or Edition(episode=episode, key=known.key)
        differing = {
            name: value for name in FIELDS if (value := getattr(known, name)) and value != getattr(edition, name)
        }
        for name, value in differing.items():
            setattr(edition, name, value)
        if differing or (known.map is not None and known.map != edition.map):
            changed.append((edition, known.map))
    return changed


def _edition(row):
    if not isinstance(row, dict):
        raise TypeError("an edition must be an object with “key” and “title”.")
    texts = {name: text_of(row, name) for name in ("key", "title", "audio_url", "youtube_id")}
    for name, text in texts.items():
        if not text and name in ("key", "title"):
            raise ValueError(f"“{name}” is missing.")
        try:
            Edition._meta.get_field(name).run_validators(text)
        except ValidationError as error:
            raise ValueError(f"“{name}” is invalid: {' '.join(error.messages)}") from error
    if not texts["audio_url"] and not texts["youtube_id"]:
        raise ValueError("“audio_url” or “youtube_id” is required.")
    stretches = row.get("stretches")
    return KnownEdition(**texts, duration_seconds=duration_of(row), map=None if stretches is None else _map(stretches))


def text_of(row, key):
    """Return an optional string of a JSON object without surrounding spaces, "" if it is missing. Raises TypeError."""
    value = row.get(key) or ""
    if not isinstance(value, str):
        raise TypeError(f"“{key}” must be a string.")
    return value.strip()


def duration_of(row):
    """Return the ``duration_seconds`` of a JSON object, None if it has none. Raises TypeError."""
    value = row.get("duration_seconds")
    if value is not None and not _is_number(value, minimum=1):
        raise TypeError(f"“duration_seconds” must be a whole number from 1 to {LIMIT}.")
    return value


def _map(stretches):
    """Return the stretches as a map. Raises MapError if two of them conflict."""
    if not isinstance(stretches, list):
        raise TypeError("“stretches” must be a list of [start, end, offset].")
    pieces = []
    for number, row in enumerate(stretches, 1):
        if not isinstance(row, list) or len(row) != 3:
            raise TypeError(f"stretch {number}: write it as [start, end, offset].")
        start, end, offset = (_seconds(value) if isinstance(value, str) else value for value in row)
        if not (_is_number(start) and _is_number(end) and _is_number(offset, minimum=-LIMIT)):
            raise TypeError(f"stretch {number}: start, end and offset must be whole seconds, like [0, 750, 60].")
        pieces.append(Piece(start, end, offset))
    return OffsetMap(pieces)


def _seconds(text):
    seconds = parse_time(text, Form.CLOCK | Form.FRACTION | Form.SECONDS).seconds
    return int(seconds) if seconds.is_integer() else seconds


def _is_number(value, minimum=0):
    return isinstance(value, int) and not isinstance(value, bool) and minimum <= value <= LIMIT
