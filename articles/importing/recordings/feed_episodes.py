"""Fills in what a feed says about an episode."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from articles.core.markdown import wiki_slug
from articles.core.recordings.chapters import ChapterLine
from articles.core.recordings.feeds import FeedEpisode, FeedProblem
from articles.core.recordings.feeds.audio_addresses import without_scheme
from articles.core.recordings.people import format_people, read_people, with_voices
from articles.core.timestamps import format_label
from articles.models import Episode, Show
from articles.models.recordings.addresses import validate_web_address
from articles.workflow.recordings import EpisodeChange

from .episodes import free_slug, placeholder
from .episodes_file import ADDRESS_LIMIT
from .feed_matching import SLUG_LIMIT, guid_of
from .other_recording import cited_by, other_recording

NAMES = {
    "title": "title",
    "published_on": "release date",
    "duration_seconds": "length",
    "page_url": "page",
    "audio_url": "audio file",
    "youtube_id": "YouTube id",
    "guid": "guid",
    "chapters_url": "chapters file",
    "transcript_url": "transcript file",
    "people": "people",
}
# Nobody edits these by hand, so they always follow the feed. Only a recognised episode gets another guid.
FOLLOWED = frozenset({"guid", "chapters_url", "transcript_url"})
UNIQUE = {"youtube_id": lambda episode: {}, "guid": lambda episode: {"show": episode.show_id}}
RECORDING = frozenset({"youtube_id", "audio_url"})
# What a feed says about its recording, which isn't true of another one.
OF_RECORDING = RECORDING | {"duration_seconds", "chapters_url", "transcript_url"}
RECORDING_PART = "recording"  # of the problems about another recording
KEPT = (
    "The feed has another {name} for this episode; “{current}” was kept, because citations refer to it ({cited}). "
    "Use --replace-recordings to replace it. Length, chapters and transcript, which belong to it, were left out."
)
REPLACED = "The {name} of this episode was “{current}”; its citations ({cited}) now refer to this one. Check them."


def fill_episode(
    change: EpisodeChange,
    show: Show,
    item: FeedEpisode,
    *,
    overwrite: bool = False,
    replaces_recording: bool = False,
) -> tuple[list[str], list[FeedProblem]]:
    """Save a new episode with the item's details, or fill in what is empty in an existing one.

    Returns the columns that changed, and a problem for each difference where the existing value was kept. With
    `overwrite`, the feed's values replace existing ones. Another recording (see `recording_of_item`) is only taken with
    `replaces_recording`; without, nothing that belongs to that recording is taken.
    """
    episode = change.episode
    values, problems = _values(item)
    if item.people:
        values["people"] = format_people(with_voices(item.people, read_people(episode.people)))
    if change.is_new:
        for name, value in values.items():
            setattr(episode, name, value)
        change.save()
        return [], problems
    if episode.show_id != show.pk:
        reason = f"The video belongs to an episode of the show “{episode.show.handle}”; no new episode was created."
        problems.append(FeedProblem(item.number, "show", episode.reference, reason))
    replaced = recording_of_item(episode, item)
    if replaced:
        reason = REPLACED if replaces_recording else KEPT
        cited = cited_by(episode)
        problems += [
            FeedProblem(
                item.number, RECORDING_PART, value, reason.format(name=NAMES[name], current=current, cited=cited)
            )
            for name, current, value in replaced
        ]
        if not replaces_recording:
            overwrite = False
            values = {name: value for name, value in values.items() if name not in OF_RECORDING}
    changed = []
    for name, value in values.items():
        current = getattr(episode, name)
        if current == value:
            continue
        is_empty = current in ("", None) or (name == "title" and current == placeholder(episode.youtube_id))
        follows = name in FOLLOWED or (
            bool(replaced) and replaces_recording and name in (*RECORDING, "duration_seconds")
        )
        is_secured = name == "audio_url" and value == f"https://{without_scheme(current)}"
        if is_empty or overwrite or follows or is_secured:
            if name in UNIQUE and Episode.objects.filter(**{name: value}, **UNIQUE[name](episode)).exists():
                problems.append(FeedProblem(item.number, NAMES[name], value, "Another episode has it; it was ignored."))
                continue
            setattr(episode, name, value)
            changed.append(name)
        elif without_scheme(str(current)) != without_scheme(str(value)):
            problems.append(difference(item.number, NAMES[name], _label(name, current), _label(name, value)))
    change.save(changed)
    return changed, problems


def recording_of_item(episode: Episode, item: FeedEpisode) -> list[tuple[str, str, str]]:
    """Return how the item would change the episode's recording, as `other_recording` does."""
    new = {"youtube_id": item.youtube_id, "audio_url": usable(item.audio_url)}
    return other_recording(episode, {name: value for name, value in new.items() if value})


