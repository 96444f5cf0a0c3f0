"""Search in the transcripts of all episodes. Editors only, because transcripts aren't public."""

from django.contrib.auth.decorators import permission_required
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.admin.pages import admin_page
from articles.derived import search


@require_safe
@never_cache
@permission_required("articles.change_revision", raise_exception=True)
def transcripts(request):
    results = search.find_spoken(request.GET.get("q", ""), search.page_number(request.GET.get("page")))
    context = {
        "title": gettext("Search transcripts"),
        "results": results,
        "query": results.query,
    }
    return admin_page(request, "admin/articles/queue/transcript_search.html", context)
