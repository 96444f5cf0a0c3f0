"""Matches a feed's show and episodes with existing ones, and fills in their missing details."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from articles import workflow
from articles.core.markdown import wiki_slug
from articles.core.recordings.chapters import ChapterLine
from articles.core.recordings.feeds import Feed, FeedEpisode, FeedError, FeedProblem
from articles.core.timestamps import format_label
from articles.models import Episode, Show
from articles.models.episodes import validate_web_address
from articles.workflow.recordings import EpisodeChange

from .episodes import free_slug, placeholder
from .episodes_file import ADDRESS_LIMIT, show_handle

SLUG_LIMIT = 180
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
}
# Nobody edits these by hand, so they always follow the feed.
FOLLOWED = frozenset({"chapters_url", "transcript_url"})


def show_of(feed: Feed, handle: str = "") -> Show:
    """Return the show of a feed, found by `handle`, else by its URL, else by its title; unsaved if it is new.

    Raises FeedError, with a message that says what to do, if the show is ambiguous or can't be named.
    """
    if handle:
        known = Show.objects.filter(handle=handle).first()
        return known or Show(handle=handle, title=feed.title[:200] or handle, url=_usable(feed.url))
    if not feed.title:
        raise FeedError("the feed has no title. Name the show with --show HANDLE.")
    url = feed.url.rstrip("/")
    for condition in (Q(url__in=[url, f"{url}/"]) if url else None, Q(title__iexact=feed.title)):
        shows = list(Show.objects.filter(condition)[:5]) if condition is not None else []
        if len(shows) > 1:
            handles = ", ".join(show.handle for show in shows)
            raise FeedError(f"several shows match ({handles}). Choose one with --show HANDLE.")
        if shows:
            return shows[0]
    own = show_handle(wiki_slug(feed.title))
    if not own:
        raise FeedError(f"no handle can be made from the title “{feed.title[:60]}”. Name the show with --show HANDLE.")
    known = Show.objects.filter(handle=own).first()
    return known or Show(handle=own, title=feed.title[:200], url=_usable(feed.url))


def fill_show(show: Show, feed: Feed, by: Any = None) -> list[FeedProblem]:
    """Save a new show, or fill in what is empty in an existing one and return what differs. Needs a transaction."""
    if show.pk is None:
        workflow.save_show(show, by=by)
        return []
    problems = []
    changed = []
    for name, value in (("title", feed.title[:200]), ("url", _usable(feed.url))):
        current = getattr(show, name)
        if not value or value.rstrip("/") == current.rstrip("/"):
            continue
        if current in ("", show.handle):
            setattr(show, name, value)
            changed.append(name)
        else:
            problems.append(_difference(0, f"show’s {'address' if name == 'url' else name}", current, value))
    if changed:
        workflow.save_show(show, changed, by=by)
    return problems


def find_episode(show: Show, item: FeedEpisode, seen: Collection[int] = ()) -> Episode | None:
    """Return the episode of an item, found by YouTube id, guid, audio URL or its title within the show.

    Episodes with a pk in `seen` belong to other items and are only found by YouTube id or guid, which are unique. An
    episode with a different guid or video isn't matched by title.
    """
    if item.youtube_id and (known := Episode.objects.filter(youtube_id=item.youtube_id).first()):
        return known
    if show.pk is None:
        return None
    show_episodes = Episode.objects.filter(show=show)
    guid = guid_of(item)
    if guid and (known := show_episodes.filter(guid=guid).first()):
        return known
    free = show_episodes.filter(guid__in=("", guid)) if guid else show_episodes
    if item.youtube_id:
        free = free.filter(youtube_id="")
    if item.audio_url:
        same = [known for known in free.filter(audio_url=item.audio_url) if known.pk not in seen]
        if len(same) == 1:
            return same[0]
    slug = slug_of(item)
    number = 1
    while True:
        name = slug if number == 1 else f"{slug}-{number}"
        known = free.filter(slug=name).first()
        if known is not None and known.pk not in seen:
            return known
        if known is None and not show_episodes.filter(slug=name).exists():
            return None
        number += 1


def fill_episode(
    change: EpisodeChange, show: Show, item: FeedEpisode, *, overwrite: bool = False
) -> tuple[list[str], list[FeedProblem]]:
    """Save a new episode with the item's details, or fill in what is empty in an existing one.

    Returns the columns that changed, and a problem for each difference where the existing value was kept. With
    `overwrite`, the feed's values replace existing ones.
    """
    episode = change.episode
    values, problems = _values(item)
    if change.is_new:
        for name, value in values.items():
            setattr(episode, name, value)
        change.save()
        return [], problems
    if episode.show_id != show.pk:
        reason = f"The video belongs to an episode of the show “{episode.show.handle}”; no new episode was created."
        problems.append(FeedProblem(item.number, "show", episode.reference, reason))
    changed = []
    for name, value in values.items():
        current = getattr(episode, name)
        if current == value:
            continue
        is_empty = current in ("", None) or (name == "title" and current == placeholder(episode.youtube_id))
        if is_empty or overwrite or name in FOLLOWED:
            if name == "youtube_id" and Episode.objects.filter(youtube_id=value).exists():
                continue  # belongs to another show's episode, as reported above
            setattr(episode, name, value)
            changed.append(name)
        else:
            problems.append(_difference(item.number, NAMES[name], _label(name, current), _label(name, value)))
    change.save(changed)
    return changed, problems


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
        problems.append(_difference(number, "chapters", f"{len(current)} others", summary))
        return False, problems
    change.replace_chapters(wanted)
    return True, problems


def new_episode(show: Show, item: FeedEpisode) -> Episode:
    """Return an unsaved episode for the item, with a slug that is unique within the show."""
    slug = slug_of(item)
    other = Episode.objects.filter(show=show, slug=slug).first()
    return Episode(show=show, slug=free_slug(show, slug, other))


def guid_of(item: FeedEpisode) -> str:
    """Return the item's guid, or a digest of it if it doesn't fit into the column."""
    if len(item.guid) <= ADDRESS_LIMIT:
        return item.guid
    return f"sha256:{hashlib.sha256(item.guid.encode('utf-8', 'replace')).hexdigest()}"


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
        values[name] = _usable(url)
        if url and not values[name]:
            reason = f"This isn’t an http(s) address of at most {ADDRESS_LIMIT} characters; it was ignored."
            problems.append(FeedProblem(item.number, NAMES[name], url[:120], reason))
    values |= {"published_on": item.published_on, "duration_seconds": item.duration_seconds}
    return {name: value for name, value in values.items() if value}, problems


def _usable(url: str) -> str:
    """Return the URL if it is valid and fits into the column, else ""."""
    try:
        validate_web_address(url)
    except ValidationError:
        return ""
    return url if len(url) <= ADDRESS_LIMIT else ""


def _difference(number: int, part: str, current: object, from_feed: object) -> FeedProblem:
    reason = f"The existing value “{current}” was kept. Use --overwrite to replace it."
    return FeedProblem(number, part, str(from_feed), reason)


def _label(name: str, value: Any) -> str:
    return format_label(value) if name == "duration_seconds" else str(value)