def fill_chapters(
    change: EpisodeChange, chapters: Sequence[ChapterLine], number: int, *, overwrite: bool = False
) -> tuple[bool, list[FeedProblem]]:
    """Set the chapters of an episode that has none. Returns whether they were set, and the problems found.

    With `overwrite`, existing chapters are replaced.
    """
    if not chapters:
        return False, []
    episode = change.episode
    rows = () if change.is_new else episode.chapter_set.values_list("start_seconds", "title")
    current = [ChapterLine(*row) for row in rows]
    wanted, problems = [], []
    for chapter in sorted(chapters):
        if episode.duration_seconds and chapter.start_seconds >= episode.duration_seconds:
            length = format_label(episode.duration_seconds)
            reason = f"The chapter starts at or after the end of the episode ({length}); it was skipped."
            text = f"{format_label(chapter.start_seconds)} {chapter.title}"
            problems.append(FeedProblem(number, "chapter", text, reason))
        else:
            wanted.append(chapter)
    if not wanted or wanted == sorted(current):
        return False, problems
    if current and not overwrite:
        summary = f"{len(wanted)} chapters, the last at {format_label(wanted[-1].start_seconds)}"
        problems.append(difference(number, "chapters", f"{len(current)} others", summary))
        return False, problems
    change.replace_chapters(wanted)
    return True, problems


def new_episode(show: Show, item: FeedEpisode) -> Episode:
    """Return an unsaved episode for the item, with a slug that is unique within the show."""
    slug = slug_of(item)
    other = Episode.objects.filter(show=show, slug=slug).first()
    return Episode(show=show, slug=free_slug(show, slug, other))


def slug_of(item: FeedEpisode) -> str:
    return wiki_slug(item.title)[:SLUG_LIMIT] or item.youtube_id or wiki_slug(item.guid)[:SLUG_LIMIT] or "episode"


def _values(item: FeedEpisode) -> tuple[dict[str, Any], list[FeedProblem]]:
    """Return the item's values by column, and a problem for each value that doesn't fit."""
    problems = []
    values: dict[str, Any] = {"title": item.title[:300], "guid": guid_of(item), "youtube_id": item.youtube_id}
    if len(item.title) > 300:
        problems.append(
            FeedProblem(
                item.number, "title", item.title[:80], "The title has more than 300 characters; it was shortened."
            )
        )
    best = item.best_transcript
    addresses = {
        "page_url": item.page_url,
        "audio_url": item.audio_url,
        "chapters_url": item.chapters_url,
        "transcript_url": best.url if best else "",
    }
    for name, url in addresses.items():
        values[name] = usable(url)
        if url and not values[name]:
            reason = f"This isn’t an http(s) address of at most {ADDRESS_LIMIT} characters; it was ignored."
            problems.append(FeedProblem(item.number, NAMES[name], url[:120], reason))
    values |= {"published_on": item.published_on, "duration_seconds": item.duration_seconds}
    return {name: value for name, value in values.items() if value}, problems


def usable(url: str) -> str:
    """Return the URL if it is valid and fits into the column, else ""."""
    try:
        validate_web_address(url)
    except ValidationError:
        return ""
    return url if len(url) <= ADDRESS_LIMIT else ""


def difference(number: int, part: str, current: object, from_feed: object) -> FeedProblem:
    reason = f"The existing value “{current}” was kept. Use --overwrite to replace it."
    return FeedProblem(number, part, str(from_feed), reason)


def _label(name: str, value: Any) -> str:
    return format_label(value) if name == "duration_seconds" else str(value)
