"""Shows and episodes as plain data."""

from django.urls import reverse

from articles.core.recordings.people import read_people
from articles.derived.recordings.people import people_of

from .values import absolute


def show(show, root):
    """Serialize a show from `Show.objects.cited()`, with its `article_count`."""
    return {
        "handle": show.handle,
        "title": show.title,
        "url": f"{root}{show.get_absolute_url()}",
        "api": f"{root}{reverse('api:show', args=[show.handle])}",
        "site": show.url,
        "article_count": show.article_count,
        "people": _people(read_people(show.people)),
    }


def episode_entry(episode, root):
    """Serialize an episode from `Episode.objects.cited()`, with its `article_count`."""
    return {
        **cited_episode(episode, root),
        "api": f"{root}{reverse('api:episode', args=[episode.show.handle, episode.slug])}",
        "page_url": episode.page_url,
        "article_count": episode.article_count,
    }


def episode(episode, root):
    """Serialize an episode like `episode_entry`, with its chapters and the URLs of its files."""
    names = [episode.show.handle, episode.slug]
    return {
        **episode_entry(episode, root),
        "chapters_file": f"{root}{reverse('episode_chapters', args=names)}",
        "citations_track": f"{root}{reverse('episode_citations', args=names)}",
        "people": _people(people_of(episode)),
        "chapters": [
            {
                "start": chapter.start_seconds,
                "title": chapter.title,
                "is_sponsor": chapter.is_sponsor,
                "hear": absolute(episode.link_at(chapter.start_seconds), root),
            }
            for chapter in episode.chapters
        ],
    }


def cited_episode(episode, root):
    return {
        "episode": episode.reference,
        "title": episode.title,
        "show": episode.show.title,
        "url": f"{root}{episode.get_absolute_url()}",
        "published_on": episode.published_on and episode.published_on.isoformat(),
        "duration": episode.length_seconds,
        "is_duration_derived": episode.is_length_derived,
        "youtube_id": episode.youtube_id,
        "audio_url": episode.audio_url,
    }


def _people(people):
    return [{"name": person.name, "role": person.role, "link": person.link} for person in people]
