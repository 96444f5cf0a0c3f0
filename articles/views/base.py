"""Shared by all public pages: cache headers, the frame, redirects from previous slugs."""

import functools

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from articles.models import Article, PreviousSlug

PER_PAGE = 30


# One minute: corrections appear soon, and a burst of readers costs one request.
def public_view(view):
    """Cache the view's response for everyone; exempt from CSRF checks, as it refuses unsafe methods anyway."""
    return csrf_exempt(cache_control(public=True, max_age=60)(view))


def public_page(template, **context):
    """Render a template independently of the request, without context processors."""
    return HttpResponse(get_template(template).render({"site_name": settings.SITE_NAME, **context}))


def published(slug):
    """Return the published article with this slug, its revision prefetched, or None."""
    article = Article.objects.published().select_related("published_revision").filter(slug=slug).first()
    if article is not None:
        article.published_revision.article = article
    return article


def published_or_redirect(find=published, *, keeps_query=False):
    """Pass the view what `find` returns for the slug, in place of the slug.

    If it returns None, an article's previous slug redirects to the same page of that article (301, with the query if
    `keeps_query`); any other slug raises Http404.
    """

    def decorate(view):
        @functools.wraps(view)
        def run(request, slug, **kwargs):
            target = find(slug)
            if target is None:
                query = request.META.get("QUERY_STRING") if keeps_query else ""
                return redirect_moved(slug, request.resolver_match.view_name, *kwargs.values(), query=query)
            return view(request, target, **kwargs)

        return run

    return decorate


def redirect_moved(slug, address="article", *args, query=""):
    """Redirect to the article that used to have this slug, or to its page named `address`; Http404 if there is none."""
    matches = PreviousSlug.objects.filter(slug=slug, article__published_revision__isnull=False)
    previous = matches.select_related("article").first()
    if previous is None:
        raise Http404("There is no article here.")
    response = redirect(address, previous.article.slug, *args, permanent=True)
    if query:
        response.headers["Location"] += f"?{query}"
    return response
