"""The texts that a text was started from, and whose discussion it continues."""

from articles.models import Revision


def rows_by_key(article_id):
    """Return {key: row} of an article's revisions, with what `rounds` and `ancestors` need."""
    rows = Revision.objects.filter(article=article_id).order_by().values_list("pk", "status", "base", named=True)
    return {row.pk: row for row in rows}


def rounds(revision, revisions):
    """Return `revision` and those whose discussion it continues (primary keys), the latest first.

    `revisions` are rows of its article with `status` and `base`, by primary key. An approved text ends the discussion.
    """
    found = []
    while revision is not None and revision.status != Revision.Status.APPROVED and revision.pk not in found:
        found.append(revision.pk)
        revision = revisions.get(revision.base)
    return found


def ancestors(revision, revisions):
    """Return `revision` and those that it was started from, however they were decided; arguments are as in `rounds`."""
    found = []
    while revision is not None and revision.pk not in found:
        found.append(revision.pk)
        revision = revisions.get(revision.base)
    return found


def continued_by(revision):
    """Return the keys of `revision` and of the texts whose discussion it continues. One query, none for a first text."""
    if revision.base_id is None:
        return [revision.pk]
    revisions = rows_by_key(revision.article_id)
    return [revision.pk, *rounds(revisions.get(revision.base_id), revisions)]
