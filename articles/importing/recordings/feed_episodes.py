"""Finds the show and the episodes of a feed among those that are here, and fills in what is not known of them yet."""

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
from .episodes_file import show_handle

SLUG_LIMIT = 180
ADDRESS_LIMIT = 500
NAMES = {
    "title": "title",
    "published_on": "day",
    "duration_seconds": "length",
    "page_url": "page",
    "audio_url": "audio file",
    "youtube_id": "YouTube id",
    "guid": "guid",
    "chapters_url": "chapters file",
    "transcript_url": "transcript file",
}
# Nobody writes these by hand: they are where the feed says that they are now.
FOLLOWED = frozenset({"chapters_url", "transcript_url"})


def show_of(feed: Feed, handle: str = "") -> Show:
    """The show that a feed is of, not saved where it is new: by `handle`, else by its address, else by its title.

    Raises FeedError if it cannot be told, in words that say what to do.
    """
    if handle:
        known = Show.objects.filter(handle=handle).first()
        return known or Show(handle=handle, title=feed.title[:200] or handle, url=_usable(feed.url))
    if not feed.title:
        raise FeedError("the feed does not say what the show is called: name it with --show HANDLE.")
    url = feed.url.rstrip("/")
    for condition in (Q(url__in=[url, f"{url}/"]) if url else None, Q(title__iexact=feed.title)):
        found = list(Show.objects.filter(condition)[:5]) if condition is not None else []
        if len(found) > 1:
            named = ", ".join(show.handle for show in found)
            raise FeedError(f"several shows may be meant ({named}): say which with --show HANDLE.")
        if found:
            return found[0]
    own = show_handle(wiki_slug(feed.title))
    if not own:
        raise FeedError(f"the title “{feed.title[:60]}” gives no handle: name the show with --show HANDLE.")
    known = Show.objects.filter(handle=own).first()
    return known or Show(handle=own, title=feed.title[:200], url=_usable(feed.url))


def fill_show(show: Show, feed: Feed, by: Any = None) -> list[FeedProblem]:
    """Save a new show; of one that is here fill in what is empty, and return what differs. In a transaction."""
    if show.pk is None:
        workflow.save_show(show, by=by)
        return []
    problems = []
    changed = []
    for name, value in (("title", feed.title[:200]), ("url", _usable(feed.url))):
        here = getattr(show, name)
        if not value or value.rstrip("/") == here.rstrip("/"):
            continue
        if here in ("", show.handle):
            setattr(show, name, value)
            changed.append(name)
        else:
            problems.append(_difference(0, f"show’s {'address' if name == 'url' else name}", here, value))
    if changed:
        workflow.save_show(show, changed, by=by)
    return problems


def find_episode(show: Show, item: FeedEpisode, met: Collection[int] = ()) -> Episode | None:
    """The row of an item: by YouTube id, by guid, by the address of its audio, by its title in the show.

    Rows in `met` are those of other items: only a YouTube id or a guid, which cannot be twice, leads to them. A title
    does not join an episode to another guid or another video.
    """
    if item.youtube_id and (known := Episode.objects.filter(youtube_id=item.youtube_id).first()):
        return known
    if show.pk is None:
        return None
    of_show = Episode.objects.filter(show=show)
    guid = guid_of(item)
    if guid and (known := of_show.filter(guid=guid).first()):
        return known
    free = of_show.filter(guid__in=("", guid)) if guid else of_show
    if item.youtube_id:
        free = free.filter(youtube_id="")
    if item.audio_url:
        same = [known for known in free.filter(audio_url=item.audio_url) if known.pk not in met]
        if len(same) == 1:
            return same[0]
    slug = slug_of(item)
    number = 1
    while True:
        name = slug if number == 1 else f"{slug}-{number}"
        known = free.filter(slug=name).first()
        if known is not None and known.pk not in met:
            return known
        if known is None and not of_show.filter(slug=name).exists():
            return None
        number += 1


