"""The public page of a transcript, where the show or the episode allows one: read, search, listen, see what cites it."""

from django.http import HttpResponseRedirect
from django.urls import reverse

from articles.core.numbers import whole_number
from articles.core.recordings import transcripts
from articles.derived.checks import labels
from articles.models import Citation, Transcript
from articles.views.base import public_page, public_view
from articles.views.recordings import BY_START, public_citations, transcribed_episode

from .passages import Note, anchor_at, cut_into_pages, ordered_cues, read, read_page

NOTES_SHOWN = 200  # per page
RESULTS = 50
QUERY_MAX = 200


@public_view(parameters=("page",))
def transcript(request, handle, slug):
    """A page of the transcript, with what cites it."""
    episode = transcribed_episode(handle, slug)
    shown = read_page(episode, _cut(episode), request.GET.get("page"))
    citations = list(shown.cited(public_citations(episode)).order_by(*BY_START)[: NOTES_SHOWN + 1])
    status_labels = labels.labels_of(citations)
    notes = {citation.pk: status_label for citation, status_label in zip(citations, status_labels, strict=True)}
    shown.add(citations[:NOTES_SHOWN], lambda citation, anchor: _note(citation, notes[citation.pk], anchor))
    return _page(request, episode, shown=shown, has_more_citations=len(citations) > NOTES_SHOWN)


@public_view(parameters=("q", "t"), kept_in="memory")
def find(request, handle, slug):
    """The moments at which the words of `q` are said, or a redirect to what is said at second `t`."""
    episode = transcribed_episode(handle, slug)
    second = whole_number(request.GET.get("t", ""))
    if second is not None:
        return HttpResponseRedirect(_address_of(episode, second))
    query = request.GET.get("q", "").strip()[:QUERY_MAX]
    hits = transcripts.search(read(ordered_cues(episode)), query, RESULTS) if query else []
    found = [(int(hit.start_seconds), hit.excerpt) for hit in hits]
    return _page(request, episode, is_search=True, query=query, hits=found, is_cut=len(hits) == RESULTS)


def _page(request, episode, **context):
    return public_page(
        "articles/pages/recordings/transcript.html",
        episode=episode,
        show=episode.show,
        current=Transcript.objects.current().filter(episode=episode).defer("problems").get(),
        writers=transcripts.WRITERS.items(),
        **context,
    )


def _note(citation, status_label, anchor):
    href = f"{citation.revision.published_for.get_absolute_url()}#{citation.anchor}"
    return Note(citation, status_label, anchor, href)


def _cut(episode):
    return cut_into_pages(episode, Citation.objects.filter(is_public=True, episode=episode), NOTES_SHOWN)


def _address_of(episode, second):
    """Return the address of the cue that is said at `second`, of the last one before it, or else of the first."""
    ordered = ordered_cues(episode)
    cue = ordered.filter(start_seconds__lt=second + 1).last() or ordered[0]
    number = _cut(episode).page_with(second)
    address = reverse("transcript", args=[episode.show.handle, episode.slug])
    return f"{address}{f'?page={number}' if number > 1 else ''}#{anchor_at(cue.start_seconds)}"
