"""The public page of a transcript, where the show or the episode allows one: read, search, listen, see what cites it."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from articles.core.recordings import transcripts
from articles.core.timestamps import TimestampError, parse_time
from articles.core.timestamps.addresses import FORMS
from articles.derived.checks import labels
from articles.derived.i18n import translate
from articles.models import Citation, Transcript
from articles.views.http import public_page, public_view
from articles.views.recordings.pages import BY_START, public_citations, transcribed_episode

from .passages import Note, anchor_at, cut_into_pages, ordered_cues, read, read_page

NOTES_SHOWN = 200  # per page
RESULTS = 50  # per page
QUERY_MAX = 200


@public_view(parameters=("page", "t"))
def transcript(request, handle, slug):
    """A page of the transcript, with what cites it, or a redirect to what is said at time `t`."""
    episode = transcribed_episode(handle, slug)
    if "t" in request.GET:
        return _at(request, episode)
    shown = read_page(episode, _cut(episode), request.GET.get("page"))
    citations = list(shown.cited(public_citations(episode)).order_by(*BY_START)[: NOTES_SHOWN + 1])
    status_labels = labels.labels_of(citations)
    notes = {citation.pk: status_label for citation, status_label in zip(citations, status_labels, strict=True)}
    shown.add(citations[:NOTES_SHOWN], lambda citation, anchor: _note(citation, notes[citation.pk], anchor))
    return _page(request, episode, shown=shown, has_more_citations=len(citations) > NOTES_SHOWN)


@public_view(parameters=("q", "page", "t"), kept_in="memory")
def find(request, handle, slug):
    """The moments at which the words of `q` are said, or a redirect to what is said at time `t`."""
    episode = transcribed_episode(handle, slug)
    if "t" in request.GET:
        return _at(request, episode)
    query = request.GET.get("q", "").strip()[:QUERY_MAX]
    hits = transcripts.search(read(ordered_cues(episode)), query) if query else []
    results = Paginator(hits, RESULTS).get_page(request.GET.get("page"))
    found = [_found(episode, hit) for hit in results]
    left_out = transcripts.terms_left_out(query)
    return _page(request, episode, is_search=True, query=query, hits=found, results=results, left_out=left_out)


def _found(episode, hit):
    """Return (second, excerpt, address where it is heard or "") of a hit."""
    second = int(hit.start_seconds)
    return second, hit.excerpt, episode.link_at(second) if episode.can_be_heard else ""


def _at(request, episode):
    """Redirect to the time `t` of the request, which may be a Media Fragment (`npt:391,430`); 400 if it isn't a time."""
    start = request.GET["t"].removeprefix("npt:").partition(",")[0]
    try:
        second = int(parse_time(start, FORMS).seconds)
    except TimestampError as error:
        return _page(request, episode, status=400, is_search=True, refusal=translate(error))
    return HttpResponseRedirect(_address_of(episode, second))


def _page(request, episode, **context):
    current = Transcript.objects.current().with_corrections().filter(episode=episode).defer("problems").first()
    if current is None:  # removed meanwhile
        raise Http404("This episode has no transcript.")
    return public_page(
        "articles/pages/recordings/transcript.html",
        episode=episode,
        show=episode.show,
        current=current,
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
    cue = ordered.filter(start_seconds__lt=second + 1).last() or ordered.first()
    if cue is None:  # removed meanwhile
        raise Http404("This episode has no transcript.")
    number = _cut(episode).page_with(second)
    address = reverse("transcript", args=[episode.show.handle, episode.slug])
    return f"{address}{f'?page={number}' if number > 1 else ''}#{anchor_at(cue.start_seconds)}"
