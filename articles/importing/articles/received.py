"""Imports a received text that somebody pasted or uploaded: what would become of it first, without saving anything."""

from dataclasses import replace
from pathlib import PurePath

from django.db import transaction

from articles.core.formats import ArticleFile, FileSource, FormatError, read
from articles.core.language.messages import lazy_message
from articles.core.markdown import wiki_slug
from articles.importing.images import Intake
from articles.importing.recordings.episodes_file import KnownEpisodes

from .article import import_article, with_uploads
from .matching import find


def read_received(text, *, file_name="", title="", episode=None):
    """Return the `ArticleFile` in a text. Raises `FormatError` with what to do.

    `title` replaces the text's own, and `episode` the recordings that it names. A text is named after its title: received
    again, it is the same text or a newer one.
    """
    path = PurePath(file_name)
    video_id = episode.youtube_id if episode else None
    article = read(text, path.stem, is_json=path.suffix.lower() == ".json", video_id=video_id)
    if not isinstance(article, ArticleFile):
        raise FormatError(
            lazy_message("this is a show’s list of episodes, not an article: import it with the articles of the show.")
        )
    if title:
        article = replace(article, title=title)
    if not article.title:
        raise FormatError(lazy_message("the text has no title: enter one."))
    # A file that was received before, or is an export, is known by its name; any other text is named after its title.
    if not article.is_export and (not article.name or find(article) is None):
        article = replace(article, name=wiki_slug(article.title) or article.name)
    if episode is not None:
        source = FileSource("e1", episode.reference, episode.title, episode.youtube_id)
        article = replace(article, sources=(source,))
    return article


def preview_received(article, *, by):
    """Return what `import_received` would, as `Imported`, and save nothing. Raises what that raises.

    Images of other sites aren't fetched.
    """
    with_images = with_uploads(article, Intake(by, is_dry_run=True))
    with transaction.atomic():
        imported = import_article(with_images, by=by, known=KnownEpisodes(), digest=article.digest())
        transaction.set_rollback(True)
    return imported


def import_received(article, *, by):
    """Save a received article as a draft by `by` and return the `Imported`. Raises `WorkflowError` or `FormatError`."""
    with_images = with_uploads(article, Intake(by))
    return import_article(with_images, by=by, known=KnownEpisodes(), digest=article.digest())
