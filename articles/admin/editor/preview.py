"""What the editor's screen asks while somebody types: a section as readers will see it, and episodes by name."""

import functools

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from articles.core import markdown
from articles.core.language.newlines import normalise_newlines
from articles.derived import text
from articles.models import Episode
from articles.models.sections import LEVELS

from .forms import episode_label

EPISODES_SHOWN = 30
SOURCES_MAX = 1000  # of one request; the form takes fewer


def refuse(status, reason):
    """A reason as plain text: markdownx shows whatever comes back where the preview would be."""
    return HttpResponse(reason, status=status, content_type="text/plain; charset=utf-8")


def editors_only(refusal):
    """Let staff through that may edit revisions; answer everybody else with `refusal(403, reason)`.

    There is no redirect to the log-in page: the script that asks would show it in place of the answer.
    """

    def decorate(view):
        @functools.wraps(view)
        def guarded(request, *args, **kwargs):
            user = request.user
            if not (user.is_active and user.is_staff):
                return refusal(
                    403, gettext("You are not logged in any more. Log in again in another tab; nothing here is lost.")
                )
            if not user.has_perm("articles.change_revision"):
                return refusal(403, gettext("You may not edit articles."))
            return view(request, *args, **kwargs)

        return never_cache(guarded)

    return decorate


@editors_only(refuse)
@require_POST
def preview(request):
    """One text as the public page renders it.

    POST `content` and which episodes it cites (`source=<key>:<show>/<episode>`, the first is the default): they can be
    more than an address holds. The address says at which `level` the section stands (0: the lead), and the `prefix`
    of its ids.
    """
    content = request.POST.get("content")
    if content is None:
        return refuse(400, gettext("The text is missing: send it as “content”."))
    content = normalise_newlines(content)
    if len(content) > settings.PREVIEW_MAX_CHARACTERS:
        return refuse(
            413,
            gettext("This text is too long for a preview: %(preview_max_characters)s characters fit.")
            % {"preview_max_characters": f"{settings.PREVIEW_MAX_CHARACTERS:,}"},
        )
    level = request.GET.get("level", "")
    options = {"id_prefix": f"{markdown.wiki_slug(request.GET.get('prefix', ''))[:40] or 'p'}-"}
    if level.isdecimal() and int(level) in LEVELS:
        options["heading_base"] = min(text.TITLE_LEVEL + int(level) + 1, 6)
    context = text.context(episodes_of(sources_in(request)), **options)
    return HttpResponse(markdown.render(content, context).html)


@editors_only(lambda status, reason: JsonResponse({"error": reason}, status=status))
@require_GET
def episodes(request):
    """Episodes whose title, show or address holds every word of `q`, newest first, as the form names them."""
    found = Episode.objects.select_related("show")
    for word in request.GET.get("q", "").split()[:8]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(slug__icontains=word)
            | Q(show__handle__icontains=word)
            | Q(show__title__icontains=word)
        )
    return JsonResponse({"episodes": [episode_label(episode) for episode in found[:EPISODES_SHOWN]]})


def sources_in(request):
    """The `source` texts that a request names, in its body or in its address."""
    return (request.POST.getlist("source") or request.GET.getlist("source"))[:SOURCES_MAX]


def episodes_of(sources):
    """`{key: Episode}` of `key:show/episode` texts, in their order; what does not exist is left out."""
    wanted = []
    for source in sources:
        key, _, reference = source.partition(":")
        handle, _, slug = reference.partition("/")
        wanted.append((key, handle, slug))
    if not wanted:
        return {}
    # A condition for each pair would be a tree deeper than SQLite takes: what is asked for beside it is left out here.
    candidates = Episode.objects.filter(
        show__handle__in={handle for _, handle, _ in wanted}, slug__in={slug for _, _, slug in wanted}
    )
    found = {
        (episode.show.handle, episode.slug): episode
        for episode in candidates.select_related("show").prefetch_related("chapter_set")
    }
    return {key: found[handle, slug] for key, handle, slug in wanted if (handle, slug) in found}
