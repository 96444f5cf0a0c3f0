"""The texts that a text was started from, and whose discussion it continues."""

from django.db.models import Exists, OuterRef

from articles.models import LogEntry, Review, Revision

RETURNED = {Revision.Status.CHANGES_REQUESTED, Revision.Status.REJECTED}


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


def returns_by_key(drafts):
    """Return {key: the latest `Review` by which a text was returned that the draft continues} of `drafts`.

    A review has its `revision`, and `is_of_part` if some of that was published. Two queries, none if no draft was
    started from another text.
    """
    begun = [draft for draft in drafts if draft.base_id is not None]
    if not begun:
        return {}
    rows = Revision.objects.filter(article__in={draft.article_id for draft in begun}).order_by()
    revisions = {row.pk: row for row in rows.values_list("pk", "status", "base", named=True)}
    returned = {}
    for draft in begun:
        before = rounds(revisions.get(draft.base_id), revisions)
        returned[draft.pk] = next((pk for pk in before if revisions[pk].status in RETURNED), None)
    in_part = LogEntry.objects.filter(revision=OuterRef("revision"), action=LogEntry.Action.ACCEPTED_IN_PART)
    reviews = Review.objects.filter(revision__in=set(returned.values()) - {None}, decision__in=RETURNED).order_by("pk")
    reviews = reviews.annotate(is_of_part=Exists(in_part)).select_related("revision").defer("revision__lead")
    latest = {review.revision_id: review for review in reviews}
    return {key: latest[pk] for key, pk in returned.items() if pk in latest}
