"""The results of a search, and suggestions while a query is typed."""

from django.http import JsonResponse
from django.urls import reverse

from articles.derived import search
from articles.derived.reviews import review_states
from articles.views.http import origin, public_page, public_view


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
