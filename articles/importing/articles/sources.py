"""Finds the episodes that a received article cites, and creates missing ones."""

from articles.core.formats import FileProblem
from articles.core.language.messages import lazy_message
from articles.importing.recordings.episodes import placeholder, save_episode
from articles.importing.recordings.episodes_file import KnownEpisode, show_handle
from articles.models import Episode, named
from articles.workflow.content import SourceContent


def sources_of(article, known, by):
    """Return the sources of the article, in order, and the problems found with them."""
    if not article.sources:
        episode = find_episode(known, by, handle=article.show_handle, youtube_id=article.video_id)
        if episode is not None:
            return (SourceContent(episode),), []
        if not article.video_id:
            reason = lazy_message(
                "The text names no recording. Choose an episode so that its timestamps become citations."
            )
        else:
            reason = lazy_message(
                "The text names no show (“From: …”), so no episode was created and its timestamps cite nothing."
            )
        return (), [FileProblem(1, 1, article.video_id, reason, "no-recording")]
    sources, problems = [], []
    for source in article.sources:
        episode = _referenced(source, known, by)
        if episode is None:
            reason = lazy_message(
                "Unknown source “%(key)s” (%(reference)s): its timestamps cite nothing.",
                key=source.key,
                reference=source.reference,
            )
            problems.append(FileProblem(1, 1, source.key, reason, "no-recording"))
        else:
            sources.append(SourceContent(episode, source.key))
    return tuple(sources), problems


def _referenced(source, known, by):
    """Return the episode that an export names, by reference or YouTube id, or else create it from the export."""
    handle, _, slug = source.reference.partition("/")
    episode = named(Episode.objects.select_related("show"), show__handle=handle, slug=slug)
    if episode is not None:
        return episode
    if source.youtube_id and (episode := Episode.objects.filter(youtube_id=source.youtube_id).first()):
        return episode
    if source.youtube_id in known.by_youtube_id:
        return save_episode(known.by_youtube_id[source.youtube_id], by=by)
    if not show_handle(handle) or not source.title:
        return None
    return save_episode(KnownEpisode(handle, source.title, source.youtube_id), by=by)


def find_episode(known, by, *, handle, youtube_id):
    """Return the episode of a received article, created if necessary; None if it can't be determined.

    Without a YouTube id it is the only `known` episode of the show.
    """
    if youtube_id in known.episodes:
        return known.episodes[youtube_id]
    entry = known.by_youtube_id.get(youtube_id) if youtube_id else known.only_one_of(handle)
    if entry is not None:
        return save_episode(entry, known.shows, by=by)
    if not youtube_id:
        return None
    title = known.titles.get(youtube_id, "")
    episode = Episode.objects.filter(youtube_id=youtube_id).select_related("show").first()
    if episode is not None:
        if title and episode.title == placeholder(youtube_id):
            save_episode(KnownEpisode(episode.show.handle, title, youtube_id), known.shows, by=by)
            episode.title = title
        return known.remember(episode)
    if not show_handle(handle):
        return None
    entry = KnownEpisode(handle, title or placeholder(youtube_id), youtube_id)
    return save_episode(entry, known.shows, by=by, is_new_id=True)
