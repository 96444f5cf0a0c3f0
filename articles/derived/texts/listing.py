"""What the list of articles in the admin shows and sorts by of published texts: flagged citations, and the last review."""

from articles.derived.checks import status
from articles.derived.reviews.reviewers import FOUND_RIGHT
from articles.models import Article, Citation


def values_of(article):
    """Return what should be stored with `article`, as {column: value}; at most three queries."""
    if article.published_revision_id is None:
        return {"flag_count": None, "last_reviewed_at": None}
    flagged = Citation.objects.filter(revision=article.published_revision_id, verdict__in=status.FLAGGED)
    reviews = article.published_revision.review_set.filter(decision__in=FOUND_RIGHT, is_override=False)
    is_any = flagged.exists()  # most texts have none, and what people judged takes longer to ask for
    return {
        "flag_count": flagged.filter(~status.confirmed(), ~status.dismissed()).count() if is_any else 0,
        "last_reviewed_at": reviews.order_by("-pk").values_list("at", flat=True).first(),
    }


def store(article):
    """Store what the list shows of `article`, if anything is different; its citations' verdicts have been stored."""
    values = values_of(article)
    if any(getattr(article, name) != value for name, value in values.items()):
        Article.objects.filter(pk=article.pk).update(**values)
