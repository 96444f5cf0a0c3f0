"""Stores the issues of published texts."""

from articles.models import Citation, SourceIssue

from .finding import of_revision
from .past_the_end import PastEnd

COLUMNS = ["kind", "offset_seconds", "explained_count", "citation_count"]


def forget_others(article):
    """Delete the issues of revisions of `article` that aren't published."""
    SourceIssue.objects.filter(revision__article=article).exclude(revision=article.published_revision_id).delete()


def store(article):
    """Store the issues of the published text of `article` that nobody dismissed; one query if there are none.

    Writes only what has changed.
    """
    stored = {row.episode_id: row for row in SourceIssue.objects.filter(revision=article.published_revision_id)}
    for row, explained in expected(article):
        kept = stored.pop(row.episode_id, None)
        if kept is not None and any(getattr(kept, name) != getattr(row, name) for name in COLUMNS):
            kept.delete()
            kept = None
        if kept is None:
            row.save(force_insert=True)
            kept = row
        cited = Citation.objects.filter(revision=row.revision_id)
        cited.filter(source_issue=kept).exclude(pk__in=explained).update(source_issue=None)
        cited.filter(pk__in=explained).exclude(source_issue=kept).update(source_issue=kept)
    if stored:
        SourceIssue.objects.filter(pk__in=[row.pk for row in stored.values()]).delete()


def expected(article):
    """Yield (unsaved `SourceIssue`, primary keys of the citations that it explains) of the published text."""
    revision = article.published_revision
    if revision is None:
        return
    revision.article = article
    for found, dismissal in of_revision(revision):
        if dismissal is None:
            row = SourceIssue(
                revision=revision,
                episode=found.episode,
                kind=found.kind,
                offset_seconds=found.offset_seconds,
                explained_count=len(found.explained),
                citation_count=found.total,
            )
            yield row, {ref for ref in found.explained if not isinstance(ref, PastEnd)}
