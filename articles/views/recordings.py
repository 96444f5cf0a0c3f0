"""The public pages of shows and episodes."""

from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.functions import Lower
from django.http import Http404

from articles.derived.checks import labels
from articles.derived.pages.timeline import timeline_of
from articles.models import Citation, Episode, Show

from .base import PER_PAGE, public_page, public_view
from .http import one_named, origin


@public_view
def shows(request):
    return public_page(
        "articles/pages/recordings/shows.html", shows=Show.objects.cited().order_by(Lower("title"), "pk")
    )


@public_view
def show(request, handle):
    show = one_named(Show.objects.cited(), handle=("handle", handle))
    episodes = show.episode_set.cited().order_by(F("published_on").desc(nulls_last=True), "title", "pk")
    page = Paginator(episodes, PER_PAGE * 2).get_page(request.GET.get("page"))
    address = f"{origin(request)}{show.get_absolute_url()}"
    return public_page("articles/pages/recordings/show.html", address=address, show=show, episodes=page)


def cited_episode(handle, slug):
    """Return an episode that a published article cites, with its show; raises Http404 if there is none, `OtherCase` for names in another case."""
    rows = Episode.objects.cited().select_related("show")
    return one_named(rows, handle=("show__handle", handle), slug=("slug", slug))


def labelled_citations(episode):
    """Return the citations of `episode` in published articles by start, as pairs (citation, `StatusLabel`)."""
    citations = Citation.objects.filter(episode=episode, revision__published_for__isnull=False)
    citations = citations.select_related("finding", "revision__published_for")
    citations = citations.defer("context", "text", "finding__candidates", "revision__lead")
    citations = list(citations.order_by("start_seconds", "revision_id", "position"))
    return list(zip(citations, labels.labels_of(citations), strict=True))


@public_view
def episode(request, handle, slug):
    episode = cited_episode(handle, slug)
    labelled = labelled_citations(episode)
    citations = [citation for citation, _ in labelled]
    all_editions = list(episode.edition_set.prefetch_related("stretch_set"))
    edition = _requested_edition(all_editions, request)
    articles = {}
    for number, (citation, label) in enumerate(labelled, 1):
        citation.number, citation.words = number, label
        citation.href, citation.is_there = _link_at(episode, edition, citation.start_seconds, citation.end_seconds)
        articles.setdefault(citation.revision_id, citation.revision)
    cited = [
        (f"m-{citation.number}", citation.start_seconds, citation.end_seconds, citation.words) for citation in citations
    ]
    return public_page(
        "articles/pages/recordings/episode.html",
        address=f"{origin(request)}{episode.get_absolute_url()}",
        episode=episode,
        show=episode.show,
        timeline=timeline_of(episode, cited),
        tally=labels.tally(citation.words for citation in citations),
        parts=_by_chapter(episode, citations, edition),
        citation_count=len(citations),
        revisions=sorted(articles.values(), key=lambda revision: revision.title),
        hear=episode.link_at(0) if episode.youtube_id or episode.audio_url or episode.page_url else "",
        editions=all_editions,
        edition=edition,
    )


def _requested_edition(all_editions, request):
    """Return the edition named in the query, None if none is; raises Http404 if it doesn't exist."""
    key = request.GET.get("edition")
    if key is None:
        return None
    for edition in all_editions:
        if edition.key == key:
            return edition
    raise Http404("This episode doesn’t have this edition.")


def _link_at(episode, edition, start_seconds, end_seconds=None):
    """Return (URL, is_there) of a moment in the edition, or in the episode if the edition is None or lacks it."""
    address = edition.link_at(start_seconds, end_seconds) if edition else None
    return address or episode.link_at(start_seconds, end_seconds), edition is None or address is not None


def _by_chapter(episode, citations, edition):
    """Return the chapters in order, each with its citations, preceded by any citations before the first chapter."""
    parts = [{"chapter": None, "href": "", "is_there": True, "citations": []}]
    for chapter in episode.course:
        href, is_there = _link_at(episode, edition, chapter.start_seconds)
        parts.append({"chapter": chapter, "href": href, "is_there": is_there, "citations": []})
    index = {chapter.pk: part for part in parts if (chapter := part["chapter"])}
    for citation in citations:
        chapter = episode.chapter_at(citation.start_seconds)
        part = index[chapter.pk] if chapter else parts[0]
        part["citations"].append(citation)
    return parts if parts[0]["citations"] else parts[1:]
