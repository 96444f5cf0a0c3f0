"""The public search: a page of results, and suggestions while typing."""

from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.derived import search

from .base import public_page, public_view
from .http import origin


@require_safe
@public_view
def results(request):
    """The articles that match `q`, ten per page; without `q` the search form and help."""
    results = search.find(request.GET.get("q", ""), search.page_number(request.GET.get("page")))
    # Search engines should index only the empty search page, not its results.
    canonical = f"{origin(request)}{reverse('search')}"
    return public_page("articles/pages/search.html", results=results, query=results.query, canonical=canonical)


@require_safe
@public_view
def suggestions(request):
    """Titles and headings that start with `q`: `{"suggestions": [{"title", "heading", "address"}]}`."""
    matches = search.suggest(request.GET.get("q", ""))
    values = [{"title": match.title, "heading": match.heading, "address": match.address} for match in matches]
    return JsonResponse({"suggestions": values}, headers={"X-Robots-Tag": "noindex"})
