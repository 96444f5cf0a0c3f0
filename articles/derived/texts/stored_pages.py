"""Whether the previous release, which stores pages and reads what they are made from, may serve beside this one."""

from django.db import connection

_NEWEST_OTHER = """
SELECT rendering.page_html <> '' FROM articles_article article
JOIN articles_rendering rendering ON rendering.revision_id = article.published_revision_id
WHERE article.published_revision_id IS NOT NULL AND article.id <> %s
ORDER BY article.published_at DESC, article.id LIMIT 1
"""
_OWN = """
SELECT rendering.page_html <> '' FROM articles_rendering rendering
JOIN articles_revision revision ON revision.id = rendering.revision_id
WHERE revision.article_id = %s AND rendering.page_html <> '' LIMIT 1
"""


def has_stored_page(article):
    """Return whether `article` has a stored page, or should have one as the others do.

    On a site that this release has set up none has, nor after `rebuild` has deleted them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_OTHER, [article.pk])
        if newest := cursor.fetchone():
            return bool(newest[0])
        cursor.execute(_OWN, [article.pk])
        return cursor.fetchone() is not None
