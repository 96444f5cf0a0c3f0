"""Whose page of their own is public, where it is, and which reviews stand on it."""

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef

from articles.models import LogEntry, Profile, Review

# Which backend grants permissions: asked by name, since a site may log people in by another one as well.
GRANTED_BY = "django.contrib.auth.backends.ModelBackend"
FOUND_RIGHT = [Review.Decision.APPROVED, Review.Decision.CONFIRMED]
WENT_OUT = [LogEntry.Action.PUBLISHED, LogEntry.Action.PUBLISHED_AS_RECEIVED]


def public():
    """The profiles that everybody may see: their people want it, have an account that works, and may review.

    What stands there was written by nobody but them and reviewed by nobody: who is no reviewer any more speaks on the
    site no more.
    """
    reviewers = get_user_model()._default_manager.with_perm("articles.review_revision", backend=GRANTED_BY)
    return Profile.objects.public().filter(user__in=reviewers.values("pk"))


def page_of(users):
    """The addresses of the public pages of `users` (keys of accounts), by key: one query, none where nobody is asked for."""
    keys = {key for key in users if key is not None}
    return {profile.user_id: profile.get_absolute_url() for profile in public().filter(user__in=keys)} if keys else {}


def reviews_of(user):
    """The reviews of public texts that the account with this key gave and that found them right, newest first.

    Public is what readers can open: a text that was shown once, of an article that is there.
    """
    shown = LogEntry.objects.filter(revision=OuterRef("revision"), action__in=WENT_OUT)
    given = Review.objects.filter(
        by=user, decision__in=FOUND_RIGHT, revision__article__published_revision__isnull=False
    )
    return given.filter(Exists(shown)).order_by("-pk")


def link(reviews):
    """Give each of `reviews` its `by_page`: the address of the page of who gave it, "" where there is none."""
    reviews = [review for review in reviews if review is not None]
    pages = page_of(review.by_id for review in reviews)
    for review in reviews:
        review.by_page = pages.get(review.by_id, "")
