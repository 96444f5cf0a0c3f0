"""The public pages: the same for everybody, so that they can be cached; no session is touched, no cookie set."""

from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from articles.core.recordings import editions
from articles.derived.checks import labels
from articles.derived.pages import article as pages
from articles.derived.pages import json_ld
from articles.models import Article, Citation, Edition, Episode, PreviousSlug, Rendering, Show, Topic

from . import list_entries
from . import serializers as values
from .http import origin

PER_PAGE = 30
TOPICS_SHOWN = 12


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
    shown = list_entries.describe(found[:PER_PAGE])
    return public_page(
        "articles/home.html",
        address=f"{origin(request)}{reverse('home')}",
        newest=shown[0] if shown and not last else None,
        articles=shown if last else shown[1:],
        topics=[] if last else list(Topic.objects.public().order_by("-article_count", "title")[:TOPICS_SHOWN]),
        corrections=[] if last else list_entries.corrections(),
        is_first_page=not last,
        next_after=found[PER_PAGE - 1].slug if len(found) > PER_PAGE else None,
    )


@require_safe
@for_everybody
def article(request, slug):
    page = Rendering.objects.of_published(slug)
    if page is None:
        return moved(slug)
    title, lead, html, surroundings = page
    description = lead if len(lead) <= 160 else f"{lead[:159].rstrip()}…"
    headers = {}
    if request.META.get("QUERY_STRING") and "edition" in request.GET:
        html = _in_edition(html, slug, request.GET["edition"])
        headers["X-Robots-Tag"] = "noindex"  # the same text as at the article's own address
    root = origin(request)
    values = {
        "title": escape(title),
        "description": escape(description),
        "root": root,
        "slug": quote(slug),
        "page": json_ld.with_origin(html, root),
        "surroundings": surroundings or "",
    }
    language = get_language()
    pieces = _frame.__wrapped__(language) if settings.DEBUG else _frame(language)
    parts = [values[piece] if number % 2 else piece for number, piece in enumerate(pieces)]
    return HttpResponse("".join(parts), headers=headers)


def _in_edition(html, slug, key):
    """The article's page with its citations leading into the edition `key` of the episodes that have it; else 404."""
    found = [] if "\0" in key else list(Edition.objects.heard_in(slug, key))
    if not found:
        raise Http404("No recording of this article has such an edition.")
    return editions.show_in_edition(html, {one.episode.reference: one.link_at for one in found}, key)


@cache
def _frame(language):
    """What stands around what an article has of its own: the same for every article, so it is rendered once a language.

    Every second piece is the name of what comes there. A NUL stands in no template, and escaping leaves it alone.
    """
    names = ("title", "description", "root", "slug", "page", "surroundings")
    return public_page("articles/article.html", **{name: f"\0{name}\0" for name in names}).text.split("\0")


def moved(slug, address="article", *args):
    """To the article that once had this slug, or to that page of it; else 404."""
    former = PreviousSlug.objects.filter(slug=slug, article__published_revision__isnull=False)
    previous = former.select_related("article").first()
    if previous is None:
        raise Http404("There is no article here.")
    return redirect(address, previous.article.slug, *args, permanent=True)


@require_safe
@for_everybody
def how_we_check(request):
    """What the words beside a citation mean, and how many citations of the published articles stand how."""
    return public_page("articles/how_we_check.html", is_four_eyes=settings.FOUR_EYES)


@require_safe
@for_everybody
def about(request):
    """What the site is: how texts come, what a moment is, who decides, how to correct."""
    return public_page("articles/about.html", is_four_eyes=settings.FOUR_EYES)


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
    address = f"{origin(request)}{found.get_absolute_url()}"
    return public_page("articles/show.html", address=address, show=found, episodes=page)


@require_safe
@for_everybody
def episode(request, handle, slug):
    found = get_object_or_404(Episode.objects.cited().select_related("show"), show__handle=handle, slug=slug)
    public = Q(revision__published_for__isnull=False)
    citations = Citation.objects.filter(public, episode=found).select_related("finding", "revision__published_for")
    citations = citations.defer("context", "text", "finding__candidates", "revision__lead")
    citations = list(citations.order_by("start_seconds", "revision_id", "position"))
    all_editions = list(found.edition_set.prefetch_related("stretch_set"))
    edition = _chosen(all_editions, request)
    articles = {}
    for number, (citation, words) in enumerate(zip(citations, values.words_of(citations), strict=True), 1):
        citation.number, citation.words = number, words
        citation.href, citation.is_there = _heard(found, edition, citation.start_seconds, citation.end_seconds)
        articles.setdefault(citation.revision_id, citation.revision)
    cited = [(f"m-{one.number}", one.start_seconds, one.end_seconds, one.words) for one in citations]
    return public_page(
        "articles/episode.html",
        address=f"{origin(request)}{found.get_absolute_url()}",
        episode=found,
        show=found.show,
        tape=pages.strip(found, cited),
        tally=labels.tally(citation.words for citation in citations),
        parts=_by_chapter(found, citations, edition),
        citation_count=len(citations),
        revisions=sorted(articles.values(), key=lambda revision: revision.title),
        hear=found.link_at(0) if found.youtube_id or found.audio_url or found.page_url else "",
        editions=all_editions,
        edition=edition,
    )


def _chosen(all_editions, request):
    """The edition that the address asks for, None if it asks for none; 404 for one that there is not."""
    key = request.GET.get("edition")
    if key is None:
        return None
    for edition in all_editions:
        if edition.key == key:
            return edition
    raise Http404("This recording has no such edition.")


def _heard(episode, edition, start_seconds, end_seconds=None):
    """The address of a moment in the edition, if one is chosen and has it, else in the episode; whether it is there."""
    address = edition.link_at(start_seconds, end_seconds) if edition else None
    return address or episode.link_at(start_seconds, end_seconds), edition is None or address is not None


def _by_chapter(episode, citations, edition):
    """The chapters in time order, each with the citations that fall into it; first what lies before the first."""
    parts = [{"chapter": None, "href": "", "is_there": True, "citations": []}]
    for chapter in episode.course:
        href, is_there = _heard(episode, edition, chapter.start_seconds)
        parts.append({"chapter": chapter, "href": href, "is_there": is_there, "citations": []})
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
