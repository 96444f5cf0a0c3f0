"""Finds or makes the shows and episodes that received articles cite, with what is known of them from elsewhere."""

import json
import re
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError

from articles import derivation
from articles.chapters import is_sponsor_title
from articles.importing.editions import KnownEdition, read_editions, save_editions
from articles.markup import wiki_slug
from articles.models import Chapter, Episode, Show
from articles.models.episodes import validate_web_address, validate_youtube_id
from articles.timestamps import TimestampError, parse_timestamp

ADDRESS_LIMIT = 500
DURATION_LIMIT = 10_000 * 3600  # seconds: no timestamp reaches further
FIELDS = ("title", "published_on", "duration_seconds", "page_url", "audio_url", "youtube_id")


class EpisodesError(ValueError):
    """An episodes file that cannot be used; the message says which entry, what is wrong and what to do."""


EPISODES_KEPT = 50


@dataclass(frozen=True)
class KnownEpisode:
    """What is known of an episode: only what is given (not None or empty) is written over what is there."""

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
    """All that is known before an import: entries of an episodes file, and titles from the shows' indexes."""

    by_youtube_id: dict[str, KnownEpisode] = field(default_factory=dict)
    by_show: dict[str, list[KnownEpisode]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    # Met in this run and committed: neighbouring files are of the same ones.
    shows: dict[str, Show] = field(default_factory=dict)
    episodes: dict[str, Episode] = field(default_factory=dict)  # by YouTube id, the latest few

    def add(self, known):
        if known.youtube_id:
            self.by_youtube_id[known.youtube_id] = known
        self.by_show.setdefault(show_handle(known.show_handle), []).append(known)

    def meet(self, episode):
        self.episodes[episode.youtube_id] = episode
        if len(self.episodes) > EPISODES_KEPT:
            del self.episodes[next(iter(self.episodes))]
        return episode

    def forget(self):
        """What was met may have been made in what was rolled back."""
        self.shows.clear()
        self.episodes.clear()

    def only_one_of(self, handle):
        """The one episode that is known of a show, None if there are none or several."""
        known = self.by_show.get(show_handle(handle), [])
        return known[0] if len(known) == 1 else None


def show_handle(written):
    """A handle as addresses can hold it."""
    return re.sub(r"[^\w-]+", "-", written.strip()).strip("-")[:100]


def read_episodes(text):
    """The entries of an episodes file: one JSON object or a list of them. Raises EpisodesError.

    An entry has ``show`` (``handle``, ``title``, ``url``), ``title``, and where known ``published_on`` (ISO 8601),
    ``duration_seconds``, ``page_url``, ``audio_url``, ``youtube_id``, ``chapters`` (pairs of timestamp and title),
    ``editions`` (see `articles.importing.editions`).
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise EpisodesError(f"line {error.lineno}: no JSON ({error.msg}).") from error
    except (ValueError, RecursionError) as error:  # Python reads no number of more than 4,300 digits
        raise EpisodesError("the JSON holds a number too long, or is nested too deep: mend it.") from error
    rows = value if isinstance(value, list) else [value]
    known = KnownEpisodes()
    for number, row in enumerate(rows, 1):
        try:
            known.add(_entry(row))
        except (ValidationError, TimestampError, KeyError, TypeError, ValueError) as error:
            reason = "; ".join(error.messages) if isinstance(error, ValidationError) else _reason(error)
            raise EpisodesError(f"episode {number}: {reason}") from error
    return known


def _reason(error):
    return f"“{error.args[0]}” is missing." if isinstance(error, KeyError) else str(error)


def _entry(row):
    if not isinstance(row, dict) or not isinstance(row.get("show"), dict):
        raise TypeError("an entry is an object with “show” (handle, title) and “title”.")
    show = row["show"]
    known = KnownEpisode(
        show_handle=_text(show, "handle", required=True),
        title=_text(row, "title", required=True)[:300],
        youtube_id=_text(row, "youtube_id"),
        show_title=_text(show, "title")[:200],
        show_url=_text(show, "url"),
        published_on=date.fromisoformat(row["published_on"]) if row.get("published_on") else None,
        duration_seconds=_duration(row.get("duration_seconds")),
        page_url=_text(row, "page_url"),
        audio_url=_text(row, "audio_url"),
        chapters=tuple(
            sorted((parse_timestamp(start), str(title)[:300]) for start, title in row.get("chapters") or [])
        ),
        editions=read_editions(row.get("editions")),
    )
    if not show_handle(known.show_handle):
        raise ValueError("“handle” needs letters or digits.")
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


def _text(row, key, *, required=False):
    value = row[key] if required else row.get(key) or ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise TypeError(f"“{key}” has to be a text.")
    return value.strip()


def _duration(value):
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= DURATION_LIMIT:
        raise TypeError(f"“duration_seconds” has to be a whole number from 1 to {DURATION_LIMIT}.")
    return value


def placeholder(youtube_id):
    """The title of an episode of which only the id is known."""
    return f"YouTube {youtube_id}"


def save_episode(known, shows=None, *, is_new_id=False):
    """Write what is `known` of an episode and its show into rows; texts that cite it are derived again on a change.

    `shows` are shows that were met before, by handle; the one of this episode is added to them. `is_new_id`: no
    episode has its YouTube id.
    """
    show = _save_show(known, {} if shows is None else shows)
    values = {name: getattr(known, name) for name in FIELDS if getattr(known, name)}
    episode = None if is_new_id else _with_id(known)
    if episode is None:
        slug = _slug(known)
        episode = Episode.objects.filter(show=show, slug=slug).first()
        if episode is None or episode.youtube_id not in ("", known.youtube_id):
            episode = Episode.objects.create(show=show, slug=free_slug(show, slug, episode), **values)
            save_chapters(episode, known)
            save_editions(episode, known.editions)
            if not known.chapters:
                episode.course = []  # nobody has to ask for the chapters of what was made a line before
            return episode
    update_episode(episode, values, known)
    return episode


def update_known(known):
    """Bring the episodes up to date that are known and here already, also where no article is new."""
    entries = [*known.by_youtube_id.values()]
    entries += [entry for of_show in known.by_show.values() for entry in of_show if not entry.youtube_id]
    for entry in entries:
        handle = show_handle(entry.show_handle)
        here = Episode.objects.filter(show__handle=handle, slug=_slug(entry), youtube_id__in=("", entry.youtube_id))
        if _with_id(entry) or here.exists():
            save_episode(entry)


def _with_id(known):
    return Episode.objects.filter(youtube_id=known.youtube_id).first() if known.youtube_id else None


def _slug(known):
    is_placeholder = known.title == placeholder(known.youtube_id)
    return known.youtube_id if is_placeholder else wiki_slug(known.title)[:180] or known.youtube_id


def _save_show(known, shows):
    handle = show_handle(known.show_handle)
    show = shows.get(handle)
    if show is None:
        title = known.show_title or known.show_handle.strip()[:200]
        show, _ = Show.objects.get_or_create(handle=handle, defaults={"title": title, "url": known.show_url})
        shows[handle] = show
    wanted = {name: value for name, value in (("title", known.show_title), ("url", known.show_url)) if value}
    if any(getattr(show, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(show, name, value)
        show.save(update_fields=list(wanted))
    return show


def update_episode(episode, values, known=None):
    changed = {name: value for name, value in values.items() if getattr(episode, name) != value}
    for name, value in changed.items():
        setattr(episode, name, value)
    if changed:
        episode.save(update_fields=list(changed))
    has_new_chapters = known is not None and save_chapters(episode, known)
    has_new_editions = known is not None and save_editions(episode, known.editions)
    if changed or has_new_chapters or has_new_editions:
        derivation.refresh_citing(episode)


def save_chapters(episode, known):
    """Write the chapters, if any are known; whether they changed."""
    if not known.chapters:
        return False
    present = list(episode.chapter_set.order_by("start_seconds").values_list("start_seconds", "title"))
    if present == list(known.chapters):
        return False
    episode.chapter_set.all().delete()
    Chapter.objects.bulk_create(
        Chapter(episode=episode, start_seconds=start, title=title, is_sponsor=is_sponsor_title(title))
        for start, title in known.chapters
    )
    return True


def free_slug(show, slug, other):
    """`slug`, with a number where an `other` episode has it."""
    number, free = 2, slug
    while other is not None:
        free = f"{slug}-{number}"
        number += 1
        other = Episode.objects.filter(show=show, slug=free).first()
    return free
