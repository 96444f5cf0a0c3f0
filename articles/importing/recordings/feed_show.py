"""Finds a feed's show, and fills in what the feed says about it."""

from collections.abc import Sequence
from typing import Any

from articles import workflow
from articles.core.language.folding import folded_name
from articles.core.markdown import wiki_slug
from articles.core.recordings.feeds import Feed, FeedError, FeedProblem
from articles.core.recordings.feeds.audio_addresses import audio_key, without_scheme
from articles.core.recordings.people import format_people, read_people, with_voices
from articles.models import Episode, Show, named

from .episodes_file import show_handle
from .feed_episodes import difference, usable
from .feed_matching import guid_of


def show_of(feed: Feed, handle: str = "") -> Show:
    """Return the show of a feed, found by `handle`, else by its title, else by its URL; unsaved if it is new.

    Raises FeedError, with a message that says what to do, if the show is ambiguous or can't be named.
    """
    if handle:
        known = named(Show.objects, handle=handle)
        return known or Show(handle=handle, title=feed.title[:200] or handle, url=usable(feed.url))
    if not feed.title:
        raise FeedError("the feed has no title. Name the show with --show HANDLE.")
    own = show_handle(wiki_slug(feed.title))
    if not own:
        raise FeedError(f"no handle can be made from the title “{feed.title[:60]}”. Name the show with --show HANDLE.")
    return (
        _only(_titled(feed), feed)
        or named(Show.objects, handle=own)
        or _with_website(feed)
        or Show(handle=own, title=feed.title[:200], url=usable(feed.url))
    )


def fill_show(show: Show, feed: Feed, by: Any = None) -> list[FeedProblem]:
    """Save a new show, or fill in what is empty in an existing one and return what differs. Needs a transaction."""
    if show.pk is None:
        show.people = format_people(feed.people)
        workflow.save_show(show, by=by)
        return []
    problems = []
    changed = []
    people = format_people(with_voices(feed.people, read_people(show.people)))
    for name, value in (("title", feed.title[:200]), ("url", usable(feed.url)), ("people", people)):
        current = getattr(show, name)
        if not value or value.rstrip("/") == current.rstrip("/"):
            continue
        if current in ("", show.handle):
            setattr(show, name, value)
            changed.append(name)
        else:
            problems.append(difference(0, f"show’s {'address' if name == 'url' else name}", current, value))
    if changed:
        workflow.save_show(show, changed, by=by, at_once=True)
    return problems


def _titled(feed: Feed) -> list[Show]:
    """Return the shows with the feed's title in any case, which databases only know for ASCII."""
    wanted = folded_name(" ".join(feed.title[:200].split()))
    titles = Show.objects.values_list("pk", "title")
    return list(Show.objects.filter(pk__in=[pk for pk, title in titles if folded_name(title) == wanted]))


def _addresses(feed: Feed) -> list[str]:
    bare = without_scheme(feed.url).rstrip("/")
    return [f"{scheme}://{bare}{end}" for scheme in ("https", "http") for end in ("", "/")] if bare else []


def _only(shows: Sequence[Show], feed: Feed) -> Show | None:
    """Return the only one of `shows`, of several the only one with the feed's URL.

    Raises FeedError if that isn't one.
    """
    if len(shows) > 1:
        alike = [show for show in shows if show.url in _addresses(feed)]
        if len(alike) != 1:
            handles = ", ".join(show.handle for show in shows[:5])
            raise FeedError(f"several shows match ({handles}). Choose one with --show HANDLE.")
        return alike[0]
    return shows[0] if shows else None


def _with_website(feed: Feed) -> Show | None:
    """Return the show that has the feed's URL, under another title. Raises FeedError if it may be another show.

    All shows of a publisher often have one website, so the feed also has to have something of the show's episodes.
    """
    show = _only(list(Show.objects.filter(url__in=_addresses(feed))), feed)
    if show is None:
        return None
    rows = list(Episode.objects.filter(show=show).values_list("guid", "youtube_id", "audio_url"))
    of_show = {key for guid, video, audio in rows for key in (guid, video, audio_key(audio))}
    of_feed = {key for item in feed.episodes for key in (guid_of(item), item.youtube_id, audio_key(item.audio_url))}
    if rows and not (of_show & of_feed - {""}):
        raise FeedError(
            f"the show “{show.handle}” ({show.title}) has the same website, but another title and other episodes. "
            f"Use --show {show.handle} if it is the show, otherwise --show with a new handle."
        )
    return show
