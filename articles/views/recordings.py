"""The public pages of shows and episodes."""

from django.core.paginator import Paginator
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from articles.derived.checks import labels
from articles.derived.pages import article as pages
from articles.models import Citation, Episode, Show

from . import serializers as values
from .base import PER_PAGE, public_page, public_view
from .http import origin


@require_safe
@public_view
def shows(request):
    return public_page(
        "articles/pages/recordings/shows.html", shows=Show.objects.cited().order_by(Lower("title"), "pk")
    )


@require_safe
@public_view
def show(request, handle):
    found = get_object_or_404(Show.objects.cited(), handle=handle)
    episodes = found.episode_set.cited().order_by(F("published_on").desc(nulls_last=True), "title", "pk")
    page = Paginator(episodes, PER_PAGE * 2).get_page(request.GET.get("page"))
    address = f"{origin(request)}{found.get_absolute_url()}"
    return public_page("articles/pages/recordings/show.html", address=address, show=found, episodes=page)


@require_safe
@public_view
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
        "articles/pages/recordings/episode.html",
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
