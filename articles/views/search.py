"""The public search: a page of what was found, and suggestions for somebody who is typing."""

from django.http import JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.derived import search

from .base import public_page, public_view
from .http import origin


@require_safe
@public_view
def results(request):
    """The articles that answer `q`, ten to a page; without `q` what one may look for."""
    found = search.find(request.GET.get("q", ""), search.page_number(request.GET.get("page")))
    # Of all pages of results one is worth finding: the one on which to search.
    canonical = f"{origin(request)}{reverse('search')}"
    return public_page("articles/pages/search.html", results=found, query=found.query, canonical=canonical)


@require_safe
@public_view
def suggestions(request):
    """What begins as `q` does: `{"suggestions": [{"title", "heading", "address"}]}`."""
    found = search.suggest(request.GET.get("q", ""))
    values = [{"title": one.title, "heading": one.heading, "address": one.address} for one in found]
    return JsonResponse({"suggestions": values}, headers={"X-Robots-Tag": "noindex"})
