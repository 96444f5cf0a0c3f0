"""Public reviewer profiles: whether a person has one, its address, and the reviews that it lists."""

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT

from articles.models import LogEntry, Profile, Review

FOUND_RIGHT = [Review.Decision.APPROVED, Review.Decision.CONFIRMED, Review.Decision.REVIEWED]
BY_REVIEWERS = [*FOUND_RIGHT, Review.Decision.CO_APPROVED]  # also of those whose approval alone wasn't enough
NEW_TEXTS = [LogEntry.Action.PUBLISHED, LogEntry.Action.PUBLISHED_AS_RECEIVED]
PUBLICATIONS = [*NEW_TEXTS, LogEntry.Action.REVERTED]


def users_with_permission(permission):
    """Return the active users who have `permission`, through their groups or as superusers."""
    # The backend that grants permissions is named, because a site may have others for logging in.
    return get_user_model().objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend")


def public():
    """Return the profiles that are public: made so by their owners, who are active and may review.

    Nobody reviews what people write in their profile, so it is hidden when they are no longer reviewers.
    """
    reviewers = users_with_permission("articles.review_revision")
    return Profile.objects.filter(is_public=True, user__in=reviewers.values("pk"))


def page_of(users):
    """Return {account key: profile address} for those of `users` (account keys or None) with a public profile.

    One query, or none if there are no users.
    """
    keys = {key for key in users if key is not None}
    return {profile.user_id: profile.get_absolute_url() for profile in public().filter(user__in=keys)} if keys else {}


def reviews_of(user):
    """Return the last approval or confirmation of each public text by `user` (an account key), newest first.

    A text is public if it was published at some time and its article is published now. An approval that wasn't enough
    counts if the one that was enough was of the same text and recordings.
    """
    publications = LogEntry.objects.filter(revision=OuterRef("revision"), action__in=PUBLICATIONS)
    reviews = Review.objects.filter(decision__in=BY_REVIEWERS).alias(reviewed=KT("requirement__digest"))
    later = reviews.filter(revision=OuterRef("revision"), pk__gt=OuterRef("pk"))
    completing = later.filter(decision__in=FOUND_RIGHT, reviewed=OuterRef("reviewed"))
    counts = ~Q(decision=Review.Decision.CO_APPROVED) | Exists(completing)
    return reviews.filter(
        counts,
        Exists(publications),
        ~Exists(later.filter(counts, by=OuterRef("by"))),
        by=user,
        revision__article__published_revision__isnull=False,
    ).order_by("-pk")


def with_others(reviews):
    """Set `others` of each of `reviews` (or None) to the approvals without which it wasn't enough, in order.

    One query, or none if each was enough by itself.
    """
    reviews = [review for review in reviews if review is not None]
    keys = {pk for review in reviews if review.requirement for pk in review.requirement["with"]}
    found = Review.objects.in_bulk(keys) if keys else {}
    for review in reviews:
        joined = review.requirement["with"] if review.requirement else ()
        review.others = [found[pk] for pk in joined if pk in found]


def link(reviews):
    """Set `others` of each of `reviews` (or None), and `by_page` of all to the address of the reviewer's public profile.

    It is "" for reviewers without one.
    """
    reviews = [review for review in reviews if review is not None]
    with_others(reviews)
    reviews += [other for review in reviews for other in review.others]
    pages = page_of(review.by_id for review in reviews)
    for review in reviews:
        review.by_page = pages.get(review.by_id, "")
