"""The page of all published articles that link to one."""

from django.core.paginator import Paginator
from django.views.decorators.http import require_safe

from articles.derived.pages import related
from articles.models import Article

from .base import public_page, public_view, redirect_moved
from .http import origin

PER_PAGE = 60


@require_safe
@public_view
def links_here(request, slug):
    found = Article.objects.published().filter(slug=slug).select_related("published_revision").first()
    if found is None:
        return redirect_moved(slug, "links_here")
    links = Paginator(related.linking_to(found), PER_PAGE).get_page(request.GET.get("page"))
    entries = related.entries(links.object_list)
    return public_page(
        "articles/pages/article/links_here.html",
        article=found,
        revision=found.published_revision,
        links=links,
        entries=[entries[pk] for pk in links if pk in entries],
        root=origin(request),
    )
