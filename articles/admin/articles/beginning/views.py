"""The page that offers what to begin an article from, and the one on which some of an episode's chapters are chosen."""

from dataclasses import dataclass
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.admin.articles.queries import for_list
from articles.admin.editor.initial import SECTIONS_MAX, stretches_of
from articles.admin.editor.requests import matching_episodes
from articles.admin.editor.skeletons import SKELETONS
from articles.admin.shared.helpers import admin_page, found_or_404
from articles.admin.shared.permissions import may_add
from articles.core.recordings.stretches import Stretch
from articles.core.timestamps import format_label
from articles.models import Episode, Revision

SHOWN = 10  # episodes or articles of a search
QUERY_MAX = 200


def writers_only(view):
    """Decorator of the pages for people who are allowed to write a new article."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not may_add(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(guarded)


@dataclass(frozen=True)
class Part:
    """A stretch of an episode to choose: `label` says when it begins and ends."""

    stretch: Stretch

    @property
    def label(self):
        end = self.stretch.known_end
        return "–".join(format_label(second) for second in (self.stretch.start_seconds, end) if second is not None)


@writers_only
@require_safe
def begin(request):
    """Offer episodes, the first of which match `episode`; templates, and articles that match `article`; and pasting."""
    of_episodes, of_articles = (request.GET.get(name, "").strip()[:QUERY_MAX] for name in ("episode", "article"))
    episodes = matching_episodes(of_episodes).annotate(chapter_count=Count("chapter")).order_by(*Episode._meta.ordering)
    first_episodes = list(episodes[: SHOWN + 1])
    first_templates = list(_articles(request.user, of_articles)[: SHOWN + 1]) if of_articles else []
    context = {
        "title": gettext("Begin an article"),
        "of_episodes": of_episodes,
        "episodes": first_episodes[:SHOWN],
        "has_more_episodes": len(first_episodes) > SHOWN,
        "skeletons": SKELETONS.items(),
        "of_articles": of_articles,
        "templates": first_templates[:SHOWN],
        "has_more_templates": len(first_templates) > SHOWN,
    }
    return admin_page(request, "admin/articles/articles/beginning/begin.html", context)


def _articles(user, query):
    """The articles with a text that `user` may read whose title contains every word of `query`, newest first."""
    titled = Revision.objects.visible_to(user)
    for word in query.split()[:8]:
        titled = titled.filter(title__icontains=word)
    return for_list(user).filter(pk__in=titled.order_by().values("article")).order_by("-last_saved_at", "-pk")


@writers_only
@require_safe
def begin_episode(request, pk):
    """Offer the chapters of an episode, of which an article can begin with `SECTIONS_MAX`."""
    episode = found_or_404(Episode.objects.select_related("show"), pk, gettext("Episode not found."))
    parts = [Part(stretch) for stretch in stretches_of(episode)]
    if not parts:
        raise Http404(gettext("This episode has neither chapters nor a known length."))
    context = {
        "title": gettext("Write an article"),
        "episode": episode,
        "parts": parts,
        "has_chapters": bool(episode.chapters),
        "most": SECTIONS_MAX,
        "are_too_many": len(parts) > SECTIONS_MAX,
    }
    return admin_page(request, "admin/articles/articles/beginning/episode.html", context)
