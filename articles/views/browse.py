"""Public collections: topics with their articles, reviewers with what they reviewed, and search results."""

from django.db.models import Count
from django.db.models.functions import Lower
from django.http import Http404, JsonResponse
from django.urls import reverse

from articles.core.parsing.numbers import whole_number
from articles.derived import search
from articles.derived.reviews import review_states
from articles.derived.reviews.reviewers import public as public_profiles
from articles.derived.reviews.reviewers import reviews_of
from articles.models import Article, Episode, Topic

from .base import PER_PAGE, public_page, public_view
from .http import one_named, origin
from .http.pagination import cut, page_of_articles


@public_view(parameters=("q", "page"), kept_in="memory")
def results(request):
    """The articles that match `q`, ten per page; without `q` the search form and help."""
    results = search.find(request.GET.get("q", ""), search.page_number(request.GET.get("page")))
    # Search engines should index only the empty search page, not its results.
    canonical = f"{origin(request)}{reverse('search')}"
    review_states.set_states(found.article.published_revision for found in results.found)
    return public_page("articles/pages/search.html", results=results, query=results.query, canonical=canonical)


@public_view(parameters=("q",), kept_in="memory")
def suggestions(request):
    """Titles and headings that start with `q`: `{"suggestions": [{"title", "heading", "address"}]}`."""
    matches = search.suggest(request.GET.get("q", ""))
    values = [{"title": match.title, "heading": match.heading, "address": match.address} for match in matches]
    return JsonResponse({"suggestions": values}, headers={"X-Robots-Tag": "noindex"})


RECORDINGS_NAMED = 20


@public_view
def topics(request):
    return public_page(
        "articles/pages/collections/topics.html", topics=Topic.objects.public().order_by(Lower("title"), "pk")
    )


@public_view(parameters=("after",))
def topic(request, slug):
    """The articles of a topic, newest first, and on the first page their source episodes."""
    topic = one_named(Topic.objects.public(), slug=("slug", slug))
    articles = Article.objects.for_list().filter(topics=topic)
    page = page_of_articles(articles, request.GET.get("after", ""), PER_PAGE)
    review_states.set_states(article.published_revision for article in page.rows)
    recordings = cut(recordings_of(topic) if page.is_first else [], RECORDINGS_NAMED)
    return public_page(
        "articles/pages/collections/topic.html",
        address=f"{origin(request)}{topic.get_absolute_url()}",
        topic=topic,
        articles=page.rows,
        is_first_page=page.is_first,
        next_after=page.last and page.last.slug,
        recordings=recordings.rows,
        has_more_recordings=recordings.last is not None,
    )


def recordings_of(topic):
    """Return the source episodes of the topic's published articles, each with its `article_count`, most used first."""
    return (
        Episode.objects.filter(source__revision__published_for__topics=topic)
        .select_related("show")
        .annotate(article_count=Count("source__revision__published_for", distinct=True))
        .order_by("-article_count", Lower("title"), "pk")
    )


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
