"""The search over the transcripts of all recordings, for who may edit: transcripts are not public."""

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.derived import search


@require_safe
@never_cache
def transcripts(request, site):
    """The moments at which all that is looked for is said."""
    if not request.user.has_perm("articles.change_revision"):
        raise PermissionDenied
    results = search.find_spoken(request.GET.get("q", ""), search.page_number(request.GET.get("page")))
    context = {
        **site.each_context(request),
        "title": gettext("Search the transcripts"),
        "results": results,
        "query": results.query,
    }
    return TemplateResponse(request, "admin/articles/queue/transcript_search.html", context)
