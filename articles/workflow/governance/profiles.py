"""Reviewer profiles: written only by the reviewers themselves, without a review; administrators can unpublish them."""

from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext

from articles.derived import republish_all
from articles.derived.reviews import reviewers
from articles.models import Article, Profile, Review
from articles.workflow.history import rows
from articles.workflow.transitions import InvalidTransition, NotAllowed, compare_and_set, require, transition


@transition
def save_profile(profile, *, by):
    """Save a reviewer's own profile; if it is public, pages that name them now link to it."""
    require(by, "articles.review_revision", gettext("have a reviewer profile"))
    if profile.user_id != by.pk:
        raise NotAllowed(
            gettext("Only reviewers themselves can edit their profiles. Administrators can unpublish this one.")
        )
    with change_accounts([by.pk]), rows.recorded(Profile, [profile.pk] if profile.pk else []) as new:
        profile.save()
        new.append(profile.pk)
    return profile


@transition
def take_profile_down(profile, *, by):
    """Unpublish a profile; its text stays."""
    if profile.user_id != by.pk:
        require(by, "articles.change_profile", gettext("unpublish other people’s profiles"))
    with change_accounts([profile.user_id]):
        with rows.recorded(Profile, [profile.pk]):
            done = compare_and_set(Profile.objects.filter(is_public=True), profile, is_public=False)
        if not done:
            raise InvalidTransition(gettext("The profile of %(name)s is already unpublished.") % {"name": profile.name})
    return profile


@transition
def delete_profiles(profiles):
    """Delete `profiles`, a query set."""
    users, keys = (list(profiles.values_list(name, flat=True)) for name in ("user", "pk"))
    with change_accounts(users), rows.recorded(Profile, keys):
        profiles.delete()


@contextmanager
def change_accounts(users):
    """Wrap a change to accounts (`users` are keys), their groups or profiles, or their deletion, in one transaction.

    If a public profile appears, disappears or moves as a result, the articles that name its owner are republished.
    """
    with transaction.atomic(savepoint=False):
        before, naming = reviewers.page_of(users), _articles_naming(users)
        yield
        if reviewers.page_of(users) != before:
            republish_all(Article.objects.filter(pk__in=naming))


def _articles_naming(users):
    """Return the keys of the articles whose published revision was reviewed by any of `users` (keys)."""
    reviewed = Review.objects.filter(
        by__in=users, decision__in=reviewers.BY_REVIEWERS, revision__published_for__isnull=False
    )
    return list(dict.fromkeys(reviewed.order_by("pk").values_list("revision__article", flat=True)))
