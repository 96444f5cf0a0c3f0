"""The public pages: the same for everybody, so that they can be cached; no session is touched, no cookie set."""

from functools import cache

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import get_template
from django.utils.html import escape
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from articles import tape
from articles.models import Article, Citation, Episode, PreviousSlug, Rendering, Show

PER_PAGE = 30


# A minute: a correction is out soon, and a burst of readers costs one request.
def for_everybody(view):
    """A page without a session: cached for all, and no token is asked of a method that it refuses anyway."""
    return csrf_exempt(cache_control(public=True, max_age=60)(view))


def public_page(template, **context):
    """A response that depends on nothing of the request, context processors included."""
    return HttpResponse(get_template(template).render({"site_name": settings.SITE_NAME, **context}))


@require_safe
@for_everybody
def home(request):
    articles = Article.objects.for_list()
    if last := request.GET.get("after", "").replace("\0", ""):  # PostgreSQL takes no NUL
        articles = articles.older_than(get_object_or_404(Article.objects.published(), slug=last))
    found = list(articles[: PER_PAGE + 1])
    return public_page(
        "articles/home.html",
        articles=found[:PER_PAGE],
        is_first_page=not last,
        next_after=found[PER_PAGE - 1].slug if len(found) > PER_PAGE else None,
    )


@require_safe
@for_everybody
def article(request, slug):
    page = Rendering.objects.of_published(slug)
    if page is None:
        return moved(slug)
    title, lead, html = page
    description = lead if len(lead) <= 160 else f"{lead[:159].rstrip()}…"
    before, between, above, below = _frame.__wrapped__() if settings.DEBUG else _frame()
    return HttpResponse("".join([before, escape(title), between, escape(description), above, html, below]))


@cache
def _frame():
    """What stands around title, description and article: the same for every article, so it is rendered once."""
    gap = "\0"  # stands in no template, and escaping leaves it alone
    return public_page("articles/article.html", title=gap, description=gap, page_html=gap).text.split(gap)


def moved(slug, address="article", *args):
    """To the article that once had this slug, or to that page of it; else 404."""
    former = PreviousSlug.objects.filter(slug=slug, article__published_revision__isnull=False)
    previous = former.select_related("article").first()
    if previous is None:
        raise Http404("There is no article here.")
    return redirect(address, previous.article.slug, *args, permanent=True)


@require_safe
@for_everybody
def shows(request):
    return public_page("articles/shows.html", shows=Show.objects.cited().order_by(Lower("title"), "pk"))


@require_safe
@for_everybody
def show(request, handle):
    found = get_object_or_404(Show.objects.cited(), handle=handle)
    episodes = found.episode_set.cited().order_by(F("published_on").desc(nulls_last=True), "title", "pk")
    page = Paginator(episodes, PER_PAGE * 2).get_page(request.GET.get("page"))
    return public_page("articles/show.html", show=found, episodes=page)


@require_safe
@for_everybody
def episode(request, handle, slug):
    found = get_object_or_404(Episode.objects.cited().select_related("show"), show__handle=handle, slug=slug)
    public = Q(revision__published_for__isnull=False)
    citations = Citation.objects.filter(public, episode=found).select_related("revision__published_for")
    citations = list(citations.order_by("start_seconds", "revision_id", "position"))
    articles = {}
    for number, citation in enumerate(citations, 1):
        citation.number = number
        citation.href = found.link_at(citation.start_seconds, citation.end_seconds)
        articles.setdefault(citation.revision_id, citation.revision)
    strip = None
    if found.duration_seconds:
        chapters = [(chapter.start_seconds, chapter.title, chapter.is_sponsor) for chapter in found.course]
        pins = [(f"m-{citation.number}", citation.start_seconds) for citation in citations]
        strip = tape.lay_out(found.duration_seconds, chapters, pins)
    return public_page(
        "articles/episode.html",
        episode=found,
        show=found.show,
        tape=strip,
        parts=_by_chapter(found, citations),
        citation_count=len(citations),
        revisions=sorted(articles.values(), key=lambda revision: revision.title),
        hear=found.link_at(0) if found.youtube_id or found.audio_url or found.page_url else "",
    )


def _by_chapter(episode, citations):
    """The chapters in time order, each with the citations that fall into it; first what lies before the first."""
    parts = [{"chapter": None, "href": "", "citations": []}]
    parts += [
        {"chapter": chapter, "href": episode.link_at(chapter.start_seconds), "citations": []}
        for chapter in episode.course
    ]
    index = {chapter.pk: part for part in parts if (chapter := part["chapter"])}
    for citation in citations:
        chapter = episode.chapter_at(citation.start_seconds)
        part = index[chapter.pk] if chapter else parts[0]
        part["citations"].append(citation)
    return parts if parts[0]["citations"] else parts[1:]


def not_found(request, exception):
    response = public_page("404.html")
    response.status_code = 404
    return response
