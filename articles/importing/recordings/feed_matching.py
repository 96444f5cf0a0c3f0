"""Decides which episode each item of a feed is, over the whole feed: exact identifiers first, titles last."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from articles.core.markdown import wiki_slug
from articles.core.recordings.feeds import FeedEpisode, FeedProblem
from articles.core.recordings.feeds.audio_addresses import audio_key
from articles.models import Episode, Show

from .episodes_file import ADDRESS_LIMIT

SLUG_LIMIT = 180
NEW_GUID = "The feed has a new guid for this episode (until now “{guid}”); its audio file, title and day are the same."
SAME_AUDIO = (
    "The episode “{reference}” has the same audio file, but another guid and another title or day; this became a new "
    "episode. If they are the same, delete one of them."
)
SAME_DAY = (
    "The episode “{reference}” has the same title and day, but another guid and audio file; this became a new episode. "
    "If they are the same, delete one of them."
)
SEVERAL = "Nothing tells which of the {count} episodes with this title it is; it became a new episode."


@dataclass(frozen=True)
class Match:
    """The episode that an item is, None for a new one; what to report; and why it can't be imported ("" if it can)."""

    episode: Episode | None = None
    problems: tuple[FeedProblem, ...] = ()
    refused: str = ""


def match_items(show: Show, items: Sequence[FeedEpisode]) -> dict[int, Match]:
    """Return {item number: its `Match`} for all items of a feed of `show`, which may be unsaved.

    Tried in this order, each on what is left over from the one before: video id, guid, audio file; then the same audio
    file, title and day under a new guid; then the same facts; then title and day; then the title alone. Everything but
    video ids and guids has to be unique in the feed and in the show. Takes two queries.
    """

    def of_guid(episode: Episode) -> str:
        return episode.guid if episode.show_id == show.pk else ""

    matching = _Matching(show, items)
    matching.by_identifier("video", lambda item: item.youtube_id, lambda episode: episode.youtube_id)
    matching.by_identifier("guid", guid_of, of_guid)
    matching.by_identifier("guid", lambda item: item.joined_guid, of_guid)
    matching.keep_own_show(show)
    matching.unique(lambda item: audio_key(item.audio_url), lambda episode: [audio_key(episode.audio_url)])
    matching.under_new_guid()
    matching.in_order(_facts)
    matching.unique(_title_and_day, lambda episode: [_title_and_day(episode)])
    matching.unique(lambda item: _name(item.title), _names, fits=_may_share_title)
    return matching.finished()


