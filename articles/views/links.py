"""The page that lists all published articles linking to an article."""

from django.core.paginator import Paginator
from django.views.decorators.http import require_safe

from articles.derived.pages import related

from .base import public_page, public_view, published_or_redirect
from .http import origin

PER_PAGE = 60


@require_safe
@public_view
@published_or_redirect()
def links_here(request, article):
    links = Paginator(related.linking_to(article), PER_PAGE).get_page(request.GET.get("page"))
    entries = related.entries(links.object_list)
    return public_page(
        "articles/pages/article/links_here.html",
        article=article,
        revision=article.published_revision,
        links=links,
        entries=[entries[pk] for pk in links if pk in entries],
        root=origin(request),
    )
