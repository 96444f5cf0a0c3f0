"""The public pages, identical for everyone so that they can be cached: no sessions, no cookies."""

from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles.core.language.shorten import shorten
from articles.core.recordings import editions
from articles.derived.pages import json_ld
from articles.models import Article, Edition, Rendering, Topic

from . import list_entries
from .base import PER_PAGE, public_page, public_view, redirect_moved
from .http import origin
from .pagination import page_of_articles

TOPICS_SHOWN = 12


@require_safe
@public_view
def home(request):
    page = page_of_articles(Article.objects.for_list(), request.GET.get("after", ""), PER_PAGE)
    entries = list_entries.describe(page.rows)
    return public_page(
        "articles/pages/home.html",
        address=f"{origin(request)}{reverse('home')}",
        newest=entries[0] if entries and page.is_first else None,
        articles=entries[1:] if page.is_first else entries,
        topics=list(Topic.objects.public().order_by("-article_count", "title")[:TOPICS_SHOWN]) if page.is_first else [],
        corrections=list_entries.corrections() if page.is_first else [],
        is_first_page=page.is_first,
        next_after=page.last and page.last.slug,
    )


@require_safe
@public_view
def article(request, slug):
    page = Rendering.objects.of_published(slug)
    if page is None:
        return redirect_moved(slug)
    title, lead, html, surroundings = page
    description = shorten(lead, 160)
    headers = {}
    if request.META.get("QUERY_STRING") and "edition" in request.GET:
        html = _in_edition(html, slug, request.GET["edition"])
        headers["X-Robots-Tag"] = "noindex"  # the article's own URL has the same text
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
    """Point the citations in an article's page at the edition `key` of its episodes; Http404 if none has one."""
    matches = [] if "\0" in key else list(Edition.objects.heard_in(slug, key))
    if not matches:
        raise Http404("No recording of this article has this edition.")
    return editions.show_in_edition(html, {edition.episode.reference: edition.link_at for edition in matches}, key)


@cache
def _frame(language):
    """Return the frame shared by all article pages, rendered once per language and split into pieces.

    Every second piece is the name of the value to insert there. The separator is NUL, which occurs in no template and
    which escaping leaves alone.
    """
    names = ("title", "description", "root", "slug", "page", "surroundings")
    return public_page("articles/pages/article/article.html", **{name: f"\0{name}\0" for name in names}).text.split(
        "\0"
    )


@require_safe
@public_view
def how_we_check(request):
    """The page that explains citation statuses, the review and labels such as “Not reviewed”."""
    return public_page("articles/pages/how_we_check.html", is_four_eyes=settings.FOUR_EYES)


@require_safe
@public_view
def about(request):
    """The page about the site: where texts come from, what a citation is, who decides, how to request corrections."""
    return public_page("articles/pages/about.html", is_four_eyes=settings.FOUR_EYES)


def not_found(request, exception):
    response = public_page("404.html")
    response.status_code = 404
    return response
