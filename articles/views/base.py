"""What all public pages share: cache headers, the frame, redirects from former addresses."""

import functools

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from articles.models import Article, PreviousSlug

PER_PAGE = 30


# A minute: a correction is out soon, and a burst of readers costs one request.
def public_view(view):
    """A page without a session: cached for all, and no token is asked of a method that it refuses anyway."""
    return csrf_exempt(cache_control(public=True, max_age=60)(view))


def public_page(template, **context):
    """A response that depends on nothing of the request, context processors included."""
    return HttpResponse(get_template(template).render({"site_name": settings.SITE_NAME, **context}))


def published(slug):
    """The published article with this slug, its revision at hand; None if there is none."""
    found = Article.objects.published().select_related("published_revision").filter(slug=slug).first()
    if found is not None:
        found.published_revision.article = found
    return found


def published_or_redirect(find=published, *, keeps_query=False):
    """Give a view what `find` finds for the slug of its address, in place of the slug.

    Where it finds nothing, a slug that an article once had leads to the same page of that article (301, with the query
    if `keeps_query`); any other is a 404.
    """

    def decorate(view):
        @functools.wraps(view)
        def run(request, slug, **kwargs):
            found = find(slug)
            if found is None:
                query = request.META.get("QUERY_STRING") if keeps_query else ""
                return redirect_moved(slug, request.resolver_match.view_name, *kwargs.values(), query=query)
            return view(request, found, **kwargs)

        return run

    return decorate


def redirect_moved(slug, address="article", *args, query=""):
    """To the article that once had this slug, or to that page of it; else 404."""
    former = PreviousSlug.objects.filter(slug=slug, article__published_revision__isnull=False)
    previous = former.select_related("article").first()
    if previous is None:
        raise Http404("There is no article here.")
    response = redirect(address, previous.article.slug, *args, permanent=True)
    if query:
        response.headers["Location"] += f"?{query}"
    return response
