"""The article: without sessions or cookies, so that it can be cached."""

from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.html import escape
from django.utils.translation import get_language

from articles.core.language.shorten import shorten
from articles.core.recordings import editions
from articles.derived.pages import json_ld
from articles.derived.pages.page import page_of
from articles.models import Article, Edition
from articles.views.base import redirect_moved
from articles.views.http import origin, public_page, public_view


@public_view(parameters=("edition",))
def article(request, slug):
    article = Article.objects.with_page().filter(slug=slug).first()
    if article is None:
        return redirect_moved(request)
    revision = article.published_revision
    html = page_of(article)
    headers = {}
    if request.META.get("QUERY_STRING") and "edition" in request.GET:
        html = _in_edition(html, slug, request.GET["edition"])
        headers["X-Robots-Tag"] = "noindex"  # the article's own URL has the same text
    root = origin(request)
    values = {
        "title": escape(revision.title),
        "description": escape(shorten(revision.rendering.lead_text, 160)),
        "root": root,
        "slug": quote(slug),
        "page": json_ld.with_origin(html, root),
        "related": article.relatedarticles.html if hasattr(article, "relatedarticles") else "",
    }
    language = get_language()
    pieces = _frame.__wrapped__(language) if settings.DEBUG else _frame(language)
    parts = [values[piece] if number % 2 else piece for number, piece in enumerate(pieces)]
    response = HttpResponse("".join(parts), headers=headers)
    response.made_from = article.pk, article.page_version  # nothing that is changed elsewhere is on the page
    return response


def _in_edition(html, slug, key):
    """Point the citations in an article's page at the edition `key` of its episodes; Http404 if none has one."""
    matches = list(Edition.objects.heard_in(slug, key))
    if not matches:
        raise Http404("No recording of this article has this edition.")
    return editions.show_in_edition(html, {edition.episode.reference: edition.link_at for edition in matches}, key)


@cache
def _frame(language):
    """Return the frame shared by all article pages, rendered once per language and split into pieces.

    Every second piece is the name of the value to insert there. The separator is NUL, which occurs in no template and
    which escaping leaves alone.
    """
    names = ("title", "description", "root", "slug", "page", "related")
    return public_page("articles/pages/article/article.html", **{name: f"\0{name}\0" for name in names}).text.split(
        "\0"
    )
