"""What requests from the editor's scripts share: who is allowed to send them, refusals, and the sources they name."""

import functools

from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from articles.models import Episode

SOURCES_MAX = 1000  # per request; the form allows fewer


def refuse_as_json(status, reason, **more):
    return JsonResponse({"error": reason} | more, status=status)


def refuse(status, reason):
    """Answer with a reason as plain text, because markdownx shows every response in place of the preview."""
    return HttpResponse(reason, status=status, content_type="text/plain; charset=utf-8")


def editors_only(refusal):
    """Decorator for staff with the permission to edit revisions; anyone else gets `refusal(403, reason)`.

    It doesn't redirect to the log-in page because the calling script would show that page in place of the response.
    What the view doesn't find is answered with `refusal(404, reason)` for the same reason.
    """

    def decorate(view):
        @functools.wraps(view)
        def guarded(request, *args, **kwargs):
            user = request.user
            if not (user.is_active and user.is_staff):
                return refusal(
                    403,
                    gettext("You are no longer logged in. Log in again in another tab; your changes here are kept."),
                )
            if not user.has_perm("articles.change_revision"):
                return refusal(403, gettext("You don’t have permission to edit articles."))
            try:
                return view(request, *args, **kwargs)
            except Http404 as error:
                return refusal(404, str(error))

        return never_cache(guarded)

    return decorate


def matching_episodes(query):
    """The episodes whose title, slug or show contains every word of `query`, newest first, as a query set."""
    matches = Episode.objects.select_related("show")
    for word in query.split()[:8]:
        matches = matches.filter(
            Q(title__icontains=word)
            | Q(slug__icontains=word)
            | Q(show__handle__icontains=word)
            | Q(show__title__icontains=word)
        )
    return matches


def episodes_in(request):
    """Return `{key: Episode}` for each `source=<key>:<show>/<episode>` of a request's body or query string, in order.

    Unknown episodes are left out.
    """
    wanted = []
    for source in (request.POST.getlist("source") or request.GET.getlist("source"))[:SOURCES_MAX]:
        key, _, reference = source.partition(":")
        handle, _, slug = reference.partition("/")
        if "\0" not in reference:  # PostgreSQL doesn't accept it
            wanted.append((key, handle, slug))
    if not wanted:
        return {}
    # A condition for each pair would nest deeper than SQLite allows, so select by each half and filter the pairs below.
    candidates = Episode.objects.filter(
        show__handle__in={handle for _, handle, _ in wanted}, slug__in={slug for _, _, slug in wanted}
    )
    by_address = {
        (episode.show.handle, episode.slug): episode
        for episode in candidates.select_related("show").prefetch_related("chapter_set")
    }
    return {key: by_address[handle, slug] for key, handle, slug in wanted if (handle, slug) in by_address}
