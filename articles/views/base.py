"""Shared by all public pages: cache headers, the frame, redirects from previous slugs."""

import functools

from django.shortcuts import redirect

from articles.models import Article, PreviousSlug

from .gone import ErasedText, gone_or_404, gone_response
from .http import public_page, public_resource  # noqa: F401  (pages import both from here)

PER_PAGE = 30


# One minute: corrections appear soon, and a burst of readers costs one request.
public_view = public_resource(60)


def published(slug):
    """Return the published article with this slug, its revision prefetched, or None."""
    article = Article.objects.published().select_related("published_revision").filter(slug=slug).first()
    if article is not None:
        article.published_revision.article = article
    return article


def published_or_redirect(find=published, *, keeps_query=False):
    """Pass the view what `find` returns for the slug, in place of the slug.

    If it returns None, an article's previous slug redirects to the same page of that article (301, with the query if
    `keeps_query`), an unpublished article and an `ErasedText` answer 410, and any other slug raises Http404.
    """

    def decorate(view):
        @functools.wraps(view)
        def run(request, slug, **kwargs):
            target = find(slug)
            if target is None:
                return redirect_moved(request, keeps_query=keeps_query)
            try:
                return view(request, target, **kwargs)
            except ErasedText as error:
                return gone_response(request, error.gone)

        return run

    return decorate


def redirect_moved(request, *, keeps_query=False):
    """Redirect to the same URL of the article that used to have the requested slug.

    If that article has been unpublished, or the one that has the slug, return 410; Http404 if there is none.
    """
    match = request.resolver_match
    public = PreviousSlug.objects.filter(article__published_revision__isnull=False).select_related("article")
    previous = public.filter(slug=match.kwargs["slug"]).first()
    if previous is None:
        return gone_or_404(request)
    response = redirect(match.view_name, **match.kwargs | {"slug": previous.article.slug}, permanent=True)
    if keeps_query and (query := request.META.get("QUERY_STRING")):
        response.headers["Location"] += f"?{query}"
    return response
