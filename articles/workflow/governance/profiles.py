"""The page that a reviewer writes of themselves: saved without a review, by nobody but them, and taken down by others."""

from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext

from articles.derived import reviewers
from articles.derived.pages import article as pages
from articles.models import Article, Profile, Review
from articles.workflow.transitions import InvalidTransition, NotAllowed, require, transition


@transition
def save_profile(profile, *, by):
    """Save what a reviewer says of themselves; pages that name them lead there from now on, if it is public."""
    require(by, "articles.review_revision", gettext("have a page as a reviewer"))
    if profile.user_id != by.pk:
        raise NotAllowed(gettext("Everybody writes their own page. Who administers the site can take this one down."))
    before = reviewers.page_of([by.pk])
    profile.save()
    if reviewers.page_of([by.pk]) != before:
        render_naming([by.pk])
    return profile


@transition
def take_profile_down(profile, *, by):
    """Make somebody’s page not public; its words stay theirs."""
    if profile.user_id != by.pk:
        require(by, "articles.change_profile", gettext("take down the pages of others"))
    if not Profile.objects.filter(pk=profile.pk, is_public=True).update(is_public=False):
        raise InvalidTransition(gettext("The page of %(name)s is not public already.") % {"name": profile.name})
    profile.is_public = False
    render_naming([profile.user_id])
    return profile


@contextmanager
def change_accounts(users):
    """One transaction around a change of the accounts `users` (keys), their groups or their profiles, or their deletion.

    Where it makes a public page of theirs come, go or move, the pages of the articles that name them are stored anew.
    """
    with transaction.atomic(savepoint=False):
        before, naming = reviewers.page_of(users), articles_naming(users)
        yield
        if reviewers.page_of(users) != before:
            render_all(naming)


def render_naming(users):
    """Store the pages of the published articles anew that name one of `users` (keys) as reviewer; how many."""
    return render_all(articles_naming(users))


def articles_naming(users):
    """The keys of the published articles whose present text one of `users` (keys) reviewed."""
    reviewed = Review.objects.filter(
        by__in=users, decision__in=reviewers.FOUND_RIGHT, revision__published_for__isnull=False
    )
    return list(dict.fromkeys(reviewed.order_by("pk").values_list("revision__article", flat=True)))


def render_all(articles):
    """Store the pages of `articles` (keys) anew, one after the other; how many."""
    count = 0
    for article in Article.objects.filter(pk__in=articles).iterator(chunk_size=100):
        pages.render(article)
        count += 1
    return count