def fill_episode(
    change: EpisodeChange, show: Show, item: FeedEpisode, *, overwrite: bool = False
) -> tuple[list[str], list[FeedProblem]]:
    """Save a new episode with what the item says of it; of one that was here before, fill in what is empty.

    Returns the columns of it that changed, and what differs and was kept; `overwrite` takes the feed's.
    """
    episode = change.episode
    values, problems = _values(item)
    if change.is_new:
        for name, value in values.items():
            setattr(episode, name, value)
        change.save()
        return [], problems
    if episode.show_id != show.pk:
        reason = f"The video belongs to an episode of the show “{episode.show.handle}”: nothing new was made."
        problems.append(FeedProblem(item.number, "show", episode.reference, reason))
    changed = []
    for name, value in values.items():
        here = getattr(episode, name)
        if here == value:
            continue
        is_empty = here in ("", None) or (name == "title" and here == placeholder(episode.youtube_id))
        if is_empty or overwrite or name in FOLLOWED:
            if name == "youtube_id" and Episode.objects.filter(youtube_id=value).exists():
                continue  # of an episode of another show: told above
            setattr(episode, name, value)
            changed.append(name)
        else:
            problems.append(_difference(item.number, NAMES[name], _shown(name, here), _shown(name, value)))
    change.save(changed)
    return changed, problems


def fill_chapters(
    change: EpisodeChange, chapters: Sequence[ChapterLine], number: int, *, overwrite: bool = False
) -> tuple[bool, list[FeedProblem]]:
    """Give the episode these chapters if it has none; whether it was done, and what is in the way of it."""
    if not chapters:
        return False, []
    episode = change.episode
    rows = () if change.is_new else episode.chapter_set.values_list("start_seconds", "title")
    here = [ChapterLine(*row) for row in rows]
    wanted, problems = [], []
    for chapter in sorted(chapters):
        if episode.duration_seconds and chapter.start_seconds >= episode.duration_seconds:
            reason = f"It lies past the episode’s end ({format_label(episode.duration_seconds)}): left out."
            shown = f"{format_label(chapter.start_seconds)} {chapter.title}"
            problems.append(FeedProblem(number, "chapter", shown, reason))
        else:
            wanted.append(chapter)
    if not wanted or wanted == sorted(here):
        return False, problems
    if here and not overwrite:
        of_feed = f"{len(wanted)} chapters, the last at {format_label(wanted[-1].start_seconds)}"
        problems.append(_difference(number, "chapters", f"{len(here)} others", of_feed))
        return False, problems
    change.replace_chapters(wanted)
    return True, problems


def new_episode(show: Show, item: FeedEpisode) -> Episode:
    """An episode for the item, not saved yet, with a slug that no other episode of the show has."""
    slug = slug_of(item)
    other = Episode.objects.filter(show=show, slug=slug).first()
    return Episode(show=show, slug=free_slug(show, slug, other))


def guid_of(item: FeedEpisode) -> str:
    """The item's guid as it is kept: a digest stands for one that is longer than its column."""
    if len(item.guid) <= ADDRESS_LIMIT:
        return item.guid
    return f"sha256:{hashlib.sha256(item.guid.encode('utf-8', 'replace')).hexdigest()}"


def slug_of(item: FeedEpisode) -> str:
    return wiki_slug(item.title)[:SLUG_LIMIT] or item.youtube_id or wiki_slug(item.guid)[:SLUG_LIMIT] or "episode"


def _values(item: FeedEpisode) -> tuple[dict[str, Any], list[FeedProblem]]:
    """What the feed says of an episode, as its columns hold it; what they cannot hold is told."""
    problems = []
    values: dict[str, Any] = {"title": item.title[:300], "guid": guid_of(item), "youtube_id": item.youtube_id}
    if len(item.title) > 300:
        problems.append(FeedProblem(item.number, "title", item.title[:80], "More than 300 characters: it was cut."))
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
            reason = f"It is no http(s) address of at most {ADDRESS_LIMIT} characters: not taken."
            problems.append(FeedProblem(item.number, NAMES[name], url[:120], reason))
    values |= {"published_on": item.published_on, "duration_seconds": item.duration_seconds}
    return {name: value for name, value in values.items() if value}, problems


def _usable(url: str) -> str:
    """The address if it can be kept, else ""."""
    try:
        validate_web_address(url)
    except ValidationError:
        return ""
    return url if len(url) <= ADDRESS_LIMIT else ""


def _difference(number: int, part: str, here: object, found: object) -> FeedProblem:
    reason = f"It differs and was kept: here it is “{here}”. --overwrite takes the feed’s."
    return FeedProblem(number, part, str(found), reason)


def _shown(name: str, value: Any) -> str:
    return format_label(value) if name == "duration_seconds" else str(value)
