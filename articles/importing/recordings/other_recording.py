"""Tells whether a change would make the citations of an episode play something else, and how many those are."""

from collections.abc import Mapping

from articles.core.parsing.numbers import counted
from articles.core.recordings.feeds.audio_addresses import audio_key
from articles.models import Citation, Episode


def other_recording(episode: Episode, new: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return how the `new` values by column would change what the episode's citations play: (column, current, new).

    That is another video, another audio file, no file at all (""), or a video where there was only an audio file. An
    address that only differs by scheme, tracking services or tokens is the same file.
    """
    changed = []
    for name, value in new.items():
        current = getattr(episode, name)
        key = audio_key if name == "audio_url" else str
        if current and key(current) != key(value):
            changed.append((name, current, value))
    if new.get("youtube_id") and not episode.youtube_id and episode.audio_url:
        changed.append(("youtube_id", episode.audio_url, new["youtube_id"]))
    return changed


def published_citations(episode: Episode) -> tuple[int, int]:
    """Return the number of published citations of an episode, and of the articles that have them."""
    citations = Citation.objects.filter(is_public=True, episode=episode).order_by()
    return citations.count(), citations.values("revision").distinct().count()


def cited_by(episode: Episode) -> str:
    """Return which citations refer to the episode, such as `12 published, in 2 articles`, for a report."""
    citations, articles = published_citations(episode)
    return f"{citations} published, in {counted(articles, 'article')}" if citations else "none published"
