"""Editions in an episodes file: read into values, and compared with rows."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from articles.core.recordings.editions import OffsetMap, Piece
from articles.core.timestamps import parse_timestamp
from articles.models import Edition
from articles.models.episodes import validate_web_address, validate_youtube_id

LIMIT = 10_000 * 3600  # seconds: no timestamp reaches further
FIELDS = ("title", "audio_url", "youtube_id", "duration_seconds")


@dataclass(frozen=True)
class KnownEdition:
    """What is known of an edition: only what is given (not None or empty) is written over what is there."""

    key: str
    title: str
    audio_url: str = ""
    youtube_id: str = ""
    duration_seconds: int | None = None
    map: OffsetMap | None = None


def read_editions(rows):
    """The editions of one entry, each with a key of its own. Raises TypeError, ValueError or ValidationError in words.

    A row has ``key``, ``title``, ``audio_url`` or ``youtube_id``, and where known ``duration_seconds`` and
    ``stretches``: lists of from, to and offset, in whole seconds; from and to may be timestamps.
    """
    if rows is None:
        return ()
    if not isinstance(rows, list):
        raise TypeError("“editions” has to be a list of objects with “key” and “title”.")
    found = {}
    for number, row in enumerate(rows, 1):
        try:
            edition = _edition(row)
        except (TypeError, ValueError) as error:
            raise ValueError(f"edition {number}: {error}") from error
        if edition.key in found:
            raise ValueError(f"edition {number}: another one has the key “{edition.key}” too.")
        found[edition.key] = edition
    return tuple(found.values())


def changed_editions(episode, editions):
    """Those of `editions` that say something new, found again by their keys: rows to be saved, each with its map."""
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
        raise TypeError("an edition is an object with “key” and “title”.")
    texts = {}
    for name in ("key", "title", "audio_url", "youtube_id"):
        value = row.get(name) or ""
        if not isinstance(value, str):
            raise TypeError(f"“{name}” has to be a text.")
        texts[name] = value.strip()
    for name in ("key", "title"):
        if not texts[name]:
            raise ValueError(f"“{name}” is missing.")
        field = Edition._meta.get_field(name)
        _valid(field.run_validators, texts[name], name)
    if texts["audio_url"]:
        _valid(validate_web_address, texts["audio_url"], "audio_url")
        _valid(Edition._meta.get_field("audio_url").run_validators, texts["audio_url"], "audio_url")
    if texts["youtube_id"]:
        _valid(validate_youtube_id, texts["youtube_id"], "youtube_id")
    if not texts["audio_url"] and not texts["youtube_id"]:
        raise ValueError("give it an “audio_url” or a “youtube_id”.")
    length = row.get("duration_seconds")
    if length is not None and not _is_number(length, minimum=1):
        raise TypeError("“duration_seconds” has to be a whole number above 0.")
    stretches = row.get("stretches")
    return KnownEdition(**texts, duration_seconds=length, map=None if stretches is None else _map(stretches))


def _valid(validate, value, name):
    try:
        validate(value)
    except ValidationError as error:
        raise ValueError(f"“{name}” cannot be used: {' '.join(error.messages)}") from error


def _map(stretches):
    """The stretches as a map, which says itself where two do not go together."""
    if not isinstance(stretches, list):
        raise TypeError("“stretches” has to be a list of [from, to, offset].")
    pieces = []
    for number, row in enumerate(stretches, 1):
        if not isinstance(row, list) or len(row) != 3:
            raise TypeError(f"stretch {number}: write it as [from, to, offset].")
        start, end, offset = (parse_timestamp(value) if isinstance(value, str) else value for value in row)
        if not (_is_number(start) and _is_number(end) and _is_number(offset, minimum=-LIMIT)):
            raise TypeError(f"stretch {number}: from, to and offset are whole seconds: [0, 750, 60].")
        pieces.append(Piece(start, end, offset))
    return OffsetMap(pieces)


def _is_number(value, minimum=0):
    return isinstance(value, int) and not isinstance(value, bool) and minimum <= value <= LIMIT
