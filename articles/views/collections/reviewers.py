"""Reviewers with public profiles, and each with what they reviewed."""

from django.db.models.functions import Lower
from django.http import Http404

from articles.core.parsing.numbers import whole_number
from articles.derived.reviews.reviewers import public as public_profiles
from articles.derived.reviews.reviewers import reviews_of
from articles.views.base import PER_PAGE
from articles.views.http import one_named, origin, public_page, public_view
from articles.views.http.pagination import cut


@public_view
def reviewers(request):
    profiles = public_profiles().order_by(Lower("name"), "pk")
    return public_page("articles/pages/collections/reviewers.html", reviewers=profiles)


@public_view(parameters=("after",))
def reviewer(request, slug):
    """A reviewer's profile and the public texts that they approved or confirmed, newest first."""
    profile = one_named(public_profiles(), slug=("slug", slug))
    reviews = reviews_of(profile.user_id)
    number = reviews.count()
    is_first_page = not request.GET.get("after")
    if not is_first_page:
        last = whole_number(request.GET["after"])
        if last is None:
            raise Http404("This page of the list doesn't exist.")
        reviews = reviews.filter(pk__lt=last)
    page = cut(reviews.select_related("revision__article").defer("revision__lead"), PER_PAGE)
    return public_page(
        "articles/pages/collections/reviewer.html",
        address=f"{origin(request)}{profile.get_absolute_url()}",
        reviewer=profile,
        number=number,
        reviews=page.rows,
        is_first_page=is_first_page,
        next_after=page.last and page.last.pk,
    )
