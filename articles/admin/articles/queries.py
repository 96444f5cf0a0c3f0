"""Queries for the admin's list of articles."""

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext

from articles.admin.pages import found_or_404
from articles.derived.reviewers import FOUND_RIGHT
from articles.models import Article, Review, Revision, may_read_all

Status = Revision.Status


def for_list(user):
    """The articles visible to `user`, annotated with their newest revision and the numbers of open and submitted ones."""
    newest = Revision.objects.visible_to(user).filter(article=OuterRef("pk")).order_by("-number")
    in_progress = {"revision__in": Revision.objects.visible_to(user)} if not may_read_all(user) else {}
    return (
        Article.objects.visible_to(user)
        .select_related("published_revision")
        .annotate(
            newest_title=Subquery(newest.values("title")[:1]),
            newest_saved_at=Subquery(newest.values("saved_at")[:1]),
            newest_saved_by=Subquery(newest.values("saved_by_name")[:1]),
            open_drafts=Count("revision", filter=Q(revision__status=Status.DRAFT, **in_progress), distinct=True),
            waiting=Count("revision", filter=Q(revision__status=Status.SUBMITTED, **in_progress), distinct=True),
        )
    )


def not_reviewed_as_a_whole():
    """The published articles of whose text some was never reviewed by a second person."""
    reviews = Review.objects.filter(
        revision=OuterRef("published_revision"), decision__in=FOUND_RIGHT, is_override=False
    )
    is_partial = Q(published_revision__rendering__partial_review__isnull=False)
    return Article.objects.published().filter(is_partial | ~Exists(reviews))


def article_or_404(request, pk):
    """The article as annotated by `for_list`. Raises Http404 also if it isn't visible to the user."""
    return found_or_404(for_list(request.user), pk, gettext("No such article."))


def title_of(article):
    """The article's published title, or its slug."""
    return article.published_revision.title if article.published_revision else article.slug