class _Matching:
    def __init__(self, show: Show, items: Sequence[FeedEpisode]) -> None:
        videos = [item.youtube_id for item in items if item.youtube_id]
        own = Episode.objects.filter(show=show).select_related("show").order_by("pk") if show.pk else ()
        self.free = {episode.pk: episode for episode in own}
        for episode in Episode.objects.filter(youtube_id__in=videos).select_related("show").order_by("pk"):
            self.free.setdefault(episode.pk, episode)
        self.known = tuple(episode for episode in self.free.values() if episode.show_id == show.pk)
        self.rest = {item.number: item for item in items}
        self.matches: dict[int, Match] = {}
        self._item_of: dict[int, int] = {}  # pk of a matched episode -> number of its item

    def by_identifier(
        self, name: str, of_item: Callable[[FeedEpisode], str], of_episode: Callable[[Episode], str]
    ) -> None:
        """Match by something that belongs to one episode only; a second item that has it is refused."""
        episodes = {identifier: episode for episode in self._all() if (identifier := of_episode(episode))}
        first: dict[str, int] = {}
        for item in list(self.rest.values()):
            if not (identifier := of_item(item)):
                continue
            episode = episodes.get(identifier)
            other = first.setdefault(identifier, item.number)
            if episode is not None:
                other = self._item_of.get(episode.pk, other)
            if other != item.number:
                self._decide(item, Match(refused=f"Same {name} as item {other}; one of them is wrong."))
            elif episode is not None:
                self._take(item, episode)

    def keep_own_show(self, show: Show) -> None:
        """Leave out the other shows' episodes, which only their video ids identify."""
        self.free = {pk: episode for pk, episode in self.free.items() if episode.show_id == show.pk}

    def unique(
        self,
        of_item: Callable[[FeedEpisode], Hashable],
        of_episode: Callable[[Episode], Iterable[Hashable]],
        fits: Callable[[FeedEpisode, Episode], bool] = lambda item, episode: True,
    ) -> None:
        """Match each item with the episode that has the same key, if nothing else in feed or show has it."""
        items, episodes = defaultdict(list), defaultdict(list)
        for item in self.rest.values():
            items[of_item(item)].append(item)
        for episode in self.free.values():
            for key in set(of_episode(episode)):
                episodes[key].append(episode)
        for key, alike in items.items():
            if key and len(alike) == len(episodes[key]) == 1:
                item, episode = alike[0], episodes[key][0]
                if episode.pk in self.free and _is_compatible(item, episode) and fits(item, episode):
                    self._take(item, episode)

    def under_new_guid(self) -> None:
        """Match episodes of which the feed's publisher has changed the guid, and report them."""
        items, episodes = defaultdict(list), defaultdict(list)
        for item in self.rest.values():
            items[_recording(item)].append(item)
        for episode in self.free.values():
            episodes[_recording(episode)].append(episode)
        for key, alike in items.items():
            if key and len(alike) == len(episodes[key]) == 1:
                item, episode = alike[0], episodes[key][0]
                if item.youtube_id and episode.youtube_id:
                    continue  # two videos
                reason = NEW_GUID.format(guid=episode.guid)
                is_new = bool(item.guid and episode.guid)
                self._take(item, episode, *([FeedProblem(item.number, "guid", item.guid, reason)] if is_new else []))

    def in_order(self, key_of: Callable[[Any], Hashable]) -> None:
        """Match items with episodes that are alike in everything, in their order: they can't be told apart anyway."""
        episodes = defaultdict(list)
        for episode in self.free.values():
            episodes[key_of(episode)].append(episode)
        for item in list(self.rest.values()):
            for episode in episodes[key_of(item)]:
                if episode.pk in self.free and _is_compatible(item, episode):
                    self._take(item, episode)
                    break

    def finished(self) -> dict[int, Match]:
        """Return all matches; what is left over becomes new episodes, with a warning if they may be known ones."""
        by_audio = {audio_key(episode.audio_url): episode for episode in self.known if episode.audio_url}
        by_day = {key: episode for episode in self.known if (key := _title_and_day(episode))}
        free_names = Counter(name for episode in self.free.values() for name in _names(episode))
        for item in list(self.rest.values()):
            name, reason = "item", ""
            if alike := by_audio.get(audio_key(item.audio_url)):
                reason = SAME_AUDIO.format(reference=alike.reference)
            elif alike := by_day.get(_title_and_day(item)):
                reason = SAME_DAY.format(reference=alike.reference)
            elif (count := free_names[_name(item.title)]) and not (item.guid or item.audio_url or item.youtube_id):
                name, reason = "title", SEVERAL.format(count=count)
            problems = [FeedProblem(item.number, name, item.title, reason)] if reason else []
            self._decide(item, Match(problems=tuple(problems)))
        return self.matches

    def _all(self) -> list[Episode]:
        """The episodes, matched or not."""
        matched = (match.episode for match in self.matches.values() if match.episode is not None)
        return [*self.free.values(), *matched]

    def _take(self, item: FeedEpisode, episode: Episode, *problems: FeedProblem) -> None:
        self.free.pop(episode.pk)
        self._item_of[episode.pk] = item.number
        self._decide(item, Match(episode, problems))

    def _decide(self, item: FeedEpisode, match: Match) -> None:
        del self.rest[item.number]
        self.matches[item.number] = match


def guid_of(item: FeedEpisode) -> str:
    """Return the item's guid, or a digest of it if it doesn't fit into the column."""
    if len(item.guid) <= ADDRESS_LIMIT:
        return item.guid
    return f"sha256:{hashlib.sha256(item.guid.encode('utf-8', 'replace')).hexdigest()}"


def _is_compatible(item: FeedEpisode, episode: Episode) -> bool:
    """Return whether neither guid nor video says that they are different."""
    is_same_guid = not item.guid or episode.guid in ("", guid_of(item))
    return is_same_guid and (not item.youtube_id or episode.youtube_id in ("", item.youtube_id))


def _may_share_title(item: FeedEpisode, episode: Episode) -> bool:
    """Return False if both audio file and day differ: a weekly episode whose title is always the same."""
    has_other_audio = bool(item.audio_url and episode.audio_url) and audio_key(item.audio_url) != audio_key(
        episode.audio_url
    )
    has_other_day = None not in (item.published_on, episode.published_on) and item.published_on != episode.published_on
    return not (has_other_audio and has_other_day)


def _name(title: str) -> str:
    return wiki_slug(title)[:SLUG_LIMIT] or title.casefold()


def _names(episode: Episode) -> set[str]:
    return {_name(episode.title), episode.slug.lower()}


def _title_and_day(row: FeedEpisode | Episode) -> Hashable:
    return (_name(row.title), row.published_on) if row.published_on else None


def _recording(row: FeedEpisode | Episode) -> Hashable:
    """Return audio file, title and day, None if one is missing. What follows a “?” often changes with every fetch."""
    audio = audio_key(row.audio_url).partition("?")[0]
    return (audio, _name(row.title), row.published_on) if audio and row.published_on else None


def _facts(row: FeedEpisode | Episode) -> Hashable:
    return _name(row.title), row.published_on, audio_key(row.audio_url), row.page_url
