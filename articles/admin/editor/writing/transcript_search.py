"""Transcripts for editors: search, and the cues around a moment. Never public: they are a third party's text."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from articles.admin.editor.requests import editors_only, episodes_in, refuse, refuse_as_json
from articles.admin.evidence.mark_edits import mark_at
from articles.admin.shared.helpers import admin_page
from articles.core.evidence.indexing.tokens import STOP_WORDS
from articles.core.parsing.numbers import whole_number
from articles.core.timestamps import format_label
from articles.derived import search
from articles.derived.checks import run
from articles.models import Episode

BEFORE, AFTER = 45, 75  # seconds around a moment
SPOKEN_AFTER = 180  # seconds after a moment that the player fetches at once
RESULTS = 20  # per page
QUERY_MAX = 200
LATEST = 999_999  # seconds


@dataclass(frozen=True)
class SearchHit(search.TranscriptHit):
    """A search result in one of a text's sources; `key` is the source's key in marks."""

    key: str = ""
    number: int = 0

    @property
    def mark(self):
        return mark_at(self.start_seconds, self.key)

    @property
    def action(self):
        return f"append:{self.start_seconds}:{self.key}"


@dataclass(frozen=True)
class Results:
    """A page of the results of a search in `sources`, `{key: Episode}`; `passages` are those on it."""

    query: str
    sources: dict
    page: Page
    passages: tuple[SearchHit, ...] = field(init=False)

    def __post_init__(self):
        hits = [
            SearchHit(passage.episode, passage.start_seconds, passage.text, key=key, number=number)
            for number, (key, passage) in enumerate(self.page, self.page.start_index())
        ]
        object.__setattr__(self, "passages", tuple(hits))

    @property
    def has_several_sources(self):
        return len(self.sources) > 1

    @property
    def more(self):
        """Where the results behind this page are, "" if there are none."""
        return self._address(self.page.next_page_number()) if self.page.has_next() else ""

    @property
    def before(self):
        """Where the results before this page are, "" if there are none."""
        return self._address(self.page.previous_page_number()) if self.page.has_previous() else ""

    def _address(self, number):
        sources = [("source", f"{key}:{episode.reference}") for key, episode in self.sources.items()]
        return f"{reverse('admin:articles_passages')}?{urlencode([*sources, ('q', self.query), ('page', number)])}"

    @property
    def summary(self):
        count = self.page.paginator.count
        if not count:
            return gettext("No results for “%(query)s”.") % {"query": self.query}
        values = {"query": self.query, "count": count}
        return ngettext("%(count)s result for “%(query)s”.", "%(count)s results for “%(query)s”.", count) % values


def find(episodes, query, page=1):
    """Search the transcripts of ``{key: Episode}``, source by source, for words and quoted phrases.

    Returns the `Results` on a `page`, the nearest one if there is none with that number.
    """
    query = query[:QUERY_MAX]
    passages = [
        (key if index else "", passage)  # the first source is the default one: its marks carry no key
        for index, (key, episode) in enumerate(episodes.items())
        for passage in search.find_in(episode, query)
    ]
    return Results(query, episodes, Paginator(passages, RESULTS).get_page(page))


def around(episode, seconds):
    """The cues around `seconds`; those at the moment itself have `is_there` set."""
    transcript = run.transcript_of(episode)
    return [
        search.TranscriptHit(
            episode,
            int(cue.start_seconds),
            cue.text,
            speaker=cue.speaker,
            is_there=cue.start_seconds <= seconds < cue.end_seconds,
        )
        for cue in (transcript.cues if transcript else ())
        if cue.end_seconds > seconds - BEFORE and cue.start_seconds < seconds + AFTER
    ]


@require_safe
@permission_required("articles.change_revision", raise_exception=True)
def transcripts(request):
    """The page that searches the transcripts of all episodes."""
    results = search.find_spoken(request.GET.get("q", ""), search.page_number(request.GET.get("page")))
    context = {"title": gettext("Search transcripts"), "results": results, "query": results.query}
    return admin_page(request, "admin/articles/editor/transcripts.html", context)


@editors_only(refuse)
@require_http_methods(["GET", "HEAD", "POST"])
def passages(request):
    """Show the cues around second `at` of the first `source`, or the results for `q` in all sources.

    Each source is `<key>:<show>/<episode>`; the first is the default. With `part`, answers with only the list. POST is
    allowed too because there can be more sources than fit into a URL.
    """
    episodes = episodes_in(request)
    parameters = request.POST if request.method == "POST" else request.GET
    query = parameters.get("q", "").strip()
    at = whole_number(parameters.get("at", ""), LATEST)
    context = {"sources": list(episodes.items()), "query": query}
    if query:
        context["results"] = find(episodes, query, parameters.get("page"))
    elif at is not None and episodes:
        episode = next(iter(episodes.values()))
        context |= {"around": around(episode, at), "episode": episode, "label": format_label(at)}
    elif "part" in parameters:
        return HttpResponseBadRequest(gettext("Enter words to search for, or a timestamp."), content_type="text/plain")
    if "part" in parameters:
        return render(request, "admin/articles/evidence/_transcript_results.html", context)
    context["title"] = gettext("Transcript search")
    return admin_page(request, "admin/articles/editor/transcript_search.html", context)


@editors_only(refuse_as_json)
@require_safe
def spoken(request):
    """The cues around second `at` of the recording that is playing, a YouTube `video` or the address of an `audio` file.

    Answers with `from` and `to`, the seconds that the list covers, `isLast` if nothing follows, `cues`, each with
    `start`, `speaker` and `text`, and the `common` words, which say little. Recordings that share a file say the same,
    so any with a transcript will do.
    """
    at = whole_number(request.GET.get("at", ""), LATEST)
    name = "youtube_id" if "video" in request.GET else "audio_url"
    address = request.GET.get("video") or request.GET.get("audio")
    if at is None or not address:
        return refuse_as_json(400, gettext("Name a recording and a second of it."))
    episodes = Episode.objects.filter(**{name: address}).order_by("transcript_digest", "pk")
    episode = episodes.select_related("show").last()
    if episode is None:
        raise Http404(gettext("Episode not found."))
    first, last = max(0, at - BEFORE), at + SPOKEN_AFTER
    transcript = run.transcript_of(episode)
    cues = transcript.cues if transcript else ()
    shown = [cue for cue in cues if cue.end_seconds > first and cue.start_seconds < last]
    answer = [{"start": cue.start_seconds, "speaker": cue.speaker, "text": cue.text} for cue in shown]
    is_last = not cues or cues[-1].start_seconds < last
    to = LATEST if is_last else last
    return JsonResponse({"from": first, "to": to, "isLast": is_last, "cues": answer, "common": sorted(STOP_WORDS)})
