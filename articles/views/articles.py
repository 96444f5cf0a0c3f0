"""The public pages: the same for everybody, so that they can be cached; no session is touched, no cookie set."""

from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles.core.recordings import editions
from articles.derived.pages import json_ld
from articles.models import Article, Edition, Rendering, Topic

from . import list_entries
from .base import PER_PAGE, public_page, public_view, redirect_moved
from .http import origin

TOPICS_SHOWN = 12


@require_safe
@public_view
def home(request):
    articles = Article.objects.for_list()
    if last := request.GET.get("after", "").replace("\0", ""):  # PostgreSQL takes no NUL
        articles = articles.older_than(get_object_or_404(Article.objects.published(), slug=last))
    found = list(articles[: PER_PAGE + 1])
    shown = list_entries.describe(found[:PER_PAGE])
    return public_page(
        "articles/pages/home.html",
        address=f"{origin(request)}{reverse('home')}",
        newest=shown[0] if shown and not last else None,
        articles=shown if last else shown[1:],
        topics=[] if last else list(Topic.objects.public().order_by("-article_count", "title")[:TOPICS_SHOWN]),
        corrections=[] if last else list_entries.corrections(),
        is_first_page=not last,
        next_after=found[PER_PAGE - 1].slug if len(found) > PER_PAGE else None,
    )


@require_safe
@public_view
def article(request, slug):
    page = Rendering.objects.of_published(slug)
    if page is None:
        return redirect_moved(slug)
    title, lead, html, surroundings = page
    description = lead if len(lead) <= 160 else f"{lead[:159].rstrip()}…"
    headers = {}
    if request.META.get("QUERY_STRING") and "edition" in request.GET:
        html = _in_edition(html, slug, request.GET["edition"])
        headers["X-Robots-Tag"] = "noindex"  # the same text as at the article's own address
    root = origin(request)
    values = {
        "title": escape(title),
        "description": escape(description),
        "root": root,
        "slug": quote(slug),
        "page": json_ld.with_origin(html, root),
        "surroundings": surroundings or "",
    }
    language = get_language()
    pieces = _frame.__wrapped__(language) if settings.DEBUG else _frame(language)
    parts = [values[piece] if number % 2 else piece for number, piece in enumerate(pieces)]
    return HttpResponse("".join(parts), headers=headers)


def _in_edition(html, slug, key):
    """The article's page with its citations leading into the edition `key` of the episodes that have it; else 404."""
    found = [] if "\0" in key else list(Edition.objects.heard_in(slug, key))
    if not found:
        raise Http404("No recording of this article has such an edition.")
    return editions.show_in_edition(html, {one.episode.reference: one.link_at for one in found}, key)


@cache
def _frame(language):
    """What stands around what an article has of its own: the same for every article, so it is rendered once a language.

    Every second piece is the name of what comes there. A NUL stands in no template, and escaping leaves it alone.
    """
    names = ("title", "description", "root", "slug", "page", "surroundings")
    return public_page("articles/pages/article/article.html", **{name: f"\0{name}\0" for name in names}).text.split(
        "\0"
    )


@require_safe
@public_view
def how_we_check(request):
    """What the words beside a citation mean, and how many citations of the published articles stand how."""
    return public_page("articles/pages/how_we_check.html", is_four_eyes=settings.FOUR_EYES)


@require_safe
@public_view
def about(request):
    """What the site is: how texts come, what a moment is, who decides, how to correct."""
    return public_page("articles/pages/about.html", is_four_eyes=settings.FOUR_EYES)


def not_found(request, exception):
    response = public_page("404.html")
    response.status_code = 404
    return response
