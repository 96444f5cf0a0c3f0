"""Queries for the admin's list of articles."""

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from articles.admin.shared.helpers import found_or_404
from articles.models import Article, Revision
from articles.workflow.history import audit_log

Status = Revision.Status
NEVER_PUBLIC = {"first_public_at": None, "published_for": None}


def for_list(user):
    """The articles visible to `user`, annotated with their newest revision and what is in progress: how many drafts, in
    review and approved, and when the next one is to be published.

    Only subqueries, which the database answers for the rows of one page, however many articles there are.
    """
    newest = Revision.objects.visible_to(user).filter(article=OuterRef("pk")).order_by("-number")
    return (
        Article.objects.visible_to(user)
        .select_related("published_revision")
        .annotate(
            newest_title=Subquery(newest.values("title")[:1]),
            newest_saved_at=Subquery(newest.values("saved_at")[:1]),
            newest_saved_by=Subquery(newest.values("saved_by_name")[:1]),
            open_drafts=_number(user, Status.DRAFT),
            waiting=_number(user, Status.SUBMITTED),
            approved=_number(user, Status.APPROVED, audit_log.was_ever_public(), publish_at=None, **NEVER_PUBLIC),
            scheduled_at=_planned(user),
        )
    )


def visible_articles(user, keys):
    """The articles of these keys that `user` may see, with their published revisions, by slug."""
    articles = Article.objects.visible_to(user).filter(pk__in=keys).select_related("published_revision")
    return articles.defer("published_revision__lead").order_by("slug")


def _number(user, status, *unlike, **values):
    revisions = Revision.objects.visible_to(user).filter(article=OuterRef("pk"), status=status, **values)
    revisions = revisions.exclude(*unlike) if unlike else revisions
    counted = revisions.order_by().values("article").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def _planned(user):
    """When the next text of an article is to be published."""
    planned = Revision.objects.visible_to(user).filter(
        article=OuterRef("pk"), status=Status.APPROVED, publish_at__isnull=False, published_for=None
    )
    return Subquery(planned.order_by("publish_at").values("publish_at")[:1])


def not_reviewed_as_a_whole():
    """The condition that some of an article's published text was never reviewed by a second person."""
    is_partial = Q(published_revision__rendering__partial_review__isnull=False)
    return Q(published_revision__isnull=False) & (is_partial | Q(last_reviewed_at=None))


def article_or_404(request, pk):
    """The article as annotated by `for_list`. Raises Http404 also if it isn't visible to the user."""
    return found_or_404(for_list(request.user), pk, gettext("No such article."))


def title_of(article):
    """The article's published title, or its slug."""
    return article.published_revision.title if article.published_revision else article.slug
