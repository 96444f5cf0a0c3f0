"""The record: logs, digests and signatures, and that a published text was approved or imported."""

from articles.derived.reviews.reviewers import FOUND_RIGHT
from articles.models import Article, Citation, Rendering, Revision
from articles.workflow.history import audit_log, verification

from .types import RESTORE, VOUCH, Finding

Status = Revision.Status


def check_log(article):
    """The article's log has no gap, and its rows are what the log and the digests say."""
    if found := audit_log.verify(article):
        yield Finding("log", f"{found.article}: {found.place}", found.reason, RESTORE)
    numbers = list(article.revision_set.order_by("number").values_list("number", flat=True))
    for expected, number in enumerate(numbers, 1):
        if number != expected:
            yield Finding("log", f"{article.slug}: revision {expected}", "it is missing", RESTORE)
            return


def check_published(article):
    """What is public is the one published revision, which was approved by a review or imported."""
    public = Citation.objects.filter(revision__article=article, is_public=True)
    pages = Rendering.objects.filter(revision__article=article, partial_review__isnull=False)
    others = {
        *public.exclude(revision=article.published_revision_id).values_list("revision__number", flat=True),
        *pages.exclude(revision=article.published_revision_id).values_list("revision__number", flat=True),
    }
    for number in sorted(others):
        yield Finding(
            "published",
            f"{article.slug}: revision {number}",
            "it isn’t published, but its citations or its page are public",
            f"Run `manage.py rebuild --article {article.slug}`",
        )
    revision = article.published_revision
    if revision is None:
        return
    place = f"{article.slug}: revision {revision.number}"
    if public.model.objects.filter(revision=revision, is_public=False).exists():
        remedy = f"Run `manage.py rebuild --article {article.slug}`"
        yield Finding("published", place, "it is published, but some of its citations aren’t public", remedy)
    if revision.article_id != article.pk:
        yield Finding("published", place, "it is another article’s, but published here", RESTORE)
    if revision.status not in {Status.APPROVED, Status.RECEIVED}:
        yield Finding("published", place, f"it is published, but {revision.get_status_display()}", RESTORE)
    elif revision.status == Status.APPROVED and not revision.review_set.filter(decision__in=FOUND_RIGHT).exists():
        yield Finding("published", place, "it is published, but nobody approved it", RESTORE)
    elif revision.status == Status.RECEIVED and not revision.received_digest:
        yield Finding("published", place, "it is published as imported, but it isn’t an imported text", RESTORE)


def check_chain(*, quick):
    """The chain over all articles is complete and signed, and has what the logs have."""
    for found in verification.verify(only_newest_signature=quick):
        is_row = found.article == verification.ROWS
        place = found.place if is_row else f"{found.article}: {found.place}"
        yield Finding("rows" if is_row else "chain", place, found.reason, VOUCH if is_row else RESTORE)


def check_empty(*, quick):
    """Every article has a revision."""
    for article in Article.objects.filter(revision__isnull=True).distinct():
        yield Finding("published", article.slug, "the article has no revision", RESTORE)
