"""What public pages share: the article that a slug names, redirects from previous slugs, the length of a list."""

import functools

from articles.models import Article, PreviousSlug, named

from .http.gone import ErasedText, gone_or_404, gone_response, unpublished_as
from .http.responses import redirect_with_query

PER_PAGE = 30


def published(slug):
    """Return the published article with this slug, its revision prefetched, or None."""
    article = Article.objects.published().select_related("published_revision").filter(slug=slug).first()
    if article is not None:
        article.published_revision.article = article
    return article


def published_or_redirect(find=published):
    """Pass the view what `find` returns for the slug, in place of the slug.

    If it returns None, an article's previous slug, or its slug in another case, redirects to the same page of that
    article (301, with the query), an unpublished article and an `ErasedText` answer 410, and any other
    slug raises Http404.
    """

    def decorate(view):
        @functools.wraps(view)
        def run(request, slug, **kwargs):
            target = find(slug)
            if target is None:
                return redirect_moved(request)
            try:
                return view(request, target, **kwargs)
            except ErasedText as error:
                return gone_response(request, error.gone)

        return run

    return decorate


def redirect_moved(request):
    """Redirect to the same URL of the article that has or had the requested slug, in any case.

    If that article has been unpublished, or the one that has the slug, return 410; Http404 if there is none.
    """
    article = _article_named(request.resolver_match.kwargs["slug"])
    return gone_or_404(request) if article is None else redirect_with_query(request, slug=article.slug)


def _article_named(slug):
    """Return the published article that had exactly this slug, else the one that has or had it in another case.

    None also if an unpublished article has or had exactly this slug.
    """
    public = PreviousSlug.objects.filter(article__published_revision__isnull=False).select_related("article")
    if previous := public.filter(slug=slug).first():
        return previous.article
    if unpublished_as(slug):
        return None
    if article := named(Article.objects.published(), slug=slug):
        return article
    previous = named(public, slug=slug)
    return previous and previous.article
