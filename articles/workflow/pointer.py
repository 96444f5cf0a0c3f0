"""Writes the published pointer of an article, and nothing else does.

Only `articles.workflow` may import this module; import-linter checks it (pyproject.toml).
"""

from django.db.models import Q
from django.utils import timezone

from articles.models import Article


def point_to(revision):
    """Move the article's pointer from the text that `revision` changes to `revision`; False if another one is out.

    Compare-and-set in one statement. Address and times go with it; `revision.article` isn't refreshed.
    """
    article, now = revision.article, timezone.now()
    replaces = Q(published_revision=revision.target_id) | Q(published_revision=None)
    return bool(
        Article.objects.filter(replaces, pk=article.pk).update(
            published_revision=revision,
            published_at=now,
            first_published_at=article.first_published_at or now,
            take_down_at=revision.take_down_at,
            slug=revision.slug,
        )
    )


def clear(article):
    """Let `article` point to no revision: it isn't public any longer."""
    Article.objects.filter(pk=article.pk).update(published_revision=None, take_down_at=None)
    article.published_revision = article.take_down_at = None
