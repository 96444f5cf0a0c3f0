"""The public pages of shows and episodes."""

from collections import Counter
from types import SimpleNamespace
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.functions import Lower
from django.http import Http404

from articles.core.parsing.numbers import whole_number
from articles.core.recordings import timeline
from articles.core.recordings.people import read_people
from articles.derived.checks import labels, status
from articles.derived.pages.timeline import timeline_of
from articles.derived.recordings.people import people_of
from articles.derived.reviews import review_states
from articles.models import Citation, Episode, Revision, Show
from articles.views.base import PER_PAGE
from articles.views.http import one_named, origin, public_page, public_view
from articles.views.http.pagination import behind, cut

CITATIONS_SHOWN = 200  # per page; most episodes have fewer
ARTICLES_SHOWN = 100
STRIP_PLACES = 500  # markers that the small timeline can tell apart
BY_START = ["start_seconds", "pk"]


@public_view
def shows(request):
    return public_page(
        "articles/pages/recordings/shows.html", shows=Show.objects.cited().order_by(Lower("title"), "pk")
    )


@public_view(parameters=("page",))
def show(request, handle):
    show = one_named(Show.objects.cited(), handle=("handle", handle))
    episodes = show.episode_set.cited().order_by(F("published_on").desc(nulls_last=True), "title", "pk")
    page = Paginator(episodes, PER_PAGE * 2).get_page(request.GET.get("page"))
    address = f"{origin(request)}{show.get_absolute_url()}"
    people = read_people(show.people)
    return public_page("articles/pages/recordings/show.html", address=address, show=show, people=people, episodes=page)


def cited_episode(handle, slug):
    """Return an episode that a published article cites, with its show; raises Http404 if there is none, `OtherCase` for
    names in another case.
    """
    rows = Episode.objects.cited().select_related("show")
    return one_named(rows, handle=("show__handle", handle), slug=("slug", slug))


def transcribed_episode(handle, slug):
    """Return the same if everybody may read its transcript; raises Http404 otherwise."""
    episode = cited_episode(handle, slug)
    if not episode.has_public_transcript:
        raise Http404("This episode’s transcript isn’t public.")
    return episode


def public_citations(episode):
    """Return the citations of `episode` in published articles, with all that their lists show, unordered."""
    citations = Citation.objects.filter(is_public=True, episode=episode, revision__published_for__isnull=False)
    citations = citations.select_related("finding", "revision__published_for")
    return citations.defer("context", "text", "finding__candidates", "revision__lead")


@public_view(parameters=("edition", "after"))
def episode(request, handle, slug):
    """An episode with its chapters and citations.

    If these don't fit, each page has a part and links to all chapters.
    """
    episode = cited_episode(handle, slug)
    all_editions = list(episode.edition_set.prefetch_related("stretch_set"))
    edition = _requested_edition(all_editions, request)
    after = _requested_place(request)
    page = cut(behind(public_citations(episode), BY_START, after), CITATIONS_SHOWN)
    for number, (citation, label) in enumerate(zip(page.rows, labels.labels_of(page.rows), strict=True), 1):
        citation.number, citation.status_label = number, label
        citation.href, citation.is_there = _link_at(episode, edition, citation.start_seconds, citation.end_seconds)
    is_part = after is not None or page.last is not None
    parts = _by_chapter(episode, page.rows, edition)
    of_all = _of_all(episode) if is_part else _of_page(page.rows)
    return public_page(
        "articles/pages/recordings/episode.html",
        address=f"{origin(request)}{episode.get_absolute_url()}",
        episode=episode,
        show=episode.show,
        timeline=None if is_part else timeline_of(episode, _markers(page.rows)),
        strip=_strip(episode) if is_part else None,
        tally=labels.tally_of(of_all.counts),
        parts=[part for part in parts if part["citations"]] if is_part else parts,
        is_part=is_part,
        next=page.last and _address_behind(page.last.start_seconds, page.last.pk, edition),
        chapters=[(chapter, _address_from(chapter, edition)) for chapter in episode.chapters] if is_part else [],
        citation_count=of_all.counts.total(),
        article_count=of_all.article_count,
        revisions=review_states.set_states(of_all.revisions),
        hear=episode.link_at(0) if episode.can_be_heard else "",
        most_percent=settings.EXCERPTS_MAX_PERCENT,
        people=people_of(episode),
        editions=all_editions,
        edition=edition,
    )


