"""Completions while an editor types: articles to link to, and chapters to cite."""

import re

from django.db.models import Case, Q, Value, When
from django.http import JsonResponse
from django.views.decorators.http import require_POST

from articles.admin.editor.requests import editors_only, episodes_in, refuse_as_json
from articles.core import markdown
from articles.models import Revision

ARTICLES_SHOWN = 20
WORDS_READ = 8
CHAPTERS_SHOWN = 200


@editors_only(refuse_as_json)
@require_POST
def completions(request):
    """Suggest articles whose title or slug contains every word of `q`, and the chapters of each `source`, as JSON.

    An article is given with its `target`, what a wiki link to it is written as: the title if it leads there, otherwise
    slug and title. `source` is as in a preview; a chapter has its source's `key`, "" for the default one.
    """
    query = request.POST.get("q", "").replace("\0", "").split()[:WORDS_READ]
    return JsonResponse({"articles": _articles(request.user, query), "chapters": _chapters(episodes_in(request))})


def _articles(user, words):
    """Return articles by their published title, or by that of a text in progress if `user` is allowed to read it.

    First those whose title begins with the words, then those of which a word begins with each, then the others.
    """
    revisions = Revision.objects.visible_to(user).filter(
        Q(published_for__isnull=False) | Q(article__published_revision__isnull=True, status=Revision.Status.DRAFT)
    )
    for word in words:
        revisions = revisions.filter(Q(title__icontains=word) | Q(article__slug__icontains=word))
    begun = Q()
    for word in words:
        begun &= Q(title__istartswith=word) | Q(title__icontains=f" {word}") | Q(article__slug__istartswith=word)
    starts = When(title__istartswith=" ".join(words), then=0)
    nearness = Case(starts, When(begun, then=1), default=2) if words else Value(0)
    rows = revisions.exclude(article__slug=None).order_by(nearness, "title", "pk").values_list("title", "article__slug")
    titles = {}
    for title, slug in rows[: 2 * ARTICLES_SHOWN]:
        titles.setdefault(slug, title)
    return [
        {"title": title, "slug": slug, "target": _target(title, slug)}
        for slug, title in list(titles.items())[:ARTICLES_SHOWN]
    ]


def _target(title, slug):
    """The text between the brackets of a wiki link: the title if it leads to the slug."""
    label = re.sub(r"[\[\]|#\s]+", " ", title).strip()
    return label if label == title and markdown.wiki_slug(title) == slug else f"{slug}|{label}"


def _chapters(episodes):
    default = next(iter(episodes), None)
    chapters = [
        {"key": "" if key == default else key, "seconds": chapter.start_seconds, "title": chapter.title}
        for key, episode in episodes.items()
        for chapter in sorted(episode.chapter_set.all(), key=lambda chapter: chapter.start_seconds)
        if not chapter.is_sponsor
    ]
    return chapters[:CHAPTERS_SHOWN]
