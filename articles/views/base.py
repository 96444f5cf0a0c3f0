"""What all public pages share: cache headers, the frame, redirects from former addresses."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt

from articles.models import PreviousSlug

PER_PAGE = 30


# A minute: a correction is out soon, and a burst of readers costs one request.
def public_view(view):
    """A page without a session: cached for all, and no token is asked of a method that it refuses anyway."""
    return csrf_exempt(cache_control(public=True, max_age=60)(view))


def public_page(template, **context):
    """A response that depends on nothing of the request, context processors included."""
    return HttpResponse(get_template(template).render({"site_name": settings.SITE_NAME, **context}))


def redirect_moved(slug, address="article", *args):
    """To the article that once had this slug, or to that page of it; else 404."""
    former = PreviousSlug.objects.filter(slug=slug, article__published_revision__isnull=False)
    previous = former.select_related("article").first()
    if previous is None:
        raise Http404("There is no article here.")
    return redirect(address, previous.article.slug, *args, permanent=True)