def _of_all(episode):
    """Return `counts` of the episode's citations by state, `article_count`, and the first `revisions` that cite it."""
    cited = Citation.objects.filter(is_public=True, episode=episode)
    citing = Revision.objects.published().filter(pk__in=cited.order_by().values("revision"))
    revisions = citing.select_related("published_for").defer("lead").order_by("title", "pk")[:ARTICLES_SHOWN]
    return SimpleNamespace(
        counts=status.states_by(cited, "episode")[episode.pk], article_count=citing.count(), revisions=revisions
    )


def _of_page(citations):
    """Return the same of an episode all of whose citations are on the page."""
    counts = Counter(citation.status_label.state for citation in citations)
    by_key = {citation.revision_id: citation.revision for citation in citations}
    revisions = sorted(by_key.values(), key=lambda revision: (revision.title, revision.pk))
    return SimpleNamespace(counts=counts, article_count=len(revisions), revisions=revisions[:ARTICLES_SHOWN])


def _markers(citations):
    return [
        (f"m-{citation.number}", citation.start_seconds, citation.end_seconds, citation.status_label)
        for citation in citations
    ]


def _strip(episode):
    """Return the `miniature` of all citations of the episode, one for each of `STRIP_PLACES`; None without a length."""
    length = episode.length_seconds
    if not length:
        return None
    cited = Citation.objects.filter(is_public=True, episode=episode)
    seconds = cited.order_by("start_seconds").values_list("start_seconds", flat=True).distinct()
    places = {second * STRIP_PLACES // length: second for second in seconds}
    chapters = [(chapter.start_seconds, chapter.title, chapter.is_sponsor) for chapter in episode.chapters]
    return timeline.miniature(length, chapters, places.values())


def _requested_place(request):
    """Return [seconds, citation key] after which the page starts, or None; raises Http404 if it isn't valid."""
    text = request.GET.get("after")
    if text is None:
        return None
    place = [whole_number(part) for part in text.split("_")]
    if len(place) != 2 or None in place:
        raise Http404("This page of the list doesn’t exist.")
    return place


def _address_behind(seconds, key, edition):
    query = {"edition": edition.key} if edition else {}
    return f"?{urlencode(query | {'after': f'{seconds}_{key}'})}"


def _address_from(chapter, edition):
    """Return the address of the page that starts with a chapter; no citation has the key 0."""
    return _address_behind(chapter.start_seconds, 0, edition)


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
    """Return (URL, is_there) of a moment in the edition, or in the episode if the edition is None or lacks it.

    The URL is "" if it can be heard nowhere.
    """
    address = edition.link_at(start_seconds, end_seconds) if edition else None
    own = episode.link_at(start_seconds, end_seconds) if episode.can_be_heard else ""
    return address or own, edition is None or address is not None


def _by_chapter(episode, citations, edition):
    """Return the chapters in order, each with its citations, preceded by any citations before the first chapter."""
    parts = [{"chapter": None, "href": "", "is_there": True, "citations": []}]
    for chapter in episode.chapters:
        href, is_there = _link_at(episode, edition, chapter.start_seconds)
        parts.append({"chapter": chapter, "href": href, "is_there": is_there, "citations": []})
    index = {chapter.pk: part for part in parts if (chapter := part["chapter"])}
    for citation in citations:
        chapter = episode.chapter_at(citation.start_seconds)
        part = index[chapter.pk] if chapter else parts[0]
        part["citations"].append(citation)
    return parts if parts[0]["citations"] else parts[1:]
