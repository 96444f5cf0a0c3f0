"""The only module that writes an article's published pointer.

Only `articles.workflow` may import this module; import-linter enforces that (pyproject.toml).
"""

from django.db.models import Q
from django.utils import timezone

from articles.models import Article, Revision
from articles.workflow.history import rows


def point_to(revision):
    """Move the article's pointer from the target of `revision` to `revision`.

    Returns the time of publication, or None if another revision is published. Compares and sets in one statement,
    together with the slug and times. `revision.article` isn't refreshed.
    """
    replaces = Q(published_revision=revision.target_id) | Q(published_revision=None)
    return _point(revision, replaces, revision.take_down_at)


def point_back(revision, replaced):
    """Move the pointer from the revision `replaced` (key) back to `revision`, an earlier text; as `point_to`.

    A time at which the article was to be unpublished was about another text, so there is none afterwards.
    """
    return _point(revision, Q(published_revision=replaced), None)


def _point(revision, replaces, take_down_at):
    article, now = revision.article, timezone.now()
    is_scheduled = article.take_down_at is not None or take_down_at is not None
    with rows.recorded(Article, [article.pk] if is_scheduled else ()):
        moved = Article.objects.filter(replaces, pk=article.pk).update(
            published_revision=revision,
            published_at=now,
            first_published_at=article.first_published_at or now,
            take_down_at=take_down_at,
            slug=revision.slug,
        )
    if not moved:
        return None
    if revision.first_public_at is None:
        Revision.objects.filter(pk=revision.pk).update(first_public_at=now)
        revision.first_public_at = now
    return now


def clear(article):
    """Clear the article's pointer, so that it is no longer public."""
    with rows.recorded(Article, [article.pk] if article.take_down_at is not None else ()):
        Article.objects.filter(pk=article.pk).update(published_revision=None, take_down_at=None)
    article.published_revision = article.take_down_at = None
