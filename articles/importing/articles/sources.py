"""Finds the episodes that a received article cites, and makes those that are not there yet."""

from django.core.exceptions import ValidationError

from articles.core.formats import ReceivedProblem
from articles.importing.recordings.episodes import placeholder, save_episode
from articles.importing.recordings.episodes_file import KnownEpisode, show_handle
from articles.models import Episode
from articles.models.revisions import validate_source_key
from articles.workflow.content import SourceContent

KEY_LIMIT = 20  # characters of a source's key


def sources_of(article, known, by):
    """The episodes that the article cites, in order, and what is to be said of them."""
    if not article.sources:
        episode = find_episode(known, by, handle=article.show_handle, youtube_id=article.video_id)
        if episode is not None:
            return (SourceContent(episode),), []
        if not article.video_id:
            reason = "The text names no recording: its moments cite nothing until an episode is chosen."
        else:
            reason = "The text names no show (“From: …”): its recording was not made, and its moments cite nothing."
        return (), [ReceivedProblem(1, 1, article.video_id, reason, "no-recording")]
    sources, problems = [], []
    for source in article.sources:
        episode = _referenced(source, known, by)
        try:
            validate_source_key(source.key)
        except ValidationError:
            episode = None
        if episode is None or len(source.key) > KEY_LIMIT:
            reason = f"The source “{source.key}” ({source.reference}) is not known here: its moments cite nothing."
            problems.append(ReceivedProblem(1, 1, source.key, reason, "no-recording"))
        else:
            sources.append(SourceContent(episode, source.key))
    return tuple(sources), problems


def _referenced(source, known, by):
    """The episode that an export names: by its address here, by its YouTube id, or made from what the export says."""
    handle, _, slug = source.reference.partition("/")
    episode = Episode.objects.filter(show__handle=handle, slug=slug).select_related("show").first()
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
    """The episode of a received article, made if need be; None where nothing says which it is.

    Without a YouTube id it is the one episode that is `known` of the show.
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
        return known.meet(episode)
    if not show_handle(handle):
        return None
    entry = KnownEpisode(handle, title or placeholder(youtube_id), youtube_id)
    return save_episode(entry, known.shows, by=by, is_new_id=True)
